/* attack_network.c - sockets that are made inside: to the machine, to its
 * kernel, to other processes. */
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool connects(uint32_t address, uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(address)};
    bool got_through =
        fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
    if (fd >= 0)
        close(fd);
    return got_through;
}

static bool connects_to_the_machine(void)
{
    return connects(INADDR_LOOPBACK, bait.port);
}
static bool sends_outside(void)
{
    const uint32_t test_net = 0xc0000263; /* 192.0.2.99 */
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(9),
                                   .sin_addr.s_addr = htonl(test_net)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool sent = fd >= 0 && sendto(fd, "x", 1, 0, (const struct sockaddr *)&to,
                                  sizeof(to)) == 1;
    if (fd >= 0)
        close(fd);
    return sent;
}
static bool connects_abstract(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)&bait.abstract,
                              sizeof(bait.abstract)) == 0;
}

static bool opens_family(int family, int type, int protocol)
{
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}
static bool opens_netfilter(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}
static bool opens_audit(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
}
static bool opens_xfrm(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);
}
static bool opens_generic(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
}
static bool opens_uevent(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
}
static bool opens_crypto(void)
{
    return opens_family(AF_ALG, SOCK_SEQPACKET, 0);
}
static bool opens_vsock(void)
{
    return opens_family(AF_VSOCK, SOCK_STREAM, 0);
}

/* --- raw ones, pairs, descriptors ---------------------------------------- */

static bool opens_raw_ip(void)
{
    return opens_family(AF_INET, SOCK_RAW, IPPROTO_RAW) ||
           opens_family(AF_INET6, SOCK_RAW, IPPROTO_RAW);
}
static bool opens_raw_icmp(void)
{
    return opens_family(AF_INET, SOCK_RAW, IPPROTO_ICMP) ||
           opens_family(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6);
}
static bool opens_sctp(void)
{
    return opens_family(AF_INET, SOCK_SEQPACKET, 132);
}
static bool opens_unix(void)
{
    return opens_family(AF_UNIX, SOCK_DGRAM, 0);
}
static bool makes_a_pair(void)
{
    int fds[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0;
}
static bool opens_xdp(void)
{
    return opens_family(AF_XDP, SOCK_RAW, 0);
}
static bool opens_bluetooth(void)
{
    return opens_family(AF_BLUETOOTH, SOCK_RAW, 0);
}
static bool opens_key(void)
{
    return opens_family(AF_KEY, SOCK_RAW, 2);
}

/* --- by way of netlink --------------------------------------------------- */

/* Put a new interface into the victim's namespace, which is the machine's. */
static bool puts_interface_outside(void)
{
    struct {
        struct nlmsghdr head;
        struct ifinfomsg info;
        struct nlattr pid_head;
        uint32_t pid;
        struct nlattr link_head, kind_head;
        char kind[8];
    } ask = {.head = {.nlmsg_len = sizeof(ask),
                      .nlmsg_type = RTM_NEWLINK,
                      .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
             .pid_head = {sizeof(ask.pid_head) + 4, IFLA_NET_NS_PID},
             .pid = (uint32_t)bait.victim,
             .link_head = {sizeof(struct nlattr) * 2 + 8, IFLA_LINKINFO},
             .kind_head = {sizeof(struct nlattr) + 8, IFLA_INFO_KIND},
             .kind = "bridge"};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    struct {
        struct nlmsghdr head;
        struct nlmsgerr error;
        char rest[512];
    } answer = {.error.error = -1};
    bool made = fd >= 0 && send(fd, &ask, sizeof(ask), 0) > 0 &&
                recv(fd, &answer, sizeof(answer), 0) > 0 &&
                answer.head.nlmsg_type == NLMSG_ERROR &&
                answer.error.error == 0;
    close(fd);
    return made;
}

/* Bound anew to other groups it hears more, but of its own namespace alone: the
 * machine's interfaces are not among what it lists. */
static bool lists_interfaces_of_the_machine(void)
{
    struct {
        struct nlmsghdr head;
        struct ifinfomsg info;
    } ask = {.head = {.nlmsg_len = sizeof(ask),
                      .nlmsg_type = RTM_GETLINK,
                      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    const struct sockaddr_nl all = {.nl_family = AF_NETLINK, .nl_groups = ~0u};
    char answer[16384];
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return false;
    bool bound = bind(fd, (const struct sockaddr *)&all, sizeof(all)) == 0;
    (void)bound; /* more groups than one may hear are refused as a whole */
    ssize_t n = send(fd, &ask, sizeof(ask), 0) < 0
                    ? -1
                    : recv(fd, answer, sizeof(answer), 0);
    close(fd);
    size_t links = 0;
    unsigned left = n > 0 ? (unsigned)n : 0;
    for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, left);
         m = NLMSG_NEXT(m, left))
        links += m->nlmsg_type == RTM_NEWLINK;
    return links > 1; /* but for the private lo */
}

/* A packet socket for every interface and protocol hears the private ones. */
static bool hears_the_machine(void)
{
    char packet[64];
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x0003));
    if (fd < 0)
        return false;
    /* The victim sends to itself on the machine's loopback all the time. */
    const struct timeval patience = {.tv_usec = 100000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    bool heard = recv(fd, packet, sizeof(packet), 0) > 0;
    close(fd);
    return heard;
}

/* --- the table ----------------------------------------------------------- */

const struct attack network_attacks[] = {
    ATTACK(connects_to_the_machine),
    ATTACK(sends_outside),
    ATTACK(connects_abstract),
    ATTACK(opens_netfilter),
    ATTACK(opens_audit),
    ATTACK(opens_xfrm),
    ATTACK(opens_generic),
    ATTACK(opens_uevent),
    ATTACK(opens_crypto),
    ATTACK(opens_vsock),
    ATTACK(opens_raw_ip),
    ATTACK(opens_raw_icmp),
    ATTACK(opens_sctp),
    ATTACK(opens_unix),
    ATTACK(makes_a_pair),
    ATTACK(opens_xdp),
    ATTACK(opens_bluetooth),
    ATTACK(opens_key),
    ATTACK(puts_interface_outside),
    ATTACK(lists_interfaces_of_the_machine),
    ATTACK(hears_the_machine),
    {NULL, NULL},
};

/* host_net.c - a host's namespace and the wire's end of its interface.
 *
 * The host's own end sends into the veth pair; a packet socket on the far end
 * is where the program reads what the host sent, and what it writes there
 * arrives at the host. No ARP and no neighbour discovery: both ends are NOARP
 * and frames go to the near end's own address. Cooked packet sockets spare the
 * Ethernet header. packet(7). */
#include "net_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PACKET_BUFFER_BYTES = 4 << 20, /* the kernel cuts it to rmem_max */
    CONTROL_BYTES = 128,
    CLEARING_PAUSES = 400,
    CLEARING_PAUSE_NS = 2000000 /* 0.8 s in all */
};

/* Checksums whole and segments no longer than the MTU, as on a real cable. */
static int offloads_off(struct err *ret_err)
{
    static const uint32_t commands[] = {ETHTOOL_STXCSUM, ETHTOOL_STSO,
                                        ETHTOOL_SGSO};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a socket");
    int code = 0;
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands) && !code; i++) {
        struct ethtool_value off = {.cmd = commands[i], .data = 0};
        struct ifreq ifr = {.ifr_name = VETH_NEAR_NAME};
        ifr.ifr_data = (char *)&off;
        if (ioctl(fd, SIOCETHTOOL, &ifr) < 0)
            code = errno;
    }
    close(fd);
    return code ? err_errno(ret_err, code, "cannot switch off offloading") : 0;
}

static int set_packet_options(int fd)
{
    const int one = 1, bytes = PACKET_BUFFER_BYTES;
    /* Without the bypass the far end's queue drops all until the kernel's link
     * watcher has run, up to a second later. */
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)) < 0)
        return -errno;
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) <
        0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)) < 0)
        return -errno;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    return 0;
}

static int packet_open(struct err *ret_err)
{
    /* Protocol 0 now and the real one at bind: a socket that listens to every
     * interface first takes milliseconds longer. */
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a packet socket");
    const struct sockaddr_ll far = {.sll_family = AF_PACKET,
                                    .sll_protocol = htons(ETH_P_ALL),
                                    .sll_ifindex = VETH_FAR_INDEX};
    int r = set_packet_options(fd);
    if (r == 0 && bind(fd, (const struct sockaddr *)&far, sizeof(far)) < 0)
        r = -errno;
    if (r < 0) {
        close(fd);
        return err_errno(ret_err, -r, "cannot set up the packet socket");
    }
    return fd;
}

static int open_descriptors(struct host_net *net, struct err *ret_err)
{
    int r = packet_open(ret_err);
    if (r < 0)
        return r;
    net->packet_fd = r;
    net->diag_fd = sockdiag_open();
    if (net->diag_fd < 0)
        return err_errno(ret_err, -net->diag_fd,
                         "cannot ask the kernel for socket states");
    return 0;
}

/* Beyond the number there may be (limits.c) the kernel gives ENOSPC; those of
 * runs that have ended are still being cleared away then. Returns 0 or -errno.
 */
static int enter_new_network(void)
{
    const struct timespec pause = {.tv_nsec = CLEARING_PAUSE_NS};
    for (int i = 0; i < CLEARING_PAUSES; i++) {
        if (unshare(CLONE_NEWNET) == 0)
            return 0;
        if (errno != ENOSPC)
            return -errno;
        nanosleep(&pause, NULL);
    }
    return -ENOSPC;
}

int host_net_open(struct host_net *ret_net, const struct ipaddr *v4,
                  const struct ipaddr *v6, struct err *ret_err)
{
    *ret_net = (struct host_net){.packet_fd = -1, .diag_fd = -1};
    int r = enter_new_network();
    if (r < 0)
        return err_errno(ret_err, -r,
                         "cannot make a network namespace for a host");
    r = veth_make(v4, v6);
    if (r < 0)
        return err_errno(ret_err, -r, "cannot make a host's interface");
    r = offloads_off(ret_err);
    if (r == 0)
        r = open_descriptors(ret_net, ret_err);
    if (r < 0)
        host_net_close(ret_net);
    return r;
}

/* Without it a server could not listen below 1024, which is where the known
 * ports are; where /proc/sys is read-only it stays as it is. */
static void open_low_ports(void)
{
    int fd = open("/proc/sys/net/ipv4/ip_unprivileged_port_start",
                  O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = write(fd, "0", 1);
    (void)n;
    close(fd);
}

int host_net_furnish(struct err *ret_err)
{
    open_low_ports();
    return private_loopback_up(ret_err);
}

void host_net_close(struct host_net *h)
{
    if (h->packet_fd >= 0)
        close(h->packet_fd);
    if (h->diag_fd >= 0)
        close(h->diag_fd);
    h->packet_fd = -1;
    h->diag_fd = -1;
}

static uint64_t packet_wall_ns(struct msghdr *msg)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec ts;
        memcpy(&ts, CMSG_DATA(c), sizeof(ts));
        return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
    }
    return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): recvmsg() writes to it */
int host_net_read(const struct host_net *h, uint8_t *ret_packet, size_t cap,
                  uint64_t *ret_wall_ns)
{
    struct iovec iov = {.iov_base = ret_packet, .iov_len = cap};
    char control[CONTROL_BYTES]
        __attribute__((aligned(_Alignof(struct cmsghdr))));
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    ssize_t n = recvmsg(h->packet_fd, &msg, MSG_DONTWAIT);
    if (n < 0)
        return -errno;
    *ret_wall_ns = packet_wall_ns(&msg);
    return (int)n;
}

int host_net_write(const struct host_net *h, const uint8_t *packet, size_t len)
{
    if (len == 0)
        return -EINVAL;
    bool v6 = packet[0] >> 4 == 6;
    struct sockaddr_ll to = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_IP),
                             .sll_ifindex = VETH_FAR_INDEX,
                             .sll_halen = sizeof(veth_near_mac)};
    memcpy(to.sll_addr, veth_near_mac, sizeof(veth_near_mac));
    ssize_t n = sendto(h->packet_fd, packet, len, MSG_DONTWAIT,
                       (const struct sockaddr *)&to, sizeof(to));
    return n < 0 ? -errno : 0;
}

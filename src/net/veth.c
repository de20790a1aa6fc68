/* veth.c - the one interface of a host, and its two addresses, by rtnetlink.
 *
 * All messages go out in one write; the kernel answers each. Interface numbers
 * and the hardware address are ours to choose in a fresh namespace, so nothing
 * has to be asked back. Order: the far end must be up before the near one, or
 * the near one starts without carrier; IPv6 must be told to make no addresses
 * before either is up, or router solicitations would be the first packets.
 * rtnetlink(7), veth(4). */
#include "net_internal.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>

enum { VETH_BATCH_BYTES = 2048, VETH_REPLY_BYTES = 4096 };

struct batch {
    char bytes[VETH_BATCH_BYTES];
    size_t len;
    unsigned count;
};

/* Begin one more message in the batch. */
static struct nlmsghdr *batch_add(struct batch *b, uint16_t type,
                                  uint16_t flags)
{
    struct nlmsghdr *msg = mnl_nlmsg_put_header(b->bytes + b->len);
    msg->nlmsg_type = type;
    msg->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    msg->nlmsg_seq = ++b->count;
    return msg;
}

static void batch_close(struct batch *b, const struct nlmsghdr *msg)
{
    b->len += (msg->nlmsg_len + NLMSG_ALIGNTO - 1u) & ~(NLMSG_ALIGNTO - 1u);
}

static struct ifinfomsg *put_ifinfo(struct nlmsghdr *msg, int index)
{
    struct ifinfomsg *info =
        mnl_nlmsg_put_extra_header(msg, sizeof(struct ifinfomsg));
    info->ifi_family = AF_UNSPEC;
    info->ifi_index = index;
    return info;
}

static void add_veth(struct batch *b)
{
    struct nlmsghdr *msg = batch_add(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg *near = put_ifinfo(msg, VETH_NEAR_INDEX);
    near->ifi_flags = IFF_NOARP;
    near->ifi_change = IFF_NOARP;
    mnl_attr_put_strz(msg, IFLA_IFNAME, VETH_NEAR_NAME);
    mnl_attr_put(msg, IFLA_ADDRESS, sizeof(veth_near_mac), veth_near_mac);
    struct nlattr *link = mnl_attr_nest_start(msg, IFLA_LINKINFO);
    mnl_attr_put_strz(msg, IFLA_INFO_KIND, "veth");
    struct nlattr *data = mnl_attr_nest_start(msg, IFLA_INFO_DATA);
    struct nlattr *peer = mnl_attr_nest_start(msg, VETH_INFO_PEER);
    struct ifinfomsg *far = put_ifinfo(msg, VETH_FAR_INDEX);
    far->ifi_flags = IFF_NOARP;
    far->ifi_change = IFF_NOARP;
    mnl_attr_put_strz(msg, IFLA_IFNAME, VETH_FAR_NAME);
    mnl_attr_nest_end(msg, peer);
    mnl_attr_nest_end(msg, data);
    mnl_attr_nest_end(msg, link);
    batch_close(b, msg);
}

/* No link-local address, no router solicitation, no detection of doubles. */
static void add_no_autoconf(struct batch *b, int index)
{
    struct nlmsghdr *msg = batch_add(b, RTM_NEWLINK, 0);
    put_ifinfo(msg, index);
    struct nlattr *spec = mnl_attr_nest_start(msg, IFLA_AF_SPEC);
    struct nlattr *inet6 = mnl_attr_nest_start(msg, AF_INET6);
    mnl_attr_put_u8(msg, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(msg, inet6);
    mnl_attr_nest_end(msg, spec);
    batch_close(b, msg);
}

static void add_up(struct batch *b, int index)
{
    struct nlmsghdr *msg = batch_add(b, RTM_NEWLINK, 0);
    struct ifinfomsg *info = put_ifinfo(msg, index);
    info->ifi_flags = IFF_UP;
    info->ifi_change = IFF_UP;
    batch_close(b, msg);
}

static void add_address(struct batch *b, const struct ipaddr *addr,
                        uint8_t prefix)
{
    struct nlmsghdr *msg = batch_add(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    struct ifaddrmsg *ifa =
        mnl_nlmsg_put_extra_header(msg, sizeof(struct ifaddrmsg));
    ifa->ifa_family = addr->version == 4 ? AF_INET : AF_INET6;
    ifa->ifa_prefixlen = prefix;
    ifa->ifa_index = VETH_NEAR_INDEX;
    if (addr->version == 6)
        ifa->ifa_flags = IFA_F_NODAD;
    mnl_attr_put(msg, IFA_LOCAL, ipaddr_len(addr), addr->bytes);
    mnl_attr_put(msg, IFA_ADDRESS, ipaddr_len(addr), addr->bytes);
    batch_close(b, msg);
}

/* Take packets to addr as the host's own. For IPv6 the kernel makes this route
 * by itself, but in a work queue, a moment after the address
 * (addrconf_dad_work); a SYN that comes before is dropped in silence. */
static void add_local_route(struct batch *b, const struct ipaddr *addr)
{
    struct nlmsghdr *msg =
        batch_add(b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    struct rtmsg *route = mnl_nlmsg_put_extra_header(msg, sizeof(*route));
    route->rtm_family = AF_INET6;
    route->rtm_dst_len = 128;
    route->rtm_table = RT_TABLE_LOCAL;
    route->rtm_protocol = RTPROT_KERNEL;
    route->rtm_scope = RT_SCOPE_UNIVERSE;
    route->rtm_type = RTN_LOCAL;
    mnl_attr_put(msg, RTA_DST, ipaddr_len(addr), addr->bytes);
    mnl_attr_put_u32(msg, RTA_OIF, VETH_NEAR_INDEX);
    batch_close(b, msg);
}

/* Read the answers of one datagram; counts them in *answered. Returns 0 or the
 * first refusal as -errno. */
static int read_answers(const char *bytes, ssize_t got, unsigned *answered)
{
    int len = (int)got;
    const struct nlmsghdr *msg = (const struct nlmsghdr *)(const void *)bytes;
    for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len)) {
        if (msg->nlmsg_type != NLMSG_ERROR)
            continue;
        const struct nlmsgerr *answer = mnl_nlmsg_get_payload(msg);
        /* In a fresh namespace only the kernel's own work queue can have been
         * first, with that very route. */
        if (answer->error != 0 && answer->error != -EEXIST)
            return answer->error;
        (*answered)++;
    }
    return 0;
}

static int batch_send(const struct batch *b, struct mnl_socket *nl)
{
    if (mnl_socket_sendto(nl, b->bytes, b->len) < 0)
        return -errno;
    unsigned answered = 0;
    while (answered < b->count) {
        char reply[VETH_REPLY_BYTES]
            __attribute__((aligned(_Alignof(struct nlmsghdr))));
        ssize_t got = mnl_socket_recvfrom(nl, reply, sizeof(reply));
        if (got < 0)
            return -errno;
        int r = read_answers(reply, got, &answered);
        if (r < 0)
            return r;
    }
    return 0;
}

int veth_make(const struct ipaddr *v4, const struct ipaddr *v6)
{
    struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (!nl)
        return -errno;
    struct batch b = {.len = 0};
    add_veth(&b);
    add_no_autoconf(&b, VETH_FAR_INDEX);
    add_no_autoconf(&b, VETH_NEAR_INDEX);
    add_up(&b, VETH_FAR_INDEX);
    add_up(&b, VETH_NEAR_INDEX);
    add_address(&b, v4, 24);
    add_address(&b, v6, 64);
    add_local_route(&b, v6);
    int r = mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ? -errno
                                                           : batch_send(&b, nl);
    mnl_socket_close(nl);
    return r;
}

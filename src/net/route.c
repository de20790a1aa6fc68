/* route.c - changes what a host's kernel does with packets for its peer, by
 * rtnetlink(7): a more specific route of another type, or no route at all.
 *
 * As "ip route add blackhole 192.0.2.2" would, in the namespace of the calling
 * thread and nowhere else. The host's own route to the network stays as it is
 * under the more specific one, so that taking that away makes all well again.
 */
#include "net_internal.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ROUTE_MESSAGE_BYTES = 512, V4_NET_BITS = 24, V6_NET_BITS = 64 };

/* The type of the peer's own route, for each kind that adds one. */
static const uint8_t route_types[ROUTE_COUNT] = {
    [ROUTE_BLACKHOLE] = RTN_BLACKHOLE,
    [ROUTE_PROHIBIT] = RTN_PROHIBIT,
    [ROUTE_UNREACHABLE] = RTN_UNREACHABLE,
};

struct route_request {
    char bytes[ROUTE_MESSAGE_BYTES]
        __attribute__((aligned(_Alignof(struct nlmsghdr))));
};

/* One request about the route to the first bits of an address. Adding says what
 * the route is and whose; deleting takes any that fits. rtnetlink(7). */
static struct nlmsghdr *put_route(struct route_request *req, uint16_t command,
                                  const struct ipaddr *to, uint8_t bits,
                                  uint8_t type)
{
    const uint32_t metric = 1; /* before the interface's own in IPv6 */
    struct ipaddr net = *to;
    struct nlmsghdr *msg = mnl_nlmsg_put_header(req->bytes);
    msg->nlmsg_type = command;
    msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    if (command == RTM_NEWROUTE)
        msg->nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
    struct rtmsg *route = mnl_nlmsg_put_extra_header(msg, sizeof(*route));
    route->rtm_family = to->version == 6 ? AF_INET6 : AF_INET;
    route->rtm_dst_len = bits;
    route->rtm_table = RT_TABLE_MAIN;
    route->rtm_type = type;
    bool adds = command == RTM_NEWROUTE;
    route->rtm_protocol = adds ? RTPROT_STATIC : RTPROT_UNSPEC;
    route->rtm_scope = adds ? RT_SCOPE_UNIVERSE : RT_SCOPE_NOWHERE;
    memset(net.bytes + bits / 8, 0, sizeof(net.bytes) - bits / 8);
    mnl_attr_put(msg, RTA_DST, ipaddr_len(&net), net.bytes);
    if (adds && to->version == 6)
        mnl_attr_put_u32(msg, RTA_PRIORITY, metric);
    return msg;
}

/* Send one request and take the kernel's answer: 0 or -errno. */
static int ask(const struct nlmsghdr *msg)
{
    char reply[ROUTE_MESSAGE_BYTES]
        __attribute__((aligned(_Alignof(struct nlmsghdr))));
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return -errno;
    struct mnl_socket *nl = mnl_socket_fdopen(fd);
    int r = nl ? 0 : -ENOMEM;
    if (nl && mnl_socket_sendto(nl, msg, msg->nlmsg_len) < 0)
        r = -errno;
    ssize_t got = r < 0 ? 0 : mnl_socket_recvfrom(nl, reply, sizeof(reply));
    const struct nlmsghdr *head = (const void *)reply;
    if (r == 0 && (got < 0 || !mnl_nlmsg_ok(head, (int)got)))
        r = got < 0 ? -errno : -EPROTO;
    if (r == 0 && head->nlmsg_type == NLMSG_ERROR)
        r = ((const struct nlmsgerr *)mnl_nlmsg_get_payload(head))->error;
    if (nl)
        mnl_socket_close(nl);
    return r;
}

/* What an earlier step put there goes first, so that kinds can follow each
 * other in any order. */
int host_net_route(const struct ipaddr *peer, enum route_kind kind)
{
    struct route_request req;
    const uint8_t whole = peer->version == 6 ? 128 : 32;
    const uint8_t net = peer->version == 6 ? V6_NET_BITS : V4_NET_BITS;
    memset(&req, 0, sizeof(req));
    int r = ask(put_route(&req, RTM_DELROUTE, peer, whole, 0));
    if (r < 0 && r != -ESRCH) /* there was none of its own */
        return r;
    memset(&req, 0, sizeof(req));
    if (kind == ROUTE_NONE)
        return ask(put_route(&req, RTM_DELROUTE, peer, net, 0));
    if (kind == ROUTE_NORMAL)
        return 0;
    return ask(put_route(&req, RTM_NEWROUTE, peer, whole, route_types[kind]));
}

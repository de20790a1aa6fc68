/* device.c - which interface packets to an address leave by, as "ip route get"
 * asks it: rtnetlink(7). */
#include "handshake/net.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

enum { DEVICE_REPLY_BYTES = 4096 };

static void put_question(const struct ipaddr *addr, struct nlmsghdr *msg)
{
    mnl_nlmsg_put_header(msg);
    msg->nlmsg_type = RTM_GETROUTE;
    msg->nlmsg_flags = NLM_F_REQUEST;
    struct rtmsg *route = mnl_nlmsg_put_extra_header(msg, sizeof(*route));
    route->rtm_family = addr->version == 6 ? AF_INET6 : AF_INET;
    route->rtm_dst_len = addr->version == 6 ? 128 : 32;
    mnl_attr_put(msg, RTA_DST, ipaddr_len(addr), addr->bytes);
}

static int take_device(const struct nlattr *attr, void *data)
{
    unsigned *ret_index = data;
    if (mnl_attr_get_type(attr) == RTA_OIF)
        *ret_index = mnl_attr_get_u32(attr);
    return MNL_CB_OK;
}

/* The answer is one message: a route, or why there is none. */
static int read_answer(const char *bytes, ssize_t got, unsigned *ret_index)
{
    const struct nlmsghdr *msg = (const void *)bytes;
    if (!mnl_nlmsg_ok(msg, (int)got))
        return -EPROTO;
    if (msg->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *refusal = mnl_nlmsg_get_payload(msg);
        return refusal->error ? refusal->error : -EPROTO;
    }
    mnl_attr_parse(msg, sizeof(struct rtmsg), take_device, ret_index);
    return *ret_index ? 0 : -ENETUNREACH;
}

int device_towards(const struct ipaddr *addr, char ret_name[DEVICE_NAME_BYTES])
{
    char bytes[DEVICE_REPLY_BYTES]
        __attribute__((aligned(_Alignof(struct nlmsghdr))));
    struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    unsigned index = 0;
    if (!nl)
        return -errno;
    put_question(addr, (struct nlmsghdr *)(void *)bytes);
    const struct nlmsghdr *msg = (const void *)bytes;
    int r = mnl_socket_sendto(nl, msg, msg->nlmsg_len) < 0 ? -errno : 0;
    ssize_t got = r < 0 ? 0 : mnl_socket_recvfrom(nl, bytes, sizeof(bytes));
    if (r == 0)
        r = got < 0 ? -errno : read_answer(bytes, got, &index);
    mnl_socket_close(nl);
    if (r == 0 && !if_indextoname(index, ret_name))
        r = -errno;
    return r;
}

/* sockdiag.c - asks the kernel for the state of a socket (sock_diag(7)).
 *
 * A look-up by exact four-tuple costs about 3 us and sees everything that has
 * the tuple: full sockets, requests in SYN-RECEIVED, TIME-WAIT. Where there is
 * no such socket the kernel's look-up goes on to a listener on the local port;
 * that answer has no remote port and means: this connection is CLOSED. */
#include "handshake/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DIAG_REPLY_BYTES = 8192,
    DIAG_DESTROY_MAX = 4096 /* sockets of one dump that are destroyed */
};

struct diag_request {
    struct nlmsghdr head;
    struct inet_diag_req_v2 body;
};

int sockdiag_open(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    return fd < 0 ? -errno : fd;
}

static struct diag_request make_request(uint16_t type, uint16_t flags)
{
    return (struct diag_request){
        .head = {.nlmsg_len = sizeof(struct diag_request),
                 .nlmsg_type = type,
                 .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags)},
        .body = {.sdiag_family = AF_INET,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_states = ~0u},
    };
}

static int send_request(int fd, const struct diag_request *req)
{
    return send(fd, req, sizeof(*req), 0) < 0 ? -errno : 0;
}

/* The answer to a single look-up: 0 and *ret_found, or -errno. */
static int read_one(int fd, struct inet_diag_msg *ret_found)
{
    char reply[DIAG_REPLY_BYTES]
        __attribute__((aligned(_Alignof(struct nlmsghdr))));
    ssize_t got = recv(fd, reply, sizeof(reply), 0);
    if (got < 0)
        return -errno;
    const struct nlmsghdr *msg = (const void *)reply;
    if (!NLMSG_OK(msg, (size_t)got))
        return -EPROTO;
    if (msg->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *refusal = NLMSG_DATA(msg);
        return refusal->error ? refusal->error : -EPROTO;
    }
    if (msg->nlmsg_len < NLMSG_LENGTH(sizeof(*ret_found)))
        return -EPROTO;
    memcpy(ret_found, NLMSG_DATA(msg), sizeof(*ret_found));
    return 0;
}

int sockdiag_state(int fd, const struct endpoint *local,
                   const struct endpoint *remote, enum tcp_state *ret_state)
{
    struct diag_request req = make_request(SOCK_DIAG_BY_FAMILY, 0);
    if (local->addr.version == 6)
        req.body.sdiag_family = AF_INET6;
    req.body.id.idiag_sport = htons(local->port);
    req.body.id.idiag_dport = htons(remote->port);
    memcpy(req.body.id.idiag_src, local->addr.bytes, 16);
    memcpy(req.body.id.idiag_dst, remote->addr.bytes, 16);
    req.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    req.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    int r = send_request(fd, &req);
    struct inet_diag_msg found;
    if (r == 0)
        r = read_one(fd, &found);
    if (r < 0 && r != -ENOENT)
        return r;
    bool exact = r == 0 && found.id.idiag_dport == req.body.id.idiag_dport;
    *ret_state =
        exact ? tcp_state_from_linux(found.idiag_state) : TCP_STATE_CLOSED;
    return 0;
}

/* Destroy the socket a dump named. The kernel's answer (always one, we ask for
 * it) comes on its own descriptor, so that the dump is not disturbed. */
static int destroy_one(int fd, const struct inet_diag_msg *found)
{
    struct diag_request req = make_request(SOCK_DESTROY, NLM_F_ACK);
    req.body.sdiag_family = found->idiag_family;
    req.body.id = found->id;
    int r = send_request(fd, &req);
    struct inet_diag_msg unused;
    if (r == 0)
        r = read_one(fd, &unused);
    return r == -EPROTO ? 0 : r; /* an ACK is an "error" of value 0 */
}

bool sockdiag_can_destroy(int fd)
{
    struct inet_diag_msg nobody = {
        .idiag_family = AF_INET,
        .id.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    int r = destroy_one(fd, &nobody);
    return r == 0 || r == -ENOENT;
}

/* Take one datagram of the dump: sockets go to list. Returns 1 at the end of
 * the dump, 0 when more follows, -errno. */
static int read_dump(int fd, struct inet_diag_msg *list, size_t *count)
{
    char reply[DIAG_REPLY_BYTES]
        __attribute__((aligned(_Alignof(struct nlmsghdr))));
    ssize_t got = recv(fd, reply, sizeof(reply), 0);
    if (got < 0)
        return -errno;
    size_t left = (size_t)got;
    const struct nlmsghdr *msg = (const void *)reply;
    for (; NLMSG_OK(msg, left); msg = NLMSG_NEXT(msg, left)) {
        if (msg->nlmsg_type == NLMSG_DONE)
            return 1;
        if (msg->nlmsg_type == NLMSG_ERROR)
            return ((const struct nlmsgerr *)NLMSG_DATA(msg))->error;
        if (*count < DIAG_DESTROY_MAX)
            memcpy(&list[(*count)++], NLMSG_DATA(msg), sizeof(*list));
    }
    return 0;
}

static int dump_family(int fd, uint8_t family, struct inet_diag_msg *list,
                       size_t *count)
{
    struct diag_request req = make_request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
    req.body.sdiag_family = family;
    req.body.idiag_states &= ~(1u << TCP_TIME_WAIT);
    int r = send_request(fd, &req);
    while (r == 0)
        r = read_dump(fd, list, count);
    return r < 0 ? r : 0;
}

int sockdiag_destroy_all(int fd)
{
    struct inet_diag_msg *list = calloc(DIAG_DESTROY_MAX, sizeof(*list));
    if (!list)
        return -ENOMEM;
    size_t count = 0;
    int r = dump_family(fd, AF_INET, list, &count);
    if (r == 0)
        r = dump_family(fd, AF_INET6, list, &count);
    int destroyed = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        int one = destroy_one(fd, &list[i]);
        destroyed += one == 0;
        if (one < 0 && one != -ENOENT) /* gone meanwhile is as good */
            r = one;
    }
    free(list);
    return r < 0 ? r : destroyed;
}

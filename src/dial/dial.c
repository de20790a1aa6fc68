/* dial.c - one attempt: connect(), and once it is established a polite close.
 *
 * connect() does not wait, but it is told of as one call that begins and ends,
 * as a program sees it that does: it ends when the socket says how it went. The
 * connection is closed as soon as it stands: shutdown(), then the peer's FIN is
 * waited for and what it sends is let go, because closing with unread data
 * would be a reset. */
#include "dial_internal.h"

#include "handshake/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { DRAIN_BYTES = 16 * 1024, QUEUE_BYTES = 512, ID_BYTES = 32 };

union any_address {
    struct sockaddr sa;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* --- addresses ----------------------------------------------------------- */

static socklen_t write_address(const struct endpoint *e, union any_address *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (e->addr.version == 4) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons(e->port);
        memcpy(&ret->v4.sin_addr, e->addr.bytes, 4);
        return sizeof(ret->v4);
    }
    ret->v6.sin6_family = AF_INET6;
    ret->v6.sin6_port = htons(e->port);
    memcpy(&ret->v6.sin6_addr, e->addr.bytes, 16);
    return sizeof(ret->v6);
}

static struct endpoint read_address(const struct sockaddr *sa)
{
    struct endpoint e = {.port = 0};
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)sa;
        e.addr.version = 4;
        e.port = ntohs(v4->sin_port);
        memcpy(e.addr.bytes, &v4->sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)sa;
        e.addr.version = 6;
        e.port = ntohs(v6->sin6_port);
        memcpy(e.addr.bytes, &v6->sin6_addr, 16);
    }
    return e;
}

/* No port: nothing was sent, and the address says nothing. */
static struct endpoint local_of(int fd)
{
    union any_address a;
    socklen_t len = sizeof(a);
    memset(&a, 0, sizeof(a));
    getsockname(fd, &a.sa, &len);
    struct endpoint e = read_address(&a.sa);
    return e.port ? e : (struct endpoint){.port = 0};
}

/* --- events -------------------------------------------------------------- */

static uint64_t t_of(const struct dial *d, uint64_t mono_ns)
{
    return runlog_at_ns(d->log, mono_ns);
}

static void append_begin(struct dial *d)
{
    struct utsname kernel = {.release = ""};
    char id[ID_BYTES];
    uname(&kernel);
    snprintf(id, sizeof(id), "connect-%zu", d->number);
    struct endpoint local = d->local;
    local.port = 0; /* as in every run */
    const struct event e = {
        .kind = EVENT_RUN,
        .run = {.phase = PHASE_BEGIN,
                .run_id = id,
                .scenario = "connect",
                .link = LINK_NETWORK,
                .hosts = {local, d->to},
                .kernel = kernel.release,
                .wall_ns = d->all->start_ns + d->all->wall_offset_ns}};
    runlog_append(d->log, &e);
}

static uint32_t append_call(struct dial *d, const char *name, const char *args,
                            uint64_t mono_ns)
{
    const struct event e = {.kind = EVENT_CALL,
                            .t_ns = t_of(d, mono_ns),
                            .call = {.host = HOST_CLIENT,
                                     .phase = PHASE_BEGIN,
                                     .name = name,
                                     .args = args,
                                     .on = "conn"}};
    return runlog_append(d->log, &e);
}

static void append_return(struct dial *d, uint32_t begin, const char *name,
                          int error, const struct tcp_facts *facts)
{
    struct event e = {.kind = EVENT_CALL,
                      .t_ns = runlog_now_ns(d->log),
                      .call = {.host = HOST_CLIENT,
                               .phase = PHASE_END,
                               .name = name,
                               .on = "conn",
                               .begin = begin,
                               .result = error ? -1 : 0,
                               .error = error}};
    if (facts)
        e.call.facts = *facts;
    runlog_append(d->log, &e);
}

static void append_message(struct dial *d, const char *text)
{
    const struct event e = {.kind = EVENT_MESSAGE,
                            .t_ns = runlog_now_ns(d->log),
                            .message = {.host = HOST_CLIENT, .text = text}};
    runlog_append(d->log, &e);
}

void dial_look(struct dial *d)
{
    enum tcp_state now;
    uint32_t cause = d->newest ? d->newest : runlog_count(d->log);
    d->newest = 0;
    if (d->local.port == 0 ||
        sockdiag_state(d->all->diag_fd, &d->local, &d->to, &now) < 0 ||
        now == d->state)
        return;
    const struct event e = {.kind = EVENT_STATE,
                            .t_ns = runlog_now_ns(d->log),
                            .state = {.host = HOST_CLIENT,
                                      .local = d->local,
                                      .remote = d->to,
                                      .old_state = d->state,
                                      .new_state = now,
                                      .cause = cause}};
    runlog_append(d->log, &e);
    d->state = now;
}

/* --- phases -------------------------------------------------------------- */

static void enter(struct dial *d, enum dial_phase phase)
{
    d->phase = phase;
    d->phase_ns = clock_mono_ns();
    if (phase == DIAL_OVER)
        dial_judge(d);
}

static void close_socket(struct dial *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

static int open_socket(const struct dial *d)
{
    const int on = 1;
    bool v6 = d->to.addr.version == 6;
    int fd = socket(v6 ? AF_INET6 : AF_INET,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    /* Who sent an ICMP error is told by the error queue alone. ip(7), ipv6(7).
     */
    setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
               v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on));
    return fd;
}

static void read_error_queue(struct dial *d)
{
    char control[QUEUE_BYTES]
        __attribute__((aligned(_Alignof(struct cmsghdr))));
    char data[QUEUE_BYTES];
    struct iovec iov = {.iov_base = data, .iov_len = sizeof(data)};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    if (recvmsg(d->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
        if ((c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR) &&
            (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_RECVERR))
            continue;
        const struct sock_extended_err *e = (const void *)CMSG_DATA(c);
        if (e->ee_origin != SO_EE_ORIGIN_ICMP &&
            e->ee_origin != SO_EE_ORIGIN_ICMP6)
            continue;
        d->icmp =
            (struct dial_icmp){.known = true,
                               .from = read_address(SO_EE_OFFENDER(e)).addr,
                               .type = e->ee_type,
                               .code = e->ee_code};
    }
}

static void fail(struct dial *d, int error)
{
    d->error = error;
    d->took_ns = clock_mono_ns() - d->begin_ns;
    dial_watch_read(d->all);
    if (d->fd >= 0)
        read_error_queue(d);
    append_return(d, d->call, "connect", error, NULL);
    close_socket(d);
    dial_look(d);
    enter(d, DIAL_FAILED);
}

void dial_begin(struct dial *d)
{
    const struct runlog_limits limits = {DIAL_MAX_EVENTS, DIAL_MAX_BYTES};
    char text[ENDPOINT_TEXT_BYTES];
    union any_address a;
    socklen_t len = write_address(&d->to, &a);
    d->log = runlog_new(limits, NULL);
    if (!d->log) {
        d->phase = DIAL_OVER;
        return;
    }
    runlog_start(d->log, d->all->start_ns);
    d->fd = open_socket(d);
    d->begin_ns = clock_mono_ns();
    int r = d->fd < 0 ? d->fd : connect(d->fd, &a.sa, len) < 0 ? -errno : 0;
    if (d->fd >= 0)
        d->local = local_of(d->fd);
    append_begin(d);
    d->call =
        append_call(d, "connect", endpoint_text(&d->to, text), d->begin_ns);
    enter(d, DIAL_CONNECTING);
    dial_watch_read(d->all);
    dial_look(d);
    if (r < 0 && r != -EINPROGRESS)
        fail(d, -r);
}

/* --- going on ------------------------------------------------------------ */

static void establish(struct dial *d)
{
    d->took_ns = clock_mono_ns() - d->begin_ns;
    d->established = true;
    d->facts = facts_of(d->fd);
    d->resent = d->facts.retransmits;
    dial_watch_read(d->all);
    append_return(d, d->call, "connect", 0, &d->facts);
    dial_look(d);
    uint32_t call = append_call(d, "shutdown", "write", clock_mono_ns());
    int error = shutdown(d->fd, SHUT_WR) < 0 ? errno : 0;
    append_return(d, call, "shutdown", error, NULL);
    enter(d, DIAL_DRAINING);
}

/* Without a capture the kernel's own count is all that tells of SYNs. */
static void count_syns(struct dial *d)
{
    char text[64];
    uint32_t resent = facts_of(d->fd).retransmits;
    if (resent == d->resent)
        return;
    d->resent = resent;
    snprintf(text, sizeof(text), "the kernel sent the SYN again (%u)",
             (unsigned)resent);
    if (d->all->blind[0])
        append_message(d, text);
}

static void step_connecting(struct dial *d, uint64_t now_ns)
{
    int error = 0;
    socklen_t len = sizeof(error);
    uint64_t limit_ns =
        d->all->start_ns + (uint64_t)d->all->timeout_ms * 1000000;
    count_syns(d);
    if (d->revents & (POLLOUT | POLLERR | POLLHUP)) {
        getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &len);
        if (error)
            fail(d, error);
        else
            establish(d);
    } else if (now_ns >= limit_ns) {
        d->timed_out = true;
        fail(d, ECANCELED); /* by us, not by the kernel */
    }
}

/* True when the peer sends no more, or has said enough. */
static bool drain(const struct dial *d)
{
    char bytes[DRAIN_BYTES];
    ssize_t n = recv(d->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static bool past(const struct dial *d, uint32_t ms, uint64_t now_ns)
{
    return now_ns - d->phase_ns >= (uint64_t)ms * 1000000;
}

static void step_draining(struct dial *d, uint64_t now_ns)
{
    dial_look(d);
    if (!drain(d) && !past(d, DIAL_DRAIN_MS, now_ns))
        return;
    uint32_t call = append_call(d, "close", "", clock_mono_ns());
    close_socket(d);
    append_return(d, call, "close", 0, NULL);
    enter(d, DIAL_LEAVING);
}

static void step_leaving(struct dial *d, uint64_t now_ns)
{
    dial_look(d);
    bool rests =
        d->state == TCP_STATE_CLOSED || d->state == TCP_STATE_TIME_WAIT;
    if ((rests && past(d, DIAL_LAG_MS, now_ns)) ||
        past(d, DIAL_REST_MS, now_ns))
        enter(d, DIAL_OVER);
}

void dial_step(struct dial *d, uint64_t now_ns)
{
    if (d->phase == DIAL_CONNECTING)
        step_connecting(d, now_ns);
    else if (d->phase == DIAL_DRAINING)
        step_draining(d, now_ns);
    else if (d->phase == DIAL_LEAVING)
        step_leaving(d, now_ns);
    else if (d->phase == DIAL_FAILED && past(d, DIAL_LAG_MS, now_ns))
        enter(d, DIAL_OVER);
    d->revents = 0;
}

void dial_give_up(struct dial *d)
{
    bool connecting = d->phase == DIAL_CONNECTING;
    if (d->phase == DIAL_WAITING || d->phase == DIAL_OVER)
        return;
    d->given_up = connecting;
    if (connecting)
        fail(d, ECANCELED);
    close_socket(d);
    enter(d, DIAL_OVER);
}

uint64_t dial_deadline(const struct dial *d)
{
    const uint64_t ms = 1000000;
    switch (d->phase) {
    case DIAL_CONNECTING:
        if (d->all->blind[0])
            return clock_mono_ns() + DIAL_TICK_MS * ms;
        return d->all->start_ns + d->all->timeout_ms * ms;
    case DIAL_DRAINING:
    case DIAL_LEAVING:
        return clock_mono_ns() + DIAL_TICK_MS * ms;
    case DIAL_FAILED:
        return d->phase_ns + DIAL_LAG_MS * ms;
    case DIAL_WAITING:
    case DIAL_OVER:
        break;
    }
    return UINT64_MAX;
}

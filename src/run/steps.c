/* steps.c - what each step of a scenario does: real, blocking socket calls.
 *
 * A call that waits is interrupted by a signal when the run stops (run.c kicks
 * the thread until it is through); any other interruption is retried. */
#include "run_internal.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RECV_BYTES = 4096, ARGS_BYTES = 128, SAVED_SYN_BYTES = 160 };

static const char *const listener_name = "listener";
static const char *const connection_name = "conn";

/* --- addresses --------------------------------------------------------------
 */

union any_address {
    struct sockaddr sa;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
};

static socklen_t to_sockaddr(const struct endpoint *e, union any_address *ret)
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

static struct endpoint from_sockaddr(const union any_address *a)
{
    struct endpoint e = {.port = 0};
    if (a->sa.sa_family == AF_INET) {
        e.addr.version = 4;
        e.port = ntohs(a->v4.sin_port);
        memcpy(e.addr.bytes, &a->v4.sin_addr, 4);
    } else if (a->sa.sa_family == AF_INET6) {
        e.addr.version = 6;
        e.port = ntohs(a->v6.sin6_port);
        memcpy(e.addr.bytes, &a->v6.sin6_addr, 16);
    }
    return e;
}

static struct endpoint local_of(int fd)
{
    union any_address a = {.storage = {0}};
    socklen_t len = sizeof(a);
    getsockname(fd, &a.sa, &len);
    return from_sockaddr(&a);
}

/* --- sockets by name --------------------------------------------------------
 */

static const char *name_or(const struct step *step, const char *fallback)
{
    return step->on[0] ? step->on : fallback;
}

static struct host_socket *find_socket(struct host *host, const char *name)
{
    for (size_t i = 0; i < host->socket_count; i++)
        if (strcmp(host->sockets[i].name, name) == 0)
            return &host->sockets[i];
    return NULL;
}

/* A place for a new socket of that name; an open one with it is an error of
 * the scenario, as is one too many. */
static int add_socket(struct host *host, const char *name, int fd,
                      struct host_socket **ret_socket)
{
    if (find_socket(host, name) || host->socket_count == HOST_MAX_SOCKETS) {
        close(fd);
        return find_socket(host, name) ? -EEXIST : -EMFILE;
    }
    struct host_socket *s = &host->sockets[host->socket_count++];
    *s = (struct host_socket){.fd = fd};
    snprintf(s->name, sizeof(s->name), "%s", name);
    *ret_socket = s;
    return 0;
}

static void remove_socket(struct host *host, struct host_socket *s)
{
    *s = host->sockets[--host->socket_count];
}

void steps_abort_sockets(struct host *host)
{
    /* RST instead of FIN: a FIN that nobody carries any more would keep the
     * namespace alive for minutes. */
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    for (size_t i = 0; i < host->socket_count; i++) {
        int fd = host->sockets[i].fd;
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
        close(fd);
    }
    host->socket_count = 0;
}

/* After a call that may have changed a state by itself. */
static void track(struct host *host, const struct host_socket *s,
                  const struct call *call)
{
    if (s->local.port != 0)
        track_socket(host, &s->local, &s->remote, call->end_id, 0);
}

/* After a call that changes a state only by failing. What a segment changes is
 * seen, with its true cause, by the wire; without a wire this is the best
 * moment to look. */
static void track_result(struct host *host, const struct host_socket *s,
                         const struct call *call, int result)
{
    if (result < 0 || host->run->link != LINK_WIRE)
        track(host, s, call);
}

/* The port a step names. Without a wire the port is a free one of the machine,
 * whatever the scenario calls it. */
static uint16_t step_port(const struct host *host, const struct step *step)
{
    const struct run *run = host->run;
    if (step->port && step->port != run->scenario.port)
        return step->port;
    return run->hosts[HOST_SERVER].address.port;
}

/* --- the calls ---------------------------------------------------------------
 */

static int open_socket(struct host *host, const char *name,
                       struct host_socket **ret_socket)
{
    bool v4 = host->address.addr.version == 4;
    struct call call =
        call_begin(host, "socket", name,
                   v4 ? "AF_INET, SOCK_STREAM" : "AF_INET6, SOCK_STREAM", NULL);
    int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int r = call_end(&call, fd, errno, NULL);
    return r < 0 ? r : add_socket(host, name, fd, ret_socket);
}

static int do_bind(struct host *host, struct host_socket *s,
                   const struct endpoint *to)
{
    char args[ENDPOINT_TEXT_BYTES];
    union any_address a;
    socklen_t len = to_sockaddr(to, &a);
    struct call call =
        call_begin(host, "bind", s->name, endpoint_text(to, args), NULL);
    int result = bind(s->fd, &a.sa, len);
    int r = call_end(&call, result, errno, NULL);
    if (r == 0)
        s->local = *to;
    return r;
}

/* On the sockets link the SYN's headers, as the kernel kept them, are the only
 * segment there is to show (TCP_SAVED_SYN, tcp(7)). */
static void record_saved_syn(struct host *host, int fd)
{
    uint8_t headers[SAVED_SYN_BYTES];
    socklen_t len = sizeof(headers);
    if (host->run->link != LINK_SOCKETS ||
        getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, headers, &len) < 0 ||
        len == 0)
        return;
    const struct event_segment syn = {.from = host_peer(host->id),
                                      .saved = true,
                                      .bytes = headers,
                                      .len = len};
    record_segment(host->run, &syn, runlog_now_ns(host->run->log));
}

static void ask_to_save_syn(const struct host *host, int fd)
{
    const int one = 1;
    if (host->run->link == LINK_SOCKETS)
        setsockopt(fd, IPPROTO_TCP, TCP_SAVE_SYN, &one, sizeof(one));
}

static int step_listen(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    int r = open_socket(host, name_or(step, listener_name), &s);
    struct endpoint at = host->address;
    at.port = step_port(host, step);
    if (r == 0)
        r = do_bind(host, s, &at);
    if (r < 0)
        return r;
    char args[ARGS_BYTES];
    int backlog = step->backlog ? step->backlog : SOMAXCONN;
    snprintf(args, sizeof(args), "backlog %d", backlog);
    ask_to_save_syn(host, s->fd);
    struct call call = call_begin(host, "listen", s->name, args, NULL);
    int result = listen(s->fd, backlog);
    r = call_end(&call, result, errno, NULL);
    track(host, s, &call);
    return r;
}

static int connect_through(const struct host *host, int fd,
                           const struct endpoint *to)
{
    union any_address a;
    socklen_t len = to_sockaddr(to, &a);
    int result = connect(fd, &a.sa, len);
    /* After a stray signal the handshake goes on; a second connect() waits for
     * the same one (EISCONN: it was done meanwhile). */
    while (result < 0 && (errno == EINTR || errno == EALREADY) &&
           !call_interrupted(host))
        result = connect(fd, &a.sa, len);
    return result < 0 && errno == EISCONN ? 0 : result;
}

static int step_connect(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    int r = open_socket(host, name_or(step, connection_name), &s);
    if (r < 0)
        return r;
    s->remote = host->run->hosts[host_peer(host->id)].address;
    s->remote.port = step_port(host, step);
    char args[ENDPOINT_TEXT_BYTES];
    struct call call = call_begin(host, "connect", s->name,
                                  endpoint_text(&s->remote, args), NULL);
    int result = connect_through(host, s->fd, &s->remote), error = errno;
    if (result == 0 && !host->run->options.no_record)
        call.facts = call_facts(s->fd);
    r = call_end(&call, result, error, NULL);
    host->connect_tried = true;
    host->connect_ok = r == 0;
    host->connect_error = -r;
    host->connect_ns = runlog_now_ns(host->run->log) - call.begin_ns;
    s->local = local_of(s->fd);
    track_result(host, s, &call, r);
    return r;
}

static int accept_through(const struct host *host, int fd,
                          union any_address *ret_peer)
{
    int result;
    do {
        socklen_t len = sizeof(*ret_peer);
        result = accept4(fd, &ret_peer->sa, &len, SOCK_CLOEXEC);
    } while (result < 0 && errno == EINTR && !call_interrupted(host));
    return result;
}

/* The socket a step works on; a step without one is skipped, because the call
 * that should have made it failed. */
static struct host_socket *socket_of(struct host *host, const struct step *step,
                                     const char *fallback)
{
    return find_socket(host, name_or(step, fallback));
}

static int step_accept(struct host *host, const struct step *step)
{
    struct host_socket *listener = find_socket(host, listener_name);
    if (!listener)
        return -ENOTSOCK;
    const char *name = name_or(step, connection_name);
    struct call call = call_begin(host, "accept", listener->name, "", NULL);
    union any_address peer = {.storage = {0}};
    int fd = accept_through(host, listener->fd, &peer), error = errno;
    if (fd >= 0 && !host->run->options.no_record)
        call.facts = call_facts(fd);
    int r = call_end(&call, fd, error, NULL);
    struct host_socket *s = NULL;
    if (r == 0)
        r = add_socket(host, name, fd, &s);
    if (r < 0)
        return r;
    host->accept_ok = true;
    s->local = local_of(fd);
    s->remote = from_sockaddr(&peer);
    track_result(host, s, &call, 0);
    record_saved_syn(host, fd);
    return 0;
}

static int step_send(struct host *host, const struct step *step)
{
    struct host_socket *s = socket_of(host, step, connection_name);
    if (!s)
        return -ENOTSOCK;
    char text[STEP_TEXT_BYTES * 2];
    struct err err = {0};
    int len =
        template_expand(step->text, &host->vars, text, sizeof(text), &err);
    if (len < 0) {
        snprintf(host->complaint, sizeof(host->complaint), "send: %s",
                 err.text);
        return len;
    }
    const struct call_data data = {text, (size_t)len};
    char args[32];
    snprintf(args, sizeof(args), "%d bytes", len);
    struct call call = call_begin(host, "send", s->name, args, &data);
    ssize_t n;
    do {
        n = send(s->fd, text, (size_t)len, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR && !call_interrupted(host));
    int r = call_end(&call, n, errno, NULL);
    track_result(host, s, &call, r);
    return r;
}

/* One recv(), recorded. Returns the bytes got, 0 at the end, or -errno. */
static ssize_t recv_some(struct host *host, struct host_socket *s, char *bytes,
                         size_t cap)
{
    struct call call = call_begin(host, "recv", s->name, "", NULL);
    ssize_t n;
    do {
        n = recv(s->fd, bytes, cap, 0);
    } while (n < 0 && errno == EINTR && !call_interrupted(host));
    const struct call_data data = {bytes, n > 0 ? (size_t)n : 0};
    int r = call_end(&call, n, errno, n > 0 ? &data : NULL);
    track_result(host, s, &call, r);
    return r < 0 ? r : n;
}

static int complain_recv(struct host *host, const char *pattern,
                         const char *bytes, size_t len)
{
    char expected[STEP_TEXT_BYTES];
    /* With unset variables the pattern itself is the clearest. */
    if (template_expand(pattern, &host->vars, expected, sizeof(expected),
                        NULL) < 0)
        snprintf(expected, sizeof(expected), "%s", pattern);
    snprintf(host->complaint, sizeof(host->complaint),
             "the %s expected \"%.150s\" and received \"%.*s\"",
             host_name(host->id), expected, (int)(len < 150 ? len : 150),
             bytes);
    return -EBADMSG;
}

static int step_recv(struct host *host, const struct step *step)
{
    struct host_socket *s = socket_of(host, step, connection_name);
    if (!s)
        return -ENOTSOCK;
    char bytes[RECV_BYTES];
    size_t len = 0;
    enum template_match match = TEMPLATE_MORE;
    while (match == TEMPLATE_MORE && len < sizeof(bytes)) {
        ssize_t n = recv_some(host, s, bytes + len, sizeof(bytes) - len);
        if (n < 0)
            return (int)n;
        len += (size_t)n;
        if (!step->text[0])
            return 0;
        if (n == 0)
            break;
        match = template_match(step->text, bytes, len, &host->vars);
    }
    if (match == TEMPLATE_MATCH)
        return 0;
    return complain_recv(host, step->text, bytes, len);
}

static int step_close(struct host *host, const struct step *step)
{
    struct host_socket *s = socket_of(host, step, connection_name);
    if (!s)
        return 0;
    /* This thread may be faster than the wire's look after the last arrival;
     * what that arrival did must not be passed over. */
    if (s->remote.port != 0)
        track_socket(host, &s->local, &s->remote,
                     atomic_load(&host->last_arrival), 0);
    struct call call = call_begin(host, "close", s->name, "", NULL);
    int result = close(s->fd);
    int r = call_end(&call, result, errno, NULL);
    track(host, s, &call);
    remove_socket(host, s);
    return r;
}

static int step_sleep(struct host *host, const struct step *step)
{
    char args[32];
    snprintf(args, sizeof(args), "%u ms", (unsigned)step->ms);
    struct call call = call_begin(host, "sleep", "", args, NULL);
    struct timespec left = {.tv_sec = step->ms / 1000,
                            .tv_nsec = (long)(step->ms % 1000) * 1000000};
    int code;
    do {
        code = clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left);
    } while (code == EINTR && !call_interrupted(host));
    return call_end(&call, code ? -1 : 0, code, NULL);
}

static int step_set(struct host *host, const struct step *step)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return -EIO;
    uint64_t span = (uint64_t)step->max - step->min + 1;
    uint32_t value = step->min + (uint32_t)(random % span);
    return template_set(&host->vars, step->name, value) ? 0 : -ENOSPC;
}

static int step_print(struct host *host, const struct step *step)
{
    char text[STEP_TEXT_BYTES * 2];
    struct err err = {0};
    int r = template_expand(step->text, &host->vars, text, sizeof(text), &err);
    if (r < 0)
        return r;
    if (host->run->options.no_record)
        return 0;
    const struct event e = {.kind = EVENT_MESSAGE,
                            .t_ns = runlog_now_ns(host->run->log),
                            .message = {.host = host->id, .text = text}};
    runlog_append(host->run->log, &e);
    return 0;
}

/* --- the table
 * ---------------------------------------------------------------- */

typedef int step_fn(struct host *host, const struct step *step);

static step_fn *const step_fns[] = {
    [STEP_LISTEN] = step_listen, [STEP_CONNECT] = step_connect,
    [STEP_ACCEPT] = step_accept, [STEP_SEND] = step_send,
    [STEP_RECV] = step_recv,     [STEP_CLOSE] = step_close,
    [STEP_SLEEP] = step_sleep,   [STEP_SET] = step_set,
    [STEP_PRINT] = step_print,
};
static_assert(sizeof(step_fns) / sizeof(*step_fns) == STEP_COUNT,
              "a function for each step");

int step_do(struct host *host, const struct step *step)
{
    /* After a failure the host still tidies up, but does nothing that builds
     * on what failed. */
    if (host->failed && step->call != STEP_CLOSE)
        return 0;
    int r = step_fns[step->call](host, step);
    if (r < 0 && !host->failed) {
        host->failed = true;
        host->error = -r;
        host->error_call = step_call_name(step->call);
    }
    return r;
}

/* steps_open.c - the steps that open connections: socket, bind, listen,
 * connect, accept.
 *
 * A call that waits is interrupted by a signal when the run stops (run.c kicks
 * the thread until it is through); any other interruption is retried. */
#include "steps_internal.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ARGS_BYTES = 128, SAVED_SYN_BYTES = 160 };

/* The port a step names, of the host that is to have it; 0 when it is not the
 * run's (ports.c). */
static uint16_t step_port(const struct run *run, enum host_id owner,
                          const struct step *step)
{
    return ports_real(run, owner, step->port ? step->port : run->scenario.port);
}

/* --- socket and bind ----------------------------------------------------- */

/* Where a person decides what arrives, the kernels must not give up while they
 * think: with nine repetitions the SYN and the SYN,ACK are sent for 17 minutes
 * (tcp(7): TCP_SYNCNT holds for a listener's SYN,ACKs too). */
static void be_patient(struct host *host, int fd, const char *name)
{
    const int repeats = 9;
    if (!host->run->options.hold)
        return;
    struct call call =
        call_begin(host, "setsockopt", name, "TCP_SYNCNT, 9", NULL);
    int result =
        setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &repeats, sizeof(repeats));
    call_end(&call, result, errno, NULL);
}

static const struct protocol {
    const char *name;
    int number;
    const char *args; /* behind the family and the type */
} protocols[] = {
    {"tcp", 0, ""},
    {"mptcp", IPPROTO_MPTCP, ", IPPROTO_MPTCP"},
};

enum { PROTOCOL_COUNT = sizeof(protocols) / sizeof(protocols[0]) };

/* NULL when there is none of that name; an empty one means TCP. */
static const struct protocol *protocol_find(const char *how)
{
    for (size_t i = 0; i < PROTOCOL_COUNT; i++)
        if (!how[0] || strcmp(protocols[i].name, how) == 0)
            return &protocols[i];
    return NULL;
}

const char *socket_check(const char *how)
{
    return protocol_find(how) ? NULL : "must be \"tcp\" or \"mptcp\"";
}

/* socket(2) of the run's IP version, recorded. */
static int open_socket(struct host *host, const char *name, const char *how,
                       struct host_socket **ret_socket)
{
    const struct protocol *p = protocol_find(how);
    bool v4 = host->address.addr.version == 4;
    char args[ARGS_BYTES];
    if (!p)
        return -EPROTONOSUPPORT;
    snprintf(args, sizeof(args), "%s, SOCK_STREAM%s",
             v4 ? "AF_INET" : "AF_INET6", p->args);
    struct call call = call_begin(host, "socket", name, args, NULL);
    int fd =
        socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, p->number);
    int r = call_end(&call, fd, errno, NULL);
    if (r == 0)
        be_patient(host, fd, name);
    return r < 0 ? r : sockets_add(host, name, fd, ret_socket);
}

/* The socket a step is to use: that of an earlier step, or a new one. */
static int have_socket(struct host *host, const struct step *step,
                       const char *fallback, struct host_socket **ret_socket)
{
    char name[STEP_NAME_BYTES];
    *ret_socket = sockets_find(host, sockets_name(host, step, fallback, name));
    return *ret_socket ? 0 : open_socket(host, name, "", ret_socket);
}

/* For steps that want to set options before anything else happens. */
int step_socket(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    char name[STEP_NAME_BYTES];
    return open_socket(host, sockets_name(host, step, "conn", name), step->how,
                       &s);
}

/* bind(2), recorded. The kernel may have chosen the port: it is asked back. */
static int do_bind(struct host *host, struct host_socket *s,
                   const struct endpoint *to)
{
    char args[ENDPOINT_TEXT_BYTES];
    struct call call =
        call_begin(host, "bind", s->name, endpoint_text(to, args), NULL);
    int result = ports_bind(host, s->fd, to);
    int r = call_end(&call, result, errno, NULL);
    if (r == 0)
        s->local = sockets_local(s->fd);
    return r;
}

/* An own port for a client: the address is always the host's. */
int step_bind(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    int r = have_socket(host, step, "conn", &s);
    if (r < 0)
        return r;
    struct endpoint at = host->address;
    at.port = step->port ? step_port(host->run, host->id, step) : 0;
    return do_bind(host, s, &at);
}

/* --- listen -------------------------------------------------------------- */

/* Must be set before listen(2): requests inherit it. */
static void ask_to_save_syn(const struct host *host, int fd)
{
    const int one = 1;
    if (host->run->link == LINK_SOCKETS)
        setsockopt(fd, IPPROTO_TCP, TCP_SAVE_SYN, &one, sizeof(one));
}

/* What earlier steps did to the socket of that name is not done again. */
int step_listen(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    int r = have_socket(host, step, "listener", &s);
    struct endpoint at = host->address;
    at.port = step_port(host->run, host->id, step);
    if (r == 0 && s->local.port == 0)
        r = do_bind(host, s, &at);
    if (r < 0)
        return r;
    char args[ARGS_BYTES];
    int backlog = step->backlog ? step->backlog : SOMAXCONN;
    snprintf(args, sizeof(args), "backlog %d", backlog);
    ask_to_save_syn(host, s->fd);
    struct call call = call_begin(host, "listen", s->name, args, NULL);
    int result = ports_listen(host, s->fd, backlog);
    r = call_end(&call, result, errno, NULL);
    sockets_track(host, s, &call);
    return r;
}

/* --- connect ------------------------------------------------------------- */

/* connect(2), gone on with after a signal that was not meant to end it. */
static int connect_through(const struct host *host, int fd,
                           const struct endpoint *to)
{
    union any_address a;
    socklen_t len = sockets_address(to, &a);
    int result = connect(fd, &a.sa, len);
    bool again = false;
    /* After a stray signal the handshake goes on; a second connect() waits for
     * the same one (EISCONN: it was done meanwhile). */
    while (result < 0 && (errno == EINTR || (again && errno == EALREADY)) &&
           !call_interrupted(host)) {
        again = true;
        result = connect(fd, &a.sa, len);
    }
    return again && result < 0 && errno == EISCONN ? 0 : result;
}

/* The verdict is about the connection called "conn", or, where no socket has
 * that name, about the first that was tried. */
static void note_connect(struct host *host, const struct host_socket *s, int r,
                         uint64_t ns)
{
    bool main = strcmp(s->name, "conn") == 0;
    if (main ? host->connect_main && host->connect_ok : host->connect_tried)
        return;
    host->connect_main = main;
    host->connect_tried = true;
    host->connect_ok = r == 0;
    host->connect_error = -r;
    host->connect_ns = ns;
}

/* The socket keeps its options from earlier steps. What the kernel says about
 * the new connection is asked before anything else passes. */
int step_connect(struct host *host, const struct step *step)
{
    struct host_socket *s = NULL;
    int r = have_socket(host, step, "conn", &s);
    if (r < 0)
        return r;
    struct endpoint to = host->run->hosts[host_peer(host->id)].address;
    to.port = step_port(host->run, host_peer(host->id), step);
    if (to.port == 0) /* never: ports_open() has looked at every step */
        return -EACCES;
    s->remote = to;
    char text[ENDPOINT_TEXT_BYTES], args[ARGS_BYTES];
    snprintf(args, sizeof(args), "%s%s", endpoint_text(&to, text),
             step->nonblock ? ", without waiting" : "");
    if (step->nonblock)
        sockets_nonblock(s->fd, true);
    struct call call = call_begin(host, "connect", s->name, args, NULL);
    int result = connect_through(host, s->fd, &to), error = errno;
    uint64_t ns = runlog_now_ns(host->run->log) - call.begin_ns;
    if (result == 0 && !host->run->options.no_record)
        call.facts = facts_of(s->fd);
    r = call_end(&call, result, error, NULL);
    if (step->nonblock)
        sockets_nonblock(s->fd, false);
    note_connect(host, s, r, ns);
    s->local = sockets_local(s->fd);
    sockets_track_result(host, s, &call, r);
    return r;
}

/* --- accept -------------------------------------------------------------- */

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

/* Whether what was accepted comes from the run's other host; anything else is
 * reset. */
static bool is_from_peer(const struct host *host, int fd,
                         const union any_address *peer)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    const struct host *other = &host->run->hosts[host_peer(host->id)];
    if (ports_is_own(other, sockets_endpoint(peer).port))
        return true;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(fd);
    return false;
}

/* accept4(2), gone on with after a stray signal or a stranger. */
static int accept_own(const struct host *host, int fd,
                      union any_address *ret_peer)
{
    for (;;) {
        socklen_t len = sizeof(*ret_peer);
        int result = accept4(fd, &ret_peer->sa, &len, SOCK_CLOEXEC);
        if (result >= 0) {
            if (is_from_peer(host, result, ret_peer))
                return result;
            errno = EINTR;
        }
        if (errno != EINTR || call_interrupted(host))
            return -1;
    }
}

/* The listener's own flags are put back before errno is read. */
static int accept_through(const struct host *host, int fd, bool nonblock,
                          union any_address *ret_peer)
{
    if (nonblock)
        sockets_nonblock(fd, true);
    int result = accept_own(host, fd, ret_peer);
    int error = errno;
    if (nonblock)
        sockets_nonblock(fd, false);
    errno = error;
    return result;
}

/* The new socket gets the step's name, the listener is named by `from`. */
int step_accept(struct host *host, const struct step *step)
{
    struct host_socket *listener =
        sockets_find(host, step->from[0] ? step->from : "listener");
    if (!listener)
        return -ENOTSOCK;
    char name[STEP_NAME_BYTES];
    sockets_name(host, step, "conn", name);
    struct call call =
        call_begin(host, "accept", listener->name,
                   step->nonblock ? "without waiting" : "", NULL);
    union any_address peer = {.storage = {0}};
    int fd = accept_through(host, listener->fd, step->nonblock, &peer),
        error = errno;
    if (fd >= 0 && !host->run->options.no_record)
        call.facts = facts_of(fd);
    int r = call_end(&call, fd, error, NULL);
    struct host_socket *s = NULL;
    if (r == 0)
        r = sockets_add(host, name, fd, &s);
    if (r < 0)
        return r;
    assert(s);
    host->accept_ok = true;
    s->local = sockets_local(fd);
    s->remote = sockets_endpoint(&peer);
    sockets_track_result(host, s, &call, 0);
    record_saved_syn(host, fd);
    return 0;
}

/* ports.c - the ports of a run that shares the machine's loopback interface.
 *
 * Off the wire both hosts live beside all other programs of the machine, so a
 * port that a scenario names must never be taken literally: connecting to it
 * would reach whatever listens there, and binding it would tell whether
 * somebody does. Each port that a step binds or listens on therefore stands for
 * one that the kernel has chosen and that is reserved before the first step:
 *
 *   - A reservation is a socket bound to the port, never listening. It holds
 *     the port until the run is over, whether a step uses it or not, so no
 *     other program can bind it. A connect() to it without a listener gets the
 *     RST of a closed port.
 *   - A step's own socket gets in beside it because both have SO_REUSEADDR
 *     while bind(2) and listen(2) last, and only then. A program that slipped
 *     in at that instant could not listen: listen(2) looks for conflicts again.
 *   - A connect() to any other port is an error before the run begins.
 *   - An accepted connection whose far end is no socket of this run's other
 *     host is reset, and accept() goes on waiting.
 *
 * On the wire a host is alone in its namespace: ports are what they are called.
 */
#include "steps_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PORT_COUNT = UINT16_MAX + 1, WORD_BITS = 64 };

/* One port of one host. Never changes during the steps; only the thread of
 * that host touches the descriptor's options. */
struct reservation {
    enum host_id host;
    uint16_t named; /* by the scenario */
    uint16_t real;
    int fd; /* (owned) */
};

struct ports {
    struct reservation list[RUN_MAX_PORTS];
    size_t count;
    pthread_mutex_t lock; /* guards `had` and the hosts' lists of sockets */
    /* A bit for each local port that a closed socket of the host had. */
    uint64_t had[HOST_COUNT][PORT_COUNT / WORD_BITS];
};

/* --- reserving ----------------------------------------------------------- */

static const struct reservation *find(const struct ports *ports,
                                      enum host_id host, uint16_t named)
{
    for (size_t i = 0; i < ports->count; i++)
        if (ports->list[i].host == host && ports->list[i].named == named)
            return &ports->list[i];
    return NULL;
}

/* A socket on a port of loopback that nobody has. Returns it or -errno. */
static int bind_free_port(const struct ipaddr *addr, uint16_t *ret_port)
{
    union any_address a;
    socklen_t len = sockets_address(&(struct endpoint){.addr = *addr}, &a);
    int fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (bind(fd, &a.sa, len) < 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    *ret_port = sockets_local(fd).port;
    return fd;
}

static int reserve(struct run *run, enum host_id host, uint16_t named,
                   struct err *ret_err)
{
    struct ports *ports = run->ports;
    if (find(ports, host, named))
        return 0;
    if (ports->count == RUN_MAX_PORTS)
        return err_set(ret_err, EMFILE,
                       "the steps name more than %d ports, the most that a run "
                       "on the %s link may have",
                       RUN_MAX_PORTS, link_name(run->link));
    struct reservation r = {.host = host, .named = named};
    r.fd = bind_free_port(&run->hosts[host].address.addr, &r.real);
    if (r.fd < 0)
        return err_errno(ret_err, -r.fd, "cannot reserve a port on loopback");
    ports->list[ports->count++] = r;
    return 0;
}

static uint16_t named_port(const struct run *run, const struct step *step)
{
    return step->port ? step->port : run->scenario.port;
}

/* What a step binds, and the scenario's own port wherever it is connected to:
 * that nobody listens there may be what is to be shown. */
static int reserve_for(struct run *run, enum host_id host,
                       const struct step *step, struct err *ret_err)
{
    uint16_t named = named_port(run, step);
    if (step->call == STEP_LISTEN || (step->call == STEP_BIND && step->port))
        return reserve(run, host, named, ret_err);
    if (step->call == STEP_CONNECT && named == run->scenario.port)
        return reserve(run, host_peer(host), named, ret_err);
    return 0;
}

/* Only what has been reserved may be connected to. */
static int check_connect(const struct run *run, enum host_id host,
                         const struct step *step, struct err *ret_err)
{
    uint16_t named = named_port(run, step);
    enum host_id peer = host_peer(host);
    if (step->call != STEP_CONNECT || find(run->ports, peer, named))
        return 0;
    return err_set(
        ret_err, EACCES,
        "Nothing was sent: a step of the %s connects to port %u, which no step "
        "of the %s binds. On the %s link a run may connect to its own ports "
        "alone: give the %s a listen or bind step for port %u, or connect to "
        "port %u.",
        host_name(host), named, host_name(peer), link_name(run->link),
        host_name(peer), named, run->scenario.port);
}

typedef int step_visit(struct run *run, enum host_id host,
                       const struct step *step, struct err *ret_err);

static int visit_steps(struct run *run, step_visit *visit, struct err *ret_err)
{
    const struct scenario *sc = &run->scenario;
    int r = 0;
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        for (size_t i = 0; r == 0 && i < sc->step_count[h]; i++)
            if (step_applies(run, &sc->steps[h][i]))
                r = visit(run, h, &sc->steps[h][i], ret_err);
    return r;
}

static int visit_check(struct run *run, enum host_id host,
                       const struct step *step, struct err *ret_err)
{
    return check_connect(run, host, step, ret_err);
}

int ports_open(struct run *run, struct err *ret_err)
{
    run->ports = calloc(1, sizeof(*run->ports));
    if (!run->ports)
        return err_set(ret_err, ENOMEM, "no memory for the run's ports");
    pthread_mutex_init(&run->ports->lock, NULL);
    int r = reserve(run, HOST_SERVER, run->scenario.port, ret_err);
    if (r == 0)
        r = visit_steps(run, reserve_for, ret_err);
    if (r == 0)
        r = visit_steps(run, visit_check, ret_err);
    return r;
}

void ports_close(struct run *run)
{
    struct ports *ports = run->ports;
    if (!ports)
        return;
    for (size_t i = 0; i < ports->count; i++)
        close(ports->list[i].fd);
    pthread_mutex_destroy(&ports->lock);
    free(ports);
    run->ports = NULL;
}

uint16_t ports_real(const struct run *run, enum host_id host, uint16_t named)
{
    if (!run->ports)
        return named;
    const struct reservation *r = find(run->ports, host, named);
    return r ? r->real : 0;
}

/* --- getting in beside a reservation ------------------------------------- */

static int reuse_get(int fd)
{
    int value = 0;
    socklen_t len = sizeof(value);
    getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, &len);
    return value;
}

static void reuse_set(int fd, int value)
{
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
}

/* The reservation of the port that fd is about to take, or has; or NULL. */
static const struct reservation *held(const struct host *host, uint16_t real)
{
    const struct ports *ports = host->run->ports;
    for (size_t i = 0; ports && i < ports->count; i++)
        if (ports->list[i].host == host->id && ports->list[i].real == real)
            return &ports->list[i];
    return NULL;
}

/* What the scenario itself set is put back: a socket in TIME-WAIT, or another
 * of the run's, is in the way as it would be elsewhere. */
static int beside(const struct host *host, int fd, uint16_t real,
                  int (*call)(int fd, const void *arg), const void *arg)
{
    const struct reservation *r = held(host, real);
    if (!r)
        return call(fd, arg);
    int own = reuse_get(fd);
    reuse_set(r->fd, 1);
    if (!own)
        reuse_set(fd, 1);
    int result = call(fd, arg), error = errno;
    reuse_set(r->fd, 0);
    if (!own)
        reuse_set(fd, 0);
    errno = error;
    return result;
}

static int call_bind(int fd, const void *arg)
{
    union any_address a;
    socklen_t len = sockets_address(arg, &a);
    return bind(fd, &a.sa, len);
}

static int call_listen(int fd, const void *arg)
{
    return listen(fd, *(const int *)arg);
}

int ports_bind(const struct host *host, int fd, const struct endpoint *at)
{
    return beside(host, fd, at->port, call_bind, at);
}

int ports_listen(const struct host *host, int fd, int backlog)
{
    return beside(host, fd, sockets_local(fd).port, call_listen, &backlog);
}

/* --- whose connection it is ---------------------------------------------- */

void ports_lock(const struct run *run)
{
    if (run->ports)
        pthread_mutex_lock(&run->ports->lock);
}

void ports_unlock(const struct run *run)
{
    if (run->ports)
        pthread_mutex_unlock(&run->ports->lock);
}

void ports_closing(struct host *host, struct host_socket *s)
{
    struct ports *ports = host->run->ports;
    uint16_t port = ports ? sockets_local(s->fd).port : 0;
    ports_lock(host->run);
    if (port)
        ports->had[host->id][port / WORD_BITS] |= 1ull << port % WORD_BITS;
    s->fd = -1;
    ports_unlock(host->run);
}

/* Of the sockets that are open the kernel is asked, because one has a port from
 * the middle of its connect() on. */
static bool is_of_host_locked(const struct host *host, uint16_t port)
{
    const uint64_t *had = host->run->ports->had[host->id];
    if (had[port / WORD_BITS] >> port % WORD_BITS & 1)
        return true;
    for (size_t i = 0; i < host->socket_count; i++)
        if (host->sockets[i].fd >= 0 &&
            sockets_local(host->sockets[i].fd).port == port)
            return true;
    return false;
}

bool ports_is_own(const struct host *host, uint16_t port)
{
    if (!host->run->ports)
        return true;
    ports_lock(host->run);
    bool own = is_of_host_locked(host, port);
    ports_unlock(host->run);
    return own;
}

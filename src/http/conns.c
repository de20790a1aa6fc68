/* conns.c - every connection there is, and when its time is up.
 *
 * libmicrohttpd ends a connection on which nothing moves. That leaves those on
 * which hardly anything moves: a client that sends a byte of its headers every
 * few seconds, or takes a byte of its answer. So each connection has a time by
 * which it must be one step further:
 *   request  all of a request must have come; begins when the connection is
 *            opened and after each answer, so that it also bounds idling, and
 *            once more when the headers are there, for the body
 *   answer   all of an answer must have been taken, or of a long one the next
 *            PROGRESS_BYTES
 *   viewer   an event stream must have caught up with its run, or taken so
 *            many bytes; one that has caught up has no deadline until it falls
 *            behind
 * A request that waits for its run, or a viewer that has all there is, has
 * none.
 *
 * Deadlines are set by libmicrohttpd's thread, without a lock. The notifier
 * (waiters.c) looks at them every now and then and shuts the socket of who is
 * late; libmicrohttpd's thread finds it closed by its peer, as it were, and
 * does the rest. The mutex guards the list, so that a socket is not shut after
 * it was closed and its number given to another. */
#include "http_internal.h"

#include "handshake/clock.h"

#include <stdlib.h>
#include <sys/socket.h>

enum {
    SWEEPS = 4, /* in the shortest time that is given */
    LEAST_SWEEP_MS = 100,
    MOST_SWEEP_MS = 5000,
    PROGRESS_BYTES = 256 * 1024 /* taken in one deadline: 4 kB a second */
};

static const uint64_t ns_per_s = 1000000000;

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void conns_init(struct conns *all, const struct http_limits *limits)
{
    pthread_mutex_init(&all->mutex, NULL);
    all->seconds[CONN_REQUEST] = limits->request_seconds;
    all->seconds[CONN_ANSWER] = limits->answer_seconds;
    all->seconds[CONN_VIEWER] = limits->viewer_seconds;
    uint32_t shortest = MOST_SWEEP_MS;
    for (unsigned i = CONN_REQUEST; i < CONN_STEP_COUNT; i++)
        shortest =
            min_u32(shortest, min_u32(all->seconds[i], 60) * 1000 / SWEEPS);
    all->sweep_ms = shortest < LEAST_SWEEP_MS ? LEAST_SWEEP_MS : shortest;
}

void conns_done(struct conns *all)
{
    pthread_mutex_destroy(&all->mutex);
}

void conn_expect(struct conn *conn, enum conn_step step)
{
    if (!conn)
        return;
    uint64_t time_ns = conn->all->seconds[step] * ns_per_s;
    uint64_t deadline = time_ns ? clock_mono_ns() + time_ns : 0;
    conn->taken = 0;
    atomic_store_explicit(&conn->step, (int)step, memory_order_relaxed);
    atomic_store_explicit(&conn->deadline_ns, deadline, memory_order_relaxed);
}

static bool conn_expects(const struct conn *conn, enum conn_step step)
{
    return atomic_load_explicit(&conn->step, memory_order_relaxed) == (int)step;
}

void conn_took(struct conn *conn, enum conn_step step, size_t bytes)
{
    if (!conn)
        return;
    conn->taken += bytes;
    if (conn->taken >= PROGRESS_BYTES || !conn_expects(conn, step))
        conn_expect(conn, step);
}

struct conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static struct conn *conn_new(struct conns *all,
                             struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct conn *conn = info ? calloc(1, sizeof(*conn)) : NULL;
    if (!conn)
        return NULL;
    conn->all = all;
    conn->fd = info->connect_fd;
    struct ipaddr peer = proxy_peer(connection);
    conn->peer = clients_of(all->clients, &peer);
    conn->peer->connections++;
    conn_expect(conn, CONN_REQUEST);
    pthread_mutex_lock(&all->mutex);
    conn->next = all->list;
    if (all->list)
        all->list->prev = conn;
    all->list = conn;
    pthread_mutex_unlock(&all->mutex);
    atomic_fetch_add(&all->open, 1);
    atomic_fetch_add(&all->opened, 1);
    return conn;
}

static void conn_free(struct conn *conn)
{
    struct conns *all = conn->all;
    pthread_mutex_lock(&all->mutex);
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        all->list = conn->next;
    if (conn->next)
        conn->next->prev = conn->prev;
    pthread_mutex_unlock(&all->mutex);
    atomic_fetch_sub(&all->open, 1);
    if (conn->cut)
        atomic_fetch_sub(&all->ending, 1);
    conn->peer->connections--;
    free(conn);
}

/* Called before libmicrohttpd closes the socket. A connection that found no
 * memory has only libmicrohttpd's own bounds. */
void conns_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode what)
{
    struct conns *all = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = conn_new(all, connection);
    else if (*socket_context)
        conn_free(*socket_context);
}

/* End it: libmicrohttpd's thread finds it closed and does the rest. */
static void cut_locked(struct conn *conn)
{
    conn->cut = true;
    atomic_fetch_add(&conn->all->ending, 1);
    shutdown(conn->fd, SHUT_RDWR);
}

/* Whether a is a better one to end than b: one that sends no request rather
 * than one that takes an answer, and that rather than a viewer; of those the
 * one that has waited longest. */
static bool is_worse(const struct conn *a, const struct conn *b)
{
    static const int rank[CONN_STEP_COUNT] = {[CONN_FREE] = 0,
                                              [CONN_VIEWER] = 1,
                                              [CONN_ANSWER] = 2,
                                              [CONN_REQUEST] = 3};
    int ra = rank[atomic_load(&a->step)], rb = rank[atomic_load(&b->step)];
    return ra != rb
               ? ra > rb
               : atomic_load(&a->deadline_ns) < atomic_load(&b->deadline_ns);
}

/* End one connection of an address that has so many. */
static void displace(struct conns *all, uint32_t connections)
{
    struct conn *worst = NULL;
    pthread_mutex_lock(&all->mutex);
    for (struct conn *conn = all->list; conn; conn = conn->next)
        if (!conn->cut && conn->peer->connections == connections &&
            (!worst || is_worse(conn, worst)))
            worst = conn;
    if (worst)
        cut_locked(worst);
    pthread_mutex_unlock(&all->mutex);
    atomic_fetch_add(&all->displaced, worst ? 1 : 0);
}

/* A proxy stands for many: it is bound by all connections alone. */
enum MHD_Result conns_accept(void *cls, const struct sockaddr *addr,
                             socklen_t addr_len)
{
    struct conns *all = cls;
    (void)addr_len;
    struct ipaddr peer = proxy_address_of(addr);
    const struct client *client = clients_of(all->clients, &peer);
    bool ok = client->connections < all->max_address ||
              proxy_is_trusted(all->proxies, &peer);
    size_t open = atomic_load(&all->open) - atomic_load(&all->ending);
    if (ok && open >= all->max_open) {
        uint32_t most = clients_most_connections(all->clients);
        ok = client->connections == 0 || client->connections + 1 < most;
        if (ok)
            displace(all, most);
    }
    if (!ok)
        atomic_fetch_add(&all->refused, 1);
    return ok ? MHD_YES : MHD_NO;
}

/* A deadline that is met just now may be missed here; whoever came so late has
 * no claim to more. */
void conns_sweep(struct conns *all)
{
    uint64_t now = clock_mono_ns();
    pthread_mutex_lock(&all->mutex);
    for (struct conn *conn = all->list; conn; conn = conn->next) {
        uint64_t deadline =
            atomic_load_explicit(&conn->deadline_ns, memory_order_relaxed);
        if (deadline == 0 || now < deadline || conn->cut)
            continue;
        atomic_fetch_add(&all->cut[atomic_load(&conn->step)], 1);
        cut_locked(conn);
    }
    pthread_mutex_unlock(&all->mutex);
}

/* track.c - follows the kernel's states of a host's sockets.
 *
 * The state lock is held over the look-up (3 us, never waits) and the append
 * together: otherwise two threads could read two states in one order and write
 * them in the other. */
#include "run_internal.h"

#include <string.h>

static struct tracked *find_locked(struct host *host,
                                   const struct endpoint *local,
                                   const struct endpoint *remote)
{
    for (size_t i = host->tracked_count; i-- > 0;) {
        struct tracked *t = &host->tracked[i];
        if (endpoint_equal(&t->local, local) &&
            endpoint_equal(&t->remote, remote))
            return t;
    }
    return NULL;
}

static void forget_locked(struct host *host, struct tracked *t)
{
    size_t index = (size_t)(t - host->tracked);
    host->tracked_count--;
    memmove(t, t + 1, (host->tracked_count - index) * sizeof(*t));
}

/* Room for one more: a socket in TIME-WAIT, the oldest, is let go first; it
 * has nothing more to tell for a minute. */
static struct tracked *add_locked(struct host *host)
{
    if (host->tracked_count == host->tracked_max) {
        struct tracked *victim = &host->tracked[0];
        for (size_t i = 0; i < host->tracked_count; i++)
            if (host->tracked[i].state == TCP_STATE_TIME_WAIT) {
                victim = &host->tracked[i];
                break;
            }
        forget_locked(host, victim);
    }
    return &host->tracked[host->tracked_count++];
}

static void append_state(struct host *host, const struct tracked *t,
                         enum tcp_state old_state, uint32_t cause,
                         uint64_t t_ns)
{
    const struct event e = {.kind = EVENT_STATE,
                            .t_ns = t_ns,
                            .state = {.host = host->id,
                                      .local = t->local,
                                      .remote = t->remote,
                                      .old_state = old_state,
                                      .new_state = t->state,
                                      .cause = cause}};
    runlog_append(host->run->log, &e);
}

/* The kernel said now: record it when it is news. */
static void note_locked(struct host *host, struct tracked *known,
                        const struct tracked *now, uint32_t cause,
                        uint64_t t_ns)
{
    enum tcp_state old_state = known ? known->state : TCP_STATE_CLOSED;
    if (old_state == now->state)
        return;
    if (t_ns == 0)
        t_ns = runlog_now_ns(host->run->log);
    if (now->state == TCP_STATE_ESTABLISHED &&
        !host->reached[TCP_STATE_ESTABLISHED])
        host->established_ns = t_ns;
    host->reached[now->state] = true;
    append_state(host, now, old_state, cause, t_ns);
    if (now->state == TCP_STATE_CLOSED)
        forget_locked(host, known);
    else
        *(known ? known : add_locked(host)) = *now;
}

/* A look-up that fails says nothing: the state stays as it was last seen. */
static void ask_locked(struct host *host, const struct endpoint *local,
                       const struct endpoint *remote, uint32_t cause,
                       uint64_t t_ns)
{
    struct tracked now = {.local = *local, .remote = *remote};
    if (sockdiag_state(host->net.diag_fd, local, remote, &now.state) == 0)
        note_locked(host, find_locked(host, local, remote), &now, cause, t_ns);
}

void track_socket(struct host *host, const struct endpoint *local,
                  const struct endpoint *remote, uint32_t cause, uint64_t t_ns)
{
    if (host->run->options.no_states || host->run->options.no_record)
        return;
    pthread_mutex_lock(&host->state_lock);
    ask_locked(host, local, remote, cause, t_ns);
    pthread_mutex_unlock(&host->state_lock);
}

static bool is_open(const struct tracked *t)
{
    return t->state != TCP_STATE_LISTEN && t->state != TCP_STATE_TIME_WAIT;
}

size_t track_all(struct host *host)
{
    size_t open = 0;
    pthread_mutex_lock(&host->state_lock);
    for (size_t i = host->tracked_count; i-- > 0;) {
        struct tracked t = host->tracked[i];
        ask_locked(host, &t.local, &t.remote, 0, 0);
    }
    for (size_t i = 0; i < host->tracked_count; i++)
        open += is_open(&host->tracked[i]);
    pthread_mutex_unlock(&host->state_lock);
    return open;
}

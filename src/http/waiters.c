/* waiters.c - connections that sleep until a run has news for them.
 *
 * A viewer with nothing to read is suspended: it costs no thread and no
 * polling. One thread, the notifier, sleeps on the bell that all logs ring and
 * resumes whoever has something to read.
 *
 * No news is slept through, because every step is in this order. Who falls
 * asleep: enters the list, arms the bell, looks at the log, suspends - all
 * under the mutex. A log: appends, then rings if armed. The notifier: takes
 * the ring back, then under the mutex arms again if anybody is left in the
 * list and looks at each log. An event appended before the look is seen by it;
 * one appended after finds the bell armed.
 *
 * The mutex is held over MHD_suspend_connection() and MHD_resume_connection(),
 * so that a connection is never resumed before it is suspended. Lock order:
 * waiters.mutex, then libmicrohttpd's own. Nothing else is done under it.
 *
 * A suspended connection does not notice that its client has left; the
 * heartbeat makes it write something at each beat. And libmicrohttpd
 * must not be stopped while one is suspended: waiters_stop() comes first. */
#include "http_internal.h"

#include "handshake/clock.h"
#include "handshake/thread.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { DRAIN_MS = 300 };

static const uint64_t ns_per_ms = 1000000;

/* Whether the log has what me wants. The end is asked for first: whatever
 * precedes it is then in the count. */
static bool has_news(const struct waiter *me)
{
    if (runlog_ended(me->log))
        return true;
    return me->want_id > 0 && runlog_count(me->log) >= me->want_id;
}

/* The list is doubly linked: a waiter that finds news after all takes itself
 * out again, wherever it stands. */
static void link_locked(struct waiters *w, struct waiter *me)
{
    me->prev = NULL;
    me->next = w->list;
    if (w->list)
        w->list->prev = me;
    w->list = me;
}

static void unlink_locked(struct waiters *w, struct waiter *me)
{
    if (me->prev)
        me->prev->next = me->next;
    else
        w->list = me->next;
    if (me->next)
        me->next->prev = me->prev;
}

/* Resume everybody who has a reason to wake. */
static void wake_locked(struct waiters *w, bool beat)
{
    struct waiter *next;
    for (struct waiter *me = w->list; me; me = next) {
        next = me->next;
        bool beats = beat && me->wants_beat;
        if (!w->stopping && !beats && !has_news(me))
            continue;
        if (beats)
            atomic_store(&me->beat, true);
        unlink_locked(w, me);
        /* From here on me may be gone: its connection runs again. */
        MHD_resume_connection(me->conn);
    }
}

/* Sorted by time; those of one client come in order, so the place is near the
 * end. */
static void link_delay_locked(struct waiters *w, struct delay *d)
{
    struct delay *before = w->last_delay;
    while (before && before->due_ns > d->due_ns)
        before = before->prev;
    d->prev = before;
    d->next = before ? before->next : w->first_delay;
    if (d->next)
        d->next->prev = d;
    else
        w->last_delay = d;
    if (before)
        before->next = d;
    else
        w->first_delay = d;
}

/* Resume those whose time has come. Returns when the next one is due. */
static uint64_t wake_delays_locked(struct waiters *w)
{
    uint64_t now = clock_mono_ns();
    while (w->first_delay && (w->stopping || w->first_delay->due_ns <= now)) {
        struct delay *d = w->first_delay;
        w->first_delay = d->next;
        if (d->next)
            d->next->prev = NULL;
        else
            w->last_delay = NULL;
        if (--w->live == 0)
            pthread_cond_broadcast(&w->drained);
        MHD_resume_connection(d->conn); /* d may be gone after it */
    }
    return w->first_delay ? w->first_delay->due_ns : UINT64_MAX;
}

bool waiters_delay(struct waiters *w, struct delay *d)
{
    pthread_mutex_lock(&w->mutex);
    bool asleep = !w->stopping;
    if (asleep) {
        link_delay_locked(w, d);
        w->live++;
        MHD_suspend_connection(d->conn);
        if (w->first_delay == d)
            eventfd_write(w->delay_fd, 1);
    }
    pthread_mutex_unlock(&w->mutex);
    return asleep;
}

/* For poll(): rounded up, or it would wake just before its time and spin. */
static int ms_until(uint64_t deadline_ns)
{
    uint64_t now = clock_mono_ns();
    if (now >= deadline_ns)
        return 0;
    return (int)((deadline_ns - now) / ns_per_ms) + 1;
}

/* What the notifier does now and then; missed turns are not made up for. */
struct timer {
    uint64_t period_ns, due_ns;
};

static struct timer timer_every(uint32_t ms)
{
    uint64_t period_ns = ms * ns_per_ms;
    return (struct timer){period_ns, clock_mono_ns() + period_ns};
}

static bool timer_due(struct timer *t)
{
    uint64_t now = clock_mono_ns();
    if (now < t->due_ns)
        return false;
    t->due_ns = now + t->period_ns;
    return true;
}

/* The notifier: arm and look, sleep, take the ring back; at each heartbeat
 * wake those who want to be, and look for connections that are late. */
static void *notifier_main(void *arg)
{
    struct waiters *w = arg;
    pthread_setname_np(pthread_self(), "http-notify");
    struct timer beats = timer_every(w->heartbeat_ms);
    struct timer sweeps = timer_every(w->conns->sweep_ms);
    struct pollfd fds[] = {{.fd = bell_fd(w->bell), .events = POLLIN},
                           {.fd = w->stop_fd, .events = POLLIN},
                           {.fd = w->delay_fd, .events = POLLIN}};
    eventfd_t taken;
    for (;;) {
        bool beat = timer_due(&beats);
        if (timer_due(&sweeps))
            conns_sweep(w->conns);
        pthread_mutex_lock(&w->mutex);
        if (w->list)
            bell_arm(w->bell);
        wake_locked(w, beat);
        uint64_t next = wake_delays_locked(w);
        pthread_mutex_unlock(&w->mutex);
        next = next < sweeps.due_ns ? next : sweeps.due_ns;
        next = next < beats.due_ns ? next : beats.due_ns;
        int n = poll(fds, 3, ms_until(next));
        if (n > 0 && fds[1].revents)
            return NULL;
        if (n > 0 && fds[0].revents)
            bell_clear(w->bell);
        if (n > 0 && fds[2].revents)
            eventfd_read(w->delay_fd, &taken);
    }
}

/* A condition variable whose waits do not follow the wall clock. */
static int cond_init_monotonic(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    int r = pthread_condattr_init(&attr);
    if (r != 0)
        return -r;
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    r = pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
    return -r;
}

int waiters_init(struct waiters *w, struct bell *bell, struct conns *conns,
                 const struct http_limits *limits)
{
    *w = (struct waiters){.bell = bell,
                          .conns = conns,
                          .max_viewers = limits->viewers,
                          .heartbeat_ms = limits->heartbeat_seconds * 1000u};
    pthread_mutex_init(&w->mutex, NULL);
    int r = cond_init_monotonic(&w->drained);
    w->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    w->delay_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r < 0 || w->stop_fd < 0 || w->delay_fd < 0)
        return r < 0 ? r : -errno;
    r = thread_start(&w->thread, notifier_main, w);
    if (r < 0)
        return r;
    w->started = true;
    return 0;
}

void waiters_stop(struct waiters *w)
{
    uint64_t deadline = clock_mono_ns() + DRAIN_MS * ns_per_ms;
    const struct timespec until = {.tv_sec = (time_t)(deadline / 1000000000),
                                   .tv_nsec = (long)(deadline % 1000000000)};
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    wake_locked(w, false);
    (void)wake_delays_locked(w);
    /* Who does not leave in time is awake all the same, and a viewer that
     * never reads is no reason to stay. */
    int r = 0;
    while (w->live > 0 && r == 0)
        r = pthread_cond_timedwait(&w->drained, &w->mutex, &until);
    pthread_mutex_unlock(&w->mutex);
}

void waiters_done(struct waiters *w)
{
    if (w->started) {
        eventfd_write(w->stop_fd, 1);
        pthread_join(w->thread, NULL);
    }
    if (w->stop_fd >= 0)
        close(w->stop_fd);
    if (w->delay_fd >= 0)
        close(w->delay_fd);
    pthread_cond_destroy(&w->drained);
    pthread_mutex_destroy(&w->mutex);
}

bool waiters_enter(struct waiters *w, bool viewer)
{
    pthread_mutex_lock(&w->mutex);
    bool ok = !w->stopping && (!viewer || w->viewers < w->max_viewers);
    if (ok) {
        w->live++;
        w->viewers += viewer ? 1 : 0;
    }
    pthread_mutex_unlock(&w->mutex);
    return ok;
}

void waiters_leave(struct waiters *w, bool viewer)
{
    pthread_mutex_lock(&w->mutex);
    w->viewers -= viewer ? 1 : 0;
    if (--w->live == 0)
        pthread_cond_broadcast(&w->drained);
    pthread_mutex_unlock(&w->mutex);
}

bool waiters_sleep(struct waiters *w, struct waiter *me)
{
    pthread_mutex_lock(&w->mutex);
    link_locked(w, me);
    bell_arm(w->bell);
    bool asleep = !w->stopping && !has_news(me);
    if (asleep)
        MHD_suspend_connection(me->conn);
    else
        unlink_locked(w, me);
    pthread_mutex_unlock(&w->mutex);
    return asleep;
}

size_t waiters_viewers(struct waiters *w)
{
    pthread_mutex_lock(&w->mutex);
    size_t viewers = w->viewers;
    pthread_mutex_unlock(&w->mutex);
    return viewers;
}

bool waiters_stopping(struct waiters *w)
{
    pthread_mutex_lock(&w->mutex);
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->mutex);
    return stopping;
}

/* dial_race.c - several attempts beside each other: who begins when, waiting
 * for all of them at once, the end. RFC 8305 5. */
#include "dial_internal.h"

#include "handshake/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { POLL_MAX = 1 + 2 * DIAL_MAX };

int dials_open(const struct dial_options *opt, struct dials **ret_dials,
               struct err *ret_err)
{
    struct dials *all = calloc(1, sizeof(*all));
    if (!all)
        return err_set(ret_err, ENOMEM, "there is no memory left");
    all->diag_fd = sockdiag_open();
    if (all->diag_fd < 0) {
        int code = -all->diag_fd;
        free(all);
        return err_errno(ret_err, code,
                         "cannot ask the kernel for socket states");
    }
    all->timeout_ms = opt->timeout_ms;
    all->count = opt->count < DIAL_MAX ? opt->count : DIAL_MAX;
    for (size_t i = 0; i < all->count; i++)
        all->list[i] = (struct dial){
            .all = all, .number = i + 1, .to = opt->targets[i], .fd = -1};
    dial_watch_open(all);
    *ret_dials = all;
    return 0;
}

void dials_close(struct dials *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].fd >= 0)
            close(all->list[i].fd);
        runlog_free(all->list[i].log);
    }
    for (size_t i = 0; i < all->watcher_count; i++)
        sniff_close(all->watchers[i].sniff);
    close(all->diag_fd);
    free(all);
}

const char *dials_blind(const struct dials *all)
{
    return all->blind;
}

const struct runlog *dials_log(const struct dials *all, size_t i)
{
    return i < all->count ? all->list[i].log : NULL;
}

int dials_winner(const struct dials *all)
{
    for (size_t i = 0; i < all->begun; i++)
        if (all->list[i].established)
            return (int)i;
    return -1;
}

/* --- the race ------------------------------------------------------------ */

/* When the next attempt begins; UINT64_MAX = never. */
static uint64_t next_begin(const struct dials *all)
{
    if (all->begun == all->count || all->stopped || dials_winner(all) >= 0)
        return UINT64_MAX;
    if (all->begun == 0)
        return 0;
    const struct dial *last = &all->list[all->begun - 1];
    return last->phase == DIAL_CONNECTING
               ? last->begin_ns + (uint64_t)DIAL_STAGGER_MS * 1000000
               : 0;
}

static void begin_due(struct dials *all)
{
    while (next_begin(all) <= clock_mono_ns()) {
        struct dial *d = &all->list[all->begun++];
        dial_begin(d);
    }
}

/* The first that stands is kept; those that still wait are given up. */
static void give_up_others(struct dials *all)
{
    int winner = dials_winner(all);
    for (size_t i = 0; winner >= 0 && i < all->begun; i++)
        if ((int)i != winner && all->list[i].phase == DIAL_CONNECTING)
            dial_give_up(&all->list[i]);
}

static bool all_over(const struct dials *all)
{
    for (size_t i = 0; i < all->begun; i++)
        if (all->list[i].phase != DIAL_OVER)
            return false;
    return next_begin(all) == UINT64_MAX;
}

/* --- waiting ------------------------------------------------------------- */

static int wait_ms(const struct dials *all)
{
    uint64_t at_ns = next_begin(all), now_ns = clock_mono_ns();
    for (size_t i = 0; i < all->begun; i++) {
        uint64_t its_ns = dial_deadline(&all->list[i]);
        at_ns = its_ns < at_ns ? its_ns : at_ns;
    }
    if (at_ns == UINT64_MAX)
        return -1;
    return at_ns > now_ns ? (int)((at_ns - now_ns) / 1000000 + 1) : 0;
}

/* Returns false when stop_fd wants the end. */
static bool wait_for_news(struct dials *all, int stop_fd)
{
    struct pollfd waits[POLL_MAX];
    nfds_t count = 0;
    waits[count++] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
    for (size_t i = 0; i < all->begun; i++) {
        const struct dial *d = &all->list[i];
        short events = d->phase == DIAL_CONNECTING ? POLLOUT : POLLIN;
        waits[count++] = (struct pollfd){.fd = d->fd, .events = events};
    }
    for (size_t i = 0; i < all->watcher_count; i++)
        waits[count++] = (struct pollfd){.fd = sniff_fd(all->watchers[i].sniff),
                                         .events = POLLIN};
    if (poll(waits, count, wait_ms(all)) <= 0)
        return true;
    for (size_t i = 0; i < all->begun; i++)
        all->list[i].revents = waits[1 + i].revents;
    return waits[0].revents == 0;
}

static void stop(struct dials *all)
{
    all->stopped = true;
    for (size_t i = 0; i < all->begun; i++)
        dial_give_up(&all->list[i]);
}

void dials_run(struct dials *all, int stop_fd, dials_news_fn *news, void *arg)
{
    all->start_ns = clock_mono_ns();
    all->wall_offset_ns = clock_wall_ns() - all->start_ns;
    begin_due(all);
    for (;;) {
        news(all, arg);
        if (all_over(all))
            return;
        if (!wait_for_news(all, stop_fd))
            stop(all);
        dial_watch_read(all);
        for (size_t i = 0; i < all->begun; i++)
            dial_step(&all->list[i], clock_mono_ns());
        give_up_others(all);
        begin_due(all);
    }
}

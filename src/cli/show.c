/* show.c - one run, shown while it happens, see show_internal.h.
 *
 * One thread waits for whatever comes first: news of the run, a signal, a
 * letter. A run here rings a bell; one on a server comes in through a socket.
 */
#include "show_internal.h"

#include "cli_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum {
    OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
    SETTLE_MS = 20,   /* quiet for so long: kept lines will not grow */
    PARTING_MS = 1000 /* a server has to send the end of a stopped run */
};

/* What is being shown. */
struct view {
    const struct show *show;
    const struct runlog *log;
    struct ladder *ladder; /* or */
    struct feed *feed;     /* or neither */
    bool own_feed;
    struct hand *hand; /* NULL: nothing is asked */
    struct buf out;
    uint32_t shown; /* events so far */
    int signal;     /* that asked us to end */
};

/* Wherever the run is, it is a log that is read. */
const struct runlog *show_log(const struct show *show)
{
    return show->run ? run_log(show->run) : remote_log(show->remote);
}

/* The end of the run comes as an event, here as there. */
static void stop(const struct view *v)
{
    if (v->show->run)
        run_stop(v->show->run);
    else
        remote_stop(v->show->remote);
}

/* --- what there is ------------------------------------------------------- */

/* One event more: noted, then drawn or written. */
static void show_event(struct view *v, uint32_t id)
{
    size_t len = 0;
    const struct event *e = runlog_get(v->log, id);
    if (v->hand)
        hand_note(v->hand, e);
    if (v->ladder)
        ladder_add(v->ladder, e, &v->out);
    const char *line = v->feed ? feed_line(v->feed, id, &len) : NULL;
    if (line) {
        buf_append(&v->out, line, len);
        buf_append(&v->out, "\n", 1);
    }
}

/* Write what has gathered; a reader who left ends the run. */
static void write_out(struct view *v)
{
    if (v->hand && v->out.len > 0)
        hand_interrupt(v->hand);
    fwrite(buf_text(&v->out), 1, v->out.len, stdout);
    buf_reset(&v->out);
    if (!output_flush())
        stop(v);
}

/* All there is, then one write. */
static void show_news(struct view *v)
{
    uint32_t count = runlog_count(v->log);
    bool any = v->shown < count;
    while (v->shown < count)
        show_event(v, ++v->shown);
    if (any)
        write_out(v);
}

/* Nothing has happened for a while: what is known is shown as far as it goes,
 * and what is held asked about. */
static void settle_down(struct view *v)
{
    if (v->ladder) {
        ladder_flush(v->ladder, &v->out);
        write_out(v);
    }
    if (v->hand)
        hand_ask(v->hand);
}

/* --- waiting ------------------------------------------------------------- */

/* Only a ladder keeps lines back, and only a hand asks. */
static bool settles(const struct view *v)
{
    return v->ladder || v->hand;
}

/* Ask the run to end, once: what it still has to say is waited for. Whether
 * this was another signal, from somebody who does not want to wait. */
static bool take_signal(struct view *v)
{
    int signal = signals_take(v->show->signal_fd);
    bool again = signal && v->signal;
    if (signal && !again) {
        v->signal = signal;
        stop(v);
    }
    return again;
}

/* Wait for news of a run here, a signal or a letter. */
static void wait_here(struct view *v)
{
    const struct show *s = v->show;
    struct pollfd waits[] = {{.fd = bell_fd(s->bell), .events = POLLIN},
                             {.fd = s->signal_fd, .events = POLLIN},
                             {.fd = -1, .events = POLLIN}};
    bell_arm(s->bell);
    if (runlog_has_news(v->log, v->shown))
        return;
    if (poll(waits, 2, settles(v) ? SETTLE_MS : -1) == 0) {
        settle_down(v);
        waits[2].fd = v->hand && hand_listens(v->hand) ? STDIN_FILENO : -1;
        poll(waits, 3, -1);
    }
    bell_clear(s->bell);
    if (waits[2].revents)
        hand_take(v->hand);
    (void)take_signal(v); /* a run here ends within milliseconds */
}

/* Wait for news of a run on a server, or a signal. 0, or -errno when there
 * will be no more. */
static int wait_there(struct view *v, struct err *ret_err)
{
    const struct show *s = v->show;
    struct pollfd waits[] = {{.fd = remote_fd(s->remote), .events = POLLIN},
                             {.fd = s->signal_fd, .events = POLLIN}};
    int ms = v->signal ? PARTING_MS : settles(v) ? SETTLE_MS : -1;
    int n = poll(waits, 2, ms);
    if (n == 0 && v->signal)
        return err_set(ret_err, ETIMEDOUT,
                       "the server did not say how the stopped run ended");
    if (n == 0) {
        settle_down(v);
        poll(waits, 2, -1);
    }
    if (take_signal(v))
        return -EINTR;
    return waits[0].revents ? remote_take(s->remote, ret_err) : 0;
}

/* The two kinds of run differ here and nowhere else. */
static int wait_for_news(struct view *v, struct err *ret_err)
{
    if (v->show->remote)
        return wait_there(v, ret_err);
    wait_here(v);
    return 0;
}

/* --- the whole ----------------------------------------------------------- */

/* When no more can come, what was kept back is shown as far as it is known. */
static int show_all(struct view *v, struct err *ret_err)
{
    /* `ended` is looked at before the events: what is seen after it is all. */
    for (;;) {
        bool ended = runlog_ended(v->log);
        show_news(v);
        if (ended)
            return 0;
        int r = wait_for_news(v, ret_err);
        if (r < 0) {
            show_news(v);
            settle_down(v);
            return r;
        }
    }
}

/* What shows it; without memory nothing is shown, which the caller sees by the
 * return value. */
static bool open_view(struct view *v)
{
    const struct show *s = v->show;
    buf_init(&v->out, OUTPUT_MAX_BYTES);
    v->log = show_log(s);
    v->own_feed = !s->run;
    if (s->as == SHOW_LADDER)
        v->ladder = ladder_new(s->look);
    if (s->as == SHOW_JSON)
        v->feed = s->run ? feed_of(s->run) : feed_new(v->log);
    if (s->keyboard)
        v->hand = hand_new(s->run, s->keyboard);
    return v->ladder || v->feed || s->as == SHOW_NOTHING;
}

/* Whatever was opened is freed here, also when opening it failed half-way. */
int show_run(const struct show *show, struct err *ret_err)
{
    struct view v = {.show = show};
    int r = -ENOMEM;
    if (open_view(&v))
        r = show_all(&v, ret_err);
    else
        err_set(ret_err, ENOMEM, "there is no memory left");
    hand_free(v.hand);
    ladder_free(v.ladder);
    if (v.own_feed)
        feed_free(v.feed);
    buf_done(&v.out);
    return v.signal ? v.signal : r;
}

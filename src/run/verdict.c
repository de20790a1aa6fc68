/* verdict.c - how a run ended and why.
 *
 * Theory of operation: the verdict is about one connection, the client's "conn"
 * (or the first it tried). Its code comes from what the programs saw, since
 * that is what a user meets; the sentence adds what the wire saw, since that is
 * where three causes of one errno part: lost on the way there, swallowed by the
 * server's kernel, lost on the way back. Each ends with what to look at. Where
 * nothing was seen nothing is claimed. */
#include "expect.h"
#include "pattern.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_TEXT_BYTES = 24, VERDICT_TEXT_BYTES = 640 };

struct verdict {
    enum verdict_code code;
    char text[VERDICT_TEXT_BYTES];
};

__attribute__((format(printf, 3, 4))) static void
set_verdict(struct verdict *v, enum verdict_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    v->code = code;
    vsnprintf(v->text, sizeof(v->text), fmt, args);
    va_end(args);
}

/* What the errno of connect() makes of a run. */
static const struct {
    int error;
    enum verdict_code code;
} connect_verdicts[] = {
    {ECONNREFUSED, VERDICT_REFUSED},     {ETIMEDOUT, VERDICT_TIMED_OUT},
    {EHOSTUNREACH, VERDICT_UNREACHABLE}, {ENETUNREACH, VERDICT_UNREACHABLE},
    {EACCES, VERDICT_UNREACHABLE},       {ENOPROTOOPT, VERDICT_UNREACHABLE},
    {EPROTO, VERDICT_UNREACHABLE},       {ECONNRESET, VERDICT_RESET},
    {EINVAL, VERDICT_UNREACHABLE},       {EINPROGRESS, VERDICT_HALF_OPEN},
};

/* Any other errno is a failure of its own kind. */
static enum verdict_code connect_verdict(int error)
{
    const size_t count = sizeof(connect_verdicts) / sizeof(*connect_verdicts);
    for (size_t i = 0; i < count; i++)
        if (connect_verdicts[i].error == error)
            return connect_verdicts[i].code;
    return VERDICT_FAILED;
}

/* Whether the server's end was seen ESTABLISHED or its program got it. */
static bool server_has_connection(const struct run *run)
{
    const struct host *server = &run->hosts[HOST_SERVER];
    return server->accept_ok || server->reached[TCP_STATE_ESTABLISHED];
}

/* --- what the wire saw, for the cause ------------------------------------ */

/* What passed while a connection was tried. */
struct evidence {
    unsigned syns, syns_arrived;       /* of the client */
    unsigned synacks, synacks_arrived; /* of the server */
    bool forged_reset, forged_icmp;
    bool forged_client, forged_peer; /* the latter: its SYN */
};

/* Counts the two segments that every opening needs, and RSTs by hand. */
static void see_segment(const struct runlog *log, const struct event *e,
                        struct evidence *ret)
{
    struct segment seg;
    if (segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) < 0)
        return;
    bool arrived = pattern_fates(log, e->segment.n) & PATTERN_ARRIVED;
    bool client = e->segment.from == HOST_CLIENT;
    if (client && seg.flags == SEG_SYN) {
        ret->syns++;
        ret->syns_arrived += arrived;
    }
    if (!client && seg.flags == (SEG_SYN | SEG_ACK)) {
        ret->synacks++;
        ret->synacks_arrived += arrived;
    }
    ret->forged_reset |= e->segment.forged && (seg.flags & SEG_RST);
    ret->forged_client |= e->segment.forged && client;
    ret->forged_peer |= e->segment.forged && !client && (seg.flags & SEG_SYN);
}

/* Once, at the end: the log holds all that passed. */
static struct evidence gather(const struct run *run)
{
    struct evidence seen = {.syns = 0};
    for (uint32_t id = 1; id <= runlog_count(run->log); id++) {
        const struct event *e = runlog_get(run->log, id);
        if (e->kind == EVENT_SEGMENT)
            see_segment(run->log, e, &seen);
        seen.forged_icmp |= e->kind == EVENT_ICMP && e->icmp.forged;
    }
    return seen;
}

/* Why nobody answered, and what to look at: the three look alike from the
 * client. */
static const char *timeout_hint(const struct evidence *seen)
{
    if (seen->syns_arrived == 0)
        return " None of its SYNs reached the server: look at the way there, a "
               "filter or a route.";
    if (seen->synacks == 0)
        return " The SYNs reached the server and its kernel stayed silent: "
               "look at its queues and counters (ss -ltn, nstat).";
    if (seen->synacks_arrived == 0)
        return " The server answered each time, and no answer came back: look "
               "at the way back.";
    return " An answer reached the client and its kernel did not take it.";
}

/* One more sentence about the cause; "" when nothing was seen that tells. */
static const char *connect_hint(const struct run *run, enum verdict_code code)
{
    if (run->link != LINK_WIRE || run->options.no_record)
        return "";
    struct evidence seen = gather(run);
    if (seen.syns == 0)
        return " Not one segment was sent: look at this host's own routes and "
               "ports.";
    if (code == VERDICT_TIMED_OUT)
        return timeout_hint(&seen);
    if (code == VERDICT_REFUSED && seen.forged_reset)
        return " The RST was made on the way and not by the server: its TTL "
               "and its time are the only hints.";
    if (seen.forged_icmp)
        return " An ICMP message from the way, not the server, ended the "
               "attempt: look at who sent it.";
    if (code == VERDICT_REFUSED)
        return " Look at what the server listens on (ss -ltn).";
    return "";
}

/* --- judging ------------------------------------------------------------- */

/* The log takes no more, for one of three reasons. */
static void judge_full(const struct run *run, struct verdict *v)
{
    bool guest = guest_is_client(run);
    const char *after =
        guest ? " What passed after it was carried unseen." : "";
    const char *what = guest ? "The record ends early" : "The run was stopped";
    switch (runlog_full(run->log)) {
    case RUNLOG_BUDGET:
        set_verdict(v, VERDICT_LIMIT,
                    "%s because the memory for runs is used up: all of them "
                    "together may hold %zu MB (--max-memory), and this one "
                    "held more than its share.%s",
                    what, memory_budget_max(run->memory.budget) >> 20, after);
        return;
    case RUNLOG_NO_MEMORY:
        set_verdict(v, VERDICT_LIMIT,
                    "%s because the system gave no more memory.%s", what,
                    after);
        return;
    default:
        break;
    }
    if (guest)
        set_verdict(v, VERDICT_LIMIT,
                    "The record is full (%u events): what passed after it was "
                    "carried unseen, and nothing was done to it.",
                    (unsigned)runlog_count(run->log));
    else
        set_verdict(v, VERDICT_LIMIT,
                    "The run was stopped because its log is full (%u events).",
                    (unsigned)runlog_count(run->log));
}

/* The run itself failed or was cut short; false when it took its course. */
static bool judge_interruption(const struct run *run, struct verdict *v)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (run->hosts[h].net_error.code &&
            run->hosts[h].net_error.code != ECANCELED) {
            set_verdict(v, VERDICT_ERROR, "%s", run->hosts[h].net_error.text);
            return true;
        }
    if (runlog_full(run->log))
        judge_full(run, v);
    else if (atomic_load(&run->stop))
        set_verdict(v, VERDICT_CANCELLED, "The run was stopped by request.");
    else if (run->limit_held)
        set_verdict(v, VERDICT_LIMIT,
                    "The run was stopped: it was held, and there was no "
                    "request about it for %u s.",
                    (unsigned)run->held_seconds);
    else if (run->limit_time)
        set_verdict(v, VERDICT_LIMIT,
                    "The run was stopped at its time limit of %u s.",
                    (unsigned)run->options.max_seconds);
    else
        return false;
    return true;
}

/* A time as people say it: 162 µs, 60.7 ms, 1.01 s. Three figures are what such
 * a measurement is good for. */
static const char *say_time(uint64_t ns, char ret_text[TIME_TEXT_BYTES])
{
    double us = (double)ns / 1e3;
    if (us < 1e3)
        snprintf(ret_text, TIME_TEXT_BYTES, "%.0f µs", us);
    else if (us < 1e6)
        snprintf(ret_text, TIME_TEXT_BYTES, "%.*f ms", us < 1e5 ? 1 : 0,
                 us / 1e3);
    else
        snprintf(ret_text, TIME_TEXT_BYTES, "%.2f s", us / 1e6);
    return ret_text;
}

/* Who was ESTABLISHED first, and by how much, where states are seen in time. */
static void judge_established(const struct run *run, struct verdict *v)
{
    const struct host *client = &run->hosts[HOST_CLIENT];
    const struct host *server = &run->hosts[HOST_SERVER];
    char took[TIME_TEXT_BYTES], ahead[TIME_TEXT_BYTES];
    say_time(client->connect_ns, took);
    /* Elsewhere states are seen late, and such a difference says little. */
    if (run->link == LINK_WIRE && client->established_ns &&
        server->established_ns &&
        server->established_ns > client->established_ns)
        set_verdict(
            v, VERDICT_ESTABLISHED,
            "The handshake completed: connect() returned after %s; the "
            "client was ESTABLISHED %s before the server.",
            took,
            say_time(server->established_ns - client->established_ns, ahead));
    else
        set_verdict(v, VERDICT_ESTABLISHED,
                    "The handshake completed: connect() returned after %s.",
                    took);
}

/* The two errnos that tell how a connection ended. */
static enum verdict_code failure_verdict(int error)
{
    return error == ECONNRESET  ? VERDICT_RESET
           : error == ETIMEDOUT ? VERDICT_TIMED_OUT
                                : VERDICT_FAILED;
}

/* A call other than connect() failed, after the handshake or without one. */
static bool judge_failure(const struct run *run, struct verdict *v)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        const struct host *host = &run->hosts[h];
        if (host->complaint[0]) {
            set_verdict(v, VERDICT_FAILED, "%s.", host->complaint);
            v->text[0] = v->text[0] == 't' ? 'T' : v->text[0];
            return true;
        }
        if (host->failed && host->error != ECANCELED) {
            set_verdict(v, failure_verdict(host->error),
                        "The %s's %s() gave %s: %s.", host_name(h),
                        host->error_call, err_name(host->error),
                        err_meaning(host->error));
            return true;
        }
    }
    return false;
}

/* The errno, what it means, and what the wire adds to it. */
static void judge_connect(const struct run *run, struct verdict *v)
{
    const int error = run->hosts[HOST_CLIENT].connect_error;
    enum verdict_code code = connect_verdict(error);
    set_verdict(v, code, "connect() gave %s: %s.%s", err_name(error),
                err_meaning(error), connect_hint(run, code));
}

/* A connect() that did not wait, and a handshake that came to its end. */
static bool went_on(const struct host *client)
{
    return client->connect_error == EINPROGRESS &&
           client->reached[TCP_STATE_ESTABLISHED];
}

/* No program called connect(). A client made by hand may have got far. */
static void judge_untried(const struct run *run, struct verdict *v)
{
    if (!gather(run).forged_client)
        set_verdict(v, VERDICT_FAILED, "The client never tried to connect.");
    else if (server_has_connection(run))
        set_verdict(v, VERDICT_BY_HAND,
                    "The client's part was made by hand: the server's kernel "
                    "took it for a client and was ESTABLISHED.");
    else
        set_verdict(v, VERDICT_BY_HAND,
                    "No program called connect(): what passed was made by "
                    "hand, and no connection came of it.");
}

/* The client is ESTABLISHED and the server never was. */
static void judge_half_open(const struct run *run, struct verdict *v)
{
    char took[TIME_TEXT_BYTES];
    if (gather(run).forged_peer)
        set_verdict(v, VERDICT_ESTABLISHED,
                    "The handshake completed: connect() returned after %s. The "
                    "peer was made by hand: the server's kernel knows nothing "
                    "of this connection.",
                    say_time(run->hosts[HOST_CLIENT].connect_ns, took));
    else
        set_verdict(v, VERDICT_HALF_OPEN,
                    "The client is ESTABLISHED, the server never was: the last "
                    "segment of the handshake did not arrive, or was not "
                    "taken. Look at the server's queues (ss -tan, ss -ltn).");
}

/* The first that applies: refused, failed later, half open, good. */
static void judge_course(const struct run *run, struct verdict *v)
{
    const struct host *client = &run->hosts[HOST_CLIENT];
    if (client->connect_tried && !client->connect_ok && !went_on(client))
        judge_connect(run, v);
    else if (judge_failure(run, v))
        return;
    else if (!client->connect_tried)
        judge_untried(run, v);
    else if (!server_has_connection(run) && !run->options.no_states)
        judge_half_open(run, v);
    else
        judge_established(run, v);
}

/* An interruption says more than what came before it. */
static struct verdict judge(const struct run *run)
{
    struct verdict v = {.code = VERDICT_NONE};
    if (judge_interruption(run, &v))
        return v;
    if (!guest_is_client(run))
        judge_course(run, &v);
    else if (!judge_failure(run, &v))
        v.code = guest_judge(run, v.text, sizeof(v.text));
    return v;
}

/* --- the end ------------------------------------------------------------- */

/* The counters are looked at once more, so that the last ones still come before
 * the end. */
void verdict_append(struct run *run)
{
    counters_finish(run);
    struct verdict v = judge(run);
    struct expect_list *x = expect_judge(run, v.code);
    size_t count;
    const struct expectation *lines = expect_lines(x, &count);
    const struct event e = {.kind = EVENT_RUN,
                            .t_ns = runlog_now_ns(run->log),
                            .run = {.phase = PHASE_END,
                                    .run_id = run->id,
                                    .scenario = run->scenario.id,
                                    .link = run->link,
                                    .verdict = v.code,
                                    .verdict_text = v.text,
                                    .expect = lines,
                                    .expect_count = count}};
    runlog_append(run->log, &e);
    free(x);
}

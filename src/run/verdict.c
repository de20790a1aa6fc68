/* verdict.c - how a run ended and why, and which expectations were met. */
#include "run_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { VERDICT_TEXT_BYTES = 640, EXPECT_TEXT_BYTES = 160 };

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
};

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

/* The run itself failed or was cut short; false when it took its course. */
static bool judge_interruption(const struct run *run, struct verdict *v)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (run->hosts[h].net_error.code) {
            set_verdict(v, VERDICT_ERROR, "%s", run->hosts[h].net_error.text);
            return true;
        }
    if (runlog_full(run->log))
        set_verdict(v, VERDICT_LIMIT,
                    "The run was stopped because its log is full (%u events).",
                    (unsigned)runlog_count(run->log));
    else if (atomic_load(&run->stop))
        set_verdict(v, VERDICT_CANCELLED, "The run was stopped by request.");
    else if (run->limit_time)
        set_verdict(v, VERDICT_LIMIT,
                    "The run was stopped at its time limit of %u s.",
                    (unsigned)run->options.max_seconds);
    else
        return false;
    return true;
}

static void judge_established(const struct run *run, struct verdict *v)
{
    const struct host *client = &run->hosts[HOST_CLIENT];
    const struct host *server = &run->hosts[HOST_SERVER];
    uint64_t us = client->connect_ns / 1000;
    /* Without a wire states are seen late, and such a difference says little.
     */
    if (run->link == LINK_WIRE && client->established_ns &&
        server->established_ns &&
        server->established_ns > client->established_ns)
        set_verdict(v, VERDICT_ESTABLISHED,
                    "The handshake completed: connect() returned after %llu "
                    "µs; the client was ESTABLISHED %llu µs before the server.",
                    (unsigned long long)us,
                    (unsigned long long)(server->established_ns -
                                         client->established_ns) /
                        1000);
    else
        set_verdict(v, VERDICT_ESTABLISHED,
                    "The handshake completed: connect() returned after %llu "
                    "µs.",
                    (unsigned long long)us);
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
            set_verdict(
                v, host->error == ECONNRESET ? VERDICT_RESET : VERDICT_FAILED,
                "The %s's %s() gave %s: %s.", host_name(h), host->error_call,
                err_name(host->error), err_meaning(host->error));
            return true;
        }
    }
    return false;
}

static struct verdict judge(const struct run *run)
{
    struct verdict v = {.code = VERDICT_NONE};
    const struct host *client = &run->hosts[HOST_CLIENT];
    if (judge_interruption(run, &v))
        return v;
    if (client->connect_tried && !client->connect_ok)
        set_verdict(&v, connect_verdict(client->connect_error),
                    "connect() gave %s: %s.", err_name(client->connect_error),
                    err_meaning(client->connect_error));
    else if (judge_failure(run, &v))
        return v;
    else if (!client->connect_tried)
        set_verdict(&v, VERDICT_FAILED, "The client never tried to connect.");
    else if (!server_has_connection(run) && !run->options.no_states)
        set_verdict(&v, VERDICT_HALF_OPEN,
                    "The client is ESTABLISHED, the server never was: the last "
                    "segment of the handshake did not arrive.");
    else
        judge_established(run, &v);
    return v;
}

/* --- expectations
 * -------------------------------------------------------------- */

struct expect_list {
    size_t count;
    struct expectation list[RUN_MAX_EXPECT];
    char text[RUN_MAX_EXPECT][2][EXPECT_TEXT_BYTES];
};

__attribute__((format(printf, 4, 5))) static void
add_expectation(struct expect_list *x, bool met, const char *what,
                const char *seen_fmt, ...)
{
    assert(x->count < RUN_MAX_EXPECT);
    char(*text)[EXPECT_TEXT_BYTES] = x->text[x->count];
    snprintf(text[0], EXPECT_TEXT_BYTES, "%s", what);
    va_list args;
    va_start(args, seen_fmt);
    vsnprintf(text[1], EXPECT_TEXT_BYTES, seen_fmt, args);
    va_end(args);
    x->list[x->count++] =
        (struct expectation){.what = text[0], .seen = text[1], .met = met};
}

static void expect_connect(const struct run *run, struct expect_list *x)
{
    const char *wanted = run->scenario.expect_connect;
    if (!wanted[0])
        return;
    const struct host *client = &run->hosts[HOST_CLIENT];
    const char *seen = !client->connect_tried ? "was never called"
                       : client->connect_ok   ? "ok"
                                              : err_name(client->connect_error);
    char what[EXPECT_TEXT_BYTES];
    snprintf(what, sizeof(what), "client connect %s", wanted);
    add_expectation(x, strcmp(seen, wanted) == 0, what, "client connect %s",
                    seen);
}

/* Whether every copy of segment n that has a fate was dropped. */
static bool was_dropped(const struct run *run, uint32_t n)
{
    bool dropped = false;
    for (uint32_t id = 1; id <= runlog_count(run->log); id++) {
        const struct event *e = runlog_get(run->log, id);
        if (e->kind != EVENT_COPY || e->copy.n != n)
            continue;
        if (e->copy.fate == FATE_ARRIVED)
            return false;
        dropped |= e->copy.fate == FATE_DROPPED;
    }
    return dropped;
}

/* Does event e show what pattern says: "client SYN", "server SYN,ACK dropped"?
 */
static bool segment_fits(const struct run *run, const struct event *e,
                         const char *pattern)
{
    struct segment seg;
    if (e->kind != EVENT_SEGMENT ||
        segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) < 0)
        return false;
    char flags[SEGMENT_FLAGS_TEXT_BYTES], text[64];
    segment_flags_text(seg.flags, flags);
    snprintf(text, sizeof(text), "%s %s", host_name(e->segment.from), flags);
    size_t len = strlen(text);
    if (strncmp(text, pattern, len) != 0)
        return false;
    if (strcmp(pattern + len, " dropped") == 0)
        return was_dropped(run, e->segment.n);
    return pattern[len] == '\0';
}

/* The expected segments must come in their order; others may stand between. */
static void expect_segments(const struct run *run, struct expect_list *x)
{
    uint32_t id = 0, count = runlog_count(run->log);
    for (size_t i = 0; i < run->scenario.expect_segment_count; i++) {
        const char *pattern = run->scenario.expect_segments[i];
        const struct event *e = NULL;
        while (id < count && !e) {
            const struct event *next = runlog_get(run->log, ++id);
            e = segment_fits(run, next, pattern) ? next : NULL;
        }
        char what[EXPECT_TEXT_BYTES];
        snprintf(what, sizeof(what), "segment %s", pattern);
        if (e)
            add_expectation(x, true, what, "segment %u",
                            (unsigned)e->segment.n);
        else
            add_expectation(x, false, what, "no such segment at its place");
    }
}

void verdict_append(struct run *run)
{
    struct verdict v = judge(run);
    struct expect_list x = {.count = 0};
    expect_connect(run, &x);
    /* What cannot be seen can be neither met nor missed. */
    if (!run->options.no_record && run->link != LINK_SOCKETS)
        expect_segments(run, &x);
    const struct event e = {.kind = EVENT_RUN,
                            .t_ns = runlog_now_ns(run->log),
                            .run = {.phase = PHASE_END,
                                    .run_id = run->id,
                                    .scenario = run->scenario.id,
                                    .link = run->link,
                                    .verdict = v.code,
                                    .verdict_text = v.text,
                                    .expect = x.list,
                                    .expect_count = x.count}};
    runlog_append(run->log, &e);
}

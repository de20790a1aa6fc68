/* expect.c - what a scenario expects, held against what the run's log says.
 * Each line becomes one expectation: met or not, with what was seen.
 *
 * Theory of operation: everything is judged after the fact, from the log and
 * from what the hosts remember, by the wire thread when both hosts are through.
 * So nothing is slowed down while the run lasts, and a scenario that is run
 * again from its log would be judged alike. What a link cannot show is left
 * out: on the sockets link there are no segments, off the wire no states at the
 * moment they change and no counters of a host's own. Expectations are
 * invariants, never traces: kernels differ in what stands between. */
#include "expect.h"

#include "pattern.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPECT_TEXT_BYTES = 200, WORD_BYTES = 48 };

/* Every kind of line at its most, and each step that is to fail. */
enum {
    EXPECT_MOST = SCENARIO_MAX_CALLS + 5 * SCENARIO_MAX_EXPECT + 2 +
                  HOST_COUNT * SCENARIO_MAX_STEPS
};

struct expect_list {
    size_t count;
    struct expectation list[EXPECT_MOST];
    char text[EXPECT_MOST][2][EXPECT_TEXT_BYTES];
};

__attribute__((format(printf, 4, 5))) static void add(struct expect_list *x,
                                                      bool met,
                                                      const char *what,
                                                      const char *seen_fmt, ...)
{
    assert(x->count < EXPECT_MOST);
    char(*text)[EXPECT_TEXT_BYTES] = x->text[x->count];
    snprintf(text[0], EXPECT_TEXT_BYTES, "%s", what);
    va_list args;
    va_start(args, seen_fmt);
    vsnprintf(text[1], EXPECT_TEXT_BYTES, seen_fmt, args);
    va_end(args);
    x->list[x->count++] =
        (struct expectation){.what = text[0], .seen = text[1], .met = met};
}

/* --- checks of lines ----------------------------------------------------- */

const char *expect_check_segment(const char *text)
{
    struct pattern p;
    return pattern_parse(text, &p)
               ? NULL
               : "must be a host and its flags, as \"server SYN,ACK\", "
                 "\"client SYN dropped\" or \"server ICMP 3/1\"";
}

/* "client ESTABLISHED". */
static bool parse_state(const char *text, enum host_id *ret_host,
                        enum tcp_state *ret_state)
{
    char word[WORD_BYTES];
    *ret_state = TCP_STATE_COUNT;
    if (pattern_host(&text, ret_host) &&
        pattern_word(&text, word, sizeof(word)) && !*text)
        *ret_state = pattern_state(word);
    return *ret_state != TCP_STATE_COUNT;
}

const char *expect_check_state(const char *text)
{
    enum host_id host;
    enum tcp_state state;
    return parse_state(text, &host, &state)
               ? NULL
               : "must be a host and a state, as \"server SYN-RECEIVED\"";
}

/* "server ListenOverflows 3". */
static bool parse_counter(const char *text, enum host_id *ret_host,
                          char ret_name[WORD_BYTES], uint64_t *ret_least)
{
    char *end = NULL;
    *ret_least = 1;
    if (!pattern_host(&text, ret_host) ||
        !pattern_word(&text, ret_name, WORD_BYTES))
        return false;
    if (*text)
        *ret_least = strtoull(text, &end, 10);
    if (end && (*end || end == text))
        return false;
    for (size_t i = 0; counter_name(i); i++)
        if (strcmp(counter_name(i), ret_name) == 0)
            return true;
    return false;
}

const char *expect_check_counter(const char *text)
{
    enum host_id host;
    char name[WORD_BYTES];
    uint64_t least;
    return parse_counter(text, &host, name, &least)
               ? NULL
               : "must be a host and a counter that is known here, as \"server "
                 "ListenOverflows\", maybe with the least it must count";
}

/* --- calls --------------------------------------------------------------- */

/* The end of the last such call; NULL when there was none. */
static const struct event *last_call(const struct runlog *log,
                                     const struct expect_call *call)
{
    for (uint32_t id = runlog_count(log); id > 0; id--) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_CALL && e->call.phase == PHASE_END &&
            e->call.host == call->host &&
            strcmp(e->call.name, call->call) == 0 &&
            (!call->on[0] || strcmp(e->call.on, call->on) == 0))
            return e;
    }
    return NULL;
}

static const char *result_name(const struct event *e)
{
    if (!e)
        return "never returned";
    return e->call.error ? err_name(e->call.error) : "ok";
}

/* Of several calls of one name the last counts. */
static void expect_calls(const struct run *run, const struct expect *wanted,
                         struct expect_list *x)
{
    for (size_t i = 0; i < wanted->call_count; i++) {
        const struct expect_call *c = &wanted->calls[i];
        const char *seen = result_name(last_call(run->log, c));
        char what[EXPECT_TEXT_BYTES];
        snprintf(what, sizeof(what), "%s %s%s%s %s", host_name(c->host),
                 c->call, c->on[0] ? " on " : "", c->on, c->result);
        add(x, strcmp(seen, c->result) == 0, what, "%s %s %s",
            host_name(c->host), c->call, seen);
    }
}

/* A step with `fails` is an expectation by itself. */
static void expect_step(const struct run *run, enum host_id h, size_t index,
                        struct expect_list *x)
{
    const struct step *step = &run->scenario.steps[h][index];
    int result = run->hosts[h].step_results[index];
    if (!step->fails[0] || strcmp(step->fails, "any") == 0 ||
        !step_applies(run, step))
        return;
    const char *seen = result == 0   ? "never came to that"
                       : result == 1 ? "ok"
                                     : err_name(result - 1);
    char what[EXPECT_TEXT_BYTES];
    snprintf(what, sizeof(what), "%s step %zu, %s, fails with %s", host_name(h),
             index + 1, step_call_name(step->call), step->fails);
    add(x, strcmp(seen, step->fails) == 0, what, "%s %s", host_name(h), seen);
}

/* Of the connection the verdict is about. */
static void expect_connect_time(const struct run *run,
                                const struct expect *wanted,
                                struct expect_list *x)
{
    const struct host *client = &run->hosts[HOST_CLIENT];
    if (wanted->connect_max_ms == 0)
        return;
    uint64_t ms = client->connect_ns / 1000000;
    char what[EXPECT_TEXT_BYTES];
    snprintf(what, sizeof(what), "client connect takes %u to %u ms",
             (unsigned)wanted->connect_min_ms,
             (unsigned)wanted->connect_max_ms);
    add(x,
        client->connect_tried && ms >= wanted->connect_min_ms &&
            ms <= wanted->connect_max_ms,
        what, "client connect took %llu ms", (unsigned long long)ms);
}

/* --- the wire ------------------------------------------------------------ */

/* The expected segments must come in their order; others may stand between. */
static void expect_segments(const struct run *run, const struct expect *wanted,
                            struct expect_list *x)
{
    uint32_t id = 0, count = runlog_count(run->log);
    for (size_t i = 0; i < wanted->segment_count; i++) {
        struct pattern p;
        const struct event *e = NULL;
        char what[EXPECT_TEXT_BYTES];
        snprintf(what, sizeof(what), "segment %s", wanted->segments[i]);
        bool known = pattern_parse(wanted->segments[i], &p);
        while (id < count && !e && known) {
            const struct event *next = runlog_get(run->log, ++id);
            e = pattern_fits(&p, run->log, next) ? next : NULL;
        }
        if (!e)
            add(x, false, what, "no such segment at its place");
        else if (e->kind == EVENT_ICMP)
            add(x, true, what, "event %u", (unsigned)e->id);
        else
            add(x, true, what, "segment %u", (unsigned)e->segment.n);
    }
}

/* One is enough to miss it, and is named. */
static void expect_no_segments(const struct run *run,
                               const struct expect *wanted,
                               struct expect_list *x)
{
    for (size_t i = 0; i < wanted->no_segment_count; i++) {
        struct pattern p;
        uint32_t found = 0, count = runlog_count(run->log);
        char what[EXPECT_TEXT_BYTES];
        snprintf(what, sizeof(what), "no segment %s", wanted->no_segments[i]);
        bool known = pattern_parse(wanted->no_segments[i], &p);
        for (uint32_t id = 1; id <= count && known && !found; id++)
            if (pattern_fits(&p, run->log, runlog_get(run->log, id)))
                found = id;
        if (found)
            add(x, false, what, "event %u is one", (unsigned)found);
        else
            add(x, known, what, "none");
    }
}

/* --- kernels ------------------------------------------------------------- */

/* Seen at any socket of the host at any time. */
static void expect_states(const struct run *run, const struct expect *wanted,
                          struct expect_list *x)
{
    for (size_t i = 0; i < wanted->state_count; i++) {
        enum host_id host;
        enum tcp_state state;
        bool met = parse_state(wanted->states[i], &host, &state) &&
                   run->hosts[host].reached[state];
        char what[EXPECT_TEXT_BYTES];
        snprintf(what, sizeof(what), "%s is reached", wanted->states[i]);
        add(x, met, what, met ? "it was" : "it was not");
    }
}

/* The states of a host's connections now, and whether one is as wanted; CLOSED
 * is the state of what is not there. */
static bool has_state(const struct host *host, enum tcp_state state,
                      char ret_seen[EXPECT_TEXT_BYTES])
{
    size_t len = 0, connections = 0;
    bool found = false;
    snprintf(ret_seen, EXPECT_TEXT_BYTES, "%s", "no connection");
    for (size_t i = 0; i < host->tracked_count; i++) {
        const struct tracked *t = &host->tracked[i];
        if (t->remote.port == 0 && state != TCP_STATE_LISTEN)
            continue;
        int n = snprintf(ret_seen + len, EXPECT_TEXT_BYTES - len, "%s%s",
                         len ? ", " : "", tcp_state_name(t->state));
        len += n > 0 && len + (size_t)n < EXPECT_TEXT_BYTES ? (size_t)n : 0;
        connections++;
        found |= t->state == state;
    }
    return found || (state == TCP_STATE_CLOSED && connections == 0);
}

/* As the hosts stand when both are through their steps. */
static void expect_end_states(struct run *run, const struct expect *wanted,
                              struct expect_list *x)
{
    for (size_t i = 0; i < wanted->end_state_count; i++) {
        enum host_id h;
        enum tcp_state state;
        char what[EXPECT_TEXT_BYTES], seen[EXPECT_TEXT_BYTES] = "";
        bool met = parse_state(wanted->end_states[i], &h, &state);
        struct host *host = &run->hosts[h];
        pthread_mutex_lock(&host->state_lock);
        met = met && has_state(host, state, seen);
        pthread_mutex_unlock(&host->state_lock);
        snprintf(what, sizeof(what), "%s at the end", wanted->end_states[i]);
        add(x, met, what, "%s", seen);
    }
}

/* The sum over the run. */
static uint64_t counted(const struct runlog *log, enum host_id host,
                        const char *name)
{
    uint64_t sum = 0;
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_COUNTER && e->counter.host == host &&
            strcmp(e->counter.name, name) == 0)
            sum += e->counter.delta;
    }
    return sum;
}

/* At least so much: kernels count more or less eagerly. */
static void expect_counters(const struct run *run, const struct expect *wanted,
                            struct expect_list *x)
{
    for (size_t i = 0; i < wanted->counter_count; i++) {
        enum host_id host;
        char name[WORD_BYTES], what[EXPECT_TEXT_BYTES];
        uint64_t least, seen = 0;
        bool known = parse_counter(wanted->counters[i], &host, name, &least);
        if (known)
            seen = counted(run->log, host, name);
        snprintf(what, sizeof(what), "counter %s", wanted->counters[i]);
        add(x, known && seen >= least, what, "it moved by %llu",
            (unsigned long long)seen);
    }
}

/* --- all of it ----------------------------------------------------------- */

/* In the order of the document, the verdict last. */
struct expect_list *expect_judge(struct run *run, enum verdict_code verdict)
{
    const struct expect *wanted = run->options.long_form
                                      ? &run->scenario.expect_long
                                      : &run->scenario.expect;
    struct expect_list *x = calloc(1, sizeof(*x));
    if (!x)
        return NULL;
    if (!run->options.no_record) {
        expect_calls(run, wanted, x);
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            for (size_t i = 0; i < run->scenario.step_count[h]; i++)
                expect_step(run, h, i, x);
    }
    expect_connect_time(run, wanted, x);
    /* What cannot be seen can be neither met nor missed. */
    if (!run->options.no_record && run->link != LINK_SOCKETS) {
        expect_segments(run, wanted, x);
        expect_no_segments(run, wanted, x);
    }
    if (!run->options.no_states && run->link == LINK_WIRE) {
        expect_states(run, wanted, x);
        expect_end_states(run, wanted, x);
        expect_counters(run, wanted, x);
    }
    if (wanted->verdict[0])
        add(x, strcmp(wanted->verdict, verdict_name(verdict)) == 0,
            "the verdict is as expected", "%s where %s was wanted",
            verdict_name(verdict), wanted->verdict);
    return x;
}

const struct expectation *expect_lines(const struct expect_list *x,
                                       size_t *ret_count)
{
    *ret_count = x ? x->count : 0;
    return x ? x->list : NULL;
}

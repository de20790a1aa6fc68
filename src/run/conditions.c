/* conditions.c - `after`: what a step waits for.
 *
 * The host's thread reads the run's log from its beginning and counts what
 * fits; when that is not enough it waits for news (runlog_wait). So a condition
 * that came true before the step was reached is met at once, and nothing that
 * happens in between is missed. The wire pays one look at an atomic for each
 * event. */
#include "pattern.h"
#include "steps_internal.h"

#include "handshake/segment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAIT_SLICE_MS = 20, /* look at the run's stop so often */
    WORD_BYTES = 48
};

enum condition_kind {
    CONDITION_TIME, /* ms since the run's start */
    CONDITION_CALL, /* a call began or returned */
    CONDITION_SENT, /* a segment was sent */
    CONDITION_FATE, /* a segment's copy arrived, was dropped, held */
    CONDITION_STATE /* a socket of a host reached a state */
};

struct condition {
    enum condition_kind kind;
    enum host_id host;
    uint32_t nth; /* of those that fit; from 1 */
    uint32_t ms;
    char call[STEP_NAME_BYTES], on[STEP_NAME_BYTES];
    enum phase phase;
    uint16_t flags;
    enum fate fate;
    enum tcp_state state;
};

/* --- reading ------------------------------------------------------------- */

/* A whole number that ends the word. */
static bool parse_number(const char *word, uint32_t *ret)
{
    char *end = NULL;
    unsigned long value = strtoul(word, &end, 10);
    *ret = (uint32_t)value;
    return end != word && *end == '\0' && value <= STEP_MAX_MS;
}

/* "500 ms", counted from the run's start, not from the step before. */
static bool parse_time(const char *text, struct condition *c)
{
    char word[WORD_BYTES];
    if (!pattern_word(&text, word, sizeof(word)) || !parse_number(word, &c->ms))
        return false;
    c->kind = CONDITION_TIME;
    return strcmp(text, "ms") == 0;
}

/* What a segment does: "sent", or one of its copies' fates. */
static bool parse_fate(const char *word, struct condition *c)
{
    c->kind = CONDITION_FATE;
    for (c->fate = FATE_HELD; c->fate < FATE_COUNT; c->fate++)
        if (strcmp(word, fate_name(c->fate)) == 0)
            return true;
    c->kind = CONDITION_SENT;
    return strcmp(word, "sent") == 0;
}

/* "returned" or "begun", maybe with the socket in front. */
static bool parse_call(const char *word, const char **text, struct condition *c)
{
    char next[WORD_BYTES];
    c->kind = CONDITION_CALL;
    if (strlen(word) >= sizeof(c->call))
        return false;
    snprintf(c->call, sizeof(c->call), "%.15s", word);
    if (!pattern_word(text, next, sizeof(next)))
        return false;
    if (strcmp(next, "on") == 0 && (!pattern_word(text, c->on, sizeof(c->on)) ||
                                    !pattern_word(text, next, sizeof(next))))
        return false;
    c->phase = strcmp(next, "begun") == 0 ? PHASE_BEGIN : PHASE_END;
    return c->phase == PHASE_BEGIN || strcmp(next, "returned") == 0;
}

/* What stands behind the host's name. */
static bool parse_deed(const char *word, const char **text, struct condition *c)
{
    char next[WORD_BYTES];
    c->state = pattern_state(word);
    if (c->state != TCP_STATE_COUNT) {
        c->kind = CONDITION_STATE;
        return true;
    }
    if (segment_flags_parse(word, &c->flags))
        return pattern_word(text, next, sizeof(next)) && parse_fate(next, c);
    return parse_call(word, text, c);
}

/* "nth 2" at the end. */
static bool parse_nth(const char *text, struct condition *c)
{
    char word[WORD_BYTES];
    c->nth = 1;
    if (!*text)
        return true;
    return pattern_word(&text, word, sizeof(word)) &&
           strcmp(word, "nth") == 0 &&
           pattern_word(&text, word, sizeof(word)) && !*text &&
           parse_number(word, &c->nth) && c->nth > 0;
}

/* Time stands alone; all else is HOST DEED [nth N]. */
static bool condition_parse(const char *text, struct condition *ret)
{
    char word[WORD_BYTES];
    *ret = (struct condition){.nth = 1};
    if (parse_time(text, ret))
        return true;
    return pattern_host(&text, &ret->host) &&
           pattern_word(&text, word, sizeof(word)) &&
           parse_deed(word, &text, ret) && parse_nth(text, ret);
}

/* Documents are checked with the parser that is used later, so that nothing
 * passes here and fails there. */
const char *condition_check(const char *text)
{
    struct condition unused;
    return condition_parse(text, &unused)
               ? NULL
               : "must be as \"client connect returned\", \"server SYN,ACK "
                 "arrived nth 2\", \"client SYN sent\", \"server "
                 "SYN-RECEIVED\" or \"500 ms\"";
}

/* --- comparing ----------------------------------------------------------- */

/* Sent by that host with exactly those flags, forged ones included. */
static bool segment_is(const struct condition *c, const struct event *e)
{
    struct segment seg;
    return e->kind == EVENT_SEGMENT && e->segment.from == c->host &&
           segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) == 0 &&
           seg.flags == c->flags;
}

/* The sending that copy event e belongs to. */
static const struct event *sending_of(const struct runlog *log,
                                      const struct event *e)
{
    for (uint32_t id = e->id; id > 0; id--) {
        const struct event *sent = runlog_get(log, id);
        if (sent->kind == EVENT_SEGMENT && sent->segment.n == e->copy.n)
            return sent;
    }
    return NULL;
}

/* A duplicated segment counts once, by its first copy. */
static bool copy_is(const struct condition *c, const struct runlog *log,
                    const struct event *e)
{
    if (e->kind != EVENT_COPY || e->copy.fate != c->fate || e->copy.copy > 1)
        return false;
    const struct event *sent = sending_of(log, e);
    return sent && segment_is(c, sent);
}

/* Without a socket's name any socket of the host will do. */
static bool call_is(const struct condition *c, const struct event *e)
{
    return e->kind == EVENT_CALL && e->call.host == c->host &&
           e->call.phase == c->phase && strcmp(e->call.name, c->call) == 0 &&
           (!c->on[0] || strcmp(e->call.on, c->on) == 0);
}

/* One event against the condition; time is never met by an event. */
static bool is_met_by(const struct condition *c, const struct runlog *log,
                      const struct event *e)
{
    switch (c->kind) {
    case CONDITION_CALL:
        return call_is(c, e);
    case CONDITION_SENT:
        return segment_is(c, e);
    case CONDITION_FATE:
        return copy_is(c, log, e);
    case CONDITION_STATE:
        return e->kind == EVENT_STATE && e->state.host == c->host &&
               e->state.new_state == c->state;
    case CONDITION_TIME:
        break;
    }
    return false;
}

/* --- waiting ------------------------------------------------------------- */

/* Reads each event once, however long it waits. */
static int wait_event(struct host *host, const struct condition *c)
{
    struct runlog *log = host->run->log;
    uint32_t left = c->nth;
    for (uint32_t id = 0; !call_interrupted(host);) {
        uint32_t count = runlog_count(log);
        while (id < count)
            if (is_met_by(c, log, runlog_get(log, ++id)) && --left == 0)
                return 0;
        runlog_wait(log, count, WAIT_SLICE_MS);
    }
    return -ECANCELED;
}

/* Sleeps in slices, so that the end of the run is seen soon. */
static int wait_time(struct host *host, uint32_t ms)
{
    struct runlog *log = host->run->log;
    const uint64_t until_ns = ms * UINT64_C(1000000);
    int r = 0;
    atomic_store(&host->dozing, true);
    for (uint64_t now_ns = runlog_now_ns(log); now_ns < until_ns && r == 0;
         now_ns = runlog_now_ns(log)) {
        /* Nothing can end this wait but time: a count that never comes. */
        uint64_t left_ms = (until_ns - now_ns) / 1000000 + 1;
        runlog_wait(log, runlog_count(log),
                    left_ms < WAIT_SLICE_MS ? (uint32_t)left_ms
                                            : WAIT_SLICE_MS);
        r = call_interrupted(host) ? -ECANCELED : 0;
    }
    atomic_store(&host->dozing, false);
    return r;
}

/* The text was checked when the document was read. */
int condition_wait(struct host *host, const char *after)
{
    struct condition c;
    if (!condition_parse(after, &c))
        return -EINVAL;
    return c.kind == CONDITION_TIME ? wait_time(host, c.ms)
                                    : wait_event(host, &c);
}

/* wire_fate.c - what becomes of a segment: the first rule that fits, else hold,
 * else the conditions of the path.
 *
 * Chances are decided by dice that depend on the seed, the sender and how many
 * segments it has sent, not on time: the same seed gives the same fates to the
 * same segments. */
#include "wire_internal.h"

#include "handshake/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PPM = 1000000, NS_PER_US = 1000, NS_PER_MS = 1000000 };

/* One die for each thing that is thrown for a segment. */
enum die { DIE_LOSS, DIE_DUPLICATE, DIE_REORDER, DIE_JITTER, DIE_BIT };

/* splitmix64's mixing step: every bit of the input changes half the output. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t roll(const struct wire *w, enum host_id from, enum die die)
{
    uint64_t which =
        ((uint64_t)w->sent[from] << 8) | (uint64_t)from << 4 | (uint64_t)die;
    return mix(mix(w->settings.seed) ^ which);
}

static bool chance(const struct wire *w, enum host_id from, enum die die,
                   uint32_t ppm)
{
    return ppm > 0 && roll(w, from, die) % PPM < ppm;
}

/* --- settings ------------------------------------------------------------ */

void wire_name_rule(struct wire *w, struct rule *rule)
{
    if (!rule->name[0])
        snprintf(rule->name, sizeof(rule->name), "rule-%u",
                 (unsigned)++w->rules_named);
}

void wire_settings_begin(struct wire *w, const struct wire_settings *settings)
{
    w->settings = *settings;
    memset(w->rule_hits, 0, sizeof(w->rule_hits));
    for (size_t i = 0; i < w->settings.rule_count; i++)
        wire_name_rule(w, &w->settings.rules[i]);
}

/* --- recording ----------------------------------------------------------- */

uint32_t wire_record_copy(struct run *run, const struct flight *f,
                          enum fate fate, uint64_t t_ns)
{
    const struct event e = {
        .kind = EVENT_COPY,
        .t_ns = t_ns,
        .copy = {.n = f->n,
                 .copy = f->copy,
                 .fate = fate,
                 .by = f->by,
                 .by_name = f->by_name[0] ? f->by_name : NULL,
                 .changed = f->changed[0] ? f->changed : NULL,
                 .bytes = f->own,
                 .len = f->own ? f->len : 0}};
    return runlog_append(run->log, &e);
}

static void drop(struct run *run, struct flight *f)
{
    wire_record_copy(run, f, FATE_DROPPED, runlog_now_ns(run->log));
}

/* Queue a copy to arrive; one that finds no room is lost, and said to be. Where
 * it was memory that was short the run ends. */
static void send_on(struct run *run, struct flight *f)
{
    int r = flights_add(&run->wire->flights, f);
    if (r == 0)
        return;
    f->by = BY_LINK;
    if (r == -ENOSPC)
        snprintf(f->changed, sizeof(f->changed),
                 "lost: %u copies are under way, which is the most",
                 (unsigned)RUN_MAX_FLIGHTS);
    else
        snprintf(f->changed, sizeof(f->changed), "lost: no memory is left");
    if (r != -ENOSPC)
        runlog_refuse(run->log,
                      r == -EDQUOT ? RUNLOG_BUDGET : RUNLOG_NO_MEMORY);
    drop(run, f);
    free(f->own);
}

static void hold(struct run *run, struct flight *f)
{
    if (flights_hold(&run->wire->flights, f) < 0) {
        send_on(run, f);
        return;
    }
    wire_record_copy(run, f, FATE_HELD, runlog_now_ns(run->log));
}

/* --- changing ------------------------------------------------------------ */

/* Give the copy bytes of its own. False when memory runs out. */
static bool make_own(struct flight *f)
{
    if (f->own)
        return true;
    f->own = malloc(f->len);
    if (!f->own)
        return false;
    memcpy(f->own, f->bytes, f->len);
    f->bytes = f->own;
    return true;
}

static void corrupt(const struct run *run, struct flight *f)
{
    const struct wire *w = run->wire;
    enum host_id from = host_peer(f->to);
    if (make_own(f))
        edit_corrupt(f->own, f->len, (uint32_t)roll(w, from, DIE_BIT),
                     f->changed);
}

static void rewrite(struct flight *f, const struct edit *edit)
{
    if (make_own(f))
        edit_apply(edit, f->own, f->len, f->changed);
}

/* --- actions, by a rule or by a person ----------------------------------- */

static void duplicate(struct run *run, struct flight *f, uint32_t copies,
                      uint32_t gap_ms)
{
    if (copies == 0)
        copies = 2;
    if (copies > WIRE_MAX_COPIES)
        copies = WIRE_MAX_COPIES;
    struct flight first = *f;
    for (uint32_t i = 0; i < copies; i++) {
        struct flight one = first;
        one.copy = i + 1;
        one.due_ns += (uint64_t)i * gap_ms * NS_PER_MS;
        if (copies > 1 && i > 0)
            snprintf(one.changed, sizeof(one.changed), "sent %u times",
                     (unsigned)copies);
        send_on(run, &one);
    }
}

void wire_carry_decision(struct run *run, struct flight *held,
                         const struct decision *d)
{
    snprintf(held->by_name, sizeof(held->by_name), "%s",
             decide_do_name(d->what));
    held->by = BY_PERSON;
    held->changed[0] = '\0';
    held->due_ns = clock_mono_ns();
    if (d->what == DECIDE_DROP) {
        drop(run, held);
        flight_free(held);
        return;
    }
    struct flight f = *held;
    free(held); /* f has taken over its bytes */
    if (d->what == DECIDE_CORRUPT)
        corrupt(run, &f);
    else if (d->what == DECIDE_REWRITE)
        rewrite(&f, &d->edit);
    else if (d->what == DECIDE_DELAY)
        f.due_ns += (uint64_t)d->delay_ms * NS_PER_MS;
    if (d->what == DECIDE_DUPLICATE)
        duplicate(run, &f, d->copies, d->gap_ms);
    else
        send_on(run, &f);
}

static uint64_t jitter_ns(const struct wire *w, enum host_id from,
                          uint64_t jitter_us)
{
    return jitter_us ? roll(w, from, DIE_JITTER) % (jitter_us * NS_PER_US + 1)
                     : 0;
}

static void carry_rule(struct run *run, const struct passing *p,
                       struct flight *f, const struct rule *rule)
{
    struct err err;
    uint32_t n;
    f->by = BY_RULE;
    snprintf(f->by_name, sizeof(f->by_name), "%s", rule->name);
    switch (rule->action) {
    case RULE_DROP:
        drop(run, f);
        return;
    case RULE_HOLD:
        hold(run, f);
        return;
    case RULE_DUPLICATE:
        duplicate(run, f, rule->copies, rule->gap_ms);
        return;
    case RULE_ANSWER:
        drop(run, f);
        wire_forge(run, &rule->answer, p, BY_RULE, rule->name, &n, &err);
        return;
    case RULE_CORRUPT:
        corrupt(run, f);
        break;
    case RULE_REWRITE:
        rewrite(f, &rule->edit);
        break;
    case RULE_DELAY:
        f->due_ns +=
            (uint64_t)rule->delay_ms * NS_PER_MS +
            jitter_ns(run->wire, p->from, (uint64_t)rule->jitter_ms * 1000);
        break;
    case RULE_PASS:
    case RULE_DO_COUNT:
        break;
    }
    send_on(run, f);
}

/* --- matching ------------------------------------------------------------ */

static bool tri_fits(enum rule_tri wanted, bool is)
{
    return wanted == RULE_EITHER || (wanted == RULE_YES) == is;
}

static bool match_fits(const struct rule *rule, const struct passing *p)
{
    const struct segment *seg = p->seg;
    return (rule->any_host || rule->from == p->from) &&
           (!rule->match_flags || rule->flags == seg->flags) &&
           (seg->flags & rule->flags_set) == rule->flags_set &&
           (seg->flags & rule->flags_clear) == 0 &&
           tri_fits(rule->payload, seg->payload_len > 0) &&
           tri_fits(rule->retransmission, p->repeats != 0) &&
           p->len > rule->longer &&
           (rule->contains_len == 0 ||
            (seg->payload_len >= rule->contains_len &&
             memmem(seg->payload, seg->payload_len, rule->contains,
                    rule->contains_len)));
}

/* The first rule that takes the segment. Every rule counts what fits it, the
 * rules behind the first one too, so that "nth" does not depend on the order.
 */
static const struct rule *find_rule(struct wire *w, const struct passing *p)
{
    const struct rule *found = NULL;
    for (size_t i = 0; i < w->settings.rule_count; i++) {
        const struct rule *rule = &w->settings.rules[i];
        if (!match_fits(rule, p))
            continue;
        uint32_t nth = ++w->rule_hits[i];
        bool in_range = nth >= rule->nth_first &&
                        (rule->nth_last == 0 || nth <= rule->nth_last);
        if (in_range && !found)
            found = rule;
    }
    return found;
}

/* --- the path ------------------------------------------------------------ */

static void carry_path(struct run *run, const struct passing *p,
                       struct flight *f)
{
    const struct wire *w = run->wire;
    const struct wire_path *path = &w->settings.path[p->from];
    if (chance(w, p->from, DIE_LOSS, path->loss_ppm)) {
        snprintf(f->by_name, sizeof(f->by_name), "loss");
        drop(run, f);
        return;
    }
    if (chance(w, p->from, DIE_REORDER, path->reorder_ppm)) {
        snprintf(f->by_name, sizeof(f->by_name), "reorder");
        f->due_ns += (uint64_t)WIRE_REORDER_US * NS_PER_US;
    }
    if (chance(w, p->from, DIE_DUPLICATE, path->duplicate_ppm)) {
        snprintf(f->by_name, sizeof(f->by_name), "duplicate");
        duplicate(run, f, 2, 0);
        return;
    }
    send_on(run, f);
}

static bool is_swallowed(const struct wire *w, const struct passing *p)
{
    return w->settings.swallow && p->repeats &&
           flights_is_held(&w->flights, p->repeats);
}

void wire_decide_fate(struct run *run, const struct passing *p)
{
    struct wire *w = run->wire;
    const struct wire_path *path = &w->settings.path[p->from];
    w->sent[p->from]++;
    struct flight f = {.due_ns = p->sent_ns +
                                 (uint64_t)path->latency_us * NS_PER_US +
                                 jitter_ns(w, p->from, path->jitter_us),
                       .n = p->n,
                       .copy = 1,
                       .to = host_peer(p->from),
                       .by = BY_LINK,
                       .bytes = p->bytes,
                       .len = p->len};
    const struct rule *rule = find_rule(w, p);
    if (is_swallowed(w, p)) {
        f.by = BY_PERSON;
        snprintf(f.by_name, sizeof(f.by_name), "swallow");
        drop(run, &f);
    } else if (rule) {
        carry_rule(run, p, &f, rule);
    } else if (w->settings.hold[p->from]) {
        f.by = BY_PERSON;
        snprintf(f.by_name, sizeof(f.by_name), "hold");
        hold(run, &f);
    } else {
        carry_path(run, p, &f);
    }
}

/* wire_hand.c - the wire in the hands of people and programs: settings, held
 * segments, forged ones. Any thread; each call takes the wire's lock for a
 * moment and leaves the handing over of packets to the wire thread. */
#include "wire_internal.h"

#include "handshake/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const decide_names[] = {
    [DECIDE_DELIVER] = "deliver",     [DECIDE_DROP] = "drop",
    [DECIDE_DUPLICATE] = "duplicate", [DECIDE_CORRUPT] = "corrupt",
    [DECIDE_DELAY] = "delay",         [DECIDE_REWRITE] = "rewrite",
};
static_assert(sizeof(decide_names) / sizeof(*decide_names) == DECIDE_COUNT,
              "a name for each decision");

const char *decide_do_name(enum decide_do what)
{
    assert(what < DECIDE_COUNT);
    return decide_names[what];
}

/* Whether this run has a wire at all, be it over or not. */
static int need_wire(const struct run *run, struct err *ret_err)
{
    if (run->wire)
        return 0;
    return err_set(ret_err, EOPNOTSUPP,
                   "this run is on the %s link: there is no wire to hold or "
                   "change anything on",
                   link_name(run->link));
}

/* Take the lock of a wire that is in use. Returns 0 with the lock held, or
 * -errno without it. */
static int take_wire(struct run *run, struct err *ret_err)
{
    int r = need_wire(run, ret_err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&run->wire->lock);
    if (!run->wire->closed && !runlog_ended(run->log))
        return 0;
    pthread_mutex_unlock(&run->wire->lock);
    return err_set(ret_err, ESHUTDOWN, "the run is over");
}

static void give_wire(struct run *run)
{
    pthread_mutex_unlock(&run->wire->lock);
    run_wake(run);
}

/* --- settings ------------------------------------------------------------ */

static size_t find_rule(const struct wire_settings *s, const char *name)
{
    size_t i = 0;
    while (i < s->rule_count && strcmp(s->rules[i].name, name) != 0)
        i++;
    return i;
}

/* Rules of the draft keep their counts; hits goes along with them. */
static int remove_rules(const struct wire_patch *patch,
                        struct wire_settings *draft, uint32_t *hits,
                        struct err *ret_err)
{
    if (patch->replace_rules)
        draft->rule_count = 0;
    for (size_t r = 0; r < patch->remove_count; r++) {
        size_t i = find_rule(draft, patch->remove[r]);
        if (i == draft->rule_count)
            return err_set(ret_err, ENOENT, "no rule is called \"%s\"",
                           patch->remove[r]);
        size_t behind = --draft->rule_count - i;
        memmove(&draft->rules[i], &draft->rules[i + 1],
                behind * sizeof(draft->rules[0]));
        memmove(&hits[i], &hits[i + 1], behind * sizeof(hits[0]));
    }
    return 0;
}

static int add_rules(struct wire *w, const struct wire_patch *patch,
                     struct wire_settings *draft, uint32_t *hits,
                     struct err *ret_err)
{
    for (size_t a = 0; a < patch->add_count; a++) {
        if (draft->rule_count == WIRE_MAX_RULES)
            return err_set(ret_err, ENOSPC,
                           "a wire has at most %d rules; remove one first",
                           (int)WIRE_MAX_RULES);
        struct rule rule = patch->add[a];
        wire_name_rule(w, &rule);
        if (find_rule(draft, rule.name) < draft->rule_count)
            return err_set(ret_err, EEXIST, "a rule is already called \"%s\"",
                           rule.name);
        hits[draft->rule_count] = 0;
        draft->rules[draft->rule_count++] = rule;
    }
    return 0;
}

static void patch_switches(const struct wire_patch *patch,
                           struct wire_settings *draft)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        if (patch->set_hold[h])
            draft->hold[h] = patch->hold[h];
        if (patch->set_path[h])
            draft->path[h] = patch->path[h];
    }
    if (patch->set_seed)
        draft->seed = patch->seed;
    if (patch->set_swallow)
        draft->swallow = patch->swallow;
}

/* Hold was switched off in the direction from `from`: what waits goes on, in
 * the order it was sent. */
static void let_go(struct run *run, enum host_id from)
{
    struct wire *w = run->wire;
    const struct decision deliver = {.what = DECIDE_DELIVER};
    size_t i = 0;
    const struct flight *held;
    while ((held = flights_held_at(&w->flights, i))) {
        if (host_peer(held->to) != from) {
            i++;
            continue;
        }
        wire_carry_decision(run, flights_take_held(&w->flights, held->n),
                            &deliver);
    }
}

static void apply(struct run *run, const struct wire_settings *draft)
{
    struct wire *w = run->wire;
    bool was_held[HOST_COUNT] = {w->settings.hold[HOST_CLIENT],
                                 w->settings.hold[HOST_SERVER]};
    w->settings = *draft;
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (was_held[h] && !draft->hold[h])
            let_go(run, h);
}

int run_patch_wire(struct run *run, const struct wire_patch *patch,
                   struct wire_settings *ret_now, struct err *ret_err)
{
    int r = take_wire(run, ret_err);
    if (r < 0)
        return r;
    struct wire *w = run->wire;
    struct wire_settings draft = w->settings;
    uint32_t hits[WIRE_MAX_RULES];
    memcpy(hits, w->rule_hits, sizeof(hits));
    r = remove_rules(patch, &draft, hits, ret_err);
    if (r == 0)
        r = add_rules(w, patch, &draft, hits, ret_err);
    if (r == 0) {
        patch_switches(patch, &draft);
        memcpy(w->rule_hits, hits, sizeof(hits));
        apply(run, &draft);
        if (ret_now)
            *ret_now = w->settings;
    }
    give_wire(run);
    return r;
}

int run_get_wire(struct run *run, struct wire_settings *ret_settings,
                 struct err *ret_err)
{
    int r = need_wire(run, ret_err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&run->wire->lock);
    *ret_settings = run->wire->settings;
    pthread_mutex_unlock(&run->wire->lock);
    return 0;
}

const struct wire_settings *run_began_wire(const struct run *run)
{
    return run->wire ? &run->wire->initial : NULL;
}

int run_reset_wire(struct run *run, struct wire_settings *ret_now,
                   struct err *ret_err)
{
    int r = take_wire(run, ret_err);
    if (r < 0)
        return r;
    struct wire *w = run->wire;
    struct wire_settings draft = w->initial;
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        draft.hold[h] = false;
    wire_settings_begin(w, &draft);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        let_go(run, h);
    if (ret_now)
        *ret_now = w->settings;
    give_wire(run);
    return 0;
}

/* --- held segments ------------------------------------------------------- */

static const char *const by_words[] = {
    [BY_LINK] = "the wire itself",
    [BY_RULE] = "a rule",
    [BY_PERSON] = "hand",
};
static_assert(sizeof(by_words) / sizeof(*by_words) == DECIDER_COUNT,
              "words for each decider");

/* Why segment n cannot be decided: unknown, or what became of it. */
static int explain_not_held(const struct run *run, uint32_t n,
                            struct err *ret_err)
{
    if (n == 0 || n > run->segment_count)
        return err_set(ret_err, ENOENT,
                       "there is no segment %u in this run (yet)", (unsigned)n);
    for (uint32_t id = runlog_count(run->log); id > 0; id--) {
        const struct event *e = runlog_get(run->log, id);
        if (e->kind == EVENT_COPY && e->copy.n == n &&
            e->copy.fate != FATE_HELD)
            return err_set(
                ret_err, EALREADY,
                "segment %u is not held any more: it was %s by %s", (unsigned)n,
                e->copy.fate == FATE_ARRIVED ? "delivered" : "dropped",
                by_words[e->copy.by]);
    }
    return err_set(ret_err, EALREADY,
                   "segment %u is not held: it is already on its way",
                   (unsigned)n);
}

int run_decide(struct run *run, uint32_t n, const struct decision *decision,
               struct err *ret_err)
{
    if (decision->what >= DECIDE_COUNT || decision->copies > WIRE_MAX_COPIES ||
        decision->gap_ms > WIRE_MAX_DELAY_MS ||
        decision->delay_ms > WIRE_MAX_DELAY_MS)
        return err_set(ret_err, EINVAL,
                       "at most %d copies and %d ms of delay are possible",
                       (int)WIRE_MAX_COPIES, (int)WIRE_MAX_DELAY_MS);
    int r = take_wire(run, ret_err);
    if (r < 0)
        return r;
    struct flight *held = flights_take_held(&run->wire->flights, n);
    if (held)
        wire_carry_decision(run, held, decision);
    else
        r = explain_not_held(run, n, ret_err);
    give_wire(run);
    return r;
}

int run_inject(struct run *run, const struct forge *forge, uint32_t *ret_n,
               struct err *ret_err)
{
    int r = take_wire(run, ret_err);
    if (r < 0)
        return r;
    r = wire_forge(run, forge, NULL, BY_PERSON, "inject", ret_n, ret_err);
    give_wire(run);
    return r;
}

size_t run_held_count(struct run *run)
{
    if (!run->wire)
        return 0;
    pthread_mutex_lock(&run->wire->lock);
    size_t count = run->wire->flights.held_count;
    pthread_mutex_unlock(&run->wire->lock);
    return count;
}

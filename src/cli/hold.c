/* hold.c - asks about each held segment and carries out the answer, see
 * hold_internal.h. Questions go to stderr, so that stdout stays the ladder or
 * the lines of JSON.
 *
 * The list of what is held is made from the run's own events, so it is right
 * whatever decides: this keyboard, a rule, the run's end. What comes too late
 * gets the wire's own sentence. */
#include "hold_internal.h"

#include "handshake/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Places for a start: mostly one or two are held at a time. How long `l`
 * delays. */
enum { FIRST_HELD = 16, DELAY_MS = 1000 };

struct hand {
    struct run *run;     /* (borrowed) */
    struct keyboard *kb; /* (borrowed) */
    uint32_t *held;      /* (owned) segments that wait, in the order held */
    size_t count, cap;
    uint32_t asked; /* the one whose question stands open, 0 = none */
};

/* The letters, as on the page. */
static const struct {
    char letter;
    const char *help;
    struct decision decision;
} choices[] = {
    {' ', "space delivers", {.what = DECIDE_DELIVER}},
    {'d', "d drops", {.what = DECIDE_DROP}},
    {'2', "2 duplicates", {.what = DECIDE_DUPLICATE, .copies = 2}},
    {'x', "x damages", {.what = DECIDE_CORRUPT}},
    {'l', "l delays by 1 s", {.what = DECIDE_DELAY, .delay_ms = DELAY_MS}},
};

/* The letter q is none of them: it ends the run. */
enum { CHOICES = sizeof(choices) / sizeof(*choices) };

/* The run may be over any moment: every call below copes with it. */
struct hand *hand_new(struct run *run, struct keyboard *kb)
{
    struct hand *hand = calloc(1, sizeof(*hand));
    if (!hand)
        return NULL;
    hand->run = run;
    hand->kb = kb;
    return hand;
}

/* The keyboard is the caller's. */
void hand_free(struct hand *hand)
{
    if (!hand)
        return;
    free(hand->held);
    free(hand);
}

/* --- what is held -------------------------------------------------------- */

/* Without memory the segment is not asked about; the run's end lets it go. The
 * engine holds RUN_MAX_FLIGHTS at most. */
static void add_held(struct hand *hand, uint32_t n)
{
    if (hand->count == hand->cap) {
        size_t cap = hand->cap ? 2 * hand->cap : FIRST_HELD;
        uint32_t *more = realloc(hand->held, cap * sizeof(*more));
        if (!more)
            return;
        hand->held = more;
        hand->cap = cap;
    }
    hand->held[hand->count++] = n;
}

/* Decided here or elsewhere: the first to be asked about is the oldest. */
static void remove_held(struct hand *hand, uint32_t n)
{
    size_t i = 0;
    while (i < hand->count && hand->held[i] != n)
        i++;
    if (i == hand->count)
        return;
    hand->count--;
    memmove(&hand->held[i], &hand->held[i + 1],
            (hand->count - i) * sizeof(*hand->held));
}

/* Copies of a duplicated segment come one by one; the first takes it off. */
void hand_note(struct hand *hand, const struct event *e)
{
    if (e->kind != EVENT_COPY)
        return;
    if (e->copy.fate == FATE_HELD)
        add_held(hand, e->copy.n);
    else
        remove_held(hand, e->copy.n);
}

/* --- asking -------------------------------------------------------------- */

/* The event of segment n; it is among the newest. */
static const struct event *find_segment(const struct hand *hand, uint32_t n)
{
    const struct runlog *log = run_log(hand->run);
    for (uint32_t id = runlog_count(log); id > 0; id--) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_SEGMENT && e->segment.n == n)
            return e;
    }
    return NULL;
}

/* On one line, and the cursor stays: the answer stands behind it. */
static void print_help(void)
{
    for (size_t i = 0; i < CHOICES; i++)
        fprintf(stderr, "%s, ", choices[i].help);
    fprintf(stderr, "q ends the run: ");
}

/* Which segment, whose, and what can be done with it. */
static void print_question(const struct hand *hand, uint32_t n)
{
    struct segment seg;
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    const struct event *e = find_segment(hand, n);
    if (e && segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) == 0)
        fprintf(stderr, "segment %" PRIu32 ", %s of the %s, is held", n,
                segment_flags_text(seg.flags, flags),
                host_name(e->segment.from));
    else
        fprintf(stderr, "segment %" PRIu32 " is held", n);
    if (hand->count > 1)
        fprintf(stderr, " (and %zu more)", hand->count - 1);
    fprintf(stderr, "; ");
    print_help();
    fflush(stderr);
}

/* The oldest first: as the wire would have carried them. */
void hand_ask(struct hand *hand)
{
    if (hand->count == 0 || hand->asked == hand->held[0] || hand->kb->ended)
        return;
    hand->asked = hand->held[0];
    print_question(hand, hand->asked);
}

/* Only where a question stands: no empty lines. */
void hand_interrupt(struct hand *hand)
{
    if (hand->asked)
        fprintf(stderr, "\n");
    hand->asked = 0;
}

/* A terminal is listened to all the time, for q. */
bool hand_listens(const struct hand *hand)
{
    return !hand->kb->ended && (hand->kb->is_terminal || hand->count > 0);
}

/* --- deciding ------------------------------------------------------------ */

/* What the wire answers is what is shown: it may have been too late. */
static void decide(struct hand *hand, const struct decision *decision)
{
    struct err err = {0};
    uint32_t n = hand->held[0];
    hand->asked = 0;
    int r = run_decide(hand->run, n, decision, &err);
    fprintf(stderr, "%s\n", r < 0 ? err.text : decide_do_name(decision->what));
    remove_held(hand, n);
}

/* The letters have come to their end: nobody is left to decide. */
static void let_all_go(struct hand *hand)
{
    const struct wire_patch patch = {.set_hold = {true, true}};
    hand_interrupt(hand);
    fprintf(stderr, "the input has ended: nothing is held any more\n");
    (void)run_patch_wire(hand->run, &patch, NULL, NULL); /* over is over */
    hand->count = 0;
}

/* Letters typed while nothing is held mean nothing: a second space must not
 * deliver what nobody has seen yet. */
void hand_take(struct hand *hand)
{
    int letter = keyboard_read(hand->kb);
    if (letter < 0) {
        let_all_go(hand);
        return;
    }
    if (letter == 'q') {
        fprintf(stderr, "quit\n");
        hand->asked = 0;
        run_stop(hand->run);
        return;
    }
    if (letter == 0 || hand->count == 0)
        return;
    for (size_t i = 0; i < CHOICES; i++) {
        if (choices[i].letter == letter) {
            decide(hand, &choices[i].decision);
            return;
        }
    }
    fprintf(stderr, "\nno such choice; ");
    print_help();
}

/* diagram_marks.c - which events get a row, in which order, and where it is. */
#include "diagram_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_CONNECTIONS = 64,
    ABOVE = 11,       /* of a line, up to the row before */
    BELOW = 9,        /* up to the row after */
    LABEL_ABOVE = 24, /* of a line with a text on it */
    FOLD_HEIGHT = 22,
    /* A call that takes longer did what it did at its end. */
    CALL_AT_ONCE_NS = 20 * 1000 * 1000
};

/* What is remembered while marks are collected. */
struct collector {
    struct diagram *d;
    struct observer *obs; /* (owned) */
    uint32_t *sent;       /* (owned) by segment number: its event */
    uint32_t *held;       /* (owned) by segment number: where it waits */
};

struct mark *mark_of(const struct diagram *d, uint32_t id)
{
    uint32_t at = id <= d->count ? d->mark_of[id] : 0;
    return at ? &d->marks[at - 1] : NULL;
}

/* A new mark for e; NULL, and counted, when there is no room. */
static struct mark *add(struct diagram *d, enum mark_kind kind,
                        const struct event *e, enum host_id host)
{
    if (d->mark_count == DIAGRAM_MAX_MARKS) {
        d->left_out++;
        return NULL;
    }
    struct mark *m = &d->marks[d->mark_count++];
    *m = (struct mark){.kind = kind, .e = e, .host = host};
    d->mark_of[e->id] = (uint32_t)d->mark_count;
    return m;
}

/* --- events become marks ------------------------------------------------- */

/* The observer sees every segment, shown or not: it counts from the first. */
static void add_segment(struct collector *c, const struct event *e)
{
    struct segment seg;
    struct observation seen;
    const struct event_segment *sent = &e->segment;
    bool ok = segment_parse(sent->bytes, sent->len, &seg, NULL) == 0;
    if (ok)
        observer_see(c->obs, sent->n, e->t_ns, &seg, &seen);
    struct mark *m = add(c->d, MARK_SENT, e, sent->from);
    if (!m)
        return;
    m->pending = true;
    words_of_segment(m, ok ? &seg : NULL, &seen);
    if (sent->n <= c->d->count)
        c->sent[sent->n] = e->id;
}

static const enum mark_kind fate_marks[FATE_COUNT] = {
    [FATE_HELD] = MARK_HELD,
    [FATE_ARRIVED] = MARK_LANDED,
    [FATE_DROPPED] = MARK_LOST,
};

/* A copy of what has no mark has none either. */
static void add_copy(struct collector *c, const struct event *e)
{
    uint32_t n = e->copy.n <= c->d->count ? e->copy.n : 0;
    struct mark *sent = mark_of(c->d, c->sent[n]);
    if (!sent)
        return;
    sent->pending = false;
    struct mark *m = add(c->d, fate_marks[e->copy.fate], e, sent->host);
    if (!m)
        return;
    m->origin = c->held[n] ? c->held[n] : c->sent[n];
    if (c->held[n])
        memcpy(m->flags, sent->flags, sizeof(m->flags));
    if (m->kind == MARK_HELD)
        c->held[n] = e->id;
}

/* An end whose beginning found no room stands for the whole call. */
static void add_call(struct collector *c, const struct event *e)
{
    struct mark *m = add(c->d, MARK_CALL, e, e->call.host);
    if (m)
        m->apart =
            e->call.phase == PHASE_END && mark_of(c->d, e->call.begin) != NULL;
}

/* States that a socket enters by sending. */
static bool is_left_by_sending(enum tcp_state state)
{
    return state == TCP_STATE_SYN_SENT || state == TCP_STATE_FIN_WAIT_1 ||
           state == TCP_STATE_LAST_ACK;
}

/* A call that sends has changed the state before the segment leaves, which is
 * before it returns: then the change belongs to its beginning. */
static struct mark *cause_of(const struct diagram *d,
                             const struct event_state *state)
{
    struct mark *m = mark_of(d, state->cause);
    if (!m || m->kind != MARK_CALL || !m->apart ||
        !is_left_by_sending(state->new_state))
        return m;
    struct mark *begin = mark_of(d, m->e->call.begin);
    return m->e->t_ns - begin->e->t_ns < CALL_AT_ONCE_NS ? begin : m;
}

/* One state a host and row: a second one gets a row of its own. */
static void add_state(struct collector *c, const struct event *e)
{
    enum host_id host = e->state.host;
    struct mark *m = cause_of(c->d, &e->state);
    if (!m || m->states[host])
        m = add(c->d, MARK_STATE, e, host);
    if (!m)
        return;
    m->states[host] = e;
    c->d->mark_of[e->id] = (uint32_t)(m - c->d->marks) + 1;
}

/* The run itself is the head and the foot. */
static void add_event(struct collector *c, const struct event *e)
{
    switch (e->kind) {
    case EVENT_SEGMENT:
        add_segment(c, e);
        break;
    case EVENT_COPY:
        add_copy(c, e);
        break;
    case EVENT_CALL:
        add_call(c, e);
        break;
    case EVENT_STATE:
        add_state(c, e);
        break;
    case EVENT_ICMP:
        add(c->d, MARK_ICMP, e, e->icmp.from);
        break;
    case EVENT_MESSAGE:
        add(c->d, MARK_NOTE, e, e->message.host);
        break;
    case EVENT_COUNTER:
        add(c->d, MARK_NOTE, e, e->counter.host);
        break;
    default:
        break;
    }
}

/* --- order --------------------------------------------------------------- */

/* Three threads write the log: it is only almost in order of time. */
static int compare(const void *a, const void *b)
{
    const struct event *x = ((const struct mark *)a)->e;
    const struct event *y = ((const struct mark *)b)->e;
    if (x->t_ns != y->t_ns)
        return x->t_ns < y->t_ns ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Marks have moved: find them again. */
static void index_marks(struct diagram *d)
{
    memset(d->mark_of, 0, ((size_t)d->count + 1) * sizeof(*d->mark_of));
    for (size_t i = 0; i < d->mark_count; i++)
        d->mark_of[d->marks[i].e->id] = (uint32_t)i + 1;
}

/* Whether next is the end of m, and their states can stand in one row. */
static bool ends_at_once(const struct mark *m, const struct mark *next)
{
    if (m->kind != MARK_CALL || next->kind != MARK_CALL)
        return false;
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (m->states[h] && next->states[h])
            return false;
    return m->e->call.phase == PHASE_BEGIN &&
           next->e->call.phase == PHASE_END && next->e->call.begin == m->e->id;
}

/* A call that ends before anything else happens is one row. */
static void join_calls(struct diagram *d)
{
    for (size_t i = 0; i + 1 < d->mark_count; i++) {
        struct mark *m = &d->marks[i], *next = m + 1;
        if (!ends_at_once(m, next))
            continue;
        m->end = next->e;
        next->joined = true;
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            if (next->states[h])
                m->states[h] = next->states[h];
    }
}

/* --- places -------------------------------------------------------------- */

/* Lines of text below the line of a mark, or beside it. */
static int lines_of(const struct mark *m)
{
    struct buf text;
    buf_init(&text, 16 * 1024);
    words_of_mark(m, &text);
    unsigned columns =
        m->kind == MARK_LOST || m->kind == MARK_HELD     ? HALF_COLUMNS
        : m->kind == MARK_ICMP || m->kind == MARK_LANDED ? LANE_COLUMNS
                                                         : CALL_COLUMNS;
    int count = text.len > 0 ? svg_line_count(buf_text(&text), columns) : 0;
    buf_done(&text);
    return count;
}

/* Segments and ICMP have their text above their line, arrivals below, all
 * others beside it. Returns where the next row begins. */
static int place(struct mark *m, int top)
{
    int lines = lines_of(m);
    int above = ABOVE, below = BELOW;
    if (m->kind == MARK_SENT)
        above = LABEL_ABOVE;
    else if (m->kind == MARK_ICMP)
        above = LABEL_ABOVE + (lines - 1) * SVG_LEADING;
    else if (m->kind == MARK_LANDED)
        below += lines * SVG_LEADING;
    else if (lines > 1)
        below += (lines - 1) * SVG_LEADING;
    m->y = top + above;
    m->bottom = m->y + below;
    return m->bottom;
}

/* One below the other, a fold where nothing happened for long. */
static void place_all(struct diagram *d, int top)
{
    const struct mark *before = NULL;
    for (size_t i = 0; i < d->mark_count; i++) {
        struct mark *m = &d->marks[i];
        uint64_t gap_ns = before ? m->e->t_ns - before->e->t_ns : 0;
        if (m->joined) {
            m->y = before ? before->y : top;
            continue;
        }
        if (gap_ns >= DIAGRAM_FOLD_NS) {
            m->gap_ns = gap_ns;
            top += FOLD_HEIGHT;
        }
        top = place(m, top);
        before = m;
    }
    d->bottom = top;
}

int marks_collect(struct diagram *d, int top)
{
    size_t entries = (size_t)d->count + 1;
    struct collector c = {.d = d,
                          .obs = observer_new(MAX_CONNECTIONS),
                          .sent = calloc(entries, sizeof(*c.sent)),
                          .held = calloc(entries, sizeof(*c.held))};
    size_t most = d->count < DIAGRAM_MAX_MARKS ? d->count : DIAGRAM_MAX_MARKS;
    d->marks = calloc(most + 1, sizeof(*d->marks));
    d->mark_of = calloc(entries, sizeof(*d->mark_of));
    bool ok = c.obs && c.sent && c.held && d->marks && d->mark_of;
    for (uint32_t id = 1; ok && id <= d->count; id++)
        add_event(&c, runlog_get(d->log, id));
    observer_free(c.obs);
    free(c.sent);
    free(c.held);
    if (!ok)
        return -ENOMEM;
    qsort(d->marks, d->mark_count, sizeof(*d->marks), compare);
    index_marks(d);
    join_calls(d);
    place_all(d, top);
    return 0;
}

/* ladder.c - which events share a line, in which order lines leave, and which
 * states stand beside them. See draw.h.
 *
 * A state change belongs to the line of its cause: a segment's line takes what
 * its sending and its arrival caused, a call's line what the call did. As the
 * lines leave in order of time, the changes are carried into a table of
 * sockets, and each segment's line shows both sockets of its connection. */
#include "ladder_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_LINES = 256,    /* kept back; then they leave early */
    MAX_SOCKETS = 64,   /* beyond it the oldest is forgotten */
    MAX_SEGMENTS = 128, /* under way at a time; likewise */
    MAX_CONNECTIONS = 64
};

struct ladder {
    struct ladder_options opt;
    struct observer *obs; /* (owned) */
    struct line lines[MAX_LINES];
    size_t line_count;
    uint64_t newest_ns;                             /* of all events so far */
    const struct event_state *sockets[MAX_SOCKETS]; /* last change of each */
    size_t socket_count; /* ever; the slot is count % MAX_SOCKETS */
    struct flight flights[MAX_SEGMENTS];
    struct endpoint clients[MAX_CONNECTIONS]; /* of each connection seen */
    bool one_sided;        /* LINK_NETWORK: nothing is known of the server */
    unsigned client_count; /* ever; the slot is count % MAX_CONNECTIONS */
};

unsigned ladder_columns(struct ladder_options opt)
{
    if (opt.columns < LADDER_MIN_COLUMNS)
        return LADDER_MIN_COLUMNS;
    return opt.columns > LADDER_MAX_COLUMNS ? LADDER_MAX_COLUMNS : opt.columns;
}

struct ladder *ladder_new(struct ladder_options opt)
{
    struct ladder *l = calloc(1, sizeof(*l));
    if (!l)
        return NULL;
    opt.columns = ladder_columns(opt);
    l->opt = opt;
    l->obs = observer_new(MAX_CONNECTIONS);
    if (!l->obs) {
        free(l);
        return NULL;
    }
    return l;
}

void ladder_free(struct ladder *l)
{
    if (!l)
        return;
    observer_free(l->obs);
    free(l);
}

/* --- states -------------------------------------------------------------- */

static size_t sockets_known(const struct ladder *l)
{
    return l->socket_count < MAX_SOCKETS ? l->socket_count : MAX_SOCKETS;
}

static bool same_socket(const struct event_state *a,
                        const struct event_state *b)
{
    return a->host == b->host && endpoint_equal(&a->local, &b->local) &&
           endpoint_equal(&a->remote, &b->remote);
}

static void note_state(struct ladder *l, const struct event_state *state)
{
    for (size_t i = 0; i < sockets_known(l); i++)
        if (same_socket(l->sockets[i], state)) {
            l->sockets[i] = state;
            return;
        }
    l->sockets[l->socket_count++ % MAX_SOCKETS] = state;
}

/* The state that a host has for the connection of a segment: the
 * connection's own, else the listener's on that port, else CLOSED. */
static const char *state_of(const struct ladder *l, const struct flight *f,
                            enum host_id host)
{
    const struct endpoint *local = &f->ends[host];
    const struct endpoint *remote = &f->ends[host_peer(host)];
    enum tcp_state listener = TCP_STATE_CLOSED;
    for (size_t i = 0; i < sockets_known(l); i++) {
        const struct event_state *s = l->sockets[i];
        if (s->host != host || s->local.port != local->port)
            continue;
        if (endpoint_equal(&s->remote, remote))
            return row_state(&l->opt, s->new_state);
        if (s->remote.addr.version == 0)
            listener = s->new_state;
    }
    if (l->one_sided && listener == TCP_STATE_CLOSED)
        return ""; /* not known is not closed */
    return row_state(&l->opt, listener);
}

/* --- lines leave --------------------------------------------------------- */

static void emit(struct ladder *l, const struct line *line, struct buf *out)
{
    const char *states[HOST_COUNT] = {"", ""};
    if (line->e->kind == EVENT_STATE)
        note_state(l, &line->e->state);
    for (size_t i = 0; i < line->change_count; i++)
        note_state(l, &line->changes[i]->state);
    for (size_t i = 0; i < line->change_count; i++) {
        const struct event_state *state = &line->changes[i]->state;
        states[state->host] = row_state(&l->opt, state->new_state);
    }
    if (line->e->kind == EVENT_STATE)
        states[line->e->state.host] =
            row_state(&l->opt, line->e->state.new_state);
    if (line->flight.n)
        for (enum host_id host = 0; host < HOST_COUNT; host++)
            states[host] = state_of(l, &line->flight, host);
    line_put(&l->opt, line, states, out);
}

/* A call that ended before the next line begins needs one line, not two. */
static bool joins(const struct line *line, const struct line *next)
{
    return next->apart && line->e->kind == EVENT_CALL && !line->apart &&
           next->e->call.begin == line->e->id;
}

static void join(struct line *line, const struct line *next)
{
    line->end = next->e;
    for (size_t i = 0; i < next->change_count; i++)
        if (line->change_count < LINE_MAX_CHANGES)
            line->changes[line->change_count++] = next->changes[i];
}

/* Emit the lines up to until_ns; they are in order of time. */
static void emit_until(struct ladder *l, uint64_t until_ns, struct buf *out)
{
    size_t done = 0;
    while (done < l->line_count && l->lines[done].e->t_ns <= until_ns) {
        struct line *line = &l->lines[done++];
        if (done < l->line_count && joins(line, &l->lines[done]))
            join(line, &l->lines[done++]);
        emit(l, line, out);
    }
    l->line_count -= done;
    memmove(l->lines, l->lines + done, l->line_count * sizeof(*l->lines));
}

void ladder_flush(struct ladder *l, struct buf *out)
{
    emit_until(l, UINT64_MAX, out);
}

/* --- events become lines ------------------------------------------------- */

/* A new line for e, at its place in time, after those of the same time. */
static struct line *insert(struct ladder *l, const struct event *e,
                           struct buf *out)
{
    if (l->line_count == MAX_LINES)
        emit_until(l, l->lines[MAX_LINES / 2].e->t_ns, out);
    size_t at = l->line_count++;
    for (; at > 0 && l->lines[at - 1].e->t_ns > e->t_ns; at--)
        l->lines[at] = l->lines[at - 1];
    l->lines[at] = (struct line){.e = e};
    return &l->lines[at];
}

/* The number of a connection, in the order of their first segments; the newest
 * of a port that is used again. */
static unsigned number_of(struct ladder *l, const struct segment *seg,
                          enum host_id from)
{
    const struct endpoint *client = from == HOST_CLIENT ? &seg->src : &seg->dst;
    unsigned oldest = l->client_count > MAX_CONNECTIONS
                          ? l->client_count - MAX_CONNECTIONS
                          : 0;
    for (unsigned i = l->client_count; i-- > oldest;)
        if (endpoint_equal(&l->clients[i % MAX_CONNECTIONS], client))
            return i + 1;
    l->clients[l->client_count++ % MAX_CONNECTIONS] = *client;
    return l->client_count;
}

static void add_segment(struct ladder *l, const struct event *e,
                        struct buf *out)
{
    struct segment seg;
    struct observation seen;
    struct line *line = insert(l, e, out);
    bool ok = segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) == 0;
    if (ok) {
        observer_see(l->obs, e->segment.n, e->t_ns, &seg, &seen);
        line->repeats = seen.repeats;
    }
    flight_describe(e, ok ? &seg : NULL, &seen, &line->flight);
    if (ok)
        flight_number(&line->flight, number_of(l, &seg, e->segment.from));
    l->flights[e->segment.n % MAX_SEGMENTS] = line->flight;
}

static struct line *find_segment(struct ladder *l, uint32_t n)
{
    for (size_t i = 0; i < l->line_count; i++) {
        struct line *line = &l->lines[i];
        if (line->e->kind == EVENT_SEGMENT && line->e->segment.n == n)
            return line;
    }
    return NULL;
}

static void add_copy(struct ladder *l, const struct event *e, struct buf *out)
{
    const struct flight *f = &l->flights[e->copy.n % MAX_SEGMENTS];
    struct line *line = find_segment(l, e->copy.n);
    bool late = line && e->t_ns > line->e->t_ns + LADDER_SETTLE_NS;
    if (f->n != e->copy.n)
        return; /* forgotten: too many were under way */
    if (line && !line->copy && !late) {
        line->copy = e;
        return;
    }
    line = insert(l, e, out);
    line->landing = true;
    line->flight = *f;
}

static void add_call(struct ladder *l, const struct event *e, struct buf *out)
{
    struct line *line = insert(l, e, out);
    line->apart = e->call.phase == PHASE_END;
}

/* The line an event id is on: its own, or as the copy of a segment. */
static struct line *find_line(struct ladder *l, uint32_t id)
{
    for (size_t i = 0; i < l->line_count; i++) {
        struct line *line = &l->lines[i];
        if (line->e->id == id || (line->copy && line->copy->id == id))
            return line;
    }
    return NULL;
}

/* What a call did, it did after its beginning: a segment that it sent leaves
 * before it returns, and already from the new state. */
static struct line *find_cause(struct ladder *l, uint32_t cause)
{
    struct line *line = cause ? find_line(l, cause) : NULL;
    struct line *begin =
        line && line->apart ? find_line(l, line->e->call.begin) : NULL;
    return begin ? begin : line;
}

static void add_state(struct ladder *l, const struct event *e, struct buf *out)
{
    struct line *line = find_cause(l, e->state.cause);
    if (line && line->change_count < LINE_MAX_CHANGES)
        line->changes[line->change_count++] = e;
    else
        insert(l, e, out);
}

void ladder_add(struct ladder *l, const struct event *e, struct buf *out)
{
    if (e->t_ns > l->newest_ns)
        l->newest_ns = e->t_ns;
    if (l->newest_ns > LADDER_SETTLE_NS)
        emit_until(l, l->newest_ns - LADDER_SETTLE_NS, out);
    switch (e->kind) {
    case EVENT_RUN:
        ladder_flush(l, out);
        l->one_sided = e->run.link == LINK_NETWORK;
        line_put_run(&l->opt, &e->run, out);
        break;
    case EVENT_SEGMENT:
        add_segment(l, e, out);
        break;
    case EVENT_COPY:
        add_copy(l, e, out);
        break;
    case EVENT_CALL:
        add_call(l, e, out);
        break;
    case EVENT_STATE:
        add_state(l, e, out);
        break;
    default:
        insert(l, e, out);
        break;
    }
}

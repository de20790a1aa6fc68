/* frame.c - the packets of a run's file.
 *
 * A segment is shown where it was seen: at its sender's interface and on the
 * wire when it was sent, and at the receiver's when a copy arrived, as it
 * arrived. A forged one has no sender. On loopback a segment is seen once, on
 * the way; with sockets alone the headers that the receiver's kernel kept. All
 * packets of one segment have its number as packet id. */
#include "capture_internal.h"

#include "handshake/segment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLAG_INBOUND = 1,
    FLAG_OUTBOUND = 2,
    /* ICMP messages have no number; theirs are out of the segments' way. */
    ICMP_ID_HIGH = 1,
    MAX_COMMENTS = 40,
    SENTENCE_MAX_BYTES = 8192
};

/* The interfaces stand as on a drawing: client, wire, server. */
static enum interface interface_of(enum host_id host)
{
    return host == HOST_CLIENT ? INTERFACE_CLIENT : INTERFACE_SERVER;
}

/* --- collecting ---------------------------------------------------------- */

/* Put event e in front of the list that begins at head[at]. */
static void chain(struct frames *f, uint32_t *head, uint32_t at, uint32_t id)
{
    if (at == 0 || at > f->count)
        return;
    f->next[id] = head[at];
    head[at] = id;
}

/* Backwards, so that the lists run forward. */
static void chain_all(struct frames *f)
{
    for (uint32_t id = f->count; id > 0; id--) {
        const struct event *e = runlog_get(f->log, id);
        if (e->kind == EVENT_COPY)
            chain(f, f->copies, e->copy.n, id);
        else if (e->kind == EVENT_STATE)
            chain(f, f->effects, e->state.cause, id);
        else if (e->kind == EVENT_COUNTER)
            chain(f, f->effects, e->counter.cause, id);
        else if (e->kind == EVENT_SEGMENT && e->segment.n <= f->count)
            f->sent[e->segment.n] = id;
    }
}

/* There is room: see frames_collect(). */
static void add(struct frames *f, const struct event *e,
                enum interface interface)
{
    f->list[f->list_count++] =
        (struct frame){.t_ns = e->t_ns, .id = e->id, .interface = interface};
}

/* On loopback nobody stands at the hosts to see it leave. */
static void add_sent(struct frames *f, const struct event *e, enum host_id from,
                     bool forged)
{
    if (f->link == LINK_WIRE && !forged)
        add(f, e, interface_of(from));
    add(f, e, INTERFACE_WIRE);
}

/* The segment's event, NULL when it is not in the log. */
static const struct event *segment_of(const struct frames *f,
                                      const struct event_copy *copy)
{
    uint32_t id = copy->n <= f->count ? f->sent[copy->n] : 0;
    return runlog_get(f->log, id);
}

/* Copies that were dropped or are held arrived nowhere. */
static void add_arrived(struct frames *f, const struct event *e)
{
    const struct event *sent = segment_of(f, &e->copy);
    if (sent && f->link == LINK_WIRE && e->copy.fate == FATE_ARRIVED)
        add(f, e, interface_of(host_peer(sent->segment.from)));
}

/* Most kinds are no packets. */
static void add_event(struct frames *f, const struct event *e)
{
    if (e->kind == EVENT_SEGMENT && e->segment.saved)
        add(f, e, interface_of(host_peer(e->segment.from)));
    else if (e->kind == EVENT_SEGMENT)
        add_sent(f, e, e->segment.from, e->segment.forged);
    else if (e->kind == EVENT_ICMP)
        add_sent(f, e, e->icmp.from, e->icmp.forged);
    else if (e->kind == EVENT_COPY)
        add_arrived(f, e);
}

/* By time; what happened at the same time stays in the order of the log, and
 * leaves its sender before it is on the wire. */
static int compare(const void *a, const void *b)
{
    const struct frame *x = a, *y = b;
    if (x->t_ns != y->t_ns)
        return x->t_ns < y->t_ns ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->interface == INTERFACE_WIRE) - (y->interface == INTERFACE_WIRE);
}

/* A log that was restored may begin with anything. */
static void read_begin(struct frames *f)
{
    const struct event *e = runlog_get(f->log, 1);
    if (!e || e->kind != EVENT_RUN || e->run.phase != PHASE_BEGIN)
        return;
    f->link = e->run.link;
    f->wall_ns = e->run.wall_ns;
}

int frames_collect(const struct runlog *log, struct feed *feed, uint32_t count,
                   struct frames *ret)
{
    size_t entries = (size_t)count + 1;
    *ret = (struct frames){.log = log, .feed = feed, .count = count};
    ret->sent = calloc(entries, sizeof(*ret->sent));
    ret->copies = calloc(entries, sizeof(*ret->copies));
    ret->effects = calloc(entries, sizeof(*ret->effects));
    ret->next = calloc(entries, sizeof(*ret->next));
    /* Two for each event: its sender's and the wire's. */
    ret->list = calloc(2 * entries, sizeof(*ret->list));
    if (!ret->sent || !ret->copies || !ret->effects || !ret->next || !ret->list)
        return -ENOMEM;
    read_begin(ret);
    chain_all(ret);
    for (uint32_t id = 1; id <= count; id++)
        add_event(ret, runlog_get(log, id));
    qsort(ret->list, ret->list_count, sizeof(*ret->list), compare);
    return 0;
}

void frames_done(struct frames *frames)
{
    free(frames->sent);
    free(frames->copies);
    free(frames->effects);
    free(frames->next);
    free(frames->list);
    *frames = (struct frames){.log = NULL};
}

/* --- writing ------------------------------------------------------------- */

/* Comments of one packet, as many as there may be. */
struct comments {
    struct buf *out;
    size_t count;
};

/* The last one says that there are more. */
static void put_comment(struct comments *c, const char *text)
{
    if (c->count == MAX_COMMENTS)
        put_option_text(c->out, OPTION_COMMENT, "... and more of these.");
    if (c->count++ < MAX_COMMENTS)
        put_option_text(c->out, OPTION_COMMENT, text);
}

/* What the API says of an event, word for word. */
static void put_sentence(const struct frames *f, uint32_t id,
                         struct comments *c)
{
    struct buf text;
    buf_init(&text, SENTENCE_MAX_BYTES);
    feed_sentence(f->feed, id, &text);
    put_comment(c, buf_text(&text));
    buf_done(&text);
}

/* feed_says_fn */
static void put_explanation(void *ctx, const char *text, const char *rfc)
{
    struct buf whole;
    buf_init(&whole, SENTENCE_MAX_BYTES);
    buf_printf(&whole, "%s [%s]", text, rfc);
    put_comment(ctx, buf_text(&whole));
    buf_done(&whole);
}

/* The sentences of a list that chain() made. */
static void put_list(const struct frames *f, uint32_t first, struct comments *c)
{
    for (uint32_t id = first; id; id = f->next[id])
        put_sentence(f, id, c);
}

/* On the wire: what became of it, and what it means. At the hosts: what it did
 * to them. */
static void put_comments(const struct frames *f, const struct frame *frame,
                         const struct event *e, struct buf *out)
{
    struct comments c = {.out = out};
    bool whole = e->kind == EVENT_SEGMENT &&
                 (frame->interface == INTERFACE_WIRE || e->segment.saved);
    put_sentence(f, e->id, &c);
    if (whole && e->segment.n <= f->count)
        put_list(f, f->copies[e->segment.n], &c);
    if (whole)
        feed_says(f->feed, e->segment.n, put_explanation, &c);
    if (frame->interface != INTERFACE_WIRE)
        put_list(f, f->effects[e->id], &c);
}

/* A packet as one interface saw it. */
struct sight {
    const uint8_t *bytes;
    size_t len;
    uint32_t flags;
    uint64_t packet_id;
};

/* A copy has bytes of its own only where they are other than sent. */
static struct sight sight_of(const struct frames *f, const struct frame *frame,
                             const struct event *e)
{
    bool host = frame->interface != INTERFACE_WIRE;
    if (e->kind == EVENT_ICMP)
        return (struct sight){e->icmp.bytes, e->icmp.len,
                              host ? FLAG_OUTBOUND : 0,
                              (uint64_t)ICMP_ID_HIGH << 32 | e->id};
    const struct event *sent =
        e->kind == EVENT_COPY ? segment_of(f, &e->copy) : e;
    const struct event_segment *s = &sent->segment;
    struct sight sight = {s->bytes, s->len, host ? FLAG_OUTBOUND : 0, s->n};
    if (e->kind == EVENT_COPY || s->saved)
        sight.flags = FLAG_INBOUND;
    if (e->kind == EVENT_COPY && e->copy.bytes) {
        sight.bytes = e->copy.bytes;
        sight.len = e->copy.len;
    }
    return sight;
}

/* What the IP header claims; the kernel keeps only the headers of a SYN. */
static uint32_t length_sent(const struct event *e, const struct sight *sight)
{
    struct segment seg;
    bool cut = e->kind == EVENT_SEGMENT && e->segment.saved &&
               segment_parse(sight->bytes, sight->len, &seg, NULL) == 0;
    uint32_t missing =
        cut ? (uint32_t)seg.payload_full_len - seg.payload_len : 0;
    return (uint32_t)sight->len + missing;
}

void frame_write(const struct frames *f, size_t i, struct buf *out)
{
    const struct frame *frame = &f->list[i];
    const struct event *e = runlog_get(f->log, frame->id);
    struct sight sight = sight_of(f, frame, e);
    uint64_t at_ns = f->wall_ns + frame->t_ns;
    size_t begin = block_begin(out, BLOCK_PACKET);
    put_u32(out, frame->interface);
    put_u32(out, (uint32_t)(at_ns >> 32));
    put_u32(out, (uint32_t)at_ns);
    put_u32(out, (uint32_t)sight.len);
    put_u32(out, length_sent(e, &sight));
    buf_append(out, sight.bytes, sight.len);
    block_pad(out);
    put_comments(f, frame, e, out);
    if (sight.flags) {
        put_u16(out, PACKET_FLAGS);
        put_u16(out, 4);
        put_u32(out, sight.flags);
    }
    put_u16(out, PACKET_ID);
    put_u16(out, 8);
    put_u64(out, sight.packet_id);
    put_option_end(out);
    block_end(out, begin);
}

/* wire_talk.c - what the wire remembers of what it carried: enough to know a
 * segment again and to make one that fits. */
#include "wire_internal.h"

#include "handshake/seq.h"

/* The same sender sends the same numbers again. A bare ACK takes no number and
 * is never the same one twice. */
static bool is_same(const struct recent *r, const struct passing *p)
{
    return r->n != 0 && r->from == p->from && r->src_port == p->seg->src.port &&
           r->dst_port == p->seg->dst.port && r->seq == p->seg->seq &&
           r->span == segment_span(p->seg) &&
           ((r->flags ^ p->seg->flags) & (SEG_SYN | SEG_FIN | SEG_RST)) == 0;
}

static uint32_t find_repeated(const struct wire *w, const struct passing *p)
{
    if (segment_span(p->seg) == 0)
        return 0;
    for (size_t i = 0; i < WIRE_RECENT; i++)
        if (is_same(&w->recent[i], p))
            return w->recent[i].n;
    return 0;
}

static void remember(struct wire *w, const struct passing *p)
{
    w->recent[w->recent_at++ % WIRE_RECENT] =
        (struct recent){.n = p->n,
                        .from = p->from,
                        .src_port = p->seg->src.port,
                        .dst_port = p->seg->dst.port,
                        .flags = p->seg->flags,
                        .seq = p->seg->seq,
                        .span = segment_span(p->seg)};
}

/* What is forged in the name of a host whose kernel speaks for itself does not
 * change what that kernel will say next. */
static void update_talk(struct talk *t, const struct passing *p, bool forged)
{
    const struct segment *seg = p->seg;
    uint32_t end = seg->seq + segment_span(seg);
    if (forged && t->real)
        return;
    if (seg->flags & SEG_SYN) {
        t->isn = seg->seq;
        t->next = end;
        t->known = true;
    } else if (t->known && seq_before(t->next, end)) {
        t->next = end;
    }
    t->real = !forged;
    t->src = seg->src;
    t->dst = seg->dst;
    t->newest = p->event;
}

uint32_t wire_hear(struct wire *w, const struct passing *p, bool forged)
{
    uint32_t repeats = forged ? 0 : find_repeated(w, p);
    if (repeats == 0 && segment_span(p->seg) > 0 && !forged)
        remember(w, p);
    update_talk(&w->talk[p->from], p, forged);
    return repeats;
}

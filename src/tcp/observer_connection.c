/* observer_connection.c - what a segment is, measured by what was sent before.
 *
 * The variables of RFC 9293 3.3.1, as far as an onlooker can have them:
 *
 *   side.isn     ISS      initial sequence number
 *   side.next    SND.NXT  one past the highest number the side has sent
 *   peer.acked   SND.UNA  highest number its peer has acknowledged
 *   side.acked   RCV.NXT  what the side said it expects; the truth may be
 *                         further along while an acknowledgement is delayed
 *   side.window  RCV.WND  what the side offered last, scaled
 *
 * Forged and stray segments must not lead the memory astray: sequence numbers
 * move a side's `next` only from within a window's reach, acknowledgements
 * count only up to what was sent, and what a receiver throws away (bad
 * checksum) changes nothing but the list of sendings.
 *
 * A ring of the last sendings finds what a segment repeats and what it
 * answers. Older ones are forgotten: then a repetition is still recognised by
 * its numbers, only not which segment it repeats. */
#include "observer_internal.h"

#include <stdlib.h>

/* All of these flags are set. */
static bool has(const struct segment *seg, uint16_t flags)
{
    return (seg->flags & flags) == flags;
}

/* In a self-connect everything is sent by side 0. */
unsigned connection_side(const struct connection *conn,
                         const struct segment *seg)
{
    return endpoint_equal(&conn->side[0].end, &seg->src) ? 0 : 1;
}

/* In a self-connect a side is its own peer. */
static struct side *peer_of(struct connection *conn, unsigned me)
{
    return &conn->side[conn->self ? me : 1 - me];
}

/* Same connection for a SYN without ACK: the same SYN again, or the other half
 * of a simultaneous open. One that comes after both sides have closed begins
 * something new, whatever its number. */
static bool syn_fits(const struct connection *conn, const struct segment *seg)
{
    unsigned i = connection_side(conn, seg);
    const struct side *me = &conn->side[i], *peer = &conn->side[1 - i];
    if (me->sent_any)
        return me->isn == seg->seq && !connection_closed(conn);
    return !conn->self && peer->syn_seen && !peer->sent_ack &&
           conn->reset == RESET_NONE;
}

/* A number is near what the side has sent: within the largest window. */
static bool near_next(const struct side *side, uint32_t number)
{
    uint32_t reach = (uint32_t)WINDOW_UNSCALED_MAX << WSCALE_MAX;
    return !side->sent_any || seq_in(number, side->next - reach, reach + reach);
}

/* Acknowledges something between the peer's SYN and the last it sent. */
static bool ack_possible(const struct side *peer, uint32_t ack)
{
    return peer->sent_any && near_next(peer, ack) &&
           seq_before_eq(ack, peer->next) && !seq_before(ack, peer->isn);
}

/* Whether numbers say that seg belongs to conn rather than to another
 * connection of the same endpoints. */
static bool numbers_fit(const struct connection *conn,
                        const struct segment *seg)
{
    unsigned i = connection_side(conn, seg);
    const struct side *me = &conn->side[i];
    const struct side *peer = &conn->side[conn->self ? i : 1 - i];
    if (has(seg, SEG_RST) && !has(seg, SEG_ACK))
        return seg->seq == me->next || seg->seq == peer->last_ack;
    bool ack_fits = !has(seg, SEG_ACK) || ack_possible(peer, seg->ack);
    if (has(seg, SEG_RST) || has(seg, SEG_SYN))
        return ack_fits;
    return ack_fits && me->sent_any && near_next(me, seg->seq);
}

/* A SYN into a living connection is remembered there too: the challenge ACK it
 * calls for belongs to the old one (RFC 5961 4.2). */
static struct connection *begin(struct observer *obs, const struct segment *seg)
{
    struct connection *before = table_first(obs, seg);
    bool alive = before && connection_established(before) &&
                 !connection_closed(before) && before->reset == RESET_NONE;
    if (alive)
        before->side[connection_side(before, seg)].prompt = PROMPT_SYN;
    enum observer_outcome outcome =
        before ? connection_outcome(before) : OUTCOME_NOTHING;
    uint32_t before_isn = before ? before->side[0].isn : 0;
    uint32_t before_end =
        before ? before->side[connection_side(before, seg)].next : 0;
    struct connection *conn = table_add(obs, seg); /* may free `before` */
    conn->had_before = before != NULL;
    conn->before_alive = alive;
    conn->before_waiting = outcome == OUTCOME_UNANSWERED;
    conn->before_half = outcome == OUTCOME_HALF_OPEN;
    conn->before_closed = outcome == OUTCOME_CLOSED;
    conn->before_end = before_end;
    conn->before_isn = before_isn;
    return conn;
}

/* The newest connection the numbers fit; if they fit none, the newest takes it
 * as a stray, for a stray deserves its sentence too. */
struct connection *connection_pick(struct observer *obs,
                                   const struct segment *seg)
{
    struct connection *newest = table_first(obs, seg);
    bool opens = has(seg, SEG_SYN) && !has(seg, SEG_ACK) && !has(seg, SEG_RST);
    struct connection *conn = newest;
    while (conn && !(opens ? syn_fits(conn, seg) : numbers_fit(conn, seg)))
        conn = table_next(conn, seg);
    if (conn)
        return conn;
    return newest && !opens ? newest : begin(obs, seg);
}

/* A number that was only inferred (from an ACK, before the SYN was seen) gives
 * way to the SYN's own. */
static void learn_own(struct connection *conn, struct side *me,
                      const struct segment *seg)
{
    bool syn = has(seg, SEG_SYN);
    /* A server that forgot a request answers the next SYN with a new number;
     * once the connection stands, a stray SYN changes nothing. */
    bool settled = !syn || me->isn == seg->seq ||
                   (me->syn_seen && connection_established(conn));
    if (me->sent_any && settled)
        return;
    if (me->sent_any)
        peer_of(conn, connection_side(conn, seg))->acked_any = false;
    me->sent_any = true;
    me->isn = syn ? seg->seq : seg->seq - 1;
    me->next = seg->seq;
}

/* A repeated SYN may offer less than the first (ECN or Fast Open given up), so
 * the last one counts. */
static void learn_offer(struct side *me, const struct segment *seg)
{
    struct offer *o = &me->offer;
    uint32_t val, echo;
    *o = (struct offer){.syn_data = seg->payload_len};
    o->mss = segment_mss(seg, &o->mss_bytes);
    o->wscale = segment_wscale(seg, &o->shift);
    o->sack = segment_option(seg, OPT_SACK_PERMITTED) != NULL;
    o->timestamps = segment_timestamps(seg, &val, &echo);
    o->mptcp = segment_option(seg, OPT_MPTCP) != NULL;
    const struct tcp_option *cookie = segment_option(seg, OPT_FASTOPEN);
    o->fastopen_cookie = cookie && cookie->data_len && !cookie->malformed;
    o->ecn = has(seg, SEG_ACK) ? has(seg, SEG_ECE) && !has(seg, SEG_CWR)
                               : has(seg, SEG_ECE | SEG_CWR);
    if (o->shift > WSCALE_MAX)
        o->shift = WSCALE_MAX;
}

/* A segment beyond every window was set aside as a forgery; that the peer now
 * acknowledges it proves a gap in the capture instead. */
static void believe_far(struct side *peer, uint32_t ack)
{
    uint32_t size = peer->far_end - peer->far_seq;
    if (seq_in(ack - 1, peer->far_seq, size) && seq_before(peer->next, ack))
        peer->next = peer->far_end;
}

/* RST teaches nothing: it is often made from another segment's numbers. */
void connection_learn(struct connection *conn, const struct segment *seg)
{
    unsigned i = connection_side(conn, seg);
    struct side *me = &conn->side[i], *peer = peer_of(conn, i);
    if (has(seg, SEG_RST))
        return;
    learn_own(conn, me, seg);
    if (has(seg, SEG_SYN) && me->isn == seg->seq &&
        !connection_established(conn)) {
        me->syn_seen = true;
        learn_offer(me, seg);
    }
    if (has(seg, SEG_ACK) && !peer->sent_any) {
        peer->sent_any = true;
        peer->isn = seg->ack - 1;
        peer->next = seg->ack;
        /* whoever answers a SYN is the server, also when that SYN is missing */
        conn->swapped = has(seg, SEG_SYN) && i == 0 && !conn->self;
        conn->roles_known |= has(seg, SEG_SYN);
    }
    if (has(seg, SEG_ACK))
        believe_far(peer, seg->ack);
}

/* Both SYNs must carry the option (RFC 7323 2.2). */
unsigned connection_shift(const struct connection *conn, const struct side *who)
{
    const struct side *a = &conn->side[0];
    const struct side *b = &conn->side[conn->self ? 0 : 1];
    bool agreed =
        a->syn_seen && b->syn_seen && a->offer.wscale && b->offer.wscale;
    return agreed ? who->offer.shift : 0;
}

/* Without a SYN seen, anything acknowledged will do. */
static bool syn_acked(const struct side *side, const struct side *by)
{
    return side->sent_any && by->acked_any && seq_before(side->isn, by->acked);
}

/* Judged by what was sent: the last ACK may still be on its way or lost. */
bool connection_established(const struct connection *conn)
{
    const struct side *a = &conn->side[0];
    const struct side *b = &conn->side[conn->self ? 0 : 1];
    if (!a->syn_seen && !b->syn_seen)
        return a->sent_any && (a->acked_any || b->acked_any);
    return syn_acked(a, b) && syn_acked(b, a);
}

/* Needs both FINs and an acknowledgement of each (RFC 9293 3.6). */
bool connection_closed(const struct connection *conn)
{
    const struct side *a = &conn->side[0];
    const struct side *b = &conn->side[conn->self ? 0 : 1];
    return a->fin_sent && b->fin_sent && a->acked_any && b->acked_any &&
           seq_before_eq(a->fin_end, b->acked) &&
           seq_before_eq(b->fin_end, a->acked);
}

/* CLOSED first: a RST after the last ACK takes nothing back. */
enum observer_outcome connection_outcome(const struct connection *conn)
{
    if (connection_closed(conn))
        return OUTCOME_CLOSED;
    if (conn->reset != RESET_NONE)
        return conn->reset == RESET_REFUSED ? OUTCOME_REFUSED : OUTCOME_RESET;
    if (connection_established(conn))
        return OUTCOME_ESTABLISHED;
    const struct side *a = &conn->side[0], *b = &conn->side[1];
    if (syn_acked(a, b) || syn_acked(b, a))
        return OUTCOME_HALF_OPEN;
    return a->sent_any ? OUTCOME_UNANSWERED : OUTCOME_NOTHING;
}

/* Whoever has sent an ACK has seen a SYN, so SYN-SENT is over. */
bool peer_in_syn_sent(const struct sight *s)
{
    return s->peer->syn_seen && !s->peer->sent_ack;
}

/* RFC 9293 3.10.7.3 in SYN-SENT (the ACK proves it), RFC 5961 3.2 later (the
 * exact next number). Where the receiver's acknowledgements lag behind, the
 * sender's own next number counts as exact as well. */
bool rst_believed(const struct sight *s)
{
    const struct segment *seg = s->seg;
    if (peer_in_syn_sent(s))
        return has(seg, SEG_ACK) && seg->ack != s->peer->isn &&
               ack_possible(s->peer, seg->ack);
    if (!s->peer->told_ack)
        return !s->peer->syn_seen && s->me->sent_any && !s->me->syn_seen;
    if (!s->peer->acked_any)
        return seg->seq == s->peer->last_ack;
    return seg->seq == s->peer->acked ||
           (s->me->sent_any && seg->seq == s->me->next);
}

/* The i-th newest sending remembered, i < ring_len. */
static const struct sent *ring_back(const struct connection *conn, uint32_t i)
{
    return &conn->ring[(conn->ring_at + conn->ring_cap - 1 - i) %
                       conn->ring_cap];
}

/* The newest sending that holds the segment's first number: after a resend in
 * other pieces this is still what is being repeated. */
static const struct sent *find_original(const struct sight *s, unsigned side)
{
    for (uint32_t i = 0; i < s->conn->ring_len; i++) {
        const struct sent *e = ring_back(s->conn, i);
        if (e->side == side && seq_in(s->seg->seq, e->seq, e->end - e->seq))
            return e;
    }
    return NULL;
}

/* A SYN counts even when the data in it is not accepted. */
static bool newly_acked(const struct sent *e, uint32_t low, uint32_t ack)
{
    if (e->flags & SEG_SYN && ack == e->seq + 1)
        return seq_before(low, ack);
    return seq_before(low, e->end) && seq_before_eq(e->end, ack);
}

/* Of the segments newly acknowledged the one that ends last. When it was sent
 * several times, the timestamp echoed tells which arrived; without timestamps
 * the latest is the best guess. */
static const struct sent *find_answered(const struct sight *s, unsigned side)
{
    const struct segment *seg = s->seg;
    uint32_t low = s->me->acked_any ? s->me->acked : s->peer->isn;
    uint32_t val, echo = 0;
    bool has_echo = segment_timestamps(seg, &val, &echo);
    const struct sent *best = NULL;
    bool best_echoed = false;
    for (uint32_t i = 0; i < s->conn->ring_len; i++) {
        const struct sent *e = ring_back(s->conn, i);
        if (e->side != side || !newly_acked(e, low, seg->ack))
            continue;
        if (has(seg, SEG_SYN) && e->flags & SEG_ACK)
            continue; /* simultaneous open: a SYN,ACK answers the SYN */
        bool echoed = has_echo && e->has_ts && e->tsval == echo;
        if (!best || seq_before(best->end, e->end) ||
            (best->end == e->end && echoed && !best_echoed)) {
            best = e;
            best_echoed = echoed;
        }
    }
    return best;
}

/* RFC 9293 3.4: new is what lies past the highest acknowledged so far. */
static enum ack_kind judge_ack(const struct sight *s)
{
    uint32_t ack = s->seg->ack;
    if (!has(s->seg, SEG_ACK))
        return ACK_NONE;
    if (s->peer->sent_any && seq_before(s->peer->next, ack))
        return ACK_BEYOND;
    if (!s->me->acked_any)
        return s->peer->sent_any && seq_before(ack, s->peer->isn) ? ACK_OLD
                                                                  : ACK_NEW;
    if (ack == s->me->acked)
        return ACK_SAME;
    return seq_before(s->me->acked, ack) ? ACK_NEW : ACK_OLD;
}

/* RFC 9293 3.8.4: a keep-alive repeats the number before the next one, with no
 * or one byte, after everything was acknowledged. */
static bool judge_probe(const struct sight *s)
{
    const struct side *me = s->me, *peer = s->peer;
    return (s->seg->flags & (SEG_SYN | SEG_FIN | SEG_RST | SEG_ACK)) ==
               SEG_ACK &&
           s->seg->payload_len <= 1 && peer->acked_any &&
           connection_established(s->conn) && peer->acked == me->next &&
           s->seg->seq == me->next - 1;
}

/* It is no duplicate ACK, though it looks like one (RFC 8684 3.3.7). */
static bool judge_signal(const struct sight *s)
{
    const struct tcp_option *opt = segment_option(s->seg, OPT_MPTCP);
    return opt && opt->data_len && !opt->malformed &&
           s->seg->payload_full_len == 0 &&
           (s->seg->flags & (SEG_SYN | SEG_FIN | SEG_RST | SEG_ACK)) == SEG_ACK;
}

/* The first ACK of the peer's SYN by a side whose own SYN is acknowledged:
 * data or a FIN may ride with it. */
static bool judge_completes(const struct sight *s)
{
    const struct side *me = s->me, *peer = s->peer;
    if (s->seg->flags & (SEG_SYN | SEG_RST) || !me->syn_seen ||
        !peer->syn_seen || s->ack_kind != ACK_NEW)
        return false;
    return s->seg->ack != peer->isn && syn_acked(me, peer) &&
           !syn_acked(peer, me);
}

/* The numbers of the observation; a SYN's own window is never scaled. */
static void judge_numbers(const struct sight *s, struct observation *obs)
{
    const struct segment *seg = s->seg;
    obs->seq_rel = s->me->sent_any ? seg->seq - s->me->isn : 0;
    obs->ack_rel_known = has(seg, SEG_ACK) && s->peer->sent_any;
    obs->ack_rel = obs->ack_rel_known ? seg->ack - s->peer->isn : 0;
    obs->window_scaled = seg->window;
    if (!has(seg, SEG_SYN))
        obs->window_scaled <<= connection_shift(s->conn, s->me);
    obs->repeats = s->original && !s->probe ? s->original->first_n : 0;
    obs->answers = s->answered ? s->answered->n : 0;
}

/* In a simultaneous open the SYN,ACK takes the number of the SYN again, yet it
 * is no retransmission: it is the first to acknowledge (RFC 9293 3.5). */
static void judge_crossed(struct sight *s)
{
    s->crossed = has(s->seg, SEG_SYN | SEG_ACK) && s->me->syn_seen &&
                 !s->me->sent_ack && s->original &&
                 !(s->original->flags & SEG_ACK);
    if (s->crossed) {
        s->old = false;
        s->original = NULL;
    }
}

/* Nothing here writes to conn: judging twice gives the same. */
void connection_judge(const struct connection *conn, struct sight *s)
{
    const struct segment *seg = s->seg;
    unsigned me = (unsigned)(s->me - conn->side);
    unsigned peer = (unsigned)(s->peer - conn->side);
    s->end = seg->seq + segment_span(seg);
    s->usable = seg->checksum_verdict != CHECKSUM_BAD && !seg->offset_malformed;
    s->ack_kind = judge_ack(s);
    s->completes = judge_completes(s);
    s->probe = judge_probe(s);
    s->early = s->seg->payload_full_len && !has(seg, SEG_SYN | SEG_ACK) &&
               s->me->syn_seen && s->peer->syn_seen && s->me->acked_any &&
               !syn_acked(s->me, s->peer);
    s->signal = judge_signal(s);
    if (s->end != seg->seq && !has(seg, SEG_RST) && s->me->sent_any) {
        s->old = seq_before(seg->seq, s->me->next);
        s->original = find_original(s, me);
        judge_crossed(s);
    }
    if (s->ack_kind == ACK_NEW && s->usable && !has(seg, SEG_RST))
        s->answered = find_answered(s, peer);
    judge_numbers(s, s->obs);
}

/* Make room for one more sending; a ring that cannot grow forgets its oldest.
 * Returns false when there is no memory at all. */
static bool ring_grow(struct connection *conn)
{
    if (conn->ring_len < conn->ring_cap || conn->ring_cap == RING_MAX)
        return true;
    if (conn->ring_at != 0)
        return true; /* wrapped for want of memory: grow when in order again */
    uint32_t cap = conn->ring_cap ? conn->ring_cap * 2 : RING_FIRST;
    struct sent *ring = realloc(conn->ring, cap * sizeof(*ring));
    if (!ring)
        return conn->ring_cap > 0;
    conn->ring = ring;
    conn->ring_at = conn->ring_cap;
    conn->ring_cap = cap;
    return true;
}

/* Counts on from the earlier sending, so that the first one's number and time
 * outlive it in the ring. */
static void remember(struct connection *conn, const struct sight *s)
{
    const struct segment *seg = s->seg;
    struct sent e = {
        .n = s->n,
        .seq = seg->seq,
        .end = s->end,
        .side = (uint8_t)(s->me - conn->side),
        .flags = seg->flags,
        .payload_len = seg->payload_len,
        .times = 1,
        .first_n = s->n,
        .first_t_ns = s->t_ns,
    };
    uint32_t echo;
    e.has_ts = segment_timestamps(seg, &e.tsval, &echo);
    if (s->original) {
        e.times = (uint16_t)(s->original->times + 1);
        e.first_n = s->original->first_n;
        e.first_t_ns = s->original->first_t_ns;
    }
    if (!ring_grow(conn))
        return;
    conn->ring[conn->ring_at] = e;
    conn->ring_at = (conn->ring_at + 1) % conn->ring_cap;
    if (conn->ring_len < conn->ring_cap)
        conn->ring_len++;
}

/* Moves `next` and the ring. A probe repeats a number without meaning to send
 * it, so it stays out of the ring. */
static void update_sent(struct connection *conn, struct side *me,
                        const struct side *peer, const struct sight *s)
{
    if (s->end == s->seg->seq || has(s->seg, SEG_RST))
        return;
    uint32_t reach = WINDOW_UNSCALED_MAX;
    if (peer->window_known && peer->window > reach)
        reach = peer->window;
    if (s->seg->seq != me->next && !seq_before(s->seg->seq, me->next + reach)) {
        me->far_seq = s->seg->seq;
        me->far_end = s->end;
        return; /* no receiver could take it */
    }
    if (!s->probe)
        remember(conn, s);
    if (seq_before(me->next, s->end))
        me->next = s->end;
}

/* RFC 9293 3.10.7.4 and RFC 5961: what an established receiver answers with a
 * bare ACK of what it expects. */
static enum prompt prompt_of(const struct sight *s)
{
    const struct segment *seg = s->seg;
    if (s->probe)
        return PROMPT_PROBE;
    if (has(seg, SEG_RST))
        return rst_believed(s) ? PROMPT_NONE : PROMPT_RST;
    if (s->crossed)
        return PROMPT_CROSSED;
    if (s->conn->self || !connection_established(s->conn))
        return PROMPT_NONE;
    if (has(seg, SEG_SYN))
        return seg->seq == s->me->isn ? PROMPT_OLD : PROMPT_SYN;
    if (s->ack_kind == ACK_BEYOND)
        return PROMPT_ACK;
    bool outside = s->peer->acked_any && s->end != seg->seq &&
                   seq_before_eq(s->end, s->peer->acked);
    return outside ? PROMPT_OLD : PROMPT_NONE;
}

/* A duplicate ACK (RFC 5681 2) has no data, no new number, no new window, and
 * something is outstanding. */
static void update_ack(struct side *me, const struct sight *s)
{
    const struct segment *seg = s->seg;
    uint32_t window = s->obs->window_scaled;
    bool same =
        s->ack_kind == ACK_SAME && s->end == seg->seq && !s->signal &&
        me->window_known && (me->window_of_syn || me->window == window) &&
        s->peer->prompt == PROMPT_NONE && seq_before(me->acked, s->peer->next);
    me->dup_acks = same ? me->dup_acks + 1 : 0;
    me->told_ack = true;
    me->last_ack = seg->ack;
    me->sent_ack |=
        has(seg, SEG_SYN) || s->ack_kind == ACK_NEW || s->ack_kind == ACK_SAME;
    if (s->ack_kind == ACK_NEW) {
        me->acked_any = true;
        me->acked = seg->ack;
    }
    if (s->ack_kind != ACK_BEYOND && s->ack_kind != ACK_OLD) {
        me->window_known = true;
        me->window = window;
        me->window_of_syn = has(seg, SEG_SYN);
    }
}

/* Whether a RST that its receiver believes ends this connection. One that
 * rejects a wrong SYN,ACK ends only what the other side imagined: its sender
 * stays in SYN-SENT. */
static bool rst_ends(const struct sight *s)
{
    bool waiting = s->me->syn_seen && !syn_acked(s->me, s->peer);
    return rst_believed(s) && !waiting;
}

/* Whoever sends its FIN before acknowledging the other's closes at the same
 * time (RFC 9293 3.6, figure 13); else the first to send waits in TIME-WAIT. */
static void update_fin(struct connection *conn, struct side *me,
                       const struct sight *s)
{
    if (!me->fin_sent && !s->peer->fin_sent)
        conn->fin_first = (uint8_t)(me - conn->side);
    else if (!me->fin_sent)
        conn->fins_crossed = seq_before(s->seg->ack, s->peer->fin_end);
    me->fin_sent = true;
    me->fin_end = s->end;
}

/* What ends the connection, or shows that it had not ended. */
static void update_end(struct connection *conn, struct side *me,
                       const struct sight *s)
{
    if (has(s->seg, SEG_RST)) {
        if (conn->reset == RESET_NONE && rst_ends(s))
            conn->reset = peer_in_syn_sent(s) ? RESET_REFUSED : RESET_ABORTED;
        return;
    }
    if (has(s->seg, SEG_SYN) || s->completes)
        conn->reset = RESET_NONE; /* it was not over: somebody tries again */
    if (has(s->seg, SEG_FIN) && s->end == me->next)
        update_fin(conn, me, s);
}

/* What a receiver throws away still counts as sent, but tells nothing else. */
void connection_update(struct connection *conn, const struct sight *s)
{
    unsigned i = connection_side(conn, s->seg);
    struct side *me = &conn->side[i], *peer = peer_of(conn, i);
    enum prompt prompt = prompt_of(s);
    conn->last_was_repeated_syn =
        s->original && has(s->seg, SEG_SYN) && !has(s->seg, SEG_ACK);
    update_sent(conn, me, peer, s);
    if (!s->usable)
        return;
    update_end(conn, me, s);
    if (has(s->seg, SEG_ACK) && !has(s->seg, SEG_RST))
        update_ack(me, s);
    if (s->ack_kind == ACK_SAME && s->end == s->seg->seq)
        peer->prompt = PROMPT_NONE; /* answered */
    bool waits = me->prompt == PROMPT_CROSSED && s->end == s->seg->seq;
    if (!waits || prompt != PROMPT_NONE) /* both SYN,ACKs get an answer */
        me->prompt = prompt;
}

/* observer_says_end.c - sentences about ending: FIN, what answers it, RST,
 * and segments outside any connection.
 *
 * A RST is told in two steps: how it was made, which its numbers show (RFC
 * 9293 3.5.2), and whether its receiver can believe it (3.5.3, RFC 5961 3.2).
 * One that is not believed ends nothing, however final it looks. */
#include "observer_internal.h"

static const char RFC_CLOSE[] = "RFC 9293 3.6";
static const char RFC_RESET_MADE[] = "RFC 9293 3.5.2";

/* When the second FIN is acknowledged, the side that closed first waits. */
static void says_both_closed(struct sight *s)
{
    const struct side *first = &s->conn->side[s->conn->fin_first];
    bool my_fin_acked = s->me->fin_sent && s->peer->acked_any &&
                        seq_before_eq(s->me->fin_end, s->peer->acked);
    if (!my_fin_acked)
        return;
    if (s->conn->fins_crossed)
        say(s, RFC_CLOSE,
            "both directions are closed, by both sides at the same time: each "
            "waits in TIME-WAIT for late segments.");
    else
        say(s, RFC_CLOSE,
            "both directions are closed: %s, which closed first, waits in "
            "TIME-WAIT for late segments and to repeat this ACK should it be "
            "lost; the other side is done once it arrives.",
            first == s->me ? s->my : s->other);
}

/* Half of the close, or the end of it. */
void says_fin_acked(struct sight *s)
{
    uint32_t ack = s->seg->ack;
    say(s, RFC_CLOSE,
        "ack " THEIRS " is %s's FIN, number " THEIRS
        ", + 1: %s knows that everything %s sent has arrived and that nothing "
        "follows.",
        ack, s->other, ack - 1, s->my, s->other);
    if (!s->me->fin_sent && !(s->seg->flags & SEG_FIN))
        say(s, "RFC 9293 3.6.1",
            "%s may still send: its own direction is open until it sends a "
            "FIN.",
            s->my);
    else
        says_both_closed(s);
}

/* A repeated FIN gets the first sentence only: the rest was said before. */
void says_fin(struct sight *s)
{
    const struct segment *seg = s->seg;
    bool acks_fin = s->peer->fin_sent && seg->ack == s->peer->fin_end;
    say(s, RFC_CLOSE,
        "%s has nothing more to send and closes its direction. The FIN takes "
        "one sequence number, " MINE ": it calls for ack " MINE ".",
        s->my, s->end - 1, s->end);
    if (seg->payload_full_len)
        say(s, "RFC 9293 3.4", "it carries the last %u bytes of data too.",
            seg->payload_full_len);
    if (s->old)
        return;
    if (acks_fin && s->ack_kind == ACK_NEW)
        say(s, RFC_CLOSE,
            "ack " THEIRS " is %s's FIN + 1 at the same time: acknowledging "
            "and closing take one segment instead of two.",
            seg->ack, s->other);
    else if (acks_fin)
        say(s, RFC_CLOSE,
            "%s closed before: when this FIN is acknowledged, both directions "
            "are closed.",
            s->other);
    else if (s->peer->fin_sent)
        say(s, RFC_CLOSE,
            "%s has sent a FIN as well, which this does not acknowledge yet: "
            "both close at the same time.",
            s->other);
}

/* A RST towards a side that waits in SYN-SENT. */
static void says_rst_to_syn(struct sight *s)
{
    const struct segment *seg = s->seg;
    uint32_t isn = s->peer->isn;
    if (!(seg->flags & SEG_ACK)) {
        say(s, "RFC 9293 3.10.7.3",
            "a RST without ACK cannot prove that its sender saw the SYN: %s, "
            "in SYN-SENT, ignores it.",
            s->other);
        return;
    }
    if (!rst_believed(s)) {
        say(s, "RFC 9293 3.10.7.3",
            "ack " THEIRS " does not answer %s's SYN, which calls for " THEIRS
            ": the RST is ignored.",
            seg->ack, s->other, isn + 1);
        return;
    }
    if (s->conn->before_waiting || s->conn->before_half) {
        say(s, "RFC 9293 3.10.7.3",
            "the SYN with number %u"
            " is refused. Should %s have sent only the one with number %u, "
            "this RST acknowledges nothing of it and is ignored.",
            isn, s->other, s->conn->before_isn);
        return;
    }
    say(s, "RFC 9293 3.10.7.1",
        "refused: nobody listens on port %u, or something on the way refuses "
        "in its name.",
        seg->src.port);
    if (seg->seq == 0)
        say(s, RFC_RESET_MADE,
            "the SYN had no ack to take a number from, so this RST has "
            "sequence number 0; ack " THEIRS " is %s's " THEIRS
            " + %u, which proves that the SYN was seen.",
            seg->ack, s->other, isn, seg->ack - isn);
    else
        say(s, RFC_RESET_MADE,
            "ack " THEIRS " is %s's " THEIRS
            " + %u, which proves that the SYN was seen.",
            seg->ack, s->other, isn, seg->ack - isn);
    say(s, "RFC 9293 3.10.7.3",
        "%s gives up at once: connect() fails with \"connection refused\".",
        s->other);
}

/* Whether the receiver believes it. */
static void says_rst_belief(struct sight *s)
{
    const struct side *peer = s->peer;
    uint32_t seq = s->seg->seq;
    bool opening = peer->syn_seen && !connection_established(s->conn);
    if (rst_believed(s) && connection_closed(s->conn))
        say(s, "RFC 1337 2",
            "both directions are closed already: it can only end a wait in "
            "TIME-WAIT early, and Linux lets it unless tcp_rfc1337 is set.");
    else if (rst_believed(s) && peer->acked_any && opening)
        say(s, "RFC 9293 3.10.7.4",
            "its number " MINE
            " is exactly the one %s expects: the RST is believed, the opening "
            "is taken back and a listener listens on.",
            seq, s->other);
    else if (rst_believed(s) && peer->acked_any)
        say(s, "RFC 5961 3.2",
            "its number " MINE " is exactly the one %s expects: the RST is "
            "believed and the connection is gone.",
            seq, s->other);
    else if (rst_believed(s))
        return;
    else if (peer->window_known && seq_in(seq, peer->acked, peer->window))
        say(s, "RFC 5961 3.2",
            "its number " MINE " is within the window but not the " MINE
            " that %s expects: it is not believed, %s answers with a challenge "
            "ACK.",
            seq, peer->acked, s->other, s->other);
    else if (peer->acked_any)
        say(s, "RFC 5961 3.2",
            "its number " MINE " lies outside the window that begins at " MINE
            ": %s ignores it.",
            seq, peer->acked, s->other);
}

/* By form first (RFC 9293 3.5.2 gives two), then by what the receiver does. */
void says_rst(struct sight *s)
{
    const struct segment *seg = s->seg;
    if (peer_in_syn_sent(s)) {
        says_rst_to_syn(s);
        return;
    }
    if (seg->flags & SEG_ACK && seg->seq == 0 && !s->me->sent_any)
        say(s, RFC_RESET_MADE,
            "there is no such connection: what it answers had no ack to take a "
            "number from, so this RST has sequence number 0 and "
            "acknowledges " THEIRS ", the end of that segment.",
            seg->ack);
    else if (seg->flags & SEG_ACK)
        say(s, "RFC 9293 3.5.3",
            "%s ends the connection at once, without a FIN: what is still "
            "under way or unread is lost.",
            s->my);
    else if (s->peer->told_ack && seg->seq == s->peer->last_ack)
        say(s, RFC_RESET_MADE,
            "%s does not accept what it was sent: the RST takes its sequence "
            "number, " MINE ", from the ack of the segment it answers.",
            s->my, seg->seq);
    else
        say(s, "RFC 9293 3.5.3",
            "a RST without ACK: %s asks %s to give up the "
            "connection at once.",
            s->my, s->other);
    says_rst_belief(s);
    if (seg->payload_full_len)
        say(s, "RFC 9293 3.5.3", "it carries %u bytes that may say why.",
            seg->payload_full_len);
}

/* NULL, FIN and XMAS scans, and old stacks' rubbish. */
void says_without_ack(struct sight *s)
{
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    segment_flags_text(s->seg->flags, flags);
    if (connection_established(s->conn))
        say(s, "RFC 9293 3.10.7.4",
            "after the opening every segment must acknowledge; without ACK "
            "%s throws this one away.",
            s->other);
    else
        say(s, "RFC 9293 3.10.7.2",
            "neither SYN, ACK nor RST: flags %s fit no connection. A listening "
            "port stays silent, a closed one answers RST,ACK; port scanners "
            "tell the two apart by this.",
            flags);
}

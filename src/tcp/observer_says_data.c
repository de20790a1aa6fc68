/* observer_says_data.c - sentences about the time between opening and closing:
 * data, bare acknowledgements, probes and what is sent again.
 *
 * A bare ACK is the hardest to explain, for it looks the same whatever called
 * for it. The observer therefore notes with each side what its last segment
 * calls for (enum prompt), and the ACK that comes back is read in that light:
 * answer to a probe, challenge, or duplicate. */
#include "observer_internal.h"

#include <stdio.h>

enum { ELAPSED_BYTES = 32, FAST_RETRANSMIT_ACKS = 3 };

/* Linux waits no less before it sends data again (TCP_RTO_MIN). */
static const uint64_t TIMER_LEAST_NS = 200000000;

/* "250 µs", "203 ms", "1.03 s". */
static const char *elapsed_text(uint64_t ns, char *ret_text)
{
    if (ns < 1000000)
        snprintf(ret_text, ELAPSED_BYTES, "%u µs", (unsigned)(ns / 1000));
    else if (ns < 1000000000)
        snprintf(ret_text, ELAPSED_BYTES, "%u ms", (unsigned)(ns / 1000000));
    else
        snprintf(ret_text, ELAPSED_BYTES, "%.2f s", (double)ns / 1e9);
    return ret_text;
}

/* A SYN's timer is a second at first (RFC 6298 2); what comes sooner was
 * called for. */
static bool says_early_syn(struct sight *s, const char *after, bool acked)
{
    const struct sent *e = s->original;
    const uint64_t early_ns = 500000000;
    if ((s->seg->flags & (SEG_SYN | SEG_ACK)) != SEG_SYN)
        return false;
    if (s->t_ns - e->first_t_ns < early_ns)
        say(s, "RFC 9293 3.10.7.3",
            "segment %u sent again after only %s, before any timer of a "
            "second: when a wrong answer comes back, Linux tries again at "
            "once, the first time.",
            e->first_n, after);
    else if (acked && !s->peer->syn_seen)
        say(s, "RFC 9293 3.10.7.3",
            "segment %u sent again after %s: it was acknowledged, but no SYN "
            "came back, and without one nothing is open.",
            e->first_n, after);
    else
        return false;
    return true;
}

/* Why it is sent again, as far as what was sent tells. */
static void says_repeat_reason(struct sight *s, const char *after)
{
    const struct sent *e = s->original;
    bool acked = s->peer->acked_any && seq_before_eq(e->end, s->peer->acked);
    bool answers_syn =
        (s->seg->flags & (SEG_SYN | SEG_ACK)) == (SEG_SYN | SEG_ACK) &&
        s->conn->last_was_repeated_syn;
    if (says_early_syn(s, after, acked))
        return;
    if (answers_syn)
        say(s, "RFC 9293 3.10.7.4",
            "segment %u sent again after %s, in answer to the repeated SYN.",
            e->first_n, after);
    else if (acked)
        say(s, "RFC 6298 5",
            "segment %u sent again after %s, although %s has acknowledged it: "
            "that acknowledgement was lost or is late.",
            e->first_n, after, s->other);
    else if (s->peer->dup_acks >= FAST_RETRANSMIT_ACKS)
        say(s, "RFC 5681 3.2",
            "segment %u sent again after %s: %u duplicate acknowledgements "
            "asked for it (fast retransmit).",
            e->first_n, after, s->peer->dup_acks);
    else if (s->peer->dup_acks > 0 && s->t_ns - e->first_t_ns < TIMER_LEAST_NS)
        say(s, "RFC 8985 6.2",
            "segment %u sent again after only %s, before any timer: a "
            "duplicate acknowledgement has told that something sent after it "
            "arrived.",
            e->first_n, after);
    else
        say(s, "RFC 6298 5",
            "segment %u sent again after %s: nothing acknowledged it.",
            e->first_n, after);
}

/* Smaller ones may pass where that one did not. */
static void says_shorter(struct sight *s)
{
    unsigned len = s->seg->payload_full_len;
    if (len > 0 && len < s->original->payload_len)
        say(s, "RFC 9293 3.7.2",
            "it is cut smaller: %u bytes, where that one had %u.", len,
            s->original->payload_len);
}

/* What the second sending leaves out of a SYN that may have been refused for
 * it. */
static void says_fallback(struct sight *s)
{
    uint16_t ecn = SEG_ECE | SEG_CWR;
    const struct sent *e = s->original;
    if (!(e->flags & SEG_SYN)) {
        says_shorter(s);
        return;
    }
    if ((e->flags & ecn) == ecn && (s->seg->flags & ecn) == 0 &&
        !(s->seg->flags & SEG_ACK))
        say(s, "RFC 3168 6.1.1.1",
            "it no longer asks for ECN: something on the way may drop SYNs "
            "that do.");
    if (e->payload_len && s->seg->flags & SEG_SYN && !s->seg->payload_full_len)
        say(s, "RFC 7413 4.2",
            "this time without the %u bytes of data: something on the way may "
            "drop SYNs that carry data.",
            e->payload_len);
}

/* Two sentences at most: the kind of segment is told after this as well. */
void says_repeat(struct sight *s)
{
    const struct sent *e = s->original;
    char elapsed[ELAPSED_BYTES], after[2 * ELAPSED_BYTES];
    if (!e) {
        say(s, "RFC 9293 3.4",
            "its numbers lie before what %s has already sent (up to " MINE
            "): an old segment, or one sent again.",
            s->my, s->me->next - 1);
        return;
    }
    uint64_t ns = s->t_ns > e->first_t_ns ? s->t_ns - e->first_t_ns : 0;
    elapsed_text(ns, elapsed);
    if (e->times > 1)
        snprintf(after, sizeof(after), "%s (sending %u)", elapsed,
                 e->times + 1u);
    else
        snprintf(after, sizeof(after), "%s", elapsed);
    if (e->flags & SEG_SYN && !(s->seg->flags & SEG_SYN)) {
        say(s, "RFC 7413 4.2.2",
            "the SYN, segment %u, carried these bytes %s ago, but they were "
            "not accepted there.",
            e->first_n, after);
        return;
    }
    says_repeat_reason(s, after);
    says_fallback(s);
}

/* The acknowledgement a segment with data carries along. */
static void says_piggyback(struct sight *s)
{
    if (s->ack_kind == ACK_NEW && s->answered && !s->completes)
        say(s, "RFC 9293 3.4",
            "ack " THEIRS " also acknowledges segment %u: everything before "
            "that number has arrived.",
            s->seg->ack, s->answered->n);
    else if (s->ack_kind == ACK_BEYOND)
        say(s, "RFC 9293 3.10.7.4",
            "ack " THEIRS " is beyond what %s has sent (up to " THEIRS
            "): the segment is not accepted, it is answered with an ACK.",
            s->seg->ack, s->other, s->peer->next - 1);
}

/* Data that does not follow on, or that the peer gave no room for. */
static void says_data_place(struct sight *s)
{
    uint32_t gap = s->seg->seq - s->me->next;
    uint32_t edge = s->peer->acked + s->peer->window;
    uint32_t data_end = s->seg->seq + s->seg->payload_full_len;
    bool known = s->peer->window_known && s->peer->acked_any;
    if (known && !s->old &&
        !seq_in(s->seg->seq, s->peer->acked - 1u, s->peer->window + 2u))
        say(s, "RFC 9293 3.10.7.4",
            "its numbers lie outside the window of %u bytes from " MINE
            " that %s offered: it is thrown away and answered with an ACK.",
            s->peer->window, s->peer->acked, s->other);
    else if (known && seq_before(edge, data_end))
        say(s, "RFC 9293 3.8.6",
            "its last %u bytes are beyond the window that %s offered.",
            data_end - edge, s->other);
    if (s->me->sent_any && seq_before(s->me->next, s->seg->seq))
        say(s, "RFC 9293 3.4",
            "%u numbers before it were not seen: something is missing "
            "between.",
            gap);
}

/* Numbers as they stand in the header; the picture shows the relative ones. */
void says_data(struct sight *s)
{
    const struct segment *seg = s->seg;
    unsigned len = seg->payload_full_len;
    if (len == 1)
        say(s, "RFC 9293 3.4",
            "%s sends 1 byte, number " MINE "; it calls for ack " MINE ".",
            s->my, seg->seq, seg->seq + 1);
    else
        say(s, "RFC 9293 3.4",
            "%s sends %u bytes, numbers " MINE " to " MINE
            "; they call for ack " MINE ".",
            s->my, len, seg->seq, seg->seq + len - 1, seg->seq + len);
    says_data_place(s);
    says_piggyback(s);
    if (s->early)
        say(s, "RFC 7413 4.2.2",
            "%s does not wait for the last ACK of the handshake: the cookie "
            "has vouched for the address (Fast Open).",
            s->my);
    if (s->peer->fin_sent && !s->me->fin_sent)
        say(s, "RFC 9293 3.6.1",
            "%s has closed its direction; this one is still open (half "
            "close).",
            s->other);
    if (seg->flags & SEG_PSH)
        say(s, "RFC 9293 3.9.1",
            "PSH: they are to be handed to the application without waiting for "
            "more.");
    if (seg->flags & SEG_URG)
        say(s, "RFC 9293 3.8.5",
            "URG: urgent data ends before number " MINE ".",
            seg->seq + seg->urgent);
}

/* Both kinds look alike; the peer's window tells them apart. */
static void says_probe(struct sight *s)
{
    if (s->peer->window_known && s->peer->window == 0)
        say(s, "RFC 9293 3.8.6.1",
            "a window probe: %s closed its window, and %s asks with an old "
            "number, " MINE ", whether there is room again.",
            s->other, s->my, s->seg->seq);
    else
        say(s, "RFC 9293 3.8.4",
            "a keep-alive probe: number " MINE " is one before the next (" MINE
            "), so that %s must answer if it is still there.",
            s->seg->seq, s->me->next, s->other);
}

/* Numbers, not bytes: a SYN or FIN may be among them. */
static void says_new_ack(struct sight *s)
{
    uint32_t ack = s->seg->ack;
    if (s->me->acked_any && s->answered)
        say(s, "RFC 9293 3.4",
            "ack " THEIRS " acknowledges %u numbers, up to the end of segment "
            "%u: everything before " THEIRS " has arrived.",
            ack, ack - s->me->acked, s->answered->n, ack);
    else
        say(s, "RFC 9293 3.4",
            "ack " THEIRS ": everything before that number has arrived at %s.",
            ack, s->my);
}

/* Blocks reported beyond, or again below, the acknowledgement. */
static void says_sack(struct sight *s)
{
    const struct tcp_option *opt = segment_option(s->seg, OPT_SACK);
    if (!opt || opt->malformed)
        return;
    uint32_t left = get_be32(opt->data), right = get_be32(opt->data + 4);
    if (seq_before(left, s->seg->ack))
        say(s, "RFC 2883 4",
            "SACK reports numbers " THEIRS " to " THEIRS
            " although they were acknowledged: they arrived twice (D-SACK).",
            left, right - 1);
    else
        say(s, "RFC 2018 3",
            "SACK reports that numbers " THEIRS " to " THEIRS
            " have arrived beyond the gap that begins at " THEIRS ".",
            left, right - 1, s->seg->ack);
}

/* Multipath TCP speaks in options of ACKs that mean nothing to the path. */
static void says_multipath_signal(struct sight *s)
{
    const struct tcp_option *opt = segment_option(s->seg, OPT_MPTCP);
    say(s, "RFC 8684 3",
        "it carries a signal of Multipath TCP (%s) for the connection above "
        "its paths; on this path it acknowledges nothing new.",
        mptcp_subtype_name(opt->data[0] >> 4));
}

/* A bare ACK that nothing in the peer's last segment calls for. */
static void says_unprompted_ack(struct sight *s)
{
    uint32_t ack = s->seg->ack, window = s->obs->window_scaled;
    if (s->signal) {
        says_multipath_signal(s);
        return;
    }
    bool moved =
        s->me->window_known && !s->me->window_of_syn && s->me->window != window;
    if (moved && window)
        say(s, "RFC 9293 3.8.6",
            "a window update: ack " THEIRS
            " is not new, but %s can now take %u bytes.",
            ack, s->my, window);
    else if (seq_before(ack, s->peer->next) && !moved)
        say(s, "RFC 5681 2",
            "duplicate ACK number %u: %s still expects " THEIRS
            ", so what arrived was not next in line.",
            s->me->dup_acks + 1, s->my, ack);
    else
        say(s, "RFC 9293 3.4",
            "it carries no data and acknowledges nothing new: %s still "
            "expects " THEIRS ".",
            s->my, ack);
}

/* What TIME-WAIT is for (RFC 9293 3.10.7.4). */
static void says_ack_of_time_wait(struct sight *s)
{
    if (s->peer->prompt == PROMPT_OLD)
        say(s, "RFC 9293 3.10.7.4",
            "%s's FIN came again, so the last ACK did not arrive: from "
            "TIME-WAIT %s repeats it.",
            s->other, s->my);
    else
        say(s, "RFC 9293 3.10.7.4",
            "both directions are closed: from TIME-WAIT %s repeats its last "
            "ACK for whatever does not fit.",
            s->my);
}

/* A bare ACK that acknowledges nothing new: what called for it? */
static void says_same_ack(struct sight *s)
{
    uint32_t ack = s->seg->ack;
    if (connection_closed(s->conn)) {
        says_ack_of_time_wait(s);
        return;
    }
    switch (s->peer->prompt) {
    case PROMPT_PROBE:
        say(s, "RFC 9293 3.8.4",
            "it answers the probe: %s is there and still expects " THEIRS ".",
            s->my, ack);
        return;
    case PROMPT_SYN:
    case PROMPT_RST:
        say(s, s->peer->prompt == PROMPT_SYN ? "RFC 5961 4.2" : "RFC 5961 3.2",
            "a challenge ACK: %s does not simply believe the %s, it repeats "
            "what it expects, " THEIRS
            "; only the true peer can answer that rightly.",
            s->my, s->peer->prompt == PROMPT_SYN ? "SYN" : "RST", ack);
        return;
    case PROMPT_ACK:
        say(s, "RFC 5961 5.2",
            "a challenge ACK: the last acknowledgement from %s was not "
            "possible; %s repeats what it expects, " THEIRS ".",
            s->other, s->my, ack);
        return;
    case PROMPT_OLD:
        say(s, "RFC 9293 3.10.7.4",
            "it repeats what %s expects, " THEIRS
            ", because %s sent old numbers again.",
            s->my, ack, s->other);
        return;
    case PROMPT_CROSSED:
        say(s, "RFC 9293 3.5",
            "it answers the SYN,ACK that crossed its own: ack " THEIRS
            " is not new, the simultaneous open is complete.",
            ack);
        return;
    case PROMPT_NONE:
        break;
    }
    says_unprompted_ack(s);
}

/* A bare ACK where a SYN waits for a SYN,ACK. */
static void says_ack_to_syn(struct sight *s)
{
    uint32_t ack = s->seg->ack, isn = s->peer->isn;
    if (ack == isn + 1)
        say(s, "RFC 9293 3.10.7.3",
            "ack " THEIRS " answers %s's SYN, but without a SYN of its own it "
            "opens nothing: %s stays in SYN-SENT.",
            ack, s->other, s->other);
    else
        say(s, "RFC 9293 3.5.1",
            "ack " THEIRS " does not answer %s's SYN, which calls for " THEIRS
            ": %s repeats what it expects in an older connection. %s answers "
            "with RST, which ends that one.",
            ack, s->other, isn + 1, s->my, s->other);
}

/* From the most particular to the plain. */
void says_ack(struct sight *s)
{
    uint32_t ack = s->seg->ack;
    bool of_fin = s->peer->fin_sent && ack == s->peer->fin_end;
    if (s->probe)
        says_probe(s);
    else if (peer_in_syn_sent(s))
        says_ack_to_syn(s);
    else if ((s->ack_kind == ACK_BEYOND || s->ack_kind == ACK_OLD) &&
             s->peer->syn_seen && !connection_established(s->conn))
        say(s, "RFC 9293 3.10.7.4",
            "ack " THEIRS
            " does not fit the opening: %s, in SYN-RECEIVED, calls for " THEIRS
            " and answers with RST.",
            ack, s->other, s->peer->isn + 1);
    else if (s->ack_kind == ACK_BEYOND)
        say(s, "RFC 9293 3.10.7.4",
            "ack " THEIRS " is beyond what %s was seen to send (next is " THEIRS
            "): a receiver that did not send it ignores it and repeats what it "
            "expects.",
            ack, s->other, s->peer->next);
    else if (s->ack_kind == ACK_OLD)
        say(s, "RFC 9293 3.10.7.4",
            "ack " THEIRS " is older than what %s has acknowledged before: it "
            "changes nothing.",
            ack, s->my);
    else if (s->ack_kind == ACK_NEW && of_fin)
        says_fin_acked(s);
    else if (s->ack_kind == ACK_NEW)
        says_new_ack(s);
    else
        says_same_ack(s);
    says_sack(s);
}

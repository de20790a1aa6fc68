/* observer_says_open.c - sentences about opening: SYN, SYN,ACK, the ACK that
 * completes, and the options both SYNs offer.
 *
 *   client                                   server
 *   SYN      seq=x             ------------>          offers
 *            <------------   SYN,ACK  seq=y ack=x+1   agrees, or not
 *   ACK      seq=x+1 ack=y+1   ------------>          completes
 *
 * Options hold only where both SYNs carry them, MSS aside, so the SYN's
 * sentences say "offers" and the SYN,ACK's say what came of it. Departures from
 * the picture (simultaneous open, old duplicates, wrong acknowledgements) are
 * told instead of the usual first sentence. */
#include "observer_internal.h"

static const char RFC_OPEN[] = "RFC 9293 3.5";
static const char RFC_NUMBERS[] = "RFC 9293 3.4";

/* The MSS a peer must assume without the option (RFC 9293 3.7.1). */
static unsigned default_mss(const struct segment *seg)
{
    return seg->src.addr.version == 6 ? 1220 : 536;
}

/* Each side names its own limit; nothing is agreed. */
static void says_mss(struct sight *s)
{
    uint16_t mss;
    if (segment_mss(s->seg, &mss))
        say(s, "RFC 9293 3.7.1",
            "%s can take up to %u bytes of data in one segment (MSS).", s->my,
            mss);
    else
        say(s, "RFC 9293 3.7.1",
            "it names no MSS: %s must assume that %s takes at most %u bytes "
            "in one segment.",
            s->other, s->my, default_mss(s->seg));
}

/* Options that sign the segment or open several paths. */
static void says_special_options(struct sight *s)
{
    const struct tcp_option *mptcp = segment_option(s->seg, OPT_MPTCP);
    bool join = mptcp && mptcp->data_len && mptcp->data[0] >> 4 == 1;
    if (join)
        say(s, "RFC 8684 3.2",
            "MP_JOIN: this is a further path of a Multipath TCP connection "
            "that exists already.");
    if (segment_option(s->seg, OPT_MD5))
        say(s, "RFC 2385 2",
            "it is signed with an MD5 digest: a peer without the same key "
            "throws it away silently.");
    if (segment_option(s->seg, OPT_AO))
        say(s, "RFC 5925 2.2",
            "it is signed (TCP-AO): a peer without the same key throws it "
            "away silently.");
    if (join || !mptcp)
        return;
    if (!(s->seg->flags & SEG_ACK))
        say(s, "RFC 8684 3.1",
            "MP_CAPABLE offers Multipath TCP: one connection over several "
            "paths, if %s offers it too.",
            s->other);
    else if (s->peer->offer.mptcp)
        say(s, "RFC 8684 3.1",
            "both sides sent MP_CAPABLE: the connection may use several "
            "paths (Multipath TCP).");
}

/* Data in a SYN is legal without Fast Open, only not useful. */
static void says_syn_data(struct sight *s)
{
    const struct tcp_option *cookie = segment_option(s->seg, OPT_FASTOPEN);
    unsigned len = s->seg->payload_full_len;
    if (cookie && !cookie->malformed && cookie->data_len == 0)
        say(s, "RFC 7413 4.2.1",
            "it asks for a Fast Open cookie, so that a later SYN may carry "
            "data.");
    else if (cookie && !cookie->malformed)
        say(s, "RFC 7413 4.2.2",
            "it shows a Fast Open cookie of %u bytes and carries %u bytes of "
            "data: the server may hand them to its application before the "
            "handshake is complete.",
            cookie->data_len, len);
    else if (len)
        say(s, RFC_OPEN,
            "it carries %u bytes of data without a Fast Open cookie: they must "
            "not reach the application before the handshake is complete, and "
            "many servers leave them unacknowledged.",
            len);
}

/* In a SYN these bits ask; later in a connection they report marks. */
static void says_syn_ecn(struct sight *s)
{
    uint16_t bits = s->seg->flags & (SEG_ECE | SEG_CWR | SEG_AE);
    if (bits == (SEG_ECE | SEG_CWR))
        say(s, "RFC 3168 6.1.1",
            "ECE and CWR in a SYN ask whether routers may mark segments "
            "instead of dropping them (ECN).");
    else if (bits == (SEG_ECE | SEG_CWR | SEG_AE))
        say(s, "RFC 9768 3.1",
            "AE, CWR and ECE in a SYN ask for accurate ECN: a count of all "
            "congestion marks.");
}

/* Offers only: what comes of them shows in the SYN,ACK. */
static void says_offers(struct sight *s)
{
    const struct offer *o = &s->me->offer;
    if (o->wscale)
        say(s, "RFC 7323 2.2",
            "it offers window scaling: if %s offers it too, %s's later windows "
            "are multiplied by %u. The window of the SYN itself, %u, is not.",
            s->other, s->my, 1u << o->shift, s->seg->window);
    if (o->sack)
        say(s, "RFC 2018 2",
            "it permits selective acknowledgements (SACK): %s may report what "
            "arrived beyond a gap.",
            s->other);
    if (o->timestamps)
        say(s, "RFC 7323 3.2",
            "it offers timestamps: with them each acknowledgement measures "
            "the round trip.");
}

/* The endpoints had a connection that is over. */
static void says_syn_after(struct sight *s)
{
    const struct connection *conn = s->conn;
    if (conn->before_isn == s->seg->seq)
        say(s, "RFC 9293 3.4.1",
            "a connection of the same addresses and ports began with the same "
            "number: this SYN is an old one, but whoever has forgotten that "
            "connection takes it for new.");
    else if (conn->before_closed && seq_before(s->seg->seq, conn->before_end))
        say(s, "RFC 9293 3.10.7.4",
            "its number lies before the end of the connection these addresses "
            "and ports had, %u: a side in TIME-WAIT asks back, unless a newer "
            "timestamp vouches for it.",
            conn->before_end);
    else if (conn->before_closed)
        say(s, "RFC 9293 3.6.1",
            "the same addresses and ports had a connection before. The new "
            "number is beyond all that one used: even a side in TIME-WAIT may "
            "begin anew.");
    else
        say(s, "RFC 9293 3.4.1",
            "the same addresses and ports had a connection before: the new "
            "initial number keeps the two apart.");
}

/* Why this SYN comes although the endpoints are known already. */
static void says_syn_context(struct sight *s)
{
    const struct connection *conn = s->conn;
    if (!conn->had_before || s->old)
        return;
    if (conn->before_alive)
        say(s, "RFC 5961 4.2",
            "the same addresses and ports still hold a connection: if %s "
            "knows it, it does not open a new one but answers with what it "
            "expects there (challenge ACK).",
            s->other);
    else if (conn->before_waiting)
        say(s, RFC_OPEN,
            "another SYN of the same addresses and ports, with number %u, has "
            "no answer yet: one of the two is an old duplicate.",
            conn->before_isn);
    else if (conn->before_half)
        say(s, "RFC 9293 3.10.7.4",
            "the SYN,ACK for another SYN of the same addresses and ports, with "
            "number %u, is not answered yet: %s, in SYN-RECEIVED, does not "
            "take this one in its place.",
            conn->before_isn, s->other);
    else
        says_syn_after(s);
}

/* The least common comes first, since there is room for eight sentences. */
void says_syn(struct sight *s)
{
    uint32_t isn = s->seg->seq;
    if (s->seg->flags & SEG_FIN)
        say(s, "RFC 9293 3.10.7.2",
            "SYN and FIN together ask to open and to close at once: no "
            "ordinary program sends this, port scanners do.");
    if (s->old) {
        say(s, RFC_NUMBERS,
            "it is the same SYN: the initial sequence number stays " ISN ".",
            isn);
    } else if (s->peer->syn_seen && !s->conn->self) {
        say(s, RFC_OPEN,
            "%s asks to open the connection too, with initial sequence "
            "number " ISN ", instead of answering %s's SYN: a simultaneous "
            "open. Whoever gets "
            "such a SYN answers with SYN,ACK, and one connection comes of it.",
            s->my, isn, s->other);
    } else {
        say(s, RFC_OPEN,
            "%s asks to open a connection and announces its initial sequence "
            "number " ISN
            ". The number is chosen to be hard to guess (RFC 6528).",
            s->my, isn);
    }
    says_syn_context(s);
    says_syn_data(s);
    if (s->old)
        return;
    says_syn_ecn(s);
    says_special_options(s);
    says_mss(s);
    says_offers(s);
}

/* The SYN, and perhaps some of the data in it. */
static bool ack_answers_syn(const struct sight *s)
{
    return seq_in(s->seg->ack, s->peer->isn + 1, s->peer->offer.syn_data + 1u);
}

/* What the acknowledgement in a SYN,ACK answers. */
static void says_syn_answered(struct sight *s)
{
    uint32_t ack = s->seg->ack, isn = s->peer->isn;
    unsigned data = s->peer->offer.syn_data;
    if (!s->peer->syn_seen) {
        say(s, RFC_NUMBERS,
            "ack " THEIRS " answers a SYN with number " THEIRS
            ", which was not seen here: a host that never sent it answers with "
            "RST.",
            ack, ack - 1);
    } else if (ack == isn + 1) {
        say(s, RFC_NUMBERS,
            "ack " THEIRS " is %s's " THEIRS
            " + 1: a SYN takes one sequence number.",
            ack, s->other, isn);
        if (data)
            say(s, RFC_OPEN,
                "the %u bytes of data in the SYN are not acknowledged: %s must "
                "send them again.",
                data, s->other);
    } else if (ack_answers_syn(s)) {
        say(s, "RFC 7413 4.2.2",
            "ack " THEIRS
            " covers the SYN and %u bytes of the data in it: they are accepted "
            "before the handshake is complete (Fast Open).",
            ack, ack - isn - 1);
    } else {
        say(s, "RFC 9293 3.10.7.3",
            "ack " THEIRS " does not answer %s's SYN, which calls for " THEIRS
            ": %s answers with RST and keeps waiting.",
            ack, s->other, isn + 1, s->other);
    }
}

/* RFC 7323 2.2: the option counts in both SYNs or not at all. 65535 is what
 * 16 bits can say. */
static void says_wscale_agreed(struct sight *s)
{
    const struct offer *mine = &s->me->offer, *theirs = &s->peer->offer;
    if (mine->wscale && theirs->wscale)
        say(s, "RFC 7323 2.2",
            "both sides offered window scaling: after the SYNs, %s's windows "
            "are multiplied by %u and %s's by %u.",
            s->other, 1u << theirs->shift, s->my, 1u << mine->shift);
    else if (theirs->wscale)
        say(s, "RFC 7323 2.2",
            "%s does not offer window scaling back: no window will be scaled, "
            "and none can exceed 65535 bytes.",
            s->my);
    else if (mine->wscale && s->crossed)
        say(s, "RFC 7323 2.2",
            "it repeats its offer of window scaling, but %s's SYN made none: "
            "no window will be scaled.",
            s->other);
    else if (mine->wscale)
        say(s, "RFC 7323 2.2",
            "it offers window scaling although the SYN did not: it must not "
            "be used.");
}

/* What of the SYN's offers is agreed now that both sides are heard. */
static void says_agreed(struct sight *s)
{
    const struct offer *mine = &s->me->offer, *theirs = &s->peer->offer;
    uint32_t val, echo = 0;
    says_wscale_agreed(s);
    if (mine->sack && theirs->sack)
        say(s, "RFC 2018 2",
            "SACK was offered by both: it may be used, so that one lost "
            "segment does not hide what arrived after it.");
    else if (theirs->sack)
        say(s, "RFC 2018 2", "%s does not permit SACK: it will not be used.",
            s->my);
    if (mine->timestamps && theirs->timestamps &&
        segment_timestamps(s->seg, &val, &echo))
        say(s, "RFC 7323 3.2",
            "timestamps are agreed: it sends back %s's %u (TSecr), which "
            "measures the round trip.",
            s->other, echo);
    else if (theirs->timestamps)
        say(s, "RFC 7323 3.2",
            "%s does not send timestamps back: they will not be used.", s->my);
}

/* Fast Open, ECN, Multipath: the rarer news first. */
static void says_syn_ack_special(struct sight *s)
{
    const struct tcp_option *cookie = segment_option(s->seg, OPT_FASTOPEN);
    if (cookie && !cookie->malformed && cookie->data_len)
        say(s, "RFC 7413 4.1.2",
            "it hands %s a Fast Open cookie of %u bytes for its next "
            "connection.",
            s->other, cookie->data_len);
    if (s->seg->payload_full_len)
        say(s, "RFC 7413 4.2.2", "it already carries %u bytes of data.",
            s->seg->payload_full_len);
    if (s->me->offer.ecn && s->peer->offer.ecn)
        say(s, "RFC 3168 6.1.1",
            "ECE without CWR agrees: congestion marks may be used (ECN).");
    else if (s->peer->offer.ecn && !(s->seg->flags & (SEG_AE | SEG_CWR)))
        say(s, "RFC 3168 6.1.1",
            "%s does not agree to ECN: routers can only drop, not mark.",
            s->my);
    if (s->peer->offer.mptcp && !s->me->offer.mptcp)
        say(s, "RFC 8684 3.1",
            "it does not answer MP_CAPABLE: the connection goes on as plain "
            "TCP, on one path.");
}

/* A repeated one is explained by its number and ack alone. */
void says_syn_ack(struct sight *s)
{
    uint32_t isn = s->seg->seq;
    bool wrong = s->peer->syn_seen && !ack_answers_syn(s);
    if (s->crossed)
        say(s, RFC_OPEN,
            "the two SYNs crossed (simultaneous open): %s acknowledges the "
            "other one and repeats its own number " ISN
            ". It is ESTABLISHED when the other SYN,ACK arrives.",
            s->my, isn);
    else if (s->old)
        say(s, RFC_NUMBERS,
            "it is the same SYN,ACK: the initial sequence number stays " ISN
            ".",
            isn);
    else if (s->me->syn_seen && s->me->isn != isn)
        say(s, "RFC 9293 3.10.7.4",
            "its SYN does not belong to this open connection: %s answers with "
            "what it expects (challenge ACK).",
            s->other);
    else if (!wrong)
        say(s, RFC_OPEN,
            "%s agrees to open the connection and announces its own initial "
            "sequence number " ISN ".",
            s->my, isn);
    says_syn_answered(s);
    if (s->conn->before_waiting && !s->old && s->peer->syn_seen)
        say(s, RFC_OPEN,
            "it answers the SYN with number %u, not the one with %u: should "
            "%s know only the latter, it answers with RST.",
            s->peer->isn, s->conn->before_isn, s->other);
    if (s->old || wrong || !s->peer->syn_seen)
        return;
    says_syn_ack_special(s);
    says_special_options(s);
    says_agreed(s);
    says_mss(s);
}

/* ESTABLISHED is said of the sender at once, of the receiver on arrival: for
 * half a round trip the two disagree. */
void says_final_ack(struct sight *s)
{
    uint32_t isn = s->peer->isn;
    unsigned len = s->seg->payload_full_len;
    if (s->me->sent_ack)
        say(s, RFC_OPEN,
            "it acknowledges %s's SYN: with this the opening is complete on "
            "both sides once it arrives.",
            s->other);
    else
        say(s, RFC_OPEN,
            "this completes the handshake for %s, which is ESTABLISHED now; %s "
            "becomes ESTABLISHED when it arrives.",
            s->my, s->other);
    if (s->seg->ack == isn + 1)
        say(s, RFC_NUMBERS,
            "ack " THEIRS " is %s's " THEIRS
            " + 1: its SYN took one sequence number.",
            s->seg->ack, s->other, isn);
    if (s->signal && s->me->offer.mptcp && s->peer->offer.mptcp)
        say(s, "RFC 8684 3.1",
            "MP_CAPABLE for the third time repeats both keys: the server need "
            "have stored neither.");
    if (len)
        says_data(s);
    if (s->seg->flags & SEG_FIN)
        says_fin(s);
    if (connection_shift(s->conn, s->me))
        say(s, "RFC 7323 2.2",
            "from here windows are scaled: %u stands for %u bytes.",
            s->seg->window, s->obs->window_scaled);
}

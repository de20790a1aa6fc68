/* observer_says.c - decides which sentences a segment gets.
 *
 * What the receiver does with the segment comes first, then what the segment
 * is for, then what is remarkable about it. A sentence
 *
 *   - states the segment's own numbers, so that it can be checked,
 *   - says why, by the RFC section it carries,
 *   - calls the hosts client and server where that is known,
 *   - ends with a full stop and fits SENTENCE_BYTES.
 *
 * At most OBSERVER_MAX_SENTENCES are kept; what matters least is said last. */
#include "observer_internal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* Cut at SENTENCE_BYTES; the tests check that no sentence of ours gets there.
 */
void say(struct sight *s, const char *rfc, const char *fmt, ...)
{
    struct observation *obs = s->obs;
    char marked[SENTENCE_BYTES];
    if (obs->sentence_count == OBSERVER_MAX_SENTENCES)
        return;
    struct sentence *says = &obs->says[obs->sentence_count++];
    va_list args;
    va_start(args, fmt);
    vsnprintf(marked, sizeof(marked), fmt, args);
    va_end(args);
    marked[0] = (char)toupper((unsigned char)marked[0]);
    const struct seq_bases bases = {.mine_known = s->me->sent_any,
                                    .mine = s->me->isn,
                                    .theirs_known = s->peer->sent_any,
                                    .theirs = s->peer->isn};
    relative_words(marked, &bases, SENTENCE_BYTES, says->text, says->text_rel);
    says->rfc = rfc;
}

/* What the receiver throws away without reading on. */
static void says_unusable(struct sight *s)
{
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    segment_flags_text(s->seg->flags, flags);
    if (s->seg->checksum_verdict == CHECKSUM_BAD)
        say(s, "RFC 9293 3.1",
            "the TCP checksum is wrong: the receiver will throw this %s away "
            "silently, as if it had been lost.",
            flags);
    else
        say(s, "RFC 9293 3.1",
            "the data offset of this %s cannot be true: the receiver will "
            "throw it away.",
            flags);
    if (segment_span(s->seg))
        say(s, "RFC 9293 3.8.1",
            "what it carries must be sent again: %s will do so when its "
            "retransmission timer runs out.",
            s->my);
}

/* The window of a SYN or RST is left out: one is told with the scaling, the
 * other means nothing. */
static void says_window(struct sight *s)
{
    const struct side *me = s->me;
    uint32_t window = s->obs->window_scaled;
    if (window == 0)
        say(s, "RFC 9293 3.8.6",
            "its window is 0: %s can take no more data until it offers room "
            "again.",
            s->my);
    else if (me->window_known && me->window == 0 && me->sent_ack)
        say(s, "RFC 9293 3.8.6",
            "its window is open again: %s can take %u bytes.", s->my, window);
}

/* Only where both SYNs agreed: elsewhere these bits mean nothing. */
static void says_congestion(struct sight *s)
{
    if (!s->me->offer.ecn || !s->peer->offer.ecn)
        return;
    if (s->seg->flags & SEG_ECE)
        say(s, "RFC 3168 6.1.3",
            "ECE reports that a router marked congestion on the way to %s.",
            s->my);
    if (s->seg->flags & SEG_CWR)
        say(s, "RFC 3168 6.1.2",
            "CWR says that %s has slowed down because of the reported "
            "congestion.",
            s->my);
}

/* Remarks that hold for any kind of segment. */
static void says_remarks(struct sight *s)
{
    bool opens = s->seg->flags & SEG_SYN;
    if (s->seg->options_malformed)
        say(s, "RFC 9293 3.1",
            "one of its options has a length that cannot be true: the receiver "
            "ignores it, or resets the connection.");
    if (!(s->seg->flags & SEG_RST) && !opens) {
        says_window(s);
        says_congestion(s);
    }
    bool first_seen = !s->conn->side[0].told_ack && !s->conn->side[1].told_ack;
    if ((s->seg->flags & (SEG_ACK | SEG_RST | SEG_SYN)) == SEG_ACK &&
        !s->me->syn_seen && !s->peer->syn_seen && first_seen)
        say(s, "RFC 9293 3.4",
            "the opening of this connection was not seen: relative numbers "
            "count from the first ones that were. A host that holds no such "
            "connection answers with RST.");
    if (s->conn->self)
        say(s, "RFC 9293 3.5",
            "source and destination are the same endpoint: the socket talks "
            "to itself.");
}

/* The first match wins, in the order in which a receiver looks at the flags
 * (RFC 9293 3.10.7: RST, SYN, ACK, then text and FIN). */
static void says_kind(struct sight *s)
{
    uint16_t flags = s->seg->flags;
    if (flags & SEG_RST)
        says_rst(s);
    else if (flags & SEG_SYN)
        (flags & SEG_ACK ? says_syn_ack : says_syn)(s);
    else if (!(flags & SEG_ACK))
        says_without_ack(s);
    else if (s->completes)
        says_final_ack(s);
    else if (flags & SEG_FIN)
        says_fin(s);
    else if (s->seg->payload_full_len && !s->probe)
        says_data(s);
    else
        says_ack(s);
}

/* Nothing more is said about what the receiver never reads. */
void says_all(struct sight *s)
{
    if (!s->usable) {
        says_unusable(s);
        return;
    }
    if (s->old && !s->probe)
        says_repeat(s);
    says_kind(s);
    says_remarks(s);
}

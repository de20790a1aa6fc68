/* fields_tcp.c - the fixed fields of the TCP header (RFC 9293 3.1).
 *
 * Rows stand in header order, the nine flags from AE down to FIN as single
 * bits. Meanings speak of this segment alone: what an initial sequence number,
 * an agreed window scale or an earlier segment would add is said by the
 * observer, which knows them. */
#include "fields_internal.h"

#include "tcp_internal.h"

#include <assert.h>

#define RFC_HEADER "RFC 9293 3.1"

/* What the number stands for depends on what the segment carries: the SYN, the
 * first byte, the FIN, or nothing yet. */
TELLER(tell_seq)
{
    const struct segment *seg = w->seg;
    uint32_t next = value + segment_span(seg);
    if (seg->flags & SEG_SYN)
        field_mean_numbers(
            w, f,
            "the sender's initial sequence number; the SYN takes it, so the "
            "first byte of data is number " MINE,
            value + 1);
    else if (seg->payload_full_len)
        field_mean_numbers(
            w, f,
            "the number of the first of %u bytes of data%s; what follows will "
            "be number " MINE,
            seg->payload_full_len,
            seg->flags & SEG_FIN ? ", and the FIN takes one more" : "", next);
    else if (seg->flags & SEG_FIN)
        field_mean_numbers(
            w, f, "the number the FIN takes; it is acknowledged by " MINE,
            next);
    else if (seg->flags & SEG_RST)
        field_mean(f, "the number by which the receiver judges whether to "
                      "believe this RST");
    else
        field_mean(f, "no data here: the number of the next byte the sender "
                      "will send");
}

/* Old stacks left rubbish here in the first SYN; it does not count without the
 * flag, but it is worth a remark. */
TELLER(tell_ack)
{
    if (w->seg->flags & SEG_ACK)
        field_mean_numbers(w, f,
                           "all numbers before " THEIRS " have arrived; " THEIRS
                           " is expected next",
                           value, value);
    else
        field_mean(f, "not in use: the ACK flag is not set%s",
                   value ? ", although the number is not 0" : "");
}

/* The parser has judged it already; both must say the same. */
TELLER(tell_offset)
{
    const struct segment *seg = w->seg;
    if (seg->offset_malformed)
        field_mean(f,
                   "%u words of 4 bytes cannot be: a header has 5 to 15 and "
                   "ends within the segment; the receiver drops it",
                   value);
    else if (value == 5)
        field_mean(f, "5 words of 4 bytes: a header of 20 bytes, no options");
    else
        field_mean(f,
                   "%u words of 4 bytes: a header of %u bytes, %u of them "
                   "options",
                   value, value * 4, value * 4 - TCP_HEADER_BYTES);
}

/* Must be sent as 0 and ignored when received (RFC 9293 3.1). */
TELLER(tell_reserved)
{
    field_mean(f, value ? "not 0, although nothing has given these bits a "
                          "meaning: the receiver ignores them"
                        : "0: kept for the future");
}

/* What each flag means. Legend: `syn` set in a SYN, `synack` set in a SYN,ACK,
 * `set` set elsewhere, `clear` not set. NULL: as `set`. */
static const struct flag_meaning {
    uint16_t flag;
    const char *set, *syn, *synack, *clear;
} flag_meanings[] = {
    {SEG_AE, .set = "set: with ECE and CWR it counts congestion marks",
     .syn = "set: with ECE and CWR it asks for accurate ECN feedback",
     .synack = "set: part of the answer to accurate ECN, which tells how the "
               "SYN's ECN bits arrived",
     .clear = "not set: no part in accurate ECN here"},
    {SEG_CWR, .set = "set: the sender has slowed down because of a mark",
     .syn = "set: with ECE it asks to use congestion notification (ECN)",
     .synack = "set: part of an answer to accurate ECN; in plain ECN it would "
               "not be set here",
     .clear = "not set: no slowing down to report"},
    {SEG_ECE, .set = "set: a router marked congestion on the way here",
     .syn = "set: with CWR it asks to use congestion notification (ECN)",
     .synack = "set: without CWR it agrees to congestion notification (ECN)",
     .clear = "not set: no congestion to report"},
    {SEG_URG, .set = "set: the urgent pointer counts",
     .clear = "not set: the urgent pointer does not count"},
    {SEG_ACK, .set = "set: the acknowledgement number counts", .syn = NULL,
     .synack = "set: it also acknowledges the other side's SYN",
     .clear = "not set: the acknowledgement number does not count"},
    {SEG_PSH, .set = "set: hand the data to the application without waiting",
     .clear = "not set: no hurry to hand over data"},
    {SEG_RST, .set = "set: the connection is over at once",
     .clear = "not set: no reset"},
    {SEG_SYN,
     .set = "set: asks to synchronise sequence numbers, that is, to "
            "open a connection",
     .synack = "set: the sender synchronises its sequence numbers too",
     .clear = "not set: the opening is no business of this segment"},
    {SEG_FIN, .set = "set: the sender has no more data to send",
     .clear = "not set: the sender may still send data"},
};
static_assert(ROW_COUNT(flag_meanings) == 9, "every flag has a meaning");

/* ECE and CWR mean something else in a SYN than later (RFC 3168 6.1). */
static const char *meaning_when_set(const struct flag_meaning *m,
                                    uint16_t flags)
{
    const char *special = NULL;
    if ((flags & (SEG_SYN | SEG_ACK)) == (SEG_SYN | SEG_ACK))
        special = m->synack;
    else if (flags & SEG_SYN)
        special = m->syn;
    return special ? special : m->set;
}

/* One teller for all nine rows: row->flag finds the meaning. */
TELLER(tell_flag)
{
    for (size_t i = 0; i < ROW_COUNT(flag_meanings); i++) {
        const struct flag_meaning *m = &flag_meanings[i];
        if (m->flag == row->flag)
            field_mean(f, "%s",
                       value ? meaning_when_set(m, w->seg->flags) : m->clear);
    }
}

/* This walk sees a single segment and so cannot know the agreed scale; the
 * observer does. */
TELLER(tell_window)
{
    if (w->seg->flags & SEG_RST)
        field_mean(f, "without meaning in a RST");
    else if (value == 0)
        field_mean(f, "closed: the sender can take no data now");
    else if (w->seg->flags & SEG_SYN)
        field_mean(f,
                   "the sender can take %u bytes now; in a SYN the window "
                   "is never scaled",
                   value);
    else
        field_mean(f,
                   "the sender can take %u bytes now, times the window "
                   "scale where the handshake agreed on one",
                   value);
}

/* Covers the pseudo header too, so that a segment that strayed to another
 * address is thrown away (RFC 9293 3.1). */
TELLER(tell_checksum)
{
    static const char *const meanings[] = {
        [CHECKSUM_OK] = "right: the segment is as it was sent",
        [CHECKSUM_BAD] = "wrong: the receiver throws the segment away silently",
        [CHECKSUM_PARTIAL] = "the pseudo header's sum alone: the network card "
                             "was to finish it (checksum offload)",
        [CHECKSUM_UNKNOWN] = "cannot be checked: part of the segment was not "
                             "captured",
    };
    field_mean(f, "%s", meanings[w->seg->checksum_verdict]);
}

/* An offset, not a number of its own: counted from the sequence number. */
TELLER(tell_urgent)
{
    if (w->seg->flags & SEG_URG)
        field_mean_numbers(w, f, "urgent data ends before number " MINE,
                           w->seg->seq + value);
    else
        field_mean(f, "not in use: the URG flag is not set");
}

#define FLAG_ROW(label, bit, reference)                                        \
    {                                                                          \
        .name = label, .width = 1, .flag = bit, .rfc = reference,              \
        .tell = tell_flag                                                      \
    }

static const struct field_row tcp_rows[] = {
    ROW_FIXED("Source Port", 16, RFC_HEADER, "the port of the host that sends"),
    ROW_FIXED("Destination Port", 16, RFC_HEADER,
              "the port of the host that shall receive"),
    ROW_AS(FORM_MINE, "Sequence Number", 32, "RFC 9293 3.4", tell_seq),
    ROW_AS(FORM_THEIRS, "Acknowledgment Number", 32, "RFC 9293 3.4", tell_ack),
    ROW("Data Offset", 4, RFC_HEADER, tell_offset),
    ROW("Reserved", 3, RFC_HEADER, tell_reserved),
    FLAG_ROW("AE", SEG_AE, "RFC 9768 3.1"),
    FLAG_ROW("CWR", SEG_CWR, "RFC 3168 6.1"),
    FLAG_ROW("ECE", SEG_ECE, "RFC 3168 6.1"),
    FLAG_ROW("URG", SEG_URG, "RFC 9293 3.8.5"),
    FLAG_ROW("ACK", SEG_ACK, RFC_HEADER),
    FLAG_ROW("PSH", SEG_PSH, "RFC 9293 3.9.1"),
    FLAG_ROW("RST", SEG_RST, "RFC 9293 3.5.3"),
    FLAG_ROW("SYN", SEG_SYN, "RFC 9293 3.5"),
    FLAG_ROW("FIN", SEG_FIN, "RFC 9293 3.6"),
    ROW("Window", 16, "RFC 9293 3.8.6", tell_window),
    ROW_AS(FORM_HEX, "Checksum", 16, RFC_HEADER, tell_checksum),
    ROW("Urgent Pointer", 16, "RFC 9293 3.8.5", tell_urgent),
};

void walk_tcp(struct walk *w)
{
    w->part = FIELD_TCP;
    walk_rows(w, tcp_rows, ROW_COUNT(tcp_rows));
}

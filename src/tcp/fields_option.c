/* fields_option.c - the fields of each TCP option.
 *
 * An option is its kind, its length and a list of values. The values are rows
 * of a table, told one after the other as long as the option's bytes reach;
 * what is left becomes one last field:
 *
 *   Timestamps  | Kind 8 | Length 10 | TSval       | TSecr       |
 *   SACK        | Kind 5 | Length 18 | Left, Right | Left, Right |   repeated
 *   Fast Open   | Kind 34| Length 10 | Cookie                    |   the rest
 *
 * A new option is a row of rows and an entry in `shapes`. */
#include "fields_internal.h"

#include "handshake/seq.h"
#include "tcp_internal.h"

/* The name stands with the kind; values follow as fields of their own. */
TELLER(tell_kind)
{
    const char *name = option_name((uint8_t)value);
    field_mean(f, "kind %u: %s", value, name);
}

/* Known to be true here: an option with an impossible length is told as
 * malformed, in one piece. */
TELLER(tell_length)
{
    field_mean(f, "%u bytes, kind and length included", value);
}

/* Without IP and TCP options counted: that is the sender's business
 * (RFC 6691). */
TELLER(tell_mss)
{
    field_mean(
        f, "the sender can take at most %u bytes of data in one segment%s",
        value, w->seg->flags & SEG_SYN ? "" : "; outside a SYN it is ignored");
}

/* RFC 7323 2.3: more than 14 would let the window span half of all numbers. */
TELLER(tell_shift)
{
    if (!(w->seg->flags & SEG_SYN))
        field_mean(f, "outside a SYN it is ignored");
    else if (value > 14)
        field_mean(f, "%u is more than allowed: the receiver takes 14", value);
    else
        field_mean(f,
                   "if both sides send this option, the sender's later "
                   "windows count in units of %u bytes",
                   1u << value);
}

/* The unit is the sender's own affair, usually a millisecond. */
TELLER(tell_tsval)
{
    field_mean(f,
               "the sender's timestamp clock says %u; the peer sends it back",
               value);
}

/* Valid only with ACK (RFC 7323 3.2); a SYN has nothing to echo. */
TELLER(tell_tsecr)
{
    if (w->seg->flags & SEG_ACK)
        field_mean(f,
                   "the peer's timestamp sent back: the round trip is the "
                   "time since the peer's clock said %u",
                   value);
    else
        field_mean(f,
                   "nothing to send back yet: without ACK it does not count");
}

/* A left edge below the acknowledgement reports a duplicate (RFC 2883), and
 * one that equals it would contradict it. */
TELLER(tell_sack_left)
{
    if (seq_before(value, w->seg->ack))
        field_mean_numbers(
            w, f,
            "a block from number " THEIRS
            " has arrived twice: it lies below the acknowledgement",
            value);
    else
        field_mean_numbers(w, f,
                           "a block from number " THEIRS
                           " has arrived although " THEIRS " is still missing",
                           value, w->seg->ack);
}

/* The first number that is not in the block any more. */
TELLER(tell_sack_right)
{
    field_mean_numbers(w, f, "the block ends before number " THEIRS, value);
}

/* Upper four bits of the first byte, whatever the subtype (RFC 8684 3). */
TELLER(tell_mptcp_subtype)
{
    field_mean(f, "%s", mptcp_subtype_name((uint8_t)value));
}

/* 0xf989 was Fast Open before it had kind 34. */
TELLER(tell_exid)
{
    field_mean(f, value == 0xf989
                      ? "the number of Fast Open while it was an experiment"
                      : "the experiment's number, registered with IANA");
}

/* The same option carries the cookie back and forth; only the flags tell the
 * direction. A request has no cookie and so no such field. */
TELLER(tell_cookie)
{
    if ((w->seg->flags & (SEG_SYN | SEG_ACK)) == SEG_SYN)
        field_mean(f, "the cookie from an earlier connection: it proves that "
                      "the client really has this address");
    else
        field_mean(f, "a cookie for the client to show in its next SYN");
}

static const struct field_row mss_rows[] = {
    ROW("MSS", 16, "RFC 9293 3.7.1", tell_mss),
};
static const struct field_row wscale_rows[] = {
    ROW("Window Scale Shift", 8, "RFC 7323 2.2", tell_shift),
};
static const struct field_row sack_rows[] = {
    ROW_AS(FORM_THEIRS, "SACK Left Edge", 32, "RFC 2018 3", tell_sack_left),
    ROW_AS(FORM_THEIRS, "SACK Right Edge", 32, "RFC 2018 3", tell_sack_right),
};
static const struct field_row timestamp_rows[] = {
    ROW("TSval", 32, "RFC 7323 3.2", tell_tsval),
    ROW("TSecr", 32, "RFC 7323 3.2", tell_tsecr),
};
static const struct field_row md5_rows[] = {
    ROW_FIXED_AS(FORM_BYTES, "MD5 Digest", 128, "RFC 2385 2",
                 "signs the segment: only who knows the key can make or check "
                 "it"),
};
static const struct field_row ao_rows[] = {
    ROW_FIXED("KeyID", 8, "RFC 5925 2.2", "the key that signed this segment"),
    ROW_FIXED("RNextKeyID", 8, "RFC 5925 2.2",
              "the key the sender would like the peer to use next"),
};
static const struct field_row mptcp_rows[] = {
    ROW("MPTCP Subtype", 4, "RFC 8684 3", tell_mptcp_subtype),
    ROW_FIXED_AS(FORM_HEX, "MPTCP Version or Flags", 4, "RFC 8684 3",
                 "in MP_CAPABLE the version, else flags of the subtype"),
};
static const struct field_row experiment_rows[] = {
    ROW_AS(FORM_HEX, "Experiment ID", 16, "RFC 6994 3", tell_exid),
};

static const struct field_row data_row =
    ROW_FIXED_AS(FORM_BYTES, "Option Data", 0, "RFC 9293 3.1",
                 "a receiver that does not know the option skips it");
static const struct field_row mac_row = ROW_FIXED_AS(
    FORM_BYTES, "MAC", 0, "RFC 5925 2.2",
    "signs the segment: only who knows the key can make or check it");
static const struct field_row mptcp_row =
    ROW_FIXED_AS(FORM_BYTES, "MPTCP Data", 0, "RFC 8684 3",
                 "keys, tokens or numbers, as the subtype says");
static const struct field_row cookie_row =
    ROW_AS(FORM_BYTES, "Fast Open Cookie", 0, "RFC 7413 4.1.1", tell_cookie);

#define ROWS(x) .rows = (x), .count = ROW_COUNT(x)

/* The values of each kind. Legend: `rows` after the length, `repeat` them
 * while bytes are left, `rest` names what is left at last. */
static const struct option_shape {
    uint8_t kind;
    bool repeat;
    const struct field_row *rows;
    size_t count;
    const struct field_row *rest;
} shapes[] = {
    {OPT_MSS, ROWS(mss_rows)},
    {OPT_WSCALE, ROWS(wscale_rows)},
    {OPT_SACK, .repeat = true, ROWS(sack_rows)},
    {OPT_TIMESTAMPS, ROWS(timestamp_rows)},
    {OPT_MD5, ROWS(md5_rows)},
    {OPT_AO, ROWS(ao_rows), .rest = &mac_row},
    {OPT_MPTCP, ROWS(mptcp_rows), .rest = &mptcp_row},
    {OPT_FASTOPEN, .rest = &cookie_row},
    {OPT_EXPERIMENT_1, ROWS(experiment_rows)},
    {OPT_EXPERIMENT_2, ROWS(experiment_rows)},
};

static const struct field_row kind_row =
    ROW("Option Kind", 8, "RFC 9293 3.1", tell_kind);
static const struct field_row length_row =
    ROW("Option Length", 8, "RFC 9293 3.1", tell_length);
static const struct field_row nop_row =
    ROW_FIXED("NOP", 8, "RFC 9293 3.2",
              "no operation: fills up so that the next option is aligned");
static const struct field_row eol_row =
    ROW_FIXED("End of Option List", 8, "RFC 9293 3.2",
              "no option follows; the rest of the header is padding");
static const struct field_row padding_row = ROW_FIXED_AS(
    FORM_BYTES, "Padding", 0, "RFC 9293 3.1",
    "fills the header up to a multiple of 4 bytes, normally zeros");
static const struct field_row cut_row =
    ROW_FIXED_AS(FORM_BYTES, "cut", 0, "RFC 9293 3.1",
                 "the capture ends within this option");

/* Names the claim, not a guess at what was meant. */
TELLER(tell_malformed)
{
    const struct tcp_option *opt = w->opt;
    if (opt->len < 2)
        field_mean(f, "kind %u (%s) without a length: the header ends here",
                   opt->kind, option_name(opt->kind));
    else
        field_mean(f,
                   "kind %u (%s) with length %u, which cannot be: the "
                   "receiver may ignore it or what follows",
                   opt->kind, option_name(opt->kind),
                   w->packet[opt->offset + 1]);
}

static const struct field_row malformed_row =
    ROW_AS(FORM_BYTES, "malformed", 0, "RFC 9293 3.1", tell_malformed);

/* The values of a sound option up to byte offset `end`. */
static void walk_values(struct walk *w, const struct option_shape *shape,
                        size_t end)
{
    bool again = true;
    while (again) {
        for (size_t i = 0; i < shape->count; i++)
            if (w->bit + shape->rows[i].width <= end * 8)
                walk_row(w, &shape->rows[i], shape->rows[i].width);
        again = shape->repeat && w->bit < end * 8;
    }
    walk_rest(w, shape->rest ? shape->rest : &data_row, end);
}

/* An unknown kind has no rows: all of it becomes "Option Data". */
static const struct option_shape *shape_of(uint8_t kind)
{
    static const struct option_shape none = {0};
    for (size_t i = 0; i < ROW_COUNT(shapes); i++)
        if (shapes[i].kind == kind)
            return &shapes[i];
    return &none;
}

/* A malformed option is told in one piece: splitting it would invent values. */
static void walk_option(struct walk *w, const struct tcp_option *opt)
{
    size_t end = (size_t)opt->offset + opt->len;
    w->opt = opt;
    if (opt->malformed) {
        walk_rest(w, &malformed_row, end);
    } else if (opt->kind == OPT_NOP) {
        walk_row(w, &nop_row, nop_row.width);
    } else if (opt->kind == OPT_EOL) {
        walk_row(w, &eol_row, eol_row.width);
    } else {
        walk_row(w, &kind_row, kind_row.width);
        walk_row(w, &length_row, length_row.width);
        walk_values(w, shape_of(opt->kind), end);
    }
}

/* What follows the last option is padding only where End of Option List came
 * before it; otherwise the capture ends in the middle of an option. */
void walk_options(struct walk *w)
{
    const struct segment *seg = w->seg;
    w->part = FIELD_OPTION;
    for (size_t i = 0; i < seg->option_count; i++)
        walk_option(w, &seg->options[i]);
    bool ended = seg->option_count &&
                 seg->options[seg->option_count - 1].kind == OPT_EOL;
    walk_rest(w, ended ? &padding_row : &cut_row,
              (size_t)seg->ip_header_len + seg->tcp_header_len);
}

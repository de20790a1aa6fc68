/* fields.c - walks a segment's headers field by field.
 *
 * The tables live in fields_ip.c, fields_tcp.c and fields_option.c; a row has
 * its field's name, width and RFC, and the function that turns the value into a
 * meaning. This file keeps the promise that every bit is told once: a field
 * always begins where the one before it ended, and lengths come from
 * segment_parse(), which has checked them against the packet. */
#include "fields_internal.h"

#include "tcp_internal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEX_BYTES_SHOWN = 44, PREVIEW_BYTES = 60 };

/* Tellers write through this only, so that no meaning outgrows its field. */
void field_mean(struct field *f, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(f->meaning, sizeof(f->meaning), fmt, args);
    va_end(args);
}

/* Both wordings of it. */
void field_mean_numbers(const struct walk *w, struct field *f, const char *fmt,
                        ...)
{
    char marked[FIELD_MEANING_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(marked, sizeof(marked), fmt, args);
    va_end(args);
    relative_words(marked, &w->bases, FIELD_MEANING_BYTES, f->meaning,
                   f->meaning_rel);
}

/* The number in `width` <= 32 bits that begin at `bit`. */
static uint32_t read_bits(const uint8_t *packet, uint32_t bit, uint32_t width)
{
    uint64_t value = 0;
    uint32_t last = (bit + width - 1) / 8;
    for (uint32_t i = bit / 8; i <= last; i++)
        value = value << 8 | packet[i];
    value >>= (last + 1) * 8 - (bit + width);
    return (uint32_t)(value & ((UINT64_C(1) << width) - 1));
}

/* Long values (extension headers) end in "..."; no option is that long. */
static void write_bytes(char *text, const uint8_t *bytes, size_t len)
{
    size_t shown = len < HEX_BYTES_SHOWN ? len : HEX_BYTES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    if (shown < len)
        snprintf(text + 2 * shown, 4, "...");
}

static void write_address(char *text, const uint8_t *bytes, uint32_t width)
{
    struct ipaddr addr = {.version = width == 32 ? 4 : 6};
    memcpy(addr.bytes, bytes, width / 8);
    char name[ENDPOINT_TEXT_BYTES];
    snprintf(text, FIELD_VALUE_BYTES, "%s", ipaddr_text(&addr, name));
}

/* A sequence number, and how many numbers after the initial one it is. */
static void write_number(bool known, uint32_t base, uint32_t value,
                         struct field *f)
{
    snprintf(f->value, sizeof(f->value), "%u", value);
    if (known && base != 0)
        snprintf(f->value_rel, sizeof(f->value_rel), "%u", value - base);
}

/* The value as it is written is the value that was read: nothing but this
 * function fills f->value, the payload's size aside. */
static void write_value(const struct walk *w, enum field_form form,
                        uint32_t value, struct field *f)
{
    const uint8_t *bytes = w->packet + f->bit_offset / 8;
    switch (form) {
    case FORM_DECIMAL:
        snprintf(f->value, sizeof(f->value), "%u", value);
        break;
    case FORM_MINE:
        write_number(w->bases.mine_known, w->bases.mine, value, f);
        break;
    case FORM_THEIRS:
        write_number(w->bases.theirs_known && w->seg->flags & SEG_ACK,
                     w->bases.theirs, value, f);
        break;
    case FORM_HEX:
        snprintf(f->value, sizeof(f->value), "0x%0*x",
                 (int)(f->bit_width + 3) / 4, value);
        break;
    case FORM_BYTES:
        write_bytes(f->value, bytes, f->bit_width / 8);
        break;
    case FORM_ADDRESS:
        write_address(f->value, bytes, f->bit_width);
        break;
    }
}

/* The one place where a field is made: it begins at w->bit and moves it on, so
 * that fields can neither overlap nor leave a gap. */
void walk_row(struct walk *w, const struct field_row *row, uint32_t width)
{
    struct field f = {
        .part = w->part,
        .name = row->name,
        .bit_offset = w->bit,
        .bit_width = width,
        .rfc = row->rfc,
    };
    uint32_t value = width <= 32 ? read_bits(w->packet, w->bit, width) : 0;
    write_value(w, row->form, value, &f);
    if (row->tell)
        row->tell(w, row, value, &f);
    else
        field_mean(&f, "%s", row->meaning);
    w->each(w->ctx, &f);
    w->bit += width;
}

void walk_rows(struct walk *w, const struct field_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        walk_row(w, &rows[i], rows[i].width);
}

/* Also what guards against a table that tells more bits than there are: then
 * nothing is left and nothing is told. */
void walk_rest(struct walk *w, const struct field_row *row, size_t end)
{
    uint32_t end_bit = (uint32_t)end * 8;
    if (w->bit < end_bit)
        walk_row(w, row, end_bit - w->bit);
}

/* The payload's first bytes as text; what is not printable becomes a dot. */
TELLER(tell_payload)
{
    const struct segment *seg = w->seg;
    char text[PREVIEW_BYTES + 1] = "";
    size_t shown = seg->payload_len < PREVIEW_BYTES ? seg->payload_len
                                                    : (size_t)PREVIEW_BYTES;
    for (size_t i = 0; i < shown; i++)
        text[i] = isprint(seg->payload[i]) ? (char)seg->payload[i] : '.';
    snprintf(f->value, sizeof(f->value), "%u bytes", seg->payload_len);
    field_mean(f, "data for the receiving application, as text: \"%s\"%s%s",
               text, shown < seg->payload_len ? " ..." : "",
               seg->truncated ? "; the rest was not captured" : "");
}

static const struct field_row payload_row = {
    .name = "Payload",
    .rfc = "RFC 9293 3.1",
    .form = FORM_BYTES,
    .tell = tell_payload,
};

/* Parsing comes first: what it refuses has no fields, and what it accepts has
 * lengths that stay within the packet. */
int fields_walk(const uint8_t *packet, size_t len,
                const struct seq_bases *bases, field_fn *each, void *ctx,
                struct err *ret_err)
{
    struct segment seg;
    int r = segment_parse(packet, len, &seg, ret_err);
    if (r < 0)
        return r;
    struct walk w = {
        .packet = packet,
        .seg = &seg,
        .each = each,
        .ctx = ctx,
    };
    if (bases)
        w.bases = *bases;
    walk_ip(&w);
    walk_tcp(&w);
    walk_options(&w);
    w.part = FIELD_PAYLOAD;
    walk_rest(&w, &payload_row,
              (size_t)seg.ip_header_len + seg.tcp_header_len + seg.payload_len);
    return 0;
}

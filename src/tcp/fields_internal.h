/* fields_internal.h - the walker that the field tables share.
 *
 * A row of a table is one field: its name, width, RFC and the function that
 * reads its value and writes its meaning. Rows stand in the order of the
 * header, so that the offset of each is the sum of the widths before it.
 * Pure; any thread. */
#ifndef HANDSHAKE_FIELDS_INTERNAL_H
#define HANDSHAKE_FIELDS_INTERNAL_H

#include "handshake/fields.h"
#include "handshake/segment.h"

/* How a value is written. */
enum field_form {
    FORM_DECIMAL, /* 64240 */
    FORM_MINE,    /* a sequence number of the sender, also relative */
    FORM_THEIRS,  /* one of its peer, where the ACK flag makes it count */
    FORM_HEX,     /* 0x91a2 */
    FORM_BYTES,   /* 9f3c0011 */
    FORM_ADDRESS  /* 192.0.2.1 */
};

struct walk {
    const uint8_t *packet;
    const struct segment *seg;
    const struct tcp_option *opt; /* the option being told, if any */
    struct seq_bases bases;
    field_fn *each;
    void *ctx;
    enum field_part part;
    uint32_t bit; /* where the next field begins */
};

struct field_row {
    const char *name;
    const char *rfc;
    uint16_t width; /* bits; 0 in a row for what is left */
    enum field_form form;
    uint16_t flag;       /* rows of single flags: the enum segment_flag bit */
    const char *meaning; /* fixed, where `tell` is not needed */
    void (*tell)(const struct walk *w, const struct field_row *row,
                 uint32_t value, struct field *f);
};

/* Head of a row's `tell` function. Every one has the same parameters, of which
 * most need only some. */
#define TELLER(function)                                                       \
    static void function(__attribute__((unused)) const struct walk *w,         \
                         __attribute__((unused)) const struct field_row *row,  \
                         __attribute__((unused)) uint32_t value,               \
                         struct field *f)

/* One row of a table: a number with a teller, or with a meaning that is always
 * the same; ROW_AS also names the form of the value. */
#define ROW(label, bits, reference, teller)                                    \
    {                                                                          \
        .name = (label), .width = (bits), .rfc = (reference), .tell = (teller) \
    }
#define ROW_AS(form_, label, bits, reference, teller)                          \
    {                                                                          \
        .name = (label), .width = (bits), .rfc = (reference),                  \
        .tell = (teller), .form = (form_)                                      \
    }
#define ROW_FIXED(label, bits, reference, text)                                \
    {                                                                          \
        .name = (label), .width = (bits), .rfc = (reference),                  \
        .meaning = (text)                                                      \
    }
#define ROW_FIXED_AS(form_, label, bits, reference, text)                      \
    {                                                                          \
        .name = (label), .width = (bits), .rfc = (reference),                  \
        .meaning = (text), .form = (form_)                                     \
    }

#define ROW_COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Write f's meaning, printf-style, cut to its size. */
__attribute__((format(printf, 2, 3))) void field_mean(struct field *f,
                                                      const char *fmt, ...);

/* The same of a meaning that has sequence numbers (MINE, THEIRS). */
__attribute__((format(printf, 3, 4))) void
field_mean_numbers(const struct walk *w, struct field *f, const char *fmt, ...);

/* Tell one field of row's kind and `width` bits at w->bit, and step on. */
void walk_row(struct walk *w, const struct field_row *row, uint32_t width);

/* Tell all rows, each with its own width. */
void walk_rows(struct walk *w, const struct field_row *rows, size_t count);

/* Bytes from w->bit (on a byte border) to byte offset `end` as one field;
 * nothing when there are none. */
void walk_rest(struct walk *w, const struct field_row *row, size_t end);

/* The IP header with its options or extension headers. */
void walk_ip(struct walk *w);

/* The fixed 20 bytes of the TCP header. */
void walk_tcp(struct walk *w);

/* The TCP options and their padding. */
void walk_options(struct walk *w);

#endif

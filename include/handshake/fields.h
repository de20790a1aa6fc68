/* fields.h - every field of a segment's headers, one by one, for people.
 *
 * Walks the IP header, the TCP header and each option, in the order of the
 * bytes. The walker that reads a value also writes its meaning, so the two
 * cannot disagree. Pure; any thread. */
#ifndef HANDSHAKE_FIELDS_H
#define HANDSHAKE_FIELDS_H

#include "handshake/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_VALUE_BYTES = 96, FIELD_MEANING_BYTES = 240 };

enum field_part { FIELD_IP, FIELD_TCP, FIELD_OPTION, FIELD_PAYLOAD };

/* Initial sequence numbers of a segment's sender and of its peer, as far as
 * they are known: relative numbers count from them. */
struct seq_bases {
    bool mine_known, theirs_known;
    uint32_t mine, theirs;
};

struct field {
    enum field_part part;
    const char *name;    /* "Sequence Number", "SYN", "MSS"; static storage */
    uint32_t bit_offset; /* from the first bit of the IP header */
    uint32_t bit_width;
    char value[FIELD_VALUE_BYTES];     /* "3735928559", "0x12", "192.0.2.1" */
    char meaning[FIELD_MEANING_BYTES]; /* in this segment, one sentence */
    /* The same with relative sequence numbers; "" where nothing differs. */
    char value_rel[FIELD_VALUE_BYTES];
    char meaning_rel[FIELD_MEANING_BYTES];
    const char *rfc; /* "RFC 9293 3.1"; static storage */
};

/* Called once a field, in order of bit_offset (payload last, as one field when
 * there is any). */
typedef void field_fn(void *ctx, const struct field *f);

/* Walk packet[0..len) (from the IP header); without bases (NULL) no number is
 * relative. Fields cover every bit up to the
 * payload exactly once, malformed options included (then named "malformed", or
 * "cut" where the capture ends within an option).
 * Returns 0 or -EPROTO with a sentence, as segment_parse(). */
int fields_walk(const uint8_t *packet, size_t len,
                const struct seq_bases *bases, field_fn *each, void *ctx,
                struct err *ret_err);

#endif

/* edit.h - changes a segment as a middlebox or a bad cable would. Pure. */
#ifndef HANDSHAKE_EDIT_H
#define HANDSHAKE_EDIT_H

#include "handshake/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EDIT_MAX_STRIP = 8, EDIT_WORDS_BYTES = 200 };

/* What to change; only what has its `set_` is touched. Checksums are made right
 * again afterwards. */
struct edit {
    bool set_seq, set_ack, set_flags, set_window, set_urgent, set_mss, set_ttl;
    bool add_seq, add_ack; /* seq and ack are added to what is there */
    uint32_t seq, ack;
    uint16_t flags, window, urgent, mss;
    uint8_t ttl;
    uint8_t strip[EDIT_MAX_STRIP]; /* option kinds replaced by NOPs */
    size_t strip_count;
};

/* Apply to packet[0..len) in place; the length never changes. Writes what was
 * changed in words ("ack 1001 -> 2001, window scale stripped") to ret_words
 * (EDIT_WORDS_BYTES; "" when nothing changed). Returns 0, -EPROTO when it holds
 * no whole TCP segment, -ENOENT when an option to change is not there (the rest
 * is applied). */
int edit_apply(const struct edit *edit, uint8_t *packet, size_t len,
               char *ret_words);

/* Flip one bit of the payload (or, without payload, of the window field) so
 * that the TCP checksum is wrong. bit chooses which, taken modulo what there
 * is. Words as above. Returns 0 or -EPROTO. */
int edit_corrupt(uint8_t *packet, size_t len, uint32_t bit, char *ret_words);

#endif

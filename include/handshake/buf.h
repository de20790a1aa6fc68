/* buf.h - a growing byte buffer that is born with its maximum.
 *
 * Writers never check each step: the first append that does not fit (or finds
 * no memory) sets `failed`, later ones do nothing, and the owner looks once at
 * the end. Content is always NUL-terminated. One thread at a time. */
#ifndef HANDSHAKE_BUF_H
#define HANDSHAKE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;       /* (owned) NUL-terminated once anything was appended */
    size_t len;       /* bytes used, without the NUL */
    size_t cap;       /* bytes allocated */
    size_t max_bytes; /* never holds more than this */
    bool failed;      /* an append did not fit or memory ran out */
};

/* Make *b empty with room for at most max_bytes. Allocates nothing yet. */
void buf_init(struct buf *b, size_t max_bytes);

/* Free the content; b may be zeroed or half-built. */
void buf_done(struct buf *b);

/* Forget the content but keep the memory. */
void buf_reset(struct buf *b);

/* Append n bytes. Sets b->failed when they do not fit. */
void buf_append(struct buf *b, const void *bytes, size_t n);

/* Append a NUL-terminated string. */
void buf_str(struct buf *b, const char *text);

/* Append printf-style. */
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b,
                                                      const char *fmt, ...);

/* The content as a string: "" when empty. Valid until the next append. */
const char *buf_text(const struct buf *b);

/* Hand the content to the caller, who frees it with free(); b becomes empty.
 * Returns NULL when nothing was appended or b->failed. */
char *buf_take(struct buf *b);

#endif

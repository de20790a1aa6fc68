/* jsonwriter.h - writes JSON into a struct buf, member by member.
 *
 * Made for output only: no tree, no allocation a value, whole numbers exact to
 * the last of 64 bits, and always valid UTF-8 whatever the text holds. `name`
 * is NULL inside arrays and for the outermost value; it must need no escaping.
 * What does not fit shows in out->failed, once, at the end. One thread at a
 * time. */
#ifndef HANDSHAKE_JSONWRITER_H
#define HANDSHAKE_JSONWRITER_H

#include "handshake/buf.h"

#include <stdint.h>

struct jsonw {
    struct buf *out; /* (borrowed) */
    bool comma;      /* the next value needs one before it */
};

/* A writer that appends to out. */
struct jsonw jsonw_to(struct buf *out);

/* Open an object or an array: '{' or '['. */
void jsonw_open(struct jsonw *w, const char *name, char bracket);

/* Close it: '}' or ']'. */
void jsonw_close(struct jsonw *w, char bracket);

/* A string; bytes that are no UTF-8 become U+FFFD. NULL text gives null. */
void jsonw_str(struct jsonw *w, const char *name, const char *text);

/* As jsonw_str, for text that is not terminated or may hold NULs. */
void jsonw_text(struct jsonw *w, const char *name, const char *text,
                size_t len);

/* Bytes of any kind as a string that can be read: words_bytes(). */
void jsonw_bytes(struct jsonw *w, const char *name, const void *bytes,
                 size_t len);

/* Bytes as a string of lower-case hexadecimal digits. */
void jsonw_hex(struct jsonw *w, const char *name, const void *bytes,
               size_t len);

/* A whole number, exact. */
void jsonw_uint(struct jsonw *w, const char *name, uint64_t value);

/* A whole number that may be negative, exact. */
void jsonw_int(struct jsonw *w, const char *name, int64_t value);

/* true or false. */
void jsonw_bool(struct jsonw *w, const char *name, bool value);

/* null. */
void jsonw_null(struct jsonw *w, const char *name);

/* A number, or null where 0 stands for "none". */
void jsonw_uint_or_null(struct jsonw *w, const char *name, uint64_t value);

/* JSON that was made before, taken as it is. */
void jsonw_raw(struct jsonw *w, const char *name, const char *json, size_t len);

#endif

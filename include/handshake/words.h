/* words.h - small pieces of text for people: bytes made readable, spans of
 * time, the width of a text on a terminal. Pure; any thread. */
#ifndef HANDSHAKE_WORDS_H
#define HANDSHAKE_WORDS_H

#include "handshake/buf.h"

#include <stdint.h>

/* Append bytes so that a person can read them and no terminal or page obeys
 * them: printable UTF-8 as it is, a backslash doubled, all else as \n, \r, \t
 * or \xNN. Two different inputs never look the same. */
void words_bytes(struct buf *out, const void *bytes, size_t len);

/* The way back: append the bytes that words_bytes() made this text of. False
 * when it cannot have made it: a backslash with something else behind it. */
bool words_read_bytes(struct buf *out, const char *text, size_t len);

/* Append a span of time with three digits that count: "0 µs", "93.5 µs",
 * "1.24 ms", "60.2 s". */
void words_time(struct buf *out, uint64_t ns);

/* Characters of a UTF-8 text; a stray byte counts as one. */
size_t words_width(const char *text);

/* Append text in lines of at most `columns` columns, broken at spaces where
 * there are any: the first goes on at column `first`, the others are indented
 * by `indent`. A newline ends each. */
void words_wrap(struct buf *out, const char *text, unsigned first,
                unsigned indent, unsigned columns);

/* Bytes of text that one line of at most `width` columns takes: up to a space,
 * which the next line begins behind, or, in a word too long, up to the width.
 */
size_t words_line(const char *text, size_t width);

/* Length of the UTF-8 character at text[0..len), its number in *ret_code; 0
 * when there is none (overlong, surrogate, cut, stray byte). */
size_t utf8_char(const char *text, size_t len, uint32_t *ret_code);

#endif

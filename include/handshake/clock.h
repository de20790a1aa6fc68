/* clock.h - monotonic and wall time in nanoseconds. Any thread. */
#ifndef HANDSHAKE_CLOCK_H
#define HANDSHAKE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOCK_WALL_TEXT_BYTES = 40 };

/* CLOCK_MONOTONIC now, in nanoseconds. Never fails, never blocks. */
uint64_t clock_mono_ns(void);

/* CLOCK_REALTIME now, in nanoseconds since 1970. Never fails, never blocks. */
uint64_t clock_wall_ns(void);

/* Write wall_ns as RFC 3339 UTC with nine decimals into ret_text (at least
 * CLOCK_WALL_TEXT_BYTES). Returns ret_text. */
char *clock_wall_text(uint64_t wall_ns, char *ret_text, size_t text_bytes);

/* Read what clock_wall_text() wrote; false when it cannot have been. */
bool clock_wall_parse(const char *text, uint64_t *ret_wall_ns);

#endif

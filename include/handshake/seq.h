/* seq.h - arithmetic on 32-bit sequence numbers, which wrap (RFC 9293 3.4).
 * Pure; any thread. */
#ifndef HANDSHAKE_SEQ_H
#define HANDSHAKE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* a < b modulo 2^32: b lies in the half circle after a. */
static inline bool seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* a <= b modulo 2^32. */
static inline bool seq_before_eq(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) <= 0;
}

/* low <= s < low + size modulo 2^32 (a window; size 0 holds nothing). */
static inline bool seq_in(uint32_t s, uint32_t low, uint32_t size)
{
    return s - low < size;
}

#endif

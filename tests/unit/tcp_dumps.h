/* tcp_dumps.h - whole packets as bytes, for the tests of the pure TCP layer. */
#ifndef HANDSHAKE_TCP_DUMPS_H
#define HANDSHAKE_TCP_DUMPS_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t dump_syn_v4[60];
extern const uint8_t dump_data_ip_options[49];
extern const uint8_t dump_syn_v6_ext[104];
extern const uint8_t dump_syn_v6_atomic[72];
extern const uint8_t dump_sack[60];
extern const uint8_t dump_md5[60];
extern const uint8_t dump_ao[56];
extern const uint8_t dump_mptcp[60];
extern const uint8_t dump_tfo[52];
extern const uint8_t dump_exp[48];

enum { DUMP_COUNT = 10 };

/* All of them, to walk over. */
struct dump {
    const char *name;
    const uint8_t *bytes;
    size_t len;
};
extern const struct dump dumps[DUMP_COUNT];

/* A copy of the first len bytes of exactly that size, so that the address
 * sanitizer sees any read beyond them. The caller frees it. */
uint8_t *dump_prefix(const uint8_t *bytes, size_t len);

/* The next number of a fixed pseudo-random row (xorshift). */
uint32_t dump_random(uint32_t *seed);

#endif

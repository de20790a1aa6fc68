/* fuzz.h - what the fuzzers share: libFuzzer's entry point and a check that
 * stays in every build. */
#ifndef HANDSHAKE_FUZZ_H
#define HANDSHAKE_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Called by libFuzzer with each input; data is exactly size bytes, so that the
 * address sanitizer sees any read beyond them. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise that does not hold is a finding, as a crash is. */
#define FUZZ_CHECK(promise)                                                    \
    do {                                                                       \
        if (!(promise))                                                        \
            abort();                                                           \
    } while (0)

#endif

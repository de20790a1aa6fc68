/* secret.c - keys that let their holder do something. */
#include "handshake/secret.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { RANDOM_BYTES = (SECRET_BYTES - 1) / 2 };

bool secret_make(char ret_secret[SECRET_BYTES])
{
    uint8_t random[RANDOM_BYTES];
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return false;
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(ret_secret + 2 * i, 3, "%02x", random[i]);
    return true;
}

bool secret_fits(const char secret[SECRET_BYTES], const char *given)
{
    unsigned differs = strlen(given) != SECRET_BYTES - 1;
    for (size_t i = 0; i < SECRET_BYTES - 1; i++)
        differs |= (unsigned)(secret[i] ^ (*given ? *given++ : 0));
    return differs == 0;
}

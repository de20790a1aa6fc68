/* secret.h - keys that let their holder do something: 128 random bits as
 * hexadecimal text. */
#ifndef HANDSHAKE_SECRET_H
#define HANDSHAKE_SECRET_H

#include <stdbool.h>

enum { SECRET_BYTES = 33 }; /* with its NUL */

/* A new one from getrandom(2). False when the kernel gave no randomness. */
bool secret_make(char ret_secret[SECRET_BYTES]);

/* Whether given is that secret; takes as long whatever is wrong with it. */
bool secret_fits(const char secret[SECRET_BYTES], const char *given);

#endif

/* test.h - cmocka with the headers it wants before it. */
#ifndef HANDSHAKE_TEST_H
#define HANDSHAKE_TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#endif

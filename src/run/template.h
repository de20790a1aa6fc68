/* template.h - the little text language of send, recv and print steps.
 *
 * `{a}` stands for the value of variable a, `{a+1}` for one more; in a pattern
 * an unset `{a}` takes the digits found there. `{{` is one brace. Pure. */
#ifndef HANDSHAKE_TEMPLATE_H
#define HANDSHAKE_TEMPLATE_H

#include "handshake/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEMPLATE_MAX_VARS = 16, TEMPLATE_NAME_BYTES = 16 };

/* The variables of one host. */
struct template_vars {
    size_t count;
    struct {
        char name[TEMPLATE_NAME_BYTES];
        uint32_t value;
    } list[TEMPLATE_MAX_VARS];
};

/* Set or change a variable; false when the table is full. */
bool template_set(struct template_vars *vars, const char *name, uint32_t value);

/* Write the template with its variables put in, NUL-terminated. Returns the
 * length, -ENOENT with a sentence for an unset variable, -EINVAL for a
 * malformed template, -EMSGSIZE when cap_bytes is too small. */
int template_expand(const char *text, const struct template_vars *vars,
                    char *ret_text, size_t cap_bytes, struct err *ret_err);

enum template_match {
    TEMPLATE_MATCH,
    TEMPLATE_MORE, /* fits so far, but the bytes end too early */
    TEMPLATE_DIFFERS
};

/* Compare bytes[0..len) with the pattern; unset variables are set from it when
 * all of it matches. */
enum template_match template_match(const char *pattern, const char *bytes,
                                   size_t len, struct template_vars *vars);

#endif

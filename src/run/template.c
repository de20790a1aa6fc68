/* template.c - expanding and matching of templates (template.h). */
#include "template.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 10 };

/* One `{name}` or `{name+n}`. */
struct place {
    char name[TEMPLATE_NAME_BYTES];
    uint32_t plus;
    size_t text_len; /* in the template, braces included */
};

static const uint32_t *vars_get(const struct template_vars *vars,
                                const char *name)
{
    for (size_t i = 0; i < vars->count; i++)
        if (strcmp(vars->list[i].name, name) == 0)
            return &vars->list[i].value;
    return NULL;
}

bool template_set(struct template_vars *vars, const char *name, uint32_t value)
{
    for (size_t i = 0; i < vars->count; i++)
        if (strcmp(vars->list[i].name, name) == 0) {
            vars->list[i].value = value;
            return true;
        }
    if (vars->count == TEMPLATE_MAX_VARS)
        return false;
    snprintf(vars->list[vars->count].name, TEMPLATE_NAME_BYTES, "%s", name);
    vars->list[vars->count++].value = value;
    return true;
}

/* Up to DIGITS_MAX digits at text; returns how many, *ret_value their value. */
static size_t read_digits(const char *text, size_t len, uint32_t *ret_value)
{
    uint64_t value = 0;
    size_t n = 0;
    while (n < len && n < DIGITS_MAX && isdigit((unsigned char)text[n]))
        value = value * 10 + (uint64_t)(text[n++] - '0');
    *ret_value = (uint32_t)value;
    return n;
}

/* Read the place that begins at text[0] == '{'; false when it is malformed. */
static bool read_place(const char *text, struct place *ret_place)
{
    *ret_place = (struct place){.plus = 0};
    size_t i = 1, n = 0;
    while (isalnum((unsigned char)text[i]) && n + 1 < TEMPLATE_NAME_BYTES)
        ret_place->name[n++] = text[i++];
    if (text[i] == '+') {
        size_t digits =
            read_digits(text + i + 1, strlen(text + i + 1), &ret_place->plus);
        if (digits == 0)
            return false;
        i += 1 + digits;
    }
    ret_place->text_len = i + 1;
    return n > 0 && text[i] == '}';
}

/* Whether a place begins here; `{{` is a plain brace. */
static bool is_place(const char *text)
{
    return text[0] == '{' && text[1] != '{';
}

/* Length of the plain character at text in the template: 2 for `{{`. */
static size_t plain_len(const char *text)
{
    return text[0] == '{' ? 2 : 1;
}

/* The text that stands for one place or plain character. Returns its length
 * and moves *text on, or -errno. */
static int expand_one(const char **text, const struct template_vars *vars,
                      char ret_piece[DIGITS_MAX + 2], struct err *ret_err)
{
    if (!is_place(*text)) {
        ret_piece[0] = **text;
        *text += plain_len(*text);
        return 1;
    }
    struct place place;
    if (!read_place(*text, &place))
        return err_set(ret_err, EINVAL, "malformed place at \"%.40s\"", *text);
    const uint32_t *value = vars_get(vars, place.name);
    if (!value)
        return err_set(ret_err, ENOENT, "variable %s has no value yet",
                       place.name);
    *text += place.text_len;
    return snprintf(ret_piece, DIGITS_MAX + 2, "%u",
                    (unsigned)(*value + place.plus));
}

int template_expand(const char *text, const struct template_vars *vars,
                    char *ret_text, size_t cap_bytes, struct err *ret_err)
{
    size_t out = 0;
    while (*text) {
        char piece[DIGITS_MAX + 2];
        int n = expand_one(&text, vars, piece, ret_err);
        if (n < 0)
            return n;
        if (out + (size_t)n >= cap_bytes)
            return err_set(ret_err, EMSGSIZE, "the text is longer than %zu",
                           cap_bytes - 1);
        memcpy(ret_text + out, piece, (size_t)n);
        out += (size_t)n;
    }
    if (cap_bytes > 0)
        ret_text[out] = '\0';
    return (int)out;
}

/* Compare the digits at bytes with a place; takes an unset variable's value.
 * Returns how many bytes it stands for, 0 when they differ. */
static size_t match_place(const struct place *place, const char *bytes,
                          size_t len, struct template_vars *vars)
{
    uint32_t value;
    size_t digits = read_digits(bytes, len, &value);
    if (digits == 0)
        return 0;
    const uint32_t *known = vars_get(vars, place->name);
    if (known)
        return value == *known + place->plus ? digits : 0;
    return template_set(vars, place->name, value - place->plus) ? digits : 0;
}

enum template_match template_match(const char *pattern, const char *bytes,
                                   size_t len, struct template_vars *vars)
{
    struct template_vars found = *vars;
    size_t at = 0;
    while (*pattern) {
        if (at == len)
            return TEMPLATE_MORE;
        size_t taken = 1, step = plain_len(pattern);
        struct place place;
        if (is_place(pattern)) {
            taken = read_place(pattern, &place)
                        ? match_place(&place, bytes + at, len - at, &found)
                        : 0;
            step = place.text_len;
        } else if (bytes[at] != *pattern) {
            taken = 0;
        }
        if (taken == 0)
            return TEMPLATE_DIFFERS;
        at += taken;
        pattern += step;
    }
    if (at != len)
        return TEMPLATE_DIFFERS;
    *vars = found;
    return TEMPLATE_MATCH;
}

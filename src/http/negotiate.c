/* negotiate.c - reading request headers that are lists: Accept,
 * Accept-Encoding, If-None-Match (RFC 9110 12.5 and 13.1.2). */
#include "http_internal.h"

#include <string.h>
#include <strings.h>

/* A piece of a header, not NUL-terminated. */
struct span {
    const char *at;
    size_t len;
};

/* Without the blanks and tabs around it. */
static struct span trim(struct span s)
{
    while (s.len > 0 && strchr(" \t", s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && strchr(" \t", s.at[s.len - 1]))
        s.len--;
    return s;
}

/* Cut the part before the first sep off *rest, trimmed. */
static struct span cut(struct span *rest, char sep)
{
    const char *end = memchr(rest->at, sep, rest->len);
    struct span part = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
    size_t used = part.len + (end ? 1 : 0);
    rest->at += used;
    rest->len -= used;
    return trim(part);
}

/* Case never counts in what is compared here; ETags are our own, in lower
 * case hexadecimal. */
static bool span_is(struct span s, const char *text)
{
    return s.len == strlen(text) && strncasecmp(s.at, text, s.len) == 0;
}

/* A "q=0.8" parameter in thousandths; 1000 for any other parameter. */
static unsigned weight(struct span param)
{
    if (param.len < 3 || strncasecmp(param.at, "q=", 2) != 0)
        return 1000;
    unsigned q = param.at[2] == '1' ? 1000 : 0;
    unsigned digit = 100;
    for (size_t i = 4; q == 0 && i < param.len && digit > 0; i++, digit /= 10)
        if (param.at[i] >= '0' && param.at[i] <= '9')
            q += digit * (unsigned)(param.at[i] - '0');
    return q;
}

/* How closely range fits name: 3 outright, 2 as "type" with any subtype, 1 as
 * anything, 0 not. */
static unsigned closeness(struct span range, const char *name)
{
    if (span_is(range, name))
        return 3;
    if (span_is(range, "*/*") || span_is(range, "*"))
        return 1;
    const char *slash = strchr(name, '/');
    size_t type_len = slash ? (size_t)(slash - name) + 1 : 0;
    bool same_type = type_len > 0 && range.len == type_len + 1 &&
                     range.at[type_len] == '*' &&
                     strncasecmp(range.at, name, type_len) == 0;
    return same_type ? 2 : 0;
}

unsigned negotiate_rank(const char *header, const char *name)
{
    if (!header)
        return 1;
    struct span rest = {header, strlen(header)};
    unsigned best_fit = 0, q = 0;
    while (rest.len > 0) {
        struct span item = cut(&rest, ',');
        unsigned fit = closeness(cut(&item, ';'), name);
        if (fit <= best_fit)
            continue;
        /* The closest range decides, whatever the others say. */
        best_fit = fit;
        q = 1000;
        while (item.len > 0 && q == 1000)
            q = weight(cut(&item, ';'));
    }
    return q == 0 ? 0 : q * 4 + best_fit;
}

bool negotiate_etag(const char *header, const char *etag)
{
    if (!header)
        return false;
    struct span rest = {header, strlen(header)};
    while (rest.len > 0) {
        struct span item = cut(&rest, ',');
        /* If-None-Match compares weakly: W/"x" is "x". */
        if (item.len > 2 && strncmp(item.at, "W/", 2) == 0) {
            item.at += 2;
            item.len -= 2;
        }
        if (span_is(item, "*") || span_is(item, etag))
            return true;
    }
    return false;
}

bool parse_u32(const char *text, uint32_t *ret_value)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9')
            return false;
        value = value * 10 + (uint64_t)(*c - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *ret_value = (uint32_t)value;
    return true;
}

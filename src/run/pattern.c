/* pattern.c - reading and comparing the short descriptions of pattern.h.
 *
 * The same words describe a segment in a condition, in an expectation and in
 * what the page shows: the sender and the flags as people say them. What became
 * of it stands behind. Nothing here keeps anything: a pattern is compared with
 * the log as it stands. */
#include "pattern.h"

#include "handshake/icmp.h"
#include "handshake/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 48 };

static const struct {
    const char *name;
    enum pattern_fate bit;
} fate_words[] = {
    {"dropped", PATTERN_DROPPED}, {"arrived", PATTERN_ARRIVED},
    {"forged", PATTERN_FORGED},   {"changed", PATTERN_CHANGED},
    {"held", PATTERN_HELD},
};

/* --- reading ------------------------------------------------------------- */

/* Words are parted by blanks; too long a word is none. */
bool pattern_word(const char **text, char *ret_word, size_t cap)
{
    const char *p = *text;
    while (*p == ' ')
        p++;
    size_t len = strcspn(p, " ");
    if (len == 0 || len >= cap)
        return false;
    memcpy(ret_word, p, len);
    ret_word[len] = '\0';
    *text = p + len + strspn(p + len, " ");
    return true;
}

/* "client" or "server", as everywhere. */
bool pattern_host(const char **text, enum host_id *ret_host)
{
    char word[WORD_BYTES];
    if (!pattern_word(text, word, sizeof(word)))
        return false;
    for (*ret_host = HOST_CLIENT; *ret_host < HOST_COUNT; ++*ret_host)
        if (strcmp(word, host_name(*ret_host)) == 0)
            return true;
    return false;
}

/* By the names of RFC 9293, with hyphens. */
enum tcp_state pattern_state(const char *name)
{
    enum tcp_state state = TCP_STATE_CLOSED;
    while (state < TCP_STATE_COUNT && strcmp(tcp_state_name(state), name) != 0)
        state++;
    return state;
}

/* "3/1" */
static bool parse_icmp(const char *word, struct pattern *p)
{
    char *end = NULL;
    unsigned long type = strtoul(word, &end, 10);
    if (end == word || *end != '/')
        return false;
    const char *rest = end + 1;
    unsigned long code = strtoul(rest, &end, 10);
    if (end == rest || *end || type > UINT8_MAX || code > UINT8_MAX)
        return false;
    p->is_icmp = true;
    p->type = (uint8_t)type;
    p->code = (uint8_t)code;
    return true;
}

/* Flags must stand as they are written everywhere else, so that one segment
 * has one name. */
static bool parse_flags(const char *word, struct pattern *p)
{
    char text[SEGMENT_FLAGS_TEXT_BYTES];
    return segment_flags_parse(word, &p->flags) &&
           strcmp(segment_flags_text(p->flags, text), word) == 0;
}

/* One more word behind the flags. */
static bool parse_fate(const char *word, struct pattern *p)
{
    for (size_t i = 0; i < sizeof(fate_words) / sizeof(*fate_words); i++)
        if (strcmp(fate_words[i].name, word) == 0) {
            p->fates |= fate_words[i].bit;
            return true;
        }
    return false;
}

/* HOST FLAGS [FATE...], or HOST ICMP TYPE/CODE [FATE...]. */
bool pattern_parse(const char *text, struct pattern *ret)
{
    char word[WORD_BYTES];
    *ret = (struct pattern){.fates = 0};
    if (!pattern_host(&text, &ret->from) ||
        !pattern_word(&text, word, sizeof(word)))
        return false;
    bool icmp = strcmp(word, "ICMP") == 0;
    if (icmp && !pattern_word(&text, word, sizeof(word)))
        return false;
    if (icmp ? !parse_icmp(word, ret) : !parse_flags(word, ret))
        return false;
    while (*text)
        if (!pattern_word(&text, word, sizeof(word)) || !parse_fate(word, ret))
            return false;
    return true;
}

/* --- comparing ----------------------------------------------------------- */

/* Walks the whole log: asked at the end of a run, never while it is carried. */
unsigned pattern_fates(const struct runlog *log, uint32_t n)
{
    unsigned fates = 0;
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind != EVENT_COPY || e->copy.n != n)
            continue;
        if (e->copy.fate == FATE_ARRIVED)
            fates |= PATTERN_ARRIVED;
        if (e->copy.fate == FATE_ARRIVED && e->copy.bytes)
            fates |= PATTERN_CHANGED;
        if (e->copy.fate == FATE_DROPPED)
            fates |= PATTERN_DROPPED;
        if (e->copy.fate == FATE_HELD)
            fates |= PATTERN_HELD;
    }
    /* One of two copies lost is not a lost segment. */
    if (fates & PATTERN_ARRIVED)
        fates &= ~(unsigned)PATTERN_DROPPED;
    return fates;
}

/* ICMP has no copies of its own; only who made it can be asked. */
static bool icmp_fits(const struct pattern *p, const struct event *e)
{
    struct icmp icmp;
    if (e->kind != EVENT_ICMP || e->icmp.from != p->from ||
        icmp_parse(e->icmp.bytes, e->icmp.len, &icmp, NULL) < 0)
        return false;
    return icmp.type == p->type && icmp.code == p->code &&
           (!(p->fates & PATTERN_FORGED) || e->icmp.forged);
}

/* The cheap questions first: most events are no segments. */
bool pattern_fits(const struct pattern *p, const struct runlog *log,
                  const struct event *e)
{
    struct segment seg;
    if (p->is_icmp)
        return icmp_fits(p, e);
    if (e->kind != EVENT_SEGMENT || e->segment.from != p->from ||
        segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) < 0 ||
        seg.flags != p->flags)
        return false;
    if (p->fates == 0)
        return true;
    unsigned fates = pattern_fates(log, e->segment.n);
    fates |= e->segment.forged ? PATTERN_FORGED : 0u;
    return (fates & p->fates) == p->fates;
}

/* rule_match.c - the first half of a rule in words: what it matches. Conditions
 * may stand in any order; rule_words() writes them in that of the grammar. */
#include "rule_internal.h"

#include "handshake/segment.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Without a host, a rule matches what either sends. */
static int match_host(struct reader *in, const char *word)
{
    in->rule->any_host = false;
    in->rule->from =
        strcasecmp(word, "server") == 0 ? HOST_SERVER : HOST_CLIENT;
    return reader_say_once(in, SEEN_HOST, word);
}

/* "with" and "without" want at least one flag: none would match everything. */
static int match_some_flags(struct reader *in, const char *word)
{
    bool with = strcasecmp(word, "with") == 0;
    uint16_t *flags = with ? &in->rule->flags_set : &in->rule->flags_clear;
    char next[RULE_WORD_BYTES];
    reader_take(in, next);
    if (!segment_flags_parse(next, flags) || *flags == 0)
        return reader_wrong(
            in, next,
            with ? "after with come flags such as SYN or SYN,ACK"
                 : "after without come flags such as ACK or RST,FIN");
    return reader_say_once(in, with ? SEEN_WITH : SEEN_WITHOUT, word);
}

/* "3" the third, "2-4" the second to the fourth, "3-" all from the third on
 * (then nth_last stays 0). */
static int match_nth(struct reader *in, const char *word)
{
    char next[RULE_WORD_BYTES];
    const char *p;
    struct rule *rule = in->rule;
    reader_take(in, next);
    bool sound = read_digits(next, UINT32_MAX, &p, &rule->nth_first);
    if (sound && *p == '\0')
        rule->nth_last = rule->nth_first;
    else if (sound && strcmp(p, "-") == 0)
        rule->nth_last = 0;
    else
        sound = sound && *p == '-' &&
                read_u32(p + 1, UINT32_MAX, &rule->nth_last) &&
                rule->nth_last >= rule->nth_first;
    if (!sound || rule->nth_first == 0)
        return reader_wrong(
            in, next,
            "after nth comes which of the matching segments is "
            "meant, counted from 1: 1, 2-4, or 3- for all from the "
            "third on");
    return reader_say_once(in, SEEN_NTH, word);
}

/* "data" or "empty": what carries SYN or FIN alone is empty. */
static int match_payload(struct reader *in, const char *word)
{
    in->rule->payload = strcasecmp(word, "data") == 0 ? RULE_YES : RULE_NO;
    return reader_say_once(in, SEEN_PAYLOAD, word);
}

/* "longer 1280": packets of more than 1280 bytes. */
static int match_longer(struct reader *in, const char *word)
{
    char next[RULE_WORD_BYTES];
    reader_take(in, next);
    if (!read_u32(next, UINT16_MAX, &in->rule->longer) || !in->rule->longer)
        return reader_wrong(in, next,
                            "after longer comes a number of bytes, 1 to 65535: "
                            "packets of more are meant, headers and all");
    return reader_say_once(in, SEEN_LONGER, word);
}

/* "again" or "first": has the wire seen these numbers from that host? */
static int match_again(struct reader *in, const char *word)
{
    bool again = strcasecmp(word, "again") == 0;
    in->rule->retransmission = again ? RULE_YES : RULE_NO;
    return reader_say_once(in, SEEN_AGAIN, word);
}

/* Its value, or -1. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One character of a quoted text from *p, with the backslashes of
 * words_bytes(). Returns -1 when there is none such. */
static int read_char(const char **p)
{
    static const char names[] = RULE_ESCAPES, mean[] = RULE_ESCAPES_MEAN;
    const char *s = *p;
    *p = s + (s[0] == '\\' && s[1] ? 2 : 1);
    if (s[0] != '\\')
        return (unsigned char)s[0];
    if (s[1] == 'x' && hex_digit(s[2]) >= 0 && hex_digit(s[3]) >= 0) {
        *p = s + 4;
        return hex_digit(s[2]) << 4 | hex_digit(s[3]);
    }
    const char *found = s[1] ? strchr(names, s[1]) : NULL;
    return found ? mean[found - names] : -1;
}

/* What the payload must contain, between quotation marks. One byte stays free,
 * so that the text can also be handled as a string. */
static int match_contains(struct reader *in, const char *word)
{
    struct rule *rule = in->rule;
    const char *p = skip_blanks(in->at);
    bool sound = *p == '"';
    for (p += sound; sound && *p && *p != '"';) {
        int c = read_char(&p);
        sound = c >= 0 && rule->contains_len < RULE_CONTAINS_BYTES - 1;
        if (sound)
            rule->contains[rule->contains_len++] = (char)c;
    }
    if (!sound || *p != '"' || rule->contains_len == 0)
        return err_set(in->err, EINVAL,
                       "after contains comes a text in quotation marks, 1 to "
                       "%d bytes, with \\\" \\\\ \\n \\r \\t \\xNN for what "
                       "cannot stand there: contains \"GET /\"",
                       RULE_CONTAINS_BYTES - 1);
    in->at = p + 1;
    return reader_say_once(in, SEEN_CONTAINS, word);
}

/* Legend: a condition and what reads it; flags without a word before them are
 * matched exactly and stand in no table. */
static const struct {
    const char *word;
    read_fn *read;
} matches[] = {
    {"client", match_host},     {"server", match_host},
    {"with", match_some_flags}, {"without", match_some_flags},
    {"nth", match_nth},         {"data", match_payload},
    {"empty", match_payload},   {"contains", match_contains},
    {"again", match_again},     {"first", match_again},
    {"longer", match_longer},
};

/* Words of the table come first, so a word of the grammar can never be taken
 * for a flag. */
int rule_read_match(struct reader *in)
{
    char word[RULE_WORD_BYTES];
    uint16_t flags;
    reader_peek(in, word);
    for (size_t i = 0; i < COUNT(matches); i++)
        if (strcasecmp(word, matches[i].word) == 0) {
            reader_take(in, word);
            int r = matches[i].read(in, word);
            return r < 0 ? r : 1;
        }
    if (!*word || !segment_flags_parse(word, &flags))
        return 0;
    reader_take(in, word);
    in->rule->match_flags = true;
    in->rule->flags = flags;
    int r = reader_say_once(in, SEEN_FLAGS, word);
    return r < 0 ? r : 1;
}

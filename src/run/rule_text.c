/* rule_text.c - rules in words. The grammar stands at the top of rule.h; the
 * API, the page and the command line all speak it through here.
 *
 * A rule is read word by word, in two halves: first what it matches, in any
 * order, each kind of condition once (rule_match.c); then one action with what
 * belongs to it (rule_action.c). Each word is looked up in a table; a word that
 * is in none of them is named in the sentence, with what could stand there.
 *
 * What was read is written again at the end: a rule whose words do not fit
 * RULE_WORDS_BYTES is refused rather than shown cut. Here: numbers, words, and
 * the rule as a whole. */
#include "rule_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    RULE_TEXT_MAX_BYTES = 1024, /* of a rule as written by a person */
    QUOTE_BYTES = 48            /* of a word shown in a sentence */
};

/* --- numbers ------------------------------------------------------------- */

/* Bases of a number as they are written; an absolute one has none. */
static const char *const number_names[] = {
    [NUMBER_ABSOLUTE] = "",
    [NUMBER_CLIENT_ISN] = "client.isn",
    [NUMBER_SERVER_ISN] = "server.isn",
    [NUMBER_CLIENT_NEXT] = "client.next",
    [NUMBER_SERVER_NEXT] = "server.next",
    [NUMBER_SEG_SEQ] = "seg.seq",
    [NUMBER_SEG_ACK] = "seg.ack",
    [NUMBER_SEG_NEXT] = "seg.next",
};
/* A base without a name could be built but not said. */
static_assert(COUNT(number_names) == NUMBER_BASE_COUNT, "a name for each base");

/* Digits only, to the end of the text or to `end`: strtoul() alone would also
 * take blanks, signs and 0x. */
bool read_digits(const char *text, uint32_t max, const char **ret_end,
                 uint32_t *ret_value)
{
    uint64_t value = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (uint64_t)(*p - '0');
        if (value > max)
            return false;
    }
    if (p == text || (!ret_end && *p))
        return false;
    if (ret_end)
        *ret_end = p;
    *ret_value = (uint32_t)value;
    return true;
}

/* Nothing may stand behind the digits. */
bool read_u32(const char *text, uint32_t max, uint32_t *ret_value)
{
    return read_digits(text, max, NULL, ret_value);
}

/* "+1", "-1000" or nothing, as a number modulo 2^32. */
bool read_plus(const char *text, uint32_t *ret_plus)
{
    uint32_t plus = 0;
    if (*text && *text != '+' && *text != '-')
        return false;
    if (*text && !read_u32(text + 1, UINT32_MAX, &plus))
        return false;
    *ret_plus = *text == '-' ? 0u - plus : plus;
    return true;
}

/* Case does not matter, as with flags. Digits alone are an absolute number and
 * carry no sign: there is nothing to count from. */
bool number_parse(const char *text, struct number *ret_number)
{
    struct number number = {.set = true};
    if (read_u32(text, UINT32_MAX, &number.plus)) {
        *ret_number = number;
        return true;
    }
    size_t len = strcspn(text, "+-");
    for (unsigned i = NUMBER_ABSOLUTE + 1; i < NUMBER_BASE_COUNT; i++) {
        if (strlen(number_names[i]) != len ||
            strncasecmp(number_names[i], text, len) != 0)
            continue;
        number.base = (enum number_base)i;
        if (!read_plus(text + len, &number.plus))
            return false;
        *ret_number = number;
        return true;
    }
    return false;
}

/* Offsets of more than half the circle are shorter as a minus. */
char *plus_words(uint32_t plus, char *ret_text)
{
    if (plus > INT32_MAX)
        snprintf(ret_text, PLUS_WORDS_BYTES, "-%u", 0u - plus);
    else
        snprintf(ret_text, PLUS_WORDS_BYTES, "+%u", plus);
    return ret_text;
}

/* A number that is not set has no words. */
char *number_words(const struct number *number, char *ret_text)
{
    char plus[PLUS_WORDS_BYTES] = "";
    ret_text[0] = '\0';
    if (!number->set || number->base >= NUMBER_BASE_COUNT)
        return ret_text;
    if (number->base == NUMBER_ABSOLUTE) {
        snprintf(ret_text, NUMBER_WORDS_BYTES, "%u", number->plus);
        return ret_text;
    }
    if (number->plus)
        plus_words(number->plus, plus);
    snprintf(ret_text, NUMBER_WORDS_BYTES, "%s%s", number_names[number->base],
             plus);
    return ret_text;
}
/* --- words --------------------------------------------------------------- */

/* A word of the rule as it may stand in a sentence: what a terminal could obey
 * becomes '?', a long one is cut. Returns ret_text (QUOTE_BYTES). */
static char *quote(const char *word, char *ret_text)
{
    size_t len = strlen(word), most = QUOTE_BYTES - 4, i = 0;
    for (; i < len && i < most; i++) {
        bool plain = word[i] >= ' ' && word[i] <= '~';
        ret_text[i] = plain ? word[i] : '?';
    }
    snprintf(ret_text + i, QUOTE_BYTES - i, "%s", len > most ? "..." : "");
    return ret_text;
}

/* Line ends count as blanks: rules are also pasted from files. */
const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* The next word without taking it; "" at the end. A word longer than any that
 * means something is cut, and the dots see to it that it means nothing: a cut
 * "SYN,SYN,...,URG" must not be read as SYN. */
void reader_peek(const struct reader *in, char *ret_word)
{
    const char *p = skip_blanks(in->at);
    size_t len = strcspn(p, " \t\r\n");
    if (len < RULE_WORD_BYTES)
        snprintf(ret_word, RULE_WORD_BYTES, "%.*s", (int)len, p);
    else
        snprintf(ret_word, RULE_WORD_BYTES, "%.*s...", RULE_WORD_BYTES - 4, p);
}

/* Take the next word. */
void reader_take(struct reader *in, char *ret_word)
{
    reader_peek(in, ret_word);
    in->at = skip_blanks(in->at);
    in->at += strcspn(in->at, " \t\r\n");
}

/* Take the next word if it is this one. */
bool reader_take_if(struct reader *in, const char *wanted)
{
    char word[RULE_WORD_BYTES];
    reader_peek(in, word);
    if (strcasecmp(word, wanted) != 0)
        return false;
    reader_take(in, word);
    return true;
}

/* Fail: `word` stands where `wanted` was expected. */
int reader_wrong(struct reader *in, const char *word, const char *wanted)
{
    char shown[QUOTE_BYTES];
    if (!*word)
        return err_set(in->err, EINVAL, "the rule ends too early: %s", wanted);
    return err_set(in->err, EINVAL, "I do not know \"%s\" here: %s",
                   quote(word, shown), wanted);
}

/* Mark a condition as said; twice is a mistake, since only one could count. */
int reader_say_once(struct reader *in, enum seen what, const char *word)
{
    char shown[QUOTE_BYTES];
    if (in->seen & what)
        return err_set(
            in->err, EINVAL,
            "\"%s\" comes too often: a rule names its host, flags, "
            "with, without, nth, data or empty, longer, contains, again "
            "or first once each",
            quote(word, shown));
    in->seen |= what;
    return 0;
}
/* --- the whole rule ------------------------------------------------------ */

#define ACTIONS_HELP                                                           \
    "an action: pass, drop, hold, corrupt, delay, duplicate, rewrite, strip "  \
    "or answer"

/* The next word is neither condition nor action. What can follow depends on
 * what has been said; the likeliest is named. */
static int unknown_word(struct reader *in)
{
    char word[RULE_WORD_BYTES];
    static const char begin[] =
        "a rule begins with client or server, flags such as SYN or SYN,ACK, "
        "or " ACTIONS_HELP;
    static const char after_host[] =
        "after the host come flags such as SYN or SYN,ACK, a condition (with, "
        "without, nth, data, empty, longer, contains, again, first), "
        "or " ACTIONS_HELP;
    static const char later[] =
        "here come with, without, nth, data, empty, longer, contains, again, "
        "first, or " ACTIONS_HELP;
    reader_peek(in, word);
    if (!*word)
        return err_set(in->err, EINVAL,
                       "the rule does not say what to do: at its end comes "
                       "%s",
                       ACTIONS_HELP);
    if (in->seen == 0)
        return reader_wrong(in, word, begin);
    return reader_wrong(in, word, in->seen == SEEN_HOST ? after_host : later);
}

/* A name too long is refused, not cut: it could be taken for another one. */
static int take_name(const char *name, struct rule *rule, struct err *ret_err)
{
    if (!name)
        return 0;
    if (strlen(name) >= RULE_NAME_BYTES)
        return err_set(ret_err, EINVAL,
                       "the rule's name is too long: at most %d bytes",
                       RULE_NAME_BYTES - 1);
    memcpy(rule->name, name, strlen(name));
    return 0;
}

/* *ret_rule is cleared bytewise, so that equal rules are equal bytes. */
int rule_parse(const char *text, const char *name, struct rule *ret_rule,
               struct err *ret_err)
{
    struct rule rule;
    char words[RULE_WORDS_BYTES];
    memset(&rule, 0, sizeof(rule));
    rule.any_host = true;
    struct reader in = {.at = text, .rule = &rule, .err = ret_err};
    if (strnlen(text, RULE_TEXT_MAX_BYTES) == RULE_TEXT_MAX_BYTES)
        return err_set(ret_err, EINVAL,
                       "the rule is too long: at most %d bytes",
                       RULE_TEXT_MAX_BYTES - 1);
    int r = take_name(name, &rule, ret_err);
    if (r < 0)
        return r;
    do
        r = rule_read_match(&in);
    while (r > 0);
    if (r == 0)
        r = rule_read_action(&in);
    if (r == 0)
        r = unknown_word(&in);
    if (r < 0)
        return r;
    if (rule_write(&rule, words, sizeof(words)) >= sizeof(words))
        return err_set(ret_err, EINVAL,
                       "the rule says too much: its words must fit %d bytes",
                       RULE_WORDS_BYTES - 1);
    memcpy(ret_rule, &rule, sizeof(rule));
    return 0;
}

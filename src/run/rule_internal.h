/* rule_internal.h - what the files that read and write rules in words share:
 * the reader, which takes a rule word by word, and small pieces of grammar.
 *
 *   rule_text.c    numbers, the reader, rule_parse()
 *   rule_match.c   conditions: what a rule matches
 *   rule_action.c  actions: what it does
 *   rule_words.c   the way back: rule_words()
 *
 * Pure; any thread. Failing functions return -EINVAL with a sentence. */
#ifndef HANDSHAKE_RULE_INTERNAL_H
#define HANDSHAKE_RULE_INTERNAL_H

#include "handshake/rule.h"

enum {
    RULE_WORD_BYTES = 96, /* longer ones mean nothing */
    NUMBER_WORDS_BYTES = 40,
    PLUS_WORDS_BYTES = 16,
    RULE_DUPLICATE_DEFAULT = 2
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Conditions, each of which may be said once. */
enum seen {
    SEEN_HOST = 1 << 0,
    SEEN_FLAGS = 1 << 1,
    SEEN_WITH = 1 << 2,
    SEEN_WITHOUT = 1 << 3,
    SEEN_NTH = 1 << 4,
    SEEN_PAYLOAD = 1 << 5,
    SEEN_CONTAINS = 1 << 6,
    SEEN_AGAIN = 1 << 7,
    SEEN_LONGER = 1 << 8
};

struct reader {
    const char *at; /* (borrowed) what is still to be read */
    unsigned seen;  /* enum seen bits */
    struct rule *rule;
    struct err *err; /* NULL when nobody wants the sentence */
};

/* Reads what belongs to `word`, which has been taken. */
typedef int read_fn(struct reader *in, const char *word);

/* The text from its first character that is not blank. */
const char *skip_blanks(const char *text);

/* The next word without taking it, "" at the end. ret_word holds
 * RULE_WORD_BYTES. */
void reader_peek(const struct reader *in, char *ret_word);

/* The next word, taken. */
void reader_take(struct reader *in, char *ret_word);

/* Take the next word if it is this one. */
bool reader_take_if(struct reader *in, const char *wanted);

/* Fail, since `word` stands where `wanted` says what was expected. Returns
 * -EINVAL. */
int reader_wrong(struct reader *in, const char *word, const char *wanted);

/* Mark a condition as said; fails the second time. */
int reader_say_once(struct reader *in, enum seen what, const char *word);

/* Take one condition. Returns 1 when there was one, 0 when the next word
 * begins none (and stays), -EINVAL when it is a wrong one. */
int rule_read_match(struct reader *in);

/* Take the action with all that belongs to it. Returns 1, 0 when the next word
 * is none (and stays), -EINVAL. */
int rule_read_action(struct reader *in);

/* Digits from the start of text, at most max; they must reach its end unless
 * ret_end, which is set behind them, is not NULL. */
bool read_digits(const char *text, uint32_t max, const char **ret_end,
                 uint32_t *ret_value);

/* A whole word of digits. */
bool read_u32(const char *text, uint32_t max, uint32_t *ret_value);

/* "+1", "-1000" or "" as a number modulo 2^32. */
bool read_plus(const char *text, uint32_t *ret_plus);

/* The same way back, "+0" for 0. ret_text holds PLUS_WORDS_BYTES. Returns
 * ret_text. */
char *plus_words(uint32_t plus, char *ret_text);

/* What the grammar calls a TCP option: its kind, or 0 when the word is neither
 * a name nor a number from 2 to 255. */
uint8_t rule_option_kind(const char *word);

/* The name that is written for a kind, or NULL: then the number is. Static. */
const char *rule_option_name(uint8_t kind);

/* Characters that stand behind a backslash in `contains`, and, at the same
 * place, what they stand for. */
#define RULE_ESCAPES      "nrt\"\\"
#define RULE_ESCAPES_MEAN "\n\r\t\"\\"

/* Write the words into text[0..cap), cut when they do not fit. Returns their
 * whole length. */
size_t rule_write(const struct rule *rule, char *text, size_t cap);

#endif

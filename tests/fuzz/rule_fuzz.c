/* rule_fuzz.c - rules and numbers in words: what is taken is written and read
 * again to the same; what is refused has a sentence. */
#include "fuzz.h"

#include "handshake/rule.h"

#include <string.h>

static void check_rule(const char *text)
{
    struct rule rule, again;
    struct err err = {0};
    char words[RULE_WORDS_BYTES], words_again[RULE_WORDS_BYTES];
    if (rule_parse(text, NULL, &rule, &err) < 0) {
        FUZZ_CHECK(err.code && err.text[0]);
        FUZZ_CHECK(strlen(err.text) < ERR_TEXT_BYTES - 1);
        return;
    }
    rule_words(&rule, words);
    FUZZ_CHECK(rule_parse(words, NULL, &again, NULL) == 0);
    FUZZ_CHECK(memcmp(&again, &rule, sizeof(rule)) == 0);
    FUZZ_CHECK(strcmp(rule_words(&again, words_again), words) == 0);
}

static void check_number(const char *text)
{
    struct number number, again;
    char words[40];
    if (!number_parse(text, &number))
        return;
    FUZZ_CHECK(number_parse(number_words(&number, words), &again));
    FUZZ_CHECK(again.base == number.base && again.plus == number.plus);
}

/* Any bytes in the struct must be writable too: the page and the API fill it
 * without words. Only enums and counts are kept within what they promise. */
static void check_any_rule(const uint8_t *data, size_t size)
{
    struct rule rule = {.any_host = size & 1};
    char words[RULE_WORDS_BYTES];
    if (size < 16)
        return;
    rule.flags_set = (uint16_t)(data[0] << 8 | data[1]);
    rule.flags_clear = data[2];
    rule.nth_first = data[3];
    rule.nth_last = data[4];
    rule.action = (enum rule_do)(data[5] % RULE_DO_COUNT);
    rule.contains_len = (uint8_t)(data[6] % (RULE_CONTAINS_BYTES + 1));
    for (size_t i = 0; i < rule.contains_len; i++)
        rule.contains[i] = (char)data[i % size];
    rule.edit.strip_count = data[7] % (EDIT_MAX_STRIP + 1);
    memcpy(rule.edit.strip, data + 8, EDIT_MAX_STRIP);
    rule_words(&rule, words);
    FUZZ_CHECK(memchr(words, 0, sizeof(words)) && words[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    check_rule(text);
    check_number(text);
    check_any_rule(data, size);
    free(text);
    return 0;
}

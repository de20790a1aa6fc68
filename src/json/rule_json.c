/* rule_json.c - the rules of the wire: JSON <-> struct rule.
 *
 * A rule is a string in the words of rule.h, or an object. The object says
 * either its members or `words`; when it says both, as our own answers do, they
 * must mean the same. Which members an object takes hangs on what it does, as
 * with the steps of a scenario: one table of members, a set of bits for each
 * action.
 *
 * Reading goes: the kind of value, then for an object whether it speaks in
 * words, then `do`, then the shape that belongs to it, then what one member
 * alone cannot show. Each step that fails leaves its fault and ends the
 * reading of this rule, not of the list: a person who wrote ten rules hears of
 * all that is wrong with them at once.
 *
 * rule_parse() and this file must stay twins. The test reads each kind of rule
 * in both ways and compares the bytes, which is also why every rule begins as
 * zeros, padding included. Defaults that a zero cannot stand for (two copies
 * of a duplicate) are therefore set in both places.
 *
 * What the words cannot say (payload, options and ports of a forged answer)
 * only the object can; it is then the object that counts, and the words beside
 * it, if any, are compared without. */
#include "json_internal.h"

#include <assert.h>
#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { MOST_NTH = 1000000, DEFAULT_COPIES = 2 };

/* --- what matches -------------------------------------------------------- */

/* Names stand in events, sentences and on command lines: nothing in them that
 * would have to be quoted there. */
static const char *check_rule_name(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
            return "must be letters, digits, '-', '_' and '.', as in "
                   "\"first-syn\"";
    return NULL;
}

/* Naming a host is what makes a rule ask for one; without it any_host stays. */
static void read_from(struct reader *r, const cJSON *item, void *target)
{
    struct rule *rule = target;
    if (read_host(r, item, &rule->from))
        rule->any_host = false;
}

/* Nothing when segments of both hosts fit. */
static void write_from(struct jsonw *w, const char *name, const void *target)
{
    const struct rule *rule = target;
    if (!rule->any_host)
        jsonw_str(w, name, host_name(rule->from));
}

/* A count from 1: there is no segment before the first. */
static bool is_nth(const cJSON *item, uint32_t *ret)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
    bool fits =
        value >= 1 && value <= MOST_NTH && (double)(uint32_t)value == value;
    if (fits)
        *ret = (uint32_t)value;
    return fits;
}

/* N, or [N,M], or [N,null] for all from the Nth on. */
static void read_nth(struct reader *r, const cJSON *item, void *target)
{
    struct rule *rule = target;
    bool range = cJSON_IsArray(item) && cJSON_GetArraySize(item) == 2;
    const cJSON *end = range ? item->child->next : item;
    uint32_t first = 0;
    uint32_t last = 0;
    bool fits = is_nth(range ? item->child : item, &first) &&
                (is_nth(end, &last) ? first <= last : cJSON_IsNull(end));
    if (!fits) {
        reader_fault(r,
                     "must be a number from 1 to %d, or two: [first, last], "
                     "[first, null]",
                     MOST_NTH);
        return;
    }
    rule->nth_first = first;
    rule->nth_last = last;
}

/* As short as it was read: one number where first and last are the same,
 * null where last is 0 because there is none. */
static void write_nth(struct jsonw *w, const char *name, const void *target)
{
    const struct rule *rule = target;
    if (!rule->nth_first)
        return;
    if (rule->nth_first == rule->nth_last) {
        jsonw_uint(w, name, rule->nth_first);
        return;
    }
    jsonw_open(w, name, '[');
    jsonw_uint(w, NULL, rule->nth_first);
    jsonw_uint_or_null(w, NULL, rule->nth_last);
    jsonw_close(w, ']');
}

/* true and false ask; leaving the member out asks nothing. */
static void read_tri(struct reader *r, const cJSON *item, enum rule_tri *ret)
{
    if (cJSON_IsBool(item))
        *ret = cJSON_IsTrue(item) ? RULE_YES : RULE_NO;
    else
        reader_fault(r, "must be true or false, not %s", value_kind(item));
}

/* The third value is written by leaving the member out. */
static void write_tri(struct jsonw *w, const char *name, enum rule_tri tri)
{
    if (tri != RULE_EITHER)
        jsonw_bool(w, name, tri == RULE_YES);
}

/* Segments with data, or without. */
static void read_payload(struct reader *r, const cJSON *item, void *target)
{
    read_tri(r, item, &((struct rule *)target)->payload);
}

/* Left out when both will do. */
static void write_payload(struct jsonw *w, const char *name, const void *target)
{
    write_tri(w, name, ((const struct rule *)target)->payload);
}

/* Segments sent again, or for the first time. */
static void read_again(struct reader *r, const cJSON *item, void *target)
{
    read_tri(r, item, &((struct rule *)target)->retransmission);
}

/* The same. */
static void write_again(struct jsonw *w, const char *name, const void *target)
{
    write_tri(w, name, ((const struct rule *)target)->retransmission);
}

/* Bytes, not a pattern. The text of a document holds no NUL, and one byte is
 * kept free so that it is terminated. */
static void read_contains(struct reader *r, const cJSON *item, void *target)
{
    struct rule *rule = target;
    size_t len = cJSON_IsString(item) ? strlen(item->valuestring) : 0;
    if (len == 0 || len >= sizeof(rule->contains)) {
        reader_fault(r, "must be a string of 1 to %zu bytes",
                     sizeof(rule->contains) - 1);
        return;
    }
    memcpy(rule->contains, item->valuestring, len + 1);
    rule->contains_len = (uint8_t)len;
}

/* Bytes that came in by words (\xNN) and are no UTF-8 become U+FFFD here;
 * the rule in words has them all. */
static void write_contains(struct jsonw *w, const char *name,
                           const void *target)
{
    const struct rule *rule = target;
    if (rule->contains_len > 0)
        jsonw_text(w, name, rule->contains, rule->contains_len);
}

/* --- what it does -------------------------------------------------------- */

/* `do` and `words` are read before the shape is chosen. */
static void read_nothing(struct reader *r, const cJSON *item, void *target)
{
    (void)r;
    (void)item;
    (void)target;
}

/* The member that says which shape the rule has; always written. */
static void write_do(struct jsonw *w, const char *name, const void *target)
{
    jsonw_str(w, name, rule_do_name(((const struct rule *)target)->action));
}

/* For members that are written elsewhere: `words` only where asked for. */
static void write_nothing(struct jsonw *w, const char *name, const void *target)
{
    (void)w;
    (void)name;
    (void)target;
}

/* The edit of a rule is that of a decision: edit_json.c. */
static void read_set(struct reader *r, const cJSON *item, void *target)
{
    edit_set_read(r, item, &((struct rule *)target)->edit);
}

/* Nothing when no field is set; the same for `strip`. */
static void write_set(struct jsonw *w, const char *name, const void *target)
{
    edit_set_write(w, name, &((const struct rule *)target)->edit);
}

/* Options by name or number, at most EDIT_MAX_STRIP. */
static void read_strip(struct reader *r, const cJSON *item, void *target)
{
    edit_strip_read(r, item, &((struct rule *)target)->edit);
}

static void write_strip(struct jsonw *w, const char *name, const void *target)
{
    edit_strip_write(w, name, &((const struct rule *)target)->edit);
}

/* An answer names no receiver, see answer_shapes. */
static void read_answer(struct reader *r, const cJSON *item, void *target)
{
    forge_read(r, item, true, &((struct rule *)target)->answer);
}

/* Without `to`: it is the sender of what was matched. */
static void write_answer(struct jsonw *w, const char *name, const void *target)
{
    forge_write(w, name, true, &((const struct rule *)target)->answer);
}

/* --- the tables ---------------------------------------------------------- */

/* The members as bits of a shape, in their order below. */
enum {
    NAME = 1 << 0,
    WORDS = 1 << 1,
    DO = 1 << 2,
    MATCH = 0x1ff << 3,
    DELAY_MS = 1 << 12,
    JITTER_MS = 1 << 13,
    COPIES = 1 << 14,
    GAP_MS = 1 << 15,
    SET = 1 << 16,
    STRIP = 1 << 17,
    ANSWER = 1 << 18,
    ALWAYS = NAME | WORDS | DO | MATCH
};

/* `flags` asks for exactly these, so its mark tells "no flags at all" from
 * "any"; of `with` and `without` no flags ask nothing. */
static const struct member rule_members[] = {
    ROW_FIELD(struct rule, name, MEMBER_TEXT, .min = 1,
              .check = check_rule_name),
    ROW_CUSTOM("words", read_nothing, write_nothing),
    ROW_CUSTOM("do", read_nothing, write_do),
    ROW_CUSTOM("from", read_from, write_from),
    {.name = "flags",
     .kind = MEMBER_FLAGS,
     .offset = offsetof(struct rule, flags),
     .has_mark = true,
     .mark_offset = offsetof(struct rule, match_flags)},
    {.name = "with",
     .kind = MEMBER_FLAGS,
     .offset = offsetof(struct rule, flags_set)},
    {.name = "without",
     .kind = MEMBER_FLAGS,
     .offset = offsetof(struct rule, flags_clear)},
    ROW_CUSTOM("nth", read_nth, write_nth),
    ROW_CUSTOM("payload", read_payload, write_payload),
    ROW_FIELD(struct rule, longer, MEMBER_U32, .min = 1, .max = UINT16_MAX),
    ROW_CUSTOM("contains", read_contains, write_contains),
    ROW_CUSTOM("retransmission", read_again, write_again),
    ROW_FIELD(struct rule, delay_ms, MEMBER_U32, .max = WIRE_MAX_DELAY_MS),
    ROW_FIELD(struct rule, jitter_ms, MEMBER_U32, .max = WIRE_MAX_DELAY_MS),
    ROW_FIELD(struct rule, copies, MEMBER_U32, .min = 2,
              .max = WIRE_MAX_COPIES),
    ROW_FIELD(struct rule, gap_ms, MEMBER_U32, .max = WIRE_MAX_DELAY_MS),
    ROW_CUSTOM("set", read_set, write_set),
    ROW_CUSTOM("strip", read_strip, write_strip),
    ROW_CUSTOM("answer", read_answer, write_answer),
};
static_assert(1 << ROWS_OF(rule_members) == ANSWER << 1,
              "a bit for each member");

#define RULE_SHAPE(text, more, needed)                                         \
    {                                                                          \
        .what = "a rule that " text, .members = rule_members,                  \
        .count = ROWS_OF(rule_members), .takes = ALWAYS | (more),              \
        .needs = DO | (needed)                                                 \
    }

const struct shape rule_shapes[] = {
    [RULE_PASS] = RULE_SHAPE("lets pass", 0, 0),
    [RULE_DROP] = RULE_SHAPE("drops", 0, 0),
    [RULE_HOLD] = RULE_SHAPE("holds", 0, 0),
    [RULE_CORRUPT] = RULE_SHAPE("corrupts", 0, 0),
    [RULE_DELAY] = RULE_SHAPE("delays", DELAY_MS | JITTER_MS, DELAY_MS),
    [RULE_DUPLICATE] = RULE_SHAPE("duplicates", COPIES | GAP_MS, 0),
    [RULE_REWRITE] = RULE_SHAPE("rewrites", SET | STRIP, 0),
    [RULE_ANSWER] = RULE_SHAPE("answers", ANSWER, ANSWER),
};
static_assert(ROWS_OF(rule_shapes) == RULE_DO_COUNT, "a shape for each action");

/* --- reading ------------------------------------------------------------- */

/* rule_do_name() for read_choice(). */
static const char *do_name_at(unsigned i)
{
    return rule_do_name((enum rule_do)i);
}

/* A rule that says nothing yet. Cleared bytewise, as rule_parse() does, so that
 * equal rules are equal bytes. */
static void set_defaults(struct rule *rule)
{
    memset(rule, 0, sizeof(*rule));
    rule->any_host = true;
}

/* The sentence of rule_parse() is the fault: it names the word. */
static void read_words(struct reader *r, const cJSON *item, struct rule *ret)
{
    struct err err = {0};
    if (!cJSON_IsString(item))
        reader_fault(r, "must be a string, not %s", value_kind(item));
    else if (rule_parse(item->valuestring, NULL, ret, &err) < 0)
        reader_fault(r, "%s", err.text);
}

/* The members other than `words`; the shape hangs on `do`. */
static void read_members(struct reader *r, const cJSON *item, struct rule *ret)
{
    const cJSON *action = cJSON_GetObjectItemCaseSensitive(item, "do");
    if (!action) {
        reader_fault(r, "a rule needs the member `do`");
        return;
    }
    size_t before = reader_enter(r, "do");
    unsigned which = read_choice(r, action, RULE_DO_COUNT, do_name_at);
    reader_leave(r, before);
    if (which == RULE_DO_COUNT)
        return;
    ret->action = (enum rule_do)which;
    if (which == RULE_DUPLICATE)
        ret->copies = DEFAULT_COPIES;
    size_t faults = r->faults->count;
    shape_read(r, &rule_shapes[which], item, ret);
    if (which == RULE_ANSWER)
        ret->answer.to = ret->from;
    if (faults == r->faults->count && which == RULE_REWRITE &&
        edit_is_empty(&ret->edit))
        reader_fault(r, "a rule that rewrites needs `set` or `strip`");
}

/* The member `words` beside others must mean what they mean. */
static void compare_words(struct reader *r, const struct rule *words,
                          const struct rule *members)
{
    char a[RULE_WORDS_BYTES];
    char b[RULE_WORDS_BYTES];
    if (strcmp(rule_words(words, a), rule_words(members, b)) != 0)
        reader_fault(r, "says something else than the members beside it; "
                        "leave one of them out");
}

/* `words` with a name at most, or members, or both when they agree. */
static void read_object(struct reader *r, const cJSON *item, struct rule *ret)
{
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(item, "words");
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
    bool alone = cJSON_GetArraySize(item) == (words != NULL) + (name != NULL);
    struct rule spoken;
    size_t faults = r->faults->count;
    set_defaults(&spoken);
    if (!words || !alone)
        read_members(r, item, ret);
    if (!words)
        return;
    size_t before = reader_enter(r, "words");
    read_words(r, words, alone ? ret : &spoken);
    if (!alone && faults == r->faults->count)
        compare_words(r, &spoken, ret);
    reader_leave(r, before);
    if (!alone || !name)
        return;
    before = reader_enter(r, "name");
    shape_read_member(r, &rule_members[0], name, ret);
    reader_leave(r, before);
}

/* Whatever the faults, *ret_rule is a whole rule afterwards: zeros where
 * nothing could be read. */
void rule_json_read(struct reader *r, const cJSON *item, struct rule *ret_rule)
{
    set_defaults(ret_rule);
    if (cJSON_IsObject(item))
        read_object(r, item, ret_rule);
    else if (cJSON_IsString(item))
        read_words(r, item, ret_rule);
    else
        reader_fault(r, "a rule must be a string or an object, not %s",
                     value_kind(item));
}

/* Rules are removed and reported by name, so a name stands once. The
 * nameless are given theirs by the wire. */
static bool name_taken(const struct wire_settings *settings, const char *name)
{
    for (size_t i = 0; name[0] && i < settings->rule_count; i++)
        if (strcmp(settings->rules[i].name, name) == 0)
            return true;
    return false;
}

/* One rule more, if there is room. A faulty one takes its place too, so that
 * the faults of the later ones are found and counted right. */
static void read_next(struct reader *r, const cJSON *item,
                      struct wire_settings *settings)
{
    struct rule rule;
    if (settings->rule_count == WIRE_MAX_RULES) {
        reader_fault(r, "at most %d rules are taken", WIRE_MAX_RULES);
        return;
    }
    rule_json_read(r, item, &rule);
    if (name_taken(settings, rule.name))
        reader_fault(r, "another rule is called \"%s\"", rule.name);
    settings->rules[settings->rule_count++] = rule;
}

void wire_rules_read(struct reader *r, const cJSON *item,
                     struct wire_settings *settings)
{
    size_t index = 0;
    const cJSON *element;
    if (!cJSON_IsArray(item)) {
        reader_fault(r, "must be an array of rules, not %s", value_kind(item));
        return;
    }
    cJSON_ArrayForEach(element, item)
    {
        size_t before = reader_enter_at(r, index++);
        read_next(r, element, settings);
        reader_leave(r, before);
    }
}

/* --- writing ------------------------------------------------------------- */

/* Reading it back gives the same rule, byte for byte. */
void rule_json_write(struct jsonw *w, const struct rule *rule, bool with_words)
{
    char words[RULE_WORDS_BYTES];
    jsonw_open(w, NULL, '{');
    if (with_words)
        jsonw_str(w, "words", rule_words(rule, words));
    shape_write(w, &rule_shapes[rule->action], rule);
    jsonw_close(w, '}');
}

/* Always as objects, which programs can take apart; people get words from
 * json_wire(). */
void wire_rules_write(struct jsonw *w, const char *name,
                      const struct wire_settings *settings)
{
    jsonw_open(w, name, '[');
    for (size_t i = 0; i < settings->rule_count; i++)
        rule_json_write(w, &settings->rules[i], false);
    jsonw_close(w, ']');
}

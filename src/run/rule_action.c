/* rule_action.c - the second half of a rule in words: what it does. Each action
 * is a row of a table with the function that reads what belongs to it. */
#include "rule_internal.h"

#include "handshake/segment.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Whole milliseconds ("50", "50ms") or whole seconds ("2s"). */
static bool read_ms(const char *text, uint32_t *ret_ms)
{
    const char *unit;
    uint32_t value;
    if (!read_digits(text, WIRE_MAX_DELAY_MS, &unit, &value))
        return false;
    if (strcasecmp(unit, "s") == 0 && value <= WIRE_MAX_DELAY_MS / 1000)
        value *= 1000;
    else if (*unit && strcasecmp(unit, "ms") != 0)
        return false;
    *ret_ms = value;
    return true;
}

/* Take the time that must follow the word `after`. */
static int take_ms(struct reader *in, const char *after, uint32_t *ret_ms)
{
    char word[RULE_WORD_BYTES], wanted[120];
    reader_take(in, word);
    if (read_ms(word, ret_ms))
        return 0;
    snprintf(wanted, sizeof(wanted),
             "after %s comes a time of at most ten minutes such as 50, 50ms "
             "or 2s",
             after);
    return reader_wrong(in, word, wanted);
}

/* Nothing more belongs to pass, drop, hold and corrupt. */
static int do_nothing(struct reader *in, const char *word)
{
    (void)in;
    (void)word;
    return 0;
}

/* The delay of a copy is delay_ms and up to jitter_ms more. */
static int do_delay(struct reader *in, const char *word)
{
    int r = take_ms(in, word, &in->rule->delay_ms);
    if (r == 0 && reader_take_if(in, "jitter"))
        r = take_ms(in, "jitter", &in->rule->jitter_ms);
    return r;
}

/* Copies count in all, so that fewer than two would be no duplicate. */
static int do_duplicate(struct reader *in, const char *word)
{
    char next[RULE_WORD_BYTES];
    struct rule *rule = in->rule;
    (void)word;
    rule->copies = RULE_DUPLICATE_DEFAULT;
    reader_peek(in, next);
    if (*next && strcasecmp(next, "gap") != 0) {
        reader_take(in, next);
        if (!read_u32(next, WIRE_MAX_COPIES, &rule->copies) || rule->copies < 2)
            return reader_wrong(
                in, next,
                "after duplicate comes how many copies in all, 2 to "
                "16, or gap and a time");
    }
    return reader_take_if(in, "gap") ? take_ms(in, "gap", &rule->gap_ms) : 0;
}

/* Fields of `rewrite`, and what each value must be. */
static const char field_help[] =
    "after rewrite come seq=N, ack=N (or +N, -N), flags=SYN,ACK, win=N, "
    "urg=N, mss=N, ttl=N; after these may come strip and options";

/* A number, or one to add: "+1000", "-1000". */
static bool edit_number(const char *value, bool *ret_set, bool *ret_add,
                        uint32_t *ret_number)
{
    if (*ret_set)
        return false;
    *ret_set = true;
    *ret_add = *value == '+' || *value == '-';
    return *ret_add ? read_plus(value, ret_number)
                    : read_u32(value, UINT32_MAX, ret_number);
}

/* A field of 16 bits, once. */
static bool edit_short(const char *value, bool *ret_set, uint16_t *ret_number)
{
    uint32_t number;
    if (*ret_set || !read_u32(value, UINT16_MAX, &number))
        return false;
    *ret_set = true;
    *ret_number = (uint16_t)number;
    return true;
}

/* A field of 8 bits, once. */
static bool edit_byte(const char *value, bool *ret_set, uint8_t *ret_number)
{
    uint32_t number;
    if (*ret_set || !read_u32(value, UINT8_MAX, &number))
        return false;
    *ret_set = true;
    *ret_number = (uint8_t)number;
    return true;
}

/* Exactly these flags, "(none)" included. */
static bool edit_flags(const char *value, struct edit *e)
{
    bool again = e->set_flags;
    e->set_flags = true;
    return !again && segment_flags_parse(value, &e->flags);
}

/* FIELD=VALUE into e; false when either is unknown or the field was named
 * before. */
static bool read_field(const char *name, const char *value, struct edit *e)
{
    if (strcasecmp(name, "seq") == 0)
        return edit_number(value, &e->set_seq, &e->add_seq, &e->seq);
    if (strcasecmp(name, "ack") == 0)
        return edit_number(value, &e->set_ack, &e->add_ack, &e->ack);
    if (strcasecmp(name, "flags") == 0)
        return edit_flags(value, e);
    if (strcasecmp(name, "win") == 0 || strcasecmp(name, "window") == 0)
        return edit_short(value, &e->set_window, &e->window);
    if (strcasecmp(name, "urg") == 0 || strcasecmp(name, "urgent") == 0)
        return edit_short(value, &e->set_urgent, &e->urgent);
    if (strcasecmp(name, "mss") == 0)
        return edit_short(value, &e->set_mss, &e->mss);
    if (strcasecmp(name, "ttl") == 0)
        return edit_byte(value, &e->set_ttl, &e->ttl);
    return false;
}

/* Split "name=value" in place; false without '='. */
static bool split(char *word, char **ret_value)
{
    char *equals = strchr(word, '=');
    if (!equals)
        return false;
    *equals = '\0';
    *ret_value = equals + 1;
    return true;
}

/* Options of `strip`. Two names of a kind: the RFC's and the usual one. */
static const struct {
    const char *name;
    uint8_t kind;
} options[] = {
    {"mss", OPT_MSS},
    {"wscale", OPT_WSCALE},
    {"sack", OPT_SACK_PERMITTED},
    {"sack-blocks", OPT_SACK},
    {"timestamps", OPT_TIMESTAMPS},
    {"ts", OPT_TIMESTAMPS},
    {"md5", OPT_MD5},
    {"ao", OPT_AO},
    {"mptcp", OPT_MPTCP},
    {"fastopen", OPT_FASTOPEN},
    {"tfo", OPT_FASTOPEN},
};

/* Numbers below 2 are padding, EOL and NOP, which nobody can strip. */
uint8_t rule_option_kind(const char *word)
{
    uint32_t kind;
    for (size_t i = 0; i < COUNT(options); i++)
        if (strcasecmp(word, options[i].name) == 0)
            return options[i].kind;
    return read_u32(word, UINT8_MAX, &kind) && kind >= 2 ? (uint8_t)kind : 0;
}

/* The first name of a kind is the one that is written. */
const char *rule_option_name(uint8_t kind)
{
    for (size_t i = 0; i < COUNT(options); i++)
        if (options[i].kind == kind)
            return options[i].name;
    return NULL;
}

/* One option more. A kind named twice is most likely a slip for another. */
static int strip_one(struct reader *in, const char *word)
{
    struct edit *e = &in->rule->edit;
    uint8_t kind = rule_option_kind(word);
    if (kind == 0 || e->strip_count == EDIT_MAX_STRIP ||
        memchr(e->strip, kind, e->strip_count))
        return reader_wrong(
            in, word,
            "after strip come up to 8 options, each once: mss, "
            "wscale, sack, sack-blocks, timestamps, md5, ao, mptcp, "
            "fastopen or a number from 2 to 255");
    e->strip[e->strip_count++] = kind;
    return 0;
}

/* Options stand apart or with commas between. */
static int do_strip(struct reader *in, const char *word)
{
    char list[RULE_WORD_BYTES], *rest, *name;
    int r = 0;
    (void)word;
    reader_peek(in, list);
    if (!*list)
        return strip_one(in, list);
    while (r == 0 && *list) {
        reader_take(in, list);
        for (name = strtok_r(list, ",", &rest); name && r == 0;
             name = strtok_r(NULL, ",", &rest))
            r = strip_one(in, name);
        reader_peek(in, list);
    }
    if (r == 0 && in->rule->edit.strip_count == 0)
        return strip_one(in, ","); /* nothing but commas */
    return r;
}

/* Fields, then perhaps strip: both are one edit. */
static int do_rewrite(struct reader *in, const char *word)
{
    char next[RULE_WORD_BYTES], whole[RULE_WORD_BYTES], *value;
    (void)word;
    do {
        reader_take(in, next);
        memcpy(whole, next, sizeof(whole));
        if (!split(next, &value) || !read_field(next, value, &in->rule->edit))
            return reader_wrong(in, whole, field_help);
        if (reader_take_if(in, "strip"))
            return do_strip(in, "strip");
        reader_peek(in, next);
    } while (*next);
    return 0;
}

/* "3/1 mtu 1400". */
static int answer_icmp(struct reader *in)
{
    struct forge *f = &in->rule->answer;
    char word[RULE_WORD_BYTES];
    const char *p;
    uint32_t type, code;
    reader_take(in, word);
    if (!read_digits(word, UINT8_MAX, &p, &type) || *p != '/' ||
        !read_u32(p + 1, UINT8_MAX, &code))
        return reader_wrong(
            in, word,
            "after answer icmp come type and code such as 3/1 (IPv4) "
            "or 1/4 (IPv6)");
    f->kind = FORGE_ICMP;
    f->type = (uint8_t)type;
    f->code = (uint8_t)code;
    if (!reader_take_if(in, "mtu"))
        return 0;
    reader_take(in, word);
    if (!read_u32(word, UINT32_MAX, &f->mtu))
        return reader_wrong(in, word, "after mtu comes a number of bytes");
    return 0;
}

static const char answer_help[] =
    "after answer come flags, then seq=NUMBER, ack=NUMBER, win=N or ttl=N, "
    "each at most once; a NUMBER is 123, client.isn+1, server.next, seg.seq, "
    "seg.ack or seg.next";

/* seq=, ack=, win= or ttl= of a forged segment. */
static bool read_answer_field(const char *name, const char *value,
                              struct forge *f)
{
    if (strcasecmp(name, "seq") == 0)
        return !f->seq.set && number_parse(value, &f->seq);
    if (strcasecmp(name, "ack") == 0)
        return !f->ack.set && number_parse(value, &f->ack);
    if (strcasecmp(name, "win") == 0 || strcasecmp(name, "window") == 0)
        return edit_short(value, &f->set_window, &f->window);
    if (strcasecmp(name, "ttl") == 0)
        return edit_byte(value, &f->set_ttl, &f->ttl);
    return false;
}

/* "RST,ACK seq=0 ack=seg.next". What is not said the wire chooses. */
static int answer_segment(struct reader *in)
{
    struct forge *f = &in->rule->answer;
    char word[RULE_WORD_BYTES], whole[RULE_WORD_BYTES], *value;
    reader_take(in, word);
    if (!*word || !segment_flags_parse(word, &f->flags))
        return reader_wrong(
            in, word,
            "after answer come flags such as RST,ACK, or icmp and a "
            "type and code such as 3/1");
    for (reader_peek(in, word); *word && strcasecmp(word, "and") != 0;
         reader_peek(in, word)) {
        reader_take(in, word);
        memcpy(whole, word, sizeof(whole));
        if (!split(word, &value) || !read_answer_field(word, value, f))
            return reader_wrong(in, whole, answer_help);
    }
    return 0;
}

/* The answer goes to whoever sent the segment; where the rule does not say who
 * that is, the wire finds out. "and drop" may be said, and happens anyway. */
static int do_answer(struct reader *in, const char *word)
{
    (void)word;
    in->rule->answer.to = in->rule->from;
    int r = reader_take_if(in, "icmp") ? answer_icmp(in) : answer_segment(in);
    if (r < 0 || !reader_take_if(in, "and") || reader_take_if(in, "drop"))
        return r;
    char next[RULE_WORD_BYTES];
    reader_peek(in, next);
    return reader_wrong(in, next,
                        "after an answer only \"and drop\" can stand");
}

/* Legend: `strip` is a rewrite with nothing but options to take away. */
static const struct {
    const char *word;
    enum rule_do action;
    read_fn *read;
} actions[] = {
    {"pass", RULE_PASS, do_nothing},
    {"drop", RULE_DROP, do_nothing},
    {"hold", RULE_HOLD, do_nothing},
    {"corrupt", RULE_CORRUPT, do_nothing},
    {"delay", RULE_DELAY, do_delay},
    {"duplicate", RULE_DUPLICATE, do_duplicate},
    {"rewrite", RULE_REWRITE, do_rewrite},
    {"strip", RULE_REWRITE, do_strip},
    {"answer", RULE_ANSWER, do_answer},
};

/* A word from outside the enum is our bug. */
const char *rule_do_name(enum rule_do action)
{
    for (size_t i = 0; i < COUNT(actions); i++)
        if (actions[i].action == action)
            return actions[i].word;
    assert(action < RULE_DO_COUNT);
    return "?";
}
/* An action ends the rule: what a rule matches is said before it. */
static int check_end(struct reader *in, const char *action)
{
    char rest[RULE_WORD_BYTES], wanted[120];
    reader_peek(in, rest);
    if (!*rest)
        return 1;
    snprintf(wanted, sizeof(wanted),
             "the rule is over after its action, %.16s; conditions stand "
             "before it",
             action);
    return reader_wrong(in, rest, wanted);
}

/* The word stays where it is when no row has it. */
int rule_read_action(struct reader *in)
{
    char word[RULE_WORD_BYTES];
    reader_peek(in, word);
    for (size_t i = 0; i < COUNT(actions); i++) {
        if (strcasecmp(word, actions[i].word) != 0)
            continue;
        reader_take(in, word);
        in->rule->action = actions[i].action;
        int r = actions[i].read(in, word);
        return r < 0 ? r : check_end(in, actions[i].word);
    }
    return 0;
}

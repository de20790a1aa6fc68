/* rule_words.c - a rule written in the words of the grammar, in its order.
 *
 * Written words are read again to the same rule, so nothing is rounded, left
 * out or made shorter unless reading restores it. */
#include "rule_internal.h"

#include "handshake/segment.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Words with one blank between; len counts what did not fit, too. */
struct writer {
    char *text;
    size_t cap, len;
};

/* What does not fit is counted all the same, so that the caller can tell. */
__attribute__((format(printf, 2, 3))) static void add(struct writer *out,
                                                      const char *fmt, ...)
{
    bool room = out->len < out->cap;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(room ? out->text + out->len : NULL,
                      room ? out->cap - out->len : 0, fmt, args);
    va_end(args);
    out->len += n > 0 ? (size_t)n : 0;
}

/* The blank stands before each word but the first. */
static void gap(struct writer *out)
{
    if (out->len)
        add(out, " ");
}

/* Flags with the word before them, which may be none. */
static void add_flags(struct writer *out, const char *before, uint16_t flags)
{
    char text[SEGMENT_FLAGS_TEXT_BYTES];
    gap(out);
    add(out, "%s%s", before, segment_flags_text(flags, text));
}

/* "3", "2-4", "3-". */
static void add_nth(struct writer *out, const struct rule *rule)
{
    uint32_t first = rule->nth_first ? rule->nth_first : 1;
    if (rule->nth_first == 0 && rule->nth_last == 0)
        return;
    gap(out);
    add(out, "nth %u", first);
    if (rule->nth_last == 0)
        add(out, "-");
    else if (rule->nth_last != first)
        add(out, "-%u", rule->nth_last);
}

/* The inverse of read_char(). UTF-8 is written as bytes: what stands in a
 * payload may be cut anywhere. */
static void add_contains(struct writer *out, const struct rule *rule)
{
    static const char names[] = RULE_ESCAPES, mean[] = RULE_ESCAPES_MEAN;
    gap(out);
    add(out, "contains \"");
    for (size_t i = 0; i < rule->contains_len && i < RULE_CONTAINS_BYTES; i++) {
        unsigned char c = (unsigned char)rule->contains[i];
        const char *named = c ? strchr(mean, c) : NULL;
        if (named)
            add(out, "\\%c", names[named - mean]);
        else if (c < ' ' || c > '~')
            add(out, "\\x%02x", c);
        else
            add(out, "%c", c);
    }
    add(out, "\"");
}

/* Conditions in the order of the grammar. */
static void add_match(struct writer *out, const struct rule *rule)
{
    if (!rule->any_host)
        add(out, "%s", rule->from == HOST_SERVER ? "server" : "client");
    if (rule->match_flags)
        add_flags(out, "", rule->flags);
    if (rule->flags_set)
        add_flags(out, "with ", rule->flags_set);
    if (rule->flags_clear)
        add_flags(out, "without ", rule->flags_clear);
    add_nth(out, rule);
    if (rule->payload != RULE_EITHER) {
        gap(out);
        add(out, "%s", rule->payload == RULE_YES ? "data" : "empty");
    }
    if (rule->longer) {
        gap(out);
        add(out, "longer %u", rule->longer);
    }
    if (rule->contains_len)
        add_contains(out, rule);
    if (rule->retransmission != RULE_EITHER) {
        gap(out);
        add(out, "%s", rule->retransmission == RULE_YES ? "again" : "first");
    }
}

/* Times carry their unit: "1300ms" needs no manual. */
static void add_time(struct writer *out, const char *word, uint32_t ms)
{
    add(out, " %s %ums", word, ms);
}

/* "+1000" is added to what is there, "1000" takes its place. */
static void add_edit_number(struct writer *out, const char *name, bool plus,
                            uint32_t number)
{
    char text[PLUS_WORDS_BYTES];
    if (plus)
        plus_words(number, text);
    else
        snprintf(text, sizeof(text), "%u", number);
    add(out, " %s=%s", name, text);
}

/* A kind without a name is written as its number. */
static void add_strip(struct writer *out, const struct edit *e)
{
    for (size_t i = 0; i < e->strip_count && i < EDIT_MAX_STRIP; i++) {
        const char *name = rule_option_name(e->strip[i]);
        if (name)
            add(out, " %s", name);
        else
            add(out, " %u", e->strip[i]);
    }
}

/* Fields in the order of the header. */
static void add_fields(struct writer *out, const struct edit *e)
{
    char text[SEGMENT_FLAGS_TEXT_BYTES];
    if (e->set_seq)
        add_edit_number(out, "seq", e->add_seq, e->seq);
    if (e->set_ack)
        add_edit_number(out, "ack", e->add_ack, e->ack);
    if (e->set_flags)
        add(out, " flags=%s", segment_flags_text(e->flags, text));
    if (e->set_window)
        add(out, " win=%u", e->window);
    if (e->set_urgent)
        add(out, " urg=%u", e->urgent);
    if (e->set_mss)
        add(out, " mss=%u", e->mss);
    if (e->set_ttl)
        add(out, " ttl=%u", e->ttl);
}

/* "rewrite" stands only where there are fields to rewrite. */
static void add_edit(struct writer *out, const struct edit *e)
{
    bool fields = e->set_seq || e->set_ack || e->set_flags || e->set_window ||
                  e->set_urgent || e->set_mss || e->set_ttl;
    if (fields || e->strip_count == 0)
        add(out, "rewrite");
    add_fields(out, e);
    if (e->strip_count) {
        add(out, fields ? " strip" : "strip");
        add_strip(out, e);
    }
}

/* Where the answer goes is not said: back to the sender. */
static void add_answer(struct writer *out, const struct forge *f)
{
    char text[SEGMENT_FLAGS_TEXT_BYTES], number[NUMBER_WORDS_BYTES];
    if (f->kind == FORGE_ICMP) {
        add(out, "answer icmp %u/%u", f->type, f->code);
        if (f->mtu)
            add(out, " mtu %u", f->mtu);
        return;
    }
    add(out, "answer %s", segment_flags_text(f->flags, text));
    if (f->seq.set)
        add(out, " seq=%s", number_words(&f->seq, number));
    if (f->ack.set)
        add(out, " ack=%s", number_words(&f->ack, number));
    if (f->set_window)
        add(out, " win=%u", f->window);
    if (f->set_ttl)
        add(out, " ttl=%u", f->ttl);
}

/* Two copies are what the word means. */
static void add_duplicate(struct writer *out, const struct rule *rule)
{
    add(out, "duplicate");
    if (rule->copies > RULE_DUPLICATE_DEFAULT)
        add(out, " %u", rule->copies);
    if (rule->gap_ms)
        add_time(out, "gap", rule->gap_ms);
}

/* The actions with something to add; the others are their name. */
static void add_action(struct writer *out, const struct rule *rule)
{
    gap(out);
    switch (rule->action) {
    case RULE_DELAY:
        add(out, "delay %ums", rule->delay_ms);
        if (rule->jitter_ms)
            add_time(out, "jitter", rule->jitter_ms);
        break;
    case RULE_DUPLICATE:
        add_duplicate(out, rule);
        break;
    case RULE_REWRITE:
        add_edit(out, &rule->edit);
        break;
    case RULE_ANSWER:
        add_answer(out, &rule->answer);
        break;
    default:
        add(out, "%s", rule_do_name(rule->action));
    }
}

/* Returns the length of the words, which may be more than fits. */
size_t rule_write(const struct rule *rule, char *text, size_t cap)
{
    struct writer out = {.text = text, .cap = cap};
    text[0] = '\0';
    add_match(&out, rule);
    add_action(&out, rule);
    return out.len;
}

/* Rules made elsewhere can be longer than the words for them: these end with
 * dots then. */
char *rule_words(const struct rule *rule, char *ret_words)
{
    if (rule_write(rule, ret_words, RULE_WORDS_BYTES) >= RULE_WORDS_BYTES)
        memcpy(ret_words + RULE_WORDS_BYTES - 4, "...", 4);
    return ret_words;
}

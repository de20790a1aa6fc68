/* rule_text_test.c - rules in words: read, written, read again; every word of
 * the grammar, sentences for what is wrong, hostile text. */
#include "test.h"

#include "handshake/rule.h"
#include "handshake/segment.h"
#include "tcp_dumps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct rule parse(const char *text)
{
    struct rule rule;
    struct err err = {0};
    if (rule_parse(text, NULL, &rule, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    return rule;
}

/* Reading what is written gives the same rule; returns it. */
static struct rule round_trip(const char *text, const char *written)
{
    char words[RULE_WORDS_BYTES];
    struct rule rule = parse(text);
    assert_string_equal(rule_words(&rule, words), written);
    struct rule again = parse(words);
    assert_memory_equal(&again, &rule, sizeof(rule));
    return rule;
}

static void refused(const char *text, const char *part)
{
    struct rule rule;
    struct err err = {0};
    assert_int_equal(rule_parse(text, NULL, &rule, &err), -EINVAL);
    assert_int_equal(err.code, EINVAL);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" gave: %s", text, err.text);
    assert_true(strlen(err.text) < ERR_TEXT_BYTES - 1);
}

static void test_number_each_base(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum number_base base;
        uint32_t plus;
    } rows[] = {
        {"0", NUMBER_ABSOLUTE, 0},
        {"4294967295", NUMBER_ABSOLUTE, UINT32_MAX},
        {"client.isn", NUMBER_CLIENT_ISN, 0},
        {"client.isn+1", NUMBER_CLIENT_ISN, 1},
        {"server.isn-1", NUMBER_SERVER_ISN, UINT32_MAX},
        {"client.next-1000", NUMBER_CLIENT_NEXT, 0u - 1000},
        {"server.next+2147483647", NUMBER_SERVER_NEXT, INT32_MAX},
        {"seg.seq", NUMBER_SEG_SEQ, 0},
        {"seg.ack-2147483648", NUMBER_SEG_ACK, 1u << 31},
        {"seg.next+7", NUMBER_SEG_NEXT, 7},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct number n = {0};
        char text[40];
        assert_true(number_parse(rows[i].text, &n));
        assert_true(n.set);
        assert_int_equal(n.base, rows[i].base);
        assert_int_equal(n.plus, rows[i].plus);
        assert_string_equal(number_words(&n, text), rows[i].text);
    }
}

static void test_number_refuses_everything_else(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "-1",
        "+1",
        "4294967296",
        "0x10",
        " 1",
        "1 ",
        "client",
        "client.isn+",
        "client.isn+-1",
        "client.isn 1",
        "client.isn+1x",
        "client.isnx",
        "isn",
        "seg.",
        "1+1",
        "99999999999999999999999999",
    };
    struct number n;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (number_parse(wrong[i], &n))
            fail_msg("\"%s\" was taken", wrong[i]);
    char text[40];
    struct number none = {0};
    assert_string_equal(number_words(&none, text), "");
    assert_true(number_parse("CLIENT.ISN+4294967295", &n));
    assert_string_equal(number_words(&n, text), "client.isn-1");
}

static void test_rule_conditions(void **state)
{
    (void)state;
    struct rule r =
        round_trip("client SYN nth 1 drop", "client SYN nth 1 drop");
    assert_false(r.any_host);
    assert_int_equal(r.from, HOST_CLIENT);
    assert_true(r.match_flags);
    assert_int_equal(r.flags, SEG_SYN);
    assert_int_equal(r.nth_first, 1);
    assert_int_equal(r.nth_last, 1);
    assert_int_equal(r.action, RULE_DROP);
    assert_string_equal(r.name, "");

    r = round_trip("server with SYN,ACK without RST nth 2-4 data again hold",
                   "server with SYN,ACK without RST nth 2-4 data again hold");
    assert_int_equal(r.from, HOST_SERVER);
    assert_false(r.match_flags);
    assert_int_equal(r.flags_set, SEG_SYN | SEG_ACK);
    assert_int_equal(r.flags_clear, SEG_RST);
    assert_int_equal(r.nth_last, 4);
    assert_int_equal(r.payload, RULE_YES);
    assert_int_equal(r.retransmission, RULE_YES);

    r = round_trip("empty first nth 3- pass", "nth 3- empty first pass");
    assert_true(r.any_host);
    assert_int_equal(r.nth_first, 3);
    assert_int_equal(r.nth_last, 0);
    assert_int_equal(r.payload, RULE_NO);
    assert_int_equal(r.retransmission, RULE_NO);
    round_trip("(none) drop", "(none) drop");
    round_trip("drop", "drop");
}

static void test_rule_words_in_any_order_case_and_spacing(void **state)
{
    (void)state;
    round_trip("  nth 1\tack,syn \n SERVER Drop ", "server SYN,ACK nth 1 drop");
    round_trip("SYN+ECE+CWR corrupt", "SYN,ECE,CWR corrupt");
}

static void test_rule_contains_takes_any_bytes(void **state)
{
    (void)state;
    struct rule r = round_trip("data contains \"GET /\" drop",
                               "data contains \"GET /\" drop");
    assert_int_equal(r.contains_len, 5);
    assert_memory_equal(r.contains, "GET /", 5);
    r = round_trip("contains \"a\\\"\\\\\\n\\r\\t\\x00\\xFfz\" drop",
                   "contains \"a\\\"\\\\\\n\\r\\t\\x00\\xffz\" drop");
    assert_int_equal(r.contains_len, 9);
    assert_memory_equal(r.contains, "a\"\\\n\r\t\0\xffz", 9);
    refused("contains drop", "quotation marks");
    refused("contains \"\" drop", "quotation marks");
    refused("contains \"abc drop", "quotation marks");
    refused("contains \"a\\q\" drop", "quotation marks");
    refused("contains \"a\\x1\" drop", "quotation marks");
    refused("contains \"a\\", "quotation marks");
}

static void test_rule_longer_takes_a_size(void **state)
{
    (void)state;
    struct rule r = round_trip("client data longer 1280 drop",
                               "client data longer 1280 drop");
    assert_int_equal(r.longer, 1280);
    r = round_trip("drop", "drop");
    assert_int_equal(r.longer, 0);
    refused("longer drop", "number of bytes");
    refused("longer 0 drop", "number of bytes");
    refused("longer 65536 drop", "number of bytes");
    refused("longer 2 longer 3 drop", "too often");
}

static void test_rule_contains_is_bounded(void **state)
{
    (void)state;
    char text[200];
    for (int len = 62; len <= 66; len++) {
        struct rule rule;
        snprintf(text, sizeof(text), "contains \"%0*d\" drop", len, 0);
        int r = rule_parse(text, NULL, &rule, NULL);
        assert_int_equal(r, len < RULE_CONTAINS_BYTES ? 0 : -EINVAL);
    }
}

static void test_rule_delay_and_duplicate(void **state)
{
    (void)state;
    struct rule r =
        round_trip("server SYN,ACK delay 1300", "server SYN,ACK delay 1300ms");
    assert_int_equal(r.action, RULE_DELAY);
    assert_int_equal(r.delay_ms, 1300);
    r = round_trip("delay 2s jitter 10ms", "delay 2000ms jitter 10ms");
    assert_int_equal(r.delay_ms, 2000);
    assert_int_equal(r.jitter_ms, 10);
    round_trip("delay 600s", "delay 600000ms");
    r = round_trip("client SYN duplicate", "client SYN duplicate");
    assert_int_equal(r.action, RULE_DUPLICATE);
    assert_int_equal(r.copies, 2);
    r = round_trip("duplicate 16 gap 5", "duplicate 16 gap 5ms");
    assert_int_equal(r.copies, 16);
    assert_int_equal(r.gap_ms, 5);
    round_trip("duplicate gap 1s", "duplicate gap 1000ms");
    refused("delay", "after delay comes a time");
    refused("delay 601s", "after delay comes a time");
    refused("delay 600001", "ten minutes");
    refused("delay 1.5s", "after delay comes a time");
    refused("delay 5 jitter", "after jitter comes a time");
    refused("duplicate 1", "2 to 16");
    refused("duplicate 17", "2 to 16");
    refused("duplicate 2 gap x", "after gap comes a time");
}

static void test_rule_rewrite_and_strip(void **state)
{
    (void)state;
    struct rule r = round_trip(
        "server SYN,ACK rewrite ack=+1000 window=0 flags=rst mss=536 ttl=1 "
        "urgent=9 seq=5",
        "server SYN,ACK rewrite seq=5 ack=+1000 flags=RST win=0 urg=9 mss=536 "
        "ttl=1");
    assert_int_equal(r.action, RULE_REWRITE);
    assert_true(r.edit.set_ack && r.edit.add_ack && !r.edit.add_seq);
    assert_int_equal(r.edit.ack, 1000);
    assert_int_equal(r.edit.seq, 5);
    assert_int_equal(r.edit.mss, 536);
    r = round_trip("rewrite seq=-1", "rewrite seq=-1");
    assert_int_equal(r.edit.seq, UINT32_MAX);
    round_trip("rewrite seq=+0", "rewrite seq=+0");
    r = round_trip("SYN strip wscale,ts 77", "SYN strip wscale timestamps 77");
    assert_int_equal(r.action, RULE_REWRITE);
    assert_int_equal(r.edit.strip_count, 3);
    assert_int_equal(r.edit.strip[0], OPT_WSCALE);
    assert_int_equal(r.edit.strip[1], OPT_TIMESTAMPS);
    assert_int_equal(r.edit.strip[2], 77);
    round_trip("strip 3", "strip wscale");
    round_trip("rewrite win=1 strip mss sack", "rewrite win=1 strip mss sack");
    refused("rewrite", "after rewrite come");
    refused("rewrite seq=", "after rewrite come");
    refused("rewrite seq=1 seq=2", "after rewrite come");
    refused("rewrite win=65536", "after rewrite come");
    refused("rewrite ttl=256", "after rewrite come");
    refused("rewrite foo=1", "\"foo=1\"");
    refused("strip", "after strip come");
    refused("strip ,", "after strip come");
    refused("strip nop", "\"nop\"");
    refused("strip 1", "2 to 255");
    refused("strip mss 2", "each once");
    refused("strip 10 11 12 13 14 15 16 17 18", "up to 8");
}

static void test_rule_answer_segment(void **state)
{
    (void)state;
    struct rule r = round_trip(
        "client SYN answer RST,ACK seq=0 ack=seg.next win=0 ttl=9 and drop",
        "client SYN answer RST,ACK seq=0 ack=seg.next win=0 ttl=9");
    assert_int_equal(r.action, RULE_ANSWER);
    assert_int_equal(r.answer.kind, FORGE_SEGMENT);
    assert_int_equal(r.answer.to, HOST_CLIENT);
    assert_int_equal(r.answer.flags, SEG_RST | SEG_ACK);
    assert_true(r.answer.seq.set && r.answer.ack.set);
    assert_int_equal(r.answer.ack.base, NUMBER_SEG_NEXT);
    assert_true(r.answer.set_window && r.answer.set_ttl);
    r = round_trip("server answer RST", "server answer RST");
    assert_int_equal(r.answer.to, HOST_SERVER);
    assert_false(r.answer.seq.set);
    refused("answer", "after answer come flags");
    refused("answer RTS", "\"RTS\"");
    refused("answer RST seq=seg.seq seq=1", "at most once");
    refused("answer RST seq=soon", "client.isn+1");
    refused("answer RST and", "and drop");
    refused("answer RST and hold", "and drop");
}

static void test_rule_answer_icmp(void **state)
{
    (void)state;
    struct rule r = round_trip("client SYN answer icmp 3/4 mtu 1400",
                               "client SYN answer icmp 3/4 mtu 1400");
    assert_int_equal(r.answer.kind, FORGE_ICMP);
    assert_int_equal(r.answer.type, 3);
    assert_int_equal(r.answer.code, 4);
    assert_int_equal(r.answer.mtu, 1400);
    round_trip("answer icmp 255/255 and drop", "answer icmp 255/255");
    refused("answer icmp", "type and code");
    refused("answer icmp 3", "type and code");
    refused("answer icmp 3/", "type and code");
    refused("answer icmp 256/0", "type and code");
    refused("answer icmp 3/1/2", "type and code");
    refused("answer icmp 3/1 mtu big", "after mtu");
    refused("answer icmp 3/1 seq=1", "\"seq=1\"");
}

static void test_rule_sentences_name_the_word(void **state)
{
    (void)state;
    refused("", "does not say what to do");
    refused("client SYN", "does not say what to do");
    refused("SINN drop", "I do not know \"SINN\" here: a rule begins with");
    refused("client SINN drop",
            "I do not know \"SINN\" here: after the host come flags such as "
            "SYN or SYN,ACK");
    refused("client SYN dorp", "I do not know \"dorp\" here");
    refused("drop SYN", "the rule is over after its action, drop");
    refused("drop drop", "over after its action");
    refused("client server drop", "\"server\" comes too often");
    refused("SYN ACK drop", "\"ACK\" comes too often");
    refused("data empty drop", "\"empty\" comes too often");
    refused("with drop", "after with come flags");
    refused("with (none) drop", "after with come flags");
    refused("without", "after without come flags");
    refused("nth 0 drop", "counted from 1");
    refused("nth 3-2 drop", "counted from 1");
    refused("nth 1-2-3 drop", "counted from 1");
    refused("nth drop", "counted from 1");
    refused("nth 4294967296 drop", "counted from 1");
}

static void test_rule_long_words_are_never_taken_cut(void **state)
{
    (void)state;
    char text[1100] = "";
    for (int i = 0; i < 40; i++)
        strcat(text, "SYN,");
    strcat(text, "URG drop");
    refused(text, "\"SYN,SYN,");
    memset(text, ' ', sizeof(text));
    memcpy(text + sizeof(text) - 5, "drop", 5);
    refused(text, "too long");
}

static void test_rule_sentence_holds_no_control_bytes(void **state)
{
    (void)state;
    struct rule rule;
    struct err err = {0};
    assert_int_equal(rule_parse("\x1b[2J\xc3\xa9", NULL, &rule, &err), -EINVAL);
    assert_non_null(strstr(err.text, "\"?[2J??\""));
}

static void test_rule_name_is_kept_or_refused(void **state)
{
    (void)state;
    struct rule rule;
    struct err err = {0};
    assert_int_equal(rule_parse("drop", "first-syn", &rule, NULL), 0);
    assert_string_equal(rule.name, "first-syn");
    assert_int_equal(
        rule_parse("drop", "0123456789012345678901234567890", &rule, NULL), 0);
    assert_int_equal(
        rule_parse("drop", "01234567890123456789012345678901", &rule, &err),
        -EINVAL);
    assert_non_null(strstr(err.text, "name"));
}

static void test_rule_words_that_do_not_fit(void **state)
{
    (void)state;
    char text[700] = "client SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE with "
                     "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE contains \"",
         words[RULE_WORDS_BYTES];
    for (int i = 0; i < 63; i++)
        strcat(text, "\\x01");
    strcat(text, "\" drop");
    refused(text, "too much");
    struct rule rule = parse("client drop");
    rule.flags_set = rule.flags_clear = 0x1ff;
    memset(rule.contains, 1, sizeof(rule.contains));
    rule.contains_len = sizeof(rule.contains);
    rule_words(&rule, words);
    assert_int_equal(strlen(words), RULE_WORDS_BYTES - 1);
    assert_string_equal(words + RULE_WORDS_BYTES - 4, "...");
}

static void test_rule_do_each_has_a_name_that_is_read(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RULE_DO_COUNT; i++) {
        char text[64];
        static const char *const more[RULE_DO_COUNT] = {[RULE_DELAY] = "1",
                                                        [RULE_REWRITE] =
                                                            "win=1",
                                                        [RULE_ANSWER] = "RST"};
        snprintf(text, sizeof(text), "%s %s", rule_do_name((enum rule_do)i),
                 more[i] ? more[i] : "");
        assert_int_equal(parse(text).action, i);
    }
}

/* Pieces of the grammar thrown together: most are refused, what is taken comes
 * back the same. */
static void test_rule_random_words_come_back(void **state)
{
    (void)state;
    static const char *const pieces[] = {"client",    "server",
                                         "SYN",       "SYN,ACK",
                                         "with",      "without",
                                         "ACK",       "nth",
                                         "1",         "2-4",
                                         "7-",        "data",
                                         "empty",     "contains \"x\\x7f\"",
                                         "again",     "first",
                                         "pass",      "drop",
                                         "hold",      "corrupt",
                                         "delay 5",   "jitter 3",
                                         "duplicate", "gap 2",
                                         "rewrite",   "seq=+4",
                                         "ack=9",     "flags=RST",
                                         "strip",     "wscale",
                                         "200",       "answer",
                                         "icmp",      "3/1",
                                         "mtu 9",     "ack=seg.next-3",
                                         "and drop",  "\"",
                                         "=",         "\x80"};
    enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };
    uint32_t seed = 99, taken = 0;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "", words[RULE_WORDS_BYTES];
        struct rule rule, again;
        for (uint32_t k = 1 + dump_random(&seed) % 6; k > 0; k--) {
            strcat(text, pieces[dump_random(&seed) % PIECES]);
            strcat(text, " ");
        }
        if (rule_parse(text, NULL, &rule, NULL) < 0)
            continue;
        taken++;
        assert_int_equal(
            rule_parse(rule_words(&rule, words), NULL, &again, NULL), 0);
        assert_memory_equal(&again, &rule, sizeof(rule));
    }
    assert_true(taken > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_each_base),
        cmocka_unit_test(test_number_refuses_everything_else),
        cmocka_unit_test(test_rule_conditions),
        cmocka_unit_test(test_rule_words_in_any_order_case_and_spacing),
        cmocka_unit_test(test_rule_contains_takes_any_bytes),
        cmocka_unit_test(test_rule_longer_takes_a_size),
        cmocka_unit_test(test_rule_contains_is_bounded),
        cmocka_unit_test(test_rule_delay_and_duplicate),
        cmocka_unit_test(test_rule_rewrite_and_strip),
        cmocka_unit_test(test_rule_answer_segment),
        cmocka_unit_test(test_rule_answer_icmp),
        cmocka_unit_test(test_rule_sentences_name_the_word),
        cmocka_unit_test(test_rule_long_words_are_never_taken_cut),
        cmocka_unit_test(test_rule_sentence_holds_no_control_bytes),
        cmocka_unit_test(test_rule_name_is_kept_or_refused),
        cmocka_unit_test(test_rule_words_that_do_not_fit),
        cmocka_unit_test(test_rule_do_each_has_a_name_that_is_read),
        cmocka_unit_test(test_rule_random_words_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* observer_test.c - what the observer counts: relative numbers, windows, what
 * repeats and answers what, outcomes; and that nothing leads it astray. */
#include "test.h"

#include "observer_play.h"

#include <string.h>

static int begin(void **state)
{
    static struct play play;
    play_begin(&play);
    *state = &play;
    return 0;
}

static int end(void **state)
{
    play_end(*state);
    return 0;
}

static void expect_outcome(const struct play *p, enum observer_outcome want)
{
    assert_string_equal(observer_outcome_name(observer_outcome(p->obs)),
                        observer_outcome_name(want));
}

static void test_observer_nothing_seen(void **state)
{
    struct play *p = *state;
    expect_outcome(p, OUTCOME_NOTHING);
    for (int o = 0; o < OUTCOME_COUNT; o++)
        assert_true(strlen(observer_outcome_name((enum observer_outcome)o)) >
                    4);
}

static void test_observer_opening_numbers(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN, .window = 64240,
         .options = SYN_OPTIONS, .options_len = SYN_OPTIONS_LEN);
    assert_int_equal(p->seen.seq_rel, 0);
    assert_false(p->seen.ack_rel_known);
    assert_int_equal(p->seen.window_scaled, 64240);
    expect_outcome(p, OUTCOME_UNANSWERED);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = SERVER_ISN,
         .ack = CLIENT_ISN + 1, .window = 65160, .options = SYN_ACK_OPTIONS,
         .options_len = SYN_OPTIONS_LEN);
    assert_int_equal(p->seen.seq_rel, 0);
    assert_true(p->seen.ack_rel_known);
    assert_int_equal(p->seen.ack_rel, 1);
    assert_int_equal(p->seen.answers, 1);
    assert_int_equal(p->seen.window_scaled, 65160);
    expect_outcome(p, OUTCOME_HALF_OPEN);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502);
    assert_int_equal(p->seen.seq_rel, 1);
    assert_int_equal(p->seen.ack_rel, 1);
    assert_int_equal(p->seen.answers, 2);
    assert_int_equal(p->seen.window_scaled, 502 * 128);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void test_observer_window_unscaled_without_agreement(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = SYN_OPTIONS,
         .options_len = SYN_OPTIONS_LEN);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 9,
         .ack = 2);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 10, .window = 502);
    assert_int_equal(p->seen.window_scaled, 502);
}

static void test_observer_window_shift_above_14_counts_as_14(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = "\x03\x03\xff",
         .options_len = 3);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 9, .ack = 2,
         .options = "\x03\x03\x00", .options_len = 3);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 10, .window = 65535);
    assert_int_equal(p->seen.window_scaled, 65535u << 14);
}

static void test_observer_sequence_numbers_wrap(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 0xffffffffu);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 0xfffffffeu,
         .ack = 0, .window = 1000);
    assert_int_equal(p->seen.ack_rel, 1);
    assert_int_equal(p->seen.answers, 1);
    play_says(p, "Ack 0 is the client's 4294967295 + 1");
    PLAY(p, .flags = SEG_ACK, .seq = 0, .ack = 0xffffffffu, .window = 1000);
    assert_int_equal(p->seen.answers, 2);
    expect_outcome(p, OUTCOME_ESTABLISHED);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 0xffffffffu, .ack = 0,
         .data = "hello", .window = 1000);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 0xffffffffu, .ack = 0,
         .data = "hello", .window = 1000);
    assert_int_equal(p->seen.repeats, 4);
    PLAY(p, .flags = SEG_ACK, .seq = 0, .ack = 4, .window = 1000);
    assert_int_equal(p->seen.ack_rel, 6);
    assert_int_equal(p->seen.answers, 5);
}

static void test_observer_repeats_point_to_the_first_sending(void **state)
{
    struct play *p = *state;
    for (int i = 0; i < 4; i++) {
        PLAY(p, .flags = SEG_SYN, .seq = 7, .after_us = 1000000);
        assert_int_equal(p->seen.repeats, i ? 1 : 0);
    }
    play_says(p, "after 3.00 s (sending 4)");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 70,
         .ack = 8);
    assert_int_equal(p->seen.answers, 4);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 70,
         .ack = 8);
    assert_int_equal(p->seen.repeats, 5);
    assert_int_equal(p->seen.answers, 0);
}

static void
test_observer_echoed_timestamp_tells_which_was_answered(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 7,
         .options = "\x08\x0a\x00\x00\x00\x64\x00\x00\x00\x00",
         .options_len = 10);
    PLAY(p, .flags = SEG_SYN, .seq = 7,
         .options = "\x08\x0a\x00\x00\x04\x64\x00\x00\x00\x00",
         .options_len = 10);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 70,
         .ack = 8, .options = "\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x64",
         .options_len = 10);
    assert_int_equal(p->seen.answers, 1);
}

static void test_observer_pure_acks_never_repeat(void **state)
{
    struct play *p = *state;
    play_open(p);
    for (int i = 0; i < 3; i++) {
        PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
             .window = 502);
        assert_int_equal(p->seen.repeats, 0);
        assert_int_equal(p->seen.answers, 0);
    }
}

static void test_observer_data_and_fin_repeat(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_PSH | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1, .window = 502, .data = "hello");
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 6,
         .ack = SERVER_ISN + 1, .window = 502);
    PLAY(p, .flags = SEG_PSH | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1, .window = 502, .data = "hello");
    assert_int_equal(p->seen.repeats, 4);
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 6,
         .ack = SERVER_ISN + 1, .window = 502);
    assert_int_equal(p->seen.repeats, 5);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 7, .window = 510);
    assert_int_equal(p->seen.answers, 7);
}

static void test_observer_keepalive_is_no_repeat(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN, .ack = SERVER_ISN + 1,
         .window = 502, .data = "x");
    assert_int_equal(p->seen.repeats, 0);
    play_says(p, "keep-alive");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 1, .window = 510);
    play_says(p, "answers the probe");
}

static void test_observer_refused_by_rst(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN);
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = 0);
    expect_outcome(p, OUTCOME_UNANSWERED); /* without ACK: not believed */
    PLAY(p, .from_server = true, .flags = SEG_RST | SEG_ACK,
         .ack = CLIENT_ISN + 9);
    expect_outcome(p, OUTCOME_UNANSWERED);
    PLAY(p, .from_server = true, .flags = SEG_RST | SEG_ACK,
         .ack = CLIENT_ISN + 1);
    expect_outcome(p, OUTCOME_REFUSED);
    assert_int_equal(p->seen.ack_rel, 1);
}

static void test_observer_rst_counts_only_where_expected(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = SERVER_ISN + 100);
    expect_outcome(p, OUTCOME_ESTABLISHED);
    play_says(p, "not believed");
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = SERVER_ISN - 100000);
    expect_outcome(p, OUTCOME_ESTABLISHED);
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = SERVER_ISN + 1);
    expect_outcome(p, OUTCOME_RESET);
}

static void test_observer_closed_when_both_fins_are_acknowledged(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1);
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 1, .ack = CLIENT_ISN + 2);
    expect_outcome(p, OUTCOME_ESTABLISHED);
    play_says(p, "one segment instead of two");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 2);
    expect_outcome(p, OUTCOME_CLOSED);
    PLAY(p, .flags = SEG_RST, .seq = CLIENT_ISN + 2);
    expect_outcome(p, OUTCOME_CLOSED);
}

static void test_observer_simultaneous_open(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_SYN, .seq = 300);
    play_says(p, "simultaneous open");
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 100, .ack = 301);
    assert_int_equal(p->seen.repeats, 0);
    assert_int_equal(p->seen.answers, 2);
    expect_outcome(p, OUTCOME_HALF_OPEN);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 300,
         .ack = 101);
    assert_int_equal(p->seen.answers, 1);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void
test_observer_new_isn_on_same_ports_is_a_new_connection(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_SYN, .seq = 99);
    assert_int_equal(p->seen.seq_rel, 0);
    expect_outcome(p, OUTCOME_UNANSWERED);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 1, .window = 510);
    play_says(p, "challenge ACK");
    assert_int_equal(p->seen.ack_rel, 1); /* counted in the old connection */
    PLAY(p, .flags = SEG_RST, .seq = CLIENT_ISN + 1);
    assert_int_equal(p->seen.seq_rel, 1);
    expect_outcome(p, OUTCOME_UNANSWERED);
    PLAY(p, .flags = SEG_SYN, .seq = 99, .after_us = 1000000);
    assert_int_equal(p->seen.repeats, 4);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 777,
         .ack = 100);
    PLAY(p, .flags = SEG_ACK, .seq = 100, .ack = 778);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void test_observer_blind_syn_leaves_the_old_connection(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_SYN, .seq = 99);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .data = "on");
    assert_int_equal(p->seen.seq_rel, 1);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void test_observer_wrong_syn_ack_then_right_one(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 300,
         .ack = 500);
    play_says(p, "does not answer the client's SYN, which calls for 101");
    PLAY(p, .flags = SEG_RST, .seq = 500);
    play_says(p, "takes its sequence number, 500");
    expect_outcome(p, OUTCOME_UNANSWERED);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 900,
         .ack = 101);
    PLAY(p, .flags = SEG_ACK, .seq = 101, .ack = 901);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void test_observer_bad_checksum_changes_nothing(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 300,
         .ack = 101, .bad_checksum = true);
    play_says(p, "throw this SYN,ACK away silently");
    expect_outcome(p, OUTCOME_UNANSWERED);
    assert_int_equal(p->seen.answers, 0);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 300,
         .ack = 101, .after_us = 1000000);
    assert_int_equal(p->seen.repeats, 2);
    assert_int_equal(p->seen.answers, 1);
}

static void test_observer_midway_numbers_begin_at_one(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_ACK, .seq = 7000, .ack = 900, .data = "abc");
    assert_int_equal(p->seen.seq_rel, 1);
    assert_int_equal(p->seen.ack_rel, 1);
    play_says(p, "opening of this connection was not seen");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 900, .ack = 7003);
    assert_int_equal(p->seen.ack_rel, 4);
    assert_int_equal(p->seen.answers, 1);
    expect_outcome(p, OUTCOME_ESTABLISHED);
}

static void test_observer_forged_far_segment_does_not_mislead(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 900000000, .data = "evil",
         .ack = SERVER_ISN + 1, .window = 502);
    play_says(p, "outside the window");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .data = "good",
         .ack = SERVER_ISN + 1, .window = 502);
    assert_int_equal(p->seen.repeats, 0);
    play_silent(p, "an old segment");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 5, .window = 510);
    assert_int_equal(p->seen.answers, 5);
}

static void test_observer_ring_forgets_but_holds(void **state)
{
    struct play *p = *state;
    play_open(p);
    for (uint32_t i = 0; i < 1000; i++)
        PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1 + i,
             .ack = SERVER_ISN + 1, .window = 502, .data = "x");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502, .data = "x");
    assert_int_equal(p->seen.repeats, 0); /* too long ago */
    play_says(p, "sent again");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1000, .ack = SERVER_ISN + 1,
         .window = 502, .data = "x");
    assert_int_equal(p->seen.repeats, 3 + 1000);
}

static void test_observer_table_forgets_the_oldest(void **state)
{
    struct play *p = *state; /* room for 8 */
    for (uint16_t port = 1; port <= 9; port++) {
        p->client.port = port;
        PLAY(p, .flags = SEG_SYN, .seq = port);
    }
    p->client.port = 1;
    PLAY(p, .flags = SEG_SYN, .seq = 1);
    assert_int_equal(p->seen.repeats, 0);
    p->client.port = 9;
    PLAY(p, .flags = SEG_SYN, .seq = 9);
    assert_int_equal(p->seen.repeats, 9);
}

static void test_observer_self_connect(void **state)
{
    struct play *p = *state;
    p->server = p->client;
    PLAY(p, .flags = SEG_SYN, .seq = 50);
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 50, .ack = 51);
    assert_int_equal(p->seen.answers, 1);
    PLAY(p, .flags = SEG_ACK, .seq = 51, .ack = 51);
    expect_outcome(p, OUTCOME_ESTABLISHED);
    play_says(p, "talks to itself");
}

static void test_observer_named_server_keeps_its_name(void **state)
{
    struct play *p = *state;
    observer_name_server(p->obs, &p->server);
    PLAY(p, .from_server = true, .flags = SEG_SYN, .seq = 50);
    play_says(p, "The server asks to open");
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 9, .ack = 51);
    play_says(p, "The client agrees");
}

/* A small random number that often hits the neighbourhood of the real ones. */
static uint32_t near(uint32_t *seed, uint32_t base)
{
    *seed = *seed * 1664525u + 1013904223u;
    uint32_t r = *seed >> 8;
    return r % 5 == 0 ? *seed * 2654435761u : base + r % 7 - 3;
}

static void test_observer_hostile_order_never_breaks(void **state)
{
    struct play *p = *state;
    uint32_t seed = 4711;
    for (int i = 0; i < 60000; i++) {
        uint32_t r = near(&seed, 0x10000) >> 3;
        p->client.port = (uint16_t)(near(&seed, 40) % 12);
        p->server.port = (uint16_t)(near(&seed, 40) % 3);
        struct line line = {
            .from_server = r & 1,
            .flags = (uint16_t)(near(&seed, SEG_ACK) & 0x1ff),
            .seq = near(&seed, CLIENT_ISN),
            .ack = near(&seed, CLIENT_ISN),
            .window = (uint16_t)near(&seed, 2),
            .data = r & 2 ? "data" : NULL,
            .options = SYN_OPTIONS,
            .options_len = r & 4 ? r % 21 : 0,
            .bad_checksum = r % 11 == 0,
            .after_us = near(&seed, 100) % 5000000,
        };
        if (r % 13 == 0)
            p->server = p->client;
        else
            ipaddr_parse("192.0.2.2", &p->server.addr);
        play_line(p, &line);
        observer_outcome(p->obs);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_observer_nothing_seen),
        TEST(test_observer_opening_numbers),
        TEST(test_observer_window_unscaled_without_agreement),
        TEST(test_observer_window_shift_above_14_counts_as_14),
        TEST(test_observer_sequence_numbers_wrap),
        TEST(test_observer_repeats_point_to_the_first_sending),
        TEST(test_observer_echoed_timestamp_tells_which_was_answered),
        TEST(test_observer_pure_acks_never_repeat),
        TEST(test_observer_data_and_fin_repeat),
        TEST(test_observer_keepalive_is_no_repeat),
        TEST(test_observer_refused_by_rst),
        TEST(test_observer_rst_counts_only_where_expected),
        TEST(test_observer_closed_when_both_fins_are_acknowledged),
        TEST(test_observer_simultaneous_open),
        TEST(test_observer_new_isn_on_same_ports_is_a_new_connection),
        TEST(test_observer_blind_syn_leaves_the_old_connection),
        TEST(test_observer_wrong_syn_ack_then_right_one),
        TEST(test_observer_bad_checksum_changes_nothing),
        TEST(test_observer_midway_numbers_begin_at_one),
        TEST(test_observer_forged_far_segment_does_not_mislead),
        TEST(test_observer_ring_forgets_but_holds),
        TEST(test_observer_table_forgets_the_oldest),
        TEST(test_observer_self_connect),
        TEST(test_observer_named_server_keeps_its_name),
        TEST(test_observer_hostile_order_never_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

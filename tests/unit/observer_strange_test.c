/* observer_strange_test.c - what the observer says of openings that are not the
 * usual one, and of segments that come when all is over. */
#include "test.h"

#include "observer_play.h"

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

/* --- openings ------------------------------------------------------------ */

static void test_strange_simultaneous_open_is_answered_by_both(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100, .options = SYN_OPTIONS,
         .options_len = SYN_OPTIONS_LEN);
    PLAY(p, .from_server = true, .flags = SEG_SYN, .seq = 300);
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 100, .ack = 301,
         .options = SYN_OPTIONS, .options_len = SYN_OPTIONS_LEN);
    play_says(p, "repeats its offer of window scaling");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 300,
         .ack = 101);
    PLAY(p, .flags = SEG_ACK, .seq = 101, .ack = 301);
    play_says(p, "the simultaneous open is complete");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 301, .ack = 101);
    play_says(p, "the simultaneous open is complete");
}

static void test_strange_split_handshake_completes_by_an_ack(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_SYN, .seq = 300);
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 100, .ack = 301);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 301, .ack = 101);
    play_says(p, "completes the handshake for the server");
    assert_int_equal(observer_outcome(p->obs), OUTCOME_ESTABLISHED);
}

static void test_strange_lone_ack_opens_nothing(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 301, .ack = 101);
    play_says(p, "stays in SYN-SENT");
    PLAY(p, .flags = SEG_SYN, .seq = 100, .after_us = 1000000);
    play_says(p, "no SYN came back");
    play_silent(p, "was lost or is late");
}

static void test_strange_syn_that_comes_before_its_timer(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .flags = SEG_SYN, .seq = 100, .after_us = 9000);
    play_says(p, "after only 9 ms");
    PLAY(p, .flags = SEG_SYN, .seq = 100, .after_us = 1000000);
    play_says(p, "nothing acknowledged it");
}

/* --- SYN-RECEIVED -------------------------------------------------------- */

static void half_open(struct play *p)
{
    PLAY(p, .flags = SEG_SYN, .seq = 100);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5000,
         .ack = 101, .window = 1000);
}

static void test_strange_guessed_ack_proves_nothing(void **state)
{
    struct play *p = *state;
    half_open(p);
    PLAY(p, .flags = SEG_ACK, .seq = 101, .ack = 4000);
    play_says(p, "in SYN-RECEIVED, calls for 5001 and answers with RST");
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = 4000);
    play_says(p, "the client, in SYN-SENT, ignores it");
    PLAY(p, .flags = SEG_ACK, .seq = 101, .ack = 5001);
    play_says(p, "completes the handshake for the client");
}

static void test_strange_rst_takes_an_opening_back(void **state)
{
    struct play *p = *state;
    half_open(p);
    PLAY(p, .flags = SEG_RST, .seq = 600);
    play_says(p, "answers with a challenge ACK");
    PLAY(p, .flags = SEG_RST, .seq = 101);
    play_says(p, "the opening is taken back");
}

static void test_strange_other_syn_for_a_half_open_request(void **state)
{
    struct play *p = *state;
    half_open(p);
    PLAY(p, .flags = SEG_SYN, .seq = 900);
    play_says(p, "in SYN-RECEIVED, does not take this one in its place");
    PLAY(p, .from_server = true, .flags = SEG_RST | SEG_ACK, .ack = 901);
    play_says(p, "The SYN with number 900 is refused");
    play_silent(p, "nobody listens");
}

/* --- options ------------------------------------------------------------- */

static void test_strange_fast_open_answers_early(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .data = "hello",
         .options = "\x22\x06"
                    "abcd",
         .options_len = 6);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 7);
    PLAY(p, .from_server = true, .flags = SEG_PSH | SEG_ACK, .seq = 6, .ack = 7,
         .data = "welcome");
    play_says(p, "does not wait for the last ACK of the handshake");
    PLAY(p, .flags = SEG_ACK, .seq = 7, .ack = 6);
    PLAY(p, .from_server = true, .flags = SEG_PSH | SEG_ACK, .seq = 13,
         .ack = 7, .data = "again");
    play_silent(p, "does not wait");
}

/* MP_CAPABLE in all three, then a DSS that acknowledges nothing here. */
static void test_strange_multipath_signals_are_no_duplicates(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = "\x1e\x04\x01\x01",
         .options_len = 4);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 2,
         .window = 500, .options = "\x1e\x0c\x01\x01keyskeys",
         .options_len = 12);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 6, .window = 500,
         .options = "\x1e\x14\x01\x01keyskeyskeyskeys", .options_len = 20);
    play_says(p, "repeats both keys");
    PLAY(p, .from_server = true, .flags = SEG_PSH | SEG_ACK, .seq = 6, .ack = 2,
         .window = 500, .data = "hello");
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 6, .window = 500,
         .options = "\x1e\x08\x20\x01\x00\x00\x00\x01", .options_len = 8);
    play_says(p, "a signal of Multipath TCP (DSS)");
    play_silent(p, "uplicate");
}

static void test_strange_data_sent_again_in_smaller_pieces(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502, .data = "0123456789");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502, .data = "01234", .after_us = 300000);
    play_says(p, "It is cut smaller: 5 bytes, where that one had 10");
}

/* --- after the end ------------------------------------------------------- */

static void close_both(struct play *p)
{
    play_open(p);
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1, .window = 502);
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 1, .ack = CLIENT_ISN + 2, .window = 502);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 2,
         .window = 502);
}

static void test_strange_ghost_of_a_closed_connection(void **state)
{
    struct play *p = *state;
    close_both(p);
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN, .after_us = 300000);
    assert_int_equal(p->seen.repeats, 0);
    play_says(p, "this SYN is an old one");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 90000,
         .ack = CLIENT_ISN + 1);
    assert_int_equal(p->seen.seq_rel, 0);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 2);
    play_says(p, "from TIME-WAIT the client repeats its last ACK");
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = SERVER_ISN + 2);
    play_says(p, "unless tcp_rfc1337 is set");
    PLAY(p, .flags = SEG_RST, .seq = CLIENT_ISN + 1);
    play_says(p, "the opening is taken back");
}

static void test_strange_fin_again_meets_time_wait(void **state)
{
    struct play *p = *state;
    close_both(p);
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 1, .ack = CLIENT_ISN + 2, .window = 502,
         .after_us = 200000);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 2,
         .window = 502);
    play_says(p, "The server's FIN came again");
}

static void test_strange_syn_after_time_wait(void **state)
{
    struct play *p = *state;
    close_both(p);
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN + 5000);
    play_says(p, "beyond all that one used");
    p->client.port++;
    close_both(p);
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN - 5000);
    play_says(p, "lies before the end of the connection these addresses and "
                 "ports had, 3735928561");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(test_strange_simultaneous_open_is_answered_by_both),
        TEST(test_strange_split_handshake_completes_by_an_ack),
        TEST(test_strange_lone_ack_opens_nothing),
        TEST(test_strange_syn_that_comes_before_its_timer),
        TEST(test_strange_guessed_ack_proves_nothing),
        TEST(test_strange_rst_takes_an_opening_back),
        TEST(test_strange_other_syn_for_a_half_open_request),
        TEST(test_strange_fast_open_answers_early),
        TEST(test_strange_multipath_signals_are_no_duplicates),
        TEST(test_strange_data_sent_again_in_smaller_pieces),
        TEST(test_strange_ghost_of_a_closed_connection),
        TEST(test_strange_fin_again_meets_time_wait),
        TEST(test_strange_syn_after_time_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

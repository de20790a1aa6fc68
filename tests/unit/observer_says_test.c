/* observer_says_test.c - the observer's sentences carry the real numbers of
 * each kind of segment. */
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

static void test_says_syn_first_its_number(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN, .window = 64240,
         .options = SYN_OPTIONS, .options_len = SYN_OPTIONS_LEN);
    assert_string_equal(
        p->seen.says[0].text,
        "The client asks to open a connection and announces its initial "
        "sequence number 3735928559. The number is chosen to be hard to guess "
        "(RFC 6528).");
    assert_string_equal(p->seen.says[0].rfc, "RFC 9293 3.5");
    play_says(p, "1460 bytes");
    play_says(p, "multiplied by 128");
    play_says(p, "SACK");
    play_says(p, "timestamps");
}

static void test_says_syn_ack_plus_one_and_agreement(void **state)
{
    struct play *p = *state;
    play_open(p);
    play_says(p, "completes the handshake for the client");
    play_says(p, "5001 is the server's 5000 + 1");
    play_says(p, "502 stands for 64256 bytes");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN, .options = SYN_OPTIONS,
         .options_len = SYN_OPTIONS_LEN);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = SERVER_ISN,
         .ack = CLIENT_ISN + 1, .options = SYN_ACK_OPTIONS,
         .options_len = SYN_OPTIONS_LEN);
    play_says(p, "3735928560 is the client's 3735928559 + 1: a SYN takes one "
                 "sequence number.");
    play_says(p, "the client's windows are multiplied by 128 and the server's "
                 "by 64");
    play_says(p, "SACK was offered by both");
    play_says(p, "the client's 100 (TSecr)");
}

static void test_says_syn_ack_that_drops_the_offers(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN | SEG_ECE | SEG_CWR, .seq = CLIENT_ISN,
         .options = SYN_OPTIONS, .options_len = SYN_OPTIONS_LEN);
    play_says(p, "ECE and CWR in a SYN ask");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = SERVER_ISN,
         .ack = CLIENT_ISN + 1);
    play_says(p, "no window will be scaled");
    play_says(p, "does not permit SACK");
    play_says(p, "does not send timestamps back");
    play_says(p, "does not agree to ECN");
    play_says(p, "at most 536 bytes");
}

static void test_says_ecn_agreed_and_black_hole(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN | SEG_ECE | SEG_CWR, .seq = 1);
    PLAY(p, .flags = SEG_SYN, .seq = 1, .after_us = 1030000);
    play_says(p, "Segment 1 sent again after 1.03 s: nothing acknowledged it");
    play_says(p, "no longer asks for ECN");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN | SEG_ECE | SEG_CWR, .seq = 1);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK | SEG_ECE, .seq = 5,
         .ack = 2);
    play_says(p, "ECE without CWR agrees");
}

static void test_says_closed_port(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN);
    PLAY(p, .from_server = true, .flags = SEG_RST | SEG_ACK,
         .ack = CLIENT_ISN + 1);
    assert_memory_equal(p->seen.says[0].text,
                        "Refused: nobody listens on port 1337", 36);
    play_says(p, "sequence number 0; ack 3735928560 is the client's "
                 "3735928559 + 1");
}

static void test_says_syn_ack_repeated(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 2);
    PLAY(p, .flags = SEG_SYN, .seq = 1, .after_us = 1000000);
    play_says(p, "although the server has acknowledged it");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 2);
    play_says(p, "in answer to the repeated SYN");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 2,
         .after_us = 3000000);
    play_says(p, "nothing acknowledged it");
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 6);
    play_says(p, "completes the handshake");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 2,
         .after_us = 4000000);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 6);
    play_says(p, "because the server sent old numbers again");
}

static void test_says_data_completes_the_handshake(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 2,
         .window = 1000);
    PLAY(p, .flags = SEG_PSH | SEG_ACK, .seq = 2, .ack = 6, .data = "hello");
    play_says(p, "completes the handshake for the client");
    play_says(p, "sends 5 bytes, numbers 2 to 6; they call for ack 7");
}

static void test_says_fast_open(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = "\x22\x02",
         .options_len = 2);
    play_says(p, "asks for a Fast Open cookie");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 2,
         .options = "\x22\x06"
                    "abcd",
         .options_len = 6);
    play_says(p, "hands the client a Fast Open cookie of 4 bytes");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .data = "early",
         .options = "\x22\x06"
                    "abcd",
         .options_len = 6);
    play_says(p, "cookie of 4 bytes and carries 5 bytes of data");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 7);
    play_says(p, "covers the SYN and 5 bytes");
    assert_int_equal(p->seen.answers, 3);
}

static void test_says_data_in_syn_not_taken(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .data = "early");
    play_says(p, "without a Fast Open cookie");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 2);
    play_says(p, "5 bytes of data in the SYN are not acknowledged");
    assert_int_equal(p->seen.answers, 1);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 6, .data = "early");
    play_says(p, "not accepted there");
    assert_int_equal(p->seen.repeats, 1);
}

static void test_says_signed_and_multipath(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1,
         .options = "\x13\x12"
                    "0123456789abcdef",
         .options_len = 18);
    play_says(p, "MD5 digest");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = "\x1e\x04\x01\x01",
         .options_len = 4);
    play_says(p, "offers Multipath TCP");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 2);
    play_says(p, "does not answer MP_CAPABLE");
}

static void test_says_old_duplicate_syn(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 2000);
    PLAY(p, .flags = SEG_SYN, .seq = 1000);
    play_says(p, "one of the two is an old duplicate");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 1001);
    play_says(p, "answers the SYN with number 1000, not the one with 2000");
    PLAY(p, .flags = SEG_RST, .seq = 1001);
    play_says(p, "1001, from the ack of the segment it answers");
    PLAY(p, .flags = SEG_SYN, .seq = 2000);
    assert_int_equal(p->seen.repeats, 1);
}

static void test_says_duplicate_acks_and_fast_retransmit(void **state)
{
    struct play *p = *state;
    play_open(p);
    for (uint32_t i = 0; i < 4; i++)
        PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1 + 2 * i,
             .ack = SERVER_ISN + 1, .window = 502, .data = "ab");
    for (int i = 0; i < 3; i++)
        PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
             .ack = CLIENT_ISN + 1, .window = 510,
             .options = "\x05\x0a\xde\xad\xbe\xf2\xde\xad\xbe\xf8",
             .options_len = 10);
    play_says(p, "Duplicate ACK number 3");
    play_says(p, "numbers 3735928562 to 3735928567 have arrived beyond");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502, .data = "ab", .after_us = 300);
    play_says(p, "3 duplicate acknowledgements asked for it");
}

static void test_says_windows(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 1, .window = 0);
    play_says(p, "window is 0");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN, .ack = SERVER_ISN + 1,
         .window = 502);
    play_says(p, "window probe");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 1, .window = 10);
    play_says(p, "open again: the server can take 640 bytes");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 1, .window = 20);
    play_says(p, "window update");
}

static void test_says_closing(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1, .window = 502);
    play_says(p, "FIN takes one sequence number, 3735928560");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 2, .window = 510);
    play_says(p, "client's FIN, number 3735928560, + 1");
    play_says(p, "may still send");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 2, .window = 510, .data = "late");
    play_says(p, "half close");
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 5, .ack = CLIENT_ISN + 2, .window = 510);
    play_says(p, "The client closed before");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 6,
         .window = 502);
    play_says(p, "the client, which closed first, waits in TIME-WAIT");
}

static void test_says_closing_at_the_same_time(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .flags = SEG_FIN | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1);
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 1, .ack = CLIENT_ISN + 1);
    play_says(p, "both close at the same time");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 2, .ack = SERVER_ISN + 2);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 2,
         .ack = CLIENT_ISN + 2);
    play_says(p, "each waits in TIME-WAIT");
}

static void test_says_abort_and_challenge(void **state)
{
    struct play *p = *state;
    play_open(p);
    PLAY(p, .from_server = true, .flags = SEG_RST, .seq = SERVER_ISN + 101);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502);
    play_says(p, "does not simply believe the RST");
    PLAY(p, .flags = SEG_RST | SEG_ACK, .seq = CLIENT_ISN + 1,
         .ack = SERVER_ISN + 1);
    play_says(p, "without a FIN");
    play_says(p, "exactly the one the server expects");
}

static void test_says_impossible_ack(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1);
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = 70, .ack = 2);
    play_says(p, "without a SYN of its own it opens nothing");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN, .seq = 1);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 5,
         .ack = 2);
    PLAY(p, .flags = SEG_ACK, .seq = 2, .ack = 500);
    play_says(p, "calls for 6 and answers with RST");
    p->client.port++;
    play_open(p);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 999,
         .window = 502);
    play_says(p, "beyond what the server was seen to send");
}

static void test_says_scans(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = 0, .seq = 5);
    play_says(p, "flags (none) fit no connection");
    p->client.port++;
    PLAY(p, .flags = SEG_FIN, .seq = 5);
    PLAY(p, .from_server = true, .flags = SEG_RST | SEG_ACK, .ack = 6);
    play_says(p, "There is no such connection");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN | SEG_FIN, .seq = 5);
    play_says(p, "SYN and FIN together");
    p->client.port++;
    PLAY(p, .flags = SEG_SYN | SEG_ACK, .seq = 5, .ack = 900);
    play_says(p, "which was not seen here");
}

static void test_says_malformed_option(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 1, .options = "\x02\x00",
         .options_len = 2);
    play_says(p, "length that cannot be true");
    play_says(p, "names no MSS");
    play_silent(p, "window scaling");
}

static void test_says_relative_numbers_count_from_each_isn(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN);
    play_says_relative(p, "number 3735928559 (relative 0). The number");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = SERVER_ISN,
         .ack = CLIENT_ISN + 1);
    play_says_relative(p, "number 5000 (relative 0).");
    play_says_relative(p, "Ack 1 is the client's 0 + 1: a SYN takes one");
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .data = "hello", .window = 502);
    play_says(p, "numbers 3735928560 to 3735928564; they call for ack "
                 "3735928565");
    play_says_relative(p, "numbers 1 to 5; they call for ack 6");
    PLAY(p, .from_server = true, .flags = SEG_ACK, .seq = SERVER_ISN + 1,
         .ack = CLIENT_ISN + 6, .window = 502);
    play_says_relative(p, "Ack 6 acknowledges 5 numbers, up to the end of "
                          "segment 3: everything before 6 has arrived.");
    PLAY(p, .from_server = true, .flags = SEG_FIN | SEG_ACK,
         .seq = SERVER_ISN + 1, .ack = CLIENT_ISN + 6, .window = 502);
    play_says_relative(p, "one sequence number, 1: it calls for ack 2.");
}

/* Where the two wordings would be the same there is only one. */
static void test_says_relative_only_where_it_differs(void **state)
{
    struct play *p = *state;
    PLAY(p, .flags = SEG_SYN, .seq = 0);
    for (size_t i = 1; i < p->seen.sentence_count; i++)
        assert_string_equal(p->seen.says[i].text_rel, "");
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = 0,
         .ack = 1);
    play_says(p, "Ack 1 is the client's 0 + 1");
    for (size_t i = 1; i < p->seen.sentence_count; i++)
        assert_string_equal(p->seen.says[i].text_rel, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_says_syn_first_its_number),
        TEST(test_says_syn_ack_plus_one_and_agreement),
        TEST(test_says_syn_ack_that_drops_the_offers),
        TEST(test_says_ecn_agreed_and_black_hole),
        TEST(test_says_closed_port),
        TEST(test_says_syn_ack_repeated),
        TEST(test_says_data_completes_the_handshake),
        TEST(test_says_fast_open),
        TEST(test_says_data_in_syn_not_taken),
        TEST(test_says_signed_and_multipath),
        TEST(test_says_old_duplicate_syn),
        TEST(test_says_duplicate_acks_and_fast_retransmit),
        TEST(test_says_windows),
        TEST(test_says_closing),
        TEST(test_says_closing_at_the_same_time),
        TEST(test_says_abort_and_challenge),
        TEST(test_says_impossible_ack),
        TEST(test_says_scans),
        TEST(test_says_malformed_option),
        TEST(test_says_relative_numbers_count_from_each_isn),
        TEST(test_says_relative_only_where_it_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

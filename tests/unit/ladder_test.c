/* ladder_test.c - runs as text: golden ladders at 80 columns, and what must
 * hold at any width. */
#include "sample.h"
#include "test.h"

#include "ladder_internal.h"

#include "handshake/words.h"

#include <errno.h>
#include <string.h>

/* All of a log as text; the caller frees *out. */
static const char *draw(const struct runlog *log, struct ladder_options opt,
                        struct buf *out)
{
    struct ladder *l = ladder_new(opt);
    assert_non_null(l);
    buf_init(out, 1 << 20);
    for (uint32_t id = 1; id <= runlog_count(log); id++)
        ladder_add(l, runlog_get(log, id), out);
    ladder_flush(l, out);
    ladder_free(l);
    assert_false(out->failed);
    return buf_text(out);
}

static void check_ladder(struct runlog *log, const char *expected)
{
    struct ladder_options opt = {.columns = 80};
    struct buf out;
    assert_string_equal(draw(log, opt, &out), expected);
    buf_done(&out);
    runlog_free(log);
}

static void check_has(struct runlog *log, unsigned columns, const char *part)
{
    struct ladder_options opt = {.columns = columns};
    struct buf out;
    const char *text = draw(log, opt, &out);
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in\n%s", part, text);
    buf_done(&out);
    runlog_free(log);
}

/* clang-format off */
static void test_ladder_of_a_handshake(void **state)
{
    (void)state;
    check_ladder(sample_handshake(),
"       ms client 192.0.2.1                                 server 192.0.2.2:1337\n"
"    0.081              connect(192.0.2.2:1337) ...\n"
"    0.093 SYN-SENT     -- <SEQ=0><CTL=SYN> -----------------------> SYN-RECEIVED\n"
"    0.110 ESTABLISHED  <- <SEQ=0><ACK=1><CTL=SYN,ACK> ------------- SYN-RECEIVED\n"
"    0.125 ESTABLISHED  -- <SEQ=1><ACK=1><CTL=ACK> ----------------> ESTABLISHED\n"
"    0.130              connect() = 0\n"
"    0.140              send(5 bytes) ...\n"
"    0.145 ESTABLISHED  -- <SEQ=1><ACK=1><CTL=PSH,ACK><DATA=5> ----> ESTABLISHED\n"
"                         \"hello\"\n"
"    0.150              send() = 0\n"
"    0.170                                                   hello |\n"
"\n"
"established: It went as it should.\n"
"1 of 1 expectations met.\n");
}

static void test_ladder_unmet_expectations_are_listed(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_end_of_run(log, 100, false);
    check_ladder(log,
"\n"
"refused: It went as it should.\n"
"0 of 1 expectations met.\n"
"  NOT MET  client connect ok - client connect ECONNREFUSED\n");
}

static void test_ladder_late_arrival_has_its_own_line(void **state)
{
    (void)state;
    struct segment_spec syn = {.flags = SEG_SYN, .window = 1};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, syn);
    uint32_t id = sample_arrival(log, 1300000000, 1);
    sample_state(log, 1300000100, HOST_SERVER, TCP_STATE_SYN_RECEIVED, id);
    check_ladder(log,
"    0.000 CLOSED       -- <SEQ=0><CTL=SYN> ........................ CLOSED\n"
" 1300.000 CLOSED       .. <SEQ=0><CTL=SYN> -----------------------> SYN-RECEIVED\n");
}

static void test_ladder_call_that_nothing_interrupts_is_one_line(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    uint32_t begin = sample_call(log, 1000, HOST_SERVER, "listen", "128");
    uint32_t end = sample_return(log, 2000, begin, 0);
    sample_state(log, 3000, HOST_SERVER, TCP_STATE_LISTEN, end);
    check_ladder(log,
"    0.001                                           listen(128) = 0 LISTEN\n");
}

/* A SYN of the client from that port, and its arrival. */
static void add_syn_from(struct runlog *log, uint64_t t_ns, uint32_t n,
                         uint16_t port)
{
    uint8_t packet[SAMPLE_PACKET_BYTES];
    const struct segment_spec syn = {.src = {{4, {192, 0, 2, 1}}, port},
                                     .dst = {{4, {192, 0, 2, 2}}, 1337},
                                     .flags = SEG_SYN};
    int len = segment_build(&syn, packet, sizeof(packet));
    assert_true(len > 0);
    const struct event e = {.t_ns = t_ns,
                            .kind = EVENT_SEGMENT,
                            .segment = {.n = n,
                                        .from = HOST_CLIENT,
                                        .bytes = packet,
                                        .len = (size_t)len}};
    assert_true(runlog_append(log, &e) > 0);
    sample_arrival(log, t_ns, n);
}

static void test_ladder_later_connections_are_numbered(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    add_syn_from(log, 1000, 1, 40000);
    add_syn_from(log, 2000, 2, 40001);
    add_syn_from(log, 3000, 3, 40000);
    add_syn_from(log, 4000, 4, 40002);
    check_ladder(log,
"    0.001 CLOSED       -- <SEQ=0><CTL=SYN> -----------------------> CLOSED\n"
"    0.002 CLOSED       -- #2 <SEQ=0><CTL=SYN> --------------------> CLOSED\n"
"    0.003 CLOSED       -- <SEQ=0><CTL=SYN> -----------------------> CLOSED\n"
"                         segment 1 again\n"
"    0.004 CLOSED       -- #3 <SEQ=0><CTL=SYN> --------------------> CLOSED\n");
}

static void test_ladder_lines_leave_in_order_of_time(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_message(log, 3000, HOST_CLIENT, "third");
    sample_message(log, 1000, HOST_CLIENT, "first");
    sample_message(log, 2000, HOST_CLIENT, "second");
    sample_message(log, 3000, HOST_CLIENT, "fourth");
    check_ladder(log,
"    0.001              | first\n"
"    0.002              | second\n"
"    0.003              | third\n"
"    0.003              | fourth\n");
}

static void test_ladder_failed_call_has_its_meaning_below(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    uint32_t begin = sample_call(log, 0, HOST_CLIENT, "connect", "x");
    sample_return(log, 5000, begin, EPERM);
    check_has(log, 80,
"    0.000              connect(x) = EPERM\n"
"                         ");
}
/* clang-format on */

static void test_ladder_dropped_segment_ends_in_a_cross(void **state)
{
    (void)state;
    struct segment_spec syn = {.flags = SEG_SYN, .window = 1};
    const struct event dropped = {.kind = EVENT_COPY,
                                  .copy = {.n = 1,
                                           .copy = 1,
                                           .fate = FATE_DROPPED,
                                           .by = BY_RULE,
                                           .by_name = "first SYN"}};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, syn);
    runlog_append(log, &dropped);
    check_has(log, 80,
              "-X CLOSED\n                         dropped by rule first");
}

static void test_ladder_repeated_segment_says_so(void **state)
{
    (void)state;
    struct segment_spec syn = {.flags = SEG_SYN, .window = 1};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, syn);
    sample_segment(log, 1000, 2, HOST_CLIENT, syn);
    check_has(log, 80, "\n                         segment 1 again\n");
}

static void test_ladder_data_goes_on_the_arrow_when_wide(void **state)
{
    (void)state;
    check_has(sample_handshake(), 100, "<DATA=5> \"hello\" ---");
}

static void test_ladder_timer_state_has_its_own_line(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_state(log, 60000000000, HOST_CLIENT, TCP_STATE_CLOSED, 0);
    check_has(log, 80, "60000.000 CLOSED       (timer)\n");
}

static void test_ladder_state_of_a_call_stands_before_its_segment(void **state)
{
    (void)state;
    /* close() sends the FIN and returns after it; the state is seen last. */
    struct segment_spec fin = {.flags = SEG_FIN | SEG_ACK, .window = 1};
    struct runlog *log = sample_log();
    uint32_t begin = sample_call(log, 1000, HOST_CLIENT, "close", "");
    uint32_t end = sample_return(log, 9000, begin, 0);
    sample_state(log, 9500, HOST_CLIENT, TCP_STATE_FIN_WAIT_1, end);
    sample_segment(log, 5000, 1, HOST_CLIENT, fin);
    check_has(log, 80,
              "FIN-WAIT-1   close() ...\n"
              "    0.005 FIN-WAIT-1   -- <SEQ=");
}

static void test_ladder_never_obeys_what_it_shows(void **state)
{
    (void)state;
    static const char evil[] = "\x1b[2J\x07\xff\xc2\x9b";
    struct segment_spec spec = {.flags = SEG_ACK,
                                .payload = (const uint8_t *)evil,
                                .payload_len = sizeof(evil)};
    struct runlog *log = sample_log();
    sample_message(log, 0, HOST_CLIENT, evil);
    sample_call(log, 0, HOST_CLIENT, "send", evil);
    sample_segment(log, 0, 1, HOST_SERVER, spec);
    struct ladder_options opt = {.columns = 80};
    struct buf out;
    const char *text = draw(log, opt, &out);
    for (size_t i = 0; i < out.len;) {
        uint32_t code;
        size_t n = utf8_char(text + i, out.len - i, &code);
        assert_true(n > 0);
        assert_true(code == '\n' || (code >= 0x20 && code != 0x7f));
        assert_false(code >= 0x80 && code < 0xa0);
        i += n;
    }
    buf_done(&out);
    runlog_free(log);
}

/* Without colour no line is wider than asked for, whatever is asked for. */
static void test_ladder_keeps_to_its_columns(void **state)
{
    (void)state;
    static const unsigned columns[] = {0, 60, 66, 72, 80, 100, 120, 5000};
    char message[300];
    memset(message, 'm', sizeof(message));
    message[sizeof(message) - 1] = '\0';
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
        struct runlog *log = sample_handshake();
        struct runlog *more = sample_log();
        struct ladder_options opt = {.columns = columns[i]};
        size_t limit = columns[i] < 60 ? 60 : columns[i];
        limit = limit > 120 ? 120 : limit;
        struct buf out;
        sample_message(more, 0, HOST_SERVER, message);
        for (int pass = 0; pass < 2; pass++) {
            char *line = (char *)(uintptr_t)draw(pass ? more : log, opt, &out);
            for (char *end; (end = strchr(line, '\n')); line = end + 1) {
                *end = '\0';
                assert_true(words_width(line) <= limit);
            }
            buf_done(&out);
        }
        runlog_free(log);
        runlog_free(more);
    }
}

static void test_ladder_narrow_terminals_get_brief_names(void **state)
{
    (void)state;
    check_has(sample_handshake(), 60,
              "ESTAB      <- SEQ=0 ACK=1 SYN,ACK ----- SYN-RECV\n");
}

static void test_ladder_numbers_that_do_not_fit_stand_below(void **state)
{
    (void)state;
    struct segment_spec ack = {
        .flags = SEG_SYN | SEG_ACK | SEG_ECE, .ack = 1, .window = 1};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, ack);
    check_has(log, 60, " -- SYN,ACK,ECE ...");
    log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, ack);
    check_has(log, 60, "\n                       SEQ=0 ACK=1 SYN,ACK,ECE\n");
}

static void test_ladder_long_calls_and_times_keep_to_the_width(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_call(log, 360000123456000, HOST_CLIENT, "setsockopt",
                "TCP_USER_TIMEOUT, a value that is far too long for a line");
    check_has(log, 60,
              "360000123            setsockopt(TCP_USER_TIMEOUT,\n"
              "                     a value that is far too long\n"
              "                     for a line) ...\n");
}

static void test_ladder_colour_changes_no_text(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct ladder_options plain = {.columns = 80};
    struct ladder_options colour = {.columns = 80, .colour = true};
    struct buf a;
    struct buf b;
    draw(log, plain, &a);
    draw(log, colour, &b);
    assert_non_null(strchr(b.data, '\x1b'));
    char *to = b.data;
    for (const char *from = b.data; *from;) {
        if (*from == '\x1b')
            from += strcspn(from, "m") + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    assert_string_equal(b.data, a.data);
    buf_done(&a);
    buf_done(&b);
    runlog_free(log);
}

static void test_ladder_many_events_at_one_time_are_all_shown(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct runlog *log = sample_log();
    for (int i = 0; i < MANY; i++)
        sample_message(log, 7000, HOST_CLIENT, "x");
    struct ladder_options opt = {.columns = 80};
    struct buf out;
    const char *text = draw(log, opt, &out);
    size_t lines = 0;
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    assert_int_equal(lines, MANY);
    buf_done(&out);
    runlog_free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ladder_of_a_handshake),
        cmocka_unit_test(test_ladder_unmet_expectations_are_listed),
        cmocka_unit_test(test_ladder_late_arrival_has_its_own_line),
        cmocka_unit_test(test_ladder_call_that_nothing_interrupts_is_one_line),
        cmocka_unit_test(test_ladder_later_connections_are_numbered),
        cmocka_unit_test(test_ladder_lines_leave_in_order_of_time),
        cmocka_unit_test(test_ladder_failed_call_has_its_meaning_below),
        cmocka_unit_test(test_ladder_dropped_segment_ends_in_a_cross),
        cmocka_unit_test(test_ladder_repeated_segment_says_so),
        cmocka_unit_test(test_ladder_data_goes_on_the_arrow_when_wide),
        cmocka_unit_test(test_ladder_timer_state_has_its_own_line),
        cmocka_unit_test(test_ladder_state_of_a_call_stands_before_its_segment),
        cmocka_unit_test(test_ladder_never_obeys_what_it_shows),
        cmocka_unit_test(test_ladder_keeps_to_its_columns),
        cmocka_unit_test(test_ladder_narrow_terminals_get_brief_names),
        cmocka_unit_test(test_ladder_numbers_that_do_not_fit_stand_below),
        cmocka_unit_test(test_ladder_long_calls_and_times_keep_to_the_width),
        cmocka_unit_test(test_ladder_colour_changes_no_text),
        cmocka_unit_test(test_ladder_many_events_at_one_time_are_all_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* seq_test.c - sequence numbers around the wrap, and the small pure tables:
 * state names, addresses, flags. */
#include "test.h"

#include "handshake/address.h"
#include "handshake/segment.h"
#include "handshake/seq.h"
#include "handshake/tcpstate.h"

#include <string.h>

static void test_seq_order_holds_across_wrap(void **state)
{
    (void)state;
    assert_true(seq_before(1, 2));
    assert_true(seq_before(0xffffffffu, 0));
    assert_false(seq_before(0, 0xffffffffu));
    assert_false(seq_before(7, 7));
    assert_true(seq_before_eq(7, 7));
    assert_true(seq_before_eq(0xfffffff0u, 5));
}

static void test_seq_in_window_across_wrap(void **state)
{
    (void)state;
    assert_true(seq_in(0xffffffffu, 0xfffffff0u, 32));
    assert_true(seq_in(15, 0xfffffff0u, 32));
    assert_false(seq_in(16, 0xfffffff0u, 32));
    assert_false(seq_in(5, 5, 0));
}

static void test_tcpstate_names_all(void **state)
{
    (void)state;
    for (int s = 0; s < TCP_STATE_COUNT; s++)
        assert_true(strlen(tcp_state_name((enum tcp_state)s)) >= 6);
    assert_string_equal(tcp_state_name(TCP_STATE_SYN_RECEIVED), "SYN-RECEIVED");
    assert_string_equal(tcp_state_name((enum tcp_state)99), "unknown");
}

static void test_tcpstate_from_linux_numbers(void **state)
{
    (void)state;
    assert_int_equal(tcp_state_from_linux(1), TCP_STATE_ESTABLISHED);
    assert_int_equal(tcp_state_from_linux(10), TCP_STATE_LISTEN);
    assert_int_equal(tcp_state_from_linux(12), TCP_STATE_SYN_RECEIVED);
    assert_int_equal(tcp_state_from_linux(6), TCP_STATE_TIME_WAIT);
    assert_int_equal(tcp_state_from_linux(0), TCP_STATE_CLOSED);
    assert_int_equal(tcp_state_from_linux(4000000000u), TCP_STATE_CLOSED);
}

static void test_address_text_and_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"192.0.2.1", "2001:db8::1",
                                        "::", "0.0.0.0"};
    char text[ENDPOINT_TEXT_BYTES];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct ipaddr addr;
        assert_true(ipaddr_parse(texts[i], &addr));
        assert_string_equal(ipaddr_text(&addr, text), texts[i]);
    }
    struct ipaddr addr;
    assert_false(ipaddr_parse("192.0.2.256", &addr));
    assert_false(ipaddr_parse("", &addr));
    assert_string_equal(ipaddr_text(&(struct ipaddr){0}, text), "");
}

static void test_endpoint_text_and_equality(void **state)
{
    (void)state;
    struct endpoint a = {.port = 1337}, b = {.port = 1337};
    char text[ENDPOINT_TEXT_BYTES];
    ipaddr_parse("192.0.2.2", &a.addr);
    ipaddr_parse("2001:db8::2", &b.addr);
    assert_string_equal(endpoint_text(&a, text), "192.0.2.2:1337");
    assert_string_equal(endpoint_text(&b, text), "[2001:db8::2]:1337");
    assert_false(endpoint_equal(&a, &b));
    b = a;
    assert_true(endpoint_equal(&a, &b));
    b.port++;
    assert_false(endpoint_equal(&a, &b));
}

static void test_flags_text_order_people_say(void **state)
{
    (void)state;
    char text[SEGMENT_FLAGS_TEXT_BYTES];
    assert_string_equal(segment_flags_text(SEG_SYN | SEG_ACK, text), "SYN,ACK");
    assert_string_equal(segment_flags_text(SEG_PSH | SEG_ACK, text), "PSH,ACK");
    assert_string_equal(segment_flags_text(SEG_SYN | SEG_ECE | SEG_CWR, text),
                        "SYN,ECE,CWR");
    assert_string_equal(segment_flags_text(0, text), "(none)");
    assert_string_equal(segment_flags_text(0xffff, text),
                        "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR,AE");
}

static void test_flags_parse_every_combination(void **state)
{
    (void)state;
    char text[SEGMENT_FLAGS_TEXT_BYTES];
    for (unsigned flags = 0; flags < 0x200; flags++) {
        uint16_t parsed = 0xffff;
        segment_flags_text((uint16_t)flags, text);
        assert_true(segment_flags_parse(text, &parsed));
        assert_int_equal(parsed, flags);
    }
}

static void test_flags_parse_is_lenient_in_form_only(void **state)
{
    (void)state;
    uint16_t flags = 0x55;
    assert_true(segment_flags_parse("syn+Ack", &flags));
    assert_int_equal(flags, SEG_SYN | SEG_ACK);
    flags = 0x55;
    static const char *const wrong[] = {"",       ",", "SYN,",
                                        "SYNACK", "S", "SYN ,"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(segment_flags_parse(wrong[i], &flags));
    assert_int_equal(flags, 0x55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seq_order_holds_across_wrap),
        cmocka_unit_test(test_seq_in_window_across_wrap),
        cmocka_unit_test(test_tcpstate_names_all),
        cmocka_unit_test(test_tcpstate_from_linux_numbers),
        cmocka_unit_test(test_address_text_and_back),
        cmocka_unit_test(test_endpoint_text_and_equality),
        cmocka_unit_test(test_flags_text_order_people_say),
        cmocka_unit_test(test_flags_parse_every_combination),
        cmocka_unit_test(test_flags_parse_is_lenient_in_form_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

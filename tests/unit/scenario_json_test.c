/* scenario_json_test.c - scenario documents: read, written, read again; and
 * every way to get one wrong. */
#include "test.h"

#include "json_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Scenarios are large: both sides of a comparison live here. */
static struct scenario first, second;
static struct json_faults faults;

static int read_text(const char *text, struct scenario *ret)
{
    return json_scenario_read(text, strlen(text), ret, &faults);
}

static void check_reads(const char *text)
{
    int rc = read_text(text, &first);
    if (rc != 0)
        fail_msg("%s: %s", faults.list[0].pointer, faults.list[0].text);
    assert_int_equal(faults.count, 0);
}

/* One fault, at that place, and its text holds part. */
static void check_fault(const char *text, const char *pointer, const char *part)
{
    assert_int_equal(read_text(text, &first), -EINVAL);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].pointer, pointer);
    if (!strstr(faults.list[0].text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, faults.list[0].text);
}

/* As check_fault, of a scenario with this one client step. */
static void check_step_fault(const char *step, const char *pointer,
                             const char *part)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_printf(&text, "{\"id\":\"a\",\"title\":\"b\",\"client\":[%s]}", step);
    check_fault(buf_text(&text), pointer, part);
    buf_done(&text);
}

static void test_catalog_documents_survive_a_round_trip(void **state)
{
    (void)state;
    assert_true(catalog_count() >= 2);
    for (size_t i = 0; i < catalog_count(); i++) {
        struct buf out;
        buf_init(&out, 1 << 16);
        memset(&second, 0, sizeof(second));
        json_scenario_write(catalog_at(i), &out);
        assert_int_equal(read_text(buf_text(&out), &second), 0);
        assert_false(second.builtin); /* no document can say so */
        second.builtin = true;
        assert_memory_equal(&second, catalog_at(i), sizeof(second));
        buf_done(&out);
    }
}

/* Who stands in front of a class finds something to ask or to point at. */
static void test_catalog_scenarios_have_notes(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct scenario *sc = catalog_at(i);
        if (strlen(sc->notes) < 40 || strlen(sc->notes) > 500)
            fail_msg("%s: notes of %zu bytes", sc->id, strlen(sc->notes));
        for (size_t k = 0; k < i; k++)
            if (strcmp(sc->notes, catalog_at(k)->notes) == 0)
                fail_msg("%s has the notes of %s", sc->id, catalog_at(k)->id);
    }
}

static void test_catalog_finds_by_id(void **state)
{
    (void)state;
    assert_string_equal(catalog_at(0)->id, "open");
    assert_string_equal(catalog_find("classic")->id, "classic");
    assert_null(catalog_find("Classic"));
    assert_null(catalog_at(catalog_count()));
    assert_string_equal(catalog_nearest("clasic")->id, "classic");
    assert_null(catalog_nearest("something quite different"));
    assert_null(catalog_nearest(""));
    size_t len = 0;
    assert_non_null(strstr(catalog_document(0, &len), "\"open\""));
}

static void test_scenario_classic_is_read_whole(void **state)
{
    (void)state;
    const struct scenario *sc = catalog_find("classic");
    assert_int_equal(sc->step_count[HOST_SERVER], 19);
    assert_int_equal(sc->step_count[HOST_CLIENT], 16);
    assert_int_equal(sc->port, 1337);
    assert_int_equal(sc->expect.call_count, 1);
    assert_string_equal(sc->expect.calls[0].call, "connect");
    assert_string_equal(sc->expect.calls[0].result, "ok");
    assert_int_equal(sc->expect.segment_count, 9);
    const struct step *set = &sc->steps[HOST_SERVER][6];
    assert_int_equal(set->call, STEP_SET);
    assert_string_equal(set->name, "s");
    assert_int_equal(set->min, 100);
    assert_int_equal(set->max, 2000);
    assert_string_equal(sc->steps[HOST_CLIENT][4].text, "[1] SYN/seq={c}");
}

static void test_scenario_defaults(void **state)
{
    (void)state;
    check_reads("{\"id\":\"a\",\"title\":\"b\",\"needs\":[\"wire\"],"
                "\"server\":[{\"call\":\"listen\",\"port\":7}],"
                "\"client\":[{\"call\":\"connect\"},"
                "{\"call\":\"print\",\"text\":\"\"},"
                "{\"call\":\"sleep\",\"ms\":0}]}");
    assert_true(first.needs_wire);
    assert_int_equal(first.port, 7);
    assert_int_equal(first.steps[HOST_CLIENT][0].port, 0);
    check_reads("{\"id\":\"a\",\"title\":\"b\","
                "\"client\":[{\"call\":\"connect\"}]}");
    assert_int_equal(first.port, SCENARIO_DEFAULT_PORT);
    assert_false(first.needs_wire);
}

static void test_scenario_unknown_member_is_a_fault(void **state)
{
    (void)state;
    check_step_fault("{\"call\":\"connect\",\"prot\":1}", "/client/0/prot",
                     "unknown member; a `connect` step takes call, on, port");
    check_step_fault("{\"call\":\"close\",\"port\":1}", "/client/0/port",
                     "unknown member; a `close` step takes call, on");
    check_fault("{\"id\":\"a\",\"title\":\"b\",\"sever\":[],"
                "\"client\":[{\"call\":\"accept\"}]}",
                "/sever", "unknown member; a scenario takes id, title");
    check_step_fault("{\"call\":\"accept\",\"a/b~c\":1}", "/client/0/a~1b~0c",
                     "unknown member");
}

static void test_scenario_missing_member_is_a_fault(void **state)
{
    (void)state;
    check_fault("{\"title\":\"b\",\"client\":[{\"call\":\"accept\"}]}", "",
                "needs the member `id`");
    check_fault("{\"id\":\"a\",\"title\":\"b\"}", "", "needs steps");
    check_step_fault("{\"call\":\"send\"}", "/client/0",
                     "a `send` step needs a text");
    check_step_fault("{\"call\":\"print\"}", "/client/0",
                     "needs the member `text`");
    check_step_fault("{\"call\":\"send\",\"text\":\"\"}", "/client/0",
                     "not empty");
    check_step_fault("{}", "/client/0/call", "must be one of listen, connect");
    check_step_fault("3", "/client/0/call", "must be one of");
}

static void test_scenario_wrong_kind_is_a_fault(void **state)
{
    (void)state;
    check_fault("[]", "", "a scenario must be an object, not an array");
    check_fault("{\"id\":\"a\",\"title\":null,"
                "\"client\":[{\"call\":\"accept\"}]}",
                "/title", "must be a string, not null");
    check_fault("{\"id\":\"a\",\"title\":\"b\",\"client\":{}}", "/client",
                "must be an array of steps, not an object");
    check_step_fault("{\"call\":\"connect\",\"port\":\"80\"}", "/client/0/port",
                     "whole number from 1 to 65535");
}

static void test_scenario_number_out_of_range_is_a_fault(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0",   "65536", "-1",    "1.5",
                                          "1e9", "1e999", "-1e999"};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        char step[64];
        snprintf(step, sizeof(step), "{\"call\":\"connect\",\"port\":%s}",
                 numbers[i]);
        check_step_fault(step, "/client/0/port", "from 1 to 65535");
    }
    check_step_fault("{\"call\":\"set\",\"name\":\"a\",\"min\":2,\"max\":1}",
                     "/client/0", "`min` must not be more than `max`");
    check_step_fault("{\"call\":\"sleep\",\"ms\":600001}", "/client/0/ms",
                     "from 0 to 600000");
}

static void test_scenario_text_rules(void **state)
{
    (void)state;
    check_fault("{\"id\":\"A b\",\"title\":\"b\","
                "\"client\":[{\"call\":\"accept\"}]}",
                "/id", "small letters");
    check_step_fault("{\"call\":\"accept\",\"on\":\"1a\"}", "/client/0/on",
                     "a letter followed by");
    check_step_fault("{\"call\":\"accept\",\"on\":\"abcdefghijklmnop\"}",
                     "/client/0/on", "is 16 bytes long; at most 15");
    check_step_fault("{\"call\":\"print\",\"text\":\"{c\"}", "/client/0/text",
                     "a variable must stand");
    check_step_fault("{\"call\":\"print\",\"text\":\"{c+}\"}", "/client/0/text",
                     "a variable must stand");
    check_reads("{\"id\":\"a\",\"title\":\"b\",\"client\":"
                "[{\"call\":\"print\",\"text\":\"{{ {a+12} }\"}]}");
}

static void test_scenario_expect_rules(void **state)
{
    (void)state;
#define WITH_EXPECT(x)                                                         \
    "{\"id\":\"a\",\"title\":\"b\",\"client\":[{\"call\":\"connect\"}],"       \
    "\"expect\":" x "}"
    check_reads(WITH_EXPECT("{\"client\":{\"connect\":\"ECONNREFUSED\"},"
                            "\"segments\":[\"server RST,ACK\"]}"));
    check_reads(WITH_EXPECT(
        "{\"client\":{\"connect second\":\"ok\"},\"server\":{\"accept\":"
        "\"EAGAIN\"},\"segments\":[\"client SYN dropped\",\"server ICMP 3/1 "
        "forged\"],\"no_segments\":[\"server RST,ACK\"],\"states\":[\"server "
        "SYN-RECEIVED\"],\"end_states\":[\"client CLOSED\"],\"counters\":"
        "[\"server ListenOverflows 2\"],\"verdict\":\"timed-out\","
        "\"connect_ms\":[10,20]}"));
    assert_string_equal(first.expect.calls[0].on, "second");
    assert_int_equal(first.expect.calls[1].host, HOST_SERVER);
    assert_int_equal(first.expect.connect_max_ms, 20);
    check_fault(WITH_EXPECT("{\"client\":{\"connect\":\"EFOO\"}}"),
                "/expect/client/connect", "an errno");
    check_fault(WITH_EXPECT("{\"segments\":[\"client ACK,SYN\"]}"),
                "/expect/segments/0", "a host and its flags");
    check_fault(WITH_EXPECT("{\"segments\":[\"client SYN lost\"]}"),
                "/expect/segments/0", "a host and its flags");
    check_fault(WITH_EXPECT("{\"no_segments\":[\"server ICMP 3\"]}"),
                "/expect/no_segments/0", "a host and its flags");
    check_fault(WITH_EXPECT("{\"states\":[\"server SYN_RECV\"]}"),
                "/expect/states/0", "a host and a state");
    check_fault(WITH_EXPECT("{\"counters\":[\"server Overflows\"]}"),
                "/expect/counters/0", "a counter that is known");
    check_fault(WITH_EXPECT("{\"verdict\":\"fine\"}"), "/expect/verdict",
                "a verdict");
    check_fault(WITH_EXPECT("{\"connect_ms\":[1]}"), "/expect/connect_ms",
                "two numbers");
    check_fault(WITH_EXPECT("{\"segments\":[\"wire SYN\"]}"),
                "/expect/segments/0", "a host and its flags");
#undef WITH_EXPECT
}

static void test_scenario_steps_in_full(void **state)
{
    (void)state;
    check_reads(
        "{\"id\":\"a\",\"title\":\"b\",\"ip\":4,\"next\":\"open\",\"seconds\":"
        "3,"
        "\"sysctl\":{\"server\":{\"tcp_syncookies\":0}},"
        "\"wire\":[\"client SYN nth 1 drop\"],\"server\":["
        "{\"call\":\"inject\",\"forge\":{\"to\":\"server\",\"flags\":\"SYN\"},"
        "\"after\":\"client SYN sent\"}],\"client\":["
        "{\"call\":\"option\",\"name\":\"TCP_SYNCNT\",\"value\":1,"
        "\"form\":\"short\"},"
        "{\"call\":\"option\",\"name\":\"TCP_MD5SIG\",\"value\":\"key\"},"
        "{\"call\":\"socket\",\"on\":\"many\",\"how\":\"mptcp\"},"
        "{\"call\":\"option\",\"name\":\"TCP_QUEUE_SEQ\",\"value\":4294967295},"
        "{\"call\":\"connect\",\"nonblock\":true,\"fails\":\"EINPROGRESS\"},"
        "{\"call\":\"send\",\"bytes\":100,\"repeat\":3},"
        "{\"call\":\"shutdown\"},{\"call\":\"crash\"},"
        "{\"call\":\"route\",\"how\":\"none\"},"
        "{\"call\":\"wait\",\"after\":\"server accept returned\"}],"
        "\"long\":{\"seconds\":60,\"expect\":{\"verdict\":\"timed-out\"}}}");
    assert_true(first.needs_wire);
    assert_int_equal(first.sysctl_count, 1);
    assert_string_equal(first.sysctls[0].value, "0");
    assert_int_equal(first.forge_count, 1);
    assert_int_equal(first.wire.rule_count, 1);
    assert_int_equal(first.long_seconds, 60);
    assert_int_equal(first.steps[HOST_CLIENT][0].form, FORM_SHORT);
    assert_string_equal(first.steps[HOST_CLIENT][1].text, "key");
    assert_string_equal(first.steps[HOST_CLIENT][2].how, "mptcp");
    assert_int_equal(first.steps[HOST_CLIENT][3].value, UINT32_MAX);
    struct buf out;
    buf_init(&out, 1 << 16);
    json_scenario_write(&first, &out);
    assert_int_equal(read_text(buf_text(&out), &second), 0);
    assert_memory_equal(&second, &first, sizeof(second));
    buf_done(&out);
}

static void test_scenario_step_faults(void **state)
{
    (void)state;
    check_step_fault("{\"call\":\"accept\",\"after\":\"x\"}", "/client/0/after",
                     "client connect returned");
    check_step_fault(
        "{\"call\":\"accept\",\"after\":\"client SYN sent nth 0\"}",
        "/client/0/after", "client connect returned");
    check_step_fault("{\"call\":\"option\",\"name\":\"TCP_FOO\",\"value\":1}",
                     "/client/0/name", "a socket option");
    check_step_fault(
        "{\"call\":\"option\",\"name\":\"TCP_SYNCNT\",\"value\":\"1\"}",
        "/client/0/value", "takes a number");
    check_step_fault(
        "{\"call\":\"option\",\"name\":\"TCP_SYNCNT\",\"value\":2147483648}",
        "/client/0/value", "is more than 2147483647");
    check_step_fault("{\"call\":\"socket\",\"how\":\"udp\"}", "/client/0/how",
                     "\"tcp\" or \"mptcp\"");
    check_step_fault("{\"call\":\"connect\",\"fails\":\"ok\"}",
                     "/client/0/fails", "an errno");
    check_step_fault("{\"call\":\"accept\",\"repeat\":65}", "/client/0/repeat",
                     "from 1 to 64");
    check_step_fault("{\"call\":\"send\",\"text\":\"a\",\"bytes\":1}",
                     "/client/0", "not both");
    check_step_fault("{\"call\":\"route\",\"how\":\"away\"}", "/client/0/how",
                     "blackhole");
    check_step_fault("{\"call\":\"shutdown\",\"how\":\"all\"}", "/client/0/how",
                     "write");
    check_step_fault("{\"call\":\"wait\"}", "/client/0",
                     "needs the member `after`");
    check_step_fault("{\"call\":\"inject\"}", "/client/0",
                     "needs the member `forge`");
    check_step_fault("{\"call\":\"set\",\"name\":\"a_b\",\"min\":1,\"max\":1}",
                     "/client/0/name", "a letter followed by");
    check_fault("{\"id\":\"a\",\"title\":\"b\",\"needs\":[\"power\"],"
                "\"client\":[{\"call\":\"connect\"}]}",
                "/needs", "there are \"wire\"");
    check_fault("{\"id\":\"a\",\"title\":\"b\",\"sysctl\":{\"client\":"
                "{\"tcp_mem\":1}},\"client\":[{\"call\":\"connect\"}]}",
                "/sysctl/client/tcp_mem", "no sysctl");
    check_fault("{\"id\":\"a\",\"title\":\"b\",\"sysctl\":{\"client\":"
                "{\"tcp_ecn\":\"a\"}},\"client\":[{\"call\":\"connect\"}]}",
                "/sysctl/client/tcp_ecn", "whole numbers");
}

static void test_scenario_too_many_steps_is_a_fault(void **state)
{
    (void)state;
    struct buf steps;
    buf_init(&steps, 1 << 16);
    for (int i = 0; i < SCENARIO_MAX_STEPS; i++)
        buf_printf(&steps, "%s{\"call\":\"accept\"}", i ? "," : "");
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_printf(&text, "{\"id\":\"a\",\"title\":\"b\",\"client\":[%s]}",
               buf_text(&steps));
    check_reads(buf_text(&text));
    buf_str(&steps, ",{\"call\":\"accept\"}");
    check_step_fault(buf_text(&steps), "/client", "at most 64 steps");
    buf_done(&text);
    buf_done(&steps);
}

static void test_scenario_every_fault_is_listed_up_to_the_bound(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"id\":\"\",\"titel\":1,\"client\":"
                               "[{\"call\":\"jump\"}]}",
                               &first),
                     -EINVAL);
    assert_int_equal(faults.count, 4);
    struct buf text;
    buf_init(&text, 1 << 16);
    buf_str(&text, "{\"id\":\"a\",\"title\":\"b\",\"client\":[1");
    for (int i = 0; i < 40; i++)
        buf_str(&text, ",1");
    buf_str(&text, "]}");
    assert_int_equal(read_text(buf_text(&text), &first), -EINVAL);
    assert_int_equal(faults.count, JSON_MAX_FAULTS);
    buf_done(&text);
}

static void test_document_syntax_has_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"", "line 1, column 1: the document ends too early"},
        {"  \n ", "line 2, column 2: the document ends too early"},
        {"{\"id\":\n  tru }", "line 2, column 3: this is not JSON"},
        {"{\"id\":1", "column 8: the document ends too early"},
        {"{\"id\":\"a", "column 9: the document ends too early"},
        {"{} x", "line 1, column 4: this is not JSON"},
        {"{}{}", "line 1, column 3: this is not JSON"},
        {"{\"a\":01}", "column 8: this is no number"},
        {"{\"a\":1.}", "column 8: this is no number"},
        {"{\"a\":-}", "column 7: this is no number"},
        {"{\"a\":\"\t\"}", "column 7: a control character"},
        {"{\"a\":\"\\u0000\"}", "column 7: \\u0000"},
        {"{\"a\":\"\xff\"}", "column 7: this byte is not UTF-8"},
        {"{\"a\":\"\xed\xa0\x80\"}", "column 7: this byte is not UTF-8"},
        {"\x01{}", "column 1: this byte cannot stand outside"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        check_fault(rows[i].text, "", rows[i].fault);
}

static void test_document_with_nul_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":\"a\"}\0";
    assert_int_equal(json_scenario_read(text, sizeof(text), &first, &faults),
                     -EINVAL);
    assert_non_null(strstr(faults.list[0].text, "column 11: this byte"));
}

static void test_document_member_twice_is_a_fault(void **state)
{
    (void)state;
    check_fault("{\"id\":\"a\",\"id\":\"b\"}", "/id", "twice");
    check_step_fault("{\"call\":\"accept\",\"call\":\"close\"}",
                     "/client/0/call", "twice");
}

static void test_document_too_deep_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH);
    assert_non_null(text);
    memset(text, '[', DEPTH);
    assert_int_equal(json_scenario_read(text, DEPTH, &first, &faults), -EINVAL);
    assert_non_null(strstr(faults.list[0].text, "column 33: arrays and"));
    free(text);
}

static void test_document_with_many_members_is_refused(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_str(&text, "{\"a0\":0");
    for (int i = 1; i < 20000; i++)
        buf_printf(&text, ",\"a%d\":0", i);
    buf_str(&text, "}");
    check_fault(buf_text(&text), "/a64", "at most 64 members");
    buf_done(&text);
}

static void test_document_cut_anywhere_never_passes(void **state)
{
    (void)state;
    size_t len = 0;
    const char *text = catalog_document(1, &len);
    while (text[len - 1] != '}')
        len--;
    assert_int_equal(json_scenario_read(text, len, &first, &faults), 0);
    while (len-- > 0) {
        /* An exact copy, so that a sanitizer sees a read past its end. */
        char *part = malloc(len ? len : 1);
        memcpy(part, text, len);
        assert_int_equal(json_scenario_read(part, len, &first, &faults),
                         -EINVAL);
        assert_true(faults.count > 0);
        free(part);
    }
}

static void test_document_long_names_are_cut_in_faults(void **state)
{
    (void)state;
    char text[1200];
    memset(text, 'x', sizeof(text));
    memcpy(text, "{\"", 2);
    memcpy(text + 1000, "\":1}", 5);
    assert_int_equal(read_text(text, &first), -EINVAL);
    assert_int_equal(strlen(faults.list[0].pointer), JSON_POINTER_BYTES - 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog_documents_survive_a_round_trip),
        cmocka_unit_test(test_catalog_scenarios_have_notes),
        cmocka_unit_test(test_catalog_finds_by_id),
        cmocka_unit_test(test_scenario_classic_is_read_whole),
        cmocka_unit_test(test_scenario_defaults),
        cmocka_unit_test(test_scenario_unknown_member_is_a_fault),
        cmocka_unit_test(test_scenario_missing_member_is_a_fault),
        cmocka_unit_test(test_scenario_wrong_kind_is_a_fault),
        cmocka_unit_test(test_scenario_number_out_of_range_is_a_fault),
        cmocka_unit_test(test_scenario_text_rules),
        cmocka_unit_test(test_scenario_expect_rules),
        cmocka_unit_test(test_scenario_steps_in_full),
        cmocka_unit_test(test_scenario_step_faults),
        cmocka_unit_test(test_scenario_too_many_steps_is_a_fault),
        cmocka_unit_test(test_scenario_every_fault_is_listed_up_to_the_bound),
        cmocka_unit_test(test_document_syntax_has_line_and_column),
        cmocka_unit_test(test_document_with_nul_is_refused),
        cmocka_unit_test(test_document_member_twice_is_a_fault),
        cmocka_unit_test(test_document_too_deep_is_refused),
        cmocka_unit_test(test_document_with_many_members_is_refused),
        cmocka_unit_test(test_document_cut_anywhere_never_passes),
        cmocka_unit_test(test_document_long_names_are_cut_in_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

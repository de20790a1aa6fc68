/* handshake_lab.c - the built-in scenarios on real kernels: what RFC 9293
 * promises must be in the record. */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct registry *reg;

static int open_lab(void **state)
{
    (void)state;
    reg = lab_registry();
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    registry_free(reg);
    return 0;
}

static struct run *run_builtin(const char *id, uint8_t ip)
{
    const struct scenario *sc = catalog_find(id);
    assert_non_null(sc);
    return lab_run(reg, sc, ip);
}

/* RFC 9293 3.5, figure 6: each acknowledgement is the other's number plus one,
 * and both pick their own. */
static void check_three_way(struct run *run, uint8_t ip)
{
    struct segment syn, synack, ack;
    assert_int_equal(lab_segment(run, 1, &syn)->segment.from, HOST_CLIENT);
    assert_int_equal(lab_segment(run, 2, &synack)->segment.from, HOST_SERVER);
    assert_int_equal(lab_segment(run, 3, &ack)->segment.from, HOST_CLIENT);
    assert_int_equal(syn.flags, SEG_SYN);
    assert_int_equal(synack.flags, SEG_SYN | SEG_ACK);
    assert_int_equal(ack.flags, SEG_ACK);
    assert_int_equal(synack.ack, syn.seq + 1);
    assert_int_equal(ack.seq, syn.seq + 1);
    assert_int_equal(ack.ack, synack.seq + 1);
    assert_int_equal(syn.src.addr.version, ip);
    assert_int_equal(syn.dst.port, 1337);
    assert_int_not_equal(syn.seq, synack.seq);
}

static void check_checksums(struct run *run)
{
    for (uint32_t n = 1; n <= lab_segment_count(run); n++) {
        struct segment seg;
        lab_segment(run, n, &seg);
        assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
        assert_true(seg.ip_checksum_ok);
    }
}

static void check_expectations(struct run *run)
{
    const struct event_run *end = lab_end(run);
    assert_int_equal(end->verdict, VERDICT_ESTABLISHED);
    assert_true(end->expect_count > 0);
    for (size_t i = 0; i < end->expect_count; i++)
        if (!end->expect[i].met)
            fail_msg("%s: %s", end->expect[i].what, end->expect[i].seen);
}

/* Every segment arrives exactly once, after it was sent; ids have no gap. */
static void check_copies(struct run *run)
{
    const struct runlog *log = run_log(run);
    uint32_t arrived[64] = {0};
    uint64_t sent_ns[64] = {0};
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        assert_int_equal(e->id, id);
        if (e->kind == EVENT_SEGMENT)
            sent_ns[e->segment.n] = e->t_ns;
        if (e->kind != EVENT_COPY)
            continue;
        assert_int_equal(e->copy.fate, FATE_ARRIVED);
        assert_true(sent_ns[e->copy.n] > 0 && e->t_ns >= sent_ns[e->copy.n]);
        arrived[e->copy.n]++;
    }
    for (uint32_t n = 1; n <= lab_segment_count(run); n++)
        assert_int_equal(arrived[n], 1);
}

/* RFC 9293 figure 5 along the path an orderly close takes. The client may go
 * through FIN-WAIT-2 or not, as the server's FIN carries the ACK or not. */
static void check_states(struct run *run)
{
    char text[256];
    const char *client = lab_states(run, HOST_CLIENT, text);
    if (strcmp(client, "SYN-SENT ESTABLISHED FIN-WAIT-1 TIME-WAIT") != 0)
        assert_string_equal(client, "SYN-SENT ESTABLISHED FIN-WAIT-1 "
                                    "FIN-WAIT-2 TIME-WAIT");
    assert_string_equal(lab_states(run, HOST_SERVER, text),
                        "SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
}

static void check_run(const char *id, uint8_t ip)
{
    struct run *run = run_builtin(id, ip);
    check_three_way(run, ip);
    check_checksums(run);
    check_expectations(run);
    check_copies(run);
    check_states(run);
    run_put(run);
}

static void test_open_over_ipv4(void **state)
{
    (void)state;
    check_run("open", 4);
}

static void test_open_over_ipv6(void **state)
{
    (void)state;
    check_run("open", 6);
}

static void test_classic_over_ipv4(void **state)
{
    (void)state;
    check_run("classic", 4);
}

static void test_classic_over_ipv6(void **state)
{
    (void)state;
    check_run("classic", 6);
}

/* The states come in order every time, not only when threads happen to run in
 * a kind order; no SYN is lost because a host was not ready, and no ACK is
 * overtaken on the way by what its sender sent later. */
static void test_open_holds_over_many_runs(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++)
        check_run("open", i % 2 ? 6 : 4);
}

/* The n-th text with payload, copied to ret_text. */
static void payload_text(struct run *run, uint32_t n, char ret_text[128])
{
    for (uint32_t i = 1; i <= lab_segment_count(run); i++) {
        struct segment seg;
        lab_segment(run, i, &seg);
        if (seg.payload_len == 0 || n-- > 1)
            continue;
        assert_true(seg.payload_len < 128);
        memcpy(ret_text, seg.payload, seg.payload_len);
        ret_text[seg.payload_len] = '\0';
        return;
    }
    fail_msg("too few segments with payload");
}

/* The number behind prefix in text; text must begin with prefix. */
static unsigned long number_after(const char **text, const char *prefix)
{
    assert_memory_equal(*text, prefix, strlen(prefix));
    char *rest = NULL;
    unsigned long value = strtoul(*text + strlen(prefix), &rest, 10);
    assert_ptr_not_equal(rest, *text + strlen(prefix));
    *text = rest;
    return value;
}

static void test_classic_speaks_the_three_messages(void **state)
{
    (void)state;
    struct run *run = run_builtin("classic", 4);
    char texts[3][128];
    for (uint32_t n = 0; n < 3; n++)
        payload_text(run, n + 1, texts[n]);
    const char *one = texts[0], *two = texts[1], *three = texts[2];
    unsigned long c = number_after(&one, "[1] SYN/seq=");
    unsigned long s = number_after(&two, "[2] SYN/seq=");
    assert_in_range(c, 1000, 2000);
    assert_in_range(s, 100, 2000);
    assert_int_equal(number_after(&two, " ACK/seq="), c + 1);
    assert_int_equal(number_after(&three, "[3] ACK/seq="), s + 1);
    assert_string_equal(one, "");
    assert_string_equal(two, "");
    assert_string_equal(three, "");
    run_put(run);
}

/* How many lines equal to text a host printed. */
static size_t printed(struct run *run, enum host_id host, const char *text)
{
    const struct runlog *log = run_log(run);
    size_t count = 0;
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        count += e->kind == EVENT_MESSAGE && e->message.host == host &&
                 strcmp(e->message.text, text) == 0;
    }
    return count;
}

static void test_classic_prints_on_both_terminals(void **state)
{
    (void)state;
    struct run *run = run_builtin("classic", 4);
    char line[41];
    memset(line, '=', 40);
    line[40] = '\0';
    assert_int_equal(printed(run, HOST_SERVER, "//~~ Server Side ~~//"), 1);
    assert_int_equal(printed(run, HOST_CLIENT, "//~~ Client Side ~~//"), 1);
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        assert_int_equal(printed(run, h, line), 2);
        assert_int_equal(printed(run, h, "CONNECTION ESTABLISHED!"), 1);
    }
    run_put(run);
}

static void test_refused_when_nobody_listens(void **state)
{
    (void)state;
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"server\":[],"
                 "\"client\":[{\"call\":\"connect\",\"port\":81}],"
                 "\"expect\":{\"client\":{\"connect\":\"ECONNREFUSED\"},"
                 "\"segments\":[\"client SYN\",\"server RST,ACK\"]}}",
                 &sc);
    struct run *run = lab_run(reg, &sc, 4);
    const struct event_run *end = lab_end(run);
    assert_int_equal(end->verdict, VERDICT_REFUSED);
    for (size_t i = 0; i < end->expect_count; i++)
        assert_true(end->expect[i].met);
    run_put(run);
}

static void test_wrong_expectation_is_reported_unmet(void **state)
{
    (void)state;
    struct scenario sc = *catalog_find("open");
    strcpy(sc.expect.calls[0].result, "ETIMEDOUT");
    strcpy(sc.expect.segments[1], "server RST");
    struct run *run = lab_run(reg, &sc, 4);
    const struct event_run *end = lab_end(run);
    assert_false(end->expect[0].met);
    assert_true(end->expect[1].met);
    assert_false(end->expect[2].met);
    run_put(run);
}

static void test_words_that_do_not_match_fail_the_run(void **state)
{
    (void)state;
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"server\":["
                 "{\"call\":\"listen\"},{\"call\":\"accept\"},"
                 "{\"call\":\"recv\",\"text\":\"hello {a}\"}],"
                 "\"client\":[{\"call\":\"connect\"},"
                 "{\"call\":\"send\",\"text\":\"good day\"}]}",
                 &sc);
    struct run *run = lab_run(reg, &sc, 4);
    const struct event_run *end = lab_end(run);
    assert_int_equal(end->verdict, VERDICT_FAILED);
    assert_non_null(strstr(end->verdict_text, "good day"));
    run_put(run);
}

int main(void)
{
    lab_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_over_ipv4),
        cmocka_unit_test(test_open_over_ipv6),
        cmocka_unit_test(test_classic_over_ipv4),
        cmocka_unit_test(test_classic_over_ipv6),
        cmocka_unit_test(test_open_holds_over_many_runs),
        cmocka_unit_test(test_classic_speaks_the_three_messages),
        cmocka_unit_test(test_classic_prints_on_both_terminals),
        cmocka_unit_test(test_refused_when_nobody_listens),
        cmocka_unit_test(test_wrong_expectation_is_reported_unmet),
        cmocka_unit_test(test_words_that_do_not_match_fail_the_run),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}

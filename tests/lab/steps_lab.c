/* steps_lab.c - what steps, conditions and expectations do that no built-in
 * scenario shows: crash, shutdown, filler, waits that are cut short, and
 * expectations that are not met. */
#include "lab.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { STOP_AFTER_MS = 50 }; /* that it goes on so long shows that it waits */

static struct scenario sc; /* too large for a stack */

/* Run what the document says; every expectation must be met. */
static struct run *run_document(struct registry *reg, const char *json)
{
    lab_scenario(json, &sc);
    struct run *run = lab_run(reg, &sc, 0);
    const struct event_run *end = lab_end(run);
    for (size_t i = 0; i < end->expect_count; i++)
        if (!end->expect[i].met)
            fail_msg("%s: %s (%s)", end->expect[i].what, end->expect[i].seen,
                     end->verdict_text);
    return run;
}

static void check_document(const char *json)
{
    struct registry *reg = lab_registry();
    run_put(run_document(reg, json));
    registry_free(reg);
}

static void
test_crash_sends_nothing_and_the_next_segment_meets_rst(void **state)
{
    (void)state;
    check_document(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"listen\"},"
        "{\"call\":\"accept\"},{\"call\":\"send\",\"text\":\"hello\","
        "\"after\":\"client close returned\"},"
        "{\"call\":\"recv\",\"fails\":\"ECONNRESET\"},{\"call\":\"close\"}],"
        "\"client\":[{\"call\":\"connect\"},"
        "{\"call\":\"wait\",\"after\":\"server accept returned\"},"
        "{\"call\":\"crash\"}],"
        "\"expect\":{\"server\":{\"recv\":\"ECONNRESET\"},\"segments\":["
        "\"client ACK\",\"server PSH,ACK\",\"client RST\"],"
        "\"no_segments\":[\"client FIN,ACK\",\"client RST,ACK\"]}}");
}

static void test_half_close_lets_data_flow_the_other_way(void **state)
{
    (void)state;
    check_document(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"listen\"},"
        "{\"call\":\"accept\"},{\"call\":\"recv\"},"
        "{\"call\":\"send\",\"bytes\":20000},{\"call\":\"close\"}],"
        "\"client\":[{\"call\":\"connect\"},"
        "{\"call\":\"shutdown\",\"how\":\"write\"},"
        "{\"call\":\"recv\",\"bytes\":20000},{\"call\":\"recv\"},"
        "{\"call\":\"close\"}],\"expect\":{\"states\":["
        "\"client FIN-WAIT-2\",\"server CLOSE-WAIT\"],"
        "\"end_states\":[\"server CLOSED\",\"client TIME-WAIT\"],"
        "\"verdict\":\"established\"}}");
}

static void test_repeated_steps_name_their_sockets(void **state)
{
    (void)state;
    check_document(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"listen\"},"
        "{\"call\":\"accept\",\"repeat\":3}],\"client\":["
        "{\"call\":\"connect\",\"repeat\":3},{\"call\":\"send\",\"on\":"
        "\"conn3\",\"text\":\"x\",\"repeat\":2},"
        "{\"call\":\"close\",\"repeat\":3}],\"expect\":{\"client\":"
        "{\"connect conn3\":\"ok\",\"close conn2\":\"ok\"}}}");
}

static void test_linger_zero_resets(void **state)
{
    (void)state;
    check_document(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"listen\"},"
        "{\"call\":\"accept\"},{\"call\":\"recv\",\"fails\":\"ECONNRESET\"}],"
        "\"client\":[{\"call\":\"connect\"},{\"call\":\"option\",\"name\":"
        "\"SO_LINGER\",\"value\":0},{\"call\":\"wait\",\"after\":\"server recv "
        "begun\"},{\"call\":\"close\"}],\"expect\":{\"segments\":["
        "\"client RST,ACK\"],\"no_segments\":[\"client FIN,ACK\"]}}");
}

/* A run whose hosts wait for what never comes is stopped at once. */
static void test_wait_ends_with_the_run(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    lab_scenario(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"wait\","
        "\"after\":\"client SYN sent\"}],\"client\":[{\"call\":\"wait\","
        "\"after\":\"600000 ms\"}]}",
        &sc);
    struct run *run = lab_start(reg, &sc, 0);
    assert_false(run_wait(run, STOP_AFTER_MS));
    run_stop(run);
    assert_true(run_wait(run, LAB_WAIT_MS)); /* not the ten minutes */
    assert_int_equal(lab_end(run)->verdict, VERDICT_CANCELLED);
    run_put(run);
    registry_free(reg);
}

/* Each kind of expectation can be missed, and says what was seen. */
static void test_missed_expectations_are_told(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    lab_scenario(
        "{\"id\":\"a\",\"title\":\"b\",\"server\":[{\"call\":\"listen\"},"
        "{\"call\":\"accept\"}],\"client\":[{\"call\":\"connect\",\"fails\":"
        "\"ETIMEDOUT\"},{\"call\":\"close\"}],\"expect\":{\"client\":"
        "{\"connect\":\"EPERM\",\"recv\":\"ok\"},\"segments\":[\"server RST\"],"
        "\"no_segments\":[\"client SYN\"],\"states\":[\"client CLOSING\"],"
        "\"end_states\":[\"server LAST-ACK\"],\"counters\":[\"server "
        "ListenDrops\"],\"verdict\":\"reset\",\"connect_ms\":[5000,6000]}}",
        &sc);
    struct run *run = lab_run(reg, &sc, 0);
    const struct event_run *end = lab_end(run);
    assert_int_equal(end->expect_count, 10);
    for (size_t i = 0; i < end->expect_count; i++)
        if (end->expect[i].met)
            fail_msg("met: %s", end->expect[i].what);
    run_put(run);
    registry_free(reg);
}

static void check_refused(struct registry *reg, const struct run_options *opt,
                          int code, const char *part)
{
    struct run *run = NULL;
    struct err err = {0};
    assert_int_equal(registry_start(reg, &sc, opt, &run, &err), code);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
}

static void test_options_that_do_not_fit_the_scenario(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    lab_scenario("{\"id\":\"a\",\"title\":\"b\",\"ip\":4,\"client\":["
                 "{\"call\":\"connect\"}]}",
                 &sc);
    check_refused(reg, &(struct run_options){.long_form = true}, -EINVAL,
                  "no long form");
    check_refused(reg, &(struct run_options){.ip = 6}, -EINVAL,
                  "about IPv4 alone");
    registry_free(reg);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_crash_sends_nothing_and_the_next_segment_meets_rst),
        cmocka_unit_test(test_half_close_lets_data_flow_the_other_way),
        cmocka_unit_test(test_repeated_steps_name_their_sockets),
        cmocka_unit_test(test_linger_zero_resets),
        cmocka_unit_test(test_wait_ends_with_the_run),
        cmocka_unit_test(test_missed_expectations_are_told),
        cmocka_unit_test(test_options_that_do_not_fit_the_scenario),
    };
    lab_enter();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

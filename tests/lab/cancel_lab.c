/* cancel_lab.c - runs that are stopped at every moment: they end soon, with the
 * right verdict, and leave nothing. */
#include "lab.h"

#include "handshake/clock.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Long before the calls would come back by themselves. */
enum { STOP_WITHIN_MS = 10000 };

static const char waiting_server[] =
    "{\"id\":\"t\",\"title\":\"t\",\"server\":[{\"call\":\"listen\"},"
    "{\"call\":\"accept\"},{\"call\":\"recv\"},{\"call\":\"close\"}],"
    "\"client\":[{\"call\":\"connect\"},{\"call\":\"sleep\",\"ms\":30000},"
    "{\"call\":\"close\"}]}";

static const char nobody_connects[] =
    "{\"id\":\"t\",\"title\":\"t\",\"server\":[{\"call\":\"listen\"},"
    "{\"call\":\"accept\"}],\"client\":[{\"call\":\"sleep\",\"ms\":30000}]}";

static struct run *begin(struct registry *reg, const char *json)
{
    struct scenario sc;
    lab_scenario(json, &sc);
    return lab_start(reg, &sc, 4);
}

/* The same, as soon as both hosts are in calls that wait. */
static struct run *begin_waiting(struct registry *reg, const char *json,
                                 const char *server_waits_in)
{
    struct run *run = begin(reg, json);
    lab_wait_call(run, HOST_SERVER, server_waits_in, PHASE_BEGIN);
    lab_wait_call(run, HOST_CLIENT, "sleep", PHASE_BEGIN);
    return run;
}

static void stop_and_put(struct run *run)
{
    run_stop(run);
    assert_true(run_wait(run, STOP_WITHIN_MS));
    assert_int_equal(lab_end(run)->verdict, VERDICT_CANCELLED);
    run_put(run);
}

static void test_stop_while_calls_wait(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    stop_and_put(begin_waiting(reg, waiting_server, "recv"));
    stop_and_put(begin_waiting(reg, nobody_connects, "accept"));
    registry_free(reg);
}

/* From before the namespaces exist to after the handshake. */
static void test_stop_at_every_moment(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    for (unsigned us = 0; us < 6000; us += 150) {
        struct run *run = begin(reg, waiting_server);
        usleep(us); /* another moment each time */
        stop_and_put(run);
    }
    registry_free(reg);
}

static void test_stopped_call_is_recorded_as_cancelled(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    struct run *run = begin_waiting(reg, nobody_connects, "accept");
    run_stop(run);
    assert_true(run_wait(run, STOP_WITHIN_MS));
    size_t cancelled = 0;
    for (uint32_t id = 1; id <= runlog_count(run_log(run)); id++) {
        const struct event *e = runlog_get(run_log(run), id);
        cancelled += e->kind == EVENT_CALL && e->call.error == ECANCELED;
    }
    assert_int_equal(cancelled, HOST_COUNT);
    run_put(run);
    registry_free(reg);
}

static void test_delete_forgets_and_stops(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    struct scenario sc;
    lab_scenario(waiting_server, &sc);
    struct run *run = lab_start(reg, &sc, 4);
    assert_int_equal(registry_delete(reg, run_id(run)), 0);
    assert_null(registry_get(reg, run_id(run)));
    assert_int_equal(registry_delete(reg, run_id(run)), -ENOENT);
    assert_true(run_wait(run, STOP_WITHIN_MS));
    run_put(run);
    registry_free(reg);
}

static void test_free_stops_all_runs_in_time(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    struct scenario sc;
    lab_scenario(waiting_server, &sc);
    for (int i = 0; i < 8; i++)
        run_put(lab_start(reg, &sc, i % 2 ? 6 : 4));
    uint64_t before_ns = clock_mono_ns();
    registry_free(reg);
    assert_true(clock_mono_ns() - before_ns < STOP_WITHIN_MS * 1000000ull);
}

static void test_too_many_alive_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.max_alive = 2;
    struct registry *reg = registry_new(limits, NULL);
    struct scenario sc;
    lab_scenario(waiting_server, &sc);
    run_put(lab_start(reg, &sc, 4));
    run_put(lab_start(reg, &sc, 4));
    struct run *run = NULL;
    struct err err = {0};
    const struct run_options opt = {.ip = 4};
    assert_int_equal(registry_start(reg, &sc, &opt, &run, &err), -EAGAIN);
    assert_non_null(strstr(err.text, "2 runs are alive"));
    registry_free(reg);
}

static void test_old_runs_are_forgotten_beyond_the_limit(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.max_kept = 3;
    struct registry *reg = registry_new(limits, NULL);
    for (int i = 0; i < 6; i++)
        run_put(lab_run(reg, catalog_find("open"), 4));
    lab_wait_idle(reg);
    struct run *runs[10];
    size_t n = 0;
    assert_int_equal(registry_list(reg, NULL, runs, 10, &n), 0);
    for (size_t i = 0; i < n; i++)
        run_put(runs[i]);
    assert_int_equal(n, 3);
    registry_free(reg);
}

static void test_log_limit_ends_the_run(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.log.max_events = 20;
    struct registry *reg = registry_new(limits, NULL);
    struct run *run = lab_run(reg, catalog_find("classic"), 4);
    assert_int_equal(lab_end(run)->verdict, VERDICT_LIMIT);
    run_put(run);
    registry_free(reg);
}

int main(void)
{
    lab_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stop_while_calls_wait),
        cmocka_unit_test(test_stop_at_every_moment),
        cmocka_unit_test(test_stopped_call_is_recorded_as_cancelled),
        cmocka_unit_test(test_delete_forgets_and_stops),
        cmocka_unit_test(test_free_stops_all_runs_in_time),
        cmocka_unit_test(test_too_many_alive_is_refused_with_a_sentence),
        cmocka_unit_test(test_old_runs_are_forgotten_beyond_the_limit),
        cmocka_unit_test(test_log_limit_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* guest_lab.c - what of `exec` cannot be seen from outside in reasonable time:
 * a program goes on when the run's record is full, and many connections are
 * told apart. */
#include "lab.h"

#include "handshake/keeper.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_EVENTS = 400, LAB_MS = 60000, MANY = 100 };

/* Keepers start before the test enters its namespaces. */
static struct keeper *bulk, *crowd;

static struct keeper *keeper_of(const char *command)
{
    static char shell[] = "sh", dash_c[] = "-c";
    static char address[] = "HANDSHAKE_SERVER=192.0.2.2";
    char *text = strdup(command);
    char *const argv[] = {shell, dash_c, text, NULL};
    char *const environment[] = {address, NULL};
    const struct keeper_options opt = {.argv = argv,
                                       .environment = environment};
    struct keeper *k = NULL;
    struct err err = {0};
    if (keeper_begin(&opt, &k, &err) < 0)
        fail_msg("%s", err.text);
    free(text);
    return k;
}

/* Run a keeper's program against the echo server; the caller puts the run. */
static struct run *run_guest(struct registry *reg, struct keeper *k)
{
    static struct scenario sc;
    struct run *run = NULL;
    struct err err = {0};
    struct run_options opt = {.link_chosen = true, .link = LINK_WIRE};
    memset(&sc, 0, sizeof(sc));
    memcpy(sc.id, "guest", sizeof("guest"));
    sc.port = 1337;
    opt.guests[HOST_CLIENT] = (struct guest){GUEST_PROGRAM, k, "sh"};
    opt.guests[HOST_SERVER] = (struct guest){.kind = GUEST_ECHO};
    if (registry_start(reg, &sc, &opt, &run, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(run_wait(run, LAB_MS));
    return run;
}

/* Not a byte is lost, and the verdict says what was not seen. */
static void test_guest_goes_on_when_the_record_is_full(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.log.max_events = FEW_EVENTS;
    struct registry *reg = registry_new(limits, NULL);
    assert_non_null(reg);
    struct run *run = run_guest(reg, bulk);
    assert_int_equal(keeper_status(bulk), 0);
    assert_int_equal(lab_end(run)->verdict, VERDICT_LIMIT);
    assert_non_null(strstr(lab_end(run)->verdict_text, "carried unseen"));
    assert_true(runlog_count(run_log(run)) <= FEW_EVENTS);
    run_put(run);
    registry_free(reg);
}

/* More sockets than a scenario's host may have, all open at once: none is
 * forgotten and found again. */
static void test_guest_sockets_are_all_followed(void **state)
{
    (void)state;
    struct registry *reg = lab_registry();
    struct run *run = run_guest(reg, crowd);
    assert_int_equal(keeper_status(crowd), 0);
    unsigned found[HOST_COUNT] = {0, 0};
    const struct runlog *log = run_log(run);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_STATE && e->state.remote.port != 0 &&
            e->state.old_state == TCP_STATE_CLOSED)
            found[e->state.host]++;
    }
    assert_int_equal(found[HOST_CLIENT], MANY);
    assert_int_equal(found[HOST_SERVER], MANY);
    assert_non_null(strstr(lab_end(run)->verdict_text, "100 were established"));
    run_put(run);
    registry_free(reg);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guest_goes_on_when_the_record_is_full),
        cmocka_unit_test(test_guest_sockets_are_all_followed),
    };
    keeper_prepare();
    bulk = keeper_of("test $(head -c 3000000 /dev/zero | "
                     "nc -N $HANDSHAKE_SERVER 1337 | wc -c) = 3000000");
    crowd = keeper_of(
        "for i in $(seq 100); do "
        "(sleep 1; echo x) | nc -N $HANDSHAKE_SERVER 1337 >/dev/null & "
        "done; wait");
    lab_enter();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    keeper_free(bulk);
    keeper_free(crowd);
    return failed;
}

/* soak_lab.c - hundreds of runs, with "long" thousands: descriptors, memory and
 * namespaces stay flat.
 *
 * Namespaces cannot be counted from inside, but they can be limited: this
 * user namespace may have MAX_NAMESPACES network namespaces at a time, far
 * fewer than the test makes, so a leak makes a run fail. The kernel destroys
 * them in the background, later the busier the machine is: a run that finds
 * none left is made again, for DESTROY_MS, after which only a leak is meant. */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    IN_A_ROW = 400, /* each makes two namespaces */
    AT_A_TIME = 8,
    ROUNDS = 40,
    LONG_FORM = 5, /* times as many */
    MAX_NAMESPACES = 240,
    DESTROY_MS = 20000, /* without one run that found room */
    RETRY_MS = 20,
    GROWTH_KB = 16 * 1024
};

static int times = 1;

/* Sanitizers keep freed memory aside to catch its use. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool memory_tells = false;
#else
static const bool memory_tells = true;
#endif

static void check_memory(size_t before_kb)
{
    if (memory_tells)
        assert_true(lab_resident_kb() < before_kb + GROWTH_KB);
}

static void limit_namespaces(void)
{
    int fd = open("/proc/sys/user/max_net_namespaces", O_WRONLY | O_CLOEXEC);
    char text[16];
    int len = snprintf(text, sizeof(text), "%d", MAX_NAMESPACES);
    if (fd < 0 || write(fd, text, (size_t)len) != len)
        fprintf(stderr, "namespaces cannot be limited here: only descriptors "
                        "and memory are checked\n");
    if (fd >= 0)
        close(fd);
}

static struct registry *small_registry(void)
{
    struct registry_limits limits = registry_default_limits();
    limits.max_kept = 4;
    struct registry *reg = registry_new(limits, NULL);
    assert_non_null(reg);
    return reg;
}

/* Whether the run could not be made because the kernel has not destroyed enough
 * yet; then it is put. Waits a moment, and fails the test after DESTROY_MS. */
static bool found_no_room(struct run *run, int *waited_ms)
{
    const struct event_run *end = lab_end(run);
    if (end->verdict != VERDICT_ERROR ||
        !strstr(end->verdict_text, strerror(ENOSPC)))
        return false;
    if (*waited_ms >= DESTROY_MS)
        fail_msg("namespaces are left behind: %s", end->verdict_text);
    run_put(run);
    usleep(RETRY_MS * 1000);
    *waited_ms += RETRY_MS;
    return true;
}

static void expect_verdict(struct run *run, enum verdict_code verdict, int i)
{
    if (lab_end(run)->verdict != verdict)
        fail_msg("run %d: %s", i, lab_end(run)->verdict_text);
}

static void run_once(struct registry *reg, int i)
{
    static const char *const ids[] = {"open", "classic"};
    const struct scenario *sc = catalog_find(ids[i % 2]);
    const uint8_t ip = i / 2 % 2 ? 6 : 4;
    int waited_ms = 0;
    struct run *run = lab_run(reg, sc, ip);
    while (found_no_room(run, &waited_ms))
        run = lab_run(reg, sc, ip);
    expect_verdict(run, VERDICT_ESTABLISHED, i);
    run_put(run);
}

static void test_runs_in_a_row_leave_nothing(void **state)
{
    (void)state;
    struct registry *reg = small_registry();
    for (int i = 0; i < 50; i++)
        run_once(reg, i);
    lab_wait_idle(reg);
    size_t fds = lab_descriptors(), kb = lab_resident_kb();
    for (int i = 0; i < IN_A_ROW * times; i++)
        run_once(reg, i);
    lab_wait_idle(reg);
    assert_int_equal(lab_descriptors(), fds);
    check_memory(kb);
    registry_free(reg);
}

static void test_runs_at_a_time_leave_nothing(void **state)
{
    (void)state;
    struct registry *reg = small_registry();
    size_t fds = lab_descriptors(), kb = lab_resident_kb();
    for (int round = 0; round < ROUNDS * times; round++) {
        struct run *runs[AT_A_TIME];
        for (int i = 0; i < AT_A_TIME; i++)
            runs[i] = lab_start(reg, catalog_find("open"), i % 2 ? 6 : 4);
        for (int i = 0; i < AT_A_TIME; i++) {
            int waited_ms = 0;
            assert_true(run_wait(runs[i], LAB_WAIT_MS));
            while (found_no_room(runs[i], &waited_ms))
                runs[i] = lab_run(reg, catalog_find("open"), i % 2 ? 6 : 4);
            expect_verdict(runs[i], VERDICT_ESTABLISHED, i);
            run_put(runs[i]);
        }
    }
    lab_wait_idle(reg);
    assert_int_equal(lab_descriptors(), fds);
    check_memory(kb);
    registry_free(reg);
}

/* Half closed connections when a run is stopped must not keep a namespace: the
 * client has closed, the server has not. */
static struct run *run_cancelled(struct registry *reg,
                                 const struct scenario *sc)
{
    struct run *run = lab_start(reg, sc, 4);
    lab_see_call(run, HOST_CLIENT, "sleep", PHASE_BEGIN);
    lab_see_call(run, HOST_SERVER, "sleep", PHASE_BEGIN);
    run_stop(run);
    assert_true(run_wait(run, LAB_WAIT_MS));
    return run;
}

static void test_cancelled_runs_leave_nothing(void **state)
{
    (void)state;
    struct registry *reg = small_registry();
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"server\":["
                 "{\"call\":\"listen\"},{\"call\":\"accept\"},"
                 "{\"call\":\"sleep\",\"ms\":20000}],"
                 "\"client\":[{\"call\":\"connect\"},"
                 "{\"call\":\"send\",\"text\":\"hello\"},{\"call\":\"close\"},"
                 "{\"call\":\"sleep\",\"ms\":20000}]}",
                 &sc);
    size_t fds = lab_descriptors();
    for (int i = 0; i < MAX_NAMESPACES; i++) {
        int waited_ms = 0;
        struct run *run = run_cancelled(reg, &sc);
        while (found_no_room(run, &waited_ms))
            run = run_cancelled(reg, &sc);
        expect_verdict(run, VERDICT_CANCELLED, i);
        run_put(run);
    }
    lab_wait_idle(reg);
    assert_int_equal(lab_descriptors(), fds);
    registry_free(reg);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "long") == 0)
        times = LONG_FORM;
    lab_enter();
    limit_namespaces();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_in_a_row_leave_nothing),
        cmocka_unit_test(test_runs_at_a_time_leave_nothing),
        cmocka_unit_test(test_cancelled_runs_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* soak_lab.c - hundreds of runs: descriptors, memory and namespaces stay flat.
 *
 * Namespaces cannot be counted from inside, but they can be limited: this
 * user namespace may have MAX_NAMESPACES network namespaces at a time, far
 * fewer than the test makes, so a leak makes a run fail. The kernel destroys
 * them in the background, hence the room. */
#include "lab.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    IN_A_ROW = 2000,
    AT_A_TIME = 8,
    ROUNDS = 100,
    MAX_NAMESPACES = 240,
    GROWTH_KB = 16 * 1024
};

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

static void run_once(struct registry *reg, int i)
{
    static const char *const ids[] = {"open", "classic"};
    struct run *run = lab_run(reg, catalog_find(ids[i % 2]), i / 2 % 2 ? 6 : 4);
    const struct event_run *end = lab_end(run);
    if (end->verdict != VERDICT_ESTABLISHED)
        fail_msg("run %d: %s", i, end->verdict_text);
    run_put(run);
}

/* The kernel may still be destroying; a second is plenty. */
static void wait_for_end(struct registry *reg)
{
    for (int i = 0; i < 100 && registry_alive(reg) > 0; i++)
        usleep(10000);
}

static void test_runs_in_a_row_leave_nothing(void **state)
{
    (void)state;
    struct registry *reg = small_registry();
    for (int i = 0; i < 50; i++)
        run_once(reg, i);
    wait_for_end(reg);
    size_t fds = lab_descriptors(), kb = lab_resident_kb();
    for (int i = 0; i < IN_A_ROW; i++)
        run_once(reg, i);
    wait_for_end(reg);
    assert_int_equal(lab_descriptors(), fds);
    check_memory(kb);
    registry_free(reg);
}

static void test_runs_at_a_time_leave_nothing(void **state)
{
    (void)state;
    struct registry *reg = small_registry();
    size_t fds = lab_descriptors(), kb = lab_resident_kb();
    for (int round = 0; round < ROUNDS; round++) {
        struct run *runs[AT_A_TIME];
        for (int i = 0; i < AT_A_TIME; i++)
            runs[i] = lab_start(reg, catalog_find("open"), i % 2 ? 6 : 4);
        for (int i = 0; i < AT_A_TIME; i++) {
            assert_true(run_wait(runs[i], 10000));
            assert_int_equal(lab_end(runs[i])->verdict, VERDICT_ESTABLISHED);
            run_put(runs[i]);
        }
    }
    wait_for_end(reg);
    assert_int_equal(lab_descriptors(), fds);
    check_memory(kb);
    registry_free(reg);
}

/* Half closed connections when a run is stopped must not keep a namespace. */
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
        struct run *run = lab_start(reg, &sc, 4);
        usleep(4000);
        run_stop(run);
        assert_true(run_wait(run, 5000));
        if (lab_end(run)->verdict != VERDICT_CANCELLED)
            fail_msg("run %d: %s", i, lab_end(run)->verdict_text);
        run_put(run);
    }
    wait_for_end(reg);
    assert_int_equal(lab_descriptors(), fds);
    registry_free(reg);
}

int main(void)
{
    lab_enter();
    limit_namespaces();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_in_a_row_leave_nothing),
        cmocka_unit_test(test_runs_at_a_time_leave_nothing),
        cmocka_unit_test(test_cancelled_runs_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* memory_test.c - the memory budget that all runs share. */
#include "test.h"

#include "handshake/memory.h"
#include "handshake/runlog.h"

enum { KIB = 1024, BUDGET = 1024 * KIB, SHARE = BUDGET / 4 / 4 };

static void test_memory_large_account_stops_at_three_quarters(void **state)
{
    (void)state;
    struct memory_budget *b = memory_budget_new(BUDGET, 4);
    struct memory_account large, small;
    size_t got = 0;
    memory_account_open(&large, b);
    memory_account_open(&small, b);
    while (memory_account_charge(&large, KIB))
        got += KIB;
    assert_int_equal(got, BUDGET / 4 * 3);
    assert_int_equal(memory_budget_used(b), got);
    /* A small one still reaches its share, and not a byte more. */
    assert_true(memory_account_charge(&small, SHARE));
    assert_false(memory_account_charge(&small, 1));
    memory_account_release(&large, KIB + SHARE);
    assert_true(memory_account_charge(&small, KIB));
    memory_account_close(&large);
    memory_account_close(&small);
    assert_int_equal(memory_budget_used(b), 0);
    memory_budget_put(b);
}

/* Frees all that its context, an account, holds. */
static void free_all(void *ctx)
{
    struct memory_account *a = ctx;
    memory_account_release(a, atomic_load(&a->used));
}

static void test_memory_is_reclaimed_only_when_tight(void **state)
{
    (void)state;
    struct memory_budget *b = memory_budget_new(BUDGET, 1);
    struct memory_account old;
    memory_account_open(&old, b);
    memory_budget_set_reclaim(b, free_all, &old);
    assert_true(memory_account_charge(&old, BUDGET / 8 * 5));
    assert_int_equal(memory_budget_excess(b), 0);
    memory_budget_reclaim(b);
    assert_int_equal(memory_budget_used(b), BUDGET / 8 * 5);
    assert_true(memory_account_charge(&old, KIB));
    assert_int_equal(memory_budget_excess(b), BUDGET / 8 + KIB);
    memory_budget_reclaim(b);
    assert_int_equal(memory_budget_used(b), 0);
    memory_budget_set_reclaim(b, NULL, NULL);
    memory_account_close(&old);
    memory_budget_put(b);
}

/* A message of a kilobyte, or the end of the run. */
static uint32_t append(struct runlog *log, bool end)
{
    char text[KIB];
    for (size_t i = 0; i < sizeof(text) - 1; i++)
        text[i] = 'x';
    text[sizeof(text) - 1] = '\0';
    const struct event message = {.kind = EVENT_MESSAGE,
                                  .message = {.text = text}};
    const struct event over = {
        .kind = EVENT_RUN, .run = {.phase = PHASE_END, .verdict_text = text}};
    return runlog_append(log, end ? &over : &message);
}

static void test_memory_refused_to_a_log_ends_it_with_its_reason(void **state)
{
    (void)state;
    struct memory_budget *b = memory_budget_new(BUDGET, 64);
    struct memory_account a;
    const struct runlog_limits roomy = {65536, 16 << 20};
    struct runlog *log = runlog_new(roomy, NULL);
    memory_account_open(&a, b);
    runlog_set_account(log, &a);
    while (append(log, false))
        assert_int_equal(runlog_full(log), RUNLOG_TAKES);
    assert_int_equal(runlog_full(log), RUNLOG_BUDGET);
    assert_true(memory_budget_used(b) <= BUDGET / 4 * 3);
    /* Memory that comes free would leave a gap: only the end is taken. */
    uint32_t count = runlog_count(log);
    memory_account_release(&a, BUDGET / 4);
    assert_int_equal(append(log, false), 0);
    assert_int_equal(append(log, true), count + 1);
    assert_true(runlog_ended(log));
    memory_account_force(&a, BUDGET / 4);
    runlog_free(log);
    assert_int_equal(memory_budget_used(b), 0);
    memory_account_close(&a);
    memory_budget_put(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_large_account_stops_at_three_quarters),
        cmocka_unit_test(test_memory_is_reclaimed_only_when_tight),
        cmocka_unit_test(test_memory_refused_to_a_log_ends_it_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* flight_test.c - the queue of copies under way and the list of the held. */
#include "test.h"

#include "flight.h"

#include <errno.h>
#include <stdlib.h>

static struct flight at(uint64_t due_ns, uint32_t n)
{
    return (struct flight){.due_ns = due_ns, .n = n};
}

static void check_due(struct flights *f, uint64_t now_ns, uint32_t n)
{
    struct flight *one = flights_take_due(f, now_ns);
    assert_non_null(one);
    assert_int_equal(one->n, n);
    flight_free(one);
}

static void test_flights_arrive_by_due_time(void **state)
{
    (void)state;
    struct flights f;
    flights_init(&f, 100, NULL);
    const uint64_t due[] = {50, 10, 30, 20, 40};
    for (uint32_t i = 0; i < 5; i++) {
        const struct flight one = at(due[i], (uint32_t)due[i]);
        assert_int_equal(flights_add(&f, &one), 0);
    }
    assert_int_equal(flights_next_due(&f), 10);
    assert_null(flights_take_due(&f, 9));
    for (uint32_t n = 10; n <= 50; n += 10)
        check_due(&f, 100, n);
    assert_int_equal(flights_next_due(&f), UINT64_MAX);
    flights_done(&f);
}

static void test_flights_of_one_time_keep_their_order(void **state)
{
    (void)state;
    struct flights f;
    flights_init(&f, 1000, NULL);
    for (uint32_t n = 1; n <= 500; n++) {
        const struct flight one = at(7, n);
        assert_int_equal(flights_add(&f, &one), 0);
    }
    for (uint32_t n = 1; n <= 500; n++)
        check_due(&f, 7, n);
    flights_done(&f);
}

static void test_held_are_found_by_number(void **state)
{
    (void)state;
    struct flights f;
    flights_init(&f, 20000, NULL);
    for (uint32_t n = 1; n <= 10000; n++) {
        const struct flight one = at(0, n);
        assert_int_equal(flights_hold(&f, &one), 0);
    }
    assert_true(flights_is_held(&f, 5000));
    flight_free(flights_take_held(&f, 5000));
    assert_false(flights_is_held(&f, 5000));
    assert_null(flights_take_held(&f, 5000));
    assert_null(flights_take_held(&f, 10001));
    assert_int_equal(flights_held_at(&f, 4999)->n, 5001);
    assert_null(flights_held_at(&f, 9999));
    flights_done(&f);
}

static void test_flights_have_a_bound(void **state)
{
    (void)state;
    struct flights f;
    flights_init(&f, 3, NULL);
    const struct flight one = at(0, 1), two = at(0, 2), three = at(0, 3);
    assert_int_equal(flights_add(&f, &one), 0);
    assert_int_equal(flights_hold(&f, &two), 0);
    assert_int_equal(flights_add(&f, &three), 0);
    assert_int_equal(flights_add(&f, &one), -ENOSPC);
    assert_int_equal(flights_hold(&f, &one), -ENOSPC);
    flights_done(&f);
}

/* Against a plain model: always the least due, first in first. */
static void test_flights_random_order_matches_a_model(void **state)
{
    (void)state;
    struct flights f;
    flights_init(&f, 4096, NULL);
    uint32_t seed = 1, previous_due = 0;
    for (uint32_t n = 1; n <= 4000; n++) {
        seed = seed * 1664525 + 1013904223;
        const struct flight one = at(seed >> 20, n);
        assert_int_equal(flights_add(&f, &one), 0);
    }
    uint32_t previous_n = 0;
    for (int i = 0; i < 4000; i++) {
        struct flight *one = flights_take_due(&f, UINT64_MAX);
        assert_true(one->due_ns >= previous_due);
        if (one->due_ns == previous_due)
            assert_true(one->n > previous_n);
        previous_due = (uint32_t)one->due_ns;
        previous_n = one->n;
        flight_free(one);
    }
    flights_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flights_arrive_by_due_time),
        cmocka_unit_test(test_flights_of_one_time_keep_their_order),
        cmocka_unit_test(test_held_are_found_by_number),
        cmocka_unit_test(test_flights_have_a_bound),
        cmocka_unit_test(test_flights_random_order_matches_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* runlog_test.c - the run log: append, read, bounds, the bell, readers beside
 * writers. */
#include "test.h"

#include "handshake/clock.h"
#include "handshake/runlog.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const struct runlog_limits roomy = {100000, 16 << 20};

static struct event message(const char *text)
{
    return (struct event){.kind = EVENT_MESSAGE,
                          .message = {.host = HOST_SERVER, .text = text}};
}

static struct event run_end(void)
{
    return (struct event){.kind = EVENT_RUN,
                          .run = {.phase = PHASE_END, .verdict_text = "done"}};
}

static void test_runlog_append_numbers_from_one(void **state)
{
    (void)state;
    struct runlog *log = runlog_new(roomy, NULL);
    const struct event e = message("a");
    for (uint32_t i = 1; i <= 1000; i++)
        assert_int_equal(runlog_append(log, &e), i);
    assert_int_equal(runlog_count(log), 1000);
    assert_null(runlog_get(log, 0));
    assert_null(runlog_get(log, 1001));
    assert_int_equal(runlog_get(log, 700)->id, 700);
    runlog_free(log);
}

static void test_runlog_append_copies_what_it_points_to(void **state)
{
    (void)state;
    struct runlog *log = runlog_new(roomy, NULL);
    char text[] = "hello";
    uint8_t packet[] = {1, 2, 3};
    char what[] = "client connect ok";
    const struct expectation expect = {what, what, true};
    const struct event said = message(text);
    const struct event sent = {
        .kind = EVENT_SEGMENT,
        .segment = {.n = 1, .bytes = packet, .len = sizeof(packet)}};
    struct event end = run_end();
    end.run.expect = &expect;
    end.run.expect_count = 1;
    runlog_append(log, &said);
    runlog_append(log, &sent);
    runlog_append(log, &end);
    memset(text, 'x', 5);
    memset(packet, 9, sizeof(packet));
    memset(what, 'x', 5);
    assert_string_equal(runlog_get(log, 1)->message.text, "hello");
    assert_memory_equal(runlog_get(log, 2)->segment.bytes, "\1\2\3", 3);
    assert_string_equal(runlog_get(log, 3)->run.expect[0].what,
                        "client connect ok");
    runlog_free(log);
}

static void test_runlog_full_of_events_takes_only_the_end(void **state)
{
    (void)state;
    struct runlog *log = runlog_new((struct runlog_limits){10, 1 << 20}, NULL);
    const struct event e = message("a"), end = run_end();
    uint32_t appended = 0;
    while (runlog_append(log, &e))
        appended++;
    assert_int_equal(appended, 8);
    assert_true(runlog_full(log));
    assert_int_equal(runlog_append(log, &end), 9);
    assert_true(runlog_ended(log));
    assert_int_equal(runlog_append(log, &end), 0);
    runlog_free(log);
}

/* The end may be seen before it is known to be the end: who then waits would
 * wait for ever. */
static void test_runlog_end_is_news_to_who_has_seen_it(void **state)
{
    (void)state;
    struct runlog *log = runlog_new(roomy, NULL);
    const struct event e = message("a"), end = run_end();
    assert_false(runlog_has_news(log, 0));
    runlog_append(log, &e);
    assert_true(runlog_has_news(log, 0));
    assert_false(runlog_has_news(log, 1));
    runlog_append(log, &end);
    assert_true(runlog_has_news(log, 2));
    runlog_free(log);
}

static void test_runlog_full_of_bytes_refuses_more(void **state)
{
    (void)state;
    struct runlog *log =
        runlog_new((struct runlog_limits){100000, 64 * 1024}, NULL);
    static char text[1000];
    memset(text, 'a', sizeof(text) - 1);
    const struct event e = message(text), end = run_end();
    uint32_t appended = 0;
    while (runlog_append(log, &e))
        appended++;
    assert_in_range(appended, 40, 64);
    assert_true(runlog_memory_bytes(log) < 256 * 1024);
    assert_true(runlog_append(log, &end) > 0);
    runlog_free(log);
}

static void test_runlog_time_counts_from_the_start(void **state)
{
    (void)state;
    struct runlog *log = runlog_new(roomy, NULL);
    runlog_start(log, 1000);
    assert_int_equal(runlog_at_ns(log, 1500), 500);
    assert_int_equal(runlog_at_ns(log, 500), 0);
    assert_true(runlog_now_ns(log) <= clock_mono_ns());
    runlog_free(log);
}

static bool is_readable(const struct bell *bell)
{
    struct pollfd fd = {.fd = bell_fd(bell), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

static void test_bell_rings_once_for_each_arming(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    struct runlog *log = runlog_new(roomy, bell);
    const struct event e = message("a");
    runlog_append(log, &e);
    assert_false(is_readable(bell));
    bell_arm(bell);
    runlog_append(log, &e);
    assert_true(is_readable(bell));
    bell_clear(bell);
    runlog_append(log, &e);
    assert_false(is_readable(bell));
    runlog_free(log);
    bell_free(bell);
}

enum { WRITERS = 3, EACH = 5000 };

static void *write_many(void *arg)
{
    struct runlog *log = arg;
    for (int i = 0; i < EACH; i++) {
        char text[16];
        snprintf(text, sizeof(text), "m%d", i);
        const struct event e = message(text);
        runlog_append(log, &e);
    }
    return NULL;
}

/* A reader beside three writers: every id in order, every text whole, nothing
 * slept through. */
static void test_runlog_reader_beside_writers_misses_nothing(void **state)
{
    (void)state;
    struct bell *bell = bell_new();
    struct runlog *log = runlog_new(roomy, bell);
    pthread_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&writers[i], NULL, write_many, log);
    uint32_t seen = 0;
    while (seen < WRITERS * EACH) {
        bell_arm(bell);
        uint32_t count = runlog_count(log);
        if (seen == count) {
            struct pollfd fd = {.fd = bell_fd(bell), .events = POLLIN};
            assert_int_equal(poll(&fd, 1, 5000), 1);
            bell_clear(bell);
        }
        for (; seen < count; seen++) {
            const struct event *e = runlog_get(log, seen + 1);
            assert_int_equal(e->id, seen + 1);
            assert_int_equal(e->message.text[0], 'm');
        }
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    runlog_free(log);
    bell_free(bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runlog_append_numbers_from_one),
        cmocka_unit_test(test_runlog_append_copies_what_it_points_to),
        cmocka_unit_test(test_runlog_full_of_events_takes_only_the_end),
        cmocka_unit_test(test_runlog_end_is_news_to_who_has_seen_it),
        cmocka_unit_test(test_runlog_full_of_bytes_refuses_more),
        cmocka_unit_test(test_runlog_time_counts_from_the_start),
        cmocka_unit_test(test_bell_rings_once_for_each_arming),
        cmocka_unit_test(test_runlog_reader_beside_writers_misses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* scenarios_lab.c - every built-in scenario is run and each of its expectations
 * held, several runs at a time.
 *
 * Without an argument the short forms; with "long" the long ones, which take
 * minutes (label nightly); with an id that one alone, as often as a second
 * argument says. */
#include "lab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* They mostly wait for timers of the kernel, so many cost little. */
enum { AT_A_TIME = 24, POLL_MS = 10, CATALOG_MOST = 256 };

/* What is run: set by main() before the tests. */
static struct {
    bool long_form;
    const char *only; /* NULL: all */
    unsigned times;
} wanted = {.times = 1};

/* One run on its way. */
struct slot {
    struct run *run; /* (owned) or NULL */
    const struct scenario *sc;
};

/* Start a scenario, or say why it is left out here. */
static void start(struct registry *reg, struct slot *slot,
                  const struct scenario *sc)
{
    struct err err = {0};
    const struct run_options opt = {.long_form = wanted.long_form};
    int r = registry_start(reg, sc, &opt, &slot->run, &err);
    slot->sc = sc;
    if (r == -EOPNOTSUPP) {
        fprintf(stderr, "left out: %s\n", err.text);
        slot->run = NULL;
    } else if (r < 0) {
        fail_msg("%s: %s", sc->id, err.text);
    }
}

/* Expectations of an ended run that were not met; each is told. */
static unsigned count_unmet(const struct slot *slot)
{
    const struct event_run *end = lab_end(slot->run);
    unsigned unmet = end->verdict >= VERDICT_CANCELLED;
    if (unmet)
        fprintf(stderr, "%s: %s\n", slot->sc->id, end->verdict_text);
    for (size_t i = 0; i < end->expect_count; i++) {
        const struct expectation *x = &end->expect[i];
        if (!x->met)
            fprintf(stderr, "%s: %s: %s (%s)\n", slot->sc->id, x->what, x->seen,
                    end->verdict_text);
        unmet += !x->met;
    }
    return unmet;
}

/* Take in the runs that have ended. Returns how many expectations they missed;
 * *ret_alive: how many go on. */
static unsigned reap(struct slot *slots, size_t *ret_alive)
{
    unsigned unmet = 0;
    *ret_alive = 0;
    for (size_t i = 0; i < AT_A_TIME; i++) {
        if (!slots[i].run)
            continue;
        if (!run_wait(slots[i].run, 0)) {
            ++*ret_alive;
            continue;
        }
        unmet += count_unmet(&slots[i]);
        run_put(slots[i].run);
        slots[i].run = NULL;
    }
    return unmet;
}

static struct slot *free_slot(struct slot *slots)
{
    for (size_t i = 0; i < AT_A_TIME; i++)
        if (!slots[i].run)
            return &slots[i];
    return NULL;
}

/* The longest first, so that the short ones fill the gaps. */
static int by_seconds(const void *a, const void *b)
{
    const struct scenario *x = *(const struct scenario *const *)a;
    const struct scenario *y = *(const struct scenario *const *)b;
    uint32_t left = wanted.long_form ? x->long_seconds : x->seconds;
    uint32_t right = wanted.long_form ? y->long_seconds : y->seconds;
    return left < right ? 1 : left > right ? -1 : strcmp(x->id, y->id);
}

static size_t choose(const struct scenario **ret_list)
{
    size_t count = 0;
    for (size_t i = 0; i < catalog_count() && count < CATALOG_MOST; i++) {
        const struct scenario *sc = catalog_at(i);
        bool fits = wanted.only ? strcmp(sc->id, wanted.only) == 0
                                : !wanted.long_form || sc->long_seconds > 0;
        if (fits)
            ret_list[count++] = sc;
    }
    qsort(ret_list, count, sizeof(*ret_list), by_seconds);
    return count;
}

static void test_every_expectation_is_met(void **state)
{
    (void)state;
    const struct scenario *list[CATALOG_MOST];
    struct slot slots[AT_A_TIME] = {{.run = NULL}};
    struct registry *reg = lab_registry();
    size_t count = choose(list) * wanted.times, next = 0, alive = 1;
    unsigned unmet = 0;
    assert_true(count > 0);
    while (next < count || alive > 0) {
        struct slot *slot = free_slot(slots);
        if (slot && next < count) {
            start(reg, slot, list[next / wanted.times]);
            next++;
            alive = 1;
            continue;
        }
        usleep(POLL_MS * 1000);
        unmet += reap(slots, &alive);
    }
    registry_free(reg);
    assert_int_equal(unmet, 0);
}

/* What the page shows of each: a title, a sentence, why, where to go next. */
static void test_every_scenario_is_told_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct scenario *sc = catalog_at(i);
        if (!sc->group[0] || !sc->summary[0] || !sc->why[0] ||
            sc->teaches_count == 0 || sc->rfc_count == 0 || sc->seconds == 0)
            fail_msg("%s lacks a part of its story", sc->id);
        if (!catalog_find(sc->next))
            fail_msg("%s leads on to \"%s\", which there is not", sc->id,
                     sc->next);
        if (!sc->expect.verdict[0])
            fail_msg("%s does not say how it ends", sc->id);
        assert_true(sc->seconds <= 10);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_scenario_is_told_whole),
        cmocka_unit_test(test_every_expectation_is_met),
    };
    wanted.long_form = argc > 1 && strcmp(argv[1], "long") == 0;
    wanted.only = argc > 1 && !wanted.long_form ? argv[1] : NULL;
    if (wanted.only && strcmp(wanted.only, "all") == 0)
        wanted.only = NULL;
    if (argc > 2)
        wanted.times = (unsigned)strtoul(argv[2], NULL, 10);
    lab_enter();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

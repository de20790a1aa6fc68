/* wire_bench.c - what rules, many held segments and delays cost.
 *
 * By turns on the same threads: bare, recorded, recorded with eight rules none
 * of which fits. Then the time of a decision while 10,000 segments are held,
 * and how exactly a delay of 50 ms is kept. */
#include "handshake/clock.h"
#include "handshake/json.h"
#include "handshake/run.h"
#include "handshake/segment.h"
#include "handshake/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CONNECTIONS = 2000,
    ROUNDS = 9,
    MODES = 3,
    HELD = 10000,
    DECISIONS = 1000,
    DELAYS = 100
};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double *values, size_t n, double p)
{
    qsort(values, n, sizeof(*values), compare);
    return values[(size_t)(p * (double)(n - 1))];
}

static struct run *start(struct registry *reg, const struct scenario *sc,
                         const struct run_options *opt)
{
    struct run *run = NULL;
    struct err err = {0};
    if (registry_start(reg, sc, opt, &run, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_FAILURE);
    }
    return run;
}

static void add_rule(struct scenario *sc, const char *words)
{
    struct err err = {0};
    if (rule_parse(words, NULL, &sc->wire.rules[sc->wire.rule_count++], &err) <
        0) {
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_FAILURE);
    }
}

/* --- rules in place ------------------------------------------------------ */

static void bench_rules(struct registry *reg)
{
    static const char *const names[MODES] = {"bare wire", "recorded",
                                             "recorded, eight rules"};
    static double ms[MODES][ROUNDS];
    struct scenario plain = *catalog_find("open"), ruled;
    plain.repeat = CONNECTIONS;
    ruled = plain;
    for (int i = 0; i < 8; i++)
        add_rule(&ruled, "client with URG contains \"never\" drop");
    for (int r = 0; r < ROUNDS; r++)
        for (int m = 0; m < MODES; m++) {
            const struct run_options opt = {.no_states = true,
                                            .no_record = m == 0};
            uint64_t begin_ns = clock_mono_ns();
            struct run *run = start(reg, m == 2 ? &ruled : &plain, &opt);
            run_wait(run, 60000);
            ms[m][r] = (double)(clock_mono_ns() - begin_ns) / 1e6;
            run_put(run);
        }
    double bare = percentile(ms[0], ROUNDS, 0.5);
    printf("%d connections, median of %d rounds by turns:\n", CONNECTIONS,
           ROUNDS);
    for (int m = 0; m < MODES; m++) {
        double median = percentile(ms[m], ROUNDS, 0.5);
        printf("  %-22s %7.0f handshakes/s   %.2f times the bare wire's cost\n",
               names[m], CONNECTIONS * 1000.0 / median, median / bare);
    }
}

/* --- decisions among many held ------------------------------------------- */

static void bench_held(struct registry *reg)
{
    static double us[DECISIONS];
    struct scenario sc = *catalog_find("open");
    sc.step_count[HOST_CLIENT] = 0;
    const struct run_options opt = {.hold = true, .max_seconds = 60};
    struct run *run = start(reg, &sc, &opt);
    struct err err = {0};
    uint32_t n = 0;
    /* Each SYN to a closed port is answered by RST, and that is held. */
    const struct forge syn = {.to = HOST_SERVER,
                              .flags = SEG_SYN,
                              .set_dst_port = true,
                              .dst_port = 9,
                              .count = FORGE_MAX_COUNT,
                              .vary_source = true};
    const struct decision drop = {.what = DECIDE_DROP};
    usleep(50000);
    for (int i = 0; i < 200 && run_held_count(run) < HELD; i++) {
        run_inject(run, &syn, &n, &err);
        usleep(20000);
    }
    size_t held = run_held_count(run), decided = 0;
    for (uint32_t segment = 1; decided < DECISIONS && segment < 60000;
         segment++) {
        uint64_t begin_ns = clock_mono_ns();
        if (run_decide(run, segment, &drop, &err) == 0)
            us[decided++] = (double)(clock_mono_ns() - begin_ns) / 1e3;
    }
    printf("a decision while %zu segments are held, %zu times:\n", held,
           decided);
    if (decided)
        printf("  p50 %.1f us   p99 %.1f us\n", percentile(us, decided, 0.5),
               percentile(us, decided, 0.99));
    run_stop(run);
    run_wait(run, 10000);
    run_put(run);
}

/* --- how exact a delay is ------------------------------------------------ */

static void bench_delay(struct registry *reg)
{
    static double error_us[DELAYS];
    struct scenario sc = *catalog_find("open");
    add_rule(&sc, "client SYN delay 50");
    const struct run_options opt = {.no_states = true};
    for (int i = 0; i < DELAYS; i++) {
        struct run *run = start(reg, &sc, &opt);
        run_wait(run, 10000);
        uint64_t sent_ns = 0, arrived_ns = 0;
        for (uint32_t id = 1; id <= runlog_count(run_log(run)); id++) {
            const struct event *e = runlog_get(run_log(run), id);
            if (e->kind == EVENT_SEGMENT && e->segment.n == 1)
                sent_ns = e->t_ns;
            if (e->kind == EVENT_COPY && e->copy.n == 1)
                arrived_ns = e->t_ns;
        }
        error_us[i] = (double)(arrived_ns - sent_ns) / 1e3 - 50000;
        run_put(run);
    }
    printf("a delay of 50 ms, late by, %d times:\n"
           "  p50 %.0f us   p99 %.0f us\n",
           DELAYS, percentile(error_us, DELAYS, 0.5),
           percentile(error_us, DELAYS, 0.99));
}

int main(void)
{
    static struct settle_report report;
    const struct settle_options opt = {.best = LINK_WIRE};
    struct err err = {0};
    if (settle(&opt, &report, &err) < 0 || report.link != LINK_WIRE) {
        fprintf(stderr, "%s%s\n", err.text, report.links[LINK_WIRE].why);
        return EXIT_FAILURE;
    }
    struct registry_limits limits = registry_default_limits();
    limits.log =
        (struct runlog_limits){.max_events = 1 << 20, .max_bytes = 256 << 20};
    limits.max_kept = 1;
    struct registry *reg = registry_new(limits, NULL);
    bench_rules(reg);
    bench_held(reg);
    bench_delay(reg);
    registry_free(reg);
    return EXIT_SUCCESS;
}

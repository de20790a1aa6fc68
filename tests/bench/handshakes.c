/* handshakes.c - what recording costs on the wire, as ratios in one run.
 *
 * The same connect/close loop through the same threads and packet sockets,
 * three ways by turns: bare (carried unseen), recorded, recorded with both
 * kernels' states after every segment. Then whole runs with fresh namespaces.
 *   handshakes [CONNECTIONS [ROUNDS]] */
#include "handshake/clock.h"
#include "handshake/json.h"
#include "handshake/settle.h"
#include "handshake/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 2000, ROUNDS = 9, WHOLE_RUNS = 300, MODES = 3 };

static const char *const mode_names[MODES] = {"bare wire", "recorded",
                                              "recorded with states"};

static struct run_options mode_options(int mode)
{
    return (struct run_options){.ip = 4,
                                .max_seconds = 60,
                                .no_record = mode == 0,
                                .no_states = mode < 2};
}

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

/* One run; returns its wall time in ms, ends the program when it failed. */
static double timed_run(struct registry *reg, const struct scenario *sc,
                        const struct run_options *opt)
{
    struct run *run = NULL;
    struct err err = {0};
    uint64_t begin_ns = clock_mono_ns();
    if (registry_start(reg, sc, opt, &run, &err) < 0 || !run_wait(run, 60000)) {
        fprintf(stderr, "run failed: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    double ms = (double)(clock_mono_ns() - begin_ns) / 1e6;
    const struct runlog *log = run_log(run);
    const struct event *end = runlog_get(log, runlog_count(log));
    if (end->run.verdict != VERDICT_ESTABLISHED)
        fprintf(stderr, "unexpected end: %s\n", end->run.verdict_text);
    run_put(run);
    return ms;
}

static void bench_loop(struct registry *reg, uint32_t connections, int rounds)
{
    struct scenario sc = *catalog_find("open");
    sc.repeat = connections;
    double *ms[MODES];
    for (int m = 0; m < MODES; m++)
        ms[m] = calloc((size_t)rounds, sizeof(double));
    for (int r = 0; r < rounds; r++)
        for (int m = 0; m < MODES; m++) {
            const struct run_options opt = mode_options(m);
            ms[m][r] = timed_run(reg, &sc, &opt);
        }
    double bare = percentile(ms[0], (size_t)rounds, 0.5);
    printf("%u connections (open and close), median of %d rounds by turns:\n",
           (unsigned)connections, rounds);
    for (int m = 0; m < MODES; m++) {
        double median = percentile(ms[m], (size_t)rounds, 0.5);
        printf("  %-22s %8.0f handshakes/s   %.2f of the bare wire\n",
               mode_names[m], connections * 1000.0 / median, bare / median);
        free(ms[m]);
    }
}

static void bench_whole(struct registry *reg)
{
    static double ms[WHOLE_RUNS];
    const struct run_options opt = mode_options(MODES - 1);
    for (int i = 0; i < WHOLE_RUNS; i++)
        ms[i] = timed_run(reg, catalog_find("open"), &opt);
    printf("whole run, two fresh namespaces, log complete, %d times:\n"
           "  p50 %.2f ms   p99 %.2f ms\n",
           WHOLE_RUNS, percentile(ms, WHOLE_RUNS, 0.5),
           percentile(ms, WHOLE_RUNS, 0.99));
}

int main(int argc, char **argv)
{
    uint32_t connections =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : CONNECTIONS;
    int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : ROUNDS;
    struct err err = {0};
    const struct settle_options opt = {.best = LINK_WIRE};
    static struct settle_report report;
    if (settle(&opt, &report, &err) < 0 || report.link != LINK_WIRE) {
        fprintf(stderr, "%s%s\n", err.text, report.links[LINK_WIRE].why);
        return EXIT_FAILURE;
    }
    struct registry_limits limits = registry_default_limits();
    limits.log =
        (struct runlog_limits){.max_events = 1 << 20, .max_bytes = 256 << 20};
    limits.max_kept = 1;
    struct registry *reg = registry_new(limits, NULL);
    bench_loop(reg, connections, rounds);
    bench_whole(reg);
    registry_free(reg);
    return EXIT_SUCCESS;
}

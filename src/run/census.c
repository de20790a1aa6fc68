/* census.c - what all runs together came to: how they ended, what passed, what
 * became of it.
 *
 * Counted from a run's log when it is over, by its own thread: while it carries
 * segments nothing is counted twice. */
#include "run_internal.h"

#include <string.h>

/* Of one event. */
static void count_event(struct run_counts *counts, const struct event *e)
{
    counts->events[e->kind]++;
    if (e->kind == EVENT_SEGMENT)
        counts->segments[e->segment.forged ? 1 : 0]++;
    if (e->kind == EVENT_COPY)
        counts->copies[e->copy.fate][e->copy.by]++;
    if (e->kind == EVENT_CALL && e->call.phase == PHASE_END)
        counts->calls[e->call.error ? 1 : 0]++;
}

struct run_counts census_count(const struct run *run)
{
    struct run_counts counts = {.segments = {0}};
    uint32_t count = runlog_count(run->log);
    for (uint32_t id = 1; id <= count; id++)
        count_event(&counts, runlog_get(run->log, id));
    return counts;
}

/* The row of that id, a new one if there is room; else the row of all others,
 * which is the first. */
static struct scenario_census *row_of(struct run_census *census, const char *id)
{
    for (size_t i = 0; i < census->scenario_count; i++)
        if (strcmp(census->scenarios[i].id, id) == 0)
            return &census->scenarios[i];
    if (census->scenario_count == CENSUS_SCENARIOS)
        return &census->scenarios[0];
    struct scenario_census *row = &census->scenarios[census->scenario_count++];
    memcpy(row->id, id, strlen(id) + 1);
    return row;
}

static enum verdict_code verdict_of(const struct run *run)
{
    const struct event *last = runlog_get(run->log, runlog_count(run->log));
    bool ended =
        last && last->kind == EVENT_RUN && last->run.phase == PHASE_END;
    return ended ? last->run.verdict : VERDICT_ERROR;
}

static void add_all(uint64_t *to, const uint64_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* Scenarios that were sent with their run may have any id: they are one row.
 * The counts are an array of numbers by any other name. */
void census_add(struct run_census *census, const struct run *run,
                const struct run_counts *counts)
{
    struct scenario_census *others = row_of(census, "");
    struct scenario_census *row =
        run->scenario.builtin ? row_of(census, run->scenario.id) : others;
    row->ends[verdict_of(run)]++;
    add_all((uint64_t *)(void *)&census->counts,
            (const uint64_t *)(const void *)counts,
            sizeof(*counts) / sizeof(uint64_t));
}

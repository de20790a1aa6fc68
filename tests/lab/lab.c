/* lab.c - helpers of the tests that make real runs (lab.h). */
#include "lab.h"

#include "handshake/settle.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAB_TIMEOUT_MS = 10000, STATES_BYTES = 256 };

static struct settle_report report;

void lab_enter(void)
{
    struct err err = {0};
    const struct settle_options opt = {.best = LINK_WIRE, .keep_powers = true};
    if (settle(&opt, &report, &err) < 0 || report.link != LINK_WIRE) {
        fprintf(stderr, "%s\n", report.links[LINK_WIRE].why);
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_FAILURE);
    }
}

struct registry *lab_registry(void)
{
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    struct registry *reg = registry_new(limits, NULL);
    assert_non_null(reg);
    return reg;
}

struct run *lab_start(struct registry *reg, const struct scenario *sc,
                      uint8_t ip)
{
    struct run *run = NULL;
    struct err err = {0};
    const struct run_options opt = {.ip = ip};
    if (registry_start(reg, sc, &opt, &run, &err) < 0)
        fail_msg("%s", err.text);
    return run;
}

struct run *lab_run(struct registry *reg, const struct scenario *sc, uint8_t ip)
{
    struct run *run = lab_start(reg, sc, ip);
    assert_true(run_wait(run, LAB_TIMEOUT_MS));
    return run;
}

void lab_scenario(const char *json, struct scenario *ret_sc)
{
    struct json_faults faults = {.count = 0};
    if (json_scenario_read(json, strlen(json), ret_sc, &faults) == 0)
        return;
    for (size_t i = 0; i < faults.count; i++)
        fprintf(stderr, "%s: %s\n", faults.list[i].pointer,
                faults.list[i].text);
    fail_msg("the test's scenario is wrong");
}

const struct event_run *lab_end(const struct run *run)
{
    const struct runlog *log = run_log(run);
    const struct event *e = runlog_get(log, runlog_count(log));
    assert_non_null(e);
    assert_int_equal(e->kind, EVENT_RUN);
    assert_int_equal(e->run.phase, PHASE_END);
    return &e->run;
}

const struct event *lab_segment(const struct run *run, uint32_t n,
                                struct segment *ret_seg)
{
    const struct runlog *log = run_log(run);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind != EVENT_SEGMENT || e->segment.n != n)
            continue;
        struct err err = {0};
        if (segment_parse(e->segment.bytes, e->segment.len, ret_seg, &err) < 0)
            fail_msg("%s", err.text);
        return e;
    }
    fail_msg("there is no segment %u", (unsigned)n);
    return NULL;
}

uint32_t lab_segment_count(const struct run *run)
{
    const struct runlog *log = run_log(run);
    uint32_t count = 0;
    for (uint32_t id = 1; id <= runlog_count(log); id++)
        count += runlog_get(log, id)->kind == EVENT_SEGMENT;
    return count;
}

const char *lab_states(const struct run *run, enum host_id host, char *ret_text)
{
    const struct runlog *log = run_log(run);
    size_t len = 0;
    ret_text[0] = '\0';
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind != EVENT_STATE || e->state.host != host ||
            e->state.remote.port == 0)
            continue;
        int n = snprintf(ret_text + len, STATES_BYTES - len, "%s%s",
                         len ? " " : "", tcp_state_name(e->state.new_state));
        len += (size_t)n;
        assert_true(len < STATES_BYTES);
    }
    return ret_text;
}

size_t lab_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    size_t count = 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

size_t lab_resident_kb(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    assert_non_null(f);
    unsigned long total = 0, resident = 0;
    char line[128] = "";
    assert_non_null(fgets(line, sizeof(line), f));
    fclose(f);
    char *rest = NULL;
    total = strtoul(line, &rest, 10);
    resident = strtoul(rest, NULL, 10);
    assert_true(total >= resident);
    return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

/* lab.c - helpers of the tests that make real runs (lab.h). */
#include "lab.h"

#include "handshake/settle.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 2, STATES_BYTES = 256 };

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
    assert_true(run_wait(run, LAB_WAIT_MS));
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

/* What is waited for: an event whose parts are those of `like`. */
struct awaited {
    bool (*fits)(const struct event *e, const struct event *like);
    struct event like;
};

/* False when the run ended without it. */
static bool see_event(const struct run *run, const struct awaited *a,
                      const char *what)
{
    const struct runlog *log = run_log(run);
    uint32_t id = 0;
    for (int ms = 0; ms < LAB_WAIT_MS; ms += POLL_MS) {
        bool over = runlog_ended(log);
        while (id < runlog_count(log))
            if (a->fits(runlog_get(log, ++id), &a->like))
                return true;
        if (over)
            return false;
        usleep(POLL_MS * 1000);
    }
    fail_msg("%s did not come within %d ms", what, LAB_WAIT_MS);
    return false;
}

static void wait_event(const struct run *run, const struct awaited *a,
                       const char *what)
{
    if (!see_event(run, a, what))
        fail_msg("the run ended without %s", what);
}

static bool fits_call(const struct event *e, const struct event *like)
{
    return e->kind == EVENT_CALL && e->call.host == like->call.host &&
           e->call.phase == like->call.phase &&
           strcmp(e->call.name, like->call.name) == 0;
}

bool lab_see_call(const struct run *run, enum host_id host, const char *name,
                  enum phase phase)
{
    const struct event_call like = {.host = host, .name = name, .phase = phase};
    return see_event(
        run, &(struct awaited){.fits = fits_call, .like.call = like}, name);
}

void lab_wait_call(const struct run *run, enum host_id host, const char *name,
                   enum phase phase)
{
    if (!lab_see_call(run, host, name, phase))
        fail_msg("the run ended without %s()", name);
}

static bool fits_state(const struct event *e, const struct event *like)
{
    return e->kind == EVENT_STATE && e->state.host == like->state.host &&
           e->state.new_state == like->state.new_state;
}

void lab_wait_state(const struct run *run, enum host_id host,
                    enum tcp_state tcp_state)
{
    wait_event(
        run,
        &(struct awaited){.fits = fits_state,
                          .like.state = {.host = host, .new_state = tcp_state}},
        tcp_state_name(tcp_state));
}

static bool fits_fate(const struct event *e, const struct event *like)
{
    return e->kind == EVENT_COPY && e->copy.n == like->copy.n &&
           e->copy.fate == like->copy.fate;
}

void lab_wait_fate(const struct run *run, uint32_t n, enum fate fate)
{
    wait_event(run,
               &(struct awaited){.fits = fits_fate,
                                 .like.copy = {.n = n, .fate = fate}},
               fate_name(fate));
}

static bool fits_segment(const struct event *e, const struct event *like)
{
    return e->kind == EVENT_SEGMENT && e->segment.n >= like->segment.n;
}

void lab_wait_segments(const struct run *run, uint32_t count)
{
    wait_event(run,
               &(struct awaited){.fits = fits_segment, .like.segment.n = count},
               "another segment");
}

void lab_wait_idle(struct registry *reg)
{
    for (int ms = 0; ms < LAB_WAIT_MS && registry_alive(reg) > 0; ms += POLL_MS)
        usleep(POLL_MS * 1000);
    assert_int_equal(registry_alive(reg), 0);
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

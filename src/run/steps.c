/* steps.c - carries out the steps of a host: when, how often, and what it means
 * when one fails. What the socket calls do stands in steps_open.c,
 * steps_data.c, steps_close.c and sockopt.c. */
#include "steps_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* --- steps without a socket ---------------------------------------------- */

/* While it lasts the run is not over, however quiet the wire is. */
static int step_sleep(struct host *host, const struct step *step)
{
    char args[32];
    snprintf(args, sizeof(args), "%u ms", (unsigned)step->ms);
    struct call call = call_begin(host, "sleep", "", args, NULL);
    struct timespec left = {.tv_sec = step->ms / 1000,
                            .tv_nsec = (long)(step->ms % 1000) * 1000000};
    int code;
    atomic_store(&host->dozing, true);
    do {
        code = clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left);
    } while (code == EINTR && !call_interrupted(host));
    atomic_store(&host->dozing, false);
    return call_end(&call, code ? -1 : 0, code, NULL);
}

/* A random number within bounds that the document reader has checked. */
static int step_set(struct host *host, const struct step *step)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return -EIO;
    uint64_t span = (uint64_t)step->max - step->min + 1;
    uint32_t value = step->min + (uint32_t)(random % span);
    return template_set(&host->vars, step->name, value) ? 0 : -ENOSPC;
}

/* A line on the host's terminal: no system call, so no begin and end. */
static int step_print(struct host *host, const struct step *step)
{
    char text[STEP_TEXT_BYTES * 2];
    struct err err = {0};
    int r = template_expand(step->text, &host->vars, text, sizeof(text), &err);
    if (r < 0)
        return r;
    if (host->run->options.no_record)
        return 0;
    const struct event e = {.kind = EVENT_MESSAGE,
                            .t_ns = runlog_now_ns(host->run->log),
                            .message = {.host = host->id, .text = text}};
    runlog_append(host->run->log, &e);
    return 0;
}

/* Only its `after` counts. */
static int step_wait(struct host *host, const struct step *step)
{
    (void)host;
    (void)step;
    return 0;
}

static const char *const route_names[ROUTE_COUNT] = {
    [ROUTE_NORMAL] = "normal",     [ROUTE_BLACKHOLE] = "blackhole",
    [ROUTE_PROHIBIT] = "prohibit", [ROUTE_UNREACHABLE] = "unreachable",
    [ROUTE_NONE] = "none",
};

/* ROUTE_COUNT when there is no such kind. */
static enum route_kind route_find(const char *name)
{
    enum route_kind kind = ROUTE_NORMAL;
    while (kind < ROUTE_COUNT && strcmp(route_names[kind], name) != 0)
        kind++;
    return kind;
}

const char *route_check(const char *how)
{
    return route_find(how) < ROUTE_COUNT
               ? NULL
               : "must be \"normal\", \"blackhole\", \"prohibit\", "
                 "\"unreachable\" or \"none\"";
}

/* Not a call of the program on this host, but what its administrator does. */
static int step_route(struct host *host, const struct step *step)
{
    enum route_kind kind = route_find(step->how);
    if (kind == ROUTE_COUNT || host->run->link != LINK_WIRE)
        return -EOPNOTSUPP;
    struct call call = call_begin(host, "route", "", step->how, NULL);
    const struct host *peer = &host->run->hosts[host_peer(host->id)];
    int r = host_net_route(&peer->address.addr, kind);
    return call_end(&call, r < 0 ? -1 : 0, -r, NULL);
}

/* Whoever waits for "inject returned" knows that the wire has taken it; it
 * arrives as soon as the wire thread gets to it. */
static int step_inject(struct host *host, const struct step *step)
{
    const struct forge *forge = &host->run->scenario.forges[step->forge];
    char args[64], flags[SEGMENT_FLAGS_TEXT_BYTES];
    if (forge->kind == FORGE_ICMP)
        snprintf(args, sizeof(args), "ICMP %u/%u to the %s", forge->type,
                 forge->code, host_name(forge->to));
    else
        snprintf(args, sizeof(args), "%s to the %s, %u times",
                 segment_flags_text(forge->flags, flags), host_name(forge->to),
                 forge->count ? forge->count : 1u);
    struct err err = {0};
    uint32_t n = 0;
    struct call call = call_begin(host, "inject", "", args, NULL);
    int r = run_inject(host->run, forge, &n, &err);
    if (r < 0)
        snprintf(host->complaint, sizeof(host->complaint), "inject: %s",
                 err.text);
    return call_end(&call, r < 0 ? -1 : (int64_t)n, -r, NULL);
}

/* --- the table ----------------------------------------------------------- */

static step_fn *const step_fns[] = {
    [STEP_LISTEN] = step_listen,     [STEP_CONNECT] = step_connect,
    [STEP_ACCEPT] = step_accept,     [STEP_SEND] = step_send,
    [STEP_RECV] = step_recv,         [STEP_CLOSE] = step_close,
    [STEP_SLEEP] = step_sleep,       [STEP_SET] = step_set,
    [STEP_PRINT] = step_print,       [STEP_SOCKET] = step_socket,
    [STEP_BIND] = step_bind,         [STEP_OPTION] = step_option,
    [STEP_SHUTDOWN] = step_shutdown, [STEP_CRASH] = step_crash,
    [STEP_WAIT] = step_wait,         [STEP_ROUTE] = step_route,
    [STEP_INJECT] = step_inject,
};
static_assert(sizeof(step_fns) / sizeof(*step_fns) == STEP_COUNT,
              "a function for each step");

/* --- one step ------------------------------------------------------------ */

/* The end of a run is never what a step wanted. */
bool step_forgives(const struct step *step, int error)
{
    if (!step || !step->fails[0] || error == ECANCELED)
        return false;
    return strcmp(step->fails, "any") == 0 ||
           strcmp(step->fails, err_name(error)) == 0;
}

/* Marked steps belong to one form alone, all others to both. */
bool step_applies(const struct run *run, const struct step *step)
{
    return step->form == FORM_BOTH ||
           (step->form == FORM_LONG) == run->options.long_form;
}

/* After a failure the host still tidies up, but does nothing that builds on
 * what failed. */
static bool is_skipped(const struct host *host, const struct step *step)
{
    return !step_applies(host->run, step) ||
           (host->failed && step->call != STEP_CLOSE);
}

/* Calls remember their own failures (calls.c); this is for steps that failed
 * without one. */
static void note_failure(struct host *host, const struct step *step, int r)
{
    if (r >= 0 || host->failed || step_forgives(step, -r))
        return;
    host->failed = true;
    host->error = -r;
    host->error_call = step_call_name(step->call);
}

/* The step so many times as it says, or until one fails. */
static int do_rounds(struct host *host, const struct step *step)
{
    int r = 0;
    unsigned rounds = step->repeat ? step->repeat : 1;
    for (; host->round < rounds && !host->failed; host->round++) {
        r = step_fns[step->call](host, step);
        note_failure(host, step, r);
    }
    return r;
}

/* Conditions are waited for once, before the first round. */
int step_do(struct host *host, size_t index)
{
    const struct step *step = &host->run->scenario.steps[host->id][index];
    if (is_skipped(host, step))
        return 0;
    host->step = step;
    int r =
        step->after[0] && !host->failed ? condition_wait(host, step->after) : 0;
    note_failure(host, step, r);
    host->round = 0;
    if (r == 0 && host->failed) { /* a close() after a failure: once */
        r = step_fns[step->call](host, step);
    } else if (r == 0) {
        r = do_rounds(host, step);
    }
    host->step_results[index] = r < 0 ? -r + 1 : 1;
    host->step = NULL;
    return r;
}

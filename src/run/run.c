/* run.c - one run from its first thread to its last: the wire thread's main,
 * stopping, references. */
#include "run_internal.h"

#include "handshake/clock.h"
#include "handshake/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const uint64_t ns_per_s = 1000000000, ns_per_ms = 1000000;

/* --- what the threads share ---------------------------------------------- */

static void wake_locked(struct run *run)
{
    const uint64_t one = 1;
    if (run->wake_fd < 0)
        return;
    ssize_t n = write(run->wake_fd, &one, sizeof(one));
    (void)n; /* a full eventfd is readable too */
}

void run_wake(struct run *run)
{
    pthread_mutex_lock(&run->progress_lock);
    wake_locked(run);
    pthread_mutex_unlock(&run->progress_lock);
}

void run_progress(struct run *run, bool *flag)
{
    pthread_mutex_lock(&run->progress_lock);
    *flag = true;
    pthread_cond_broadcast(&run->progress);
    wake_locked(run);
    pthread_mutex_unlock(&run->progress_lock);
}

/* An ended run that is kept holds memory, but no descriptor. */
static void close_wake(struct run *run)
{
    pthread_mutex_lock(&run->progress_lock);
    if (run->wake_fd >= 0)
        close(run->wake_fd);
    run->wake_fd = -1;
    pthread_mutex_unlock(&run->progress_lock);
}

bool run_flag(struct run *run, const bool *flag)
{
    pthread_mutex_lock(&run->progress_lock);
    bool set = *flag;
    pthread_mutex_unlock(&run->progress_lock);
    return set;
}

/* --- making and freeing -------------------------------------------------- */

static void cond_init_monotonic(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

static void host_init(struct host *host, struct run *run, enum host_id id)
{
    host->run = run;
    host->id = id;
    host->net = (struct host_net){.packet_fd = -1, .diag_fd = -1};
    host->counters = (struct counters){.fds = {-1, -1}};
    host->address.addr = *host_ipaddr(id, run->link, run->options.ip);
    if (id == HOST_SERVER)
        host->address.port = run->scenario.port;
    host->tracked_max =
        guest_is_client(run) ? HOST_MAX_TRACKED_OF_GUESTS : HOST_MAX_TRACKED;
    host->tracked = calloc(host->tracked_max, sizeof(*host->tracked));
    pthread_mutex_init(&host->state_lock, NULL);
}

/* What a run holds beside its log. */
static size_t fixed_bytes(const struct run *run)
{
    size_t bytes = sizeof(*run) + (run->wire ? wire_bytes() : 0);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        bytes += run->hosts[h].tracked_max * sizeof(struct tracked);
    return bytes;
}

/* Whether all parts were made and fit into the budget; else a sentence. */
static bool is_whole(struct run *run, struct err *ret_err)
{
    bool made = run->log && run->hosts[HOST_CLIENT].tracked &&
                run->hosts[HOST_SERVER].tracked &&
                (run->link != LINK_WIRE || run->wire);
    if (!made)
        err_set(ret_err, ENOMEM, "the system has no memory for a run");
    else if (run->wake_fd < 0)
        err_set(ret_err, EMFILE,
                "no file descriptor is left for a run: wait for others to end "
                "or raise `ulimit -n`");
    else if (!secret_make(run->key))
        err_set(ret_err, EIO, "the kernel gives no random numbers for a key");
    else if (!memory_account_charge(&run->memory, fixed_bytes(run)))
        err_set(ret_err, ENOSPC,
                "the memory for runs is used up (%zu MB for all of them): wait "
                "for others to end or raise --max-memory",
                memory_budget_max(run->memory.budget) >> 20);
    else
        return true;
    return false;
}

struct run *run_new(const struct scenario *sc, const struct run_options *opt,
                    const struct run_sharing *sharing, struct err *ret_err)
{
    struct run *run = calloc(1, sizeof(*run));
    if (!run) {
        err_set(ret_err, ENOMEM, "the system has no memory for a run");
        return NULL;
    }
    memory_account_open(&run->memory, sharing->budget);
    run->scenario = *sc;
    run->options = *opt;
    run->link = opt->link;
    run->log = runlog_new(sharing->limits, sharing->bell);
    if (run->log)
        runlog_set_account(run->log, &run->memory);
    run->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_init(&run->refs, 1);
    run_asked(run);
    pthread_mutex_init(&run->progress_lock, NULL);
    cond_init_monotonic(&run->progress);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        host_init(&run->hosts[h], run, h);
    if (run->link == LINK_WIRE)
        run->wire = wire_new(run);
    if (is_whole(run, ret_err))
        return run;
    run_free(run);
    return NULL;
}

void run_free(struct run *run)
{
    void *attached = atomic_load(&run->attached);
    if (attached)
        run->attached_free(attached);
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        pthread_mutex_destroy(&run->hosts[h].state_lock);
        free(run->hosts[h].tracked);
    }
    close_wake(run);
    sniff_close(run->sniff);
    wire_free(run->wire);
    pthread_cond_destroy(&run->progress);
    pthread_mutex_destroy(&run->progress_lock);
    runlog_free(run->log);
    memory_account_close(&run->memory);
    free(run);
}

struct run *run_ref(struct run *run)
{
    atomic_fetch_add(&run->refs, 1);
    return run;
}

void run_put(struct run *run)
{
    if (run && atomic_fetch_sub(&run->refs, 1) == 1)
        run_free(run);
}

/* --- waiting ------------------------------------------------------------- */

static struct timespec deadline_in(uint64_t ns)
{
    uint64_t at = clock_mono_ns() + ns;
    return (struct timespec){.tv_sec = (time_t)(at / ns_per_s),
                             .tv_nsec = (long)(at % ns_per_s)};
}

/* Wait for *flag until the deadline; NULL waits for ever. */
static bool wait_flag(struct run *run, const bool *flag,
                      const struct timespec *deadline)
{
    int code = 0;
    pthread_mutex_lock(&run->progress_lock);
    while (!*flag && code != ETIMEDOUT)
        code = deadline
                   ? pthread_cond_timedwait(&run->progress, &run->progress_lock,
                                            deadline)
                   : pthread_cond_wait(&run->progress, &run->progress_lock);
    bool set = *flag;
    pthread_mutex_unlock(&run->progress_lock);
    return set;
}

/* --- the wire thread ----------------------------------------------------- */

/* The host gets no thread; its flags are set so that no wait for it blocks. */
static void refuse_host(struct host *host, int code)
{
    err_thread(&host->net_error, code, "cannot start a host's thread");
    run_progress(host->run, &host->net_ready);
    run_progress(host->run, &host->steps_done);
}

static void start_host(struct host *host)
{
    int r = thread_start(&host->thread, host_main, host);
    if (r < 0)
        refuse_host(host, -r);
    host->thread_started = r == 0;
}

/* Both hosts up; true when both networks stand. */
static bool start_hosts(struct run *run)
{
    struct err *server_err = &run->hosts[HOST_SERVER].net_error;
    if (run->link != LINK_WIRE && watch_open(run, server_err) < 0) {
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            run_progress(run, &run->hosts[h].steps_done);
        return false;
    }
    for (enum host_id h = 0; h < HOST_COUNT && !atomic_load(&run->stop); h++)
        start_host(&run->hosts[h]);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (!run->hosts[h].thread_started && !run->hosts[h].net_error.code)
            refuse_host(&run->hosts[h], ECANCELED);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        wait_flag(run, &run->hosts[h].net_ready, NULL);
    return run->hosts[HOST_CLIENT].net_error.code == 0 &&
           run->hosts[HOST_SERVER].net_error.code == 0;
}

/* Time 0 of the run, and its first event. */
static void append_begin(struct run *run)
{
    struct utsname kernel = {.release = ""};
    uname(&kernel);
    uint64_t mono_ns = clock_mono_ns(), wall_ns = clock_wall_ns();
    run->wall_offset_ns = wall_ns - mono_ns;
    runlog_start(run->log, mono_ns);
    const struct event e = {.kind = EVENT_RUN,
                            .run = {.phase = PHASE_BEGIN,
                                    .run_id = run->id,
                                    .scenario = run->scenario.id,
                                    .link = run->link,
                                    .hosts = {run->hosts[HOST_CLIENT].address,
                                              run->hosts[HOST_SERVER].address},
                                    .kernel = kernel.release,
                                    .wall_ns = wall_ns}};
    runlog_append(run->log, &e);
}

/* Interrupt a host's thread again and again until it is through its steps: a
 * single signal could fall between its look at the flag and the call. */
static void kick_until_done(struct host *host)
{
    struct timespec soon = deadline_in(0);
    while (!wait_flag(host->run, &host->steps_done, &soon)) {
        pthread_kill(host->thread, SIGUSR2);
        soon = deadline_in(RUN_KICK_MS * ns_per_ms);
    }
}

static void end_steps(struct run *run)
{
    pthread_mutex_lock(&run->progress_lock);
    atomic_store(&run->stopping, true);
    pthread_cond_broadcast(&run->progress);
    pthread_mutex_unlock(&run->progress_lock);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        kick_until_done(&run->hosts[h]);
}

/* Leave nothing behind: sockets first, since a FIN that nobody carries keeps a
 * namespace alive, then threads, then the wire's descriptors. */
static void tidy_up(struct run *run)
{
    run_progress(run, &run->over);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (run->hosts[h].thread_started)
            pthread_join(run->hosts[h].thread, NULL);
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        struct host *host = &run->hosts[h];
        bool unknown = run->options.no_states || run->options.no_record;
        if (host->net.diag_fd >= 0 && run->link == LINK_WIRE &&
            (unknown || track_all(host) > 0))
            sockdiag_destroy_all(host->net.diag_fd);
        host_net_close(&host->net);
        counters_close(host);
    }
    ports_close(run);
    sniff_close(run->sniff);
    run->sniff = NULL;
    close_wake(run);
}

/* All threads of a run share one processor. The kernel queues packets for each
 * processor apart, so two of them could put an ACK behind the FIN that was sent
 * after it: a cable does not do that. It is faster too, since each segment
 * wakes the next thread. */
static void *run_main(void *arg)
{
    struct run *run = arg;
    thread_stay_on(run->cpu);
    bool up = start_hosts(run);
    append_begin(run);
    if (up) {
        run_progress(run, &run->go);
        if (run->link == LINK_WIRE)
            wire_carry(run);
        else
            watch_carry(run);
    }
    end_steps(run);
    verdict_append(run);
    run_progress(run, &run->ended);
    tidy_up(run);
    registry_run_finished(run->registry, run);
    return NULL;
}

int run_begin(struct run *run)
{
    return thread_start(&run->thread, run_main, run);
}

/* --- for everybody ------------------------------------------------------- */

const char *run_id(const struct run *run)
{
    return run->id;
}

const char *run_key(const struct run *run)
{
    return run->key;
}

const struct scenario *run_scenario(const struct run *run)
{
    return &run->scenario;
}

const struct run_options *run_get_options(const struct run *run)
{
    return &run->options;
}

enum link_kind run_link(const struct run *run)
{
    return run->link;
}

const struct runlog *run_log(const struct run *run)
{
    return run->log;
}

void run_asked(struct run *run)
{
    atomic_store_explicit(&run->asked_ns, clock_mono_ns(),
                          memory_order_relaxed);
}

void run_watch(struct run *run, bool begins)
{
    run_asked(run);
    if (begins)
        atomic_fetch_add(&run->watchers, 1);
    else
        atomic_fetch_sub(&run->watchers, 1);
}

void run_stop(struct run *run)
{
    atomic_store(&run->stop, true);
    run_wake(run);
}

bool run_wait(struct run *run, uint32_t timeout_ms)
{
    struct timespec deadline = deadline_in(timeout_ms * ns_per_ms);
    return wait_flag(run, &run->ended, &deadline);
}

void *run_attach(struct run *run, void *thing, void (*free_fn)(void *))
{
    pthread_mutex_lock(&run->progress_lock);
    void *first = atomic_load(&run->attached);
    if (!first) {
        run->attached_free = free_fn;
        atomic_store(&run->attached, thing);
    }
    pthread_mutex_unlock(&run->progress_lock);
    if (!first)
        return thing;
    free_fn(thing);
    return first;
}

void *run_attached(struct run *run)
{
    return atomic_load(&run->attached);
}

/* host.c - the thread that is one host: makes its network, does its steps. */
#include "steps_internal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

enum { TURNS = 2, TURN_LOOK_MS = 20 };

static const struct ipaddr host_v4[HOST_COUNT] = {
    [HOST_CLIENT] = {4, {192, 0, 2, 1}},
    [HOST_SERVER] = {4, {192, 0, 2, 2}},
};
static const struct ipaddr host_v6[HOST_COUNT] = {
    [HOST_CLIENT] = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
    [HOST_SERVER] = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 2}},
};

static const struct ipaddr loopback_v4 = {4, {127, 0, 0, 1}};
static const struct ipaddr loopback_v6 = {6, {[15] = 1}};

/* Off the wire link both hosts share the machine's loopback address. */
const struct ipaddr *host_ipaddr(enum host_id id, enum link_kind link,
                                 uint8_t version)
{
    if (link != LINK_WIRE)
        return version == 6 ? &loopback_v6 : &loopback_v4;
    return version == 6 ? &host_v6[id] : &host_v4[id];
}

/* Off the wire a host has no network of its own, only its eyes. */
static int open_eyes(struct host *host, struct err *ret_err)
{
    host->net.diag_fd = sockdiag_open();
    if (host->net.diag_fd >= 0)
        return 0;
    return err_errno(ret_err, -host->net.diag_fd,
                     "cannot ask the kernel for socket states");
}

/* --- turns --------------------------------------------------------------- */

/* The kernel makes one network namespace after the other, in calls that no
 * signal ends (pernet_ops_rwsem, rtnl_mutex). Those whose turn has not come
 * wait here, where they notice that their run is to stop: a hundred of them in
 * the kernel would hold up the end of the program for seconds. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t next;
    unsigned busy; /* under lock */
} turns = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static bool is_stopped(const struct host *host)
{
    return atomic_load(&host->run->stop);
}

/* Wait for a turn; -ECANCELED when the run is to stop, and no turn was taken.
 * A stop is looked for every TURN_LOOK_MS, by whatever clock. */
static int turn_take(const struct host *host, struct err *ret_err)
{
    pthread_mutex_lock(&turns.lock);
    while (turns.busy == TURNS && !is_stopped(host)) {
        struct timespec look;
        clock_gettime(CLOCK_REALTIME, &look);
        look.tv_nsec += TURN_LOOK_MS * 1000000;
        look.tv_sec += look.tv_nsec / 1000000000;
        look.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&turns.next, &turns.lock, &look);
    }
    bool stopped = is_stopped(host);
    turns.busy += !stopped;
    pthread_mutex_unlock(&turns.lock);
    return stopped ? err_set(ret_err, ECANCELED,
                             "the run was stopped before it began")
                   : 0;
}

static void turn_give(void)
{
    pthread_mutex_lock(&turns.lock);
    turns.busy--;
    pthread_cond_signal(&turns.next);
    pthread_mutex_unlock(&turns.lock);
}

/* --- the network --------------------------------------------------------- */

static int open_wire(struct host *host, struct err *ret_err)
{
    int r = turn_take(host, ret_err);
    if (r < 0)
        return r;
    r = host_net_open(&host->net, &host_v4[host->id], &host_v6[host->id],
                      ret_err);
    turn_give();
    return r;
}

/* What is left once the interface stands; a stop is looked for in between. */
static int equip(struct host *host, struct err *ret_err)
{
    int r = 0;
    if (host->run->link == LINK_WIRE && !is_stopped(host))
        r = sysctl_apply(host, ret_err);
    if (r == 0 && guest_is_client(host->run) && !is_stopped(host))
        r = host_net_furnish(ret_err);
    if (r == 0 && !is_stopped(host))
        counters_open(host);
    return r;
}

/* Make the host's network and say how it went. */
static bool host_open_net(struct host *host)
{
    struct err err = {0};
    int r = host->run->link == LINK_WIRE ? open_wire(host, &err)
                                         : open_eyes(host, &err);
    if (r == 0)
        r = equip(host, &err);
    pthread_mutex_lock(&host->run->progress_lock);
    if (r < 0)
        host->net_error = err;
    pthread_mutex_unlock(&host->run->progress_lock);
    run_progress(host->run, &host->net_ready);
    return r == 0;
}

bool host_wait(struct run *run, const bool *flag)
{
    pthread_mutex_lock(&run->progress_lock);
    while (!*flag && !run->over && !atomic_load(&run->stopping))
        pthread_cond_wait(&run->progress, &run->progress_lock);
    bool set = *flag;
    pthread_mutex_unlock(&run->progress_lock);
    return set;
}

/* Steps that only make a host ready to be spoken to. */
static bool prepares(enum step_call call)
{
    return call == STEP_LISTEN || call == STEP_SOCKET || call == STEP_BIND ||
           call == STEP_OPTION || call == STEP_PRINT || call == STEP_SET;
}

/* Number of steps at the start up to the last listen before anything that
 * needs the peer. */
static size_t preparations(const struct host *host)
{
    const struct scenario *sc = &host->run->scenario;
    const struct step *steps = sc->steps[host->id];
    size_t n = 0;
    for (size_t i = 0; i < sc->step_count[host->id]; i++) {
        if (!prepares(steps[i].call) || steps[i].after[0])
            break;
        if (steps[i].call == STEP_LISTEN)
            n = i + 1;
    }
    return n;
}

/* Preparations come once; the peer waits for them. */
static void host_do_steps(struct host *host)
{
    struct run *run = host->run;
    const struct scenario *sc = &run->scenario;
    size_t count = sc->step_count[host->id], first = preparations(host);
    for (size_t i = 0; i < first; i++)
        step_do(host, i);
    run_progress(run, &host->listening);
    host_wait(run, &run->hosts[host_peer(host->id)].listening);
    uint32_t times = sc->repeat ? sc->repeat : 1;
    for (uint32_t t = 0; t < times && !host->failed; t++)
        for (size_t i = first; i < count; i++)
            step_do(host, i);
}

/* The thread stays in its namespace until everything it opened is closed. */
void *host_main(void *arg)
{
    struct host *host = arg;
    struct run *run = host->run;
    sigset_t kick;
    sigemptyset(&kick);
    sigaddset(&kick, SIGUSR2);
    pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
    if (host_open_net(host) && host_wait(run, &run->go)) {
        if (run->options.guests[host->id].kind == GUEST_NONE)
            host_do_steps(host);
        else
            guest_live(host);
    }
    run_progress(run, &host->steps_done);
    pthread_mutex_lock(&run->progress_lock);
    while (!run->over)
        pthread_cond_wait(&run->progress, &run->progress_lock);
    pthread_mutex_unlock(&run->progress_lock);
    steps_abort_sockets(host);
    return NULL;
}

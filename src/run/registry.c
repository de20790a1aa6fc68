/* registry.c - all runs of the program: starting, finding, forgetting.
 *
 * Runs stand in a list, newest first. The registry holds one reference to each
 * until its threads are done, so that the last reference never has to wait for
 * a thread: a forgotten run that still works stays in the list, hidden, and is
 * reaped by whoever calls next. */
#include "run_internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    ID_CHARS = 6,
    LOG_MAX_EVENTS = 65536,
    LONG_MARGIN_S = 30,
    LOG_MAX_BYTES = 16 << 20
};

struct entry {
    struct entry *next;
    struct run *run; /* (owned reference) */
    bool forgotten;  /* nobody finds it any more */
    bool joined;     /* its wire thread has been joined */
};

struct registry {
    struct registry_limits limits;
    struct bell *bell;            /* (borrowed) or NULL */
    struct memory_budget *budget; /* (owned reference) */
    pthread_mutex_t lock;         /* guards all below */
    pthread_cond_t finished;
    struct entry *entries; /* (owned) newest first */
    size_t alive;
    struct run_census census; /* alive, kept and log_bytes unused */
    int last_cpu;
    bool closing;
};

struct registry_limits registry_default_limits(void)
{
    return (struct registry_limits){
        .max_alive = REGISTRY_DEFAULT_ALIVE,
        .max_owner_alive = REGISTRY_DEFAULT_OWNER,
        .max_owner_held = REGISTRY_DEFAULT_OWNER,
        .max_kept = REGISTRY_DEFAULT_KEPT,
        .max_seconds = RUN_MAX_SECONDS,
        .max_bytes = (size_t)REGISTRY_DEFAULT_MEGABYTES << 20,
        .log = {.max_events = LOG_MAX_EVENTS, .max_bytes = LOG_MAX_BYTES}};
}

/* Set once; read by anybody. */
struct registry_limits registry_get_limits(const struct registry *reg)
{
    return reg->limits;
}

static void reclaim(void *ctx);

static void on_kick(int signal_number)
{
    (void)signal_number; /* the interruption itself is the message */
}

struct registry *registry_new(struct registry_limits limits, struct bell *bell)
{
    struct registry *reg = calloc(1, sizeof(*reg));
    if (!reg)
        return NULL;
    reg->limits = limits;
    reg->bell = bell;
    reg->budget = memory_budget_new(
        limits.max_bytes ? limits.max_bytes : SIZE_MAX, limits.max_alive);
    if (!reg->budget) {
        free(reg);
        return NULL;
    }
    pthread_mutex_init(&reg->lock, NULL);
    pthread_cond_init(&reg->finished, NULL);
    /* No SA_RESTART: a call that waits must return EINTR. */
    memory_budget_set_reclaim(reg->budget, reclaim, reg);
    struct sigaction kick = {.sa_handler = on_kick};
    sigemptyset(&kick.sa_mask);
    sigaction(SIGUSR2, &kick, NULL);
    return reg;
}

/* --- reaping ------------------------------------------------------------- */

/* Join the thread of an entry that has finished. Instant: the thread's last act
 * is to say so. */
static void join_locked(struct entry *entry)
{
    if (!entry->joined && atomic_load(&entry->run->finished)) {
        pthread_join(entry->run->thread, NULL);
        entry->joined = true;
    }
}

/* Unlink what is both forgotten and done; returned as a list to be put without
 * the lock. */
static struct entry *reap_locked(struct registry *reg)
{
    struct entry *reaped = NULL, **link = &reg->entries;
    while (*link) {
        struct entry *entry = *link;
        join_locked(entry);
        if (!entry->forgotten || !entry->joined) {
            link = &entry->next;
            continue;
        }
        *link = entry->next;
        entry->next = reaped;
        reaped = entry;
    }
    return reaped;
}

static bool is_kept(const struct entry *e)
{
    return !e->forgotten && atomic_load(&e->run->finished);
}

/* How many bytes ended runs may hold: what they hold, less what is to be freed
 * of the budget. */
static size_t kept_bytes_locked(const struct registry *reg)
{
    size_t bytes = 0, excess = memory_budget_excess(reg->budget);
    for (const struct entry *e = reg->entries; e; e = e->next)
        if (is_kept(e))
            bytes += atomic_load(&e->run->memory.used);
    return bytes > excess ? bytes - excess : 0;
}

/* Forget the oldest ended runs beyond what is kept. */
static void trim_locked(struct registry *reg)
{
    size_t kept = 0, bytes = 0, most = kept_bytes_locked(reg);
    for (struct entry *e = reg->entries; e; e = e->next) {
        if (!is_kept(e))
            continue;
        kept++;
        bytes += atomic_load(&e->run->memory.used);
        if (kept > reg->limits.max_kept || bytes > most)
            e->forgotten = true;
    }
}

static void put_entries(struct entry *list)
{
    while (list) {
        struct entry *next = list->next;
        run_put(list->run);
        free(list);
        list = next;
    }
}

static void tidy(struct registry *reg)
{
    pthread_mutex_lock(&reg->lock);
    trim_locked(reg);
    struct entry *reaped = reap_locked(reg);
    pthread_mutex_unlock(&reg->lock);
    put_entries(reaped);
}

/* For the budget: any thread, without locks of a run or its log. */
static void reclaim(void *ctx)
{
    tidy(ctx);
}

void registry_run_finished(struct registry *reg, struct run *run)
{
    struct run_counts counts = census_count(run);
    pthread_mutex_lock(&reg->lock);
    census_add(&reg->census, run, &counts);
    reg->alive--;
    atomic_store(&run->finished, true);
    pthread_cond_broadcast(&reg->finished);
    pthread_mutex_unlock(&reg->lock);
}

static void close_locked(struct registry *reg)
{
    reg->closing = true;
    for (struct entry *e = reg->entries; e; e = e->next) {
        e->forgotten = true;
        run_stop(e->run);
    }
}

void registry_close(struct registry *reg)
{
    pthread_mutex_lock(&reg->lock);
    close_locked(reg);
    pthread_mutex_unlock(&reg->lock);
}

void registry_free(struct registry *reg)
{
    if (!reg)
        return;
    memory_budget_set_reclaim(reg->budget, NULL, NULL);
    pthread_mutex_lock(&reg->lock);
    close_locked(reg);
    while (reg->alive > 0)
        pthread_cond_wait(&reg->finished, &reg->lock);
    struct entry *reaped = reap_locked(reg);
    pthread_mutex_unlock(&reg->lock);
    put_entries(reaped);
    memory_budget_put(reg->budget);
    pthread_cond_destroy(&reg->finished);
    pthread_mutex_destroy(&reg->lock);
    free(reg);
}

/* --- starting ------------------------------------------------------------ */

static struct entry *find_locked(const struct registry *reg, const char *id)
{
    for (struct entry *e = reg->entries; e; e = e->next)
        if (!e->forgotten && strcmp(e->run->id, id) == 0)
            return e;
    return NULL;
}

/* A short id that can be read aloud: no 0, 1, l, o. */
static void make_id_locked(struct registry *reg, char ret_id[RUN_ID_BYTES])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    do {
        uint8_t random[ID_CHARS] = {0};
        /* Up to 256 bytes never fail once the kernel's pool is ready. */
        ssize_t got = getrandom(random, sizeof(random), 0);
        (void)got;
        for (size_t i = 0; i < ID_CHARS; i++)
            ret_id[i] = letters[random[i] % (sizeof(letters) - 1)];
        ret_id[ID_CHARS] = '\0';
    } while (find_locked(reg, ret_id));
}

/* The next processor we may use: runs are spread over them by turns. */
static int next_cpu_locked(struct registry *reg)
{
    cpu_set_t cpus;
    if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
        return 0;
    for (int i = 1; i <= CPU_SETSIZE; i++) {
        int cpu = (reg->last_cpu + i) % CPU_SETSIZE;
        if (CPU_ISSET((size_t)cpu, &cpus))
            return reg->last_cpu = cpu;
    }
    return 0;
}

static bool is_held(const struct entry *e)
{
    bool held = false;
    if (e->run->wire)
        (void)wire_is_busy(e->run, &held);
    return held;
}

/* Runs of that owner that are alive, or only those that are held. */
static size_t count_owned_locked(const struct registry *reg,
                                 const struct owner *owner, bool held_only)
{
    size_t count = 0;
    for (const struct entry *e = reg->entries; e; e = e->next) {
        const struct owner *other = &e->run->options.owner;
        count += other->known && owner->known &&
                 memcmp(other->id, owner->id, sizeof(owner->id)) == 0 &&
                 !atomic_load(&e->run->finished) && (!held_only || is_held(e));
    }
    return count;
}

static int may_hold_locked(const struct registry *reg,
                           const struct owner *owner, struct err *ret_err)
{
    size_t most = reg->limits.max_owner_held;
    if (most == 0 || count_owned_locked(reg, owner, true) < most)
        return 0;
    return err_set(ret_err, EAGAIN,
                   "%zu runs of your address are held, which is the most; "
                   "release or stop one",
                   most);
}

static int check_owner_locked(const struct registry *reg, const struct run *run,
                              struct err *ret_err)
{
    const struct owner *owner = &run->options.owner;
    size_t most = reg->limits.max_owner_alive;
    if (most && count_owned_locked(reg, owner, false) >= most)
        return err_set(ret_err, EAGAIN,
                       "%zu runs of your address are alive, which is the most; "
                       "wait for one to end or stop one",
                       most);
    return run->options.hold ? may_hold_locked(reg, owner, ret_err) : 0;
}

static int enter_locked(struct registry *reg, struct entry *entry,
                        struct err *ret_err)
{
    if (reg->closing)
        return err_set(ret_err, ESHUTDOWN, "the program is ending");
    int owned = check_owner_locked(reg, entry->run, ret_err);
    if (owned < 0)
        return owned;
    if (reg->alive >= reg->limits.max_alive)
        return err_set(ret_err, EAGAIN,
                       "%zu runs are alive, which is the most at a time; wait "
                       "for one to end or stop one",
                       reg->alive);
    make_id_locked(reg, entry->run->id);
    entry->run->registry = reg;
    entry->run->held_seconds = reg->limits.held_seconds;
    entry->run->cpu = next_cpu_locked(reg);
    int r = run_begin(entry->run);
    if (r < 0)
        return err_thread(ret_err, -r, "cannot start a thread for the run");
    entry->next = reg->entries;
    reg->entries = entry;
    reg->alive++;
    return 0;
}

/* Whether the registry's machine has a link, and the word why not. */
static bool link_on(const struct registry *reg, enum link_kind link,
                    const char **ret_why)
{
    const struct settle_report *settled = reg->limits.settled;
    *ret_why =
        settled ? settled->links[link].why : "only the wire was asked for";
    return settled ? settled->links[link].on : link == LINK_WIRE;
}

/* Whether the kernel here can do what the scenario needs. */
static int check_features(const struct registry *reg, const struct scenario *sc,
                          struct err *ret_err)
{
    const struct settle_report *settled = reg->limits.settled;
    for (enum kernel_feature f = 0; settled && f < FEATURE_COUNT; f++)
        if (sc->needs_features >> f & 1 && !settled->features[f].on)
            return err_set(ret_err, EOPNOTSUPP,
                           "the scenario %s needs %s, which cannot be had "
                           "here; `handshake doctor` tells more",
                           sc->id, kernel_feature_name(f));
    return 0;
}

static int check_link(const struct registry *reg, const struct scenario *sc,
                      struct run_options *opt, struct err *ret_err)
{
    const char *why;
    if (!opt->link_chosen)
        opt->link = reg->limits.settled ? reg->limits.settled->link : LINK_WIRE;
    if (opt->link >= LINK_COUNT)
        return err_set(ret_err, EINVAL, "there is no such link");
    if (!link_on(reg, opt->link, &why))
        return err_set(ret_err, EOPNOTSUPP, "the %s link is not to be had: %s",
                       link_name(opt->link), why);
    if (opt->guests[HOST_CLIENT].kind != GUEST_NONE && opt->link != LINK_WIRE)
        return err_set(ret_err, EOPNOTSUPP,
                       "A program can only be run behind the wire, which "
                       "cannot be had here: %s; `handshake doctor` tells how "
                       "to get it",
                       reg->limits.settled->links[LINK_WIRE].why);
    bool bends = opt->hold || opt->path_chosen || opt->rules_chosen;
    if (bends && opt->link != LINK_WIRE)
        return err_set(
            ret_err, EOPNOTSUPP,
            "Only the wire can hold, delay or lose segments: this run "
            "needs the wire, and would be on the %s link",
            link_name(opt->link));
    if (sc->needs_wire && opt->link != LINK_WIRE)
        return err_set(ret_err, EOPNOTSUPP,
                       "the scenario %s needs the wire, and this run would be "
                       "on the %s link; `handshake doctor` tells how to get "
                       "the wire",
                       sc->id, link_name(opt->link));
    return check_features(reg, sc, ret_err);
}

/* The long form may take as long as it says, and a little more. */
static uint32_t default_seconds(const struct scenario *sc,
                                const struct run_options *opt)
{
    if (opt->hold)
        return RUN_HOLD_SECONDS;
    return opt->long_form &&
                   sc->long_seconds + LONG_MARGIN_S > RUN_DEFAULT_SECONDS
               ? sc->long_seconds + LONG_MARGIN_S
               : RUN_DEFAULT_SECONDS;
}

/* What the scenario itself asks of the options. */
static int check_form(const struct scenario *sc, const struct run_options *opt,
                      struct err *ret_err)
{
    if (opt->long_form && sc->long_seconds == 0)
        return err_set(ret_err, EINVAL,
                       "the scenario %s has no long form; leave `long` out",
                       sc->id);
    if (sc->ip && opt->ip && opt->ip != sc->ip)
        return err_set(ret_err, EINVAL,
                       "the scenario %s is about IPv%u alone; leave `ip` out",
                       sc->id, sc->ip);
    return 0;
}

/* A default gives way to the registry's bound, a wish does not. */
static int check_seconds(const struct registry *reg, const struct scenario *sc,
                         struct run_options *opt, struct err *ret_err)
{
    uint32_t most = reg->limits.max_seconds;
    if (most == 0 || most > RUN_MAX_SECONDS)
        most = RUN_MAX_SECONDS;
    if (opt->max_seconds > most)
        return err_set(ret_err, EINVAL, "a run may last %u s at most", most);
    if (opt->max_seconds == 0)
        opt->max_seconds = default_seconds(sc, opt);
    if (opt->max_seconds > most)
        opt->max_seconds = most;
    return 0;
}

static int check_options(const struct registry *reg, const struct scenario *sc,
                         struct run_options *opt, struct err *ret_err)
{
    int r = check_form(sc, opt, ret_err);
    if (r == 0)
        r = check_seconds(reg, sc, opt, ret_err);
    if (r < 0)
        return r;
    if (opt->ip == 0)
        opt->ip = sc->ip ? sc->ip : 4;
    if (opt->ip != 4 && opt->ip != 6)
        return err_set(ret_err, EINVAL, "ip must be 4 or 6");
    return 0;
}

int registry_start(struct registry *reg, const struct scenario *sc,
                   const struct run_options *opt, struct run **ret_run,
                   struct err *ret_err)
{
    struct run_options options = *opt;
    int r = check_options(reg, sc, &options, ret_err);
    if (r == 0)
        r = check_link(reg, sc, &options, ret_err);
    if (r < 0)
        return r;
    tidy(reg);
    const struct run_sharing sharing = {reg->limits.log, reg->bell,
                                        reg->budget};
    struct run *run = run_new(sc, &options, &sharing, ret_err);
    if (!run)
        return -ret_err->code;
    struct entry *entry = calloc(1, sizeof(*entry));
    if (!entry) {
        run_put(run);
        return err_set(ret_err, ENOMEM, "the system has no memory for a run");
    }
    entry->run = run;
    run_ref(run); /* the caller's */
    pthread_mutex_lock(&reg->lock);
    r = enter_locked(reg, entry, ret_err);
    pthread_mutex_unlock(&reg->lock);
    if (r < 0) {
        run_put(run);
        run_put(run);
        free(entry);
        return r;
    }
    /* The list owns entry: err_set(), in another file, returns less than 0.
     * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    *ret_run = run;
    return 0;
}

int registry_may_hold(struct registry *reg, const struct owner *owner,
                      struct err *ret_err)
{
    pthread_mutex_lock(&reg->lock);
    int r = may_hold_locked(reg, owner, ret_err);
    pthread_mutex_unlock(&reg->lock);
    return r;
}

/* --- finding and forgetting ---------------------------------------------- */

struct run *registry_get(struct registry *reg, const char *id)
{
    pthread_mutex_lock(&reg->lock);
    struct entry *entry = find_locked(reg, id);
    struct run *run = entry ? run_ref(entry->run) : NULL;
    pthread_mutex_unlock(&reg->lock);
    return run;
}

int registry_list(struct registry *reg, const char *after,
                  struct run **ret_runs, size_t max, size_t *ret_count)
{
    size_t n = 0;
    tidy(reg);
    pthread_mutex_lock(&reg->lock);
    const struct entry *mark = after ? find_locked(reg, after) : NULL;
    const struct entry *e = mark ? mark->next : reg->entries;
    bool known = !after || mark;
    for (; known && e && n < max; e = e->next)
        if (!e->forgotten)
            ret_runs[n++] = run_ref(e->run);
    pthread_mutex_unlock(&reg->lock);
    *ret_count = n;
    return known ? 0 : -ENOENT;
}

int registry_delete(struct registry *reg, const char *id)
{
    pthread_mutex_lock(&reg->lock);
    struct entry *entry = find_locked(reg, id);
    if (entry) {
        entry->forgotten = true;
        run_stop(entry->run);
    }
    pthread_mutex_unlock(&reg->lock);
    tidy(reg);
    return entry ? 0 : -ENOENT;
}

void registry_census(struct registry *reg, struct run_census *ret_census)
{
    tidy(reg);
    pthread_mutex_lock(&reg->lock);
    *ret_census = reg->census;
    ret_census->alive = reg->alive;
    ret_census->memory_bytes = memory_budget_used(reg->budget);
    for (const struct entry *e = reg->entries; e; e = e->next) {
        ret_census->kept += !e->forgotten && atomic_load(&e->run->finished);
        ret_census->log_bytes += runlog_memory_bytes(e->run->log);
    }
    pthread_mutex_unlock(&reg->lock);
}

size_t registry_alive(struct registry *reg)
{
    pthread_mutex_lock(&reg->lock);
    size_t alive = reg->alive;
    pthread_mutex_unlock(&reg->lock);
    return alive;
}

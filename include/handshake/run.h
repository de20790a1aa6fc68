/* run.h - runs of scenarios and the registry that keeps them.
 *
 * Threads of one run, and what they may touch:
 *   wire    carries every segment between the hosts' packet sockets, records
 *           it, asks both kernels for states; ends the run. On the loopback
 *           link it watches instead of carrying. Takes the locks below, never
 *           one that a viewer can hold.
 *   client, each inside its own network namespace: carries out the steps with
 *   server  blocking sockets that poll together with the run's stop eventfd.
 * Locks, outermost first: registry mutex > run's progress mutex > wire mutex
 * (settings, what is under way or held) > a host's state mutex (what sockets it
 * has and their last known state) > log mutex. No lock is held over a call that
 * waits. Stop is a flag plus an eventfd; all threads are joined. */
#ifndef HANDSHAKE_RUN_H
#define HANDSHAKE_RUN_H

#include "handshake/err.h"
#include "handshake/keeper.h"
#include "handshake/rule.h"
#include "handshake/runlog.h"
#include "handshake/scenario.h"
#include "handshake/secret.h"
#include "handshake/settle.h"

enum {
    RUN_ID_BYTES = 16,
    RUN_DEFAULT_SECONDS = 60, /* a run that lasts longer is stopped */
    RUN_HOLD_SECONDS = 1800,  /* the same where a person decides */
    RUN_MAX_SECONDS = 3600,
    RUN_MAX_FLIGHTS = 16384, /* copies under way or held at a time */
    REGISTRY_DEFAULT_ALIVE = 80,
    REGISTRY_DEFAULT_OWNER = 64, /* of one client; others get the rest */
    REGISTRY_DEFAULT_KEPT = 200,
    REGISTRY_HELD_SECONDS = 60,
    REGISTRY_DEFAULT_MEGABYTES = 512
};

/* What lives on a host in place of a scenario's steps; see guest.c. */
enum guest_kind {
    GUEST_NONE,    /* the steps */
    GUEST_PROGRAM, /* somebody's own program */
    GUEST_ECHO,    /* sends back what comes */
    GUEST_HTTP,    /* answers any GET with a few lines */
    GUEST_KIND_COUNT
};

struct guest {
    enum guest_kind kind;
    struct keeper *keeper; /* (borrowed, outlives the run) of a program */
    const char *words;     /* (borrowed, likewise) its command line, to show */
};

/* Who began a run, as far as quotas tell clients apart. */
struct owner {
    bool known;
    uint8_t id[16];
};

struct run_options {
    struct owner owner;
    uint8_t ip;       /* 4 or 6; 0 = 4 */
    bool link_chosen; /* else the best there is */
    enum link_kind link;
    uint32_t max_seconds; /* 0 = RUN_DEFAULT_SECONDS, or RUN_HOLD_SECONDS */
    bool hold;            /* begin with both directions held */
    bool path_chosen; /* `path` stands for the scenario's, both directions */
    struct wire_path path;
    bool rules_chosen; /* rules were added to the scenario's for this run */
    uint64_t seed;     /* 0 = the scenario's, else one is thrown */
    bool long_form;    /* the scenario's long variant */
    bool no_states;    /* do not ask for kernel states (benchmark) */
    bool no_record;    /* carry segments unseen (benchmark) */
    /* With a client's guest the run lasts as long as that, whatever
     * max_seconds says, and a full log does not end it. On the wire alone. */
    struct guest guests[HOST_COUNT];
};

struct run;
struct registry;

struct registry_limits {
    size_t max_alive;       /* runs at a time */
    size_t max_owner_alive; /* of those of one owner; 0 = no bound */
    size_t max_owner_held;  /* of those held by hand; 0 = no bound */
    uint32_t held_seconds;  /* a held run that nobody asks for; 0 = no bound */
    size_t max_kept;        /* ended runs; the oldest is forgotten first */
    uint32_t
        max_seconds;  /* what any run may ask for; RUN_MAX_SECONDS at most */
    size_t max_bytes; /* of all runs together, see memory.h; 0 = no bound */
    struct runlog_limits log;
    const struct settle_report *settled; /* (borrowed, outlives the registry)
                                 which links there are; NULL: the wire alone */
};

/* Sensible limits: the REGISTRY_DEFAULT_ values, 65,536 events and 16 MB a
 * run. */
struct registry_limits registry_default_limits(void);

/* bell may be NULL; it is given to every run's log (borrowed). NULL when memory
 * runs out. */
struct registry *registry_new(struct registry_limits limits, struct bell *bell);

/* Ask every run to stop and begin no other. Does not wait. */
void registry_close(struct registry *reg);

/* Stop every run, join all threads, free all. Blocks up to the time a stop
 * takes (tens of milliseconds). Runs still referenced stay until put. */
void registry_free(struct registry *reg);

/* What registry_new() was given. */
struct registry_limits registry_get_limits(const struct registry *reg);

/* Begin a run; returns as soon as its threads exist. sc is copied. Returns 0
 * and a reference in *ret_run (the caller puts it), -EAGAIN when too many runs
 * are alive, -EINVAL for options that do not fit, -EOPNOTSUPP when the link
 * cannot be had here or the scenario needs a better one, -ENOSPC when the
 * memory budget is used up, -ENOMEM, -EMFILE, or what made the threads
 * impossible, each with a sentence. */
int registry_start(struct registry *reg, const struct scenario *sc,
                   const struct run_options *opt, struct run **ret_run,
                   struct err *ret_err);

/* The run of that id with a reference added, or NULL. */
struct run *registry_get(struct registry *reg, const char *id);

/* References to runs, newest first, at most max of them: those behind the run
 * `after` in that order, or with NULL from the newest. The caller puts each.
 * Returns 0, or -ENOENT when there is no run `after` (any more). */
int registry_list(struct registry *reg, const char *after,
                  struct run **ret_runs, size_t max, size_t *ret_count);

/* Whether an owner may hold one more run by hand; a sentence when not
 * (-EAGAIN).
 * */
int registry_may_hold(struct registry *reg, const struct owner *owner,
                      struct err *ret_err);

/* Stop the run of that id and forget it. Returns 0 or -ENOENT. Does not wait
 * for its threads. */
int registry_delete(struct registry *reg, const char *id);

/* Runs alive now. */
size_t registry_alive(struct registry *reg);

/* What all runs that are over came to; the oldest counts as much as the
 * newest. */
enum { CENSUS_SCENARIOS = 256 };
struct scenario_census {
    char id[SCENARIO_ID_BYTES]; /* "": sent with the run, not built in */
    uint64_t ends[VERDICT_COUNT];
};
struct run_counts {       /* uint64_t and nothing else */
    uint64_t segments[2]; /* by kernels; forged */
    uint64_t calls[2];    /* that succeeded; that failed */
    uint64_t copies[FATE_COUNT][DECIDER_COUNT];
    uint64_t events[EVENT_KIND_COUNT];
};
struct run_census {
    struct run_counts counts;
    size_t scenario_count; /* the first row is that of "" */
    struct scenario_census scenarios[CENSUS_SCENARIOS];
    size_t alive, kept;  /* now */
    size_t log_bytes;    /* now, of all logs */
    size_t memory_bytes; /* now, of the memory budget */
};

/* The counts as they stand. Some 40 kB: not for a small stack. */
void registry_census(struct registry *reg, struct run_census *ret_census);

/* One more reference to run, which is returned. Any thread. */
struct run *run_ref(struct run *run);
/* Drop a reference; the last one joins the threads (waiting for the stop) and
 * frees the log. NULL is fine. */
void run_put(struct run *run);

/* What was fixed at the start; all of it lives as long as the run. */
const char *run_id(const struct run *run);
/* The key that only the client that began the run is given. */
const char *run_key(const struct run *run);
/* The run's own copy of its scenario. */
const struct scenario *run_scenario(const struct run *run);
/* The options with their defaults filled in. */
const struct run_options *run_get_options(const struct run *run);
enum link_kind run_link(const struct run *run);
/* The settings its wire began with, whatever was changed since; NULL on another
 * link. */
const struct wire_settings *run_began_wire(const struct run *run);
/* The log, for reading; see runlog.h for who may. */
const struct runlog *run_log(const struct run *run);

/* A request named the run: its idle time starts again. Any thread. */
void run_asked(struct run *run);
/* A viewer starts or stops watching it. Any thread. */
void run_watch(struct run *run, bool begins);

/* Ask the run to stop; it ends with VERDICT_CANCELLED soon after. Never
 * blocks. */
void run_stop(struct run *run);

/* Wait until the run has ended or timeout_ms passed; true when ended. */
bool run_wait(struct run *run, uint32_t timeout_ms);

/* --- the wire in hand ---------------------------------------------------- */

/* All of these: any thread; they never wait for the wire thread. On another
 * link than the wire they give -EOPNOTSUPP, after the run's end -ESHUTDOWN
 * (all but run_get_wire), each with a sentence. */

/* What to change; what is not given stays. */
struct wire_patch {
    bool set_hold[HOST_COUNT], set_path[HOST_COUNT], set_seed, set_swallow;
    bool hold[HOST_COUNT];
    struct wire_path path[HOST_COUNT];
    uint64_t seed;
    bool swallow;
    bool replace_rules;                           /* forget all rules first */
    char remove[WIRE_MAX_RULES][RULE_NAME_BYTES]; /* rules by name */
    size_t remove_count;
    struct rule add[WIRE_MAX_RULES]; /* appended in order; nameless ones get a
                                        name ("rule-3") */
    size_t add_count;
};

/* Apply all of it or nothing. Switching hold off delivers what is held in that
 * direction, in order. -ENOENT: no rule of a name to remove; -EEXIST: the name
 * is taken; -ENOSPC: too many rules. *ret_now, unless NULL, gets the
 * settings as they stand then. */
int run_patch_wire(struct run *run, const struct wire_patch *patch,
                   struct wire_settings *ret_now, struct err *ret_err);

/* A copy of the settings as they stand, or as they stood when the run ended:
 * who asks about a live run may come a moment too late. -EOPNOTSUPP as above.
 */
int run_get_wire(struct run *run, struct wire_settings *ret_settings,
                 struct err *ret_err);

/* Back to what the scenario began with: rules, conditions, hold off; what is
 * held is delivered. *ret_now as above. */
int run_reset_wire(struct run *run, struct wire_settings *ret_now,
                   struct err *ret_err);

enum decide_do {
    DECIDE_DELIVER,
    DECIDE_DROP,
    DECIDE_DUPLICATE, /* copies (default 2), gap_ms apart */
    DECIDE_CORRUPT,
    DECIDE_DELAY, /* delay_ms, then deliver */
    DECIDE_REWRITE,
    DECIDE_COUNT
};

struct decision {
    enum decide_do what;
    uint32_t copies, gap_ms, delay_ms;
    struct edit edit;
};

/* "deliver", "drop" ...; static storage. */
const char *decide_do_name(enum decide_do what);

/* Decide the fate of the held segment n. -ENOENT: no such segment; -EALREADY:
 * it is not held (any more), the sentence says what became of it; -EINVAL. */
int run_decide(struct run *run, uint32_t n, const struct decision *decision,
               struct err *ret_err);

/* Make a segment or an ICMP error by hand; it is recorded as forged and arrives
 * at once. *ret_n is the (first) segment's number, 0 for ICMP. -EINVAL when a
 * number refers to what has not been seen yet. */
int run_inject(struct run *run, const struct forge *forge, uint32_t *ret_n,
               struct err *ret_err);

/* How many segments are held now. */
size_t run_held_count(struct run *run);

/* --- for higher layers --------------------------------------------------- */

/* Hang something of a higher layer on the run, freed with it by free_fn. Set
 * once; returns what is attached (an earlier one wins, the later is freed).
 * Any thread. */
void *run_attach(struct run *run, void *thing, void (*free_fn)(void *));
/* What run_attach() hung there, or NULL. */
void *run_attached(struct run *run);

#endif

/* run_internal.h - one run from the inside: its hosts, their sockets as the
 * tracker knows them, and what the three threads of a run share.
 *
 * Who touches what is said beside each field; the threads, the locks and their
 * order stand in run.h. */
#ifndef HANDSHAKE_RUN_INTERNAL_H
#define HANDSHAKE_RUN_INTERNAL_H

#include "handshake/facts.h"
#include "handshake/net.h"
#include "handshake/run.h"
#include "handshake/segment.h"
#include "counters.h"
#include "template.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    HOST_MAX_SOCKETS = 16, /* open at a time by one host's steps */
    HOST_MAX_TRACKED = 64, /* sockets whose state is followed */
    HOST_MAX_TRACKED_OF_GUESTS = 1024,
    RUN_MAX_PORTS = 16, /* named by the steps, off the wire */
    RUN_MAX_EXPECT = SCENARIO_MAX_EXPECT + 1,
    RUN_KICK_MS = 2,      /* between signals to a thread in a call */
    RUN_TICK_MS = 20,     /* look at states although nothing passed */
    RUN_QUIET_MS = 400,   /* one host done, nothing open: it is over */
    RUN_SETTLE_MS = 3000, /* both done: wait so long for the last states */
    RUN_GRACE_MS = 30,    /* a capture may lag behind the hosts */
    PACKET_CAP_BYTES = 65536
};

/* A socket the steps opened. Changed by the host's thread alone; off the wire
 * under ports_lock(), for others look at fd then. */
struct host_socket {
    char name[STEP_NAME_BYTES];
    int fd; /* (owned); -1 while it is being closed */
    struct endpoint local, remote;
};

/* A socket whose kernel state is followed. CLOSED ones are not kept. */
struct tracked {
    struct endpoint local, remote; /* remote without address: a listener */
    enum tcp_state state;
};

struct host {
    struct run *run;
    enum host_id id;
    struct endpoint address; /* of the run's IP version; port the server's */
    struct host_net net; /* wire thread; diag_fd under state_lock. Off the wire
                            link only diag_fd is open */
    pthread_t thread;
    bool thread_started;
    _Atomic(uint32_t) last_arrival; /* id of the newest copy event at it */
    atomic_bool dozing;       /* in a step that ends by itself after a time */
    struct counters counters; /* the wire thread, once its network stands */

    pthread_mutex_t state_lock; /* guards net.diag_fd and the five below */
    struct tracked *tracked;    /* (owned) */
    size_t tracked_count, tracked_max;
    bool reached[TCP_STATE_COUNT]; /* states any of its sockets was seen in */
    uint64_t established_ns;       /* when one was first seen ESTABLISHED */

    /* The host's thread alone until steps_done, then readable by the wire. */
    struct template_vars vars;
    struct host_socket sockets[HOST_MAX_SOCKETS];
    size_t socket_count;
    const struct step *step;              /* (borrowed) being done, or NULL */
    unsigned round;                       /* of a repeated step, from 0 */
    int step_results[SCENARIO_MAX_STEPS]; /* 0 not done, 1 ok, errno + 1 */
    bool failed;            /* a call failed: only closes and prints follow */
    int error;              /* errno of the first call that failed, or 0 */
    const char *error_call; /* its name (static) */
    char complaint[STEP_TEXT_BYTES + 120]; /* what did not match, or "" */
    bool connect_tried, connect_ok, accept_ok;
    bool connect_main; /* what is noted is of the socket "conn" */
    int connect_error;
    uint64_t connect_ns; /* how long connect() took */

    /* Guarded by run->progress_lock. */
    bool net_ready, listening, steps_done;
    struct err net_error; /* code 0 when its network stands */
};

struct run {
    char id[RUN_ID_BYTES];
    char key[SECRET_BYTES];   /* of the client that started it */
    struct scenario scenario; /* never changes */
    struct run_options options;
    enum link_kind link;
    struct memory_account memory; /* what the run holds */
    struct runlog *log;           /* (owned) */
    uint64_t wall_offset_ns;      /* wall - monotonic at the start */
    struct host hosts[HOST_COUNT];
    struct registry *registry; /* (borrowed, outlives the run's threads) */
    pthread_t thread;          /* the wire */
    int cpu;                   /* the processor of all its threads */
    int wake_fd; /* (owned) eventfd that wakes the wire; under progress_lock
                    but for the wire's own poll; -1 once the run is done */
    atomic_bool stop;     /* somebody asked for the end */
    atomic_bool stopping; /* calls must give up: EINTR is the end */
    atomic_bool finished; /* the wire thread has done its last work */
    atomic_uint refs;
    atomic_uint watchers;       /* streams of its events */
    _Atomic(uint64_t) asked_ns; /* time of the last request about it */
    uint32_t held_seconds;      /* see struct registry_limits */
    _Atomic(void *) attached;
    void (*attached_free)(void *); /* set before attached is published */

    pthread_mutex_t progress_lock; /* guards the flags of the hosts, these */
    pthread_cond_t progress;       /* and is the condition of all of them */
    bool go;                       /* hosts may begin their steps */
    bool over;                     /* hosts let go of what is left and end */
    bool ended; /* the end event has been appended, or never will be */

    struct wire *wire;   /* (owned) on the wire link, else NULL */
    struct ports *ports; /* (owned) off the wire link, else NULL; set before
                            the hosts begin, freed after they end */

    /* The wire thread (under the wire's lock); on the sockets link the
     * server's. */
    uint32_t segment_count;
    struct sniff *sniff; /* (owned) on the loopback link, or NULL */
    bool limit_time;     /* the run met its time limit */
    bool limit_held;     /* it was held without any request about it */
};

/* --- track.c: kernel states ---------------------------------------------- */

/* Ask the kernel for the state of local <-> remote at host and append a state
 * event when it changed; t_ns 0 = the time of asking. Wire and host threads. */
void track_socket(struct host *host, const struct endpoint *local,
                  const struct endpoint *remote, uint32_t cause, uint64_t t_ns);

/* Ask again for every tracked socket. Returns how many connections are in a
 * state that is not final (neither CLOSED nor TIME-WAIT). */
size_t track_all(struct host *host);

/* --- host.c, steps.c: the host threads ----------------------------------- */

/* A host's address, version 4 or 6. On the wire 192.0.2.1 and .2 (RFC 5737) or
 * 2001:db8::1 and ::2 (RFC 3849), else 127.0.0.1 or ::1. */
const struct ipaddr *host_ipaddr(enum host_id id, enum link_kind link,
                                 uint8_t version);

/* Thread main of one host; arg is the struct host. */
void *host_main(void *arg);

/* Carry out a host's step by its index, as often as it says. Returns 0 or
 * -errno of what failed. Host thread. */
int step_do(struct host *host, size_t index);

/* Whether that error is what the step is to end with; step may be NULL. */
bool step_forgives(const struct step *step, int error);

/* Whether the step belongs to the form of the scenario that is run. */
bool step_applies(const struct run *run, const struct step *step);

/* Let go of every socket the steps left open, with RST, unrecorded. */
void steps_abort_sockets(struct host *host);

/* --- guest.c, guest_server.c, guest_verdict.c ----------------------------- */

/* Whether somebody's own program is the client of this run. */
bool guest_is_client(const struct run *run);

/* What a host with a guest does instead of steps. Host thread; returns when the
 * guest has ended, or had to. */
void guest_live(struct host *host);

/* Be the built-in server until the run is over. Host thread. */
void guest_serve(struct host *host);

/* How a run whose client is a guest went, as far as the wire tells; the
 * sentence goes to ret_text. The run's log is complete but for its end. */
enum verdict_code guest_judge(const struct run *run, char *ret_text,
                              size_t cap_bytes);

/* Wait for *flag of a host or the end of the run. True when it is set. Host
 * threads. */
bool host_wait(struct run *run, const bool *flag);

/* --- calls.c: recording system calls ------------------------------------- */

struct call {
    struct tcp_facts facts; /* filled before call_end() where they apply */
    struct host *host;
    const char *name;
    const char *on;
    uint32_t begin_id;
    uint64_t begin_ns;
    uint32_t end_id;
};

struct call_data {
    const char *bytes;
    size_t len;
};

/* Append the begin of a call; args in words; data NULL unless it sends. */
struct call call_begin(struct host *host, const char *name, const char *on,
                       const char *args, const struct call_data *data);

/* Append its end. result < 0 with error = errno. data NULL unless it received.
 * Returns 0 or -error, and remembers the host's first failure. */
int call_end(struct call *call, int64_t result, int error,
             const struct call_data *data);

/* Whether a call that gave EINTR must end: the run is stopping. */
bool call_interrupted(const struct host *host);

/* --- course.c ------------------------------------------------------------ */

/* When a run is over. Wire thread; times are monotonic. */
struct course {
    struct run *run;
    uint64_t deadline_ns;   /* the run's time limit */
    uint64_t passed_ns;     /* when a packet last passed */
    uint64_t first_done_ns; /* when one host was through; or 0 */
    uint64_t
        steps_done_ns; /* when both hosts, or a guest, were through; or 0 */
};

/* Start the clock of the run's time limit. */
struct course course_begin(struct run *run);
/* Whether the run is over; looks at states, so a few µs a socket. */
bool course_is_over(struct course *c);

/* Append a TCP segment with the next number; returns the event's id. */
uint32_t record_segment(struct run *run, const struct event_segment *seg,
                        uint64_t t_ns);

/* Append the arrival of segment n at t_ns; returns the event's id. */
uint32_t record_arrival(struct run *run, uint32_t n, uint64_t t_ns);

/* Append an ICMP message that a host's own kernel sent. */
void record_icmp(struct run *run, enum host_id from, const uint8_t *packet,
                 size_t len, uint64_t t_ns);

/* A kernel's receive time as a time of the run. */
uint64_t record_time(const struct run *run, uint64_t wall_ns,
                     uint64_t mono_now_ns);

/* Whether packet[0..len) is ICMP or ICMPv6. */
bool record_is_icmp(const uint8_t *packet, size_t len);

/* Take the wakes back after poll() said that wake_fd is readable. */
void course_clear_wakes(struct run *run);

/* --- wire.c, watch.c ----------------------------------------------------- */

struct wire;

/* The wire of a run that has its scenario and options. NULL: no memory. */
struct wire *wire_new(struct run *run);
/* What it takes, without copies on it. */
size_t wire_bytes(void);
/* Free it with all that is under way or held. NULL is fine. */
void wire_free(struct wire *wire);

/* Carry segments until the run is over. Wire thread. */
void wire_carry(struct run *run);

/* Whether copies are under way; *ret_attended: somebody holds the wire, or
 * something is held. Any thread. */
bool wire_is_busy(struct run *run, bool *ret_attended);

/* Off the wire link: choose the server's port and begin to watch, before the
 * hosts start. Returns 0 or -errno with a sentence. */
int watch_open(struct run *run, struct err *ret_err);

/* --- ports.c: no other program's ports ----------------------------------- */

/* Off the wire link, before the hosts start: reserve a port of loopback for
 * each that the steps bind, and refuse steps that connect to another. Returns
 * 0, or -errno with a sentence: -EACCES when a step names a port that is not
 * the run's, -EMFILE when there are too many. The wire thread. */
int ports_open(struct run *run, struct err *ret_err);

/* Let the reserved ports go. Host threads must have ended. */
void ports_close(struct run *run);

/* The port that a scenario's port of that host stands for; on the wire itself.
 * 0 when it is not the run's. */
uint16_t ports_real(const struct run *run, enum host_id host, uint16_t named);

/* bind(2) and listen(2) for a socket of the host, past the reservation of its
 * port. As the calls themselves: -1 and errno. The host's thread. */
int ports_bind(const struct host *host, int fd, const struct endpoint *at);
int ports_listen(const struct host *host, int fd, int backlog);

/* Around any change of a host's list of sockets; nothing on the wire. No other
 * lock is taken inside. */
void ports_lock(const struct run *run);
void ports_unlock(const struct run *run);

/* Just before the socket's descriptor is closed: remember its port. s->fd is -1
 * afterwards. The host's thread. */
void ports_closing(struct host *host, struct host_socket *s);

/* Whether a port is, or was, the local one of a socket of that host; always
 * true on the wire. Any thread of the run. */
bool ports_is_own(const struct host *host, uint16_t port);

/* Watch what passes (loopback link) or only wait (sockets link) until the run
 * is over. Wire thread. */
void watch_carry(struct run *run);

/* --- verdict.c ----------------------------------------------------------- */

/* Append the run's end: verdict and expectations. Wire thread, hosts done. */
void verdict_append(struct run *run);

/* --- run.c --------------------------------------------------------------- */

/* What the logs of runs share: their limits, bell and memory. */
struct run_sharing {
    struct runlog_limits limits;
    struct bell *bell;            /* (borrowed) or NULL */
    struct memory_budget *budget; /* (borrowed) or NULL: no bound */
};

/* A run that has not begun. NULL with a sentence: -ENOMEM from the system or
 * the budget, or no descriptor. */
struct run *run_new(const struct scenario *sc, const struct run_options *opt,
                    const struct run_sharing *sharing, struct err *ret_err);
/* Free a run whose threads are done, or never began. */
void run_free(struct run *run);

/* Start the wire thread, which starts the hosts. Returns 0 or -errno. */
int run_begin(struct run *run);

/* Set *flag under progress_lock, wake all who wait for progress and the wire.
 */
void run_progress(struct run *run, bool *flag);

/* Make the wire thread look around. Any thread. */
void run_wake(struct run *run);

/* Read a flag under progress_lock. */
bool run_flag(struct run *run, const bool *flag);

/* census.c: what an ended run came to, by its log; and to add it. */
struct run_counts census_count(const struct run *run);
void census_add(struct run_census *census, const struct run *run,
                const struct run_counts *counts);

/* Called once by the wire thread as its very last use of the registry. */
void registry_run_finished(struct registry *reg, struct run *run);

#endif

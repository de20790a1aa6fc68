/* conns_internal.h - connections: their deadlines, and those that sleep until a
 * run has news. What is here is all that two threads of src/http meet in. */
#ifndef HANDSHAKE_CONNS_INTERNAL_H
#define HANDSHAKE_CONNS_INTERNAL_H

#include "clients/clients_internal.h"
#include "handshake/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

/* --- conns.c: connections and their deadlines ---------------------------- */

/* What a connection is to do in time. */
enum conn_step {
    CONN_FREE,    /* nothing: it waits for a run */
    CONN_REQUEST, /* send a whole request */
    CONN_ANSWER,  /* take all of an answer */
    CONN_VIEWER,  /* catch up with the events */
    CONN_STEP_COUNT
};

/* One connection; freed when it closes. */
struct conn {
    struct conn *prev, *next; /* under conns.mutex */
    struct conns *all;        /* (borrowed) */
    struct client *peer;      /* (borrowed) whose it is; MHD's thread */
    int fd;                   /* (borrowed from libmicrohttpd) */
    size_t taken;    /* bytes since the deadline was set; MHD's thread */
    bool cut;        /* was late; under conns.mutex */
    atomic_int step; /* enum conn_step */
    _Atomic(uint64_t) deadline_ns; /* monotonic; 0 = none */
};

enum {
    CONNS_RESERVE = 64 /* beyond max_open, while others are being ended */
};

/* All of them. */
struct conns {
    struct clients *clients;            /* (borrowed) */
    const struct http_proxies *proxies; /* (borrowed) */
    size_t max_open;                    /* at a time */
    uint32_t max_address;               /* of one address */
    atomic_size_t ending;               /* of those open: shut, not closed */
    atomic_ulong refused, displaced;
    pthread_mutex_t mutex; /* guards the list; held over shutdown() */
    struct conn *list;
    uint32_t seconds[CONN_STEP_COUNT]; /* fixed */
    uint32_t sweep_ms;                 /* fixed: between two looks */
    atomic_size_t open;
    atomic_ulong opened;
    atomic_ulong cut[CONN_STEP_COUNT]; /* those that were late */
};

/* Take the times from limits, which are filled in. */
void conns_init(struct conns *all, const struct http_limits *limits);
/* Free; after all connections have closed. */
void conns_done(struct conns *all);

/* libmicrohttpd's MHD_AcceptPolicyCallback; cls is the struct conns. When all
 * are taken an address that has few makes room at the cost of the one that has
 * most. */
enum MHD_Result conns_accept(void *cls, const struct sockaddr *addr,
                             socklen_t addr_len);

/* libmicrohttpd's MHD_NotifyConnectionCallback; cls is the struct conns. */
void conns_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode what);

/* Shut the sockets of those that are late. Any thread. */
void conns_sweep(struct conns *all);

/* The connection's own struct; NULL when there was no memory for it. */
struct conn *conn_of(struct MHD_Connection *connection);

/* From now on it has the time of that step. NULL is fine. MHD's thread. */
void conn_expect(struct conn *conn, enum conn_step step);
/* It was given so many bytes of what takes long: its time begins anew when it
 * has taken much, or was not expected to do this yet. The same. */
void conn_took(struct conn *conn, enum conn_step step, size_t bytes);

/* --- waiters.c: connections that sleep until a run has news -------------- */

/* Embedded in whatever sleeps; one suspended connection. */
struct waiter {
    struct waiter *prev, *next;  /* in waiters.list while asleep */
    struct MHD_Connection *conn; /* (borrowed) */
    const struct runlog *log;    /* (borrowed; the owner keeps the run) */
    uint32_t want_id;            /* wake when it is there; 0: end only */
    bool wants_beat;             /* wake at every heartbeat, too */
    atomic_bool beat;            /* set when a heartbeat woke it */
};

/* Embedded in a request that came too early; one suspended connection. */
struct delay {
    struct delay *prev, *next;   /* in waiters.delays, soonest first */
    struct MHD_Connection *conn; /* (borrowed) */
    uint64_t due_ns;             /* monotonic */
};

/* All sleepers, and who wakes them. */
struct waiters {
    pthread_mutex_t mutex; /* guards all below; held over suspend and resume */
    pthread_cond_t drained;
    struct waiter *list;                    /* asleep now */
    struct delay *first_delay, *last_delay; /* asleep for a time */
    int delay_fd;   /* (owned) eventfd: the first of them is a new one */
    size_t live;    /* requests that may sleep: streams and waits */
    size_t viewers; /* the streams among them */
    size_t max_viewers;
    uint32_t heartbeat_ms;
    bool stopping;       /* nobody may fall asleep any more */
    bool started;        /* the thread exists */
    struct bell *bell;   /* (borrowed) rung by the logs */
    struct conns *conns; /* (borrowed) swept by the thread */
    int stop_fd;         /* (owned) eventfd that ends the thread */
    pthread_t thread;
};

/* Start the notifier. Returns 0 or -errno; waiters_done() in any case. */
int waiters_init(struct waiters *w, struct bell *bell, struct conns *conns,
                 const struct http_limits *limits);

/* Wake everybody for good and wait (bounded) until all have left. */
void waiters_stop(struct waiters *w);

/* Join the notifier and free; after the daemon has stopped. */
void waiters_done(struct waiters *w);

/* Announce a request that may sleep; false when the server is stopping or, for
 * a viewer, when there are too many. Pair with waiters_leave(). */
bool waiters_enter(struct waiters *w, bool viewer);

/* A request that entered has come to its end. Any thread. */
void waiters_leave(struct waiters *w, bool viewer);

/* Suspend me->conn until me->log has what me wants. False, and not suspended,
 * when it is there already or the server is stopping. MHD's thread only. */
bool waiters_sleep(struct waiters *w, struct waiter *me);

/* Suspend d->conn until d->due_ns. False, and not suspended, when the server is
 * stopping. MHD's thread only. */
bool waiters_delay(struct waiters *w, struct delay *d);

/* How many streams there are. Any thread. */
size_t waiters_viewers(struct waiters *w);

/* Whether waiters_stop() was called. Any thread. */
bool waiters_stopping(struct waiters *w);

#endif

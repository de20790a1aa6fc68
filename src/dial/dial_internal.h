/* dial_internal.h - attempts from the inside.
 *
 *   dial.c          one attempt: its socket, its calls, its states
 *   dial_watch.c    what the captures show, given to the attempt it is about
 *   dial_race.c     who begins when, waiting, the end
 *   dial_verdict.c  what came of an attempt, in words */
#ifndef HANDSHAKE_DIAL_INTERNAL_H
#define HANDSHAKE_DIAL_INTERNAL_H

#include "handshake/dial.h"
#include "handshake/facts.h"
#include "handshake/net.h"

enum {
    DIAL_LAG_MS = 30,    /* a capture may lag behind a socket */
    DIAL_TICK_MS = 20,   /* looks at states while a connection closes */
    DIAL_DRAIN_MS = 500, /* the peer's FIN is waited for so long */
    DIAL_REST_MS = 1000, /* and so long the kernel's rest after close() */
    DIAL_MAX_EVENTS = 4096,
    DIAL_MAX_BYTES = 4 << 20
};

enum dial_phase {
    DIAL_WAITING,    /* not begun */
    DIAL_CONNECTING, /* connect() goes on */
    DIAL_DRAINING,   /* established; our side is closed */
    DIAL_LEAVING,    /* closed; the kernel ends it */
    DIAL_FAILED,     /* a capture may still show why */
    DIAL_OVER
};

/* What an ICMP error said, by the socket's error queue. */
struct dial_icmp {
    bool known;
    struct ipaddr from; /* who sent it */
    uint8_t type, code;
};

struct dial {
    struct dials *all;
    size_t number; /* from 1 */
    struct endpoint to, local;
    enum dial_phase phase;
    uint64_t phase_ns;  /* since when; monotonic */
    uint64_t begin_ns;  /* of connect(); monotonic */
    uint64_t took_ns;   /* until the socket told, or we gave up */
    struct runlog *log; /* (owned) */
    int fd;             /* (owned) -1 = closed */
    short revents;      /* of the last poll */
    uint32_t call;      /* id of connect()'s begin */
    uint32_t segments;
    uint32_t newest; /* id of the newest captured event, 0 = looked since */
    uint32_t resent; /* SYNs that the kernel counted beside the first */
    enum tcp_state state;
    bool established, given_up, timed_out;
    int error; /* of connect() */
    struct dial_icmp icmp;
    struct tcp_facts facts;
};

struct watcher {
    char device[DEVICE_NAME_BYTES];
    struct sniff *sniff; /* (owned) */
};

struct dials {
    struct dial list[DIAL_MAX];
    size_t count, begun;
    struct watcher watchers[DIAL_MAX];
    size_t watcher_count;
    char blind[ERR_TEXT_BYTES];
    int diag_fd; /* (owned) */
    uint32_t timeout_ms;
    uint64_t start_ns;       /* monotonic; time 0 of all logs */
    uint64_t wall_offset_ns; /* wall - monotonic */
    bool stopped;            /* by stop_fd */
};

/* --- dial.c -------------------------------------------------------------- */

/* Call connect(). */
void dial_begin(struct dial *d);

/* Go on with whatever it waits for. */
void dial_step(struct dial *d, uint64_t now_ns);

/* Let go of it: another was faster, or somebody wants us to end. */
void dial_give_up(struct dial *d);

/* When it has to be looked at again without news, monotonic. */
uint64_t dial_deadline(const struct dial *d);

/* Ask for the kernel's state and note a change, as seen after the newest
 * event. */
void dial_look(struct dial *d);

/* --- dial_watch.c -------------------------------------------------------- */

/* Open a capture for each interface that leads to a target. What is refused is
 * told by all->blind. */
void dial_watch_open(struct dials *all);

/* Read all there is. */
void dial_watch_read(struct dials *all);

/* --- dial_verdict.c ------------------------------------------------------ */

/* Append the end with its verdict. */
void dial_judge(struct dial *d);

#endif

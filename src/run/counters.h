/* counters.h - the kernel's own counters of a host's namespace, as reasons: a
 * counter that moved says why the kernel did what it did.
 *
 * The host's thread opens them (the files belong to the namespace they were
 * opened in); the wire thread alone reads. A look costs about 60 us, so the
 * wire looks when something is out of the ordinary, not after each segment. */
#ifndef HANDSHAKE_COUNTERS_H
#define HANDSHAKE_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

struct host;

enum { COUNTER_MAX = 48 };

enum counter_file { COUNTER_SNMP, COUNTER_NETSTAT, COUNTER_FILES };

/* The counters of one host. A fresh namespace begins with all at 0. */
struct counters {
    int fds[COUNTER_FILES];      /* (owned) or -1 */
    int16_t column[COUNTER_MAX]; /* of each counter in its line, or -1 */
    uint64_t value[COUNTER_MAX]; /* as last seen */
    uint32_t seen_arrival;       /* the host's last arrival at that look */
    uint64_t looked_ns;          /* when */
};

/* Open them in the calling thread's namespace. What cannot be opened is not
 * counted. Off the wire link there is nothing of the host's own to count. */
void counters_open(struct host *host);

/* Close. */
void counters_close(struct host *host);

/* Look, and append an event for each counter that moved; the cause is what
 * arrived at the host since the last look. Nothing when they are not open.
 * Wire thread. */
void counters_look(struct host *host);

struct run;

/* The same, at both hosts, but only when the last look was some time ago or the
 * scenario asks about counters; after something unusual. Wire thread. */
void counters_notice(struct run *run);

/* The last look of a run at both hosts; left out where nothing out of the
 * ordinary happened. Wire thread, both hosts through their steps. */
void counters_finish(struct run *run);

/* Whether the run's scenario expects counters: then every arrival is followed
 * by a look. */
bool counters_wanted(const struct run *run);

#endif

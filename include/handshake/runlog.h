/* runlog.h - the append-only, bounded log of one run.
 *
 * Writers (the wire and the host threads) take the log's own mutex for the
 * copy of one struct. Readers take no lock at all: they load the count and
 * read entries below it, which never change; so a slow viewer cannot hold up
 * the wire. Whoever wants to be told of news arms the bell. */
#ifndef HANDSHAKE_RUNLOG_H
#define HANDSHAKE_RUNLOG_H

#include "handshake/event.h"

struct runlog;

/* A bell: an eventfd that a writer rings after an append, but only when
 * somebody armed it since the last ring, so that a log without readers costs
 * nothing. Many logs may share one bell. */
struct bell;
struct bell *bell_new(void); /* NULL when no descriptor is left */
void bell_free(struct bell *b);
int bell_fd(const struct bell *b); /* readable once rung; poll it */
/* Ask for one ring. Then look at the counts again before waiting, or news that
 * came in between is missed. */
void bell_arm(struct bell *b);
/* Take the ring back after poll() said readable. Never blocks. */
void bell_clear(struct bell *b);
/* Ring now if armed. */
void bell_ring(struct bell *b);

struct runlog_limits {
    uint32_t max_events; /* the last two are kept for the end of the run */
    size_t max_bytes;    /* of strings and packets together */
};

/* An empty log. bell may be NULL (borrowed, outlives the log). NULL when memory
 * runs out. */
struct runlog *runlog_new(struct runlog_limits limits, struct bell *bell);

/* Set what is time 0, a CLOCK_MONOTONIC time. Before the first append. */
void runlog_start(struct runlog *log, uint64_t start_mono_ns);

/* Free the log with every event; nobody may read any more. NULL is fine. */
void runlog_free(struct runlog *log);

/* Copy *e with its strings and bytes to the end of the log; id is set here,
 * t_ns is the caller's. Returns the id (> 0), or 0 when the log is full: then
 * `full` becomes true and only an EVENT_RUN end is still taken. Any thread. */
uint32_t runlog_append(struct runlog *log, const struct event *e);

/* Nanoseconds since the log's time 0, now / of a CLOCK_MONOTONIC time. */
uint64_t runlog_now_ns(const struct runlog *log);
/* The same of a CLOCK_MONOTONIC time; 0 for one before the start. */
uint64_t runlog_at_ns(const struct runlog *log, uint64_t mono_ns);

/* Number of events so far = the id of the newest. Any thread, no lock. */
uint32_t runlog_count(const struct runlog *log);

/* Whether who has seen so many need not wait: there are more, or the end has
 * been appended and no ring will follow. Asked between bell_arm() and the wait.
 * Any thread, no lock. */
bool runlog_has_news(const struct runlog *log, uint32_t seen);

/* Wait until there are more events than `seen` or timeout_ms passed. Returns
 * how many there are. Costs writers nothing while nobody waits. Any thread that
 * is not to carry anything meanwhile. */
uint32_t runlog_wait(struct runlog *log, uint32_t seen, uint32_t timeout_ms);

/* Event with that id, NULL when there is none. Valid as long as the log. Any
 * thread, no lock. */
const struct event *runlog_get(const struct runlog *log, uint32_t id);

/* Whether an event was refused for want of room. */
bool runlog_full(const struct runlog *log);

/* Whether the run's end has been appended: nothing will follow. */
bool runlog_ended(const struct runlog *log);

/* Bytes of memory the log holds. */
size_t runlog_memory_bytes(const struct runlog *log);

#endif

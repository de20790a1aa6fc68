/* runlog.h - the append-only, bounded log of one run.
 *
 * Writers (the wire and the host threads) take the log's own mutex for the
 * copy of one struct. Readers take no lock at all: they load the count and
 * read entries below it, which never change; so a slow viewer cannot hold up
 * the wire. Whoever wants to be told of news arms the bell. */
#ifndef HANDSHAKE_RUNLOG_H
#define HANDSHAKE_RUNLOG_H

#include "handshake/event.h"
#include "handshake/memory.h"

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

/* Charge the log's memory, and what is made of it, to an account (borrowed,
 * outlives the log). Before the first append. */
void runlog_set_account(struct runlog *log, struct memory_account *account);
/* That account, or NULL. */
struct memory_account *runlog_account(const struct runlog *log);

/* Set what is time 0, a CLOCK_MONOTONIC time. Before the first append. */
void runlog_start(struct runlog *log, uint64_t start_mono_ns);

/* Free the log with every event; nobody may read any more. NULL is fine. */
void runlog_free(struct runlog *log);

/* Copy *e with its strings and bytes to the end of the log; id is set here,
 * t_ns is the caller's. Returns the id (> 0), or 0 when there is no room: then
 * runlog_full() says why, and only an EVENT_RUN end is still taken. Any thread.
 */
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

/* Why a log takes no more events. */
enum runlog_full {
    RUNLOG_TAKES,    /* it does */
    RUNLOG_FULL,     /* it holds as many events or bytes as one may */
    RUNLOG_BUDGET,   /* the memory budget of all runs is used up */
    RUNLOG_NO_MEMORY /* the system gave no memory */
};

/* Whether an event was refused, and why. Any thread, no lock. */
enum runlog_full runlog_full(const struct runlog *log);

/* From now on the log takes only the end: something else of the run did not fit
 * into memory. Any thread. */
void runlog_refuse(struct runlog *log, enum runlog_full why);

/* Whether the run's end has been appended: nothing will follow. */
bool runlog_ended(const struct runlog *log);

/* Bytes of memory the log holds. */
size_t runlog_memory_bytes(const struct runlog *log);

#endif

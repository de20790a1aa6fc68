/* flight.h - copies of packets that have not arrived yet: under way until they
 * are due, or held until somebody decides.
 *
 * A bounded heap by due time and a list of the held in the order they were
 * sent. Pure data; one thread at a time (the wire's lock). */
#ifndef HANDSHAKE_FLIGHT_H
#define HANDSHAKE_FLIGHT_H

#include "handshake/memory.h"
#include "handshake/rule.h"

enum { FLIGHT_CHANGED_BYTES = EDIT_WORDS_BYTES + 40 };

struct flight {
    uint64_t due_ns; /* monotonic; of held ones when they were held */
    uint64_t order; /* set by flights_add(): equal due times keep their order */
    uint32_t n;     /* of the segment; 0 = ICMP */
    uint32_t copy;  /* counted from 1 */
    enum host_id to;
    enum decider by;
    char by_name[RULE_NAME_BYTES];      /* "" = none */
    char changed[FLIGHT_CHANGED_BYTES]; /* what was changed, "" = nothing */
    const uint8_t *bytes;               /* (borrowed from the log) or own */
    size_t len;
    uint8_t *own;                   /* (owned) the changed packet, or NULL */
    struct memory_account *account; /* set by flights_add(): charged for it */
};

struct flights {
    struct flight **heap; /* (owned) under way, soonest first */
    size_t heap_count, heap_cap;
    struct flight **held; /* (owned) by n, rising */
    size_t held_count, held_cap;
    uint64_t next_order;
    size_t max;                     /* of both together */
    struct memory_account *account; /* (borrowed) charged; may be NULL */
};

/* Empty, with room for at most max. Allocates nothing yet. */
void flights_init(struct flights *f, size_t max,
                  struct memory_account *account);
/* Free everything under way or held, with what it owns. */
void flights_done(struct flights *f);

/* Take over a copy of *flight (with flight->own). Returns 0, -ENOSPC when there
 * are too many, -EDQUOT when the account takes no more, -ENOMEM; then own is
 * still the caller's. */
int flights_add(struct flights *f, const struct flight *flight);
/* The same, for a copy that waits to be decided; n must not be held yet. */
int flights_hold(struct flights *f, const struct flight *flight);

/* When the next is due, UINT64_MAX when none is under way. */
uint64_t flights_next_due(const struct flights *f);

/* Take the soonest if it is due at now_ns, else NULL. The caller frees it with
 * flight_free(). */
struct flight *flights_take_due(struct flights *f, uint64_t now_ns);

/* Take the held copy of segment n, NULL when it is not held. Logarithmic. */
struct flight *flights_take_held(struct flights *f, uint32_t n);

/* The held one at index i (0 is the oldest), NULL past the end; not taken. */
const struct flight *flights_held_at(const struct flights *f, size_t i);

/* Whether segment n is held. */
bool flights_is_held(const struct flights *f, uint32_t n);

/* Free one that was taken, with its own bytes. NULL is fine. */
void flight_free(struct flight *flight);

#endif

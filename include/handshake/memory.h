/* memory.h - a memory budget that all runs share.
 *
 * Each run charges what it holds to an account: its log, the JSON made of it,
 * copies of segments on the wire. The budget bounds the sum of all accounts. A
 * quarter of it is set aside so that every account can reach its share, however
 * much the large ones take: a small run is never ended because of a large one.
 * Counting costs an atomic addition for each block of memory. */
#ifndef HANDSHAKE_MEMORY_H
#define HANDSHAKE_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct memory_budget;

/* A budget of max_bytes for so many accounts in use at a time. One reference.
 * NULL when memory runs out. */
struct memory_budget *memory_budget_new(size_t max_bytes, size_t accounts);
/* One more reference, which is returned; NULL is fine. Any thread. */
struct memory_budget *memory_budget_ref(struct memory_budget *b);
/* Drop a reference. NULL is fine. */
void memory_budget_put(struct memory_budget *b);

/* The sum of all accounts, and its bound. Any thread. */
size_t memory_budget_used(const struct memory_budget *b);
size_t memory_budget_max(const struct memory_budget *b);

/* How many bytes have to be freed: 0 up to five eighths of the budget, beyond
 * that down to a half. Any thread, one atomic load. */
size_t memory_budget_excess(const struct memory_budget *b);

/* Called by memory_budget_reclaim(); frees what can be spared. */
typedef void memory_reclaim_fn(void *ctx);
/* Set it, or NULL to end its use. Waits for a call that is under way. */
void memory_budget_set_reclaim(struct memory_budget *b,
                               memory_reclaim_fn *reclaim, void *ctx);
/* Free what can be spared if there is any excess. Any thread that holds no lock
 * the reclaiming function takes. */
void memory_budget_reclaim(struct memory_budget *b);

/* What one run holds. Zeros: an account without a bound. */
struct memory_account {
    struct memory_budget *budget; /* (owned reference) or NULL */
    atomic_size_t used;
};

/* Open it; b may be NULL. */
void memory_account_open(struct memory_account *a, struct memory_budget *b);
/* Give back all that is still charged, and the reference. */
void memory_account_close(struct memory_account *a);

/* Charge bytes before they are allocated; false, and nothing charged, when they
 * do not fit. Any thread, no lock. A NULL account takes everything. */
bool memory_account_charge(struct memory_account *a, size_t bytes);
/* Charge them whatever the budget says: for the little that must not fail. */
void memory_account_force(struct memory_account *a, size_t bytes);
/* They were freed. */
void memory_account_release(struct memory_account *a, size_t bytes);

#endif

/* memory.c - the memory budget that all runs share.
 *
 * Three marks, in parts of the budget:
 *   5/8  memory is tight: ended runs are forgotten until 1/2 is used
 *   3/4  accounts beyond their share get no more
 *   1    nobody gets more; the quarter above 3/4 is the sum of all shares */
#include "handshake/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

struct memory_budget {
    size_t max_bytes, share_bytes; /* fixed */
    atomic_size_t used;
    atomic_uint refs;
    pthread_mutex_t mutex; /* guards the two below; held over the call */
    memory_reclaim_fn *reclaim;
    void *ctx; /* (borrowed) its argument */
};

struct memory_budget *memory_budget_new(size_t max_bytes, size_t accounts)
{
    struct memory_budget *b = calloc(1, sizeof(*b));
    if (!b)
        return NULL;
    b->max_bytes = max_bytes;
    b->share_bytes = max_bytes / 4 / (accounts ? accounts : 1);
    atomic_init(&b->refs, 1);
    pthread_mutex_init(&b->mutex, NULL);
    return b;
}

struct memory_budget *memory_budget_ref(struct memory_budget *b)
{
    if (b)
        atomic_fetch_add(&b->refs, 1);
    return b;
}

void memory_budget_put(struct memory_budget *b)
{
    if (!b || atomic_fetch_sub(&b->refs, 1) > 1)
        return;
    pthread_mutex_destroy(&b->mutex);
    free(b);
}

size_t memory_budget_used(const struct memory_budget *b)
{
    return atomic_load_explicit(&b->used, memory_order_relaxed);
}

size_t memory_budget_max(const struct memory_budget *b)
{
    return b->max_bytes;
}

size_t memory_budget_excess(const struct memory_budget *b)
{
    size_t used = memory_budget_used(b);
    return used > b->max_bytes / 8 * 5 ? used - b->max_bytes / 2 : 0;
}

void memory_budget_set_reclaim(struct memory_budget *b,
                               memory_reclaim_fn *reclaim, void *ctx)
{
    pthread_mutex_lock(&b->mutex);
    b->reclaim = reclaim;
    b->ctx = ctx;
    pthread_mutex_unlock(&b->mutex);
}

/* Somebody else who is at it already does the work for both. Freed blocks lie
 * in the arenas of many threads: without malloc_trim(3) their pages stay. */
void memory_budget_reclaim(struct memory_budget *b)
{
    if (!b || memory_budget_excess(b) == 0 ||
        pthread_mutex_trylock(&b->mutex) != 0)
        return;
    size_t before = memory_budget_used(b);
    if (b->reclaim)
        b->reclaim(b->ctx);
    if (memory_budget_used(b) < before)
        malloc_trim(0);
    pthread_mutex_unlock(&b->mutex);
}

/* --- accounts ------------------------------------------------------------ */

void memory_account_open(struct memory_account *a, struct memory_budget *b)
{
    a->budget = memory_budget_ref(b);
    atomic_init(&a->used, 0);
}

void memory_account_close(struct memory_account *a)
{
    memory_account_release(a, atomic_load(&a->used));
    memory_budget_put(a->budget);
    a->budget = NULL;
}

void memory_account_force(struct memory_account *a, size_t bytes)
{
    if (!a)
        return;
    atomic_fetch_add_explicit(&a->used, bytes, memory_order_relaxed);
    if (a->budget)
        atomic_fetch_add_explicit(&a->budget->used, bytes,
                                  memory_order_relaxed);
}

void memory_account_release(struct memory_account *a, size_t bytes)
{
    if (!a)
        return;
    atomic_fetch_sub_explicit(&a->used, bytes, memory_order_relaxed);
    if (a->budget)
        atomic_fetch_sub_explicit(&a->budget->used, bytes,
                                  memory_order_relaxed);
}

/* Charged first and looked at then, so that two who charge at the same time
 * cannot both take the last bytes. */
bool memory_account_charge(struct memory_account *a, size_t bytes)
{
    memory_account_force(a, bytes);
    if (!a || !a->budget)
        return true;
    const struct memory_budget *b = a->budget;
    bool small =
        atomic_load_explicit(&a->used, memory_order_relaxed) <= b->share_bytes;
    size_t most = small ? b->max_bytes : b->max_bytes / 4 * 3;
    if (memory_budget_used(b) <= most)
        return true;
    memory_account_release(a, bytes);
    return false;
}

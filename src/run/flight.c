/* flight.c - the heap of what is under way and the list of what is held. */
#include "flight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FLIGHTS_FIRST_CAP = 16 };

void flights_init(struct flights *f, size_t max, struct memory_account *account)
{
    *f = (struct flights){.max = max, .account = account};
}

static size_t flight_bytes(const struct flight *flight)
{
    return sizeof(*flight) + (flight->own ? flight->len : 0);
}

void flight_free(struct flight *flight)
{
    if (!flight)
        return;
    memory_account_release(flight->account, flight_bytes(flight));
    free(flight->own);
    free(flight);
}

void flights_done(struct flights *f)
{
    for (size_t i = 0; i < f->heap_count; i++)
        flight_free(f->heap[i]);
    for (size_t i = 0; i < f->held_count; i++)
        flight_free(f->held[i]);
    free(f->heap);
    free(f->held);
    *f = (struct flights){.max = f->max, .account = f->account};
}

static int grow(struct flight ***list, size_t *cap, size_t count)
{
    if (count < *cap)
        return 0;
    size_t next = *cap ? *cap * 2 : FLIGHTS_FIRST_CAP;
    struct flight **more = realloc(*list, next * sizeof(struct flight *));
    if (!more)
        return -ENOMEM;
    *list = more;
    *cap = next;
    return 0;
}

/* A copy of *flight on the heap, if there is room for one more. */
static int make(struct flights *f, const struct flight *flight,
                struct flight **ret)
{
    if (f->heap_count + f->held_count >= f->max)
        return -ENOSPC;
    if (!memory_account_charge(f->account, flight_bytes(flight)))
        return -EDQUOT;
    *ret = malloc(sizeof(**ret));
    if (!*ret) {
        memory_account_release(f->account, flight_bytes(flight));
        return -ENOMEM;
    }
    **ret = *flight;
    (*ret)->account = f->account;
    (*ret)->order = f->next_order++;
    return 0;
}

static bool is_sooner(const struct flight *a, const struct flight *b)
{
    if (a->due_ns != b->due_ns)
        return a->due_ns < b->due_ns;
    return a->order < b->order;
}

static void swap(struct flight **a, struct flight **b)
{
    struct flight *t = *a;
    *a = *b;
    *b = t;
}

static void sift_up(struct flights *f, size_t i)
{
    while (i > 0 && is_sooner(f->heap[i], f->heap[(i - 1) / 2])) {
        swap(&f->heap[i], &f->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct flights *f, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1;
             child <= 2 * i + 2 && child < f->heap_count; child++)
            if (is_sooner(f->heap[child], f->heap[least]))
                least = child;
        if (least == i)
            return;
        swap(&f->heap[i], &f->heap[least]);
        i = least;
    }
}

int flights_add(struct flights *f, const struct flight *flight)
{
    struct flight *one = NULL;
    int r = grow(&f->heap, &f->heap_cap, f->heap_count);
    if (r == 0)
        r = make(f, flight, &one);
    if (r < 0)
        return r;
    f->heap[f->heap_count] = one;
    sift_up(f, f->heap_count++);
    return 0;
}

/* Index of the first held one whose number is not below n. */
static size_t held_index(const struct flights *f, uint32_t n)
{
    size_t low = 0, high = f->held_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->held[middle]->n < n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int flights_hold(struct flights *f, const struct flight *flight)
{
    struct flight *one = NULL;
    int r = grow(&f->held, &f->held_cap, f->held_count);
    if (r == 0)
        r = make(f, flight, &one);
    if (r < 0)
        return r;
    size_t i = held_index(f, flight->n);
    memmove(&f->held[i + 1], &f->held[i],
            (f->held_count - i) * sizeof(struct flight *));
    f->held[i] = one;
    f->held_count++;
    return 0;
}

uint64_t flights_next_due(const struct flights *f)
{
    return f->heap_count ? f->heap[0]->due_ns : UINT64_MAX;
}

struct flight *flights_take_due(struct flights *f, uint64_t now_ns)
{
    if (f->heap_count == 0 || f->heap[0]->due_ns > now_ns)
        return NULL;
    struct flight *soonest = f->heap[0];
    f->heap[0] = f->heap[--f->heap_count];
    sift_down(f, 0);
    return soonest;
}

struct flight *flights_take_held(struct flights *f, uint32_t n)
{
    size_t i = held_index(f, n);
    if (i == f->held_count || f->held[i]->n != n)
        return NULL;
    struct flight *one = f->held[i];
    f->held_count--;
    memmove(&f->held[i], &f->held[i + 1],
            (f->held_count - i) * sizeof(struct flight *));
    return one;
}

const struct flight *flights_held_at(const struct flights *f, size_t i)
{
    return i < f->held_count ? f->held[i] : NULL;
}

bool flights_is_held(const struct flights *f, uint32_t n)
{
    size_t i = held_index(f, n);
    return i < f->held_count && f->held[i]->n == n;
}

/* runlog.c - the append-only log of runlog.h.
 *
 * Theory of operation: events live in chunks that are allocated when first
 * needed and never move; strings and packets live in an arena of blocks,
 * likewise. The number of events is published with release order after the
 * entry is complete, so a reader that loads it with acquire order may read
 * every entry below it without a lock. Nothing is ever changed or freed before
 * the whole log is. */
#include "handshake/runlog.h"

#include "handshake/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CHUNK_EVENTS = 128,
    BLOCK_BYTES = 16 * 1024,
    END_RESERVE_EVENTS = 2,
    END_RESERVE_BYTES = 16 * 1024 /* for the verdict and its expectations */
};

/* One piece of the arena; the bytes follow the struct. */
struct block {
    struct block *next;
    size_t used, size;
};

struct runlog {
    struct runlog_limits limits;
    uint64_t start_mono_ns;
    struct bell *bell; /* (borrowed, outlives us) or NULL */
    _Atomic(uint32_t) count;
    atomic_int full; /* enum runlog_full */
    atomic_bool ended;
    atomic_size_t memory_bytes;
    struct memory_account *account; /* (borrowed) or NULL */
    atomic_uint waiters;            /* threads in runlog_wait(); mostly none */
    pthread_cond_t news;            /* with append_lock */
    pthread_mutex_t append_lock; /* guards the fields below and all writing */
    struct block *block;         /* (owned) newest first */
    size_t content_bytes;
    bool ending; /* the event being appended is the run's end */
    size_t chunk_count;
    struct event *chunks[]; /* (owned) chunk_count pointers */
};

static size_t chunks_for(uint32_t events)
{
    return ((size_t)events + CHUNK_EVENTS - 1) / CHUNK_EVENTS;
}

/* Waits are measured by the clock that nobody sets. */
static void cond_init_monotonic(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

/* The table of chunks is made at once, the chunks when they are needed. */
struct runlog *runlog_new(struct runlog_limits limits, struct bell *bell)
{
    size_t chunk_count = chunks_for(limits.max_events);
    struct runlog *log =
        calloc(1, sizeof(*log) + chunk_count * sizeof(struct event *));
    if (!log)
        return NULL;
    log->limits = limits;
    log->bell = bell;
    log->chunk_count = chunk_count;
    pthread_mutex_init(&log->append_lock, NULL);
    cond_init_monotonic(&log->news);
    atomic_init(&log->memory_bytes,
                sizeof(*log) + chunk_count * sizeof(struct event *));
    return log;
}

void runlog_set_account(struct runlog *log, struct memory_account *account)
{
    log->account = account;
    memory_account_force(account, runlog_memory_bytes(log));
}

struct memory_account *runlog_account(const struct runlog *log)
{
    return log->account;
}

void runlog_start(struct runlog *log, uint64_t start_mono_ns)
{
    log->start_mono_ns = start_mono_ns;
}

/* Nobody reads or writes any more. */
void runlog_free(struct runlog *log)
{
    if (!log)
        return;
    for (size_t i = 0; i < log->chunk_count; i++)
        free(log->chunks[i]);
    while (log->block) {
        struct block *next = log->block->next;
        free(log->block);
        log->block = next;
    }
    memory_account_release(log->account, runlog_memory_bytes(log));
    pthread_cond_destroy(&log->news);
    pthread_mutex_destroy(&log->append_lock);
    free(log);
}

/* The first reason stays: what follows may be its consequence. */
void runlog_refuse(struct runlog *log, enum runlog_full why)
{
    int takes = RUNLOG_TAKES;
    atomic_compare_exchange_strong(&log->full, &takes, (int)why);
}

/* Memory for the log, charged to its account; the end of the run always gets
 * it (END_RESERVE_BYTES). NULL, and the reason noted, when there is none. */
static void *allocate_locked(struct runlog *log, size_t bytes)
{
    if (log->ending) {
        memory_account_force(log->account, bytes);
    } else if (!memory_account_charge(log->account, bytes)) {
        runlog_refuse(log, RUNLOG_BUDGET);
        return NULL;
    }
    void *memory = malloc(bytes);
    if (memory) {
        atomic_fetch_add(&log->memory_bytes, bytes);
        return memory;
    }
    memory_account_release(log->account, bytes);
    runlog_refuse(log, RUNLOG_NO_MEMORY);
    return NULL;
}

/* n bytes of the arena, aligned for any type; NULL when memory runs out. */
static void *arena_take_locked(struct runlog *log, size_t n)
{
    const size_t align = _Alignof(max_align_t);
    n = (n + align - 1) / align * align;
    struct block *b = log->block;
    if (!b || b->size - b->used < n) {
        size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
        const size_t head = (sizeof(*b) + align - 1) / align * align;
        b = allocate_locked(log, head + size);
        if (!b)
            return NULL;
        *b = (struct block){
            .next = log->block, .used = head, .size = head + size};
        log->block = b;
    }
    void *place = (char *)b + b->used;
    b->used += n;
    log->content_bytes += n;
    return place;
}

/* Copy len bytes (and a NUL) into the arena and point *p there. NULL stays
 * NULL. Returns false when memory runs out. */
static bool keep_bytes_locked(struct runlog *log, const void **p, size_t len)
{
    if (!*p)
        return true;
    char *copy = arena_take_locked(log, len + 1);
    if (!copy)
        return false;
    memcpy(copy, *p, len);
    copy[len] = '\0';
    *p = copy;
    return true;
}

static bool keep_text_locked(struct runlog *log, const char **p)
{
    const void *bytes = *p;
    bool ok = !*p || keep_bytes_locked(log, &bytes, strlen(*p));
    *p = bytes;
    return ok;
}

static bool keep_packet_locked(struct runlog *log, const uint8_t **p,
                               size_t len)
{
    const void *bytes = *p;
    bool ok = keep_bytes_locked(log, &bytes, len);
    *p = bytes;
    return ok;
}

/* The expectations are an array with texts of its own. */
static bool keep_run_locked(struct runlog *log, struct event_run *run)
{
    bool ok = keep_text_locked(log, &run->run_id) &&
              keep_text_locked(log, &run->scenario) &&
              keep_text_locked(log, &run->kernel) &&
              keep_text_locked(log, &run->verdict_text);
    if (!ok || !run->expect)
        return ok;
    size_t bytes = run->expect_count * sizeof(*run->expect);
    struct expectation *list = arena_take_locked(log, bytes);
    if (!list)
        return false;
    memcpy(list, run->expect, bytes);
    for (size_t i = 0; ok && i < run->expect_count; i++)
        ok = keep_text_locked(log, &list[i].what) &&
             keep_text_locked(log, &list[i].seen);
    run->expect = list;
    return ok;
}

static bool keep_call_locked(struct runlog *log, struct event_call *call)
{
    const void *data = call->data;
    bool ok = keep_text_locked(log, &call->name) &&
              keep_text_locked(log, &call->args) &&
              keep_text_locked(log, &call->on) &&
              keep_bytes_locked(log, &data, call->data_len);
    call->data = data;
    return ok;
}

static bool keep_copy_locked(struct runlog *log, struct event_copy *copy)
{
    return keep_text_locked(log, &copy->by_name) &&
           keep_text_locked(log, &copy->changed) &&
           keep_packet_locked(log, &copy->bytes, copy->len);
}

/* Make everything e points to the log's own. */
static bool keep_content_locked(struct runlog *log, struct event *e)
{
    switch (e->kind) {
    case EVENT_RUN:
        return keep_run_locked(log, &e->run);
    case EVENT_CALL:
        return keep_call_locked(log, &e->call);
    case EVENT_SEGMENT:
        return keep_packet_locked(log, &e->segment.bytes, e->segment.len);
    case EVENT_COPY:
        return keep_copy_locked(log, &e->copy);
    case EVENT_COUNTER:
        return keep_text_locked(log, &e->counter.name) &&
               keep_text_locked(log, &e->counter.meaning);
    case EVENT_MESSAGE:
        return keep_text_locked(log, &e->message.text);
    case EVENT_ICMP:
        return keep_packet_locked(log, &e->icmp.bytes, e->icmp.len);
    case EVENT_STATE:
    case EVENT_KIND_COUNT:
        break;
    }
    return true;
}

/* Whether the log still takes an event: the reserve is for the run's end
 * alone, and once an event was refused a smaller one would leave a gap. */
static bool has_room_locked(struct runlog *log)
{
    uint32_t count = atomic_load_explicit(&log->count, memory_order_relaxed);
    uint32_t reserve = log->ending ? 0 : END_RESERVE_EVENTS;
    size_t reserve_bytes = log->ending ? 0 : END_RESERVE_BYTES;
    if (atomic_load_explicit(&log->ended, memory_order_relaxed) ||
        (runlog_full(log) && !log->ending))
        return false;
    if (count + reserve < log->limits.max_events &&
        log->content_bytes + reserve_bytes < log->limits.max_bytes)
        return true;
    runlog_refuse(log, RUNLOG_FULL);
    return false;
}

/* The slot of the next event, its chunk made when needed; NULL: no memory. */
static struct event *slot_locked(struct runlog *log, uint32_t index)
{
    struct event **chunk = &log->chunks[index / CHUNK_EVENTS];
    if (!*chunk) {
        *chunk = allocate_locked(log, CHUNK_EVENTS * sizeof(struct event));
        if (!*chunk)
            return NULL;
    }
    return &(*chunk)[index % CHUNK_EVENTS];
}

/* The entry is complete before the count says that it is there. */
static uint32_t append_locked(struct runlog *log, const struct event *e)
{
    log->ending = e->kind == EVENT_RUN && e->run.phase == PHASE_END;
    if (!has_room_locked(log))
        return 0;
    uint32_t index = atomic_load_explicit(&log->count, memory_order_relaxed);
    struct event *slot = slot_locked(log, index);
    if (!slot)
        return 0;
    *slot = *e;
    slot->id = index + 1;
    if (!keep_content_locked(log, slot))
        return 0;
    atomic_store(&log->count, index + 1);
    /* After the count: whoever sees `ended` also sees the last event. */
    if (log->ending)
        atomic_store(&log->ended, true);
    return index + 1;
}

/* The bell is rung without the lock: whoever listens may read at once. */
uint32_t runlog_append(struct runlog *log, const struct event *e)
{
    pthread_mutex_lock(&log->append_lock);
    uint32_t id = append_locked(log, e);
    if (atomic_load_explicit(&log->waiters, memory_order_relaxed))
        pthread_cond_broadcast(&log->news);
    pthread_mutex_unlock(&log->append_lock);
    if (id > 0 && log->bell)
        bell_ring(log->bell);
    return id;
}

/* The count is looked at under the lock that appends take, so that news between
 * look and wait cannot be missed; writers see `waiters` under the same lock. */
uint32_t runlog_wait(struct runlog *log, uint32_t seen, uint32_t timeout_ms)
{
    uint64_t at_ns = clock_mono_ns() + timeout_ms * UINT64_C(1000000);
    const struct timespec deadline = {
        .tv_sec = (time_t)(at_ns / 1000000000),
        .tv_nsec = (long)(at_ns % 1000000000),
    };
    int code = 0;
    pthread_mutex_lock(&log->append_lock);
    atomic_fetch_add(&log->waiters, 1);
    while (runlog_count(log) == seen && code == 0)
        code = pthread_cond_timedwait(&log->news, &log->append_lock, &deadline);
    atomic_fetch_sub(&log->waiters, 1);
    pthread_mutex_unlock(&log->append_lock);
    return runlog_count(log);
}

uint64_t runlog_at_ns(const struct runlog *log, uint64_t mono_ns)
{
    return mono_ns > log->start_mono_ns ? mono_ns - log->start_mono_ns : 0;
}

uint64_t runlog_now_ns(const struct runlog *log)
{
    return runlog_at_ns(log, clock_mono_ns());
}

uint32_t runlog_count(const struct runlog *log)
{
    return atomic_load(&log->count);
}

/* The last event is counted before `ended` is set: who sees it in between has
 * nothing more to see, and must not wait for a ring either. */
bool runlog_has_news(const struct runlog *log, uint32_t seen)
{
    return runlog_count(log) > seen || runlog_ended(log);
}

const struct event *runlog_get(const struct runlog *log, uint32_t id)
{
    if (id == 0 || id > runlog_count(log))
        return NULL;
    return &log->chunks[(id - 1) / CHUNK_EVENTS][(id - 1) % CHUNK_EVENTS];
}

enum runlog_full runlog_full(const struct runlog *log)
{
    return (enum runlog_full)atomic_load(&log->full);
}

bool runlog_ended(const struct runlog *log)
{
    return atomic_load(&log->ended);
}

size_t runlog_memory_bytes(const struct runlog *log)
{
    return atomic_load(&log->memory_bytes);
}

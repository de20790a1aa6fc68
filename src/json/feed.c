/* feed.c - the events of one run as lines of JSON, each made once.
 *
 * Lines are made on demand and in order, because the observer explains each
 * segment from those before it. A line never moves once it is made, so readers
 * use it after the mutex is let go. The log is read without its lock: making
 * JSON can never hold up the wire. */
#include "json_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* A packet of 64 kB gives 128 kB of hex and, at five bytes for each of its
     * own at worst, its text twice over: line and sentence. */
    LINE_MAX_BYTES = 2 * 1024 * 1024,
    FIRST_LINES = 64,
    MAX_CONNECTIONS = 256
};

struct line {
    char *text; /* (owned) */
    size_t len;
};

struct feed {
    const struct runlog *log; /* (borrowed: the run frees us before its log) */
    pthread_mutex_t mutex;    /* guards all below */
    struct observer *obs;     /* (owned) has seen the segments of all lines */
    struct line *lines;       /* (owned) line of event id at id - 1 */
    size_t count, cap;
    struct segment_note *notes; /* (owned) note of segment n at n - 1 */
    size_t note_count, note_cap;
    struct buf scratch;             /* the line being made */
    struct memory_account *account; /* (borrowed) the log's, or NULL */
    size_t charged;                 /* to it */
};

struct feed *feed_new(const struct runlog *log)
{
    struct feed *feed = calloc(1, sizeof(*feed));
    if (!feed)
        return NULL;
    feed->log = log;
    feed->account = runlog_account(log);
    pthread_mutex_init(&feed->mutex, NULL);
    buf_init(&feed->scratch, LINE_MAX_BYTES);
    feed->obs = observer_new(MAX_CONNECTIONS);
    if (!feed->obs) {
        feed_free(feed);
        return NULL;
    }
    return feed;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    for (size_t i = 0; i < feed->count; i++)
        free(feed->lines[i].text);
    free(feed->lines);
    free(feed->notes);
    buf_done(&feed->scratch);
    observer_free(feed->obs);
    memory_account_release(feed->account, feed->charged);
    pthread_mutex_destroy(&feed->mutex);
    free(feed);
}

static void free_attached(void *feed)
{
    feed_free(feed);
}

struct feed *feed_of(struct run *run)
{
    struct feed *feed = run_attached(run);
    if (feed)
        return feed;
    feed = feed_new(run_log(run));
    return feed ? run_attach(run, feed, free_attached) : NULL;
}

/* Charge memory that is about to be allocated; ended runs are forgotten to make
 * room for it. False when even that does not do: the reader may come back. */
static bool charge_locked(struct feed *feed, size_t bytes)
{
    if (feed->account)
        memory_budget_reclaim(feed->account->budget);
    if (!memory_account_charge(feed->account, bytes))
        return false;
    feed->charged += bytes;
    return true;
}

/* Room for one more element of `size` bytes in *list; false: no memory. */
static bool grow_locked(struct feed *feed, void **list, size_t count,
                        size_t *cap, size_t size)
{
    if (count < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : FIRST_LINES;
    if (!charge_locked(feed, (more - *cap) * size))
        return false;
    void *larger = realloc(*list, more * size);
    if (!larger)
        return false;
    *list = larger;
    *cap = more;
    return true;
}

static bool make_room_locked(struct feed *feed)
{
    void *lines = feed->lines;
    void *notes = feed->notes;
    bool ok = grow_locked(feed, &lines, feed->count, &feed->cap,
                          sizeof(*feed->lines)) &&
              grow_locked(feed, &notes, feed->note_count, &feed->note_cap,
                          sizeof(*feed->notes));
    feed->lines = lines;
    feed->notes = notes;
    return ok;
}

static const struct segment_note *note_locked(const struct feed *feed,
                                              uint32_t n)
{
    return n > 0 && n <= feed->note_count ? &feed->notes[n - 1] : NULL;
}

/* What the events before e tell about it. */
static void look_back_locked(const struct feed *feed, const struct event *e,
                             struct event_context *ctx)
{
    const struct segment_note *note =
        e->kind == EVENT_COPY ? note_locked(feed, e->copy.n) : NULL;
    if (note) {
        ctx->from = note->from;
        memcpy(ctx->flags, note->flags, sizeof(ctx->flags));
    }
    const struct event *begin =
        e->kind == EVENT_CALL ? runlog_get(feed->log, e->call.begin) : NULL;
    if (begin && begin->t_ns <= e->t_ns) {
        ctx->begin_known = true;
        ctx->begin_ns = begin->t_ns;
    }
}

/* Keep the note of a segment; numbers rise without gaps, so it is the next. */
static void note_segment_locked(struct feed *feed, const struct event *e,
                                const struct event_context *ctx,
                                const char *line)
{
    if (e->kind != EVENT_SEGMENT || e->segment.n != feed->note_count + 1)
        return;
    struct segment_note *note = &feed->notes[feed->note_count++];
    *note = (struct segment_note){.id = e->id,
                                  .from = e->segment.from,
                                  .repeats = ctx->seen ? ctx->seen->repeats : 0,
                                  .says = line + ctx->says_at,
                                  .says_len = ctx->says_len};
    if (!ctx->seg || !ctx->seen)
        return;
    segment_flags_text(ctx->seg->flags, note->flags);
    note->bases =
        (struct seq_bases){.mine_known = true,
                           .mine = ctx->seg->seq - ctx->seen->seq_rel,
                           .theirs_known = ctx->seen->ack_rel_known,
                           .theirs = ctx->seg->ack - ctx->seen->ack_rel};
}

/* A run knows whose segment it is, whoever speaks first and whatever the port.
 */
static void see_segment(struct observer *obs, const struct event *e,
                        const struct segment *seg, struct observation *ret_seen)
{
    observer_name_server(obs, e->segment.from == HOST_SERVER ? &seg->src
                                                             : &seg->dst);
    observer_see(obs, e->segment.n, e->t_ns, seg, ret_seen);
}

/* Write e into the scratch buffer. The observer has seen a segment even when
 * its line fails for want of memory; the next try only repeats it. */
static bool compose_locked(struct feed *feed, const struct event *e)
{
    struct segment seg;
    struct observation seen;
    struct event_context context = {0};
    struct event_context *ctx = &context;
    if (e->kind == EVENT_SEGMENT &&
        segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) == 0) {
        see_segment(feed->obs, e, &seg, &seen);
        ctx->seg = &seg;
        ctx->seen = &seen;
    }
    look_back_locked(feed, e, ctx);
    buf_reset(&feed->scratch);
    event_write(e, ctx, &feed->scratch);
    bool fits =
        !feed->scratch.failed && charge_locked(feed, feed->scratch.len + 1);
    char *line = fits ? malloc(feed->scratch.len + 1) : NULL;
    if (!line)
        return false;
    memcpy(line, feed->scratch.data, feed->scratch.len + 1);
    feed->lines[feed->count++] =
        (struct line){.text = line, .len = feed->scratch.len};
    note_segment_locked(feed, e, ctx, line);
    return true;
}

/* Make lines up to event id. */
static bool reach_locked(struct feed *feed, uint32_t id)
{
    while (feed->count < id) {
        const struct event *e =
            runlog_get(feed->log, (uint32_t)feed->count + 1);
        if (!e || !make_room_locked(feed) || !compose_locked(feed, e))
            return false;
    }
    return id > 0;
}

const char *feed_line(struct feed *feed, uint32_t id, size_t *ret_len)
{
    const char *text = NULL;
    pthread_mutex_lock(&feed->mutex);
    if (reach_locked(feed, id)) {
        text = feed->lines[id - 1].text;
        *ret_len = feed->lines[id - 1].len;
    }
    pthread_mutex_unlock(&feed->mutex);
    return text;
}

bool feed_segment(struct feed *feed, uint32_t n, struct segment_note *ret_note)
{
    pthread_mutex_lock(&feed->mutex);
    (void)reach_locked(feed, runlog_count(feed->log));
    const struct segment_note *note = note_locked(feed, n);
    if (note)
        *ret_note = *note;
    pthread_mutex_unlock(&feed->mutex);
    return note != NULL;
}

/* The observer has been there already: of what it saw only `repeats` is
 * said. */
void feed_sentence(struct feed *feed, uint32_t id, struct buf *out)
{
    struct segment seg;
    struct observation seen = {.repeats = 0};
    struct segment_note note;
    struct event_context ctx = {0};
    const struct event *e = runlog_get(feed->log, id);
    if (!e)
        return;
    if (e->kind == EVENT_SEGMENT &&
        segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) == 0) {
        if (feed_segment(feed, e->segment.n, &note) && note.id == id)
            seen.repeats = note.repeats;
        ctx.seg = &seg;
        ctx.seen = &seen;
    }
    pthread_mutex_lock(&feed->mutex);
    (void)reach_locked(feed, id);
    look_back_locked(feed, e, &ctx);
    pthread_mutex_unlock(&feed->mutex);
    event_sentence(e, &ctx, out);
}

/* Our own words, read back from the line that says them. */
void feed_says(struct feed *feed, uint32_t n, feed_says_fn *each, void *ctx)
{
    struct segment_note note;
    struct json_faults faults;
    struct reader r = reader_to(&faults);
    const cJSON *one;
    if (!feed_segment(feed, n, &note))
        return;
    cJSON *says = reader_parse(&r, note.says, note.says_len);
    cJSON_ArrayForEach(one, says)
    {
        const cJSON *text = cJSON_GetObjectItemCaseSensitive(one, "text");
        const cJSON *rfc = cJSON_GetObjectItemCaseSensitive(one, "rfc");
        each(ctx, cJSON_GetStringValue(text), cJSON_GetStringValue(rfc));
    }
    cJSON_Delete(says);
}

/* tally.c - many runs of one scenario: outcomes counted, and how long connect()
 * took, apart by what it returned. */
#include "outcome_internal.h"

#include "handshake/err.h"
#include "handshake/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_RESULTS = 8,         /* different errnos; later ones are not timed */
    MAX_TIMES = 1024 * 1024, /* of one result */
    FIRST_TIMES = 256,
    MAX_BINS = 16,
    BINS_A_DECADE = 20,
    LABEL_COLUMNS = 8, /* "0.125 ms" */
    COUNT_COLUMNS = 7,
    FEWEST_BAR = 10,
    MOST_BAR = 60
};

/* The times of connect() with one result. */
struct times {
    int error;      /* 0 = it succeeded */
    uint64_t *list; /* (owned) in ns */
    size_t count, cap;
};

struct tally {
    size_t runs, well;
    size_t verdicts[VERDICT_COUNT];
    struct times results[MAX_RESULTS];
    size_t result_count;
};

/* Lists of times grow when there are any. */
struct tally *tally_new(void)
{
    return calloc(1, sizeof(struct tally));
}

/* Half-built is fine. */
void tally_free(struct tally *t)
{
    for (size_t i = 0; t && i < t->result_count; i++)
        free(t->results[i].list);
    free(t);
}

/* --- counting ------------------------------------------------------------ */

/* NULL for a ninth kind of result: such a run is counted, not timed. */
static struct times *times_of(struct tally *t, int error)
{
    for (size_t i = 0; i < t->result_count; i++)
        if (t->results[i].error == error)
            return &t->results[i];
    if (t->result_count == MAX_RESULTS)
        return NULL;
    t->results[t->result_count].error = error;
    return &t->results[t->result_count++];
}

/* What finds no room is not counted; nobody repeats so often. */
static void add_time(struct times *times, uint64_t ns)
{
    if (times->count == times->cap) {
        size_t cap = times->cap ? 2 * times->cap : FIRST_TIMES;
        uint64_t *list =
            cap <= MAX_TIMES ? realloc(times->list, cap * sizeof(*list)) : NULL;
        if (!list)
            return;
        times->list = list;
        times->cap = cap;
    }
    times->list[times->count++] = ns;
}

/* The end of a connect() of the client that its beginning is known of. */
static void see_call(struct tally *t, const struct runlog *log,
                     const struct event *e)
{
    const struct event_call *call = &e->call;
    const struct event *begin =
        call->begin ? runlog_get(log, call->begin) : NULL;
    if (!begin || call->host != HOST_CLIENT || call->phase != PHASE_END ||
        strcmp(call->name, "connect") != 0)
        return;
    struct times *times = times_of(t, call->error);
    if (times)
        add_time(times, e->t_ns - begin->t_ns);
}

/* The log is read once and not kept: a thousand runs need no memory of
 * theirs. */
void tally_add(struct tally *t, const struct runlog *log,
               const struct outcome *o)
{
    uint32_t count = runlog_count(log);
    t->runs++;
    t->well += o->well;
    t->verdicts[o->end ? o->end->verdict : VERDICT_CANCELLED]++;
    for (uint32_t id = 1; id <= count; id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_CALL)
            see_call(t, log, e);
    }
}

/* --- figures ------------------------------------------------------------- */

struct figures {
    uint64_t min, p50, p99, max;
};

/* No difference of two unsigned numbers: it would wrap. */
static int by_time(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The smallest time that so many percent of all do not exceed (nearest rank):
 * a time that was measured, not one in between. */
static uint64_t percentile(const struct times *t, unsigned percent)
{
    size_t rank = (t->count * percent + 99) / 100;
    return t->list[rank > 0 ? rank - 1 : 0];
}

/* Sorts the list. */
static struct figures figures_of(const struct times *t)
{
    qsort(t->list, t->count, sizeof(*t->list), by_time);
    return (struct figures){.min = t->list[0],
                            .p50 = percentile(t, 50),
                            .p99 = percentile(t, 99),
                            .max = t->list[t->count - 1]};
}

/* --- the histogram ------------------------------------------------------- */

/* Times from one border up to, but without, another. */
struct bin {
    uint64_t from, to;
    size_t count;
};

/* Border i of the finest division: twenty to a decade, each about an eighth
 * above the one before, in round numbers (a Renard series), from 1 ns on. */
static uint64_t border(unsigned i)
{
    static const uint16_t steps[BINS_A_DECADE] = {
        100, 112, 125, 140, 160, 180, 200, 224, 250, 280,
        315, 355, 400, 450, 500, 560, 630, 710, 800, 900};
    uint64_t value = steps[i % BINS_A_DECADE];
    for (unsigned decade = i / BINS_A_DECADE; decade > 0; decade--)
        value *= 10;
    return value / 100;
}

/* The last border that is not above ns, among every `stride`th. */
static unsigned border_below(uint64_t ns, unsigned stride)
{
    unsigned i = 0;
    while (border(i + stride) <= ns)
        i += stride;
    return i;
}

/* How coarse the division must be to cover min to max in MAX_BINS. */
static unsigned stride_for(uint64_t min, uint64_t max)
{
    static const unsigned strides[] = {1, 2, 4, 10};
    for (size_t i = 0; i < sizeof(strides) / sizeof(*strides); i++) {
        unsigned s = strides[i];
        unsigned bins = (border_below(max, s) - border_below(min, s)) / s + 1;
        if (bins <= MAX_BINS)
            return s;
    }
    return BINS_A_DECADE;
}

/* A time, flush right. */
static void put_label(uint64_t ns, struct buf *out)
{
    struct buf text;
    buf_init(&text, 64);
    words_time(&text, ns);
    size_t width = words_width(buf_text(&text));
    buf_printf(out, "%*s%s",
               (int)(width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 0), "",
               buf_text(&text));
    buf_done(&text);
}

/* "   100 µs to   112 µs     212 ########"; a bin with anything has a bar. */
static void put_bin(const struct bin *bin, size_t most, unsigned columns,
                    struct buf *out)
{
    unsigned used = 2 + 2 * LABEL_COLUMNS + 4 + COUNT_COLUMNS + 2;
    unsigned room = columns > used ? columns - used : 0;
    room = room < FEWEST_BAR ? FEWEST_BAR : room > MOST_BAR ? MOST_BAR : room;
    size_t bar = (bin->count * room + most - 1) / most;
    buf_str(out, "  ");
    put_label(bin->from, out);
    buf_str(out, " to ");
    put_label(bin->to, out);
    buf_printf(out, " %*zu%s", COUNT_COLUMNS, bin->count, bar ? " " : "");
    while (bar-- > 0)
        buf_str(out, "#");
    buf_str(out, "\n");
}

/* Divide a sorted list. The bins are as fine as what 99 of 100 took allows; a
 * few that took far longer share a last, wide one. Returns how many. */
static size_t make_bins(const struct times *t, uint64_t p99, struct bin *bins)
{
    unsigned stride = stride_for(t->list[0], p99);
    unsigned at = border_below(t->list[0], stride);
    size_t n = 0;
    for (size_t i = 0; i < t->count; n++, at += stride) {
        bool rest = border(at) > p99;
        bins[n] = (struct bin){.from = border(at), .to = border(at + stride)};
        if (rest && t->list[t->count - 1] >= bins[n].to)
            bins[n].to = t->list[t->count - 1];
        while (i < t->count && (rest || t->list[i] < bins[n].to)) {
            bins[n].count++;
            i++;
        }
    }
    return n;
}

/* The list is sorted. */
static void put_histogram(const struct times *t, uint64_t p99, unsigned columns,
                          struct buf *out)
{
    struct bin bins[MAX_BINS + 1];
    size_t count = make_bins(t, p99, bins);
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = bins[i].count > most ? bins[i].count : most;
    for (size_t i = 0; i < count; i++)
        put_bin(&bins[i], most, columns, out);
}

/* --- as text ------------------------------------------------------------- */

/* Three digits that count: more would be noise. */
static void put_figure(const char *name, uint64_t ns, struct buf *out)
{
    buf_printf(out, "%s ", name);
    words_time(out, ns);
}

/* Results apart: a refusal is no slow success. */
static void put_times(const struct times *t, unsigned columns, struct buf *out)
{
    struct figures f;
    if (t->count == 0)
        return;
    f = figures_of(t);
    buf_printf(out, "connect() = %s, %zu times: ",
               t->error ? err_name(t->error) : "0", t->count);
    put_figure("min", f.min, out);
    put_figure(", p50", f.p50, out);
    put_figure(", p99", f.p99, out);
    put_figure(", max", f.max, out);
    buf_str(out, "\n");
    put_histogram(t, f.p99, columns, out);
}

/* The line with the outcomes first, whatever the times are like. */
void tally_put(const struct tally *t, const char *id, unsigned columns,
               struct buf *out)
{
    struct buf line;
    buf_init(&line, 4096);
    buf_printf(&line, "%s: %zu of %zu runs as expected;", id, t->well, t->runs);
    for (int v = VERDICT_NONE + 1; v < VERDICT_COUNT; v++)
        if (t->verdicts[v])
            buf_printf(&line, " %s %zu,", verdict_name((enum verdict_code)v),
                       t->verdicts[v]);
    if (!line.failed)
        line.data[line.len - 1] = '.'; /* for the last comma */
    words_wrap(out, buf_text(&line), 0, 2, columns);
    for (size_t i = 0; i < t->result_count; i++)
        put_times(&t->results[i], columns, out);
    buf_done(&line);
}

/* --- as JSON ------------------------------------------------------------- */

/* In whole nanoseconds: programs do their own rounding. */
static void write_times(const struct times *t, struct jsonw *w)
{
    struct figures f = figures_of(t);
    jsonw_open(w, NULL, '{');
    jsonw_str(w, "errno", t->error ? err_name(t->error) : NULL);
    jsonw_uint(w, "count", t->count);
    jsonw_uint(w, "min_ns", f.min);
    jsonw_uint(w, "p50_ns", f.p50);
    jsonw_uint(w, "p99_ns", f.p99);
    jsonw_uint(w, "max_ns", f.max);
    jsonw_close(w, '}');
}

/* Outcomes that did not occur are left out. */
void tally_write(const struct tally *t, struct jsonw *w)
{
    jsonw_uint(w, "runs", t->runs);
    jsonw_uint(w, "as_expected", t->well);
    jsonw_open(w, "outcomes", '{');
    for (int v = VERDICT_NONE + 1; v < VERDICT_COUNT; v++)
        if (t->verdicts[v])
            jsonw_uint(w, verdict_name((enum verdict_code)v), t->verdicts[v]);
    jsonw_close(w, '}');
    jsonw_open(w, "connect", '[');
    for (size_t i = 0; i < t->result_count; i++)
        if (t->results[i].count > 0)
            write_times(&t->results[i], w);
    jsonw_close(w, ']');
}

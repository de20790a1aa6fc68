/* run_session.c - one run after the other: begun here or on a server, shown,
 * counted, told of. */
#include "run_internal.h"
#include "show_internal.h"

#include "handshake/capture.h"
#include "handshake/clock.h"
#include "handshake/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEXT_MAX_BYTES = 1024 * 1024,
    TITLE_MAX_BYTES = 16 * 1024,
    SHOWN_PROBLEMS = 10, /* of repeated runs; the others are counted */
    PROGRESS_MS = 100
};

/* The runs of one scenario. */
struct series {
    struct session *s;
    const struct run_item *item;
    struct tally *tally; /* (owned) NULL: not counted */
    size_t problems;     /* told of so far */
    uint64_t progress_ns;
};

/* --- how it is told ------------------------------------------------------ */

/* One run is to be watched, several are to be looked through. */
static enum telling telling_of(const struct session *s)
{
    const struct run_arguments *args = s->args;
    if (args->quiet)
        return TELL_QUIET;
    if (args->json)
        return TELL_JSON;
    bool alone = s->item_count == 1 && args->repeat == 1;
    return alone || args->ladder ? TELL_LADDER : TELL_LIST;
}

/* Asked anew for each run: terminals are resized. */
static struct ladder_options look_of(const struct session *s)
{
    return (struct ladder_options){
        .columns = terminal_columns(STDOUT_FILENO),
        .colour = terminal_coloured(STDOUT_FILENO, s->args->colour),
    };
}

/* Print and free. */
static void print_buf(struct buf *text, FILE *to)
{
    fwrite(buf_text(text), 1, text->len, to);
    if (to == stdout)
        (void)output_flush();
    buf_done(text);
}

/* An empty line parts it from the run before. */
static void print_title(const struct series *x)
{
    const struct scenario *sc = x->item->scenario;
    struct buf out;
    buf_init(&out, TITLE_MAX_BYTES);
    buf_str(&out, x->s->runs > 0 ? "\n" : "");
    ladder_title(look_of(x->s), sc->title, sc->id, sc->summary, &out);
    print_buf(&out, stdout);
}

/* A count of repeated runs that stays on its line, for a person who waits. */
static void show_progress(struct series *x, uint32_t done)
{
    uint64_t now = clock_mono_ns();
    uint32_t of = x->s->args->repeat;
    bool last = done == of;
    if (of == 1 || telling_of(x->s) != TELL_LIST || !isatty(STDERR_FILENO) ||
        (!last && now - x->progress_ns < PROGRESS_MS * 1000000ull))
        return;
    x->progress_ns = now;
    if (last)
        fprintf(stderr, "\r\x1b[K");
    else
        fprintf(stderr, "\r%" PRIu32 " of %" PRIu32 " ", done, of);
}

/* --- one run ------------------------------------------------------------- */

/* Begin the run; show->run or show->remote then stands for it. 0 or -errno with
 * a sentence. */
static int begin(struct series *x, struct show *show, struct err *ret_err)
{
    struct session *s = x->s;
    struct buf body;
    if (!s->args->server_given)
        return registry_start(s->reg, x->item->scenario, &x->item->options,
                              &show->run, ret_err);
    buf_init(&body, TEXT_MAX_BYTES);
    run_request_write(s->args, x->item, &body);
    int r = remote_start(&s->server, &body, &show->remote, ret_err);
    buf_done(&body);
    return r;
}

/* What was not as expected, below its line or, when quiet, on stderr. */
static void tell_problems(struct series *x, const struct outcome *o,
                          uint32_t number)
{
    bool quiet = telling_of(x->s) == TELL_QUIET;
    const char *id = x->item->scenario->id;
    char head[SCENARIO_ID_BYTES + 32];
    struct buf out;
    if (o->well || ++x->problems > SHOWN_PROBLEMS)
        return;
    if (x->s->args->repeat > 1)
        snprintf(head, sizeof(head), "%s, run %" PRIu32 ": ", id, number);
    else
        snprintf(head, sizeof(head), quiet ? "%s: " : "%8.0s", id);
    buf_init(&out, TEXT_MAX_BYTES);
    outcome_problems(
        o, head, terminal_columns(quiet ? STDERR_FILENO : STDOUT_FILENO), &out);
    print_buf(&out, quiet ? stderr : stdout);
}

/* A ladder and lines of JSON have told everything themselves. */
static void tell_run(struct series *x, const struct outcome *o, uint32_t number)
{
    enum telling telling = telling_of(x->s);
    struct buf out;
    if (telling == TELL_LIST && x->s->args->repeat == 1) {
        buf_init(&out, TEXT_MAX_BYTES);
        struct ladder_options look = look_of(x->s);
        outcome_line(x->item->scenario->id, o, look.columns, look.colour, &out);
        print_buf(&out, stdout);
    }
    if (telling == TELL_LIST || telling == TELL_QUIET)
        tell_problems(x, o, number);
}

/* It is over: told of and counted, unless somebody cut it short. */
static void note_run(struct series *x, const struct runlog *log,
                     uint32_t number, const char *problem)
{
    struct session *s = x->s;
    struct outcome o = outcome_of(log);
    if (problem || s->signal)
        o.well = false;
    if (s->junit)
        junit_add(s->junit, x->item->scenario->id, &o, problem);
    if (s->signal)
        return;
    s->runs++;
    s->well += o.well;
    if (!log)
        return;
    tell_run(x, &o, number);
    if (x->tally)
        tally_add(x->tally, log, &o);
}

/* What could not begin, or was lost on the way: on stderr however runs are
 * told. */
static void tell_failure(const struct series *x, const struct err *err)
{
    fprintf(stderr, "handshake: %s: %s\n", x->item->scenario->id, err->text);
}

/* The run as a capture, whatever came of it. */
static void keep_run(struct series *x, const struct runlog *log)
{
    struct session *s = x->s;
    struct err err = {0};
    if (!s->args->pcapng || runlog_count(log) == 0)
        return;
    s->unkept = capture_write_file(log, x->item->scenario, s->capture_fd,
                                   s->args->pcapng, &err) < 0;
    if (s->unkept)
        failed(&err);
}

/* Number counts from 1. */
static void run_one(struct series *x, uint32_t number)
{
    static const enum show_as shown[] = {[TELL_LADDER] = SHOW_LADDER,
                                         [TELL_JSON] = SHOW_JSON,
                                         [TELL_LIST] = SHOW_NOTHING,
                                         [TELL_QUIET] = SHOW_NOTHING};
    struct session *s = x->s;
    struct err err = {0};
    bool held = s->args->options.hold;
    struct show show = {.as = shown[telling_of(s)],
                        .look = look_of(s),
                        .bell = s->bell,
                        .signal_fd = s->signal_fd,
                        .keyboard = held ? &s->keyboard : NULL};
    int r = begin(x, &show, &err);
    if (r == 0 && show.as == SHOW_LADDER)
        print_title(x);
    bool begun = r == 0;
    if (begun)
        r = show_run(&show, &err);
    s->signal = r > 0 ? r : r == -EINTR ? signals_take(s->signal_fd) : 0;
    if (r < 0 && r != -EINTR)
        tell_failure(x, &err);
    note_run(x, begun ? show_log(&show) : NULL, number,
             r < 0 ? err.text : NULL);
    if (begun)
        keep_run(x, show_log(&show));
    if (show.run)
        (void)registry_delete(s->reg, run_id(show.run));
    run_put(show.run);
    remote_free(show.remote);
}

/* --- one scenario -------------------------------------------------------- */

/* In the way of what stood above it: JSON after JSON. */
static void print_summary(const struct series *x)
{
    struct buf out;
    buf_init(&out, TEXT_MAX_BYTES);
    if (x->s->args->json) {
        struct jsonw w = jsonw_to(&out);
        jsonw_open(&w, NULL, '{');
        jsonw_str(&w, "kind", "summary");
        jsonw_str(&w, "scenario", x->item->scenario->id);
        tally_write(x->tally, &w);
        jsonw_close(&w, '}');
        buf_str(&out, "\n");
    } else {
        if (x->problems > SHOWN_PROBLEMS)
            buf_printf(&out, "and %zu more\n", x->problems - SHOWN_PROBLEMS);
        buf_str(&out, x->s->args->ladder ? "\n" : "");
        tally_put(x->tally, x->item->scenario->id,
                  terminal_columns(STDOUT_FILENO), &out);
    }
    print_buf(&out, stdout);
}

/* A signal ends the series; what was counted until then is summed up. */
static void run_series(struct session *s, const struct run_item *item)
{
    const struct run_arguments *args = s->args;
    struct series x = {.s = s, .item = item};
    bool many = args->repeat > 1 || (s->item_count > 1 && args->json);
    if (many && !args->quiet)
        x.tally = tally_new();
    for (uint32_t i = 0; i < args->repeat && !s->signal; i++) {
        run_one(&x, i + 1);
        show_progress(&x, s->signal ? args->repeat : i + 1);
    }
    if (x.tally)
        print_summary(&x);
    tally_free(x.tally);
}

/* --- all ----------------------------------------------------------------- */

/* The exit status in words, and how long a suite of scenarios takes. */
static void print_total(const struct session *s, uint64_t took_ns)
{
    struct buf out;
    buf_init(&out, TITLE_MAX_BYTES);
    buf_printf(&out, "\n%zu of %zu runs as expected, in ", s->well, s->runs);
    words_time(&out, took_ns);
    buf_str(&out, ".\n");
    print_buf(&out, stdout);
}

/* A signal has the last word about the exit status. */
int session_run(struct session *s)
{
    uint64_t begun_ns = clock_mono_ns();
    for (size_t i = 0; i < s->item_count && !s->signal; i++)
        run_series(s, &s->items[i]);
    if (s->item_count > 1 && telling_of(s) == TELL_LIST)
        print_total(s, clock_mono_ns() - begun_ns);
    if (s->signal)
        return EXIT_SIGNAL + s->signal;
    bool well = s->well == s->runs && !s->unkept && !ferror(stdout);
    return well ? 0 : EXIT_UNMET;
}

/* run_command.c - `handshake run`: one scenario, shown while it happens. */
#include "cli_internal.h"
#include "hold_internal.h"
#include "terminal_internal.h"

#include "handshake/draw.h"
#include "handshake/settle.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DOCUMENT_MAX_BYTES = 256 * 1024,
    OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
    SETTLE_MS = 20 /* quiet for so long: kept lines will not grow */
};

/* --- the scenario -------------------------------------------------------- */

static int unknown_scenario(const struct command *self, const char *which)
{
    struct buf known;
    buf_init(&known, 4096);
    for (size_t i = 0; i < catalog_count(); i++)
        buf_printf(&known, "%s%s", i ? ", " : "", catalog_at(i)->id);
    const struct scenario *near = catalog_nearest(which);
    int status = usage_error(
        self, "\"%s\" is no scenario and no file%s%s%s; built in are %s", which,
        near ? " (did you mean \"" : "", near ? near->id : "",
        near ? "\"?)" : "", buf_text(&known));
    buf_done(&known);
    return status;
}

/* All of it, or -1: too long, or not to be read. */
static int read_file(FILE *file, struct buf *ret_text)
{
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_append(ret_text, chunk, n);
    return ferror(file) || ret_text->failed ? -1 : 0;
}

/* Every fault with its place, as a compiler would. */
static int parse_file(const char *name, const struct buf *text,
                      struct scenario *ret_sc)
{
    struct json_faults faults;
    if (json_scenario_read(buf_text(text), text->len, ret_sc, &faults) == 0)
        return 0;
    for (size_t i = 0; i < faults.count; i++)
        fprintf(stderr, "%s: %s%s%s\n", name, faults.list[i].pointer,
                faults.list[i].pointer[0] ? ": " : "", faults.list[i].text);
    return EXIT_USAGE;
}

/* Find or read the scenario. Before settle(): afterwards the program may
 * not be allowed to read the file. 0, or an exit status. */
static int load(const struct command *self, const char *which,
                struct scenario *ret_sc)
{
    const struct scenario *built_in = catalog_find(which);
    if (built_in) {
        *ret_sc = *built_in;
        return 0;
    }
    FILE *file = fopen(which, "re");
    if (!file && errno == ENOENT)
        return unknown_scenario(self, which);
    struct buf text;
    buf_init(&text, DOCUMENT_MAX_BYTES);
    int status = EXIT_USAGE;
    if (!file || read_file(file, &text) < 0)
        fprintf(stderr, "handshake: cannot read %s: %s\n", which,
                text.failed ? "it is too large" : strerror(errno));
    else
        status = parse_file(which, &text, ret_sc);
    if (file)
        fclose(file);
    buf_done(&text);
    return status;
}

/* --- showing ------------------------------------------------------------- */

/* A run being shown. */
struct show {
    struct run *run; /* (borrowed) */
    struct bell *bell;
    int signal_fd;
    struct ladder *ladder;    /* NULL: lines of JSON */
    struct hand *hand;        /* NULL: nothing is asked */
    struct keyboard keyboard; /* open when options.hold */
    struct buf out;
    uint32_t shown; /* events so far */
    int signal;     /* that asked us to end */
};

/* One event more: noted, then drawn or written. */
static void show_event(struct show *s, uint32_t id)
{
    size_t len = 0;
    const struct event *e = runlog_get(run_log(s->run), id);
    if (s->hand)
        hand_note(s->hand, e);
    if (s->ladder) {
        ladder_add(s->ladder, e, &s->out);
        return;
    }
    struct feed *feed = feed_of(s->run);
    const char *line = feed ? feed_line(feed, id, &len) : NULL;
    if (line) {
        buf_append(&s->out, line, len);
        buf_append(&s->out, "\n", 1);
    }
}

/* Write what has gathered; a reader who left ends the run. */
static void write_out(struct show *s)
{
    if (s->hand && s->out.len > 0)
        hand_interrupt(s->hand);
    fwrite(buf_text(&s->out), 1, s->out.len, stdout);
    buf_reset(&s->out);
    if (fflush(stdout) != 0)
        run_stop(s->run);
}

/* All there is, then one write. */
static void show_news(struct show *s)
{
    uint32_t count = runlog_count(run_log(s->run));
    bool any = s->shown < count;
    while (s->shown < count)
        show_event(s, ++s->shown);
    if (any)
        write_out(s);
}

/* Nothing has happened for a while: what is known is shown as far as it goes,
 * and what is held asked about. */
static void settle_down(struct show *s)
{
    if (s->ladder) {
        ladder_flush(s->ladder, &s->out);
        write_out(s);
    }
    if (s->hand)
        hand_ask(s->hand);
}

/* Wait for news, a signal or a letter. */
static void wait_for_news(struct show *s)
{
    struct pollfd waits[] = {{.fd = bell_fd(s->bell), .events = POLLIN},
                             {.fd = s->signal_fd, .events = POLLIN},
                             {.fd = -1, .events = POLLIN}};
    bell_arm(s->bell);
    if (runlog_count(run_log(s->run)) > s->shown)
        return;
    if (poll(waits, 2, s->ladder || s->hand ? SETTLE_MS : -1) == 0) {
        settle_down(s);
        waits[2].fd = s->hand && hand_listens(s->hand) ? STDIN_FILENO : -1;
        poll(waits, 3, -1);
    }
    bell_clear(s->bell);
    if (waits[2].revents)
        hand_take(s->hand);
    int signal = signals_take(s->signal_fd);
    if (signal) {
        s->signal = signal;
        run_stop(s->run);
    }
}

static void show_run(struct show *s)
{
    /* `ended` is looked at before the events: what is seen after it is all. */
    for (;;) {
        bool ended = runlog_ended(run_log(s->run));
        show_news(s);
        if (ended)
            break;
        wait_for_news(s);
    }
}

/* 0 when the run went as the scenario expects. */
static int status_of(const struct show *s)
{
    const struct runlog *log = run_log(s->run);
    const struct event *end = runlog_get(log, runlog_count(log));
    if (s->signal)
        return EXIT_SIGNAL + s->signal;
    bool met = end->run.verdict < VERDICT_CANCELLED && !ferror(stdout);
    for (size_t i = 0; i < end->run.expect_count; i++)
        met = met && end->run.expect[i].met;
    return met ? 0 : 1;
}

/* --- the command --------------------------------------------------------- */

static struct ladder_options terminal_options(void)
{
    return (struct ladder_options){
        .columns = terminal_columns(STDOUT_FILENO),
        .colour = terminal_coloured(STDOUT_FILENO, COLOUR_AUTO),
    };
}

/* Start the run in reg and show it. Returns the exit status. */
static int carry_out(struct registry *reg, struct show *s,
                     const struct scenario *sc,
                     const struct run_arguments *args)
{
    struct err err = {0};
    if (registry_start(reg, sc, &args->options, &s->run, &err) < 0)
        return failed(&err);
    buf_init(&s->out, OUTPUT_MAX_BYTES);
    if (!args->json) {
        s->ladder = ladder_new(terminal_options());
        ladder_title(sc->title, sc->id, sc->summary, &s->out);
    }
    if (args->options.hold)
        s->hand = hand_new(s->run, &s->keyboard);
    show_run(s);
    int status = status_of(s);
    hand_free(s->hand);
    ladder_free(s->ladder);
    buf_done(&s->out);
    run_put(s->run);
    return status;
}

/* Confined from here on; s has what had to be opened before. */
static int run_in_private(struct show *s, const struct scenario *sc,
                          const struct run_arguments *args)
{
    struct err err = {0};
    static struct settle_report report;
    const struct settle_options opt = {.best = LINK_WIRE};
    if (settle(&opt, &report, &err) < 0)
        return failed(&err);
    s->bell = bell_new();
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    struct registry *reg = s->bell ? registry_new(limits, s->bell) : NULL;
    int status = 1;
    if (reg)
        status = carry_out(reg, s, sc, args);
    else
        fprintf(stderr, "handshake: there is no memory left to start\n");
    registry_free(reg);
    bell_free(s->bell);
    return status;
}

/* Open what cannot be opened later, run, close. Returns the exit status. */
static int open_and_run(const struct scenario *sc,
                        const struct run_arguments *args)
{
    struct err err = {0};
    struct show s = {.signal_fd = signals_open(&err),
                     .keyboard = {.restore_fd = -1}};
    int r = s.signal_fd;
    if (r >= 0 && args->options.hold)
        r = keyboard_open(&s.keyboard, &err);
    int status = r < 0 ? failed(&err) : run_in_private(&s, sc, args);
    keyboard_close(&s.keyboard);
    if (s.signal_fd >= 0)
        close(s.signal_fd);
    return status;
}

int run_command(const struct command *self, int argc, char **argv)
{
    struct run_arguments args = {.which = NULL};
    int status = run_arguments_read(self, argc, argv, &args);
    if (status != COMMAND_GOES_ON)
        return status;
    struct scenario *sc = malloc(sizeof(*sc));
    if (!sc)
        return failed(&(struct err){.text = "there is no memory left"});
    status = load(self, args.which, sc);
    if (!status)
        status = run_arguments_apply(self, &args, sc);
    if (!status)
        status = open_and_run(sc, &args);
    free(sc);
    return status;
}

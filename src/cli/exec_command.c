/* exec_command.c - `handshake exec`: somebody's own program as the client
 * behind the wire.
 *
 * The order: keepers start while there is still the power to execute
 * (keeper.h), the file for events is opened while files can be, then settle()
 * confines us, then the run begins. What a signal means depends on who sent it:
 * the terminal's go to the whole foreground group, so the program has its own
 * and we only wait; one that was sent to us alone is passed on, and is a wish
 * that all end soon. */
#include "exec_internal.h"
#include "terminal_internal.h"

#include "handshake/capture.h"
#include "handshake/clock.h"
#include "handshake/draw.h"
#include "handshake/settle.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
    SETTLE_MS = 20,   /* quiet for so long: kept lines will not grow */
    OBEY_MS = 300,    /* a program that was told to end has so long */
    AT_REST_MS = 200, /* and its connections so long after it */
    MASH_MS = 1000,   /* Ctrl-C three times within this ends all */
    MASH_COUNT = 3,
    EXEC_MAX_EVENTS = 1 << 20,
    EXEC_MAX_BYTES = 256 << 20
};

struct execution {
    const struct exec_arguments *args;
    struct keeper *client, *server; /* (owned) server: NULL when built in */
    struct run *run;
    struct bell *bell;
    int signal_fd;
    struct ladder *ladder; /* NULL: none is drawn */
    FILE *json;            /* (owned) or NULL */
    int json_error;        /* errno of the first write to it that failed */
    int capture_fd;        /* (owned) for --pcapng, or -1 */
    struct buf out;        /* for stderr */
    uint32_t shown;        /* events so far */
    bool started, ended;   /* the program, as the log tells */
    uint64_t kill_at_ns;   /* then the program is killed; 0 = never */
    uint64_t stop_at_ns;   /* then the run is stopped; 0 = never */
    bool told;             /* somebody wants us to end */
    unsigned mashed;       /* times of Ctrl-C since mash_ns */
    uint64_t mash_ns;
};

/* --- showing ------------------------------------------------------------- */

static void write_json(struct execution *s, uint32_t id)
{
    size_t len = 0;
    struct feed *feed = feed_of(s->run);
    const char *line = feed ? feed_line(feed, id, &len) : NULL;
    if (!line)
        return;
    fwrite(line, 1, len, s->json);
    fputc('\n', s->json);
}

static void note_program(struct execution *s, const struct event *e)
{
    if (e->kind != EVENT_CALL || e->call.host != HOST_CLIENT)
        return;
    s->started = true;
    s->ended = e->call.phase == PHASE_END;
}

/* A reader of stderr who left does not end the program. */
static void write_out(struct execution *s)
{
    const char *text = buf_text(&s->out);
    size_t at = 0;
    while (at < s->out.len) {
        ssize_t n = write(STDERR_FILENO, text + at, s->out.len - at);
        if (n <= 0 && errno != EINTR)
            break;
        at += n > 0 ? (size_t)n : 0;
    }
    buf_reset(&s->out);
    if (s->json && fflush(s->json) != 0 && !s->json_error)
        s->json_error = errno;
}

static void show_news(struct execution *s)
{
    uint32_t count = runlog_count(run_log(s->run));
    while (s->shown < count) {
        const struct event *e = runlog_get(run_log(s->run), ++s->shown);
        note_program(s, e);
        if (s->ladder)
            ladder_add(s->ladder, e, &s->out);
        if (s->json)
            write_json(s, s->shown);
    }
    write_out(s);
}

/* --- signals ------------------------------------------------------------- */

static int open_signals(struct err *ret_err)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
        sigaddset(&set, taken[i]);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? err_errno(ret_err, errno, "cannot open a signal descriptor")
                  : fd;
}

static uint64_t in_ms(uint32_t ms)
{
    return clock_mono_ns() + (uint64_t)ms * 1000000;
}

/* The terminal's Ctrl-C is the program's; who insists ends it. */
static bool insists(struct execution *s)
{
    uint64_t now_ns = clock_mono_ns();
    if (now_ns - s->mash_ns > (uint64_t)MASH_MS * 1000000) {
        s->mash_ns = now_ns;
        s->mashed = 0;
    }
    return ++s->mashed >= MASH_COUNT;
}

static void take_signal(struct execution *s,
                        const struct signalfd_siginfo *info)
{
    int number = (int)info->ssi_signo;
    bool terminal = info->ssi_code == SI_KERNEL;
    if (!s->started || s->ended) {
        s->told = true;
        run_stop(s->run);
        return;
    }
    if (terminal && number == SIGINT) {
        if (insists(s))
            keeper_kill(s->client);
        s->told = true;
        return;
    }
    if (!terminal)
        keeper_signal(s->client, number);
    if (terminal && number == SIGQUIT)
        return;
    s->told = true;
    if (s->kill_at_ns == 0)
        s->kill_at_ns = in_ms(OBEY_MS);
}

/* A program that had begun before the signal came is known to the log, though
 * perhaps not to us yet. */
static void take_signals(struct execution *s)
{
    struct signalfd_siginfo info;
    while (read(s->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        show_news(s);
        take_signal(s, &info);
    }
}

/* Who was told to end waits for nothing that can be left. */
static void mind_deadlines(struct execution *s)
{
    uint64_t now_ns = clock_mono_ns();
    if (s->told && s->ended && s->stop_at_ns == 0)
        s->stop_at_ns = in_ms(AT_REST_MS);
    if (s->kill_at_ns && now_ns >= s->kill_at_ns && !s->ended) {
        keeper_kill(s->client);
        s->kill_at_ns = UINT64_MAX;
    }
    if (s->stop_at_ns && now_ns >= s->stop_at_ns) {
        run_stop(s->run);
        s->stop_at_ns = UINT64_MAX;
    }
}

/* Milliseconds to the next deadline, -1 when there is none. */
static int next_deadline(const struct execution *s)
{
    uint64_t at_ns = UINT64_MAX, now_ns = clock_mono_ns();
    if (s->kill_at_ns && !s->ended && s->kill_at_ns < at_ns)
        at_ns = s->kill_at_ns;
    if (s->stop_at_ns && s->stop_at_ns < at_ns)
        at_ns = s->stop_at_ns;
    if (at_ns == UINT64_MAX)
        return -1;
    return at_ns > now_ns ? (int)((at_ns - now_ns) / 1000000 + 1) : 0;
}

/* --- the run ------------------------------------------------------------- */

static void wait_for_news(struct execution *s)
{
    struct pollfd waits[] = {{.fd = bell_fd(s->bell), .events = POLLIN},
                             {.fd = s->signal_fd, .events = POLLIN}};
    int deadline_ms = next_deadline(s);
    bool soon = s->ladder && (deadline_ms < 0 || deadline_ms > SETTLE_MS);
    bell_arm(s->bell);
    if (runlog_has_news(run_log(s->run), s->shown))
        return;
    if (poll(waits, 2, soon ? SETTLE_MS : deadline_ms) == 0 && soon) {
        ladder_flush(s->ladder, &s->out);
        write_out(s);
        poll(waits, 2, deadline_ms);
    }
    bell_clear(s->bell);
    take_signals(s);
    mind_deadlines(s);
}

/* Returns the exit status. Without a ladder it must still be said when nothing
 * was run, and when the record ended before the program. */
static int show_program(struct execution *s)
{
    for (;;) {
        bool ended = runlog_ended(run_log(s->run));
        show_news(s);
        if (ended)
            break;
        wait_for_news(s);
    }
    const struct runlog *log = run_log(s->run);
    const struct event *end = runlog_get(log, runlog_count(log));
    bool silent = s->started && end->run.verdict != VERDICT_LIMIT;
    if (!silent && !s->ladder)
        fprintf(stderr, "handshake: %s\n", end->run.verdict_text);
    return s->started ? keeper_status(s->client) : KEEPER_EXIT_FAILED;
}

/* The exit status is the program's; only where that is 0 does a record that
 * could not be written show in it. */
static int keep_capture(const struct execution *s, const struct scenario *sc,
                        int status)
{
    struct err err = {0};
    if (s->capture_fd < 0 ||
        capture_write_file(run_log(s->run), sc, s->capture_fd,
                           s->args->run.pcapng, &err) == 0)
        return status;
    int fault = failed(&err);
    return status ? status : fault;
}

static int carry_out(struct registry *reg, struct execution *s,
                     const struct scenario *sc)
{
    struct err err = {0};
    struct run_options options = s->args->run.options;
    options.guests[HOST_CLIENT] = (struct guest){
        .kind = GUEST_PROGRAM, .keeper = s->client, .words = s->args->words};
    options.guests[HOST_SERVER] =
        (struct guest){.kind = s->server ? GUEST_PROGRAM : s->args->server,
                       .keeper = s->server,
                       .words = s->args->server_exec};
    if (registry_start(reg, sc, &options, &s->run, &err) < 0) {
        failed(&err);
        return KEEPER_EXIT_FAILED;
    }
    buf_init(&s->out, OUTPUT_MAX_BYTES);
    if (!s->args->quiet && !s->json)
        s->ladder = ladder_new((struct ladder_options){
            .columns = terminal_columns(STDERR_FILENO),
            .colour = terminal_coloured(STDERR_FILENO, s->args->run.colour)});
    int status = show_program(s);
    status = keep_capture(s, sc, status);
    ladder_free(s->ladder);
    buf_done(&s->out);
    run_put(s->run);
    return status;
}

/* Confined from here on. */
static int run_in_private(struct execution *s, const struct scenario *sc)
{
    struct err err = {0};
    static struct settle_report report;
    const struct settle_options opt = {.best = LINK_WIRE, .low_ports = true};
    if (settle(&opt, &report, &err) < 0) {
        failed(&err);
        return KEEPER_EXIT_FAILED;
    }
    s->bell = bell_new();
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    limits.log = (struct runlog_limits){.max_events = EXEC_MAX_EVENTS,
                                        .max_bytes = EXEC_MAX_BYTES};
    struct registry *reg = s->bell ? registry_new(limits, s->bell) : NULL;
    int status = KEEPER_EXIT_FAILED;
    if (reg)
        status = carry_out(reg, s, sc);
    else
        fprintf(stderr, "handshake: there is no memory left to start\n");
    registry_free(reg);
    bell_free(s->bell);
    return status;
}

/* --- the command --------------------------------------------------------- */

static int begin_keepers(struct execution *s, struct err *ret_err)
{
    const struct exec_arguments *args = s->args;
    struct keeper_options opt = {.argv = args->program,
                                 .environment = args->environment};
    keeper_prepare();
    int r = keeper_begin(&opt, &s->client, ret_err);
    if (r < 0 || !args->server_exec)
        return r;
    static char shell[] = "sh", dash_c[] = "-c";
    char *command = strdup(args->server_exec);
    char *const argv[] = {shell, dash_c, command, NULL};
    opt.argv = argv;
    opt.apart = true;
    r = command ? keeper_begin(&opt, &s->server, ret_err)
                : err_set(ret_err, ENOMEM, "there is no memory left");
    free(command);
    return r;
}

/* Files for the record, before files cannot be opened any more. */
static int open_record(struct execution *s, struct err *ret_err)
{
    const char *capture = s->args->run.pcapng;
    if (capture) {
        s->capture_fd = capture_open(capture);
        if (s->capture_fd < 0)
            return err_set(ret_err, EIO, "the program was not run");
    }
    if (!s->args->json)
        return 0;
    s->json = fopen(s->args->json, "we");
    return s->json ? 0
                   : err_errno(ret_err, errno, "cannot write %.200s",
                               s->args->json);
}

/* A record that is not whole is said so: the program's status may be 0. */
static int close_record(struct execution *s, int status)
{
    if (!s->json)
        return status;
    bool whole = !ferror(s->json);
    errno = 0;
    whole = fclose(s->json) == 0 && whole && !s->json_error;
    if (whole)
        return status;
    int code = s->json_error ? s->json_error : errno;
    fprintf(stderr, "handshake: the record could not be written to %s: %s\n",
            s->args->json, code ? err_words(code) : "a part of it is lost");
    return status ? status : EXIT_UNMET;
}

int exec_command(const struct command *self, int argc, char **argv)
{
    struct exec_arguments args = {.json = NULL};
    struct scenario *sc = calloc(1, sizeof(*sc));
    struct err err = {.text = "there is no memory left"};
    struct execution s = {.args = &args, .signal_fd = -1, .capture_fd = -1};
    int status =
        sc ? exec_arguments_read(self, argc, argv, &args, sc) : failed(&err);
    if (status != COMMAND_GOES_ON) {
        free(sc);
        return status;
    }
    status = KEEPER_EXIT_FAILED;
    int r = open_record(&s, &err);
    if (r == 0)
        r = begin_keepers(&s, &err);
    if (r == 0)
        r = s.signal_fd = open_signals(&err);
    if (r < 0)
        failed(&err);
    else
        status = run_in_private(&s, sc);
    keeper_free(s.server);
    keeper_free(s.client);
    status = close_record(&s, status);
    if (s.capture_fd >= 0)
        close(s.capture_fd);
    if (s.signal_fd >= 0)
        close(s.signal_fd);
    free(sc);
    return status;
}

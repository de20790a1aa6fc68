/* run_command.c - `handshake run`: reads what is to be run, opens what cannot
 * be opened later, gives up the program's powers, and runs.
 *
 * On a server nothing is given up: the powers are the server's, and this
 * process only reads and draws. */
#include "run_internal.h"

#include "handshake/settle.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { JUNIT_MAX_BYTES = 66 * 1024 * 1024 };

/* --- the scenarios ------------------------------------------------------- */

/* Half-loaded is fine: what is missing is NULL. */
static void free_items(struct run_item *items, size_t count)
{
    for (size_t i = 0; items && i < count; i++) {
        free(items[i].scenario);
        buf_done(&items[i].document);
    }
    free(items);
}

/* Before the program is confined: afterwards it may not read files. 0, or an
 * exit status. */
static int load_item(const struct command *self,
                     const struct run_arguments *args, const char *which,
                     struct run_item *ret_item)
{
    ret_item->scenario = malloc(sizeof(*ret_item->scenario));
    if (!ret_item->scenario)
        return failed(&(struct err){.text = "there is no memory left"});
    ret_item->options = args->options;
    int status =
        scenario_load(self, which, ret_item->scenario, &ret_item->document);
    if (status)
        return status;
    return run_arguments_apply(self, args, ret_item->scenario,
                               &ret_item->options);
}

/* All of the command line. 0 and the items, or an exit status. */
static int load_items(const struct command *self,
                      const struct run_arguments *args,
                      struct run_item **ret_items)
{
    int status = 0;
    struct run_item *items = calloc(args->which.count, sizeof(*items));
    if (!items)
        return failed(&(struct err){.text = "there is no memory left"});
    for (size_t i = 0; i < args->which.count && !status; i++)
        status = load_item(self, args, args->which.list[i], &items[i]);
    if (status)
        free_items(items, args->which.count);
    else
        *ret_items = items;
    return status;
}

/* --- running ------------------------------------------------------------- */

/* Confined from here on; s has what had to be opened before. */
static int run_here(struct session *s)
{
    struct err err = {0};
    static struct settle_report report;
    const struct settle_options opt = {.best = LINK_WIRE};
    if (settle(&opt, &report, &err) < 0)
        return failed(&err);
    s->bell = bell_new();
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    s->reg = s->bell ? registry_new(limits, s->bell) : NULL;
    int status = EXIT_UNMET;
    if (s->reg)
        status = session_run(s);
    else
        failed(&(struct err){.text = "there is no memory left to start"});
    registry_free(s->reg);
    bell_free(s->bell);
    return status;
}

/* Ctrl-C ends every wait for the server. */
static int run_there(struct session *s)
{
    s->server = s->args->server;
    s->server.stop_fd = s->signal_fd;
    return session_run(s);
}

/* The file is written when all is known, whatever came before. */
static int write_junit(const struct session *s, FILE *file)
{
    struct buf text;
    buf_init(&text, JUNIT_MAX_BYTES);
    bool ok = junit_text(s->junit, &text);
    ok = ok && fwrite(buf_text(&text), 1, text.len, file) == text.len;
    ok = fflush(file) == 0 && ok;
    buf_done(&text);
    if (!ok)
        fprintf(stderr, "handshake: cannot write %s: %s\n", s->args->junit,
                errno ? err_words(errno) : "it would be too long");
    return ok ? 0 : EXIT_UNMET;
}

/* With the JUnit file open, or NULL. */
static int run_all(struct session *s, FILE *junit_file)
{
    s->junit = junit_file ? junit_new() : NULL;
    if (junit_file && !s->junit)
        return failed(&(struct err){.text = "there is no memory left"});
    int status = s->args->server_given ? run_there(s) : run_here(s);
    if (junit_file) {
        int written = write_junit(s, junit_file);
        status = status ? status : written;
    }
    junit_free(s->junit);
    return status;
}

/* Open what cannot be opened later, run, close. Returns the exit status. */
static int open_and_run(struct session *s)
{
    struct err err = {0};
    const struct run_arguments *args = s->args;
    FILE *junit_file = args->junit ? fopen(args->junit, "we") : NULL;
    if (args->junit && !junit_file) {
        err_errno(&err, errno, "cannot write %s", args->junit);
        return failed(&err);
    }
    s->signal_fd = signals_open(&err);
    int r = s->signal_fd;
    if (r >= 0 && args->options.hold)
        r = keyboard_open(&s->keyboard, &err);
    int status = r < 0 ? failed(&err) : run_all(s, junit_file);
    keyboard_close(&s->keyboard);
    if (s->signal_fd >= 0)
        close(s->signal_fd);
    if (junit_file)
        (void)fclose(junit_file); /* write_junit() has flushed it */
    return status;
}

/* Everything is loaded before anything begins: a mistake in the last name
 * must not be found after the first has run for a minute. */
int run_command(const struct command *self, int argc, char **argv)
{
    struct run_arguments args = {.repeat = 1};
    struct run_item *items = NULL;
    int status = run_arguments_read(self, argc, argv, &args);
    if (status != COMMAND_GOES_ON)
        return status;
    status = load_items(self, &args, &items);
    if (status)
        return status;
    struct session s = {.args = &args,
                        .items = items,
                        .item_count = args.which.count,
                        .capture_fd = -1,
                        .keyboard = {.restore_fd = -1}};
    if (args.pcapng)
        s.capture_fd = capture_open(args.pcapng);
    bool opened = !args.pcapng || s.capture_fd >= 0;
    status = opened ? open_and_run(&s) : EXIT_UNMET;
    if (s.capture_fd >= 0)
        close(s.capture_fd);
    free_items(items, args.which.count);
    return status;
}

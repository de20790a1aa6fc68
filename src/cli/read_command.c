/* read_command.c - `handshake read`: a capture of ours, shown as the run it
 * was.
 *
 * Nothing is given up for it: there is nothing but one file to read, and its
 * reader is made for any bytes. */
#include "cli_internal.h"
#include "terminal_internal.h"

#include "handshake/capture.h"
#include "handshake/draw.h"
#include "handshake/runlog.h"
#include "handshake/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    /* Of exec, and of servers that allow more than usual. */
    MAX_EVENTS = 1 << 20,
    MAX_CONTENT_BYTES = 256 << 20,
    READ_BYTES = 64 * 1024,
    TITLE_BYTES = 16 * 1024,
    PICTURE_BYTES = 16 * 1024 * 1024,
    LADDER_BYTES = 16 * 1024 * 1024
};

struct read_arguments {
    struct operands files; /* one */
    bool json, svg;
    enum terminal_colour colour;
};

/* take_option_fn. The last of --json and --svg does not win: both are noted. */
static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    struct read_arguments *args = into;
    (void)self;
    if (given->spec->key == OPTION_JSON)
        args->json = true;
    else if (given->spec->key == OPTION_SVG)
        args->svg = true;
    else
        args->colour = (enum terminal_colour)given->word;
    return 0;
}

/* --- reading ------------------------------------------------------------- */

/* All of fd. 0 or -errno with a sentence. */
static int read_all(struct capture_reader *r, int fd, struct err *ret_err)
{
    static char bytes[READ_BYTES];
    for (;;) {
        ssize_t n = read(fd, bytes, sizeof(bytes));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(ret_err, errno, "it cannot be read");
        if (n == 0)
            return capture_reader_end(r, ret_err);
        int status = capture_reader_put(r, bytes, (size_t)n, ret_err);
        if (status < 0)
            return status;
    }
}

/* "-" is standard input. */
static int open_file(const char *name, struct err *ret_err)
{
    if (strcmp(name, "-") == 0)
        return STDIN_FILENO;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? err_errno(ret_err, errno, "it cannot be opened") : fd;
}

/* --- showing ------------------------------------------------------------- */

/* A reader of stdout who left shows in ferror(), once, at the end. */
static void flush(struct buf *out)
{
    fwrite(buf_text(out), 1, out->len, stdout);
    buf_reset(out);
}

/* The title, its id in brackets, and the summary below, as capture_about() put
 * them; any other text is a title. */
static void put_title(const struct capture_reader *r,
                      struct ladder_options look, struct buf *out)
{
    const char *about = capture_reader_about(r);
    char text[TITLE_BYTES];
    if (strlen(about) >= sizeof(text) || !about[0])
        return;
    memcpy(text, about, strlen(about) + 1);
    char *summary = strchr(text, '\n');
    if (summary)
        *summary++ = '\0';
    char *end = text + strlen(text) - 1;
    char *id = strrchr(text, '(');
    bool has_id = id && id > text && id[-1] == ' ' && *end == ')';
    if (has_id)
        id[-1] = *end = '\0';
    ladder_title(look, text, has_id ? id + 1 : "no id", summary ? summary : "",
                 out);
}

/* Written as it grows: a run may be long. */
static int show_ladder(const struct capture_reader *r,
                       const struct read_arguments *args)
{
    const struct runlog *log = capture_reader_log(r);
    const struct ladder_options look = {
        .columns = terminal_columns(STDOUT_FILENO),
        .colour = terminal_coloured(STDOUT_FILENO, args->colour)};
    struct ladder *l = ladder_new(look);
    struct buf out;
    if (!l)
        return failed(&(struct err){.text = "there is no memory left"});
    buf_init(&out, LADDER_BYTES);
    put_title(r, look, &out);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        ladder_add(l, runlog_get(log, id), &out);
        flush(&out);
    }
    ladder_flush(l, &out);
    flush(&out);
    buf_done(&out);
    ladder_free(l);
    return 0;
}

/* The way scripts had it from run --json. */
static void show_lines(const struct runlog *log, struct feed *feed)
{
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        size_t len = 0;
        const char *line = feed_line(feed, id, &len);
        fwrite(line ? line : "", 1, len, stdout);
        putchar('\n');
    }
}

/* Of what the file says, the title alone. */
static int show_picture(const struct capture_reader *r, struct feed *feed)
{
    struct buf out;
    const char *about = capture_reader_about(r);
    char title[TITLE_BYTES];
    snprintf(title, sizeof(title), "%.*s", (int)strcspn(about, "\n"), about);
    buf_init(&out, PICTURE_BYTES);
    diagram_svg(capture_reader_log(r), feed, title, &out);
    return print_whole(&out);
}

/* What was restored, however much that is. 0 or an exit status. */
static int show(const struct capture_reader *r,
                const struct read_arguments *args)
{
    const struct runlog *log = capture_reader_log(r);
    int status = 0;
    if (runlog_count(log) == 0)
        return 0;
    if (!args->json && !args->svg)
        return show_ladder(r, args);
    struct feed *feed = feed_new(log);
    if (!feed)
        return failed(&(struct err){.text = "there is no memory left"});
    if (args->json)
        show_lines(log, feed);
    else
        status = show_picture(r, feed);
    feed_free(feed);
    return status;
}

/* --- the command --------------------------------------------------------- */

/* Show what can be shown, then say what was wrong. */
static int read_and_show(const struct read_arguments *args, int fd)
{
    const char *name = args->files.list[0];
    struct err err = {0};
    struct capture_reader *r = capture_reader_new(
        (struct runlog_limits){MAX_EVENTS, MAX_CONTENT_BYTES});
    if (!r)
        return failed(&(struct err){.text = "there is no memory left"});
    int read = read_all(r, fd, &err);
    int status = show(r, args);
    (void)output_flush();
    if (read < 0)
        fprintf(stderr, "handshake: %s: %s\n", name, err.text);
    capture_reader_free(r);
    return read < 0 || status || ferror(stdout) ? EXIT_UNMET : 0;
}

int read_command(const struct command *self, int argc, char **argv)
{
    struct read_arguments args = {.json = false};
    struct err err = {0};
    int status =
        options_read(self, argc, argv, take_option, &args, &args.files);
    if (status != COMMAND_GOES_ON)
        return status;
    if (args.json && args.svg)
        return usage_error(self, "--json and --svg cannot both be had");
    int fd = open_file(args.files.list[0], &err);
    if (fd < 0) {
        fprintf(stderr, "handshake: %s: %s\n", args.files.list[0], err.text);
        return EXIT_UNMET;
    }
    status = read_and_show(&args, fd);
    close(fd);
    return status;
}

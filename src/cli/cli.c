/* cli.c - picks the command, and what commands share: output and signals. */
#include "handshake/cli.h"
#include "cli_internal.h"
#include "terminal_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { HELP_MAX_BYTES = 64 * 1024 };

/* The errno of the first write to stdout that failed; main thread. */
static int output_error;

bool output_flush(void)
{
    bool ok = fflush(stdout) == 0;
    if (!ok && !output_error)
        output_error = errno;
    return ok && !ferror(stdout);
}

/* A pipe whose reader has left: `| head` has what it wanted. */
static bool reader_has_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return output_error == EPIPE ||
           (poll(&out, 1, 0) == 1 && out.revents & POLLERR);
}

/* Whatever a command has printed must have been written; else a file would
 * lack its end, and nobody would know. */
static int output_end(int status)
{
    if (output_flush())
        return status;
    if (!reader_has_left())
        fprintf(stderr,
                "handshake: the output could not be written to standard "
                "output: %s\n",
                output_error ? err_words(output_error)
                             : "a part of it is lost");
    return status ? status : EXIT_UNMET;
}

/* All or nothing: half a manual page helps nobody. */
int print_whole(struct buf *text)
{
    bool ok = !text->failed;
    if (ok)
        fwrite(buf_text(text), 1, text->len, stdout);
    buf_done(text);
    return ok && output_flush() ? 0 : EXIT_UNMET;
}

/* As wide as the terminal. */
static int print_help(void)
{
    struct buf text;
    buf_init(&text, HELP_MAX_BYTES);
    help_all(terminal_columns(STDOUT_FILENO), &text);
    return print_whole(&text);
}

/* For the fault of a name that is none. */
static void list_commands(FILE *to)
{
    const struct command *c;
    for (size_t i = 0; (c = command_at(i)) != NULL; i++)
        if (!c->hidden)
            fprintf(to, "%s%s", i ? ", " : "", c->name);
}

/* There are few: all of them are named. */
static int unknown_command(const char *name)
{
    fprintf(stderr, "handshake: there is no command \"%s\"; there are ", name);
    list_commands(stderr);
    fprintf(stderr, ". See handshake --help.\n");
    return EXIT_USAGE;
}

/* argv[0] is the command's name from here on, as getopt wants it. */
static int run_named(int argc, char **argv)
{
    const struct command *c = command_find(argv[0]);
    return c ? c->run(c, argc, argv) : unknown_command(argv[0]);
}

/* `handshake help COMMAND` is `handshake COMMAND --help`. */
static int help_named(char *name)
{
    static char help[] = "--help";
    char *argv[] = {name, help, NULL};
    return run_named(2, argv);
}

/* --help, -h and help mean the same; so do those of the version. */
static bool is_any(const char *word, const char *a, const char *b,
                   const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* An option without a command before it is one of `serve`. */
static int run_words(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "help") == 0 && argc > 2)
        return help_named(argv[2]);
    if (is_any(word, "--help", "-h", "help"))
        return print_help();
    if (is_any(word, "--version", "-V", "version")) {
        printf("handshake %s\n", HANDSHAKE_VERSION);
        return 0;
    }
    bool named = word[0] != '\0' && word[0] != '-';
    if (named)
        return run_named(argc - 1, argv + 1);
    const struct command *first = command_at(0);
    return first->run(first, argc, argv);
}

int cli_main(int argc, char **argv)
{
    return output_end(run_words(argc, argv));
}

/* Created as the umask says. */
int capture_open(const char *name)
{
    struct err err = {0};
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        err_errno(&err, errno, "cannot write %.200s", name);
        failed(&err);
    }
    return fd;
}

/* One line, whoever calls. */
int failed(const struct err *err)
{
    fprintf(stderr, "handshake: %s\n", err->text);
    return 1;
}

/* Blocked before any thread is begun: threads inherit it. */
int signals_open(struct err *ret_err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    int code = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (code != 0)
        return err_errno(ret_err, code, "cannot block signals");
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a signal descriptor");
    return fd;
}

/* A short read is none: the descriptor does not block. */
int signals_take(int fd)
{
    struct signalfd_siginfo info;
    ssize_t n = read(fd, &info, sizeof(info));
    return n == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}

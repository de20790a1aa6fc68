/* cli.c - the table of commands, and what they share: usage and signals. */
#include "handshake/cli.h"
#include "cli_internal.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* The first is what the program does when no command is named. */
static const struct command commands[] = {
    {.name = "serve",
     .usage = "serve [--listen ADDR:PORT] [--link LINK] [--allow-host NAME] "
              "[--web DIR]",
     .help = "the page and the API, on 127.0.0.1:8080 unless told",
     .run = serve_command},
    {.name = "run",
     .usage = "run ID|FILE [--json] [--ip 4|6] "
              "[--link wire|loopback|sockets]\n"
              "          [--hold] [--rule WORDS]... [--latency 50ms] "
              "[--jitter 5ms] [--loss 10%]\n"
              "          [--duplicate 1%] [--reorder 1%] [--seed N] [--long] "
              "[--max-seconds N]",
     .help = "one scenario, drawn as text while it happens",
     .run = run_command},
    {.name = "scenarios",
     .usage = "scenarios [ID|--schema]",
     .help = "the built-in scenarios, the document of one, or the JSON Schema "
             "of all",
     .run = scenarios_command},
    {.name = "doctor",
     .usage = "doctor [--json]",
     .help = "what this machine allows, and how to get what it does not",
     .run = doctor_command},
    {.name = "health",
     .usage = "health [PORT]",
     .help = "ask a running server whether it is well (exit 0)",
     .run = health_command},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

static void print_help(void)
{
    printf("handshake - watch real TCP handshakes, segment by segment.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  handshake %s\n      %s%s\n", commands[i].usage,
               commands[i].help, i == 0 ? " (the default)" : "");
    printf("  handshake --help | --version\n");
}

static void list_commands(FILE *to)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "%s%s", i ? ", " : "", commands[i].name);
}

static int unknown_command(const char *name)
{
    fprintf(stderr, "handshake: there is no command \"%s\"; there are ", name);
    list_commands(stderr);
    fprintf(stderr, ". See handshake --help.\n");
    return EXIT_USAGE;
}

static int run_named(int argc, char **argv)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return commands[i].run(&commands[i], argc, argv);
    return unknown_command(argv[0]);
}

static bool is_any(const char *word, const char *a, const char *b,
                   const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

int cli_main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (is_any(word, "--help", "-h", "help")) {
        print_help();
        return 0;
    }
    if (is_any(word, "--version", "-V", "version")) {
        printf("handshake %s\n", HANDSHAKE_VERSION);
        return 0;
    }
    bool named = word[0] != '\0' && word[0] != '-';
    if (named)
        return run_named(argc - 1, argv + 1);
    return commands[0].run(&commands[0], argc, argv);
}

int usage_error(const struct command *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "handshake %s: ", self->name);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, ".\nUsage: handshake %s\n", self->usage);
    va_end(args);
    return EXIT_USAGE;
}

int option_error(const struct command *self, int c, char **argv)
{
    const char *word = argv[optind - 1];
    if (c == ':')
        return usage_error(self, "%s needs a value", word);
    return usage_error(self, "%s is no option of this command", word);
}

int link_error(const struct command *self, const char *name)
{
    return usage_error(
        self, "--link takes wire, loopback or sockets, not \"%s\"", name);
}

int failed(const struct err *err)
{
    fprintf(stderr, "handshake: %s\n", err->text);
    return 1;
}

int signals_open(struct err *ret_err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return err_errno(ret_err, errno, "cannot block signals");
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a signal descriptor");
    return fd;
}

int signals_take(int fd)
{
    struct signalfd_siginfo info;
    ssize_t n = read(fd, &info, sizeof(info));
    return n == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}

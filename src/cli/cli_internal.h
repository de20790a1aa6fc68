/* cli_internal.h - what the commands share. */
#ifndef HANDSHAKE_CLI_INTERNAL_H
#define HANDSHAKE_CLI_INTERNAL_H

#include "handshake/json.h"

enum { EXIT_USAGE = 2, EXIT_SIGNAL = 128 };

/* One command: argv[0] is its name. Returns the exit status. */
struct command {
    const char *name;
    const char *usage; /* "run ID|FILE [--json]" */
    const char *help;  /* one line */
    int (*run)(const struct command *self, int argc, char **argv);
};

/* Serve the page and the API until a signal ends it. */
int serve_command(const struct command *self, int argc, char **argv);

/* Carry out one scenario and show it. */
int run_command(const struct command *self, int argc, char **argv);

/* List the built-in scenarios, or print one. */
int scenarios_command(const struct command *self, int argc, char **argv);

/* Say what this machine allows. */
int doctor_command(const struct command *self, int argc, char **argv);

/* Ask a running server how it is. */
int health_command(const struct command *self, int argc, char **argv);

/* Say on stderr what is wrong and how the command is used. Returns
 * EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int
usage_error(const struct command *self, const char *fmt, ...);

/* usage_error() for what getopt_long() refused: c is what it returned, '?' or
 * ':', argv where it stopped. */
int option_error(const struct command *self, int c, char **argv);

/* usage_error() for a name that is no link. */
int link_error(const struct command *self, const char *name);

/* Say on stderr what failed. Returns 1. */
int failed(const struct err *err);

/* Block SIGINT and SIGTERM in this thread and all it will start, and give a
 * descriptor to read them from; ignore SIGPIPE. -errno on failure. */
int signals_open(struct err *ret_err);

/* The signal that waits on fd, 0 when there is none. Never blocks. */
int signals_take(int fd);

#endif

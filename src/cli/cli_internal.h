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

/* --- run_arguments.c: the command line of `run` -------------------------- */

enum { RUN_CONDITIONS = 5 }; /* of the wire: latency, jitter, loss ... */

struct run_arguments {
    const char *which; /* id or file */
    bool json;
    struct run_options options;
    struct rule rules[WIRE_MAX_RULES]; /* come before the scenario's */
    size_t rule_count;
    const char *conditions[RUN_CONDITIONS]; /* as given, or NULL */
};

/* Read it into *ret, which is zeroed. 0, or the exit status of a wrong usage,
 * which has been said. */
int run_arguments_read(const struct command *self, int argc, char **argv,
                       struct run_arguments *ret);

/* Put rules into the scenario, and what it says of the wire into the options
 * that are not given. Returns as above. */
int run_arguments_apply(const struct command *self, struct run_arguments *args,
                        struct scenario *sc);

/* --- what all share (cli.c) ---------------------------------------------- */

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

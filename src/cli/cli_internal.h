/* cli_internal.h - what the commands share. */
#ifndef HANDSHAKE_CLI_INTERNAL_H
#define HANDSHAKE_CLI_INTERNAL_H

#include "command_internal.h"

#include "handshake/json.h"

/* --- the commands, one a file -------------------------------------------- */

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

/* Print the manual page. */
int man_command(const struct command *self, int argc, char **argv);

/* Print a shell's completions. */
int completion_command(const struct command *self, int argc, char **argv);

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

/* Read it into *ret, which is zeroed. COMMAND_GOES_ON, or the exit status to
 * end with. */
int run_arguments_read(const struct command *self, int argc, char **argv,
                       struct run_arguments *ret);

/* Put rules into the scenario, and what it says of the wire into the options
 * that are not given. 0, or the exit status of a wrong usage, which has been
 * said. */
int run_arguments_apply(const struct command *self, struct run_arguments *args,
                        struct scenario *sc);

/* --- what all share (cli.c) ---------------------------------------------- */

/* Print text on stdout and free it. 0, or EXIT_UNMET when it did not fit or
 * could not be written. */
int print_whole(struct buf *text);

/* Say on stderr what failed. Returns 1. */
int failed(const struct err *err);

/* Block SIGINT and SIGTERM in this thread and all it will start, and give a
 * descriptor to read them from; ignore SIGPIPE. -errno on failure. */
int signals_open(struct err *ret_err);

/* The signal that waits on fd, 0 when there is none. Never blocks. */
int signals_take(int fd);

#endif

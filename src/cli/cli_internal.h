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

/* Run somebody's own program as the client behind the wire. */
int exec_command(const struct command *self, int argc, char **argv);
/* Rehearse the handshake in words with a client in another terminal. */
int server_command(const struct command *self, int argc, char **argv);

/* The same with a server. */
int client_command(const struct command *self, int argc, char **argv);

/* Show the run that a capture holds. */
int read_command(const struct command *self, int argc, char **argv);

/* One real connection from this machine, drawn and judged. */
int connect_command(const struct command *self, int argc, char **argv);

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

/* --- scenario_file.c ------------------------------------------------------ */

/* The built-in scenario of that id, or the one in that file, whose document is
 * put into *ret_document (for buf_done(), in any case). 0, or an exit status:
 * what is wrong has been said. */
int scenario_load(const struct command *self, const char *which,
                  struct scenario *ret_sc, struct buf *ret_document);

/* --- what all share (cli.c) ---------------------------------------------- */

/* Flush stdout. False when something printed could not be written, now or
 * before; the end of the command then says so, and its status is not 0. */
bool output_flush(void);

/* Print text on stdout and free it. 0, or EXIT_UNMET when it did not fit or
 * could not be written. */
int print_whole(struct buf *text);

/* A file for a capture, emptied; while files can be opened. -1 when it cannot
 * be had, which has been said. */
int capture_open(const char *name);

/* Say on stderr what failed. Returns 1. */
int failed(const struct err *err);

/* Block SIGINT and SIGTERM in this thread and all it will start, and give a
 * descriptor to read them from; ignore SIGPIPE. -errno on failure. */
int signals_open(struct err *ret_err);

/* The signal that waits on fd, 0 when there is none. Never blocks. */
int signals_take(int fd);

#endif

/* run_internal.h - what the files of `handshake run` share.
 *
 *   run_arguments.c  the command line
 *   run_request.c    the same as a request to a server
 *   run_session.c    one run after the other, shown and counted
 *   run_command.c    opens what must be opened before the program gives up its
 *                    powers, and closes it */
#ifndef HANDSHAKE_RUN_COMMAND_INTERNAL_H
#define HANDSHAKE_RUN_COMMAND_INTERNAL_H

#include "ask_internal.h"
#include "cli_internal.h"
#include "hold_internal.h"
#include "junit_internal.h"
#include "terminal_internal.h"

#include <stdio.h>

/* --- the command line (run_arguments.c) ---------------------------------- */

enum {
    RUN_CONDITIONS = 5, /* of the wire: latency, jitter, loss ... */
    RUN_MAX_REPEAT = 100000,
    RUN_MAX_SCENARIOS = 1000 /* named on one command line */
};

struct run_arguments {
    struct operands which; /* ids and files */
    bool json, quiet, ladder;
    enum terminal_colour colour;
    const char *junit;  /* a file, or NULL */
    const char *pcapng; /* the same */
    bool server_given;  /* run it there, else here */
    struct server server;
    uint32_t repeat; /* 1 and more */
    struct run_options options;
    struct rule rules[WIRE_MAX_RULES]; /* come before the scenario's */
    size_t rule_count;
    const char *conditions[RUN_CONDITIONS]; /* as given, or NULL */
};

/* Read it into *ret, which is zeroed. COMMAND_GOES_ON, or the exit status to
 * end with. */
int run_arguments_read(const struct command *self, int argc, char **argv,
                       struct run_arguments *ret);

/* Take one option of the run or the wire into a struct run_arguments: a
 * take_option_fn, also for commands that have more. */
int run_arguments_take(const struct command *self, const struct given *given,
                       void *into);

/* Put rules into the scenario, and what it says of the wire into *opt, which is
 * a copy of args->options. 0, or the exit status of a wrong usage, which has
 * been said. */
int run_arguments_apply(const struct command *self,
                        const struct run_arguments *args, struct scenario *sc,
                        struct run_options *opt);

/* The conditions that were given, as members of the request's "options":
 * "latency_ms" and so on. */
void run_arguments_conditions(const struct run_arguments *args,
                              struct jsonw *w);

/* --- what is to be run --------------------------------------------------- */

/* One scenario of the command line. */
struct run_item {
    struct scenario *scenario; /* (owned) with the rules put in */
    struct run_options options;
    struct buf document; /* as it was written, of one's own; else empty */
};

/* The body of POST /api/runs for it (run_request.c). */
void run_request_write(const struct run_arguments *args,
                       const struct run_item *item, struct buf *out);

/* --- one after the other (run_session.c) --------------------------------- */

/* How runs are told of. */
enum telling { TELL_LADDER, TELL_JSON, TELL_LIST, TELL_QUIET };

struct session {
    const struct run_arguments *args; /* (borrowed) */
    const struct run_item *items;     /* (borrowed) */
    size_t item_count;
    struct server server; /* when args->server */
    struct registry *reg; /* else (borrowed) */
    struct bell *bell;    /* (borrowed) rung by reg's runs */
    int signal_fd;
    struct keyboard keyboard; /* open when args->options.hold */
    struct junit *junit;      /* (borrowed) or NULL */
    int capture_fd;           /* for args->pcapng */
    /* out */
    int signal;        /* that asked us to end */
    size_t runs, well; /* those that were as expected */
    bool unkept;       /* the capture could not be written */
};

/* Carry out all of it and tell of it on stdout, of problems when quiet on
 * stderr. Returns the exit status. */
int session_run(struct session *s);

#endif

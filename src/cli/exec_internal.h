/* exec_internal.h - the command line of `handshake exec`, read. */
#ifndef HANDSHAKE_EXEC_INTERNAL_H
#define HANDSHAKE_EXEC_INTERNAL_H

#include "run_internal.h"

#include "handshake/keeper.h"

#include <stdio.h>

enum {
    EXEC_WORDS_BYTES = 240, /* of a command line, to show */
    EXEC_ENTRY_BYTES = 96,  /* of the environment */
    EXEC_MAX_ENTRIES = 12
};

struct exec_arguments {
    struct run_arguments run; /* rules, conditions, seed, ip */
    const char *json;         /* file, or NULL */
    bool quiet;
    enum guest_kind server;
    const char *server_exec;      /* a command for sh, or NULL */
    uint16_t port;                /* 0 = not given */
    char **program;               /* (borrowed from argv), NULL ends */
    char words[EXEC_WORDS_BYTES]; /* the program's command line */

    /* What the program finds in its environment; entries point to texts. */
    char address_entry[EXEC_ENTRY_BYTES], port_entry[EXEC_ENTRY_BYTES];
    char *environment[EXEC_MAX_ENTRIES];
};

/* Read it into *ret, which is zeroed, and make *ret_sc the scenario it stands
 * for. COMMAND_GOES_ON, or the exit status to end with; what is wrong has been
 * said. */
int exec_arguments_read(const struct command *self, int argc, char **argv,
                        struct exec_arguments *ret, struct scenario *ret_sc);

#endif

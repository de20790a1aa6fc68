/* show_internal.h - one run, shown while it happens, here or on a server. */
#ifndef HANDSHAKE_SHOW_INTERNAL_H
#define HANDSHAKE_SHOW_INTERNAL_H

#include "hold_internal.h"
#include "remote_internal.h"

#include "handshake/draw.h"

enum show_as { SHOW_NOTHING, SHOW_LADDER, SHOW_JSON };

struct show {
    enum show_as as;
    struct ladder_options look;
    struct run *run;           /* here (borrowed), or */
    struct remote *remote;     /* on a server (borrowed) */
    struct bell *bell;         /* (borrowed) rung by a run here, else NULL */
    int signal_fd;             /* of signals_open() */
    struct keyboard *keyboard; /* (borrowed) NULL: nothing is asked */
};

/* Show all of it on stdout until it is over, then return 0; or the signal that
 * asked to end, after what the stopped run still had to say; or -errno with a
 * sentence when there is no more to be had of it. stdout that cannot be written
 * ends the run. */
int show_run(const struct show *show, struct err *ret_err);

/* The log of the run, whole once show_run() has returned. */
const struct runlog *show_log(const struct show *show);

#endif

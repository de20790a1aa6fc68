/* keeper_internal.h - what a keeper and its owner say to each other, one
 * message a packet of their socket pair. */
#ifndef HANDSHAKE_KEEPER_INTERNAL_H
#define HANDSHAKE_KEEPER_INTERNAL_H

#include "handshake/keeper.h"

#include <signal.h>

enum keeper_order {
    KEEPER_START,  /* comes with a descriptor of the namespace */
    KEEPER_SIGNAL, /* value = the signal, for the program alone */
    KEEPER_KILL    /* everything */
};

/* From the owner. */
struct keeper_message {
    enum keeper_order order;
    int value;
};

/* From the keeper, once: the program and all it started are gone. */
struct keeper_report {
    int status; /* as keeper_status() gives it */
};

/* Life of the keeper: runs until the owner's end of fd is closed. mask is the
 * signal mask that the program gets. Never returns. */
_Noreturn void keeper_live(int fd, const struct keeper_options *opt,
                           const sigset_t *mask);

#endif

/* keeper.h - a process that keeps the power to start one program, for hosts
 * whose client or server is somebody's own program.
 *
 * The confined program can neither fork nor execute. So before settle() it
 * starts a keeper, which knows from then on what it may start and nothing else;
 * once a host stands, the host's thread hands the keeper that host's network
 * namespace over a socket pair. The keeper's child enters the namespace, drops
 * every capability, sets no_new_privs and executes. Whatever the program leaves
 * running ends with it, and all of it when we end, however we end. */
#ifndef HANDSHAKE_KEEPER_H
#define HANDSHAKE_KEEPER_H

#include "handshake/err.h"

#include <stdbool.h>

/* Exit statuses that are not the program's own, as env(1) gives them. */
enum {
    KEEPER_EXIT_FAILED = 125,     /* we could not do our part */
    KEEPER_EXIT_CANNOT_RUN = 126, /* found, but not to be executed */
    KEEPER_EXIT_NOT_FOUND = 127,
    KEEPER_EXIT_SIGNAL = 128 /* + the signal that killed it */
};

struct keeper_options {
    char *const *argv; /* (borrowed) the program and its arguments, NULL ends */
    char *const *environment; /* (borrowed) "NAME=value", NULL ends: put into
                                 ours; "NAME" alone takes one out */
    bool apart; /* not the user's own terminal: no input, output to stderr */
};

struct keeper;

/* Make it possible that a keeper enters namespaces which settle() will make:
 * whoever is not root with every power gets a user namespace around, in which
 * ids stay as they are. Before keeper_begin(), single-threaded. Where it is
 * refused nothing changes, and settle() will say why. */
void keeper_prepare(void);

/* Start a keeper; before settle() and before any thread. argv and environment
 * are read at once. Returns 0, or -errno with a sentence. */
int keeper_begin(const struct keeper_options *opt, struct keeper **ret_keeper,
                 struct err *ret_err);

/* End the program and all it started, then the keeper. Does not wait. NULL is
 * fine. */
void keeper_free(struct keeper *k);

/* Have the program run in the calling thread's network namespace. Once. Returns
 * 0 or -errno with a sentence. */
int keeper_start(struct keeper *k, struct err *ret_err);

/* Wait until the program has ended, at most timeout_ms (-1: for ever). 1 when
 * it has, 0 when not yet, -EINTR when a signal came first. One thread. */
int keeper_wait(struct keeper *k, int timeout_ms);

/* Send the program a signal; any thread. Lost when it does not run. */
void keeper_signal(struct keeper *k, int signal_number);

/* Kill the program and all it started; any thread. */
void keeper_kill(struct keeper *k);

/* After keeper_wait() gave 1, any thread: its exit status as a shell tells it,
 * with the statuses above. Before: KEEPER_EXIT_FAILED. */
int keeper_status(const struct keeper *k);

#endif

/* dial.h - real connections from this machine, in its own network, each attempt
 * observed as far as privilege allows, and judged.
 *
 * Several addresses are tried as a client should (RFC 8305): the next begins
 * when the one before has failed or a quarter of a second has passed; the first
 * that is established wins, the others are given up. Each attempt has a log of
 * its own with the events of a run: calls, the segments as they left and came
 * in here (libpcap), the kernel's states, ICMP errors. What becomes of a
 * segment on the way is not seen from one end: those that leave have no copies.
 *
 * Not to be reached over HTTP: that layer does not link this one. One thread.
 */
#ifndef HANDSHAKE_DIAL_H
#define HANDSHAKE_DIAL_H

#include "handshake/err.h"
#include "handshake/runlog.h"

enum { DIAL_MAX = 16, DIAL_STAGGER_MS = 250 };

struct dial_options {
    const struct endpoint *targets; /* (borrowed) in the order to try them */
    size_t count;                   /* 1 to DIAL_MAX */
    uint32_t timeout_ms;            /* of all together */
};

struct dials;

/* Open captures of the interfaces that lead to the targets. Nothing is sent
 * yet. Returns 0, or -errno with a sentence. */
int dials_open(const struct dial_options *opt, struct dials **ret_dials,
               struct err *ret_err);
void dials_close(struct dials *all); /* NULL is fine */

/* Called when logs may have grown. */
typedef void dials_news_fn(struct dials *d, void *arg);

/* Try until all attempts are over; stop_fd readable ends them soon. Blocks. */
void dials_run(struct dials *all, int stop_fd, dials_news_fn *news, void *arg);

/* Why segments are not seen, "" when they are. */
const char *dials_blind(const struct dials *all);

/* The log of attempt i; NULL while it has not begun. Valid until
 * dials_close(). */
const struct runlog *dials_log(const struct dials *all, size_t i);

/* Which attempt was established, -1 = none. */
int dials_winner(const struct dials *all);

#endif

/* remote_internal.h - a run on a running server, followed from here.
 *
 * Its events are read from the server's lines into a log of our own, so that
 * whoever shows a run sees no difference. One thread. */
#ifndef HANDSHAKE_REMOTE_INTERNAL_H
#define HANDSHAKE_REMOTE_INTERNAL_H

#include "ask_internal.h"

#include "handshake/runlog.h"

struct remote;

/* Begin the run that `body` (as of POST /api/runs) asks for, and follow it.
 * server is borrowed and outlives it. Returns 0; -EINTR when server->stop_fd
 * became readable; -errno with what the server said, or why there was none. */
int remote_start(const struct server *server, const struct buf *body,
                 struct remote **ret_remote, struct err *ret_err);

/* Its log; ids and times are the server's. */
const struct runlog *remote_log(const struct remote *r);

/* Readable when there is something for remote_take(). */
int remote_fd(const struct remote *r);

/* Take what has come, without waiting. Returns 0, or -errno with a sentence
 * when there will be no more although the run has not ended. */
int remote_take(struct remote *r, struct err *ret_err);

/* Ask the server to stop the run; its end comes as an event. */
void remote_stop(struct remote *r);

/* Free it with its log. The run stays on the server. NULL is fine. */
void remote_free(struct remote *r);

#endif

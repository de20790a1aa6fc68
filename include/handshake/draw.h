/* draw.h - a run's events as pictures: lines of text, in the manner of the
 * figures of RFC 9293: a state column at each side and between them the
 * segments as arrows, the calls and what the hosts print.
 *
 * Events are logged by three threads, so the log is only almost in order of
 * time; and what belongs on a segment's line (its arrival, the states it
 * caused) follows it. So lines are kept back for LADDER_SETTLE_NS of the run's
 * time, or until the caller says that nothing comes (ladder_flush), and leave
 * in order of time. A segment still under way by then ends in "..." as in the
 * RFC, and its arrival gets a line of its own. Pure: no I/O; one thread at a
 * time. */
#ifndef HANDSHAKE_DRAW_H
#define HANDSHAKE_DRAW_H

#include "handshake/buf.h"
#include "handshake/event.h"

/* --- the ladder ---------------------------------------------------------- */

enum {
    LADDER_MIN_COLUMNS = 60,
    LADDER_MAX_COLUMNS = 120, /* beyond it arrows only grow longer */
    LADDER_SETTLE_NS = 20 * 1000 * 1000
};

struct ladder_options {
    unsigned columns; /* of the terminal; brought into the range above */
    bool colour;      /* with SGR sequences */
};

/* The columns that its lines keep to. */
unsigned ladder_columns(struct ladder_options opt);

/* Append the lines above a ladder: what the scenario is, and what SEQ and ACK
 * count from. Texts may hold anything. */
void ladder_title(struct ladder_options opt, const char *title, const char *id,
                  const char *summary, struct buf *out);

struct ladder;

/* NULL only when memory runs out. */
struct ladder *ladder_new(struct ladder_options opt);

/* NULL is fine. What is kept back is lost: flush before. */
void ladder_free(struct ladder *l);

/* Take the next event of the run (borrowed: it must outlive the ladder, as the
 * events of a log do); append the lines that are complete. */
void ladder_add(struct ladder *l, const struct event *e, struct buf *out);

/* Append all lines that are kept back, as far as they are known. */
void ladder_flush(struct ladder *l, struct buf *out);

/* --- the diagram --------------------------------------------------------- */

struct feed;
struct runlog;

/* Append the events that log holds now as a sequence diagram, one SVG document
 * of its own: lifelines with the states beside them, slanted arrows, calls at
 * the outside; light and dark by the viewer's wish. feed must be the log's own.
 * Of a very large run the first 1,500 rows are drawn, and the rest is said to
 * be left out. out->failed when it does not fit or memory ran out. */
void diagram_svg(const struct runlog *log, struct feed *feed, const char *title,
                 struct buf *out);

#endif

/* ladder_internal.h - a run as lines of text, in the manner of the figures of
 * RFC 9293: a state column at each side and between them the segments as
 * arrows, the calls and what the hosts print.
 *
 * Events are logged by three threads, so the log is only almost in order of
 * time; and what belongs on a segment's line (its arrival, the states it
 * caused) follows it. So lines are kept back for LADDER_SETTLE_NS of the run's
 * time, or until the caller says that nothing comes (ladder_flush), and leave
 * in order of time. A segment still under way by then ends in "..." as in the
 * RFC, and its arrival gets a line of its own. Pure: no I/O; one thread at a
 * time. */
#ifndef HANDSHAKE_LADDER_INTERNAL_H
#define HANDSHAKE_LADDER_INTERNAL_H

#include "handshake/buf.h"
#include "handshake/event.h"
#include "handshake/observer.h"

enum {
    LADDER_MIN_COLUMNS = 72,
    LADDER_MAX_COLUMNS = 112,
    LADDER_SETTLE_NS = 20 * 1000 * 1000
};

struct ladder_options {
    unsigned columns; /* of the terminal; brought into the range above */
    bool colour;      /* with SGR sequences */
};

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

/* --- lines: what stands in one (ladder_line.c) --------------------------- */

enum { LINE_MAX_CHANGES = 4, SEGMENT_TEXT_BYTES = 96, DATA_TEXT_BYTES = 16 };

/* A segment as its line and a later line of its arrival need it. */
struct flight {
    uint32_t n; /* 0 = none */
    enum host_id from;
    struct endpoint ends[HOST_COUNT]; /* client's, server's */
    char text[SEGMENT_TEXT_BYTES];    /* "<SEQ=0><CTL=SYN>" */
    char data[DATA_TEXT_BYTES];       /* "<DATA=5>", or "" */
};

/* One line that is kept back. */
struct line {
    const struct event *e;    /* what it shows, by its kind */
    const struct event *copy; /* segment: what became of it, or NULL */
    const struct event *end;  /* call: its end, or NULL; see `apart` */
    bool apart;               /* call: an end whose beginning is not here */
    bool landing;             /* copy: of a segment that left long ago */
    struct flight flight;     /* segment, landing */
    uint32_t repeats;         /* segment: number of the one it repeats */
    const struct event *changes[LINE_MAX_CHANGES]; /* states it caused */
    size_t change_count;
};

/* Append the line; states are those of the connection it shows, by host, ""
 * for none. */
void line_put(const struct ladder_options *opt, const struct line *line,
              const char *const states[HOST_COUNT], struct buf *out);

/* Fill *ret from a segment's event and what the observer says. */
void flight_describe(const struct event *e, const struct segment *seg,
                     const struct observation *seen, struct flight *ret);

/* Append the column heads (run begin), or the verdict (run end). */
void line_put_run(const struct ladder_options *opt, const struct event_run *run,
                  struct buf *out);

/* --- rows: how a line looks (ladder_row.c) ------------------------------- */

enum row_side { ROW_LEFT, ROW_RIGHT };

enum row_style {
    ROW_PLAIN,
    ROW_CALL,
    ROW_FAILED,
    ROW_CLIENT, /* an arrow of the client */
    ROW_SERVER,
    ROW_LOST,
    ROW_STYLE_COUNT
};

struct row {
    bool timed;
    uint64_t t_ns;
    const char *states[HOST_COUNT]; /* "" = leave blank */
    const char *middle;             /* wider than row_width() juts out */
    enum row_side side;             /* where the middle stands */
    enum row_style style;
};

/* Columns of the middle. */
unsigned row_width(const struct ladder_options *opt);

/* Append one line. */
void row_put(const struct ladder_options *opt, const struct row *row,
             struct buf *out);

/* How an arrow ends. */
enum arrow_end { ARROW_FLYING, ARROW_ARRIVED, ARROW_LOST, ARROW_HELD };

struct arrow {
    const char *text; /* on its shaft */
    bool to_right;
    enum arrow_end end;
    bool landing; /* it begins under way: its start has its own line */
};

/* Columns of text that an arrow of `width` has room for. */
unsigned arrow_room(unsigned width);

/* Append an arrow of `width` columns, or longer when its text is. */
void arrow_put(struct buf *out, const struct arrow *arrow, unsigned width);

#endif

/* diagram_internal.h - what the files of the drawn sequence diagram share.
 *
 *   diagram.c        the front door: what stands around the picture
 *   diagram_marks.c  events -> marks, in order of time, each with a place
 *   diagram_words.c  what is written at a mark
 *   diagram_draw.c   marks -> SVG
 *   diagram_style.c  the looks, light and dark
 *
 * A mark is what takes a row of the picture: something sent, arrived or lost, a
 * call, a line printed. Rows stand in order of time and below each other, so no
 * two texts can meet; a state stands in the row of what caused it, in a column
 * of its own. Time is told at the left; where little happens for long, the gap
 * is folded and its length said. */
#ifndef HANDSHAKE_DIAGRAM_INTERNAL_H
#define HANDSHAKE_DIAGRAM_INTERNAL_H

#include "svg_internal.h"

#include "handshake/draw.h"
#include "handshake/json.h"
#include "handshake/observer.h"
#include "handshake/runlog.h"
#include "handshake/segment.h"

enum {
    DIAGRAM_MAX_MARKS = 1500, /* the rest is said to be left out */
    DIAGRAM_FOLD_NS = 20 * 1000 * 1000,
    MARK_REST_BYTES = 256
};

/* Where things stand, from the left; the server's side mirrors the client's. */
enum {
    X_TIME = 82,          /* times end here */
    X_CLIENT_CALLS = 378, /* texts of the client's calls end here */
    X_CLIENT_SPAN = 386,  /* how long a call took, as a bar */
    X_CLIENT_STATE = 494, /* names of states end here */
    X_CLIENT = 528,       /* the lifeline */
    X_SERVER = 1012,
    DIAGRAM_WIDTH = 1468,
    X_MIDDLE = (X_CLIENT + X_SERVER) / 2,
    SPAN_WIDTH = 4,
    BAND_WIDTH = 6,
    BAND_STEP = 9,
    MAX_BANDS = 3, /* sockets at a time whose states have a band */
    TEXT_GAP = 12  /* between a line and the text beside it */
};

/* Characters that fit; one takes 7.3 pixels at 12 pixels, 6.7 at 11. */
enum {
    LANE_COLUMNS = 62,
    HALF_COLUMNS = 33,
    CALL_COLUMNS = 42,
    FOOT_COLUMNS = 160
};

enum mark_kind {
    MARK_SENT,   /* a segment leaves */
    MARK_LANDED, /* a copy arrives */
    MARK_LOST,
    MARK_HELD,
    MARK_ICMP,
    MARK_CALL, /* begins, ends, or both */
    MARK_NOTE, /* printed, or counted */
    MARK_STATE /* a state that nothing shown caused */
};

struct mark {
    enum mark_kind kind;
    const struct event *e;
    const struct event *end; /* call: its end when both are one mark */
    uint32_t origin;         /* LANDED, LOST, HELD: event it comes from */
    bool apart;              /* call: the end of one that has a mark itself */
    bool joined;             /* stands in another mark: not shown */
    bool pending;            /* SENT: nothing is known of it yet */
    enum host_id host;       /* who sent it, made it, printed it */
    const struct event *states[HOST_COUNT]; /* changes beside it */
    char flags[SEGMENT_FLAGS_TEXT_BYTES];   /* SENT, and what waited */
    char rest[MARK_REST_BYTES];             /* SENT: numbers and data */
    uint64_t gap_ns;                        /* folded time above it */
    int y;                                  /* of the line */
    int bottom;                             /* where the next row begins */
};

struct diagram {
    const struct runlog *log;            /* (borrowed) */
    struct feed *feed;                   /* (borrowed) */
    uint32_t count;                      /* of events */
    const struct event_run *begin, *end; /* or NULL */
    struct mark *marks;                  /* (owned) in order of time */
    size_t mark_count;
    uint32_t *mark_of; /* (owned) by event: index + 1 of the mark it is in */
    uint32_t left_out; /* events that found no room */
    int bottom;        /* of the last row */
};

/* --- diagram_marks.c ----------------------------------------------------- */

/* Fill marks and mark_of, the rows beginning at `top`. Returns 0 or -ENOMEM. */
int marks_collect(struct diagram *d, int top);

/* The mark that event id is in, NULL when it is in none. */
struct mark *mark_of(const struct diagram *d, uint32_t id);

/* --- diagram_words.c ----------------------------------------------------- */

/* What a segment says, into flags and rest. */
void words_of_segment(struct mark *m, const struct segment *seg,
                      const struct observation *seen);

/* The text of a mark that is no segment: a call and its result, who dropped it,
 * what was changed, what was printed. Nothing for most arrivals. */
void words_of_mark(const struct mark *m, struct buf *out);

/* --- diagram_draw.c ------------------------------------------------------ */

/* Everything between the heads and the foot. */
void marks_draw(const struct diagram *d, int top, struct buf *out);

/* --- diagram_style.c ----------------------------------------------------- */

/* The content of <style>. */
extern const char diagram_style[];

/* The class of a state's colours: "opening". */
const char *state_class(enum tcp_state state);

#endif

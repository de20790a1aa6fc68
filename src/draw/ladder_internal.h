/* ladder_internal.h - what the files of the ladder share: what stands in a
 * line (ladder_line.c), how it looks (ladder_row.c). ladder.c decides which
 * events share a line and when it leaves. */
#ifndef HANDSHAKE_LADDER_INTERNAL_H
#define HANDSHAKE_LADDER_INTERNAL_H

#include "handshake/draw.h"
#include "handshake/observer.h"

/* --- lines: what stands in one (ladder_line.c) --------------------------- */

enum { LINE_MAX_CHANGES = 4, SEGMENT_TEXT_BYTES = 112, DATA_TEXT_BYTES = 16 };

/* A segment as its line and a later line of its arrival need it. */
struct flight {
    uint32_t n; /* 0 = none */
    enum host_id from;
    struct endpoint ends[HOST_COUNT]; /* client's, server's */
    char text[SEGMENT_TEXT_BYTES];    /* "<SEQ=0><CTL=SYN>" */
    char brief[SEGMENT_TEXT_BYTES];   /* "SEQ=0 SYN", for narrow terminals */
    char flags[SEGMENT_FLAGS_TEXT_BYTES]; /* "SYN" */
    char data[DATA_TEXT_BYTES];           /* "<DATA=5>", or "" */
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

/* Say on the arrow which connection it belongs to: "#2 <SEQ=0>...". The first
 * needs no number. */
void flight_number(struct flight *f, unsigned connection);

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
    const char *middle;             /* goes on in further rows when wide */
    enum row_side side;             /* where the middle stands */
    enum row_style style;
};

/* Columns of the middle. */
unsigned row_width(const struct ladder_options *opt);

/* Column where second lines begin: under an arrow's text. */
unsigned row_indent(const struct ladder_options *opt);

/* A state as the state columns have room for it: as RFC 9293 spells it, or as
 * ss(8) shortens it. Static storage. */
const char *row_state(const struct ladder_options *opt, enum tcp_state state);

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

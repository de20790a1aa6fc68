/* ladder_row.c - the look of one line of the ladder: columns, arrows, colour.
 *
 *      ms  client state  middle                          server state
 *    0.093 SYN-SENT     -- <SEQ=0><CTL=SYN> ------------> SYN-RECEIVED
 */
#include "ladder_internal.h"

#include "handshake/words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    TIME_COLUMNS = 9,
    STATE_COLUMNS = 12,       /* SYN-RECEIVED, the longest */
    SHORT_STATE_COLUMNS = 10, /* CLOSE-WAIT; also in narrow terminals */
    NARROW_COLUMNS = 72,      /* from here on all is spelled out */
    GAPS = 3,                 /* between the four columns, one each */
    HEAD_COLUMNS = 2,         /* of an arrow */
    MIDDLE_BYTES = 8192
};

/* SGR parameters; the ladder reads the same without them. */
static const char *const styles[] = {
    [ROW_PLAIN] = "",    [ROW_CALL] = "2",    [ROW_FAILED] = "31",
    [ROW_CLIENT] = "36", [ROW_SERVER] = "35", [ROW_LOST] = "1;31",
};
static_assert(sizeof(styles) / sizeof(*styles) == ROW_STYLE_COUNT,
              "a look for each style");

static const char style_dim[] = "2";
static const char style_state[] = "1";

static bool is_narrow(const struct ladder_options *opt)
{
    return opt->columns < NARROW_COLUMNS;
}

static unsigned state_columns(const struct ladder_options *opt)
{
    return is_narrow(opt) ? SHORT_STATE_COLUMNS : STATE_COLUMNS;
}

unsigned row_width(const struct ladder_options *opt)
{
    return opt->columns - TIME_COLUMNS - 2 * state_columns(opt) - GAPS;
}

unsigned row_indent(const struct ladder_options *opt)
{
    return TIME_COLUMNS + 1 + state_columns(opt) + 1 + HEAD_COLUMNS;
}

const char *row_state(const struct ladder_options *opt, enum tcp_state state)
{
    if (is_narrow(opt) && state == TCP_STATE_SYN_RECEIVED)
        return "SYN-RECV";
    if (is_narrow(opt) && state == TCP_STATE_ESTABLISHED)
        return "ESTAB";
    return tcp_state_name(state);
}

static void put_spaces(struct buf *out, size_t n)
{
    while (n-- > 0)
        buf_append(out, " ", 1);
}

static void put_styled(const struct ladder_options *opt, const char *text,
                       const char *style, struct buf *out)
{
    bool plain = !opt->colour || !style[0] || !text[0];
    if (!plain)
        buf_printf(out, "\x1b[%sm", style);
    buf_str(out, text);
    if (!plain)
        buf_str(out, "\x1b[0m");
}

/* Milliseconds, to the microsecond as long as there is room for that. */
static void put_time(const struct ladder_options *opt, const struct row *row,
                     struct buf *out)
{
    char text[40] = "";
    int decimals = 3;
    const uint64_t us = row->t_ns / 1000;
    for (uint64_t bound = 100000; row->t_ns / 1000000 >= bound; bound *= 10)
        decimals -= decimals > 0;
    if (row->timed)
        snprintf(text, sizeof(text), "%*.*f", TIME_COLUMNS, decimals,
                 (double)us / 1000);
    put_styled(opt, text, style_dim, out);
    if (strlen(text) < TIME_COLUMNS)
        put_spaces(out, TIME_COLUMNS - strlen(text));
}

static void put_middle(const struct ladder_options *opt, const struct row *row,
                       struct buf *out)
{
    size_t width = row_width(opt);
    size_t used = words_width(row->middle);
    size_t space = used < width ? width - used : 0;
    if (row->side == ROW_RIGHT)
        put_spaces(out, space);
    put_styled(opt, row->middle, styles[row->style], out);
    if (row->side == ROW_LEFT)
        put_spaces(out, space);
}

/* Spaces at the end of a line help nobody. */
static void trim_end(struct buf *out, size_t from)
{
    while (!out->failed && out->len > from && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

/* One row whose middle fits. */
static void put_row(const struct ladder_options *opt, const struct row *row,
                    struct buf *out)
{
    size_t start = out->len;
    const char *left = row->states[HOST_CLIENT];
    put_time(opt, row, out);
    put_spaces(out, 1);
    put_styled(opt, left, style_state, out);
    put_spaces(out, state_columns(opt) - strlen(left) + 1);
    put_middle(opt, row, out);
    put_spaces(out, 1);
    put_styled(opt, row->states[HOST_SERVER], style_state, out);
    trim_end(out, start);
    buf_str(out, "\n");
}

/* What does not fit goes on below, without time and states. */
void row_put(const struct ladder_options *opt, const struct row *row,
             struct buf *out)
{
    struct row part = *row;
    struct buf piece;
    const char *rest = row->middle;
    buf_init(&piece, MIDDLE_BYTES);
    do {
        size_t len = words_line(rest, row_width(opt));
        buf_reset(&piece);
        buf_append(&piece, rest, len);
        part.middle = buf_text(&piece);
        put_row(opt, &part, out);
        part.timed = false;
        part.states[HOST_CLIENT] = part.states[HOST_SERVER] = "";
        rest += len + (rest[len] == ' ');
    } while (rest[0]);
    buf_done(&piece);
}

static const struct {
    const char *right, *left; /* where the arrow ends, HEAD_COLUMNS */
} arrow_heads[] = {
    [ARROW_FLYING] = {"..", ".."},
    [ARROW_ARRIVED] = {"->", "<-"},
    [ARROW_LOST] = {"-X", "X-"},
    [ARROW_HELD] = {"-|", "|-"},
};

unsigned arrow_room(unsigned width)
{
    return width - 2 * HEAD_COLUMNS - 2; /* a space before and after */
}

/* The text stands at the left in both directions, so that numbers stand in
 * columns; what is left of the shaft shows where it leads. */
void arrow_put(struct buf *out, const struct arrow *arrow, unsigned width)
{
    const char *head = arrow->to_right ? arrow_heads[arrow->end].right
                                       : arrow_heads[arrow->end].left;
    const char *tail = arrow->landing ? ".." : "--";
    bool dotted = arrow->to_right ? arrow->end == ARROW_FLYING : arrow->landing;
    size_t used = words_width(arrow->text);
    size_t room = arrow_room(width);
    buf_printf(out, "%s %s ", arrow->to_right ? tail : head, arrow->text);
    for (size_t i = used; i < room; i++)
        buf_append(out, dotted ? "." : "-", 1);
    buf_str(out, arrow->to_right ? head : tail);
}

/* ladder_row.c - the look of one line of the ladder: columns, arrows, colour.
 *
 *      ms  client state  middle                          server state
 *    0.093 SYN-SENT     -- <SEQ=0><CTL=SYN> ------------> SYN-RECEIVED
 */
#include "ladder_internal.h"

#include "handshake/words.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    TIME_COLUMNS = 9,
    STATE_COLUMNS = 12, /* SYN-RECEIVED, the longest */
    GAPS = 3,           /* between the four columns, one each */
    HEAD_COLUMNS = 2    /* of an arrow */
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

unsigned row_width(const struct ladder_options *opt)
{
    return opt->columns - TIME_COLUMNS - 2 * STATE_COLUMNS - GAPS;
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

static void put_time(const struct ladder_options *opt, const struct row *row,
                     struct buf *out)
{
    struct buf text;
    buf_init(&text, 64);
    if (row->timed)
        buf_printf(&text, "%5" PRIu64 ".%03u", row->t_ns / 1000000,
                   (unsigned)(row->t_ns / 1000 % 1000));
    put_styled(opt, buf_text(&text), style_dim, out);
    if (text.len < TIME_COLUMNS)
        put_spaces(out, TIME_COLUMNS - text.len);
    buf_done(&text);
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

void row_put(const struct ladder_options *opt, const struct row *row,
             struct buf *out)
{
    size_t start = out->len;
    const char *left = row->states[HOST_CLIENT];
    put_time(opt, row, out);
    put_spaces(out, 1);
    put_styled(opt, left, style_state, out);
    put_spaces(out, STATE_COLUMNS - strlen(left) + 1);
    put_middle(opt, row, out);
    put_spaces(out, 1);
    put_styled(opt, row->states[HOST_SERVER], style_state, out);
    trim_end(out, start);
    buf_str(out, "\n");
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

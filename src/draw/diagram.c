/* diagram.c - a run as an SVG: the title, the two hosts, the marks between and
 * beside their lifelines, the verdict. */
#include "diagram_internal.h"

#include "handshake/clock.h"
#include "handshake/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MARGIN = 24,
    HEAD_TOP = 78,
    HEAD_WIDTH = 250,
    HEAD_HEIGHT = 46,
    FOOT_LEADING = 19,
    SHOWN_EXPECTATIONS = 20
};

/* --- the frame ----------------------------------------------------------- */

/* Titles and verdicts hold what scenarios and hosts said. */
static void put_text(struct buf *out, const char *text)
{
    if (text)
        words_bytes(out, text, strlen(text));
}

/* One marker a colour: a marker cannot take that of its line in all viewers. */
static void put_heads_of_arrows(struct buf *out)
{
    static const char names[] = "csi";
    buf_str(out, "<defs>\n");
    for (size_t i = 0; i < 3; i++)
        buf_printf(out,
                   "<marker id=\"head-%c\" viewBox=\"0 0 10 10\" refX=\"9\" "
                   "refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" "
                   "markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
                   "<path class=\"head %c\" d=\"M0 1L10 5L0 9z\"/></marker>\n",
                   names[i], names[i]);
    buf_str(out, "</defs>\n");
}

/* Title and description are what a screen reader says of the picture. */
static void put_opening(const struct diagram *d, const char *title, int height,
                        struct buf *out)
{
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
               "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"title desc\">\n",
               DIAGRAM_WIDTH, height, DIAGRAM_WIDTH, height);
    buf_str(out, "<title id=\"title\">");
    struct buf plain;
    buf_init(&plain, 16 * 1024);
    put_text(&plain, title);
    svg_words(out, buf_text(&plain), plain.len);
    buf_str(out,
            "</title>\n<desc id=\"desc\">A sequence diagram: the client at "
            "the left, the server at the right, time runs down. ");
    buf_reset(&plain);
    put_text(&plain, d->end ? d->end->verdict_text : NULL);
    svg_words(out, buf_text(&plain), plain.len);
    buf_done(&plain);
    buf_printf(out, "</desc>\n<style>\n%s</style>\n", diagram_style);
    put_heads_of_arrows(out);
    svg_box(out, "paper", (struct svg_box){0, 0, DIAGRAM_WIDTH, height, 0});
}

/* --- above --------------------------------------------------------------- */

/* Which run this was; nothing of it is known before its begin. */
static void put_title(const struct diagram *d, const char *title,
                      struct buf *out)
{
    struct buf text;
    buf_init(&text, 4096);
    put_text(&text, title);
    svg_label(out, "title", MARGIN, 36, buf_text(&text), text.len);
    buf_reset(&text);
    if (d->begin) {
        char wall[CLOCK_WALL_TEXT_BYTES];
        clock_wall_text(d->begin->wall_ns, wall, sizeof(wall));
        put_text(&text, d->begin->scenario);
        buf_str(&text, ", run ");
        put_text(&text, d->begin->run_id);
        buf_printf(&text, " on the %s link, Linux ", link_name(d->begin->link));
        put_text(&text, d->begin->kernel);
        buf_printf(&text, ", %.10s %.8s UTC", wall, wall + 11);
    }
    svg_label(out, "sub", MARGIN, 57, buf_text(&text), text.len);
    buf_done(&text);
}

/* The client's port is chosen by its kernel, later: only its address stands
 * here. */
static void put_host(const struct diagram *d, enum host_id host,
                     struct buf *out)
{
    char address[ENDPOINT_TEXT_BYTES] = "";
    const char *name = host_name(host);
    int x = host == HOST_CLIENT ? X_CLIENT : X_SERVER;
    bool client = host == HOST_CLIENT;
    if (d->begin && d->begin->hosts[host].port)
        endpoint_text(&d->begin->hosts[host], address);
    else if (d->begin)
        ipaddr_text(&d->begin->hosts[host].addr, address);
    svg_box(out, client ? "box c" : "box s",
            (struct svg_box){x - HEAD_WIDTH / 2, HEAD_TOP, HEAD_WIDTH,
                             HEAD_HEIGHT, 8});
    svg_label(out, client ? "who c mid" : "who s mid", x, HEAD_TOP + 20, name,
              strlen(name));
    svg_label(out, "mid", x, HEAD_TOP + 37, address, strlen(address));
}

/* --- below --------------------------------------------------------------- */

/* One paragraph of the foot. Returns where the next begins. */
static int put_foot_text(const char *class, const char *text, int y,
                         struct buf *out)
{
    struct buf plain;
    buf_init(&plain, 16 * 1024);
    put_text(&plain, text);
    const char *rest = buf_text(&plain);
    do {
        size_t len = words_line(rest, FOOT_COLUMNS);
        svg_label(out, class, MARGIN, y, rest, len);
        rest += len + (rest[len] == ' ');
        y += FOOT_LEADING;
    } while (rest[0]);
    buf_done(&plain);
    return y;
}

/* The list has a bound; the count above it has all. */
static int put_unmet(const struct event_run *end, int y, struct buf *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < end->expect_count && shown < SHOWN_EXPECTATIONS;
         i++) {
        const struct expectation *x = &end->expect[i];
        char text[512];
        if (x->met)
            continue;
        snprintf(text, sizeof(text), "Not met: %s%s%s", x->what,
                 x->seen ? ". Seen: " : "", x->seen ? x->seen : "");
        y = put_foot_text("foot unmet", text, y, out);
        shown++;
    }
    return y;
}

/* How it ended, and whether that was expected. */
static int put_verdict(const struct event_run *end, int y, struct buf *out)
{
    char text[600];
    size_t met = 0;
    for (size_t i = 0; i < end->expect_count; i++)
        met += end->expect[i].met;
    snprintf(text, sizeof(text), "%s: %s", verdict_name(end->verdict),
             end->verdict_text ? end->verdict_text : "");
    y = put_foot_text("foot verdict", text, y, out);
    if (end->expect_count == 0)
        return y;
    snprintf(text, sizeof(text), "%zu of %zu expectations met.", met,
             end->expect_count);
    y = put_foot_text(met == end->expect_count ? "foot met" : "foot unmet",
                      text, y, out);
    return put_unmet(end, y, out);
}

/* What is left out is said before all else. Returns where it ends. */
static int put_foot(const struct diagram *d, int y, struct buf *out)
{
    char text[200];
    if (d->left_out > 0) {
        snprintf(text, sizeof(text),
                 "%u more events are left out of this picture; the text and "
                 "the JSON of the run have them all.",
                 (unsigned)d->left_out);
        y = put_foot_text("foot unmet", text, y, out);
    }
    if (d->end)
        y = put_verdict(d->end, y, out);
    else
        y = put_foot_text("foot verdict",
                          "The run was still going on when this was drawn.", y,
                          out);
    return put_foot_text("sub",
                         "Times in ms. Rows stand in order of time; distances "
                         "are not to scale, longer gaps are named. seq and ack "
                         "count from each side's first number.",
                         y, out);
}

/* --- the whole ----------------------------------------------------------- */

/* Either may be missing: the run goes on, or the log was restored. */
static void find_ends(struct diagram *d)
{
    const struct event *first = runlog_get(d->log, 1);
    const struct event *last = runlog_get(d->log, d->count);
    if (first && first->kind == EVENT_RUN && first->run.phase == PHASE_BEGIN)
        d->begin = &first->run;
    if (last && last->kind == EVENT_RUN && last->run.phase == PHASE_END)
        d->end = &last->run;
}

/* The foot is made first: its height is part of the opening. */
static void put_all(const struct diagram *d, const char *title, int top,
                    struct buf *out)
{
    struct buf foot;
    buf_init(&foot, 256 * 1024);
    int height = put_foot(d, d->bottom + 34, &foot) + MARGIN - FOOT_LEADING;
    put_opening(d, title, height, out);
    put_title(d, title, out);
    marks_draw(d, top, out);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        put_host(d, h, out);
    buf_append(out, buf_text(&foot), foot.len);
    out->failed |= foot.failed;
    buf_str(out, "</svg>\n");
    buf_done(&foot);
}

void diagram_svg(const struct runlog *log, struct feed *feed, const char *title,
                 struct buf *out)
{
    const int top = HEAD_TOP + HEAD_HEIGHT;
    struct diagram d = {.log = log, .feed = feed, .count = runlog_count(log)};
    find_ends(&d);
    if (marks_collect(&d, top + 8) == 0)
        put_all(&d, title, top, out);
    else
        out->failed = true;
    free(d.marks);
    free(d.mark_of);
}

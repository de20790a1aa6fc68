/* outcome.c - what one run came to, in a line. */
#include "outcome_internal.h"

#include "handshake/words.h"

#include <stdio.h>
#include <string.h>

enum {
    LINE_BYTES = 4096,
    LEAST_ID_COLUMNS = 25, /* fills 60 columns with what stands beside it */
    MOST_ID_COLUMNS = 32,
    OTHER_COLUMNS = 35,
    VERDICT_COLUMNS = 11
};

/* From the log alone: a run here and one on a server are judged alike. */
struct outcome outcome_of(const struct runlog *log)
{
    struct outcome o = {.begin = NULL};
    uint32_t count = log ? runlog_count(log) : 0;
    const struct event *first = count ? runlog_get(log, 1) : NULL;
    const struct event *last = count ? runlog_get(log, count) : NULL;
    if (!first)
        return o;
    o.took_ns = last->t_ns;
    if (first->kind == EVENT_RUN)
        o.begin = &first->run;
    if (!runlog_ended(log))
        return o;
    o.end = &last->run;
    for (size_t i = 0; i < o.end->expect_count; i++)
        o.met += o.end->expect[i].met;
    o.well = o.end->verdict < VERDICT_CANCELLED && o.met == o.end->expect_count;
    return o;
}

/* "", or the sequence that begins and ends a colour. */
static const char *colour_of(const struct outcome *o, bool colour)
{
    if (!colour)
        return "";
    return o->well ? "\x1b[32m" : "\x1b[1;31m";
}

/* Names get what other columns leave, within bounds. */
static unsigned id_columns(unsigned columns)
{
    unsigned room = columns > OTHER_COLUMNS ? columns - OTHER_COLUMNS : 0;
    if (room < LEAST_ID_COLUMNS)
        return LEAST_ID_COLUMNS;
    return room > MOST_ID_COLUMNS ? MOST_ID_COLUMNS : room;
}

/* Columns, so that many lines can be looked through; a name too long is cut. */
void outcome_line(const char *id, const struct outcome *o, unsigned columns,
                  bool colour, struct buf *out)
{
    int room = (int)id_columns(columns);
    bool cut = (int)strlen(id) > room; /* ids are ASCII */
    struct buf took;
    buf_init(&took, LINE_BYTES);
    words_time(&took, o->took_ns);
    int micro =
        strstr(buf_text(&took), "µ") ? 1 : 0; /* two bytes, one column */
    buf_printf(out, "%s%-6s%s  %-*.*s%s ", colour_of(o, colour),
               o->well ? "ok" : "FAILED", colour ? "\x1b[0m" : "",
               cut ? room - 2 : room, cut ? room - 2 : room, id,
               cut ? ".." : "");
    buf_printf(out, "%-*s %*s", VERDICT_COLUMNS,
               o->end ? verdict_name(o->end->verdict) : "cut off", 7 + micro,
               buf_text(&took));
    if (o->end && o->end->expect_count)
        buf_printf(out, "  %zu/%zu", o->met, o->end->expect_count);
    buf_str(out, "\n");
    buf_done(&took);
}

/* The head stands on the first line only; what follows is indented below it. */
static void put_problem(const char *head, const char *text, unsigned columns,
                        struct buf *out)
{
    unsigned indent = (unsigned)words_width(head);
    buf_str(out, head);
    words_wrap(out, text, indent, indent, columns);
}

/* Texts come from scenarios: no terminal shall obey them. */
static void put_unmet(const struct expectation *x, const char *head,
                      unsigned columns, struct buf *out)
{
    struct buf text;
    buf_init(&text, LINE_BYTES);
    buf_str(&text, "NOT MET ");
    words_bytes(&text, x->what, strlen(x->what));
    if (x->seen && x->seen[0]) {
        buf_str(&text, " - ");
        words_bytes(&text, x->seen, strlen(x->seen));
    }
    put_problem(head, buf_text(&text), columns, out);
    buf_done(&text);
}

/* Why it ended early comes first: it explains the rest. */
void outcome_problems(const struct outcome *o, const char *head,
                      unsigned columns, struct buf *out)
{
    if (!o->end) {
        put_problem(head, "the run was cut off before its end", columns, out);
        return;
    }
    if (o->end->verdict >= VERDICT_CANCELLED) {
        struct buf text;
        buf_init(&text, LINE_BYTES);
        words_bytes(&text, o->end->verdict_text, strlen(o->end->verdict_text));
        put_problem(head, buf_text(&text), columns, out);
        buf_done(&text);
    }
    for (size_t i = 0; i < o->end->expect_count; i++)
        if (!o->end->expect[i].met)
            put_unmet(&o->end->expect[i], head, columns, out);
}

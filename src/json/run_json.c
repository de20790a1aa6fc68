/* run_json.c - a run as one document: what it was, how it ended; its events are
 * the feed's lines, put in by whoever sends it, as it is sent. */
#include "json_internal.h"

#include "handshake/clock.h"

/* The run's end is always the last event, if it is there. */
static const struct event *event_at_end(const struct runlog *log,
                                        uint32_t count)
{
    const struct event *last = runlog_get(log, count);
    bool ended =
        last && last->kind == EVENT_RUN && last->run.phase == PHASE_END;
    return ended ? last : NULL;
}

/* The number of segments: that of the newest, since they count from 1. */
static uint32_t segments_among(const struct runlog *log, uint32_t count)
{
    for (uint32_t id = count; id > 0; id--) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_SEGMENT)
            return e->segment.n;
    }
    return 0;
}

/* The wall-clock time of time 0; null before the first event. */
static void write_wall(const struct runlog *log, struct jsonw *w)
{
    const struct event *first = runlog_get(log, 1);
    char wall[CLOCK_WALL_TEXT_BYTES];
    bool known = first && first->kind == EVENT_RUN;
    if (known)
        clock_wall_text(first->run.wall_ns, wall, sizeof(wall));
    jsonw_str(w, "wall", known ? wall : NULL);
}

static void write_verdict(const struct event *end, struct jsonw *w)
{
    if (end) {
        event_write_verdict(&end->run, w);
        return;
    }
    jsonw_null(w, "verdict");
    jsonw_open(w, "expect", '[');
    jsonw_close(w, ']');
}

/* Live runs on the wire tell how it is set. */
static void write_wire(const struct run_view *view, bool whole, struct jsonw *w)
{
    if (!view->wire)
        return;
    jsonw_open(w, "wire", '{');
    if (whole)
        json_wire(view->wire, view->held, w);
    else
        jsonw_uint(w, "held", view->held);
    jsonw_close(w, '}');
}

/* What the wire was when the run began: by it two runs are told apart. */
static void write_began(const struct run_view *view, struct jsonw *w)
{
    if (!view->began)
        return;
    jsonw_open(w, "began", '{');
    json_wire_settings(view->began, w);
    jsonw_close(w, '}');
}

/* All members but the events, into an object that is left open. */
static void write_members(const struct run_view *view, uint32_t count,
                          bool whole, struct jsonw *w)
{
    const struct event *end = event_at_end(view->log, count);
    jsonw_open(w, NULL, '{');
    jsonw_str(w, "id", view->id);
    jsonw_str(w, "scenario", view->scenario->id);
    jsonw_str(w, "title", view->scenario->title);
    jsonw_str(w, "link", link_name(view->link));
    jsonw_uint(w, "ip", view->ip ? view->ip : 4);
    jsonw_str(w, "phase", end ? "ended" : "running");
    write_wall(view->log, w);
    write_verdict(end, w);
    if (!end)
        write_wire(view, whole, w);
    if (whole)
        write_began(view, w);
}

/* One look at the count, so that phase, verdict and events agree. */
uint32_t run_view_head(const struct run_view *view, struct buf *out)
{
    uint32_t count = runlog_count(view->log);
    struct jsonw w = jsonw_to(out);
    write_members(view, count, true, &w);
    jsonw_open(&w, "events", '[');
    return count;
}

void run_view_summary(const struct run_view *view, struct buf *out)
{
    uint32_t count = runlog_count(view->log);
    struct jsonw w = jsonw_to(out);
    write_members(view, count, false, &w);
    jsonw_uint(&w, "event_count", count);
    jsonw_uint(&w, "segment_count", segments_among(view->log, count));
    jsonw_close(&w, '}');
}

/* A run may end between the looks at its wire and at its log; then the log
 * counts. wire is where its settings are kept while the view is used. */
static struct run_view view_of(struct run *run, struct wire_settings *wire)
{
    bool live =
        run_get_wire(run, wire, NULL) == 0 && !runlog_ended(run_log(run));
    return (struct run_view){
        .id = run_id(run),
        .scenario = run_scenario(run),
        .link = run_link(run),
        .ip = run_get_options(run)->ip,
        .log = run_log(run),
        .began = run_began_wire(run),
        .wire = live ? wire : NULL,
        .held = live ? run_held_count(run) : 0,
    };
}

uint32_t json_run_head(struct run *run, struct buf *out)
{
    struct wire_settings wire;
    struct run_view view = view_of(run, &wire);
    return run_view_head(&view, out);
}

void json_run_summary(struct run *run, struct buf *out)
{
    struct wire_settings wire;
    struct run_view view = view_of(run, &wire);
    run_view_summary(&view, out);
}

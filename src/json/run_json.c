/* run_json.c - a whole run as one document: what it was, how it ended, and its
 * events as the feed has them. */
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

/* Lines as the feed made them, once for all who ask. */
static void write_events(struct feed *feed, uint32_t count, struct jsonw *w)
{
    jsonw_open(w, "events", '[');
    for (uint32_t id = 1; id <= count && !w->out->failed; id++) {
        size_t len = 0;
        const char *line = feed ? feed_line(feed, id, &len) : NULL;
        if (line)
            jsonw_raw(w, NULL, line, len);
        else
            w->out->failed = true;
    }
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

void run_view_write(const struct run_view *view, bool with_events,
                    struct buf *out)
{
    /* One look at the count, so that phase, verdict and events agree. */
    uint32_t count = runlog_count(view->log);
    const struct event *end = event_at_end(view->log, count);
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "id", view->id);
    jsonw_str(&w, "scenario", view->scenario->id);
    jsonw_str(&w, "title", view->scenario->title);
    jsonw_str(&w, "link", link_name(view->link));
    jsonw_uint(&w, "ip", view->ip ? view->ip : 4);
    jsonw_str(&w, "phase", end ? "ended" : "running");
    write_wall(view->log, &w);
    write_verdict(end, &w);
    if (!end)
        write_wire(view, with_events, &w);
    if (with_events) {
        write_events(view->feed, count, &w);
    } else {
        jsonw_uint(&w, "event_count", count);
        jsonw_uint(&w, "segment_count", segments_among(view->log, count));
    }
    jsonw_close(&w, '}');
}

/* A run may end between the looks at its wire and at its log; then the log
 * counts. */
void json_run(struct run *run, bool with_events, struct buf *out)
{
    struct wire_settings wire;
    bool live = run_get_wire(run, &wire, NULL) == 0;
    struct run_view view = {
        .id = run_id(run),
        .scenario = run_scenario(run),
        .link = run_link(run),
        .ip = run_get_options(run)->ip,
        .log = run_log(run),
        .feed = with_events ? feed_of(run) : NULL,
        .wire = live ? &wire : NULL,
        .held = live ? run_held_count(run) : 0,
    };
    run_view_write(&view, with_events, out);
}

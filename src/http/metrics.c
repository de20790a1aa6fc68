/* metrics.c - GET /metrics in Prometheus' text format 0.0.4.
 *
 * Nothing is counted for this while a run carries segments: runs are counted
 * from their logs when they are over (src/run/census.c), requests when they are
 * answered. Labels take values out of tables of this program alone - routes,
 * verdicts, built-in scenarios - so the number of series is bounded whatever
 * clients send. */
#include "http_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { METRICS_BYTES = 4 * 1024 * 1024, LABEL_BYTES = 160 };

void metric_family(struct buf *out, const char *name, const char *type,
                   const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* %.15g: exact for whole numbers, no noise in others. */
void metric_value(struct buf *out, const char *name, const char *labels,
                  double value)
{
    if (labels)
        buf_printf(out, "%s{%s} %.15g\n", name, labels, value);
    else
        buf_printf(out, "%s %.15g\n", name, value);
}

/* A family of one value. */
static void write_single(struct buf *out, const char *name, const char *type,
                         const char *help, double value)
{
    metric_family(out, name, type, help);
    metric_value(out, name, NULL, value);
}

/* A value with one label. */
static void write_labelled(struct buf *out, const char *name, const char *label,
                           const char *label_value, uint64_t value)
{
    char labels[LABEL_BYTES];
    snprintf(labels, sizeof(labels), "%s=\"%s\"", label, label_value);
    metric_value(out, name, labels, (double)value);
}

/* As other programs do it, so that versions can be joined to all else. */
static void write_build(struct buf *out)
{
    metric_family(out, "handshake_build_info", "gauge",
                  "Always 1; the label tells the version.");
    write_labelled(out, "handshake_build_info", "version", HANDSHAKE_VERSION,
                   1);
}

/* Ways in which no run ended yet are left out: there may be sixty scenarios
 * with ten ways each. */
static void write_ends(struct buf *out, const struct scenario_census *row)
{
    char labels[LABEL_BYTES];
    for (enum verdict_code v = VERDICT_NONE; v < VERDICT_COUNT; v++) {
        if (row->ends[v] == 0)
            continue;
        snprintf(labels, sizeof(labels), "scenario=\"%s\",outcome=\"%s\"",
                 row->id[0] ? row->id : "own", verdict_name(v));
        metric_value(out, "handshake_runs_total", labels, (double)row->ends[v]);
    }
}

/* Kept are those that can still be asked for. */
static void write_runs(struct buf *out, const struct run_census *census,
                       size_t memory_limit)
{
    metric_family(out, "handshake_runs_total", "counter",
                  "Runs that are over, by scenario (own: sent along with the "
                  "request) and verdict.");
    for (size_t i = 0; i < census->scenario_count; i++)
        write_ends(out, &census->scenarios[i]);
    write_single(out, "handshake_runs_alive", "gauge", "Runs alive now.",
                 (double)census->alive);
    write_single(out, "handshake_runs_kept", "gauge",
                 "Runs that are over and kept now.", (double)census->kept);
    write_single(out, "handshake_run_log_bytes", "gauge",
                 "Memory of all runs' logs now.", (double)census->log_bytes);
    write_single(out, "handshake_run_memory_bytes", "gauge",
                 "Memory of all runs now, with their JSON and copies on the "
                 "wire.",
                 (double)census->memory_bytes);
    write_single(out, "handshake_run_memory_limit_bytes", "gauge",
                 "The most that memory can come to (--max-memory).",
                 (double)memory_limit);
}

/* Every series from the start, so that the first drop shows as a rise. */
static void write_copies(struct buf *out, const struct run_counts *counts)
{
    char labels[LABEL_BYTES];
    metric_family(out, "handshake_copies_total", "counter",
                  "What became of copies of segments in runs that are over, "
                  "and who decided.");
    for (enum fate f = 0; f < FATE_COUNT; f++) {
        for (enum decider by = 0; by < DECIDER_COUNT; by++) {
            snprintf(labels, sizeof(labels), "fate=\"%s\",by=\"%s\"",
                     fate_name(f), decider_name(by));
            metric_value(out, "handshake_copies_total", labels,
                         (double)counts->copies[f][by]);
        }
    }
}

/* What passed, was called and was written down. */
static void write_counts(struct buf *out, const struct run_counts *counts)
{
    metric_family(out, "handshake_segments_total", "counter",
                  "Segments in runs that are over, by who made them.");
    write_labelled(out, "handshake_segments_total", "origin", "kernel",
                   counts->segments[0]);
    write_labelled(out, "handshake_segments_total", "origin", "forged",
                   counts->segments[1]);
    write_copies(out, counts);
    metric_family(out, "handshake_calls_total", "counter",
                  "System calls of hosts in runs that are over.");
    write_labelled(out, "handshake_calls_total", "result", "ok",
                   counts->calls[0]);
    write_labelled(out, "handshake_calls_total", "result", "error",
                   counts->calls[1]);
    metric_family(out, "handshake_events_total", "counter",
                  "Events in runs that are over, by kind.");
    for (enum event_kind k = 0; k < EVENT_KIND_COUNT; k++)
        write_labelled(out, "handshake_events_total", "kind",
                       event_kind_name(k), counts->events[k]);
}

/* Events are counted once for each viewer they went to. */
static void write_viewers(struct buf *out, struct http *http)
{
    write_single(out, "handshake_viewers", "gauge", "Event streams open now.",
                 (double)waiters_viewers(&http->waiters));
    write_single(out, "handshake_viewers_total", "counter",
                 "Event streams begun.", (double)http->stats.viewers);
    write_single(out, "handshake_viewer_events_total", "counter",
                 "Events sent to viewers.", (double)http->stats.events);
}

/* conns.c tells what late means. */
static void write_connections(struct buf *out, struct http *http)
{
    static const char *const late[] = {[CONN_REQUEST] = "request",
                                       [CONN_ANSWER] = "answer",
                                       [CONN_VIEWER] = "viewer"};
    struct conns *conns = &http->conns;
    write_single(out, "handshake_http_connections", "gauge",
                 "Connections open now.", (double)atomic_load(&conns->open));
    write_single(out, "handshake_http_connections_total", "counter",
                 "Connections opened.", (double)atomic_load(&conns->opened));
    write_single(out, "handshake_http_connections_refused_total", "counter",
                 "Connections refused because their address had too many.",
                 (double)atomic_load(&conns->refused));
    write_single(out, "handshake_http_connections_displaced_total", "counter",
                 "Connections ended to make room for an address with fewer.",
                 (double)atomic_load(&conns->displaced));
    metric_family(out, "handshake_http_connections_late_total", "counter",
                  "Connections ended because a request did not come, an "
                  "answer was not taken or a viewer fell behind.");
    for (enum conn_step s = CONN_REQUEST; s < CONN_STEP_COUNT; s++)
        write_labelled(out, "handshake_http_connections_late_total", "reason",
                       late[s], atomic_load(&conns->cut[s]));
    write_single(out, "handshake_http_replays_total", "counter",
                 "Requests whose Idempotency-Key was known.",
                 (double)http->stats.replays);
}

/* The census is copied out of the registry, whose lock is held for that alone.
 */
enum MHD_Result handle_metrics(struct request *req)
{
    struct buf body;
    struct run_census *census = malloc(sizeof(*census));
    if (!census)
        return respond(req, MHD_HTTP_INTERNAL_SERVER_ERROR, NULL);
    registry_census(req->http->reg, census);
    buf_init(&body, METRICS_BYTES);
    write_build(&body);
    write_runs(&body, census, registry_get_limits(req->http->reg).max_bytes);
    write_counts(&body, &census->counts);
    free(census);
    write_viewers(&body, req->http);
    write_connections(&body, req->http);
    stats_write(&req->http->stats, &body);
    process_write(&body);
    return respond(
        req, MHD_HTTP_OK,
        reply_text(req, "text/plain; version=0.0.4; charset=utf-8", &body));
}

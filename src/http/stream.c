/* stream.c - the events of a run as they happen: server-sent events, or one
 * JSON line an event (NDJSON).
 *
 * A viewer is a position in the run's log, nothing more: it pulls event by
 * event from the shared feed, at the pace at which its client reads, and
 * sleeps (waiters.c) when it has read all there is. So a viewer that does not
 * read holds up nobody, and one that comes back with Last-Event-ID goes on
 * where it stopped.
 *
 * An event is sent as a block of up to three pieces, "id: 7\ndata: ", the line
 * and an empty line; the pieces are copied out as room allows, for a block may
 * be longer than any buffer of a connection. */
#include "http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_PIECES = 3,
    STREAM_HEAD_BYTES = 32,
    HTTP10_BUFFER_BYTES = 512 /* libmicrohttpd's, where it cannot use chunks */
};

/* One viewer. Freed with its answer, which holds it. */
struct stream {
    struct http *http; /* (borrowed) */
    struct run *run;   /* (owned reference) */
    struct feed *feed; /* (borrowed from run) */
    struct conn *its;  /* (borrowed) the connection's, or NULL */
    struct waiter waiter;
    bool ndjson;      /* else server-sent events */
    bool begun;       /* the opening block was made */
    bool finished;    /* the closing block was made */
    bool broken;      /* out of memory: the client has to come back */
    uint32_t next_id; /* first event not yet sent */
    char head[STREAM_HEAD_BYTES];
    struct piece block[BLOCK_PIECES]; /* what is being sent */
    size_t piece;                     /* BLOCK_PIECES when all was sent */
};

/* What has no event of its own, all for EventSource: how soon to come back
 * when the connection breaks, a sign of life, and that nothing will follow. */
static const char sse_opening[] = "retry: 1000\n\n";
static const char sse_heartbeat[] = ": still here\n\n";
static const char sse_closing[] = "event: end\ndata: {}\n\n";

/* Take a block in hand; its texts must stay until it is sent. */
static void set_block(struct stream *s, const char *head, struct piece line,
                      const char *tail)
{
    s->block[0] = (struct piece){head, strlen(head)};
    s->block[1] = line;
    s->block[2] = (struct piece){tail, strlen(tail)};
    s->piece = 0;
}

/* A block of SSE that is no event; NDJSON has none. */
static bool set_note(struct stream *s, const char *note)
{
    if (s->ndjson)
        return false;
    set_block(s, note, (struct piece){0}, "");
    return true;
}

/* The next event as a block. The feed keeps its line as long as the run. */
static bool set_event(struct stream *s)
{
    struct piece line;
    line.at = feed_line(s->feed, s->next_id, &line.len);
    if (!line.at) {
        s->broken = true;
        return false;
    }
    snprintf(s->head, sizeof(s->head), "id: %u\ndata: ", s->next_id);
    set_block(s, s->ndjson ? "" : s->head, line, s->ndjson ? "\n" : "\n\n");
    s->next_id++;
    s->http->stats.events++;
    return true;
}

/* Put the next block in hand; false when there is none now. */
static bool next_block(struct stream *s)
{
    if (!s->begun) {
        s->begun = true;
        if (set_note(s, sse_opening))
            return true;
    }
    if (s->finished || s->broken)
        return false;
    /* The end is asked for first: all that precedes it is then counted. */
    const struct runlog *log = run_log(s->run);
    bool ended = runlog_ended(log);
    if (s->next_id <= runlog_count(log))
        return set_event(s);
    if (ended) {
        s->finished = true;
        return set_note(s, sse_closing);
    }
    return atomic_exchange(&s->waiter.beat, false) &&
           set_note(s, sse_heartbeat);
}

/* Copy what fits of the block in hand; 0 when none is left of it. */
static size_t copy_out(struct stream *s, char *to, size_t room)
{
    size_t copied = 0;
    while (copied < room && s->piece < BLOCK_PIECES) {
        struct piece *p = &s->block[s->piece];
        size_t n = p->len < room - copied ? p->len : room - copied;
        if (n > 0)
            memcpy(to + copied, p->at, n);
        copied += n;
        p->at += n;
        p->len -= n;
        if (p->len == 0)
            s->piece++;
    }
    return copied;
}

/* Several blocks at once when there is room: a viewer that comes late catches
 * up in few packets. */
static size_t fill(struct stream *s, char *to, size_t room)
{
    size_t filled = 0;
    while (filled < room) {
        if (s->piece == BLOCK_PIECES && !next_block(s))
            break;
        filled += copy_out(s, to + filled, room - filled);
    }
    return filled;
}

/* libmicrohttpd asks for up to max bytes. 0 is only ever returned after the
 * connection was suspended, or it would ask again at once, for ever. */
static ssize_t stream_read(void *cls, uint64_t pos, char *to, size_t max)
{
    struct stream *s = cls;
    struct waiters *waiters = &s->http->waiters;
    (void)pos;
    for (;;) {
        size_t n = fill(s, to, max);
        if (n > 0) {
            conn_took(s->its, CONN_VIEWER, n); /* behind, at least since now */
            return (ssize_t)n;
        }
        if (s->broken)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (s->finished || waiters_stopping(waiters))
            return MHD_CONTENT_READER_END_OF_STREAM;
        s->waiter.want_id = s->next_id;
        conn_expect(s->its, CONN_FREE);
        if (waiters_sleep(waiters, &s->waiter))
            return 0;
    }
}

/* The answer is gone: sent, or its client left, or the server stops. */
static void stream_free(void *cls)
{
    struct stream *s = cls;
    waiters_leave(&s->http->waiters, true);
    run_watch(s->run, false);
    run_put(s->run);
    free(s);
}

/* The last event the client has: Last-Event-ID, which a browser sends when it
 * comes back, or ?after=N. False when it is no number. */
static bool last_seen(const struct request *req, uint32_t *ret_id)
{
    const char *text = request_header(req, "Last-Event-ID");
    if (!text)
        text = MHD_lookup_connection_value(req->conn, MHD_GET_ARGUMENT_KIND,
                                           "after");
    *ret_id = 0;
    return !text || (parse_u32(text, ret_id) && *ret_id < UINT32_MAX);
}

/* A stream that owns one reference to run; NULL when there is no room. */
static struct stream *stream_new(struct request *req, struct run *run)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->http = req->http;
    s->feed = feed_of(run);
    s->its = req->its;
    s->piece = BLOCK_PIECES;
    s->waiter.conn = req->conn;
    s->waiter.log = run_log(run);
    s->waiter.wants_beat = true;
    if (!s->feed || !waiters_enter(&req->http->waiters, true)) {
        free(s);
        return NULL;
    }
    s->run = run_ref(run);
    run_watch(run, true);
    req->http->stats.viewers++;
    return s;
}

/* Viewers have a bound of their own, below that of connections, so that there
 * is always somebody to say so. */
static enum MHD_Result refuse_viewer(struct request *req)
{
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_SERVICE_UNAVAILABLE,
        "%zu viewers are watching, which is all this server takes; close one "
        "or try again later. GET /api/runs/%s needs no stream.",
        req->http->waiters.max_viewers, req->params.id);
    reply_header(reply, "Retry-After", "5");
    return respond(req, MHD_HTTP_SERVICE_UNAVAILABLE, reply);
}

static enum MHD_Result respond_stream(struct request *req,
                                      struct MHD_Response *reply, bool ndjson)
{
    reply_header(reply, "Content-Type",
                 ndjson ? "application/x-ndjson" : "text/event-stream");
    reply_header(reply, "Cache-Control", "no-store");
    /* A proxy in between shall pass events on, not collect them. */
    reply_header(reply, "X-Accel-Buffering", "no");
    return respond_data(req, MHD_HTTP_OK, reply);
}

static enum MHD_Result begin_stream(struct request *req, struct run *run,
                                    bool ndjson, uint32_t next_id)
{
    struct stream *s = stream_new(req, run);
    if (!s)
        return refuse_viewer(req);
    s->ndjson = ndjson;
    s->next_id = next_id;
    struct MHD_Response *reply = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, HTTP10_BUFFER_BYTES, stream_read, s, stream_free);
    if (!reply)
        stream_free(s);
    return respond_stream(req, reply, ndjson);
}

/* HEAD of a stream: libmicrohttpd would send the last chunk of a body that
 * must not be there, so it gets an answer of its own. */
static enum MHD_Result head_of_stream(struct request *req, bool ndjson)
{
    struct MHD_Response *reply =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return respond_stream(req, reply, ndjson);
}

/* Check what was asked for, then begin. */
static enum MHD_Result stream_run(struct request *req, struct run *run)
{
    const char *accept = request_header(req, "Accept");
    unsigned sse = negotiate_rank(accept, "text/event-stream");
    unsigned ndjson = negotiate_rank(accept, "application/x-ndjson");
    uint32_t seen;
    if (sse == 0 && ndjson == 0)
        return respond_problem(req, MHD_HTTP_NOT_ACCEPTABLE,
                               "Events come as text/event-stream or "
                               "application/x-ndjson; accept one of them.");
    if (!last_seen(req, &seen))
        return respond_problem(req, MHD_HTTP_BAD_REQUEST,
                               "Last-Event-ID and ?after= take the number of "
                               "the last event seen.");
    if (strcmp(req->method, "HEAD") == 0)
        return head_of_stream(req, ndjson > sse);
    return begin_stream(req, run, ndjson > sse, seen + 1);
}

enum MHD_Result handle_stream(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_to_read(req, &result);
    if (!run)
        return result;
    result = stream_run(req, run);
    run_put(run);
    return result;
}

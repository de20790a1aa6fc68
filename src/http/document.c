/* document.c - a whole run as one JSON document, made while it is sent.
 *
 * A run may have tens of thousands of events. Its document is never in memory
 * as a whole: libmicrohttpd asks for as much as its client takes, and gets the
 * head, then event after event from the feed that all readers share, then the
 * closing brackets; compressed on the way where the client takes gzip. So
 * neither does a large run hold up others nor does a slow reader cost more
 * than its place.
 *
 * How many events there are is decided at the beginning, so that phase, verdict
 * and events agree. The document of a run that has ended never changes and has
 * an ETag. */
#include "http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_MAX_BYTES = 256 * 1024, /* all but the events */
    BLOCK_BYTES = 16 * 1024      /* for HTTP/1.0, which knows no chunks */
};

/* One document on its way. Freed with its answer, which holds it. */
struct document {
    struct run *run;   /* (owned reference) */
    struct conn *its;  /* (borrowed) the connection's, or NULL */
    struct feed *feed; /* (borrowed from run) */
    struct gzip *gzip; /* (owned) or NULL */
    struct buf head;
    uint32_t count;               /* events it will have */
    uint32_t next_id;             /* the first not yet in hand */
    struct piece piece;           /* in hand */
    char tail[SECRET_BYTES + 16]; /* what closes it */
    bool comma;                   /* one comes before the next event */
    bool closed;                  /* the brackets are in hand, or gone */
    bool packed;                  /* gzip's last byte is out */
    bool broken;                  /* an event found no memory */
};

static void document_free(void *cls)
{
    struct document *d = cls;
    buf_done(&d->head);
    gzip_free(d->gzip);
    run_put(d->run);
    free(d);
}

/* Take the next piece in hand; false when there is none, or no memory. */
static bool next_piece(struct document *d)
{
    if (d->closed || d->broken)
        return false;
    if (d->next_id > d->count) {
        d->closed = true;
        d->piece = (struct piece){d->tail, strlen(d->tail)};
        return true;
    }
    if (d->comma) {
        d->comma = false;
        d->piece = (struct piece){",", 1};
        return true;
    }
    d->piece.at = feed_line(d->feed, d->next_id, &d->piece.len);
    d->next_id++;
    d->comma = d->next_id <= d->count;
    d->broken = d->piece.at == NULL;
    return !d->broken;
}

/* Bytes for `to` as they are. */
static size_t fill_plain(struct document *d, char *to, size_t room)
{
    size_t filled = 0;
    while (filled < room && (d->piece.len > 0 || next_piece(d))) {
        size_t n = d->piece.len < room - filled ? d->piece.len : room - filled;
        memcpy(to + filled, d->piece.at, n);
        filled += n;
        d->piece.at += n;
        d->piece.len -= n;
    }
    return filled;
}

/* The same compressed: zlib gives nothing for a while, then much. */
static size_t fill_packed(struct document *d, char *to, size_t room)
{
    size_t filled = 0;
    while (filled < room && !d->packed) {
        size_t made = 0;
        if (d->piece.len == 0 && !next_piece(d) && d->broken)
            break;
        d->packed = gzip_step(d->gzip, &d->piece, d->closed, to + filled,
                              room - filled, &made);
        filled += made;
    }
    return filled;
}

/* For libmicrohttpd. Nothing to give means that all was given. */
static ssize_t document_read(void *cls, uint64_t pos, char *to, size_t max)
{
    struct document *d = cls;
    (void)pos;
    size_t n = d->gzip ? fill_packed(d, to, max) : fill_plain(d, to, max);
    conn_took(d->its, CONN_ANSWER, n);
    if (n > 0)
        return (ssize_t)n;
    return d->broken ? MHD_CONTENT_READER_END_WITH_ERROR
                     : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct document *document_new(const struct request *req, struct run *run,
                                     bool gzip, bool with_key)
{
    struct document *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->run = run_ref(run);
    d->its = req->its;
    d->feed = feed_of(run);
    d->next_id = 1;
    if (with_key)
        snprintf(d->tail, sizeof(d->tail), "],\"key\":\"%s\"}", run_key(run));
    else
        snprintf(d->tail, sizeof(d->tail), "]}");
    buf_init(&d->head, HEAD_MAX_BYTES);
    d->count = json_run_head(run, &d->head);
    d->piece = (struct piece){buf_text(&d->head), d->head.len};
    if (gzip)
        d->gzip = gzip_new();
    if (d->feed && !d->head.failed && (d->gzip || !gzip))
        return d;
    document_free(d);
    return NULL;
}

/* The tag of a run that has ended: its id could come again after a restart, the
 * time of its begin cannot. */
static void document_etag(struct run *run, bool gzip, char ret_etag[ETAG_BYTES])
{
    const struct event *begin = runlog_get(run_log(run), 1);
    uint64_t wall_ns = begin ? begin->run.wall_ns : 0;
    snprintf(ret_etag, ETAG_BYTES, "\"%s-%llx%s\"", run_id(run),
             (unsigned long long)wall_ns, gzip ? "-gz" : "");
}

/* HEAD gets an answer of its own: libmicrohttpd would send the last chunk of a
 * body that must not be there. */
static struct MHD_Response *
make_reply(const struct request *req, struct run *run, bool gzip, bool with_key)
{
    if (strcmp(req->method, "HEAD") == 0)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    struct document *d = document_new(req, run, gzip, with_key);
    if (!d)
        return NULL;
    struct MHD_Response *reply = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, document_read, d, document_free);
    if (!reply)
        document_free(d);
    return reply;
}

/* tag: of a run that has ended, else NULL. */
static struct MHD_Response *reply_document(const struct request *req,
                                           struct run *run, const char *tag,
                                           bool with_key)
{
    bool gzip = request_takes_gzip(req);
    struct MHD_Response *reply = make_reply(req, run, gzip, with_key);
    reply_header(reply, "Content-Type", "application/json");
    if (gzip)
        reply_header(reply, "Content-Encoding", "gzip");
    if (tag) {
        reply_etag(reply, tag);
    } else {
        reply_header(reply, "Cache-Control", "no-store");
        reply_header(reply, "Vary", "Accept-Encoding");
    }
    return reply;
}

struct MHD_Response *reply_run_whole(const struct request *req, struct run *run)
{
    return reply_document(req, run, NULL, true);
}

enum MHD_Result respond_document(struct request *req, struct run *run)
{
    char etag[ETAG_BYTES];
    if (!runlog_ended(run_log(run)))
        return respond(req, MHD_HTTP_OK, reply_document(req, run, NULL, false));
    document_etag(run, request_takes_gzip(req), etag);
    if (negotiate_etag(request_header(req, "If-None-Match"), etag))
        return respond_unchanged(req, etag);
    return respond(req, MHD_HTTP_OK, reply_document(req, run, etag, false));
}

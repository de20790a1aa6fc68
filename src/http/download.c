/* download.c - a run as a file: capture, picture, text, document.
 *
 * A run that still goes on gives what there is so far. Captures and texts are
 * made while they are sent, chunk by chunk as the client takes them, so that a
 * large run and a slow client cost no more memory than a small one. */
#include "http_internal.h"

#include "handshake/capture.h"
#include "handshake/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_COLUMNS = 100,
    TEXT_CHUNK_EVENTS = 64,
    TEXT_CHUNK_BYTES = 16 * 1024 * 1024,
    PICTURE_BYTES = 16 * 1024 * 1024,
    ABOUT_BYTES = 8192,
    FILE_NAME_BYTES = 128,
    DOWNLOAD_BUFFER_BYTES = 16 * 1024 /* libmicrohttpd's */
};

struct format;

/* One file on its way. Freed with its answer, which holds it. */
struct download {
    const struct format *format;
    struct run *run;  /* (owned reference) */
    struct conn *its; /* (borrowed) the connection's, or NULL */
    uint32_t count;   /* events, when it was asked for */
    bool ended;       /* the run had ended by then */
    bool broken; /* out of memory: the client gets half a file, and knows */
    struct capture_writer *writer; /* (owned) pcapng */
    struct ladder *ladder;         /* (owned) text; NULL when it is through */
    uint32_t next_id;              /* text, document */
    struct buf chunk;              /* made */
    size_t sent;                   /* of it */
};

/* How a format is made: begin once, then next until it returns false; both put
 * into d->chunk. begin returns false when memory ran out. */
struct format {
    const char *suffix, *type;
    bool (*begin)(struct download *d);
    bool (*next)(struct download *d);
};

/* --- pcapng -------------------------------------------------------------- */

/* The writer keeps to the events that are there now. */
static bool begin_capture(struct download *d)
{
    struct buf about;
    struct feed *feed = feed_of(d->run);
    buf_init(&about, ABOUT_BYTES);
    capture_about(run_scenario(d->run), &about);
    if (feed)
        d->writer = capture_writer_new(run_log(d->run), feed, buf_text(&about));
    buf_done(&about);
    buf_init(&d->chunk, CAPTURE_BUFFER_BYTES);
    return d->writer != NULL;
}

/* About CAPTURE_CHUNK_BYTES at a time. */
static bool next_capture(struct download *d)
{
    bool more = capture_writer_next(d->writer, &d->chunk);
    d->broken = capture_writer_failed(d->writer);
    return more;
}

/* --- text ---------------------------------------------------------------- */

/* As wide as most windows for text, without colours. */
static bool begin_text(struct download *d)
{
    const struct scenario *sc = run_scenario(d->run);
    const struct ladder_options look = {.columns = TEXT_COLUMNS};
    d->ladder = ladder_new(look);
    d->next_id = 1;
    buf_init(&d->chunk, TEXT_CHUNK_BYTES);
    ladder_title(look, sc->title, sc->id, sc->summary, &d->chunk);
    return d->ladder != NULL;
}

/* Some events at a time; at the end what the ladder has kept back. */
static bool next_text(struct download *d)
{
    if (!d->ladder)
        return false;
    for (int i = 0; i < TEXT_CHUNK_EVENTS && d->next_id <= d->count; i++)
        ladder_add(d->ladder, runlog_get(run_log(d->run), d->next_id++),
                   &d->chunk);
    if (d->next_id > d->count) {
        ladder_flush(d->ladder, &d->chunk);
        ladder_free(d->ladder);
        d->ladder = NULL;
        if (!d->ended)
            buf_str(&d->chunk, "\nThe run was still going on here.\n");
    }
    d->broken = d->chunk.failed;
    return !d->broken;
}

/* --- document ------------------------------------------------------------ */

static bool begin_document(struct download *d)
{
    buf_init(&d->chunk, HTTP_ANSWER_BYTES);
    d->next_id = 1;
    d->count = json_run_head(d->run, &d->chunk);
    return !d->chunk.failed && feed_of(d->run);
}

/* Behind the last event come the brackets, and behind them nothing. */
static bool next_document(struct download *d)
{
    if (d->next_id > d->count) {
        bool closing = d->next_id == d->count + 1;
        buf_str(&d->chunk, closing ? "]}" : "");
        d->next_id = d->count + 2;
        return closing;
    }
    size_t len = 0;
    const char *line = feed_line(feed_of(d->run), d->next_id, &len);
    buf_str(&d->chunk, d->next_id > 1 ? "," : "");
    if (line)
        buf_append(&d->chunk, line, len);
    d->next_id++;
    d->broken = !line || d->chunk.failed;
    return !d->broken;
}

/* --- picture ------------------------------------------------------------- */

/* A picture has a bound of its own (DIAGRAM_MAX_MARKS), so it is made whole. */
static bool begin_picture(struct download *d)
{
    struct feed *feed = feed_of(d->run);
    buf_init(&d->chunk, PICTURE_BYTES);
    if (feed)
        diagram_svg(run_log(d->run), feed, run_scenario(d->run)->title,
                    &d->chunk);
    return feed && !d->chunk.failed;
}

/* It was made at once. */
static bool next_none(struct download *d)
{
    (void)d;
    return false;
}

static const struct format formats[] = {
    {".pcapng", "application/x-pcapng", begin_capture, next_capture},
    {".svg", "image/svg+xml", begin_picture, next_none},
    {".txt", "text/plain; charset=utf-8", begin_text, next_text},
    {".json", "application/json", begin_document, next_document},
};

/* The routes have no other endings. */
static const struct format *format_of(const char *path)
{
    const char *suffix = strrchr(path, '.');
    for (size_t i = 0; suffix && i < sizeof(formats) / sizeof(*formats); i++)
        if (strcmp(formats[i].suffix, suffix) == 0)
            return &formats[i];
    return NULL;
}

/* --- sending ------------------------------------------------------------- */

/* The answer is gone: sent, or its client left. */
static void download_free(void *cls)
{
    struct download *d = cls;
    capture_writer_free(d->writer);
    ladder_free(d->ladder);
    buf_done(&d->chunk);
    run_put(d->run);
    free(d);
}

/* Takes its own reference to run. NULL when memory runs out. */
static struct download *download_new(const struct request *req, struct run *run,
                                     const struct format *format)
{
    struct download *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->format = format;
    d->run = run_ref(run);
    d->its = req->its;
    /* The end is asked for first: all that precedes it is then counted. */
    d->ended = runlog_ended(run_log(run));
    d->count = runlog_count(run_log(run));
    if (format->begin(d))
        return d;
    download_free(d);
    return NULL;
}

/* libmicrohttpd asks for up to max bytes. */
static ssize_t download_read(void *cls, uint64_t pos, char *to, size_t max)
{
    struct download *d = cls;
    (void)pos;
    while (d->sent == d->chunk.len) {
        buf_reset(&d->chunk);
        d->sent = 0;
        if (!d->format->next(d))
            return d->broken ? MHD_CONTENT_READER_END_WITH_ERROR
                             : MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t n = d->chunk.len - d->sent;
    if (n > max)
        n = max;
    memcpy(to, d->chunk.data + d->sent, n);
    d->sent += n;
    conn_took(d->its, CONN_ANSWER, n);
    return (ssize_t)n;
}

/* "handshake-syn-lost-k3x9.pcapng"; ids are letters, digits, '-' and '_'. */
static void add_name(struct MHD_Response *reply, struct run *run,
                     const struct format *format)
{
    char value[FILE_NAME_BYTES];
    snprintf(value, sizeof(value), "attachment; filename=\"handshake-%s-%s%s\"",
             run_scenario(run)->id, run_id(run), format->suffix);
    reply_header(reply, "Content-Disposition", value);
}

/* HEAD gets an answer without a body, for the reason that a stream has. */
static struct MHD_Response *reply_download(const struct request *req,
                                           struct run *run,
                                           const struct format *format)
{
    if (strcmp(req->method, "HEAD") == 0)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    struct download *d = download_new(req, run, format);
    struct MHD_Response *reply =
        d ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
                                              DOWNLOAD_BUFFER_BYTES,
                                              download_read, d, download_free)
          : NULL;
    if (!reply && d)
        download_free(d);
    if (!reply)
        http_log("a download found no memory");
    return reply;
}

enum MHD_Result handle_download(struct request *req)
{
    enum MHD_Result result;
    const struct format *format = format_of(req->path);
    struct run *run = run_to_read(req, &result);
    if (!run)
        return result;
    struct MHD_Response *reply = reply_download(req, run, format);
    reply_header(reply, "Content-Type", format->type);
    reply_header(reply, "Cache-Control", "no-store");
    add_name(reply, run, format);
    result = respond(req, MHD_HTTP_OK, reply);
    run_put(run);
    return result;
}

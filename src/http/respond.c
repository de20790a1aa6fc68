/* respond.c - the only way out: headers that every answer has, JSON (shorter
 * by gzip where the client takes it) and RFC 9457 problems.
 *
 * Answers that libmicrohttpd makes by itself, to requests too broken to reach
 * us (400, 414, 431), do not pass here; they are fixed texts. */
#include "http_internal.h"

#include "handshake/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    /* What fits one packet is not worth compressing. */
    GZIP_LEAST_BYTES = 1400
};

/* What the page may load: only what this server sends (and pictures it makes
 * itself, for downloads). Nobody may frame it or read it from elsewhere. */
static const char *const secure_headers[][2] = {
    /* for whatever is sent; SECURE_DATA of them */
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    /* for what can be shown */
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; "
     "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

enum {
    SECURE_DATA = 2,
    SECURE_ALL = sizeof(secure_headers) / sizeof(*secure_headers)
};

void http_log(const char *fmt, ...)
{
    char line[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    log_write(LOG_LEVEL_WARN, "http", "%s", line);
}

void reply_header(struct MHD_Response *reply, const char *name,
                  const char *value)
{
    if (reply)
        MHD_add_response_header(reply, name, value);
}

/* A header that finds no memory is left out; the answer goes out all the same,
 * for the next allocation would fail too and close the connection. */
static void add_secure(struct MHD_Response *reply, size_t count)
{
    for (size_t i = 0; i < count; i++)
        reply_header(reply, secure_headers[i][0], secure_headers[i][1]);
}

void reply_secure(struct MHD_Response *reply)
{
    add_secure(reply, SECURE_ALL);
}

void reply_secure_data(struct MHD_Response *reply)
{
    add_secure(reply, SECURE_DATA);
}

/* An answer of the given type out of body, whose content it takes. */
static struct MHD_Response *reply_of(struct buf *body, const char *type)
{
    size_t len = body->len;
    char *data = buf_take(body);
    if (!data)
        return NULL;
    struct MHD_Response *reply =
        MHD_create_response_from_buffer(len, data, MHD_RESPMEM_MUST_FREE);
    if (!reply)
        free(data);
    reply_header(reply, "Content-Type", type);
    return reply;
}

bool request_takes_gzip(const struct request *req)
{
    /* Who does not say what it accepts gets the answer as it is. */
    const char *accept = request_header(req, "Accept-Encoding");
    return accept && negotiate_rank(accept, "gzip") > 0;
}

/* Put what gzip makes of body in its place. Returns whether it did. */
static bool shorten(const struct request *req, struct buf *body)
{
    struct buf gz;
    if (body->len < GZIP_LEAST_BYTES || !request_takes_gzip(req) ||
        !gzip_all(body, false, &gz))
        return false;
    buf_done(body);
    *body = gz;
    return true;
}

/* Both kinds of text answers; *ret_gzip tells which encoding it became. */
static struct MHD_Response *reply_any(const struct request *req,
                                      const char *type, struct buf *body,
                                      bool *ret_gzip)
{
    bool too_long = body->failed;
    bool long_enough = body->len >= GZIP_LEAST_BYTES;
    *ret_gzip = shorten(req, body);
    struct MHD_Response *reply = reply_of(body, type);
    if (!reply)
        http_log("an answer %s", too_long ? "did not fit its bound or memory"
                                          : "found no memory");
    if (*ret_gzip)
        reply_header(reply, "Content-Encoding", "gzip");
    if (long_enough)
        reply_header(reply, "Vary", "Accept-Encoding");
    return reply;
}

struct MHD_Response *reply_text(const struct request *req, const char *type,
                                struct buf *body)
{
    bool gzip;
    struct MHD_Response *reply = reply_any(req, type, body, &gzip);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

struct MHD_Response *reply_json(const struct request *req, struct buf *body)
{
    return reply_text(req, "application/json", body);
}

void reply_etag(struct MHD_Response *reply, const char *etag)
{
    reply_header(reply, "ETag", etag);
    reply_header(reply, "Cache-Control", "no-cache");
    reply_header(reply, "Vary", "Accept-Encoding");
}

enum MHD_Result respond_unchanged(struct request *req, const char *etag)
{
    struct MHD_Response *reply =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    reply_etag(reply, etag);
    return respond(req, MHD_HTTP_NOT_MODIFIED, reply);
}

/* Whether it is compressed is part of the tag, and decided by its length, so
 * it has to be made before it can be compared. */
enum MHD_Result respond_tagged(struct request *req, const char *type,
                               struct buf *body)
{
    char etag[ETAG_BYTES];
    bool gzip;
    uint64_t hash = etag_hash(body->data, body->len);
    struct MHD_Response *reply = reply_any(req, type, body, &gzip);
    snprintf(etag, sizeof(etag), "\"%016llx%s\"", (unsigned long long)hash,
             gzip ? "-gz" : "");
    if (reply && negotiate_etag(request_header(req, "If-None-Match"), etag)) {
        MHD_destroy_response(reply);
        return respond_unchanged(req, etag);
    }
    if (reply)
        MHD_del_response_header(reply, "Vary", "Accept-Encoding");
    reply_etag(reply, etag);
    return respond(req, MHD_HTTP_OK, reply);
}

struct MHD_Response *reply_faults(unsigned status, const char *detail,
                                  const struct json_faults *faults)
{
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    json_problem(&body, (int)status, MHD_get_reason_phrase_for(status), detail,
                 faults);
    struct MHD_Response *reply = reply_of(&body, "application/problem+json");
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

/* Room for the longest sentence of struct err and a few words around it; more
 * is cut. */
static struct MHD_Response *reply_vproblem(unsigned status, const char *fmt,
                                           va_list args)
{
    char detail[ERR_TEXT_BYTES + 200];
    vsnprintf(detail, sizeof(detail), fmt, args);
    return reply_faults(status, detail, NULL);
}

struct MHD_Response *reply_problem(unsigned status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct MHD_Response *reply = reply_vproblem(status, fmt, args);
    va_end(args);
    return reply;
}

/* The last resort is a short problem; should even that find no memory, closing
 * the connection is all that is left to say. */
static enum MHD_Result send_secured(struct request *req, unsigned status,
                                    struct MHD_Response *reply, size_t headers)
{
    if (!reply) {
        status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        reply = reply_problem(status, "The server ran out of room for this "
                                      "answer; its log says more.");
    }
    if (!reply)
        return MHD_NO; /* not even that: the connection is closed */
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE &&
        !MHD_get_response_header(reply, "Retry-After"))
        reply_header(reply, "Retry-After", "5");
    /* Lines between chunks are libmicrohttpd's alone to read: whatever follows
     * them is not taken for another request. */
    if (request_header(req, "Transfer-Encoding"))
        reply_header(reply, "Connection", "close");
    add_secure(reply, headers);
    enum MHD_Result r = respond_kept(req, status, reply);
    MHD_destroy_response(reply);
    return r;
}

enum MHD_Result respond(struct request *req, unsigned status,
                        struct MHD_Response *reply)
{
    return send_secured(req, status, reply, SECURE_ALL);
}

enum MHD_Result respond_data(struct request *req, unsigned status,
                             struct MHD_Response *reply)
{
    return send_secured(req, status, reply, SECURE_DATA);
}

enum MHD_Result respond_kept(struct request *req, unsigned status,
                             struct MHD_Response *reply)
{
    conn_expect(req->its, CONN_ANSWER);
    stats_count(req, status);
    return MHD_queue_response(req->conn, status, reply);
}

enum MHD_Result respond_stopping(struct request *req)
{
    struct MHD_Response *reply =
        reply_problem(MHD_HTTP_SERVICE_UNAVAILABLE,
                      "The server is stopping; ask again when it is back.");
    return respond(req, MHD_HTTP_SERVICE_UNAVAILABLE, reply);
}

enum MHD_Result respond_nothing(struct request *req, unsigned status)
{
    return respond(
        req, status,
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result respond_problem(struct request *req, unsigned status,
                                const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct MHD_Response *reply = reply_vproblem(status, fmt, args);
    va_end(args);
    return respond(req, status, reply);
}

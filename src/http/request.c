/* request.c - one HTTP request from its first byte to its last.
 *
 * libmicrohttpd calls request_access() once when the headers are there, once
 * for each piece of the body, and once when all of it is there. The first call
 * chooses a handler, which may well be one that refuses; the last call runs
 * it. So a refused request is answered after its body was read and thrown
 * away: closing a socket with unread bytes would reset the connection, and the
 * client would never see the answer. Bodies too long even for that are
 * answered at the first call; libmicrohttpd then closes the connection.
 *
 * A handler that suspends its connection (POST with "wait") is called again
 * when it is resumed. */
#include "http_internal.h"

#include "handshake/clock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *request_header(const struct request *req, const char *name)
{
    return MHD_lookup_connection_value(req->conn, MHD_HEADER_KIND, name);
}

const char *request_key(const struct request *req)
{
    static const char scheme[] = "Bearer ";
    const char *text = request_header(req, "Authorization");
    if (text && strncasecmp(text, scheme, sizeof(scheme) - 1) == 0)
        return text + sizeof(scheme) - 1;
    text = strcmp(req->method, "GET") == 0
               ? MHD_lookup_connection_value(req->conn, MHD_GET_ARGUMENT_KIND,
                                             "key")
               : NULL;
    return text ? text : "";
}

/* Percent-decoding for libmicrohttpd. An encoded NUL would cut the text short
 * and make one path look like another: such text stays as it is and matches
 * nothing. */
size_t request_unescape(void *cls, struct MHD_Connection *conn, char *text)
{
    (void)cls;
    (void)conn;
    return strstr(text, "%00") ? strlen(text) : MHD_http_unescape(text);
}

/* Reading a body costs as much as a short answer, so only the head is looked
 * at. */
static enum MHD_Result refuse_rate(struct request *req)
{
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_TOO_MANY_REQUESTS,
        "Your address sends more than the %u requests a second that are taken "
        "from one; wait a moment.",
        req->http->limits.address_requests);
    reply_header(reply, "Retry-After", "1");
    return respond(req, MHD_HTTP_TOO_MANY_REQUESTS, reply);
}

static enum MHD_Result refuse_stopping(struct request *req)
{
    return respond_stopping(req);
}

/* The memory of the connection is full of them: few headers go back. */
static enum MHD_Result refuse_headers(struct request *req)
{
    return respond_data(
        req, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
        reply_problem(MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
                      "The headers are longer than the %u bytes taken here; "
                      "cookies of other servers on this host count as well.",
                      req->http->limits.header_bytes));
}

static enum MHD_Result refuse_unknown_length(struct request *req)
{
    return respond_problem(req, MHD_HTTP_LENGTH_REQUIRED,
                           "This request needs a body: send it with a "
                           "Content-Length, or in chunks.");
}

static enum MHD_Result refuse_too_long(struct request *req)
{
    return respond_problem(req, MHD_HTTP_CONTENT_TOO_LARGE,
                           "The body is longer than the %u bytes taken here.",
                           req->http->limits.body_bytes);
}

static enum MHD_Result refuse_encoding(struct request *req)
{
    struct MHD_Response *reply =
        reply_problem(MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                      "Send the body as it is, without Content-Encoding.");
    reply_header(reply, "Accept-Encoding", "identity");
    return respond(req, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, reply);
}

/* What is to be had here is in the route table. */
static enum MHD_Result refuse_accept(struct request *req)
{
    return respond_problem(req, MHD_HTTP_NOT_ACCEPTABLE,
                           "The answer comes as %s; accept it.",
                           req->route->gives);
}

static enum MHD_Result refuse_type(struct request *req)
{
    return respond_problem(req, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                           "Send the body as JSON, with the header "
                           "Content-Type: application/json.");
}

/* Parameters (charset) do not matter: JSON is UTF-8. A missing type is none:
 * only what a page cannot send without asking first is taken. */
static bool is_json_type(const char *type)
{
    static const char json[] = "application/json";
    const size_t len = sizeof(json) - 1;
    return type && strncasecmp(type, json, len) == 0 &&
           strchr("; \t", type[len]);
}

/* Content-Length, 0 when absent or chunked, huge when it is no number: then
 * libmicrohttpd has refused the request already. */
static uint64_t announced_bytes(const struct request *req)
{
    const char *text = request_header(req, "Content-Length");
    return text ? strtoull(text, NULL, 10) : 0;
}

/* Give up on the body: the handler becomes one that refuses. */
static void refuse(struct request *req, handler_fn *why)
{
    req->handler = why;
    req->takes_body = false;
    buf_done(&req->body);
}

/* How long the headers are, with the first line. */
static size_t header_bytes(const struct request *req)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        req->conn, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/* What the headers say of the body; the handler that refuses it, or NULL. */
static handler_fn *check_body(const struct request *req)
{
    const char *encoding = request_header(req, "Content-Encoding");
    if (!request_header(req, "Content-Length") &&
        !request_header(req, "Transfer-Encoding"))
        return refuse_unknown_length;
    if (!is_json_type(request_header(req, "Content-Type")))
        return refuse_type;
    if (encoding && strcasecmp(encoding, "identity") != 0)
        return refuse_encoding;
    if (announced_bytes(req) > req->http->limits.body_bytes)
        return refuse_too_long;
    return NULL;
}

/* Whether the client takes what the route gives; routes that give several
 * kinds look for themselves. */
static bool accepts(const struct request *req)
{
    return !req->route || !req->route->gives ||
           req->handler != req->route->handler ||
           negotiate_rank(request_header(req, "Accept"), req->route->gives) > 0;
}

/* Whose request it is, and how long it has to wait for its turn: an address
 * that sends too much gets its answers later, and beyond a second is refused,
 * later as well, so that asking at once again is of no use. */
static uint64_t pay(struct request *req)
{
    struct http *http = req->http;
    struct ipaddr addr = proxy_client(&http->proxies, req->conn);
    req->client = clients_of(&http->clients, &addr);
    req->owner = client_owner(&addr);
    if (!http->is_public)
        return 0;
    uint64_t wait_ns =
        client_pay_request(req->client, http->limits.address_requests);
    const uint64_t most_ns = CLIENT_MAX_DELAY_MS * (uint64_t)1000000;
    req->too_many = wait_ns > most_ns;
    return req->too_many ? most_ns : wait_ns;
}

/* Who answers, from what the headers say alone. Whoever may not ask at all
 * learns nothing else. */
static void choose_handler(struct request *req)
{
    handler_fn *refusal = req->too_many ? refuse_rate : head_check(req);
    if (!refusal)
        refusal = guard_check(req);
    if (!refusal && header_bytes(req) > req->http->limits.header_bytes)
        refusal = refuse_headers;
    if (!refusal && waiters_stopping(&req->http->waiters))
        refusal = refuse_stopping;
    if (!refusal)
        route_choose(req);
    if (!refusal && !accepts(req))
        refusal = refuse_accept;
    if (!refusal && req->takes_body)
        refusal = check_body(req);
    if (refusal)
        refuse(req, refusal);
}

/* Nothing more is expected of the client until it has an answer to take: the
 * handler may well wait for a run. */
static enum MHD_Result answer(struct request *req)
{
    conn_expect(req->its, CONN_FREE);
    return req->handler(req);
}

/* The headers are there and it is this request's turn. MHD_NO would close the
 * connection without a word, so every way out of here leads to a handler. */
static enum MHD_Result begin(struct request *req)
{
    req->is_delayed = false;
    conn_expect(req->its, CONN_REQUEST);
    choose_handler(req);
    /* A client that asks before it sends its body, or has a very long one,
     * hears at once that it is not wanted. */
    bool asks_first = request_header(req, "Expect") != NULL;
    if (req->fault)
        return answer(req); /* where its body would end nobody knows */
    if (req->takes_body || !(announced_bytes(req) > HTTP_SWALLOW_BYTES ||
                             (asks_first && announced_bytes(req) > 0)))
        return MHD_YES;
    return answer(req);
}

/* The headers are there. */
static enum MHD_Result first_call(struct http *http, struct request *req,
                                  void **req_cls)
{
    req->http = http;
    req->its = conn_of(req->conn);
    buf_init(&req->body, http->limits.body_bytes);
    *req_cls = req; /* from here on freed by request_completed() */
    uint64_t wait_ns = pay(req);
    if (wait_ns == 0)
        return begin(req);
    req->delay =
        (struct delay){.conn = req->conn, .due_ns = clock_mono_ns() + wait_ns};
    req->is_delayed = true;
    conn_expect(req->its, CONN_FREE);
    return waiters_delay(&http->waiters, &req->delay) ? MHD_YES : begin(req);
}

/* A piece of the body. Without Content-Length only counting tells that it is
 * too long. */
static enum MHD_Result take_body(struct request *req, const char *data,
                                 size_t *len)
{
    req->body_bytes += *len;
    if (req->body_bytes > HTTP_SWALLOW_BYTES)
        return MHD_NO;
    if (req->takes_body) {
        buf_append(&req->body, data, *len);
        if (req->body.failed)
            refuse(req, refuse_too_long);
    }
    *len = 0;
    return MHD_YES;
}

enum MHD_Result request_access(void *cls, struct MHD_Connection *conn,
                               const char *url, const char *method,
                               const char *version, const char *upload_data,
                               size_t *upload_data_size, void **req_cls)
{
    struct request *req = *req_cls;
    bool first = !req;
    (void)version;
    if (first)
        req = calloc(1, sizeof(*req));
    if (!req)
        return MHD_NO;
    req->conn = conn;
    req->method = method;
    req->path = url;
    if (first)
        return first_call(cls, req, req_cls);
    if (req->is_delayed)
        return begin(req); /* called again, as for the first time */
    if (*upload_data_size > 0)
        return take_body(req, upload_data, upload_data_size);
    return answer(req);
}

/* Also called when the client left or the server stops. A stream is not part of
 * the request: it ends with its answer (stream_free). */
void request_completed(void *cls, struct MHD_Connection *conn, void **req_cls,
                       enum MHD_RequestTerminationCode why)
{
    struct request *req = *req_cls;
    (void)cls;
    (void)conn;
    (void)why;
    if (!req)
        return;
    conn_expect(req->its, CONN_REQUEST); /* the next one */
    if (req->wait_run)
        waiters_leave(&req->http->waiters, false);
    run_put(req->wait_run);
    buf_done(&req->body);
    free(req);
    *req_cls = NULL;
}

/* http_internal.h - what the files of src/http share.
 *
 * A request meets the code in this order:
 *   request.c   libmicrohttpd's callbacks: the first call of a request chooses
 *               its handler, the body is collected, the last call runs it
 *   guard.c     Host, Origin and Sec-Fetch-Site
 *   route.c     the table of routes; also chooses 404, 405 and OPTIONS
 *   *_handler.c, stream.c, static_files.c   the answers
 *   respond.c   the only way out: headers every answer has, problems
 *
 * Threads: libmicrohttpd's own (one, epoll) runs all of the above; the
 * notifier (waiters.c) resumes connections that wait for news of a run and ends
 * those that are late. They meet in struct waiters and struct conns only. */
#ifndef HANDSHAKE_HTTP_INTERNAL_H
#define HANDSHAKE_HTTP_INTERNAL_H

#include "answers_internal.h"
#include "clients/clients_internal.h"
#include "conns_internal.h"

#include "handshake/buf.h"
#include "handshake/http.h"
#include "handshake/json.h"

#include <microhttpd.h>

enum {
    HTTP_SWALLOW_BYTES = 1024 * 1024,     /* a body refused is read this far, so
                                      that the client gets to read the answer */
    HTTP_ANSWER_BYTES = 16 * 1024 * 1024, /* one made as a whole */
    HTTP_PROBLEM_BYTES = 16 * 1024
};

struct http;

/* --- listen.c ------------------------------------------------------------ */

/* Where fd is bound. Returns 0 or -errno. */
int listen_endpoint(int fd, struct endpoint *ret_endpoint);

/* An endpoint as the kernel wants it; returns its length. */
socklen_t sockaddr_of(const struct endpoint *e,
                      struct sockaddr_storage *ret_ss);
/* And back. Returns 0, or -EAFNOSUPPORT when it is no IP. */
int endpoint_of(const struct sockaddr *sa, struct endpoint *ret_endpoint);

/* --- reach.c ------------------------------------------------------------- */

enum { ORIGIN_BYTES = ENDPOINT_TEXT_BYTES + 8 };

/* "http://192.0.2.1:8080" into ret_text, which has ORIGIN_BYTES. Returns it. */
char *reach_origin(const struct endpoint *e, char *ret_text);

/* --- limits.c ------------------------------------------------------------ */

/* The member "limits" of what a client is told. */
void limits_write(const struct http *http, struct jsonw *w);

/* --- the server ---------------------------------------------------------- */

struct web; /* static_files.c */

/* Documents that only change with the program. */
enum kept_document {
    KEPT_SCENARIOS,
    KEPT_BRIEF,
    KEPT_SCHEMA,
    KEPT_OPENAPI,
    KEPT_COUNT
};

/* What http_start() makes. Never changes while the server runs, except for
 * what waiters.mutex guards. */
struct http {
    struct registry *reg;                /* (borrowed) */
    const struct settle_report *settled; /* (borrowed) or NULL */
    struct http_limits limits;           /* filled in */
    struct MHD_Daemon *daemon;
    struct conns conns;
    struct clients clients; /* MHD's thread */
    struct http_proxies proxies;
    struct waiters waiters;
    struct web *web;     /* (owned) */
    struct rooms *rooms; /* (owned) of classes that vote; MHD's thread only */
    struct kept kept[KEPT_COUNT]; /* made when first asked for; MHD's thread */
    struct keys keys;             /* MHD's thread */
    struct stats stats;           /* MHD's thread */
    struct ipaddr bound;          /* the address we listen on */
    struct http_reach reach;      /* where other machines reach us */
    char allow_host[256];         /* one more name for Host, "" = none */
    bool is_public;    /* others than this machine reach us: runs have owners */
    bool private_runs; /* reading a run needs its key */
};

/* --- request.c ----------------------------------------------------------- */

/* What {id} and {n} stood for in the path. */
struct params {
    char id[SCENARIO_ID_BYTES];
    uint32_t n;
};

/* A handler answers req: it returns what respond() returns, or MHD_YES after
 * suspending the connection. MHD's thread; must not wait. */
typedef enum MHD_Result handler_fn(struct request *req);

/* From the first byte of a request until its answer is gone. */
struct request {
    struct http *http;
    struct MHD_Connection *conn;
    struct conn *its;      /* (borrowed) the connection's struct, or NULL */
    struct client *client; /* (borrowed for this call) whose request it is */
    struct owner owner;    /* the same, for as long as the request lives */
    struct delay delay;    /* the request came too early */
    bool is_delayed;       /* and sleeps, or has just been woken */
    bool too_many;         /* and far too early */
    const char *method;    /* (borrowed from MHD for the current call) */
    const char *path;      /* the same; unescaped */
    handler_fn *handler;
    const char *fault; /* (static) of its head */
    struct params params;
    unsigned allowed; /* methods of the path, for Allow */
    struct buf body;
    size_t body_bytes;         /* seen so far, kept or not */
    bool takes_body;           /* the handler reads it; else it is swallowed */
    bool replayed;             /* its Idempotency-Key was known */
    const struct route *route; /* NULL: none, or a file of the page */
    bool is_file;
    struct run *wait_run; /* (owned reference) POST with "wait", asleep */
    struct waiter waiter;
};

/* libmicrohttpd's MHD_AccessHandlerCallback; cls is the struct http. */
enum MHD_Result request_access(void *cls, struct MHD_Connection *conn,
                               const char *url, const char *method,
                               const char *version, const char *upload_data,
                               size_t *upload_data_size, void **req_cls);

/* Its MHD_RequestCompletedCallback: frees the request, however it ended. */
void request_completed(void *cls, struct MHD_Connection *conn, void **req_cls,
                       enum MHD_RequestTerminationCode why);

/* Its UnescapeCallback: percent-decodes text in place, returns the length. */
size_t request_unescape(void *cls, struct MHD_Connection *conn, char *text);

/* A request header by name, NULL when absent. */
const char *request_header(const struct request *req, const char *name);

/* The key that came along: Authorization: Bearer KEY, or for reading, where a
 * browser sends no headers of ours, ?key=KEY. "" when there is none. */
const char *request_key(const struct request *req);

/* --- head.c -------------------------------------------------------------- */

/* The handler that refuses a request which can be read in two ways, or NULL.
 * Only when the headers have just come. */
handler_fn *head_check(struct request *req);

/* --- guard.c ------------------------------------------------------------- */

/* The handler that refuses req, or NULL when it may pass. */
handler_fn *guard_check(struct request *req);

/* Whether origin is http(s)://host, as the page of that host sends it. */
bool origin_is(const char *origin, const char *host);

/* --- route.c ------------------------------------------------------------- */

enum method {
    METHOD_GET = 1,
    METHOD_POST = 2,
    METHOD_DELETE = 4,
    METHOD_PATCH = 8
};

/* One row of the table: a method of a path. */
struct route {
    enum method method;
    const char
        *pattern; /* {id} takes letters, digits, '-', '_'; {n} a number */
    handler_fn *handler;
    bool takes_body;   /* application/json */
    const char *gives; /* the type of its answers; NULL: it looks for itself
                          what the client accepts, or has no content */
};

/* Row i of the table, NULL beyond the last. Static. */
const struct route *route_at(size_t i);

/* "GET" of METHOD_GET and so on. */
const char *method_name(enum method method);

/* Choose req->handler (never NULL), params and takes_body. */
void route_choose(struct request *req);

/* --- respond.c ----------------------------------------------------------- */

/* A JSON answer; takes the content of body. NULL, logged, when it did not fit
 * or memory ran out; respond() then answers 500. It is for this request alone:
 * compressed if the client likes that and it is long enough. */
struct MHD_Response *reply_json(const struct request *req, struct buf *body);

/* The same of another type of text. */
struct MHD_Response *reply_text(const struct request *req, const char *type,
                                struct buf *body);

/* Whether the client takes gzip, and said so. */
bool request_takes_gzip(const struct request *req);

/* The headers of an answer that is asked for again with If-None-Match. */
void reply_etag(struct MHD_Response *reply, const char *etag);

/* An RFC 9457 problem with a printf-style sentence. */
__attribute__((format(printf, 2, 3))) struct MHD_Response *
reply_problem(unsigned status, const char *fmt, ...);

/* The same with a list of faults. */
struct MHD_Response *reply_faults(unsigned status, const char *detail,
                                  const struct json_faults *faults);

/* Add a header; nothing when reply is NULL. */
void reply_header(struct MHD_Response *reply, const char *name,
                  const char *value);

/* The headers that every answer has. respond() adds them; only answers that
 * are kept and sent again call it themselves, once. */
void reply_secure(struct MHD_Response *reply);

/* The few of them that matter for what no browser shows as a page. */
void reply_secure_data(struct MHD_Response *reply);

/* Send reply, which is taken over. */
enum MHD_Result respond(struct request *req, unsigned status,
                        struct MHD_Response *reply);

/* respond() with no more headers than what is never shown needs: a stream keeps
 * its own as long as somebody watches. */
enum MHD_Result respond_data(struct request *req, unsigned status,
                             struct MHD_Response *reply);

/* The same of an answer that is kept for others, headers and all. */
enum MHD_Result respond_kept(struct request *req, unsigned status,
                             struct MHD_Response *reply);

/* 200 with a text that has a hash of it as its ETag, or 304. Takes body. */
enum MHD_Result respond_tagged(struct request *req, const char *type,
                               struct buf *body);

/* 304 to a client that has what that tag names. */
enum MHD_Result respond_unchanged(struct request *req, const char *etag);

/* 503: the server is about to end. */
enum MHD_Result respond_stopping(struct request *req);

/* An answer without content. */
enum MHD_Result respond_nothing(struct request *req, unsigned status);

/* reply_problem() and respond() in one. */
__attribute__((format(printf, 3, 4))) enum MHD_Result
respond_problem(struct request *req, unsigned status, const char *fmt, ...);

/* The only place that prints: one line on stderr. */
__attribute__((format(printf, 1, 2))) void http_log(const char *fmt, ...);

/* --- negotiate.c: headers that list things ------------------------------- */

/* How much header (an Accept or Accept-Encoding) wants name, 0 = not at all.
 * Higher is better; a name given outright counts more than a wildcard of the
 * same q. NULL header: 1. */
unsigned negotiate_rank(const char *header, const char *name);

/* Whether If-None-Match names etag (quoted), or is "*". */
bool negotiate_etag(const char *header, const char *etag);

/* Decimal digits only, at most 2^32 - 1. */
bool parse_u32(const char *text, uint32_t *ret_value);

/* --- pages.c: lists in parts --------------------------------------------- */

enum { PAGE_DEFAULT = 500, PAGE_MOST = 1000 };

struct page {
    uint32_t limit;    /* entries in one answer */
    const char *after; /* id of the entry to begin behind; NULL: the first.
                          (borrowed from the request) */
};

/* ?limit= and ?after= of the request. False after answering 400. */
bool page_read(struct request *req, struct page *ret_page,
               enum MHD_Result *ret_result);

/* 404: there is no entry page->after. */
enum MHD_Result page_refuse(struct request *req, const struct page *page);

/* Add the Link to the part behind last_id. path ends where the query goes on:
 * "/api/runs?". */
void page_link(struct MHD_Response *reply, const char *path,
               const struct page *page, const char *last_id);

/* --- document.c: a whole run --------------------------------------------- */

/* An answer that is made while it is sent, for whoever began the run: it has
 * its key. */
struct MHD_Response *reply_run_whole(const struct request *req,
                                     struct run *run);

/* 200 with it, or 304 when it has ended and the client has it. */
enum MHD_Result respond_document(struct request *req, struct run *run);

/* --- handlers ------------------------------------------------------------ */

/* GET /healthz: {"status":"ok", ...}, cheap. */
enum MHD_Result handle_health(struct request *req);
/* GET /api/capabilities: version, kernel, link, limits. */
enum MHD_Result handle_capabilities(struct request *req);
/* GET /metrics: Prometheus' text format. */
enum MHD_Result handle_metrics(struct request *req);
/* GET /api/openapi.json: this API, described. */
enum MHD_Result handle_openapi(struct request *req);
/* GET /api/scenarios: {"scenarios":[document, ...]}. */
enum MHD_Result handle_scenarios_list(struct request *req);
/* GET /api/scenarios/{id}: one document. */
enum MHD_Result handle_scenarios_get(struct request *req);
/* GET /api/runs: {"runs":[summary, ...]}, newest first. */
enum MHD_Result handle_runs_list(struct request *req);
/* POST /api/runs: 201 with the id, or with "wait" with the ended run. */
enum MHD_Result handle_runs_post(struct request *req);
/* GET /api/runs/{id}: all of it, as far as it has come. */
enum MHD_Result handle_runs_get(struct request *req);
/* DELETE /api/runs/{id}: stop and forget; 204. */
enum MHD_Result handle_runs_delete(struct request *req);
/* GET /api/runs/{id}/segments/{n}: every field of one segment. */
enum MHD_Result handle_segment_get(struct request *req);
/* POST /api/runs/{id}/segments/{n}: decide the fate of a held segment. */
enum MHD_Result handle_segment_post(struct request *req);
/* POST /api/runs/{id}/inject: a segment or ICMP error made by hand. */
enum MHD_Result handle_inject(struct request *req);
/* GET /api/runs/{id}/wire: {"wire": settings as they stand}. */
enum MHD_Result handle_wire_get(struct request *req);
/* PATCH of the same: change hold, conditions, rules; answers like GET. */
enum MHD_Result handle_wire_patch(struct request *req);
/* POST /api/runs/{id}/reset: back to what the scenario began with. */
enum MHD_Result handle_wire_reset(struct request *req);
/* GET /api/scenarios/schema.json: the JSON Schema of a scenario. */
enum MHD_Result handle_scenario_schema(struct request *req);
/* POST /api/scenarios/check: what is wrong with a scenario, without a run. */
enum MHD_Result handle_scenario_check(struct request *req);
/* GET /api/runs/{id}.pcapng, .svg, .txt, .json: the run as a file. */
enum MHD_Result handle_download(struct request *req);
/* GET /api/runs/{id}/events: server-sent events or NDJSON. */
enum MHD_Result handle_stream(struct request *req);
/* POST /api/rooms: 201 with the id and key of a room to vote in. */
enum MHD_Result handle_rooms_post(struct request *req);
/* GET /api/rooms/{id}: the question, and the counts for who may see them. */
enum MHD_Result handle_room_get(struct request *req);
/* DELETE of the same, by its owner; 204. */
enum MHD_Result handle_room_delete(struct request *req);
/* POST /api/rooms/{id}/questions: the owner asks the next one. */
enum MHD_Result handle_room_ask(struct request *req);
/* POST /api/rooms/{id}/close: no more votes; the counts are for all to see. */
enum MHD_Result handle_room_close(struct request *req);
/* POST /api/rooms/{id}/votes: one vote, or another mind. */
enum MHD_Result handle_room_vote(struct request *req);
struct room;
/* The room params.id; NULL after answering into *ret_result: 404, or 429 to an
 * address that tries too many codes. One that found the room before may always
 * come back. */
struct room *room_or_404(struct request *req, enum MHD_Result *ret_result);
/* GET /api/rooms/{id}/qr.svg: the room's link, for phones to see. */
enum MHD_Result handle_room_code(struct request *req);
/* GET of a file of the page; only where web_has() it. */
enum MHD_Result handle_static(struct request *req);

/* The run of params.id with a reference, for reading; NULL after answering into
 * *ret_result: 404, or 403 where reading needs its key. */
struct run *run_to_read(struct request *req, enum MHD_Result *ret_result);
/* The same for changing it; 403 where that needs its key. */
struct run *run_to_change(struct request *req, enum MHD_Result *ret_result);
/* Whether this client may read that run. */
bool run_is_readable(const struct request *req, const struct run *run);

/* --- static_files.c, web_dir.c: the page --------------------------------- */

/* The embedded files, or those below dir when it is not NULL. NULL with a
 * sentence when dir cannot be opened. */
struct web *web_new(const char *dir, struct err *ret_err);

/* Free it and all answers made of it. NULL is fine. */
void web_free(struct web *web);

/* Whether path (from "/") is a file of the page. */
bool web_has(const struct web *web, const char *path);

/* "text/html; charset=utf-8" and so on, by the end of the name. */
const char *web_mime(const char *path);

/* Read a file below dir_fd; path as in the URL. Names that begin with a dot,
 * and whatever leads out of dir_fd, do not exist. Returns 0 or -errno. */
int web_dir_read(int dir_fd, const char *path, struct buf *ret_content);

#endif

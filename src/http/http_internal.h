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
 * notifier (waiters.c) resumes connections that wait for news of a run. They
 * meet in struct waiters only. */
#ifndef HANDSHAKE_HTTP_INTERNAL_H
#define HANDSHAKE_HTTP_INTERNAL_H

#include "handshake/buf.h"
#include "handshake/http.h"
#include "handshake/json.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

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

/* --- limits.c ------------------------------------------------------------ */

/* The member "limits" of what a client is told. */
void limits_write(const struct http *http, struct jsonw *w);

/* --- conns.c: connections and their deadlines ---------------------------- */

/* What a connection is to do in time. */
enum conn_step {
    CONN_FREE,    /* nothing: it waits for a run */
    CONN_REQUEST, /* send a whole request */
    CONN_ANSWER,  /* take all of an answer */
    CONN_VIEWER,  /* catch up with the events */
    CONN_STEP_COUNT
};

/* One connection; freed when it closes. */
struct conn {
    struct conn *prev, *next; /* under conns.mutex */
    struct conns *all;        /* (borrowed) */
    int fd;                   /* (borrowed from libmicrohttpd) */
    size_t taken;    /* bytes since the deadline was set; MHD\'s thread */
    bool cut;        /* was late; under conns.mutex */
    atomic_int step; /* enum conn_step */
    _Atomic(uint64_t) deadline_ns; /* monotonic; 0 = none */
};

/* All of them. */
struct conns {
    pthread_mutex_t mutex; /* guards the list; held over shutdown() */
    struct conn *list;
    uint32_t seconds[CONN_STEP_COUNT]; /* fixed */
    uint32_t sweep_ms;                 /* fixed: between two looks */
    atomic_size_t open;
    atomic_ulong opened;
    atomic_ulong cut[CONN_STEP_COUNT]; /* those that were late */
};

/* Take the times from limits, which are filled in. */
void conns_init(struct conns *all, const struct http_limits *limits);
/* Free; after all connections have closed. */
void conns_done(struct conns *all);

/* libmicrohttpd's MHD_NotifyConnectionCallback; cls is the struct conns. */
void conns_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode what);

/* Shut the sockets of those that are late. Any thread. */
void conns_sweep(struct conns *all);

/* The connection's own struct; NULL when there was no memory for it. */
struct conn *conn_of(struct MHD_Connection *connection);

/* From now on it has the time of that step. NULL is fine. MHD's thread. */
void conn_expect(struct conn *conn, enum conn_step step);
/* It was given so many bytes of what takes long: its time begins anew when it
 * has taken much, or was not expected to do this yet. The same. */
void conn_took(struct conn *conn, enum conn_step step, size_t bytes);

/* --- waiters.c: connections that sleep until a run has news -------------- */

/* Embedded in whatever sleeps; one suspended connection. */
struct waiter {
    struct waiter *prev, *next;  /* in waiters.list while asleep */
    struct MHD_Connection *conn; /* (borrowed) */
    const struct runlog *log;    /* (borrowed; the owner keeps the run) */
    uint32_t want_id;            /* wake when it is there; 0: end only */
    bool wants_beat;             /* wake at every heartbeat, too */
    atomic_bool beat;            /* set when a heartbeat woke it */
};

/* All sleepers, and who wakes them. */
struct waiters {
    pthread_mutex_t mutex; /* guards all below; held over suspend and resume */
    pthread_cond_t drained;
    struct waiter *list; /* asleep now */
    size_t live;         /* requests that may sleep: streams and waits */
    size_t viewers;      /* the streams among them */
    size_t max_viewers;
    bool stopping;       /* nobody may fall asleep any more */
    bool started;        /* the thread exists */
    struct bell *bell;   /* (borrowed) rung by the logs */
    struct conns *conns; /* (borrowed) swept by the thread */
    int stop_fd;         /* (owned) eventfd that ends the thread */
    pthread_t thread;
};

/* Start the notifier. Returns 0 or -errno; waiters_done() in any case. */
int waiters_init(struct waiters *w, struct bell *bell, struct conns *conns,
                 size_t max_viewers);

/* Wake everybody for good and wait (bounded) until all have left. */
void waiters_stop(struct waiters *w);

/* Join the notifier and free; after the daemon has stopped. */
void waiters_done(struct waiters *w);

/* Announce a request that may sleep; false when the server is stopping or, for
 * a viewer, when there are too many. Pair with waiters_leave(). */
bool waiters_enter(struct waiters *w, bool viewer);

/* A request that entered has come to its end. Any thread. */
void waiters_leave(struct waiters *w, bool viewer);

/* Suspend me->conn until me->log has what me wants. False, and not suspended,
 * when it is there already or the server is stopping. MHD's thread only. */
bool waiters_sleep(struct waiters *w, struct waiter *me);

/* How many streams there are. Any thread. */
size_t waiters_viewers(struct waiters *w);

/* Whether waiters_stop() was called. Any thread. */
bool waiters_stopping(struct waiters *w);

/* --- kept.c: answers made once ------------------------------------------- */

enum { ETAG_BYTES = 48 };

/* One encoding of one answer, ready to send. */
struct kept_variant {
    char etag[ETAG_BYTES];          /* with its quotes */
    struct MHD_Response *content;   /* (owned) 200; NULL = no such encoding */
    struct MHD_Response *unchanged; /* (owned) 304 */
};

/* Both encodings; all zeros: not made yet. */
struct kept {
    struct kept_variant plain, gzip;
    struct buf plain_text,
        gzip_text; /* (owned) unless they are the program's */
};

/* What an answer is made of; data is borrowed for as long as it is kept. */
struct kept_bytes {
    const char *tag; /* tells this content from any other, up to 32 bytes */
    const char *type;
    const void *data;
    size_t len;
};

/* Make one encoding of it. */
void kept_plain(struct kept *kept, const struct kept_bytes *bytes);
/* The same; bytes are compressed. */
void kept_gzip(struct kept *kept, const struct kept_bytes *bytes);
/* Free both, or nothing. */
void kept_done(struct kept *kept);

struct request;

/* Answer with the encoding the client takes, or with 304. */
enum MHD_Result kept_respond(struct request *req, const struct kept *kept);

/* The same of JSON that make() writes the first time. */
enum MHD_Result respond_made(struct request *req, struct kept *kept,
                             void (*make)(struct buf *out));

/* A hash for ETags. */
uint64_t etag_hash(const char *bytes, size_t len);

/* --- compress.c: gzip ---------------------------------------------------- */

/* Bytes still to be copied; moves on as they are. */
struct piece {
    const char *at;
    size_t len;
};

/* One stream being compressed; NULL when memory runs out. */
struct gzip;
struct gzip *gzip_new(void);
/* Free it, finished or not. NULL is fine. */
void gzip_free(struct gzip *gz);

/* Compress from *in, which moves on, into to[0..room). last: nothing follows
 * *in. Returns whether the very last byte is out. */
bool gzip_step(struct gzip *gz, struct piece *in, bool last, char *to,
               size_t room, size_t *ret_made);

/* All of plain at once; best: take the time. False when memory runs out, then
 * nothing is to be freed. */
bool gzip_all(const struct buf *plain, bool best, struct buf *ret_gz);

/* --- keys.c: requests that are sent twice -------------------------------- */

#define KEY_HEADER "Idempotency-Key"
enum { KEYS_MOST = 256, KEY_BYTES = 129, KEYS_SECONDS = 3600 };

struct key_entry {
    char key[KEY_BYTES]; /* "" = free */
    char run_id[RUN_ID_BYTES];
    uint64_t born_ns, body_hash;
    size_t body_len;
};

struct keys {
    struct key_entry list[KEYS_MOST];
    size_t next; /* the one to be replaced */
};

enum key_known { KEY_NEW, KEY_SAME, KEY_OTHER_BODY };

/* Whether key may be one. */
bool key_is_valid(const char *key);
/* What is known of it; *ret_run_id (borrowed) unless it is new. */
enum key_known keys_find(const struct keys *keys, const char *key,
                         const struct buf *body, const char **ret_run_id);
/* Remember that this request began that run. */
void keys_add(struct keys *keys, const char *key, const struct buf *body,
              const char *id);

/* --- stats.c, metrics.c, process.c: what happened ------------------------ */

enum { STATS_METHODS = 7, STATS_STATUSES = 24, STATS_ROUTES = 64 };

/* Since the start; libmicrohttpd's thread alone. */
struct stats {
    uint64_t requests[STATS_ROUTES][STATS_METHODS][STATS_STATUSES];
    uint64_t viewers; /* streams begun */
    uint64_t events;  /* sent to them */
    uint64_t replays; /* requests whose Idempotency-Key was known */
};

/* Count the answer of a request. */
void stats_count(struct request *req, unsigned status);

/* Append the family of requests in Prometheus' text format. */
void stats_write(const struct stats *stats, struct buf *out);

/* Append one family's head, and one line of it; labels as `a="b",c="d"` or
 * NULL. */
void metric_family(struct buf *out, const char *name, const char *type,
                   const char *help);
void metric_value(struct buf *out, const char *name, const char *labels,
                  double value);

/* Append the figures of this process. */
void process_write(struct buf *out);

/* --- the server ---------------------------------------------------------- */

struct web; /* static_files.c */

/* Documents that only change with the program. */
enum kept_document { KEPT_SCENARIOS, KEPT_SCHEMA, KEPT_OPENAPI, KEPT_COUNT };

/* What http_start() makes. Never changes while the server runs, except for
 * what waiters.mutex guards. */
struct http {
    struct registry *reg;                /* (borrowed) */
    const struct settle_report *settled; /* (borrowed) or NULL */
    struct http_limits limits;           /* filled in */
    struct MHD_Daemon *daemon;
    struct conns conns;
    struct waiters waiters;
    struct web *web;     /* (owned) */
    struct rooms *rooms; /* (owned) of classes that vote; MHD's thread only */
    struct kept kept[KEPT_COUNT]; /* made when first asked for; MHD's thread */
    struct keys keys;             /* MHD's thread */
    struct stats stats;           /* MHD's thread */
    struct ipaddr bound;          /* the address we listen on */
    char allow_host[256];         /* one more name for Host, "" = none */
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
    struct conn *its;   /* (borrowed) the connection's struct, or NULL */
    const char *method; /* (borrowed from MHD for the current call) */
    const char *path;   /* the same; unescaped */
    handler_fn *handler;
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

/* --- guard.c ------------------------------------------------------------- */

/* The handler that refuses req, or NULL when it may pass. */
handler_fn *guard_check(struct request *req);

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

/* 200 with JSON that has a hash of it as its ETag, or 304. Takes body. */
enum MHD_Result respond_tagged(struct request *req, struct buf *body);

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

/* Add the Link to the part behind last_id. */
void page_link(struct MHD_Response *reply, const char *path,
               const struct page *page, const char *last_id);

/* --- document.c: a whole run --------------------------------------------- */

/* An answer that is made while it is sent. */
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
/* GET of a file of the page; only where web_has() it. */
enum MHD_Result handle_static(struct request *req);

/* The run of params.id with a reference, or NULL after answering 404 into
 * *ret_result. */
struct run *run_or_404(struct request *req, enum MHD_Result *ret_result);

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

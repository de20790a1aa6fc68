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
    HTTP_BODY_BYTES = 64 * 1024,      /* longest body a handler gets to see */
    HTTP_SWALLOW_BYTES = 1024 * 1024, /* a body refused is read this far, so
                                  that the client gets to read the answer */
    HTTP_ANSWER_BYTES = 256 * 1024 * 1024,
    HTTP_PROBLEM_BYTES = 16 * 1024,
    HTTP_REQUEST_SECONDS = 30, /* for a whole body, and between two bytes */
    HTTP_DEFAULT_VIEWERS = 1000,
    HTTP_OTHER_CONNECTIONS = 256 /* beside the viewers */
};

/* --- listen.c ------------------------------------------------------------ */

/* Where fd is bound. Returns 0 or -errno. */
int listen_endpoint(int fd, struct endpoint *ret_endpoint);

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
    bool stopping;     /* nobody may fall asleep any more */
    bool started;      /* the thread exists */
    struct bell *bell; /* (borrowed) rung by the logs */
    int stop_fd;       /* (owned) eventfd that ends the thread */
    pthread_t thread;
};

/* Start the notifier. Returns 0 or -errno; waiters_done() in any case. */
int waiters_init(struct waiters *w, struct bell *bell, size_t max_viewers);

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

/* Whether waiters_stop() was called. Any thread. */
bool waiters_stopping(struct waiters *w);

/* --- the server ---------------------------------------------------------- */

struct web; /* static_files.c */

/* What http_start() makes. Never changes while the server runs, except for
 * what waiters.mutex guards. */
struct http {
    struct registry *reg;                /* (borrowed) */
    const struct settle_report *settled; /* (borrowed) or NULL */
    struct MHD_Daemon *daemon;
    struct waiters waiters;
    struct web *web;      /* (owned) */
    struct rooms *rooms;  /* (owned) of classes that vote; MHD's thread only */
    struct ipaddr bound;  /* the address we listen on */
    char allow_host[256]; /* one more name for Host, "" = none */
};

/* --- request.c ----------------------------------------------------------- */

/* What {id} and {n} stood for in the path. */
struct params {
    char id[SCENARIO_ID_BYTES];
    uint32_t n;
};

/* A handler answers req: it returns what respond() returns, or MHD_YES after
 * suspending the connection. MHD's thread; must not wait. */
struct request;
typedef enum MHD_Result handler_fn(struct request *req);

/* From the first byte of a request until its answer is gone. */
struct request {
    struct http *http;
    struct MHD_Connection *conn;
    const char *method; /* (borrowed from MHD for the current call) */
    const char *path;   /* the same; unescaped */
    handler_fn *handler;
    struct params params;
    unsigned allowed; /* methods of the path, for Allow */
    struct buf body;
    size_t body_bytes; /* seen so far, kept or not */
    bool takes_body;   /* the handler reads it; else it is swallowed */
    uint64_t begun_ns;
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

/* Choose req->handler (never NULL), params and takes_body. */
void route_choose(struct request *req);

/* --- respond.c ----------------------------------------------------------- */

/* A JSON answer; takes the content of body. NULL, logged, when it did not fit
 * or memory ran out; respond() then answers 500. */
struct MHD_Response *reply_json(struct buf *body);

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

/* Send reply, which is taken over. */
enum MHD_Result respond(struct request *req, unsigned status,
                        struct MHD_Response *reply);

/* respond() with no more headers than what is never shown needs: a stream keeps
 * its own as long as somebody watches. */
enum MHD_Result respond_data(struct request *req, unsigned status,
                             struct MHD_Response *reply);

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

/* --- handlers ------------------------------------------------------------ */

/* GET /healthz: {"status":"ok", ...}, cheap. */
enum MHD_Result handle_health(struct request *req);
/* GET /api/capabilities: version, kernel, link, limits. */
enum MHD_Result handle_capabilities(struct request *req);
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
/* GET /api/runs/{id}.pcapng, .txt, .json: the run as a file. */
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

/* runs_handler.c - begin, list, show and forget runs. */
#include "http_internal.h"

#include "handshake/log.h"

#include "handshake/jsonwriter.h"

#include <errno.h>
#include <stdio.h>

static struct run *run_or_404(struct request *req, enum MHD_Result *ret_result)
{
    struct run *run = registry_get(req->http->reg, req->params.id);
    if (!run)
        *ret_result =
            respond_problem(req, MHD_HTTP_NOT_FOUND,
                            "There is no run %s; it may have been forgotten. "
                            "GET /api/runs lists what is kept.",
                            req->params.id);
    return run;
}

/* run, or NULL after answering 403. */
static struct run *run_or_403(struct request *req, struct run *run, bool ok,
                              enum MHD_Result *ret_result)
{
    if (!run || ok)
        return run;
    run_put(run);
    *ret_result = respond_problem(
        req, MHD_HTTP_FORBIDDEN,
        "Run %s belongs to the browser or program that began it. There are no "
        "accounts: send the key from the answer to POST /api/runs as "
        "Authorization: Bearer KEY, or begin a run of your own.",
        req->params.id);
    return NULL;
}

bool run_is_readable(const struct request *req, const struct run *run)
{
    return !req->http->private_runs ||
           secret_fits(run_key(run), request_key(req));
}

struct run *run_to_read(struct request *req, enum MHD_Result *ret_result)
{
    struct run *run = run_or_404(req, ret_result);
    if (run)
        run_asked(run);
    return run_or_403(req, run, run && run_is_readable(req, run), ret_result);
}

/* On loopback alone everybody who can send a request is this machine's user. */
struct run *run_to_change(struct request *req, enum MHD_Result *ret_result)
{
    struct run *run = run_or_404(req, ret_result);
    if (run)
        run_asked(run);
    bool open = !req->http->is_public && !req->http->private_runs;
    bool ok = run && (open || secret_fits(run_key(run), request_key(req)));
    return run_or_403(req, run, ok, ret_result);
}

/* 201 with Location, and whether it is the answer to a key known before. */
static enum MHD_Result respond_created(struct request *req, struct run *run,
                                       struct MHD_Response *reply)
{
    char location[sizeof("/api/runs/") + RUN_ID_BYTES];
    snprintf(location, sizeof(location), "/api/runs/%s", run_id(run));
    reply_header(reply, "Location", location);
    if (req->replayed)
        reply_header(reply, "Idempotency-Replayed", "true");
    return respond(req, MHD_HTTP_CREATED, reply);
}

/* {"id", "key"}, all that is known of a run that has just begun. */
static enum MHD_Result respond_id(struct request *req, struct run *run)
{
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "id", run_id(run));
    jsonw_str(&w, "key", run_key(run));
    jsonw_close(&w, '}');
    return respond_created(req, run, reply_json(req, &body));
}

/* Sleep until the run has ended, then send all of it. Called again after each
 * sleep. */
static enum MHD_Result wait_for_end(struct request *req)
{
    struct run *run = req->wait_run;
    req->waiter.conn = req->conn;
    req->waiter.log = run_log(run);
    if (waiters_sleep(&req->http->waiters, &req->waiter))
        return MHD_YES;
    if (!runlog_ended(run_log(run)))
        return respond_stopping(req);
    return respond_created(req, run, reply_run_whole(req, run));
}

/* r and the faults are those of json_run_request(). */
static enum MHD_Result refuse_request(struct request *req, int r,
                                      const struct json_faults *faults)
{
    if (r == -ENOENT && catalog_count() == 0)
        return respond_problem(req, MHD_HTTP_SERVICE_UNAVAILABLE,
                               "There is no memory left to read the built-in "
                               "scenarios.");
    unsigned status = r == -ENOENT ? MHD_HTTP_NOT_FOUND : MHD_HTTP_BAD_REQUEST;
    const char *detail =
        r == -ENOENT ? "There is no such scenario; GET /api/scenarios lists "
                       "those there are."
                     : "The request cannot be carried out as written; the "
                       "faults say where and why.";
    return respond(req, status, reply_faults(status, detail, faults));
}

/* What registry_start() returned as an HTTP status: whose fault it was, and
 * whether trying again may help. */
static unsigned start_status(int r)
{
    switch (r) {
    case -EAGAIN:
        return MHD_HTTP_TOO_MANY_REQUESTS;
    case -EINVAL:
        return MHD_HTTP_BAD_REQUEST;
    case -EOPNOTSUPP: /* well asked, but not to be had on this machine */
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    default:
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
}

/* The run could not begin: r and its sentence from registry_start(). */
static enum MHD_Result refuse_start(struct request *req, int r,
                                    const struct err *err)
{
    unsigned status = start_status(r);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        http_log("a run could not begin: %s", err->text);
    struct MHD_Response *reply = reply_problem(status, "%s", err->text);
    if (status >= MHD_HTTP_TOO_MANY_REQUESTS)
        reply_header(reply, "Retry-After", "1"); /* 429, 503: may pass */
    return respond(req, status, reply);
}

/* The answer to a request whose run there is. With "wait" the request keeps
 * the run, and goes to sleep unless the run has ended already. */
static enum MHD_Result respond_run(struct request *req, struct run *run,
                                   bool wait)
{
    if (!wait)
        return respond_id(req, run);
    if (!waiters_enter(&req->http->waiters, false))
        return respond_stopping(req);
    req->wait_run = run_ref(run);
    return wait_for_end(req);
}

static enum MHD_Result begin_run(struct request *req,
                                 const struct run_request *asked)
{
    struct http *http = req->http;
    const char *key = request_header(req, KEY_HEADER);
    struct run *run;
    struct err err = {0};
    const struct scenario *sc = asked->own ? asked->own : asked->scenario;
    struct run_options options = asked->options;
    if (http->is_public)
        options.owner = req->owner;
    int r = registry_start(http->reg, sc, &options, &run, &err);
    if (r < 0)
        return refuse_start(req, r, &err);
    log_write(LOG_LEVEL_INFO, "run", "%s began: %s on link %s", run_id(run),
              sc->id, link_name(run_link(run)));
    if (key)
        keys_add(&http->keys, key, req, run_id(run));
    enum MHD_Result result = respond_run(req, run, asked->wait);
    run_put(run);
    return result;
}

/* The same request as before: the run of then, if it is still there. */
static enum MHD_Result answer_again(struct request *req, const char *id,
                                    bool wait)
{
    struct run *run = registry_get(req->http->reg, id);
    if (!run)
        return respond_problem(req, MHD_HTTP_GONE,
                               "The run %s that this Idempotency-Key began "
                               "has been forgotten; to begin another, send "
                               "another key.",
                               id);
    req->replayed = true;
    req->http->stats.replays++;
    enum MHD_Result result = respond_run(req, run, wait);
    run_put(run);
    return result;
}

/* A key makes sure that the same request, sent twice, begins one run. */
static enum MHD_Result begin_once(struct request *req,
                                  const struct run_request *asked)
{
    const char *key = request_header(req, KEY_HEADER);
    const char *id = NULL;
    if (!key)
        return begin_run(req, asked);
    if (!key_is_valid(key))
        return respond_problem(req, MHD_HTTP_BAD_REQUEST,
                               "An Idempotency-Key is 1 to %d printable "
                               "characters without blanks; a UUID does well.",
                               KEY_BYTES - 1);
    switch (keys_find(&req->http->keys, key, req, &id)) {
    case KEY_SAME:
        return answer_again(req, id, asked->wait);
    case KEY_OTHER_BODY:
        return respond_problem(req, MHD_HTTP_UNPROCESSABLE_CONTENT,
                               "This Idempotency-Key came with another body "
                               "before, and began the run %s; send another "
                               "key with another request.",
                               id);
    case KEY_NEW:
        break;
    }
    return begin_run(req, asked);
}

/* Called again for each time a waiting request wakes; its body has been read
 * the first time. */
enum MHD_Result handle_runs_post(struct request *req)
{
    struct run_request asked = {0};
    struct json_faults faults = {0};
    if (req->wait_run)
        return wait_for_end(req);
    int r =
        json_run_request(buf_text(&req->body), req->body.len, &asked, &faults);
    enum MHD_Result result =
        r < 0 ? refuse_request(req, r, &faults) : begin_once(req, &asked);
    run_request_done(&asked);
    return result;
}

/* Summaries only; the documents are joined as text, for each is whole by
 * itself. One more than is shown tells whether there is a next part. */
static enum MHD_Result respond_list(struct request *req,
                                    const struct page *page,
                                    struct run *const *runs, size_t count)
{
    struct buf body;
    size_t shown = count > page->limit ? page->limit : count;
    buf_init(&body, HTTP_ANSWER_BYTES);
    buf_str(&body, "{\"runs\":[");
    bool any = false;
    for (size_t i = 0; i < shown; i++) {
        if (!run_is_readable(req, runs[i]))
            continue;
        buf_str(&body, any ? "," : "");
        json_run_summary(runs[i], &body);
        any = true;
    }
    buf_str(&body, "]}");
    struct MHD_Response *reply = reply_json(req, &body);
    if (shown < count)
        page_link(reply, "/api/runs?", page, run_id(runs[shown - 1]));
    return respond(req, MHD_HTTP_OK, reply);
}

enum MHD_Result handle_runs_list(struct request *req)
{
    struct run *runs[PAGE_MOST + 1];
    struct page page;
    enum MHD_Result result;
    size_t count = 0;
    if (!page_read(req, &page, &result))
        return result;
    if (registry_list(req->http->reg, page.after, runs, page.limit + 1,
                      &count) < 0)
        return page_refuse(req, &page);
    result = respond_list(req, &page, runs, count);
    for (size_t i = 0; i < count; i++)
        run_put(runs[i]);
    return result;
}

enum MHD_Result handle_runs_get(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_to_read(req, &result);
    if (!run)
        return result;
    result = respond_document(req, run);
    run_put(run);
    return result;
}

enum MHD_Result handle_runs_delete(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_to_change(req, &result);
    if (!run)
        return result;
    /* Somebody else may have been quicker; gone is gone. */
    registry_delete(req->http->reg, req->params.id);
    run_put(run);
    return respond_nothing(req, MHD_HTTP_NO_CONTENT);
}

enum MHD_Result handle_segment_get(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_to_read(req, &result);
    if (!run)
        return result;
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    if (json_segment(run, req->params.n, &body) == 0)
        result = respond(req, MHD_HTTP_OK, reply_json(req, &body));
    else
        result = respond_problem(req, MHD_HTTP_NOT_FOUND,
                                 "Run %s has no segment %u (yet); its events "
                                 "at /api/runs/%s/events number them.",
                                 req->params.id, req->params.n, req->params.id);
    buf_done(&body);
    run_put(run);
    return result;
}

/* runs_handler.c - begin, list, show and forget runs. */
#include "http_internal.h"

#include "handshake/jsonwriter.h"

#include <errno.h>
#include <stdio.h>

enum { RUNS_LISTED = REGISTRY_DEFAULT_ALIVE + REGISTRY_DEFAULT_KEPT };

struct run *run_or_404(struct request *req, enum MHD_Result *ret_result)
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

/* 201 with Location and what body says. */
static enum MHD_Result respond_created(struct request *req, struct run *run,
                                       struct buf *body)
{
    char location[sizeof("/api/runs/") + RUN_ID_BYTES];
    snprintf(location, sizeof(location), "/api/runs/%s", run_id(run));
    struct MHD_Response *reply = reply_json(body);
    reply_header(reply, "Location", location);
    return respond(req, MHD_HTTP_CREATED, reply);
}

/* {"id": ...}, all that is known of a run that has just begun. */
static enum MHD_Result respond_id(struct request *req, struct run *run)
{
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "id", run_id(run));
    jsonw_close(&w, '}');
    return respond_created(req, run, &body);
}

/* For those who wait for a run when the server ends. */
static enum MHD_Result respond_stopping(struct request *req)
{
    return respond_problem(req, MHD_HTTP_SERVICE_UNAVAILABLE,
                           "The server is stopping; ask again when it is "
                           "back.");
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
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    json_run(run, true, &body);
    return respond_created(req, run, &body);
}

/* r and the faults are those of json_run_request(). */
static enum MHD_Result refuse_request(struct request *req, int r,
                                      const struct json_faults *faults)
{
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

/* With "wait" the request keeps the run, and goes to sleep unless the run has
 * ended already. */
static enum MHD_Result begin_run(struct request *req,
                                 const struct run_request *asked)
{
    struct http *http = req->http;
    struct run *run;
    struct err err = {0};
    const struct scenario *sc = asked->own ? asked->own : asked->scenario;
    int r = registry_start(http->reg, sc, &asked->options, &run, &err);
    if (r < 0)
        return refuse_start(req, r, &err);
    if (!asked->wait) {
        enum MHD_Result result = respond_id(req, run);
        run_put(run);
        return result;
    }
    if (!waiters_enter(&http->waiters, false)) {
        run_put(run);
        return respond_stopping(req);
    }
    req->wait_run = run;
    return wait_for_end(req);
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
        r < 0 ? refuse_request(req, r, &faults) : begin_run(req, &asked);
    run_request_done(&asked);
    return result;
}

/* Summaries only; the documents are joined as text, for each is whole by
 * itself. */
enum MHD_Result handle_runs_list(struct request *req)
{
    struct run *runs[RUNS_LISTED];
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    size_t count = registry_list(req->http->reg, runs, RUNS_LISTED);
    buf_str(&body, "{\"runs\":[");
    for (size_t i = 0; i < count; i++) {
        buf_str(&body, i > 0 ? "," : "");
        json_run(runs[i], false, &body);
        run_put(runs[i]);
    }
    buf_str(&body, "]}");
    return respond(req, MHD_HTTP_OK, reply_json(&body));
}

enum MHD_Result handle_runs_get(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_or_404(req, &result);
    if (!run)
        return result;
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    json_run(run, true, &body);
    result = respond(req, MHD_HTTP_OK, reply_json(&body));
    run_put(run);
    return result;
}

enum MHD_Result handle_runs_delete(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_or_404(req, &result);
    if (!run)
        return result;
    /* Somebody else may have been quicker; gone is gone. */
    registry_delete(req->http->reg, req->params.id);
    run_put(run);
    return respond(
        req, MHD_HTTP_NO_CONTENT,
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result handle_segment_get(struct request *req)
{
    enum MHD_Result result;
    struct run *run = run_or_404(req, &result);
    if (!run)
        return result;
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    if (json_segment(run, req->params.n, &body) == 0)
        result = respond(req, MHD_HTTP_OK, reply_json(&body));
    else
        result = respond_problem(req, MHD_HTTP_NOT_FOUND,
                                 "Run %s has no segment %u (yet); its events "
                                 "at /api/runs/%s/events number them.",
                                 req->params.id, req->params.n, req->params.id);
    buf_done(&body);
    run_put(run);
    return result;
}

/* wire_handler.c - the wire in a person's hands: settings, decisions about held
 * segments, segments made by hand.
 *
 * Handlers run one after the other on libmicrohttpd's thread, so a patch is
 * read over settings that no other request can change in between.
 *
 * Nothing here waits: the wire's functions take a lock for a moment, and what
 * they decide is carried out by the run's own thread. So an answer says that
 * something was decided, the events say what came of it; a viewer sees both. */
#include "http_internal.h"

#include "handshake/jsonwriter.h"

#include <errno.h>

/* What the functions of run.h returned as an HTTP status. */
static unsigned wire_status(int r)
{
    switch (r) {
    case -ENOENT: /* no such segment or rule */
        return MHD_HTTP_NOT_FOUND;
    case -EALREADY:  /* not held any more */
    case -ESHUTDOWN: /* the run is over */
    case -EEXIST:    /* the name is taken */
    case -ENOSPC:    /* too many rules */
        return MHD_HTTP_CONFLICT;
    case -EOPNOTSUPP: /* well asked, but not on this link */
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    case -EAGAIN: /* its owner holds too many */
        return MHD_HTTP_TOO_MANY_REQUESTS;
    case -EINVAL:
        return MHD_HTTP_BAD_REQUEST;
    default:
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
}

/* The sentence is the wire's own: it knows what became of a segment. */
static enum MHD_Result refuse(struct request *req, int r, const struct err *err)
{
    struct MHD_Response *reply = reply_problem(wire_status(r), "%s", err->text);
    if (r == -EAGAIN)
        reply_header(reply, "Retry-After", "10");
    return respond(req, wire_status(r), reply);
}

/* The body is not what it should be. */
static enum MHD_Result refuse_body(struct request *req,
                                   const struct json_faults *faults)
{
    return respond(req, MHD_HTTP_BAD_REQUEST,
                   reply_faults(MHD_HTTP_BAD_REQUEST,
                                "The request cannot be carried out as "
                                "written; the faults say where and why.",
                                faults));
}

/* {"wire": ...} as it stood a moment ago: what was just changed may well have
 * let the run come to its end. */
static enum MHD_Result respond_wire(struct request *req, struct run *run,
                                    const struct wire_settings *settings)
{
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_open(&w, "wire", '{');
    json_wire(settings, run_held_count(run), &w);
    jsonw_close(&w, '}');
    jsonw_close(&w, '}');
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

static enum MHD_Result get_wire(struct request *req, struct run *run)
{
    struct wire_settings now;
    struct err err = {0};
    int r = run_get_wire(run, &now, &err);
    return r < 0 ? refuse(req, r, &err) : respond_wire(req, run, &now);
}

/* Read over what stands, so that a slider that moves one condition leaves
 * the others alone. */
static enum MHD_Result patch_wire(struct request *req, struct run *run)
{
    struct wire_settings now;
    struct wire_patch patch;
    struct json_faults faults;
    struct err err = {0};
    int r = run_get_wire(run, &now, &err);
    if (r < 0)
        return refuse(req, r, &err);
    if (json_wire_patch(buf_text(&req->body), req->body.len, &now, &patch,
                        &faults) < 0)
        return refuse_body(req, &faults);
    bool holds = patch.set_hold[HOST_CLIENT] && patch.hold[HOST_CLIENT];
    holds |= patch.set_hold[HOST_SERVER] && patch.hold[HOST_SERVER];
    bool held = now.hold[HOST_CLIENT] || now.hold[HOST_SERVER];
    const struct owner *owner = &run_get_options(run)->owner;
    if (holds && !held && registry_may_hold(req->http->reg, owner, &err) < 0)
        return refuse(req, -EAGAIN, &err);
    r = run_patch_wire(run, &patch, &now, &err);
    return r < 0 ? refuse(req, r, &err) : respond_wire(req, run, &now);
}

/* Takes no body; one that comes is swallowed. */
static enum MHD_Result reset_wire(struct request *req, struct run *run)
{
    struct wire_settings now;
    struct err err = {0};
    int r = run_reset_wire(run, &now, &err);
    return r < 0 ? refuse(req, r, &err) : respond_wire(req, run, &now);
}

/* {"n", "do", "held"}: the segment, what becomes of it, how many still wait. */
static enum MHD_Result respond_decided(struct request *req, struct run *run,
                                       const struct decision *decision)
{
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_uint(&w, "n", req->params.n);
    jsonw_str(&w, "do", decide_do_name(decision->what));
    jsonw_uint(&w, "held", run_held_count(run));
    jsonw_close(&w, '}');
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

/* A segment that was decided meanwhile - by another viewer, a rule, the end
 * of the run - is a conflict, and the sentence says what became of it. */
static enum MHD_Result decide(struct request *req, struct run *run)
{
    struct decision decision;
    struct json_faults faults;
    struct err err = {0};
    if (json_decision(buf_text(&req->body), req->body.len, &decision, &faults) <
        0)
        return refuse_body(req, &faults);
    int r = run_decide(run, req->params.n, &decision, &err);
    return r < 0 ? refuse(req, r, &err) : respond_decided(req, run, &decision);
}

/* {"n": number of the (first) segment}; null for ICMP, which has none. */
static enum MHD_Result inject(struct request *req, struct run *run)
{
    struct forge forge;
    struct json_faults faults;
    struct err err = {0};
    struct buf body;
    uint32_t n = 0;
    if (json_forge(buf_text(&req->body), req->body.len, &forge, &faults) < 0)
        return refuse_body(req, &faults);
    int r = run_inject(run, &forge, &n, &err);
    if (r < 0)
        return refuse(req, r, &err);
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_uint_or_null(&w, "n", n);
    jsonw_close(&w, '}');
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

/* Call fn with the run of the path: one that this client may change, unless it
 * only GETs something. */
static enum MHD_Result with_run(struct request *req,
                                enum MHD_Result (*fn)(struct request *req,
                                                      struct run *run))
{
    enum MHD_Result result;
    bool reads = fn == get_wire;
    struct run *run =
        reads ? run_to_read(req, &result) : run_to_change(req, &result);
    if (!run)
        return result;
    result = fn(req, run);
    run_put(run);
    return result;
}

/* As it stands now; a viewer who wants to follow it reads the answers to
 * patches and the events. */
enum MHD_Result handle_wire_get(struct request *req)
{
    return with_run(req, get_wire);
}

/* Body: what to change. Answers as GET. */
enum MHD_Result handle_wire_patch(struct request *req)
{
    return with_run(req, patch_wire);
}

/* Answers as GET. */
enum MHD_Result handle_wire_reset(struct request *req)
{
    return with_run(req, reset_wire);
}

/* Body: a decision. */
enum MHD_Result handle_segment_post(struct request *req)
{
    return with_run(req, decide);
}

/* Body: a segment or an ICMP error. */
enum MHD_Result handle_inject(struct request *req)
{
    return with_run(req, inject);
}

/* remote.c - a run on a running server, see remote_internal.h. */
#include "remote_internal.h"

#include "handshake/json.h"
#include "handshake/secret.h"
#include "handshake/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANSWER_MAX_BYTES = 1024 * 1024,
    LINES_MAX_BYTES = 4 * 1024 * 1024, /* one event is far shorter */
    SHOWN_BYTES = 200,                 /* of an answer that makes no sense */
    STOP_TIMEOUT_MS = 1000
};

struct remote {
    const struct server *server; /* (borrowed) */
    char id[RUN_ID_BYTES];
    char key[SECRET_BYTES]; /* "" from a server that gives none */
    struct answer stream;
    struct buf lines;   /* read, but no whole line yet */
    struct runlog *log; /* (owned) */
};

/* --- beginning ----------------------------------------------------------- */

/* What the server has to say about it, in one sentence or a line a fault. */
static int refused(const struct answer *a, const struct buf *body,
                   struct err *ret_err)
{
    struct buf text;
    buf_init(&text, ANSWER_MAX_BYTES);
    if (json_problem_read(buf_text(body), body->len, &text) < 0) {
        buf_reset(&text);
        buf_printf(&text, "status %d, ", a->status);
        words_bytes(&text, buf_text(body),
                    body->len < SHOWN_BYTES ? body->len : SHOWN_BYTES);
    }
    err_set(ret_err, EPROTO, "the server says: %s", buf_text(&text));
    buf_done(&text);
    return -EPROTO;
}

/* POST the request; the run's id and key come back. */
static int post(struct remote *r, const struct buf *request,
                struct err *ret_err)
{
    const struct ask_request q = {.method = "POST",
                                  .path = "/api/runs",
                                  .accept = "application/json",
                                  .body = buf_text(request),
                                  .body_len = request->len};
    struct answer *a = malloc(sizeof(*a));
    if (!a)
        return err_set(ret_err, ENOMEM, "there is no memory left");
    struct buf body;
    buf_init(&body, ANSWER_MAX_BYTES);
    int result = ask(r->server, &q, a, ret_err);
    if (result == 0) {
        result = answer_whole(a, &body, ret_err);
        answer_close(a);
        bool made =
            a->status == 201 &&
            json_answer_begun(buf_text(&body), body.len, r->id, r->key) == 0;
        if (result == 0 && !made)
            result = refused(a, &body, ret_err);
    }
    buf_done(&body);
    free(a);
    return result;
}

/* GET its events, a line each. */
static int follow(struct remote *r, struct err *ret_err)
{
    char path[RUN_ID_BYTES + 32];
    const struct ask_request q = {.method = "GET",
                                  .path = path,
                                  .accept = "application/x-ndjson",
                                  .key = r->key};
    snprintf(path, sizeof(path), "/api/runs/%s/events", r->id);
    int result = ask(r->server, &q, &r->stream, ret_err);
    if (result == 0 && r->stream.status != 200) {
        struct buf body;
        buf_init(&body, ANSWER_MAX_BYTES);
        result = answer_whole(&r->stream, &body, ret_err);
        if (result == 0)
            result = refused(&r->stream, &body, ret_err);
        buf_done(&body);
    }
    return result;
}

/* Half-built is freed here: the caller gets all or nothing. */
int remote_start(const struct server *server, const struct buf *body,
                 struct remote **ret_remote, struct err *ret_err)
{
    const struct runlog_limits limits = registry_default_limits().log;
    struct remote *r = calloc(1, sizeof(*r));
    if (!r)
        return err_set(ret_err, ENOMEM, "there is no memory left");
    r->server = server;
    r->stream.fd = -1;
    buf_init(&r->lines, LINES_MAX_BYTES);
    r->log = runlog_new(limits, NULL);
    int result = r->log ? post(r, body, ret_err)
                        : err_set(ret_err, ENOMEM, "there is no memory left");
    if (result == 0)
        result = follow(r, ret_err);
    if (result < 0) {
        remote_free(r);
        return result;
    }
    *ret_remote = r;
    return 0;
}

/* The run on the server is left alone: others may be looking at it. */
void remote_free(struct remote *r)
{
    if (!r)
        return;
    answer_close(&r->stream);
    buf_done(&r->lines);
    runlog_free(r->log);
    free(r);
}

/* --- following ----------------------------------------------------------- */

/* Ours: it lives until remote_free(). */
const struct runlog *remote_log(const struct remote *r)
{
    return r->log;
}

/* The stream's connection; it stays the same for the whole run. */
int remote_fd(const struct remote *r)
{
    return r->stream.fd;
}

/* Ids begin with 1 and have no gaps: the log gives the same. */
static int take_line(struct remote *r, const char *line, size_t len,
                     struct err *ret_err)
{
    struct json_faults faults;
    struct json_event e = {.doc = NULL};
    if (len == 0)
        return 0; /* a sign of life */
    if (json_event_read(line, len, &e, &faults) < 0)
        return err_set(ret_err, EPROTO,
                       "the server sent an event that this version does not "
                       "understand: %s %s",
                       faults.list[0].pointer, faults.list[0].text);
    uint32_t next = runlog_count(r->log) + 1;
    bool in_turn = e.event.id == next;
    bool kept = in_turn && runlog_append(r->log, &e.event) == next;
    json_event_done(&e);
    if (!in_turn)
        return err_set(ret_err, EPROTO, "the server left events out");
    return kept ? 0 : err_set(ret_err, ENOMEM, "the run is too long to keep");
}

/* All whole lines; the rest waits. */
static int take_lines(struct remote *r, struct err *ret_err)
{
    const char *text = buf_text(&r->lines);
    size_t at = 0;
    int result = 0;
    const char *end;
    while (result == 0 && at < r->lines.len &&
           (end = memchr(text + at, '\n', r->lines.len - at)) != NULL) {
        result = take_line(r, text + at, (size_t)(end - text) - at, ret_err);
        at = (size_t)(end - text) + 1;
    }
    if (at > 0) {
        memmove(r->lines.data, text + at, r->lines.len - at);
        r->lines.len -= at;
    }
    return result;
}

/* Lines that have come are taken even when the connection broke behind them. */
int remote_take(struct remote *r, struct err *ret_err)
{
    int result = answer_take(&r->stream, &r->lines, ret_err);
    if (r->lines.failed)
        return err_set(ret_err, EPROTO, "the server sent a line without end");
    int taken = take_lines(r, ret_err);
    if (taken < 0 || runlog_ended(r->log))
        return taken;
    if (result == 0 && r->stream.ended)
        return err_set(ret_err, EPIPE,
                       "the server ended before the run did; what is known is "
                       "shown");
    return result;
}

/* Nobody waits long for a server that is to be left anyway. */
void remote_stop(struct remote *r)
{
    char path[RUN_ID_BYTES + 32];
    const struct ask_request q = {
        .method = "DELETE", .path = path, .key = r->key};
    struct server server = *r->server;
    struct answer *a = malloc(sizeof(*a));
    snprintf(path, sizeof(path), "/api/runs/%s", r->id);
    server.timeout_ms = STOP_TIMEOUT_MS;
    server.stop_fd = -1;
    if (a && ask(&server, &q, a, NULL) == 0)
        answer_close(a);
    free(a);
}

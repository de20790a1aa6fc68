/* room_handler.c - a class votes: rooms over HTTP.
 *
 * Whoever opens a room gets a key; asking, closing and counting before the end
 * need it (Authorization: Bearer KEY), voting does not. Handlers run one after
 * the other on libmicrohttpd's thread, so rooms need no lock. Phones ask again
 * every second or so; a tag that goes up with each change makes that cheap. */
#include "http_internal.h"

#include "handshake/clock.h"
#include "handshake/jsonwriter.h"
#include "handshake/room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static enum MHD_Result refuse_guess(struct request *req, uint32_t seconds)
{
    char retry[12];
    snprintf(retry, sizeof(retry), "%u", seconds);
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_TOO_MANY_REQUESTS,
        "Too many wrong room codes came from your address; try again in %u s.",
        seconds);
    reply_header(reply, "Retry-After", retry);
    return respond(req, MHD_HTTP_TOO_MANY_REQUESTS, reply);
}

struct room *room_or_404(struct request *req, enum MHD_Result *ret_result)
{
    const uint8_t *address = req->owner.id;
    struct room *room =
        rooms_find(req->http->rooms, req->params.id, clock_mono_ns());
    if (room && (!req->http->is_public || room_knows(room, address)))
        return room;
    uint32_t wait = req->http->is_public ? client_guess_wait(req->client) : 0;
    if (wait > 0) {
        *ret_result = refuse_guess(req, wait);
        return NULL;
    }
    if (room) {
        room_found(room, address);
        return room;
    }
    client_guessed(req->client);
    *ret_result = respond_problem(
        req, MHD_HTTP_NOT_FOUND,
        "There is no room %s: it was closed, or nobody came for two hours.",
        req->params.id);
    return NULL;
}

/* The room as it stands. Counts are for its owner until the question is
 * closed: who sees them votes with the crowd. */
static enum MHD_Result respond_room(struct request *req,
                                    const struct room *room)
{
    bool owner = room_key_fits(room, request_key(req));
    bool counted = room->n > 0 && (owner || !room->open);
    uint32_t counts[ROOM_MAX_CHOICES];
    char etag[48];
    snprintf(etag, sizeof(etag), "\"%s-%llu%s\"", room->id,
             (unsigned long long)room->change, owner ? "-k" : "");
    if (strcmp(req->method, "GET") == 0 &&
        negotiate_etag(request_header(req, "If-None-Match"), etag))
        return respond_unchanged(req, etag);
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    room_count(room, counts);
    json_room(room, counted ? counts : NULL, &body);
    struct MHD_Response *reply = reply_json(req, &body);
    if (reply) { /* kept by the browser, asked about each time */
        MHD_del_response_header(reply, "Cache-Control", "no-store");
        MHD_del_response_header(reply, "Vary", "Accept-Encoding");
    }
    reply_etag(reply, etag);
    return respond(req, MHD_HTTP_OK, reply);
}

static enum MHD_Result refuse_rooms(struct request *req)
{
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_TOO_MANY_REQUESTS,
        "%u rooms were opened from your address, which is the most; close one.",
        req->http->limits.address_rooms);
    reply_header(reply, "Retry-After", "60");
    return respond(req, MHD_HTTP_TOO_MANY_REQUESTS, reply);
}

enum MHD_Result handle_rooms_post(struct request *req)
{
    if (req->http->is_public &&
        rooms_opened_by(req->http->rooms, req->owner.id) >=
            req->http->limits.address_rooms)
        return refuse_rooms(req);
    struct room *room = rooms_open(req->http->rooms, clock_mono_ns());
    if (!room) {
        struct MHD_Response *busy = reply_problem(
            MHD_HTTP_SERVICE_UNAVAILABLE,
            "All %d rooms are in use; close one or try again later.",
            ROOMS_MAX);
        reply_header(busy, "Retry-After", "60");
        return respond(req, MHD_HTTP_SERVICE_UNAVAILABLE, busy);
    }
    memcpy(room->opener, req->owner.id, sizeof(room->opener));
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "id", room->id);
    jsonw_str(&w, "key", room->key);
    jsonw_close(&w, '}');
    char location[64];
    snprintf(location, sizeof(location), "/api/rooms/%s", room->id);
    struct MHD_Response *reply = reply_json(req, &body);
    reply_header(reply, "Location", location);
    return respond(req, MHD_HTTP_CREATED, reply);
}

enum MHD_Result handle_room_get(struct request *req)
{
    enum MHD_Result result;
    const struct room *room = room_or_404(req, &result);
    return room ? respond_room(req, room) : result;
}

/* The room, for its owner; else NULL after answering. */
static struct room *owned(struct request *req, enum MHD_Result *ret_result)
{
    struct room *room = room_or_404(req, ret_result);
    if (!room)
        return NULL;
    if (room_key_fits(room, request_key(req)))
        return room;
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_UNAUTHORIZED, "Only who opened the room may do that: send its "
                               "key as Authorization: Bearer KEY.");
    reply_header(reply, "WWW-Authenticate", "Bearer");
    *ret_result = respond(req, MHD_HTTP_UNAUTHORIZED, reply);
    return NULL;
}

static enum MHD_Result refuse_body(struct request *req,
                                   const struct json_faults *faults)
{
    return respond(req, MHD_HTTP_BAD_REQUEST,
                   reply_faults(MHD_HTTP_BAD_REQUEST,
                                "The request cannot be carried out as "
                                "written; the faults say where and why.",
                                faults));
}

enum MHD_Result handle_room_delete(struct request *req)
{
    enum MHD_Result result;
    struct room *room = owned(req, &result);
    if (!room)
        return result;
    rooms_close(req->http->rooms, room);
    return respond(
        req, MHD_HTTP_NO_CONTENT,
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result handle_room_ask(struct request *req)
{
    enum MHD_Result result;
    struct question question;
    struct json_faults faults;
    struct room *room = owned(req, &result);
    if (!room)
        return result;
    if (json_question(buf_text(&req->body), req->body.len, &question, &faults) <
        0)
        return refuse_body(req, &faults);
    room_ask(room, &question);
    return respond_room(req, room);
}

/* What the functions of room.h refused, in words. */
static enum MHD_Result refuse(struct request *req, int r)
{
    switch (r) {
    case -ENOENT:
        return respond_problem(req, MHD_HTTP_CONFLICT,
                               "No question has been asked in this room.");
    case -ESTALE:
        return respond_problem(req, MHD_HTTP_CONFLICT,
                               "Another question is asked by now: GET the room "
                               "and vote on that one.");
    case -EBUSY:
        return respond_problem(req, MHD_HTTP_CONFLICT,
                               "The question is closed; wait for the next.");
    case -ERANGE:
        return respond_problem(req, MHD_HTTP_UNPROCESSABLE_CONTENT,
                               "The question has no such choice; they count "
                               "from 0.");
    default:
        return respond_problem(req, MHD_HTTP_SERVICE_UNAVAILABLE,
                               "%d have voted, which is all a room takes.",
                               ROOM_MAX_VOTERS);
    }
}

enum MHD_Result handle_room_close(struct request *req)
{
    enum MHD_Result result;
    struct closing closing;
    struct json_faults faults;
    struct room *room = owned(req, &result);
    if (!room)
        return result;
    if (json_closing(buf_text(&req->body), req->body.len, &closing, &faults) <
        0)
        return refuse_body(req, &faults);
    int r = room_close(room, &closing);
    return r < 0 ? refuse(req, r) : respond_room(req, room);
}

static enum MHD_Result refuse_votes(struct request *req)
{
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_TOO_MANY_REQUESTS,
        "%u voters of your address have voted, which is the most in a room.",
        req->http->limits.address_votes);
    reply_header(reply, "Retry-After", "60");
    return respond(req, MHD_HTTP_TOO_MANY_REQUESTS, reply);
}

enum MHD_Result handle_room_vote(struct request *req)
{
    struct vote vote;
    struct json_faults faults;
    enum MHD_Result result;
    struct room *room = room_or_404(req, &result);
    if (!room)
        return result;
    if (json_vote(buf_text(&req->body), req->body.len, &vote, &faults) < 0)
        return refuse_body(req, &faults);
    memcpy(vote.from, req->owner.id, sizeof(vote.from));
    if (req->http->is_public &&
        room_votes_from(room, &vote) >= req->http->limits.address_votes)
        return refuse_votes(req);
    int r = room_vote(room, &vote);
    return r < 0 ? refuse(req, r) : respond_room(req, room);
}

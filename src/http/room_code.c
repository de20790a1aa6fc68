/* room_code.c - a room's link as a QR code.
 *
 * A class opens whatever its projector shows, so the code never holds a text
 * that somebody sent: the address is one of this machine's own, or the one
 * under which this request came, which guard.c has looked at (behind a proxy,
 * or a port that a container passes on, only that one is known); the rest is
 * ours. */
#include "http_internal.h"

#include "handshake/clock.h"
#include "handshake/qr.h"
#include "handshake/room.h"

#include <stdio.h>
#include <string.h>

enum { CODE_BYTES = 64 * 1024, LINK_BYTES = 320 };

static bool is_own(const struct request *req, const char *address)
{
    const struct http_reach *reach = &req->http->reach;
    const char *host = request_header(req, "Host");
    char text[ENDPOINT_TEXT_BYTES];
    if (host && origin_is(address, host))
        return true;
    for (size_t i = 0; i < reach->count; i++)
        if (origin_is(address, endpoint_text(&reach->list[i], text)))
            return true;
    return false;
}

/* Where the link shall lead: what was asked for, the likeliest, or here.
 * ret_address has LINK_BYTES. */
static bool choose_address(const struct request *req, char *ret_address)
{
    const char *asked = MHD_lookup_connection_value(
        req->conn, MHD_GET_ARGUMENT_KIND, "address");
    const char *host = request_header(req, "Host");
    int len = 0;
    if (asked)
        len = snprintf(ret_address, LINK_BYTES, "%s", asked);
    else if (req->http->reach.count > 0)
        reach_origin(&req->http->reach.list[0], ret_address);
    else
        len = snprintf(ret_address, LINK_BYTES, "http://%s", host ? host : "");
    return len < LINK_BYTES && is_own(req, ret_address);
}

enum MHD_Result handle_room_code(struct request *req)
{
    char address[LINK_BYTES],
        link[LINK_BYTES + sizeof("/#vote/") + ROOM_ID_BYTES];
    enum MHD_Result result;
    const struct room *room = room_or_404(req, &result);
    if (!room)
        return result;
    if (!choose_address(req, address))
        return respond_problem(req, MHD_HTTP_UNPROCESSABLE_CONTENT,
                               "?address= takes one of the addresses that "
                               "/api/capabilities tells, or the one you asked "
                               "at, as http://HOST:PORT.");
    struct buf body;
    buf_init(&body, CODE_BYTES);
    snprintf(link, sizeof(link), "%s/#vote/%s", address, room->id);
    qr_svg(link, &body);
    return respond_tagged(req, "image/svg+xml", &body);
}

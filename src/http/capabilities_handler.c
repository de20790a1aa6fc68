/* capabilities_handler.c - what this server can do, and whether it is well. */
#include "http_internal.h"

#include "handshake/jsonwriter.h"

#include <sys/utsname.h>

enum { CAPABILITIES_MAX_BYTES = 64 * 1024 };

/* Which links, sandbox and kernel features there are: what the start found. */
static void put_machine(struct jsonw *w, const struct settle_report *settled)
{
    struct utsname system = {0};
    if (settled) {
        json_settled(settled, w);
        return;
    }
    uname(&system);
    jsonw_str(w, "kernel", system.release);
    jsonw_str(w, "link", link_name(LINK_WIRE));
}

/* Where phones and other machines find this server. */
static void put_reach(struct jsonw *w, const struct http *http)
{
    char text[ORIGIN_BYTES];
    jsonw_bool(w, "loopback_only", ipaddr_is_loopback(&http->bound));
    jsonw_bool(w, "owned_runs", http->is_public || http->private_runs);
    jsonw_bool(w, "private_runs", http->private_runs);
    jsonw_open(w, "addresses", '[');
    for (size_t i = 0; i < http->reach.count; i++) {
        reach_origin(&http->reach.list[i], text);
        jsonw_str(w, NULL, text);
    }
    jsonw_close(w, ']');
}

enum MHD_Result handle_capabilities(struct request *req)
{
    struct buf body;
    buf_init(&body, CAPABILITIES_MAX_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "version", HANDSHAKE_VERSION);
    jsonw_open(&w, "ip", '[');
    jsonw_uint(&w, NULL, 4);
    jsonw_uint(&w, NULL, 6);
    jsonw_close(&w, ']');
    put_reach(&w, req->http);
    limits_write(req->http, &w);
    put_machine(&w, req->http->settled);
    jsonw_close(&w, '}');
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

/* An answer at all is the news: it took libmicrohttpd's thread and the
 * registry's lock to make it. */
enum MHD_Result handle_health(struct request *req)
{
    struct buf body;
    buf_init(&body, HTTP_PROBLEM_BYTES);
    struct jsonw w = jsonw_to(&body);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "status", "ok");
    jsonw_uint(&w, "runs_alive", registry_alive(req->http->reg));
    jsonw_close(&w, '}');
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

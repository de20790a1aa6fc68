/* guard.c - keeps pages of other sites from driving this server.
 *
 * A page anywhere can make the browser of its visitor send requests to
 * localhost. Three headers, which no page can forge, tell such requests apart:
 *   Host            a site that points its own name at 127.0.0.1 (DNS
 *                   rebinding) shows its name here; only names that are surely
 *                   ours pass
 *   Origin          sent with every request that could change something
 *   Sec-Fetch-Site  sent by current browsers with every request
 * Programs that are no browsers send neither of the latter two. */
#include "http_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static enum MHD_Result refuse_host(struct request *req)
{
    return respond_problem(
        req, MHD_HTTP_FORBIDDEN,
        "The Host header names a machine that this server does not answer "
        "for. Use localhost or the IP address it listens on, or start it with "
        "--allow-host NAME.");
}

static enum MHD_Result refuse_origin(struct request *req)
{
    return respond_problem(
        req, MHD_HTTP_FORBIDDEN,
        "This request comes from a page of another site; only this server's "
        "own page may send it. Programs should send no Origin header.");
}

/* The name in a Host header: without port, brackets gone. */
static bool host_name_part(const char *host, char *ret_name, size_t name_bytes)
{
    const char *end;
    uint32_t port;
    bool bracket = host[0] == '[';
    if (bracket)
        host++;
    end = strchr(host, bracket ? ']' : ':');
    size_t len = end ? (size_t)(end - host) : strlen(host);
    if (len == 0 || len >= name_bytes || (bracket && !end))
        return false;
    memcpy(ret_name, host, len);
    ret_name[len] = '\0';
    const char *rest = end ? end + (bracket ? 1 : 0) : "";
    return !*rest ||
           (*rest == ':' && parse_u32(rest + 1, &port) && port <= UINT16_MAX);
}

/* Whether name is surely us: an address cannot be rebound, and `localhost`
 * resolves to the visitor's own machine everywhere. */
static bool name_is_ours(const struct http *http, const char *name)
{
    struct ipaddr addr;
    if (strcasecmp(name, "localhost") == 0)
        return true;
    if (http->allow_host[0] && strcasecmp(name, http->allow_host) == 0)
        return true;
    if (!ipaddr_parse(name, &addr))
        return false;
    return ipaddr_is_loopback(&addr) || ipaddr_is_any(&http->bound) ||
           ipaddr_equal(&addr, &http->bound);
}

/* https is what the browser sees when a proxy in front speaks it. */
bool origin_is(const char *origin, const char *host)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(schemes[i]);
        if (strncasecmp(origin, schemes[i], len) == 0)
            return strcasecmp(origin + len, host) == 0;
    }
    return false;
}

/* A link that a person followed from another site: it may show the page, which
 * cannot be framed, but never reach the API. */
static bool is_followed_link(const struct request *req)
{
    const char *mode = request_header(req, "Sec-Fetch-Mode");
    const char *dest = request_header(req, "Sec-Fetch-Dest");
    return strcmp(req->method, "GET") == 0 &&
           strncmp(req->path, "/api/", 5) != 0 && mode &&
           strcasecmp(mode, "navigate") == 0 && dest &&
           strcasecmp(dest, "document") == 0;
}

/* In the order in which a person would want to hear of it: the wrong name first
 * (it also decides what Origin must be), then where the request comes from. */
handler_fn *guard_check(struct request *req)
{
    char name[sizeof(req->http->allow_host)];
    /* HTTP/1.0 knows no Host, and no browser speaks it. (1.1 without one was
     * refused by libmicrohttpd.) */
    const char *host = request_header(req, "Host");
    if (host && (!host_name_part(host, name, sizeof(name)) ||
                 !name_is_ours(req->http, name)))
        return refuse_host;
    const char *origin = request_header(req, "Origin");
    if (origin && (!host || !origin_is(origin, host)))
        return refuse_origin;
    const char *site = request_header(req, "Sec-Fetch-Site");
    if (site && strcasecmp(site, "cross-site") == 0 && !is_followed_link(req))
        return refuse_origin;
    return NULL;
}

/* route.c - the table of routes, and what a path that is in none of them
 * gets.
 *
 * A path answers OPTIONS with the methods it has, HEAD as GET (libmicrohttpd
 * leaves the body away), and anything else with 405. */
#include "http_internal.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum method method;
    const char *name;
} methods[] = {{METHOD_GET, "GET"},
               {METHOD_POST, "POST"},
               {METHOD_DELETE, "DELETE"},
               {METHOD_PATCH, "PATCH"}};

static const char json[] = "application/json";

static const struct route routes[] = {
    {METHOD_GET, "/healthz", handle_health, false, json},
    {METHOD_GET, "/metrics", handle_metrics, false, "text/plain"},
    {METHOD_GET, "/api/openapi.json", handle_openapi, false, json},
    {METHOD_GET, "/api/capabilities", handle_capabilities, false, json},
    {METHOD_GET, "/api/scenarios", handle_scenarios_list, false, json},
    {METHOD_GET, "/api/scenarios/schema.json", handle_scenario_schema, false,
     json},
    {METHOD_POST, "/api/scenarios/check", handle_scenario_check, true, json},
    {METHOD_GET, "/api/scenarios/{id}", handle_scenarios_get, false, json},
    {METHOD_GET, "/api/runs", handle_runs_list, false, json},
    {METHOD_POST, "/api/runs", handle_runs_post, true, json},
    {METHOD_GET, "/api/runs/{id}", handle_runs_get, false, json},
    {METHOD_DELETE, "/api/runs/{id}", handle_runs_delete, false, NULL},
    {METHOD_GET, "/api/runs/{id}.pcapng", handle_download, false,
     "application/x-pcapng"},
    {METHOD_GET, "/api/runs/{id}.svg", handle_download, false, "image/svg+xml"},
    {METHOD_GET, "/api/runs/{id}.txt", handle_download, false, "text/plain"},
    {METHOD_GET, "/api/runs/{id}.json", handle_download, false,
     "application/json"},
    {METHOD_GET, "/api/runs/{id}/events", handle_stream, false, NULL},
    {METHOD_GET, "/api/runs/{id}/segments/{n}", handle_segment_get, false,
     json},
    {METHOD_POST, "/api/runs/{id}/segments/{n}", handle_segment_post, true,
     json},
    {METHOD_POST, "/api/runs/{id}/inject", handle_inject, true, json},
    {METHOD_POST, "/api/runs/{id}/reset", handle_wire_reset, false, json},
    {METHOD_GET, "/api/runs/{id}/wire", handle_wire_get, false, json},
    {METHOD_PATCH, "/api/runs/{id}/wire", handle_wire_patch, true, json},
    {METHOD_POST, "/api/rooms", handle_rooms_post, false, json},
    {METHOD_GET, "/api/rooms/{id}", handle_room_get, false, json},
    {METHOD_DELETE, "/api/rooms/{id}", handle_room_delete, false, NULL},
    {METHOD_GET, "/api/rooms/{id}/qr.svg", handle_room_code, false,
     "image/svg+xml"},
    {METHOD_POST, "/api/rooms/{id}/questions", handle_room_ask, true, json},
    {METHOD_POST, "/api/rooms/{id}/close", handle_room_close, true, json},
    {METHOD_POST, "/api/rooms/{id}/votes", handle_room_vote, true, json},
};

const struct route *route_at(size_t i)
{
    return i < sizeof(routes) / sizeof(*routes) ? &routes[i] : NULL;
}

const char *method_name(enum method method)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        if (methods[i].method == method)
            return methods[i].name;
    return "";
}

/* What run and scenario ids are made of; safe in sentences and headers. */
static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* Take one value off *path for the placeholder at *pattern; moves both past
 * it. */
static bool match_param(const char **pattern, const char **path,
                        struct params *ret)
{
    char value[sizeof(ret->id)];
    size_t len = 0;
    while (is_id_char((*path)[len]))
        len++;
    if (len == 0 || len >= sizeof(value))
        return false;
    memcpy(value, *path, len);
    value[len] = '\0';
    *path += len;
    bool is_number = strncmp(*pattern, "{n}", 3) == 0;
    *pattern = strchr(*pattern, '}') + 1;
    if (is_number)
        return parse_u32(value, &ret->n);
    memcpy(ret->id, value, len + 1);
    return true;
}

/* Whether all of path fits pattern; ret gets the values. Nothing is decoded
 * here and no name is special, so that ".." is just a name nobody has. */
static bool match(const char *pattern, const char *path, struct params *ret)
{
    while (*pattern) {
        if (*pattern == '{') {
            if (!match_param(&pattern, &path, ret))
                return false;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

/* "GET, HEAD, POST, OPTIONS" for a set of methods. */
static void allow_text(unsigned allowed, char *ret_text, size_t bytes)
{
    size_t len = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        if (allowed & (unsigned)methods[i].method)
            len += (size_t)snprintf(
                ret_text + len, bytes - len, "%s%s, ", methods[i].name,
                methods[i].method == METHOD_GET ? ", HEAD" : "");
    snprintf(ret_text + len, bytes - len, "OPTIONS");
}

static enum MHD_Result handle_nothing(struct request *req)
{
    return respond_problem(req, MHD_HTTP_NOT_FOUND,
                           "There is nothing at this address. The page is at "
                           "/, scenarios at /api/scenarios, runs at "
                           "/api/runs.");
}

static enum MHD_Result handle_other_method(struct request *req)
{
    char allow[64];
    allow_text(req->allowed, allow, sizeof(allow));
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_METHOD_NOT_ALLOWED, "This address takes %s only.", allow);
    reply_header(reply, "Allow", allow);
    return respond(req, MHD_HTTP_METHOD_NOT_ALLOWED, reply);
}

static enum MHD_Result handle_options(struct request *req)
{
    char allow[64];
    allow_text(req->allowed, allow, sizeof(allow));
    struct MHD_Response *reply =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    reply_header(reply, "Allow", allow);
    reply_header(reply, "Cache-Control", "no-store");
    return respond(req, MHD_HTTP_NO_CONTENT, reply);
}

/* The method as a bit, HEAD as GET; 0 when no route has it. */
static unsigned method_bit(const char *name)
{
    if (strcmp(name, "HEAD") == 0)
        return METHOD_GET;
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        if (strcmp(name, methods[i].name) == 0)
            return (unsigned)methods[i].method;
    return 0;
}

/* Collect the methods of req's path; returns the row that has its method. A
 * path may be in several rows, one a method; without a row of its own method
 * the request counts as one of the path's first. */
static const struct route *look_up(struct request *req, unsigned method)
{
    const struct route *found = NULL;
    for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
        struct params params = {0};
        if (!match(routes[i].pattern, req->path, &params))
            continue;
        if (req->allowed == 0)
            req->route = &routes[i];
        req->allowed |= (unsigned)routes[i].method;
        if ((unsigned)routes[i].method != method)
            continue;
        found = &routes[i];
        req->params = params;
    }
    return found;
}

void route_choose(struct request *req)
{
    unsigned method = method_bit(req->method);
    const struct route *route = look_up(req, method);
    /* Files come last: no file of the page can hide a route. */
    bool is_file = req->allowed == 0 && web_has(req->http->web, req->path);
    req->is_file = is_file;
    if (is_file || strcmp(req->path, "*") == 0)
        req->allowed = METHOD_GET;
    if (route) {
        req->route = route;
        req->handler = route->handler;
        req->takes_body = route->takes_body;
    } else if (req->allowed == 0) {
        req->handler = handle_nothing;
    } else if (strcmp(req->method, "OPTIONS") == 0) {
        req->handler = handle_options;
    } else if (is_file && method == METHOD_GET) {
        req->handler = handle_static;
    } else {
        req->handler = handle_other_method;
    }
}

/* stats.c - requests by route, method and status.
 *
 * A table of numbers with a place for each route, so that nothing a client
 * sends can make it grow: what is no route counts as one of two others. All in
 * libmicrohttpd's thread. */
#include "http_internal.h"

#include "handshake/log.h"

#include <stdio.h>
#include <string.h>

enum {
    ROUTE_NONE,  /* refused before there was one, or there is none */
    ROUTE_FILE,  /* the page */
    ROUTE_FIRST, /* of the table */
    PATTERN_BYTES = 64
};

static const char *const methods[STATS_METHODS] = {
    "GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "other"};

/* All that are sent; the last stands for one that was forgotten here. */
static const unsigned statuses[] = {200, 201, 204, 304, 400, 401, 403,
                                    404, 405, 406, 409, 410, 411, 413,
                                    415, 422, 429, 431, 500, 503, 0};
_Static_assert(sizeof(statuses) / sizeof(*statuses) <= STATS_STATUSES,
               "room for every status");

/* A method nobody knows is any other. */
static size_t method_index(const char *name)
{
    size_t i = 0;
    while (i < STATS_METHODS - 1 && strcmp(methods[i], name) != 0)
        i++;
    return i;
}

/* The place of a status, the last for one that has none. */
static size_t status_index(unsigned status)
{
    size_t i = 0;
    while (statuses[i] && statuses[i] != status)
        i++;
    return i;
}

/* Rows of one path are counted as one route: the method is a label anyway. */
static size_t route_index(const struct request *req)
{
    if (!req->route)
        return req->is_file ? ROUTE_FILE : ROUTE_NONE;
    size_t i = 0;
    while (strcmp(route_at(i)->pattern, req->route->pattern) != 0)
        i++;
    return i + ROUTE_FIRST < STATS_ROUTES ? i + ROUTE_FIRST : ROUTE_NONE;
}

/* Every answer passes here: counted, and told of where each is worth a line. */
void stats_count(struct request *req, unsigned status)
{
    log_write(LOG_LEVEL_DEBUG, "http", "%s %s %u", req->method, req->path,
              status);
    req->http->stats.requests[route_index(req)][method_index(req->method)]
                             [status_index(status)]++;
}

/* Patterns, so that ids make no series. */
static const char *route_label(size_t index)
{
    const struct route *route =
        index >= ROUTE_FIRST ? route_at(index - ROUTE_FIRST) : NULL;
    if (route)
        return route->pattern;
    return index == ROUTE_FILE ? "page" : "none";
}

static void write_one(struct buf *out, size_t route, size_t method,
                      size_t status, uint64_t count)
{
    char labels[PATTERN_BYTES + 64];
    snprintf(labels, sizeof(labels), "route=\"%s\",method=\"%s\",code=\"%u\"",
             route_label(route), methods[method], statuses[status]);
    metric_value(out, "handshake_http_requests_total", labels, (double)count);
}

void stats_write(const struct stats *stats, struct buf *out)
{
    metric_family(out, "handshake_http_requests_total", "counter",
                  "Requests answered, by route, method and status.");
    for (size_t r = 0; r < STATS_ROUTES; r++)
        for (size_t m = 0; m < STATS_METHODS; m++)
            for (size_t s = 0; s < STATS_STATUSES; s++)
                if (stats->requests[r][m][s])
                    write_one(out, r, m, s, stats->requests[r][m][s]);
}

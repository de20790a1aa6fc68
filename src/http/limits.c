/* limits.c - what one client, or all together, may take: defaults, bounds, and
 * what of it a client is told.
 *
 * A limit is a row of one table. The numbers a server runs with are shown by
 * GET /api/capabilities, so that nobody has to guess why it was refused. */
#include "http_internal.h"

#include "handshake/jsonwriter.h"
#include "handshake/room.h"

#include <errno.h>
#include <stddef.h>

enum {
    KIB = 1024,
    MOST_CONNECTIONS = 65536,
    MOST_SECONDS = 24 * 3600,
    OTHER_CONNECTIONS = 256, /* beside the viewers */
    RESERVE_PART = 8,        /* one address leaves an eighth to others, */
    RESERVE_MOST = 64        /* or so many */
};

/* standard 0: computed from others, see http_fill_limits(). */
static const struct limit_row {
    const char *name;
    size_t offset;
    uint32_t standard, least, most;
} rows[] = {
    {"body_bytes", offsetof(struct http_limits, body_bytes), 64 * KIB, KIB,
     HTTP_SWALLOW_BYTES},
    {"header_bytes", offsetof(struct http_limits, header_bytes), 4736, 4 * KIB,
     256 * KIB},
    {"viewers", offsetof(struct http_limits, viewers), 1000, 1,
     MOST_CONNECTIONS - OTHER_CONNECTIONS},
    {"connections", offsetof(struct http_limits, connections), 0, 2,
     MOST_CONNECTIONS},
    {"address_connections", offsetof(struct http_limits, address_connections),
     0, 1, MOST_CONNECTIONS},
    {"address_requests", offsetof(struct http_limits, address_requests), 2000,
     1, 1000000},
    {"address_rooms", offsetof(struct http_limits, address_rooms), 8, 1,
     ROOMS_MAX},
    {"address_votes", offsetof(struct http_limits, address_votes), 1000, 1,
     ROOM_MAX_VOTERS},
    {"request_seconds", offsetof(struct http_limits, request_seconds), 30, 1,
     MOST_SECONDS},
    {"answer_seconds", offsetof(struct http_limits, answer_seconds), 120, 1,
     MOST_SECONDS},
    {"viewer_seconds", offsetof(struct http_limits, viewer_seconds), 60, 1,
     MOST_SECONDS},
    {"heartbeat_seconds", offsetof(struct http_limits, heartbeat_seconds), 15,
     1, 300},
};

static const size_t row_count = sizeof(rows) / sizeof(*rows);

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t *value_at(struct http_limits *limits, size_t row)
{
    return (uint32_t *)(void *)((char *)limits + rows[row].offset);
}

/* Two hang on others: there are more connections than viewers, and one address
 * gets not quite all of them. */
struct http_limits http_fill_limits(struct http_limits limits)
{
    for (size_t i = 0; i < row_count; i++)
        if (*value_at(&limits, i) == 0)
            *value_at(&limits, i) = rows[i].standard;
    if (limits.connections == 0)
        limits.connections = limits.viewers + OTHER_CONNECTIONS;
    if (limits.address_connections == 0)
        limits.address_connections =
            limits.connections -
            min_u32(limits.connections / RESERVE_PART, RESERVE_MOST);
    return limits;
}

/* Viewers who took every connection would leave nobody to say so. */
int http_check_limits(struct http_limits limits, struct err *ret_err)
{
    struct http_limits full = http_fill_limits(limits);
    for (size_t i = 0; i < row_count; i++) {
        uint32_t value = *value_at(&full, i);
        if (value < rows[i].least || value > rows[i].most)
            return err_set(ret_err, EINVAL,
                           "the limit %s can be %u to %u, not %u", rows[i].name,
                           rows[i].least, rows[i].most, value);
    }
    if (full.viewers >= full.connections)
        return err_set(ret_err, EINVAL,
                       "%u viewers need more than %u connections: others want "
                       "to be answered, too",
                       full.viewers, full.connections);
    return 0;
}

/* In the words of the table; those of runs come from the registry. */
void limits_write(const struct http *http, struct jsonw *w)
{
    struct http_limits limits = http->limits;
    struct registry_limits runs = registry_get_limits(http->reg);
    jsonw_open(w, "limits", '{');
    for (size_t i = 0; i < row_count; i++)
        jsonw_uint(w, rows[i].name, *value_at(&limits, i));
    jsonw_uint(w, "runs_alive", runs.max_alive);
    jsonw_uint(w, "address_runs", runs.max_owner_alive);
    jsonw_uint(w, "address_held_runs", runs.max_owner_held);
    jsonw_uint(w, "runs_kept", runs.max_kept);
    jsonw_uint(w, "memory_bytes", runs.max_bytes);
    jsonw_uint(w, "run_seconds",
               min_u32(RUN_DEFAULT_SECONDS, runs.max_seconds));
    jsonw_uint(w, "run_seconds_most", runs.max_seconds);
    jsonw_uint(w, "run_events", runs.log.max_events);
    jsonw_uint(w, "run_bytes", runs.log.max_bytes);
    jsonw_close(w, '}');
}

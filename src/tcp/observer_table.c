/* observer_table.c - the bounded table of connections.
 *
 * A hash over both endpoints, the same in both directions, and a list by last
 * use. Of the same two endpoints at most two connections are kept: the newest,
 * and the one before it, to which a late segment or a challenge ACK may still
 * belong. Beyond max_connections the one unused for longest is forgotten, so a
 * flood of SYNs costs a fixed amount of memory: a connection takes some hundred
 * bytes and a ring that grows with its traffic to RING_MAX entries. */
#include "observer_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS_MAX = 1 << 16, KEPT_OF_SAME_ENDPOINTS = 2 };

/* Collisions only cost time, bounded by max_connections. */
static uint32_t endpoint_hash(const struct endpoint *e)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < ipaddr_len(&e->addr); i++)
        hash = (hash ^ e->addr.bytes[i]) * 16777619u;
    hash = (hash ^ (e->port & 0xffu)) * 16777619u;
    return (hash ^ (unsigned)(e->port >> 8)) * 16777619u;
}

/* A sum, so that both directions of a connection meet in one bucket. */
static size_t bucket_of(const struct observer *obs, const struct endpoint *a,
                        const struct endpoint *b)
{
    uint32_t hash = endpoint_hash(a) + endpoint_hash(b);
    hash ^= hash >> 15;
    return hash & (obs->bucket_count - 1);
}

/* In either direction. */
static bool is_of(const struct connection *conn, const struct segment *seg)
{
    const struct endpoint *a = &conn->side[0].end, *b = &conn->side[1].end;
    return (endpoint_equal(a, &seg->src) && endpoint_equal(b, &seg->dst)) ||
           (endpoint_equal(a, &seg->dst) && endpoint_equal(b, &seg->src));
}

/* Buckets hold the newest first, and so does what is found in them. */
static struct connection *first_of(struct connection *conn,
                                   const struct segment *seg)
{
    while (conn && !is_of(conn, seg))
        conn = conn->chain;
    return conn;
}

struct connection *table_first(const struct observer *obs,
                               const struct segment *seg)
{
    return first_of(obs->buckets[bucket_of(obs, &seg->src, &seg->dst)], seg);
}

struct connection *table_next(const struct connection *conn,
                              const struct segment *seg)
{
    return first_of(conn->chain, seg);
}

static void list_remove(struct observer *obs, struct connection *conn)
{
    *(conn->newer ? &conn->newer->older : &obs->newest) = conn->older;
    *(conn->older ? &conn->older->newer : &obs->oldest) = conn->newer;
    conn->newer = conn->older = NULL;
}

static void list_push(struct observer *obs, struct connection *conn)
{
    conn->older = obs->newest;
    *(obs->newest ? &obs->newest->newer : &obs->oldest) = conn;
    obs->newest = conn;
}

/* What is used stays: the list's other end is forgotten first. */
void table_touch(struct observer *obs, struct connection *conn)
{
    if (conn == &obs->scratch || obs->newest == conn)
        return;
    list_remove(obs, conn);
    list_push(obs, conn);
}

/* Whoever holds a pointer to conn must not use it after this. */
void table_drop(struct observer *obs, struct connection *conn)
{
    struct connection **at =
        &obs->buckets[bucket_of(obs, &conn->side[0].end, &conn->side[1].end)];
    while (*at != conn)
        at = &(*at)->chain;
    *at = conn->chain;
    list_remove(obs, conn);
    obs->count--;
    if (obs->subject == conn)
        obs->subject = obs->newest;
    free(conn->ring);
    free(conn);
}

/* Make room: among connections of seg's endpoints, then in the whole table. */
static void make_room(struct observer *obs, const struct segment *seg)
{
    unsigned kept = 0;
    struct connection *conn = table_first(obs, seg);
    while (conn) {
        struct connection *next = table_next(conn, seg);
        if (++kept >= KEPT_OF_SAME_ENDPOINTS)
            table_drop(obs, conn);
        conn = next;
    }
    while (obs->count >= obs->max_connections)
        table_drop(obs, obs->oldest);
}

/* Room is made before memory is asked for, so the bound always holds. */
struct connection *table_add(struct observer *obs, const struct segment *seg)
{
    make_room(obs, seg);
    struct connection *conn = calloc(1, sizeof(*conn));
    if (!conn) {
        /* explained by itself, and forgotten with the next one */
        conn = &obs->scratch;
        free(conn->ring);
        memset(conn, 0, sizeof(*conn));
    }
    conn->side[0].end = seg->src;
    conn->side[1].end = seg->dst;
    conn->self = endpoint_equal(&seg->src, &seg->dst);
    if (conn == &obs->scratch)
        return conn;
    struct connection **bucket =
        &obs->buckets[bucket_of(obs, &seg->src, &seg->dst)];
    conn->chain = *bucket;
    *bucket = conn;
    list_push(obs, conn);
    obs->count++;
    return conn;
}

/* As many buckets as connections, up to a limit, keeps chains short. */
struct observer *observer_new(size_t max_connections)
{
    struct observer *obs = calloc(1, sizeof(*obs));
    if (!obs)
        return NULL;
    obs->max_connections = max_connections ? max_connections : 1;
    obs->bucket_count = 1;
    while (obs->bucket_count < obs->max_connections &&
           obs->bucket_count < BUCKETS_MAX)
        obs->bucket_count *= 2;
    obs->buckets = calloc(obs->bucket_count, sizeof(struct connection *));
    if (!obs->buckets) {
        free(obs);
        return NULL;
    }
    return obs;
}

void observer_free(struct observer *obs)
{
    if (!obs)
        return;
    while (obs->oldest) {
        assert(!obs->oldest->older);
        table_drop(obs, obs->oldest);
    }
    free(obs->scratch.ring);
    free(obs->buckets);
    free(obs);
}

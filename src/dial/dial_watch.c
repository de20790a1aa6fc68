/* dial_watch.c - what the captures show.
 *
 * A segment is seen once, here: one that leaves when it leaves, one that comes
 * when it has come. So those of the peer have an arrival at once, and ours have
 * none at all. */
#include "dial_internal.h"

#include "handshake/clock.h"
#include "handshake/icmp.h"
#include "handshake/segment.h"

#include <stdio.h>
#include <string.h>

/* --- opening ------------------------------------------------------------- */

static bool is_watched(const struct dials *all, const char *device)
{
    for (size_t i = 0; i < all->watcher_count; i++)
        if (strcmp(all->watchers[i].device, device) == 0)
            return true;
    return false;
}

/* Targets that no route leads to need no capture: nothing will be sent. */
void dial_watch_open(struct dials *all)
{
    struct ipaddr peers[DIAL_MAX];
    struct err err = {0};
    for (size_t i = 0; i < all->count; i++)
        peers[i] = all->list[i].to.addr;
    for (size_t i = 0; i < all->count; i++) {
        struct watcher *w = &all->watchers[all->watcher_count];
        if (device_towards(&peers[i], w->device) < 0 ||
            is_watched(all, w->device))
            continue;
        const struct sniff_options opt = {.device = w->device,
                                          .port = all->list[i].to.port,
                                          .peers = peers,
                                          .peer_count = all->count};
        if (sniff_open(&opt, &w->sniff, &err) == 0)
            all->watcher_count++;
        else
            snprintf(all->blind, sizeof(all->blind), "%s", err.text);
    }
}

/* --- reading ------------------------------------------------------------- */

/* A wall clock that was set meanwhile would give nonsense. */
static uint64_t time_of(const struct dial *d, uint64_t wall_ns)
{
    const uint64_t tolerance_ns = 1000000000;
    uint64_t now_ns = clock_mono_ns();
    uint64_t mono_ns = wall_ns - d->all->wall_offset_ns;
    if (mono_ns > now_ns || now_ns - mono_ns > tolerance_ns)
        mono_ns = now_ns;
    return runlog_at_ns(d->log, mono_ns);
}

static bool is_between(const struct dial *d, const struct endpoint *from,
                       const struct endpoint *to)
{
    return d->log && d->local.port && endpoint_equal(&d->local, from) &&
           endpoint_equal(&d->to, to);
}

static void note_segment(struct dial *d, enum host_id from,
                         const uint8_t *packet, size_t len, uint64_t t_ns)
{
    const struct event sent = {
        .kind = EVENT_SEGMENT,
        .t_ns = t_ns,
        .segment = {
            .n = ++d->segments, .from = from, .bytes = packet, .len = len}};
    d->newest = runlog_append(d->log, &sent);
    const struct event arrived = {
        .kind = EVENT_COPY,
        .t_ns = t_ns,
        .copy = {
            .n = d->segments, .copy = 1, .fate = FATE_ARRIVED, .by = BY_LINK}};
    if (from == HOST_SERVER)
        d->newest = runlog_append(d->log, &arrived);
}

static void note_icmp(struct dial *d, const uint8_t *packet, size_t len,
                      uint64_t t_ns)
{
    const struct event e = {
        .kind = EVENT_ICMP,
        .t_ns = t_ns,
        .icmp = {.from = HOST_SERVER, .bytes = packet, .len = len}};
    d->newest = runlog_append(d->log, &e);
}

/* Give it to the attempt it belongs to; others' are not ours to record. */
static void note_packet(struct dials *all, const uint8_t *packet, size_t len,
                        uint64_t wall_ns)
{
    struct segment seg;
    struct icmp icmp;
    bool is_tcp = segment_parse(packet, len, &seg, NULL) == 0;
    bool is_icmp =
        !is_tcp && icmp_parse(packet, len, &icmp, NULL) == 0 && icmp.quotes_tcp;
    for (size_t i = 0; i < all->begun; i++) {
        struct dial *d = &all->list[i];
        if (d->phase == DIAL_OVER || !d->log)
            continue;
        if (is_tcp && is_between(d, &seg.src, &seg.dst))
            note_segment(d, HOST_CLIENT, packet, len, time_of(d, wall_ns));
        else if (is_tcp && is_between(d, &seg.dst, &seg.src))
            note_segment(d, HOST_SERVER, packet, len, time_of(d, wall_ns));
        else if (is_icmp && is_between(d, &icmp.quoted_src, &icmp.quoted_dst))
            note_icmp(d, packet, len, time_of(d, wall_ns));
    }
}

/* A state is asked for when all has been read: after the first of several
 * segments that wait it would be that of the last. */
void dial_watch_read(struct dials *all)
{
    const uint8_t *packet;
    uint64_t wall_ns;
    for (size_t i = 0; i < all->watcher_count; i++) {
        int n;
        while ((n = sniff_read(all->watchers[i].sniff, &packet, &wall_ns)) > 0)
            note_packet(all, packet, (size_t)n, wall_ns);
    }
    for (size_t i = 0; i < all->begun; i++)
        if (all->list[i].newest)
            dial_look(&all->list[i]);
}

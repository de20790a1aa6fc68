/* writer.c - a run's file, chunk by chunk: section, interfaces, names of the
 * addresses, all events, then the packets in order of time.
 *
 * The events come first, so that a reader knows at the first packet whether
 * this is a file it can restore. What the log holds when the writer is made is
 * what the file holds: a log only grows, so nothing of it can change. */
#include "capture_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LINKTYPE_RAW = 101, /* packets begin at the IP header */
    RESOLUTION_NS = 9,  /* 10^-9 s */
    SNAP_BYTES = 65535, /* no packet is longer */
    EVENTS_TEXT_BYTES = 4096,
    ABOUT_BYTES = 4096,
    ACCOUNT_BYTES = 64 * 1024,
    NAME_IPV4 = 1,
    NAME_IPV6 = 2
};

enum stage { STAGE_HEAD, STAGE_EVENTS, STAGE_FRAMES, STAGE_DONE };

struct capture_writer {
    const struct runlog *log; /* (borrowed) */
    struct feed *feed;        /* (borrowed) */
    char *about;              /* (owned) */
    uint32_t count;           /* of events, when the writer was made */
    enum stage stage;
    uint32_t next_event; /* id */
    size_t next_frame;
    struct frames frames;
    bool failed;
};

struct capture_writer *capture_writer_new(const struct runlog *log,
                                          struct feed *feed, const char *about)
{
    struct capture_writer *w = calloc(1, sizeof(*w));
    if (!w)
        return NULL;
    w->log = log;
    w->feed = feed;
    w->next_event = 1;
    w->count = runlog_count(log);
    w->about = strdup(about);
    if (w->about && frames_collect(log, feed, w->count, &w->frames) == 0)
        return w;
    capture_writer_free(w);
    return NULL;
}

void capture_writer_free(struct capture_writer *w)
{
    if (!w)
        return;
    frames_done(&w->frames);
    free(w->about);
    free(w);
}

/* --- what the file is ---------------------------------------------------- */

/* The run's begin, NULL when the log has none (yet). */
static const struct event_run *begin_of(const struct runlog *log)
{
    const struct event *e = runlog_get(log, 1);
    bool is_begin = e && e->kind == EVENT_RUN && e->run.phase == PHASE_BEGIN;
    return is_begin ? &e->run : NULL;
}

/* The verdict among the first `count` events, or that there is none yet. */
static void put_outcome(const struct capture_writer *w, struct buf *out)
{
    const struct event *last = runlog_get(w->log, w->count);
    if (last->kind != EVENT_RUN || last->run.phase != PHASE_END) {
        buf_str(out, "The run was still going on when this was written.\n");
        return;
    }
    size_t met = 0;
    for (size_t i = 0; i < last->run.expect_count; i++)
        met += last->run.expect[i].met;
    buf_printf(out, "%s: %s\n", verdict_name(last->run.verdict),
               last->run.verdict_text ? last->run.verdict_text : "");
    if (last->run.expect_count > 0)
        buf_printf(out, "%zu of %zu expectations met.\n", met,
                   last->run.expect_count);
}

/* A second comment: how it came out, and how to read the interfaces. */
static void put_account(const struct capture_writer *w,
                        const struct event_run *run, struct buf *out)
{
    struct buf text;
    buf_init(&text, ACCOUNT_BYTES);
    buf_printf(&text, "Run %s on the %s link.\n", run->run_id,
               link_name(run->link));
    put_outcome(w, &text);
    if (run->link == LINK_WIRE)
        buf_str(&text, "Every segment stands here where it was seen: at its "
                       "sender, on the wire, at its receiver. The display "
                       "filter frame.interface_name == \"wire\" leaves one of "
                       "each.");
    put_option_text(out, OPTION_COMMENT, buf_text(&text));
    buf_done(&text);
}

/* The section header: who wrote this, where, and about what. */
static void put_section(const struct capture_writer *w, struct buf *out)
{
    const struct event_run *run = begin_of(w->log);
    size_t begin = block_begin(out, BLOCK_SECTION);
    put_u32(out, BYTE_ORDER_MAGIC);
    put_u16(out, 1);
    put_u16(out, 0);
    put_u64(out, UINT64_MAX); /* its length is not said */
    const char *about = run && !w->about[0] ? run->scenario : w->about;
    if (about[0])
        put_option_text(out, OPTION_COMMENT, about);
    if (run) {
        char os[96];
        put_account(w, run, out);
        snprintf(os, sizeof(os), "Linux %s", run->kernel);
        put_option_text(out, SECTION_OS, os);
    }
    put_option_text(out, SECTION_APPLICATION,
                    "Handshake Lab " HANDSHAKE_VERSION);
    put_option_end(out);
    block_end(out, begin);
}

static const char *const interface_names[] = {
    [INTERFACE_CLIENT] = "client",
    [INTERFACE_WIRE] = "wire",
    [INTERFACE_SERVER] = "server",
};
static_assert(sizeof(interface_names) / sizeof(*interface_names) ==
                  INTERFACE_COUNT,
              "a name for each interface");

/* What stands where, by link. */
static const char *const descriptions[LINK_COUNT][INTERFACE_COUNT] = {
    [LINK_WIRE] = {"what the client sent, and what arrived at it",
                   "everything on its way between the two, with its fate",
                   "what the server sent, and what arrived at it"},
    [LINK_LOOPBACK] = {"nothing was seen here: loopback is watched on the way",
                       "the loopback interface, where a segment is seen once",
                       "nothing was seen here: loopback is watched on the "
                       "way"},
    [LINK_SOCKETS] = {"headers of SYNs, as the client's kernel kept them",
                      "nothing was seen here: this link is not watched",
                      "headers of SYNs, as the server's kernel kept them"},
};

/* As veth.c gives them: /24 and /64. */
static void put_addresses(const struct ipaddr *addr, struct buf *out)
{
    static const uint8_t v4_mask[4] = {255, 255, 255, 0};
    uint8_t value[17];
    size_t len = ipaddr_len(addr);
    memcpy(value, addr->bytes, len);
    if (addr->version == 4) {
        memcpy(value + len, v4_mask, sizeof(v4_mask));
        put_option(out, INTERFACE_IPV4, value, 8);
    } else if (addr->version == 6) {
        value[len] = 64;
        put_option(out, INTERFACE_IPV6, value, 17);
    }
}

/* The wire has no address. */
static void put_interface(const struct capture_writer *w, enum interface i,
                          struct buf *out)
{
    static const uint8_t resolution = RESOLUTION_NS;
    const struct event_run *run = begin_of(w->log);
    size_t begin = block_begin(out, BLOCK_INTERFACE);
    put_u16(out, LINKTYPE_RAW);
    put_u16(out, 0);
    put_u32(out, SNAP_BYTES);
    put_option_text(out, INTERFACE_NAME, interface_names[i]);
    put_option_text(out, INTERFACE_DESCRIPTION,
                    descriptions[w->frames.link][i]);
    if (run && i != INTERFACE_WIRE)
        put_addresses(
            &run->hosts[i == INTERFACE_CLIENT ? HOST_CLIENT : HOST_SERVER].addr,
            out);
    put_option(out, INTERFACE_RESOLUTION, &resolution, 1);
    put_option_end(out);
    block_end(out, begin);
}

/* Names for the addresses, for those who have them resolved. */
static void put_names(const struct capture_writer *w, struct buf *out)
{
    const struct event_run *run = begin_of(w->log);
    if (!run || ipaddr_equal(&run->hosts[HOST_CLIENT].addr,
                             &run->hosts[HOST_SERVER].addr))
        return; /* both on loopback: one address, two names */
    size_t begin = block_begin(out, BLOCK_NAMES);
    for (enum host_id host = 0; host < HOST_COUNT; host++) {
        const struct ipaddr *addr = &run->hosts[host].addr;
        const char *name = host_name(host);
        size_t len = ipaddr_len(addr);
        if (len == 0)
            continue;
        put_u16(out, addr->version == 4 ? NAME_IPV4 : NAME_IPV6);
        put_u16(out, (uint16_t)(len + strlen(name) + 1));
        buf_append(out, addr->bytes, len);
        buf_append(out, name, strlen(name) + 1);
        block_pad(out);
    }
    put_u32(out, 0); /* the end of the names */
    block_end(out, begin);
}

/* Everything before the events: at most a few kilobytes. */
static void put_head(const struct capture_writer *w, struct buf *out)
{
    put_section(w, out);
    for (enum interface i = 0; i < INTERFACE_COUNT; i++)
        put_interface(w, i, out);
    put_names(w, out);
}

/* --- what it holds ------------------------------------------------------- */

/* One block of the next events; short, so that a file that is cut off still
 * gives most of them. */
static void put_events(struct capture_writer *w, struct buf *out)
{
    struct buf text;
    uint32_t first = w->next_event;
    buf_init(&text, CAPTURE_BUFFER_BYTES);
    while (w->next_event <= w->count && text.len < EVENTS_TEXT_BYTES) {
        size_t len = 0;
        const char *line = feed_line(w->feed, w->next_event, &len);
        if (!line) {
            w->failed = true;
            break;
        }
        buf_append(&text, line, len);
        buf_append(&text, "\n", 1);
        w->next_event++;
    }
    size_t begin = block_begin(out, BLOCK_EVENTS);
    buf_append(out, EVENTS_MAGIC, sizeof(EVENTS_MAGIC));
    put_u32(out, EVENTS_VERSION);
    put_u32(out, w->count);
    put_u32(out, first);
    put_u32(out, (uint32_t)text.len);
    buf_append(out, buf_text(&text), text.len);
    block_end(out, begin);
    w->failed |= text.failed;
    buf_done(&text);
}

/* The next block, or blocks that belong together; or on to the next stage. */
static void put_next(struct capture_writer *w, struct buf *out)
{
    switch (w->stage) {
    case STAGE_HEAD:
        put_head(w, out);
        w->stage = STAGE_EVENTS;
        break;
    case STAGE_EVENTS:
        if (w->next_event <= w->count)
            put_events(w, out);
        else
            w->stage = STAGE_FRAMES;
        break;
    case STAGE_FRAMES:
        if (w->next_frame < w->frames.list_count)
            frame_write(&w->frames, w->next_frame++, out);
        else
            w->stage = STAGE_DONE;
        break;
    case STAGE_DONE:
        break;
    }
    w->failed |= out->failed;
}

bool capture_writer_next(struct capture_writer *w, struct buf *out)
{
    size_t before = out->len;
    while (w->stage != STAGE_DONE && !w->failed &&
           out->len - before < CAPTURE_CHUNK_BYTES)
        put_next(w, out);
    return !w->failed && out->len > before;
}

bool capture_writer_failed(const struct capture_writer *w)
{
    return w->failed;
}

/* --- a run's file -------------------------------------------------------- */

void capture_about(const struct scenario *sc, struct buf *out)
{
    buf_printf(out, "%s (%s)", sc->title, sc->id);
    buf_printf(out, "%s%s", sc->summary[0] ? "\n" : "", sc->summary);
}

/* All of text, however often write(2) takes a part. */
static int write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return -errno;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Chunk by chunk. Returns 0 or -errno. */
static int write_chunks(struct capture_writer *w, int fd)
{
    struct buf chunk;
    int r = 0;
    buf_init(&chunk, CAPTURE_BUFFER_BYTES);
    while (r == 0 && capture_writer_next(w, &chunk)) {
        r = write_all(fd, chunk.data, chunk.len);
        buf_reset(&chunk);
    }
    buf_done(&chunk);
    return r == 0 && w->failed ? -ENOMEM : r;
}

int capture_write_file(const struct runlog *log, const struct scenario *sc,
                       int fd, const char *name, struct err *ret_err)
{
    struct buf about;
    buf_init(&about, ABOUT_BYTES);
    capture_about(sc, &about);
    struct feed *feed = feed_new(log);
    struct capture_writer *w =
        feed ? capture_writer_new(log, feed, buf_text(&about)) : NULL;
    int r = w ? write_chunks(w, fd) : -ENOMEM;
    capture_writer_free(w);
    feed_free(feed);
    buf_done(&about);
    return r < 0 ? err_errno(ret_err, -r, "%s cannot be written", name) : 0;
}

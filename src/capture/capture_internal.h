/* capture_internal.h - what the files of src/capture share: the numbers of
 * pcapng (draft-ietf-opsawg-pcapng) and the writing of its blocks.
 *
 *   block.c    blocks and options -> bytes, always little-endian
 *   frame.c    which packets a run's file shows, in order of time, and the
 *              comments of each
 *   writer.c   the file: section, interfaces, names, events, packets
 *   reader.c   bytes -> blocks, and what a file is that is not ours
 *   restore.c  a block of events -> the log */
#ifndef HANDSHAKE_CAPTURE_INTERNAL_H
#define HANDSHAKE_CAPTURE_INTERNAL_H

#include "handshake/capture.h"

/* --- numbers ------------------------------------------------------------- */

#define BLOCK_SECTION UINT32_C(0x0a0d0d0a) /* the same in both byte orders */
/* Types with the highest bit set are for local use: nobody registers them. */
#define BLOCK_EVENTS     UINT32_C(0x8048534c)
#define BYTE_ORDER_MAGIC UINT32_C(0x1a2b3c4d)

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_NAMES = 4,
    BLOCK_PACKET = 6
};

enum {
    BLOCK_FRAME_BYTES = 12,  /* type, length, and the length again */
    SECTION_FIXED_BYTES = 16 /* magic, version, section length */
};

enum option_code {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    SECTION_OS = 3,
    SECTION_APPLICATION = 4,
    INTERFACE_NAME = 2,
    INTERFACE_DESCRIPTION = 3,
    INTERFACE_IPV4 = 4,
    INTERFACE_IPV6 = 5,
    INTERFACE_RESOLUTION = 9,
    PACKET_FLAGS = 2,
    PACKET_ID = 5
};

/* The body of a BLOCK_EVENTS, before the lines of JSON, each with a newline. */
static const char EVENTS_MAGIC[8] = {'H', 'S', 'L', 'A', 'B', 'L', 'O', 'G'};
enum {
    EVENTS_VERSION = 1,
    /* magic, version, events in the file, id of the first here, bytes of text:
     * all but the magic 32 bits */
    EVENTS_HEAD_BYTES = 24
};

/* --- block.c ------------------------------------------------------------- */

/* A number of 16 bits. */
void put_u16(struct buf *out, uint16_t value);
/* The same of 32. */
void put_u32(struct buf *out, uint32_t value);
/* The same of 64. */
void put_u64(struct buf *out, uint64_t value);

/* Begin a block; returns what block_end() wants. */
size_t block_begin(struct buf *out, uint32_t type);

/* Pad to 32 bits. */
void block_pad(struct buf *out);

/* Fill in the lengths. */
void block_end(struct buf *out, size_t begin);

/* One option. Values longer than an option takes are cut. */
void put_option(struct buf *out, uint16_t code, const void *value, size_t len);

/* One option that is text: UTF-8 whatever it was, at most MAX_OPTION_TEXT
 * bytes, no control characters but newlines. */
enum { MAX_OPTION_TEXT = 4096 };
void put_option_text(struct buf *out, uint16_t code, const char *text);

/* The end of the options. */
void put_option_end(struct buf *out);

/* --- frame.c ------------------------------------------------------------- */

/* Interfaces by number; those of the hosts are their enum host_id. */
enum interface {
    INTERFACE_CLIENT,
    INTERFACE_WIRE,
    INTERFACE_SERVER,
    INTERFACE_COUNT
};

/* A packet of the file: an event as one interface saw it. */
struct frame {
    uint64_t t_ns;
    uint32_t id; /* of the event: segment, copy or icmp */
    enum interface interface;
};

/* All packets of a log's first `count` events, and what hangs on each. */
struct frames {
    const struct runlog *log; /* (borrowed) */
    struct feed *feed;        /* (borrowed) */
    enum link_kind link;
    uint64_t wall_ns;   /* at t_ns 0 */
    uint32_t count;     /* of events */
    uint32_t *sent;     /* (owned) by segment number: its event */
    uint32_t *copies;   /* (owned) by segment number: first event about it */
    uint32_t *effects;  /* (owned) by event: first state or counter it caused */
    uint32_t *next;     /* (owned) by event: the next of the same list */
    struct frame *list; /* (owned) in order of time */
    size_t list_count;
};

/* Collect them. Returns 0 or -ENOMEM; frames_done() in any case. */
int frames_collect(const struct runlog *log, struct feed *feed, uint32_t count,
                   struct frames *ret);
/* Free the lists; zeroed and again is fine. */
void frames_done(struct frames *frames);

/* Append frame i as an Enhanced Packet Block. */
void frame_write(const struct frames *frames, size_t i, struct buf *out);

/* --- restore.c ----------------------------------------------------------- */

/* What the blocks of events have given so far. */
struct restored {
    struct runlog *log; /* (owned) */
    uint32_t total;     /* events that the file holds; 0: none seen yet */
};

/* Whether body is a block of events; other programs may use the same number. */
bool events_are_ours(const uint8_t *body, size_t len);

/* Append the events of a block that is ours. Returns 0, -EPROTO or -EFBIG with
 * a sentence. `swapped`: numbers stand in the other byte order. */
int events_restore(struct restored *to, const uint8_t *body, size_t len,
                   bool swapped, struct err *ret_err);

/* A number of the file, in its byte order. */
uint16_t get_u16(const uint8_t *at, bool swapped);
/* The same of 32 bits. */
uint32_t get_u32(const uint8_t *at, bool swapped);

#endif

/* observer_play.h - plays made-up conversations to an observer, for tests.
 *
 * The client is 192.0.2.1:40000, the server 192.0.2.2:1337. Each segment is
 * built to bytes and read back, as in a real run. */
#ifndef HANDSHAKE_OBSERVER_PLAY_H
#define HANDSHAKE_OBSERVER_PLAY_H

#include "handshake/observer.h"

#define CLIENT_ISN 3735928559u
#define SERVER_ISN 5000u

struct play {
    struct observer *obs; /* (owned) */
    struct endpoint client, server;
    uint32_t n;    /* number of the last segment */
    uint64_t t_ns; /* when it was sent */
    struct observation seen;
};

/* One segment of the conversation; zeroed fields are left out of it. */
struct line {
    bool from_server;
    uint16_t flags;
    uint32_t seq, ack;
    uint16_t window;
    const char *data;    /* text, or NULL */
    const char *options; /* raw bytes */
    size_t options_len;
    uint64_t after_us;
    bool bad_checksum;
};

/* Raw options of a usual SYN (MSS 1460, SACK, timestamps 100/0, shift 7) and
 * of its SYN,ACK (timestamps 200/100, shift 6). */
#define SYN_OPTIONS                                                            \
    "\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\x64\x00\x00\x00\x00\x01"     \
    "\x03\x03\x07"
#define SYN_ACK_OPTIONS                                                        \
    "\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\xc8\x00\x00\x00\x64\x01"     \
    "\x03\x03\x06"
enum { SYN_OPTIONS_LEN = 20 };

void play_begin(struct play *p);
void play_end(struct play *p);

/* Play one line; what the observer says is in p->seen. */
void play_line(struct play *p, const struct line *line);

/* A SYN, SYN,ACK and ACK with the usual options. */
void play_open(struct play *p);

/* A line written out: PLAY(&p, .flags = SEG_SYN, .seq = 1). */
#define PLAY(p, ...) play_line((p), &(struct line){__VA_ARGS__})

/* Fail unless some sentence of the last segment holds this text. */
void play_says(const struct play *p, const char *part);

/* The same of the wordings with relative numbers. */
void play_says_relative(const struct play *p, const char *part);

/* Fail if one does. */
void play_silent(const struct play *p, const char *part);

#endif

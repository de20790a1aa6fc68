/* observer.h - reads segments in the order they were sent and explains each.
 *
 * It keeps what both sides of each connection have said (initial sequence
 * numbers, options, next expected numbers) and from that tells relative
 * numbers, scaled windows, what a segment repeats or answers, and why it looks
 * as it does, each sentence with its RFC section. It explains live runs and
 * captures alike. Pure: no system calls; one thread at a time. */
#ifndef HANDSHAKE_OBSERVER_H
#define HANDSHAKE_OBSERVER_H

#include "handshake/segment.h"

enum { OBSERVER_MAX_SENTENCES = 8, SENTENCE_BYTES = 320 };

struct sentence {
    char text[SENTENCE_BYTES];     /* sequence numbers as in the header */
    char text_rel[SENTENCE_BYTES]; /* the same with relative ones; "" when it
                                      has none */
    const char *rfc;               /* "RFC 9293 3.5"; static storage */
};

struct observation {
    uint32_t seq_rel;       /* seq - the sender's initial sequence number; where
                               the opening was not seen, counted so that the
                               first number seen is 1 */
    bool ack_rel_known;     /* false without ACK, or peer's ISN unknown */
    uint32_t ack_rel;       /* ack - the peer's initial sequence number */
    uint32_t window_scaled; /* in bytes, after the agreed shift (a SYN's own
                               window is never scaled, RFC 7323 2.2) */
    uint32_t repeats;       /* number of the segment it sends again, or 0 */
    uint32_t answers; /* number of the segment whose last byte it is the first
                         to acknowledge, or 0. A SYN counts even when data in
                         it is not taken; of several sendings it is the one
                         whose timestamp comes back, else the latest */
    size_t sentence_count;
    struct sentence says[OBSERVER_MAX_SENTENCES];
};

struct observer;

/* max_connections bounds the table; beyond it the oldest is forgotten.
 * Returns NULL only when memory runs out. */
struct observer *observer_new(size_t max_connections);
/* Free it with all connections; NULL is fine. */
void observer_free(struct observer *obs);

/* Say which endpoint to call "the server" in sentences, whoever sends the first
 * SYN (simultaneous open). Without it the sender of the first SYN is called
 * the client. */
void observer_name_server(struct observer *obs, const struct endpoint *server);

/* Take segment number n (counted from 1, rising), sent at t_ns, and write what
 * there is to say. Never fails: a segment that fits no connection is explained
 * by itself. */
void observer_see(struct observer *obs, uint32_t n, uint64_t t_ns,
                  const struct segment *seg, struct observation *ret_obs);

/* How the newest connection stands as far as segments alone tell. */
enum observer_outcome {
    OUTCOME_NOTHING,     /* no segment yet */
    OUTCOME_UNANSWERED,  /* SYN without any answer */
    OUTCOME_HALF_OPEN,   /* SYN and SYN,ACK, final ACK missing */
    OUTCOME_ESTABLISHED, /* handshake complete */
    OUTCOME_REFUSED,     /* RST answered the SYN */
    OUTCOME_RESET,       /* RST after SYN,ACK or later */
    OUTCOME_CLOSED,      /* FIN both ways, both acknowledged */
    OUTCOME_COUNT
};
enum observer_outcome observer_outcome(const struct observer *obs);
/* "established", "half-open" ...; static storage. */
const char *observer_outcome_name(enum observer_outcome outcome);

#endif

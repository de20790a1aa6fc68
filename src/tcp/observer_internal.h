/* observer_internal.h - what the observer remembers, and how its parts meet.
 *
 * observer_table.c      finds and bounds connections
 * observer_connection.c what a segment is against what was sent before
 * observer_says*.c      puts that into sentences
 * observer.c            leads each segment through these three
 *
 * One thread at a time, as in observer.h. */
#ifndef HANDSHAKE_OBSERVER_INTERNAL_H
#define HANDSHAKE_OBSERVER_INTERNAL_H

#include "handshake/observer.h"
#include "handshake/seq.h"

#include "tcp_internal.h"

enum {
    RING_FIRST = 16, /* segments remembered at first ... */
    RING_MAX = 256,  /* ... and at most, for each connection */
    WSCALE_MAX = 14, /* RFC 7323 2.3 */
    WINDOW_UNSCALED_MAX = 65535
};

/* One segment that takes sequence numbers, remembered to find what repeats or
 * answers it. */
struct sent {
    uint32_t n;
    uint32_t seq;
    uint32_t end; /* seq + span */
    uint32_t tsval;
    bool has_ts;
    uint8_t side; /* index of its sender */
    uint16_t flags;
    uint16_t payload_len;
    uint16_t times;   /* sendings so far, this one included */
    uint32_t first_n; /* the first sending of the same numbers */
    uint64_t first_t_ns;
};

/* What the last segment of a side calls for, so that a bare ACK coming back can
 * be told from a duplicate. */
enum prompt {
    PROMPT_NONE,
    PROMPT_PROBE,  /* keep-alive or zero-window probe */
    PROMPT_OLD,    /* numbers the peer has already acknowledged */
    PROMPT_SYN,    /* SYN into a living connection */
    PROMPT_RST,    /* RST within the window, not at its edge */
    PROMPT_ACK,    /* acknowledges what was never sent */
    PROMPT_CROSSED /* SYN,ACK of a simultaneous open */
};

/* Options of a side's SYN. */
struct offer {
    bool mss, wscale, sack, timestamps, mptcp, ecn, fastopen_cookie;
    uint16_t mss_bytes;
    uint8_t shift;
    uint16_t syn_data; /* bytes of data in the SYN */
};

struct side {
    struct endpoint end;
    bool sent_any;
    bool syn_seen; /* offer and isn are from its SYN */
    uint32_t isn;  /* guessed from the first number seen without syn_seen */
    uint32_t next; /* one past the highest number sent */
    bool acked_any;
    uint32_t acked;            /* highest acknowledgement it sent */
    bool sent_ack;             /* ... so it has seen the other's SYN */
    bool told_ack;             /* last_ack counts */
    uint32_t last_ack;         /* of its last segment, believed or not */
    uint32_t far_seq, far_end; /* its last segment beyond every window */
    bool fin_sent;
    uint32_t fin_end; /* the number that acknowledges its FIN */
    bool window_known;
    bool window_of_syn; /* ... in a SYN, which is never scaled */
    uint32_t window;    /* bytes it offered last, scaled */
    unsigned dup_acks;  /* in a row */
    enum prompt prompt;
    struct offer offer;
};

enum reset { RESET_NONE, RESET_REFUSED, RESET_ABORTED };

struct connection {
    struct connection *chain; /* next in the same hash bucket */
    struct connection *older; /* by last use */
    struct connection *newer;
    struct side side[2]; /* 0 sent the first segment seen, as a SYN the opener;
                            in a self-connect only 0 is in use */
    bool self;           /* both ends are the same endpoint */
    bool roles_known;    /* side 0 opened, or the server was named */
    bool swapped;        /* side 1 is to be called the client */
    bool had_before;     /* the same addresses and ports had another one */
    bool before_alive;   /* ... which was established and not over */
    bool before_waiting; /* ... whose SYN has no answer yet */
    bool before_half;    /* ... whose SYN,ACK has no answer yet */
    bool before_closed;  /* ... whose FINs were both acknowledged */
    uint32_t before_isn; /* ... and the number it began with */
    uint32_t before_end; /* ... and one past the last that side 0 sent there */
    bool last_was_repeated_syn;
    enum reset reset;
    bool fins_crossed; /* neither side knew of the other's FIN */
    uint8_t fin_first; /* index of the side whose FIN came first */
    struct sent *ring; /* (owned) */
    uint32_t ring_cap, ring_len, ring_at;
};

struct observer {
    size_t max_connections, count, bucket_count;
    struct connection **buckets;        /* (owned) */
    struct connection *newest, *oldest; /* by last use */
    struct connection *subject;         /* whose outcome is asked for */
    struct connection scratch;          /* when memory runs out */
    bool server_named;
    struct endpoint server;
};

/* How an acknowledgement stands to what the peer has sent. */
enum ack_kind { ACK_NONE, ACK_NEW, ACK_SAME, ACK_OLD, ACK_BEYOND };

/* One segment against what its connection knew before it. */
struct sight {
    const struct connection *conn;
    const struct side *me, *peer;
    const struct segment *seg;
    const char *my, *other; /* "the client", "the server" */
    uint32_t n;
    uint64_t t_ns;
    uint32_t end; /* seq + span */
    enum ack_kind ack_kind;
    bool usable;    /* the receiver can read it at all */
    bool completes; /* the ACK that ends the opening for its sender */
    bool probe;     /* keep-alive or zero-window probe */
    bool crossed;   /* SYN,ACK of a simultaneous open */
    bool early;     /* data before its own SYN,ACK was acknowledged */
    bool signal;    /* a bare ACK for the sake of Multipath TCP */
    bool old;       /* begins with numbers sent before */
    const struct sent *original; /* the last sending of these numbers, if it is
                                    remembered */
    const struct sent *answered;
    struct observation *obs;
};

/* observer_table.c */

/* The newest connection of seg's two endpoints, or NULL. */
struct connection *table_first(const struct observer *obs,
                               const struct segment *seg);
/* The next older one of the same endpoints, or NULL. */
struct connection *table_next(const struct connection *conn,
                              const struct segment *seg);
/* A fresh connection whose side 0 is seg's sender; forgets the oldest when the
 * table is full. Never NULL. */
struct connection *table_add(struct observer *obs, const struct segment *seg);
/* Mark conn as the one used last. */
void table_touch(struct observer *obs, struct connection *conn);
/* Forget conn. */
void table_drop(struct observer *obs, struct connection *conn);

/* observer_connection.c */

/* The connection seg belongs to, a new one if need be. */
struct connection *connection_pick(struct observer *obs,
                                   const struct segment *seg);
/* Index of seg's sender. */
unsigned connection_side(const struct connection *conn,
                         const struct segment *seg);
/* Take the initial numbers seg tells, before it is judged. */
void connection_learn(struct connection *conn, const struct segment *seg);
/* Judge s->seg; fills the rest of *s and the numbers of s->obs. */
void connection_judge(const struct connection *conn, struct sight *s);
/* Remember what was judged. */
void connection_update(struct connection *conn, const struct sight *s);
/* Shift of the windows `who` sends after the opening; 0 without agreement. */
unsigned connection_shift(const struct connection *conn,
                          const struct side *who);
/* Both SYNs were acknowledged, or the opening was never seen. */
bool connection_established(const struct connection *conn);
/* Both FINs were acknowledged. */
bool connection_closed(const struct connection *conn);
enum observer_outcome connection_outcome(const struct connection *conn);
/* Whether the receiver of this RST can believe it, as far as seen. */
bool rst_believed(const struct sight *s);
/* The peer has sent a SYN and acknowledged nothing yet. */
bool peer_in_syn_sent(const struct sight *s);

/* observer_says.c */

/* Write all sentences about a judged segment. */
void says_all(struct sight *s);
/* Add one sentence, its first letter made a capital; ignored beyond
 * OBSERVER_MAX_SENTENCES. */
__attribute__((format(printf, 3, 4))) void say(struct sight *s, const char *rfc,
                                               const char *fmt, ...);

/* observer_says_open.c */

/* SYN without ACK: first, repeated, or the other half of a simultaneous open.
 */
void says_syn(struct sight *s);
/* SYN,ACK: what it answers and what is agreed. */
void says_syn_ack(struct sight *s);
/* The ACK that completes the opening, with the data or FIN it carries. */
void says_final_ack(struct sight *s);

/* observer_says_data.c */

/* That, and why, the segment is sent again. */
void says_repeat(struct sight *s);
/* Data: its numbers, whether it has its place, and what it acknowledges. */
void says_data(struct sight *s);
/* A segment that only acknowledges, or probes. */
void says_ack(struct sight *s);

/* observer_says_end.c */

/* FIN, alone or with data. */
void says_fin(struct sight *s);
/* The acknowledgement of the peer's FIN. */
void says_fin_acked(struct sight *s);
/* RST: how it was made and whether it is believed. */
void says_rst(struct sight *s);
/* Neither SYN, ACK nor RST. */
void says_without_ack(struct sight *s);

#endif

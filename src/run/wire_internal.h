/* wire_internal.h - the wire of one run: what its files share.
 *
 * wire.c reads, carries and delivers; wire_fate.c decides what becomes of a
 * segment; wire_forge.c makes segments by hand; wire_hand.c is the way in for
 * people and programs while the run is alive. All state below is guarded by
 * `lock`, taken for one packet or one request at a time. Packets are written
 * to hosts by the wire thread alone, so that nothing overtakes. */
#ifndef HANDSHAKE_WIRE_INTERNAL_H
#define HANDSHAKE_WIRE_INTERNAL_H

#include "flight.h"
#include "run_internal.h"

enum {
    WIRE_RECENT = 128,       /* segments remembered to know them again */
    WIRE_REORDER_US = 20000, /* how late an overtaken segment is */
    WIRE_ROUTER_BYTE = 254,  /* who sends forged ICMP: 192.0.2.254 */
    WIRE_DEFAULT_WINDOW = 64240
};

/* What one side has said on the newest connection. */
struct talk {
    bool known; /* isn and next are set */
    bool real;  /* by the host's kernel, not by hand alone */
    struct endpoint src, dst;
    uint32_t isn, next;
    uint32_t newest; /* event id of the newest segment, for ICMP to quote */
};

/* A segment that may come again. */
struct recent {
    uint32_t n;
    enum host_id from;
    uint16_t src_port, dst_port, flags;
    uint32_t seq, span;
};

struct wire {
    pthread_mutex_t lock;
    struct wire_settings settings, initial;
    uint32_t rule_hits[WIRE_MAX_RULES]; /* segments each rule's match fitted */
    uint32_t rules_named;               /* for the names of nameless rules */
    uint32_t sent[HOST_COUNT];          /* segments sent, for the dice */
    struct flights flights;
    struct talk talk[HOST_COUNT];
    struct recent recent[WIRE_RECENT];
    size_t recent_at;
    bool closed; /* the run is over: nothing is taken any more */
};

/* A segment the wire has to deal with. */
struct passing {
    uint32_t n;
    uint32_t event; /* id of its segment event */
    enum host_id from;
    uint64_t sent_ns; /* monotonic */
    const struct segment *seg;
    const uint8_t *bytes; /* in the log: they stay */
    size_t len;
    uint32_t repeats; /* number of the segment it repeats, 0 = none */
};

/* --- wire_fate.c --------------------------------------------------------- */

/* Decide what becomes of a segment and queue, hold or drop it accordingly; each
 * fate that is certain now is recorded now. Lock held. */
void wire_decide_fate(struct run *run, const struct passing *p);

/* Take over settings: names for nameless rules, counts from zero. */
void wire_settings_begin(struct wire *w, const struct wire_settings *settings);

/* Give a nameless rule a name. Lock held. */
void wire_name_rule(struct wire *w, struct rule *rule);

/* Carry out an action on a segment that was held: as wire_decide_fate does with
 * a rule. Takes over held. Lock held. */
void wire_carry_decision(struct run *run, struct flight *held,
                         const struct decision *decision);

/* Append what became of a copy; returns the event's id. */
uint32_t wire_record_copy(struct run *run, const struct flight *f,
                          enum fate fate, uint64_t t_ns);

/* --- wire_talk.c --------------------------------------------------------- */

/* Remember what a segment says; returns the number of the one it repeats, or 0.
 * Lock held. */
uint32_t wire_hear(struct wire *w, const struct passing *p, bool forged);

/* --- wire_forge.c -------------------------------------------------------- */

/* Make what forge describes and queue it to arrive at once. about is the
 * segment a rule matched, or NULL. by and name say who made it. Lock held.
 * Returns 0 and the first segment's number (0 for ICMP), or -EINVAL with a
 * sentence. */
int wire_forge(struct run *run, const struct forge *forge,
               const struct passing *about, enum decider by, const char *name,
               uint32_t *ret_n, struct err *ret_err);

#endif

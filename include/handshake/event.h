/* event.h - the events of a run: what the log holds and everybody reads.
 *
 * An event is a plain struct; nothing here knows JSON. Once appended to a log
 * it never changes, and its strings and bytes live as long as the log. */
#ifndef HANDSHAKE_EVENT_H
#define HANDSHAKE_EVENT_H

#include "handshake/address.h"
#include "handshake/link.h"
#include "handshake/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum host_id { HOST_CLIENT, HOST_SERVER, HOST_COUNT };

enum event_kind {
    EVENT_RUN,     /* begun or ended */
    EVENT_CALL,    /* a socket call begins or ends */
    EVENT_SEGMENT, /* a host (or a person) sent a segment */
    EVENT_COPY,    /* what became of one copy of a segment */
    EVENT_STATE,   /* the kernel's state of a socket changed */
    EVENT_COUNTER, /* a kernel counter of a host moved */
    EVENT_MESSAGE, /* a host printed a line */
    EVENT_ICMP,    /* an ICMP or ICMPv6 message on the link */
    EVENT_KIND_COUNT
};

enum phase { PHASE_BEGIN, PHASE_END };

/* How a run ended (DESIGN: verdict). */
enum verdict_code {
    VERDICT_NONE,        /* still running */
    VERDICT_ESTABLISHED, /* the handshake completed, nothing went wrong after */
    VERDICT_REFUSED,
    VERDICT_TIMED_OUT,
    VERDICT_UNREACHABLE,
    VERDICT_RESET,
    VERDICT_HALF_OPEN,
    VERDICT_BY_HAND,   /* no connect(): what passed was made by hand */
    VERDICT_FAILED,    /* a call failed in another way */
    VERDICT_CANCELLED, /* somebody stopped the run */
    VERDICT_LIMIT,     /* the run met a bound of time or events */
    VERDICT_ERROR,     /* the run itself could not be carried out */
    VERDICT_COUNT
};

enum fate { FATE_HELD, FATE_ARRIVED, FATE_DROPPED, FATE_COUNT };
enum decider { BY_LINK, BY_RULE, BY_PERSON, DECIDER_COUNT };

/* One line of the verdict: an expectation of the scenario and what was seen. */
struct expectation {
    const char *what; /* "client connect ok" */
    const char *seen; /* "client connect returned ECONNREFUSED" */
    bool met;
};

struct event_run {
    enum phase phase;
    /* begin */
    const char *run_id;
    const char *scenario;
    enum link_kind link;
    struct endpoint hosts[HOST_COUNT]; /* client's port is 0: not yet known */
    const char *kernel;                /* release, "6.18.0" */
    uint64_t wall_ns;                  /* at t_ns 0 */
    /* end */
    enum verdict_code verdict;
    const char *verdict_text;
    const struct expectation *expect;
    size_t expect_count;
};

/* What the kernel tells of a connection (TCP_INFO, tcp(7)); times in µs. */
struct tcp_facts {
    bool known;
    uint32_t rtt_us, rttvar_us, rto_us;
    uint32_t snd_mss, rcv_mss, snd_cwnd;
    uint8_t snd_wscale, rcv_wscale;
    bool timestamps, sack, wscale, ecn, syn_data;
    uint8_t retransmits;
};

struct event_call {
    enum host_id host;
    enum phase phase;
    const char *name; /* "connect" */
    const char *args; /* "192.0.2.2:1337" */
    const char *on;   /* name of the socket in the scenario: "conn" */
    uint32_t begin;   /* end: id of its begin event */
    int64_t result;   /* end: what the call returned, -1 on error */
    int error;        /* end: errno, 0 when none */
    const char *data; /* end: what recv got, begin: what send gives; or NULL */
    size_t data_len;
    struct tcp_facts facts; /* end of connect and accept */
};

struct event_segment {
    uint32_t n; /* numbered from 1 in the order sent */
    enum host_id from;
    bool forged;          /* made by a rule or a person, not by a kernel */
    bool saved;           /* not seen passing: the receiver's kernel kept its
                             headers (TCP_SAVED_SYN); t_ns is when they were
                             read, the time it was sent is not known */
    const uint8_t *bytes; /* from the IP header */
    size_t len;
};

struct event_copy {
    uint32_t n;    /* of the segment */
    uint32_t copy; /* 1 for the first copy */
    enum fate fate;
    enum decider by;
    const char *by_name;  /* the rule's name or what the person did; or NULL */
    const char *changed;  /* what was changed, in words; or NULL */
    const uint8_t *bytes; /* as it arrived, when changed; else NULL */
    size_t len;
};

struct event_state {
    enum host_id host;
    struct endpoint local;
    struct endpoint remote; /* no address for a listener */
    enum tcp_state old_state;
    enum tcp_state new_state;
    uint32_t cause; /* id of the event after which it was seen, 0 = a timer */
};

struct event_counter {
    enum host_id host;
    const char *name;
    uint64_t delta;
    const char *meaning; /* static */
    uint32_t cause;
};

struct event_message {
    enum host_id host;
    const char *text; /* one line, no newline at its end */
};

struct event_icmp {
    enum host_id from;
    bool forged;
    const uint8_t *bytes; /* from the IP header */
    size_t len;
    uint32_t answers; /* number of the segment it quotes, 0 = unknown */
};

struct event {
    uint32_t id;   /* 1, 2, 3 ... ; set by runlog_append() */
    uint64_t t_ns; /* monotonic, from the run's start */
    enum event_kind kind;
    union {
        struct event_run run;
        struct event_call call;
        struct event_segment segment;
        struct event_copy copy;
        struct event_state state;
        struct event_counter counter;
        struct event_message message;
        struct event_icmp icmp;
    };
};

/* Names as the API spells them: "client", "segment", "begin", "wire",
 * "timed-out", "held", "person". Static storage, never NULL. */
const char *host_name(enum host_id host);
/* "run", "call", "segment" ...: the value of an event's "kind". */
const char *event_kind_name(enum event_kind kind);
/* "begin" or "end". */
const char *phase_name(enum phase phase);
/* "established", "refused", "timed-out" ...; "running" for VERDICT_NONE. */
const char *verdict_name(enum verdict_code code);
/* "held", "arrived" or "dropped". */
const char *fate_name(enum fate fate);
/* "link", "rule" or "person". */
const char *decider_name(enum decider by);

/* The other host. */
static inline enum host_id host_peer(enum host_id host)
{
    return host == HOST_CLIENT ? HOST_SERVER : HOST_CLIENT;
}

#endif

/* pattern.h - short descriptions of what passes on the wire or happens at a
 * host, as conditions and expectations give them. Pure but for the log that is
 * looked at; any thread. */
#ifndef HANDSHAKE_PATTERN_H
#define HANDSHAKE_PATTERN_H

#include "handshake/runlog.h"

/* What became of a segment, as bits: all that are set must hold. */
enum pattern_fate {
    PATTERN_DROPPED = 1, /* a copy was dropped, none arrived */
    PATTERN_ARRIVED = 2,
    PATTERN_FORGED = 4,  /* made by a rule or a person */
    PATTERN_CHANGED = 8, /* a copy arrived otherwise than it was sent */
    PATTERN_HELD = 16
};

/* "client SYN dropped", "server ICMP 3/1 forged". */
struct pattern {
    enum host_id from;
    bool is_icmp;
    uint16_t flags;     /* of a segment: exactly these */
    uint8_t type, code; /* of an ICMP message */
    unsigned fates;     /* bits of enum pattern_fate */
};

/* Take the word at *text off it (up to a blank) into ret_word (cap bytes).
 * False when there is none, or it does not fit. */
bool pattern_word(const char **text, char *ret_word, size_t cap);

/* Take a host's name off the front. */
bool pattern_host(const char **text, enum host_id *ret_host);

/* A state by its name, "SYN-RECEIVED"; TCP_STATE_COUNT when it is none. */
enum tcp_state pattern_state(const char *name);

/* Take a whole pattern. False when text is none. */
bool pattern_parse(const char *text, struct pattern *ret_pattern);

/* Whether event e of the log is the sending of what the pattern describes, and
 * what became of it so far fits too. */
bool pattern_fits(const struct pattern *p, const struct runlog *log,
                  const struct event *e);

/* Fates that segment n has met so far, as bits. */
unsigned pattern_fates(const struct runlog *log, uint32_t n);

#endif

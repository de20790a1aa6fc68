/* rule.h - what the wire does by itself: rules, link-wide conditions, and the
 * description of a segment or ICMP error made by hand. Plain bounded data;
 * src/run carries it out, src/json reads and writes it, rule_text.c speaks it.
 *
 * The grammar in words, the same in the API, the page and the command line:
 *
 *   [client|server] [FLAGS] [with FLAGS] [without FLAGS] [nth N[-M]]
 *   [data|empty] [longer BYTES] [contains "TEXT"] [again|first] ACTION
 *
 *   ACTION: pass | drop | hold | corrupt
 *         | delay MS [jitter MS] | duplicate [COPIES] [gap MS]
 *         | rewrite FIELD=VALUE... | strip OPTION...
 *         | answer FLAGS [seq=NUMBER] [ack=NUMBER] [win=N] (and drop)
 *         | answer icmp TYPE/CODE [mtu N]                  (and drop)
 *
 * FLAGS exactly ("SYN,ACK"); NUMBER: 123, client.isn+1, server.next, seg.seq,
 * seg.ack, seg.next. */
#ifndef HANDSHAKE_RULE_H
#define HANDSHAKE_RULE_H

#include "handshake/edit.h"
#include "handshake/err.h"
#include "handshake/event.h"

enum {
    RULE_NAME_BYTES = 32,
    RULE_CONTAINS_BYTES = 64,
    RULE_WORDS_BYTES = 320,
    WIRE_MAX_RULES = 32,
    FORGE_PAYLOAD_BYTES = 512,
    FORGE_OPTIONS_BYTES = 40,
    FORGE_MAX_COUNT = 256,      /* of one injection: floods */
    WIRE_MAX_DELAY_MS = 600000, /* ten minutes */
    WIRE_MAX_COPIES = 16
};

/* --- numbers ------------------------------------------------------------- */

/* What a number of a forged segment is counted from. */
enum number_base {
    NUMBER_ABSOLUTE,
    NUMBER_CLIENT_ISN,  /* client.isn */
    NUMBER_SERVER_ISN,  /* server.isn */
    NUMBER_CLIENT_NEXT, /* client.next: the next number the client will use */
    NUMBER_SERVER_NEXT, /* server.next */
    NUMBER_SEG_SEQ,     /* of the segment the rule matched */
    NUMBER_SEG_ACK,
    NUMBER_SEG_NEXT, /* its seq + what it takes: what acknowledges it */
    NUMBER_BASE_COUNT
};

struct number {
    bool set; /* false: the wire chooses what fits */
    enum number_base base;
    uint32_t plus; /* modulo 2^32: -1 is 4294967295 */
};

/* "client.isn+1", "server.next-1000", "4294967295", "seg.ack". false when it is
 * none. */
bool number_parse(const char *text, struct number *ret_number);
/* The same words again; ret_text holds 40 bytes. Returns ret_text. */
char *number_words(const struct number *number, char *ret_text);

/* --- made by hand -------------------------------------------------------- */

enum forge_kind { FORGE_SEGMENT, FORGE_ICMP };

/* A segment or ICMP error the wire makes and lets arrive at `to`, in the name
 * of the other host. */
struct forge {
    enum forge_kind kind;
    enum host_id to;
    /* segment */
    uint16_t flags;
    struct number seq, ack;
    bool set_window, set_ttl, set_src_port, set_dst_port, bad_checksum;
    bool vary_source; /* each of count gets a source address or port and ISN of
                         its own, as in a flood */
    uint16_t window;  /* default 64240 */
    uint16_t urgent, src_port, dst_port; /* ports default to the connection's */
    uint8_t ttl;
    bool set_offset, set_checksum; /* else they are computed */
    uint8_t offset;                /* data offset in 32-bit words, 0 to 15 */
    uint8_t reserved;              /* the three reserved bits */
    uint8_t tos;                   /* TOS or traffic class */
    uint16_t ip_id;                /* IPv4 identification */
    uint16_t checksum;             /* of TCP */
    uint8_t options[FORGE_OPTIONS_BYTES];
    uint8_t options_len;
    char payload[FORGE_PAYLOAD_BYTES];
    uint16_t payload_len;
    uint16_t count; /* copies, 0 = 1 */
    /* ICMP: about the newest segment `to` sent, or the one the rule matched */
    uint8_t type, code;
    uint32_t mtu;
};

/* --- rules --------------------------------------------------------------- */

enum rule_do {
    RULE_PASS,
    RULE_DROP,
    RULE_HOLD,
    RULE_CORRUPT,
    RULE_DELAY,
    RULE_DUPLICATE,
    RULE_REWRITE,
    RULE_ANSWER, /* forged answer; the segment itself is dropped */
    RULE_DO_COUNT
};

enum rule_tri { RULE_EITHER, RULE_YES, RULE_NO };

struct rule {
    char name[RULE_NAME_BYTES]; /* unique among the rules of a run */
    /* match */
    bool any_host;
    enum host_id from;
    bool match_flags; /* exactly these */
    uint16_t flags;
    uint16_t flags_set, flags_clear; /* all of / none of */
    uint32_t nth_first, nth_last;    /* among those that match; 0 = any */
    enum rule_tri payload, retransmission;
    uint32_t longer; /* packets of more bytes than this, IP header and all; 0 =
                        any: what a path of that MTU would not carry */
    char contains[RULE_CONTAINS_BYTES]; /* bytes of the payload */
    uint8_t contains_len;
    /* action */
    enum rule_do action;
    uint32_t delay_ms, jitter_ms; /* delay */
    uint32_t copies, gap_ms;      /* duplicate: copies in all, default 2 */
    struct edit edit;             /* rewrite */
    struct forge answer;          /* answer */
};

/* "drop", "delay" ...; static storage. */
const char *rule_do_name(enum rule_do action);

/* Read one rule in the words of the grammar above. The name becomes `name`, or
 * is left "" when name is NULL (the wire gives one). Returns 0 or -EINVAL with
 * a sentence that names the word it did not understand. */
int rule_parse(const char *text, const char *name, struct rule *ret_rule,
               struct err *ret_err);

/* The rule in those words; reading them gives the same rule. ret_words holds
 * RULE_WORDS_BYTES. Returns ret_words. */
char *rule_words(const struct rule *rule, char *ret_words);

/* --- the whole wire ------------------------------------------------------ */

/* One way conditions, by sender. Chances in parts per million. */
struct wire_path {
    uint32_t latency_us, jitter_us;
    uint32_t loss_ppm, duplicate_ppm, reorder_ppm; /* reorder: overtaken by
                                             what is sent within 20 ms after */
};

struct wire_settings {
    struct wire_path path[HOST_COUNT]; /* by the host that sends */
    uint64_t seed; /* same seed, same decisions for the same segments */
    bool hold[HOST_COUNT];
    bool swallow; /* retransmissions of a segment still held are dropped */
    struct rule rules[WIRE_MAX_RULES]; /* in order, the first match decides */
    size_t rule_count;
};

#endif

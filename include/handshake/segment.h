/* segment.h - one TCP segment with its IP header: bytes <-> struct.
 *
 * The bytes always start at the IP header, version 4 or 6 (no link layer).
 * Parsing keeps what it can: a segment with a broken checksum or a malformed
 * option is still a segment, and says so in its fields. Pure: no system calls,
 * any thread. RFC 791, 8200, 9293 3.1, 7323, 2018, 7413, 2385, 5925, 8684. */
#ifndef HANDSHAKE_SEGMENT_H
#define HANDSHAKE_SEGMENT_H

#include "handshake/address.h"
#include "handshake/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SEGMENT_MAX_BYTES = 65535, /* longest IP packet we take */
    SEGMENT_MAX_OPTIONS = 40,  /* 40 bytes of options: all NOPs */
    SEGMENT_FLAGS_TEXT_BYTES = 48,
    OPTION_TEXT_BYTES = 96
};

/* Bits of the flags field, header order (RFC 9293 3.1; AE: RFC 9768). */
enum segment_flag {
    SEG_FIN = 0x001,
    SEG_SYN = 0x002,
    SEG_RST = 0x004,
    SEG_PSH = 0x008,
    SEG_ACK = 0x010,
    SEG_URG = 0x020,
    SEG_ECE = 0x040,
    SEG_CWR = 0x080,
    SEG_AE = 0x100
};

/* Option kinds (IANA "TCP Option Kind Numbers"). */
enum option_kind {
    OPT_EOL = 0,
    OPT_NOP = 1,
    OPT_MSS = 2,
    OPT_WSCALE = 3,
    OPT_SACK_PERMITTED = 4,
    OPT_SACK = 5,
    OPT_TIMESTAMPS = 8,
    OPT_MD5 = 19,
    OPT_AO = 29,
    OPT_MPTCP = 30,
    OPT_FASTOPEN = 34,
    OPT_EXPERIMENT_1 = 253,
    OPT_EXPERIMENT_2 = 254
};

/* One option as it stands in the header. */
struct tcp_option {
    uint8_t kind;
    uint8_t len;         /* of the whole option in bytes; 1 for EOL and NOP */
    uint16_t offset;     /* from the start of the IP header, in bytes */
    bool malformed;      /* its length field cannot be true */
    const uint8_t *data; /* (borrowed from the packet) after kind and length */
    uint8_t data_len;
};

enum checksum_verdict {
    CHECKSUM_OK,
    CHECKSUM_BAD,
    CHECKSUM_PARTIAL,
    CHECKSUM_UNKNOWN /* bytes of the segment are missing from the capture */
};

struct segment {
    struct endpoint src;
    struct endpoint dst;
    uint32_t seq;
    uint32_t ack;
    uint16_t flags;   /* enum segment_flag bits */
    uint8_t reserved; /* the three bits between offset and AE, normally 0 */
    uint16_t window;  /* as sent, not scaled */
    uint16_t checksum;
    uint16_t urgent;
    uint8_t ttl;             /* IPv4 TTL or IPv6 hop limit */
    uint8_t tos;             /* IPv4 TOS or IPv6 traffic class */
    uint16_t ip_id;          /* IPv4 only, else 0 */
    uint16_t ip_header_len;  /* bytes, extension headers included */
    uint16_t tcp_header_len; /* bytes, options included */
    enum checksum_verdict checksum_verdict; /* PARTIAL: equals the sum of the
                                pseudo header alone, as checksum offload
                                leaves it (never on our wire) */
    bool ip_checksum_ok;                    /* IPv6 has none: true */
    bool offset_malformed;  /* the data offset is below 5 words or leads past
                               the segment: header read as 20 bytes */
    bool options_malformed; /* some option's length cannot be true */
    uint8_t option_count;
    struct tcp_option options[SEGMENT_MAX_OPTIONS];
    const uint8_t *payload; /* (borrowed from the packet) */
    uint16_t payload_len;
    uint16_t payload_full_len; /* as the headers say; >= payload_len */
    bool truncated; /* the packet says it is longer than the bytes given;
                       payload_len counts the bytes that are there */
};

/* Read packet[0..len). Returns 0; -EPROTO with a sentence when it is no TCP
 * segment at all (not IP, other protocol, fewer than 20 bytes of TCP header,
 * fragment). A capture cut within the options is read as far as it goes. The
 * struct borrows from packet, which must outlive it. */
int segment_parse(const uint8_t *packet, size_t len, struct segment *ret_seg,
                  struct err *ret_err);

/* Sequence numbers the segment takes: payload as sent (also where the capture
 * is cut) + 1 for SYN + 1 for FIN. */
uint32_t segment_span(const struct segment *seg);

/* First option of that kind, or NULL. */
const struct tcp_option *segment_option(const struct segment *seg,
                                        uint8_t kind);

/* Values of options; false when the option is absent or malformed. */
bool segment_mss(const struct segment *seg, uint16_t *ret_mss);
/* The shift count, as offered: more than 14 counts as 14 (RFC 7323 2.3). */
bool segment_wscale(const struct segment *seg, uint8_t *ret_shift);
/* TSval, and TSecr, which means something only with ACK (RFC 7323 3.2). */
bool segment_timestamps(const struct segment *seg, uint32_t *ret_val,
                        uint32_t *ret_echo);

/* "SYN,ACK", "PSH,ACK", "SYN,ECE,CWR", "(none)": SYN FIN RST PSH first as
 * people say them, then ACK URG ECE CWR AE. ret_text holds
 * SEGMENT_FLAGS_TEXT_BYTES. Returns ret_text. */
char *segment_flags_text(uint16_t flags, char *ret_text);

/* The same names one by one, in the same order; returns how many (<= 9). */
size_t segment_flag_names(uint16_t flags, const char *ret_names[9]);

/* Parse "SYN,ACK" (case ignored, also "SYN+ACK"; "(none)" is no flag); false
 * on an unknown name. */
bool segment_flags_parse(const char *text, uint16_t *ret_flags);

/* Name of an option kind ("MSS", "Timestamps"); "kind N" is not made here:
 * unknown kinds give "unknown". Static storage. */
const char *option_name(uint8_t kind);

/* What an option says, in a few words: "MSS 1460", "shift 7 (x128)",
 * "TSval 1 TSecr 0". ret_text holds OPTION_TEXT_BYTES. Returns ret_text. */
char *option_text(const struct tcp_option *opt, char *ret_text);

/* What segment_build() writes. Zeroed fields mean "compute" or "default":
 * ttl 64, checksums right, offset from the options. */
struct segment_spec {
    struct endpoint src, dst; /* same IP version, both required */
    uint32_t seq, ack;
    uint16_t flags;
    uint16_t window;
    uint16_t urgent;
    uint8_t reserved;
    uint8_t ttl;
    uint8_t tos;
    uint16_t ip_id;
    const uint8_t *options; /* (borrowed) raw; padded with EOL to 4 */
    size_t options_len;     /* at most 40 */
    const uint8_t *payload; /* (borrowed) */
    size_t payload_len;
    bool force_checksum; /* write `checksum` instead of the right one */
    uint16_t checksum;
    bool force_offset; /* write data offset `offset_words` as given */
    uint8_t offset_words;
};

/* Write the packet into ret_packet. Returns its length, -EMSGSIZE when it
 * does not fit cap_bytes or 65535, -EINVAL when addresses mix versions or
 * options are too long. */
int segment_build(const struct segment_spec *spec, uint8_t *ret_packet,
                  size_t cap_bytes);

/* Recompute the IPv4 header checksum and the TCP checksum in place. Returns 0
 * or -EPROTO when packet holds no whole TCP segment. */
int segment_fix_checksums(uint8_t *packet, size_t len);

/* The internet checksum (RFC 1071) of bytes, folded with start; the result is
 * the ones' complement sum, not yet inverted, network order as a number. */
uint16_t inet_sum(const uint8_t *bytes, size_t len, uint32_t start);

#endif

/* icmp.h - ICMP (RFC 792) and ICMPv6 (RFC 4443) errors: bytes <-> struct.
 * Packets start at the IP header. Pure; any thread. */
#ifndef HANDSHAKE_ICMP_H
#define HANDSHAKE_ICMP_H

#include "handshake/address.h"
#include "handshake/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ICMP_MEANING_BYTES = 200 };

struct icmp {
    uint8_t version; /* 4 or 6 */
    struct ipaddr src, dst;
    uint8_t type, code;
    uint32_t mtu; /* of 3/4 (IPv4) and 2/0 (IPv6), else 0 */
    bool checksum_ok;
    bool quotes_tcp; /* it quotes the beginning of a TCP segment: */
    struct endpoint quoted_src, quoted_dst;
    uint32_t quoted_seq;
};

/* Read packet[0..len). Returns 0, -EPROTO with a sentence when it is neither
 * ICMP nor ICMPv6. Errors and other messages alike are taken; only errors
 * quote. */
int icmp_parse(const uint8_t *packet, size_t len, struct icmp *ret_icmp,
               struct err *ret_err);

/* What type and code say, in one sentence for people with what Linux makes of
 * it for connect() (ENETUNREACH, ...). ret_text holds ICMP_MEANING_BYTES.
 * Returns ret_text. */
char *icmp_meaning(uint8_t version, uint8_t type, uint8_t code, char *ret_text);

/* What connect() on Linux fails with at once when that message comes while it
 * waits; 0 when it goes on or the message is not known here. An open connection
 * goes on in any case. */
int icmp_connect_errno(uint8_t version, uint8_t type, uint8_t code);

/* RFC section of the message: "RFC 792", "RFC 4443 3.1". Static storage. */
const char *icmp_rfc(uint8_t version, uint8_t type, uint8_t code);

struct icmp_spec {
    struct ipaddr from; /* who sends the error: a router's address */
    uint8_t type, code;
    uint32_t mtu;
    const uint8_t *quoted; /* (borrowed) the packet it is about */
    size_t quoted_len;
};

/* Write the error to the sender of the quoted packet into ret_packet: IP
 * header, ICMP header, as much of the quoted packet as RFC 1812 4.3.2.3 (576
 * bytes in all) or RFC 4443 2.4 (1280) allow. Checksums are right. Returns the
 * length, -EINVAL when versions do not fit or nothing is quoted, -EMSGSIZE when
 * cap_bytes is too small. */
int icmp_build(const struct icmp_spec *spec, uint8_t *ret_packet,
               size_t cap_bytes);

#endif

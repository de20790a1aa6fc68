/* tcp_internal.h - what the files of src/tcp share and nobody else needs:
 * reading numbers in network order, and the view of an IP header.
 * Pure; any thread. */
#ifndef HANDSHAKE_TCP_INTERNAL_H
#define HANDSHAKE_TCP_INTERNAL_H

#include "handshake/address.h"
#include "handshake/err.h"
#include "handshake/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROTO_TCP = 6,
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
    TCP_HEADER_BYTES = 20,
    TCP_OPTIONS_MAX_BYTES = 40
};

/* IPv6 extension headers that may stand before TCP (RFC 8200 4.1). */
enum ipv6_extension {
    IPV6_HOP_BY_HOP = 0,
    IPV6_ROUTING = 43,
    IPV6_FRAGMENT = 44,
    IPV6_DESTINATION = 60
};

/* A 16-bit number in network order; p may be unaligned. */
static inline uint16_t get_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* A 32-bit number, likewise. */
static inline uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

/* Write a 16-bit number in network order; p may be unaligned. */
static inline void put_be16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

/* Write a 32-bit number, likewise. */
static inline void put_be32(uint8_t *p, uint32_t value)
{
    put_be16(p, (uint16_t)(value >> 16));
    put_be16(p + 2, (uint16_t)value);
}

/* Where the TCP segment lies in a packet, and what the IP header says. */
struct ip_view {
    struct ipaddr src;
    struct ipaddr dst;
    struct ipaddr sum_dst; /* destination for the pseudo header: the last
                              stop when a routing header is under way */
    uint16_t header_len;   /* bytes before TCP, extension headers included */
    uint16_t end;          /* of the segment, within the bytes given */
    uint16_t full_end;     /* of the segment as the IP header says */
    uint8_t ttl;
    uint8_t tos;
    uint16_t id;
    bool checksum_ok;
};

/* Read the IP header of packet[0..len). Returns 0 when at least the fixed 20
 * bytes of a TCP header follow, else -EPROTO with a sentence. */
int ip_view_read(const uint8_t *packet, size_t len, struct ip_view *ret_view,
                 struct err *ret_err);

/* Bytes an IPv6 extension header at p takes; `kind` is the Next Header number
 * that announced it. p must have 2 readable bytes. */
size_t ipv6_extension_len(uint8_t kind, const uint8_t *p);

/* The folded, not inverted sum of the pseudo header for tcp_len bytes of TCP
 * (RFC 9293 3.1; RFC 8200 8.1). */
uint16_t pseudo_sum(const struct ipaddr *src, const struct ipaddr *dst,
                    size_t tcp_len);

/* "MP_CAPABLE" and so on (IANA "MPTCP Option Subtypes"); static storage, never
 * NULL. */
const char *mptcp_subtype_name(uint8_t subtype);

/* Sequence numbers in formats whose text goes through relative_words(): of the
 * segment's sender, of its peer, and an initial one that is being announced. */
#define MINE   "\001%u"
#define THEIRS "\002%u"
#define ISN    "\003%u"

/* The text without marks, and with relative numbers in their place ("" when
 * that is the same); both are cut to size bytes. */
void relative_words(const char *marked, const struct seq_bases *bases,
                    size_t size, char *ret_text, char *ret_relative);

#endif

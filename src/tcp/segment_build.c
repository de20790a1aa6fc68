/* segment_build.c - struct to bytes, for segments made by hand and for those
 * the wire has changed.
 *
 * A spec that only names endpoints, numbers and flags gives a segment a real
 * stack could have sent. Fields can be forced to be wrong one at a time, so
 * that a scenario shows what exactly that mistake leads to. */
#include "handshake/segment.h"
#include "tcp_internal.h"

#include <errno.h>
#include <string.h>

enum { DEFAULT_TTL = 64, IPV4_DONT_FRAGMENT = 0x4000 };

/* No options, not fragmented. */
static void put_ipv4(const struct segment_spec *spec, uint8_t *p, size_t total)
{
    memset(p, 0, IPV4_HEADER_BYTES);
    p[0] = 4 << 4 | IPV4_HEADER_BYTES / 4;
    p[1] = spec->tos;
    put_be16(p + 2, (uint16_t)total);
    put_be16(p + 4, spec->ip_id);
    put_be16(p + 6, IPV4_DONT_FRAGMENT); /* as Linux sends TCP */
    p[8] = spec->ttl ? spec->ttl : DEFAULT_TTL;
    p[9] = PROTO_TCP;
    memcpy(p + 12, spec->src.addr.bytes, 4);
    memcpy(p + 16, spec->dst.addr.bytes, 4);
    put_be16(p + 10, (uint16_t)~inet_sum(p, IPV4_HEADER_BYTES, 0));
}

/* No extension headers, flow label 0. */
static void put_ipv6(const struct segment_spec *spec, uint8_t *p, size_t total)
{
    put_be32(p, 6u << 28 | (uint32_t)spec->tos << 20);
    put_be16(p + 4, (uint16_t)(total - IPV6_HEADER_BYTES));
    p[6] = PROTO_TCP;
    p[7] = spec->ttl ? spec->ttl : DEFAULT_TTL;
    memcpy(p + 8, spec->src.addr.bytes, 16);
    memcpy(p + 24, spec->dst.addr.bytes, 16);
}

/* Write the TCP header with its padded options, header_len bytes in all. */
static void put_tcp(const struct segment_spec *spec, uint8_t *p,
                    size_t header_len)
{
    unsigned words = spec->force_offset ? spec->offset_words & 0xfu
                                        : (unsigned)(header_len / 4);
    memset(p, 0, header_len);
    put_be16(p, spec->src.port);
    put_be16(p + 2, spec->dst.port);
    put_be32(p + 4, spec->seq);
    put_be32(p + 8, spec->ack);
    put_be16(p + 12, (uint16_t)(words << 12 | (spec->reserved & 7u) << 9 |
                                (spec->flags & 0x1ffu)));
    put_be16(p + 14, spec->window);
    put_be16(p + 18, spec->urgent);
    if (spec->options_len)
        memcpy(p + TCP_HEADER_BYTES, spec->options, spec->options_len);
}

/* The checksum is computed over what was written, forced fields included, so
 * that a wrong offset alone does not hide behind a wrong checksum. */
int segment_build(const struct segment_spec *spec, uint8_t *ret_packet,
                  size_t cap_bytes)
{
    const struct ipaddr *src = &spec->src.addr, *dst = &spec->dst.addr;
    if (ipaddr_len(src) == 0 || src->version != dst->version ||
        spec->options_len > TCP_OPTIONS_MAX_BYTES)
        return -EINVAL;
    size_t ip_len = src->version == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
    size_t tcp_len = TCP_HEADER_BYTES + (spec->options_len + 3) / 4 * 4;
    if (spec->payload_len > SEGMENT_MAX_BYTES)
        return -EMSGSIZE;
    size_t total = ip_len + tcp_len + spec->payload_len;
    if (total > SEGMENT_MAX_BYTES || total > cap_bytes)
        return -EMSGSIZE;

    if (src->version == 4)
        put_ipv4(spec, ret_packet, total);
    else
        put_ipv6(spec, ret_packet, total);
    uint8_t *tcp = ret_packet + ip_len;
    put_tcp(spec, tcp, tcp_len);
    if (spec->payload_len)
        memcpy(tcp + tcp_len, spec->payload, spec->payload_len);
    uint16_t sum =
        inet_sum(tcp, total - ip_len, pseudo_sum(src, dst, total - ip_len));
    put_be16(tcp + 16, spec->force_checksum ? spec->checksum : (uint16_t)~sum);
    return (int)total;
}

/* For packets the wire has rewritten: the receiver shall judge the change,
 * not the checksum. */
int segment_fix_checksums(uint8_t *packet, size_t len)
{
    struct ip_view v;
    int r = ip_view_read(packet, len, &v, NULL);
    if (r < 0)
        return r;
    if (v.end < v.full_end)
        return -EPROTO;
    if (v.src.version == 4) {
        put_be16(packet + 10, 0);
        put_be16(packet + 10, (uint16_t)~inet_sum(packet, v.header_len, 0));
    }
    uint8_t *tcp = packet + v.header_len;
    size_t tcp_len = (size_t)v.end - v.header_len;
    put_be16(tcp + 16, 0);
    uint16_t pseudo = pseudo_sum(&v.src, &v.sum_dst, tcp_len);
    put_be16(tcp + 16, (uint16_t)~inet_sum(tcp, tcp_len, pseudo));
    return 0;
}

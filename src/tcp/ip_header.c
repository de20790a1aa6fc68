/* ip_header.c - finds the TCP segment behind an IPv4 or IPv6 header.
 *
 * Fragments are refused: only the first one would hold a TCP header, and none
 * holds the whole segment. Length fields may promise more than the bytes given
 * (a capture cut short), never may they lead the reader past those bytes:
 *
 *   packet          header_len            end            full_end
 *   |  IP, extensions  |  TCP, as far as given  |  not captured  |
 *
 * What lies behind full_end (padding of a short Ethernet frame) is not part of
 * the packet and is not looked at. */
#include "tcp_internal.h"

#include "handshake/segment.h"

#include <errno.h>
#include <string.h>

/* Sums in 64 bits and folds once at the end, which RFC 1071 2 allows: 65535
 * bytes cannot overflow it. */
uint16_t inet_sum(const uint8_t *bytes, size_t len, uint32_t start)
{
    uint64_t sum = start;
    size_t i = 0;
    for (; i + 1 < len; i += 2)
        sum += get_be16(bytes + i);
    if (i < len)
        sum += (uint32_t)bytes[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

/* IPv4 and IPv6 pseudo headers differ in layout, but not in what they sum up
 * to: addresses, length and protocol. */
uint16_t pseudo_sum(const struct ipaddr *src, const struct ipaddr *dst,
                    size_t tcp_len)
{
    uint32_t sum =
        PROTO_TCP + (uint32_t)(tcp_len >> 16) + (uint32_t)(tcp_len & 0xffff);
    sum = inet_sum(src->bytes, ipaddr_len(src), sum);
    return inet_sum(dst->bytes, ipaddr_len(dst), sum);
}

/* Length fields of 0 are what segmentation offload leaves in a capture: then
 * the bytes given are the packet. */
static void set_ends(struct ip_view *v, size_t full, bool said, size_t len)
{
    if (!said)
        full = len;
    if (full > SEGMENT_MAX_BYTES)
        full = SEGMENT_MAX_BYTES;
    v->full_end = (uint16_t)full;
    v->end = (uint16_t)(full < len ? full : len);
}

/* RFC 791 3.1. The header checksum is noted, not enforced: offload leaves it
 * open, and a wrong one is worth showing. */
static int read_ipv4(const uint8_t *p, size_t len, struct ip_view *v,
                     struct err *ret_err)
{
    if (len < IPV4_HEADER_BYTES)
        return err_set(ret_err, EPROTO,
                       "the IPv4 header is cut: %zu of 20 bytes", len);
    size_t header_len = (size_t)(p[0] & 0x0f) * 4;
    if (header_len < IPV4_HEADER_BYTES || header_len > len)
        return err_set(ret_err, EPROTO,
                       "the IPv4 header claims %zu bytes, which cannot be: "
                       "20 to 60 and at most the %zu given",
                       header_len, len);
    if (p[9] != PROTO_TCP)
        return err_set(ret_err, EPROTO,
                       "not TCP: the IPv4 header says protocol %u", p[9]);
    if (get_be16(p + 6) & 0x3fff)
        return err_set(ret_err, EPROTO,
                       "an IPv4 fragment (offset %u): a TCP segment is read "
                       "only whole",
                       (get_be16(p + 6) & 0x1fffu) * 8);
    v->src.version = v->dst.version = 4;
    memcpy(v->src.bytes, p + 12, 4);
    memcpy(v->dst.bytes, p + 16, 4);
    v->sum_dst = v->dst;
    v->header_len = (uint16_t)header_len;
    v->tos = p[1];
    v->id = get_be16(p + 4);
    v->ttl = p[8];
    v->checksum_ok = inet_sum(p, header_len, 0) == 0xffff;
    set_ends(v, get_be16(p + 2), get_be16(p + 2) != 0, len);
    return 0;
}

/* RFC 8200 4: all but the fragment header share one length rule. */
size_t ipv6_extension_len(uint8_t kind, const uint8_t *p)
{
    return kind == IPV6_FRAGMENT ? 8 : ((size_t)p[1] + 1) * 8;
}

/* Others (authentication, encryption) hide or sign what follows: no TCP for
 * us. */
static bool is_extension(uint8_t kind)
{
    return kind == IPV6_HOP_BY_HOP || kind == IPV6_ROUTING ||
           kind == IPV6_FRAGMENT || kind == IPV6_DESTINATION;
}

/* While a routing header has stops left, the pseudo header holds the last one
 * (RFC 8200 8.1): the first entry of a segment routing header (type 4, listed
 * backwards), the last entry of the others. */
static void read_last_stop(struct ip_view *v, const uint8_t *ext, size_t size)
{
    if (ext[3] == 0 || size < 24)
        return;
    const uint8_t *stop = ext[2] == 4 ? ext + 8 : ext + size - 16;
    memcpy(v->sum_dst.bytes, stop, 16);
}

/* An atomic fragment (RFC 6946: offset 0, none to follow) is a whole packet. */
static int read_extension(const uint8_t *p, size_t left, uint8_t kind,
                          struct ip_view *v, struct err *ret_err)
{
    if (left < 8 || ipv6_extension_len(kind, p) > left)
        return err_set(ret_err, EPROTO, "an IPv6 extension header (%u) is cut",
                       kind);
    if (kind == IPV6_FRAGMENT && (get_be16(p + 2) & 0xfff9))
        return err_set(ret_err, EPROTO,
                       "an IPv6 fragment (offset %u): a TCP segment is read "
                       "only whole",
                       get_be16(p + 2) & 0xfff8u);
    if (kind == IPV6_ROUTING)
        read_last_stop(v, p, ipv6_extension_len(kind, p));
    return 0;
}

/* RFC 8200 3 and 4. The chain of extension headers ends, since each takes at
 * least 8 of a bounded number of bytes. */
static int read_ipv6(const uint8_t *p, size_t len, struct ip_view *v,
                     struct err *ret_err)
{
    if (len < IPV6_HEADER_BYTES)
        return err_set(ret_err, EPROTO,
                       "the IPv6 header is cut: %zu of 40 bytes", len);
    v->src.version = v->dst.version = 6;
    memcpy(v->src.bytes, p + 8, 16);
    memcpy(v->dst.bytes, p + 24, 16);
    v->sum_dst = v->dst;
    v->tos = (uint8_t)(get_be16(p) >> 4);
    v->ttl = p[7];
    v->checksum_ok = true;
    uint16_t said = get_be16(p + 4);
    set_ends(v, IPV6_HEADER_BYTES + (size_t)said, said != 0, len);

    uint8_t next = p[6];
    size_t at = IPV6_HEADER_BYTES;
    while (is_extension(next)) {
        int r = read_extension(p + at, v->end - at, next, v, ret_err);
        if (r < 0)
            return r;
        uint8_t kind = next;
        next = p[at];
        at += ipv6_extension_len(kind, p + at);
    }
    if (next != PROTO_TCP)
        return err_set(ret_err, EPROTO,
                       "not TCP: the IPv6 header says next header %u", next);
    v->header_len = (uint16_t)at;
    return 0;
}

/* The version decides; whatever it is, 20 bytes of TCP must be there. */
int ip_view_read(const uint8_t *packet, size_t len, struct ip_view *ret_view,
                 struct err *ret_err)
{
    struct ip_view v = {0};
    if (len == 0)
        return err_set(ret_err, EPROTO, "no bytes at all");
    if (len > SEGMENT_MAX_BYTES)
        len = SEGMENT_MAX_BYTES;
    unsigned version = packet[0] >> 4;
    if (version != 4 && version != 6)
        return err_set(ret_err, EPROTO,
                       "not IP: the first byte says version %u, and the bytes "
                       "must start at the IP header",
                       version);
    int r = version == 4 ? read_ipv4(packet, len, &v, ret_err)
                         : read_ipv6(packet, len, &v, ret_err);
    if (r < 0)
        return r;
    if (v.end < v.header_len + TCP_HEADER_BYTES)
        return err_set(ret_err, EPROTO, "the TCP header is cut: %d of 20 bytes",
                       v.end > v.header_len ? v.end - v.header_len : 0);
    *ret_view = v;
    return 0;
}

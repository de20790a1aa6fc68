/* icmp.c - ICMP and ICMPv6 messages: bytes to struct, errors from struct to
 * bytes, and what each means to a program that waits in connect().
 *
 * An error carries the beginning of the packet it is about:
 *
 *   | IP header | type code checksum | unused or MTU | IP header | TCP ...
 *    from a router  4 bytes            4 bytes         the quoted packet
 *
 * RFC 792 promises only 8 bytes of the quoted packet's payload, which is why
 * the quoted TCP header is read by itself here and not by segment_parse(): two
 * ports and the sequence number are all that can be counted on. Linux needs no
 * more: it finds the socket by addresses and ports, and believes the message
 * when the number lies in what it has under way (RFC 5927 4.1).
 *
 * In SYN-SENT Linux ends connect() at once for every error it can translate,
 * "soft" ones too; RFC 9293 3.9.2.2 says soft errors must not abort, RFC 5461
 * describes why stacks do so anyway. An open connection only remembers them. */
#include "handshake/icmp.h"

#include "handshake/segment.h"
#include "tcp_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    PROTO_ICMP = 1,
    PROTO_ICMPV6 = 58,
    ICMP_HEADER_BYTES = 8,
    QUOTED_TCP_BYTES = 8, /* ports and sequence number */
    ICMP_V4_MAX_BYTES = 576,
    ICMP_V6_MAX_BYTES = 1280,
    ICMP_TTL = 64,
    ICMP_TOS = 0xc0, /* internetwork control, RFC 1812 4.3.2.5 */
    IPV4_DONT_FRAGMENT = 0x4000,
    V4_UNREACHABLE = 3,
    V4_FRAGMENTATION_NEEDED = 4, /* code of 3 */
    V6_TOO_BIG = 2,
    V6_FIRST_INFORMATIONAL = 128, /* RFC 4443 2.1: errors lie below */
    ANY_CODE = 256
};

/* --- what messages mean -------------------------------------------------- */

/* Legend: code ANY_CODE fits every code, so it stands behind rows of the same
 * type; error is what connect() fails with on Linux (0: it goes on); also is
 * added to the sentence. */
struct meaning {
    uint8_t version, type;
    uint16_t code;
    int error;
    const char *says;
    const char *also;
    const char *rfc;
};

#define NO_MTU  "connect() goes on: the kernel sends smaller segments"
#define IGNORED "connect() goes on: Linux ignores it"

/* Errors of connect() are those of icmp_err_convert[] in Linux'
 * net/ipv4/icmp.c, tcp_v4_err() in tcp_ipv4.c and icmpv6_err_convert() in
 * net/ipv6/icmp.c. */
static const struct meaning meanings[] = {
    {4, 3, 0, ENETUNREACH, "a router has no route to that network", NULL,
     "RFC 792"},
    {4, 3, 1, EHOSTUNREACH, "the last router cannot reach that host", NULL,
     "RFC 792"},
    {4, 3, 2, ENOPROTOOPT, "the host does not speak TCP", NULL, "RFC 792"},
    {4, 3, 3, ECONNREFUSED, "a firewall or the host says the port is closed",
     NULL, "RFC 792"},
    {4, 3, 4, 0, "the packet is too big for a link and must not be cut", NO_MTU,
     "RFC 1191 4"},
    {4, 3, 5, EOPNOTSUPP, "the source route failed", NULL, "RFC 792"},
    {4, 3, 6, ENETUNREACH, "that network is unknown", NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 7, EHOSTDOWN, "that host is unknown", NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 8, ENONET, "the sender's host is isolated", NULL,
     "RFC 1122 3.2.2.1"},
    {4, 3, 9, ENETUNREACH, "that network is prohibited by an administrator",
     NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 10, EHOSTUNREACH, "that host is prohibited by an administrator",
     NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 11, ENETUNREACH, "no route for this type of service to the network",
     NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 12, EHOSTUNREACH, "no route for this type of service to the host",
     NULL, "RFC 1122 3.2.2.1"},
    {4, 3, 13, EHOSTUNREACH, "a firewall on the way filters it", NULL,
     "RFC 1812 5.2.7.1"},
    {4, 3, 14, EHOSTUNREACH, "its precedence is not allowed there", NULL,
     "RFC 1812 5.2.7.1"},
    {4, 3, 15, EHOSTUNREACH, "its precedence is below what is carried", NULL,
     "RFC 1812 5.2.7.1"},
    {4, 11, 0, EHOSTUNREACH, "its time to live ran out on the way", NULL,
     "RFC 792"},
    {4, 11, 1, EHOSTUNREACH, "its fragments did not all come in time", NULL,
     "RFC 792"},
    {4, 12, 0, EPROTO, "a field of its IP header is wrong", NULL, "RFC 792"},
    {4, 12, 1, EPROTO, "a required IP option is missing", NULL,
     "RFC 1122 3.2.2.5"},
    {4, 12, 2, EPROTO, "the length in its IP header is wrong", NULL,
     "RFC 1122 3.2.2.5"},
    {4, 4, ANY_CODE, 0, "source quench: send slower", IGNORED, "RFC 6633"},
    {4, 5, ANY_CODE, 0, "redirect: another router is nearer",
     "connect() goes on", "RFC 792"},
    {4, 0, ANY_CODE, 0, "echo reply", NULL, "RFC 792"},
    {4, 8, ANY_CODE, 0, "echo request", NULL, "RFC 792"},

    {6, 1, 0, ENETUNREACH, "a router has no route there", NULL, "RFC 4443 3.1"},
    {6, 1, 1, EACCES, "an administrator prohibits it", NULL, "RFC 4443 3.1"},
    {6, 1, 2, EHOSTUNREACH, "it would leave the scope of its source address",
     NULL, "RFC 4443 3.1"},
    {6, 1, 3, EHOSTUNREACH, "the last router cannot reach that address", NULL,
     "RFC 4443 3.1"},
    {6, 1, 4, ECONNREFUSED, "a firewall or the host says the port is closed",
     NULL, "RFC 4443 3.1"},
    {6, 1, 5, EACCES, "its source address fails a policy on the way", NULL,
     "RFC 4443 3.1"},
    {6, 1, 6, EACCES, "a router rejects the route there", NULL, "RFC 4443 3.1"},
    /* The code means nothing here (RFC 4443 3.2). */
    {6, 2, ANY_CODE, 0, "the packet is too big for a link", NO_MTU,
     "RFC 4443 3.2"},
    {6, 3, 0, EHOSTUNREACH, "its hop limit ran out on the way", NULL,
     "RFC 4443 3.3"},
    {6, 3, 1, EHOSTUNREACH, "its fragments did not all come in time", NULL,
     "RFC 4443 3.3"},
    {6, 4, 0, EPROTO, "a field of its headers is wrong", NULL, "RFC 4443 3.4"},
    {6, 4, 1, EPROTO, "a next header of it is unknown", NULL, "RFC 4443 3.4"},
    {6, 4, 2, EPROTO, "an IPv6 option of it is unknown", NULL, "RFC 4443 3.4"},
    {6, 128, ANY_CODE, 0, "echo request", NULL, "RFC 4443 4.1"},
    {6, 129, ANY_CODE, 0, "echo reply", NULL, "RFC 4443 4.2"},
    {6, 133, ANY_CODE, 0, "router solicitation", NULL, "RFC 4861 4.1"},
    {6, 134, ANY_CODE, 0, "router advertisement", NULL, "RFC 4861 4.2"},
    {6, 135, ANY_CODE, 0, "neighbour solicitation: who has this address?", NULL,
     "RFC 4861 4.3"},
    {6, 136, ANY_CODE, 0, "neighbour advertisement", NULL, "RFC 4861 4.4"},
    {6, 137, ANY_CODE, 0, "redirect: another router is nearer",
     "connect() goes on", "RFC 4861 4.5"},
    {6, 143, ANY_CODE, 0, "multicast listener report", NULL, "RFC 3810 5.2"},
};

/* The row for that message, or NULL: then nothing is claimed. */
static const struct meaning *find(uint8_t version, uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        const struct meaning *m = &meanings[i];
        if (m->version == version && m->type == type &&
            (m->code == code || m->code == ANY_CODE))
            return m;
    }
    return NULL;
}

/* Where nothing is known, the numbers are said and nothing is claimed. */
char *icmp_meaning(uint8_t version, uint8_t type, uint8_t code, char *ret_text)
{
    const struct meaning *m = find(version, type, code);
    if (!m)
        snprintf(ret_text, ICMP_MEANING_BYTES, "%s type %u code %u",
                 version == 6 ? "ICMPv6" : "ICMP", type, code);
    else if (m->error)
        snprintf(ret_text, ICMP_MEANING_BYTES,
                 "%s; Linux ends a waiting connect() at once with %s, an open "
                 "connection goes on",
                 m->says, err_name(m->error));
    else
        snprintf(ret_text, ICMP_MEANING_BYTES, "%s%s%s", m->says,
                 m->also ? "; " : "", m->also ? m->also : "");
    return ret_text;
}

/* The same row as the sentence, so that both always agree. */
int icmp_connect_errno(uint8_t version, uint8_t type, uint8_t code)
{
    const struct meaning *m = find(version, type, code);
    return m ? m->error : 0;
}

/* A message without a row is still defined by its protocol. */
const char *icmp_rfc(uint8_t version, uint8_t type, uint8_t code)
{
    const struct meaning *m = find(version, type, code);
    if (m)
        return m->rfc;
    return version == 6 ? "RFC 4443 2.1" : "RFC 792";
}

/* --- bytes to struct ----------------------------------------------------- */

/* An IP header, whatever it carries and wherever the bytes end. */
struct outline {
    struct ipaddr src, dst;
    uint8_t proto;
    bool fragment;     /* not the first byte of what it carries */
    size_t header_len; /* extension headers included */
    size_t end;        /* of the packet, within the bytes given */
    bool cut;          /* the packet says it is longer */
};

/* Padding behind the packet is not part of it; a quotation is mostly cut. */
static void set_end(struct outline *o, size_t full, size_t len)
{
    o->cut = full > len;
    o->end = o->cut ? len : full;
}

/* RFC 791 3.1. */
static bool outline_ipv4(const uint8_t *p, size_t len, struct outline *o)
{
    o->header_len = (size_t)(p[0] & 0x0f) * 4;
    size_t full = get_be16(p + 2);
    if (o->header_len < IPV4_HEADER_BYTES || o->header_len > len ||
        full < o->header_len)
        return false;
    o->src.version = o->dst.version = 4;
    memcpy(o->src.bytes, p + 12, 4);
    memcpy(o->dst.bytes, p + 16, 4);
    o->proto = p[9];
    o->fragment = (get_be16(p + 6) & 0x1fff) != 0;
    set_end(o, full, len);
    return true;
}

/* Those that Linux lets stand before TCP or ICMPv6. */
static bool is_extension(uint8_t kind)
{
    return kind == IPV6_HOP_BY_HOP || kind == IPV6_ROUTING ||
           kind == IPV6_FRAGMENT || kind == IPV6_DESTINATION;
}

/* RFC 8200 3 and 4. The loop ends since each extension header takes 8 of a
 * bounded number of bytes. */
static bool outline_ipv6(const uint8_t *p, size_t len, struct outline *o)
{
    o->src.version = o->dst.version = 6;
    memcpy(o->src.bytes, p + 8, 16);
    memcpy(o->dst.bytes, p + 24, 16);
    set_end(o, IPV6_HEADER_BYTES + (size_t)get_be16(p + 4), len);
    o->proto = p[6];
    o->header_len = IPV6_HEADER_BYTES;
    while (is_extension(o->proto)) {
        const uint8_t *ext = p + o->header_len;
        size_t left = o->end - o->header_len;
        if (left < 8 || ipv6_extension_len(o->proto, ext) > left)
            return false;
        if (o->proto == IPV6_FRAGMENT)
            o->fragment = (get_be16(ext + 2) & 0xfff8) != 0;
        o->header_len += ipv6_extension_len(o->proto, ext);
        o->proto = ext[0];
    }
    return true;
}

/* Read the IP header of p[0..len); false when there is no whole one. On
 * success header_len <= end <= len. */
static bool outline_read(const uint8_t *p, size_t len, struct outline *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (len >= IPV4_HEADER_BYTES && p[0] >> 4 == 4)
        return outline_ipv4(p, len, ret);
    if (len >= IPV6_HEADER_BYTES && p[0] >> 4 == 6)
        return outline_ipv6(p, len, ret);
    return false;
}

/* ICMPv6 sums up a pseudo header (RFC 4443 2.3), ICMP does not. */
static uint16_t icmp_sum(const struct outline *o, const uint8_t *icmp,
                         size_t len)
{
    uint32_t start = 0;
    if (o->src.version == 6) {
        start = inet_sum(o->src.bytes, 16, (uint32_t)len + PROTO_ICMPV6);
        start = inet_sum(o->dst.bytes, 16, start);
    }
    return inet_sum(icmp, len, start);
}

/* Which messages carry the packet they are about. */
static bool is_error(uint8_t version, uint8_t type)
{
    if (version == 6)
        return type < V6_FIRST_INFORMATIONAL;
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* Where the MTU of the link that was too narrow stands: its size in bytes at
 * *ret_at, 0 when the message has none. */
static size_t mtu_place(uint8_t version, uint8_t type, uint8_t code,
                        size_t *ret_at)
{
    *ret_at = version == 6 ? 4 : 6;
    if (version == 6)
        return type == V6_TOO_BIG ? 4 : 0;
    return type == V4_UNREACHABLE && code == V4_FRAGMENTATION_NEEDED ? 2 : 0;
}

/* Silent when the quotation is too short or not TCP: the message counts all the
 * same. */
static void read_quoted(const uint8_t *p, size_t len, struct icmp *icmp)
{
    struct outline o;
    if (!outline_read(p, len, &o) || o.proto != PROTO_TCP || o.fragment ||
        o.end - o.header_len < QUOTED_TCP_BYTES)
        return;
    const uint8_t *tcp = p + o.header_len;
    icmp->quotes_tcp = true;
    icmp->quoted_src = (struct endpoint){o.src, get_be16(tcp)};
    icmp->quoted_dst = (struct endpoint){o.dst, get_be16(tcp + 2)};
    icmp->quoted_seq = get_be32(tcp + 4);
}

/* Refuse what holds no ICMP header, each with its reason. */
static int check_outline(const struct outline *o, struct err *ret_err)
{
    uint8_t wanted = o->src.version == 6 ? PROTO_ICMPV6 : PROTO_ICMP;
    if (o->proto != wanted)
        return err_set(ret_err, EPROTO,
                       "not ICMP: the IPv%u header says protocol %u, not %u",
                       o->src.version, o->proto, wanted);
    if (o->fragment)
        return err_set(ret_err, EPROTO,
                       "a fragment: an ICMP message is read only whole");
    if (o->end - o->header_len < ICMP_HEADER_BYTES)
        return err_set(ret_err, EPROTO,
                       "the ICMP message is cut: %zu of 8 bytes",
                       o->end - o->header_len);
    return 0;
}

/* A message that was cut cannot be summed up: its checksum is not called ok. */
int icmp_parse(const uint8_t *packet, size_t len, struct icmp *ret_icmp,
               struct err *ret_err)
{
    struct outline o;
    if (!outline_read(packet, len, &o))
        return err_set(ret_err, EPROTO,
                       "no whole IP header: the bytes must start with one");
    int r = check_outline(&o, ret_err);
    if (r < 0)
        return r;
    const uint8_t *icmp = packet + o.header_len;
    size_t icmp_len = o.end - o.header_len, at = 0;
    struct icmp read = {.version = o.src.version,
                        .src = o.src,
                        .dst = o.dst,
                        .type = icmp[0],
                        .code = icmp[1]};
    read.checksum_ok = !o.cut && icmp_sum(&o, icmp, icmp_len) == 0xffff;
    size_t mtu_bytes = mtu_place(read.version, read.type, read.code, &at);
    if (mtu_bytes)
        read.mtu = mtu_bytes == 4 ? get_be32(icmp + at) : get_be16(icmp + at);
    if (is_error(read.version, read.type))
        read_quoted(icmp + ICMP_HEADER_BYTES, icmp_len - ICMP_HEADER_BYTES,
                    &read);
    *ret_icmp = read;
    return 0;
}

/* --- struct to bytes ----------------------------------------------------- */

/* Not to be fragmented, so that id 0 is allowed (RFC 6864 4.1). */
static void put_ipv4(const struct outline *o, uint8_t *p, size_t total)
{
    memset(p, 0, IPV4_HEADER_BYTES);
    p[0] = 4 << 4 | IPV4_HEADER_BYTES / 4;
    p[1] = ICMP_TOS;
    put_be16(p + 2, (uint16_t)total);
    put_be16(p + 6, IPV4_DONT_FRAGMENT);
    p[8] = ICMP_TTL;
    p[9] = PROTO_ICMP;
    memcpy(p + 12, o->src.bytes, 4);
    memcpy(p + 16, o->dst.bytes, 4);
    put_be16(p + 10, (uint16_t)~inet_sum(p, IPV4_HEADER_BYTES, 0));
}

/* No extension headers. */
static void put_ipv6(const struct outline *o, uint8_t *p, size_t total)
{
    put_be32(p, 6u << 28);
    put_be16(p + 4, (uint16_t)(total - IPV6_HEADER_BYTES));
    p[6] = PROTO_ICMPV6;
    p[7] = ICMP_TTL;
    memcpy(p + 8, o->src.bytes, 16);
    memcpy(p + 24, o->dst.bytes, 16);
}

/* Write the ICMP header and the quotation, icmp_len bytes in all. ICMP has 16
 * bits for the MTU (RFC 1191 4): a larger one becomes the largest. */
static void put_icmp(const struct icmp_spec *spec, const struct outline *o,
                     uint8_t *p, size_t icmp_len)
{
    size_t at = 0;
    size_t mtu_bytes = mtu_place(o->src.version, spec->type, spec->code, &at);
    memset(p, 0, ICMP_HEADER_BYTES);
    p[0] = spec->type;
    p[1] = spec->code;
    if (mtu_bytes == 4)
        put_be32(p + at, spec->mtu);
    else if (mtu_bytes == 2)
        put_be16(p + at, (uint16_t)(spec->mtu > 65535 ? 65535 : spec->mtu));
    memcpy(p + ICMP_HEADER_BYTES, spec->quoted, icmp_len - ICMP_HEADER_BYTES);
    put_be16(p + 2, (uint16_t)~icmp_sum(o, p, icmp_len));
}

/* Types that are no errors are built all the same: what a receiver makes of
 * nonsense is a lesson too. */
int icmp_build(const struct icmp_spec *spec, uint8_t *ret_packet,
               size_t cap_bytes)
{
    struct outline quoted;
    if (!spec->quoted ||
        !outline_read(spec->quoted, spec->quoted_len, &quoted) ||
        quoted.src.version != spec->from.version)
        return -EINVAL;
    bool v4 = spec->from.version == 4;
    size_t ip_len = v4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
    size_t most = v4 ? ICMP_V4_MAX_BYTES : ICMP_V6_MAX_BYTES;
    size_t total = ip_len + ICMP_HEADER_BYTES + quoted.end;
    if (total > most)
        total = most;
    if (total > cap_bytes)
        return -EMSGSIZE;

    struct outline outer = {.src = spec->from, .dst = quoted.src};
    if (v4)
        put_ipv4(&outer, ret_packet, total);
    else
        put_ipv6(&outer, ret_packet, total);
    put_icmp(spec, &outer, ret_packet + ip_len, total - ip_len);
    return (int)total;
}

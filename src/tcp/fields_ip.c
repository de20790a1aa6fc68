/* fields_ip.c - the fields of the IPv4 and IPv6 headers.
 *
 * IPv4 (RFC 791 3.1), 32 bits a row:
 *
 *   | Ver | IHL |   DSCP  |ECN|         Total Length              |
 *   |       Identification    |R|DF|MF|     Fragment Offset       |
 *   |   TTL   |   Protocol    |         Header Checksum           |
 *   |                      Source Address                         |
 *   |                    Destination Address                      |
 *   |                  Options (0 to 40 bytes)                    |
 *
 * IPv6 (RFC 8200 3), with any number of extension headers behind it:
 *
 *   | Ver |   DSCP  |ECN|             Flow Label                  |
 *   |       Payload Length      |  Next Header  |    Hop Limit    |
 *   |                 Source Address (4 rows)                     |
 *   |               Destination Address (4 rows)                  |
 *
 * A test adds up the widths of the rows: they must end where TCP begins. */
#include "fields_internal.h"

#include "tcp_internal.h"

/* 4 or 6: other versions never get here. */
TELLER(tell_version)
{
    field_mean(f, "the packet is IPv%u", value);
}

/* Options of IP are rare today; many routers drop packets that have any
 * (RFC 7126). */
TELLER(tell_ihl)
{
    if (value == 5)
        field_mean(f, "5 words of 4 bytes: 20 bytes, no IP options");
    else
        field_mean(f, "%u words of 4 bytes: 20 bytes and %u of IP options",
                   value, value * 4 - IPV4_HEADER_BYTES);
}

/* The upper six bits of what was once Type of Service; 0 is best effort. */
TELLER(tell_dscp)
{
    if (value == 0)
        field_mean(f, "default forwarding: no special treatment is asked for");
    else
        field_mean(f, "routers may treat it as traffic of class %u", value);
}

/* RFC 3168 5: the code point, not a counter, hence a name for each value. */
TELLER(tell_ecn)
{
    static const char *const meanings[4] = {
        "Not-ECT: a congested router may only drop it, not mark it",
        "ECT(1): a congested router may mark it instead of dropping it",
        "ECT(0): a congested router may mark it instead of dropping it",
        "CE: a router on the way was congested and marked it",
    };
    field_mean(f, "%s", meanings[value & 3]);
}

/* 0 is no error in a capture taken before segmentation offload. */
TELLER(tell_total_length)
{
    if (value == 0)
        field_mean(f, "0: left to the network card, which had not yet cut "
                      "the data into packets when this was captured");
    else
        field_mean(f, "%u bytes in all, from the first byte of the IP header%s",
                   value,
                   w->seg->truncated ? "; not all of them were captured" : "");
}

/* As the Total Length, but without the header itself; 0 may also announce a
 * jumbogram (RFC 2675). */
TELLER(tell_payload_length)
{
    if (value == 0)
        field_mean(f, "0: left to the network card, or too long for 16 bits");
    else
        field_mean(f, "%u bytes follow the 40 bytes of this header%s", value,
                   w->seg->truncated ? "; not all of them were captured" : "");
}

/* Only fragments need it; RFC 6864 lets whole packets carry anything. */
TELLER(tell_identification)
{
    field_mean(f,
               "number %u, by which fragments of one packet would be "
               "recognised; this one is whole",
               value);
}

/* Linux sets it on TCP: path MTU discovery (RFC 1191) lives on the ICMP answer
 * that a too long packet then brings. */
TELLER(tell_dont_fragment)
{
    field_mean(f, value ? "set: a router that finds the packet too long must "
                          "drop it and say so by ICMP"
                        : "not set: routers may split the packet");
}

/* Serves TTL and Hop Limit, which mean the same. */
TELLER(tell_ttl)
{
    field_mean(f,
               "at most %u more hops: each router takes one off and drops "
               "the packet at 0",
               value);
}

/* Covers the IP header alone, and every router rewrites it with the TTL. */
TELLER(tell_ip_checksum)
{
    field_mean(f, w->seg->ip_checksum_ok
                      ? "right: the IP header arrived as it was sent"
                      : "wrong: a receiver or router drops the packet");
}

/* Only numbers the parser accepts can stand here. */
TELLER(tell_next_header)
{
    static const struct {
        uint8_t number;
        const char *name;
    } names[] = {
        {PROTO_TCP, "a TCP header"},
        {IPV6_HOP_BY_HOP, "a hop-by-hop options header"},
        {IPV6_ROUTING, "a routing header"},
        {IPV6_FRAGMENT, "a fragment header"},
        {IPV6_DESTINATION, "a destination options header"},
    };
    for (size_t i = 0; i < ROW_COUNT(names); i++)
        if (names[i].number == value)
            field_mean(f, "%s comes next", names[i].name);
}

/* The field counts units of 8 bytes without the first (RFC 8200 4). */
TELLER(tell_extension_length)
{
    field_mean(f, "%u units of 8 bytes after the first: %u bytes in all", value,
               (value + 1) * 8);
}

#define RFC_IPV4 "RFC 791 3.1"
#define RFC_IPV6 "RFC 8200 3"

static const struct field_row ipv4_rows[] = {
    ROW("Version", 4, RFC_IPV4, tell_version),
    ROW("Header Length", 4, RFC_IPV4, tell_ihl),
    ROW("DSCP", 6, "RFC 2474 3", tell_dscp),
    ROW("ECN", 2, "RFC 3168 5", tell_ecn),
    ROW("Total Length", 16, RFC_IPV4, tell_total_length),
    ROW("Identification", 16, "RFC 6864 4", tell_identification),
    ROW_FIXED("Reserved Flag", 1, RFC_IPV4, "not used, normally 0"),
    ROW("DF", 1, RFC_IPV4, tell_dont_fragment),
    ROW_FIXED("MF", 1, RFC_IPV4, "not set: no further fragment follows"),
    ROW_FIXED("Fragment Offset", 13, RFC_IPV4, "0: the packet starts here"),
    ROW("TTL", 8, RFC_IPV4, tell_ttl),
    ROW_FIXED("Protocol", 8, RFC_IPV4, "6: a TCP segment follows"),
    ROW_AS(FORM_HEX, "Header Checksum", 16, RFC_IPV4, tell_ip_checksum),
    ROW_FIXED_AS(FORM_ADDRESS, "Source Address", 32, RFC_IPV4,
                 "the host that sends"),
    ROW_FIXED_AS(FORM_ADDRESS, "Destination Address", 32, RFC_IPV4,
                 "the host that shall receive"),
};

static const struct field_row ipv4_options_row =
    ROW_FIXED_AS(FORM_BYTES, "IP Options", 0, RFC_IPV4,
                 "options of the IP header, padded to a multiple of 4 bytes");

static const struct field_row ipv6_rows[] = {
    ROW("Version", 4, RFC_IPV6, tell_version),
    ROW("DSCP", 6, "RFC 2474 3", tell_dscp),
    ROW("ECN", 2, "RFC 3168 5", tell_ecn),
    ROW_FIXED_AS(FORM_HEX, "Flow Label", 20, "RFC 6437 2",
                 "packets with the same label belong to one flow and should "
                 "take one path; 0 means no label"),
    ROW("Payload Length", 16, RFC_IPV6, tell_payload_length),
    ROW("Next Header", 8, RFC_IPV6, tell_next_header),
    ROW("Hop Limit", 8, RFC_IPV6, tell_ttl),
    ROW_FIXED_AS(FORM_ADDRESS, "Source Address", 128, RFC_IPV6,
                 "the host that sends"),
    ROW_FIXED_AS(FORM_ADDRESS, "Destination Address", 128, RFC_IPV6,
                 "the host that shall receive, or the next stop when a routing "
                 "header follows"),
};

static const struct field_row extension_rows[] = {
    ROW("Extension Next Header", 8, "RFC 8200 4", tell_next_header),
    ROW("Extension Length", 8, "RFC 8200 4", tell_extension_length),
};

static const struct field_row extension_data_row =
    ROW_FIXED_AS(FORM_BYTES, "Extension Data", 0, "RFC 8200 4",
                 "what the extension header carries");

static const struct field_row fragment_rows[] = {
    ROW("Extension Next Header", 8, "RFC 8200 4.5", tell_next_header),
    ROW_FIXED("Fragment Reserved", 8, "RFC 8200 4.5", "not used, normally 0"),
    ROW_FIXED("Fragment Offset", 13, "RFC 8200 4.5",
              "0: the packet starts here"),
    ROW_FIXED("Fragment Reserved", 2, "RFC 8200 4.5", "not used, normally 0"),
    ROW_FIXED("More Fragments", 1, "RFC 8200 4.5",
              "not set: this first fragment is also the only one"),
    ROW_FIXED_AS(FORM_HEX, "Fragment Identification", 32, "RFC 8200 4.5",
                 "by which fragments of one packet would be recognised"),
};

/* A fragment header has no length field of its own: it is always 8 bytes. */
static void walk_extension(struct walk *w, uint8_t kind)
{
    if (kind == IPV6_FRAGMENT) {
        walk_rows(w, fragment_rows, ROW_COUNT(fragment_rows));
        return;
    }
    size_t at = w->bit / 8;
    size_t end = at + ipv6_extension_len(kind, w->packet + at);
    walk_rows(w, extension_rows, ROW_COUNT(extension_rows));
    walk_rest(w, &extension_data_row, end);
}

/* Each extension header names the kind of the next one, so the kind of the one
 * at hand has to be carried along. */
void walk_ip(struct walk *w)
{
    w->part = FIELD_IP;
    if (w->seg->src.addr.version == 4) {
        walk_rows(w, ipv4_rows, ROW_COUNT(ipv4_rows));
        walk_rest(w, &ipv4_options_row, w->seg->ip_header_len);
        return;
    }
    walk_rows(w, ipv6_rows, ROW_COUNT(ipv6_rows));
    uint8_t kind = w->packet[6];
    while (w->bit / 8 < w->seg->ip_header_len) {
        uint8_t next = w->packet[w->bit / 8];
        walk_extension(w, kind);
        kind = next;
    }
}

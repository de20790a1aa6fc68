/* segment_parse.c - bytes to struct segment, and the values of its options.
 *
 * The header as it lies in the packet, after the IP header (RFC 9293 3.1):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |          Source Port          |       Destination Port        |
 *   |                        Sequence Number                        |
 *   |                    Acknowledgment Number                      |
 *   | Offset| Rsv |     Flags       |            Window             |
 *   |           Checksum            |         Urgent Pointer        |
 *   |              Options (0 to 40 bytes), then data               |
 *   +---------------------------------------------------------------+
 *
 * Three lengths may disagree: what the IP header says, what the data offset
 * says, and how many bytes were given. Fewer bytes than the IP header says is
 * the capture's doing, and the segment is read as far as it goes; an offset
 * that cannot be true is the sender's doing, and is marked as malformed. Only a
 * segment without its 20 fixed bytes is refused. All reads stay within the
 * bytes given: ip_view_read() guarantees the fixed header, read_offset() the
 * options and the payload, read_option() each option. */
#include "handshake/segment.h"
#include "tcp_internal.h"

#include <errno.h>
#include <string.h>

/* Which lengths of an option can be true. Legend: min and max of the whole
 * option in bytes; it must be min plus a multiple of step. Kinds that are not
 * listed may have any length from 2. */
static const struct {
    uint8_t kind, min, max, step;
} lengths[] = {
    {OPT_MSS, 4, 4, 1},            /* RFC 9293 3.2 */
    {OPT_WSCALE, 3, 3, 1},         /* RFC 7323 2.2 */
    {OPT_SACK_PERMITTED, 2, 2, 1}, /* RFC 2018 2 */
    {OPT_SACK, 10, 34, 8},         /* RFC 2018 3: one to four blocks */
    {OPT_TIMESTAMPS, 10, 10, 1},   /* RFC 7323 3.2 */
    {OPT_MD5, 18, 18, 1},          /* RFC 2385 3 */
    {OPT_AO, 4, 40, 1},            /* RFC 5925 2.2 */
    {OPT_MPTCP, 3, 40, 1},         /* RFC 8684 3: a subtype follows */
    {OPT_FASTOPEN, 2, 18, 2},      /* RFC 7413 4.1.1: no cookie or 4 to 16 */
    {OPT_EXPERIMENT_1, 4, 40, 1},  /* RFC 6994 3: an ExID follows */
    {OPT_EXPERIMENT_2, 4, 40, 1},
};

/* A length that leads past the header is found elsewhere; this is about kinds.
 */
static bool length_possible(uint8_t kind, uint8_t len)
{
    if (kind == OPT_FASTOPEN && len == 4)
        return false; /* a cookie has at least 4 bytes */
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        if (lengths[i].kind == kind)
            return len >= lengths[i].min && len <= lengths[i].max &&
                   (len - lengths[i].min) % lengths[i].step == 0;
    return true;
}

/* Read one option from p[0..left), left > 0. A length that leads past the
 * header takes the rest of it: what follows could not be told apart. */
static struct tcp_option read_option(const uint8_t *p, size_t left)
{
    struct tcp_option opt = {.kind = p[0], .len = 1, .data = p + 1};
    if (opt.kind == OPT_EOL || opt.kind == OPT_NOP)
        return opt;
    if (left < 2 || p[1] < 2 || p[1] > left) {
        opt.len = (uint8_t)left;
        opt.malformed = true;
    } else {
        opt.len = p[1];
        opt.malformed = !length_possible(opt.kind, opt.len);
    }
    if (opt.len >= 2) {
        opt.data = p + 2;
        opt.data_len = (uint8_t)(opt.len - 2);
    }
    return opt;
}

/* Options up to `end`, where the header or, earlier, the capture ends. */
static void read_options(const uint8_t *packet, bool cut, struct segment *seg)
{
    size_t at = (size_t)seg->ip_header_len + TCP_HEADER_BYTES;
    size_t end = (size_t)seg->ip_header_len + seg->tcp_header_len;
    while (at < end && seg->option_count < SEGMENT_MAX_OPTIONS) {
        struct tcp_option opt = read_option(packet + at, end - at);
        if (cut && opt.malformed && at + opt.len == end)
            break; /* the capture cut it; its sender is not to blame */
        opt.offset = (uint16_t)at;
        seg->options[seg->option_count++] = opt;
        seg->options_malformed |= opt.malformed;
        at += opt.len;
        if (opt.kind == OPT_EOL)
            break;
    }
}

/* Bytes that are missing cannot be summed: the verdict stays open. */
static enum checksum_verdict judge_checksum(const uint8_t *packet,
                                            const struct ip_view *v)
{
    if (v->end < v->full_end)
        return CHECKSUM_UNKNOWN;
    const uint8_t *tcp = packet + v->header_len;
    size_t tcp_len = (size_t)v->end - v->header_len;
    uint16_t pseudo = pseudo_sum(&v->src, &v->sum_dst, tcp_len);
    if (inet_sum(tcp, tcp_len, pseudo) == 0xffff)
        return CHECKSUM_OK;
    return get_be16(tcp + 16) == pseudo ? CHECKSUM_PARTIAL : CHECKSUM_BAD;
}

/* The header length the data offset claims, cut to what is there. Returns
 * whether anything had to be cut. */
static bool read_offset(const uint8_t *tcp, const struct ip_view *v,
                        struct segment *seg)
{
    size_t said = (size_t)(tcp[12] >> 4) * 4;
    size_t whole = (size_t)v->full_end - v->header_len;
    size_t here = (size_t)v->end - v->header_len;
    seg->offset_malformed = said < TCP_HEADER_BYTES || said > whole;
    if (seg->offset_malformed)
        said = TCP_HEADER_BYTES;
    seg->tcp_header_len = (uint16_t)(said < here ? said : here);
    seg->payload = tcp + seg->tcp_header_len;
    seg->payload_len = (uint16_t)(here - seg->tcp_header_len);
    seg->payload_full_len = (uint16_t)(whole - said);
    seg->truncated = here < whole;
    return said > here;
}

/* Every offset used below was checked by ip_view_read() or read_offset(). */
int segment_parse(const uint8_t *packet, size_t len, struct segment *ret_seg,
                  struct err *ret_err)
{
    struct ip_view v;
    int r = ip_view_read(packet, len, &v, ret_err);
    if (r < 0)
        return r;
    const uint8_t *tcp = packet + v.header_len;
    memset(ret_seg, 0, sizeof(*ret_seg));
    ret_seg->src = (struct endpoint){v.src, get_be16(tcp)};
    ret_seg->dst = (struct endpoint){v.dst, get_be16(tcp + 2)};
    ret_seg->seq = get_be32(tcp + 4);
    ret_seg->ack = get_be32(tcp + 8);
    ret_seg->flags = get_be16(tcp + 12) & 0x1ff;
    ret_seg->reserved = (tcp[12] >> 1) & 7;
    ret_seg->window = get_be16(tcp + 14);
    ret_seg->checksum = get_be16(tcp + 16);
    ret_seg->urgent = get_be16(tcp + 18);
    ret_seg->ttl = v.ttl;
    ret_seg->tos = v.tos;
    ret_seg->ip_id = v.id;
    ret_seg->ip_header_len = v.header_len;
    ret_seg->ip_checksum_ok = v.checksum_ok;
    ret_seg->checksum_verdict = judge_checksum(packet, &v);
    bool cut = read_offset(tcp, &v, ret_seg);
    read_options(packet, cut, ret_seg);
    return 0;
}

/* A struct filled by hand may leave payload_full_len at 0. */
uint32_t segment_span(const struct segment *seg)
{
    uint32_t span = seg->payload_len > seg->payload_full_len
                        ? seg->payload_len
                        : seg->payload_full_len;
    span += (seg->flags & SEG_SYN) != 0;
    span += (seg->flags & SEG_FIN) != 0;
    return span;
}

/* What a doubled option means is undefined; here the first one counts. */
const struct tcp_option *segment_option(const struct segment *seg, uint8_t kind)
{
    for (size_t i = 0; i < seg->option_count; i++)
        if (seg->options[i].kind == kind)
            return &seg->options[i];
    return NULL;
}

/* The data of the first option of that kind when it is sound, or NULL. */
static const uint8_t *sound_data(const struct segment *seg, uint8_t kind)
{
    const struct tcp_option *opt = segment_option(seg, kind);
    return opt && !opt->malformed ? opt->data : NULL;
}

bool segment_mss(const struct segment *seg, uint16_t *ret_mss)
{
    const uint8_t *data = sound_data(seg, OPT_MSS);
    if (data)
        *ret_mss = get_be16(data);
    return data != NULL;
}

bool segment_wscale(const struct segment *seg, uint8_t *ret_shift)
{
    const uint8_t *data = sound_data(seg, OPT_WSCALE);
    if (data)
        *ret_shift = data[0];
    return data != NULL;
}

bool segment_timestamps(const struct segment *seg, uint32_t *ret_val,
                        uint32_t *ret_echo)
{
    const uint8_t *data = sound_data(seg, OPT_TIMESTAMPS);
    if (data) {
        *ret_val = get_be32(data);
        *ret_echo = get_be32(data + 4);
    }
    return data != NULL;
}

/* edit.c - changes a segment on its way, as a middlebox or a bad cable would.
 *
 * Nothing is moved: the length of the packet and of its options stays, because
 * what the receiver makes of a changed field is the lesson, not what it makes
 * of a changed layout. An option is taken away as real middleboxes do it, by
 * writing NOPs over it. A change that changes nothing (window 0 set to 0)
 * leaves the bytes alone and is not told. */
#include "handshake/edit.h"

#include "handshake/segment.h"
#include "tcp_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The segment under the knife. */
struct work {
    const struct edit *edit;
    uint8_t *packet;
    uint8_t *tcp;
    struct segment seg; /* as it was before the first change */
    char *words;        /* EDIT_WORDS_BYTES */
    bool missing;       /* an option to change was not there */
};

/* Add one change to the list. When room for ", ..." is all that is left, that
 * says that there is more. */
__attribute__((format(printf, 2, 3))) static void tell(char *words,
                                                       const char *fmt, ...)
{
    static const char more[] = ", ...";
    char change[EDIT_WORDS_BYTES];
    size_t at = strlen(words);
    va_list args;
    va_start(args, fmt);
    vsnprintf(change, sizeof(change), fmt, args);
    va_end(args);
    if (at >= sizeof(more) - 1 &&
        strcmp(words + at - (sizeof(more) - 1), more) == 0)
        return;
    if (at + 2 + strlen(change) + sizeof(more) > EDIT_WORDS_BYTES)
        snprintf(words + at, EDIT_WORDS_BYTES - at, "%s", more);
    else
        snprintf(words + at, EDIT_WORDS_BYTES - at, "%s%s", at ? ", " : "",
                 change);
}

/* Read packet whole or not at all: a checksum over bytes that are not there
 * could not be made right. */
static int work_begin(struct work *w, uint8_t *packet, size_t len, char *words)
{
    words[0] = '\0';
    w->packet = packet;
    w->words = words;
    if (segment_parse(packet, len, &w->seg, NULL) < 0 || w->seg.truncated)
        return -EPROTO;
    w->tcp = packet + w->seg.ip_header_len;
    return 0;
}

/* seq or ack, at its offset in the TCP header. */
static void change_number(struct work *w, const char *name, size_t at,
                          uint32_t value, bool add)
{
    uint32_t old = get_be32(w->tcp + at);
    if (add)
        value += old; /* wraps, as sequence numbers do */
    if (value == old)
        return;
    put_be32(w->tcp + at, value);
    tell(w->words, "%s %u -> %u", name, old, value);
}

/* A field of 16 bits, wherever in the packet. */
static void change_short(struct work *w, const char *name, uint8_t *at,
                         uint16_t value)
{
    uint16_t old = get_be16(at);
    if (value == old)
        return;
    put_be16(at, value);
    tell(w->words, "%s %u -> %u", name, old, value);
}

/* The nine flags share 16 bits with the data offset and the reserved bits,
 * which stay. */
static void change_flags(struct work *w, uint16_t flags)
{
    char before[SEGMENT_FLAGS_TEXT_BYTES], after[SEGMENT_FLAGS_TEXT_BYTES];
    flags &= 0x1ff;
    if (flags == w->seg.flags)
        return;
    put_be16(w->tcp + 12, (uint16_t)((get_be16(w->tcp + 12) & 0xfe00) | flags));
    tell(w->words, "flags %s -> %s", segment_flags_text(w->seg.flags, before),
         segment_flags_text(flags, after));
}

/* TTL and hop limit are the same thing by two names; TCP's checksum does not
 * cover either. */
static void change_ttl(struct work *w, uint8_t ttl)
{
    bool v4 = w->seg.src.addr.version == 4;
    if (ttl == w->seg.ttl)
        return;
    w->packet[v4 ? 8 : 7] = ttl;
    tell(w->words, "%s %u -> %u", v4 ? "ttl" : "hop limit", w->seg.ttl, ttl);
}

/* An MSS option of a wrong length has no place for the value. */
static void change_mss(struct work *w, uint16_t mss)
{
    const struct tcp_option *opt = segment_option(&w->seg, OPT_MSS);
    if (opt && !opt->malformed)
        change_short(w, "MSS", w->packet + opt->offset + 2, mss);
    else
        w->missing = true;
}

/* Names as they stand within a sentence. */
static void tell_stripped(struct work *w, uint8_t kind)
{
    static const struct {
        uint8_t kind;
        const char *name;
    } names[] = {
        {OPT_MSS, "MSS"},
        {OPT_WSCALE, "window scale"},
        {OPT_SACK_PERMITTED, "SACK permitted"},
        {OPT_SACK, "SACK"},
        {OPT_TIMESTAMPS, "timestamps"},
        {OPT_MD5, "MD5 signature"},
        {OPT_AO, "TCP-AO"},
        {OPT_MPTCP, "MPTCP"},
        {OPT_FASTOPEN, "Fast Open"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].kind == kind) {
            tell(w->words, "%s stripped", names[i].name);
            return;
        }
    tell(w->words, "option %u stripped", kind);
}

/* All options of that kind. EOL and NOP are padding: without its EOL, what
 * stands behind it would become options. */
static void strip(struct work *w, uint8_t kind)
{
    bool found = false;
    for (size_t i = 0; i < w->seg.option_count; i++) {
        const struct tcp_option *opt = &w->seg.options[i];
        if (opt->kind != kind || kind <= OPT_NOP)
            continue;
        memset(w->packet + opt->offset, OPT_NOP, opt->len);
        found = true;
    }
    if (found)
        tell_stripped(w, kind);
    else
        w->missing = true;
}

/* The MSS first: it can be changed and then stripped, not the other way. */
static void change_options(struct work *w)
{
    const struct edit *e = w->edit;
    if (e->set_mss)
        change_mss(w, e->mss);
    for (size_t i = 0; i < e->strip_count && i < EDIT_MAX_STRIP; i++)
        strip(w, e->strip[i]);
}

/* Fields in the order of the header, so that the words read like one. */
int edit_apply(const struct edit *edit, uint8_t *packet, size_t len,
               char *ret_words)
{
    struct work w = {.edit = edit};
    int r = work_begin(&w, packet, len, ret_words);
    if (r < 0)
        return r;
    if (edit->set_seq)
        change_number(&w, "seq", 4, edit->seq, edit->add_seq);
    if (edit->set_ack)
        change_number(&w, "ack", 8, edit->ack, edit->add_ack);
    if (edit->set_flags)
        change_flags(&w, edit->flags);
    if (edit->set_window)
        change_short(&w, "window", w.tcp + 14, edit->window);
    if (edit->set_urgent)
        change_short(&w, "urgent pointer", w.tcp + 18, edit->urgent);
    if (edit->set_ttl)
        change_ttl(&w, edit->ttl);
    change_options(&w);
    if (ret_words[0] && segment_fix_checksums(packet, len) < 0)
        return -EPROTO;
    return w.missing ? -ENOENT : 0;
}

/* The checksum may have been wrong before, and the flip may have mended it:
 * then the bit beside it is flipped instead. Two bits side by side never
 * change the sum by the same amount, so one of them leaves it wrong. */
static size_t flip_bit(struct work *w, uint8_t *field, size_t field_len,
                       size_t at, size_t packet_len)
{
    struct segment after;
    field[at / 8] ^= (uint8_t)(0x80u >> at % 8);
    if (segment_parse(w->packet, packet_len, &after, NULL) < 0 ||
        after.checksum_verdict != CHECKSUM_OK)
        return at;
    field[at / 8] ^= (uint8_t)(0x80u >> at % 8);
    at = (at + 1) % (field_len * 8);
    field[at / 8] ^= (uint8_t)(0x80u >> at % 8);
    return at;
}

/* Data rather than header, if there is any: a segment whose header is wrong
 * could fit no connection, and the counter that rises would be another. */
int edit_corrupt(uint8_t *packet, size_t len, uint32_t bit, char *ret_words)
{
    struct work w = {0};
    int r = work_begin(&w, packet, len, ret_words);
    if (r < 0)
        return r;
    size_t data_len = w.seg.payload_len;
    if (data_len == 0) {
        flip_bit(&w, w.tcp + 14, 2, bit % 16, len);
        tell(ret_words, "window %u -> %u, checksum not mended", w.seg.window,
             get_be16(w.tcp + 14));
        return 0;
    }
    uint8_t *data = w.tcp + w.seg.tcp_header_len;
    size_t at = flip_bit(&w, data, data_len, bit % (data_len * 8), len);
    tell(ret_words, "data byte %zu 0x%02x -> 0x%02x, checksum not mended",
         at / 8 + 1, data[at / 8] ^ (0x80u >> at % 8), data[at / 8]);
    return 0;
}

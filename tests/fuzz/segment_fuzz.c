/* segment_fuzz.c - packets of any bytes: read, walked field by field,
 * explained in a row by one observer, changed, damaged, quoted by ICMP errors.
 *
 * An input is a row of packets, each behind one byte with its length. */
#include "fuzz.h"

#include "handshake/edit.h"
#include "handshake/fields.h"
#include "handshake/icmp.h"
#include "handshake/observer.h"
#include "handshake/segment.h"

#include <errno.h>
#include <string.h>

enum { CONNECTIONS = 4, OUT_BYTES = 1400 };

/* Fields come in order and cover every bit once. */
static void check_field(void *ctx, const struct field *f)
{
    uint32_t *next_bit = ctx;
    FUZZ_CHECK(f->bit_offset == *next_bit && f->name && f->rfc);
    FUZZ_CHECK(memchr(f->value, 0, sizeof(f->value)));
    FUZZ_CHECK(memchr(f->meaning, 0, sizeof(f->meaning)));
    *next_bit += f->bit_width;
}

/* Words of options and flags, whatever they say. */
static void check_words(const struct segment *seg)
{
    char text[OPTION_TEXT_BYTES];
    for (size_t i = 0; i < seg->option_count; i++)
        option_text(&seg->options[i], text);
    segment_flags_text(seg->flags, text);
    segment_span(seg);
}

/* An edit made of the packet's own first bytes: any mix is as good. */
static struct edit make_edit(const uint8_t *p, size_t len)
{
    uint8_t b[8] = {0};
    memcpy(b, p, len < sizeof(b) ? len : sizeof(b));
    struct edit e = {.set_seq = b[4] & 1,
                     .set_flags = b[4] & 2,
                     .set_window = b[4] & 4,
                     .set_mss = b[4] & 8,
                     .set_ttl = b[4] & 16,
                     .add_seq = b[4] & 32,
                     .seq = b[5],
                     .flags = b[5],
                     .window = b[6],
                     .mss = b[6],
                     .ttl = b[7]};
    e.strip_count = b[1] % (EDIT_MAX_STRIP + 1);
    for (size_t i = 0; i < e.strip_count; i++)
        e.strip[i] = (uint8_t)(b[5] + i);
    return e;
}

/* Where something was changed, the checksum is right; where something was
 * damaged, it is wrong. */
static void check_edit(const uint8_t *data, size_t len)
{
    char words[EDIT_WORDS_BYTES];
    struct segment seg;
    uint8_t *copy = malloc(len ? len : 1);
    FUZZ_CHECK(copy);
    memcpy(copy, data, len);
    struct edit e = make_edit(data, len);
    int r = edit_apply(&e, copy, len, words);
    if (r != -EPROTO && words[0]) {
        FUZZ_CHECK(segment_parse(copy, len, &seg, NULL) == 0);
        FUZZ_CHECK(seg.checksum_verdict == CHECKSUM_OK);
    }
    if (edit_corrupt(copy, len, (uint32_t)len * 2654435761u, words) == 0) {
        FUZZ_CHECK(segment_parse(copy, len, &seg, NULL) == 0);
        FUZZ_CHECK(seg.checksum_verdict != CHECKSUM_OK && words[0]);
    }
    free(copy);
}

/* Read as ICMP, and quoted by an error that can be read back. */
static void check_icmp(const uint8_t *data, size_t len)
{
    struct icmp icmp;
    struct err err;
    char text[ICMP_MEANING_BYTES];
    uint8_t out[OUT_BYTES];
    if (icmp_parse(data, len, &icmp, &err) == 0)
        icmp_meaning(icmp.version, icmp.type, icmp.code, text);
    struct icmp_spec spec = {.type = 3, .quoted = data, .quoted_len = len};
    for (int version = 4; version <= 6; version += 2) {
        spec.from.version = (uint8_t)version;
        int r = icmp_build(&spec, out, sizeof(out));
        if (r < 0)
            continue;
        FUZZ_CHECK(icmp_parse(out, (size_t)r, &icmp, NULL) == 0);
        FUZZ_CHECK(icmp.checksum_ok && icmp.type == 3);
    }
}

static void one_packet(struct observer *obs, uint32_t n, const uint8_t *data,
                       size_t len)
{
    struct segment seg;
    struct observation seen;
    struct err err;
    uint32_t next_bit = 0;
    int r = segment_parse(data, len, &seg, &err);
    FUZZ_CHECK(fields_walk(data, len, NULL, check_field, &next_bit, NULL) == r);
    check_edit(data, len);
    check_icmp(data, len);
    if (r < 0)
        return;
    check_words(&seg);
    observer_see(obs, n, n * UINT64_C(1000), &seg, &seen);
    FUZZ_CHECK(seen.sentence_count <= OBSERVER_MAX_SENTENCES);
    FUZZ_CHECK(seen.repeats < n && seen.answers < n);
}

/* Each packet is copied to its own memory, so that its end is guarded. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct observer *obs = observer_new(CONNECTIONS);
    FUZZ_CHECK(obs);
    size_t at = 0;
    for (uint32_t n = 1; at < size; n++) {
        size_t len = data[at++];
        if (len > size - at)
            len = size - at;
        uint8_t *copy = malloc(len ? len : 1);
        FUZZ_CHECK(copy);
        memcpy(copy, data + at, len);
        one_packet(obs, n, copy, len);
        free(copy);
        at += len;
    }
    observer_outcome(obs);
    observer_free(obs);
    return 0;
}

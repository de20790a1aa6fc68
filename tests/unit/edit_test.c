/* edit_test.c - segments changed on the wire: each field, options taken away,
 * bits flipped, checksums after it, hostile bytes. */
#include "test.h"

#include "handshake/edit.h"
#include "handshake/segment.h"
#include "tcp_dumps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct segment parse(const uint8_t *packet, size_t len)
{
    struct segment seg;
    struct err err = {0};
    if (segment_parse(packet, len, &seg, &err) < 0)
        fail_msg("%s", err.text);
    return seg;
}

/* An ACK of IPv4 or IPv6, optionally with data. */
static size_t make(int version, const char *data, uint8_t *packet, size_t cap)
{
    struct segment_spec spec = {.seq = 1000,
                                .ack = 2000,
                                .flags = SEG_ACK,
                                .window = 500,
                                .payload = (const uint8_t *)data,
                                .payload_len = strlen(data)};
    ipaddr_parse(version == 4 ? "192.0.2.1" : "2001:db8::1", &spec.src.addr);
    ipaddr_parse(version == 4 ? "192.0.2.2" : "2001:db8::2", &spec.dst.addr);
    int r = segment_build(&spec, packet, cap);
    assert_true(r > 0);
    return (size_t)r;
}

/* Apply to a fresh ACK, see that the checksum is right and only the words
 * wanted are said. */
static struct segment applied(int version, struct edit edit, const char *said)
{
    static uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    size_t len = make(version, "hello", packet, sizeof(packet));
    assert_int_equal(edit_apply(&edit, packet, len, words), 0);
    assert_string_equal(words, said);
    struct segment seg = parse(packet, len);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
    assert_true(seg.ip_checksum_ok);
    return seg;
}

static void test_edit_each_field(void **state)
{
    (void)state;
    for (int v = 4; v <= 6; v += 2) {
        struct edit e = {.set_seq = true, .seq = 7};
        assert_int_equal(applied(v, e, "seq 1000 -> 7").seq, 7);
        e = (struct edit){.set_ack = true, .ack = 1, .add_ack = true};
        assert_int_equal(applied(v, e, "ack 2000 -> 2001").ack, 2001);
        e = (struct edit){.set_flags = true, .flags = SEG_RST | SEG_ACK};
        assert_int_equal(applied(v, e, "flags ACK -> RST,ACK").flags,
                         SEG_RST | SEG_ACK);
        e = (struct edit){.set_window = true, .window = 0};
        assert_int_equal(applied(v, e, "window 500 -> 0").window, 0);
        e = (struct edit){.set_urgent = true, .urgent = 3};
        assert_int_equal(applied(v, e, "urgent pointer 0 -> 3").urgent, 3);
        e = (struct edit){.set_ttl = true, .ttl = 1};
        const char *said = v == 4 ? "ttl 64 -> 1" : "hop limit 64 -> 1";
        assert_int_equal(applied(v, e, said).ttl, 1);
    }
}

static void test_edit_numbers_wrap(void **state)
{
    (void)state;
    struct edit e = {.set_seq = true, .add_seq = true, .seq = 0u - 1001};
    assert_int_equal(applied(4, e, "seq 1000 -> 4294967295").seq, UINT32_MAX);
}

static void test_edit_several_in_order_of_header(void **state)
{
    (void)state;
    struct edit e = {.set_window = true, .window = 1, .set_seq = true};
    e.add_seq = true;
    e.seq = 10;
    struct segment seg = applied(6, e, "seq 1000 -> 1010, window 500 -> 1");
    assert_int_equal(seg.ack, 2000);
    assert_memory_equal(seg.payload, "hello", 5);
}

static void test_edit_same_value_leaves_bytes_alone(void **state)
{
    (void)state;
    uint8_t packet[200], before[200];
    char words[EDIT_WORDS_BYTES];
    size_t len = make(4, "x", packet, sizeof(packet));
    packet[36] ^= 1; /* a wrong checksum stays wrong, too */
    memcpy(before, packet, len);
    struct edit e = {.set_window = true, .window = 500, .seq = 5, .ttl = 3};
    assert_int_equal(edit_apply(&e, packet, len, words), 0);
    assert_string_equal(words, "");
    assert_memory_equal(packet, before, len);
}

static void test_edit_flags_leave_offset_and_reserved_bits(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    char words[EDIT_WORDS_BYTES];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[32] |= 0x0e;
    struct edit e = {.set_flags = true, .flags = 0x1ff};
    assert_int_equal(edit_apply(&e, packet, sizeof(packet), words), 0);
    struct segment seg = parse(packet, sizeof(packet));
    assert_int_equal(seg.flags, 0x1ff);
    assert_int_equal(seg.reserved, 7);
    assert_int_equal(seg.tcp_header_len, 40);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_edit_mss_is_written_into_option(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    char words[EDIT_WORDS_BYTES];
    uint16_t mss;
    memcpy(packet, dump_syn_v4, sizeof(packet));
    struct edit e = {.set_mss = true, .mss = 536};
    assert_int_equal(edit_apply(&e, packet, sizeof(packet), words), 0);
    assert_string_equal(words, "MSS 1460 -> 536");
    struct segment seg = parse(packet, sizeof(packet));
    assert_true(segment_mss(&seg, &mss));
    assert_int_equal(mss, 536);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_edit_strip_leaves_nops_and_the_rest(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    char words[EDIT_WORDS_BYTES];
    uint8_t shift;
    uint32_t val, echo;
    memcpy(packet, dump_syn_v4, sizeof(packet));
    struct edit e = {.strip = {OPT_WSCALE, OPT_MSS}, .strip_count = 2};
    assert_int_equal(edit_apply(&e, packet, sizeof(packet), words), 0);
    assert_string_equal(words, "window scale stripped, MSS stripped");
    struct segment seg = parse(packet, sizeof(packet));
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
    assert_false(seg.options_malformed);
    assert_false(segment_wscale(&seg, &shift));
    assert_null(segment_option(&seg, OPT_MSS));
    assert_true(segment_timestamps(&seg, &val, &echo));
    assert_int_equal(val, 100);
    assert_int_equal(seg.tcp_header_len, 40);
    assert_memory_equal(packet + 40, "\x01\x01\x01\x01", 4);
    assert_memory_equal(packet + 57, "\x01\x01\x01", 3);
}

static void test_edit_strip_behind_ipv6_extension_headers(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v6_ext)];
    char words[EDIT_WORDS_BYTES];
    memcpy(packet, dump_syn_v6_ext, sizeof(packet));
    struct segment seg = parse(packet, sizeof(packet));
    assert_true(seg.option_count > 0);
    struct edit e = {.strip = {seg.options[0].kind}, .strip_count = 1};
    assert_int_equal(edit_apply(&e, packet, sizeof(packet), words), 0);
    seg = parse(packet, sizeof(packet));
    assert_int_equal(seg.options[0].kind, OPT_NOP);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_edit_absent_option_is_told_and_rest_applied(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    size_t len = make(4, "", packet, sizeof(packet));
    struct edit e = {.set_mss = true, .mss = 9, .set_window = true};
    e.window = 7;
    assert_int_equal(edit_apply(&e, packet, len, words), -ENOENT);
    assert_string_equal(words, "window 500 -> 7");
    assert_int_equal(parse(packet, len).checksum_verdict, CHECKSUM_OK);
}

static void test_edit_padding_is_never_stripped(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    static const uint8_t options[] = {OPT_NOP, OPT_EOL, OPT_WSCALE, 3, 7};
    struct segment_spec spec = {.options = options};
    spec.options_len = sizeof(options);
    ipaddr_parse("192.0.2.1", &spec.src.addr);
    spec.dst = spec.src;
    int len = segment_build(&spec, packet, sizeof(packet));
    assert_true(len > 0);
    for (uint8_t kind = OPT_EOL; kind <= OPT_WSCALE; kind++) {
        struct edit e = {.strip = {kind}, .strip_count = 1};
        assert_int_equal(edit_apply(&e, packet, (size_t)len, words), -ENOENT);
        assert_string_equal(words, "");
        assert_int_equal(packet[41], OPT_EOL);
    }
}

static void test_edit_refuses_cut_segments(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    size_t len = make(4, "hello", packet, sizeof(packet));
    struct edit e = {.set_window = true, .window = 7};
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(edit_apply(&e, packet, cut, words), -EPROTO);
        assert_int_equal(edit_corrupt(packet, cut, 0, words), -EPROTO);
    }
    assert_int_equal(parse(packet, len).window, 500);
}

/* How many bits differ. */
static unsigned distance(const uint8_t *a, const uint8_t *b, size_t len)
{
    unsigned bits = 0;
    for (size_t i = 0; i < len; i++)
        bits += (unsigned)__builtin_popcount(a[i] ^ b[i]);
    return bits;
}

static void test_edit_corrupt_flips_each_bit_of_the_data(void **state)
{
    (void)state;
    uint8_t clean[200], packet[200];
    char words[EDIT_WORDS_BYTES];
    for (int v = 4; v <= 6; v += 2) {
        size_t len = make(v, "hello", clean, sizeof(clean));
        for (uint32_t bit = 0; bit < 100; bit++) {
            memcpy(packet, clean, len);
            assert_int_equal(edit_corrupt(packet, len, bit, words), 0);
            assert_int_equal(distance(packet, clean, len), 1);
            assert_int_equal(distance(packet + len - 5, clean + len - 5, 5), 1);
            assert_int_equal(parse(packet, len).checksum_verdict, CHECKSUM_BAD);
            assert_non_null(strstr(words, "data byte"));
        }
        memcpy(packet, clean, len);
        edit_corrupt(packet, len, 7, words);
        assert_string_equal(words, "data byte 1 0x68 -> 0x69, checksum not "
                                   "mended");
    }
}

static void test_edit_corrupt_without_data_takes_the_window(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    size_t len = make(6, "", packet, sizeof(packet));
    assert_int_equal(edit_corrupt(packet, len, UINT32_MAX, words), 0);
    struct segment seg = parse(packet, len);
    assert_int_equal(seg.window, 501);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_BAD);
    assert_string_equal(words, "window 500 -> 501, checksum not mended");
}

/* A second flip of the same bit would mend what the first one broke. */
static void test_edit_corrupt_twice_is_still_corrupt(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES];
    for (uint32_t bit = 0; bit < 40; bit++) {
        size_t len = make(4, "hello", packet, sizeof(packet));
        edit_corrupt(packet, len, bit, words);
        edit_corrupt(packet, len, bit, words);
        assert_int_equal(parse(packet, len).checksum_verdict, CHECKSUM_BAD);
    }
}

static void test_edit_words_stay_within_their_bytes(void **state)
{
    (void)state;
    uint8_t packet[200];
    char words[EDIT_WORDS_BYTES + 8];
    memset(words, '#', sizeof(words));
    static const uint8_t options[40] = {
        99,  2, 100, 2, 101, 2, 102, 2, 103, 2, 104, 2, 105, 2, 106, 2,
        107, 2, 108, 2, 109, 2, 110, 2, 111, 2, 112, 2, 113, 2, 114, 2};
    struct segment_spec spec = {.options = options, .options_len = 32};
    ipaddr_parse("192.0.2.1", &spec.src.addr);
    spec.dst = spec.src;
    int len = segment_build(&spec, packet, sizeof(packet));
    assert_true(len > 0);
    struct edit e = {.set_seq = true, .seq = UINT32_MAX, .set_ack = true};
    e.ack = UINT32_MAX;
    e.set_flags = true;
    e.flags = 0x1ff;
    for (e.strip_count = 0; e.strip_count < EDIT_MAX_STRIP; e.strip_count++)
        e.strip[e.strip_count] = (uint8_t)(99 + e.strip_count);
    assert_int_equal(edit_apply(&e, packet, (size_t)len, words), 0);
    assert_true(strlen(words) < EDIT_WORDS_BYTES);
    assert_string_equal(words + strlen(words) - 5, ", ...");
    assert_int_equal(words[EDIT_WORDS_BYTES], '#');
}

static struct edit random_edit(uint32_t *seed)
{
    uint32_t bits = dump_random(seed), r = dump_random(seed);
    struct edit e = {.set_seq = bits & 1,
                     .set_ack = bits & 2,
                     .set_flags = bits & 4,
                     .set_window = bits & 8,
                     .set_urgent = bits & 16,
                     .set_mss = bits & 32,
                     .set_ttl = bits & 64,
                     .add_seq = bits & 128,
                     .seq = r,
                     .ack = r,
                     .flags = (uint16_t)r,
                     .window = (uint16_t)r,
                     .mss = (uint16_t)r,
                     .ttl = (uint8_t)r};
    e.strip_count = bits >> 8 & 7;
    for (size_t i = 0; i < e.strip_count; i++)
        e.strip[i] = (uint8_t)(dump_random(seed) % 40);
    return e;
}

/* Whole or broken, cut or not: never a byte beyond, and where it was applied
 * the checksum is right. */
static void test_edit_random_bytes_stay_in_bounds(void **state)
{
    (void)state;
    uint32_t seed = 77;
    char words[EDIT_WORDS_BYTES];
    for (int round = 0; round < 4000; round++) {
        const struct dump *d = &dumps[dump_random(&seed) % DUMP_COUNT];
        size_t len = d->len - (round % 4 ? 0 : dump_random(&seed) % d->len);
        uint8_t *copy = dump_prefix(d->bytes, len);
        for (uint32_t k = dump_random(&seed) % 4; k > 0; k--)
            copy[dump_random(&seed) % len] = (uint8_t)dump_random(&seed);
        struct edit e = random_edit(&seed);
        int r = edit_apply(&e, copy, len, words);
        if (r != -EPROTO && words[0])
            assert_int_equal(parse(copy, len).checksum_verdict, CHECKSUM_OK);
        if (edit_corrupt(copy, len, dump_random(&seed), words) == 0)
            assert_int_not_equal(parse(copy, len).checksum_verdict,
                                 CHECKSUM_OK);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edit_each_field),
        cmocka_unit_test(test_edit_numbers_wrap),
        cmocka_unit_test(test_edit_several_in_order_of_header),
        cmocka_unit_test(test_edit_same_value_leaves_bytes_alone),
        cmocka_unit_test(test_edit_flags_leave_offset_and_reserved_bits),
        cmocka_unit_test(test_edit_mss_is_written_into_option),
        cmocka_unit_test(test_edit_strip_leaves_nops_and_the_rest),
        cmocka_unit_test(test_edit_strip_behind_ipv6_extension_headers),
        cmocka_unit_test(test_edit_absent_option_is_told_and_rest_applied),
        cmocka_unit_test(test_edit_padding_is_never_stripped),
        cmocka_unit_test(test_edit_refuses_cut_segments),
        cmocka_unit_test(test_edit_corrupt_flips_each_bit_of_the_data),
        cmocka_unit_test(test_edit_corrupt_without_data_takes_the_window),
        cmocka_unit_test(test_edit_corrupt_twice_is_still_corrupt),
        cmocka_unit_test(test_edit_words_stay_within_their_bytes),
        cmocka_unit_test(test_edit_random_bytes_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

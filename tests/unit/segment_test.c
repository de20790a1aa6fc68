/* segment_test.c - reading and writing segments: real packets, every option,
 * cut at every length, malformed, random. */
#include "test.h"

#include "handshake/segment.h"
#include "tcp_dumps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct segment parse(const uint8_t *bytes, size_t len)
{
    struct segment seg;
    struct err err = {0};
    int r = segment_parse(bytes, len, &seg, &err);
    if (r < 0)
        fail_msg("%s", err.text);
    return seg;
}

/* An IPv4 ACK with these raw options, checksums right. */
static size_t build_with_options(const uint8_t *options, size_t len,
                                 uint8_t *packet, size_t cap)
{
    struct segment_spec spec = {
        .flags = SEG_ACK, .options = options, .options_len = len};
    ipaddr_parse("192.0.2.1", &spec.src.addr);
    ipaddr_parse("192.0.2.2", &spec.dst.addr);
    int r = segment_build(&spec, packet, cap);
    assert_true(r > 0);
    return (size_t)r;
}

static void test_segment_syn_v4_every_field(void **state)
{
    (void)state;
    struct segment seg = parse(dump_syn_v4, sizeof(dump_syn_v4));
    char text[ENDPOINT_TEXT_BYTES];
    assert_string_equal(endpoint_text(&seg.src, text), "192.0.2.1:40000");
    assert_string_equal(endpoint_text(&seg.dst, text), "192.0.2.2:1337");
    assert_int_equal(seg.seq, 3735928559u);
    assert_int_equal(seg.ack, 0);
    assert_int_equal(seg.flags, SEG_SYN);
    assert_int_equal(seg.window, 64240);
    assert_int_equal(seg.ttl, 64);
    assert_int_equal(seg.ip_id, 0x1c46);
    assert_int_equal(seg.ip_header_len, 20);
    assert_int_equal(seg.tcp_header_len, 40);
    assert_int_equal(seg.payload_len, 0);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
    assert_true(seg.ip_checksum_ok);
    assert_false(seg.truncated);
    assert_int_equal(segment_span(&seg), 1);
}

static void test_segment_syn_v4_options(void **state)
{
    (void)state;
    struct segment seg = parse(dump_syn_v4, sizeof(dump_syn_v4));
    static const uint8_t kinds[] = {OPT_MSS, OPT_SACK_PERMITTED, OPT_TIMESTAMPS,
                                    OPT_NOP, OPT_WSCALE};
    assert_int_equal(seg.option_count, sizeof(kinds));
    for (size_t i = 0; i < sizeof(kinds); i++)
        assert_int_equal(seg.options[i].kind, kinds[i]);
    uint16_t mss;
    uint8_t shift;
    uint32_t val, echo;
    assert_true(segment_mss(&seg, &mss));
    assert_int_equal(mss, 1460);
    assert_true(segment_wscale(&seg, &shift));
    assert_int_equal(shift, 7);
    assert_true(segment_timestamps(&seg, &val, &echo));
    assert_int_equal(val, 100);
    assert_int_equal(echo, 0);
    assert_null(segment_option(&seg, OPT_SACK));
    assert_false(seg.options_malformed);
}

static void test_segment_data_behind_ip_options(void **state)
{
    (void)state;
    struct segment seg =
        parse(dump_data_ip_options, sizeof(dump_data_ip_options));
    assert_int_equal(seg.ip_header_len, 24);
    assert_int_equal(seg.seq, 4294967294u);
    assert_int_equal(seg.payload_len, 5);
    assert_memory_equal(seg.payload, "hello", 5);
    assert_int_equal(segment_span(&seg), 5);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_segment_v6_behind_extension_headers(void **state)
{
    (void)state;
    struct segment seg = parse(dump_syn_v6_ext, sizeof(dump_syn_v6_ext));
    char text[ENDPOINT_TEXT_BYTES];
    assert_string_equal(endpoint_text(&seg.src, text), "[2001:db8::1]:40000");
    assert_int_equal(seg.ip_header_len, 40 + 8 + 24 + 8);
    assert_int_equal(seg.flags, SEG_SYN | SEG_ECE | SEG_CWR);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
    assert_true(seg.ip_checksum_ok);
}

static void test_segment_v6_routing_under_way_sums_last_stop(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v6_ext)];
    memcpy(packet, dump_syn_v6_ext, sizeof(packet));
    packet[40 + 8 + 3] = 1; /* segments left */
    packet[24 + 15] = 9;    /* now at a router; the stop stays ::2 */
    struct segment seg = parse(packet, sizeof(packet));
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_segment_fragments_refused_with_sentence(void **state)
{
    (void)state;
    uint8_t packet[128];
    struct segment seg;
    struct err err = {0};
    parse(dump_syn_v6_atomic, sizeof(dump_syn_v6_atomic));
    memcpy(packet, dump_syn_v6_atomic, sizeof(dump_syn_v6_atomic));
    packet[43] = 1; /* more fragments */
    assert_int_equal(
        segment_parse(packet, sizeof(dump_syn_v6_atomic), &seg, &err), -EPROTO);
    assert_non_null(strstr(err.text, "fragment"));
    memcpy(packet, dump_syn_v4, sizeof(dump_syn_v4));
    packet[7] = 185; /* offset 1480 */
    err.text[0] = '\0';
    assert_int_equal(segment_parse(packet, sizeof(dump_syn_v4), &seg, &err),
                     -EPROTO);
    assert_non_null(strstr(err.text, "1480"));
}

static void test_segment_not_tcp_is_refused(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    struct segment seg;
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[9] = 17; /* UDP */
    assert_int_equal(segment_parse(packet, sizeof(packet), &seg, NULL),
                     -EPROTO);
    packet[9] = 6;
    packet[0] = 0x55; /* version 5 */
    assert_int_equal(segment_parse(packet, sizeof(packet), &seg, NULL),
                     -EPROTO);
    packet[0] = 0x44; /* header of 16 bytes */
    assert_int_equal(segment_parse(packet, sizeof(packet), &seg, NULL),
                     -EPROTO);
    assert_int_equal(segment_parse(packet, 0, &seg, NULL), -EPROTO);
}

static void test_segment_checksum_bad_and_partial(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[20] ^= 0x40;
    assert_int_equal(parse(packet, sizeof(packet)).checksum_verdict,
                     CHECKSUM_BAD);
    packet[20] ^= 0x40;
    /* pseudo header: the addresses, protocol 6, length 40 */
    uint8_t pseudo[12] = {192, 0, 2, 1, 192, 0, 2, 2, 0, 6, 0, 40};
    uint16_t sum = inet_sum(pseudo, sizeof(pseudo), 0);
    packet[36] = (uint8_t)(sum >> 8);
    packet[37] = (uint8_t)sum;
    assert_int_equal(parse(packet, sizeof(packet)).checksum_verdict,
                     CHECKSUM_PARTIAL);
    packet[37]++;
    assert_int_equal(parse(packet, sizeof(packet)).checksum_verdict,
                     CHECKSUM_BAD);
}

static void test_segment_ip_checksum_wrong_is_told(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[8]--; /* TTL */
    struct segment seg = parse(packet, sizeof(packet));
    assert_false(seg.ip_checksum_ok);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
    assert_int_equal(segment_fix_checksums(packet, sizeof(packet)), 0);
    assert_true(parse(packet, sizeof(packet)).ip_checksum_ok);
}

static void test_segment_trailing_bytes_are_no_payload(void **state)
{
    (void)state;
    uint8_t packet[80] = {0};
    memcpy(packet, dump_syn_v4, sizeof(dump_syn_v4));
    struct segment seg = parse(packet, sizeof(packet));
    assert_int_equal(seg.payload_len, 0);
    assert_false(seg.truncated);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_OK);
}

static void test_segment_zero_total_length_is_offload(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_data_ip_options)];
    memcpy(packet, dump_data_ip_options, sizeof(packet));
    packet[2] = packet[3] = 0;
    assert_int_equal(parse(packet, sizeof(packet)).payload_len, 5);
}

/* Every prefix either is refused or reads as the same segment cut short. */
static void check_prefixes(const struct dump *d)
{
    struct segment whole = parse(d->bytes, d->len);
    for (size_t len = 0; len < d->len; len++) {
        uint8_t *cut = dump_prefix(d->bytes, len);
        struct segment seg;
        struct err err = {0};
        int r = segment_parse(cut, len, &seg, &err);
        bool header_there = len >= whole.ip_header_len + 20u;
        assert_int_equal(r, header_there ? 0 : -EPROTO);
        if (r == 0) {
            assert_true(seg.truncated);
            assert_int_equal(seg.checksum_verdict, CHECKSUM_UNKNOWN);
            assert_false(seg.options_malformed);
            assert_int_equal(segment_span(&seg), segment_span(&whole));
            assert_int_equal(
                seg.ip_header_len + seg.tcp_header_len + seg.payload_len, len);
        } else {
            assert_true(strlen(err.text) > 10);
        }
        free(cut);
    }
}

static void test_segment_cut_at_every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < DUMP_COUNT; i++)
        check_prefixes(&dumps[i]);
}

static void
test_segment_options_cut_by_capture_keep_the_whole_ones(void **state)
{
    (void)state;
    uint8_t *cut = dump_prefix(dump_syn_v4, 50); /* inside the timestamps */
    struct segment seg = parse(cut, 50);
    assert_int_equal(seg.option_count, 2);
    assert_int_equal(seg.tcp_header_len, 30);
    uint16_t mss;
    assert_true(segment_mss(&seg, &mss));
    free(cut);
}

static void test_segment_offset_that_cannot_be(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[32] = 4 << 4;
    struct segment seg = parse(packet, sizeof(packet));
    assert_true(seg.offset_malformed);
    assert_int_equal(seg.tcp_header_len, 20);
    assert_int_equal(seg.payload_len, 20);
    packet[32] = 15 << 4; /* past the end */
    seg = parse(packet, sizeof(packet));
    assert_true(seg.offset_malformed);
    assert_int_equal(seg.option_count, 0);
}

static void test_segment_option_texts(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[40];
        size_t len;
        const char *name, *text;
    } cases[] = {
        {{2, 4, 5, 0xb4}, 4, "MSS", "MSS 1460"},
        {{3, 3, 7}, 3, "Window Scale", "shift 7 (x128)"},
        {{3, 3, 0xff}, 3, "Window Scale", "shift 255 (x2147483648)"},
        {{4, 2}, 2, "SACK Permitted", ""},
        {{8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, 10, "Timestamps", "TSval 1 TSecr 2"},
        {{5, 10, 0, 0, 0, 9, 0, 0, 0, 12}, 10, "SACK", "9-12"},
        {{19, 18, 0xab},
         18,
         "MD5 Signature",
         "ab000000000000000000000000000000"},
        {{29, 6, 1, 2, 0xaa, 0xbb}, 6, "TCP-AO", "key 1, next key 2, MAC aabb"},
        {{30, 4, 0x01, 0x81}, 4, "MPTCP", "MP_CAPABLE, 4 bytes"},
        {{30, 3, 0xf0}, 3, "MPTCP", "unknown subtype, 3 bytes"},
        {{34, 2}, 2, "Fast Open", "cookie request"},
        {{34, 6, 1, 2, 3, 4}, 6, "Fast Open", "cookie 01020304"},
        {{254, 4, 0xf9, 0x89}, 4, "Experiment", "f989"},
        {{77, 3, 0x5a}, 3, "unknown", "5a"},
        {{1}, 1, "NOP", ""},
        {{0}, 1, "End of Option List", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t packet[100];
        size_t len = build_with_options(cases[i].bytes, cases[i].len, packet,
                                        sizeof(packet));
        struct segment seg = parse(packet, len);
        char text[OPTION_TEXT_BYTES];
        assert_false(seg.options[0].malformed);
        assert_int_equal(seg.options[0].len, cases[i].len);
        assert_string_equal(option_name(seg.options[0].kind), cases[i].name);
        assert_string_equal(option_text(&seg.options[0], text), cases[i].text);
    }
}

static void test_segment_malformed_options(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[8];
        size_t len;
        size_t count; /* options read, padding's End of Option List included */
        size_t which; /* the malformed one */
    } cases[] = {
        {{2, 0, 5, 0xb4}, 4, 1, 0},             /* length 0 */
        {{2, 1, 5, 0xb4}, 4, 1, 0},             /* length 1 */
        {{2, 5, 5, 0xb4, 0, 1, 1, 1}, 8, 4, 0}, /* MSS of 5, then NOPs */
        {{2, 200, 5, 0xb4}, 4, 1, 0},           /* past the header */
        {{1, 1, 1, 8}, 4, 4, 3},                /* a kind without a length */
        {{8, 8, 0, 0, 0, 0, 0, 0}, 8, 1, 0},    /* timestamps of 8 bytes */
        {{34, 4, 1, 2}, 4, 1, 0},               /* a cookie of 2 bytes */
        {{34, 5, 1, 2, 3}, 5, 2, 0},            /* ... and of 3 */
        {{5, 6, 0, 0, 0, 0}, 6, 2, 0},          /* half a SACK block */
        {{3, 2, 1, 1}, 4, 3, 0},                /* a shift of no bytes */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t packet[100];
        size_t len = build_with_options(cases[i].bytes, cases[i].len, packet,
                                        sizeof(packet));
        struct segment seg = parse(packet, len);
        assert_true(seg.options_malformed);
        assert_int_equal(seg.option_count, cases[i].count);
        assert_true(seg.options[cases[i].which].malformed);
        uint16_t mss;
        uint8_t shift;
        assert_false(segment_mss(&seg, &mss));
        assert_false(segment_wscale(&seg, &shift));
        char text[OPTION_TEXT_BYTES];
        option_text(&seg.options[cases[i].which], text);
        assert_memory_equal(text, "malformed", 9);
    }
}

static void test_segment_forty_nops_fit(void **state)
{
    (void)state;
    uint8_t nops[40], packet[100];
    memset(nops, 1, sizeof(nops));
    size_t len = build_with_options(nops, 40, packet, sizeof(packet));
    assert_int_equal(parse(packet, len).option_count, 40);
}

static void check_round_trip(const struct dump *d)
{
    struct segment seg = parse(d->bytes, d->len);
    struct segment_spec spec = {
        .src = seg.src,
        .dst = seg.dst,
        .seq = seg.seq,
        .ack = seg.ack,
        .flags = seg.flags,
        .window = seg.window,
        .urgent = seg.urgent,
        .ttl = seg.ttl,
        .tos = seg.tos,
        .ip_id = seg.ip_id,
        .options = d->bytes + seg.ip_header_len + 20,
        .options_len = seg.tcp_header_len - 20u,
        .payload = seg.payload,
        .payload_len = seg.payload_len,
    };
    uint8_t packet[256];
    int len = segment_build(&spec, packet, sizeof(packet));
    assert_true(len > 0);
    size_t ip_len = seg.src.addr.version == 4 ? 20 : 40;
    size_t tcp_len = d->len - seg.ip_header_len;
    assert_int_equal(len, ip_len + tcp_len);
    assert_memory_equal(packet + ip_len, d->bytes + seg.ip_header_len, tcp_len);
    if (seg.ip_header_len == 20)
        assert_memory_equal(packet, d->bytes, d->len);
}

static void test_segment_build_gives_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < DUMP_COUNT; i++)
        check_round_trip(&dumps[i]);
}

static void test_segment_build_refusals(void **state)
{
    (void)state;
    static uint8_t big[70000];
    uint8_t packet[60];
    struct segment_spec spec = {.options_len = 0};
    assert_int_equal(segment_build(&spec, packet, sizeof(packet)), -EINVAL);
    ipaddr_parse("192.0.2.1", &spec.src.addr);
    ipaddr_parse("2001:db8::1", &spec.dst.addr);
    assert_int_equal(segment_build(&spec, packet, sizeof(packet)), -EINVAL);
    spec.dst.addr = spec.src.addr;
    spec.options = big;
    spec.options_len = 41;
    assert_int_equal(segment_build(&spec, packet, sizeof(packet)), -EINVAL);
    spec.options_len = 0;
    assert_int_equal(segment_build(&spec, packet, 39), -EMSGSIZE);
    assert_int_equal(segment_build(&spec, packet, 40), 40);
    spec.payload = big;
    spec.payload_len = 65536 - 40;
    assert_int_equal(segment_build(&spec, big, sizeof(big)), -EMSGSIZE);
    spec.payload_len = SIZE_MAX;
    assert_int_equal(segment_build(&spec, big, sizeof(big)), -EMSGSIZE);
}

static void test_segment_build_forced_fields(void **state)
{
    (void)state;
    struct segment_spec spec = {
        .flags = SEG_AE | SEG_SYN,
        .reserved = 5,
        .force_checksum = true,
        .checksum = 0x1234,
        .force_offset = true,
        .offset_words = 3,
    };
    uint8_t packet[60];
    ipaddr_parse("::1", &spec.src.addr);
    spec.dst.addr = spec.src.addr;
    int len = segment_build(&spec, packet, sizeof(packet));
    struct segment seg = parse(packet, (size_t)len);
    assert_int_equal(seg.flags, SEG_AE | SEG_SYN);
    assert_int_equal(seg.reserved, 5);
    assert_int_equal(seg.checksum, 0x1234);
    assert_int_equal(seg.checksum_verdict, CHECKSUM_BAD);
    assert_true(seg.offset_malformed);
    assert_int_equal(segment_fix_checksums(packet, (size_t)len), 0);
    assert_int_equal(parse(packet, (size_t)len).checksum_verdict, CHECKSUM_OK);
}

static void test_segment_fix_checksums_needs_a_whole_segment(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    assert_int_equal(segment_fix_checksums(packet, sizeof(packet) - 1),
                     -EPROTO);
    assert_int_equal(segment_fix_checksums(packet, 10), -EPROTO);
}

/* Bytes that are likely to get far: random damage to real packets. */
static void test_segment_random_bytes_never_read_outside(void **state)
{
    (void)state;
    uint32_t seed = 20240601;
    for (int round = 0; round < 200000; round++) {
        const struct dump *d = &dumps[dump_random(&seed) % DUMP_COUNT];
        size_t len = dump_random(&seed) % (d->len + 1);
        uint8_t *bytes = dump_prefix(d->bytes, len);
        for (uint32_t hits = dump_random(&seed) % 6; len && hits; hits--)
            bytes[dump_random(&seed) % len] = (uint8_t)dump_random(&seed);
        struct segment seg;
        if (segment_parse(bytes, len, &seg, NULL) == 0) {
            assert_true((size_t)seg.ip_header_len + seg.tcp_header_len +
                            seg.payload_len <=
                        len);
            char text[OPTION_TEXT_BYTES];
            for (size_t i = 0; i < seg.option_count; i++)
                option_text(&seg.options[i], text);
            segment_fix_checksums(bytes, len);
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segment_syn_v4_every_field),
        cmocka_unit_test(test_segment_syn_v4_options),
        cmocka_unit_test(test_segment_data_behind_ip_options),
        cmocka_unit_test(test_segment_v6_behind_extension_headers),
        cmocka_unit_test(test_segment_v6_routing_under_way_sums_last_stop),
        cmocka_unit_test(test_segment_fragments_refused_with_sentence),
        cmocka_unit_test(test_segment_not_tcp_is_refused),
        cmocka_unit_test(test_segment_checksum_bad_and_partial),
        cmocka_unit_test(test_segment_ip_checksum_wrong_is_told),
        cmocka_unit_test(test_segment_trailing_bytes_are_no_payload),
        cmocka_unit_test(test_segment_zero_total_length_is_offload),
        cmocka_unit_test(test_segment_cut_at_every_length),
        cmocka_unit_test(
            test_segment_options_cut_by_capture_keep_the_whole_ones),
        cmocka_unit_test(test_segment_offset_that_cannot_be),
        cmocka_unit_test(test_segment_option_texts),
        cmocka_unit_test(test_segment_malformed_options),
        cmocka_unit_test(test_segment_forty_nops_fit),
        cmocka_unit_test(test_segment_build_gives_the_same_bytes),
        cmocka_unit_test(test_segment_build_refusals),
        cmocka_unit_test(test_segment_build_forced_fields),
        cmocka_unit_test(test_segment_fix_checksums_needs_a_whole_segment),
        cmocka_unit_test(test_segment_random_bytes_never_read_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

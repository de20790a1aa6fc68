/* icmp_test.c - ICMP errors built, read back and explained: every code of the
 * table, both versions, quotations of every length, hostile bytes. */
#include "test.h"

#include "handshake/icmp.h"
#include "handshake/segment.h"
#include "tcp_dumps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One segment from 192.0.2.1:40000 (or 2001:db8::1) with data_len bytes. */
static size_t make_segment(int version, size_t data_len, uint8_t *packet,
                           size_t cap)
{
    static const uint8_t data[2000];
    struct segment_spec spec = {.seq = 3735928559u,
                                .flags = SEG_SYN,
                                .window = 64240,
                                .payload = data,
                                .payload_len = data_len};
    ipaddr_parse(version == 4 ? "192.0.2.1" : "2001:db8::1", &spec.src.addr);
    ipaddr_parse(version == 4 ? "192.0.2.2" : "2001:db8::2", &spec.dst.addr);
    spec.src.port = 40000;
    spec.dst.port = 1337;
    int r = segment_build(&spec, packet, cap);
    assert_true(r > 0);
    return (size_t)r;
}

/* The error about a segment of data_len bytes, sent by a router. */
static size_t make_error(int version, uint8_t type, uint8_t code, uint32_t mtu,
                         size_t data_len, uint8_t *packet, size_t cap)
{
    uint8_t quoted[2100];
    struct icmp_spec spec = {.type = type, .code = code, .mtu = mtu};
    spec.quoted = quoted;
    spec.quoted_len = make_segment(version, data_len, quoted, sizeof(quoted));
    ipaddr_parse(version == 4 ? "198.51.100.1" : "2001:db8:ffff::1",
                 &spec.from);
    int r = icmp_build(&spec, packet, cap);
    assert_true(r > 0);
    return (size_t)r;
}

static struct icmp parse(const uint8_t *packet, size_t len)
{
    struct icmp icmp;
    struct err err = {0};
    if (icmp_parse(packet, len, &icmp, &err) < 0)
        fail_msg("%s", err.text);
    return icmp;
}

/* What connect() gets, as tried on a real kernel: rows 15 and 15b of the
 * catalogue, and what else the kernel's tables say. */
static const struct {
    uint8_t version, type, code;
    int error;
} codes[] = {
    {4, 3, 0, ENETUNREACH},
    {4, 3, 1, EHOSTUNREACH},
    {4, 3, 2, ENOPROTOOPT},
    {4, 3, 3, ECONNREFUSED},
    {4, 3, 4, 0},
    {4, 3, 5, EOPNOTSUPP},
    {4, 3, 6, ENETUNREACH},
    {4, 3, 7, EHOSTDOWN},
    {4, 3, 8, ENONET},
    {4, 3, 9, ENETUNREACH},
    {4, 3, 10, EHOSTUNREACH},
    {4, 3, 11, ENETUNREACH},
    {4, 3, 12, EHOSTUNREACH},
    {4, 3, 13, EHOSTUNREACH},
    {4, 3, 14, EHOSTUNREACH},
    {4, 3, 15, EHOSTUNREACH},
    {4, 11, 0, EHOSTUNREACH},
    {4, 11, 1, EHOSTUNREACH},
    {4, 12, 0, EPROTO},
    {4, 12, 1, EPROTO},
    {4, 12, 2, EPROTO},
    {4, 4, 0, 0},
    {4, 5, 1, 0},
    {4, 8, 0, 0},
    {6, 1, 0, ENETUNREACH},
    {6, 1, 1, EACCES},
    {6, 1, 2, EHOSTUNREACH},
    {6, 1, 3, EHOSTUNREACH},
    {6, 1, 4, ECONNREFUSED},
    {6, 1, 5, EACCES},
    {6, 1, 6, EACCES},
    {6, 2, 0, 0},
    {6, 3, 0, EHOSTUNREACH},
    {6, 3, 1, EHOSTUNREACH},
    {6, 4, 0, EPROTO},
    {6, 4, 1, EPROTO},
    {6, 4, 2, EPROTO},
    {6, 135, 0, 0},
};

static void test_icmp_every_code_names_errno_of_connect(void **state)
{
    (void)state;
    char text[ICMP_MEANING_BYTES];
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        uint8_t v = codes[i].version, t = codes[i].type, c = codes[i].code;
        assert_int_equal(icmp_connect_errno(v, t, c), codes[i].error);
        assert_ptr_equal(icmp_meaning(v, t, c, text), text);
        assert_true(strlen(text) > 10 && strlen(text) < sizeof(text) - 1);
        if (codes[i].error)
            assert_non_null(strstr(text, err_name(codes[i].error)));
        else
            assert_null(strstr(text, "at once"));
        assert_memory_equal(icmp_rfc(v, t, c), "RFC ", 4);
    }
}

static void test_icmp_all_numbers_have_words_and_a_source(void **state)
{
    (void)state;
    char text[ICMP_MEANING_BYTES];
    for (unsigned n = 0; n < 2 * 65536; n++) {
        uint8_t version = n < 65536 ? 4 : 6, type = (uint8_t)(n >> 8);
        icmp_meaning(version, type, (uint8_t)n, text);
        size_t len = strlen(text);
        assert_true(len > 8 && len < ICMP_MEANING_BYTES - 1);
        assert_non_null(icmp_rfc(version, type, (uint8_t)n));
    }
    assert_string_equal(icmp_meaning(4, 77, 5, text), "ICMP type 77 code 5");
    assert_string_equal(icmp_rfc(6, 1, 4), "RFC 4443 3.1");
    assert_string_equal(icmp_rfc(4, 3, 3), "RFC 792");
}

static void test_icmp_built_v4_is_read_back(void **state)
{
    (void)state;
    uint8_t packet[600];
    char text[ENDPOINT_TEXT_BYTES];
    size_t len = make_error(4, 3, 1, 0, 0, packet, sizeof(packet));
    assert_int_equal(len, 20 + 8 + 40);
    assert_int_equal(inet_sum(packet, 20, 0), 0xffff);
    assert_int_equal(inet_sum(packet + 20, len - 20, 0), 0xffff);
    struct icmp icmp = parse(packet, len);
    assert_int_equal(icmp.version, 4);
    assert_int_equal(icmp.type, 3);
    assert_int_equal(icmp.code, 1);
    assert_int_equal(icmp.mtu, 0);
    assert_true(icmp.checksum_ok);
    assert_string_equal(ipaddr_text(&icmp.src, text), "198.51.100.1");
    assert_string_equal(ipaddr_text(&icmp.dst, text), "192.0.2.1");
    assert_true(icmp.quotes_tcp);
    assert_string_equal(endpoint_text(&icmp.quoted_src, text),
                        "192.0.2.1:40000");
    assert_string_equal(endpoint_text(&icmp.quoted_dst, text),
                        "192.0.2.2:1337");
    assert_int_equal(icmp.quoted_seq, 3735928559u);
}

static void test_icmp_built_v6_is_read_back(void **state)
{
    (void)state;
    uint8_t packet[1300];
    char text[ENDPOINT_TEXT_BYTES];
    size_t len = make_error(6, 1, 4, 0, 0, packet, sizeof(packet));
    assert_int_equal(len, 40 + 8 + 60);
    struct icmp icmp = parse(packet, len);
    assert_int_equal(icmp.version, 6);
    assert_true(icmp.checksum_ok);
    assert_true(icmp.quotes_tcp);
    assert_string_equal(ipaddr_text(&icmp.dst, text), "2001:db8::1");
    assert_string_equal(endpoint_text(&icmp.quoted_dst, text),
                        "[2001:db8::2]:1337");
    assert_int_equal(icmp.quoted_seq, 3735928559u);
    /* As computed elsewhere: building and reading could err alike. */
    assert_int_equal(packet[42] << 8 | packet[43], 0x3ccf);
    packet[len - 1] ^= 1;
    assert_false(parse(packet, len).checksum_ok);
}

static void test_icmp_mtu_stands_where_the_type_has_it(void **state)
{
    (void)state;
    uint8_t packet[1300];
    size_t len = make_error(4, 3, 4, 1400, 0, packet, sizeof(packet));
    assert_int_equal(parse(packet, len).mtu, 1400);
    assert_int_equal(packet[26] << 8 | packet[27], 1400);
    len = make_error(4, 3, 4, 70000, 0, packet, sizeof(packet));
    assert_int_equal(parse(packet, len).mtu, 65535);
    len = make_error(6, 2, 0, 70000, 0, packet, sizeof(packet));
    assert_int_equal(parse(packet, len).mtu, 70000);
    len = make_error(4, 3, 3, 1400, 0, packet, sizeof(packet));
    assert_int_equal(parse(packet, len).mtu, 0);
    assert_int_equal(packet[26] << 8 | packet[27], 0);
}

static void test_icmp_quotes_no_more_than_allowed(void **state)
{
    (void)state;
    uint8_t packet[1500];
    size_t len = make_error(4, 3, 1, 0, 1400, packet, sizeof(packet));
    assert_int_equal(len, 576);
    assert_true(parse(packet, len).checksum_ok);
    assert_true(parse(packet, len).quotes_tcp);
    len = make_error(6, 1, 0, 0, 1400, packet, sizeof(packet));
    assert_int_equal(len, 1280);
    assert_true(parse(packet, len).checksum_ok);
    assert_true(parse(packet, len).quotes_tcp);
}

static void test_icmp_build_refuses_what_cannot_be(void **state)
{
    (void)state;
    uint8_t quoted[100], packet[200];
    struct icmp_spec spec = {.type = 3, .code = 1, .quoted = quoted};
    spec.quoted_len = make_segment(4, 0, quoted, sizeof(quoted));
    ipaddr_parse("2001:db8::9", &spec.from);
    assert_int_equal(icmp_build(&spec, packet, sizeof(packet)), -EINVAL);
    ipaddr_parse("198.51.100.1", &spec.from);
    assert_int_equal(icmp_build(&spec, packet, sizeof(packet)), 68);
    assert_int_equal(icmp_build(&spec, packet, 68), 68);
    assert_int_equal(icmp_build(&spec, packet, 67), -EMSGSIZE);
    spec.quoted_len = 19;
    assert_int_equal(icmp_build(&spec, packet, sizeof(packet)), -EINVAL);
    spec.quoted = NULL;
    spec.quoted_len = 0;
    assert_int_equal(icmp_build(&spec, packet, sizeof(packet)), -EINVAL);
}

static void test_icmp_quotation_of_eight_bytes_suffices(void **state)
{
    (void)state;
    uint8_t packet[600];
    size_t len = make_error(4, 3, 3, 0, 0, packet, sizeof(packet));
    size_t shortest = 20 + 8 + 20 + 8;
    for (size_t cut = 20 + 8; cut <= len; cut++) {
        uint8_t *copy = dump_prefix(packet, cut);
        struct icmp icmp = parse(copy, cut);
        assert_int_equal(icmp.quotes_tcp, cut >= shortest);
        assert_int_equal(icmp.checksum_ok, cut == len);
        free(copy);
    }
}

static void test_icmp_informational_quotes_nothing(void **state)
{
    (void)state;
    uint8_t packet[600];
    size_t len = make_error(4, 8, 0, 0, 0, packet, sizeof(packet));
    assert_false(parse(packet, len).quotes_tcp);
    len = make_error(6, 128, 0, 0, 0, packet, sizeof(packet));
    assert_false(parse(packet, len).quotes_tcp);
    len = make_error(6, 127, 0, 0, 0, packet, sizeof(packet));
    assert_true(parse(packet, len).quotes_tcp);
}

static void test_icmp_later_fragment_quotes_no_tcp(void **state)
{
    (void)state;
    uint8_t packet[600];
    size_t len = make_error(4, 11, 1, 0, 0, packet, sizeof(packet));
    packet[28 + 7] = 8; /* offset 64: no TCP header there */
    assert_false(parse(packet, len).quotes_tcp);
    packet[7] = 8; /* the message itself */
    struct icmp icmp;
    struct err err = {0};
    assert_int_equal(icmp_parse(packet, len, &icmp, &err), -EPROTO);
    assert_non_null(strstr(err.text, "fragment"));
}

static void test_icmp_tcp_is_refused_with_sentence(void **state)
{
    (void)state;
    struct icmp icmp;
    struct err err = {0};
    for (size_t i = 0; i < DUMP_COUNT; i++) {
        assert_int_equal(icmp_parse(dumps[i].bytes, dumps[i].len, &icmp, &err),
                         -EPROTO);
        assert_non_null(strstr(err.text, "not ICMP"));
    }
    assert_int_equal(icmp_parse((const uint8_t *)"", 0, &icmp, NULL), -EPROTO);
}

/* Each dump has its own extension headers and IP options; errors about all of
 * them are found again. */
static void test_icmp_quotes_extension_headers(void **state)
{
    (void)state;
    uint8_t packet[600];
    for (size_t i = 0; i < DUMP_COUNT; i++) {
        struct icmp_spec spec = {.type = 1, .code = 3};
        bool v6 = dumps[i].bytes[0] >> 4 == 6;
        ipaddr_parse(v6 ? "2001:db8::9" : "198.51.100.1", &spec.from);
        spec.quoted = dumps[i].bytes;
        spec.quoted_len = dumps[i].len;
        spec.type = v6 ? 1 : 3;
        int len = icmp_build(&spec, packet, sizeof(packet));
        assert_true(len > 0);
        struct icmp icmp = parse(packet, (size_t)len);
        assert_true(icmp.quotes_tcp);
        assert_true(icmp.checksum_ok);
        struct segment seg;
        assert_int_equal(
            segment_parse(dumps[i].bytes, dumps[i].len, &seg, NULL), 0);
        assert_true(endpoint_equal(&icmp.quoted_src, &seg.src));
        assert_true(endpoint_equal(&icmp.quoted_dst, &seg.dst));
        assert_int_equal(icmp.quoted_seq, seg.seq);
    }
}

/* Bytes changed at random and cut anywhere: refused or read, never beyond
 * their end (the address sanitizer sees it). What is read can be quoted. */
static void test_icmp_random_bytes_stay_in_bounds(void **state)
{
    (void)state;
    uint8_t packet[600], out[1400];
    uint32_t seed = 4242;
    for (int round = 0; round < 4000; round++) {
        int version = round % 2 ? 4 : 6;
        size_t len = make_error(version, (uint8_t)(dump_random(&seed) % 5), 0,
                                0, 8, packet, sizeof(packet));
        for (uint32_t k = dump_random(&seed) % 6; k > 0; k--)
            packet[dump_random(&seed) % len] = (uint8_t)dump_random(&seed);
        size_t cut = dump_random(&seed) % (len + 1);
        uint8_t *copy = dump_prefix(packet, cut);
        struct icmp icmp = {0};
        icmp_parse(copy, cut, &icmp, NULL);
        struct icmp_spec spec = {.from = icmp.src, .type = 3};
        spec.quoted = copy;
        spec.quoted_len = cut;
        int r = icmp_build(&spec, out, sizeof(out));
        if (r > 0)
            assert_true(parse(out, (size_t)r).checksum_ok);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_icmp_every_code_names_errno_of_connect),
        cmocka_unit_test(test_icmp_all_numbers_have_words_and_a_source),
        cmocka_unit_test(test_icmp_built_v4_is_read_back),
        cmocka_unit_test(test_icmp_built_v6_is_read_back),
        cmocka_unit_test(test_icmp_mtu_stands_where_the_type_has_it),
        cmocka_unit_test(test_icmp_quotes_no_more_than_allowed),
        cmocka_unit_test(test_icmp_build_refuses_what_cannot_be),
        cmocka_unit_test(test_icmp_quotation_of_eight_bytes_suffices),
        cmocka_unit_test(test_icmp_informational_quotes_nothing),
        cmocka_unit_test(test_icmp_later_fragment_quotes_no_tcp),
        cmocka_unit_test(test_icmp_tcp_is_refused_with_sentence),
        cmocka_unit_test(test_icmp_quotes_extension_headers),
        cmocka_unit_test(test_icmp_random_bytes_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

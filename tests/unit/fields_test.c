/* fields_test.c - the field walk covers every bit once, and says what it
 * reads. */
#include "test.h"

#include "handshake/fields.h"
#include "handshake/segment.h"
#include "tcp_dumps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the last field ended, and the field asked for by name. */
struct seen {
    uint32_t bit;
    size_t count;
    const char *want;
    struct field found;
};

static void take(void *ctx, const struct field *f)
{
    struct seen *seen = ctx;
    assert_int_equal(f->bit_offset, seen->bit);
    assert_true(f->bit_width > 0);
    assert_true(strlen(f->name) > 0);
    assert_true(strlen(f->value) > 0);
    if (strlen(f->meaning) == 0)
        fail_msg("%s has no meaning", f->name);
    assert_memory_equal(f->rfc, "RFC ", 4);
    seen->bit += f->bit_width;
    seen->count++;
    if (seen->want && !seen->found.name && strcmp(seen->want, f->name) == 0)
        seen->found = *f;
}

/* Walk, check that the fields end where the segment ends, and return the first
 * field of that name. */
static struct field walk(const uint8_t *bytes, size_t len, const char *want)
{
    struct seen seen = {.want = want};
    struct segment seg;
    assert_int_equal(segment_parse(bytes, len, &seg, NULL), 0);
    assert_int_equal(fields_walk(bytes, len, NULL, take, &seen, NULL), 0);
    size_t end = (size_t)seg.ip_header_len + seg.tcp_header_len;
    assert_int_equal(seen.bit, (end + seg.payload_len) * 8);
    if (want && !seen.found.name)
        fail_msg("no field %s", want);
    return seen.found;
}

#define FIELD(dump, name) walk(dump, sizeof(dump), name)

static void expect(const struct field *f, const char *value,
                   const char *meaning_part)
{
    assert_string_equal(f->value, value);
    if (!strstr(f->meaning, meaning_part))
        fail_msg("\"%s\" lacks \"%s\"", f->meaning, meaning_part);
}

static void test_fields_cover_every_bit_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < DUMP_COUNT; i++)
        walk(dumps[i].bytes, dumps[i].len, NULL);
}

static void test_fields_cover_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < DUMP_COUNT; i++) {
        for (size_t len = 0; len < dumps[i].len; len++) {
            uint8_t *cut = dump_prefix(dumps[i].bytes, len);
            struct segment seg;
            struct seen seen = {0};
            if (segment_parse(cut, len, &seg, NULL) == 0)
                walk(cut, len, NULL);
            else
                assert_int_equal(fields_walk(cut, len, NULL, take, &seen, NULL),
                                 -EPROTO);
            free(cut);
        }
    }
}

static void test_fields_syn_values_and_places(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        uint32_t bit, width;
    } rows[] = {
        {"Version", "4", 0, 4},
        {"Header Length", "5", 4, 4},
        {"Total Length", "60", 16, 16},
        {"DF", "1", 49, 1},
        {"TTL", "64", 64, 8},
        {"Source Address", "192.0.2.1", 96, 32},
        {"Source Port", "40000", 160, 16},
        {"Sequence Number", "3735928559", 192, 32},
        {"Data Offset", "10", 256, 4},
        {"Reserved", "0", 260, 3},
        {"AE", "0", 263, 1},
        {"ACK", "0", 267, 1},
        {"SYN", "1", 270, 1},
        {"FIN", "0", 271, 1},
        {"Window", "64240", 272, 16},
        {"Checksum", "0x8990", 288, 16},
        {"Urgent Pointer", "0", 304, 16},
        {"Option Kind", "2", 320, 8},
        {"MSS", "1460", 336, 16},
        {"TSval", "100", 384, 32},
        {"Window Scale Shift", "7", 472, 8},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct field f = FIELD(dump_syn_v4, rows[i].name);
        assert_string_equal(f.value, rows[i].value);
        assert_int_equal(f.bit_offset, rows[i].bit);
        assert_int_equal(f.bit_width, rows[i].width);
    }
}

static void test_fields_meaning_is_of_this_segment(void **state)
{
    (void)state;
    struct field f = FIELD(dump_syn_v4, "Sequence Number");
    expect(&f, "3735928559", "first byte of data is number 3735928560");
    f = FIELD(dump_data_ip_options, "Sequence Number");
    expect(&f, "4294967294", "what follows will be number 3");
    f = FIELD(dump_syn_v4, "Acknowledgment Number");
    expect(&f, "0", "not in use");
    f = FIELD(dump_syn_v4, "SYN");
    expect(&f, "1", "set: asks to synchronise");
    f = FIELD(dump_sack, "SYN");
    expect(&f, "0", "not set");
    f = FIELD(dump_syn_v6_ext, "ECE");
    expect(&f, "1", "asks to use congestion notification");
    f = FIELD(dump_data_ip_options, "Payload");
    expect(&f, "5 bytes", "\"hello\"");
    f = FIELD(dump_data_ip_options, "IP Options");
    expect(&f, "94040000", "options of the IP header");
}

static void test_fields_flag_meaning_depends_on_syn(void **state)
{
    (void)state;
    static const struct {
        uint16_t flags;
        const char *name, *part;
    } cases[] = {
        {SEG_SYN | SEG_ECE | SEG_CWR, "CWR", "asks to use congestion"},
        {SEG_SYN | SEG_ACK | SEG_ECE, "ECE", "agrees to congestion"},
        {SEG_ACK | SEG_ECE, "ECE", "a router marked congestion"},
        {SEG_SYN | SEG_ACK, "ACK", "acknowledges the other side's SYN"},
        {SEG_SYN | SEG_ACK, "SYN", "synchronises its sequence numbers too"},
        {SEG_SYN | SEG_URG, "URG", "the urgent pointer counts"},
        {SEG_SYN | SEG_AE | SEG_CWR | SEG_ECE, "AE", "accurate ECN"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct segment_spec spec = {.flags = cases[i].flags};
        uint8_t packet[60];
        ipaddr_parse("::1", &spec.src.addr);
        spec.dst.addr = spec.src.addr;
        int len = segment_build(&spec, packet, sizeof(packet));
        struct field f = walk(packet, (size_t)len, cases[i].name);
        expect(&f, "1", cases[i].part);
    }
}

static void test_fields_v6_extension_headers(void **state)
{
    (void)state;
    struct field f = FIELD(dump_syn_v6_ext, "Flow Label");
    expect(&f, "0x12345", "one flow");
    f = FIELD(dump_syn_v6_ext, "Next Header");
    expect(&f, "0", "hop-by-hop");
    f = FIELD(dump_syn_v6_ext, "Extension Next Header");
    expect(&f, "43", "a routing header comes next");
    f = FIELD(dump_syn_v6_atomic, "Fragment Identification");
    expect(&f, "0xdeadbeef", "fragments");
    f = FIELD(dump_syn_v6_ext, "Destination Address");
    expect(&f, "2001:db8::2", "shall receive");
}

static void test_fields_option_values(void **state)
{
    (void)state;
    struct field f = FIELD(dump_sack, "SACK Left Edge");
    expect(&f, "3000", "has arrived although 2000 is still missing");
    f = FIELD(dump_sack, "SACK Right Edge");
    expect(&f, "4000", "ends before number 4000");
    f = FIELD(dump_md5, "MD5 Digest");
    expect(&f, "000102030405060708090a0b0c0d0e0f", "signs");
    f = FIELD(dump_md5, "Padding");
    expect(&f, "00", "fills");
    f = FIELD(dump_ao, "RNextKeyID");
    expect(&f, "7", "key");
    f = FIELD(dump_ao, "MAC");
    expect(&f, "0102030405060708090a0b0c", "signs");
    f = FIELD(dump_mptcp, "MPTCP Subtype");
    expect(&f, "0", "MP_CAPABLE");
    f = FIELD(dump_tfo, "Fast Open Cookie");
    expect(&f, "a1a2a3a4a5a6a7a8", "cookie");
    f = FIELD(dump_exp, "Experiment ID");
    expect(&f, "0xf989", "Fast Open");
}

static void test_fields_malformed_option_is_one_field(void **state)
{
    (void)state;
    uint8_t packet[sizeof(dump_syn_v4)];
    memcpy(packet, dump_syn_v4, sizeof(packet));
    packet[41] = 99; /* length of the MSS option */
    struct field f = walk(packet, sizeof(packet), "malformed");
    assert_int_equal(f.bit_offset, 320);
    assert_int_equal(f.bit_width, 160);
    assert_int_equal(f.part, FIELD_OPTION);
    assert_non_null(strstr(f.meaning, "length 99"));
    packet[41] = 4;
    packet[59] = 9; /* no room for its own length: last byte becomes a kind */
    packet[57] = packet[58] = 1;
    f = walk(packet, sizeof(packet), "malformed");
    assert_int_equal(f.bit_width, 8);
    assert_non_null(strstr(f.meaning, "without a length"));
}

static void test_fields_capture_cut_within_option(void **state)
{
    (void)state;
    uint8_t *cut = dump_prefix(dump_syn_v4, 50);
    struct field f = walk(cut, 50, "cut");
    assert_int_equal(f.bit_offset, 46 * 8);
    f = walk(cut, 50, "Checksum");
    assert_non_null(strstr(f.meaning, "cannot be checked"));
    free(cut);
}

static void test_fields_long_payload_is_previewed(void **state)
{
    (void)state;
    static uint8_t data[60000], packet[65535];
    struct segment_spec spec = {
        .flags = SEG_ACK, .payload = data, .payload_len = sizeof(data)};
    memset(data, '%', sizeof(data));
    data[0] = '\n';
    ipaddr_parse("192.0.2.1", &spec.src.addr);
    spec.dst.addr = spec.src.addr;
    int len = segment_build(&spec, packet, sizeof(packet));
    struct field f = walk(packet, (size_t)len, "Payload");
    expect(&f, "60000 bytes", ".%%%");
    assert_non_null(strstr(f.meaning, "\" ..."));
}

static void test_fields_random_bytes_stay_contiguous(void **state)
{
    (void)state;
    uint32_t seed = 77;
    for (int round = 0; round < 20000; round++) {
        const struct dump *d = &dumps[dump_random(&seed) % DUMP_COUNT];
        uint8_t *bytes = dump_prefix(d->bytes, d->len);
        for (uint32_t hits = dump_random(&seed) % 8; hits; hits--)
            bytes[dump_random(&seed) % d->len] = (uint8_t)dump_random(&seed);
        struct segment seg;
        if (segment_parse(bytes, d->len, &seg, NULL) == 0)
            walk(bytes, d->len, NULL);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_cover_every_bit_once),
        cmocka_unit_test(test_fields_cover_every_prefix),
        cmocka_unit_test(test_fields_syn_values_and_places),
        cmocka_unit_test(test_fields_meaning_is_of_this_segment),
        cmocka_unit_test(test_fields_flag_meaning_depends_on_syn),
        cmocka_unit_test(test_fields_v6_extension_headers),
        cmocka_unit_test(test_fields_option_values),
        cmocka_unit_test(test_fields_malformed_option_is_one_field),
        cmocka_unit_test(test_fields_capture_cut_within_option),
        cmocka_unit_test(test_fields_long_payload_is_previewed),
        cmocka_unit_test(test_fields_random_bytes_stay_contiguous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* capture_test.c - runs to pcapng and back: every event the same, whatever was
 * cut or changed refused, other programs' captures named. */
#include "sample.h"
#include "test.h"

#include "capture_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 8 << 20 };

/* The file of a log; the caller frees *out. */
static void write_log(const struct runlog *log, const char *about,
                      struct buf *out)
{
    struct feed *feed = feed_new(log);
    struct capture_writer *w = capture_writer_new(log, feed, about);
    assert_non_null(w);
    buf_init(out, FILE_BYTES);
    while (capture_writer_next(w, out))
        continue;
    assert_false(capture_writer_failed(w));
    assert_false(out->failed);
    capture_writer_free(w);
    feed_free(feed);
}

static struct runlog_limits limits(void)
{
    return (struct runlog_limits){100000, 16 << 20};
}

/* Give the reader all bytes, `piece` at a time. Returns what it returned. */
static int read_bytes(struct capture_reader *r, const char *bytes, size_t len,
                      size_t piece, struct err *ret_err)
{
    int status = 0;
    for (size_t at = 0; status == 0 && at < len; at += piece)
        status = capture_reader_put(
            r, bytes + at, len - at < piece ? len - at : piece, ret_err);
    return status ? status : capture_reader_end(r, ret_err);
}

static void check_same(const struct runlog *a, const struct runlog *b)
{
    struct feed *first = feed_new(a);
    struct feed *second = feed_new(b);
    size_t len = 0;
    assert_int_equal(runlog_count(a), runlog_count(b));
    for (uint32_t id = 1; id <= runlog_count(a); id++)
        assert_string_equal(feed_line(first, id, &len),
                            feed_line(second, id, &len));
    feed_free(first);
    feed_free(second);
}

/* Written, read in pieces, written again. Frees log. */
static void check_restored(struct runlog *log, size_t piece)
{
    struct buf file, again;
    struct err err = {0};
    write_log(log, "About this run.\nTwo lines.", &file);
    struct capture_reader *r = capture_reader_new(limits());
    if (read_bytes(r, file.data, file.len, piece, &err) < 0)
        fail_msg("%s", err.text);
    check_same(log, capture_reader_log(r));
    assert_string_equal(capture_reader_about(r), "About this run.\nTwo lines.");
    write_log(capture_reader_log(r), capture_reader_about(r), &again);
    assert_int_equal(again.len, file.len);
    assert_memory_equal(again.data, file.data, file.len);
    capture_reader_free(r);
    buf_done(&file);
    buf_done(&again);
    runlog_free(log);
}

static void test_capture_restores_a_handshake(void **state)
{
    (void)state;
    check_restored(sample_handshake(), SIZE_MAX / 2);
    check_restored(sample_handshake(), 1);
    check_restored(sample_handshake(), 7);
}

static void test_capture_restores_every_kind(void **state)
{
    (void)state;
    check_restored(sample_everything(), 4096);
}

static void test_capture_restores_a_run_that_goes_on(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_begin(log);
    sample_message(log, 5, HOST_CLIENT, "so far");
    check_restored(log, 100);
}

static void test_capture_restores_many_events(void **state)
{
    (void)state;
    static char text[3000];
    memset(text, 'x', sizeof(text) - 1);
    struct runlog *log = sample_log();
    sample_begin(log);
    for (uint64_t i = 0; i < 800; i++)
        sample_message(log, i, HOST_SERVER, text);
    sample_end_of_run(log, 900, true);
    check_restored(log, 65536);
}

/* --- what other programs see --------------------------------------------- */

struct packet {
    uint32_t interface, flags;
    uint64_t at_ns, id;
    const uint8_t *bytes;
    size_t len;
    char comments[4096]; /* one a line */
};

/* An independent walk over the file: interfaces and packets. */
struct walk {
    size_t interfaces, packets, events;
    struct packet list[32];
};

static uint32_t number(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static void walk_options(const uint8_t *at, const uint8_t *end,
                         struct packet *p)
{
    for (;;) {
        assert_true(end - at >= 4);
        uint16_t code = (uint16_t)(at[0] | at[1] << 8);
        size_t len = (size_t)(at[2] | at[3] << 8);
        at += 4;
        if (code == 0)
            break;
        if (code == 1) {
            strncat(p->comments, (const char *)at, len);
            strcat(p->comments, "\n");
        }
        if (code == 2)
            p->flags = number(at);
        if (code == 5)
            memcpy(&p->id, at, 8);
        at += (len + 3) / 4 * 4;
    }
    assert_ptr_equal(at, end);
}

static void walk_packet(const uint8_t *body, const uint8_t *end,
                        struct packet *p)
{
    *p = (struct packet){.interface = number(body),
                         .at_ns = (uint64_t)number(body + 4) << 32 |
                                  number(body + 8),
                         .len = number(body + 12),
                         .bytes = body + 20};
    assert_true(number(body + 16) >= p->len);
    walk_options(body + 20 + (p->len + 3) / 4 * 4, end, p);
}

static void walk_file(const struct buf *file, struct walk *ret)
{
    const uint8_t *at = (const uint8_t *)file->data, *end = at + file->len;
    *ret = (struct walk){.interfaces = 0};
    assert_int_equal(number(at), 0x0a0d0d0a);
    while (at < end) {
        uint32_t len = number(at + 4);
        assert_true(len % 4 == 0 && len <= (size_t)(end - at));
        assert_int_equal(number(at + len - 4), len);
        ret->interfaces += number(at) == 1;
        ret->events += number(at) == 0x8048534c;
        if (number(at) == 6)
            walk_packet(at + 8, at + len - 4, &ret->list[ret->packets++]);
        at += len;
    }
}

static void check_packet(const struct packet *p, enum interface interface,
                         uint64_t t_ns, uint32_t flags, uint64_t id)
{
    assert_int_equal(p->interface, interface);
    assert_int_equal(p->at_ns, UINT64_C(1795341600123456789) + t_ns);
    assert_int_equal(p->flags, flags);
    assert_int_equal(p->id, id);
}

static void check_says(const struct packet *p, const char *part)
{
    if (!strstr(p->comments, part))
        fail_msg("\"%s\" is not in\n%s", part, p->comments);
}

static void test_capture_shows_a_segment_at_three_places(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct buf file;
    static struct walk walk;
    write_log(log, "", &file);
    walk_file(&file, &walk);
    const struct event *syn = runlog_get(log, 3);
    assert_int_equal(walk.interfaces, 3);
    assert_true(walk.events > 1);
    assert_int_equal(walk.packets, 12);
    check_packet(&walk.list[0], INTERFACE_CLIENT, 93512, 2, 1);
    check_packet(&walk.list[1], INTERFACE_WIRE, 93512, 0, 1);
    check_packet(&walk.list[2], INTERFACE_SERVER, 99001, 1, 1);
    check_packet(&walk.list[3], INTERFACE_SERVER, 110000, 2, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(walk.list[i].len, syn->segment.len);
        assert_memory_equal(walk.list[i].bytes, syn->segment.bytes,
                            syn->segment.len);
    }
    check_says(&walk.list[0], "the client sends SYN");
    check_says(&walk.list[0], "from CLOSED to SYN-SENT");
    check_says(&walk.list[1], "segment 1 (SYN) arrives at the server");
    check_says(&walk.list[1], "[RFC ");
    check_says(&walk.list[2], "from CLOSED to SYN-RECEIVED");
    buf_done(&file);
    runlog_free(log);
}

static void test_capture_says_what_became_of_it(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    struct buf file;
    static struct walk walk;
    write_log(log, "", &file);
    walk_file(&file, &walk);
    /* 1 and 2 at two places, 3 kept by its receiver, an arrival of 1, ICMP */
    assert_int_equal(walk.packets, 2 + 2 + 1 + 1 + 1);
    for (size_t i = 1; i < walk.packets; i++)
        assert_true(walk.list[i].at_ns >= walk.list[i - 1].at_ns);
    check_says(&walk.list[1], "held on the wire");
    check_says(&walk.list[1], "dropped by chance on the link (loss)");
    check_says(&walk.list[1], "changed: bit 3 of byte 20 flipped");
    check_packet(&walk.list[4], INTERFACE_CLIENT, 300, 1, 3);
    check_packet(&walk.list[5], INTERFACE_SERVER, 403, 1, 1);
    assert_memory_equal(walk.list[5].bytes, "\x45\x00\x00\x01\xff", 5);
    assert_int_equal(walk.list[6].interface, INTERFACE_WIRE);
    check_says(&walk.list[6], "forged ICMP");
    buf_done(&file);
    runlog_free(log);
}

static void test_capture_packets_stand_in_order_of_time(void **state)
{
    (void)state;
    struct segment_spec syn = {.flags = SEG_SYN, .window = 1};
    struct runlog *log = sample_log();
    struct buf file;
    static struct walk walk;
    sample_begin(log);
    sample_segment(log, 900, 1, HOST_CLIENT, syn);
    sample_segment(log, 800, 2, HOST_SERVER, syn);
    write_log(log, "", &file);
    walk_file(&file, &walk);
    check_packet(&walk.list[0], INTERFACE_SERVER, 800, 2, 2);
    check_packet(&walk.list[2], INTERFACE_CLIENT, 900, 2, 1);
    check_says(&walk.list[3], "[RFC ");
    buf_done(&file);
    runlog_free(log);
}

/* --- damage -------------------------------------------------------------- */

/* Where the first block of events begins. */
static size_t events_at(const struct buf *file)
{
    size_t at = 0;
    while (number((const uint8_t *)file->data + at) != BLOCK_EVENTS)
        at += number((const uint8_t *)file->data + at + 4);
    return at;
}

static struct err refusal(const char *bytes, size_t len, int code)
{
    struct err err = {0};
    struct capture_reader *r = capture_reader_new(limits());
    int status = read_bytes(r, bytes, len, 1000, &err);
    if (status != -code)
        fail_msg("%d, not %d: %s", status, -code, err.text);
    assert_true(strlen(err.text) > 10);
    assert_int_equal(capture_reader_put(r, "x", 1, NULL), -code);
    capture_reader_free(r);
    return err;
}

static void check_refused(const char *bytes, size_t len, int code,
                          const char *part)
{
    struct err err = refusal(bytes, len, code);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
}

static void test_capture_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct buf file;
    write_log(log, "", &file);
    for (size_t len = 0; len < file.len; len += 11) {
        struct capture_reader *r = capture_reader_new(limits());
        struct err err = {0};
        /* Between two packets nothing shows that one is missing. */
        if (read_bytes(r, file.data, len, 500, &err) == 0)
            check_same(log, capture_reader_log(r));
        else
            assert_true(strlen(err.text) > 10);
        capture_reader_free(r);
    }
    check_refused(file.data, file.len - 1, EPROTO, "cut off among its packets");
    check_refused(file.data, 40, EPROTO, "cut off before");
    check_refused(file.data, 5, EPROTO, "no capture");
    check_refused(file.data, 0, EPROTO, "empty");
    buf_done(&file);
    runlog_free(log);
}

static void test_capture_cut_off_gives_its_beginning(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct buf file;
    struct err err = {0};
    write_log(log, "", &file);
    size_t len = events_at(&file);
    len += number((const uint8_t *)file.data + len + 4) + 100;
    struct capture_reader *r = capture_reader_new(limits());
    assert_int_equal(read_bytes(r, file.data, len, 100, &err), -EPROTO);
    uint32_t count = runlog_count(capture_reader_log(r));
    assert_true(count > 3 && count < 19);
    assert_non_null(strstr(err.text, "of 19"));
    assert_int_equal(runlog_get(capture_reader_log(r), 3)->kind, EVENT_SEGMENT);
    capture_reader_free(r);
    buf_done(&file);
    runlog_free(log);
}

/* A byte changed anywhere: refused, or not one that matters to the events. */
static void test_capture_survives_any_byte_changed(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    struct buf file;
    write_log(log, "", &file);
    for (size_t at = 0; at < file.len; at += 3) {
        struct capture_reader *r = capture_reader_new(limits());
        struct err err = {0};
        const char flip = (char)(1 << at % 8);
        file.data[at] ^= flip;
        if (read_bytes(r, file.data, file.len, file.len, &err) < 0)
            assert_true(strlen(err.text) > 10);
        file.data[at] ^= flip;
        capture_reader_free(r);
    }
    buf_done(&file);
    runlog_free(log);
}

static void test_capture_lies_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at; /* in the block of events */
        char byte;
        const char *says;
    } lies[] = {
        {5, 0, "ends with another length"},
        {7, 0x7f, "length that cannot be"},
        {4, 0x01, "length that cannot be"},
        {16, 2, "of version 2"},
        {20, 4, "cut off: it ends after event 3 of 4"},
        {20, 2, "holds 2 events and holds more"},
        {20, 0, "begins with event 1 of 0"},
        {24, 2, "begins with event 2 of 3"},
        {31, 0x7f, "shorter than what it holds"},
        {32 + 1, 'x', "event 1 cannot be read"},
        {32 + 6, '2', "event 2 stands where event 1 should"},
    };
    struct runlog *log = sample_log();
    sample_begin(log);
    sample_message(log, 5, HOST_CLIENT, "x");
    sample_end_of_run(log, 9, true);
    struct buf file;
    write_log(log, "", &file);
    size_t begin = events_at(&file);
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
        char *at = file.data + begin + lies[i].at, was = *at;
        *at = lies[i].byte;
        check_refused(file.data, file.len, EPROTO, lies[i].says);
        *at = was;
    }
    buf_done(&file);
    runlog_free(log);
}

static void test_capture_keeps_to_its_limits(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct buf file;
    struct err err = {0};
    write_log(log, "", &file);
    struct capture_reader *r =
        capture_reader_new((struct runlog_limits){10, 16 << 20});
    assert_int_equal(read_bytes(r, file.data, file.len, 100, &err), -EFBIG);
    assert_non_null(strstr(err.text, "more than a run may"));
    assert_int_equal(runlog_count(capture_reader_log(r)), 8);
    capture_reader_free(r);
    buf_done(&file);
    runlog_free(log);
}

/* --- files of others ----------------------------------------------------- */

/* A pcapng file as another program would write it; packets when asked for. */
static void other_file(const char *application, bool packets, struct buf *out)
{
    static const char zeros[40] = {0};
    buf_init(out, 4096);
    size_t begin = block_begin(out, BLOCK_SECTION);
    put_u32(out, BYTE_ORDER_MAGIC);
    put_u16(out, 1);
    put_u16(out, 0);
    put_u64(out, UINT64_MAX);
    if (application)
        put_option(out, SECTION_APPLICATION, application, strlen(application));
    put_option_end(out);
    block_end(out, begin);
    begin = block_begin(out, BLOCK_EVENTS); /* their own use of it */
    buf_str(out, "something else");
    block_end(out, begin);
    begin = block_begin(out, BLOCK_PACKET);
    buf_append(out, zeros, packets ? 20 : 0);
    block_end(out, begin);
    if (!packets)
        out->len = begin;
}

static void test_capture_of_others_is_named(void **state)
{
    (void)state;
    struct buf file;
    other_file("Dumpcap (Wireshark) \x1b[2J", true, &file);
    check_refused(file.data, file.len, EOPNOTSUPP,
                  "written by Dumpcap (Wireshark) \\x1b[2J; only captures "
                  "written by Handshake Lab");
    check_refused(file.data, file.len - 1, EPROTO, "cut off before");
    buf_done(&file);
    other_file(NULL, false, &file);
    check_refused(file.data, file.len, EOPNOTSUPP, "by another program");
    buf_done(&file);
    other_file("Handshake Lab " HANDSHAKE_VERSION, true, &file);
    check_refused(file.data, file.len, EOPNOTSUPP, "has saved it since");
    buf_done(&file);
}

static void test_capture_files_that_are_none_are_named(void **state)
{
    (void)state;
    check_refused("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0", 12, EOPNOTSUPP,
                  "a classic pcap capture; only captures");
    check_refused("\xa1\xb2\x3c\x4d", 4, EOPNOTSUPP, "classic pcap");
    check_refused("\x1f\x8b\x08 and so on and on", 20, EOPNOTSUPP, "gzip");
    check_refused("{\"id\":\"k3x9\",\"events\":[]}", 25, EPROTO, "JSON");
    check_refused("hello, world", 12, EPROTO, "no capture");
    check_refused("\x0a\x0d\x0d\x0a\x1c\0\0\0abcd", 12, EPROTO,
                  "has no byte order");
}

static void test_capture_two_in_one_file_are_refused(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct buf file, both;
    write_log(log, "", &file);
    buf_init(&both, FILE_BYTES);
    buf_append(&both, file.data, file.len);
    buf_append(&both, file.data, file.len);
    check_refused(both.data, both.len, EOPNOTSUPP, "more than one capture");
    buf_done(&both);
    buf_done(&file);
    runlog_free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capture_restores_a_handshake),
        cmocka_unit_test(test_capture_restores_every_kind),
        cmocka_unit_test(test_capture_restores_a_run_that_goes_on),
        cmocka_unit_test(test_capture_restores_many_events),
        cmocka_unit_test(test_capture_shows_a_segment_at_three_places),
        cmocka_unit_test(test_capture_says_what_became_of_it),
        cmocka_unit_test(test_capture_packets_stand_in_order_of_time),
        cmocka_unit_test(test_capture_cut_anywhere_is_refused),
        cmocka_unit_test(test_capture_cut_off_gives_its_beginning),
        cmocka_unit_test(test_capture_survives_any_byte_changed),
        cmocka_unit_test(test_capture_lies_are_refused),
        cmocka_unit_test(test_capture_keeps_to_its_limits),
        cmocka_unit_test(test_capture_of_others_is_named),
        cmocka_unit_test(test_capture_files_that_are_none_are_named),
        cmocka_unit_test(test_capture_two_in_one_file_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

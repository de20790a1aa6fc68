/* feed_test.c - the feed makes each line once, in order, for any number of
 * readers; whole runs and single segments as documents. */
#include "sample.h"
#include "test.h"

#include "json_internal.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static void test_feed_line_is_made_once(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    size_t len = 0;
    const char *last = feed_line(feed, 19, &len);
    const char *first = feed_line(feed, 1, &len);
    assert_non_null(first);
    assert_ptr_equal(feed_line(feed, 1, &len), first);
    assert_ptr_equal(feed_line(feed, 19, &len), last);
    feed_free(feed);
    runlog_free(log);
}

static void test_feed_line_order_of_asking_changes_nothing(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *forward = feed_new(log);
    struct feed *backward = feed_new(log);
    size_t len = 0;
    for (uint32_t id = 19; id > 0; id--)
        assert_non_null(feed_line(backward, id, &len));
    for (uint32_t id = 1; id <= 19; id++)
        assert_string_equal(feed_line(forward, id, &len),
                            feed_line(backward, id, &len));
    feed_free(forward);
    feed_free(backward);
    runlog_free(log);
}

static void test_feed_line_absent_until_appended(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    struct feed *feed = feed_new(log);
    size_t len = 0;
    assert_null(feed_line(feed, 0, &len));
    assert_null(feed_line(feed, 1, &len));
    sample_message(log, 0, HOST_CLIENT, "late");
    assert_non_null(feed_line(feed, 1, &len));
    assert_null(feed_line(feed, 2, &len));
    assert_null(feed_line(feed, UINT32_MAX, &len));
    feed_free(feed);
    runlog_free(log);
}

enum { READ_EVENTS = 2000 };

/* The server speaks first here, which the observer alone takes for a client. */
static void test_feed_knows_whose_segment_it_is(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    struct feed *feed = feed_new(log);
    sample_begin(log);
    uint32_t id = sample_segment(
        log, 10, 1, HOST_SERVER,
        (struct segment_spec){.flags = SEG_SYN, .seq = 7, .window = 100});
    size_t len;
    const char *line = feed_line(feed, id, &len);
    assert_non_null(line);
    assert_non_null(strstr(line, "The server asks to open a connection"));
    feed_free(feed);
    runlog_free(log);
}

struct reading {
    struct feed *feed;
    struct runlog *log;
};

static void *read_all(void *arg)
{
    struct reading *reading = arg;
    uint32_t id = 1;
    while (id <= READ_EVENTS) {
        size_t len = 0;
        const char *line = feed_line(reading->feed, id, &len);
        if (!line)
            continue;
        if (strlen(line) != len)
            return reading;
        id++;
    }
    return NULL;
}

static void test_feed_line_many_readers_beside_a_writer(void **state)
{
    (void)state;
    struct reading reading = {.log = sample_log()};
    reading.feed = feed_new(reading.log);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, read_all, &reading);
    for (size_t i = 0; i < READ_EVENTS; i++)
        sample_message(reading.log, i, HOST_CLIENT, "news");
    for (size_t i = 0; i < 4; i++) {
        void *bad = NULL;
        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    feed_free(reading.feed);
    runlog_free(reading.log);
}

static struct run_view view_of(const struct runlog *log)
{
    return (struct run_view){.id = "k3x9",
                             .scenario = catalog_find("open"),
                             .link = LINK_WIRE,
                             .log = log};
}

/* The whole document, as a server sends it. */
static void write_whole(const struct run_view *view, struct feed *feed,
                        struct buf *out)
{
    uint32_t count = run_view_head(view, out);
    for (uint32_t id = 1; id <= count; id++) {
        size_t len = 0;
        const char *line = feed_line(feed, id, &len);
        assert_non_null(line);
        buf_str(out, id > 1 ? "," : "");
        buf_append(out, line, len);
    }
    buf_str(out, "]}");
}

static void check_run(const struct runlog *log, bool with_events,
                      const char *expected_end)
{
    struct feed *feed = feed_new(log);
    struct run_view view = view_of(log);
    struct buf out;
    buf_init(&out, 1 << 20);
    if (with_events)
        write_whole(&view, feed, &out);
    else
        run_view_summary(&view, &out);
    assert_false(out.failed);
    cJSON *doc = cJSON_Parse(buf_text(&out));
    assert_non_null(doc);
    if (with_events)
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(doc, "events")),
                         runlog_count(log));
    else
        assert_string_equal(buf_text(&out), expected_end);
    cJSON_Delete(doc);
    buf_done(&out);
    feed_free(feed);
}

static void test_run_ended_has_verdict(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    check_run(log, false,
              "{\"id\":\"k3x9\",\"scenario\":\"open\","
              "\"title\":\"A normal three-way handshake\",\"link\":\"wire\","
              "\"ip\":4,\"phase\":\"ended\","
              "\"wall\":\"2026-11-22T10:00:00.123456789Z\","
              "\"verdict\":{\"code\":\"established\","
              "\"text\":\"It went as it should.\"},\"expect\":["
              "{\"what\":\"client connect ok\",\"met\":true,"
              "\"seen\":\"client connect ok\"}],"
              "\"event_count\":19,\"segment_count\":4}");
    check_run(log, true, NULL);
    runlog_free(log);
}

static void test_run_without_events_is_running(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    check_run(log, false,
              "{\"id\":\"k3x9\",\"scenario\":\"open\","
              "\"title\":\"A normal three-way handshake\",\"link\":\"wire\","
              "\"ip\":4,\"phase\":\"running\",\"wall\":null,"
              "\"verdict\":null,\"expect\":[],"
              "\"event_count\":0,\"segment_count\":0}");
    check_run(log, true, NULL);
    runlog_free(log);
}

static void test_run_just_begun_is_running(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    sample_begin(log);
    check_run(log, false,
              "{\"id\":\"k3x9\",\"scenario\":\"open\","
              "\"title\":\"A normal three-way handshake\",\"link\":\"wire\","
              "\"ip\":4,\"phase\":\"running\","
              "\"wall\":\"2026-11-22T10:00:00.123456789Z\","
              "\"verdict\":null,\"expect\":[],"
              "\"event_count\":1,\"segment_count\":0}");
    runlog_free(log);
}

static void test_run_too_large_for_its_buffer_fails(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct run_view view = view_of(log);
    struct buf out;
    buf_init(&out, 100);
    run_view_head(&view, &out);
    assert_true(out.failed);
    buf_done(&out);
    runlog_free(log);
}

static void test_segment_has_every_field(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_int_equal(log_segment_write(log, feed, 2, &out), 0);
    cJSON *doc = cJSON_Parse(buf_text(&out));
    assert_non_null(doc);
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(doc, "says")) > 0);
    double bits = 0;
    const cJSON *field;
    cJSON_ArrayForEach(field, cJSON_GetObjectItem(doc, "fields"))
    {
        double at = cJSON_GetObjectItem(field, "bit_offset")->valuedouble;
        assert_true(at == bits);
        bits += cJSON_GetObjectItem(field, "bit_width")->valuedouble;
    }
    assert_true(bits == 8 * cJSON_GetObjectItem(doc, "len")->valuedouble);
    cJSON_Delete(doc);
    buf_done(&out);
    feed_free(feed);
    runlog_free(log);
}

static cJSON *segment_doc(const struct runlog *log, struct feed *feed,
                          uint32_t n)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_int_equal(log_segment_write(log, feed, n, &out), 0);
    cJSON *doc = cJSON_Parse(buf_text(&out));
    assert_non_null(doc);
    buf_done(&out);
    return doc;
}

static const cJSON *field_of(const cJSON *doc, const char *name)
{
    const cJSON *field;
    cJSON_ArrayForEach(field, cJSON_GetObjectItem(doc, "fields"))
    {
        if (strcmp(cJSON_GetObjectItem(field, "name")->valuestring, name) == 0)
            return field;
    }
    return NULL;
}

static const char *text_of(const cJSON *field, const char *member)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(field, member));
    return text ? text : "";
}

/* Values and meanings count from each side's initial number; what is no
 * sequence number has one wording. */
static void test_segment_has_relative_numbers(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    cJSON *doc = segment_doc(log, feed, 4); /* "hello" */
    const cJSON *seq = field_of(doc, "Sequence Number");
    assert_string_equal(text_of(seq, "value"), "3735928560");
    assert_string_equal(text_of(seq, "value_rel"), "1");
    assert_string_equal(text_of(seq, "meaning_rel"),
                        "the number of the first of 5 bytes of data; what "
                        "follows will be number 6");
    const cJSON *ack = field_of(doc, "Acknowledgment Number");
    assert_string_equal(text_of(ack, "value"), "0");
    assert_string_equal(text_of(ack, "value_rel"), "1");
    assert_string_equal(
        text_of(ack, "meaning_rel"),
        "all numbers before 1 have arrived; 1 is expected next");
    assert_null(cJSON_GetObjectItem(field_of(doc, "Window"), "value_rel"));
    assert_null(cJSON_GetObjectItem(field_of(doc, "Window"), "meaning_rel"));
    cJSON_Delete(doc);
    doc = segment_doc(log, feed, 1); /* its ack does not count */
    ack = field_of(doc, "Acknowledgment Number");
    assert_null(cJSON_GetObjectItem(ack, "value_rel"));
    cJSON_Delete(doc);
    feed_free(feed);
    runlog_free(log);
}

/* Only what arrived other than it was sent has bytes and fields of its own. */
static void test_segment_has_its_changed_copies(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    uint8_t packet[SAMPLE_PACKET_BYTES];
    const struct segment_spec sent = {
        .flags = SEG_SYN, .seq = 7, .window = 100};
    const struct segment_spec came = {.flags = SEG_SYN, .seq = 7, .window = 9};
    sample_begin(log);
    sample_segment(log, 10, 1, HOST_CLIENT, sent);
    sample_segment(log, 11, 2, HOST_CLIENT, sent);
    struct feed *feed = feed_new(log);
    cJSON *doc = segment_doc(log, feed, 1);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(doc, "copies")), 0);
    cJSON_Delete(doc);
    sample_arrival(log, 12, 1);
    size_t len = sample_packet(HOST_CLIENT, came, packet);
    const struct event e = {.t_ns = 13,
                            .kind = EVENT_COPY,
                            .copy = {.n = 1,
                                     .copy = 2,
                                     .fate = FATE_ARRIVED,
                                     .changed = "window 100 -> 9",
                                     .bytes = packet,
                                     .len = len}};
    assert_int_equal(runlog_append(log, &e), 5);
    doc = segment_doc(log, feed, 1);
    const cJSON *copies = cJSON_GetObjectItem(doc, "copies");
    assert_int_equal(cJSON_GetArraySize(copies), 1);
    const cJSON *copy = copies->child;
    assert_true(cJSON_GetObjectItem(copy, "copy")->valuedouble == 2);
    assert_true(cJSON_GetObjectItem(copy, "event")->valuedouble == 5);
    assert_string_equal(cJSON_GetObjectItem(copy, "changed")->valuestring,
                        "window 100 -> 9");
    assert_string_equal(text_of(field_of(copy, "Window"), "value"), "9");
    assert_string_equal(text_of(field_of(doc, "Window"), "value"), "100");
    cJSON_Delete(doc);
    doc = segment_doc(log, feed, 2);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(doc, "copies")), 0);
    cJSON_Delete(doc);
    feed_free(feed);
    runlog_free(log);
}

static void test_segment_unknown_is_enoent(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    struct buf out;
    buf_init(&out, 4096);
    assert_int_equal(log_segment_write(log, feed, 0, &out), -ENOENT);
    assert_int_equal(log_segment_write(log, feed, 5, &out), -ENOENT);
    assert_int_equal(log_segment_write(log, feed, UINT32_MAX, &out), -ENOENT);
    assert_int_equal(out.len, 0);
    buf_done(&out);
    feed_free(feed);
    runlog_free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed_line_is_made_once),
        cmocka_unit_test(test_feed_line_order_of_asking_changes_nothing),
        cmocka_unit_test(test_feed_line_absent_until_appended),
        cmocka_unit_test(test_feed_knows_whose_segment_it_is),
        cmocka_unit_test(test_feed_line_many_readers_beside_a_writer),
        cmocka_unit_test(test_run_ended_has_verdict),
        cmocka_unit_test(test_run_without_events_is_running),
        cmocka_unit_test(test_run_just_begun_is_running),
        cmocka_unit_test(test_run_too_large_for_its_buffer_fails),
        cmocka_unit_test(test_segment_has_every_field),
        cmocka_unit_test(test_segment_has_relative_numbers),
        cmocka_unit_test(test_segment_has_its_changed_copies),
        cmocka_unit_test(test_segment_unknown_is_enoent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

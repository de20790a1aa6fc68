/* event_read_test.c - lines of JSON become the events they were made of, and
 * what is no such line is refused with its place. */
#include "sample.h"
#include "test.h"

#include "handshake/json.h"
#include "handshake/jsonwriter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The event of a line into log; its id there. */
static uint32_t read_into(struct runlog *log, const char *line, size_t len)
{
    struct json_event e;
    struct json_faults faults;
    if (json_event_read(line, len, &e, &faults) < 0)
        fail_msg("%s: %s in %s", faults.list[0].pointer, faults.list[0].text,
                 line);
    uint32_t said = e.event.id;
    uint32_t id = runlog_append(log, &e.event);
    assert_int_equal(said, id);
    json_event_done(&e);
    return id;
}

/* All lines, read and written again, are the same. Frees log. */
static void check_restored(struct runlog *log)
{
    struct runlog *again = sample_log();
    struct feed *feed = feed_new(log);
    struct feed *second = feed_new(again);
    size_t len = 0, len_again = 0;
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const char *line = feed_line(feed, id, &len);
        read_into(again, line, len);
        assert_string_equal(feed_line(second, id, &len_again), line);
        assert_int_equal(len_again, len);
    }
    feed_free(second);
    feed_free(feed);
    runlog_free(again);
    runlog_free(log);
}

static void test_event_read_restores_a_handshake(void **state)
{
    (void)state;
    check_restored(sample_handshake());
}

static void test_event_read_restores_every_kind(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    bool seen[EVENT_KIND_COUNT] = {false};
    for (uint32_t id = 1; id <= runlog_count(log); id++)
        seen[runlog_get(log, id)->kind] = true;
    for (size_t kind = 0; kind < EVENT_KIND_COUNT; kind++)
        assert_true(seen[kind]);
    check_restored(log);
}

static void test_event_read_keeps_bytes_that_are_no_text(void **state)
{
    (void)state;
    char all[256];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
    struct runlog *log = sample_log();
    struct runlog *again = sample_log();
    struct event e = {
        .kind = EVENT_CALL,
        .call = {
            .name = "send", .args = "", .data = all, .data_len = sizeof(all)}};
    runlog_append(log, &e);
    struct feed *feed = feed_new(log);
    size_t len = 0;
    const char *line = feed_line(feed, 1, &len);
    read_into(again, line, len);
    const struct event_call *call = &runlog_get(again, 1)->call;
    assert_int_equal(call->data_len, sizeof(all));
    assert_memory_equal(call->data, all, sizeof(all));
    feed_free(feed);
    runlog_free(again);
    runlog_free(log);
}

/* clang-format off */
static const struct {
    const char *line, *pointer, *text;
} refused[] = {
    {"", "", "ends too early"},
    {"[]", "", "must be an object"},
    {"{\"id\":1,\"t_ns\":0}", "/kind", "must be \"run\""},
    {"{\"id\":-1,\"t_ns\":0,\"kind\":\"run\"}", "/id", "whole number from 0"},
    {"{\"id\":1,\"t_ns\":0.5,\"kind\":\"run\"}", "/t_ns", "whole number"},
    {"{\"id\":1,\"t_ns\":1e300,\"kind\":\"run\"}", "/t_ns", "whole number"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"run\",\"phase\":\"mid\"}", "/phase", "\"begin\" or"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"message\",\"host\":\"moon\"}", "/host", "must be \"client\""},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"message\",\"host\":\"client\",\"text\":7}", "/text", "a string or null"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"icmp\",\"from\":\"client\",\"forged\":0,\"hex\":\"\"}", "/forged", "true or false"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"icmp\",\"from\":\"client\",\"forged\":true,\"hex\":\"abc\"}", "/hex", "hexadecimal"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"icmp\",\"from\":\"client\",\"forged\":true,\"hex\":\"zz\"}", "/hex", "hexadecimal"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"call\",\"host\":\"client\",\"name\":\"x\",\"args\":\"\",\"phase\":\"begin\",\"data\":\"\\\\q\",\"data_len\":1}", "/data", "backslash"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"call\",\"host\":\"client\",\"name\":\"x\",\"args\":\"\",\"phase\":\"begin\",\"data\":\"ab\",\"data_len\":3}", "/data", "data_len bytes"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"call\",\"host\":\"client\",\"name\":\"x\",\"args\":\"\",\"phase\":\"end\",\"result\":-1,\"errno\":\"EMOON\"}", "/errno", "the name of an error"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"state\",\"host\":\"client\",\"socket\":\"1.2.3.4\",\"old\":\"CLOSED\",\"new\":\"LISTEN\"}", "/socket", "an address and a port"},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"run\",\"phase\":\"end\",\"verdict\":{\"code\":\"running\",\"text\":\"\"}}", "/code", "must be \"established\""},
    {"{\"id\":1,\"t_ns\":0,\"kind\":\"run\",\"phase\":\"begin\",\"run\":\"a\",\"scenario\":\"b\",\"link\":\"wire\",\"kernel\":\"6\",\"wall\":\"2026-02-31T10:00:00.123456789Z\",\"hosts\":{}}", "/wall", "a time as"},
};
/* clang-format on */

static void test_event_read_refuses_with_the_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        struct json_event e;
        struct json_faults faults;
        const char *line = refused[i].line;
        assert_int_equal(json_event_read(line, strlen(line), &e, &faults),
                         -EINVAL);
        assert_string_equal(faults.list[0].pointer, refused[i].pointer);
        if (!strstr(faults.list[0].text, refused[i].text))
            fail_msg("%s: %s", line, faults.list[0].text);
        json_event_done(&e);
    }
}

/* Whatever is cut off a line, or stands in it instead, never harms. */
static void test_event_read_survives_damage(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    struct feed *feed = feed_new(log);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        size_t len = 0;
        const char *line = feed_line(feed, id, &len);
        struct json_event e;
        struct json_faults faults;
        for (size_t cut = 0; cut < len; cut++) {
            assert_int_equal(json_event_read(line, cut, &e, &faults), -EINVAL);
            assert_true(faults.count > 0);
        }
        char *copy = strdup(line);
        for (size_t at = 0; at < len; at++) {
            copy[at] ^= 0x11;
            if (json_event_read(copy, len, &e, &faults) == 0)
                json_event_done(&e);
            copy[at] = line[at];
        }
        free(copy);
    }
    feed_free(feed);
    runlog_free(log);
}

static void test_feed_sentence_is_the_one_of_the_line(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    struct feed *feed = feed_new(log);
    for (uint32_t id = runlog_count(log); id > 0; id--) {
        struct buf sentence, json;
        size_t len = 0;
        buf_init(&sentence, 4096);
        buf_init(&json, 8192);
        feed_sentence(feed, id, &sentence);
        struct jsonw w = jsonw_to(&json);
        jsonw_open(&w, NULL, '{');
        jsonw_text(&w, "sentence", buf_text(&sentence), sentence.len);
        jsonw_close(&w, '}');
        assert_non_null(strstr(feed_line(feed, id, &len), buf_text(&json) + 1));
        buf_done(&json);
        buf_done(&sentence);
    }
    feed_free(feed);
    runlog_free(log);
}

static void count_sentence(void *ctx, const char *text, const char *rfc)
{
    assert_true(strlen(text) > 10);
    assert_memory_equal(rfc, "RFC ", 4);
    ++*(size_t *)ctx;
}

static void test_feed_says_what_the_line_says(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    size_t count = 0, none = 0;
    feed_says(feed, 2, count_sentence, &count);
    feed_says(feed, 5, count_sentence, &none);
    assert_true(count > 0);
    assert_int_equal(none, 0);
    feed_free(feed);
    runlog_free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event_read_restores_a_handshake),
        cmocka_unit_test(test_event_read_restores_every_kind),
        cmocka_unit_test(test_event_read_keeps_bytes_that_are_no_text),
        cmocka_unit_test(test_event_read_refuses_with_the_place),
        cmocka_unit_test(test_event_read_survives_damage),
        cmocka_unit_test(test_feed_sentence_is_the_one_of_the_line),
        cmocka_unit_test(test_feed_says_what_the_line_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

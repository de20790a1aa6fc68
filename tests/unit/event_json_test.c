/* event_json_test.c - each kind of event against the lines that DESIGN.md
 * promises, and payloads that want to break them. */
#include "sample.h"
#include "test.h"

#include "json_internal.h"

#include "handshake/icmp.h"

#include <errno.h>
#include <string.h>

/* The line of event id of a log, checked to be one JSON object. */
static const char *line_of(struct feed *feed, uint32_t id)
{
    size_t len = 0;
    const char *line = feed_line(feed, id, &len);
    assert_non_null(line);
    assert_int_equal(strlen(line), len);
    assert_null(strchr(line, '\n'));
    cJSON *doc = cJSON_Parse(line);
    assert_true(cJSON_IsObject(doc));
    cJSON_Delete(doc);
    return line;
}

static void check_begins(const char *line, const char *expected)
{
    char head[600];
    size_t len = strlen(expected);
    assert_true(len < sizeof(head) && strlen(line) >= len);
    memcpy(head, line, len);
    head[len] = '\0';
    assert_string_equal(head, expected);
}

static void check_has(const char *line, const char *part)
{
    if (!strstr(line, part))
        fail_msg("%s is not in %s", part, line);
}

/* One log, one event, its line begins so and holds that. */
static void check_event(const struct event *e, const char *begins,
                        const char *has)
{
    struct runlog *log = sample_log();
    runlog_append(log, e);
    struct feed *feed = feed_new(log);
    const char *line = line_of(feed, 1);
    check_begins(line, begins);
    check_has(line, has);
    feed_free(feed);
    runlog_free(log);
}

static void test_event_run_begin(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_begins(
        line_of(feed, 1),
        "{\"id\":1,\"t_ns\":0,\"kind\":\"run\",\"phase\":\"begin\","
        "\"run\":\"k3x9\",\"scenario\":\"open\",\"link\":\"wire\","
        "\"hosts\":{\"client\":{\"address\":\"192.0.2.1\"},"
        "\"server\":{\"address\":\"192.0.2.2\",\"port\":1337}},"
        "\"kernel\":\"6.18.0\",\"wall\":\"2026-11-22T10:00:00.123456789Z\"");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_run_end(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_begins(line_of(feed, 19),
                 "{\"id\":19,\"t_ns\":512000,\"kind\":\"run\","
                 "\"phase\":\"end\",\"verdict\":{\"code\":\"established\","
                 "\"text\":\"It went as it should.\"},\"expect\":["
                 "{\"what\":\"client connect ok\",\"met\":true");
    check_has(line_of(feed, 19), "1 of 1 expectations were met.");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_call_begin_and_end(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_begins(line_of(feed, 2),
                 "{\"id\":2,\"t_ns\":81000,\"kind\":\"call\","
                 "\"host\":\"client\",\"name\":\"connect\","
                 "\"args\":\"192.0.2.2:1337\",\"phase\":\"begin\"");
    check_begins(line_of(feed, 10),
                 "{\"id\":10,\"t_ns\":130000,\"kind\":\"call\","
                 "\"host\":\"client\",\"name\":\"connect\",\"args\":\"\","
                 "\"phase\":\"end\",\"result\":0,\"errno\":null,"
                 "\"meaning\":null,\"begin\":2,\"took_ns\":49000");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_call_failed_names_errno(void **state)
{
    (void)state;
    const struct event e = {.kind = EVENT_CALL,
                            .call = {.host = HOST_CLIENT,
                                     .phase = PHASE_END,
                                     .name = "connect",
                                     .result = -1,
                                     .error = ECONNREFUSED}};
    check_event(&e, "{\"id\":1,\"t_ns\":0,\"kind\":\"call\"",
                "\"result\":-1,\"errno\":\"ECONNREFUSED\",\"meaning\":\"");
    check_event(&e, "{", "fails with ECONNREFUSED: ");
}

static void test_event_segment_syn(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    const char *line = line_of(feed, 3);
    check_begins(line,
                 "{\"id\":3,\"t_ns\":93512,\"kind\":\"segment\",\"n\":1,"
                 "\"from\":\"client\",\"to\":\"server\",\"flags\":[\"SYN\"],"
                 "\"seq\":3735928559,\"ack\":0,\"seq_rel\":0,\"ack_rel\":null,"
                 "\"window\":64240,\"window_scaled\":64240,\"len\":0,"
                 "\"options\":[{\"kind\":2,\"name\":\"MSS\",\"value\":1460");
    check_has(line, "\"checksum_ok\":true,");
    check_has(line, "\"of\":null,\"answers\":null,");
    check_has(line, "\"src\":\"192.0.2.1:40000\",\"dst\":\"192.0.2.2:1337\"");
    check_has(line, ",\"hex\":\"4500");
    check_has(line, ",\"says\":[{\"text\":\"");
    check_has(line, "\"sentence\":\"At 93.5 µs the client sends SYN, "
                    "sequence number 3735928559.\"");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_answer_has_relative_numbers(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_has(line_of(feed, 7),
              "\"flags\":[\"SYN\",\"ACK\"],\"seq\":4294967295,"
              "\"ack\":3735928560,\"seq_rel\":0,\"ack_rel\":1,");
    check_has(line_of(feed, 7), "\"answers\":1,");
    check_has(line_of(feed, 7),
              "sends SYN,ACK, sequence number 4294967295, acknowledgement "
              "number 3735928560.\"}");
    check_has(line_of(feed, 7), "sends SYN,ACK, sequence number 0, "
                                "acknowledgement number 1.\",\"sentence\":");
    check_has(line_of(feed, 7),
              "\"text\":\"Ack 3735928560 is the client's 3735928559 + 1: a SYN "
              "takes one sequence number.\",\"rfc\":\"RFC 9293 3.4\","
              "\"text_rel\":\"Ack 1 is the client's 0 + 1: a SYN takes one "
              "sequence number.\"");
    /* The server's number wrapped; the client's window is scaled by 7. */
    check_has(line_of(feed, 11), "\"ack\":0,\"seq_rel\":1,\"ack_rel\":1,"
                                 "\"window\":502,\"window_scaled\":64256,");
    check_has(line_of(feed, 16), "\"len\":5,\"text\":\"hello\",");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_repeated_names_the_first(void **state)
{
    (void)state;
    struct segment_spec syn = {.seq = 5, .flags = SEG_SYN, .window = 100};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, syn);
    sample_segment(log, 1000000000, 2, HOST_CLIENT, syn);
    struct feed *feed = feed_new(log);
    check_has(line_of(feed, 2), "\"of\":1,");
    check_has(line_of(feed, 2), ", repeating segment 1.");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_hostile_payload_stays_json(void **state)
{
    (void)state;
    uint8_t payload[1024];
    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (uint8_t)(i * 7);
    memcpy(payload, "\",\"says\":[]}\n\r\0\xff\xfe", 17);
    struct segment_spec spec = {
        .flags = SEG_ACK, .payload = payload, .payload_len = sizeof(payload)};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, spec);
    struct feed *feed = feed_new(log);
    const char *line = line_of(feed, 1);
    check_has(line, "\"text\":\"\\\",\\\"says\\\":[]}\\\\n\\\\r\\\\x00\\\\xff");
    struct segment_note note;
    assert_true(feed_segment(feed, 1, &note));
    assert_memory_equal(note.says, "[{\"text\"", 8);
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_bad_checksum_is_told(void **state)
{
    (void)state;
    struct segment_spec spec = {
        .flags = SEG_SYN, .force_checksum = true, .checksum = 0x1234};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, spec);
    struct feed *feed = feed_new(log);
    check_has(line_of(feed, 1), "\"checksum_ok\":false,\"checksum\":\"bad\"");
    check_has(line_of(feed, 1), "with a wrong checksum.");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_options_have_values(void **state)
{
    (void)state;
    static const uint8_t options[] = {
        1,  3,  3, 7, 4, 2,               /* NOP, scale, SACK ok */
        8,  10, 0, 0, 0, 1,  0, 0, 0, 2,  /* timestamps */
        5,  10, 0, 0, 0, 10, 0, 0, 0, 20, /* SACK */
        99, 4,  1, 2, 2, 9,               /* unknown; broken MSS */
    };
    struct segment_spec spec = {
        .flags = SEG_SYN, .options = options, .options_len = sizeof(options)};
    struct runlog *log = sample_log();
    sample_segment(log, 0, 1, HOST_CLIENT, spec);
    struct feed *feed = feed_new(log);
    const char *line = line_of(feed, 1);
    check_has(line, "{\"kind\":1,\"name\":\"NOP\",\"value\":null");
    check_has(line, "{\"kind\":3,\"name\":\"Window Scale\",\"value\":7");
    check_has(line, "\"value\":{\"val\":1,\"echo\":2}");
    check_has(line, "\"value\":{\"blocks\":[{\"left\":10,\"right\":20}]}");
    check_has(line, "{\"kind\":99,\"name\":\"unknown\",\"value\":\"0102\"");
    check_has(line, "\"malformed\":true");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_segment_that_is_none_stays_json(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x45, 0, 0};
    const struct event e = {
        .kind = EVENT_SEGMENT,
        .segment = {.n = 1, .bytes = bytes, .len = sizeof(bytes)}};
    check_event(&e, "{\"id\":1,\"t_ns\":0,\"kind\":\"segment\",\"n\":1,",
                "\"flags\":[],\"forged\":false,\"hex\":\"450000\","
                "\"says\":[]");
}

static void test_event_copy_arrived(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_begins(line_of(feed, 5),
                 "{\"id\":5,\"t_ns\":99001,\"kind\":\"copy\",\"n\":1,"
                 "\"fate\":\"arrived\",\"by\":\"link\"");
    check_has(line_of(feed, 5),
              "At 99.0 µs segment 1 (SYN) arrives at the server.");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_copy_dropped_by_rule(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0xab, 0xcd};
    const struct event e = {.kind = EVENT_COPY,
                            .copy = {.n = 3,
                                     .copy = 2,
                                     .fate = FATE_DROPPED,
                                     .by = BY_RULE,
                                     .by_name = "first SYN",
                                     .changed = "one bit",
                                     .bytes = bytes,
                                     .len = sizeof(bytes)}};
    check_event(&e,
                "{\"id\":1,\"t_ns\":0,\"kind\":\"copy\",\"n\":3,"
                "\"fate\":\"dropped\",\"by\":\"rule\",\"copy\":2,"
                "\"rule\":\"first SYN\",\"changed\":\"one bit\","
                "\"hex\":\"abcd\"",
                "copy 2 of segment 3 is dropped by the rule first SYN");
}

static void test_event_state(void **state)
{
    (void)state;
    struct runlog *log = sample_handshake();
    struct feed *feed = feed_new(log);
    check_begins(line_of(feed, 4),
                 "{\"id\":4,\"t_ns\":93512,\"kind\":\"state\","
                 "\"host\":\"client\",\"socket\":\"192.0.2.1:40000\","
                 "\"old\":\"CLOSED\",\"new\":\"SYN-SENT\",\"cause\":3,"
                 "\"peer\":\"192.0.2.2:1337\"");
    feed_free(feed);
    runlog_free(log);
}

static void test_event_counter(void **state)
{
    (void)state;
    const struct event e = {.kind = EVENT_COUNTER,
                            .counter = {.host = HOST_SERVER,
                                        .name = "ListenOverflows",
                                        .delta = 1,
                                        .meaning = "the queue was full",
                                        .cause = 9}};
    check_event(&e,
                "{\"id\":1,\"t_ns\":0,\"kind\":\"counter\","
                "\"host\":\"server\",\"counter\":\"ListenOverflows\","
                "\"delta\":1,\"meaning\":\"the queue was full\",\"cause\":9",
                "rises by 1: the queue was full.");
}

static void test_event_message_of_any_bytes(void **state)
{
    (void)state;
    struct event e = {.kind = EVENT_MESSAGE,
                      .message = {.host = HOST_SERVER, .text = "a\"\xff\x1b"}};
    check_event(&e,
                "{\"id\":1,\"t_ns\":0,\"kind\":\"message\","
                "\"host\":\"server\",\"text\":\"a\\\"\xef\xbf\xbd\\u001b\"",
                "the server prints: a\\\"\\\\xff\\\\x1b\"");
    e.message.text = "";
    check_event(&e, "{", "the server prints an empty line.");
}

static void test_event_icmp(void **state)
{
    (void)state;
    uint8_t quoted[SAMPLE_PACKET_BYTES];
    uint8_t bytes[600];
    size_t len =
        sample_packet(HOST_CLIENT, (struct segment_spec){.seq = 7}, quoted);
    struct icmp_spec spec = {
        .type = 3, .code = 1, .quoted = quoted, .quoted_len = len};
    assert_true(ipaddr_parse("192.0.2.254", &spec.from));
    int made = icmp_build(&spec, bytes, sizeof(bytes));
    assert_true(made > 0);
    struct event e = {.kind = EVENT_ICMP,
                      .icmp = {.from = HOST_SERVER,
                               .forged = true,
                               .bytes = bytes,
                               .len = (size_t)made,
                               .answers = 1}};
    check_event(&e,
                "{\"id\":1,\"t_ns\":0,\"kind\":\"icmp\",\"from\":\"server\","
                "\"to\":\"client\",\"type\":3,\"code\":1,\"meaning\":\"",
                "\"answers\":1,\"forged\":true,\"hex\":\"45");
    check_event(&e, "{",
                "\"source\":\"192.0.2.254\",\"checksum_ok\":true,"
                "\"quoted\":{\"from\":\"");
    check_event(&e, "{", "\"seq\":7}");
    check_event(&e, "{",
                "a forged ICMP message leaves for the client, about "
                "segment 1: type 3, code 1: ");
    e.icmp.len = 21; /* cut before its code */
    check_event(&e, "{", "\"to\":\"client\",\"answers\":1");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event_run_begin),
        cmocka_unit_test(test_event_run_end),
        cmocka_unit_test(test_event_call_begin_and_end),
        cmocka_unit_test(test_event_call_failed_names_errno),
        cmocka_unit_test(test_event_segment_syn),
        cmocka_unit_test(test_event_segment_answer_has_relative_numbers),
        cmocka_unit_test(test_event_segment_repeated_names_the_first),
        cmocka_unit_test(test_event_segment_hostile_payload_stays_json),
        cmocka_unit_test(test_event_segment_bad_checksum_is_told),
        cmocka_unit_test(test_event_segment_options_have_values),
        cmocka_unit_test(test_event_segment_that_is_none_stays_json),
        cmocka_unit_test(test_event_copy_arrived),
        cmocka_unit_test(test_event_copy_dropped_by_rule),
        cmocka_unit_test(test_event_state),
        cmocka_unit_test(test_event_counter),
        cmocka_unit_test(test_event_message_of_any_bytes),
        cmocka_unit_test(test_event_icmp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* diagram_test.c - runs as SVG: well-formed whatever they hold, with what they
 * hold in it. That no texts meet is measured in a browser. */
#include "sample.h"
#include "test.h"

#include "handshake/draw.h"
#include "handshake/json.h"

#include <ctype.h>
#include <string.h>

enum { PICTURE_BYTES = 16 << 20, MAX_DEPTH = 16, NAME_BYTES = 24 };

/* The picture; the caller frees *out. */
static const char *draw(const struct runlog *log, const char *title,
                        struct buf *out)
{
    struct feed *feed = feed_new(log);
    buf_init(out, PICTURE_BYTES);
    diagram_svg(log, feed, title, out);
    assert_false(out->failed);
    feed_free(feed);
    return buf_text(out);
}

/* --- a small reader of XML ----------------------------------------------- */

struct open_elements {
    char names[MAX_DEPTH][NAME_BYTES];
    size_t count;
};

static void check_entity(const char *at)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    bool ok = false;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        ok |= strncmp(at, known[i], strlen(known[i])) == 0;
    if (!ok)
        fail_msg("no entity: %.20s", at);
}

/* A tag at `at`; returns what follows it. */
static const char *check_tag(struct open_elements *open, const char *at)
{
    char name[NAME_BYTES] = "";
    const char *end = strchr(at, '>');
    assert_non_null(end);
    bool closes = at[1] == '/';
    for (const char *p = at + 1 + closes; isalnum((unsigned char)*p); p++)
        strncat(name, p, 1);
    assert_true(name[0] != '\0');
    if (closes) {
        assert_true(open->count > 0);
        assert_string_equal(open->names[--open->count], name);
    } else if (end[-1] != '/') {
        assert_true(open->count < MAX_DEPTH);
        memcpy(open->names[open->count++], name, sizeof(name));
    }
    return end + 1;
}

static void check_xml(const char *text)
{
    struct open_elements open = {.count = 0};
    while (*text) {
        if (*text == '<') {
            text = check_tag(&open, text);
            assert_true(open.count > 0 || strcmp(text, "\n") == 0);
            continue;
        }
        if (*text == '&')
            check_entity(text);
        assert_true(*text == '\n' || (unsigned char)*text >= 0x20);
        text++;
    }
    assert_int_equal(open.count, 0);
}

static void check_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in the picture", part);
}

/* --- tests --------------------------------------------------------------- */

static void test_diagram_of_a_handshake(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "<title id=\"title\">Hello</title>",
        "run k3x9 on the wire link, Linux 6.18.0",
        "192.0.2.2:1337",
        ">connect(192.0.2.2:1337)</text>",
        ">connect() = 0</text>",
        "<tspan class=\"flags\">SYN,ACK</tspan> seq 0 ack 1</text>",
        "<tspan class=\"flags\">PSH,ACK</tspan> seq 1 ack 1 len 5 “hello”<",
        ">SYN-RECEIVED</text>",
        ">ESTABLISHED</text>",
        ">send(5 bytes)</text>",
        ">“hello”</text>",
        "established: It went as it should.",
        "1 of 1 expectations met.",
        "prefers-color-scheme: dark",
    };
    struct runlog *log = sample_handshake();
    struct buf out;
    const char *text = draw(log, "Hello", &out);
    check_xml(text);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        check_has(text, parts[i]);
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_shows_every_fate(void **state)
{
    (void)state;
    struct runlog *log = sample_everything();
    struct buf out;
    const char *text = draw(log, "", &out);
    check_xml(text);
    check_has(text, ">held by hand</text>");
    check_has(text, "<line class=\"cross\"");
    check_has(text, ">SYN, copy 2, dropped by chance:<");
    check_has(text, "(segment 1 again)");
    check_has(text, "bit 3 of byte 20 flipped");
    check_has(text, "not TCP");
    check_has(text, ">ListenOverflows +");
    check_has(text, "forged ICMP");
    check_has(text, " = EHOSTUNREACH</text>");
    check_has(text, "Not met: client connect ok. Seen: client connect "
                    "ECONNREFUSED");
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_no_text_is_markup(void **state)
{
    (void)state;
    static const char evil[] = "</text><script>\"&'\x1b[2J\xff\xef\xbf\xbe";
    struct segment_spec spec = {.flags = SEG_ACK,
                                .payload = (const uint8_t *)evil,
                                .payload_len = sizeof(evil)};
    struct event end = {.kind = EVENT_RUN,
                        .run = {.phase = PHASE_END,
                                .verdict = VERDICT_FAILED,
                                .verdict_text = evil}};
    struct runlog *log = sample_log();
    struct buf out;
    sample_begin(log);
    sample_message(log, 0, HOST_CLIENT, evil);
    sample_call(log, 0, HOST_SERVER, evil, evil);
    sample_segment(log, 0, 1, HOST_CLIENT, spec);
    runlog_append(log, &end);
    const char *text = draw(log, evil, &out);
    check_xml(text);
    assert_null(strstr(text, "<script"));
    check_has(text, "&lt;/text&gt;&lt;script&gt;&quot;&amp;'\\x1b[2J\\xff");
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_of_a_run_that_goes_on(void **state)
{
    (void)state;
    struct segment_spec syn = {.flags = SEG_SYN, .window = 1};
    struct runlog *log = sample_log();
    struct buf out;
    sample_begin(log);
    sample_segment(log, 0, 1, HOST_CLIENT, syn);
    const char *text = draw(log, "Live", &out);
    check_xml(text);
    check_has(text, "arrow under c");
    check_has(text, "The run was still going on when this was drawn.");
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_names_gaps(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    struct buf out;
    sample_message(log, 0, HOST_CLIENT, "a");
    sample_message(log, 19999999, HOST_CLIENT, "b");
    sample_message(log, 1019999999, HOST_CLIENT, "c");
    const char *text = draw(log, "", &out);
    check_has(text, ">+ 1.00 s</text>");
    assert_null(strstr(text, "+ 19.9 ms"));
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_bounds_itself_and_says_so(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    struct buf out;
    for (uint64_t i = 0; i < 5000; i++)
        sample_message(log, i, HOST_SERVER, "again");
    const char *text = draw(log, "", &out);
    check_xml(text);
    check_has(text, "3500 more events are left out of this picture");
    buf_done(&out);
    runlog_free(log);
}

static void test_diagram_of_nothing(void **state)
{
    (void)state;
    struct runlog *log = sample_log();
    struct buf out;
    check_xml(draw(log, "", &out));
    buf_done(&out);
    runlog_free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diagram_of_a_handshake),
        cmocka_unit_test(test_diagram_shows_every_fate),
        cmocka_unit_test(test_diagram_no_text_is_markup),
        cmocka_unit_test(test_diagram_of_a_run_that_goes_on),
        cmocka_unit_test(test_diagram_names_gaps),
        cmocka_unit_test(test_diagram_bounds_itself_and_says_so),
        cmocka_unit_test(test_diagram_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* jsonwriter_test.c - the writer and the words: whatever bytes go in, valid
 * UTF-8 and exact numbers come out. */
#include "test.h"

#include "handshake/jsonwriter.h"
#include "handshake/words.h"

#include <cjson/cJSON.h>
#include <string.h>

static const char *words(struct buf *b, const void *bytes, size_t len)
{
    buf_init(b, 4096);
    words_bytes(b, bytes, len);
    return buf_text(b);
}

static void check_words(const char *bytes, size_t len, const char *expected)
{
    struct buf b;
    assert_string_equal(words(&b, bytes, len), expected);
    buf_done(&b);
}

static void test_words_bytes_printable_stays(void **state)
{
    (void)state;
    check_words("hello, wörld ✓", strlen("hello, wörld ✓"), "hello, wörld ✓");
    check_words("", 0, "");
}

static void test_words_bytes_rest_is_escaped(void **state)
{
    (void)state;
    check_words("a\nb\r\t\\", 6, "a\\nb\\r\\t\\\\");
    check_words("\0\x1b[31m\x7f", 7, "\\x00\\x1b[31m\\x7f");
    check_words("\xff\xc3\x28\xe2\x82", 5, "\\xff\\xc3(\\xe2\\x82");
    check_words("\xed\xa0\x80\xc0\xaf", 5, "\\xed\\xa0\\x80\\xc0\\xaf");
    check_words("\xe2\x80\xae", 3, "\\xe2\\x80\\xae"); /* turns text around */
    check_words("\xc2\x9b", 2, "\\xc2\\x9b");          /* C1: CSI */
}

static void test_words_time_keeps_three_digits(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {{0, "0 µs"},          {950, "0.95 µs"},
                {93512, "93.5 µs"},   {999999, "999 µs"},
                {1240000, "1.24 ms"}, {60234567890, "60.2 s"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct buf b;
        buf_init(&b, 64);
        words_time(&b, rows[i].ns);
        assert_string_equal(buf_text(&b), rows[i].text);
        buf_done(&b);
    }
}

static void test_jsonw_numbers_are_exact(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    struct jsonw w = jsonw_to(&b);
    jsonw_open(&w, NULL, '[');
    jsonw_uint(&w, NULL, 0);
    jsonw_uint(&w, NULL, 4294967295u);
    jsonw_uint(&w, NULL, 60000000000u);
    jsonw_uint(&w, NULL, UINT64_MAX);
    jsonw_int(&w, NULL, -1);
    jsonw_int(&w, NULL, INT64_MIN);
    jsonw_close(&w, ']');
    assert_string_equal(buf_text(&b),
                        "[0,4294967295,60000000000,18446744073709551615,"
                        "-1,-9223372036854775808]");
    buf_done(&b);
}

static void test_jsonw_text_of_any_byte_is_valid(void **state)
{
    (void)state;
    char all[256];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
    struct buf b;
    buf_init(&b, 8192);
    struct jsonw w = jsonw_to(&b);
    jsonw_open(&w, NULL, '{');
    jsonw_text(&w, "text", all + 1, sizeof(all) - 1);
    jsonw_bytes(&w, "bytes", all, sizeof(all));
    jsonw_hex(&w, "hex", all, sizeof(all));
    jsonw_close(&w, '}');
    for (size_t i = 0; i < b.len;) {
        uint32_t code;
        size_t n = utf8_char(b.data + i, b.len - i, &code);
        assert_true(n > 0 && code >= 0x20);
        i += n;
    }
    cJSON *doc = cJSON_Parse(buf_text(&b));
    assert_non_null(doc);
    const char *hex =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "hex"));
    assert_int_equal(strlen(hex), 512);
    assert_memory_equal(hex, "000102", 6);
    cJSON_Delete(doc);
    buf_done(&b);
}

static void test_jsonw_text_broken_utf8_becomes_replacement(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 256);
    struct jsonw w = jsonw_to(&b);
    jsonw_str(&w, NULL, "a\xff\"\\\n\x01");
    assert_string_equal(buf_text(&b), "\"a\xef\xbf\xbd\\\"\\\\\\n\\u0001\"");
    buf_done(&b);
}

static void test_jsonw_full_buffer_fails_once(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    struct jsonw w = jsonw_to(&b);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "text", "longer than ten bytes");
    jsonw_close(&w, '}');
    assert_true(b.failed);
    assert_true(b.len <= 10);
    buf_done(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_bytes_printable_stays),
        cmocka_unit_test(test_words_bytes_rest_is_escaped),
        cmocka_unit_test(test_words_time_keeps_three_digits),
        cmocka_unit_test(test_jsonw_numbers_are_exact),
        cmocka_unit_test(test_jsonw_text_of_any_byte_is_valid),
        cmocka_unit_test(test_jsonw_text_broken_utf8_becomes_replacement),
        cmocka_unit_test(test_jsonw_full_buffer_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

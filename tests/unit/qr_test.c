/* qr_test.c - a text as a QR code: its size, its quiet zone, its title, and
 * what does not fit. That a camera reads it is tried in tests/web/browser. */
#include "test.h"

#include "handshake/qr.h"

#include <string.h>

enum { SVG_BYTES = 64 * 1024, LONGEST = 2331 /* bytes, version 40, level M */ };

static void assert_svg(const char *text, const char *wanted)
{
    struct buf out;
    buf_init(&out, SVG_BYTES);
    qr_svg(text, &out);
    assert_false(out.failed);
    if (!strstr(buf_text(&out), wanted))
        fail_msg("%s is not in %.200s", wanted, buf_text(&out));
    buf_done(&out);
}

/* 21 modules for up to 14 bytes, 29 for up to 42, and four on each side. */
static void test_size_follows_the_text(void **state)
{
    (void)state;
    assert_svg("x", "viewBox=\"0 0 29 29\"");
    assert_svg("http://192.168.1.20:8080/#vote/ab3de", "viewBox=\"0 0 37 37\"");
    assert_svg("x", "<path fill=\"#fff\" d=\"M0 0h29v29h-29z\"/>");
}

/* The finder in the corner: seven dark modules behind the quiet zone. */
static void test_modules_begin_behind_the_quiet_zone(void **state)
{
    (void)state;
    assert_svg("x", "<path d=\"M4 4h7v1h-7z");
}

static void test_the_title_is_the_text(void **state)
{
    (void)state;
    assert_svg("http://a/<&>", "<title>http://a/&lt;&amp;&gt;</title>");
}

static bool fits(size_t len, size_t max_bytes)
{
    char text[LONGEST + 2];
    struct buf out;
    memset(text, 'x', len);
    text[len] = '\0';
    buf_init(&out, max_bytes);
    qr_svg(text, &out);
    bool fits = !out.failed;
    buf_done(&out);
    return fits;
}

static void test_what_does_not_fit_fails(void **state)
{
    (void)state;
    assert_true(fits(LONGEST, 4 * SVG_BYTES));
    assert_false(fits(LONGEST + 1, 4 * SVG_BYTES));
    assert_false(fits(40, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_follows_the_text),
        cmocka_unit_test(test_modules_begin_behind_the_quiet_zone),
        cmocka_unit_test(test_the_title_is_the_text),
        cmocka_unit_test(test_what_does_not_fit_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

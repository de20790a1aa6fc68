/* buf_test.c - the bounded buffer: growing, the bound, handing over. */
#include "test.h"

#include "handshake/buf.h"

#include <stdlib.h>
#include <string.h>

static void test_buf_empty_is_empty_text(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_string_equal(buf_text(&b), "");
    assert_null(buf_take(&b));
}

static void test_buf_append_grows_and_keeps_content(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%04d", i);
    assert_false(b.failed);
    assert_int_equal(b.len, 4000);
    assert_memory_equal(buf_text(&b) + 3996, "0999", 5);
    buf_done(&b);
}

static void test_buf_full_fails_and_stays_failed(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_str(&b, "12345678");
    assert_false(b.failed);
    buf_str(&b, "9");
    assert_true(b.failed);
    buf_append(&b, "", 0);
    assert_true(b.failed);
    assert_string_equal(buf_text(&b), "12345678");
    assert_null(buf_take(&b));
}

static void test_buf_printf_that_does_not_fit_fails(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_printf(&b, "%s", "123456789");
    assert_true(b.failed);
    buf_done(&b);
}

static void test_buf_take_hands_over(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_str(&b, "abc");
    char *text = buf_take(&b);
    assert_string_equal(text, "abc");
    assert_int_equal(b.len, 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf_empty_is_empty_text),
        cmocka_unit_test(test_buf_append_grows_and_keeps_content),
        cmocka_unit_test(test_buf_full_fails_and_stays_failed),
        cmocka_unit_test(test_buf_printf_that_does_not_fit_fails),
        cmocka_unit_test(test_buf_take_hands_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

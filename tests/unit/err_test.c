/* err_test.c - error sentences and names, wall time in words. */
#include "test.h"

#include "handshake/clock.h"
#include "handshake/err.h"

#include <errno.h>
#include <string.h>

static void test_err_set_returns_negative_code_and_sentence(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set(&err, EINVAL, "port %d is no port", 70000),
                     -EINVAL);
    assert_int_equal(err.code, EINVAL);
    assert_string_equal(err.text, "port 70000 is no port");
    assert_int_equal(err_set(NULL, EINVAL, "unheard"), -EINVAL);
}

static void test_err_errno_adds_the_reason(void **state)
{
    (void)state;
    struct err err = {0};
    err_errno(&err, EACCES, "cannot open %s", "x");
    assert_string_equal(err.text, "cannot open x: Permission denied");
}

static void test_err_long_sentence_is_cut(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, EINVAL, "%500s", "x");
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
}

static void test_err_names_and_meanings_exist(void **state)
{
    (void)state;
    assert_string_equal(err_name(ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(err_name(12345), "E?");
    assert_non_null(strstr(err_meaning(ECONNREFUSED), "RST"));
    assert_non_null(err_meaning(12345));
}

static void test_clock_wall_text_is_rfc3339(void **state)
{
    (void)state;
    char text[CLOCK_WALL_TEXT_BYTES];
    const uint64_t wall_ns = 1795514400123456789u;
    assert_string_equal(clock_wall_text(wall_ns, text, sizeof(text)),
                        "2026-11-24T10:00:00.123456789Z");
}

static void test_clock_mono_never_goes_back(void **state)
{
    (void)state;
    uint64_t before = clock_mono_ns();
    assert_true(clock_mono_ns() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_set_returns_negative_code_and_sentence),
        cmocka_unit_test(test_err_errno_adds_the_reason),
        cmocka_unit_test(test_err_long_sentence_is_cut),
        cmocka_unit_test(test_err_names_and_meanings_exist),
        cmocka_unit_test(test_clock_wall_text_is_rfc3339),
        cmocka_unit_test(test_clock_mono_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

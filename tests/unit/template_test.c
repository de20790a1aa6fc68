/* template_test.c - the text language of send, recv and print steps. */
#include "test.h"

#include "template.h"

#include <errno.h>
#include <string.h>

static int expand(const char *text, const struct template_vars *vars, char *out)
{
    return template_expand(text, vars, out, 64, NULL);
}

static enum template_match match(const char *pattern, const char *text,
                                 struct template_vars *vars)
{
    return template_match(pattern, text, strlen(text), vars);
}

static void test_expand_puts_values_in(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    char out[64];
    template_set(&vars, "c", 1234);
    template_set(&vars, "s", 99);
    assert_int_equal(expand("[2] SYN/seq={s} ACK/seq={c+1}", &vars, out), 27);
    assert_string_equal(out, "[2] SYN/seq=99 ACK/seq=1235");
}

static void test_expand_double_brace_is_one(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    char out[64];
    assert_int_equal(expand("a{{b", &vars, out), 3);
    assert_string_equal(out, "a{b");
}

static void test_expand_refuses_what_it_cannot(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    char out[64];
    assert_int_equal(expand("{x}", &vars, out), -ENOENT);
    assert_int_equal(expand("{x", &vars, out), -EINVAL);
    assert_int_equal(expand("{}", &vars, out), -EINVAL);
    assert_int_equal(expand("{x+}", &vars, out), -EINVAL);
    assert_int_equal(template_expand("abcd", &vars, out, 4, NULL), -EMSGSIZE);
}

static void test_match_takes_unset_variables(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    char out[64];
    assert_int_equal(match("[1] SYN/seq={c}", "[1] SYN/seq=1234", &vars),
                     TEMPLATE_MATCH);
    expand("{c+1}", &vars, out);
    assert_string_equal(out, "1235");
}

static void test_match_compares_set_variables(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    template_set(&vars, "s", 1567);
    assert_int_equal(match("[3] ACK/seq={s+1}", "[3] ACK/seq=1568", &vars),
                     TEMPLATE_MATCH);
    assert_int_equal(match("[3] ACK/seq={s+1}", "[3] ACK/seq=1567", &vars),
                     TEMPLATE_DIFFERS);
}

static void test_match_of_a_beginning_wants_more(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    assert_int_equal(match("[1] SYN/seq={c}", "[1] SY", &vars), TEMPLATE_MORE);
    assert_int_equal(match("[1] SYN/seq={c}", "[1] SYN/seq=", &vars),
                     TEMPLATE_MORE);
    assert_int_equal(match("[1] SYN/seq={c}", "", &vars), TEMPLATE_MORE);
}

static void test_match_that_fails_sets_nothing(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    assert_int_equal(match("{a}-{b}x", "1-2y", &vars), TEMPLATE_DIFFERS);
    assert_int_equal(match("{a}", "1 and more", &vars), TEMPLATE_DIFFERS);
    assert_int_equal(vars.count, 0);
}

static void test_vars_table_has_an_end(void **state)
{
    (void)state;
    struct template_vars vars = {.count = 0};
    char name[2] = "a";
    for (int i = 0; i < TEMPLATE_MAX_VARS; i++, name[0]++)
        assert_true(template_set(&vars, name, 1));
    assert_false(template_set(&vars, "zz", 1));
    assert_true(template_set(&vars, "a", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expand_puts_values_in),
        cmocka_unit_test(test_expand_double_brace_is_one),
        cmocka_unit_test(test_expand_refuses_what_it_cannot),
        cmocka_unit_test(test_match_takes_unset_variables),
        cmocka_unit_test(test_match_compares_set_variables),
        cmocka_unit_test(test_match_of_a_beginning_wants_more),
        cmocka_unit_test(test_match_that_fails_sets_nothing),
        cmocka_unit_test(test_vars_table_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

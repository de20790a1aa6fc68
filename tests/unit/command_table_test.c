/* command_table_test.c - walks the table of commands: every row is whole, names
 * are unique, and each examples' line is one that the table itself takes. */
#include "test.h"

#include "command_internal.h"

#include "handshake/http.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 32 };

#define EACH_COMMAND(c)                                                        \
    const struct command *(c);                                                 \
    for (size_t c##_i = 0; ((c) = command_at(c##_i)) != NULL; c##_i++)

static const struct option_spec *option_called(const struct command *c,
                                               const char *name)
{
    const struct option_spec *o;
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

static bool is_phrase(const char *text)
{
    size_t len = text ? strlen(text) : 0;
    return len > 3 && text[len - 1] != '.' && text[len - 1] != ' ';
}

static void test_command_rows_are_whole(void **state)
{
    (void)state;
    EACH_COMMAND(c)
    {
        assert_non_null(c->run);
        assert_ptr_equal(command_find(c->name), c);
        assert_true(is_phrase(c->help));
        assert_true(strlen(c->help) <= 66); /* one line of --help */
        assert_non_null(c->about);
        assert_int_equal(c->about[strlen(c->about) - 1] == ' ', 0);
        assert_true(c->least <= c->most);
        assert_int_equal(c->operands[0] != '\0', c->most > 0);
        assert_int_equal(c->operand != NULL, c->most > 0);
        assert_true(c->hidden || c->examples[0].line || c->exits[0].meaning);
    }
    assert_null(command_find("no-such-command"));
}

static void check_option(const struct option_spec *o)
{
    assert_true(is_phrase(o->help));
    assert_true(o->key > OPTION_HELP && o->key < OPTION_KEY_COUNT);
    assert_int_equal(o->completes == COMPLETES_WORDS, o->words != NULL);
    if (o->words || o->whole || o->completes || o->repeats)
        assert_non_null(o->value);
    if (o->whole)
        assert_true(o->least <= o->most &&
                    (o->preset == 0 ||
                     (o->preset >= o->least && o->preset <= o->most)));
    if (o->more)
        assert_int_equal(o->more[strlen(o->more) - 1], '.');
}

static void test_option_rows_are_whole_and_unique_in_a_command(void **state)
{
    (void)state;
    EACH_COMMAND(c)
    {
        const struct option_spec *a;
        const struct option_spec *b;
        for (size_t i = 0; (a = command_option(c, i)) != NULL; i++) {
            check_option(a);
            for (size_t n = 0; n < i; n++) {
                b = command_option(c, n);
                assert_string_not_equal(a->name, b->name);
                assert_int_not_equal(a->key, b->key);
                assert_true(!a->letter || a->letter != b->letter);
            }
        }
    }
}

/* A shell's words, as far as examples need them: single quotes, and what
 * stands behind > or | belongs to the shell. */
static int split(char *line, char **words)
{
    int count = 0;
    char *to = line;
    for (char *at = line; *at && *at != '>' && *at != '|';) {
        words[count++] = to;
        for (bool quoted = false; *at && (quoted || *at != ' '); at++) {
            if (*at == '\'')
                quoted = !quoted;
            else
                *to++ = *at;
        }
        at += *at == ' ';
        *to++ = '\0';
        assert_true(count < MAX_WORDS - 1);
    }
    words[count] = NULL;
    return count;
}

static int take_anything(const struct command *self, const struct given *given,
                         void *into)
{
    (void)self;
    (void)into;
    assert_non_null(given->spec);
    return 0;
}

static void test_examples_are_command_lines_that_are_taken(void **state)
{
    (void)state;
    EACH_COMMAND(c)
    {
        for (size_t i = 0; i < COMMAND_MAX_EXAMPLES && c->examples[i].line;
             i++) {
            char line[256];
            char *words[MAX_WORDS];
            struct operands operands;
            snprintf(line, sizeof(line), "%s", c->examples[i].line);
            int count = split(line, words);
            assert_true(is_phrase(c->examples[i].what));
            assert_string_equal(words[0], c->name);
            optind = 0; /* begin anew */
            assert_int_equal(
                options_read(c, count, words, take_anything, NULL, &operands),
                COMMAND_GOES_ON);
        }
    }
}

static void test_help_and_manual_name_every_option(void **state)
{
    (void)state;
    struct buf manual;
    buf_init(&manual, 1 << 20);
    manual_write(&manual);
    EACH_COMMAND(c)
    {
        const struct option_spec *o;
        struct buf help;
        buf_init(&help, 1 << 16);
        help_command(c, 80, &help);
        for (size_t i = 0; (o = command_option(c, i)) != NULL; i++) {
            char name[64];
            snprintf(name, sizeof(name), "--%s", o->name);
            assert_non_null(strstr(buf_text(&help), name));
            snprintf(name, sizeof(name), "Fl \\-%s", o->name);
            assert_non_null(strstr(buf_text(&manual), name));
        }
        buf_done(&help);
    }
    buf_done(&manual);
}

/* What serve runs with when nothing is asked for, and what it takes at all, is
 * said by the options; the server itself must agree. */
static void check_http_limit(const char *name, uint32_t *value,
                             const struct http_limits *limits,
                             const struct http_limits *standard, size_t offset)
{
    const struct option_spec *o = option_called(command_find("serve"), name);
    uint32_t preset;
    memcpy(&preset, (const char *)standard + offset, sizeof(preset));
    assert_non_null(o);
    if (o->preset)
        assert_int_equal(o->preset, preset);
    *value = (uint32_t)o->least;
    assert_int_equal(http_check_limits(*limits, NULL), 0);
    *value = (uint32_t)o->least - 1;
    assert_true(*value == 0 || http_check_limits(*limits, NULL) < 0);
    *value = (uint32_t)o->most;
    assert_int_equal(http_check_limits(*limits, NULL), 0);
    *value = (uint32_t)o->most + 1;
    assert_true(http_check_limits(*limits, NULL) < 0);
}

static void test_limits_of_serve_are_those_of_the_server(void **state)
{
    (void)state;
    const struct http_limits standard =
        http_fill_limits((struct http_limits){0});
#define CHECK(name, field)                                                     \
    do {                                                                       \
        struct http_limits limits = {.viewers = 1};                            \
        if (offsetof(struct http_limits, field) ==                             \
            offsetof(struct http_limits, viewers))                             \
            limits.connections = 65536;                                        \
        check_http_limit(name, &limits.field, &limits, &standard,              \
                         offsetof(struct http_limits, field));                 \
    } while (0)
    CHECK("max-viewers", viewers);
    CHECK("max-connections", connections);
    CHECK("max-address-connections", address_connections);
    CHECK("max-body-bytes", body_bytes);
    CHECK("max-header-bytes", header_bytes);
    CHECK("max-request-seconds", request_seconds);
    CHECK("max-answer-seconds", answer_seconds);
    CHECK("max-viewer-seconds", viewer_seconds);
    CHECK("max-heartbeat-seconds", heartbeat_seconds);
#undef CHECK
}

static uint64_t preset_of(const char *name)
{
    const struct option_spec *o = option_called(command_find("serve"), name);
    assert_non_null(o);
    return o->preset;
}

static void test_limits_of_runs_are_those_of_the_registry(void **state)
{
    (void)state;
    struct registry_limits runs = registry_default_limits();
    assert_int_equal(preset_of("max-runs-alive"), runs.max_alive);
    assert_int_equal(preset_of("max-runs-kept"), runs.max_kept);
    assert_int_equal(preset_of("max-run-seconds"), runs.max_seconds);
    assert_int_equal(preset_of("max-run-events"), runs.log.max_events);
    assert_int_equal(preset_of("max-run-bytes"), runs.log.max_bytes);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    while (*text) {
        size_t len = strcspn(text, "\n");
        longest = len > longest ? len : longest;
        text += len + (text[len] == '\n');
    }
    return longest;
}

static void test_help_stays_within_the_columns(void **state)
{
    (void)state;
    EACH_COMMAND(c)
    {
        for (unsigned columns = 60; columns <= 200; columns += 20) {
            struct buf help;
            buf_init(&help, 1 << 16);
            help_command(c, columns, &help);
            char *examples = strstr(buf_text(&help), "\nExamples:");
            if (examples)
                *examples = '\0'; /* never broken: they are to be copied */
            assert_true(longest_line(buf_text(&help)) <= columns);
            buf_done(&help);
        }
    }
}

static void test_completions_exist_for_three_shells(void **state)
{
    (void)state;
    const char *shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < 3; i++) {
        struct buf script;
        buf_init(&script, 1 << 20);
        assert_true(completion_write(shells[i], &script));
        assert_false(script.failed);
        assert_non_null(strstr(buf_text(&script), "max-seconds"));
        buf_done(&script);
    }
    struct buf none;
    buf_init(&none, 1 << 10);
    assert_false(completion_write("tcsh", &none));
    buf_done(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_rows_are_whole),
        cmocka_unit_test(test_option_rows_are_whole_and_unique_in_a_command),
        cmocka_unit_test(test_examples_are_command_lines_that_are_taken),
        cmocka_unit_test(test_help_and_manual_name_every_option),
        cmocka_unit_test(test_help_stays_within_the_columns),
        cmocka_unit_test(test_limits_of_serve_are_those_of_the_server),
        cmocka_unit_test(test_limits_of_runs_are_those_of_the_registry),
        cmocka_unit_test(test_completions_exist_for_three_shells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* log_test.c - lines of the log as they leave: whole, one each, harmless. */
#include "test.h"

#include "handshake/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What log_write() put on stderr since catch_begin(). */
static struct {
    int pipe[2];
    int before;
} caught;

static void catch_begin(void)
{
    assert_int_equal(pipe(caught.pipe), 0);
    caught.before = dup(STDERR_FILENO);
    dup2(caught.pipe[1], STDERR_FILENO);
    close(caught.pipe[1]);
}

static const char *catch_end(void)
{
    static char text[4 * LOG_LINE_BYTES];
    dup2(caught.before, STDERR_FILENO); /* the pipe's last writer is gone */
    close(caught.before);
    ssize_t n = read(caught.pipe[0], text, sizeof(text) - 1);
    close(caught.pipe[0]);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

/* What follows the time, which is checked by its shape. */
static const char *after_time(const char *line)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";
    for (size_t i = 0; shape[i]; i++) {
        if (shape[i] == 'd')
            assert_in_range(line[i], '0', '9');
        else
            assert_int_equal(line[i], shape[i]);
    }
    return line + strlen(shape);
}

static void test_log_text_is_one_line_with_time_and_level(void **state)
{
    (void)state;
    log_set_up(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    catch_begin();
    log_write(LOG_LEVEL_INFO, "http", "run %s began", "k3x9");
    assert_string_equal(after_time(catch_end()),
                        " info http: run k3x9 began\n");
}

static void test_log_above_the_level_is_not_written(void **state)
{
    (void)state;
    log_set_up(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
    assert_true(log_wants(LOG_LEVEL_ERROR));
    assert_false(log_wants(LOG_LEVEL_INFO));
    catch_begin();
    log_write(LOG_LEVEL_INFO, "http", "not wanted");
    log_write(LOG_LEVEL_DEBUG, "http", "not wanted");
    assert_string_equal(catch_end(), "");
}

static void test_log_json_escapes_quotes_and_controls(void **state)
{
    (void)state;
    const char *expect = "\",\"level\":\"error\",\"area\":\"run\",\"text\":"
                         "\"say \\\"no\\\" \\\\ \\\\x0a\\\\xc3 \"}\n";
    log_set_up(LOG_LEVEL_DEBUG, LOG_FORMAT_JSON);
    catch_begin();
    log_write(LOG_LEVEL_ERROR, "run", "say \"no\" \\ \n\xc3 ");
    const char *line = catch_end();
    assert_memory_equal(line, "{\"time\":\"", 9);
    assert_string_equal(after_time(line + 9), expect);
}

static void test_log_text_cannot_begin_a_second_line(void **state)
{
    (void)state;
    log_set_up(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
    catch_begin();
    log_write(LOG_LEVEL_WARN, "http", "a\nb\x1b[31m\x7f");
    assert_string_equal(after_time(catch_end()),
                        " warn http: a\\x0ab\\x1b[31m\\x7f\n");
}

static void test_log_long_lines_are_cut_and_whole(void **state)
{
    (void)state;
    char text[2 * LOG_LINE_BYTES];
    memset(text, '"', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (int format = LOG_FORMAT_TEXT; format <= LOG_FORMAT_JSON; format++) {
        log_set_up(LOG_LEVEL_WARN, (enum log_format)format);
        catch_begin();
        log_write(LOG_LEVEL_WARN, "http", "%s", text);
        const char *line = catch_end();
        assert_true(strlen(line) <= LOG_LINE_BYTES);
        assert_string_equal(line + strlen(line) - 2,
                            format == LOG_FORMAT_JSON ? "}\n" : "\"\n");
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_text_is_one_line_with_time_and_level),
        cmocka_unit_test(test_log_above_the_level_is_not_written),
        cmocka_unit_test(test_log_json_escapes_quotes_and_controls),
        cmocka_unit_test(test_log_text_cannot_begin_a_second_line),
        cmocka_unit_test(test_log_long_lines_are_cut_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

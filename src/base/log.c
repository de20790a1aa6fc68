/* log.c - one line a message, see log.h. */
#include "handshake/log.h"

#include "handshake/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    TIME_BYTES = 23,     /* "2026-11-22T10:00:00.123" */
    MESSAGE_BYTES = 512, /* before anything is escaped */
    END_BYTES = 4        /* what must still fit behind a cut text */
};

static struct {
    enum log_level most;
    enum log_format format;
} set_up = {LOG_LEVEL_WARN, LOG_FORMAT_TEXT};

void log_set_up(enum log_level most, enum log_format format)
{
    set_up.most = most;
    set_up.format = format;
}

bool log_wants(enum log_level level)
{
    return level <= set_up.most;
}

const char *log_level_name(enum log_level level)
{
    static const char *const names[LOG_LEVEL_COUNT] = {
        [LOG_LEVEL_ERROR] = "error",
        [LOG_LEVEL_WARN] = "warn",
        [LOG_LEVEL_INFO] = "info",
        [LOG_LEVEL_DEBUG] = "debug",
    };
    return names[level];
}

/* A line that is being put together. */
struct line {
    char text[LOG_LINE_BYTES];
    size_t len;
};

/* All of it or nothing. */
static void put(struct line *line, const char *text)
{
    size_t len = strlen(text);
    if (len > sizeof(line->text) - END_BYTES - line->len)
        return;
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

/* Printable ASCII as it is, all else as \xNN; JSON wants quotes and backslashes
 * escaped once more. */
static void put_safe(struct line *line, const char *text)
{
    bool json = set_up.format == LOG_FORMAT_JSON;
    for (const char *c = text; *c; c++) {
        char piece[8] = {*c, '\0'};
        if (*c < 0x20 || *c > 0x7e)
            snprintf(piece, sizeof(piece), "%s\\x%02x", json ? "\\" : "",
                     (unsigned)(unsigned char)*c);
        else if (json && (*c == '"' || *c == '\\'))
            snprintf(piece, sizeof(piece), "\\%c", *c);
        put(line, piece);
    }
}

static void compose(struct line *line, const char *time, const char *level,
                    const char *area, const char *text)
{
    bool json = set_up.format == LOG_FORMAT_JSON;
    put(line, json ? "{\"time\":\"" : "");
    put(line, time);
    put(line, json ? "\",\"level\":\"" : " ");
    put(line, level);
    put(line, json ? "\",\"area\":\"" : " ");
    put_safe(line, area);
    put(line, json ? "\",\"text\":\"" : ": ");
    put_safe(line, text);
    const char *end = json ? "\"}\n" : "\n"; /* END_BYTES are left for it */
    memcpy(line->text + line->len, end, strlen(end));
    line->len += strlen(end);
}

void log_write(enum log_level level, const char *area, const char *fmt, ...)
{
    char wall[CLOCK_WALL_TEXT_BYTES];
    char text[MESSAGE_BYTES];
    struct line line = {.len = 0};
    va_list args;
    if (!log_wants(level))
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    clock_wall_text(clock_wall_ns(), wall, sizeof(wall));
    memcpy(wall + TIME_BYTES, "Z", 2);
    compose(&line, wall, log_level_name(level), area, text);
    ssize_t written = write(STDERR_FILENO, line.text, line.len);
    (void)written; /* nobody is left to tell */
}

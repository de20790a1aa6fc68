/* log.h - what a long-lived program says to its operator: one line a message,
 * on stderr.
 *
 * For `serve`; commands that end talk to their user directly. Set up once, as
 * the only thread; afterwards any thread may write. A line is one write(2), so
 * that lines of several threads never mix, and holds printable ASCII alone:
 * what came from outside cannot forge a second line or reach a terminal. */
#ifndef HANDSHAKE_LOG_H
#define HANDSHAKE_LOG_H

#include <stdbool.h>

/* The order of --log-level's words. */
enum log_level {
    LOG_LEVEL_ERROR, /* something that was asked for cannot be done */
    LOG_LEVEL_WARN,  /* done, but not as it should be */
    LOG_LEVEL_INFO,  /* what begins and ends */
    LOG_LEVEL_DEBUG, /* every request */
    LOG_LEVEL_COUNT
};

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

enum { LOG_LINE_BYTES = 1024 }; /* longer lines are cut */

/* Write messages up to `most`, in that format. Before it is called: up to
 * LOG_LEVEL_WARN, as text. */
void log_set_up(enum log_level most, enum log_format format);

/* Whether a message of that level would be written. */
bool log_wants(enum log_level level);

/* Write one message about `area` ("http"), printf-style, without a newline:
 *   2026-11-22T10:00:00.123Z warn http: an answer did not fit
 *   {"time":"...","level":"warn","area":"http","text":"an answer did not fit"}
 * What cannot be written is lost; never blocks longer than write(2) does. */
__attribute__((format(printf, 3, 4))) void
log_write(enum log_level level, const char *area, const char *fmt, ...);

/* "error", "warn", "info", "debug". Static storage. */
const char *log_level_name(enum log_level level);

#endif

/* clock.c - the two clocks of clock.h. */
#include "handshake/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint64_t NS_PER_S = 1000000000u;

static uint64_t clock_read_ns(clockid_t id)
{
    struct timespec ts = {0};
    clock_gettime(id, &ts);
    return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t clock_mono_ns(void)
{
    return clock_read_ns(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ns(void)
{
    return clock_read_ns(CLOCK_REALTIME);
}

char *clock_wall_text(uint64_t wall_ns, char *ret_text, size_t text_bytes)
{
    time_t seconds = (time_t)(wall_ns / NS_PER_S);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    char date[28]; /* and behind it ".123456789Z": 40 at most */
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(ret_text, text_bytes, "%s.%09uZ", date,
             (unsigned)(wall_ns % NS_PER_S));
    return ret_text;
}

/* Written again it must be the same: that refuses the 31st of February, a
 * missing digit and a year that nanoseconds do not reach. */
bool clock_wall_parse(const char *text, uint64_t *ret_wall_ns)
{
    struct tm tm = {0};
    char again[CLOCK_WALL_TEXT_BYTES];
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest || rest[0] != '.')
        return false;
    uint64_t ns = strtoul(rest + 1, NULL, 10) % NS_PER_S;
    *ret_wall_ns = (uint64_t)timegm(&tm) * NS_PER_S + ns;
    return strcmp(text, clock_wall_text(*ret_wall_ns, again, sizeof(again))) ==
           0;
}

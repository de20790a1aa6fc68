/* process.c - figures of this process, named as Prometheus' own libraries name
 * them, read from /proc/self. What cannot be read is left out. */
#include "http_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { STAT_BYTES = 1024 };

/* proc_pid_stat(5), counted from the state, which is field 3. */
enum {
    FIELD_UTIME = 14 - 3,
    FIELD_STIME = 15 - 3,
    FIELD_THREADS = 20 - 3,
    FIELD_START = 22 - 3,
    FIELD_VSIZE = 23 - 3,
    FIELD_RSS = 24 - 3,
    FIELD_COUNT
};

/* The numbers of /proc/self/stat. The name in front of them may hold anything,
 * blanks and brackets too, so they begin behind the last bracket. */
static bool read_stat(double ret_fields[FIELD_COUNT])
{
    char text[STAT_BYTES];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (fd >= 0)
        close(fd);
    text[len > 0 ? len : 0] = '\0';
    char *at = strrchr(text, ')');
    if (!at || at[1] != ' ')
        return false;
    at += 2;
    for (size_t i = 0; i < FIELD_COUNT && at; i++) {
        ret_fields[i] = strtod(at, NULL); /* the state itself gives 0 */
        at = strchr(at, ' ');
        if (at)
            at++;
    }
    return at != NULL;
}

/* Descriptors that are open, without that of the look; 0 when not to be had. */
static size_t count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    size_t count = 0;
    if (!dir)
        return 0;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        count += e->d_name[0] != '.';
    closedir(dir);
    return count > 0 ? count - 1 : 0;
}

/* A family of one value. */
static void write_gauge(struct buf *out, const char *name, const char *help,
                        double value)
{
    metric_family(out, name, "gauge", help);
    metric_value(out, name, NULL, value);
}

/* A clock as seconds: exact to a microsecond for the next centuries. */
static double seconds_of(clockid_t clock)
{
    struct timespec t = {0};
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Times there are in ticks, the start since the machine was. */
static void write_stat(struct buf *out, const double *fields)
{
    double tick = (double)sysconf(_SC_CLK_TCK);
    double page = (double)sysconf(_SC_PAGESIZE);
    double age = seconds_of(CLOCK_BOOTTIME) - fields[FIELD_START] / tick;
    metric_family(out, "process_cpu_seconds_total", "counter",
                  "Time on processors, user and system, in seconds.");
    metric_value(out, "process_cpu_seconds_total", NULL,
                 (fields[FIELD_UTIME] + fields[FIELD_STIME]) / tick);
    write_gauge(out, "process_start_time_seconds",
                "When the process began, in seconds since 1970.",
                seconds_of(CLOCK_REALTIME) - age);
    write_gauge(out, "process_resident_memory_bytes", "Memory in use.",
                fields[FIELD_RSS] * page);
    write_gauge(out, "process_virtual_memory_bytes", "Address space in use.",
                fields[FIELD_VSIZE]);
    write_gauge(out, "process_threads", "Threads.", fields[FIELD_THREADS]);
}

/* Read anew each time; some 50 µs. */
void process_write(struct buf *out)
{
    double fields[FIELD_COUNT];
    struct rlimit limit;
    size_t fds = count_fds();
    if (read_stat(fields))
        write_stat(out, fields);
    if (fds > 0)
        write_gauge(out, "process_open_fds", "Descriptors open.", (double)fds);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        write_gauge(out, "process_max_fds", "Descriptors there may be.",
                    (double)limit.rlim_cur);
}

/* sse_latency.c - from a segment's kernel timestamp to its SSE line at a
 * client.
 *
 * Against a running `handshake serve`: starts runs whose client waits a moment,
 * so that the stream is open before the first segment, and compares the wall
 * time at which each segment's line was read with the time in it.
 *   sse_latency PORT [RUNS] */
#include "handshake/clock.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 100, MAX_SAMPLES = 100000, LINE_BYTES = 1 << 16 };

static const char scenario[] =
    "{\"scenario\":{\"id\":\"latency\",\"title\":\"latency\","
    "\"server\":[{\"call\":\"listen\"},{\"call\":\"accept\"},"
    "{\"call\":\"recv\"},{\"call\":\"close\"}],"
    "\"client\":[{\"call\":\"sleep\",\"ms\":30},{\"call\":\"connect\"},"
    "{\"call\":\"close\"}]}}";

static double samples_us[MAX_SAMPLES];
static size_t sample_count;

static int dial(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
        perror("cannot reach the server");
        exit(EXIT_FAILURE);
    }
    return fd;
}

static FILE *request(uint16_t port, const char *method, const char *path,
                     const char *body)
{
    int fd = dial(port);
    dprintf(fd,
            "%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            method, path, port, strlen(body), body);
    return fdopen(fd, "r");
}

/* The id of a new run, from the Location header. */
static void start_run(uint16_t port, char ret_id[32])
{
    FILE *f = request(port, "POST", "/api/runs", scenario);
    char line[1024];
    static const char location[] = "Location: /api/runs/";
    ret_id[0] = '\0';
    while (fgets(line, sizeof(line), f))
        if (strncasecmp(line, location, strlen(location)) == 0)
            snprintf(ret_id, 32, "%.*s",
                     (int)strcspn(line + strlen(location), "\r\n"),
                     line + strlen(location));
    fclose(f);
    if (!ret_id[0]) {
        fprintf(stderr, "the server started no run\n");
        exit(EXIT_FAILURE);
    }
}

/* RFC 3339 with nanoseconds to nanoseconds since 1970. */
static uint64_t wall_of(const char *text)
{
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S.", &tm);
    return (uint64_t)timegm(&tm) * 1000000000u +
           (rest ? strtoull(rest, NULL, 10) : 0);
}

static void take_event(const char *json, uint64_t *start_ns, uint64_t now_ns)
{
    cJSON *e = cJSON_Parse(json);
    const char *kind = cJSON_GetStringValue(cJSON_GetObjectItem(e, "kind"));
    const char *wall = cJSON_GetStringValue(cJSON_GetObjectItem(e, "wall"));
    double t_ns = cJSON_GetNumberValue(cJSON_GetObjectItem(e, "t_ns"));
    if (wall)
        *start_ns = wall_of(wall);
    if (kind && strcmp(kind, "segment") == 0 && sample_count < MAX_SAMPLES)
        samples_us[sample_count++] =
            ((double)(now_ns - *start_ns) - t_ns) / 1000;
    cJSON_Delete(e);
}

static void watch(uint16_t port)
{
    static char line[LINE_BYTES];
    char id[32], path[64];
    start_run(port, id);
    snprintf(path, sizeof(path), "/api/runs/%s/events", id);
    FILE *f = request(port, "GET", path, "");
    uint64_t start_ns = 0;
    while (fgets(line, sizeof(line), f)) {
        uint64_t now_ns = clock_wall_ns();
        if (strncmp(line, "data:", 5) == 0)
            take_event(line + 5, &start_ns, now_ns);
    }
    fclose(f);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: sse_latency PORT [RUNS]\n");
        return EXIT_FAILURE;
    }
    uint16_t port = (uint16_t)strtoul(argv[1], NULL, 10);
    int runs = argc > 2 ? (int)strtol(argv[2], NULL, 10) : RUNS;
    for (int i = 0; i < runs; i++)
        watch(port);
    if (sample_count == 0)
        return EXIT_FAILURE;
    qsort(samples_us, sample_count, sizeof(*samples_us), compare);
    printf("kernel timestamp to SSE line at a client, %zu segments of %d "
           "runs:\n  p50 %.3f ms   p99 %.3f ms   max %.3f ms\n",
           sample_count, runs, samples_us[sample_count / 2] / 1000,
           samples_us[sample_count * 99 / 100] / 1000,
           samples_us[sample_count - 1] / 1000);
    return EXIT_SUCCESS;
}

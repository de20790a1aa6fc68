/* viewers.c - many viewers of one run: what each costs, how late news comes.
 *
 * Against a running `handshake serve`: starts a run that waits, opens so many
 * event streams of it, and has a segment made by hand ten times a second. Each
 * is two events. Counted: the server's processor time and memory, and at each
 * viewer whether every event came once and in order. How late is told by the
 * event's own time. `bare` is the yardstick: a process of a few lines that
 * writes as many bytes to as many sockets, and nothing else.
 *   viewers PORT PID VIEWERS SECONDS    against the server with that process id
 *   viewers bare VIEWERS SECONDS */
#include "handshake/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_VIEWERS = 19000,
    TICKS_A_SECOND = 5,
    LINE_BYTES = 96, /* of a line's beginning: all that is looked at */
    MAX_SAMPLES = 4000000,
    BARE_BYTES = 1400, /* of a tick, about as the two events */
    PAUSE_MS = 1000    /* before the ticks begin */
};

/* One stream being read. */
struct viewer {
    int fd;
    enum { HEAD, SIZE, DATA, TAIL } part; /* of the chunked answer */
    size_t left;                          /* of the chunk */
    char line[LINE_BYTES];
    size_t line_len;
    unsigned newest; /* id of the newest event */
};

static struct viewer viewers[MAX_VIEWERS];
static float late_us[MAX_SAMPLES];
static size_t late_count, wrong, events;
static uint64_t start_wall_ns; /* of the run */
static bool counting;

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static int dial(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
        die("cannot connect");
    return fd;
}

/* --- the run ------------------------------------------------------------- */

static const char scenario[] =
    "{\"scenario\":{\"id\":\"viewers\",\"title\":\"viewers\",\"seconds\":%d,"
    "\"server\":[{\"call\":\"sleep\",\"ms\":%d}],"
    "\"client\":[{\"call\":\"sleep\",\"ms\":%d}]}}";
static const char segment[] =
    "{\"to\":\"server\",\"flags\":\"RST\",\"seq\":1,\"src_port\":7,"
    "\"dst_port\":9}";

/* POST and give the answer's head and beginning. */
static void post(uint16_t port, const char *path, const char *body,
                 char *ret_answer, size_t bytes)
{
    int fd = dial(port);
    dprintf(fd,
            "POST %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            path, port, strlen(body), body);
    size_t len = 0;
    ssize_t n;
    while (len + 1 < bytes &&
           (n = read(fd, ret_answer + len, bytes - 1 - len)) > 0)
        len += (size_t)n;
    ret_answer[len] = '\0';
    close(fd);
}

static void start_run(uint16_t port, int seconds, char ret_id[32])
{
    char body[512], answer[4096];
    snprintf(body, sizeof(body), scenario, seconds + 60, (seconds + 30) * 1000,
             (seconds + 30) * 1000);
    post(port, "/api/runs", body, answer, sizeof(answer));
    const char *at = strstr(answer, "Location: /api/runs/");
    if (!at || sscanf(at, "Location: /api/runs/%31[a-z0-9]", ret_id) != 1) {
        fprintf(stderr, "the server started no run:\n%s\n", answer);
        exit(EXIT_FAILURE);
    }
}

/* --- reading ------------------------------------------------------------- */

static void note_late(uint64_t t_ns, uint64_t now_ns)
{
    if (counting && late_count < MAX_SAMPLES)
        late_us[late_count++] = (float)((double)now_ns - (double)t_ns) / 1000;
}

/* RFC 3339 with nanoseconds to nanoseconds since 1970. */
static uint64_t wall_of(const char *text)
{
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S.", &tm);
    return (uint64_t)timegm(&tm) * 1000000000u +
           (rest ? strtoull(rest, NULL, 10) : 0);
}

/* A line has ended: an event's number, or its time. */
static void take_line(struct viewer *v, uint64_t now_ns)
{
    v->line[v->line_len] = '\0';
    v->line_len = 0;
    if (memcmp(v->line, "id: ", 4) == 0) {
        unsigned id = (unsigned)strtoul(v->line + 4, NULL, 10);
        wrong += id != v->newest + 1;
        v->newest = id;
        events += counting;
        return;
    }
    const char *at =
        memcmp(v->line, "data:", 5) == 0 ? strstr(v->line, "\"t_ns\":") : NULL;
    if (at)
        note_late(start_wall_ns + strtoull(at + 7, NULL, 10), now_ns);
}

static void take_text(struct viewer *v, const char *text, size_t len,
                      uint64_t now_ns)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        size_t room =
            LINE_BYTES - 1 -
            (v->line_len < LINE_BYTES - 1 ? v->line_len : LINE_BYTES - 1);
        memcpy(v->line + v->line_len, text, n < room ? n : room);
        v->line_len += n < room ? n : room;
        if (!end)
            return;
        take_line(v, now_ns);
        text = end + 1;
        len -= n + 1;
    }
}

/* One line of the answer's framing: of its head, a chunk's size, or the empty
 * one after a chunk. True when it is complete. */
static bool take_frame(struct viewer *v, const char **text, size_t *len)
{
    while (*len > 0) {
        char c = *(*text)++;
        --*len;
        if (c == '\n') {
            v->line[v->line_len] = '\0';
            v->line_len = 0;
            return true;
        }
        if (c != '\r' && v->line_len < LINE_BYTES - 1)
            v->line[v->line_len++] = c;
    }
    return false;
}

/* Undo the chunks; a line of text may go on in the next one, but ours never
 * does, which is checked as `wrong` by way of its number. */
static void take(struct viewer *v, const char *text, size_t len,
                 uint64_t now_ns)
{
    while (len > 0) {
        if (v->part == DATA) {
            size_t n = len < v->left ? len : v->left;
            take_text(v, text, n, now_ns);
            text += n;
            len -= n;
            v->left -= n;
            if (v->left == 0)
                v->part = TAIL;
        } else if (take_frame(v, &text, &len)) {
            if (v->part == SIZE) {
                v->left = strtoul(v->line, NULL, 16);
                v->part = DATA;
            } else if (v->part == TAIL || v->line[0] == '\0') {
                v->part = SIZE;
            }
        }
    }
}

static void read_ready(int epfd, int timeout_ms)
{
    static char chunk[1 << 16];
    struct epoll_event ready[512];
    int n = epoll_wait(epfd, ready, 512, timeout_ms);
    for (int i = 0; i < n; i++) {
        struct viewer *v = ready[i].data.ptr;
        ssize_t got = read(v->fd, chunk, sizeof(chunk));
        if (got > 0)
            take(v, chunk, (size_t)got, clock_wall_ns());
        else if (got == 0 || errno != EAGAIN)
            die("a viewer was cut off");
    }
}

static void read_until(int epfd, uint64_t until_ns)
{
    uint64_t now;
    while ((now = clock_mono_ns()) < until_ns)
        read_ready(epfd, (int)((until_ns - now) / 1000000) + 1);
}

static int open_viewers(uint16_t port, const char *path, size_t count)
{
    int epfd = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < count; i++) {
        struct viewer *v = &viewers[i];
        v->fd = dial(port);
        dprintf(v->fd,
                "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n"
                "Accept: text/event-stream\r\n\r\n",
                path, port);
        fcntl(v->fd, F_SETFL, O_NONBLOCK);
        struct epoll_event want = {.events = EPOLLIN, .data.ptr = v};
        if (epoll_ctl(epfd, EPOLL_CTL_ADD, v->fd, &want) < 0)
            die("epoll");
        if (i % 64 == 63)
            read_ready(epfd, 0);
    }
    return epfd;
}

/* --- what it costs ------------------------------------------------------- */

static double cpu_seconds(pid_t pid)
{
    char path[64];
    unsigned long user = 0, kernel = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f || fscanf(f,
                     "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
                     "%*u %lu %lu",
                     &user, &kernel) != 2)
        die("cannot read the server's times");
    fclose(f);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static double memory_kb(pid_t pid)
{
    char path[64], line[128];
    double kb = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "VmRSS: %lf", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void print_late(void)
{
    if (late_count == 0)
        exit(EXIT_FAILURE);
    qsort(late_us, late_count, sizeof(*late_us), compare);
    printf("  late by p50 %.2f ms, p99 %.2f ms\n",
           (double)late_us[late_count / 2] / 1000,
           (double)late_us[late_count * 99 / 100] / 1000);
}

/* --- the yardstick ------------------------------------------------------- */

/* Write to everybody who has connected, ten times a second. */
static void serve_bare(int listen_fd, size_t count, int seconds)
{
    static char text[BARE_BYTES];
    int *fds = calloc(count, sizeof(*fds));
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                               "\r\n\r\n";
    for (size_t i = 0; fds && i < count; i++) {
        fds[i] = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK);
        (void)!write(fds[i], head, sizeof(head) - 1);
    }
    usleep(PAUSE_MS * 1000);
    for (unsigned tick = 1; fds && tick <= (unsigned)seconds * TICKS_A_SECOND;
         tick++) {
        memset(text, 'x', sizeof(text));
        int n =
            snprintf(text, sizeof(text), "%x\r\nid: %u\ndata: {\"t_ns\":%llu,",
                     BARE_BYTES - 7, tick, (unsigned long long)clock_wall_ns());
        text[n] = '"';
        memcpy(text + BARE_BYTES - 4, "\n\n\r\n", 4);
        for (size_t i = 0; i < count; i++)
            (void)!write(fds[i], text, sizeof(text));
        usleep(1000000 / TICKS_A_SECOND);
    }
    free(fds);
}

static void bare(size_t count, int seconds)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    if (bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 4096) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        die("bare server");
    pid_t pid = fork();
    if (pid == 0) {
        serve_bare(fd, count, seconds);
        _exit(0);
    }
    int epfd = open_viewers(ntohs(at.sin_port), "/", count);
    counting = true;
    uint64_t end =
        clock_mono_ns() + (uint64_t)(PAUSE_MS + 900 * seconds) * 1000000;
    read_until(epfd, end);
    struct rusage used = {0};
    kill(pid, SIGTERM);
    wait4(pid, NULL, 0, &used);
    printf("bare: %zu viewers, %.2f of a core, %zu events, %zu wrong\n", count,
           (seconds_of(used.ru_utime) + seconds_of(used.ru_stime)) / seconds,
           events, wrong);
    print_late();
}

/* --- the server ---------------------------------------------------------- */

static void wall_of_run(uint16_t port, const char *id)
{
    char path[64], text[8192];
    snprintf(path, sizeof(path), "/api/runs/%s", id);
    int fd = dial(port);
    dprintf(fd,
            "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n"
            "\r\n",
            path, port);
    size_t len = 0;
    ssize_t n;
    while (len < sizeof(text) - 1 &&
           (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    close(fd);
    const char *at = strstr(text, "\"wall\":\"");
    if (!at)
        die("the run does not say when it began");
    start_wall_ns = wall_of(at + 8);
}

static void against(uint16_t port, pid_t pid, size_t count, int seconds)
{
    char id[32], path[64], answer[2048];
    start_run(port, seconds, id);
    usleep(200 * 1000);
    wall_of_run(port, id);
    snprintf(path, sizeof(path), "/api/runs/%s/events", id);
    double kb = memory_kb(pid);
    int epfd = open_viewers(port, path, count);
    read_until(epfd, clock_mono_ns() + (uint64_t)PAUSE_MS * 1000000);
    snprintf(path, sizeof(path), "/api/runs/%s/inject", id);
    double cpu = cpu_seconds(pid);
    uint64_t begin = clock_mono_ns();
    counting = true;
    for (int i = 1; i <= seconds * TICKS_A_SECOND; i++) {
        post(port, path, segment, answer, sizeof(answer));
        read_until(epfd, begin + (uint64_t)i * 1000000000 / TICKS_A_SECOND);
    }
    cpu = cpu_seconds(pid) - cpu;
    double took = (double)(clock_mono_ns() - begin) / 1e9;
    read_until(epfd, clock_mono_ns() + 500 * 1000000ull);
    unsigned newest = viewers[0].newest;
    for (size_t i = 0; i < count; i++)
        wrong += viewers[i].newest != newest;
    printf("%zu viewers, %.0f events a second at each: %.2f of a core, %.1f kB "
           "a viewer\n  %zu events, %zu missed, twice or out of order\n",
           count, (double)events / (double)count / took, cpu / took,
           (memory_kb(pid) - kb) / (double)count, events, wrong);
    print_late();
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    if (argc == 4 && strcmp(argv[1], "bare") == 0)
        bare(strtoul(argv[2], NULL, 10), atoi(argv[3]));
    else if (argc == 5)
        against((uint16_t)atoi(argv[1]), atoi(argv[2]),
                strtoul(argv[3], NULL, 10), atoi(argv[4]));
    else
        fprintf(stderr, "usage: viewers PORT PID VIEWERS SECONDS\n"
                        "       viewers bare VIEWERS SECONDS\n");
    return wrong > 0;
}

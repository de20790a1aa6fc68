/* start_time.c - from exec to the first HTTP answer, programs by turns.
 *   start_time TIMES (NAME PORT COMMAND)... */
#include "handshake/clock.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_TIMES = 1000, MAX_PROGRAMS = 4, WORDS = 32 };

static void run_command(char *command)
{
    char *words[WORDS] = {NULL}, *rest = command;
    for (int i = 0; i + 1 < WORDS; i++)
        if (!(words[i] = strsep(&rest, " ")))
            break;
    if (!freopen("/dev/null", "w", stdout))
        _exit(126);
    execvp(words[0], words);
    _exit(127);
}

/* Whether port answers GET /healthz with 200. */
static int answers(uint16_t port)
{
    static const char ask[] =
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char answer[13] = "";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int ok = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 &&
             send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) > 0 &&
             recv(fd, answer, 12, MSG_WAITALL) == 12 &&
             strcmp(answer, "HTTP/1.1 200") == 0;
    close(fd);
    return ok;
}

static double start_once(uint16_t port, const char *command)
{
    char copy[1024];
    snprintf(copy, sizeof(copy), "%s", command);
    uint64_t begin_ns = clock_mono_ns();
    pid_t child = fork();
    if (child == 0)
        run_command(copy);
    while (!answers(port))
        if (waitpid(child, NULL, WNOHANG) == child) {
            fprintf(stderr, "it ended at once: %s\n", command);
            exit(EXIT_FAILURE);
        }
    double ms = (double)(clock_mono_ns() - begin_ns) / 1e6;
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    return ms;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static double ms[MAX_PROGRAMS][MAX_TIMES];
    int times = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    int programs = (argc - 2) / 3;
    if (times < 1 || times > MAX_TIMES || programs < 1 ||
        programs > MAX_PROGRAMS || argc != 2 + programs * 3) {
        fprintf(stderr, "usage: start_time TIMES (NAME PORT COMMAND)...\n");
        return EXIT_FAILURE;
    }
    for (int t = 0; t < times; t++)
        for (int p = 0; p < programs; p++)
            ms[p][t] = start_once((uint16_t)strtoul(argv[3 + p * 3], NULL, 10),
                                  argv[4 + p * 3]);
    for (int p = 0; p < programs; p++)
        qsort(ms[p], (size_t)times, sizeof(double), compare);
    for (int p = 0; p < programs; p++)
        printf("  %-10s %6.2f ms   %.2f of %s\n", argv[2 + p * 3],
               ms[p][times / 2], ms[p][times / 2] / ms[programs - 1][times / 2],
               argv[2 + (programs - 1) * 3]);
    return EXIT_SUCCESS;
}

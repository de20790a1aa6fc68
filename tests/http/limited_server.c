/* limited_server.c - the server with limits of the test's own choosing:
 *   limited_server [name=number ...]
 * Names are those of GET /api/capabilities. It lets go of no powers and has
 * the wire alone; what it says when it listens is what the program says. */
#include "handshake/http.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct http_options options = {.listen = "127.0.0.1:0"};
static struct registry_limits runs;

static const struct {
    const char *name;
    uint32_t *value;
} numbers[] = {
    {"body_bytes", &options.limits.body_bytes},
    {"header_bytes", &options.limits.header_bytes},
    {"connections", &options.limits.connections},
    {"address_connections", &options.limits.address_connections},
    {"address_requests", &options.limits.address_requests},
    {"address_rooms", &options.limits.address_rooms},
    {"address_votes", &options.limits.address_votes},
    {"held_seconds", &runs.held_seconds},
    {"viewers", &options.limits.viewers},
    {"request_seconds", &options.limits.request_seconds},
    {"answer_seconds", &options.limits.answer_seconds},
    {"viewer_seconds", &options.limits.viewer_seconds},
    {"heartbeat_seconds", &options.limits.heartbeat_seconds},
    {"run_seconds_most", &runs.max_seconds},
    {"run_events", &runs.log.max_events},
};

/* One "name=number"; false when there is no such limit. */
static bool set_limit(const char *text)
{
    const char *sign = strchr(text, '=');
    size_t len = sign ? (size_t)(sign - text) : 0;
    unsigned long value = sign ? strtoul(sign + 1, NULL, 10) : 0;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        if (strlen(numbers[i].name) != len ||
            strncmp(numbers[i].name, text, len) != 0)
            continue;
        *numbers[i].value = (uint32_t)value;
        return true;
    }
    if (len == strlen("runs_alive") && strncmp(text, "runs_alive", len) == 0)
        runs.max_alive = value;
    else if (len == strlen("runs_kept") && strncmp(text, "runs_kept", len) == 0)
        runs.max_kept = value;
    else if (len == strlen("address_runs") &&
             strncmp(text, "address_runs", len) == 0)
        runs.max_owner_alive = value;
    else if (len == strlen("address_held_runs") &&
             strncmp(text, "address_held_runs", len) == 0)
        runs.max_owner_held = value;
    else if (len == strlen("public") && strncmp(text, "public", len) == 0)
        options.listen = value ? "0.0.0.0:0" : "127.0.0.1:0";
    else if (len == strlen("memory_bytes") &&
             strncmp(text, "memory_bytes", len) == 0)
        runs.max_bytes = value;
    else
        return false;
    return true;
}

/* Until SIGTERM, which all threads have blocked. */
static int serve(int listen_fd, const char *bound, const sigset_t *ends)
{
    struct err err = {0};
    struct bell *bell = bell_new();
    struct registry *reg = bell ? registry_new(runs, bell) : NULL;
    struct http *http =
        reg ? http_start(listen_fd, &options, reg, bell, &err) : NULL;
    int which = 0;
    if (http) {
        printf("Handshake Lab is at http://%s\n", bound);
        fflush(stdout);
        sigwait(ends, &which);
    } else {
        fprintf(stderr, "limited_server: %s\n", err.text);
    }
    http_stop(http);
    registry_free(reg);
    bell_free(bell);
    return http ? 0 : 1;
}

int main(int argc, char **argv)
{
    char bound[ENDPOINT_TEXT_BYTES];
    struct err err = {0};
    sigset_t ends;
    runs = registry_default_limits();
    for (int i = 1; i < argc; i++) {
        if (!set_limit(argv[i])) {
            fprintf(stderr, "limited_server: no limit \"%s\"\n", argv[i]);
            return 2;
        }
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    int fd = http_bind(options.listen, bound, &err);
    return fd < 0 ? 1 : serve(fd, bound, &ends);
}

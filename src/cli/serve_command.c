/* serve_command.c - `handshake serve`: the page and the API until a signal.
 *
 * The order matters: the socket is bound in the machine's network, then the
 * program leaves that network for good, then it starts its threads. */
#include "cli_internal.h"

#include "handshake/http.h"
#include "handshake/log.h"
#include "handshake/settle.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const char default_listen[] = "127.0.0.1:8080";

/* What the command line says. */
struct serve_arguments {
    struct http_options http;
    struct registry_limits runs;
    uint32_t memory_megabytes; /* 0: the default */
    enum link_kind best;
    enum log_level log_level;
    enum log_format log_format;
};

/* Where a limit goes: a uint32_t or a size_t of struct serve_arguments. */
#define LIMIT_AT(option, field)                                                \
    {                                                                          \
        OPTION_MAX_##option, offsetof(struct serve_arguments, field),          \
            sizeof(((struct serve_arguments *)0)->field)                       \
    }
static const struct {
    enum option_key key;
    size_t offset, size;
} limits[] = {
    LIMIT_AT(RUNS_ALIVE, runs.max_alive),
    LIMIT_AT(ADDRESS_RUNS, runs.max_owner_alive),
    LIMIT_AT(ADDRESS_HELD_RUNS, runs.max_owner_held),
    LIMIT_AT(RUNS_KEPT, runs.max_kept),
    LIMIT_AT(MEMORY, memory_megabytes),
    LIMIT_AT(RUN_SECONDS, runs.max_seconds),
    LIMIT_AT(RUN_EVENTS, runs.log.max_events),
    LIMIT_AT(RUN_BYTES, runs.log.max_bytes),
    LIMIT_AT(VIEWERS, http.limits.viewers),
    LIMIT_AT(CONNECTIONS, http.limits.connections),
    LIMIT_AT(ADDRESS_CONNECTIONS, http.limits.address_connections),
    LIMIT_AT(ADDRESS_REQUESTS, http.limits.address_requests),
    LIMIT_AT(ADDRESS_ROOMS, http.limits.address_rooms),
    LIMIT_AT(ADDRESS_VOTES, http.limits.address_votes),
    LIMIT_AT(BODY_BYTES, http.limits.body_bytes),
    LIMIT_AT(HEADER_BYTES, http.limits.header_bytes),
    LIMIT_AT(REQUEST_SECONDS, http.limits.request_seconds),
    LIMIT_AT(ANSWER_SECONDS, http.limits.answer_seconds),
    LIMIT_AT(VIEWER_SECONDS, http.limits.viewer_seconds),
    LIMIT_AT(HEARTBEAT_SECONDS, http.limits.heartbeat_seconds),
};

/* The option's row has checked the range. */
static void take_limit(const struct given *given, struct serve_arguments *args)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        char *place = (char *)args + limits[i].offset;
        if (limits[i].key != given->spec->key)
            continue;
        if (limits[i].size == sizeof(uint32_t))
            *(uint32_t *)(void *)place = (uint32_t)given->number;
        else
            *(size_t *)(void *)place = (size_t)given->number;
    }
}

static int take_proxy(const struct command *self, const char *text,
                      struct http_proxies *proxies)
{
    struct err err = {0};
    if (proxies->count == HTTP_PROXIES_MAX)
        return usage_error(self, "at most %d proxies can be trusted",
                           HTTP_PROXIES_MAX);
    if (http_proxy_parse(text, &proxies->list[proxies->count], &err) < 0)
        return usage_error(self, "%s", err.text);
    proxies->count++;
    return 0;
}

/* What is no limit, and then the limits. */
static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    struct serve_arguments *args = into;
    (void)self;
    switch (given->spec->key) {
    case OPTION_LISTEN:
        args->http.listen = given->text;
        return 0;
    case OPTION_WEB:
        args->http.web_dir = given->text;
        return 0;
    case OPTION_TRUSTED_PROXY:
        return take_proxy(self, given->text, &args->http.proxies);
    case OPTION_PRIVATE:
        args->http.private_runs = true;
        return 0;
    case OPTION_ALLOW_HOST:
        args->http.allow_host = given->text;
        return 0;
    case OPTION_LINK:
        args->best = (enum link_kind)given->word;
        return 0;
    case OPTION_LOG_LEVEL:
        args->log_level = (enum log_level)given->word;
        return 0;
    case OPTION_LOG_FORMAT:
        args->log_format = (enum log_format)given->word;
        return 0;
    default:
        take_limit(given, args);
        return 0;
    }
}

/* Limits can be right one by one and not fit together. */
static int read_arguments(const struct command *self, int argc, char **argv,
                          struct serve_arguments *ret)
{
    struct err err = {0};
    *ret = (struct serve_arguments){.http.listen = default_listen,
                                    .runs = registry_default_limits(),
                                    .best = LINK_WIRE,
                                    .log_level = LOG_LEVEL_WARN};
    int status = options_read(self, argc, argv, take_option, ret, NULL);
    if (status == COMMAND_GOES_ON &&
        http_check_limits(ret->http.limits, &err) < 0)
        return usage_error(self, "%s", err.text);
    return status;
}

/* Wait for SIGINT or SIGTERM. */
static void wait_for_signal(int signal_fd)
{
    struct pollfd wait = {.fd = signal_fd, .events = POLLIN};
    while (signals_take(signal_fd) == 0)
        (void)poll(&wait, 1, -1);
}

/* Where it is, for this machine and for others. */
static void tell_address(const char *bound, const struct http_reach *reach)
{
    char text[ENDPOINT_TEXT_BYTES];
    printf("Handshake Lab is at http://%s - Ctrl-C ends it.\n", bound);
    for (size_t i = 0; i < reach->count; i++)
        printf("%s http://%s", i ? " or" : "Other machines reach it at",
               endpoint_text(&reach->list[i], text));
    if (reach->count)
        printf("\n");
    (void)output_flush();
}

/* Serve on listen_fd until a signal. Returns the exit status. */
static int serve(int listen_fd, int signal_fd, const char *bound,
                 const struct serve_arguments *args)
{
    const struct http_options *opt = &args->http;
    struct err err = {0};
    struct http *http = NULL;
    errno = 0;
    struct bell *bell = bell_new();
    struct registry_limits runs = args->runs;
    runs.settled = opt->settled;
    if (http_is_public(listen_fd, opt))
        runs.held_seconds = REGISTRY_HELD_SECONDS;
    if (args->memory_megabytes)
        runs.max_bytes = (size_t)args->memory_megabytes << 20;
    struct registry *reg = bell ? registry_new(runs, bell) : NULL;
    if (!reg)
        err_errno(&err, errno ? errno : ENOMEM, "the server cannot start");
    else
        http = http_start(listen_fd, opt, reg, bell, &err);
    if (http) {
        tell_address(bound, &opt->reach);
        log_write(LOG_LEVEL_INFO, "serve", "listening on %s, runs on link %s",
                  bound, link_name(opt->settled->link));
        wait_for_signal(signal_fd);
        log_write(LOG_LEVEL_INFO, "serve", "asked to end");
        registry_close(reg); /* they end while the last answers go out */
    }
    http_stop(http);
    registry_free(reg);
    bell_free(bell);
    return http ? 0 : failed(&err);
}

/* Bound first, then confined: afterwards the machine's network is out of
 * reach. */
int serve_command(const struct command *self, int argc, char **argv)
{
    struct serve_arguments args;
    struct http_options *opt = &args.http;
    struct err err = {0};
    char bound[ENDPOINT_TEXT_BYTES];
    int status = read_arguments(self, argc, argv, &args);
    if (status != COMMAND_GOES_ON)
        return status;
    log_set_up(args.log_level, args.log_format);
    int signal_fd = signals_open(&err);
    if (signal_fd < 0)
        return failed(&err);
    int listen_fd = http_bind(opt->listen, bound, &err);
    if (listen_fd >= 0)
        http_reach(listen_fd, &opt->reach);
    static struct settle_report report;
    const struct settle_options settling = {
        .best = args.best,
        .read_dir = opt->web_dir,
        .runs = args.runs.max_alive,
        .connections = http_fill_limits(opt->limits).connections};
    if (listen_fd < 0 || settle(&settling, &report, &err) < 0) {
        status = failed(&err);
    } else {
        opt->settled = &report;
        status = serve(listen_fd, signal_fd, bound, &args);
    }
    close(signal_fd);
    return status;
}

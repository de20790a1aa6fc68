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
#include <stdio.h>
#include <unistd.h>

static const char default_listen[] = "127.0.0.1:8080";

/* What the command line says. */
struct serve_arguments {
    struct http_options http;
    enum link_kind best;
    enum log_level log_level;
    enum log_format log_format;
};

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
    case OPTION_ALLOW_HOST:
        args->http.allow_host = given->text;
        return 0;
    case OPTION_LINK:
        args->best = (enum link_kind)given->word;
        return 0;
    case OPTION_LOG_LEVEL:
        args->log_level = (enum log_level)given->word;
        return 0;
    default:
        args->log_format = (enum log_format)given->word;
        return 0;
    }
}

/* Wait for SIGINT or SIGTERM. */
static void wait_for_signal(int signal_fd)
{
    struct pollfd wait = {.fd = signal_fd, .events = POLLIN};
    while (signals_take(signal_fd) == 0)
        (void)poll(&wait, 1, -1);
}

/* Serve on listen_fd until a signal. Returns the exit status. */
static int serve(int listen_fd, int signal_fd, const char *bound,
                 const struct http_options *opt)
{
    struct err err = {0};
    struct http *http = NULL;
    struct bell *bell = bell_new();
    struct registry_limits limits = registry_default_limits();
    limits.settled = opt->settled;
    struct registry *reg = bell ? registry_new(limits, bell) : NULL;
    if (!reg)
        err_set(&err, ENOMEM, "there is no memory or descriptor left to start");
    else
        http = http_start(listen_fd, opt, reg, bell, &err);
    if (http) {
        printf("Handshake Lab is at http://%s - Ctrl-C ends it.\n", bound);
        fflush(stdout);
        log_write(LOG_LEVEL_INFO, "serve", "listening on %s, runs on link %s",
                  bound, link_name(opt->settled->link));
        wait_for_signal(signal_fd);
        log_write(LOG_LEVEL_INFO, "serve", "asked to end");
    }
    http_stop(http);
    registry_free(reg);
    bell_free(bell);
    return http ? 0 : failed(&err);
}

int serve_command(const struct command *self, int argc, char **argv)
{
    struct serve_arguments args = {.http.listen = default_listen,
                                   .best = LINK_WIRE,
                                   .log_level = LOG_LEVEL_WARN};
    struct http_options *opt = &args.http;
    struct err err = {0};
    char bound[ENDPOINT_TEXT_BYTES];
    int status = options_read(self, argc, argv, take_option, &args, NULL);
    if (status != COMMAND_GOES_ON)
        return status;
    log_set_up(args.log_level, args.log_format);
    int signal_fd = signals_open(&err);
    if (signal_fd < 0)
        return failed(&err);
    int listen_fd = http_bind(opt->listen, bound, &err);
    static struct settle_report report;
    const struct settle_options settling = {.best = args.best,
                                            .read_dir = opt->web_dir};
    if (listen_fd < 0 || settle(&settling, &report, &err) < 0) {
        status = failed(&err);
    } else {
        opt->settled = &report;
        status = serve(listen_fd, signal_fd, bound, opt);
    }
    close(signal_fd);
    return status;
}

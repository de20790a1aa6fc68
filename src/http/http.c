/* http.c - starts and stops the server.
 *
 * Order of the end: wake every sleeping connection for good (waiters_stop),
 * because libmicrohttpd must not be stopped while one is suspended; then stop
 * it, which closes what is left; then join the notifier, which may resume
 * nobody any more. */
#include "http_internal.h"

#include "handshake/thread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    /* A connection's memory: the headers of a request twice, for libmicrohttpd
     * copies cookies - those of all that ever ran on localhost come along,
     * whatever its port - and so much for the headers of the answer. A viewer
     * takes 11 kB of it by default; with more, ten thousand of them take more
     * than 12 kB each in all. */
    ANSWER_HEADER_BYTES = 1536,
    FEWEST_CONNECTIONS = 64,
    OTHER_DESCRIPTORS = 1024 /* for runs: a dozen each */
};

/* Room for that many connections beside the descriptors of runs. The soft
 * limit is often a modest 1024 that anybody may raise. Returns how many
 * connections there is room for. */
static size_t room_for(size_t connections)
{
    struct rlimit limit;
    rlim_t need = connections + OTHER_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return connections;
    if (limit.rlim_cur < need) {
        limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= need)
        return connections;
    size_t left = limit.rlim_cur / 2;
    return left < FEWEST_CONNECTIONS ? FEWEST_CONNECTIONS : left;
}

/* One thread with epoll serves everybody; suspending is what makes a viewer
 * cost no thread. Library messages go nowhere: what matters is answered. */
static struct MHD_Daemon *start_daemon(struct http *http, int listen_fd)
{
    const struct http_limits *limits = &http->limits;
    size_t connections = room_for(limits->connections);
    http->conns.max_open = connections;
    http->conns.max_address = limits->address_connections;
    size_t bytes = 2 * limits->header_bytes + ANSWER_HEADER_BYTES;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0,
        conns_accept, &http->conns, request_access, http,
        MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, http, MHD_OPTION_UNESCAPE_CALLBACK, request_unescape,
        http, MHD_OPTION_NOTIFY_CONNECTION, conns_notify, &http->conns,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections + CONNS_RESERVE,
        MHD_OPTION_CONNECTION_TIMEOUT, limits->request_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, bytes, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK_BYTES,
        MHD_OPTION_END);
}

bool http_is_public(int listen_fd, const struct http_options *opt)
{
    struct endpoint bound;
    return opt->proxies.count > 0 || listen_endpoint(listen_fd, &bound) < 0 ||
           !ipaddr_is_loopback(&bound.addr);
}

/* Stop and free all but the listening socket, however far the start came. */
static void http_dismantle(struct http *http)
{
    waiters_stop(&http->waiters);
    if (http->daemon)
        MHD_stop_daemon(http->daemon); /* closes the listening socket */
    waiters_done(&http->waiters);
    conns_done(&http->conns);
    for (size_t i = 0; i < KEPT_COUNT; i++)
        kept_done(&http->kept[i]);
    web_free(http->web);
    rooms_free(http->rooms);
    free(http);
}

/* All that can fail after the notifier runs. Returns 0 or -errno; what was made
 * is left to http_dismantle(). */
static int http_set_up(struct http *http, int listen_fd,
                       const struct http_options *opt, struct err *ret_err)
{
    struct endpoint bound;
    int r = listen_endpoint(listen_fd, &bound);
    if (r < 0)
        return err_errno(ret_err, -r, "the socket to serve on is no good");
    http->bound = bound.addr;
    http->private_runs = opt->private_runs;
    http->is_public = http_is_public(listen_fd, opt);
    http->conns.clients = &http->clients;
    http->conns.proxies = &http->proxies;
    if (opt->allow_host)
        snprintf(http->allow_host, sizeof(http->allow_host), "%s",
                 opt->allow_host);
    http->web = web_new(opt->web_dir, ret_err);
    if (!http->web)
        return -ENOENT;
    http->rooms = rooms_new();
    if (!http->rooms)
        return err_set(ret_err, ENOMEM, "no memory for the HTTP server");
    errno = 0;
    http->daemon = start_daemon(http, listen_fd);
    if (!http->daemon) /* libmicrohttpd leaves the errno of what failed */
        return err_thread(ret_err, errno ? errno : ENOMEM,
                          "the HTTP server could not start");
    return 0;
}

struct http *http_start(int listen_fd, const struct http_options *opt,
                        struct registry *reg, struct bell *bell,
                        struct err *ret_err)
{
    struct http *http = calloc(1, sizeof(*http));
    if (!http || http_check_limits(opt->limits, ret_err) < 0) {
        if (!http)
            err_set(ret_err, ENOMEM, "no memory for the HTTP server");
        close(listen_fd);
        free(http);
        return NULL;
    }
    http->reg = reg;
    http->settled = opt->settled;
    http->reach = opt->reach;
    http->proxies = opt->proxies;
    http->limits = http_fill_limits(opt->limits);
    conns_init(&http->conns, &http->limits);
    int r = waiters_init(&http->waiters, bell, &http->conns, &http->limits);
    if (r < 0)
        err_thread(ret_err, -r, "the HTTP server could not start its thread");
    else
        r = http_set_up(http, listen_fd, opt, ret_err);
    if (r == 0)
        return http;
    if (!http->daemon)
        close(listen_fd);
    http_dismantle(http);
    return NULL;
}

void http_stop(struct http *http)
{
    if (http)
        http_dismantle(http);
}

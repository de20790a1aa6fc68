/* listen.c - from "127.0.0.1:8080" to a listening socket.
 *
 * Done by itself because the socket must be bound before the program leaves
 * the machine's network, long before the server starts. */
#include "http_internal.h"

#include "handshake/log.h"
#include "handshake/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTEN_BACKLOG = 1024 };

/* Split "HOST:PORT" or "[HOST]:PORT" into host (brackets gone) and port. */
static bool split_host_port(const char *text, char *ret_host, size_t host_bytes,
                            uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':');
    uint32_t port;
    if (!colon || !parse_u32(colon + 1, &port) || port > UINT16_MAX)
        return false;
    const char *host = text;
    size_t len = (size_t)(colon - text);
    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    }
    if (len >= host_bytes)
        return false;
    memcpy(ret_host, host, len);
    ret_host[len] = '\0';
    *ret_port = (uint16_t)port;
    return true;
}

/* What --listen says, or a sentence that shows how to say it. Names are not
 * looked up: which of their addresses was meant would be a guess. */
static int parse_listen(const char *text, struct endpoint *ret_endpoint,
                        struct err *ret_err)
{
    char host[ENDPOINT_TEXT_BYTES];
    if (!split_host_port(text, host, sizeof(host), &ret_endpoint->port))
        return err_set(ret_err, EINVAL,
                       "\"%.80s\" is no address to listen on: write "
                       "ADDRESS:PORT, as in 127.0.0.1:8080 or [::1]:8080",
                       text);
    const char *address = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (!ipaddr_parse(address, &ret_endpoint->addr))
        return err_set(ret_err, EINVAL,
                       "\"%s\" is no IP address: listen on 127.0.0.1:%u to "
                       "serve this machine, 0.0.0.0:%u to serve all",
                       host, ret_endpoint->port, ret_endpoint->port);
    return 0;
}

socklen_t sockaddr_of(const struct endpoint *e, struct sockaddr_storage *ret_ss)
{
    memset(ret_ss, 0, sizeof(*ret_ss));
    if (e->addr.version == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)ret_ss;
        in->sin_family = AF_INET;
        in->sin_port = htons(e->port);
        memcpy(&in->sin_addr, e->addr.bytes, 4);
        return sizeof(*in);
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret_ss;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(e->port);
    memcpy(&in6->sin6_addr, e->addr.bytes, 16);
    return sizeof(*in6);
}

int endpoint_of(const struct sockaddr *sa, struct endpoint *ret_endpoint)
{
    *ret_endpoint = (struct endpoint){0};
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)sa;
        ret_endpoint->addr.version = 4;
        memcpy(ret_endpoint->addr.bytes, &in->sin_addr, 4);
        ret_endpoint->port = ntohs(in->sin_port);
        return 0;
    }
    if (sa->sa_family != AF_INET6)
        return -EAFNOSUPPORT;
    const struct sockaddr_in6 *in6 = (const void *)sa;
    ret_endpoint->addr.version = 6;
    memcpy(ret_endpoint->addr.bytes, &in6->sin6_addr, 16);
    ret_endpoint->port = ntohs(in6->sin6_port);
    return 0;
}

int listen_endpoint(int fd, struct endpoint *ret_endpoint)
{
    struct sockaddr_storage ss = {0};
    socklen_t len = sizeof(ss);
    if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
        return -errno;
    return endpoint_of((const struct sockaddr *)&ss, ret_endpoint);
}

/* The sentence for a refused bind: what to type instead. */
static int bind_refused(const struct endpoint *e, int code, struct err *ret_err)
{
    char at[ENDPOINT_TEXT_BYTES], next[ENDPOINT_TEXT_BYTES];
    struct endpoint other = *e;
    other.port = e->port < 1024         ? 8080
                 : e->port < UINT16_MAX ? (uint16_t)(e->port + 1)
                                        : 8080;
    endpoint_text(e, at);
    endpoint_text(&other, next);
    switch (code) {
    case EADDRINUSE:
        return err_set(ret_err, code,
                       "%s is in use by another program: try --listen %s", at,
                       next);
    case EACCES:
        return err_set(ret_err, code,
                       "ports below 1024 are reserved for root: try --listen "
                       "%s",
                       next);
    case EADDRNOTAVAIL:
        return err_set(ret_err, code,
                       "this machine has no address to listen on %s: try "
                       "--listen 127.0.0.1:%u",
                       at, e->port);
    default:
        return err_errno(ret_err, code, "cannot listen on %s", at);
    }
}

/* Before listen(): connections inherit it. Without it the page is served all
 * the same; SECURITY.md says what an intruder could do then. */
static void confine(int fd, const struct endpoint *bound)
{
    int r = listener_confine(fd, bound);
    if (r < 0)
        log_write(LOG_LEVEL_WARN, "listen",
                  "the kernel refuses a filter on the HTTP socket (%s): "
                  "an intruder could connect it elsewhere",
                  err_words(-r));
}

/* The port may have been left to the kernel: *e says which it became. Returns 0
 * or -errno; fd stays open in any case. */
static int bind_and_listen(int fd, struct endpoint *e)
{
    const int on = 1;
    struct sockaddr_storage ss;
    socklen_t len = sockaddr_of(e, &ss);
    /* Connections of an earlier server in TIME-WAIT shall not block us. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(fd, (struct sockaddr *)&ss, len) < 0)
        return -errno;
    int r = listen_endpoint(fd, e);
    if (r < 0)
        return r;
    confine(fd, e);
    return listen(fd, LISTEN_BACKLOG) < 0 ? -errno : 0;
}

int http_bind(const char *listen_text, char *ret_bound, struct err *ret_err)
{
    struct endpoint e = {0};
    int r = parse_listen(listen_text, &e, ret_err);
    if (r < 0)
        return r;
    int fd = socket(e.addr.version == 4 ? AF_INET : AF_INET6,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot make a socket");
    r = bind_and_listen(fd, &e);
    if (r < 0) {
        close(fd);
        return bind_refused(&e, -r, ret_err);
    }
    endpoint_text(&e, ret_bound);
    return fd;
}

/* guest_server.c - the built-in servers for somebody's own client: one that
 * sends back what comes, and one that answers any GET over HTTP/1.1 with a few
 * lines that say what it is (RFC 9110, 9112).
 *
 * One thread, non-blocking sockets, poll(). Each connection has two buffers;
 * it reads only while it has nothing to write, so that a client which never
 * reads holds up itself alone. The bytes come from anywhere: nothing is
 * believed of them but their number. */
#include "steps_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    SERVED_MAX = 512, /* connections at a time; more wait to be accepted */
    SERVED_IN_BYTES = 8192,
    SERVED_OUT_BYTES = SERVED_IN_BYTES
};

struct served {
    int fd; /* (owned) */
    struct endpoint local, peer;
    size_t in_len, out_len, out_at;
    uint64_t skip; /* bytes of a request's body still to come */
    bool eof;      /* the client sends no more */
    bool last;     /* close when what is in `out` has been written */
    bool shut;     /* our side is closed: read on until the client's is */
    char in[SERVED_IN_BYTES], out[SERVED_OUT_BYTES];
};

struct server {
    struct host *host;
    int listener; /* (owned) */
    struct served *list[SERVED_MAX];
    size_t count;
};

/* Turn what is in `in` into what goes out; `out` is empty. */
typedef void answer_fn(struct served *s);

/* --- echo ---------------------------------------------------------------- */

static void answer_echo(struct served *s)
{
    memcpy(s->out, s->in, s->in_len);
    s->out_len = s->in_len;
    s->in_len = 0;
    s->last = s->eof;
}

/* --- HTTP ---------------------------------------------------------------- */

/* The length of the request's head with its empty line, 0 while incomplete. */
static size_t head_len(const struct served *s)
{
    const char *crlf = memmem(s->in, s->in_len, "\r\n\r\n", 4);
    const char *lf = memmem(s->in, s->in_len, "\n\n", 2);
    if (crlf && (!lf || crlf < lf))
        return (size_t)(crlf - s->in) + 4;
    return lf ? (size_t)(lf - s->in) + 2 : 0;
}

/* The value of a header field in head, or NULL. The head ends with a NUL. */
static const char *field(const char *head, const char *name)
{
    size_t len = strlen(name);
    const char *line = strchr(head, '\n');
    for (; line; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, len) == 0 && line[1 + len] == ':')
            return line + 1 + len + 1 + strspn(line + 1 + len + 1, " \t");
    }
    return NULL;
}

static bool says(const char *value, const char *word)
{
    return value && strncasecmp(value, word, strlen(word)) == 0;
}

/* Whether the connection goes on after this request. What cannot be skipped for
 * certain ends it. */
static bool goes_on(const char *head, uint64_t *ret_skip)
{
    const char *length = field(head, "Content-Length");
    const char *line_end = strchr(head, '\n');
    bool is_1_1 = memmem(head, (size_t)(line_end - head), "HTTP/1.1", 8);
    *ret_skip = length ? strtoull(length, NULL, 10) : 0;
    return is_1_1 && !says(field(head, "Connection"), "close") &&
           !field(head, "Transfer-Encoding") && !field(head, "Expect") &&
           *ret_skip < UINT32_MAX;
}

static void put_response(struct served *s, const char *status, const char *more,
                         const char *body, bool with_body)
{
    int n =
        snprintf(s->out, sizeof(s->out),
                 "HTTP/1.1 %s\r\n%sContent-Type: text/plain\r\n"
                 "Content-Length: %zu\r\n%s\r\n%s",
                 status, more, strlen(body),
                 s->last ? "Connection: close\r\n" : "", with_body ? body : "");
    s->out_len = n < (int)sizeof(s->out) ? (size_t)n : sizeof(s->out) - 1;
}

static void put_page(struct served *s, bool with_body)
{
    char local[ENDPOINT_TEXT_BYTES], peer[ENDPOINT_TEXT_BYTES];
    char body[400];
    snprintf(body, sizeof(body),
             "This is the built-in server of `handshake exec`.\n"
             "You are %s, this is %s: two Linux kernels\n"
             "with nothing between them but Handshake Lab's wire.\n",
             endpoint_text(&s->peer, peer), endpoint_text(&s->local, local));
    put_response(s, "200 OK", "", body, with_body);
}

static void answer_head(struct served *s, const char *head)
{
    s->last = !goes_on(head, &s->skip);
    bool is_head = strncmp(head, "HEAD ", 5) == 0;
    if (is_head || strncmp(head, "GET ", 4) == 0)
        put_page(s, !is_head);
    else
        put_response(s, "405 Method Not Allowed", "Allow: GET, HEAD\r\n",
                     "Only GET and HEAD are answered here.\n", true);
}

static void drop_input(struct served *s, size_t n)
{
    memmove(s->in, s->in + n, s->in_len - n);
    s->in_len -= n;
}

static void skip_body(struct served *s)
{
    size_t n = s->skip < s->in_len ? (size_t)s->skip : s->in_len;
    drop_input(s, n);
    s->skip -= n;
}

static void answer_http(struct served *s)
{
    skip_body(s);
    size_t len = head_len(s);
    if (len > 0) {
        char head[SERVED_IN_BYTES + 1];
        memcpy(head, s->in, len);
        head[len] = '\0';
        drop_input(s, len);
        answer_head(s, head);
    } else if (s->in_len == sizeof(s->in)) {
        s->last = true;
        put_response(s, "431 Request Header Fields Too Large", "",
                     "The request's head is longer than 8192 bytes.\n", true);
    } else if (s->eof) {
        s->last = true;
    }
}

static answer_fn *const answers[GUEST_KIND_COUNT] = {
    [GUEST_ECHO] = answer_echo,
    [GUEST_HTTP] = answer_http,
};

/* --- one connection ------------------------------------------------------ */

static bool has_output(const struct served *s)
{
    return s->out_at < s->out_len;
}

/* False when the connection is over. */
static bool read_some(struct served *s)
{
    size_t room = sizeof(s->in) - s->in_len;
    if (s->eof || room == 0)
        return true;
    ssize_t n = recv(s->fd, s->in + s->in_len, room, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    s->eof = n == 0;
    /* Once our side is closed nothing is answered: what comes is let go. */
    s->in_len = s->shut ? 0 : s->in_len + (size_t)n;
    return !(s->shut && s->eof);
}

static bool write_some(struct served *s)
{
    ssize_t n = send(s->fd, s->out + s->out_at, s->out_len - s->out_at,
                     MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    s->out_at += (size_t)n;
    if (!has_output(s))
        s->out_at = s->out_len = 0;
    return true;
}

/* Answer and write as far as it goes without waiting. False when the connection
 * is broken. */
static bool answer_all(struct served *s, answer_fn *answer)
{
    while (!s->shut) {
        if (!has_output(s) && !s->last)
            answer(s);
        if (!has_output(s))
            return true;
        if (!write_some(s))
            return false;
        if (has_output(s))
            return true; /* the peer does not read */
    }
    return true;
}

/* False when the connection is over. After the last answer our side is closed
 * and the client's waited for: closing at once would reset what it still sends.
 */
static bool serve_one(struct served *s, answer_fn *answer)
{
    if (!has_output(s) && !read_some(s))
        return false;
    if (!answer_all(s, answer))
        return false;
    if (!s->last || has_output(s) || s->shut)
        return true;
    s->shut = true;
    shutdown(s->fd, SHUT_WR);
    return !s->eof;
}

/* --- all of them --------------------------------------------------------- */

/* One socket for both versions where there are both. */
static int open_listener(const struct host *host)
{
    const int on = 1, off = 0;
    union any_address a = {.storage = {0}};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t len = sizeof(a.v6);
    a.v6.sin6_family = AF_INET6;
    a.v6.sin6_port = htons(host->address.port);
    if (fd < 0 && host->address.addr.version == 4) {
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        len = sockets_address(&host->address, &a);
    }
    if (fd < 0)
        return -errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    if (bind(fd, &a.sa, len) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int code = errno;
    close(fd);
    return -code;
}

/* An IPv4 client of a socket for both is named in IPv6's way. */
static struct endpoint plain_endpoint(const union any_address *a)
{
    struct endpoint e = sockets_endpoint(a);
    if (e.addr.version == 6 && IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr)) {
        struct ipaddr v4 = {.version = 4};
        memcpy(v4.bytes, e.addr.bytes + 12, 4);
        e.addr = v4;
    }
    return e;
}

static void take_connection(struct server *server)
{
    union any_address peer = {.storage = {0}}, local = {.storage = {0}};
    socklen_t len = sizeof(peer);
    int fd =
        accept4(server->listener, &peer.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct served *s = calloc(1, sizeof(*s));
    if (!s) {
        close(fd);
        return;
    }
    len = sizeof(local);
    getsockname(fd, &local.sa, &len);
    s->fd = fd;
    s->peer = plain_endpoint(&peer);
    s->local = plain_endpoint(&local);
    server->list[server->count++] = s;
}

static void let_go(struct server *server, size_t i)
{
    close(server->list[i]->fd);
    free(server->list[i]);
    server->list[i] = server->list[--server->count];
}

/* Wait for news and deal with it. */
static void serve_round(struct server *server, answer_fn *answer)
{
    struct pollfd waits[SERVED_MAX + 1];
    size_t count = server->count;
    for (size_t i = 0; i < count; i++) {
        const struct served *s = server->list[i];
        short events = has_output(s) ? POLLOUT : s->eof ? 0 : POLLIN;
        waits[i] = (struct pollfd){.fd = s->fd, .events = events};
    }
    bool full = count == SERVED_MAX;
    waits[count] =
        (struct pollfd){.fd = full ? -1 : server->listener, .events = POLLIN};
    if (poll(waits, count + 1, -1) <= 0)
        return;
    for (size_t i = count; i-- > 0;)
        if (waits[i].revents && !serve_one(server->list[i], answer))
            let_go(server, i);
    if (waits[count].revents)
        take_connection(server);
}

static void say_listening(struct host *host)
{
    static const struct endpoint nobody = {.port = 0};
    track_socket(host, &host->address, &nobody, 0, 0);
    run_progress(host->run, &host->listening);
}

/* What is open when the run is over is reset: nobody carries a FIN then. */
static void end_server(struct server *server)
{
    const struct linger abort = {.l_onoff = 1, .l_linger = 0};
    while (server->count > 0) {
        setsockopt(server->list[0]->fd, SOL_SOCKET, SO_LINGER, &abort,
                   sizeof(abort));
        let_go(server, 0);
    }
    close(server->listener);
    free(server);
}

void guest_serve(struct host *host)
{
    answer_fn *answer = answers[host->run->options.guests[host->id].kind];
    struct server *server = calloc(1, sizeof(*server));
    int fd = server ? open_listener(host) : -ENOMEM;
    if (fd < 0) {
        host->failed = true;
        snprintf(host->complaint, sizeof(host->complaint),
                 "the built-in server cannot listen on port %u: %s",
                 host->address.port, err_words(-fd));
        free(server);
        run_progress(host->run, &host->listening);
        return;
    }
    server->host = host;
    server->listener = fd;
    say_listening(host);
    while (!call_interrupted(host))
        serve_round(server, answer);
    end_server(server);
}

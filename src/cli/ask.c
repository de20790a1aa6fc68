/* ask.c - a small HTTP/1.1 client, see ask_internal.h: connecting, the head of
 * an answer; the body is in ask_body.c. */
#include "ask_internal.h"
#include "dial_internal.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_MS = 10000, HEAD_MAX_BYTES = 4096, URL_BYTES = 600 };

/* --- where --------------------------------------------------------------- */

/* Only what may stand in a Host header and in a path: no blanks, no controls,
 * nothing that would begin a line of its own. */
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7f || strchr("\"<>\\^`{|}@?#", *text))
            return false;
    return true;
}

/* Port 0 is nobody's: there is nothing to connect to. */
static bool is_port(const char *text)
{
    size_t len = strspn(text, "0123456789");
    long port = strtol(text, NULL, 10);
    return len > 0 && len <= 5 && !text[len] && port > 0 && port < 65536;
}

/* "HOST", "HOST:PORT", "[::1]:PORT"; cut in place. False when it is none. */
static bool take_authority(char *text, struct server *ret)
{
    char *host = text;
    char *rest = text + strcspn(text, ":");
    if (*text == '[') {
        host = text + 1;
        rest = strchr(text, ']');
        if (!rest)
            return false;
        *rest++ = '\0';
    }
    const char *port = *rest == ':' ? rest + 1 : "80";
    if (*rest != ':' && *rest)
        return false;
    *rest = '\0';
    if (!host[0] || strlen(host) >= sizeof(ret->host) || !is_port(port))
        return false;
    snprintf(ret->host, sizeof(ret->host), "%s", host);
    snprintf(ret->port, sizeof(ret->port), "%.5s", port);
    return true;
}

/* What may stand behind the authority, without the slashes at its end. */
static bool take_prefix(const char *path, struct server *ret)
{
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] == '/')
        len--;
    if (len >= sizeof(ret->prefix))
        return false;
    memcpy(ret->prefix, path, len);
    ret->prefix[len] = '\0';
    return true;
}

/* The copy is cut at its slash; the path stays readable in url. */
int server_parse(const char *url, struct server *ret, struct err *ret_err)
{
    static const char scheme[] = "http://";
    char text[URL_BYTES];
    *ret = (struct server){.timeout_ms = DEFAULT_TIMEOUT_MS, .stop_fd = -1};
    if (strncasecmp(url, "https://", 8) == 0)
        return err_set(ret_err, EINVAL,
                       "\"%.80s\": only plain http:// is spoken here; go "
                       "through an SSH tunnel where that is not safe",
                       url);
    const char *rest = url;
    if (strncasecmp(url, scheme, sizeof(scheme) - 1) == 0)
        rest += sizeof(scheme) - 1;
    int n = snprintf(text, sizeof(text), "%s", rest);
    bool ok = n >= 0 && (size_t)n < sizeof(text) && is_plain(text);
    const char *path = rest + strcspn(rest, "/");
    text[ok ? path - rest : 0] = '\0';
    if (ok && take_authority(text, ret) && take_prefix(path, ret))
        return 0;
    return err_set(ret_err, EINVAL,
                   "\"%.80s\" is no address of a server: write "
                   "http://localhost:8080",
                   url);
}

/* An IPv6 address needs its brackets back: they part it from the port. */
char *server_text(const struct server *s, char *ret_text, size_t text_bytes)
{
    bool v6 = strchr(s->host, ':') != NULL;
    snprintf(ret_text, text_bytes, "http://%s%s%s:%s%s", v6 ? "[" : "", s->host,
             v6 ? "]" : "", s->port, s->prefix);
    return ret_text;
}

/* --- connecting ---------------------------------------------------------- */

/* The one fault that people meet has its own sentence; the rest is the
 * kernel's. */
static int refused(const struct server *s, int code, struct err *ret_err)
{
    char text[URL_BYTES];
    server_text(s, text, sizeof(text));
    if (code == EINTR)
        return -EINTR;
    if (code == ECONNREFUSED)
        return err_set(ret_err, code,
                       "nothing answers at %.200s: is `handshake serve` "
                       "running there?",
                       text);
    return err_errno(ret_err, code, "cannot reach %.200s", text);
}

/* Each address of the name in turn. The descriptor, or -errno with a
 * sentence. */
static int dial(const struct server *s, struct err *ret_err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int failed = getaddrinfo(s->host, s->port, &hints, &list);
    if (failed)
        return err_set(ret_err, EHOSTUNREACH, "cannot find \"%.100s\": %s",
                       s->host, gai_strerror(failed));
    int fd = dial_any(list, (int)s->timeout_ms, s->stop_fd);
    freeaddrinfo(list);
    return fd >= 0 ? fd : refused(s, -fd, ret_err);
}

/* --- sending ------------------------------------------------------------- */

/* A body may be longer than the socket's buffer, and the server slow to
 * read: then we wait like for anything else. */
static int send_all(const struct server *s, int fd, const char *bytes,
                    size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        int r = n < 0 ? -errno : 0;
        if (r == -EAGAIN)
            r = dial_wait(fd, POLLOUT, (int)s->timeout_ms, s->stop_fd);
        if (r < 0)
            return r;
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Connection: close, because nothing is asked a second time; no
 * Accept-Encoding, so that the answer comes as it is. */
static void put_head(const struct server *s, const struct ask_request *q,
                     struct buf *out)
{
    char url[URL_BYTES];
    const char *authority =
        server_text(s, url, sizeof(url)) + strlen("http://");
    int len = (int)strcspn(authority, "/");
    buf_printf(out, "%s %s%s HTTP/1.1\r\nHost: %.*s\r\nConnection: close\r\n",
               q->method, s->prefix, q->path, len, authority);
    if (q->accept)
        buf_printf(out, "Accept: %s\r\n", q->accept);
    if (q->key && q->key[0])
        buf_printf(out, "Authorization: Bearer %s\r\n", q->key);
    if (q->body)
        buf_printf(out,
                   "Content-Type: application/json\r\n"
                   "Content-Length: %zu\r\n",
                   q->body_len);
    buf_str(out, "\r\n");
}

/* Head and body in two writes: the body is the caller's and is not copied. */
static int send_question(const struct server *s, const struct ask_request *q,
                         int fd)
{
    struct buf head;
    buf_init(&head, HEAD_MAX_BYTES);
    put_head(s, q, &head);
    int r = head.failed ? -ENOMEM : send_all(s, fd, head.data, head.len);
    buf_done(&head);
    return r < 0 || !q->body ? r : send_all(s, fd, q->body, q->body_len);
}

/* --- the head of an answer ----------------------------------------------- */

/* The value of a header line when it has that name, else NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t len = strlen(name);
    if (strncasecmp(line, name, len) != 0 || line[len] != ':')
        return NULL;
    line += len + 1;
    return line + strspn(line, " \t");
}

/* One line of the head, NUL-terminated. */
static void take_header(struct answer *a, const char *line)
{
    const char *length = value_of(line, "Content-Length");
    const char *coding = value_of(line, "Transfer-Encoding");
    if (length && isdigit((unsigned char)length[0]) &&
        a->body != BODY_CHUNKED) {
        a->body = BODY_KNOWN;
        a->left = strtoull(length, NULL, 10);
    }
    if (coding && strncasecmp(coding, "chunked", 7) == 0) {
        a->body = BODY_CHUNKED;
        a->left = 0;
    }
}

/* The head lies in a->in, NUL-terminated. False when it is none. */
static bool parse_head(struct answer *a)
{
    char *line = a->in;
    if (strncmp(line, "HTTP/1.", 7) != 0 || strlen(line) < 12)
        return false;
    a->status = (int)strtol(line + 9, NULL, 10);
    a->body = BODY_TO_END;
    for (char *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
        *end = '\0';
        take_header(a, line);
    }
    if (a->status == 204 || a->status == 304) {
        a->body = BODY_KNOWN;
        a->left = 0;
    }
    a->ended = a->body == BODY_KNOWN && a->left == 0;
    return a->status >= 100 && a->status <= 599;
}

/* Read more behind what is there. 0, -EINTR or -errno; -EPROTO at an end. */
static int read_more(struct answer *a)
{
    ssize_t n = -1;
    int r = 0;
    while (n < 0) {
        n = recv(a->fd, a->in + a->len, sizeof(a->in) - 1 - a->len, 0);
        if (n >= 0)
            break;
        r = errno == EAGAIN
                ? dial_wait(a->fd, POLLIN, (int)a->timeout_ms, a->stop_fd)
                : -errno;
        if (r < 0)
            return r;
    }
    a->len += (size_t)n;
    a->in[a->len] = '\0';
    return n == 0 ? -EPROTO : 0;
}

/* Until the empty line; what came behind it is left for the body. */
int answer_begin(struct answer *a)
{
    char *end;
    a->at = a->len = 0;
    a->state = 0;
    a->left = 0;
    a->in[0] = '\0';
    while ((end = strstr(a->in, "\r\n\r\n")) == NULL) {
        int r = a->len < sizeof(a->in) - 1 ? read_more(a) : -EPROTO;
        if (r < 0)
            return r;
    }
    size_t head = (size_t)(end - a->in) + 4;
    end[2] = '\0';
    if (!parse_head(a))
        return -EPROTO;
    a->at = head;
    return 0;
}

/* Why there is no answer although there is a connection. */
static int unanswered(const struct server *server, int code,
                      struct err *ret_err)
{
    char text[URL_BYTES];
    server_text(server, text, sizeof(text));
    if (code == EINTR)
        return -EINTR;
    if (code == EPROTO)
        return err_set(ret_err, EPROTO,
                       "what answers at %.200s does not speak HTTP as "
                       "expected",
                       text);
    return err_errno(ret_err, code, "no answer from %.200s", text);
}

/* The descriptor is closed on every way out but the good one. */
int ask(const struct server *server, const struct ask_request *q,
        struct answer *ret, struct err *ret_err)
{
    ret->timeout_ms = server->timeout_ms;
    ret->stop_fd = server->stop_fd;
    ret->fd = dial(server, ret_err);
    if (ret->fd < 0)
        return ret->fd;
    int r = send_question(server, q, ret->fd);
    if (r == 0)
        r = answer_begin(ret);
    if (r == 0)
        return 0;
    answer_close(ret);
    return unanswered(server, -r, ret_err);
}

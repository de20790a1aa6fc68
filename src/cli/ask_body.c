/* ask_body.c - the body of an answer: of known length, in chunks (RFC 9112
 * section 7.1), or up to the end of the connection. */
#include "ask_internal.h"
#include "dial_internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the chunk reader expects next; a chunk is
 * "1a;extension\r\n" DATA "\r\n", the last one is empty and followed by
 * trailer lines and an empty line. */
enum chunk_state {
    CHUNK_SIZE, /* begins a line; else as the names say */
    CHUNK_EXTENSION,
    CHUNK_DATA,
    CHUNK_DATA_END,
    CHUNK_TRAILER,      /* at the beginning of a line */
    CHUNK_TRAILER_LINE, /* within it */
};

/* Reads at a time, so that what is taken can be worked on in between. */
enum { ROUNDS = 16 };

static const uint64_t CHUNK_MAX_BYTES = 1u << 30;

/* Not isxdigit() and strtoull(): a chunk's size can be cut anywhere. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The size line has come to its end. */
static enum chunk_state after_size(const struct answer *a)
{
    return a->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
}

/* One byte that is no data. The next state, or -EPROTO. */
static int chunk_byte(struct answer *a, char c)
{
    int digit = hex_digit(c);
    switch ((enum chunk_state)a->state) {
    case CHUNK_SIZE:
        if (digit >= 0 && a->left < CHUNK_MAX_BYTES) {
            a->left = a->left * 16 + (unsigned)digit;
            return CHUNK_SIZE;
        }
        if (c == '\n')
            return after_size(a);
        return c == '\r' || c == ';' || c == ' ' ? CHUNK_EXTENSION : -EPROTO;
    case CHUNK_EXTENSION:
        return c == '\n' ? (int)after_size(a) : CHUNK_EXTENSION;
    case CHUNK_DATA_END:
        if (c == '\n')
            return CHUNK_SIZE;
        return c == '\r' ? CHUNK_DATA_END : -EPROTO;
    case CHUNK_TRAILER:
        a->ended = c == '\n';
        return c == '\r' || c == '\n' ? CHUNK_TRAILER : CHUNK_TRAILER_LINE;
    case CHUNK_TRAILER_LINE:
    default:
        return c == '\n' ? CHUNK_TRAILER : CHUNK_TRAILER_LINE;
    }
}

/* As much of the body as lies in a->in. */
static void take_data(struct answer *a, struct buf *out)
{
    size_t n = a->len - a->at;
    if (a->body != BODY_TO_END && n > a->left)
        n = (size_t)a->left;
    buf_append(out, a->in + a->at, n);
    a->at += n;
    if (a->body == BODY_TO_END)
        return;
    a->left -= n;
    if (a->left > 0)
        return;
    a->ended = a->body == BODY_KNOWN;
    a->state = CHUNK_DATA_END;
}

/* Take apart what lies in a->in. 0 or -EPROTO. */
static int digest(struct answer *a, struct buf *out)
{
    while (a->at < a->len && !a->ended) {
        if (a->body != BODY_CHUNKED || a->state == CHUNK_DATA) {
            take_data(a, out);
            continue;
        }
        int next = chunk_byte(a, a->in[a->at++]);
        if (next < 0)
            return next;
        a->state = (unsigned)next;
    }
    return 0;
}

/* The other end has closed: right only where nothing else tells the end. */
static int at_end(struct answer *a, struct err *ret_err)
{
    a->ended = true;
    if (a->body == BODY_TO_END)
        return 0;
    return err_set(ret_err, EPIPE,
                   "the server closed the connection in the middle of its "
                   "answer");
}

/* A round is one read and all that can be made of it; what is left in a->in
 * after the last round is made use of, too, since poll() does not know of
 * it. */
int answer_take(struct answer *a, struct buf *ret_body, struct err *ret_err)
{
    for (int round = 0; !a->ended && round < ROUNDS; round++) {
        if (digest(a, ret_body) < 0)
            return err_set(ret_err, EPROTO, "the answer is not HTTP");
        if (a->ended)
            break;
        a->at = a->len = 0;
        ssize_t n = recv(a->fd, a->in, sizeof(a->in), 0);
        if (n == 0)
            return at_end(a, ret_err);
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n < 0)
            return err_errno(ret_err, errno, "the connection broke");
        a->len = (size_t)n;
    }
    return digest(a, ret_body) < 0
               ? err_set(ret_err, EPROTO, "the answer is not HTTP")
               : 0;
}

/* The buffer's bound is the only one: a body longer than it is given up. */
int answer_whole(struct answer *a, struct buf *ret_body, struct err *ret_err)
{
    for (;;) {
        int r = answer_take(a, ret_body, ret_err);
        if (r < 0 || a->ended || ret_body->failed)
            return r;
        r = dial_wait(a->fd, POLLIN, (int)a->timeout_ms, a->stop_fd);
        if (r == -ETIMEDOUT)
            return err_set(ret_err, ETIMEDOUT,
                           "the server went silent in the middle of its "
                           "answer");
        if (r < 0)
            return r;
    }
}

/* -1 afterwards, so that closing twice closes nobody else's descriptor. */
void answer_close(struct answer *a)
{
    if (a->fd >= 0)
        close(a->fd);
    a->fd = -1;
}

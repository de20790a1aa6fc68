/* steps_data.c - the steps that send and receive.
 *
 * Texts are templates (template.h): what one host sends the other can take
 * apart again, so that a conversation can be about numbers that nobody knew
 * before. Filler is for windows and queues, where only its amount counts. */
#include "steps_internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum {
    RECV_BYTES = 4096,
    ARGS_BYTES = 48,
    FILLER_LINE = 64,
    SEND_TEXT_BYTES = 2 * STEP_TEXT_BYTES
};

/* --- send ---------------------------------------------------------------- */

/* What a send step sends. */
struct message {
    const char *bytes;
    size_t len;
};

/* One for all runs: filler is the same everywhere. */
static char filler[STEP_MAX_BYTES];
static pthread_once_t filler_once = PTHREAD_ONCE_INIT;

/* Lines of letters, so that a piece of it in a dump shows where it stood. */
static void fill_filler(void)
{
    for (size_t i = 0; i < sizeof(filler); i++)
        filler[i] = i % FILLER_LINE == FILLER_LINE - 1
                        ? '\n'
                        : (char)('a' + i / FILLER_LINE % 26);
}

static struct message make_filler(const struct step *step)
{
    pthread_once(&filler_once, fill_filler);
    return (struct message){filler, step->bytes};
}

/* The template with its variables put in; what is missing becomes the run's
 * complaint. */
static int make_text(struct host *host, const struct step *step, char *to,
                     struct message *ret)
{
    struct err err = {0};
    int len =
        template_expand(step->text, &host->vars, to, SEND_TEXT_BYTES, &err);
    ret->bytes = to;
    if (len < 0)
        snprintf(host->complaint, sizeof(host->complaint), "send: %s",
                 err.text);
    ret->len = len < 0 ? 0 : (size_t)len;
    return len < 0 ? len : 0;
}

/* One send(2). Filler is not recorded: a million letters tell nobody anything.
 */
static int send_message(struct host *host, const struct host_socket *s,
                        const struct message *m, bool is_filler)
{
    const struct call_data data = {m->bytes, m->len};
    char args[ARGS_BYTES];
    snprintf(args, sizeof(args), "%zu bytes%s", m->len,
             is_filler ? " of filler" : "");
    struct call call =
        call_begin(host, "send", s->name, args, is_filler ? NULL : &data);
    ssize_t n;
    do {
        n = send(s->fd, m->bytes, m->len, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR && !call_interrupted(host));
    int r = call_end(&call, n, errno, NULL);
    sockets_track_result(host, s, &call, r);
    return r;
}

/* SIGPIPE never comes (MSG_NOSIGNAL): EPIPE is what is to be shown. */
int step_send(struct host *host, const struct step *step)
{
    struct host_socket *s = sockets_of(host, step);
    if (!s)
        return -ENOTSOCK;
    char text[SEND_TEXT_BYTES];
    struct message m = {.bytes = NULL};
    int r = 0;
    if (step->bytes)
        m = make_filler(step);
    else
        r = make_text(host, step, text, &m);
    return r < 0 ? r : send_message(host, s, &m, step->bytes > 0);
}

/* --- recv ---------------------------------------------------------------- */

/* One recv(), recorded. Returns the bytes got, 0 at the end, or -errno. */
static ssize_t recv_some(struct host *host, struct host_socket *s, char *bytes,
                         size_t cap)
{
    struct call call = call_begin(host, "recv", s->name, "", NULL);
    ssize_t n;
    do {
        n = recv(s->fd, bytes, cap, 0);
    } while (n < 0 && errno == EINTR && !call_interrupted(host));
    const struct call_data data = {bytes, n > 0 ? (size_t)n : 0};
    int r = call_end(&call, n, errno, n > 0 ? &data : NULL);
    sockets_track_result(host, s, &call, r);
    return r < 0 ? r : n;
}

/* Both texts, as far as a sentence can hold them. */
static int complain_recv(struct host *host, const char *pattern,
                         const char *bytes, size_t len)
{
    char expected[STEP_TEXT_BYTES];
    /* With unset variables the pattern itself is the clearest. */
    if (template_expand(pattern, &host->vars, expected, sizeof(expected),
                        NULL) < 0)
        snprintf(expected, sizeof(expected), "%s", pattern);
    snprintf(host->complaint, sizeof(host->complaint),
             "the %s expected \"%.150s\" and received \"%.*s\"",
             host_name(host->id), expected, (int)(len < 150 ? len : 150),
             bytes);
    return -EBADMSG;
}

/* Receive until so many bytes came, or the end. */
static int recv_bytes(struct host *host, struct host_socket *s, size_t bytes)
{
    char chunk[RECV_BYTES];
    for (size_t got = 0; got < bytes;) {
        ssize_t n = recv_some(host, s, chunk, sizeof(chunk));
        if (n <= 0)
            return (int)n;
        got += (size_t)n;
    }
    return 0;
}

/* A pattern may need several recv(2) calls: TCP keeps no borders of messages.
 */
int step_recv(struct host *host, const struct step *step)
{
    struct host_socket *s = sockets_of(host, step);
    if (!s)
        return -ENOTSOCK;
    if (step->bytes)
        return recv_bytes(host, s, step->bytes);
    char bytes[RECV_BYTES];
    size_t len = 0;
    enum template_match match = TEMPLATE_MORE;
    while (match == TEMPLATE_MORE && len < sizeof(bytes)) {
        ssize_t n = recv_some(host, s, bytes + len, sizeof(bytes) - len);
        if (n < 0)
            return (int)n;
        len += (size_t)n;
        if (!step->text[0])
            return 0;
        if (n == 0)
            break;
        match = template_match(step->text, bytes, len, &host->vars);
    }
    if (match == TEMPLATE_MATCH)
        return 0;
    return complain_recv(host, step->text, bytes, len);
}

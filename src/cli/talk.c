/* talk.c - the messages of the rehearsal, read from a connection in whatever
 * pieces they come, see talk_internal.h. */
#include "cli_internal.h"
#include "talk_internal.h"

#include "dial_internal.h"

#include "handshake/clock.h"
#include "handshake/words.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

enum {
    SETTLE_MS = 1000, /* a number that nothing has followed for so long ends */
    PART_MS = 1000,
    SHOWN_BYTES = 40, /* of what came instead */
    MAX_DIGITS = 10   /* of 32 bits */
};

/* --- one message --------------------------------------------------------- */

/* How far the text that has come is the awaited message. */
enum match {
    MATCH_NOT,   /* it is another */
    MATCH_PART,  /* so far */
    MATCH_MAYBE, /* all of it, unless the last number goes on */
    MATCH_WHOLE
};

/* Digits at text[0..len) into *ret; how many there are, MAX_DIGITS + 1 when
 * too many for 32 bits. */
static size_t take_digits(const char *text, size_t len, uint32_t *ret)
{
    uint64_t value = 0;
    size_t n = 0;
    while (n < len && isdigit((unsigned char)text[n]) && n <= MAX_DIGITS)
        value = value * 10 + (unsigned)(text[n++] - '0');
    *ret = (uint32_t)value;
    return value > UINT32_MAX ? MAX_DIGITS + 1 : n;
}

/* Whether the last number may end here although more digits could follow. */
static bool may_end(const struct awaited *what, uint32_t value)
{
    if (what->known)
        return value == what->must;
    return value >= what->least && value <= what->most &&
           value * 10 > what->most; /* with one more digit it would not fit */
}

/* Compare; behind a number another message may begin, or a blank, nothing else.
 * On MAYBE and WHOLE *ret_used is the message's length. */
static enum match compare(const struct awaited *what, const char *text,
                          size_t len, uint32_t *ret_numbers, size_t *ret_used)
{
    size_t at = 0;
    uint32_t value = 0;
    const char *form = what->form;
    for (; *form; form++) {
        size_t digits = 0;
        if (at == len)
            return MATCH_PART;
        if (*form == '#') {
            digits = take_digits(text + at, len - at, &value);
            if (digits == 0 || digits > MAX_DIGITS)
                return MATCH_NOT;
            *ret_numbers++ = value;
            at += digits;
        } else if (text[at++] != *form) {
            return MATCH_NOT;
        }
    }
    *ret_used = at;
    if (at < len)
        return strchr("[ \r\n\t", text[at]) && text[at] ? MATCH_WHOLE
                                                        : MATCH_NOT;
    return may_end(what, value) ? MATCH_WHOLE : MATCH_MAYBE;
}

/* Blanks and newlines between messages are nobody's: some programs send a
 * newline behind each. */
static void skip_blanks(struct talk *t)
{
    size_t n = 0;
    while (n < t->len && strchr(" \r\n\t", t->in[n]) && t->in[n])
        n++;
    t->len -= n;
    memmove(t->in, t->in + n, t->len);
}

/* --- what is wrong ------------------------------------------------------- */

/* The form with its numbers named: "[1] SYN/seq=N". */
static char *form_words(const struct awaited *what, char *ret, size_t bytes)
{
    size_t at = 0;
    for (const char *c = what->form; *c && at + 1 < bytes; c++)
        ret[at++] = *c == '#' ? 'N' : *c;
    ret[at] = '\0';
    return ret;
}

/* What came is shown as far as it helps, and so that no terminal obeys it. */
static int instead(const struct talk *t, const struct awaited *what,
                   struct err *ret_err)
{
    char form[64];
    struct buf came;
    buf_init(&came, 1024);
    words_bytes(&came, t->in, t->len < SHOWN_BYTES ? t->len : SHOWN_BYTES);
    err_set(ret_err, EPROTO, "the %s sent \"%s%s\" where \"%s\" was expected",
            t->peer, buf_text(&came), t->len > SHOWN_BYTES ? "..." : "",
            form_words(what, form, sizeof(form)));
    buf_done(&came);
    return -EPROTO;
}

/* Leaving in the middle is told apart: the peer may have crashed. */
static int left(const struct talk *t, const struct awaited *what,
                const char *how, struct err *ret_err)
{
    char form[64];
    form_words(what, form, sizeof(form));
    if (t->len > 0)
        return err_set(ret_err, EPIPE,
                       "the %s %s in the middle of \"%s\": \"%.*s\" came",
                       t->peer, how, form, (int)t->len, t->in);
    return err_set(ret_err, EPIPE, "the %s %s before it sent \"%s\"", t->peer,
                   how, form);
}

/* Names the option: ten seconds may be too few for somebody who types. */
static int silent(const struct talk *t, const struct awaited *what,
                  struct err *ret_err)
{
    char form[64];
    form_words(what, form, sizeof(form));
    return err_set(ret_err, ETIMEDOUT,
                   "the %s did not send \"%s\" within %u s (--timeout says how "
                   "long to wait)",
                   t->peer, form, t->timeout_s);
}

/* --- reading ------------------------------------------------------------- */

/* More bytes behind those in t->in. Returns how many, 0 at the end, -errno. */
static int read_more(struct talk *t, int timeout_ms)
{
    int r = dial_wait(t->fd, POLLIN, timeout_ms, t->signal_fd);
    if (r < 0)
        return r;
    ssize_t n = recv(t->fd, t->in + t->len, sizeof(t->in) - t->len, 0);
    if (n < 0)
        return -errno;
    t->len += (size_t)n;
    return (int)n;
}

/* Milliseconds until a time, at least 0. */
static int ms_until(uint64_t end_ns)
{
    uint64_t now = clock_mono_ns();
    return end_ns > now ? (int)((end_ns - now) / 1000000) + 1 : 0;
}

/* The message is complete: what stands behind it stays. */
static int take(struct talk *t, size_t used)
{
    t->len -= used;
    memmove(t->in, t->in + used, t->len);
    return 0;
}

/* What the outcome r of read_more() makes of a message that is not whole. */
static int give_up(const struct talk *t, const struct awaited *what, int r,
                   struct err *ret_err)
{
    if (r == -EINTR)
        return r;
    if (r == -ETIMEDOUT)
        return silent(t, what, ret_err);
    if (r == 0)
        return left(t, what, "closed the connection", ret_err);
    if (r == -ECONNRESET)
        return left(t, what, "broke the connection off (RST)", ret_err);
    return err_errno(ret_err, -r, "cannot read from the %s", t->peer);
}

/* The time is for the whole message: bytes that drip do not win any. */
int talk_read(struct talk *t, const struct awaited *what, uint32_t *ret_numbers,
              struct err *ret_err)
{
    const uint64_t end_ns = clock_mono_ns() + t->timeout_s * 1000000000ull;
    for (;;) {
        size_t used = 0;
        skip_blanks(t);
        enum match match = compare(what, t->in, t->len, ret_numbers, &used);
        if (match == MATCH_NOT)
            return instead(t, what, ret_err);
        if (match == MATCH_WHOLE)
            return take(t, used);
        int ms = ms_until(end_ns);
        bool may_be_all = match == MATCH_MAYBE;
        int r = read_more(t, may_be_all && ms > SETTLE_MS ? SETTLE_MS : ms);
        if (r == -EAGAIN)
            continue; /* it was not there after all */
        if (may_be_all && (r == -ETIMEDOUT || r == 0))
            return take(t, used);
        if (r <= 0)
            return give_up(t, what, r, ret_err);
    }
}

/* --- the rest ------------------------------------------------------------ */

/* A few bytes always fit into the socket's buffer. */
int talk_send(struct talk *t, const char *text, struct err *ret_err)
{
    size_t len = strlen(text);
    ssize_t n = send(t->fd, text, len, MSG_NOSIGNAL);
    if (n == (ssize_t)len)
        return 0;
    int code = n < 0 ? errno : ENOBUFS;
    if (code == EPIPE || code == ECONNRESET)
        return err_set(ret_err, code,
                       "the %s broke the connection off before \"%s\" could be "
                       "sent",
                       t->peer, text);
    return err_errno(ret_err, code, "cannot send to the %s", t->peer);
}

/* Who closes first keeps TIME-WAIT, and unread bytes would make our close a
 * RST: so the peer is given a moment. */
void talk_part(struct talk *t)
{
    const uint64_t end_ns = clock_mono_ns() + PART_MS * 1000000ull;
    t->len = 0;
    shutdown(t->fd, SHUT_WR);
    while (read_more(t, ms_until(end_ns)) > 0)
        t->len = 0; /* whatever it still says */
}

/* At once, also in a pipe: somebody watches. */
void talk_print(const char *line)
{
    puts(line);
    (void)output_flush();
}

/* The words of the scenario `classic`. */
void talk_print_established(const char *last_line)
{
    static const char bar[] = "========================================";
    talk_print("");
    talk_print(bar);
    talk_print("CONNECTION ESTABLISHED!");
    talk_print(bar);
    talk_print("");
    talk_print("Three-way handshake complete.");
    talk_print(last_line);
}

/* Other programs choose other numbers, and the arithmetic is right all the
 * same. */
void talk_remark(const struct talk *t, uint32_t number, uint32_t least,
                 uint32_t most)
{
    if (number < least || number > most)
        fprintf(stderr,
                "handshake: the %s chose %" PRIu32 ", which is not from "
                "%" PRIu32 " to %" PRIu32 "; going on with it\n",
                t->peer, number, least, most);
}

/* From the kernel: the other side shall not be able to guess it, as with
 * real initial sequence numbers (RFC 6528). */
uint32_t talk_number(uint32_t least, uint32_t most)
{
    uint32_t any = 0;
    while (getrandom(&any, sizeof(any), 0) < 0)
        ;
    return least + any % (most - least + 1); /* the bias is one in millions */
}

/* A server binds what it was told, so names are not looked up there; which
 * of their addresses was meant would be a guess. */
struct addrinfo *talk_addresses(const char *host, uint16_t port, bool names,
                                struct err *ret_err)
{
    char service[8];
    struct addrinfo *list = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV |
                                               (names ? 0 : AI_NUMERICHOST)};
    snprintf(service, sizeof(service), "%u", port);
    const char *where =
        !names && strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    int failed = getaddrinfo(where, service, &hints, &list);
    if (failed == 0)
        return list;
    if (names)
        err_set(ret_err, EHOSTUNREACH, "cannot find \"%.100s\": %s", host,
                gai_strerror(failed));
    else
        err_set(ret_err, EINVAL,
                "\"%.100s\" is no IP address: --bind 127.0.0.1 or ::1 for this "
                "machine, 0.0.0.0 or :: for all",
                host);
    return NULL;
}

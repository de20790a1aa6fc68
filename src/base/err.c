/* err.c - errors with a sentence, and the errnos of socket calls in words. */
#include "handshake/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *ret_err, int code, const char *fmt, ...)
{
    if (ret_err) {
        va_list args;
        va_start(args, fmt);
        ret_err->code = code;
        vsnprintf(ret_err->text, sizeof(ret_err->text), fmt, args);
        va_end(args);
    }
    return -code;
}

/* What to do about what the system refuses for want of something. */
static const char *remedy(int code)
{
    switch (code) {
    case EMFILE:
        return " (raise it with `ulimit -n`)";
    case ENFILE:
        return " (fs.file-max bounds all programs together)";
    case ENOMEM:
        return " (`ulimit -v` or a container may bound it)";
    default:
        return "";
    }
}

int err_errno(struct err *ret_err, int code, const char *fmt, ...)
{
    if (ret_err) {
        char what[ERR_TEXT_BYTES - 128];
        va_list args;
        va_start(args, fmt);
        vsnprintf(what, sizeof(what), fmt, args);
        va_end(args);
        ret_err->code = code;
        snprintf(ret_err->text, sizeof(ret_err->text), "%s: %.64s%s", what,
                 err_words(code), remedy(code));
    }
    return -code;
}

const char *err_words(int code)
{
    const char *text = strerrordesc_np(code);
    return text ? text : "an unknown error";
}

/* pthread_create(3) gives EAGAIN for three causes. */
int err_thread(struct err *ret_err, int code, const char *what)
{
    if (code != EAGAIN)
        return err_errno(ret_err, code, "%s", what);
    return err_set(ret_err, code,
                   "%s: there are too many threads (`ulimit -u`, TasksMax=) or "
                   "there is no memory for its stack (`ulimit -v`)",
                   what);
}

const char *err_name(int code)
{
    const char *name = strerrorname_np(code);
    return name ? name : "E?";
}

/* Linux has no errno above 4095 (MAX_ERRNO). */
int err_code(const char *name)
{
    enum { LAST = 4095 };
    for (int code = 1; code <= LAST; code++)
        if (strcmp(err_name(code), name) == 0)
            return code;
    return 0;
}

/* What each errno tells whoever made a socket call (connect(2), accept(2),
 * send(2), recv(2); tcp(7)). */
static const struct {
    int code;
    const char *meaning;
} meanings[] = {
    {ECONNREFUSED, "the peer answered with RST: nobody listens on that port, "
                   "or something on the way refuses in its name"},
    {ETIMEDOUT, "no answer came although the kernel sent again and again"},
    {ECONNRESET, "the peer ended the connection with RST"},
    {EPIPE, "this end can no longer send: the connection is already over"},
    {EHOSTUNREACH, "the network said that the host cannot be reached"},
    {ENETUNREACH, "no route leads to that network"},
    {ENOPROTOOPT, "the peer answered that it does not know the protocol"},
    {EADDRINUSE, "another socket already holds that address and port"},
    {EADDRNOTAVAIL, "no such local address, or no free port is left"},
    {EINPROGRESS, "the handshake goes on in the background"},
    {EALREADY, "an earlier connect() is still under way"},
    {EISCONN, "the socket is already connected"},
    {ENOTCONN, "the socket is not connected"},
    {EAGAIN, "nothing to do yet: the call would have had to wait"},
    {EINTR, "the call was interrupted"},
    {ECONNABORTED, "the connection ended before it was accepted"},
    {EACCES, "permission denied, by a rule of this machine or on the way"},
    {EPROTO, "the peer or a router said that the packet was malformed"},
    {EINVAL, "an argument does not fit this socket"},
    {EMSGSIZE, "too large for the path"},
    {ECANCELED, "it was given up, or the run stopped, while the call was "
                "waiting"},
};

const char *err_meaning(int code)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].code == code)
            return meanings[i].meaning;
    return err_words(code);
}

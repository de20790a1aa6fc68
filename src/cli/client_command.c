/* client_command.c - `handshake client`: the connecting side of the rehearsal
 * in words, in a terminal of its own. */
#include "cli_internal.h"
#include "dial_internal.h"
#include "talk_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 64 };

/* --- connecting ---------------------------------------------------------- */

/* Why there is no connection, and what to do about it. */
static int refused(const struct talk_arguments *args, int code,
                   struct err *ret_err)
{
    switch (code) {
    case EINTR:
        return -EINTR;
    case ECONNREFUSED:
        return err_set(ret_err, code,
                       "nobody listens on %s port %u: start the server first, "
                       "`handshake server --port %u` in another terminal",
                       args->host, args->port, args->port);
    case ETIMEDOUT:
        return err_set(ret_err, code,
                       "no answer from %s port %u within %u s: is the address "
                       "right, and does nothing filter the way?",
                       args->host, args->port, args->timeout_s);
    default:
        return err_errno(ret_err, code, "cannot connect to %s port %u",
                         args->host, args->port);
    }
}

/* Each address of the host in turn. The socket, -EINTR, or -errno with a
 * sentence. */
static int connect_any(const struct talk_arguments *args, int signal_fd,
                       struct err *ret_err)
{
    struct addrinfo *list =
        talk_addresses(args->host, args->port, true, ret_err);
    if (!list)
        return -EHOSTUNREACH;
    int fd = dial_any(list, (int)args->timeout_s * 1000, signal_fd);
    freeaddrinfo(list);
    return fd >= 0 ? fd : refused(args, -fd, ret_err);
}

/* --- the exchange -------------------------------------------------------- */

/* The three messages. 0, -EINTR, or -errno with a sentence. */
static int rehearse(struct talk *t, struct err *ret_err)
{
    char text[MESSAGE_BYTES];
    uint32_t theirs[2] = {0}; /* their number, and what they acknowledge */
    uint32_t ours = talk_number(CLIENT_LEAST, CLIENT_MOST);
    snprintf(text, sizeof(text), "[1] SYN/seq=%" PRIu32, ours);
    int r = talk_send(t, text, ret_err);
    if (r < 0)
        return r;
    const struct awaited answer = {
        .form = "[2] SYN/seq=# ACK/seq=#", .known = true, .must = ours + 1};
    r = talk_read(t, &answer, theirs, ret_err);
    if (r < 0)
        return r;
    snprintf(text, sizeof(text), "[2] SYN/seq=%" PRIu32 " ACK/seq=%" PRIu32,
             theirs[0], theirs[1]);
    talk_print(text);
    if (theirs[1] != ours + 1)
        return err_set(ret_err, EPROTO,
                       "the server acknowledged %" PRIu32 ", but the client "
                       "had sent %" PRIu32 ": %" PRIu32 " must follow",
                       theirs[1], ours, ours + 1);
    talk_remark(t, theirs[0], SERVER_LEAST, SERVER_MOST);
    snprintf(text, sizeof(text), "[3] ACK/seq=%" PRIu32, theirs[0] + 1);
    return talk_send(t, text, ret_err);
}

/* Connect and rehearse. 0, -EINTR, or -errno with a sentence. */
static int take_part(const struct talk_arguments *args, int signal_fd,
                     struct err *ret_err)
{
    struct talk t = {
        .signal_fd = signal_fd, .timeout_s = args->timeout_s, .peer = "server"};
    talk_print("//~~ Client Side ~~//");
    talk_print("Connecting to server...");
    t.fd = connect_any(args, signal_fd, ret_err);
    if (t.fd < 0)
        return t.fd;
    int r = rehearse(&t, ret_err);
    if (r == 0) {
        talk_print_established("Client is now connected to the server.");
        talk_part(&t);
    }
    close(t.fd);
    return r;
}

/* The signal is taken last: until then it stays readable and ends every
 * wait. */
int client_command(const struct command *self, int argc, char **argv)
{
    struct talk_arguments args;
    struct err err = {0};
    int status = talk_arguments_read(self, argc, argv, &args);
    if (status != COMMAND_GOES_ON)
        return status;
    int signal_fd = signals_open(&err);
    if (signal_fd < 0)
        return failed(&err);
    int r = take_part(&args, signal_fd, &err);
    if (r == -EINTR)
        status = EXIT_SIGNAL + signals_take(signal_fd);
    else
        status = r < 0 ? failed(&err) : ferror(stdout) ? EXIT_UNMET : 0;
    close(signal_fd);
    return status;
}

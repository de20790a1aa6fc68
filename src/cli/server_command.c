/* server_command.c - `handshake server`: the listening side of the rehearsal in
 * words, in a terminal of its own. Also what both sides' options are. */
#include "cli_internal.h"
#include "dial_internal.h"
#include "talk_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_BACKLOG = 16, MESSAGE_BYTES = 64 };

/* --- options of both ----------------------------------------------------- */

/* Both commands' options; --once is the default and only says so. */
static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    struct talk_arguments *args = into;
    (void)self;
    switch (given->spec->key) {
    case OPTION_PORT:
        args->port = (uint16_t)given->number;
        return 0;
    case OPTION_BIND:
        args->host = given->text;
        return 0;
    case OPTION_TIMEOUT:
        args->timeout_s = (uint32_t)given->number;
        return 0;
    default:
        args->keep = given->spec->key == OPTION_KEEP;
        return 0;
    }
}

/* The server has no operand: its row takes none. */
int talk_arguments_read(const struct command *self, int argc, char **argv,
                        struct talk_arguments *ret)
{
    struct operands operands;
    *ret = (struct talk_arguments){.host = "127.0.0.1",
                                   .port = TALK_DEFAULT_PORT,
                                   .timeout_s = TALK_DEFAULT_SECONDS};
    int status = options_read(self, argc, argv, take_option, ret, &operands);
    if (status == COMMAND_GOES_ON && operands.count > 0)
        ret->host = operands.list[0];
    return status;
}

/* --- listening ----------------------------------------------------------- */

/* Why it cannot listen, and what to do about it. */
static int refused(const struct talk_arguments *args, int code,
                   struct err *ret_err)
{
    unsigned next = args->port < UINT16_MAX ? args->port + 1u : 1338;
    switch (code) {
    case EADDRINUSE:
        return err_set(ret_err, code,
                       "port %u on %s is in use by another program: try "
                       "--port %u, and the same for the client",
                       args->port, args->host, next);
    case EACCES:
        return err_set(ret_err, code,
                       "ports below 1024 are reserved for root: try --port "
                       "%d",
                       TALK_DEFAULT_PORT);
    case EADDRNOTAVAIL:
        return err_set(ret_err, code,
                       "this machine has no address %s: try --bind 127.0.0.1",
                       args->host);
    default:
        return err_errno(ret_err, code, "cannot listen on %s port %u",
                         args->host, args->port);
    }
}

/* The listening socket, or -errno with a sentence. */
static int open_listener(const struct talk_arguments *args, struct err *ret_err)
{
    const int on = 1;
    struct addrinfo *to =
        talk_addresses(args->host, args->port, false, ret_err);
    if (!to)
        return -EINVAL;
    int fd =
        socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int r = fd < 0 ? -errno : 0;
    /* Connections of an earlier server in TIME-WAIT shall not block us. */
    if (r == 0 &&
        (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
         bind(fd, to->ai_addr, to->ai_addrlen) < 0 ||
         listen(fd, SERVER_BACKLOG) < 0))
        r = -errno;
    freeaddrinfo(to);
    if (r == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return refused(args, -r, ret_err);
}

/* A port that the kernel chose has to be told of. */
static void tell_port(int fd, const struct talk_arguments *args)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof(at);
    char port[8] = "";
    if (args->port != 0 || getsockname(fd, (struct sockaddr *)&at, &len) < 0 ||
        getnameinfo((struct sockaddr *)&at, len, NULL, 0, port, sizeof(port),
                    NI_NUMERICSERV) != 0)
        return;
    fprintf(stderr, "handshake server: listening on port %s\n", port);
}

/* --- one exchange -------------------------------------------------------- */

/* The three messages. 0, -EINTR, or -errno with a sentence. */
static int rehearse(struct talk *t, struct err *ret_err)
{
    char text[MESSAGE_BYTES];
    uint32_t theirs = 0;
    uint32_t ack = 0;
    const struct awaited syn = {
        .form = "[1] SYN/seq=#", .least = CLIENT_LEAST, .most = CLIENT_MOST};
    int r = talk_read(t, &syn, &theirs, ret_err);
    if (r < 0)
        return r;
    snprintf(text, sizeof(text), "[1] SYN/seq=%" PRIu32, theirs);
    talk_print(text);
    talk_remark(t, theirs, CLIENT_LEAST, CLIENT_MOST);
    uint32_t ours = talk_number(SERVER_LEAST, SERVER_MOST);
    snprintf(text, sizeof(text), "[2] SYN/seq=%" PRIu32 " ACK/seq=%" PRIu32,
             ours, theirs + 1);
    r = talk_send(t, text, ret_err);
    if (r < 0)
        return r;
    const struct awaited last = {
        .form = "[3] ACK/seq=#", .known = true, .must = ours + 1};
    r = talk_read(t, &last, &ack, ret_err);
    if (r < 0)
        return r;
    snprintf(text, sizeof(text), "[3] ACK/seq=%" PRIu32, ack);
    talk_print(text);
    if (ack == ours + 1)
        return 0;
    return err_set(ret_err, EPROTO,
                   "the client acknowledged %" PRIu32 ", but the server had "
                   "sent %" PRIu32 ": %" PRIu32 " must follow",
                   ack, ours, ours + 1);
}

/* With one client, to its end. 0, -EINTR, or -errno: told. */
static int serve_client(int fd, int signal_fd, uint32_t timeout_s)
{
    struct err err = {0};
    struct talk t = {.fd = fd,
                     .signal_fd = signal_fd,
                     .timeout_s = timeout_s,
                     .peer = "client"};
    int r = rehearse(&t, &err);
    if (r == 0) {
        talk_print_established("Server is now connected to the client.");
        talk_part(&t);
    } else if (r != -EINTR) {
        fprintf(stderr, "handshake server: %s\n", err.text);
    }
    return r;
}

/* Wait for a client and serve it. 0, -EINTR, or -errno: told. */
static int serve_next(int listener, int signal_fd, uint32_t timeout_s)
{
    talk_print("Waiting for client connection...");
    for (;;) {
        int r = dial_wait(listener, POLLIN, -1, signal_fd);
        if (r < 0)
            return r;
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue; /* it has left already */
        r = serve_client(fd, signal_fd, timeout_s);
        close(fd);
        return r;
    }
}

/* One client, or one after the other until a signal. The exit status. */
static int serve_all(int listener, int signal_fd,
                     const struct talk_arguments *args)
{
    talk_print("//~~ Server Side ~~//");
    tell_port(listener, args);
    for (;;) {
        int r = serve_next(listener, signal_fd, args->timeout_s);
        if (r == -EINTR && args->keep)
            return 0;
        if (r == -EINTR)
            return EXIT_SIGNAL + signals_take(signal_fd);
        if (!args->keep)
            return r == 0 && !ferror(stdout) ? 0 : EXIT_UNMET;
    }
}

/* Signals are held from before the port is bound, so that none is missed. */
int server_command(const struct command *self, int argc, char **argv)
{
    struct talk_arguments args;
    struct err err = {0};
    int status = talk_arguments_read(self, argc, argv, &args);
    if (status != COMMAND_GOES_ON)
        return status;
    int signal_fd = signals_open(&err);
    if (signal_fd < 0)
        return failed(&err);
    int listener = open_listener(&args, &err);
    if (listener < 0) {
        status = failed(&err);
    } else {
        status = serve_all(listener, signal_fd, &args);
        close(listener);
    }
    close(signal_fd);
    return status;
}

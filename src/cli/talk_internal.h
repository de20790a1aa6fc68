/* talk_internal.h - the handshake rehearsed in words between two processes:
 *
 *   client   [1] SYN/seq=N                  N from 1000 to 2000
 *   server   [2] SYN/seq=M ACK/seq=N+1      M from 100 to 2000
 *   client   [3] ACK/seq=M+1
 *
 * over an ordinary connection, without newlines, so that any program that sends
 * these texts can be the other side. Nothing marks the end of a number: it has
 * come to its end when it is the one that must follow, when it is one that the
 * other side may choose, when something else stands behind it, or when nothing
 * has followed for a while. Texts may come in any pieces. One thread. */
#ifndef HANDSHAKE_TALK_INTERNAL_H
#define HANDSHAKE_TALK_INTERNAL_H

#include "command_internal.h"

#include "handshake/err.h"

#include <netdb.h>

enum {
    TALK_DEFAULT_PORT = 1337,
    TALK_DEFAULT_SECONDS = 10,
    TALK_MAX_SECONDS = 3600,
    TALK_BYTES = 256, /* no message is nearly as long */
    CLIENT_LEAST = 1000,
    CLIENT_MOST = 2000,
    SERVER_LEAST = 100,
    SERVER_MOST = 2000
};

/* What both commands take. */
struct talk_arguments {
    const char *host; /* to connect to or listen on */
    uint16_t port;
    uint32_t timeout_s;
    bool keep;
};

/* Read the options of `server` and `client`. As options_read(). */
int talk_arguments_read(const struct command *self, int argc, char **argv,
                        struct talk_arguments *ret);

/* One connection and what has come in but is not yet read. */
struct talk {
    int fd;
    int signal_fd;
    uint32_t timeout_s;
    const char *peer; /* "client" or "server", for sentences */
    char in[TALK_BYTES];
    size_t len;
};

/* A message that is awaited; each # of its form is a number. */
struct awaited {
    const char *form; /* "[2] SYN/seq=# ACK/seq=#" */
    bool known;       /* the last number must be `must`; else it should be */
    uint32_t must;    /* from least to most */
    uint32_t least, most;
};

/* Read one message and its numbers. Returns 0; -EINTR when a signal came;
 * -errno with a sentence: what came instead, that the peer left or has been
 * silent too long. Whether the last number is right is for the caller. */
int talk_read(struct talk *t, const struct awaited *what, uint32_t *ret_numbers,
              struct err *ret_err);

/* Send text. As talk_read(). */
int talk_send(struct talk *t, const char *text, struct err *ret_err);

/* Give the peer a second to close its end first. */
void talk_part(struct talk *t);

/* Print a line on stdout at once. */
void talk_print(const char *line);

/* Print what both sides print when all three messages have passed. */
void talk_print_established(const char *last_line);

/* Say on stderr that the peer chose a number that this exchange does not know,
 * when it is not from least to most. It does no harm. */
void talk_remark(const struct talk *t, uint32_t number, uint32_t least,
                 uint32_t most);

/* A number from least to most, by chance. */
uint32_t talk_number(uint32_t least, uint32_t most);

/* The addresses of host and port; numeric alone, or names as well. NULL with a
 * sentence when there is none; else for freeaddrinfo(). */
struct addrinfo *talk_addresses(const char *host, uint16_t port, bool names,
                                struct err *ret_err);

#endif

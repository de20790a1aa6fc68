/* ask_internal.h - a small HTTP/1.1 client for servers of this program.
 *
 * It speaks plain HTTP to one server, a connection a request, and reads answers
 * of known length, in chunks, or up to the end of the connection. No TLS,
 * redirects, cookies, proxies or compression: none of them is between this
 * program and itself, and a library that can do them all would be loaded by
 * every start of every command. Everything is bounded and every wait ends: by
 * its time, or when stop_fd becomes readable. One thread. */
#ifndef HANDSHAKE_ASK_INTERNAL_H
#define HANDSHAKE_ASK_INTERNAL_H

#include "handshake/buf.h"
#include "handshake/err.h"

#include <stdint.h>

enum {
    ASK_HOST_BYTES = 256,
    ASK_PATH_BYTES = 256,
    ASK_IN_BYTES = 16 * 1024 /* also the longest head of an answer */
};

/* Whom to ask. */
struct server {
    char host[ASK_HOST_BYTES]; /* a name or address, without brackets */
    char port[8];
    char prefix[ASK_PATH_BYTES]; /* before /api, no slash at its end; or "" */
    unsigned timeout_ms;         /* to connect, and between two bytes */
    int stop_fd;                 /* -1 = none; it is not read here */
};

/* Read "http://HOST[:PORT][/PREFIX]" or "HOST[:PORT]"; port 80 when the URL
 * names none. timeout_ms and stop_fd are set to 10 s and none. -EINVAL with a
 * sentence. */
int server_parse(const char *url, struct server *ret_server,
                 struct err *ret_err);

/* "http://HOST:PORT/PREFIX", for sentences; at most text_bytes. */
char *server_text(const struct server *s, char *ret_text, size_t text_bytes);

struct ask_request {
    const char *method;
    const char *path;   /* behind the prefix: "/api/runs" */
    const char *accept; /* or NULL */
    const char *key;    /* of a run, or NULL */
    const char *body;   /* JSON, or NULL */
    size_t body_len;
};

enum answer_body { BODY_KNOWN, BODY_CHUNKED, BODY_TO_END };

/* An answer whose head has been read. */
struct answer {
    int fd; /* (owned) -1 when closed; poll it before answer_take() */
    int status;
    enum answer_body body;
    bool ended;
    uint64_t left;  /* of the body, or of this chunk */
    unsigned state; /* of the chunk reader */
    size_t at, len; /* what is read but not yet taken */
    char in[ASK_IN_BYTES];
    unsigned timeout_ms;
    int stop_fd;
};

/* Connect, send the question, read the head of the answer. Returns 0; -EINTR
 * when stop_fd became readable; -errno with a sentence ("nothing answers at
 * ..."). ret_answer is to be closed after 0 only. */
int ask(const struct server *server, const struct ask_request *q,
        struct answer *ret_answer, struct err *ret_err);

/* Read the head of an answer from a->fd, a connection on which something was
 * asked; a->timeout_ms and a->stop_fd are set. Returns 0, -EPROTO when it is no
 * HTTP, -EINTR, or -errno. ask() does it. */
int answer_begin(struct answer *a);

/* Append what has come of the body, 256 kB at most, without waiting. Returns 0
 * while more may come, and when all has come (then a->ended is set), or -errno
 * with a sentence when the connection broke. */
int answer_take(struct answer *a, struct buf *ret_body, struct err *ret_err);

/* The whole body. Returns 0, -EINTR, or -errno with a sentence;
 * ret_body->failed when it is longer than that buffer takes. */
int answer_whole(struct answer *a, struct buf *ret_body, struct err *ret_err);

/* Close it; again is fine. */
void answer_close(struct answer *a);

#endif

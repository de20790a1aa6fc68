/* sockopt.c - the socket options a step can set, by one table: socket(7),
 * tcp(7), ip(7), ipv6(7).
 *
 * A new option is one row. Options whose value is neither a number nor a text
 * have a kind of their own, which says how a number of the document becomes
 * the struct the kernel wants. The call is recorded with the name of the manual
 * pages, so that a reader finds it there. */
#include "steps_internal.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

/* How the value of an option is handed to the kernel. */
enum option_kind_of {
    OPTION_INT,     /* a number */
    OPTION_U32,     /* a number that may take all 32 bits */
    OPTION_LINGER,  /* seconds; the option is switched on */
    OPTION_TIMEVAL, /* milliseconds */
    OPTION_TEXT,    /* a name */
    OPTION_MD5      /* a key, for segments to and from the peer */
};

/* Columns: the name of the manual pages, level and number, kind; level and
 * number on an IPv6 socket where they differ. */
static const struct sockopt {
    const char *name;
    int level, number;
    enum option_kind_of kind;
    int level6, number6;
} sockopts[] = {
    {"TCP_SYNCNT", IPPROTO_TCP, TCP_SYNCNT, OPTION_INT, 0, 0},
    {"TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, OPTION_INT, 0, 0},
    {"TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, OPTION_INT, 0, 0},
    {"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, OPTION_INT, 0, 0},
    {"TCP_QUICKACK", IPPROTO_TCP, TCP_QUICKACK, OPTION_INT, 0, 0},
    {"TCP_MAXSEG", IPPROTO_TCP, TCP_MAXSEG, OPTION_INT, 0, 0},
    {"TCP_WINDOW_CLAMP", IPPROTO_TCP, TCP_WINDOW_CLAMP, OPTION_INT, 0, 0},
    {"TCP_LINGER2", IPPROTO_TCP, TCP_LINGER2, OPTION_INT, 0, 0},
    {"TCP_FASTOPEN", IPPROTO_TCP, TCP_FASTOPEN, OPTION_INT, 0, 0},
    {"TCP_FASTOPEN_CONNECT", IPPROTO_TCP, TCP_FASTOPEN_CONNECT, OPTION_INT, 0,
     0},
    {"TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION, OPTION_TEXT, 0, 0},
    {"TCP_MD5SIG", IPPROTO_TCP, TCP_MD5SIG, OPTION_MD5, 0, 0},
    {"TCP_REPAIR", IPPROTO_TCP, TCP_REPAIR, OPTION_INT, 0, 0},
    {"TCP_REPAIR_QUEUE", IPPROTO_TCP, TCP_REPAIR_QUEUE, OPTION_INT, 0, 0},
    {"TCP_QUEUE_SEQ", IPPROTO_TCP, TCP_QUEUE_SEQ, OPTION_U32, 0, 0},
    {"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, OPTION_INT, 0, 0},
    {"TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, OPTION_INT, 0, 0},
    {"TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, OPTION_INT, 0, 0},
    {"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, OPTION_INT, 0, 0},
    {"SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, OPTION_INT, 0, 0},
    {"SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, OPTION_INT, 0, 0},
    {"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, OPTION_INT, 0, 0},
    {"SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, OPTION_INT, 0, 0},
    {"SO_LINGER", SOL_SOCKET, SO_LINGER, OPTION_LINGER, 0, 0},
    {"SO_SNDTIMEO", SOL_SOCKET, SO_SNDTIMEO, OPTION_TIMEVAL, 0, 0},
    {"SO_RCVTIMEO", SOL_SOCKET, SO_RCVTIMEO, OPTION_TIMEVAL, 0, 0},
    {"IP_TTL", IPPROTO_IP, IP_TTL, OPTION_INT, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
};

enum { SOCKOPT_COUNT = sizeof(sockopts) / sizeof(sockopts[0]) };

static const struct sockopt *find(const char *name)
{
    for (size_t i = 0; i < SOCKOPT_COUNT; i++)
        if (strcmp(sockopts[i].name, name) == 0)
            return &sockopts[i];
    return NULL;
}

const char *sockopt_name(size_t i)
{
    return i < SOCKOPT_COUNT ? sockopts[i].name : NULL;
}

const char *sockopt_check(const char *name)
{
    return find(name) ? NULL
                      : "must be a socket option that is known here, as "
                        "\"TCP_SYNCNT\", \"SO_LINGER\" or \"IP_TTL\"";
}

bool sockopt_takes_text(const char *name)
{
    const struct sockopt *o = find(name);
    return o && (o->kind == OPTION_TEXT || o->kind == OPTION_MD5);
}

uint32_t sockopt_most(const char *name)
{
    const struct sockopt *o = find(name);
    return o && o->kind == OPTION_U32 ? UINT32_MAX : INT32_MAX;
}

/* What setsockopt() is given: one of these, and its size. */
union option_value {
    int number;
    struct linger linger;
    struct timeval time;
    struct tcp_md5sig md5;
    char text[STEP_TEXT_BYTES];
};

/* The key is bound to the peer's address, as RFC 2385 wants it; a key that is
 * too long is cut. */
static socklen_t make_md5(const struct host *host, const struct step *step,
                          struct tcp_md5sig *ret)
{
    const struct host *peer = &host->run->hosts[host_peer(host->id)];
    union any_address a;
    size_t len = strlen(step->text);
    memset(ret, 0, sizeof(*ret));
    sockets_address(&(struct endpoint){.addr = peer->address.addr}, &a);
    memcpy(&ret->tcpm_addr, &a.storage, sizeof(ret->tcpm_addr));
    len = len > TCP_MD5SIG_MAXKEYLEN ? TCP_MD5SIG_MAXKEYLEN : len;
    memcpy(ret->tcpm_key, step->text, len);
    ret->tcpm_keylen = (uint16_t)len;
    return sizeof(*ret);
}

/* Fills what setsockopt(2) is to read and returns its size. */
static socklen_t make_value(const struct host *host, const struct step *step,
                            enum option_kind_of kind, union option_value *ret)
{
    switch (kind) {
    case OPTION_LINGER:
        ret->linger =
            (struct linger){.l_onoff = 1, .l_linger = (int)step->value};
        return sizeof(ret->linger);
    case OPTION_TIMEVAL:
        ret->time = (struct timeval){.tv_sec = step->value / 1000,
                                     .tv_usec = step->value % 1000 * 1000};
        return sizeof(ret->time);
    case OPTION_TEXT:
        snprintf(ret->text, sizeof(ret->text), "%s", step->text);
        return (socklen_t)strlen(ret->text);
    case OPTION_MD5:
        return make_md5(host, step, &ret->md5);
    case OPTION_INT:
    case OPTION_U32:
        break;
    }
    ret->number = (int)step->value;
    return sizeof(ret->number);
}

/* The kernel's refusal is a result like any other. */
int step_option(struct host *host, const struct step *step)
{
    const struct sockopt *o = find(step->name);
    struct host_socket *s = sockets_of(host, step);
    if (!s || !o)
        return s ? -ENOPROTOOPT : -ENOTSOCK;
    union option_value value;
    socklen_t len = make_value(host, step, o->kind, &value);
    bool v6 = o->level6 && host->address.addr.version == 6;
    char args[STEP_OPTION_BYTES + 48];
    if (sockopt_takes_text(step->name))
        snprintf(args, sizeof(args), "%s, \"%.32s\"", o->name, step->text);
    else
        snprintf(args, sizeof(args), "%s, %u%s", o->name, (unsigned)step->value,
                 o->kind == OPTION_TIMEVAL ? " ms" : "");
    struct call call = call_begin(host, "setsockopt", s->name, args, NULL);
    int result = setsockopt(s->fd, v6 ? o->level6 : o->level,
                            v6 ? o->number6 : o->number, &value, len);
    return call_end(&call, result, errno, NULL);
}

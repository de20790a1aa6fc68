/* steps_close.c - the steps that end connections: shutdown, close, crash.
 *
 * What close() does on the wire depends on what is left unread and on
 * SO_LINGER: FIN or RST. A crash sends neither, which is what a peer sees of a
 * machine that lost its power; only the next segment to it will tell. */
#include "steps_internal.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int how;
    const char *args;
} shutdowns[] = {
    {"write", SHUT_WR, "SHUT_WR"},
    {"read", SHUT_RD, "SHUT_RD"},
    {"both", SHUT_RDWR, "SHUT_RDWR"},
};

enum { SHUTDOWN_COUNT = sizeof(shutdowns) / sizeof(shutdowns[0]) };

/* Row of that name; an empty one means the sending half. */
static size_t shutdown_find(const char *how)
{
    size_t i = 0;
    while (how[0] && i < SHUTDOWN_COUNT && strcmp(shutdowns[i].name, how) != 0)
        i++;
    return i;
}

const char *shutdown_check(const char *how)
{
    return shutdown_find(how) < SHUTDOWN_COUNT
               ? NULL
               : "must be \"write\", \"read\" or \"both\"";
}

/* Ends one half, or both; the socket stays. */
int step_shutdown(struct host *host, const struct step *step)
{
    struct host_socket *s = sockets_of(host, step);
    size_t row = shutdown_find(step->how);
    if (!s || row == SHUTDOWN_COUNT)
        return s ? -EINVAL : -ENOTSOCK;
    struct call call =
        call_begin(host, "shutdown", s->name, shutdowns[row].args, NULL);
    int result = shutdown(s->fd, shutdowns[row].how);
    int r = call_end(&call, result, errno, NULL);
    sockets_track_result(host, s, &call, r);
    return r;
}

/* close(), recorded, and the socket forgotten. */
static int close_socket(struct host *host, struct host_socket *s)
{
    struct call call = call_begin(host, "close", s->name, "", NULL);
    int fd = s->fd;
    ports_closing(host, s);
    int result = close(fd);
    int r = call_end(&call, result, errno, NULL);
    sockets_track(host, s, &call);
    sockets_remove(host, s);
    return r;
}

/* The socket to end; a repeated step ends those a repeated step opened. */
static struct host_socket *socket_to_end(struct host *host,
                                         const struct step *step)
{
    char name[STEP_NAME_BYTES];
    return sockets_find(host, sockets_name(host, step, "conn", name));
}

/* Closing what was never opened is nothing: the call that should have opened it
 * has failed and was told. */
int step_close(struct host *host, const struct step *step)
{
    struct host_socket *s = socket_to_end(host, step);
    if (!s)
        return 0;
    /* This thread may be faster than the wire's look after the last arrival;
     * what that arrival did must not be passed over. */
    if (s->remote.port != 0)
        track_socket(host, &s->local, &s->remote,
                     atomic_load(&host->last_arrival), 0);
    return close_socket(host, s);
}

/* A socket in repair mode is closed without a word to the peer: as when the
 * machine lost its power. Needs CAP_NET_ADMIN in the host's namespace. */
int step_crash(struct host *host, const struct step *step)
{
    const int on = 1;
    struct host_socket *s = socket_to_end(host, step);
    if (!s)
        return -ENOTSOCK;
    struct call call =
        call_begin(host, "setsockopt", s->name, "TCP_REPAIR, 1", NULL);
    int result = setsockopt(s->fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on));
    int r = call_end(&call, result, errno, NULL);
    return r < 0 ? r : close_socket(host, s);
}

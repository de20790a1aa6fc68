/* sockets.c - the sockets of a host by the names its steps give them.
 *
 * A scenario speaks of "conn" and "listener" where a program has variables. The
 * table is the host thread's own; other threads know a socket by its addresses
 * alone (track.c). Whatever is open when the steps are over is reset. */
#include "steps_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- addresses ----------------------------------------------------------- */

/* IPv4 and IPv6 lie in the same union, so that callers need not choose. */
socklen_t sockets_address(const struct endpoint *e, union any_address *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (e->addr.version == 4) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons(e->port);
        memcpy(&ret->v4.sin_addr, e->addr.bytes, 4);
        return sizeof(ret->v4);
    }
    ret->v6.sin6_family = AF_INET6;
    ret->v6.sin6_port = htons(e->port);
    memcpy(&ret->v6.sin6_addr, e->addr.bytes, 16);
    return sizeof(ret->v6);
}

/* Another family, or none, gives an endpoint without address. */
struct endpoint sockets_endpoint(const union any_address *a)
{
    struct endpoint e = {.port = 0};
    if (a->sa.sa_family == AF_INET) {
        e.addr.version = 4;
        e.port = ntohs(a->v4.sin_port);
        memcpy(e.addr.bytes, &a->v4.sin_addr, 4);
    } else if (a->sa.sa_family == AF_INET6) {
        e.addr.version = 6;
        e.port = ntohs(a->v6.sin6_port);
        memcpy(e.addr.bytes, &a->v6.sin6_addr, 16);
    }
    return e;
}

/* A socket that is not bound yet has the address 0.0.0.0 and port 0. */
struct endpoint sockets_local(int fd)
{
    union any_address a = {.storage = {0}};
    socklen_t len = sizeof(a);
    getsockname(fd, &a.sa, &len);
    return sockets_endpoint(&a);
}

/* --- by name ------------------------------------------------------------- */

/* Round 1 has the plain name, so that a step written once means the same with
 * and without `repeat`; the number is cut to three digits. */
const char *sockets_name(const struct host *host, const struct step *step,
                         const char *fallback, char *ret_name)
{
    const char *name = step->on[0] ? step->on : fallback;
    snprintf(ret_name, STEP_NAME_BYTES, "%s", name);
    if (host->round > 0)
        snprintf(ret_name, STEP_NAME_BYTES, "%.11s%u", name,
                 (unsigned)(uint16_t)(host->round + 1) % 1000);
    return ret_name;
}

/* A handful of sockets: a walk is quicker than any index. */
struct host_socket *sockets_find(struct host *host, const char *name)
{
    for (size_t i = 0; i < host->socket_count; i++)
        if (strcmp(host->sockets[i].name, name) == 0)
            return &host->sockets[i];
    return NULL;
}

/* Steps that only use a socket mean the same one in each round. */
struct host_socket *sockets_of(struct host *host, const struct step *step)
{
    return sockets_find(host, step->on[0] ? step->on : "conn");
}

/* A place for a new socket of that name; an open one with it is an error of
 * the scenario, as is one too many. */
int sockets_add(struct host *host, const char *name, int fd,
                struct host_socket **ret_socket)
{
    bool taken = sockets_find(host, name) != NULL;
    if (taken || host->socket_count == HOST_MAX_SOCKETS) {
        close(fd);
        return taken ? -EEXIST : -EMFILE;
    }
    ports_lock(host->run);
    struct host_socket *s = &host->sockets[host->socket_count++];
    *s = (struct host_socket){.fd = fd};
    ports_unlock(host->run);
    snprintf(s->name, sizeof(s->name), "%s", name);
    *ret_socket = s;
    return 0;
}

/* The last one takes the place; order means nothing here. */
void sockets_remove(struct host *host, struct host_socket *s)
{
    ports_lock(host->run);
    *s = host->sockets[--host->socket_count];
    ports_unlock(host->run);
}

void steps_abort_sockets(struct host *host)
{
    /* RST instead of FIN: a FIN that nobody carries any more would keep the
     * namespace alive for minutes. */
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    for (size_t i = 0; i < host->socket_count; i++) {
        int fd = host->sockets[i].fd;
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
        ports_closing(host, &host->sockets[i]);
        close(fd);
    }
    ports_lock(host->run);
    host->socket_count = 0;
    ports_unlock(host->run);
}

/* As a program would, by fcntl(2); other flags stay. */
void sockets_nonblock(int fd, bool on)
{
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

/* --- their states -------------------------------------------------------- */

/* A socket that never got a port has no state anybody could ask for. */
void sockets_track(struct host *host, const struct host_socket *s,
                   const struct call *call)
{
    if (s->local.port != 0)
        track_socket(host, &s->local, &s->remote, call->end_id, 0);
}

void sockets_track_result(struct host *host, const struct host_socket *s,
                          const struct call *call, int result)
{
    /* A handshake that goes on in the background has failed at nothing. */
    if ((result < 0 && result != -EINPROGRESS && result != -EAGAIN) ||
        host->run->link != LINK_WIRE)
        sockets_track(host, s, call);
}

/* steps_internal.h - what the files that carry out steps share: the sockets of
 * a host by name, and the functions of the step table. Host thread alone. */
#ifndef HANDSHAKE_STEPS_INTERNAL_H
#define HANDSHAKE_STEPS_INTERNAL_H

#include "run_internal.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* Socket calls take any of these by its first member. */
union any_address {
    struct sockaddr sa;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
};

/* --- sockets.c ----------------------------------------------------------- */

/* Fill *ret_address from an endpoint; returns its length. */
socklen_t sockets_address(const struct endpoint *e,
                          union any_address *ret_address);

/* The endpoint of an address the kernel gave. */
struct endpoint sockets_endpoint(const union any_address *address);

/* Where a socket is bound; no address when it is not. */
struct endpoint sockets_local(int fd);

/* Write the name of the socket a step works on: the step's own or the fallback,
 * and from the second round of a repeated step on, that round's number behind
 * it. ret_name holds STEP_NAME_BYTES. Returns ret_name. */
const char *sockets_name(const struct host *host, const struct step *step,
                         const char *fallback, char *ret_name);

/* The open socket of that name, or NULL. */
struct host_socket *sockets_find(struct host *host, const char *name);

/* The open socket a step works on ("conn" unless named), or NULL. */
struct host_socket *sockets_of(struct host *host, const struct step *step);

/* Take fd as the socket of that name. -EEXIST when one of it is open, -EMFILE
 * when there are too many; fd is closed then. */
int sockets_add(struct host *host, const char *name, int fd,
                struct host_socket **ret_socket);

/* Forget a socket that has been closed. */
void sockets_remove(struct host *host, struct host_socket *s);

/* Ask for the state of a socket after a call that may have changed it. */
void sockets_track(struct host *host, const struct host_socket *s,
                   const struct call *call);

/* The same after a call that changes a state only by failing. What a segment
 * changes is seen, with its true cause, by the wire; without a wire this is the
 * best moment to look. */
void sockets_track_result(struct host *host, const struct host_socket *s,
                          const struct call *call, int result);

/* Switch O_NONBLOCK. */
void sockets_nonblock(int fd, bool on);

/* --- the steps ----------------------------------------------------------- */

/* What a step of the table does. Returns 0 or -errno. */
typedef int step_fn(struct host *host, const struct step *step);

/* steps_open.c: the calls that open a connection. */
step_fn step_socket, step_bind, step_listen, step_connect, step_accept;
/* steps_close.c */
step_fn step_shutdown, step_close, step_crash;
/* steps_data.c */
step_fn step_send, step_recv;
/* sockopt.c */
step_fn step_option;
/* steps.c has the others */

/* --- conditions.c -------------------------------------------------------- */

/* Wait until what `after` says has happened since the run's beginning. Returns
 * 0, or -ECANCELED when the run ends before. */
int condition_wait(struct host *host, const char *after);

/* --- sysctl.c ------------------------------------------------------------ */

/* Tell the kernel of this host's namespace what the scenario wants. Returns 0
 * or -errno with a sentence. */
int sysctl_apply(const struct host *host, struct err *ret_err);

#endif

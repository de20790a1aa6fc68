/* dial_internal.h - waiting and connecting without missing a signal, for the
 * commands that speak to the machine's own network. One thread. */
#ifndef HANDSHAKE_DIAL_INTERNAL_H
#define HANDSHAKE_DIAL_INTERNAL_H

#include <netdb.h>

/* Until fd is ready for `events` of poll(2): 0; -EINTR when stop_fd became
 * readable (-1 = none; it is not read here); -ETIMEDOUT after timeout_ms (-1:
 * never). */
int dial_wait(int fd, short events, int timeout_ms, int stop_fd);

/* Connect to each address in turn. The connected, non-blocking socket, or
 * -errno of the last that was tried; -EINTR and -ETIMEDOUT as above. */
int dial_any(const struct addrinfo *list, int timeout_ms, int stop_fd);

#endif

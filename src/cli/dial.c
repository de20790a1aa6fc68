/* dial.c - waiting and connecting, see dial_internal.h. */
#include "dial_internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* The stop comes first when both are ready: whoever wants to leave does not
 * wait for one thing more. */
int dial_wait(int fd, short events, int timeout_ms, int stop_fd)
{
    struct pollfd waits[] = {{.fd = fd, .events = events},
                             {.fd = stop_fd, .events = POLLIN}};
    int n = poll(waits, 2, timeout_ms);
    if (n < 0)
        return -errno;
    if (waits[1].revents)
        return -EINTR;
    return n == 0 ? -ETIMEDOUT : 0;
}

/* One address. The connected socket or -errno. */
static int dial_one(const struct addrinfo *to, int timeout_ms, int stop_fd)
{
    int error = 0;
    socklen_t len = sizeof(error);
    int fd =
        socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int r = connect(fd, to->ai_addr, to->ai_addrlen) < 0 ? -errno : 0;
    if (r == -EINPROGRESS) {
        r = dial_wait(fd, POLLOUT, timeout_ms, stop_fd);
        if (r == 0)
            (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
        r = r == 0 ? -error : r;
    }
    if (r == 0)
        return fd;
    close(fd);
    return r;
}

/* A signal ends it; any other failure goes on to the next address, as
 * programs do that connect by name. */
int dial_any(const struct addrinfo *list, int timeout_ms, int stop_fd)
{
    int fd = -EHOSTUNREACH;
    for (; list && fd < 0 && fd != -EINTR; list = list->ai_next)
        fd = dial_one(list, timeout_ms, stop_fd);
    return fd;
}

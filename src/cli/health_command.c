/* health_command.c - `handshake health`: asks a running server how it is, for a
 * container that has no curl. */
#include "cli_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEALTH_DEFAULT_PORT = 8080, HEALTH_TIMEOUT_S = 2 };

static int dial(uint16_t port)
{
    const struct timeval timeout = {.tv_sec = HEALTH_TIMEOUT_S};
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    int code = errno;
    close(fd);
    return -code;
}

/* Whether the answer begins with status 200. */
static bool answers_well(int fd)
{
    static const char ask[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                              "Connection: close\r\n\r\n";
    static const char well[] = "HTTP/1.1 200";
    char answer[sizeof(well)] = "";
    if (send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) < 0)
        return false;
    ssize_t n = recv(fd, answer, sizeof(well) - 1, MSG_WAITALL);
    return n == (ssize_t)sizeof(well) - 1 &&
           memcmp(answer, well, sizeof(well) - 1) == 0;
}

int health_command(const struct command *self, int argc, char **argv)
{
    unsigned long port = HEALTH_DEFAULT_PORT;
    char *rest = NULL;
    struct operands given;
    int status = options_read(self, argc, argv, NULL, NULL, &given);
    if (status != COMMAND_GOES_ON)
        return status;
    if (given.count > 0)
        port = strtoul(given.list[0], &rest, 10);
    if ((rest && *rest) || port == 0 || port > UINT16_MAX)
        return usage_error(self, "a port is a number from 1 to 65535");
    int fd = dial((uint16_t)port);
    struct err err = {0};
    if (fd < 0) {
        err_errno(&err, -fd, "nothing answers on 127.0.0.1:%lu", port);
        return failed(&err);
    }
    bool well = answers_well(fd);
    close(fd);
    if (!well)
        err_set(&err, EPROTO, "what answers on 127.0.0.1:%lu is not well",
                port);
    return well ? 0 : failed(&err);
}

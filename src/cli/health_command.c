/* health_command.c - `handshake health`: asks a running server how it is, for a
 * container that has no curl. */
#include "ask_internal.h"
#include "cli_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HEALTH_TIMEOUT_MS = 2000 };

static const char default_port[] = "8080";

/* Whether /healthz answers with status 200. */
static int ask_health(const struct server *server, struct err *ret_err)
{
    static struct answer answer;
    const struct ask_request q = {.method = "GET", .path = "/healthz"};
    int r = ask(server, &q, &answer, ret_err);
    if (r < 0)
        return r;
    answer_close(&answer);
    if (answer.status == 200)
        return 0;
    return err_set(ret_err, EPROTO, "what answers on 127.0.0.1:%s is not well",
                   server->port);
}

/* Two seconds at most: whoever asks this has a limit of their own. */
int health_command(const struct command *self, int argc, char **argv)
{
    char url[64];
    struct server server;
    struct err err = {0};
    struct operands given;
    int status = options_read(self, argc, argv, NULL, NULL, &given);
    if (status != COMMAND_GOES_ON)
        return status;
    const char *port = given.count > 0 ? given.list[0] : default_port;
    snprintf(url, sizeof(url), "127.0.0.1:%s", port);
    if (strspn(port, "0123456789") != strlen(port) ||
        server_parse(url, &server, &err) < 0)
        return usage_error(self, "a port is a number from 1 to 65535");
    server.timeout_ms = HEALTH_TIMEOUT_MS;
    return ask_health(&server, &err) < 0 ? failed(&err) : 0;
}

/* guest.c - guests: what lives on a host that carries out no scenario.
 *
 * The client's guest is somebody's own program; its keeper starts it in this
 * thread's namespace. The server's is built in (guest_server.c) or a program
 * too. Nothing is known of a program but what the kernels and the wire show:
 * its calls are its own, only its beginning and its end are recorded. The
 * client's program begins when the server listens, and the run is over when it
 * has ended and its connections have come to rest (course.c). */
#include "steps_internal.h"

#include "handshake/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum {
    LISTEN_LOOK_MS = 5,      /* between looks whether the server listens */
    LISTEN_LIMIT_MS = 15000, /* then it never will */
    PARTING_MS = 400         /* from SIGTERM to SIGKILL */
};

bool guest_is_client(const struct run *run)
{
    return run->options.guests[HOST_CLIENT].kind != GUEST_NONE;
}

static struct keeper *keeper_of(const struct host *host)
{
    return host->run->options.guests[host->id].keeper;
}

__attribute__((format(printf, 2, 3))) static void complain(struct host *host,
                                                           const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    host->failed = true;
    vsnprintf(host->complaint, sizeof(host->complaint), fmt, args);
    va_end(args);
}

/* --- a program's beginning and end --------------------------------------- */

static int start_program(struct host *host, struct call *ret_call)
{
    struct err err = {0};
    *ret_call = call_begin(host, "exec", "",
                           host->run->options.guests[host->id].words, NULL);
    int r = keeper_start(keeper_of(host), &err);
    if (r < 0) {
        complain(host, "%s", err.text);
        call_end(ret_call, -1, -r, NULL);
    }
    return r;
}

/* Until it has ended, or until the run is stopped, which ends it. */
static void wait_for_end(struct host *host, struct call *call)
{
    struct keeper *k = keeper_of(host);
    bool killed = false;
    while (keeper_wait(k, -1) != 1)
        if (call_interrupted(host) && !killed) {
            keeper_kill(k);
            killed = true;
        }
    call_end(call, keeper_status(k), 0, NULL);
}

/* --- the client ---------------------------------------------------------- */

static void live_client(struct host *host)
{
    struct call call;
    const struct host *server = &host->run->hosts[HOST_SERVER];
    if (!host_wait(host->run, &server->listening) || server->failed)
        return;
    if (start_program(host, &call) == 0)
        wait_for_end(host, &call);
}

/* --- a server that is a program ------------------------------------------ */

static const struct endpoint nobody = {.port = 0};

static bool listens(const struct host *host)
{
    enum tcp_state state = TCP_STATE_CLOSED;
    int fd = sockdiag_open();
    if (fd < 0)
        return false;
    int r = sockdiag_state(fd, &host->address, &nobody, &state);
    close(fd);
    return r == 0 && state == TCP_STATE_LISTEN;
}

/* True when it listens; else it has been said why not. */
static bool wait_until_listening(struct host *host)
{
    char text[ENDPOINT_TEXT_BYTES];
    uint64_t limit_ns = clock_mono_ns() + LISTEN_LIMIT_MS * UINT64_C(1000000);
    endpoint_text(&host->address, text);
    while (!call_interrupted(host)) {
        if (listens(host))
            return true;
        if (keeper_wait(keeper_of(host), LISTEN_LOOK_MS) == 1) {
            complain(host,
                     "the server's command ended with status %d before it "
                     "listened on %s",
                     keeper_status(keeper_of(host)), text);
            return false;
        }
        if (clock_mono_ns() > limit_ns)
            break;
    }
    complain(host, "the server's command does not listen on %s", text);
    return false;
}

/* A server has no end of its own: it is asked to go when nobody needs it. */
static void part(struct host *host, struct call *call)
{
    struct keeper *k = keeper_of(host);
    int ended = 0;
    while (ended != 1 && !call_interrupted(host))
        ended = keeper_wait(k, -1);
    if (ended != 1)
        keeper_signal(k, SIGTERM);
    uint64_t limit_ns = clock_mono_ns() + PARTING_MS * UINT64_C(1000000);
    while (ended != 1 && clock_mono_ns() < limit_ns)
        ended = keeper_wait(k, LISTEN_LOOK_MS);
    if (ended != 1)
        keeper_kill(k);
    while (ended != 1)
        ended = keeper_wait(k, -1);
    call_end(call, keeper_status(k), 0, NULL);
}

static void live_server(struct host *host)
{
    struct call call;
    bool started = start_program(host, &call) == 0;
    if (started && wait_until_listening(host))
        track_socket(host, &host->address, &nobody, call.begin_id, 0);
    run_progress(host->run, &host->listening);
    if (started)
        part(host, &call);
}

void guest_live(struct host *host)
{
    if (host->run->options.guests[host->id].kind != GUEST_PROGRAM)
        guest_serve(host);
    else if (host->id == HOST_CLIENT)
        live_client(host);
    else
        live_server(host);
}

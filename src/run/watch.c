/* watch.c - the links without a wire: hosts meet on loopback, the program only
 * looks on.
 *
 * On the loopback link libpcap shows each packet once, at the moment it is sent
 * and received in one; the hosts do not wait for the program, so a state that
 * lasts a few microseconds may be over before it can be asked for. Such states
 * are missing from the record, not guessed. On the sockets link nothing is
 * seen passing at all: calls and states are all there is, and the SYN's headers
 * as the server's kernel kept them. */
#include "run_internal.h"

#include "handshake/clock.h"

#include <poll.h>

int watch_open(struct run *run, struct err *ret_err)
{
    int r = ports_open(run, ret_err);
    if (r < 0)
        return r;
    uint16_t port = ports_real(run, HOST_SERVER, run->scenario.port);
    run->hosts[HOST_SERVER].address.port = port;
    if (run->link != LINK_LOOPBACK)
        return 0;
    const struct sniff_options opt = {.device = "lo", .port = port};
    return sniff_open(&opt, &run->sniff, ret_err);
}

/* False for what another program sends to the server's port. */
static bool watch_segment(struct run *run, const struct segment *seg,
                          const uint8_t *packet, size_t len, uint64_t t_ns)
{
    uint16_t server_port = run->hosts[HOST_SERVER].address.port;
    enum host_id from =
        seg->src.port == server_port ? HOST_SERVER : HOST_CLIENT;
    uint16_t client_port = from == HOST_SERVER ? seg->dst.port : seg->src.port;
    if (!ports_is_own(&run->hosts[HOST_CLIENT], client_port))
        return false;
    const struct event_segment sent = {
        .from = from, .bytes = packet, .len = len};
    record_segment(run, &sent, t_ns);
    record_arrival(run, run->segment_count, t_ns);
    /* No cause: the hosts may be several segments further on by now. */
    track_socket(&run->hosts[from], &seg->src, &seg->dst, 0, 0);
    track_socket(&run->hosts[host_peer(from)], &seg->dst, &seg->src, 0, 0);
    return true;
}

/* Take one packet of the capture. Returns whether there was one. */
static bool watch_one(struct run *run, struct course *course)
{
    const uint8_t *packet;
    uint64_t wall_ns;
    int n = sniff_read(run->sniff, &packet, &wall_ns);
    if (n <= 0)
        return false;
    struct segment seg;
    uint64_t now_ns = clock_mono_ns();
    uint64_t t_ns = record_time(run, wall_ns, now_ns);
    /* Only what is the run's keeps it going: others are heard, too. */
    if (segment_parse(packet, (size_t)n, &seg, NULL) == 0 &&
        watch_segment(run, &seg, packet, (size_t)n, t_ns))
        course->passed_ns = now_ns;
    return true;
}

void watch_carry(struct run *run)
{
    struct course course = course_begin(run);
    for (;;) {
        while (run->sniff && !atomic_load(&run->stop) &&
               watch_one(run, &course))
            continue;
        if (course_is_over(&course))
            return;
        struct pollfd fds[] = {
            {.fd = run->wake_fd, .events = POLLIN},
            {.fd = run->sniff ? sniff_fd(run->sniff) : -1, .events = POLLIN},
        };
        int n = poll(fds, sizeof(fds) / sizeof(*fds), RUN_TICK_MS);
        if (n > 0 && fds[0].revents)
            course_clear_wakes(run);
        if (n == 0)
            for (enum host_id h = 0; h < HOST_COUNT; h++)
                track_all(&run->hosts[h]);
    }
}

/* wire.c - the wire between the hosts: reads each packet one host sent, records
 * it, lets it arrive at the other.
 *
 * Theory of operation: one thread, two packet sockets. Whatever a host sends
 * makes a segment event with the kernel's own receive time; the arrival is
 * recorded just before the packet is handed over, because the peer's answer is
 * on its way before the write returns. After each send the sender's state is
 * read from the kernel, after each arrival the receiver's. Nothing here makes
 * JSON or takes a lock that a viewer could hold. */
#include "run_internal.h"

#include "handshake/clock.h"

#include <poll.h>

struct wire {
    struct run *run;
    struct course course;
    uint8_t packet[PACKET_CAP_BYTES];
};

static void deliver(struct wire *w, enum host_id to, size_t len)
{
    /* A full queue loses the packet as a cable would; the kernels retry. */
    host_net_write(&w->run->hosts[to].net, w->packet, len);
}

/* Record a TCP segment and carry it across. */
static void carry_segment(struct wire *w, enum host_id from,
                          const struct segment *seg, size_t len, uint64_t t_ns)
{
    struct run *run = w->run;
    enum host_id to = host_peer(from);
    const struct event_segment sent = {
        .from = from, .bytes = w->packet, .len = len};
    uint32_t cause = record_segment(run, &sent, t_ns);
    track_socket(&run->hosts[from], &seg->src, &seg->dst, cause, t_ns);
    cause = record_arrival(run, runlog_now_ns(run->log));
    atomic_store(&run->hosts[to].last_arrival, cause);
    deliver(w, to, len);
    track_socket(&run->hosts[to], &seg->dst, &seg->src, cause, 0);
}

static void carry_packet(struct wire *w, enum host_id from, size_t len,
                         uint64_t wall_ns)
{
    struct run *run = w->run;
    struct segment seg;
    w->course.passed_ns = clock_mono_ns();
    uint64_t t_ns = record_time(run, wall_ns, w->course.passed_ns);
    if (!run->options.no_record &&
        segment_parse(w->packet, len, &seg, NULL) == 0) {
        carry_segment(w, from, &seg, len, t_ns);
        return;
    }
    if (!run->options.no_record && record_is_icmp(w->packet, len))
        record_icmp(run, from, w->packet, len, t_ns);
    deliver(w, host_peer(from), len);
}

/* Take one packet from a host. Returns whether there was one. */
static bool carry_one(struct wire *w, enum host_id from)
{
    uint64_t wall_ns;
    int n = host_net_read(&w->run->hosts[from].net, w->packet,
                          sizeof(w->packet), &wall_ns);
    if (n <= 0)
        return false;
    carry_packet(w, from, (size_t)n, wall_ns);
    return true;
}

/* Carry until neither host has anything to send; the stop flag is looked at
 * between packets, so that two hosts that never fall silent cannot hold us. */
static void carry_all(struct wire *w)
{
    bool any = true;
    while (any && !atomic_load(&w->run->stop)) {
        any = carry_one(w, HOST_CLIENT);
        any |= carry_one(w, HOST_SERVER);
    }
}

static void wait_for_news(struct wire *w)
{
    struct pollfd fds[] = {
        {.fd = w->run->hosts[HOST_CLIENT].net.packet_fd, .events = POLLIN},
        {.fd = w->run->hosts[HOST_SERVER].net.packet_fd, .events = POLLIN},
        {.fd = w->run->wake_fd, .events = POLLIN},
    };
    int n = poll(fds, sizeof(fds) / sizeof(*fds), RUN_TICK_MS);
    if (n > 0 && fds[2].revents)
        course_clear_wakes(w->run);
    if (n == 0)
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            track_all(&w->run->hosts[h]);
}

void wire_carry(struct run *run)
{
    struct wire w = {.run = run, .course = course_begin(run)};
    for (;;) {
        carry_all(&w);
        if (course_is_over(&w.course))
            return;
        wait_for_news(&w);
    }
}

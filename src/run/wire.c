/* wire.c - the wire between the hosts: reads each packet one host sent, records
 * it, lets it arrive at the other when its time has come.
 *
 * Theory of operation: one thread, two packet sockets. Whatever a host sends
 * makes a segment event with the kernel's own receive time. With nothing set
 * up it goes straight across; else wire_fate.c decides what becomes of it, and
 * the copies that will arrive wait in the queue of flights until they are due.
 * The arrival is recorded just before the packet is handed over, because the
 * peer's answer is on its way before the write returns. After each send the
 * sender's state is read from the kernel, after each arrival the receiver's.
 * Nothing here makes JSON or takes a lock that a viewer could hold. */
#include "wire_internal.h"

#include "handshake/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

struct carrier {
    struct run *run;
    struct wire *wire;
    struct course course;
    uint8_t packet[PACKET_CAP_BYTES];
};

/* --- arriving ------------------------------------------------------------ */

/* Hand bytes to a host, and look what became of its socket. */
static void arrive(struct run *run, enum host_id to, const uint8_t *bytes,
                   size_t len, uint32_t cause)
{
    struct segment seg;
    struct host *host = &run->hosts[to];
    atomic_store(&host->last_arrival, cause);
    /* A full queue loses the packet as a cable would; the kernels retry. */
    host_net_write(&host->net, bytes, len);
    if (segment_parse(bytes, len, &seg, NULL) == 0)
        track_socket(host, &seg.dst, &seg.src, cause, 0);
    if (counters_wanted(run))
        counters_look(host);
}

static void deliver_due(struct carrier *c)
{
    struct flight *f;
    pthread_mutex_lock(&c->wire->lock);
    while ((f = flights_take_due(&c->wire->flights, clock_mono_ns()))) {
        uint32_t cause = 0;
        if (f->n)
            cause = wire_record_copy(c->run, f, FATE_ARRIVED,
                                     runlog_now_ns(c->run->log));
        arrive(c->run, f->to, f->bytes, f->len, cause);
        c->course.passed_ns = clock_mono_ns();
        flight_free(f);
    }
    pthread_mutex_unlock(&c->wire->lock);
}

/* --- sending ------------------------------------------------------------- */

static bool path_is_plain(const struct wire_path *p)
{
    return (p->latency_us | p->jitter_us | p->loss_ppm | p->duplicate_ppm |
            p->reorder_ppm) == 0;
}

/* Nothing set up for what this host sends: it goes straight across. What is
 * already under way may be overtaken, as its delay intends. */
static bool is_plain(const struct wire *w, enum host_id from)
{
    return w->settings.rule_count == 0 && !w->settings.hold[from] &&
           path_is_plain(&w->settings.path[from]) &&
           !(w->settings.swallow && w->flights.held_count);
}

/* The log is full: the run is ending, unless it is a guest's, who still needs
 * the wire. What delivers later needs bytes that stay, so nothing decides any
 * more. */
static void carry_unseen(struct carrier *c, enum host_id from, size_t len)
{
    if (guest_is_client(c->run))
        host_net_write(&c->run->hosts[host_peer(from)].net, c->packet, len);
}

/* Somebody's own program runs on any processor and may be further on already:
 * then its socket's state belongs to a segment that is still to be read. The
 * others change nothing at their sender. */
static bool tells_state(const struct run *run, const struct segment *sent)
{
    return !guest_is_client(run) || sent->flags & (SEG_SYN | SEG_FIN | SEG_RST);
}

static void carry_segment(struct carrier *c, enum host_id from,
                          const struct segment *seg, size_t len, uint64_t t_ns)
{
    struct run *run = c->run;
    const struct event_segment sent = {
        .from = from, .bytes = c->packet, .len = len};
    uint32_t id = record_segment(run, &sent, t_ns);
    const struct event *e = runlog_get(run->log, id);
    if (!e) {
        carry_unseen(c, from, len);
        return;
    }
    if (tells_state(run, seg))
        track_socket(&run->hosts[from], &seg->src, &seg->dst, id, t_ns);
    struct passing p = {.n = e->segment.n,
                        .event = id,
                        .from = from,
                        .sent_ns =
                            clock_mono_ns() - (runlog_now_ns(run->log) - t_ns),
                        .seg = seg,
                        .bytes = e->segment.bytes,
                        .len = len};
    p.repeats = wire_hear(c->wire, &p, false);
    if (p.repeats)
        counters_notice(run);
    if (!is_plain(c->wire, from)) {
        wire_decide_fate(run, &p);
        return;
    }
    c->wire->sent[from]++;
    arrive(run, host_peer(from), p.bytes, len,
           record_arrival(run, p.n, runlog_now_ns(run->log)));
}

static void carry_packet(struct carrier *c, enum host_id from, size_t len,
                         uint64_t wall_ns)
{
    struct run *run = c->run;
    struct segment seg;
    c->course.passed_ns = clock_mono_ns();
    uint64_t t_ns = record_time(run, wall_ns, c->course.passed_ns);
    if (!run->options.no_record &&
        segment_parse(c->packet, len, &seg, NULL) == 0) {
        pthread_mutex_lock(&c->wire->lock);
        carry_segment(c, from, &seg, len, t_ns);
        pthread_mutex_unlock(&c->wire->lock);
        return;
    }
    if (!run->options.no_record && record_is_icmp(c->packet, len))
        record_icmp(run, from, c->packet, len, t_ns);
    host_net_write(&run->hosts[host_peer(from)].net, c->packet, len);
}

/* Take one packet from a host. Returns whether there was one. */
static bool carry_one(struct carrier *c, enum host_id from)
{
    uint64_t wall_ns;
    int n = host_net_read(&c->run->hosts[from].net, c->packet,
                          sizeof(c->packet), &wall_ns);
    if (n <= 0)
        return false;
    carry_packet(c, from, (size_t)n, wall_ns);
    return true;
}

/* Carry until neither host has anything to send; the stop flag, and whether
 * memory is tight, are looked at between packets, so that two hosts that never
 * fall silent cannot hold us. No lock is held there. */
static void carry_all(struct carrier *c)
{
    bool any = true;
    while (any && !atomic_load(&c->run->stop)) {
        any = carry_one(c, HOST_CLIENT);
        any |= carry_one(c, HOST_SERVER);
        deliver_due(c);
        memory_budget_reclaim(c->run->memory.budget);
    }
}

/* --- waiting ------------------------------------------------------------- */

/* Until the next tick or the next arrival, whichever is sooner. */
static struct timespec wait_time(struct carrier *c)
{
    const uint64_t tick_ns = (uint64_t)RUN_TICK_MS * 1000000;
    pthread_mutex_lock(&c->wire->lock);
    uint64_t due_ns = flights_next_due(&c->wire->flights);
    pthread_mutex_unlock(&c->wire->lock);
    uint64_t now_ns = clock_mono_ns(), ns = tick_ns;
    if (due_ns <= now_ns)
        ns = 0;
    else if (due_ns - now_ns < tick_ns)
        ns = due_ns - now_ns;
    return (struct timespec){.tv_nsec = (long)ns};
}

static void wait_for_news(struct carrier *c)
{
    struct run *run = c->run;
    struct pollfd fds[] = {
        {.fd = run->hosts[HOST_CLIENT].net.packet_fd, .events = POLLIN},
        {.fd = run->hosts[HOST_SERVER].net.packet_fd, .events = POLLIN},
        {.fd = run->wake_fd, .events = POLLIN},
    };
    struct timespec wait = wait_time(c);
    int n = ppoll(fds, sizeof(fds) / sizeof(*fds), &wait, NULL);
    if (n > 0 && fds[2].revents)
        course_clear_wakes(run);
    if (n == 0)
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            track_all(&run->hosts[h]);
    if (n == 0)
        counters_notice(run);
}

/* What is still under way or held when the run ends never arrives; nothing is
 * lost in silence. */
static void close_wire(struct run *run)
{
    struct wire *w = run->wire;
    struct flight *f;
    pthread_mutex_lock(&w->lock);
    w->closed = true;
    while ((f = flights_take_due(&w->flights, UINT64_MAX)) ||
           (w->flights.held_count &&
            (f = flights_take_held(&w->flights, w->flights.held[0]->n)))) {
        f->by = BY_LINK;
        f->by_name[0] = '\0';
        snprintf(f->changed, sizeof(f->changed),
                 "the run ended before it "
                 "could arrive");
        if (f->n)
            wire_record_copy(run, f, FATE_DROPPED, runlog_now_ns(run->log));
        flight_free(f);
    }
    pthread_mutex_unlock(&w->lock);
}

void wire_carry(struct run *run)
{
    struct carrier c = {
        .run = run, .wire = run->wire, .course = course_begin(run)};
    for (;;) {
        carry_all(&c);
        if (course_is_over(&c.course))
            break;
        wait_for_news(&c);
    }
    close_wire(run);
}

/* --- making and freeing -------------------------------------------------- */

/* Small enough to be read aloud, and exact as a double. */
static uint64_t random_seed(void)
{
    uint32_t value = 0;
    ssize_t n = getrandom(&value, sizeof(value), 0);
    return n == (ssize_t)sizeof(value) ? value % 1000000 : 0;
}

size_t wire_bytes(void)
{
    return sizeof(struct wire);
}

struct wire *wire_new(struct run *run)
{
    struct wire *w = calloc(1, sizeof(*w));
    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    flights_init(&w->flights, RUN_MAX_FLIGHTS, &run->memory);
    w->initial = run->scenario.wire;
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        if (run->options.path_chosen)
            w->initial.path[h] = run->options.path;
        w->initial.hold[h] |= run->options.hold;
    }
    if (run->options.seed)
        w->initial.seed = run->options.seed;
    if (w->initial.seed == 0)
        w->initial.seed = 1 + random_seed();
    wire_settings_begin(w, &w->initial);
    return w;
}

void wire_free(struct wire *w)
{
    if (!w)
        return;
    flights_done(&w->flights);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

bool wire_is_busy(struct run *run, bool *ret_attended)
{
    struct wire *w = run->wire;
    pthread_mutex_lock(&w->lock);
    bool busy = w->flights.heap_count > 0;
    *ret_attended = w->flights.held_count > 0 ||
                    w->settings.hold[HOST_CLIENT] ||
                    w->settings.hold[HOST_SERVER];
    pthread_mutex_unlock(&w->lock);
    return busy;
}

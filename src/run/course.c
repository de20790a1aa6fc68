/* course.c - what carrying and watching share: recording packets, and deciding
 * when a run is over.
 *
 * A run is over when both hosts are through their steps and every connection
 * has come to rest, when one is through and the other waits for what nobody
 * will send, when somebody asked to stop, or at a limit of time or events. */
#include "run_internal.h"

#include "handshake/clock.h"

#include <unistd.h>

enum { IP4_PROTOCOL_AT = 9, IP6_NEXT_HEADER_AT = 6 };

/* --- recording ----------------------------------------------------------- */

/* A wall clock that was set meanwhile would give nonsense; then the time of
 * reading has to do. */
uint64_t record_time(const struct run *run, uint64_t wall_ns,
                     uint64_t mono_now_ns)
{
    const uint64_t tolerance_ns = 1000000000;
    uint64_t mono_ns = wall_ns - run->wall_offset_ns;
    if (wall_ns == 0 || mono_ns > mono_now_ns ||
        mono_now_ns - mono_ns > tolerance_ns)
        mono_ns = mono_now_ns;
    return runlog_at_ns(run->log, mono_ns);
}

uint32_t record_segment(struct run *run, const struct event_segment *seg,
                        uint64_t t_ns)
{
    struct event e = {.kind = EVENT_SEGMENT, .t_ns = t_ns, .segment = *seg};
    e.segment.n = ++run->segment_count;
    return runlog_append(run->log, &e);
}

uint32_t record_arrival(struct run *run, uint32_t n, uint64_t t_ns)
{
    const struct event e = {
        .kind = EVENT_COPY,
        .t_ns = t_ns,
        .copy = {.n = n, .copy = 1, .fate = FATE_ARRIVED, .by = BY_LINK}};
    return runlog_append(run->log, &e);
}

void record_icmp(struct run *run, enum host_id from, const uint8_t *packet,
                 size_t len, uint64_t t_ns)
{
    const struct event e = {
        .kind = EVENT_ICMP,
        .t_ns = t_ns,
        .icmp = {.from = from, .bytes = packet, .len = len}};
    runlog_append(run->log, &e);
}

bool record_is_icmp(const uint8_t *packet, size_t len)
{
    const uint8_t icmp_v4 = 1, icmp_v6 = 58;
    if (len >= 20 && packet[0] >> 4 == 4)
        return packet[IP4_PROTOCOL_AT] == icmp_v4;
    return len >= 40 && packet[0] >> 4 == 6 &&
           packet[IP6_NEXT_HEADER_AT] == icmp_v6;
}

/* --- the end ------------------------------------------------------------- */

struct course course_begin(struct run *run)
{
    static const uint64_t ns_per_s = 1000000000;
    uint64_t now_ns = clock_mono_ns();
    uint64_t limit_ns = run->options.max_seconds * ns_per_s;
    return (struct course){
        .run = run,
        .deadline_ns = guest_is_client(run) ? UINT64_MAX : now_ns + limit_ns,
        .passed_ns = now_ns};
}

void course_clear_wakes(struct run *run)
{
    uint64_t wakes;
    ssize_t n = read(run->wake_fd, &wakes, sizeof(wakes));
    (void)n; /* only the waking counts */
}

/* Connections of both hosts that have not come to rest. */
static size_t open_connections(struct run *run)
{
    return track_all(&run->hosts[HOST_CLIENT]) +
           track_all(&run->hosts[HOST_SERVER]);
}

static bool past(uint64_t since_ns, uint32_t ms, uint64_t now_ns)
{
    return now_ns - since_ns > (uint64_t)ms * 1000000;
}

/* A capture is a little late; what is still in it must be waited for. */
static bool capture_may_lag(const struct course *c, uint64_t now_ns)
{
    return c->run->link == LINK_LOOPBACK &&
           !(past(c->passed_ns, RUN_GRACE_MS, now_ns) &&
             past(c->steps_done_ns, RUN_GRACE_MS, now_ns));
}

/* A host without a single step leaves its part to a person. */
static bool awaits_person(const struct run *run)
{
    const size_t *steps = run->scenario.step_count;
    return (steps[HOST_CLIENT] == 0) != (steps[HOST_SERVER] == 0);
}

/* What the wire still has to do keeps a run alive: copies under way always,
 * a person's hand on it for as long as it is there. */
static bool wire_keeps(const struct course *c)
{
    bool attended = false;
    return c->run->wire && (wire_is_busy(c->run, &attended) || attended);
}

/* As above, when all connections are at rest: only what is held or under way
 * counts, the mere switch does not. */
static bool wire_keeps_copies(const struct course *c)
{
    bool attended = false;
    return c->run->wire &&
           (wire_is_busy(c->run, &attended) || run_held_count(c->run) > 0);
}

/* A host that sleeps will go on by itself. */
static bool somebody_dozes(const struct run *run)
{
    return atomic_load(&run->hosts[HOST_CLIENT].dozing) ||
           atomic_load(&run->hosts[HOST_SERVER].dozing);
}

/* How long a guest's connections may take to come to rest: a few times to the
 * other end and back. */
static uint32_t rest_ms(struct run *run)
{
    struct wire_settings settings;
    uint32_t longest_us = 0;
    if (run_get_wire(run, &settings, NULL) < 0)
        return RUN_SETTLE_MS;
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        uint32_t us = settings.path[h].latency_us + settings.path[h].jitter_us;
        longest_us = us > longest_us ? us : longest_us;
    }
    return RUN_SETTLE_MS + longest_us / 1000 * 4;
}

/* The client's guest decides: a server waits for as long as it may. */
static bool guest_is_through(struct course *c, uint64_t now_ns)
{
    struct run *run = c->run;
    if (!run_flag(run, &run->hosts[HOST_CLIENT].steps_done))
        return false;
    if (c->steps_done_ns == 0)
        c->steps_done_ns = now_ns;
    if (open_connections(run) == 0 && !wire_keeps_copies(c))
        return true;
    return past(c->steps_done_ns, rest_ms(run), now_ns);
}

static bool is_quiet(struct course *c, uint64_t now_ns)
{
    struct run *run = c->run;
    int done = run_flag(run, &run->hosts[HOST_CLIENT].steps_done) +
               run_flag(run, &run->hosts[HOST_SERVER].steps_done);
    if (done == 0 || somebody_dozes(run))
        return false;
    if (c->first_done_ns == 0)
        c->first_done_ns = now_ns;
    if (done == HOST_COUNT) {
        if (c->steps_done_ns == 0)
            c->steps_done_ns = now_ns;
        if (open_connections(run) == 0)
            return !capture_may_lag(c, now_ns) && !wire_keeps_copies(c);
        return past(c->steps_done_ns, RUN_SETTLE_MS, now_ns) && !wire_keeps(c);
    }
    /* What the other waits for may have been the end of the first: it gets the
     * time to notice, on a busy machine too. */
    return !awaits_person(run) && !wire_keeps(c) &&
           past(c->passed_ns, RUN_QUIET_MS, now_ns) &&
           past(c->first_done_ns, RUN_QUIET_MS, now_ns) &&
           open_connections(run) == 0;
}

/* A person's hand on the wire keeps a run alive; one that went away does not,
 * where the registry says so. */
static bool is_abandoned(struct run *run, uint64_t now_ns)
{
    bool attended = false;
    if (run->held_seconds == 0 || !run->wire ||
        atomic_load(&run->watchers) > 0 ||
        now_ns < atomic_load(&run->asked_ns) ||
        !past(atomic_load(&run->asked_ns), run->held_seconds * 1000, now_ns))
        return false;
    (void)wire_is_busy(run, &attended);
    return attended;
}

bool course_is_over(struct course *c)
{
    struct run *run = c->run;
    uint64_t now_ns = clock_mono_ns();
    memory_budget_reclaim(run->memory.budget);
    if (atomic_load(&run->stop))
        return true;
    if (guest_is_client(run))
        return guest_is_through(c, now_ns);
    if (runlog_full(run->log))
        return true;
    if (now_ns > c->deadline_ns)
        run->limit_time = true;
    run->limit_held = !run->limit_time && is_abandoned(run, now_ns);
    return run->limit_time || run->limit_held || is_quiet(c, now_ns);
}

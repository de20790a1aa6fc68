/* guest_verdict.c - how a run whose client is somebody's own program went.
 *
 * What the program saw of its calls is not known. The verdict counts the
 * connections that it tried, as the wire carried them and the client's kernel
 * knew them, and says of the first that did not come about why not. */
#include "run_internal.h"

#include "handshake/icmp.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRIES_MAX = 512 /* connections told apart */
};

/* One connection that the client tried. */
struct attempt {
    struct endpoint client, server;
    uint64_t begin_ns, established_ns;
    unsigned syns, syns_arrived, answers; /* SYNs, and SYN,ACKs to them */
    bool established, refused, unreachable;
};

struct attempts {
    struct attempt list[TRIES_MAX];
    size_t count;
    bool more;              /* there were more than can be told apart */
    struct attempt *latest; /* of those, the one found last; or NULL */
    uint32_t segment_count;
    uint16_t *syns; /* (owned) by segment: 1 + index of whose SYN it is, or 0 */
};

/* --- gathering, in one pass over the log --------------------------------- */

static bool is_between(const struct attempt *a, const struct endpoint *client,
                       const struct endpoint *server)
{
    return endpoint_equal(&a->client, client) &&
           endpoint_equal(&a->server, server);
}

/* The newest between those two endpoints; NULL when there is none. Segments of
 * one connection come in rows. */
static struct attempt *find(struct attempts *all, const struct endpoint *client,
                            const struct endpoint *server)
{
    if (all->latest && is_between(all->latest, client, server))
        return all->latest;
    for (size_t i = all->count; i-- > 0;)
        if (is_between(&all->list[i], client, server))
            return all->latest = &all->list[i];
    return NULL;
}

static struct attempt *begin(struct attempts *all, const struct segment *syn,
                             uint64_t t_ns)
{
    all->more |= all->count == TRIES_MAX;
    if (all->more)
        return NULL;
    struct attempt *a = &all->list[all->count++];
    *a = (struct attempt){
        .client = syn->src, .server = syn->dst, .begin_ns = t_ns};
    all->latest = a;
    return a;
}

static void see_syn(struct attempts *all, const struct event *e,
                    const struct segment *syn)
{
    struct attempt *a = find(all, &syn->src, &syn->dst);
    if (!a || a->established || a->refused)
        a = begin(all, syn, e->t_ns);
    if (!a)
        return;
    a->syns++;
    if (e->segment.n <= all->segment_count)
        all->syns[e->segment.n] = (uint16_t)(a - all->list + 1);
}

static void establish(struct attempt *a, uint64_t t_ns)
{
    if (!a || a->established)
        return;
    a->established = true;
    a->established_ns = t_ns;
}

static void see_answer(struct attempts *all, const struct segment *seg)
{
    struct attempt *a = find(all, &seg->dst, &seg->src);
    if (!a || a->established)
        return;
    a->answers += !(seg->flags & SEG_RST);
    a->refused |= (seg->flags & SEG_RST) != 0;
}

static void see_segment(struct attempts *all, const struct event *e)
{
    struct segment seg;
    if (segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) < 0)
        return;
    bool client = e->segment.from == HOST_CLIENT;
    if (client && (seg.flags & (SEG_SYN | SEG_ACK)) == SEG_SYN)
        see_syn(all, e, &seg);
    else if (client && (seg.flags & (SEG_ACK | SEG_RST)) == SEG_ACK)
        establish(find(all, &seg.src, &seg.dst), e->t_ns);
    else if (!client && (seg.flags & (SEG_SYN | SEG_RST)))
        see_answer(all, &seg);
}

static void see_copy(struct attempts *all, const struct event_copy *copy)
{
    if (copy->fate != FATE_ARRIVED || copy->copy > 1 ||
        copy->n > all->segment_count || all->syns[copy->n] == 0)
        return;
    all->list[all->syns[copy->n] - 1].syns_arrived++;
}

/* The state tells a little sooner than the first ACK, but a quick program may
 * have left it before it could be asked for. */
static void see_state(struct attempts *all, const struct event *e)
{
    if (e->state.host == HOST_CLIENT &&
        e->state.new_state == TCP_STATE_ESTABLISHED)
        establish(find(all, &e->state.local, &e->state.remote), e->t_ns);
}

static void see_icmp(struct attempts *all, const struct event_icmp *message)
{
    struct icmp icmp;
    if (icmp_parse(message->bytes, message->len, &icmp, NULL) < 0 ||
        !icmp.quotes_tcp)
        return;
    struct attempt *a = find(all, &icmp.quoted_src, &icmp.quoted_dst);
    if (a && !a->established)
        a->unreachable = true;
}

static void see_event(struct attempts *all, const struct event *e)
{
    if (e->kind == EVENT_SEGMENT)
        see_segment(all, e);
    else if (e->kind == EVENT_COPY)
        see_copy(all, &e->copy);
    else if (e->kind == EVENT_STATE)
        see_state(all, e);
    else if (e->kind == EVENT_ICMP)
        see_icmp(all, &e->icmp);
}

/* NULL when memory runs out. */
static struct attempts *gather(const struct run *run)
{
    struct attempts *all = calloc(1, sizeof(*all));
    if (!all)
        return NULL;
    all->segment_count = run->segment_count;
    all->syns = calloc((size_t)run->segment_count + 1, sizeof(*all->syns));
    for (uint32_t id = 1; all->syns && id <= runlog_count(run->log); id++)
        see_event(all, runlog_get(run->log, id));
    return all;
}

/* --- words --------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void add(char *text, size_t cap,
                                                      const char *fmt, ...)
{
    size_t len = strlen(text);
    va_list args;
    va_start(args, fmt);
    vsnprintf(text + len, cap - len, fmt, args);
    va_end(args);
}

static void say_end(const struct run *run, char *text, size_t cap)
{
    int status = keeper_status(run->options.guests[HOST_CLIENT].keeper);
    if (status > KEEPER_EXIT_SIGNAL)
        add(text, cap, "The program was killed by SIG%s",
            sigabbrev_np(status - KEEPER_EXIT_SIGNAL)
                ? sigabbrev_np(status - KEEPER_EXIT_SIGNAL)
                : "?");
    else
        add(text, cap, "The program ended with status %d", status);
}

static enum verdict_code code_of(const struct attempt *a)
{
    return a->established   ? VERDICT_ESTABLISHED
           : a->refused     ? VERDICT_REFUSED
           : a->unreachable ? VERDICT_UNREACHABLE
                            : VERDICT_TIMED_OUT;
}

/* Why one connection did not come about. */
static void say_cause(const struct attempt *a, char *text, size_t cap)
{
    char server[ENDPOINT_TEXT_BYTES];
    endpoint_text(&a->server, server);
    if (a->refused)
        add(text, cap, " Its SYN to %s was refused with RST.", server);
    else if (a->unreachable)
        add(text, cap, " An ICMP message answered its SYN to %s.", server);
    else if (a->syns_arrived == 0)
        add(text, cap,
            " It sent %u SYN%s to %s and none arrived before it gave up.",
            a->syns, a->syns == 1 ? "" : "s", server);
    else
        add(text, cap,
            " It sent %u SYN%s to %s, %u arrived, and the answer%s did not "
            "reach it before it gave up.",
            a->syns, a->syns == 1 ? "" : "s", server, a->syns_arrived,
            a->answers == 1 ? "" : "s");
}

/* One connection is told of by itself, several are counted. */
static void say_established(const struct attempts *all, size_t established,
                            char *text, size_t cap)
{
    const struct attempt *a = &all->list[0];
    if (all->count != 1) {
        add(text, cap, "; it tried %s%zu connections, %zu %s established.",
            all->more ? "more than " : "", all->count, established,
            established == 1 ? "was" : "were");
        return;
    }
    if (!a->established) {
        add(text, cap, "; its connection was not established.");
        return;
    }
    add(text, cap, "; its connection was established after %.*f ms",
        a->established_ns - a->begin_ns < 10000000 ? 3 : 0,
        (double)(a->established_ns - a->begin_ns) / 1e6);
    if (a->syns > 1)
        add(text, cap, ", with the SYN sent %u times", a->syns);
    add(text, cap, ".");
}

static enum verdict_code judge_attempts(const struct attempts *all, char *text,
                                        size_t cap)
{
    const struct attempt *failed = NULL;
    size_t established = 0;
    for (size_t i = 0; i < all->count; i++) {
        established += all->list[i].established;
        if (!failed && !all->list[i].established)
            failed = &all->list[i];
    }
    if (all->count == 0) {
        add(text, cap, " and never sent a SYN.");
        return VERDICT_FAILED;
    }
    say_established(all, established, text, cap);
    if (failed)
        say_cause(failed, text, cap);
    return failed ? code_of(failed) : VERDICT_ESTABLISHED;
}

enum verdict_code guest_judge(const struct run *run, char *ret_text,
                              size_t cap_bytes)
{
    struct attempts *all = gather(run);
    enum verdict_code code = VERDICT_ERROR;
    ret_text[0] = '\0';
    say_end(run, ret_text, cap_bytes);
    if (all && all->syns)
        code = judge_attempts(all, ret_text, cap_bytes);
    else
        add(ret_text, cap_bytes, "; there is no memory left to judge it.");
    if (all)
        free(all->syns);
    free(all);
    return code;
}

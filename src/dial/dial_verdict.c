/* dial_verdict.c - what came of an attempt, and what it means.
 *
 * From one end four things look alike to a program and differ on the wire: the
 * host refuses, something on the way refuses in its name, something answers for
 * it that it cannot be reached, or nobody answers at all. What was seen tells
 * them apart; what was not seen is not claimed. */
#include "dial_internal.h"

#include "handshake/icmp.h"
#include "handshake/segment.h"
#include "handshake/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 2048, SYNS_TOLD = 8 };

/* What the log tells of the opening. */
struct opening {
    unsigned syns;
    uint64_t syn_ns[SYNS_TOLD]; /* when the first ones left */
    struct segment syn, synack; /* the last of each */
    uint64_t synack_ns, last_syn_ns;
    bool has_synack, has_reset;
    struct segment reset;
    bool has_icmp;
    struct icmp icmp;
};

/* --- gathering ----------------------------------------------------------- */

static void see_segment(const struct event *e, struct opening *o)
{
    struct segment seg;
    if (segment_parse(e->segment.bytes, e->segment.len, &seg, NULL) < 0)
        return;
    bool ours = e->segment.from == HOST_CLIENT;
    uint16_t opens = seg.flags & (SEG_SYN | SEG_ACK);
    if (ours && opens == SEG_SYN) {
        if (o->syns < SYNS_TOLD)
            o->syn_ns[o->syns] = e->t_ns;
        o->syns++;
        o->last_syn_ns = e->t_ns;
        o->syn = seg;
    } else if (!ours && opens == (SEG_SYN | SEG_ACK)) {
        o->has_synack = true;
        o->synack_ns = e->t_ns;
        o->synack = seg;
    } else if (!ours && (seg.flags & SEG_RST) && !o->has_reset) {
        o->has_reset = true;
        o->reset = seg;
    }
}

static struct opening gather(const struct dial *d)
{
    struct opening o = {.syns = 0};
    for (uint32_t id = 1; id <= runlog_count(d->log); id++) {
        const struct event *e = runlog_get(d->log, id);
        if (e->kind == EVENT_SEGMENT)
            see_segment(e, &o);
        else if (e->kind == EVENT_ICMP && !o.has_icmp)
            o.has_icmp =
                icmp_parse(e->icmp.bytes, e->icmp.len, &o.icmp, NULL) == 0;
    }
    if (!o.has_icmp && d->icmp.known) {
        o.has_icmp = true;
        o.icmp = (struct icmp){.version = d->to.addr.version,
                               .src = d->icmp.from,
                               .type = d->icmp.type,
                               .code = d->icmp.code};
    }
    return o;
}

/* SYNs that left, by the capture or by the kernel's count. */
static unsigned syns_sent(const struct dial *d, const struct opening *o)
{
    if (!d->all->blind[0])
        return o->syns;
    return d->local.port ? d->resent + 1 : 0;
}

/* --- what was agreed ----------------------------------------------------- */

static bool both_have(const struct opening *o, uint8_t kind)
{
    return segment_option(&o->syn, kind) && segment_option(&o->synack, kind);
}

static void list_word(struct buf *out, unsigned *count, const char *word)
{
    buf_printf(out, "%s%s", *count ? ", " : "", word);
    (*count)++;
}

/* " Agreed: SACK, timestamps, windows scaled by 2^7 here and 2^8 there." */
static void say_agreed(bool sack, bool timestamps, bool ecn,
                       const uint8_t shifts[2], struct buf *out)
{
    unsigned count = 0;
    char scaled[64];
    buf_str(out, " Agreed on ");
    if (sack)
        list_word(out, &count, "SACK");
    if (timestamps)
        list_word(out, &count, "timestamps");
    if (ecn)
        list_word(out, &count, "ECN");
    if (shifts) {
        snprintf(scaled, sizeof(scaled),
                 "windows scaled by 2^%u here and 2^%u there", shifts[0],
                 shifts[1]);
        list_word(out, &count, scaled);
    }
    buf_str(out, count ? "." : "no option.");
}

/* RFC 3168 6.1.1: SYN with ECE and CWR, SYN,ACK with ECE alone. */
static bool agreed_ecn(const struct opening *o)
{
    uint16_t asks = SEG_ECE | SEG_CWR;
    return (o->syn.flags & asks) == asks && (o->synack.flags & asks) == SEG_ECE;
}

static void say_options(const struct dial *d, const struct opening *o,
                        struct buf *out)
{
    const struct tcp_facts *facts = &d->facts;
    uint16_t here = 0, there = 0;
    uint8_t shifts[2];
    if (o->syns == 0 || !o->has_synack) {
        if (!facts->known)
            return;
        const uint8_t told[] = {facts->rcv_wscale, facts->snd_wscale};
        say_agreed(facts->sack, facts->timestamps, facts->ecn,
                   facts->wscale ? told : NULL, out);
        return;
    }
    bool scaled = segment_wscale(&o->syn, &shifts[0]) &&
                  segment_wscale(&o->synack, &shifts[1]);
    if (segment_mss(&o->syn, &here) && segment_mss(&o->synack, &there))
        buf_printf(out, " MSS %u here, %u there.", here, there);
    say_agreed(both_have(o, OPT_SACK_PERMITTED), both_have(o, OPT_TIMESTAMPS),
               agreed_ecn(o), scaled ? shifts : NULL, out);
}

/* --- the cases ----------------------------------------------------------- */

static enum verdict_code
say_established(const struct dial *d, const struct opening *o, struct buf *out)
{
    unsigned syns = syns_sent(d, o);
    buf_str(out, "Established after ");
    words_time(out, d->took_ns);
    if (syns > 1)
        buf_printf(out, ", with the SYN sent %u times", syns);
    if (o->has_synack && o->syns > 0) {
        buf_str(out, "; the answer came ");
        words_time(out, o->synack_ns - o->last_syn_ns);
        buf_str(out, " after its SYN");
    }
    buf_str(out, ".");
    say_options(d, o, out);
    return VERDICT_ESTABLISHED;
}

/* Whoever answered with ICMP, and whether that is the host itself. */
static enum verdict_code say_icmp(const struct dial *d, const struct opening *o,
                                  struct buf *out)
{
    char from[ENDPOINT_TEXT_BYTES], meaning[ICMP_MEANING_BYTES];
    bool itself = ipaddr_equal(&o->icmp.src, &d->to.addr);
    bool own = ipaddr_equal(&o->icmp.src, &d->local.addr) && !itself;
    icmp_meaning(o->icmp.version, o->icmp.type, o->icmp.code, meaning);
    ipaddr_text(&o->icmp.src, from);
    buf_str(out, "After ");
    words_time(out, d->took_ns);
    buf_printf(out, " ICMP %u/%u came from %s, %s: %s", o->icmp.type,
               o->icmp.code, from,
               itself ? "the host itself or a filter in its name"
               : own  ? "this machine: the next hop does not answer (ip neigh)"
                      : "a router or filter on the way",
               meaning);
    if (meaning[0] && meaning[strlen(meaning) - 1] != '.')
        buf_str(out, ".");
    return d->error == ECONNREFUSED ? VERDICT_REFUSED : VERDICT_UNREACHABLE;
}

static enum verdict_code say_refused(const struct dial *d,
                                     const struct opening *o, struct buf *out)
{
    char server[ENDPOINT_TEXT_BYTES];
    buf_str(out, "Refused after ");
    words_time(out, d->took_ns);
    buf_printf(out, ": an RST answered for %s", endpoint_text(&d->to, server));
    if (o->has_reset)
        buf_printf(out, " (TTL %u)", o->reset.ttl);
    buf_str(out, ". The host is there and nobody listens on that port, or a "
                 "filter refuses in its name.");
    return VERDICT_REFUSED;
}

static void say_times(const struct opening *o, struct buf *out)
{
    unsigned told = o->syns < SYNS_TOLD ? o->syns : SYNS_TOLD;
    for (unsigned i = 0; i < told; i++) {
        buf_str(out, i == 0 ? " (at " : i + 1 < told ? ", " : " and ");
        words_time(out, o->syn_ns[i]);
    }
    buf_str(out, told ? ")" : "");
}

static enum verdict_code say_silence(const struct dial *d,
                                     const struct opening *o, struct buf *out)
{
    unsigned syns = syns_sent(d, o);
    buf_str(out, "No answer within ");
    words_time(out, d->took_ns);
    buf_printf(out, ": %u SYN%s went out", syns, syns == 1 ? "" : "s");
    say_times(o, out);
    if (o->has_synack)
        buf_str(out, ", a SYN,ACK came back, and the kernel did not take it.");
    else
        buf_printf(out,
                   " and nothing came back%s. A filter drops the SYN or its "
                   "answer in silence, or the host is not there.",
                   d->all->blind[0] ? "" : ", no RST and no ICMP either");
    return VERDICT_TIMED_OUT;
}

/* The kernel itself would not send, or said why it cannot. */
static enum verdict_code say_local(const struct dial *d,
                                   const struct opening *o, struct buf *out)
{
    char address[ENDPOINT_TEXT_BYTES];
    buf_printf(out, "connect() gave %s: %s.", err_name(d->error),
               err_meaning(d->error));
    if (o->syns == 0)
        buf_printf(out,
                   " No segment left this machine: look at its own routes and "
                   "filters (ip route get %s).",
                   ipaddr_text(&d->to.addr, address));
    return d->error == ECONNRESET ? VERDICT_RESET : VERDICT_UNREACHABLE;
}

static enum verdict_code say_given_up(const struct dial *d, struct buf *out)
{
    buf_str(out, "Given up after ");
    words_time(out, d->took_ns);
    buf_str(out,
            d->all->stopped ? " by request." : ": another address was faster.");
    return VERDICT_CANCELLED;
}

static enum verdict_code judge(const struct dial *d, struct buf *out)
{
    struct opening o = gather(d);
    if (d->established)
        return say_established(d, &o, out);
    if (d->given_up)
        return say_given_up(d, out);
    if (d->timed_out || d->error == ETIMEDOUT)
        return say_silence(d, &o, out);
    if (o.has_icmp)
        return say_icmp(d, &o, out);
    if (d->error == ECONNREFUSED)
        return say_refused(d, &o, out);
    return say_local(d, &o, out);
}

void dial_judge(struct dial *d)
{
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    enum verdict_code code = judge(d, &text);
    const struct event e = {.kind = EVENT_RUN,
                            .t_ns = runlog_now_ns(d->log),
                            .run = {.phase = PHASE_END,
                                    .scenario = "connect",
                                    .link = LINK_NETWORK,
                                    .verdict = code,
                                    .verdict_text = buf_text(&text)}};
    runlog_append(d->log, &e);
    buf_done(&text);
}

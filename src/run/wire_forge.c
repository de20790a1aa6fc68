/* wire_forge.c - segments and ICMP errors made by hand, by a person or a rule.
 *
 * What is left open is filled so that it fits the connection as the wire has
 * heard it; a number that refers to what nobody has said yet is refused. */
#include "wire_internal.h"

#include "handshake/clock.h"
#include "handshake/icmp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    FORGE_PACKET_BYTES = 1500,
    WRONG_CHECKSUM = 0xdead,  /* right once in 65,536 */
    FORGE_FIRST_PORT = 40000, /* of a client that nobody has heard */
    FORGE_SPREAD = 200        /* source addresses of a flood: .20 to .219 */
};

/* What a forged segment is made from. */
struct draft {
    struct run *run;
    const struct forge *forge;
    const struct passing *about; /* or NULL */
    enum host_id from;           /* in whose name */
    struct segment_spec spec;
};

/* --- numbers ------------------------------------------------------------- */

static const struct talk *talk_of(const struct draft *d, enum host_id host)
{
    return &d->run->wire->talk[host];
}

/* The value of a number's base; false when nobody has said it yet. */
static bool base_value(const struct draft *d, enum number_base base,
                       uint32_t *ret)
{
    const struct talk *client = talk_of(d, HOST_CLIENT);
    const struct talk *server = talk_of(d, HOST_SERVER);
    const struct segment *seg = d->about ? d->about->seg : NULL;
    bool known = true;
    switch (base) {
    case NUMBER_CLIENT_ISN:
    case NUMBER_CLIENT_NEXT:
        known = client->known;
        *ret = base == NUMBER_CLIENT_ISN ? client->isn : client->next;
        break;
    case NUMBER_SERVER_ISN:
    case NUMBER_SERVER_NEXT:
        known = server->known;
        *ret = base == NUMBER_SERVER_ISN ? server->isn : server->next;
        break;
    case NUMBER_SEG_SEQ:
    case NUMBER_SEG_ACK:
    case NUMBER_SEG_NEXT:
        known = seg != NULL;
        if (known)
            *ret = base == NUMBER_SEG_SEQ   ? seg->seq
                   : base == NUMBER_SEG_ACK ? seg->ack
                                            : seg->seq + segment_span(seg);
        break;
    case NUMBER_ABSOLUTE:
    case NUMBER_BASE_COUNT:
        *ret = 0;
        break;
    }
    return known;
}

static int resolve(const struct draft *d, const struct number *number,
                   const char *field, uint32_t *ret, struct err *ret_err)
{
    char words[40];
    uint32_t value = 0;
    if (!base_value(d, number->base, &value))
        return err_set(ret_err, EINVAL,
                       "%s is %s, and nobody has said that number yet", field,
                       number_words(number, words));
    *ret = value + number->plus;
    return 0;
}

static uint32_t random_number(void)
{
    uint32_t value = 0;
    ssize_t n = getrandom(&value, sizeof(value), 0);
    return n == (ssize_t)sizeof(value) ? value : 1;
}

/* seq: as given, else what the impersonated host would use next, else a fresh
 * number. */
static int fill_seq(struct draft *d, struct err *ret_err)
{
    const struct talk *own = talk_of(d, d->from);
    if (d->forge->seq.set)
        return resolve(d, &d->forge->seq, "seq", &d->spec.seq, ret_err);
    d->spec.seq = own->known ? own->next : random_number();
    return 0;
}

/* ack: as given, else all that the other side has said, when ACK is set. */
static int fill_ack(struct draft *d, struct err *ret_err)
{
    const struct talk *peer = talk_of(d, d->forge->to);
    if (d->forge->ack.set)
        return resolve(d, &d->forge->ack, "ack", &d->spec.ack, ret_err);
    if (d->spec.flags & SEG_ACK)
        d->spec.ack = peer->known ? peer->next : 0;
    return 0;
}

/* --- addresses ----------------------------------------------------------- */

/* The connection of the segment it is about, else the newest one, else one that
 * the impersonated client would open. */
static int fill_ends(struct draft *d, struct err *ret_err)
{
    struct segment_spec *spec = &d->spec;
    const struct forge *forge = d->forge;
    const struct talk *own = talk_of(d, d->from);
    const struct talk *peer = talk_of(d, forge->to);
    if (d->about) {
        spec->src = d->about->seg->dst;
        spec->dst = d->about->seg->src;
    } else if (peer->dst.port) {
        spec->src = peer->dst;
        spec->dst = peer->src;
    } else if (own->src.port) {
        spec->src = own->src;
        spec->dst = own->dst;
    } else {
        spec->src = d->run->hosts[d->from].address;
        spec->dst = d->run->hosts[forge->to].address;
        if (d->from == HOST_CLIENT)
            spec->src.port = FORGE_FIRST_PORT;
    }
    if (forge->set_src_port)
        spec->src.port = forge->src_port;
    if (forge->set_dst_port)
        spec->dst.port = forge->dst_port;
    if (spec->dst.port == 0 || spec->src.port == 0)
        return err_set(ret_err, EINVAL,
                       "the %s has not been heard yet: name the ports",
                       host_name(HOST_CLIENT));
    return 0;
}

/* Another sender for each of a flood. */
static void vary_source(struct segment_spec *spec, uint32_t i)
{
    size_t last = ipaddr_len(&spec->src.addr) - 1;
    spec->src.addr.bytes[last] = (uint8_t)(20 + i % FORGE_SPREAD);
    spec->src.port = (uint16_t)(1024 + i);
    spec->seq = random_number();
}

/* --- sending ------------------------------------------------------------- */

static uint32_t record_forged(struct draft *d, const uint8_t *packet,
                              size_t len)
{
    const struct event_segment made = {
        .from = d->from, .forged = true, .bytes = packet, .len = len};
    return record_segment(d->run, &made, runlog_now_ns(d->run->log));
}

/* Record one forged segment and let it arrive as soon as the wire gets to it.
 */
static void send_forged(struct draft *d, const uint8_t *packet, size_t len,
                        const struct flight *like)
{
    struct segment seg;
    uint32_t id = record_forged(d, packet, len);
    const struct event *e = runlog_get(d->run->log, id);
    if (!e || segment_parse(e->segment.bytes, len, &seg, NULL) < 0)
        return; /* the log is full: the run is ending */
    const struct passing p = {.n = e->segment.n,
                              .event = id,
                              .from = d->from,
                              .seg = &seg,
                              .bytes = e->segment.bytes,
                              .len = len};
    wire_hear(d->run->wire, &p, true);
    struct flight f = *like;
    f.n = p.n;
    f.bytes = p.bytes;
    f.len = len;
    if (flights_add(&d->run->wire->flights, &f) < 0)
        wire_record_copy(d->run, &f, FATE_DROPPED, e->t_ns);
}

static int build_spec(struct draft *d, struct err *ret_err)
{
    const struct forge *forge = d->forge;
    d->spec = (struct segment_spec){
        .flags = forge->flags,
        .window = forge->set_window ? forge->window : WIRE_DEFAULT_WINDOW,
        .urgent = forge->urgent,
        .ttl = forge->set_ttl ? forge->ttl : 0,
        .options = forge->options,
        .options_len = forge->options_len,
        .payload = (const uint8_t *)forge->payload,
        .payload_len = forge->payload_len,
        .reserved = forge->reserved,
        .tos = forge->tos,
        .ip_id = forge->ip_id,
        .force_offset = forge->set_offset,
        .offset_words = forge->offset,
        .force_checksum = forge->bad_checksum || forge->set_checksum,
        .checksum = forge->set_checksum ? forge->checksum : WRONG_CHECKSUM,
    };
    int r = fill_ends(d, ret_err);
    if (r == 0)
        r = fill_seq(d, ret_err);
    if (r == 0)
        r = fill_ack(d, ret_err);
    return r;
}

static int forge_segments(struct draft *d, const struct flight *like,
                          uint32_t *ret_n, struct err *ret_err)
{
    uint8_t packet[FORGE_PACKET_BYTES];
    int r = build_spec(d, ret_err);
    uint32_t count = d->forge->count ? d->forge->count : 1;
    if (count > FORGE_MAX_COUNT)
        count = FORGE_MAX_COUNT;
    *ret_n = d->run->segment_count + 1;
    for (uint32_t i = 0; r == 0 && i < count; i++) {
        if (d->forge->vary_source)
            vary_source(&d->spec, i);
        int len = segment_build(&d->spec, packet, sizeof(packet));
        if (len < 0)
            return err_errno(ret_err, -len, "this segment cannot be built");
        send_forged(d, packet, (size_t)len, like);
    }
    return r;
}

/* The packet an ICMP error is about: the one the rule matched, else the newest
 * the addressee sent. */
static const struct event *quoted_event(const struct draft *d)
{
    uint32_t id = d->about ? d->about->event : talk_of(d, d->forge->to)->newest;
    return runlog_get(d->run->log, id);
}

/* A host that cannot be reached does not answer itself: a router does. Only
 * "protocol" and "port unreachable" come from the host. */
static struct ipaddr icmp_sender(const struct draft *d)
{
    const struct forge *forge = d->forge;
    struct ipaddr from = d->run->hosts[d->from].address.addr;
    bool v4 = from.version == 4;
    bool by_host =
        v4 ? forge->type == 3 && (forge->code == 2 || forge->code == 3)
           : (forge->type == 1 && forge->code == 4);
    if (!by_host)
        from.bytes[ipaddr_len(&from) - 1] = WIRE_ROUTER_BYTE;
    return from;
}

static int forge_icmp(struct draft *d, const struct flight *like,
                      struct err *ret_err)
{
    uint8_t packet[FORGE_PACKET_BYTES];
    const struct event *about = quoted_event(d);
    if (!about || about->kind != EVENT_SEGMENT)
        return err_set(ret_err, EINVAL,
                       "the %s has sent nothing yet that an ICMP error could "
                       "be about",
                       host_name(d->forge->to));
    const struct icmp_spec spec = {.from = icmp_sender(d),
                                   .type = d->forge->type,
                                   .code = d->forge->code,
                                   .mtu = d->forge->mtu,
                                   .quoted = about->segment.bytes,
                                   .quoted_len = about->segment.len};
    int len = icmp_build(&spec, packet, sizeof(packet));
    if (len < 0)
        return err_errno(ret_err, -len, "this ICMP error cannot be built");
    const struct event e = {.kind = EVENT_ICMP,
                            .t_ns = runlog_now_ns(d->run->log),
                            .icmp = {.from = d->from,
                                     .forged = true,
                                     .bytes = packet,
                                     .len = (size_t)len,
                                     .answers = about->segment.n}};
    const struct event *made =
        runlog_get(d->run->log, runlog_append(d->run->log, &e));
    if (!made)
        return 0; /* the log is full: the run is ending */
    struct flight f = *like;
    f.bytes = made->icmp.bytes;
    f.len = (size_t)len;
    return flights_add(&d->run->wire->flights, &f);
}

int wire_forge(struct run *run, const struct forge *forge,
               const struct passing *about, enum decider by, const char *name,
               uint32_t *ret_n, struct err *ret_err)
{
    struct draft d = {.run = run,
                      .forge = forge,
                      .about = about,
                      .from = host_peer(forge->to)};
    /* A rule's answer goes back to whoever sent the segment. */
    struct forge answer;
    if (about) {
        answer = *forge;
        answer.to = about->from;
        d.forge = &answer;
        d.from = host_peer(about->from);
    }
    struct flight like = {
        .due_ns = clock_mono_ns(), .copy = 1, .to = d.forge->to, .by = by};
    snprintf(like.by_name, sizeof(like.by_name), "%s", name);
    *ret_n = 0;
    if (forge->kind == FORGE_ICMP)
        return forge_icmp(&d, &like, ret_err);
    return forge_segments(&d, &like, ret_n, ret_err);
}

/* event_json.c - one event as one line of JSON, a function a kind.
 *
 * Names and their order are a promise (DESIGN.md section 5): programs and the
 * page read them. New members go behind the promised ones. */
#include "json_internal.h"

#include "handshake/clock.h"
#include "handshake/icmp.h"

#include <assert.h>
#include <string.h>

/* No port while there is none: the client's is chosen by its kernel, later. */
static void write_endpoint(struct jsonw *w, const char *name,
                           const struct endpoint *e)
{
    char text[ENDPOINT_TEXT_BYTES];
    jsonw_open(w, name, '{');
    jsonw_str(w, "address", ipaddr_text(&e->addr, text));
    if (e->port)
        jsonw_uint(w, "port", e->port);
    jsonw_close(w, '}');
}

/* What a viewer must know before the first segment. */
static void write_run_begin(const struct event_run *run, struct jsonw *w)
{
    char wall[CLOCK_WALL_TEXT_BYTES];
    jsonw_str(w, "run", run->run_id);
    jsonw_str(w, "scenario", run->scenario);
    jsonw_str(w, "link", link_name(run->link));
    jsonw_open(w, "hosts", '{');
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        write_endpoint(w, host_name(host), &run->hosts[host]);
    jsonw_close(w, '}');
    jsonw_str(w, "kernel", run->kernel);
    clock_wall_text(run->wall_ns, wall, sizeof(wall));
    jsonw_str(w, "wall", wall);
}

/* Also of a whole run's document, so that both say the same. */
void event_write_verdict(const struct event_run *run, struct jsonw *w)
{
    jsonw_open(w, "verdict", '{');
    jsonw_str(w, "code", verdict_name(run->verdict));
    jsonw_str(w, "text", run->verdict_text);
    jsonw_close(w, '}');
    jsonw_open(w, "expect", '[');
    for (size_t i = 0; i < run->expect_count; i++) {
        jsonw_open(w, NULL, '{');
        jsonw_str(w, "what", run->expect[i].what);
        jsonw_bool(w, "met", run->expect[i].met);
        jsonw_str(w, "seen", run->expect[i].seen);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

static void write_run(const struct event *e, struct event_context *ctx,
                      struct jsonw *w)
{
    (void)ctx;
    jsonw_str(w, "phase", phase_name(e->run.phase));
    if (e->run.phase == PHASE_BEGIN)
        write_run_begin(&e->run, w);
    else
        event_write_verdict(&e->run, w);
}

/* What the kernel itself measured (TCP_INFO). */
static void write_facts(const struct tcp_facts *facts, struct jsonw *w)
{
    jsonw_open(w, "info", '{');
    jsonw_uint(w, "rtt_us", facts->rtt_us);
    jsonw_uint(w, "rttvar_us", facts->rttvar_us);
    jsonw_uint(w, "rto_us", facts->rto_us);
    jsonw_uint(w, "snd_mss", facts->snd_mss);
    jsonw_uint(w, "rcv_mss", facts->rcv_mss);
    jsonw_uint(w, "snd_cwnd", facts->snd_cwnd);
    jsonw_uint(w, "snd_wscale", facts->snd_wscale);
    jsonw_uint(w, "rcv_wscale", facts->rcv_wscale);
    jsonw_uint(w, "retransmits", facts->retransmits);
    jsonw_bool(w, "timestamps", facts->timestamps);
    jsonw_bool(w, "sack", facts->sack);
    jsonw_bool(w, "wscale", facts->wscale);
    jsonw_bool(w, "ecn", facts->ecn);
    jsonw_bool(w, "syn_data", facts->syn_data);
    jsonw_close(w, '}');
}

/* The name and meaning of errno, and how long it took where the begin is at
 * hand. */
static void write_call_end(const struct event *e,
                           const struct event_context *ctx, struct jsonw *w)
{
    const struct event_call *call = &e->call;
    jsonw_int(w, "result", call->result);
    jsonw_str(w, "errno", call->error ? err_name(call->error) : NULL);
    jsonw_str(w, "meaning", call->error ? err_meaning(call->error) : NULL);
    jsonw_uint_or_null(w, "begin", call->begin);
    if (ctx->begin_known)
        jsonw_uint(w, "took_ns", e->t_ns - ctx->begin_ns);
    if (call->facts.known)
        write_facts(&call->facts, w);
}

/* `data` is what went in or came out, readable; it may hold anything. */
static void write_call(const struct event *e, struct event_context *ctx,
                       struct jsonw *w)
{
    const struct event_call *call = &e->call;
    jsonw_str(w, "host", host_name(call->host));
    jsonw_str(w, "name", call->name);
    jsonw_str(w, "args", call->args ? call->args : "");
    jsonw_str(w, "phase", phase_name(call->phase));
    if (call->phase == PHASE_END)
        write_call_end(e, ctx, w);
    jsonw_str(w, "on", call->on);
    if (call->data) {
        jsonw_bytes(w, "data", call->data, call->data_len);
        jsonw_uint(w, "data_len", call->data_len);
    }
}

/* Who decided: the rule by its name, a person or the link by what was done
 * ("duplicate", "loss"). The bytes only where they are other than sent. */
static void write_copy(const struct event *e, struct event_context *ctx,
                       struct jsonw *w)
{
    const struct event_copy *copy = &e->copy;
    (void)ctx;
    jsonw_uint(w, "n", copy->n);
    jsonw_str(w, "fate", fate_name(copy->fate));
    jsonw_str(w, "by", decider_name(copy->by));
    jsonw_uint(w, "copy", copy->copy);
    if (copy->by_name)
        jsonw_str(w, copy->by == BY_RULE ? "rule" : "action", copy->by_name);
    if (copy->changed)
        jsonw_str(w, "changed", copy->changed);
    if (copy->bytes)
        jsonw_hex(w, "hex", copy->bytes, copy->len);
}

/* No peer: a listener. */
static void write_state(const struct event *e, struct event_context *ctx,
                        struct jsonw *w)
{
    const struct event_state *state = &e->state;
    char text[ENDPOINT_TEXT_BYTES];
    bool has_peer = state->remote.addr.version != 0;
    (void)ctx;
    jsonw_str(w, "host", host_name(state->host));
    jsonw_str(w, "socket", endpoint_text(&state->local, text));
    jsonw_str(w, "old", tcp_state_name(state->old_state));
    jsonw_str(w, "new", tcp_state_name(state->new_state));
    jsonw_uint_or_null(w, "cause", state->cause);
    jsonw_str(w, "peer", has_peer ? endpoint_text(&state->remote, text) : NULL);
}

/* The cause is the event after which it was seen to have moved. */
static void write_counter(const struct event *e, struct event_context *ctx,
                          struct jsonw *w)
{
    const struct event_counter *counter = &e->counter;
    (void)ctx;
    jsonw_str(w, "host", host_name(counter->host));
    jsonw_str(w, "counter", counter->name);
    jsonw_uint(w, "delta", counter->delta);
    jsonw_str(w, "meaning", counter->meaning);
    jsonw_uint_or_null(w, "cause", counter->cause);
}

/* One line that a host printed. */
static void write_message(const struct event *e, struct event_context *ctx,
                          struct jsonw *w)
{
    (void)ctx;
    jsonw_str(w, "host", host_name(e->message.host));
    jsonw_str(w, "text", e->message.text);
}

/* Which connection the message quotes, and who sent it: often a router. */
static void write_quoted(const struct icmp *icmp, struct jsonw *w)
{
    char text[ENDPOINT_TEXT_BYTES];
    jsonw_str(w, "source", ipaddr_text(&icmp->src, text));
    jsonw_bool(w, "checksum_ok", icmp->checksum_ok);
    if (!icmp->quotes_tcp)
        return;
    jsonw_open(w, "quoted", '{');
    jsonw_str(w, "from", endpoint_text(&icmp->quoted_src, text));
    jsonw_str(w, "to", endpoint_text(&icmp->quoted_dst, text));
    jsonw_uint(w, "seq", icmp->quoted_seq);
    jsonw_close(w, '}');
}

/* The numbers, and what they say to a waiting connect() on Linux. */
static void write_icmp_meaning(const struct icmp *icmp, struct jsonw *w)
{
    char meaning[ICMP_MEANING_BYTES];
    jsonw_uint(w, "type", icmp->type);
    jsonw_uint(w, "code", icmp->code);
    jsonw_str(w, "meaning",
              icmp_meaning(icmp->version, icmp->type, icmp->code, meaning));
    jsonw_str(w, "rfc", icmp_rfc(icmp->version, icmp->type, icmp->code));
    if (icmp->mtu)
        jsonw_uint(w, "mtu", icmp->mtu);
}

/* Bytes that are no ICMP message are shown as bytes, nothing else is claimed
 * of them. */
static void write_icmp(const struct event *e, struct event_context *ctx,
                       struct jsonw *w)
{
    const struct event_icmp *message = &e->icmp;
    struct icmp icmp;
    bool whole = icmp_parse(message->bytes, message->len, &icmp, NULL) == 0;
    (void)ctx;
    jsonw_str(w, "from", host_name(message->from));
    jsonw_str(w, "to", host_name(host_peer(message->from)));
    if (whole)
        write_icmp_meaning(&icmp, w);
    jsonw_uint_or_null(w, "answers", message->answers);
    jsonw_bool(w, "forged", message->forged);
    jsonw_hex(w, "hex", message->bytes, message->len);
    if (whole)
        write_quoted(&icmp, w);
}

static void write_segment(const struct event *e, struct event_context *ctx,
                          struct jsonw *w)
{
    event_write_segment(e, ctx, w);
}

typedef void write_fn(const struct event *e, struct event_context *ctx,
                      struct jsonw *w);

static write_fn *const writers[] = {
    [EVENT_RUN] = write_run,         [EVENT_CALL] = write_call,
    [EVENT_SEGMENT] = write_segment, [EVENT_COPY] = write_copy,
    [EVENT_STATE] = write_state,     [EVENT_COUNTER] = write_counter,
    [EVENT_MESSAGE] = write_message, [EVENT_ICMP] = write_icmp,
};
static_assert(sizeof(writers) / sizeof(*writers) == EVENT_KIND_COUNT,
              "a writer for each kind of event");

/* The sentence is text made from texts: it goes through the string writer like
 * any other, so a broken byte in a name cannot break the line. */
static void write_sentence(const char *name, const struct event *e,
                           const struct event_context *ctx, struct jsonw *w)
{
    struct buf sentence;
    buf_init(&sentence, w->out->max_bytes);
    event_sentence(e, ctx, &sentence);
    jsonw_text(w, name, buf_text(&sentence), sentence.len);
    if (sentence.failed)
        w->out->failed = true;
    buf_done(&sentence);
}

void event_write(const struct event *e, struct event_context *ctx,
                 struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_uint(&w, "id", e->id);
    jsonw_uint(&w, "t_ns", e->t_ns);
    jsonw_str(&w, "kind", event_kind_name(e->kind));
    writers[e->kind](e, ctx, &w);
    if (e->kind == EVENT_SEGMENT && ctx->seg && ctx->seen) {
        ctx->relative = true;
        write_sentence("sentence_rel", e, ctx, &w);
        ctx->relative = false;
    }
    write_sentence("sentence", e, ctx, &w);
    jsonw_close(&w, '}');
}

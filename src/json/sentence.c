/* sentence.c - one event as one plain English sentence.
 *
 * For screen readers: it must be true and whole without the picture. What the
 * observer explains about a segment is said elsewhere ("says"). */
#include "json_internal.h"

#include "handshake/icmp.h"
#include "handshake/words.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* A stop, unless the text that was put in brought its own. */
static void put_stop(struct buf *out)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '.';
    if (last != '.' && last != '!' && last != '?')
        buf_str(out, ".");
}

/* Who is who: the rest speaks of "the client" and "the server". */
static void say_begin(const struct event_run *run, struct buf *out)
{
    char client[ENDPOINT_TEXT_BYTES];
    char server[ENDPOINT_TEXT_BYTES];
    buf_printf(out,
               "run %s of the scenario %s begins: client %s, server %s, "
               "Linux %s.",
               run->run_id, run->scenario,
               ipaddr_text(&run->hosts[HOST_CLIENT].addr, client),
               endpoint_text(&run->hosts[HOST_SERVER], server), run->kernel);
}

static void say_run(const struct event *e, const struct event_context *ctx,
                    struct buf *out)
{
    const struct event_run *run = &e->run;
    (void)ctx;
    if (run->phase == PHASE_BEGIN) {
        say_begin(run, out);
        return;
    }
    size_t met = 0;
    for (size_t i = 0; i < run->expect_count; i++)
        met += run->expect[i].met;
    buf_printf(out, "the run ends, %s", verdict_name(run->verdict));
    if (run->verdict_text && run->verdict_text[0])
        buf_printf(out, ": %s", run->verdict_text);
    put_stop(out);
    if (run->expect_count > 0)
        buf_printf(out, " %zu of %zu expectations were met.", met,
                   run->expect_count);
}

/* What was sent or received, with what cannot be shown escaped. */
static void say_data(const struct event_call *call, struct buf *out)
{
    if (!call->data)
        return;
    buf_printf(out, ", data \"");
    words_bytes(out, call->data, call->data_len);
    buf_printf(out, "\"");
}

/* As it begins, as it fails, or what it returns. */
static void say_call(const struct event *e, const struct event_context *ctx,
                     struct buf *out)
{
    const struct event_call *call = &e->call;
    const char *args = call->args ? call->args : "";
    const char *host = host_name(call->host);
    (void)ctx;
    if (call->phase == PHASE_BEGIN) {
        buf_printf(out, "the %s calls %s(%s)", host, call->name, args);
        say_data(call, out);
    } else if (call->error) {
        buf_printf(out, "%s of the %s fails with %s: %s", call->name, host,
                   err_name(call->error), err_meaning(call->error));
    } else {
        buf_printf(out, "%s of the %s returns %" PRId64, call->name, host,
                   call->result);
        say_data(call, out);
    }
    put_stop(out);
}

/* Both as in the header, or both as the observer counts them. */
static void put_numbers(const struct event_context *ctx, struct buf *out)
{
    const struct segment *seg = ctx->seg;
    bool relative = ctx->relative && ctx->seen;
    bool ack_relative = relative && ctx->seen->ack_rel_known;
    buf_printf(out, ", sequence number %" PRIu32,
               relative ? ctx->seen->seq_rel : seg->seq);
    if (seg->flags & SEG_ACK)
        buf_printf(out, ", acknowledgement number %" PRIu32,
                   ack_relative ? ctx->seen->ack_rel : seg->ack);
}

/* As a person would read the header out: flags, numbers, data. */
static void say_segment(const struct event *e, const struct event_context *ctx,
                        struct buf *out)
{
    const struct segment *seg = ctx->seg;
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    if (e->segment.forged)
        buf_str(out, "a forged segment leaves in the name of ");
    buf_printf(out, "the %s%s", host_name(e->segment.from),
               e->segment.forged ? ":" : " sends");
    if (!seg) {
        buf_printf(out, " %zu bytes that are no TCP segment.", e->segment.len);
        return;
    }
    buf_printf(out, " %s", segment_flags_text(seg->flags, flags));
    put_numbers(ctx, out);
    if (seg->payload_len > 0)
        buf_printf(out, ", with %u byte%s of data", seg->payload_len,
                   seg->payload_len == 1 ? "" : "s");
    if (ctx->seen && ctx->seen->repeats)
        buf_printf(out, ", repeating segment %" PRIu32, ctx->seen->repeats);
    if (seg->checksum_verdict == CHECKSUM_BAD)
        buf_str(out, ", with a wrong checksum");
    put_stop(out);
}

/* "segment 4", or "segment 4 (SYN)" when its flags are known. */
static void put_segment_name(uint32_t n, const char *flags, struct buf *out)
{
    buf_printf(out, "segment %" PRIu32, n);
    if (flags[0])
        buf_printf(out, " (%s)", flags);
}

/* Who decided. What a person does is named by the decision ("drop"), what the
 * link does by the chance that struck ("loss"). */
static void put_decider(const struct event_copy *copy, struct buf *out)
{
    static const char *const deciders[] = {
        [BY_LINK] = " by chance on the link",
        [BY_RULE] = " by the rule",
        [BY_PERSON] = " by hand",
    };
    static_assert(sizeof(deciders) / sizeof(*deciders) == DECIDER_COUNT,
                  "words for each decider");
    if (copy->by == BY_LINK && !copy->by_name)
        return;
    buf_str(out, deciders[copy->by]);
    if (copy->by_name)
        buf_printf(out, copy->by == BY_RULE ? " %s" : " (%s)", copy->by_name);
}

/* What became of one copy, who decided, what was changed. */
static void say_copy(const struct event *e, const struct event_context *ctx,
                     struct buf *out)
{
    const struct event_copy *copy = &e->copy;
    if (copy->copy > 1)
        buf_printf(out, "copy %" PRIu32 " of ", copy->copy);
    put_segment_name(copy->n, ctx->flags, out);
    if (copy->fate == FATE_ARRIVED && ctx->flags[0])
        buf_printf(out, " arrives at the %s", host_name(host_peer(ctx->from)));
    else if (copy->fate == FATE_ARRIVED)
        buf_str(out, " arrives");
    else
        buf_printf(out, " is %s",
                   copy->fate == FATE_HELD ? "held on the wire" : "dropped");
    put_decider(copy, out);
    if (copy->changed)
        buf_printf(out, ", changed: %s", copy->changed);
    put_stop(out);
}

/* From which state to which; whose socket. */
static void say_state(const struct event *e, const struct event_context *ctx,
                      struct buf *out)
{
    const struct event_state *state = &e->state;
    char text[ENDPOINT_TEXT_BYTES];
    (void)ctx;
    buf_printf(out, "the %s's socket %s goes from %s to %s.",
               host_name(state->host), endpoint_text(&state->local, text),
               tcp_state_name(state->old_state),
               tcp_state_name(state->new_state));
}

static void say_counter(const struct event *e, const struct event_context *ctx,
                        struct buf *out)
{
    const struct event_counter *counter = &e->counter;
    (void)ctx;
    buf_printf(out, "the %s's kernel counter %s rises by %" PRIu64,
               host_name(counter->host), counter->name, counter->delta);
    if (counter->meaning)
        buf_printf(out, ": %s", counter->meaning);
    put_stop(out);
}

static void say_message(const struct event *e, const struct event_context *ctx,
                        struct buf *out)
{
    const char *host = host_name(e->message.host);
    const char *text = e->message.text;
    (void)ctx;
    if (!text || !text[0]) {
        buf_printf(out, "the %s prints an empty line.", host);
        return;
    }
    buf_printf(out, "the %s prints: ", host);
    words_bytes(out, text, strlen(text));
}

/* Whom it is for and what it means; its bytes are in the event. */
static void say_icmp(const struct event *e, const struct event_context *ctx,
                     struct buf *out)
{
    struct icmp icmp;
    char meaning[ICMP_MEANING_BYTES];
    (void)ctx;
    buf_printf(out, "%s ICMP message leaves for the %s",
               e->icmp.forged ? "a forged" : "an",
               host_name(host_peer(e->icmp.from)));
    if (e->icmp.answers)
        buf_printf(out, ", about segment %" PRIu32, e->icmp.answers);
    if (icmp_parse(e->icmp.bytes, e->icmp.len, &icmp, NULL) == 0)
        buf_printf(out, ": type %u, code %u: %s", icmp.type, icmp.code,
                   icmp_meaning(icmp.version, icmp.type, icmp.code, meaning));
    put_stop(out);
}

typedef void say_fn(const struct event *e, const struct event_context *ctx,
                    struct buf *out);

static say_fn *const sayers[] = {
    [EVENT_RUN] = say_run,         [EVENT_CALL] = say_call,
    [EVENT_SEGMENT] = say_segment, [EVENT_COPY] = say_copy,
    [EVENT_STATE] = say_state,     [EVENT_COUNTER] = say_counter,
    [EVENT_MESSAGE] = say_message, [EVENT_ICMP] = say_icmp,
};
static_assert(sizeof(sayers) / sizeof(*sayers) == EVENT_KIND_COUNT,
              "a sentence for each kind of event");

void event_sentence(const struct event *e, const struct event_context *ctx,
                    struct buf *out)
{
    buf_str(out, "At ");
    words_time(out, e->t_ns);
    buf_str(out, " ");
    sayers[e->kind](e, ctx, out);
}

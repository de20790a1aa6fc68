/* segment_event.c - an EVENT_SEGMENT as JSON: header fields, options, what the
 * observer says about it, and the bytes. */
#include "json_internal.h"

#include <assert.h>
#include <string.h>

static uint32_t read_be(const uint8_t *p, size_t n)
{
    uint32_t value = 0;
    while (n-- > 0)
        value = value << 8 | *p++;
    return value;
}

static void write_timestamps(const struct tcp_option *opt, struct jsonw *w)
{
    jsonw_open(w, "value", '{');
    jsonw_uint(w, "val", read_be(opt->data, 4));
    jsonw_uint(w, "echo", read_be(opt->data + 4, 4));
    jsonw_close(w, '}');
}

/* RFC 2018 section 3: pairs of left and right edge. */
static void write_sack(const struct tcp_option *opt, struct jsonw *w)
{
    jsonw_open(w, "value", '{');
    jsonw_open(w, "blocks", '[');
    for (size_t at = 0; at + 8 <= opt->data_len; at += 8) {
        jsonw_open(w, NULL, '{');
        jsonw_uint(w, "left", read_be(opt->data + at, 4));
        jsonw_uint(w, "right", read_be(opt->data + at + 4, 4));
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

/* A number where the option is one, an object where it has parts, else its
 * bytes; null for options that only are there. */
static void write_option_value(const struct tcp_option *opt, struct jsonw *w)
{
    bool ok = !opt->malformed;
    if (ok && opt->kind == OPT_MSS && opt->data_len == 2)
        jsonw_uint(w, "value", read_be(opt->data, 2));
    else if (ok && opt->kind == OPT_WSCALE && opt->data_len == 1)
        jsonw_uint(w, "value", opt->data[0]);
    else if (ok && opt->kind == OPT_TIMESTAMPS && opt->data_len == 8)
        write_timestamps(opt, w);
    else if (ok && opt->kind == OPT_SACK && opt->data_len % 8 == 0)
        write_sack(opt, w);
    else if (opt->data_len > 0)
        jsonw_hex(w, "value", opt->data, opt->data_len);
    else
        jsonw_null(w, "value");
}

static void write_options(const struct segment *seg, struct jsonw *w)
{
    char text[OPTION_TEXT_BYTES];
    jsonw_open(w, "options", '[');
    for (size_t i = 0; i < seg->option_count; i++) {
        const struct tcp_option *opt = &seg->options[i];
        jsonw_open(w, NULL, '{');
        jsonw_uint(w, "kind", opt->kind);
        jsonw_str(w, "name", option_name(opt->kind));
        write_option_value(opt, w);
        jsonw_str(w, "text", option_text(opt, text));
        if (opt->malformed)
            jsonw_bool(w, "malformed", true);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

void event_write_flags(uint16_t flags, struct jsonw *w)
{
    const char *names[9];
    size_t count = segment_flag_names(flags, names);
    jsonw_open(w, "flags", '[');
    for (size_t i = 0; i < count; i++)
        jsonw_str(w, NULL, names[i]);
    jsonw_close(w, ']');
}

static void write_numbers(const struct segment *seg,
                          const struct observation *seen, struct jsonw *w)
{
    jsonw_uint(w, "seq", seg->seq);
    jsonw_uint(w, "ack", seg->ack);
    jsonw_uint(w, "seq_rel", seen->seq_rel);
    if (seen->ack_rel_known)
        jsonw_uint(w, "ack_rel", seen->ack_rel);
    else
        jsonw_null(w, "ack_rel");
    jsonw_uint(w, "window", seg->window);
    jsonw_uint(w, "window_scaled", seen->window_scaled);
    jsonw_uint(w, "len", seg->payload_len);
    if (seg->payload_len > 0)
        jsonw_bytes(w, "text", seg->payload, seg->payload_len);
}

static const char *const checksum_names[] = {
    [CHECKSUM_OK] = "ok",
    [CHECKSUM_BAD] = "bad",
    [CHECKSUM_PARTIAL] = "partial",
    [CHECKSUM_UNKNOWN] = "unknown",
};
static_assert(sizeof(checksum_names) / sizeof(*checksum_names) ==
                  CHECKSUM_UNKNOWN + 1,
              "a name for each checksum verdict");

static void write_rest(const struct segment *seg,
                       const struct observation *seen, struct jsonw *w)
{
    char text[ENDPOINT_TEXT_BYTES];
    jsonw_bool(w, "checksum_ok", seg->checksum_verdict == CHECKSUM_OK);
    jsonw_str(w, "checksum", checksum_names[seg->checksum_verdict]);
    jsonw_uint_or_null(w, "of", seen->repeats);
    jsonw_uint_or_null(w, "answers", seen->answers);
    jsonw_uint(w, "ttl", seg->ttl);
    jsonw_str(w, "src", endpoint_text(&seg->src, text));
    jsonw_str(w, "dst", endpoint_text(&seg->dst, text));
}

static void write_says(const struct observation *seen,
                       struct event_context *ctx, struct jsonw *w)
{
    static const char name[] = ",\"says\":";
    size_t before = w->out->len;
    jsonw_open(w, "says", '[');
    for (size_t i = 0; i < seen->sentence_count; i++) {
        jsonw_open(w, NULL, '{');
        jsonw_str(w, "text", seen->says[i].text);
        jsonw_str(w, "rfc", seen->says[i].rfc);
        if (seen->says[i].text_rel[0])
            jsonw_str(w, "text_rel", seen->says[i].text_rel);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
    ctx->says_at = before + sizeof(name) - 1;
    ctx->says_len = w->out->len - ctx->says_at;
}

void event_write_segment(const struct event *e, struct event_context *ctx,
                         struct jsonw *w)
{
    static const struct observation nothing;
    const struct event_segment *sent = &e->segment;
    const struct observation *seen = ctx->seen ? ctx->seen : &nothing;
    jsonw_uint(w, "n", sent->n);
    jsonw_str(w, "from", host_name(sent->from));
    jsonw_str(w, "to", host_name(host_peer(sent->from)));
    event_write_flags(ctx->seg ? ctx->seg->flags : 0, w);
    if (ctx->seg) {
        write_numbers(ctx->seg, seen, w);
        write_options(ctx->seg, w);
        write_rest(ctx->seg, seen, w);
    }
    jsonw_bool(w, "forged", sent->forged);
    if (sent->saved)
        jsonw_bool(w, "saved", true);
    jsonw_hex(w, "hex", sent->bytes, sent->len);
    write_says(seen, ctx, w);
}

/* diagram_words.c - what is written at the marks of a diagram. Everything
 * goes through words_bytes() where it comes from outside. */
#include "diagram_internal.h"

#include "handshake/err.h"
#include "handshake/icmp.h"
#include "handshake/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_DATA_COLUMNS = 6, SHOWN_DATA_BYTES = 64 };

/* Texts come from scenarios and the wire. */
static void put_words(struct buf *out, const char *text)
{
    if (text)
        words_bytes(out, text, strlen(text));
}

/* Bytes of a text's first `columns` characters. */
static size_t bytes_of(const char *text, size_t columns)
{
    size_t at = 0, len = strlen(text);
    while (at < len && columns-- > 0) {
        uint32_t code;
        size_t n = utf8_char(text + at, len - at, &code);
        at += n ? n : 1;
    }
    return at;
}

/* --- segments ------------------------------------------------------------ */

/* The data in quotes, as much of it as there is room for. */
static void put_data(const struct segment *seg, size_t room, struct buf *out)
{
    struct buf data;
    bool whole = seg->payload_len <= SHOWN_DATA_BYTES;
    if (room < LEAST_DATA_COLUMNS || seg->payload_len == 0)
        return;
    buf_init(&data, 4 * SHOWN_DATA_BYTES + 1);
    words_bytes(&data, seg->payload,
                whole ? seg->payload_len : SHOWN_DATA_BYTES);
    const char *text = buf_text(&data);
    whole = whole && words_width(text) + 3 <= room;
    buf_str(out, " “");
    buf_append(out, text, whole ? data.len : bytes_of(text, room - 4));
    buf_str(out, whole ? "”" : "…”");
    buf_done(&data);
}

/* Numbers count from each side's first, as the observer has them. */
static void put_numbers(const struct segment *seg,
                        const struct observation *seen, struct buf *out)
{
    buf_printf(out, " seq %" PRIu32, seen->seq_rel);
    if (seg->flags & SEG_ACK)
        buf_printf(out, " ack %" PRIu32,
                   seen->ack_rel_known ? seen->ack_rel : seg->ack);
    if (seg->payload_len > 0)
        buf_printf(out, " len %u", seg->payload_len);
    if (seen->repeats)
        buf_printf(out, " (segment %" PRIu32 " again)", seen->repeats);
}

void words_of_segment(struct mark *m, const struct segment *seg,
                      const struct observation *seen)
{
    struct buf rest;
    const struct event_segment *sent = &m->e->segment;
    buf_init(&rest, sizeof(m->rest) - 1);
    if (seg)
        segment_flags_text(seg->flags, m->flags);
    else
        snprintf(m->flags, sizeof(m->flags), "not TCP");
    if (sent->forged)
        buf_str(&rest, " forged");
    if (seg) {
        put_numbers(seg, seen, &rest);
        if (sent->saved)
            buf_printf(&rest, " (kept by the %s's kernel, time unknown)",
                       host_name(host_peer(m->host)));
        size_t used = strlen(m->flags) + words_width(buf_text(&rest));
        put_data(seg, used < LANE_COLUMNS ? LANE_COLUMNS - used : 0, &rest);
    }
    snprintf(m->rest, sizeof(m->rest), "%s", buf_text(&rest));
    buf_done(&rest);
}

/* --- what became of it --------------------------------------------------- */

/* Who made this of it; nothing where it just went across. */
static void put_decider(const struct event_copy *copy, struct buf *out)
{
    static const char *const verbs[FATE_COUNT] = {
        [FATE_HELD] = "held",
        [FATE_ARRIVED] = "",
        [FATE_DROPPED] = "dropped",
    };
    static const char *const deciders[DECIDER_COUNT] = {
        [BY_LINK] = "by chance",
        [BY_RULE] = "by rule",
        [BY_PERSON] = "by hand",
    };
    const char *verb = verbs[copy->fate];
    bool named = copy->by_name && copy->by_name[0];
    bool plain = copy->by == BY_LINK && !named;
    buf_str(out, verb);
    if (plain)
        return;
    buf_printf(out, "%s%s", verb[0] ? " " : "", deciders[copy->by]);
    if (!named || copy->fate == FATE_HELD)
        return;
    buf_str(out, copy->by == BY_RULE ? " " : ": ");
    put_words(out, copy->by_name);
}

/* Another part of a list, which `begin` is the start of. */
static void put_comma(struct buf *out, size_t begin)
{
    buf_str(out, out->len > begin ? ", " : "");
}

/* What it was, where it has waited among others; which copy, when there are
 * several; who; what is other than sent. */
static void put_copy(const struct mark *m, struct buf *out)
{
    const struct event_copy *copy = &m->e->copy;
    size_t begin = out->len;
    bool decided = copy->fate != FATE_ARRIVED || copy->by != BY_LINK ||
                   (copy->by_name && copy->by_name[0]);
    buf_str(out, m->flags);
    if (copy->copy > 1) {
        put_comma(out, begin);
        buf_printf(out, "copy %" PRIu32, copy->copy);
    }
    if (decided) {
        put_comma(out, begin);
        put_decider(copy, out);
    }
    if (copy->changed) {
        put_comma(out, begin);
        put_words(out, copy->changed);
    }
}

/* Bytes that are no ICMP message are only named. */
static void put_icmp(const struct event_icmp *message, struct buf *out)
{
    struct icmp icmp;
    char meaning[ICMP_MEANING_BYTES];
    buf_str(out, message->forged ? "forged ICMP" : "ICMP");
    if (icmp_parse(message->bytes, message->len, &icmp, NULL) < 0)
        return;
    buf_printf(out, " type %u code %u: %s", icmp.type, icmp.code,
               icmp_meaning(icmp.version, icmp.type, icmp.code, meaning));
}

/* --- calls and notes ----------------------------------------------------- */

/* The errno by its name, as programs know it. */
static void put_result(const struct event_call *end, struct buf *out)
{
    if (end->error)
        buf_printf(out, " = %s", err_name(end->error));
    else
        buf_printf(out, " = %" PRId64, end->result);
}

/* "connect(192.0.2.2:1337)" as it begins, "connect() = 0" as it ends. */
static void put_call(const struct mark *m, struct buf *out)
{
    const struct event_call *call = &m->e->call;
    bool is_end = call->phase == PHASE_END;
    put_words(out, call->name);
    buf_str(out, "(");
    put_words(out, is_end ? NULL : call->args);
    buf_str(out, ")");
    if (is_end || m->end)
        put_result(is_end ? call : &m->end->call, out);
}

/* What the kernel counted, or what the host printed, in quotes. */
static void put_note(const struct event *e, struct buf *out)
{
    if (e->kind == EVENT_COUNTER) {
        put_words(out, e->counter.name);
        buf_printf(out, " +%" PRIu64, e->counter.delta);
        return;
    }
    buf_str(out, "“");
    put_words(out, e->message.text);
    buf_str(out, "”");
}

void words_of_mark(const struct mark *m, struct buf *out)
{
    switch (m->kind) {
    case MARK_LANDED:
    case MARK_LOST:
    case MARK_HELD:
        put_copy(m, out);
        break;
    case MARK_ICMP:
        put_icmp(&m->e->icmp, out);
        break;
    case MARK_CALL:
        put_call(m, out);
        break;
    case MARK_NOTE:
        put_note(m->e, out);
        break;
    case MARK_SENT:
    case MARK_STATE:
        break;
    }
}

/* ladder_line.c - what the lines of the ladder say, one function a kind. */
#include "ladder_internal.h"

#include "handshake/err.h"
#include "handshake/icmp.h"
#include "handshake/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    MIDDLE_BYTES = 8192,
    SHOWN_DATA_BYTES = 60,
    EXPECTATION_INDENT = 11 /* behind "  NOT MET  " */
};

/* Texts come from scenarios and the wire: no terminal shall obey them. */
static void put_words(struct buf *out, const char *text)
{
    if (text)
        words_bytes(out, text, strlen(text));
}

/* One paragraph of a title; nothing when it is empty. */
static void put_paragraph(const char *text, unsigned columns, struct buf *out)
{
    struct buf plain;
    buf_init(&plain, MIDDLE_BYTES);
    put_words(&plain, text);
    if (plain.len > 0)
        words_wrap(out, buf_text(&plain), 0, 0, columns);
    buf_done(&plain);
}

void ladder_title(struct ladder_options opt, const char *title, const char *id,
                  const char *summary, struct buf *out)
{
    unsigned columns = ladder_columns(opt);
    struct buf head;
    buf_init(&head, MIDDLE_BYTES);
    buf_printf(&head, "%s (%s)", title, id);
    put_paragraph(buf_text(&head), columns, out);
    put_paragraph(summary, columns, out);
    put_paragraph("SEQ and ACK count from each side's first number.", columns,
                  out);
    buf_str(out, "\n");
    buf_done(&head);
}

static enum row_side side_of(enum host_id host)
{
    return host == HOST_CLIENT ? ROW_LEFT : ROW_RIGHT;
}

static void put_below(const struct ladder_options *opt, const struct buf *text,
                      struct buf *out)
{
    if (text->len == 0)
        return;
    unsigned indent = row_indent(opt);
    buf_printf(out, "%*s", (int)indent, "");
    words_wrap(out, buf_text(text), indent, indent, opt->columns);
}

/* --- begin and end ------------------------------------------------------- */

/* Both ends on one line where there is room for their addresses. */
static void put_begin(const struct ladder_options *opt,
                      const struct event_run *run, struct buf *out)
{
    char client[ENDPOINT_TEXT_BYTES];
    char server[ENDPOINT_TEXT_BYTES];
    char left[2 * ENDPOINT_TEXT_BYTES];
    ipaddr_text(&run->hosts[HOST_CLIENT].addr, client);
    endpoint_text(&run->hosts[HOST_SERVER], server);
    int used = snprintf(left, sizeof(left), "       ms client %s", client);
    int width = (int)opt->columns - (int)strlen(server) - 7;
    buf_str(out, left);
    if (used + 1 > width) {
        buf_str(out, "\n");
        used = 0;
    }
    buf_printf(out, "%*sserver %s\n", width > used ? width - used : 0, "",
               server);
}

static void put_expectation(const struct ladder_options *opt,
                            const struct expectation *x, struct buf *out)
{
    const char *style = x->met ? "\x1b[32m" : "\x1b[1;31m";
    struct buf text;
    buf_init(&text, MIDDLE_BYTES);
    put_words(&text, x->what);
    if (!x->met && x->seen && x->seen[0]) {
        buf_str(&text, " - ");
        put_words(&text, x->seen);
    }
    buf_printf(out, "  %s%s%s  ", opt->colour ? style : "",
               x->met ? "met    " : "NOT MET", opt->colour ? "\x1b[0m" : "");
    words_wrap(out, buf_text(&text), EXPECTATION_INDENT, EXPECTATION_INDENT,
               opt->columns);
    buf_done(&text);
}

/* Expectations one by one only when one was not met, and not when there was no
 * run to meet them. */
static void put_end(const struct ladder_options *opt,
                    const struct event_run *run, struct buf *out)
{
    size_t met = 0;
    for (size_t i = 0; i < run->expect_count; i++)
        met += run->expect[i].met;
    struct buf text;
    buf_init(&text, MIDDLE_BYTES);
    buf_printf(&text, "%s: ", verdict_name(run->verdict));
    put_words(&text, run->verdict_text);
    buf_str(out, "\n");
    words_wrap(out, buf_text(&text), 0, 0, opt->columns);
    buf_done(&text);
    if (run->expect_count > 0)
        buf_printf(out, "%zu of %zu expectations met.\n", met,
                   run->expect_count);
    bool list = met < run->expect_count && run->verdict != VERDICT_ERROR;
    for (size_t i = 0; list && i < run->expect_count; i++)
        put_expectation(opt, &run->expect[i], out);
}

void line_put_run(const struct ladder_options *opt, const struct event_run *run,
                  struct buf *out)
{
    if (run->phase == PHASE_BEGIN)
        put_begin(opt, run, out);
    else
        put_end(opt, run, out);
}

/* --- segments ------------------------------------------------------------ */

/* "SEQ=0 ACK=1", or as the RFC's figures have it. */
static void put_numbers(char *ret, size_t bytes, bool brief,
                        const struct segment *seg,
                        const struct observation *seen)
{
    uint32_t ack = seen->ack_rel_known ? seen->ack_rel : seg->ack;
    int used =
        snprintf(ret, bytes, brief ? "SEQ=%" PRIu32 : "<SEQ=%" PRIu32 ">",
                 seen->seq_rel);
    if (seg->flags & SEG_ACK)
        snprintf(ret + used, bytes - (size_t)used,
                 brief ? " ACK=%" PRIu32 : "<ACK=%" PRIu32 ">", ack);
}

void flight_describe(const struct event *e, const struct segment *seg,
                     const struct observation *seen, struct flight *ret)
{
    char numbers[SEGMENT_TEXT_BYTES - SEGMENT_FLAGS_TEXT_BYTES - 8];
    enum host_id from = e->segment.from;
    *ret = (struct flight){.n = e->segment.n, .from = from};
    if (!seg) {
        snprintf(ret->text, sizeof(ret->text), "<not TCP>");
        return;
    }
    ret->ends[from] = seg->src;
    ret->ends[host_peer(from)] = seg->dst;
    segment_flags_text(seg->flags, ret->flags);
    put_numbers(numbers, sizeof(numbers), false, seg, seen);
    snprintf(ret->text, sizeof(ret->text), "%s<CTL=%s>", numbers, ret->flags);
    put_numbers(numbers, sizeof(numbers), true, seg, seen);
    snprintf(ret->brief, sizeof(ret->brief), "%s %s", numbers, ret->flags);
    if (seg->payload_len > 0)
        snprintf(ret->data, sizeof(ret->data), "<DATA=%u>", seg->payload_len);
}

static void put_before(char *text, size_t bytes, const char *before)
{
    size_t len = strlen(before), rest = strlen(text);
    if (len + rest >= bytes)
        return;
    memmove(text + len, text, rest + 1);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): it moved along */
    memcpy(text, before, len);
}

void flight_number(struct flight *f, unsigned connection)
{
    char number[16];
    if (connection < 2)
        return;
    snprintf(number, sizeof(number), "#%u ", connection);
    put_before(f->text, sizeof(f->text), number);
    put_before(f->brief, sizeof(f->brief), number);
    put_before(f->flags, sizeof(f->flags), number);
}

/* The data of a segment in quotes, cut when long. */
static void put_quoted(const struct event_segment *sent, struct buf *out)
{
    struct segment seg;
    if (segment_parse(sent->bytes, sent->len, &seg, NULL) < 0 ||
        seg.payload_len == 0)
        return;
    bool whole = seg.payload_len <= SHOWN_DATA_BYTES;
    buf_str(out, "\"");
    words_bytes(out, seg.payload, whole ? seg.payload_len : SHOWN_DATA_BYTES);
    buf_str(out, whole ? "\"" : "\"...");
}

/* How the segment is named on an arrow with that much room: in full, in brief,
 * by its flags. */
static const char *name_on(const struct flight *f, unsigned room)
{
    if (strlen(f->text) <= room)
        return f->text;
    if (strlen(f->brief) <= room)
        return f->brief;
    return strlen(f->flags) <= room ? f->flags : "";
}

/* A space parts pieces. */
static void put_piece(const char *piece, struct buf *out)
{
    buf_str(out, piece[0] && out->len ? " " : "");
    buf_str(out, piece);
}

/* Divide what is to be said between the arrow and the line below it: all on
 * the arrow where there is room, else first the quoted data goes, then its
 * length, then the numbers. */
static void share_out(const struct line *line, unsigned room, struct buf *shaft,
                      struct buf *below)
{
    const struct flight *f = &line->flight;
    const char *name = name_on(f, room);
    struct buf quoted;
    buf_init(&quoted, MIDDLE_BYTES);
    if (!line->landing)
        put_quoted(&line->e->segment, &quoted);
    size_t used = strlen(name) + strlen(f->data);
    bool whole = name != f->flags && name[0];
    bool length_fits = whole && used <= room;
    bool all_fits = whole && used + 1 + words_width(buf_text(&quoted)) <= room;
    buf_printf(shaft, "%s%s%s%s", name, length_fits ? f->data : "",
               all_fits && quoted.len ? " " : "",
               all_fits ? buf_text(&quoted) : "");
    put_piece(whole ? "" : f->brief, below);
    put_piece(length_fits ? "" : f->data, below);
    put_piece(all_fits ? "" : buf_text(&quoted), below);
    buf_done(&quoted);
}

static const enum arrow_end fate_ends[] = {
    [FATE_HELD] = ARROW_HELD,
    [FATE_ARRIVED] = ARROW_ARRIVED,
    [FATE_DROPPED] = ARROW_LOST,
};
static_assert(sizeof(fate_ends) / sizeof(*fate_ends) == FATE_COUNT,
              "an end for each fate");

/* Who made this of it: "dropped by rule first-syn", "by hand: duplicate", "by
 * chance: loss", or "held" where nobody has yet. */
static void put_decider(const struct event_copy *copy, struct buf *out)
{
    buf_str(out, out->len ? ", " : "");
    if (copy->by == BY_RULE)
        buf_printf(out, "%s by rule ", fate_name(copy->fate));
    else if (copy->fate == FATE_HELD)
        buf_str(out, "held");
    else
        buf_str(out, copy->by == BY_PERSON ? "by hand: " : "by chance: ");
    if (copy->by == BY_RULE || copy->fate != FATE_HELD)
        put_words(out, copy->by_name);
}

/* What is worth saying beyond the arrow: "sent again", "dropped by ...". */
static void put_remarks(const struct line *line, const struct event *copy,
                        struct buf *out)
{
    if (line->repeats)
        buf_printf(out, "segment %" PRIu32 " again", line->repeats);
    if (copy && copy->copy.by_name)
        put_decider(&copy->copy, out);
    if (copy && copy->copy.changed) {
        buf_str(out, out->len ? ", " : "");
        put_words(out, copy->copy.changed);
    }
}

static void put_segment(const struct ladder_options *opt,
                        const struct line *line, struct row *row,
                        struct buf *out)
{
    const struct event *copy = line->landing ? line->e : line->copy;
    struct buf shaft;
    struct buf below;
    struct buf remarks;
    struct buf middle;
    buf_init(&shaft, MIDDLE_BYTES);
    buf_init(&below, MIDDLE_BYTES);
    buf_init(&remarks, MIDDLE_BYTES);
    buf_init(&middle, MIDDLE_BYTES);
    unsigned width = row_width(opt);
    share_out(line, arrow_room(width), &shaft, &below);
    put_remarks(line, copy, &remarks);
    struct arrow arrow = {.text = buf_text(&shaft),
                          .to_right = line->flight.from == HOST_CLIENT,
                          .end =
                              copy ? fate_ends[copy->copy.fate] : ARROW_FLYING,
                          .landing = line->landing};
    arrow_put(&middle, &arrow, width);
    row->middle = buf_text(&middle);
    row->style = arrow.end == ARROW_LOST ? ROW_LOST
                 : arrow.to_right        ? ROW_CLIENT
                                         : ROW_SERVER;
    row_put(opt, row, out);
    put_below(opt, &below, out);
    put_below(opt, &remarks, out);
    buf_done(&middle);
    buf_done(&remarks);
    buf_done(&below);
    buf_done(&shaft);
}

/* --- calls --------------------------------------------------------------- */

static void put_result(const struct event_call *end, struct buf *text)
{
    if (end->error)
        buf_printf(text, " = %s", err_name(end->error));
    else
        buf_printf(text, " = %" PRId64, end->result);
}

/* "connect(192.0.2.2:1337) ..." as it begins, "connect() = 0" as it ends, or
 * both in one when nothing happened in between. */
static void put_call(const struct ladder_options *opt, const struct line *line,
                     struct row *row, struct buf *out)
{
    const struct event *end = line->apart ? line->e : line->end;
    const struct event_call *call = &line->e->call;
    struct buf text;
    struct buf below;
    buf_init(&text, MIDDLE_BYTES);
    buf_init(&below, MIDDLE_BYTES);
    buf_printf(&text, "%s(", call->name);
    put_words(&text, line->apart ? "" : call->args);
    buf_str(&text, ")");
    if (end)
        put_result(&end->call, &text);
    else
        buf_str(&text, " ...");
    if (end && end->call.error)
        buf_str(&below, err_meaning(end->call.error));
    row->side = side_of(call->host);
    row->style = below.len > 0 ? ROW_FAILED : ROW_CALL;
    row->middle = buf_text(&text);
    row_put(opt, row, out);
    put_below(opt, &below, out);
    buf_done(&below);
    buf_done(&text);
}

/* --- messages ------------------------------------------------------------ */

/* One line of what a host printed, a bar at the host's side. */
static void put_message_part(const struct ladder_options *opt, struct row *row,
                             const char *part, size_t len, struct buf *out)
{
    struct buf middle;
    buf_init(&middle, MIDDLE_BYTES);
    if (row->side == ROW_LEFT)
        buf_str(&middle, len ? "| " : "|");
    buf_append(&middle, part, len);
    if (row->side == ROW_RIGHT)
        buf_str(&middle, len ? " |" : "|");
    row->middle = buf_text(&middle);
    row_put(opt, row, out);
    buf_done(&middle);
}

static void put_message(const struct ladder_options *opt,
                        const struct line *line, struct row *row,
                        struct buf *out)
{
    struct buf text;
    size_t at = 0;
    buf_init(&text, MIDDLE_BYTES);
    put_words(&text, line->e->message.text);
    row->side = side_of(line->e->message.host);
    do {
        const char *rest = buf_text(&text) + at;
        size_t len = words_line(rest, row_width(opt) - 2);
        put_message_part(opt, row, rest, len, out);
        row->timed = false;
        at += len + (rest[len] == ' ');
    } while (at < text.len);
    buf_done(&text);
}

/* --- the rest ------------------------------------------------------------ */

static void put_state(const struct ladder_options *opt, const struct line *line,
                      struct row *row, struct buf *out)
{
    const struct event_state *state = &line->e->state;
    bool listener = state->remote.addr.version == 0;
    row->side = side_of(state->host);
    row->middle = listener ? "(listener)" : state->cause ? "" : "(timer)";
    row_put(opt, row, out);
}

static void put_counter(const struct ladder_options *opt,
                        const struct line *line, struct row *row,
                        struct buf *out)
{
    const struct event_counter *counter = &line->e->counter;
    struct buf text;
    buf_init(&text, MIDDLE_BYTES);
    buf_printf(&text, "%s +%" PRIu64, counter->name, counter->delta);
    row->side = side_of(counter->host);
    row->middle = buf_text(&text);
    row_put(opt, row, out);
    buf_done(&text);
}

static void put_icmp(const struct ladder_options *opt, const struct line *line,
                     struct row *row, struct buf *out)
{
    const struct event_icmp *message = &line->e->icmp;
    struct icmp icmp;
    struct buf text;
    struct buf below;
    char shaft[40] = "<ICMP>";
    char meaning[ICMP_MEANING_BYTES] = "";
    if (icmp_parse(message->bytes, message->len, &icmp, NULL) == 0) {
        snprintf(shaft, sizeof(shaft), "<ICMP=%u/%u>", icmp.type, icmp.code);
        icmp_meaning(icmp.version, icmp.type, icmp.code, meaning);
    }
    struct arrow arrow = {.text = shaft,
                          .to_right = message->from == HOST_CLIENT,
                          .end = ARROW_ARRIVED};
    buf_init(&text, MIDDLE_BYTES);
    buf_init(&below, MIDDLE_BYTES);
    arrow_put(&text, &arrow, row_width(opt));
    put_words(&below, meaning);
    row->middle = buf_text(&text);
    row_put(opt, row, out);
    put_below(opt, &below, out);
    buf_done(&below);
    buf_done(&text);
}

/* A run's begin and end have no line in the ladder proper. */
static void put_nothing(const struct ladder_options *opt,
                        const struct line *line, struct row *row,
                        struct buf *out)
{
    (void)opt;
    (void)line;
    (void)row;
    (void)out;
}

typedef void put_fn(const struct ladder_options *opt, const struct line *line,
                    struct row *row, struct buf *out);

static put_fn *const putters[] = {
    [EVENT_RUN] = put_nothing,     [EVENT_CALL] = put_call,
    [EVENT_SEGMENT] = put_segment, [EVENT_COPY] = put_segment,
    [EVENT_STATE] = put_state,     [EVENT_COUNTER] = put_counter,
    [EVENT_MESSAGE] = put_message, [EVENT_ICMP] = put_icmp,
};
static_assert(sizeof(putters) / sizeof(*putters) == EVENT_KIND_COUNT,
              "a line for each kind of event");

void line_put(const struct ladder_options *opt, const struct line *line,
              const char *const states[HOST_COUNT], struct buf *out)
{
    struct row row = {.timed = true,
                      .t_ns = line->e->t_ns,
                      .states = {states[HOST_CLIENT], states[HOST_SERVER]},
                      .middle = ""};
    putters[line->e->kind](opt, line, &row, out);
}

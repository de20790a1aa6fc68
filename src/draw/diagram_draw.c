/* diagram_draw.c - marks as SVG, from the back to the front: lifelines and
 * folded gaps, bands of states, bars of calls, arrows, then all texts. */
#include "diagram_internal.h"

#include "handshake/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    BASELINE = 4,  /* of a text beside a line, below the line */
    LABEL_UP = 6,  /* of a text on a line, above it */
    HEAD_ROOM = 4, /* between an arrow's head and the lifeline */
    CROSS = 5,
    PILL_HEIGHT = 16,
    ICMP_DROP =
        8 /* how far an ICMP arrow comes down: its arrival has no time */
};

/* Where the host stands. */
static int lifeline(enum host_id host)
{
    return host == HOST_CLIENT ? X_CLIENT : X_SERVER;
}

/* The x of the server's side that mirrors x of the client's. */
static int side(enum host_id host, int x)
{
    return host == HOST_CLIENT ? x : X_CLIENT + X_SERVER - x;
}

/* --- lifelines and gaps -------------------------------------------------- */

/* Down to the last row; folded gaps are cut into them afterwards. */
static void draw_lifelines(const struct diagram *d, int top, struct buf *out)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        svg_line(out, "life",
                 (struct svg_line){lifeline(h), top, lifeline(h), d->bottom},
                 NULL);
}

/* Where the row before ends and this one's own height begins. */
static void draw_gap(const struct mark *m, int from, struct buf *out)
{
    struct buf text;
    int y = from + 11;
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        svg_box(out, "gap",
                (struct svg_box){lifeline(h) - 2, from + 3, 4, 16, 0});
        svg_line(
            out, "gapline",
            (struct svg_line){lifeline(h), from + 3, lifeline(h), from + 19},
            NULL);
    }
    buf_init(&text, 64);
    buf_str(&text, "+ ");
    words_time(&text, m->gap_ns);
    svg_label(out, "time later end", X_TIME, y + BASELINE, buf_text(&text),
              text.len);
    buf_done(&text);
}

/* A gap lies above its mark, below whatever was shown last. */
static void draw_gaps(const struct diagram *d, int top, struct buf *out)
{
    for (size_t i = 0; i < d->mark_count; i++) {
        const struct mark *m = &d->marks[i];
        if (m->gap_ns)
            draw_gap(m, top, out);
        if (!m->joined)
            top = m->bottom;
    }
}

/* --- states -------------------------------------------------------------- */

/* A socket whose state is known. */
struct band {
    const struct event_state *state; /* NULL: free */
    int from;
};

struct bands {
    struct band list[HOST_COUNT][MAX_BANDS];
};

/* Slot 0 is the one beside the lifeline. */
static void draw_band(enum host_id host, size_t slot, const struct band *b,
                      int to, struct buf *out)
{
    char class[32];
    int x = X_CLIENT - BAND_STEP * ((int)slot + 1);
    int left = host == HOST_CLIENT ? x : side(host, x) - BAND_WIDTH;
    snprintf(class, sizeof(class), "band %s", state_class(b->state->new_state));
    if (to > b->from)
        svg_box(out, class,
                (struct svg_box){left, b->from, BAND_WIDTH, to - b->from, 2});
}

static bool same_socket(const struct event_state *a,
                        const struct event_state *b)
{
    return endpoint_equal(&a->local, &b->local) &&
           endpoint_equal(&a->remote, &b->remote);
}

/* The slot that has this socket, else a free one: listeners at the outside.
 * MAX_BANDS when all are taken: then the state has its name alone. */
static size_t find_slot(const struct bands *bands,
                        const struct event_state *state)
{
    const struct band *list = bands->list[state->host];
    size_t open = MAX_BANDS;
    for (size_t i = 0; i < MAX_BANDS; i++)
        if (list[i].state && same_socket(list[i].state, state))
            return i;
    for (size_t i = 0; i < MAX_BANDS; i++) {
        bool outer = state->new_state == TCP_STATE_LISTEN;
        size_t at = outer ? MAX_BANDS - 1 - i : i;
        if (!list[at].state && open == MAX_BANDS)
            open = at;
    }
    return open;
}

/* The old state ends where the new one begins. */
static void change_band(struct bands *bands, const struct event_state *state,
                        int y, struct buf *out)
{
    size_t slot = find_slot(bands, state);
    if (slot == MAX_BANDS)
        return;
    struct band *b = &bands->list[state->host][slot];
    if (b->state)
        draw_band(state->host, slot, b, y, out);
    *b = (struct band){.state =
                           state->new_state == TCP_STATE_CLOSED ? NULL : state,
                       .from = y};
}

/* In order of time, both hosts at once; what is open in the end stays so. */
static void draw_bands(const struct diagram *d, struct buf *out)
{
    struct bands bands = {.list = {{{NULL, 0}}}};
    for (size_t i = 0; i < d->mark_count; i++)
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            if (!d->marks[i].joined && d->marks[i].states[h])
                change_band(&bands, &d->marks[i].states[h]->state,
                            d->marks[i].y, out);
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        for (size_t slot = 0; slot < MAX_BANDS; slot++)
            if (bands.list[h][slot].state)
                draw_band(h, slot, &bands.list[h][slot], d->bottom, out);
}

/* The state's name in its colours: told by both, never by colour alone. */
static void draw_state(const struct event_state *state, int y, struct buf *out)
{
    const char *name = tcp_state_name(state->new_state);
    char class[48];
    int width = (int)strlen(name) * 67 / 10 + 12;
    int end = side(state->host, X_CLIENT_STATE);
    int left = state->host == HOST_CLIENT ? end - width : end;
    snprintf(class, sizeof(class), "pill %s", state_class(state->new_state));
    svg_box(out, class,
            (struct svg_box){left, y - PILL_HEIGHT / 2, width, PILL_HEIGHT, 8});
    snprintf(class, sizeof(class), "state mid on-%s",
             state_class(state->new_state));
    svg_label(out, class, left + width / 2, y + BASELINE, name, strlen(name));
}

/* --- calls --------------------------------------------------------------- */

/* A bar from a call's beginning to its end: it waits all that time. */
static void draw_spans(const struct diagram *d, struct buf *out)
{
    for (size_t i = 0; i < d->mark_count; i++) {
        const struct mark *m = &d->marks[i];
        if (m->kind != MARK_CALL || !m->apart || m->joined)
            continue;
        const struct mark *begin = mark_of(d, m->e->call.begin);
        if (!begin || begin->y >= m->y)
            continue;
        int x = side(m->host, X_CLIENT_SPAN);
        if (m->host == HOST_SERVER)
            x -= SPAN_WIDTH;
        svg_box(out, m->e->call.error ? "span failed" : "span",
                (struct svg_box){x, begin->y, SPAN_WIDTH, m->y - begin->y, 2});
    }
}

/* --- arrows -------------------------------------------------------------- */

/* Names a group for those who point at it, or hear the picture. */
static void open_group(const struct diagram *d, const struct mark *m,
                       struct buf *out)
{
    struct buf sentence, plain;
    buf_init(&sentence, 16 * 1024);
    buf_init(&plain, 64 * 1024);
    feed_sentence(d->feed, m->e->id, &sentence);
    words_bytes(&plain, buf_text(&sentence), sentence.len);
    buf_str(out, "<g><title>");
    svg_words(out, buf_text(&plain), plain.len);
    buf_str(out, "</title>\n");
    buf_done(&plain);
    buf_done(&sentence);
}

/* "c" or "s": whose colour. */
static const char *colour(enum host_id from)
{
    return from == HOST_CLIENT ? "c" : "s";
}

/* Just before the receiver's lifeline. */
static int landing_x(enum host_id from)
{
    int room = from == HOST_CLIENT ? -HEAD_ROOM : HEAD_ROOM;
    return lifeline(host_peer(from)) + room;
}

/* Where the line of a mark begins: at its sender, or in the middle for what
 * was made or held there. */
static int departure_x(const struct mark *m)
{
    bool middle = m->kind == MARK_HELD ||
                  (m->kind == MARK_SENT && m->e->segment.forged) ||
                  (m->kind == MARK_ICMP && m->e->icmp.forged);
    return middle ? X_MIDDLE : lifeline(m->host);
}

/* Where the wire took it. */
static void draw_cross(int x, int y, struct buf *out)
{
    svg_line(out, "cross",
             (struct svg_line){x - CROSS, y - CROSS, x + CROSS, y + CROSS},
             NULL);
    svg_line(out, "cross",
             (struct svg_line){x - CROSS, y + CROSS, x + CROSS, y - CROSS},
             NULL);
}

/* A diamond where somebody made it. */
static void draw_origin(const char *class, int y, struct buf *out)
{
    buf_printf(out, "<path class=\"made %s\" d=\"M%d %dl6 6l-6 6l-6-6z\"/>\n",
               class, X_MIDDLE, y - 6);
}

/* From where it was to where it is. */
static void draw_leg(const struct mark *from, const struct mark *m,
                     struct buf *out)
{
    char class[24], head[16];
    int x = departure_x(from), y = from->y;
    bool landed = m->kind == MARK_LANDED;
    int to = landed ? landing_x(m->host) : X_MIDDLE;
    if (from->kind == MARK_HELD && landed) {
        svg_line(out, "waits", (struct svg_line){x, y, x, m->y - ICMP_DROP},
                 NULL);
        y = m->y - ICMP_DROP;
    }
    snprintf(class, sizeof(class), "%s %s", landed ? "arrow" : "arrow cut",
             colour(m->host));
    snprintf(head, sizeof(head), "head-%s", colour(m->host));
    if (from->kind == MARK_HELD && m->kind == MARK_LOST)
        snprintf(class, sizeof(class), "waits");
    svg_line(out, class, (struct svg_line){x, y, to, m->y},
             landed ? head : NULL);
}

/* Nothing for a copy of what is not shown. */
static void draw_copy(const struct diagram *d, const struct mark *m,
                      struct buf *out)
{
    const struct mark *from = mark_of(d, m->origin);
    if (!from)
        return;
    open_group(d, m, out);
    draw_leg(from, m, out);
    if (m->kind == MARK_LOST)
        draw_cross(X_MIDDLE, m->y, out);
    if (m->kind == MARK_HELD)
        svg_box(out, "hold",
                (struct svg_box){X_MIDDLE - 3, m->y - 7, 6, 14, 2});
    buf_str(out, "</g>\n");
}

/* What has not arrived has its beginning only; what was kept by a kernel was
 * not seen on its way. */
static void draw_sent(const struct mark *m, struct buf *out)
{
    char class[24];
    snprintf(class, sizeof(class), "arrow under %s", colour(m->host));
    if (m->e->segment.forged)
        draw_origin(colour(m->host), m->y, out);
    if (m->e->segment.saved)
        svg_line(out, class,
                 (struct svg_line){lifeline(m->host), m->y, landing_x(m->host),
                                   m->y},
                 m->host == HOST_CLIENT ? "head-c" : "head-s");
    else if (m->pending)
        svg_line(out, class,
                 (struct svg_line){departure_x(m), m->y,
                                   (X_MIDDLE + landing_x(m->host)) / 2,
                                   m->y + BASELINE},
                 NULL);
}

/* It is handed over at once, but no event tells when: it comes down a
 * little, as anything that travels. */
static void draw_icmp(const struct diagram *d, const struct mark *m,
                      struct buf *out)
{
    open_group(d, m, out);
    if (m->e->icmp.forged)
        draw_origin("i", m->y, out);
    svg_line(out, "arrow icmp",
             (struct svg_line){departure_x(m), m->y, landing_x(m->host),
                               m->y + ICMP_DROP},
             "head-i");
    buf_str(out, "</g>\n");
}

/* In order of time, so that the later lies over the earlier. */
static void draw_arrows(const struct diagram *d, struct buf *out)
{
    for (size_t i = 0; i < d->mark_count; i++) {
        const struct mark *m = &d->marks[i];
        if (m->kind == MARK_SENT)
            draw_sent(m, out);
        else if (m->kind == MARK_ICMP)
            draw_icmp(d, m, out);
        else if (m->kind == MARK_LANDED || m->kind == MARK_LOST ||
                 m->kind == MARK_HELD)
            draw_copy(d, m, out);
    }
}

/* --- texts --------------------------------------------------------------- */

/* At the side of whoever sent it, or in whose name it was made, on its line. */
static void write_label(const struct mark *m, struct buf *out)
{
    bool left = m->host == HOST_CLIENT;
    int x = lifeline(m->host) + (left ? TEXT_GAP : -TEXT_GAP);
    buf_printf(out, "<text class=\"seg %s%s\" x=\"%d\" y=\"%d\">",
               colour(m->host), left ? "" : " end", x, m->y - LABEL_UP);
    buf_str(out, "<tspan class=\"flags\">");
    svg_words(out, m->flags, strlen(m->flags));
    buf_str(out, "</tspan>");
    svg_words(out, m->rest, strlen(m->rest));
    buf_str(out, "</text>\n");
}

static void write_icmp(const struct mark *m, const char *text, struct buf *out)
{
    /* Wherever it comes from, there is room from side to side. */
    int lines = svg_line_count(text, LANE_COLUMNS);
    svg_lines(out, "icmptext", X_CLIENT + TEXT_GAP,
              m->y - LABEL_UP - (lines - 1) * SVG_LEADING, text, LANE_COLUMNS);
}

/* Beyond the middle, where its arrow does not come any more. */
static void write_fate(const struct mark *m, const char *text, struct buf *out)
{
    bool right = m->host == HOST_CLIENT;
    const char *class = m->kind == MARK_LOST
                            ? right ? "fate lost" : "fate lost end"
                        : right ? "fate"
                                : "fate end";
    svg_lines(out, class, X_MIDDLE + (right ? TEXT_GAP : -TEXT_GAP),
              m->y + BASELINE, text, HALF_COLUMNS);
}

/* Below the head of its arrow. */
static void write_change(const struct mark *m, const char *text,
                         struct buf *out)
{
    bool right = m->host == HOST_CLIENT;
    int x = lifeline(host_peer(m->host)) + (right ? -TEXT_GAP : TEXT_GAP);
    svg_lines(out, right ? "fate end" : "fate", x, m->y + SVG_LEADING, text,
              LANE_COLUMNS);
}

/* Only a call that has ended can. */
static bool has_failed(const struct mark *m)
{
    const struct event *end = m->end ? m->end : m->e;
    return m->kind == MARK_CALL && end->call.phase == PHASE_END &&
           end->call.error;
}

/* Calls and words stand at the outer side, so that the lane is the wire's. */
static void write_side(const struct mark *m, const char *text, struct buf *out)
{
    bool client = m->host == HOST_CLIENT;
    char class[32];
    snprintf(class, sizeof(class), "%s%s%s",
             m->kind == MARK_CALL ? "call" : "note",
             has_failed(m) ? " failed" : "", client ? " end" : "");
    svg_lines(out, class, side(m->host, X_CLIENT_CALLS), m->y + BASELINE, text,
              CALL_COLUMNS);
}

/* A state without a cause shown has no text but its name. */
static void write_text(const struct mark *m, struct buf *out)
{
    struct buf text;
    buf_init(&text, 16 * 1024);
    words_of_mark(m, &text);
    const char *words = buf_text(&text);
    if (m->kind == MARK_SENT)
        write_label(m, out);
    else if (m->kind == MARK_ICMP)
        write_icmp(m, words, out);
    else if (m->kind == MARK_LOST || m->kind == MARK_HELD)
        write_fate(m, words, out);
    else if (m->kind == MARK_LANDED && text.len > 0)
        write_change(m, words, out);
    else if (m->kind == MARK_CALL || m->kind == MARK_NOTE)
        write_side(m, words, out);
    buf_done(&text);
}

/* Milliseconds, as the ladder has them. */
static void write_time(const struct mark *m, struct buf *out)
{
    char text[40];
    int len =
        snprintf(text, sizeof(text), "%" PRIu64 ".%03u", m->e->t_ns / 1000000,
                 (unsigned)(m->e->t_ns / 1000 % 1000));
    svg_label(out, "time end", X_TIME, m->y + BASELINE, text, (size_t)len);
}

/* Last, so that nothing is drawn over a word. */
static void write_texts(const struct diagram *d, struct buf *out)
{
    for (size_t i = 0; i < d->mark_count; i++) {
        const struct mark *m = &d->marks[i];
        if (m->joined)
            continue;
        write_time(m, out);
        write_text(m, out);
        for (enum host_id h = 0; h < HOST_COUNT; h++)
            if (m->states[h])
                draw_state(&m->states[h]->state, m->y, out);
    }
}

void marks_draw(const struct diagram *d, int top, struct buf *out)
{
    draw_lifelines(d, top, out);
    draw_gaps(d, top, out);
    draw_bands(d, out);
    draw_spans(d, out);
    draw_arrows(d, out);
    write_texts(d, out);
}

/* segment_json.c - one segment with every field of its headers, as it was sent
 * and, where that is not the same, as its copies arrived. */
#include "json_internal.h"

#include <assert.h>
#include <errno.h>

static const char *const part_names[] = {
    [FIELD_IP] = "ip",
    [FIELD_TCP] = "tcp",
    [FIELD_OPTION] = "option",
    [FIELD_PAYLOAD] = "payload",
};
static_assert(sizeof(part_names) / sizeof(*part_names) == FIELD_PAYLOAD + 1,
              "a name for each part");

static void write_field(void *ctx, const struct field *f)
{
    struct jsonw *w = ctx;
    jsonw_open(w, NULL, '{');
    jsonw_str(w, "part", part_names[f->part]);
    jsonw_str(w, "name", f->name);
    jsonw_uint(w, "bit_offset", f->bit_offset);
    jsonw_uint(w, "bit_width", f->bit_width);
    jsonw_str(w, "value", f->value);
    jsonw_str(w, "meaning", f->meaning);
    jsonw_str(w, "rfc", f->rfc);
    if (f->value_rel[0])
        jsonw_str(w, "value_rel", f->value_rel);
    if (f->meaning_rel[0])
        jsonw_str(w, "meaning_rel", f->meaning_rel);
    jsonw_close(w, '}');
}

static uint16_t flags_of(const struct event_segment *sent)
{
    struct segment seg;
    bool ok = segment_parse(sent->bytes, sent->len, &seg, NULL) == 0;
    return ok ? seg.flags : 0;
}

/* A segment's or a copy's bytes and what each of their fields says. */
static void write_bytes(const uint8_t *bytes, size_t len,
                        const struct seq_bases *bases, struct jsonw *w)
{
    jsonw_hex(w, "hex", bytes, len);
    jsonw_uint(w, "len", len);
    jsonw_open(w, "fields", '[');
    (void)fields_walk(bytes, len, bases, write_field, w, NULL);
    jsonw_close(w, ']');
}

/* Copies of segment n that are other than what was sent. They stand somewhere
 * behind it in the log, whose bound is theirs too. */
static void write_changed_copies(const struct runlog *log, uint32_t n,
                                 const struct segment_note *note,
                                 struct jsonw *w)
{
    uint32_t count = runlog_count(log);
    jsonw_open(w, "copies", '[');
    for (uint32_t id = note->id + 1; id <= count; id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind != EVENT_COPY || e->copy.n != n || !e->copy.bytes)
            continue;
        jsonw_open(w, NULL, '{');
        jsonw_uint(w, "copy", e->copy.copy);
        jsonw_uint(w, "event", id);
        jsonw_str(w, "fate", fate_name(e->copy.fate));
        jsonw_str(w, "changed", e->copy.changed);
        write_bytes(e->copy.bytes, e->copy.len, &note->bases, w);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

int log_segment_write(const struct runlog *log, struct feed *feed, uint32_t n,
                      struct buf *out)
{
    struct segment_note note;
    if (!feed || !feed_segment(feed, n, &note))
        return -ENOENT;
    const struct event *e = runlog_get(log, note.id);
    const struct event_segment *sent = &e->segment;
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_uint(&w, "n", n);
    jsonw_uint(&w, "event", note.id);
    jsonw_uint(&w, "t_ns", e->t_ns);
    jsonw_str(&w, "from", host_name(sent->from));
    event_write_flags(flags_of(sent), &w);
    jsonw_raw(&w, "says", note.says, note.says_len);
    write_bytes(sent->bytes, sent->len, &note.bases, &w);
    write_changed_copies(log, n, &note, &w);
    jsonw_close(&w, '}');
    return 0;
}

int json_segment(struct run *run, uint32_t n, struct buf *out)
{
    return log_segment_write(run_log(run), feed_of(run), n, out);
}

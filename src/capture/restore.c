/* restore.c - a block of events back into a log. What it says is believed in
 * nothing: every length lies within the block, every id is the next. */
#include "capture_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

uint16_t get_u16(const uint8_t *at, bool swapped)
{
    return (uint16_t)(swapped ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

uint32_t get_u32(const uint8_t *at, bool swapped)
{
    uint32_t low = get_u16(at + (swapped ? 2 : 0), swapped);
    uint32_t high = get_u16(at + (swapped ? 0 : 2), swapped);
    return high << 16 | low;
}

bool events_are_ours(const uint8_t *body, size_t len)
{
    return len >= EVENTS_HEAD_BYTES &&
           memcmp(body, EVENTS_MAGIC, sizeof(EVENTS_MAGIC)) == 0;
}

/* The head of a block. */
struct events_head {
    uint32_t version, total, first, text_len;
};

/* There are EVENTS_HEAD_BYTES: events_are_ours() looked. */
static struct events_head read_head(const uint8_t *body, bool swapped)
{
    const uint8_t *at = body + sizeof(EVENTS_MAGIC);
    return (struct events_head){.version = get_u32(at, swapped),
                                .total = get_u32(at + 4, swapped),
                                .first = get_u32(at + 8, swapped),
                                .text_len = get_u32(at + 12, swapped)};
}

/* Whether the block is the next one of the file. */
static int check_head(const struct restored *to, const struct events_head *head,
                      size_t len, struct err *ret_err)
{
    uint32_t count = runlog_count(to->log);
    if (head->version != EVENTS_VERSION)
        return err_set(ret_err, EPROTO,
                       "the capture's events are of version %" PRIu32
                       ", this program reads version %d: a newer Handshake Lab "
                       "wrote it",
                       head->version, EVENTS_VERSION);
    if (head->text_len > len - EVENTS_HEAD_BYTES)
        return err_set(ret_err, EPROTO,
                       "the capture is damaged: after event %" PRIu32
                       " a block is shorter than what it holds",
                       count);
    if (head->first != count + 1 || head->total == 0 ||
        (to->total && head->total != to->total))
        return err_set(ret_err, EPROTO,
                       "the capture is damaged: after event %" PRIu32
                       " comes a block that begins with event %" PRIu32
                       " of %" PRIu32,
                       count, head->first, head->total);
    return 0;
}

/* The first fault is enough. */
static int refuse_line(uint32_t id, const struct json_faults *faults,
                       struct err *ret_err)
{
    const struct json_fault *f = &faults->list[0];
    return err_set(ret_err, EPROTO,
                   "the capture is damaged: event %" PRIu32
                   " cannot be read: %s%s%.150s",
                   id, f->pointer, f->pointer[0] ? ": " : "", f->text);
}

/* One line, without its newline. */
static int restore_line(struct restored *to, const char *line, size_t len,
                        struct err *ret_err)
{
    uint32_t id = runlog_count(to->log) + 1;
    struct json_event e;
    struct json_faults faults;
    if (id > to->total)
        return err_set(ret_err, EPROTO,
                       "the capture is damaged: it says that it holds %" PRIu32
                       " events and holds more",
                       to->total);
    if (json_event_read(line, len, &e, &faults) < 0)
        return refuse_line(id, &faults, ret_err);
    int r = 0;
    if (e.event.id != id)
        r = err_set(ret_err, EPROTO,
                    "the capture is damaged: event %" PRIu32
                    " stands where event %" PRIu32 " should",
                    e.event.id, id);
    else if (runlog_append(to->log, &e.event) == 0)
        r = runlog_ended(to->log)
                ? err_set(ret_err, EPROTO,
                          "the capture is damaged: events follow the run's end")
                : err_set(ret_err, EFBIG,
                          "the capture holds more than a run may: it was read "
                          "up to event %" PRIu32,
                          id - 1);
    json_event_done(&e);
    return r;
}

int events_restore(struct restored *to, const uint8_t *body, size_t len,
                   bool swapped, struct err *ret_err)
{
    const struct events_head head = read_head(body, swapped);
    int r = check_head(to, &head, len, ret_err);
    if (r < 0)
        return r;
    to->total = head.total;
    const char *at = (const char *)body + EVENTS_HEAD_BYTES;
    const char *end = at + head.text_len;
    while (r == 0 && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        r = restore_line(to, at, (size_t)(stop - at), ret_err);
        at = stop + 1;
    }
    return r;
}

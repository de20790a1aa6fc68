/* reader.c - a pcapng file, block by block, and what a file is that cannot be
 * read.
 *
 * Bytes are gathered until a block is whole; no more than one is ever kept. The
 * length stands before and behind each block: both must agree, be a multiple of
 * four and within bounds. Blocks that are not needed are gathered all the same
 * (their end is checked) and forgotten. The first packet decides: a file of
 * ours has given events by then. */
#include "capture_internal.h"

#include "handshake/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Type, length and the byte order of a section. */
    HEAD_BYTES = 12,
    SECTION_LEAST_BYTES = BLOCK_FRAME_BYTES + SECTION_FIXED_BYTES,
    APPLICATION_BYTES = 100,
    ABOUT_BYTES = 4096
};

struct capture_reader {
    struct restored restored;
    struct buf block;       /* what is there of the block being gathered */
    size_t need;            /* bytes of it until something can be told */
    uint64_t at;            /* where it begins in the file */
    bool swapped;           /* numbers are big-endian */
    bool in_section;        /* the section header was read */
    struct err failure;     /* code 0 while nothing failed */
    struct buf about;       /* the first comment */
    struct buf application; /* who wrote it, fit to be shown */
};

struct capture_reader *capture_reader_new(struct runlog_limits limits)
{
    struct capture_reader *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    buf_init(&r->block, CAPTURE_BLOCK_BYTES);
    buf_init(&r->about, ABOUT_BYTES);
    buf_init(&r->application, 4 * APPLICATION_BYTES);
    r->need = HEAD_BYTES;
    r->restored.log = runlog_new(limits, NULL);
    if (r->restored.log)
        return r;
    capture_reader_free(r);
    return NULL;
}

void capture_reader_free(struct capture_reader *r)
{
    if (!r)
        return;
    runlog_free(r->restored.log);
    buf_done(&r->block);
    buf_done(&r->about);
    buf_done(&r->application);
    free(r);
}

const struct runlog *capture_reader_log(const struct capture_reader *r)
{
    return r->restored.log;
}

const char *capture_reader_about(const struct capture_reader *r)
{
    return buf_text(&r->about);
}

/* --- files that are not ours --------------------------------------------- */

/* What files begin with that people may take for a capture of ours. */
static const struct {
    uint8_t bytes[4];
    size_t len;
    int code;
    const char *what;
} known_files[] = {
    {{0xd4, 0xc3, 0xb2, 0xa1}, 4, EOPNOTSUPP, "a classic pcap capture"},
    {{0xa1, 0xb2, 0xc3, 0xd4}, 4, EOPNOTSUPP, "a classic pcap capture"},
    {{0x4d, 0x3c, 0xb2, 0xa1}, 4, EOPNOTSUPP, "a classic pcap capture"},
    {{0xa1, 0xb2, 0x3c, 0x4d}, 4, EOPNOTSUPP, "a classic pcap capture"},
    {{0x1f, 0x8b}, 2, EOPNOTSUPP, "compressed with gzip (unpack it first)"},
    {{0x28, 0xb5, 0x2f, 0xfd}, 4, EOPNOTSUPP, "compressed (unpack it first)"},
    {{0x04, 0x22, 0x4d, 0x18}, 4, EOPNOTSUPP, "compressed (unpack it first)"},
    {{'P', 'K', 3, 4}, 4, EOPNOTSUPP, "a zip archive (unpack it first)"},
    {{'{'}, 1, EPROTO, "text, as JSON is, and no capture"},
};

static const char only_ours[] = "; only captures written by Handshake Lab can "
                                "be replayed so far";

/* The file does not begin as pcapng does. */
static int refuse_file(const struct buf *begin, struct err *ret_err)
{
    const size_t count = sizeof(known_files) / sizeof(*known_files);
    if (begin->len == 0)
        return err_set(ret_err, EPROTO, "the file is empty");
    for (size_t i = 0; i < count; i++)
        if (begin->len >= known_files[i].len &&
            memcmp(begin->data, known_files[i].bytes, known_files[i].len) == 0)
            return err_set(ret_err, known_files[i].code, "the file is %s%s",
                           known_files[i].what, only_ours);
    return err_set(ret_err, EPROTO, "the file is no capture%s", only_ours);
}

/* A pcapng capture without events. */
static int refuse_writer(const struct capture_reader *r, struct err *ret_err)
{
    const char *who = buf_text(&r->application);
    if (strncmp(who, "Handshake Lab", 13) == 0)
        return err_set(ret_err, EOPNOTSUPP,
                       "the capture was written by %s, but the run's events "
                       "are not in it any more: another program has saved it "
                       "since. Its packets are still there, for Wireshark",
                       who);
    return err_set(ret_err, EOPNOTSUPP,
                   "the file is a pcapng capture written by %s%s",
                   who[0] ? who : "another program", only_ours);
}

/* All such sentences say where. */
static int damaged(const struct capture_reader *r, const char *what,
                   struct err *ret_err)
{
    return err_set(ret_err, EPROTO,
                   "the capture is damaged: the block at byte %" PRIu64 " %s",
                   r->at, what);
}

/* --- blocks -------------------------------------------------------------- */

/* Only once something was gathered. */
static const uint8_t *block_bytes(const struct capture_reader *r)
{
    return (const uint8_t *)r->block.data;
}

/* In the byte order of the section. */
static uint32_t block_type(const struct capture_reader *r)
{
    return get_u32(block_bytes(r), r->swapped);
}

/* An option of the section that is worth keeping. */
static void note_option(struct capture_reader *r, uint16_t code,
                        const uint8_t *value, size_t len)
{
    const uint8_t *nul = memchr(value, 0, len);
    if (nul)
        len = (size_t)(nul - value);
    if (code == SECTION_APPLICATION && r->application.len == 0)
        words_bytes(&r->application, value,
                    len < APPLICATION_BYTES ? len : APPLICATION_BYTES);
    if (code == OPTION_COMMENT && r->about.len == 0)
        buf_append(&r->about, value, len < ABOUT_BYTES ? len : 0);
}

/* Options that do not fit their block end the list; nothing depends on them. */
static void read_section(struct capture_reader *r)
{
    const uint8_t *at = block_bytes(r) + 8 + SECTION_FIXED_BYTES;
    const uint8_t *end = block_bytes(r) + r->block.len - 4;
    while (end - at >= 4) {
        uint16_t code = get_u16(at, r->swapped);
        size_t len = get_u16(at + 2, r->swapped);
        size_t padded = (len + 3) / 4 * 4;
        at += 4;
        if (code == OPTION_END || padded > (size_t)(end - at))
            return;
        note_option(r, code, at, len);
        at += padded;
    }
}

/* A block that is whole. */
static int take_block(struct capture_reader *r, struct err *ret_err)
{
    const uint8_t *body = block_bytes(r) + 8;
    size_t len = r->block.len - BLOCK_FRAME_BYTES;
    uint32_t type = block_type(r);
    if (type == BLOCK_SECTION) {
        r->in_section = true;
        read_section(r);
        return 0;
    }
    if (type == BLOCK_EVENTS && events_are_ours(body, len))
        return events_restore(&r->restored, body, len, r->swapped, ret_err);
    bool packet = type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET ||
                  type == BLOCK_OLD_PACKET;
    if (packet && r->restored.total == 0)
        return refuse_writer(r, ret_err);
    return 0;
}

/* The first twelve bytes are there: which byte order, and how long it is. */
static int take_head(struct capture_reader *r, struct err *ret_err)
{
    const uint8_t *head = block_bytes(r);
    bool section = get_u32(head, false) == BLOCK_SECTION;
    if (!r->in_section && !section)
        return refuse_file(&r->block, ret_err);
    if (r->in_section && section)
        return err_set(ret_err, EOPNOTSUPP,
                       "the file holds more than one capture: a second one "
                       "begins at byte %" PRIu64 "; split them first",
                       r->at);
    if (section) {
        r->swapped = get_u32(head + 8, true) == BYTE_ORDER_MAGIC;
        if (get_u32(head + 8, r->swapped) != BYTE_ORDER_MAGIC)
            return damaged(r, "has no byte order", ret_err);
    }
    uint32_t len = get_u32(head + 4, r->swapped);
    uint32_t least = section ? SECTION_LEAST_BYTES : BLOCK_FRAME_BYTES;
    if (len < least || len % 4 != 0 || len > CAPTURE_BLOCK_BYTES)
        return damaged(r, "has a length that cannot be", ret_err);
    r->need = len;
    return 0;
}

/* As many bytes as were needed are there. */
static int take_needed(struct capture_reader *r, struct err *ret_err)
{
    /* A block without a body is as long as a head. */
    int status = r->need == HEAD_BYTES ? take_head(r, ret_err) : 0;
    if (status < 0 || r->block.len < r->need)
        return status;
    if (get_u32(block_bytes(r) + r->need - 4, r->swapped) != r->need)
        return damaged(r, "ends with another length than it begins with",
                       ret_err);
    status = take_block(r, ret_err);
    r->at += r->need;
    r->need = HEAD_BYTES;
    buf_reset(&r->block);
    return status;
}

int capture_reader_put(struct capture_reader *r, const void *bytes, size_t len,
                       struct err *ret_err)
{
    const char *at = bytes;
    while (len > 0 && !r->failure.code) {
        size_t missing = r->need - r->block.len;
        size_t n = len < missing ? len : missing;
        buf_append(&r->block, at, n);
        at += n;
        len -= n;
        if (r->block.failed)
            err_set(&r->failure, ENOMEM, "there is no memory left");
        else if (n == missing)
            (void)take_needed(r, &r->failure);
    }
    if (r->failure.code && ret_err)
        *ret_err = r->failure;
    return -r->failure.code;
}

/* How a file ends that is not whole. */
static int check_end(const struct capture_reader *r, struct err *ret_err)
{
    uint32_t count = runlog_count(r->restored.log);
    if (!r->in_section && r->block.len < HEAD_BYTES)
        return refuse_file(&r->block, ret_err);
    if (r->restored.total == 0 && r->block.len == 0)
        return refuse_writer(r, ret_err);
    if (r->restored.total == 0)
        return err_set(ret_err, EPROTO,
                       "the capture was cut off before its first packet");
    if (count < r->restored.total)
        return err_set(ret_err, EPROTO,
                       "the capture was cut off: it ends after event %" PRIu32
                       " of %" PRIu32,
                       count, r->restored.total);
    if (r->block.len > 0)
        return err_set(ret_err, EPROTO,
                       "the capture was cut off among its packets; all %" PRIu32
                       " events are there",
                       count);
    return 0;
}

int capture_reader_end(struct capture_reader *r, struct err *ret_err)
{
    if (!r->failure.code)
        (void)check_end(r, &r->failure);
    if (r->failure.code && ret_err)
        *ret_err = r->failure;
    return -r->failure.code;
}

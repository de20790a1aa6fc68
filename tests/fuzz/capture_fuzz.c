/* capture_fuzz.c - files of any bytes: refused with a sentence, or a run that
 * can be drawn, and that is the same when it is written and read again. What
 * begins with a brace is taken for lines of events and put into a file first,
 * so that the fuzzer gets past the lengths of blocks. */
#include "fuzz.h"

#include "capture_internal.h"

#include "handshake/draw.h"

#include <string.h>

enum {
    FILE_BYTES = 64 << 20,
    MAX_EVENTS = 2000,
    MAX_CONTENT_BYTES = 4 << 20,
    PIECE_BYTES = 997 /* a block's border falls anywhere in it */
};

static struct capture_reader *reader(void)
{
    struct capture_reader *r = capture_reader_new(
        (struct runlog_limits){MAX_EVENTS, MAX_CONTENT_BYTES});
    FUZZ_CHECK(r);
    return r;
}

/* Everything that shows a run must bear any run. */
static void draw(const struct runlog *log, struct feed *feed)
{
    struct buf out;
    struct ladder *l = ladder_new((struct ladder_options){.columns = 80});
    FUZZ_CHECK(l);
    buf_init(&out, FILE_BYTES);
    for (uint32_t id = 1; id <= runlog_count(log); id++)
        ladder_add(l, runlog_get(log, id), &out);
    ladder_flush(l, &out);
    ladder_free(l);
    diagram_svg(log, feed, "", &out);
    buf_done(&out);
}

static void write_run(const struct runlog *log, struct feed *feed,
                      struct buf *out)
{
    struct capture_writer *w = capture_writer_new(log, feed, "");
    FUZZ_CHECK(w);
    buf_init(out, FILE_BYTES);
    while (capture_writer_next(w, out))
        continue;
    FUZZ_CHECK(!capture_writer_failed(w) && !out->failed);
    capture_writer_free(w);
}

/* What was restored once is restored again, line by line. */
static void check_again(const struct runlog *log)
{
    struct feed *feed = feed_new(log);
    struct buf file;
    FUZZ_CHECK(feed);
    draw(log, feed);
    write_run(log, feed, &file);
    struct capture_reader *r = reader();
    FUZZ_CHECK(capture_reader_put(r, file.data, file.len, NULL) == 0);
    FUZZ_CHECK(capture_reader_end(r, NULL) == 0);
    struct feed *again = feed_new(capture_reader_log(r));
    FUZZ_CHECK(again);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        size_t len = 0;
        const char *line = feed_line(feed, id, &len);
        FUZZ_CHECK(line && strcmp(line, feed_line(again, id, &len)) == 0);
    }
    feed_free(again);
    capture_reader_free(r);
    buf_done(&file);
    feed_free(feed);
}

/* A file that holds these lines of events. */
static void wrap(const uint8_t *text, size_t len, struct buf *out)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    buf_init(out, FILE_BYTES);
    size_t begin = block_begin(out, BLOCK_SECTION);
    put_u32(out, BYTE_ORDER_MAGIC);
    put_u32(out, 1);
    put_u64(out, UINT64_MAX);
    block_end(out, begin);
    begin = block_begin(out, BLOCK_EVENTS);
    buf_append(out, EVENTS_MAGIC, sizeof(EVENTS_MAGIC));
    put_u32(out, EVENTS_VERSION);
    put_u32(out, lines + (text[len - 1] != '\n'));
    put_u32(out, 1);
    put_u32(out, (uint32_t)len);
    buf_append(out, text, len);
    block_end(out, begin);
}

/* Read it, in pieces; show and write what came of it. */
static void try_file(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct capture_reader *r = reader();
    int status = 0;
    for (size_t at = 0; status == 0 && at < size; at += PIECE_BYTES)
        status = capture_reader_put(
            r, data + at, size - at < PIECE_BYTES ? size - at : PIECE_BYTES,
            &err);
    if (status == 0)
        status = capture_reader_end(r, &err);
    if (status < 0)
        FUZZ_CHECK(err.text[0] && memchr(err.text, 0, sizeof(err.text)));
    if (runlog_count(capture_reader_log(r)) > 0)
        check_again(capture_reader_log(r));
    capture_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf file;
    if (size == 0 || data[0] != '{') {
        try_file(data, size);
        return 0;
    }
    wrap(data, size, &file);
    try_file((const uint8_t *)file.data, file.len);
    buf_done(&file);
    return 0;
}

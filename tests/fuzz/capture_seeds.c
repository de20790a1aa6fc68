/* capture_seeds.c - writes what capture_fuzz begins from: the captures of the
 * unit tests' runs. Usage: capture_seeds FOLDER */
#include "../unit/sample.h"

#include "handshake/capture.h"

#include <stdio.h>

enum { FILE_BYTES = 1 << 20 };

/* Takes out. */
static int write_file(const char *folder, const char *name, struct buf *out)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(out->data, 1, out->len, file) == out->len;
    ok = file && fclose(file) == 0 && ok;
    buf_done(out);
    return ok ? 0 : 1;
}

/* The run's file, and its events as lines. Takes log. */
static int write_seeds(const char *folder, const char *name, struct runlog *log)
{
    char lines_name[64];
    struct buf out, lines;
    struct feed *feed = feed_new(log);
    struct capture_writer *w = capture_writer_new(log, feed, "Seed (seed)");
    buf_init(&out, FILE_BYTES);
    buf_init(&lines, FILE_BYTES);
    while (w && capture_writer_next(w, &out))
        continue;
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        size_t len = 0;
        const char *line = feed_line(feed, id, &len);
        buf_append(&lines, line, len);
        buf_append(&lines, "\n", 1);
    }
    capture_writer_free(w);
    feed_free(feed);
    runlog_free(log);
    snprintf(lines_name, sizeof(lines_name), "%s-lines", name);
    return write_file(folder, name, &out) |
           write_file(folder, lines_name, &lines);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct runlog *small = sample_log();
    sample_begin(small);
    sample_end_of_run(small, 1, true);
    return write_seeds(argv[1], "seed-handshake", sample_handshake()) |
           write_seeds(argv[1], "seed-everything", sample_everything()) |
           write_seeds(argv[1], "seed-small", small);
}

/* compress.c - gzip (RFC 1952), in one go and piece by piece. The only file
 * that knows zlib.
 *
 * The level is low: an answer is made while others wait for theirs, and events
 * are so alike that the first steps save most. */
#include "http_internal.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    QUICK_LEVEL = 1,
    BEST_LEVEL = 9,
    GZIP_WRAPPER = 16, /* added to the window's bits, zlib.h says */
    MEMORY_LEVEL = 6,  /* with the window below: 64 kB a stream */
    WINDOW_BITS = 13
};

struct gzip {
    z_stream z;
};

static int begin(z_stream *z, int level)
{
    return deflateInit2(z, level, Z_DEFLATED, WINDOW_BITS + GZIP_WRAPPER,
                        MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
}

struct gzip *gzip_new(void)
{
    struct gzip *gz = calloc(1, sizeof(*gz));
    if (gz && begin(&gz->z, QUICK_LEVEL) != Z_OK) {
        free(gz);
        return NULL;
    }
    return gz;
}

void gzip_free(struct gzip *gz)
{
    if (gz)
        deflateEnd(&gz->z);
    free(gz);
}

/* zlib's pointers are not const for old compilers' sake; it does not write to
 * what it reads. */
bool gzip_step(struct gzip *gz, struct piece *in, bool last, char *to,
               size_t room, size_t *ret_made)
{
    gz->z.next_in = (Bytef *)(uintptr_t)in->at;
    gz->z.avail_in = (uInt)in->len;
    gz->z.next_out = (Bytef *)to;
    gz->z.avail_out = (uInt)room;
    int r = deflate(&gz->z, last ? Z_FINISH : Z_NO_FLUSH);
    in->at += in->len - gz->z.avail_in;
    in->len = gz->z.avail_in;
    *ret_made = room - gz->z.avail_out;
    return r == Z_STREAM_END;
}

bool gzip_all(const struct buf *plain, bool best, struct buf *ret_gz)
{
    z_stream z = {0};
    if (plain->failed || begin(&z, best ? BEST_LEVEL : QUICK_LEVEL) != Z_OK)
        return false;
    size_t bound = deflateBound(&z, plain->len);
    char *out = malloc(bound);
    z.next_in = (Bytef *)(uintptr_t)plain->data;
    z.avail_in = (uInt)plain->len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)bound;
    bool ok = out && deflate(&z, Z_FINISH) == Z_STREAM_END;
    buf_init(ret_gz, bound);
    if (ok)
        buf_append(ret_gz, out, bound - z.avail_out);
    free(out);
    deflateEnd(&z);
    if (ok && !ret_gz->failed)
        return true;
    buf_done(ret_gz);
    return false;
}

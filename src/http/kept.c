/* kept.c - answers that are made once and sent again and again: files of the
 * page, the catalogue, the documents that describe the API.
 *
 * Each is kept as it is and, where that is shorter, compressed. A client keeps
 * what it has and asks each time whether it is still good (no-cache): the ETag
 * is a hash of the content, so that it is exactly until the content changes.
 * The two encodings are different bytes and have different (strong) ETags. */
#include "http_internal.h"

#include <stdio.h>
#include <string.h>

/* FNV-1a: tells versions of a text apart; nobody gains by making two alike. */
uint64_t etag_hash(const char *bytes, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3;
    return hash;
}

/* Bytes that live as long as the answer. MHD's buffer is not const, yet it
 * never writes to a persistent one. */
static struct MHD_Response *reply_of(const void *data, size_t len)
{
    return MHD_create_response_from_buffer(len, (void *)(uintptr_t)data,
                                           MHD_RESPMEM_PERSISTENT);
}

/* Scripts and styles are loaded by a page, whose policy holds for them. The
 * page has some hundred: their headers weigh. */
static bool is_loaded(const char *type)
{
    return strncmp(type, "text/javascript", 15) == 0 ||
           strncmp(type, "text/css", 8) == 0;
}

/* v->etag is set already. */
static void make_variant(struct kept_variant *v, const char *type,
                         const void *data, size_t len)
{
    v->content = reply_of(data, len);
    v->unchanged = reply_of(NULL, 0);
    reply_header(v->content, "Content-Type", type);
    reply_etag(v->content, v->etag);
    reply_etag(v->unchanged, v->etag);
    void (*secure)(struct MHD_Response *) =
        is_loaded(type) ? reply_secure_data : reply_secure;
    secure(v->content);
    secure(v->unchanged);
}

/* 304 goes out with the same headers as 200, but for the type. */
void kept_plain(struct kept *kept, const struct kept_bytes *bytes)
{
    struct kept_variant *v = &kept->plain;
    snprintf(v->etag, sizeof(v->etag), "\"%.32s\"", bytes->tag);
    make_variant(v, bytes->type, bytes->data, bytes->len);
}

void kept_gzip(struct kept *kept, const struct kept_bytes *bytes)
{
    struct kept_variant *v = &kept->gzip;
    snprintf(v->etag, sizeof(v->etag), "\"%.32s-gz\"", bytes->tag);
    make_variant(v, bytes->type, bytes->data, bytes->len);
    reply_header(v->content, "Content-Encoding", "gzip");
}

/* Answers under way keep a reference of their own. */
static void variant_done(struct kept_variant *v)
{
    if (v->content)
        MHD_destroy_response(v->content);
    if (v->unchanged)
        MHD_destroy_response(v->unchanged);
}

void kept_done(struct kept *kept)
{
    variant_done(&kept->plain);
    variant_done(&kept->gzip);
    buf_done(&kept->plain_text);
    buf_done(&kept->gzip_text);
    *kept = (struct kept){.plain = {.content = NULL}};
}

/* No encoding is made here: what is kept is sent. */
enum MHD_Result kept_respond(struct request *req, const struct kept *kept)
{
    const struct kept_variant *v = kept->gzip.content && request_takes_gzip(req)
                                       ? &kept->gzip
                                       : &kept->plain;
    if (!v->content || !v->unchanged)
        return respond(req, MHD_HTTP_INTERNAL_SERVER_ERROR, NULL);
    if (negotiate_etag(request_header(req, "If-None-Match"), v->etag))
        return respond_kept(req, MHD_HTTP_NOT_MODIFIED, v->unchanged);
    return respond_kept(req, MHD_HTTP_OK, v->content);
}

/* A text that found no memory is made again for the next who asks. */
static bool keep_text(struct kept *kept, void (*make)(struct buf *out))
{
    char tag[ETAG_BYTES];
    buf_init(&kept->plain_text, HTTP_ANSWER_BYTES);
    make(&kept->plain_text);
    const struct buf *plain = &kept->plain_text;
    struct kept_bytes bytes = {tag, "application/json", plain->data,
                               plain->len};
    if (plain->failed) {
        buf_done(&kept->plain_text);
        return false;
    }
    snprintf(tag, sizeof(tag), "%016llx",
             (unsigned long long)etag_hash(plain->data, plain->len));
    kept_plain(kept, &bytes);
    if (!gzip_all(plain, true, &kept->gzip_text))
        return true;
    bytes.data = kept->gzip_text.data;
    bytes.len = kept->gzip_text.len;
    kept_gzip(kept, &bytes);
    return true;
}

enum MHD_Result respond_made(struct request *req, struct kept *kept,
                             void (*make)(struct buf *out))
{
    if (!kept->plain.content && !keep_text(kept, make))
        return respond(req, MHD_HTTP_INTERNAL_SERVER_ERROR, NULL);
    return kept_respond(req, kept);
}

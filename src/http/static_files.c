/* static_files.c - the page: HTML, CSS, scripts.
 *
 * The files are part of the program, each once as it is and once compressed.
 * Their answers are made when the server starts and sent again and again
 * (kept.c); nothing of a request's path ever reaches a file system (but with
 * --web, web_dir.c). */
#include "http_internal.h"
#include "web_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of the page in both encodings. */
struct page_file {
    const char *path;
    struct kept kept;
};

struct web {
    int dir_fd; /* (owned) with --web; else -1 */
    size_t count;
    struct page_file *files; /* (owned) */
};

/* By ending; what is not listed is downloaded, not shown. */
static const struct {
    const char *ending;
    const char *mime;
} mimes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/plain; charset=utf-8"},
};

const char *web_mime(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof(mimes) / sizeof(*mimes); i++)
        if (strcmp(dot, mimes[i].ending) == 0)
            return mimes[i].mime;
    return "application/octet-stream";
}

/* A file as it is, and compressed where that is shorter. */
static void keep_file(struct kept *kept, const struct web_file *file)
{
    struct kept_bytes bytes = {file->hash, web_mime(file->path), file->data,
                               file->len};
    kept_plain(kept, &bytes);
    bytes.data = file->gz;
    bytes.len = file->gz_len;
    if (file->gz)
        kept_gzip(kept, &bytes);
}

static int open_dir(const char *dir, struct err *ret_err)
{
    int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot serve the page from %s", dir);
    return fd;
}

/* The table of embedded files is made even with --web, where it goes unused:
 * one kind of struct web less to think about. */
struct web *web_new(const char *dir, struct err *ret_err)
{
    int dir_fd = dir ? open_dir(dir, ret_err) : -1;
    if (dir && dir_fd < 0)
        return NULL;
    struct web *web = calloc(1, sizeof(*web));
    struct page_file *files = calloc(web_file_count + 1, sizeof(*files));
    if (!web || !files) {
        free(web);
        free(files);
        err_set(ret_err, ENOMEM, "no memory for the page");
        return NULL;
    }
    web->dir_fd = dir_fd;
    web->count = web_file_count;
    web->files = files;
    for (size_t i = 0; i < web_file_count; i++) {
        files[i].path = web_files[i].path;
        keep_file(&files[i].kept, &web_files[i]);
    }
    return web;
}

void web_free(struct web *web)
{
    if (!web)
        return;
    for (size_t i = 0; i < web->count; i++)
        kept_done(&web->files[i].kept);
    if (web->dir_fd >= 0)
        close(web->dir_fd);
    free(web->files);
    free(web);
}

static const char *file_path(const char *path)
{
    return strcmp(path, "/") == 0 ? "/index.html" : path;
}

/* A few dozen names: comparing them takes less than reading the request. */
static struct page_file *find(const struct web *web, const char *path)
{
    const char *wanted = file_path(path);
    for (size_t i = 0; i < web->count; i++)
        if (strcmp(web->files[i].path, wanted) == 0)
            return &web->files[i];
    return NULL;
}

bool web_has(const struct web *web, const char *path)
{
    if (web->dir_fd < 0)
        return find(web, path) != NULL;
    struct buf content;
    if (web_dir_read(web->dir_fd, file_path(path), &content) < 0)
        return false;
    buf_done(&content);
    return true;
}

/* Uncompressed, and hashed anew each time: nothing is kept. */
static enum MHD_Result respond_from_dir(struct request *req)
{
    struct buf content;
    const char *path = file_path(req->path);
    if (web_dir_read(req->http->web->dir_fd, path, &content) < 0)
        return respond_problem(req, MHD_HTTP_NOT_FOUND,
                               "This file has just gone.");
    char etag[ETAG_BYTES];
    snprintf(etag, sizeof(etag), "\"%016llx\"",
             (unsigned long long)etag_hash(content.data, content.len));
    bool same = negotiate_etag(request_header(req, "If-None-Match"), etag);
    struct MHD_Response *reply = MHD_create_response_from_buffer(
        same ? 0 : content.len, content.data, MHD_RESPMEM_MUST_COPY);
    buf_done(&content);
    reply_header(reply, "Content-Type", web_mime(path));
    reply_header(reply, "ETag", etag);
    reply_header(reply, "Cache-Control", "no-cache");
    return respond(req, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, reply);
}

enum MHD_Result handle_static(struct request *req)
{
    if (req->http->web->dir_fd >= 0)
        return respond_from_dir(req);
    return kept_respond(req, &find(req->http->web, req->path)->kept);
}

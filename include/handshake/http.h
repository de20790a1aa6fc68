/* http.h - the HTTP server: API, server-sent events and the embedded page.
 * The only layer that knows libmicrohttpd.
 *
 * Two steps, because the socket is bound before the program gives up its
 * powers and served after: http_bind(), settle(), http_start(). */
#ifndef HANDSHAKE_HTTP_H
#define HANDSHAKE_HTTP_H

#include "handshake/err.h"
#include "handshake/run.h"

struct http;

struct http_options {
    const char *listen;     /* "127.0.0.1:8080", "[::1]:0"; port 0 = any */
    const char *web_dir;    /* serve the page from here (developing), or NULL */
    const char *allow_host; /* one more name accepted in Host, or NULL */
    size_t max_viewers;     /* event streams at a time; 0 = default */
    const struct settle_report *settled; /* (borrowed, outlives the server) for
                                            /api/capabilities */
};

/* Bind and listen. Returns the descriptor and the bound "addr:port" text
 * (at least ENDPOINT_TEXT_BYTES), or -errno with a sentence (a busy port names
 * the next one to try). */
int http_bind(const char *listen_text, char *ret_bound, struct err *ret_err);

/* Serve on listen_fd (taken over). reg and bell are borrowed and outlive the
 * server. NULL with a sentence on failure. */
struct http *http_start(int listen_fd, const struct http_options *opt,
                        struct registry *reg, struct bell *bell,
                        struct err *ret_err);

/* End all streams, answer what is under way, stop, free. At most a second. */
void http_stop(struct http *http);

#endif

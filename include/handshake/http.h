/* http.h - the HTTP server: API, server-sent events and the embedded page.
 * The only layer that knows libmicrohttpd.
 *
 * Two steps, because the socket is bound before the program gives up its
 * powers and served after: http_bind(), http_reach(), settle(), http_start().
 */
#ifndef HANDSHAKE_HTTP_H
#define HANDSHAKE_HTTP_H

#include "handshake/address.h"
#include "handshake/err.h"
#include "handshake/run.h"

struct http;

/* What one client, or all together, may take. 0 stands for the default; what
 * the runs may take is in struct registry_limits. */
struct http_limits {
    uint32_t body_bytes;          /* of a request */
    uint32_t header_bytes;        /* of a request, its first line included */
    uint32_t connections;         /* at a time, those of viewers included */
    uint32_t address_connections; /* of one address; 0: all but some */
    uint32_t viewers;             /* event streams at a time */
    /* Of one address, where others than this machine reach the server: */
    uint32_t address_requests;  /* a second */
    uint32_t address_rooms;     /* open at a time */
    uint32_t address_votes;     /* voters in a room */
    uint32_t request_seconds;   /* until all of a request has come, and
                                   until a next one comes */
    uint32_t answer_seconds;    /* until an answer has been taken */
    uint32_t viewer_seconds;    /* a viewer may be behind the events */
    uint32_t heartbeat_seconds; /* at most, without an event, until a stream
                                   carries a comment line */
};

enum { HTTP_REACH_MAX = 8 };

/* Where other machines reach a listening socket, the likeliest first. */
struct http_reach {
    struct endpoint list[HTTP_REACH_MAX];
    size_t count;
};

enum { HTTP_PROXIES_MAX = 16 };

/* Proxies whose word on the client's address is taken. */
struct http_proxy {
    struct ipaddr addr;
    uint8_t bits; /* of the network */
};
struct http_proxies {
    struct http_proxy list[HTTP_PROXIES_MAX];
    size_t count;
};

/* "127.0.0.1" or "10.0.0.0/8". Returns 0, or -EINVAL with a sentence. */
int http_proxy_parse(const char *text, struct http_proxy *ret_proxy,
                     struct err *ret_err);

struct http_options {
    const char *listen;     /* "127.0.0.1:8080", "[::1]:0"; port 0 = any */
    const char *web_dir;    /* serve the page from here (developing), or NULL */
    const char *allow_host; /* one more name accepted in Host, or NULL */
    bool private_runs;      /* reading a run needs its key, too */
    struct http_limits limits;
    struct http_proxies proxies;
    struct http_reach reach;             /* from http_reach() */
    const struct settle_report *settled; /* (borrowed, outlives the server) for
                                            /api/capabilities */
};

/* The limits with a number for each 0. */
struct http_limits http_fill_limits(struct http_limits limits);

/* Whether every limit makes sense; a sentence about the first that does not.
 * Returns 0 or -EINVAL. http_start() asks, too. */
int http_check_limits(struct http_limits limits, struct err *ret_err);

/* Bind and listen. Returns the descriptor and the bound "addr:port" text
 * (at least ENDPOINT_TEXT_BYTES), or -errno with a sentence (a busy port names
 * the next one to try). */
int http_bind(const char *listen_text, char *ret_bound, struct err *ret_err);

/* Where other machines reach listen_fd: on all addresses those the machine has
 * now, link-local ones of IPv6 left out. None: it listens on loopback, or the
 * machine is on no network. Before settle(), which takes the machine's network
 * out of sight. Sends nothing. */
void http_reach(int listen_fd, struct http_reach *ret_reach);

/* Whether others than this machine reach a server on listen_fd, directly or
 * through a proxy: then runs have owners, and addresses quotas. */
bool http_is_public(int listen_fd, const struct http_options *opt);

/* Serve on listen_fd (taken over). reg and bell are borrowed and outlive the
 * server. NULL with a sentence on failure. */
struct http *http_start(int listen_fd, const struct http_options *opt,
                        struct registry *reg, struct bell *bell,
                        struct err *ret_err);

/* End all streams, answer what is under way, stop, free. At most a second. */
void http_stop(struct http *http);

#endif

/* answers_internal.h - what answers are made of: texts that are kept, gzip,
 * keys of requests sent twice, and counts of what was answered. */
#ifndef HANDSHAKE_ANSWERS_INTERNAL_H
#define HANDSHAKE_ANSWERS_INTERNAL_H

#include "handshake/buf.h"
#include "handshake/run.h"

#include <microhttpd.h>

struct request;

/* --- kept.c: answers made once ------------------------------------------- */

enum { ETAG_BYTES = 48 };

/* One encoding of one answer, ready to send. */
struct kept_variant {
    char etag[ETAG_BYTES];          /* with its quotes */
    struct MHD_Response *content;   /* (owned) 200; NULL = no such encoding */
    struct MHD_Response *unchanged; /* (owned) 304 */
};

/* Both encodings; all zeros: not made yet. */
struct kept {
    struct kept_variant plain, gzip;
    struct buf plain_text,
        gzip_text; /* (owned) unless they are the program's */
};

/* What an answer is made of; data is borrowed for as long as it is kept. */
struct kept_bytes {
    const char *tag; /* tells this content from any other, up to 32 bytes */
    const char *type;
    const void *data;
    size_t len;
};

/* Make one encoding of it. */
void kept_plain(struct kept *kept, const struct kept_bytes *bytes);
/* The same; bytes are compressed. */
void kept_gzip(struct kept *kept, const struct kept_bytes *bytes);
/* Free both, or nothing. */
void kept_done(struct kept *kept);

/* Answer with the encoding the client takes, or with 304. */
enum MHD_Result kept_respond(struct request *req, const struct kept *kept);

/* The same of JSON that make() writes the first time. */
enum MHD_Result respond_made(struct request *req, struct kept *kept,
                             void (*make)(struct buf *out));

/* A hash for ETags. */
uint64_t etag_hash(const char *bytes, size_t len);

/* --- compress.c: gzip ---------------------------------------------------- */

/* Bytes still to be copied; moves on as they are. */
struct piece {
    const char *at;
    size_t len;
};

/* One stream being compressed; NULL when memory runs out. */
struct gzip;
struct gzip *gzip_new(void);
/* Free it, finished or not. NULL is fine. */
void gzip_free(struct gzip *gz);

/* Compress from *in, which moves on, into to[0..room). last: nothing follows
 * *in. Returns whether the very last byte is out. */
bool gzip_step(struct gzip *gz, struct piece *in, bool last, char *to,
               size_t room, size_t *ret_made);

/* All of plain at once; best: take the time. False when memory runs out, then
 * nothing is to be freed. */
bool gzip_all(const struct buf *plain, bool best, struct buf *ret_gz);

/* --- keys.c: requests that are sent twice -------------------------------- */

#define KEY_HEADER "Idempotency-Key"
enum { KEYS_MOST = 256, KEY_BYTES = 129, KEYS_SECONDS = 3600 };

struct key_entry {
    char key[KEY_BYTES]; /* "" = free */
    char run_id[RUN_ID_BYTES];
    struct owner owner; /* the same key of another client is another */
    uint64_t born_ns, body_hash;
    size_t body_len;
};

struct keys {
    struct key_entry list[KEYS_MOST];
    size_t next; /* the one to be replaced */
};

enum key_known { KEY_NEW, KEY_SAME, KEY_OTHER_BODY };

/* Whether key may be one. */
bool key_is_valid(const char *key);
/* What is known of it; *ret_run_id (borrowed) unless it is new. */
enum key_known keys_find(const struct keys *keys, const char *key,
                         const struct request *req, const char **ret_run_id);
/* Remember that this request began that run. */
void keys_add(struct keys *keys, const char *key, const struct request *req,
              const char *id);

/* --- stats.c, metrics.c, process.c: what happened ------------------------ */

enum { STATS_METHODS = 7, STATS_STATUSES = 24, STATS_ROUTES = 64 };

/* Since the start; libmicrohttpd's thread alone. */
struct stats {
    uint64_t requests[STATS_ROUTES][STATS_METHODS][STATS_STATUSES];
    uint64_t viewers; /* streams begun */
    uint64_t events;  /* sent to them */
    uint64_t replays; /* requests whose Idempotency-Key was known */
};

/* Count the answer of a request. */
void stats_count(struct request *req, unsigned status);

/* Append the family of requests in Prometheus' text format. */
void stats_write(const struct stats *stats, struct buf *out);

/* Append one family's head, and one line of it; labels as `a="b",c="d"` or
 * NULL. */
void metric_family(struct buf *out, const char *name, const char *type,
                   const char *help);
void metric_value(struct buf *out, const char *name, const char *labels,
                  double value);

/* Append the figures of this process. */
void process_write(struct buf *out);

#endif

/* keys.c - Idempotency-Key: the same request sent twice begins one run.
 *
 * A client whose connection broke cannot know whether its run began. It sends
 * the request again with the key of the first time and gets the run of then.
 * The table is small and bounded: a key is known for an hour, unless so many
 * others came since that it had to go. Only requests that began a run are kept,
 * so that one that was refused may be tried again.
 *
 * Bodies are told apart by length and hash; whoever makes two of the same hash
 * only harms itself. libmicrohttpd's thread alone. */
#include "http_internal.h"

#include "handshake/clock.h"

#include <string.h>

static const uint64_t lifetime_ns = KEYS_SECONDS * 1000000000ull;

bool key_is_valid(const char *key)
{
    size_t len = strlen(key);
    if (len == 0 || len >= KEY_BYTES)
        return false;
    for (size_t i = 0; i < len; i++)
        if (key[i] < '!' || key[i] > '~')
            return false;
    return true;
}

static bool is_alive(const struct key_entry *e, uint64_t now_ns)
{
    return e->key[0] && now_ns - e->born_ns < lifetime_ns;
}

enum key_known keys_find(const struct keys *keys, const char *key,
                         const struct request *req, const char **ret_run_id)
{
    const struct buf *body = &req->body;
    uint64_t now_ns = clock_mono_ns();
    for (size_t i = 0; i < KEYS_MOST; i++) {
        const struct key_entry *e = &keys->list[i];
        if (!is_alive(e, now_ns) || strcmp(e->key, key) != 0 ||
            memcmp(e->owner.id, req->owner.id, sizeof(e->owner.id)) != 0)
            continue;
        *ret_run_id = e->run_id;
        return e->body_len == body->len &&
                       e->body_hash == etag_hash(body->data, body->len)
                   ? KEY_SAME
                   : KEY_OTHER_BODY;
    }
    return KEY_NEW;
}

/* Round and round: the entry to go is always the oldest. */
void keys_add(struct keys *keys, const char *key, const struct request *req,
              const char *id)
{
    const struct buf *body = &req->body;
    struct key_entry *e = &keys->list[keys->next];
    keys->next = (keys->next + 1) % KEYS_MOST;
    *e = (struct key_entry){.owner = req->owner,
                            .born_ns = clock_mono_ns(),
                            .body_len = body->len,
                            .body_hash = etag_hash(body->data, body->len)};
    memcpy(e->key, key, strlen(key) + 1);
    memcpy(e->run_id, id, strlen(id) + 1);
}

/* clients.c - a table of addresses and what each has taken.
 *
 * A place is looked for among the few that an address hashes to; one without
 * connections that was not seen for a while is given away. When all of them are
 * busy the newcomers share one place, and with it one quota: others keep what
 * they have.
 *
 * Rates are kept as one time each, up to which all is paid for (the generic
 * cell rate algorithm): no timers, no counters to reset. */
#include "http_internal.h"

#include "handshake/clock.h"

#include <string.h>

enum {
    PLACES = 16,          /* looked at for an address */
    FULL_SAID_S = 60,     /* between two lines in the log */
    BURST_PART = 4,       /* a quarter of a second's requests at once */
    GUESSES_AT_ONCE = 60, /* wrong codes before it takes time, */
    GUESS_SECONDS = 2     /* so much each */
};

static const uint64_t ns_per_s = 1000000000, idle_ns = 10 * 1000000000ull;

struct owner client_owner(const struct ipaddr *addr)
{
    static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};
    struct owner owner = {.known = true};
    if (addr->version == 6) {
        memcpy(owner.id, addr->bytes, 8); /* the /64 */
    } else {
        memcpy(owner.id, v4_prefix, sizeof(v4_prefix));
        memcpy(owner.id + sizeof(v4_prefix), addr->bytes, 4);
    }
    return owner;
}

static bool is_free(const struct client *c, uint64_t now_ns)
{
    return !c->used || (c->connections == 0 && now_ns - c->seen_ns > idle_ns &&
                        c->guesses_ns < now_ns && c->requests_ns < now_ns);
}

/* Say, now and then, that addresses are not told apart any more. */
static struct client *share_last(struct clients *all, uint64_t now_ns)
{
    if (all->full_ns == 0 || now_ns - all->full_ns > FULL_SAID_S * ns_per_s)
        http_log("more than %d addresses at a time: new ones share one quota",
                 CLIENTS_MAX);
    all->full_ns = now_ns;
    return &all->list[CLIENTS_MAX];
}

struct client *clients_of(struct clients *all, const struct ipaddr *addr)
{
    const struct owner owner = client_owner(addr);
    size_t hash = (size_t)etag_hash((const char *)owner.id, sizeof(owner.id));
    uint64_t now_ns = clock_mono_ns();
    struct client *place = NULL;
    for (size_t i = 0; i < PLACES; i++) {
        struct client *c = &all->list[(hash + i) % CLIENTS_MAX];
        if (c->used && memcmp(c->id.id, owner.id, sizeof(owner.id)) == 0) {
            c->seen_ns = now_ns;
            return c;
        }
        if (!place && is_free(c, now_ns))
            place = c;
    }
    if (!place)
        return share_last(all, now_ns);
    *place = (struct client){.id = owner, .used = true, .seen_ns = now_ns};
    return place;
}

/* Asked only when all connections are taken. */
uint32_t clients_most_connections(const struct clients *all)
{
    uint32_t most = 0;
    for (size_t i = 0; i <= CLIENTS_MAX; i++)
        if (all->list[i].connections > most)
            most = all->list[i].connections;
    return most;
}

uint64_t client_pay_request(struct client *c, uint32_t per_second)
{
    uint64_t now_ns = clock_mono_ns();
    uint64_t burst_ns = ns_per_s / BURST_PART;
    uint64_t from_ns = c->requests_ns > now_ns ? c->requests_ns : now_ns;
    uint64_t ahead_ns = from_ns - now_ns;
    uint64_t wait_ns = ahead_ns > burst_ns ? ahead_ns - burst_ns : 0;
    if (wait_ns <= CLIENT_MAX_DELAY_MS * (ns_per_s / 1000))
        c->requests_ns = from_ns + ns_per_s / per_second;
    return wait_ns;
}

void client_guessed(struct client *c)
{
    uint64_t now_ns = clock_mono_ns();
    uint64_t from_ns = c->guesses_ns > now_ns ? c->guesses_ns : now_ns;
    c->guesses_ns = from_ns + GUESS_SECONDS * ns_per_s;
}

uint32_t client_guess_wait(const struct client *c)
{
    uint64_t now_ns = clock_mono_ns();
    uint64_t free_ns =
        now_ns + (uint64_t)GUESSES_AT_ONCE * GUESS_SECONDS * ns_per_s;
    return c->guesses_ns < free_ns
               ? 0
               : (uint32_t)((c->guesses_ns - free_ns) / ns_per_s) + 1;
}

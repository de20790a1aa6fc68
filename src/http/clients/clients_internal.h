/* clients_internal.h - who asks, and how much each address may take.
 *
 * A client is an IPv4 address or the /64 an IPv6 address is in: whoever has one
 * of those has all of it. Behind a trusted proxy it is the address that the
 * proxy names. All of this is libmicrohttpd's thread alone. */
#ifndef HANDSHAKE_CLIENTS_INTERNAL_H
#define HANDSHAKE_CLIENTS_INTERNAL_H

#include "handshake/address.h"
#include "handshake/http.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    CLIENTS_MAX = 4096, /* addresses told apart; a power of two */
    CLIENT_MAX_DELAY_MS = 1000
};

/* --- proxies.c: whose address it is -------------------------------------- */

/* The address at the other end of conn; IPv4 also where an IPv6 socket took
 * it. No address (version 0) when there is none. */
struct ipaddr proxy_peer(struct MHD_Connection *conn);

/* The same of a socket address. */
struct ipaddr proxy_address_of(const struct sockaddr *sa);

/* Whether that address is one of a trusted proxy. */
bool proxy_is_trusted(const struct http_proxies *proxies,
                      const struct ipaddr *addr);

/* The client's address: the peer's, or behind trusted proxies the right-most
 * address in X-Forwarded-For or Forwarded that is not trusted itself. Where the
 * two headers disagree one of them was made up by the client: then it is the
 * proxy's. */
struct ipaddr proxy_client(const struct http_proxies *proxies,
                           struct MHD_Connection *conn);

/* --- clients.c: what each address has taken ------------------------------ */

/* One address. Kept while it has connections, else until its place is needed.
 */
struct client {
    struct owner id;
    bool used;
    uint64_t seen_ns;
    uint32_t connections;
    uint64_t requests_ns; /* up to when its requests are paid for */
    uint64_t guesses_ns;  /* the same of wrong room codes */
};

/* All of them. An address that finds no place shares the last with others. */
struct clients {
    struct client list[CLIENTS_MAX + 1];
    uint64_t full_ns; /* when that was last said; 0 = never */
};

/* An address as an owner of runs and rooms. */
struct owner client_owner(const struct ipaddr *addr);

/* The client of that address; never NULL. */
struct client *clients_of(struct clients *all, const struct ipaddr *addr);

/* The most connections that any address has. */
uint32_t clients_most_connections(const struct clients *all);

/* Pay for one request at so many a second. Returns how long it has to wait, in
 * ns; 0 = not at all. One that has to wait longer than CLIENT_MAX_DELAY_MS is
 * not paid for. */
uint64_t client_pay_request(struct client *c, uint32_t per_second);

/* Note a wrong room code. */
void client_guessed(struct client *c);
/* Seconds until this address may try codes again; 0 = now. */
uint32_t client_guess_wait(const struct client *c);

#endif

/* address.h - IP addresses and endpoints as plain values, IPv4 and IPv6 alike.
 * Pure: no system calls, any thread. */
#ifndef HANDSHAKE_ADDRESS_H
#define HANDSHAKE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENDPOINT_TEXT_BYTES = 64 };

struct ipaddr {
    uint8_t version;   /* 4 or 6; 0 = no address */
    uint8_t bytes[16]; /* network order; IPv4 uses the first 4, rest zero */
};

struct endpoint {
    struct ipaddr addr;
    uint16_t port; /* host order */
};

/* Number of address bytes in use: 4 or 16 (0 for no address). */
size_t ipaddr_len(const struct ipaddr *a);

/* Same version and same bytes in use. */
bool ipaddr_equal(const struct ipaddr *a, const struct ipaddr *b);
/* Same address and same port. */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* 127.0.0.0/8 or ::1. */
bool ipaddr_is_loopback(const struct ipaddr *a);
/* 169.254.0.0/16 or fe80::/10: says nothing without its interface. */
bool ipaddr_is_link_local(const struct ipaddr *a);
/* 0.0.0.0 or ::; for who listens, every address the machine has. */
bool ipaddr_is_any(const struct ipaddr *a);

/* Parse dotted or colon notation. Returns false when text is neither. */
bool ipaddr_parse(const char *text, struct ipaddr *ret_addr);

/* "192.0.2.1" / "2001:db8::1"; ret_text holds ENDPOINT_TEXT_BYTES. Returns
 * ret_text, "" for no address. */
char *ipaddr_text(const struct ipaddr *a, char *ret_text);

/* "192.0.2.1:1337" / "[2001:db8::1]:1337". As ipaddr_text. */
char *endpoint_text(const struct endpoint *e, char *ret_text);

/* Read what endpoint_text() wrote; false when it is no address and port. */
bool endpoint_parse(const char *text, struct endpoint *ret_endpoint);

#endif

/* address.c - IP addresses and endpoints to and from text. */
#include "handshake/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t ipaddr_len(const struct ipaddr *a)
{
    if (a->version == 4)
        return 4;
    return a->version == 6 ? 16 : 0;
}

/* Versions count: IPv4 and IPv6 are different networks, even where one address
 * maps into the other. */
bool ipaddr_equal(const struct ipaddr *a, const struct ipaddr *b)
{
    return a->version == b->version &&
           memcmp(a->bytes, b->bytes, ipaddr_len(a)) == 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && ipaddr_equal(&a->addr, &b->addr);
}

bool ipaddr_is_loopback(const struct ipaddr *a)
{
    static const uint8_t v6_one[16] = {[15] = 1};
    return a->version == 4 ? a->bytes[0] == 127
                           : memcmp(a->bytes, v6_one, sizeof(v6_one)) == 0;
}

bool ipaddr_is_link_local(const struct ipaddr *a)
{
    return a->version == 4
               ? a->bytes[0] == 169 && a->bytes[1] == 254
               : a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

bool ipaddr_is_any(const struct ipaddr *a)
{
    static const uint8_t zero[16];
    return memcmp(a->bytes, zero, sizeof(zero)) == 0;
}

/* inet_pton() takes only the full dotted form, so that "1.2" is refused rather
 * than read as 1.0.0.2. */
bool ipaddr_parse(const char *text, struct ipaddr *ret_addr)
{
    struct ipaddr addr = {.version = 4};
    if (inet_pton(AF_INET, text, addr.bytes) != 1) {
        addr = (struct ipaddr){.version = 6};
        if (inet_pton(AF_INET6, text, addr.bytes) != 1)
            return false;
    }
    *ret_addr = addr;
    return true;
}

char *ipaddr_text(const struct ipaddr *a, char *ret_text)
{
    int family = a->version == 6 ? AF_INET6 : AF_INET;
    if (ipaddr_len(a) == 0 ||
        !inet_ntop(family, a->bytes, ret_text, ENDPOINT_TEXT_BYTES))
        ret_text[0] = '\0';
    return ret_text;
}

/* IPv6 addresses stand in brackets, or the port's colon would be one more of
 * theirs (RFC 3986 3.2.2). */
char *endpoint_text(const struct endpoint *e, char *ret_text)
{
    char addr[ENDPOINT_TEXT_BYTES];
    ipaddr_text(&e->addr, addr);
    ret_text[0] = '\0';
    if (e->addr.version == 6)
        snprintf(ret_text, ENDPOINT_TEXT_BYTES, "[%.45s]:%u", addr, e->port);
    else if (e->addr.version == 4)
        snprintf(ret_text, ENDPOINT_TEXT_BYTES, "%.15s:%u", addr, e->port);
    return ret_text;
}

/* Written again it must be the same: one endpoint, one text. */
bool endpoint_parse(const char *text, struct endpoint *ret_endpoint)
{
    char copy[ENDPOINT_TEXT_BYTES];
    char again[ENDPOINT_TEXT_BYTES];
    struct endpoint e = {.port = 0};
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
    if (len == 0 || len >= sizeof(copy))
        return false;
    memcpy(copy, text, len);
    copy[bracketed ? len - 1 : len] = '\0';
    if (!ipaddr_parse(copy + bracketed, &e.addr))
        return false;
    e.port = (uint16_t)strtoul(colon + 1, NULL, 10);
    *ret_endpoint = e;
    return strcmp(text, endpoint_text(&e, again)) == 0;
}

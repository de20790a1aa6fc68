/* proxies.c - whose address it is behind a reverse proxy.
 *
 * Whoever asks may write any X-Forwarded-For; only what a trusted proxy added,
 * at the right, is true. So the list is read from the right, trusted addresses
 * are passed over, and the first other one is the client. */
#include "http_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HOP_BYTES = 64, HOPS_MAX = 32 };

/* --- addresses ----------------------------------------------------------- */

/* ::ffff:192.0.2.1 is IPv4 on a socket that takes both. */
static struct ipaddr plain_ipv4(struct ipaddr addr)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    struct ipaddr v4 = {.version = 4};
    if (addr.version != 6 || memcmp(addr.bytes, prefix, sizeof(prefix)) != 0)
        return addr;
    memcpy(v4.bytes, addr.bytes + sizeof(prefix), 4);
    return v4;
}

struct ipaddr proxy_address_of(const struct sockaddr *sa)
{
    struct endpoint e = {0};
    if (sa)
        (void)endpoint_of(sa, &e);
    return plain_ipv4(e.addr);
}

struct ipaddr proxy_peer(struct MHD_Connection *conn)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return proxy_address_of(info ? info->client_addr : NULL);
}

static bool is_within(const struct http_proxy *net, const struct ipaddr *addr)
{
    if (net->addr.version != addr->version)
        return false;
    for (unsigned bit = 0; bit < net->bits; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);
        if ((net->addr.bytes[bit / 8] ^ addr->bytes[bit / 8]) & mask)
            return false;
    }
    return true;
}

bool proxy_is_trusted(const struct http_proxies *proxies,
                      const struct ipaddr *addr)
{
    for (size_t i = 0; i < proxies->count; i++)
        if (is_within(&proxies->list[i], addr))
            return true;
    return false;
}

int http_proxy_parse(const char *text, struct http_proxy *ret_proxy,
                     struct err *ret_err)
{
    char address[HOP_BYTES];
    uint32_t bits = 0;
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    snprintf(address, sizeof(address), "%.*s", (int)len, text);
    bool ok = len < sizeof(address) && ipaddr_parse(address, &ret_proxy->addr);
    uint32_t most = ok && ret_proxy->addr.version == 6 ? 128 : 32;
    if (ok && slash)
        ok = parse_u32(slash + 1, &bits) && bits <= most;
    if (!ok)
        return err_set(ret_err, EINVAL,
                       "expected the address of a proxy, as 127.0.0.1 or "
                       "10.0.0.0/8, found \"%.60s\"",
                       text);
    ret_proxy->bits = (uint8_t)(slash ? bits : most);
    return 0;
}

/* --- the headers --------------------------------------------------------- */

/* The addresses of a header, in order; of more than HOPS_MAX the last. */
struct hops {
    char list[HOPS_MAX][HOP_BYTES];
    size_t count;
    bool forwarded; /* for=ADDRESS;... of RFC 7239, else plain ones */
};

/* One element as text: blanks, quotes, "for=", brackets and port gone. */
static void add_hop(struct hops *hops, const char *text, size_t len)
{
    char *to = hops->list[hops->count % HOPS_MAX];
    const char *at = text, *end = text + len;
    if (hops->forwarded) {
        while (at + 4 <= end && strncasecmp(at, "for=", 4) != 0)
            at++;
        at = at + 4 <= end ? at + 4 : end;
        const char *semicolon = memchr(at, ';', (size_t)(end - at));
        end = semicolon ? semicolon : end;
    }
    while (at < end && (isspace((unsigned char)*at) || *at == '"'))
        at++;
    bool bracket = at < end && *at == '[';
    at += bracket;
    size_t n = 0;
    while (at + n < end && n < HOP_BYTES - 1 && at[n] != ']' && at[n] != '"' &&
           !isspace((unsigned char)at[n]))
        n++;
    memcpy(to, at, n);
    to[n] = '\0';
    char *colon = strchr(to, ':'); /* of a port, if it is the only one */
    if (!bracket && colon && !strchr(colon + 1, ':'))
        *colon = '\0';
    hops->count++;
}

/* For MHD_get_connection_values(): a header may come several times. */
static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
    struct hops *hops = cls;
    const char *wanted = hops->forwarded ? "Forwarded" : "X-Forwarded-For";
    (void)kind;
    if (strcasecmp(name, wanted) != 0 || !value)
        return MHD_YES;
    while (*value) {
        size_t len = strcspn(value, ",");
        add_hop(hops, value, len);
        value += len + (value[len] == ',');
    }
    return MHD_YES;
}

/* The right-most that is no trusted proxy. What is no address ends the search:
 * it cannot have been added by a proxy that tells addresses. False when there
 * is none. */
static bool right_most(const struct http_proxies *proxies,
                       struct MHD_Connection *conn, bool forwarded,
                       struct ipaddr *ret_addr)
{
    struct hops hops = {.forwarded = forwarded};
    MHD_get_connection_values(conn, MHD_HEADER_KIND, take_header, &hops);
    size_t kept = hops.count < HOPS_MAX ? hops.count : HOPS_MAX;
    for (size_t i = 1; i <= kept; i++) {
        struct ipaddr addr;
        if (!ipaddr_parse(hops.list[(hops.count - i) % HOPS_MAX], &addr))
            return false;
        addr = plain_ipv4(addr);
        if (proxy_is_trusted(proxies, &addr))
            continue;
        *ret_addr = addr;
        return true;
    }
    return false;
}

struct ipaddr proxy_client(const struct http_proxies *proxies,
                           struct MHD_Connection *conn)
{
    struct ipaddr peer = proxy_peer(conn), a, b;
    if (!proxy_is_trusted(proxies, &peer))
        return peer;
    bool plain = right_most(proxies, conn, false, &a);
    bool forwarded = right_most(proxies, conn, true, &b);
    if (plain && forwarded)
        return ipaddr_equal(&a, &b) ? a : peer;
    return plain ? a : forwarded ? b : peer;
}

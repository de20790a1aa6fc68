/* reach.c - where other machines find this one.
 *
 * Read once at start: later the program lives in a network namespace of its own
 * and sees no interface of the machine. Which of several addresses a phone can
 * open nobody knows; the one that leads out is the likeliest, what has the
 * scope of a cable the least. */
#include "http_internal.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RANKS = 5 };

/* The address from which this machine speaks to the world, or none: connecting
 * a datagram socket looks up the way and sends nothing. */
static struct ipaddr leading_out(uint8_t version)
{
    struct endpoint far = {.port = 9}, near = {.port = 0};
    struct sockaddr_storage ss;
    /* of the addresses for documentation: nobody's, yet out there */
    ipaddr_parse(version == 4 ? "203.0.113.1" : "2001:db8::1", &far.addr);
    socklen_t len = sockaddr_of(&far, &ss);
    int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return near.addr;
    if (connect(fd, (struct sockaddr *)&ss, len) == 0)
        (void)listen_endpoint(fd, &near);
    close(fd);
    return near.addr;
}

/* Whether a phone could open an address of that interface at all. */
static bool is_candidate(const struct ifaddrs *i, struct endpoint *ret_e)
{
    return i->ifa_addr && (i->ifa_flags & IFF_RUNNING) &&
           !(i->ifa_flags & IFF_LOOPBACK) &&
           endpoint_of(i->ifa_addr, ret_e) == 0 &&
           !(ret_e->addr.version == 6 && ipaddr_is_link_local(&ret_e->addr));
}

/* 0: the likeliest. */
static int rank_of(const struct ipaddr *a, const struct ipaddr *out4,
                   const struct ipaddr *out6)
{
    if (a->version == 6)
        return ipaddr_equal(a, out6) ? 2 : 3;
    if (ipaddr_is_link_local(a))
        return 4;
    return ipaddr_equal(a, out4) ? 0 : 1;
}

/* Those of the machine, rank by rank, as far as there is room. */
static void collect(const struct ifaddrs *all, const struct endpoint *bound,
                    bool v4_too, struct http_reach *ret_reach)
{
    const struct ipaddr out4 = leading_out(4), out6 = leading_out(6);
    for (int rank = 0; rank < RANKS; rank++)
        for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
            struct endpoint e;
            if (ret_reach->count == HTTP_REACH_MAX || !is_candidate(i, &e) ||
                rank_of(&e.addr, &out4, &out6) != rank ||
                (e.addr.version != bound->addr.version && !v4_too))
                continue;
            e.port = bound->port;
            ret_reach->list[ret_reach->count++] = e;
        }
}

/* A socket on :: takes IPv4 as well, unless it was told otherwise. */
static bool takes_v4(int fd, const struct endpoint *bound)
{
    int only = 1;
    socklen_t len = sizeof(only);
    return bound->addr.version == 6 &&
           getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, &len) == 0 && !only;
}

void http_reach(int listen_fd, struct http_reach *ret_reach)
{
    struct endpoint bound;
    struct ifaddrs *all = NULL;
    *ret_reach = (struct http_reach){.count = 0};
    if (listen_endpoint(listen_fd, &bound) < 0 ||
        ipaddr_is_loopback(&bound.addr))
        return;
    if (!ipaddr_is_any(&bound.addr)) {
        if (bound.addr.version == 4 || !ipaddr_is_link_local(&bound.addr))
            ret_reach->list[ret_reach->count++] = bound;
        return;
    }
    if (getifaddrs(&all) < 0)
        return;
    collect(all, &bound, takes_v4(listen_fd, &bound), ret_reach);
    freeifaddrs(all);
}

char *reach_origin(const struct endpoint *e, char *ret_text)
{
    char text[ENDPOINT_TEXT_BYTES];
    snprintf(ret_text, ORIGIN_BYTES, "http://%s", endpoint_text(e, text));
    return ret_text;
}

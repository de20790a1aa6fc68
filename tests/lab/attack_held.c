/* attack_held.c - the sockets that the process holds already and that belong to
 * the machine's network: the one HTTP is served on, and what it accepted. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PATIENCE_MS = 100 };

/* --- turning a connection round ------------------------------------------ */

union address {
    struct sockaddr sa;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t loopback(enum served kind, uint16_t port, union address *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (kind == SERVED_LOOPBACK_V6) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_addr = in6addr_loopback;
        ret->v6.sin6_port = htons(port);
        return sizeof(ret->v6);
    }
    ret->v4.sin_family = AF_INET;
    ret->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ret->v4.sin_port = htons(port);
    return sizeof(ret->v4);
}

static bool dissolve(int fd)
{
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    return connect(fd, &none, sizeof(none)) == 0;
}

/* 0 when fd is connected there, else the errno; ETIMEDOUT: nothing told. */
static int connect_to(int fd, enum served kind, uint16_t port)
{
    union address to;
    socklen_t len = loopback(kind, port, &to);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, &to.sa, len) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int code = ETIMEDOUT;
    socklen_t size = sizeof(code);
    if (poll(&wait, 1, PATIENCE_MS) == 1)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
    return code;
}

static uint16_t open_port(enum served kind)
{
    return kind == SERVED_LOOPBACK_V6 ? bait.port_v6 : bait.port;
}

/* Whether the machine's listener has a connection waiting. */
static bool somebody_came(enum served kind)
{
    int fd =
        accept4(kind == SERVED_LOOPBACK_V6 ? bait.listener_v6 : bait.listener,
                NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static bool reaches_with(const int fds[SERVED_COUNT])
{
    bool through = false;
    while (somebody_came(SERVED_ALL)) /* by another attack */
        continue;
    for (enum served k = 0; k < SERVED_COUNT; k++) {
        if (fds[k] < 0 || !dissolve(fds[k]))
            continue;
        through |= connect_to(fds[k], k, open_port(k)) == 0;
        through |= somebody_came(k);
    }
    return through;
}
static bool accepted_reaches_the_machine(void)
{
    return reaches_with(bait.accepted);
}
static bool listener_reaches_the_machine(void)
{
    return reaches_with(bait.http);
}
static bool accepted_tells_closed_ports(void)
{
    bool through = false;
    for (enum served k = 0; k < SERVED_COUNT; k++)
        if (k != SERVED_LOOPBACK_V6 && dissolve(bait.accepted[k]))
            through |=
                connect_to(bait.accepted[k], k, bait.closed) == ECONNREFUSED;
    return through;
}

/* The port that the filter lets in, on another address or beside the listener.
 */
static bool takes_served_port(enum served kind)
{
    int fd = bait.accepted[kind], on = 1;
    union address at;
    socklen_t len = sizeof(at);
    if (!dissolve(fd) || getsockname(bait.http[kind], &at.sa, &len) < 0)
        return false;
    setsockopt(bait.http[kind], SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    if (kind == SERVED_LOOPBACK)
        at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    /* What was bound stays bound when a connection is dissolved: EINVAL. */
    return bind(fd, &at.sa, len) == 0 || errno == EINVAL;
}
static bool accepted_reaches_from_the_served_port(void)
{
    bool through = false;
    for (enum served k = 0; k < SERVED_COUNT; k++)
        if (takes_served_port(k)) {
            through |= connect_to(bait.accepted[k], k, open_port(k)) == 0;
            through |= somebody_came(k);
        }
    return through;
}
static bool accepted_scans_from_the_served_port(void)
{
    bool through = false;
    for (enum served k = 0; k < SERVED_LOOPBACK_V6; k++)
        if (takes_served_port(k))
            through |=
                connect_to(bait.accepted[k], k, bait.closed) == ECONNREFUSED;
    return through;
}

/* Data in a SYN needs no answer; without a cookie this option sends it. */
static bool accepted_sends_data_in_the_syn(void)
{
    const int tcp_fastopen_no_cookie = 34, on = 1;
    bool through = false;
    for (enum served k = 0; k < SERVED_COUNT; k++)
        through |= dissolve(bait.accepted[k]) &&
                   setsockopt(bait.accepted[k], IPPROTO_TCP,
                              tcp_fastopen_no_cookie, &on, sizeof(on)) == 0;
    return through;
}

/* Another port for whoever is outside. */
static bool accepted_becomes_another_door(void)
{
    bool through = false;
    for (enum served k = 0; k < SERVED_LOOPBACK_V6; k++) {
        union address at;
        socklen_t len = loopback(k, 0, &at);
        int fd = bait.spare[k];
        if (dissolve(fd) && bind(fd, &at.sa, len) == 0 && listen(fd, 1) == 0 &&
            getsockname(fd, &at.sa, &len) == 0)
            through |= bait_victim_connects(ntohs(at.v4.sin_port));
    }
    return through;
}

/* --- taking off what holds them ------------------------------------------ */

/* Whether an option can be set on any of them. */
static bool sets(int level, int option, const void *value, socklen_t len)
{
    bool through = false;
    for (enum served k = 0; k < SERVED_COUNT; k++)
        through |=
            setsockopt(bait.accepted[k], level, option, value, len) == 0 ||
            setsockopt(bait.http[k], level, option, value, len) == 0;
    return through;
}
static bool takes_off_the_filter(void)
{
    const int unused = 0;
    return sets(SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
}
static bool replaces_the_filter(void)
{
    struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0x7fffffff);
    const struct sock_fprog program = {1, &all};
    return sets(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}
static bool unlocks_the_filter(void)
{
    const int off = 0;
    return sets(SOL_SOCKET, SO_LOCK_FILTER, &off, sizeof(off));
}
static bool leaves_the_interface(void)
{
    const int any = 0, so_bindtoifindex = 62;
    bool through = false;
    for (enum served k = 0; k < SERVED_COUNT; k++) {
        if (k == SERVED_ALL)
            continue; /* tied to none */
        int fd = bait.accepted[k];
        through |= setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0) == 0 ||
                   setsockopt(fd, SOL_SOCKET, so_bindtoifindex, &any,
                              sizeof(any)) == 0;
    }
    return through;
}

/* --- power over the machine's network ------------------------------------ */

static bool forges_a_connection(void)
{
    const int on = 1;
    for (enum served k = 0; k < SERVED_COUNT; k++)
        dissolve(bait.accepted[k]);
    return sets(IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on));
}
static bool marks_packets(void)
{
    const int mark = 1;
    return sets(SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
}
static bool takes_foreign_addresses(void)
{
    const int on = 1;
    return sets(IPPROTO_IP, IP_TRANSPARENT, &on, sizeof(on));
}
static bool forces_buffers(void)
{
    const int bytes = 1 << 30;
    return sets(SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) ||
           sets(SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}
static bool sets_interface_of_the_machine(void)
{
    struct ifreq ifr = {.ifr_name = "lo"};
    int fd = bait.accepted[SERVED_ALL];
    return ioctl(fd, SIOCGIFFLAGS, &ifr) == 0 &&
           ioctl(fd, SIOCSIFFLAGS, &ifr) == 0;
}
static bool sets_offloads_of_the_machine(void)
{
    struct ethtool_value value = {.cmd = ETHTOOL_GTSO};
    struct ifreq ifr = {.ifr_name = "lo", .ifr_data = (char *)&value};
    int fd = bait.accepted[SERVED_ALL];
    if (ioctl(fd, SIOCETHTOOL, &ifr) < 0)
        return false;
    value.cmd = ETHTOOL_STSO;
    return ioctl(fd, SIOCETHTOOL, &ifr) == 0;
}

/* --- the table ----------------------------------------------------------- */

/* Listeners that have been dissolved serve nobody: theirs comes last. */
const struct attack held_attacks[] = {
    ATTACK(takes_off_the_filter),
    ATTACK(replaces_the_filter),
    ATTACK(unlocks_the_filter),
    ATTACK(leaves_the_interface),
    ATTACK(marks_packets),
    ATTACK(takes_foreign_addresses),
    ATTACK(forces_buffers),
    ATTACK(sets_interface_of_the_machine),
    ATTACK(sets_offloads_of_the_machine),
    ATTACK(accepted_sends_data_in_the_syn),
    ATTACK(forges_a_connection),
    {NULL, NULL},
};

/* Those that only the filter is in the way of. A listener that was dissolved
 * serves nobody: that comes last. */
const struct attack turning_attacks[] = {
    ATTACK(accepted_becomes_another_door),
    ATTACK(accepted_reaches_the_machine),
    ATTACK(accepted_tells_closed_ports),
    ATTACK(accepted_reaches_from_the_served_port),
    ATTACK(accepted_scans_from_the_served_port),
    ATTACK(listener_reaches_the_machine),
    {NULL, NULL},
};

/* net.h - the privileged part: hosts in their namespaces, kernel states.
 *
 * After settle() (settle.h) any thread may become a host by host_net_open(); it
 * stays in that namespace until it ends. */
#ifndef HANDSHAKE_NET_H
#define HANDSHAKE_NET_H

#include "handshake/address.h"
#include "handshake/err.h"
#include "handshake/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* One host's side of the wire. */
struct host_net {
    int packet_fd; /* reads what the host sends, writes what arrives at it */
    int diag_fd;   /* sock_diag of the host's namespace */
    int far_index; /* interface index of the wire's end */
    uint8_t near_mac[6]; /* frames for the host go to this address */
};

/* Move the calling thread into a fresh network namespace with one interface
 * that has the addresses v4/24 and v6/64, and open the wire's descriptors.
 * About 0.6 ms. Returns 0 or -errno with a sentence; on failure nothing stays
 * open (the thread may be in the new namespace and should end). */
int host_net_open(struct host_net *ret_net, const struct ipaddr *v4,
                  const struct ipaddr *v6, struct err *ret_err);

/* In the calling thread's namespace, what somebody's own program expects of a
 * host: lo is up, and ports below 1024 are everybody's (where /proc/sys may be
 * written). Returns 0 or -errno with a sentence. */
int host_net_furnish(struct err *ret_err);

/* Close the descriptors; h may be zeroed only if fds are -1. */
void host_net_close(struct host_net *h);

/* Take one packet the host sent, from its IP header on, without waiting.
 * *ret_wall_ns is the kernel's receive time (0 when it gave none). Returns its
 * length, -EAGAIN when there is none, -errno otherwise. */
int host_net_read(const struct host_net *h, uint8_t *ret_packet, size_t cap,
                  uint64_t *ret_wall_ns);

/* Let a packet arrive at the host; when it returns, the kernel has usually
 * dealt with it. Returns 0 or -errno. */
int host_net_write(const struct host_net *h, const uint8_t *packet, size_t len);

/* What a host's route to its peer can be made. */
enum route_kind {
    ROUTE_NORMAL,      /* through the wire again; undoes the next three */
    ROUTE_BLACKHOLE,   /* packets vanish, connect() gives EINVAL */
    ROUTE_PROHIBIT,    /* EACCES */
    ROUTE_UNREACHABLE, /* EHOSTUNREACH */
    ROUTE_NONE,        /* ENETUNREACH; for good */
    ROUTE_COUNT
};

/* Change the route to the peer's address in the calling thread's namespace.
 * Returns 0 or -errno. */
int host_net_route(const struct ipaddr *peer, enum route_kind kind);

/* --- watching an interface ----------------------------------------------- */

struct sniff;

enum { DEVICE_NAME_BYTES = 16 }; /* IF_NAMESIZE */

/* The interface that packets to addr leave by, in the calling thread's
 * namespace. Returns 0 or -errno: -ENETUNREACH when no route leads there. */
int device_towards(const struct ipaddr *addr, char ret_name[DEVICE_NAME_BYTES]);

enum { SNIFF_MAX_PEERS = 16 };

struct sniff_options {
    const char *device; /* (borrowed) */
    uint16_t port;
    const struct ipaddr *peers; /* (borrowed) TCP of these alone; or NULL */
    size_t peer_count;
};

/* Watch an interface of the calling thread's namespace for TCP to or from a
 * port, and for ICMP. May be read from any one thread. Takes 10-30 ms. Returns
 * 0, or -errno with a sentence. pcap(3). */
int sniff_open(const struct sniff_options *opt, struct sniff **ret_sniff,
               struct err *ret_err);
/* NULL is fine. */
void sniff_close(struct sniff *s);

/* Readable when sniff_read() has something. */
int sniff_fd(const struct sniff *s);

/* Take one packet from its IP header on, without waiting; it is valid until the
 * next call. Returns its length, -EAGAIN when there is none, -errno. */
int sniff_read(struct sniff *s, const uint8_t **ret_packet,
               uint64_t *ret_wall_ns);

/* --- the socket that HTTP is served on ----------------------------------- */

/* Of a socket that is bound but does not listen yet: see to it that neither it
 * nor what it accepts can ever be connected elsewhere, whatever runs in this
 * process. Returns 0, or -errno when the kernel refuses the filter. socket(7).
 */
int listener_confine(int fd, const struct endpoint *bound);

/* --- asking the kernel for states ---------------------------------------- */

/* A sock_diag socket of the calling thread's namespace, or -errno. */
int sockdiag_open(void);

/* The kernel's state of the socket local <-> remote (remote without address:
 * the listener). Asks for the exact four-tuple; a look-up that falls through
 * to the listener, or finds nothing, gives CLOSED. fd must not be shared
 * between threads without a lock. Returns 0 or -errno. sock_diag(7). */
int sockdiag_state(int fd, const struct endpoint *local,
                   const struct endpoint *remote, enum tcp_state *ret_state);

/* Whether the kernel can abort sockets this way: asks for one that does not
 * exist. */
bool sockdiag_can_destroy(int fd);

/* Abort every TCP socket of fd's namespace with an RST (SOCK_DESTROY), except
 * those in TIME-WAIT, so that nothing keeps the namespace alive. Returns how
 * many were destroyed, or -errno (-EOPNOTSUPP where the kernel lacks it). */
int sockdiag_destroy_all(int fd);

#endif

/* net_internal.h - what the files of src/net share: the fixed names and
 * numbers of a host's interface, and the call that makes it. */
#ifndef HANDSHAKE_NET_INTERNAL_H
#define HANDSHAKE_NET_INTERNAL_H

#include "handshake/net.h"
#include "handshake/settle.h"

/* In a fresh namespace every number but lo's is free. */
enum { VETH_NEAR_INDEX = 10, VETH_FAR_INDEX = 11 };

#define VETH_NEAR_NAME "eth0"
#define VETH_FAR_NAME  "wire0"

/* Locally administered; the same in every namespace, since none can meet. */
static const uint8_t veth_near_mac[6] = {0x02, 0, 0, 0, 0, 0x01};

/* In the calling thread's namespace: make the veth pair, both ends up, with
 * the near end's addresses v4/24 and v6/64. Returns 0 or -errno. */
int veth_make(const struct ipaddr *v4, const struct ipaddr *v6);

/* --- private_net.c ------------------------------------------------------- */

/* Root becomes nobody; anyone else stays. Returns 0 or -errno. */
int private_become_nobody(struct err *ret_err);

/* Enter an own user and network namespace, bring its lo up. Single-threaded.
 * Returns 0 or -errno with what was refused. */
int private_net_enter(struct err *ret_err);

/* Enter a user namespace in which the caller is who it was, and root can still
 * become nobody: nothing is gained but power over what is made inside. Where
 * that is refused the namespace may be entered all the same, and others will
 * say what is missing. Single-threaded. */
void private_user_enter(void);

/* In the calling thread's namespace: bring lo up. Returns 0 or -errno. */
int private_loopback_up(struct err *ret_err);

/* --- probe.c ------------------------------------------------------------- */

/* A trial under way. */
struct probe {
    int fd;              /* (owned) where the child speaks, or -1 */
    struct err entering; /* why the private network cannot be entered */
    bool may_enter;      /* the namespaces can be had */
    bool may_capture;    /* loopback can be watched */
};

/* Begin to find out. Fills what is known at once; returns as soon as it is
 * known whether the private network may be entered. */
struct probe probe_begin(struct settle_report *ret_report);

/* Hear the rest and fill the report's links and features. */
void probe_end(struct probe *p, struct settle_report *ret_report);

/* Make a capability effective when it is permitted (a file capability
 * `cap_net_raw=p` leaves that to the program). True when it is. */
bool probe_raise(int capability);

/* --- listener.c ---------------------------------------------------------- */

/* Whether the kernel here lets an HTTP socket be confined; before powers are
 * given up. */
void listener_report(struct availability *ret_layer);

/* --- limits.c, confine.c, landlock.c, seccomp.c: what each reached ------- */

/* Bound what may be had of threads, descriptors and, in the private namespaces,
 * network namespaces. */
void confine_limits(const struct settle_options *opt, bool is_private,
                    struct availability *ret_layer);

/* Drop every capability but those the link needs; low_ports: and the one to
 * bind ports below 1024. */
void confine_capabilities(bool is_private, bool low_ports,
                          struct availability *ret_layer);

/* Drop every capability there is. False when one is left. */
bool confine_drop_all(void);

/* Before root becomes nobody outside the namespaces: drop the bounding set and
 * keep CAP_NET_RAW over the change of user. */
void confine_prepare_capture(void);

/* No program it might start gains a power it lacks (prctl(2)). */
void confine_no_new_privs(struct availability *ret_layer);

/* Files: read /proc/self, write /proc/sys/net, read read_dir (may be NULL). */
void confine_landlock(const char *read_dir, struct availability *ret_layer);

/* System calls: the ones in use where `best` is the best link that can be had.
 */
void confine_seccomp(enum link_kind best, struct availability *ret_layer);

/* Fill a layer. */
__attribute__((format(printf, 3, 4))) void
layer_set(struct availability *ret_layer, bool on, const char *fmt, ...);

#endif

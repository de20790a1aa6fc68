/* settle.h - finds out what this machine allows, takes it, gives up the rest.
 *
 * Once at start, while single-threaded and after the HTTP socket is bound:
 * which link can be had is decided by trying it in a child process, never by
 * guessing; then the program moves into its private namespaces and drops every
 * power it does not need. Each layer that a kernel lacks is skipped and
 * reported, never fatal. */
#ifndef HANDSHAKE_SETTLE_H
#define HANDSHAKE_SETTLE_H

#include "handshake/err.h"
#include "handshake/link.h"

#include <stdbool.h>
#include <stddef.h>

enum { SETTLE_WHY_BYTES = 320, SETTLE_HOW_BYTES = 320, SETTLE_MAX_HOWS = 4 };
enum { SETTLE_DEFAULT_RUNS = 64 };

/* What keeps an intruder from the machine, in the order it is put on. */
enum sandbox_layer {
    SANDBOX_LISTENER,     /* HTTP sockets cannot be connected elsewhere */
    SANDBOX_NOBODY,       /* root became an ordinary user */
    SANDBOX_NAMESPACES,   /* own user and network namespace */
    SANDBOX_LIMITS,       /* threads, descriptors, namespaces */
    SANDBOX_CAPABILITIES, /* only the few that hosts need, and only inside */
    SANDBOX_NO_NEW_PRIVS, /* no set-uid program gives anything back */
    SANDBOX_LANDLOCK,     /* no file but /proc/self, no signal to others */
    SANDBOX_SECCOMP,      /* only the system calls that are used */
    SANDBOX_LAYER_COUNT
};

/* What the kernel here can do that scenarios may need. */
enum kernel_feature {
    FEATURE_IPV6,
    FEATURE_TFO,
    FEATURE_MPTCP,
    FEATURE_ECN,
    FEATURE_MD5,
    FEATURE_SYSCTL,  /* a run may set sysctls of its hosts */
    FEATURE_DESTROY, /* sockets can be aborted from outside */
    FEATURE_COUNT
};

/* Whether something can be had; if not why, and each way to get it. */
struct availability {
    bool on;
    char why[SETTLE_WHY_BYTES]; /* what it is good for, or what refuses it */
    char how[SETTLE_MAX_HOWS][SETTLE_HOW_BYTES]; /* commands; "" ends */
};

struct settle_report {
    enum link_kind link; /* the best that can be had */
    struct availability links[LINK_COUNT];
    struct availability layers[SANDBOX_LAYER_COUNT];
    struct availability features[FEATURE_COUNT];
    char kernel[80];       /* release */
    const char *container; /* "docker", "podman", "kubernetes", or NULL */
};

struct settle_options {
    enum link_kind best;  /* want no better link than this (LINK_WIRE: any) */
    bool keep_powers;     /* settle, but do not confine (tests) */
    bool low_ports;       /* keep the power to bind ports below 1024 inside */
    const char *read_dir; /* a folder that stays readable, or NULL */
    size_t runs;          /* alive at a time; 0: SETTLE_DEFAULT_RUNS */
    size_t connections;   /* of an HTTP server, at a time */
};

/* Do all of the above. Returns 0 and the report; -errno with a sentence only
 * when even the plainest link cannot be had. */
int settle(const struct settle_options *opt, struct settle_report *ret_report,
           struct err *ret_err);

/* For what has to stay in the machine's own network: give up everything but
 * sockets there. All files, captures and names must be open and known. Single-
 * threaded; a layer that cannot be had is left out. */
void settle_outside(void);

/* "nobody", "namespaces", ... / "ipv6", "tcp-fast-open", ... Static storage. */
const char *sandbox_layer_name(enum sandbox_layer layer);
/* As `needs` in a scenario names it. */
const char *kernel_feature_name(enum kernel_feature feature);

#endif

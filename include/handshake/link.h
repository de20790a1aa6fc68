/* link.h - what joins the two hosts, best first. */
#ifndef HANDSHAKE_LINK_H
#define HANDSHAKE_LINK_H

#include <stdbool.h>

enum link_kind {
    LINK_WIRE,     /* two network namespaces, the program is the cable */
    LINK_LOOPBACK, /* 127.0.0.1 or ::1, watched by libpcap: no say in it */
    LINK_SOCKETS,  /* the same, unwatched: only what sockets themselves tell */
    LINK_COUNT,    /* of those a run can have */

    /* No link of ours: the machine's own network, seen from one end
     * (`handshake connect`). */
    LINK_NETWORK = LINK_COUNT,
    LINK_NAME_COUNT
};

/* "wire", "loopback", "sockets", "network". Static storage. */
const char *link_name(enum link_kind link);

/* The link of that name that a run can have; false when there is none. */
bool link_parse(const char *name, enum link_kind *ret_link);

#endif

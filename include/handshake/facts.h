/* facts.h - what the kernel tells of the connection behind a socket. */
#ifndef HANDSHAKE_FACTS_H
#define HANDSHAKE_FACTS_H

#include "handshake/event.h"

/* TCP_INFO of fd; known is false when it cannot be asked. Any thread. */
struct tcp_facts facts_of(int fd);

#endif

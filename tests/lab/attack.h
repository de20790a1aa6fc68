/* attack.h - the attacks of attack_lab, by subject, and the bait set out for
 * them before the program settles. */
#ifndef HANDSHAKE_ATTACK_H
#define HANDSHAKE_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* One attack; true when it got through. */
struct attack {
    const char *name;
    bool (*gets_through)(void);
};

#define ATTACK(name)                                                           \
    {                                                                          \
#name, name                                                            \
    }

/* Each ends with a row of NULLs. */
extern const struct attack file_attacks[], network_attacks[], process_attacks[],
    kernel_attacks[], held_attacks[], turning_attacks[];

/* How an HTTP socket is listened on. */
enum served { SERVED_LOOPBACK, SERVED_ALL, SERVED_LOOPBACK_V6, SERVED_COUNT };

struct bait {
    pid_t victim;     /* a process of the same user, outside */
    uint16_t port;    /* of a listener on the machine's loopback */
    uint16_t port_v6; /* the same on ::1 */
    uint16_t closed;  /* of loopback: bound, and closed to all */
    int listener, listener_v6;
    int http[SERVED_COUNT];     /* as http_bind() made them */
    int accepted[SERVED_COUNT]; /* a client's connection to each, */
    int spare[SERVED_COUNT];    /* and another */
    struct sockaddr_un abstract;
    char victim_ns[64], victim_mem[64];
};
extern struct bait bait;

/* Have the victim connect to that port of the machine's loopback; whether it
 * got through. */
bool bait_victim_connects(uint16_t port);

#endif

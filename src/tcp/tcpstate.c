/* tcpstate.c - names of the TCP states, and Linux's numbers for them. */
#include "handshake/tcpstate.h"

#include <assert.h>
#include <stddef.h>

static const char *const names[] = {
    [TCP_STATE_CLOSED] = "CLOSED",
    [TCP_STATE_LISTEN] = "LISTEN",
    [TCP_STATE_SYN_SENT] = "SYN-SENT",
    [TCP_STATE_SYN_RECEIVED] = "SYN-RECEIVED",
    [TCP_STATE_ESTABLISHED] = "ESTABLISHED",
    [TCP_STATE_FIN_WAIT_1] = "FIN-WAIT-1",
    [TCP_STATE_FIN_WAIT_2] = "FIN-WAIT-2",
    [TCP_STATE_CLOSE_WAIT] = "CLOSE-WAIT",
    [TCP_STATE_CLOSING] = "CLOSING",
    [TCP_STATE_LAST_ACK] = "LAST-ACK",
    [TCP_STATE_TIME_WAIT] = "TIME-WAIT",
};
static_assert(sizeof(names) / sizeof(names[0]) == TCP_STATE_COUNT,
              "every state has a name");

/* Index = number in include/net/tcp_states.h; 0 is not used there. */
static const enum tcp_state from_linux[] = {
    [0] = TCP_STATE_CLOSED,        [1] = TCP_STATE_ESTABLISHED,
    [2] = TCP_STATE_SYN_SENT,      [3] = TCP_STATE_SYN_RECEIVED,
    [4] = TCP_STATE_FIN_WAIT_1,    [5] = TCP_STATE_FIN_WAIT_2,
    [6] = TCP_STATE_TIME_WAIT,     [7] = TCP_STATE_CLOSED,
    [8] = TCP_STATE_CLOSE_WAIT,    [9] = TCP_STATE_LAST_ACK,
    [10] = TCP_STATE_LISTEN,       [11] = TCP_STATE_CLOSING,
    [12] = TCP_STATE_SYN_RECEIVED, /* NEW_SYN_RECV, a request socket */
};

/* A number from outside may be anything. */
const char *tcp_state_name(enum tcp_state state)
{
    return (size_t)state < TCP_STATE_COUNT ? names[state] : "unknown";
}

/* Newer kernels may count further; what is unknown is no connection. */
enum tcp_state tcp_state_from_linux(unsigned linux_state)
{
    if (linux_state >= sizeof(from_linux) / sizeof(from_linux[0]))
        return TCP_STATE_CLOSED;
    return from_linux[linux_state];
}

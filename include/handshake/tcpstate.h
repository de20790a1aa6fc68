/* tcpstate.h - the states of a TCP connection (RFC 9293 3.3.2) and their names.
 * Pure; any thread. */
#ifndef HANDSHAKE_TCPSTATE_H
#define HANDSHAKE_TCPSTATE_H

enum tcp_state {
    TCP_STATE_CLOSED,
    TCP_STATE_LISTEN,
    TCP_STATE_SYN_SENT,
    TCP_STATE_SYN_RECEIVED,
    TCP_STATE_ESTABLISHED,
    TCP_STATE_FIN_WAIT_1,
    TCP_STATE_FIN_WAIT_2,
    TCP_STATE_CLOSE_WAIT,
    TCP_STATE_CLOSING,
    TCP_STATE_LAST_ACK,
    TCP_STATE_TIME_WAIT,
    TCP_STATE_COUNT
};

/* "SYN-SENT" and so on, as RFC 9293 spells them. Static storage. */
const char *tcp_state_name(enum tcp_state state);

/* The state Linux calls by this number (include/net/tcp_states.h; its
 * NEW_SYN_RECV is SYN-RECEIVED). Unknown numbers give CLOSED. */
enum tcp_state tcp_state_from_linux(unsigned linux_state);

#endif

/* sample.h - a small run made by hand: packets and events for tests of what is
 * made from them. */
#ifndef HANDSHAKE_SAMPLE_H
#define HANDSHAKE_SAMPLE_H

#include "handshake/runlog.h"
#include "handshake/segment.h"

#define SAMPLE_CLIENT_ISN UINT32_C(3735928559)
#define SAMPLE_SERVER_ISN UINT32_C(4294967295) /* its numbers wrap at once */

enum { SAMPLE_CLIENT_PORT = 40000, SAMPLE_PACKET_BYTES = 2048 };

/* The sample's two ends. */
struct endpoint sample_end(enum host_id host);

/* Write a segment of host into ret_packet (SAMPLE_PACKET_BYTES); spec's ends
 * are set here. Returns its length. */
size_t sample_packet(enum host_id host, struct segment_spec spec,
                     uint8_t *ret_packet);

/* A roomy log without a bell; the caller frees it. */
struct runlog *sample_log(void);

/* Append to log; each returns the event's id. */
uint32_t sample_begin(struct runlog *log);
uint32_t sample_call(struct runlog *log, uint64_t t_ns, enum host_id host,
                     const char *name, const char *args);
uint32_t sample_return(struct runlog *log, uint64_t t_ns, uint32_t begin,
                       int error);
uint32_t sample_segment(struct runlog *log, uint64_t t_ns, uint32_t n,
                        enum host_id from, struct segment_spec spec);
uint32_t sample_arrival(struct runlog *log, uint64_t t_ns, uint32_t n);
uint32_t sample_state(struct runlog *log, uint64_t t_ns, enum host_id host,
                      enum tcp_state new_state, uint32_t cause);
uint32_t sample_message(struct runlog *log, uint64_t t_ns, enum host_id host,
                        const char *text);
uint32_t sample_end_of_run(struct runlog *log, uint64_t t_ns, bool met);

/* A whole run: begin, connect, three segments with their arrivals and states,
 * data "hello" from the client, end. 19 events, 4 segments. */
struct runlog *sample_handshake(void);

/* A run with every kind of event and what is awkward in each: IPv6, bytes that
 * are no text, errors, dropped, held, doubled, changed and forged segments, an
 * ICMP error, counters, a listener, TCP_INFO, unmet expectations. */
struct runlog *sample_everything(void);

#endif

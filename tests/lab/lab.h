/* lab.h - helpers of the tests that make real runs. */
#ifndef HANDSHAKE_LAB_H
#define HANDSHAKE_LAB_H

#include "test.h"

#include "handshake/json.h"
#include "handshake/net.h"
#include "handshake/run.h"
#include "handshake/segment.h"

/* Enter the private namespaces; ends the program with a sentence when it
 * cannot. Once, first thing. */
void lab_enter(void);

/* A registry with default limits. */
struct registry *lab_registry(void);

/* Run a scenario to its end. The caller puts it. */
struct run *lab_run(struct registry *reg, const struct scenario *sc,
                    uint8_t ip);

/* Start without waiting. */
struct run *lab_start(struct registry *reg, const struct scenario *sc,
                      uint8_t ip);

/* A scenario from JSON text; fails the test with the faults when wrong. */
void lab_scenario(const char *json, struct scenario *ret_sc);

/* --- waiting for what a run does ----------------------------------------- */

/* Each of these returns as soon as the run's log holds what is asked for, and
 * fails the test where the run ends without it or LAB_WAIT_MS pass: much longer
 * than anything takes on a busy machine. */
enum { LAB_WAIT_MS = 20000 };

/* Until a host has begun the call of that name, or has come back from it. */
void lab_wait_call(const struct run *run, enum host_id host, const char *name,
                   enum phase phase);

/* The same, but false where the run ended without it. */
bool lab_see_call(const struct run *run, enum host_id host, const char *name,
                  enum phase phase);

/* Until a host's connection, or its listener, has been in that state. */
void lab_wait_state(const struct run *run, enum host_id host,
                    enum tcp_state tcp_state);

/* Until a copy of segment n has met that fate. */
void lab_wait_fate(const struct run *run, uint32_t n, enum fate fate);

/* Until the run had that many segments. */
void lab_wait_segments(const struct run *run, uint32_t count);

/* Until none of the registry's runs is alive. */
void lab_wait_idle(struct registry *reg);

/* --- what a run was ------------------------------------------------------ */

/* The last event: the run's end. */
const struct event_run *lab_end(const struct run *run);

/* Event and parsed segment number n; fails the test when there is none. */
const struct event *lab_segment(const struct run *run, uint32_t n,
                                struct segment *ret_seg);

/* How many segments the run had. */
uint32_t lab_segment_count(const struct run *run);

/* The states a host's connection (not its listener) went through, as one text:
 * "SYN-SENT ESTABLISHED". ret_text holds 256 bytes. */
const char *lab_states(const struct run *run, enum host_id host,
                       char *ret_text);

/* Open descriptors and resident memory of this process. */
size_t lab_descriptors(void);
size_t lab_resident_kb(void);

#endif

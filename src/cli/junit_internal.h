/* junit_internal.h - runs as JUnit XML, the form in which build servers read
 * test results: a suite for each run, a case for each expectation. Pure. */
#ifndef HANDSHAKE_JUNIT_INTERNAL_H
#define HANDSHAKE_JUNIT_INTERNAL_H

#include "outcome_internal.h"

struct junit;

/* NULL when memory runs out. */
struct junit *junit_new(void);

/* NULL is fine. */
void junit_free(struct junit *j);

/* Add a run of the scenario `id`; `problem` says why it could not begin, or is
 * NULL. A run that has no expectations, or did not come to its end, gets a
 * case for the run itself; one that somebody stopped gets no other. The time of
 * a case is that of its run: expectations are judged when it is over. */
void junit_add(struct junit *j, const char *id, const struct outcome *o,
               const char *problem);

/* The whole document. False when it did not fit or memory ran out. */
bool junit_text(const struct junit *j, struct buf *ret_text);

#endif

/* expect.h - what a scenario expects, held against what happened. */
#ifndef HANDSHAKE_EXPECT_H
#define HANDSHAKE_EXPECT_H

#include "run_internal.h"

struct expect_list;

/* Judge every line of what the run's form expects. Wire thread, both hosts
 * through their steps. The caller frees the list; NULL when memory ran out. */
struct expect_list *expect_judge(struct run *run, enum verdict_code verdict);

/* The lines, valid as long as the list. */
const struct expectation *expect_lines(const struct expect_list *x,
                                       size_t *ret_count);

#endif

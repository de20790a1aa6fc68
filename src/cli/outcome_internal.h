/* outcome_internal.h - what runs came to: one, and many of one scenario. */
#ifndef HANDSHAKE_OUTCOME_INTERNAL_H
#define HANDSHAKE_OUTCOME_INTERNAL_H

#include "handshake/buf.h"
#include "handshake/jsonwriter.h"
#include "handshake/runlog.h"

/* --- one run (outcome.c) ------------------------------------------------- */

struct outcome {
    const struct event_run *begin; /* NULL: never begun */
    const struct event_run *end;   /* NULL: cut off before its end */
    uint64_t took_ns;              /* from its begin to its newest event */
    size_t met;                    /* expectations */
    bool well;                     /* it came to its end as was expected */
};

/* What log tells; borrowed from it. log may be NULL. */
struct outcome outcome_of(const struct runlog *log);

/* "ok      open   established   0.9 ms  9/9", for lists of 60 columns and
 * more. */
void outcome_line(const char *id, const struct outcome *o, unsigned columns,
                  bool colour, struct buf *out);

/* Every expectation that was not met, and why the run ended early if it did: a
 * line each, wrapped at `columns`, `head` before the first and as many blanks
 * before the others. Nothing when all is well. */
void outcome_problems(const struct outcome *o, const char *head,
                      unsigned columns, struct buf *out);

/* --- many runs of one scenario (tally.c) --------------------------------- */

struct tally;

/* NULL when memory runs out. */
struct tally *tally_new(void);

/* NULL is fine. */
void tally_free(struct tally *t);

/* Count a run and how long its client's connect() took, each time. */
void tally_add(struct tally *t, const struct runlog *log,
               const struct outcome *o);

/* Outcomes counted; connect() time by result: min, p50, p99, max and a
 * histogram with bars up to `columns`. */
void tally_put(const struct tally *t, const char *id, unsigned columns,
               struct buf *out);

/* The same as the members of the object w has open: "runs", "as_expected",
 * "outcomes", "connect". */
void tally_write(const struct tally *t, struct jsonw *w);

#endif

/* hold_internal.h - `run --hold`: what is held on the wire is asked about, one
 * segment at a time, and decided by the letters somebody types. One thread. */
#ifndef HANDSHAKE_HOLD_INTERNAL_H
#define HANDSHAKE_HOLD_INTERNAL_H

#include "handshake/err.h"
#include "handshake/run.h"

/* --- keyboard.c: standard input, letter by letter ------------------------ */

struct keyboard {
    bool is_terminal;
    bool ended;      /* nothing will come any more */
    int restore_fd;  /* (owned) closing it gives the terminal back; -1: none */
    int restored_fd; /* (owned) its end says that this is done */
};

/* Begin to read letters. A terminal gives each key at once and unseen from here
 * on; a process of its own, forked here, gives it back however this one ends,
 * because after settle() this one may not. So: before settle(), before any
 * thread, with the signals blocked. Returns 0 or -errno with a sentence. */
int keyboard_open(struct keyboard *kb, struct err *ret_err);

/* Give the terminal back; waits until that is done. Zeroed is fine. */
void keyboard_close(struct keyboard *kb);

/* The next letter, 0 when it is none that counts (a line's end), -1 when there
 * will be no more. Blocks unless poll() said standard input is readable. */
int keyboard_read(struct keyboard *kb);

/* --- hold.c -------------------------------------------------------------- */

struct hand;

/* Decide for run (borrowed) by kb (borrowed). NULL: no memory. */
struct hand *hand_new(struct run *run, struct keyboard *kb);
/* NULL is fine. */
void hand_free(struct hand *hand);

/* Take note of an event of the run: what is held, what is not any more. */
void hand_note(struct hand *hand, const struct event *e);

/* Say on stderr what is held first and what can be done, once. */
void hand_ask(struct hand *hand);

/* Other lines are about to be shown: end the line of a question that stands
 * open; it will be asked again. */
void hand_interrupt(struct hand *hand);

/* Whether letters are to be read now: a terminal's always, a file's or pipe's
 * only once there is something to decide, so that none is lost. */
bool hand_listens(const struct hand *hand);

/* Read one letter and do what it says. */
void hand_take(struct hand *hand);

#endif

/* capture.h - runs as pcapng files, and such files back to runs.
 *
 * A file holds every event of the run and, made from them, the packets as
 * Wireshark and its kin show them: three interfaces named client, wire and
 * server, times of the wall clock in nanoseconds, and what is known about each
 * packet as comments. The events stand before the packets in blocks of a type
 * that pcapng leaves to local use, which other programs pass over in silence.
 * Whoever saves the file from another program loses them, and with them the way
 * back. No threads of its own; one thread at a time on one object. */
#ifndef HANDSHAKE_CAPTURE_H
#define HANDSHAKE_CAPTURE_H

#include "handshake/json.h"

enum {
    CAPTURE_CHUNK_BYTES = 64 * 1024,        /* written at a time, about */
    CAPTURE_BLOCK_BYTES = 16 * 1024 * 1024, /* longest block read */
    CAPTURE_BUFFER_BYTES = 4 * 1024 * 1024  /* longest chunk written */
};

/* --- writing ------------------------------------------------------------- */

struct capture_writer;

/* Write the events that log holds now. log and feed, which must be its own, are
 * borrowed and outlive the writer; about says what was run (capture_about()),
 * it is copied and may be "". NULL when memory runs out. */
struct capture_writer *capture_writer_new(const struct runlog *log,
                                          struct feed *feed, const char *about);

/* NULL is fine. */
void capture_writer_free(struct capture_writer *w);

/* Append the next CAPTURE_CHUNK_BYTES or so to out, which has room for
 * CAPTURE_BUFFER_BYTES. False when everything was written, or when memory ran
 * out: then capture_writer_failed(). */
bool capture_writer_next(struct capture_writer *w, struct buf *out);

/* Whether memory ran out: what was written is not whole. */
bool capture_writer_failed(const struct capture_writer *w);

/* "Title (id)", and below it the summary. */
void capture_about(const struct scenario *sc, struct buf *out);

/* Write what log holds to a descriptor opened before; name is for the sentence.
 * Blocks as write(2) does. Returns 0 or -errno. */
int capture_write_file(const struct runlog *log, const struct scenario *sc,
                       int fd, const char *name, struct err *ret_err);

/* --- reading ------------------------------------------------------------- */

struct capture_reader;

/* A reader of one file; the run it finds keeps to limits. NULL when memory runs
 * out. */
struct capture_reader *capture_reader_new(struct runlog_limits limits);

/* Free it with the log it made. NULL is fine. */
void capture_reader_free(struct capture_reader *r);

/* Take the next bytes of the file. Returns 0, or -errno with a sentence as soon
 * as it is clear that no run can be had of it, or no more of it: -EPROTO for
 * what is no capture or damaged, -EOPNOTSUPP for a capture that Handshake Lab
 * did not write, -EFBIG beyond the limits, -ENOMEM. Once failed it takes no
 * more and says the same again. Safe with any bytes. */
int capture_reader_put(struct capture_reader *r, const void *bytes, size_t len,
                       struct err *ret_err);

/* The file is at its end: whether it was whole. Returns as above. */
int capture_reader_end(struct capture_reader *r, struct err *ret_err);

/* The events restored so far, the same as when they were written; empty when
 * there were none. Lives as long as the reader. */
const struct runlog *capture_reader_log(const struct capture_reader *r);

/* What was run, as capture_about() has it; "" when the file does not say. Any
 * bytes but NUL may stand in it. Lives as long as the reader. */
const char *capture_reader_about(const struct capture_reader *r);

#endif

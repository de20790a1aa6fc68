/* err.h - an error a person will read: a code for the program and a sentence.
 *
 * Functions that can fail return 0 or -errno. Where somebody has to read why,
 * the last parameter is `struct err *ret_err`; NULL is accepted and means that
 * nobody wants the sentence. Library folders never print: `main`, `cli` and
 * `http` do. Any thread may use these on its own struct. */
#ifndef HANDSHAKE_ERR_H
#define HANDSHAKE_ERR_H

enum { ERR_TEXT_BYTES = 320 };

struct err {
    int code;                  /* a positive errno, 0 while nothing failed */
    char text[ERR_TEXT_BYTES]; /* one sentence that says what to do */
};

/* Fill *ret_err (may be NULL) with code and a printf-style sentence, cut to
 * ERR_TEXT_BYTES. Returns -code, so that `return err_set(...)` works. */
__attribute__((format(printf, 3, 4))) int err_set(struct err *ret_err, int code,
                                                  const char *fmt, ...);

/* As err_set, with ": <err_words(code)>" added to the sentence. */
__attribute__((format(printf, 3, 4))) int
err_errno(struct err *ret_err, int code, const char *fmt, ...);

/* An errno in words ("Connection refused"), as strerror(3) has them, which is
 * not safe in threads. Static storage; never NULL. */
const char *err_words(int code);

/* The same of a thread that could not be made; what: "cannot start ...". */
int err_thread(struct err *ret_err, int code, const char *what);

/* The symbolic name of an errno ("ECONNREFUSED"), or "E?" when unknown.
 * Static storage; never NULL. */
const char *err_name(int code);

/* The errno of that name; 0 when there is none. "E?" gives one that has no name
 * either. */
int err_code(const char *name);

/* What an errno of a socket call means to the caller, in one sentence for
 * people ("nobody listens on that port: the peer answered with RST"). Falls
 * back to err_words(). Static storage; never NULL. */
const char *err_meaning(int code);

#endif

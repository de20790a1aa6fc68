/* openapi_internal.h - what there is to say about a route: rows of data, out of
 * which openapi.c makes the OpenAPI document.
 *
 * The route table (route.c) says what there is, operations.c what it is for;
 * a test holds one against the other, both ways. */
#ifndef HANDSHAKE_OPENAPI_INTERNAL_H
#define HANDSHAKE_OPENAPI_INTERNAL_H

#include "http_internal.h"

enum { OPERATION_PARAMS = 4, OPERATION_ANSWERS = 3, OPERATION_PROBLEMS = 8 };

/* Headers of an answer, as bits; those of a problem go with its status. */
enum {
    HEADER_LOCATION = 1,
    HEADER_ETAG = 2,
    HEADER_LINK = 4,
    HEADER_REPLAYED = 8,
    HEADER_FILE = 16 /* Content-Disposition */
};

/* A good answer. */
struct answer_row {
    unsigned status;    /* 0 ends */
    const char *schema; /* of its JSON; NULL with `type`, or without content */
    const char *about;
    unsigned headers;
    const char *type; /* other than JSON; several, with blanks between */
};

struct operation {
    enum method method;
    const char *pattern;
    const char *id, *tag, *summary, *description;
    const char *params[OPERATION_PARAMS]; /* names of param_rows */
    const char *body;                     /* its schema, or NULL */
    struct answer_row answers[OPERATION_ANSWERS];
    /* Problems other than those of every route, of every body, of every answer
     * in a certain type. 0 ends. */
    unsigned problems[OPERATION_PROBLEMS];
};

/* Row i, NULL beyond the last. Static. */
const struct operation *operation_at(size_t i);

/* What is said of a route, or NULL. */
const struct operation *operation_of(const struct route *route);

/* A parameter of paths, queries or headers. */
struct param_row {
    const char *name; /* of the component */
    const char *in, *param, *about;
    const char *schema; /* as JSON */
};
extern const struct param_row param_rows[];
extern const size_t param_row_count;

/* A status that comes with a problem. */
struct problem_row {
    unsigned status;
    const char *name; /* of the component */
    const char *about;
    const char *header; /* that it always has, or NULL */
    bool everywhere;    /* any route can give it */
};
extern const struct problem_row problem_rows[];
extern const size_t problem_row_count;

/* The whole document. */
void openapi_write(struct buf *out);

#endif

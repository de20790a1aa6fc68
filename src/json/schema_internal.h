/* schema_internal.h - JSON Schemas made from the tables that read documents: of
 * a scenario, and of the bodies of requests. */
#ifndef HANDSHAKE_SCHEMA_INTERNAL_H
#define HANDSHAKE_SCHEMA_INTERNAL_H

#include "json_internal.h"

/* What a table does not say of a member. */
struct schema_row {
    const struct shape *shape; /* any one that has the member's table */
    const char *member;
    const char *about;              /* for people */
    const char *json;               /* more keywords as text, or NULL */
    void (*write)(struct jsonw *w); /* more keywords, or NULL */
};

extern const struct schema_row schema_rows[]; /* of scenarios */
extern const size_t schema_row_count;
extern const struct schema_row api_rows[]; /* of requests */
extern const size_t api_row_count;

/* The row of a member of that table, or NULL. */
const struct schema_row *schema_row_of(const struct member *members,
                                       const char *name);

/* An object of one shape, as a member of the object w has open. */
void schema_put_object(struct jsonw *w, const char *name,
                       const struct shape *shape);

/* Objects of one table of members that differ by the member `tag`, or, when it
 * is NULL, by what they take. more: further kinds as text, or NULL. */
void schema_put_family(struct jsonw *w, const char *name,
                       const struct shape *shapes, unsigned count,
                       const char *tag, const char *(*value_of)(unsigned i),
                       const char *more);

/* All that a scenario refers to, each as a member of the object w has open. */
void schema_put_definitions(struct jsonw *w);

/* The tables that read requests. */
extern const struct shape request_shape;     /* request_read.c */
extern const struct shape run_options_shape; /* request_read.c */
extern const struct shape hold_shape;        /* wire_json.c */
extern const struct shape question_shape;    /* room_json.c */
extern const struct shape vote_shape;        /* room_json.c */
extern const struct shape closing_shape;     /* room_json.c */

#endif

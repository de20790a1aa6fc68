/* schema_internal.h - the JSON Schema of a scenario, made from the tables that
 * read it. */
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

extern const struct schema_row schema_rows[];
extern const size_t schema_row_count;

/* The row of a member of that table, or NULL. */
const struct schema_row *schema_row_of(const struct member *members,
                                       const char *name);

#endif

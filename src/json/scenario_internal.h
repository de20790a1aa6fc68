/* scenario_internal.h - what the files that read and write scenario documents
 * share: the tables' building blocks and the readers of the larger parts. */
#ifndef HANDSHAKE_SCENARIO_INTERNAL_H
#define HANDSHAKE_SCENARIO_INTERNAL_H

#include "json_internal.h"

#include <stddef.h>

/* Lines of text in a field `field`, and how many in `field_count`. */
#define ROW_LINES(text, type, field, field_count, most, ...)                   \
    {                                                                          \
        .name = text, .kind = MEMBER_LINES, .offset = offsetof(type, field),   \
        .size = sizeof(((type *)0)->field[0]),                                 \
        .count_offset = offsetof(type, field_count), .max = most, __VA_ARGS__  \
    }

/* The steps of one host into sc; forged segments into its table. */
void scenario_read_steps(struct reader *r, const cJSON *item,
                         struct scenario *sc, enum host_id host);
/* The steps of one host as an array again. */
void scenario_write_steps(struct jsonw *w, const char *name,
                          const struct scenario *sc, enum host_id host);

/* What must come out; target is a struct expect. */
void scenario_read_expect(struct reader *r, const cJSON *item, void *target);
/* The same as an object again. */
void scenario_write_expect(struct jsonw *w, const char *name,
                           const void *target);

extern const struct shape long_shape, sysctl_shape;

/* More of what the table calls to write; target is a struct scenario. Each
 * writes nothing when there is nothing of it. */

/* 4 or 6. */
void write_ip(struct jsonw *w, const char *name, const void *target);
/* Settings by host. */
void write_sysctls(struct jsonw *w, const char *name, const void *target);
/* The rules the wire begins with. */
void write_wire_rules(struct jsonw *w, const char *name, const void *target);
/* The conditions it begins with. */
void write_wire_path(struct jsonw *w, const char *name, const void *target);
/* What must come out of the long form. */
void write_long_expect(struct jsonw *w, const char *name, const void *target);
/* What the long form differs in. */
void write_long(struct jsonw *w, const char *name, const void *target);

/* A name: a letter, then letters and digits. NULL when text is one. */
const char *scenario_check_name(const char *text);

#endif

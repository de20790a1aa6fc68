/* schema.c - the JSON Schema (draft 2020-12) of a scenario, made from the
 * tables that read scenarios, so that it cannot say anything else than they do.
 * What tables do not know - what a member is for, how a text or a nested
 * value looks - stands in schema_rows.c.
 *
 * Objects whose members hang on another member (a step's `call`, a rule's
 * `do`) are one object with all members, and a list of which of them each kind
 * takes and needs. Lengths count characters here and bytes there: what the
 * schema lets pass can still be too long.
 *
 * The schema is for editors and for those who make scenarios by program; the
 * reader stays the judge. What does not fit the schema the reader refuses too,
 * with one exception: it is easier with spelling. Flags and names of options
 * may be written in small letters there; here they are as the program writes
 * them.
 *
 * In pieces: put_member() for one member, put_object() for a table with one
 * shape, put_family() for a table with several, put_definitions() for all that
 * is referred to. */
#include "schema_internal.h"
#include "scenario_internal.h"

#include <stdio.h>
#include <string.h>

#define FLAG "(SYN|FIN|RST|PSH|ACK|URG|ECE|CWR|AE)"

static const struct schema_row *row_among(const struct schema_row *rows,
                                          size_t count,
                                          const struct member *members,
                                          const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].shape->members == members &&
            strcmp(rows[i].member, name) == 0)
            return &rows[i];
    return NULL;
}

const struct schema_row *schema_row_of(const struct member *members,
                                       const char *name)
{
    const struct schema_row *row =
        row_among(schema_rows, schema_row_count, members, name);
    return row ? row : row_among(api_rows, api_row_count, members, name);
}

/* --- one member ---------------------------------------------------------- */

/* Bounds of a table are whole numbers. */
static void put_number(struct jsonw *w, const char *type, uint64_t least,
                       uint64_t most)
{
    jsonw_str(w, "type", type);
    jsonw_uint(w, "minimum", least);
    jsonw_uint(w, "maximum", most);
}

/* size counts the NUL. */
static void put_text(struct jsonw *w, size_t least, size_t size)
{
    jsonw_str(w, "type", "string");
    if (least > 0)
        jsonw_uint(w, "minLength", least);
    jsonw_uint(w, "maxLength", size - 1);
}

/* Each line is a text of its own; empty ones are not taken. */
static void put_lines(struct jsonw *w, const struct member *m)
{
    jsonw_str(w, "type", "array");
    jsonw_uint(w, "maxItems", m->max);
    jsonw_open(w, "items", '{');
    put_text(w, 1, m->size);
    jsonw_close(w, '}');
}

/* What the table knows. */
static void put_kind(struct jsonw *w, const struct member *m)
{
    const uint64_t most_exact = (UINT64_C(1) << 53) - 1;
    switch (m->kind) {
    case MEMBER_TEXT:
        put_text(w, m->min, m->size);
        break;
    case MEMBER_U8:
    case MEMBER_U16:
    case MEMBER_U32:
        put_number(w, "integer", m->min, m->max);
        break;
    case MEMBER_U64:
        put_number(w, "integer", 0, most_exact);
        break;
    case MEMBER_MS:
        put_number(w, "number", m->min / 1000, m->max / 1000);
        break;
    case MEMBER_PART:
        put_number(w, "number", 0, 1);
        break;
    case MEMBER_FLAGS:
        jsonw_str(w, "type", "string");
        jsonw_str(w, "pattern", "^(\\(none\\)|" FLAG "([,+]" FLAG ")*)$");
        break;
    case MEMBER_BOOL:
        jsonw_str(w, "type", "boolean");
        break;
    case MEMBER_LINES:
        put_lines(w, m);
        break;
    case MEMBER_CUSTOM: /* the row says it */
    case MEMBER_LATER:
        break;
    }
}

/* Description, what the table knows, what the row adds. */
static void put_member(struct jsonw *w, const struct shape *shape, size_t i)
{
    const struct member *m = &shape->members[i];
    const struct schema_row *row = schema_row_of(shape->members, m->name);
    jsonw_open(w, m->name, '{');
    if (row)
        jsonw_str(w, "description", row->about);
    put_kind(w, m);
    if (row && row->json)
        jsonw_raw(w, NULL, row->json, strlen(row->json));
    if (row && row->write)
        row->write(w);
    jsonw_close(w, '}');
}

/* --- objects ------------------------------------------------------------- */

/* Members of version to come are not spoken of. */
static void put_properties(struct jsonw *w, const struct shape *shape,
                           uint32_t which)
{
    jsonw_open(w, "properties", '{');
    for (size_t i = 0; i < shape->count; i++)
        if (which >> i & 1 && shape->members[i].kind != MEMBER_LATER)
            put_member(w, shape, i);
    jsonw_close(w, '}');
}

/* The names of the members whose bits are set. */
static void put_names(struct jsonw *w, const char *name,
                      const struct shape *shape, uint32_t which)
{
    jsonw_open(w, name, '[');
    for (size_t i = 0; i < shape->count; i++)
        if (which >> i & 1)
            jsonw_str(w, NULL, shape->members[i].name);
    jsonw_close(w, ']');
}

/* An object of one shape: what it does not take is refused, as the reader
 * refuses it. */
void schema_put_object(struct jsonw *w, const char *name,
                       const struct shape *shape)
{
    jsonw_open(w, name, '{');
    jsonw_str(w, "type", "object");
    put_properties(w, shape, shape->takes);
    if (shape->needs)
        put_names(w, "required", shape, shape->needs);
    jsonw_bool(w, "additionalProperties", false);
    jsonw_close(w, '}');
}

/* One kind of a family: its mark, what it takes and needs. */
static void put_variant(struct jsonw *w, const struct shape *shape,
                        const char *tag, const char *value)
{
    jsonw_open(w, NULL, '{');
    if (tag) {
        jsonw_open(w, "properties", '{');
        jsonw_open(w, tag, '{');
        jsonw_str(w, "const", value);
        jsonw_close(w, '}');
        jsonw_close(w, '}');
    }
    jsonw_open(w, "propertyNames", '{');
    put_names(w, "enum", shape, shape->takes);
    jsonw_close(w, '}');
    put_names(w, "required", shape, shape->needs);
    jsonw_close(w, '}');
}

/* What all kinds have in common first, then how each differs. */
void schema_put_family(struct jsonw *w, const char *name,
                       const struct shape *shapes, unsigned count,
                       const char *tag, const char *(*value_of)(unsigned i),
                       const char *more)
{
    uint32_t all = 0;
    for (unsigned i = 0; i < count; i++)
        all |= shapes[i].takes;
    jsonw_open(w, name, '{');
    jsonw_str(w, "type", "object");
    put_properties(w, shapes, all);
    jsonw_open(w, "oneOf", '[');
    for (unsigned i = 0; i < count; i++)
        put_variant(w, &shapes[i], tag, tag ? value_of(i) : NULL);
    if (more)
        jsonw_raw(w, NULL, more, strlen(more));
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

/* Names for put_family(), by the index of a shape. */
static const char *call_at(unsigned i)
{
    return step_call_name((enum step_call)i);
}

static const char *action_at(unsigned i)
{
    return rule_do_name((enum rule_do)i);
}

/* What is referred to by name. The list is held against the references by a
 * test. */
void schema_put_definitions(struct jsonw *w)
{
    static const char rule[] = "{\"oneOf\":[{\"type\":\"string\"},{\"$ref\":\"#"
                               "/$defs/rule-object\"}]}";
    static const char words[] = "{\"propertyNames\":{\"enum\":[\"name\","
                                "\"words\"]},\"required\":[\"words\"]}";
    schema_put_family(w, "step", step_shapes, STEP_COUNT, "call", call_at,
                      NULL);
    jsonw_raw(w, "rule", rule, strlen(rule));
    schema_put_family(w, "rule-object", rule_shapes, RULE_DO_COUNT, "do",
                      action_at, words);
    schema_put_object(w, "set", &set_shape);
    schema_put_family(w, "forge", forge_shapes, 2, NULL, NULL, NULL);
    schema_put_family(w, "answer", answer_shapes, 2, NULL, NULL, NULL);
    schema_put_object(w, "icmp", &icmp_shape);
    schema_put_object(w, "options", &named_options_shape);
    schema_put_object(w, "way", &path_shape);
    schema_put_object(w, "path", &path_both_shape);
    schema_put_object(w, "sysctl", &sysctl_shape);
    schema_put_object(w, "expect", &expect_shape);
    schema_put_object(w, "long", &long_shape);
}

/* One pass, no state: made anew for each who asks, in well under a
 * millisecond. */
void json_scenario_schema(struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    jsonw_str(&w, "title", "Handshake Lab scenario");
    jsonw_str(&w, "description",
              "What both hosts call, what the wire does by itself, and what "
              "must come out.");
    jsonw_str(&w, "type", "object");
    put_properties(&w, &scenario_shape, scenario_shape.takes);
    put_names(&w, "required", &scenario_shape, scenario_shape.needs);
    jsonw_bool(&w, "additionalProperties", false);
    jsonw_open(&w, "$defs", '{');
    schema_put_definitions(&w);
    jsonw_close(&w, '}');
    jsonw_close(&w, '}');
}

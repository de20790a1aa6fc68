/* api_schema.c - the schemas of the OpenAPI document (components.schemas).
 *
 * What is asked is described by the tables that read it, names by the tables
 * that hold them. What is answered has no tables: it is described by hand in
 * answers.schema.json, which is part of the program, and every answer in the
 * tests is held against it. */
#include "schema_internal.h"
#include "scenario_internal.h"

#include "handshake/link.h"
#include "handshake/tcpstate.h"

#include <string.h>

enum { SCHEMAS_MAX_BYTES = 1024 * 1024 };

__asm__(".pushsection .rodata\n"
        "answers_schema:\n"
        ".incbin \"" ANSWERS_SCHEMA_FILE "\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char answers_schema[];

/* --- by hand ------------------------------------------------------------- */

/* Append JSON without blanks between its tokens. */
static void put_packed(struct buf *out, const char *json, size_t len)
{
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        bool escaped = in_string && json[i] == '\\' && i + 1 < len;
        if (json[i] == '"')
            in_string = !in_string;
        if (in_string || !strchr(" \n", json[i]))
            buf_append(out, json + i, escaped ? 2 : 1);
        i += escaped;
    }
}

/* What stands between the first brace and the last. */
static void put_members(struct buf *out, const char *json)
{
    const char *first = strchr(json, '{') + 1;
    const char *last = strrchr(json, '}');
    put_packed(out, first, (size_t)(last - first));
}

/* --- from tables --------------------------------------------------------- */

/* Names for enumerations and for schema_put_family(). */
static const char *decision_at(unsigned i)
{
    return decide_do_name((enum decide_do)i);
}

static const char *link_at(unsigned i)
{
    return link_name((enum link_kind)i);
}

static const char *host_at(unsigned i)
{
    return host_name((enum host_id)i);
}

static const char *fate_at(unsigned i)
{
    return fate_name((enum fate)i);
}

static const char *decider_at(unsigned i)
{
    return decider_name((enum decider)i);
}

static const char *state_at(unsigned i)
{
    return tcp_state_name((enum tcp_state)i);
}

/* "running" is no verdict. */
static const char *verdict_at(unsigned i)
{
    return verdict_name((enum verdict_code)(i + 1));
}

/* One of so many names. */
static void put_choice(struct jsonw *w, const char *name, unsigned count,
                       const char *(*name_of)(unsigned i))
{
    jsonw_open(w, name, '{');
    jsonw_open(w, "enum", '[');
    for (unsigned i = 0; i < count; i++)
        jsonw_str(w, NULL, name_of(i));
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

static void put_names(struct jsonw *w)
{
    put_choice(w, "link", LINK_COUNT, link_at);
    put_choice(w, "host", HOST_COUNT, host_at);
    put_choice(w, "fate", FATE_COUNT, fate_at);
    put_choice(w, "decider", DECIDER_COUNT, decider_at);
    put_choice(w, "tcp-state", TCP_STATE_COUNT, state_at);
    put_choice(w, "verdict-code", VERDICT_COUNT - 1, verdict_at);
    put_choice(w, "decision-kind", DECIDE_COUNT, decision_at);
}

static void put_requests(struct jsonw *w)
{
    schema_put_object(w, "run-request", &request_shape);
    schema_put_object(w, "run-options", &run_options_shape);
    schema_put_object(w, "wire-patch", &patch_shape);
    schema_put_object(w, "rule-changes", &patch_rules_shape);
    schema_put_object(w, "hold", &hold_shape);
    schema_put_family(w, "decision", decision_shapes, DECIDE_COUNT, "do",
                      decision_at, NULL);
    schema_put_object(w, "question", &question_shape);
    schema_put_object(w, "vote", &vote_shape);
    schema_put_object(w, "closing", &closing_shape);
}

/* The scenario without what it refers to, which has names of its own here. */
static void put_scenario(struct jsonw *w)
{
    schema_put_object(w, "scenario", &scenario_shape);
    schema_put_definitions(w);
}

/* --- all of it ----------------------------------------------------------- */

/* Schemas made from tables refer to each other as those of one schema do; in
 * the document they stand elsewhere. */
static void put_moved(struct buf *out, const char *text)
{
    static const char from[] = "\"#/$defs/", to[] = "\"#/components/schemas/";
    const char *next;
    while ((next = strstr(text, from))) {
        buf_append(out, text, (size_t)(next - text));
        buf_str(out, to);
        text = next + sizeof(from) - 1;
    }
    buf_str(out, text);
}

void json_api_schemas(struct buf *out)
{
    struct buf made;
    buf_init(&made, SCHEMAS_MAX_BYTES);
    struct jsonw w = jsonw_to(&made);
    put_names(&w);
    put_requests(&w);
    put_scenario(&w);
    put_members(out, answers_schema);
    buf_str(out, ",");
    put_moved(out, buf_text(&made));
    out->failed |= made.failed;
    buf_done(&made);
}

/* openapi.c - GET /api/openapi.json: the OpenAPI 3.1 document, made from the
 * tables of routes and operations and the schemas of src/json.
 *
 * Made once, when first asked for. HEAD and OPTIONS are said once for all, in
 * the description: a generated client gains nothing from two more operations
 * of each path. */
#include "openapi_internal.h"

#include "handshake/jsonwriter.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 64, REF_BYTES = 128, TYPE_BYTES = 64 };

static const char json_type[] = "application/json";

static const char about_all[] =
    "Real TCP handshakes between two Linux kernel endpoints, every segment "
    "passing through this program's hands. Members of answers may be added, "
    "none is renamed or taken away.\n\n"
    "HEAD answers as GET does, without the body. OPTIONS of any path gives 204 "
    "and Allow; a method it has not gives 405 and Allow. JSON of more than a "
    "packet comes gzipped to who accepts that. Errors are problems (RFC 9457) "
    "whose detail says what to do; a request so broken that its end cannot be "
    "told gets a plain 400, 414 or 431 and the end of the connection.\n\n"
    "A request that could change something is refused when it comes from a "
    "page of another site: programs send no Origin. Host must be localhost, "
    "an IP address of the server or a name it was told.";

static const struct {
    const char *name, *about;
} tags[] = {
    {"server", "The program and its machine."},
    {"scenarios", "What can be run."},
    {"runs", "Begin, follow, keep."},
    {"wire", "The wire of a run in your hands."},
    {"rooms", "A class votes."},
};

/* A header of an answer: its name, its bit, what it says. */
static const struct {
    unsigned bit;
    const char *name, *about;
    bool always;
} headers[] = {
    {HEADER_LOCATION, "Location", "Where the new thing is.", true},
    {HEADER_ETAG, "ETag", "For If-None-Match; not while it still changes.",
     false},
    {HEADER_LINK, "Link", "rel=\"next\": the next part, if there is one.",
     false},
    {HEADER_REPLAYED, "Idempotency-Replayed",
     "\"true\": the answer to a key that was known.", false},
    {HEADER_FILE, "Content-Disposition", "A name to save it under.", true},
};

/* --- pieces -------------------------------------------------------------- */

/* {"$ref": "#/components/KIND/NAME"} as a member or an element. */
static void put_ref(struct jsonw *w, const char *member, const char *kind,
                    const char *name)
{
    char ref[REF_BYTES];
    snprintf(ref, sizeof(ref), "#/components/%s/%s", kind, name);
    jsonw_open(w, member, '{');
    jsonw_str(w, "$ref", ref);
    jsonw_close(w, '}');
}

/* A schema by its name, or of two of them either. */
static void put_schema(struct jsonw *w, const char *names)
{
    char first[NAME_BYTES];
    const char *bar = strchr(names, '|');
    if (!bar) {
        put_ref(w, "schema", "schemas", names);
        return;
    }
    snprintf(first, sizeof(first), "%.*s", (int)(bar - names), names);
    jsonw_open(w, "schema", '{');
    jsonw_open(w, "anyOf", '[');
    put_ref(w, NULL, "schemas", first);
    put_ref(w, NULL, "schemas", bar + 1);
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

/* A header is a text whatever it says. */
static void put_header(struct jsonw *w, const char *name, const char *about,
                       bool always)
{
    jsonw_open(w, name, '{');
    if (about)
        jsonw_str(w, "description", about);
    if (always)
        jsonw_bool(w, "required", true);
    jsonw_open(w, "schema", '{');
    jsonw_str(w, "type", "string");
    jsonw_close(w, '}');
    jsonw_close(w, '}');
}

/* {"TYPE": {"schema": ...}} */
static void put_json_content(struct jsonw *w, const char *type,
                             const char *schema)
{
    jsonw_open(w, "content", '{');
    jsonw_open(w, type, '{');
    put_schema(w, schema);
    jsonw_close(w, '}');
    jsonw_close(w, '}');
}

/* What is no JSON is text or bytes; of lines and events it is said what each
 * of them is. */
static void put_other_content(struct jsonw *w, const char *types)
{
    jsonw_open(w, "content", '{');
    while (*types) {
        char type[TYPE_BYTES];
        size_t len = strcspn(types, " ");
        snprintf(type, sizeof(type), "%.*s", (int)len, types);
        types += len + (types[len] == ' ');
        jsonw_open(w, type, '{');
        jsonw_open(w, "schema", '{');
        jsonw_str(w, "type", "string");
        jsonw_close(w, '}');
        if (strstr(type, "event-stream") || strstr(type, "ndjson"))
            put_ref(w, "x-item-schema", "schemas", "event");
        jsonw_close(w, '}');
    }
    jsonw_close(w, '}');
}

/* --- operations ---------------------------------------------------------- */

/* A good answer: what it is, the headers it may have, its content. */
static void put_answer(struct jsonw *w, const struct answer_row *row)
{
    char status[12];
    snprintf(status, sizeof(status), "%u", row->status);
    jsonw_open(w, status, '{');
    jsonw_str(w, "description", row->about);
    if (row->headers) {
        jsonw_open(w, "headers", '{');
        for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
            if (row->headers & headers[i].bit)
                put_header(w, headers[i].name, headers[i].about,
                           headers[i].always);
        jsonw_close(w, '}');
    }
    if (row->schema)
        put_json_content(w, json_type, row->schema);
    else if (row->type)
        put_other_content(w, row->type);
    jsonw_close(w, '}');
}

/* Whether the route of op can end with that problem. */
static bool has_problem(const struct operation *op, const struct route *route,
                        const struct problem_row *row)
{
    bool of_body = row->status == MHD_HTTP_LENGTH_REQUIRED ||
                   row->status == MHD_HTTP_CONTENT_TOO_LARGE ||
                   row->status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    if (row->everywhere || (route->takes_body && of_body) ||
        (route->gives && row->status == MHD_HTTP_NOT_ACCEPTABLE))
        return true;
    for (size_t i = 0; i < OPERATION_PROBLEMS; i++)
        if (op->problems[i] == row->status)
            return true;
    return false;
}

/* Good answers in full, problems by reference: they are alike everywhere. */
static void put_responses(struct jsonw *w, const struct operation *op,
                          const struct route *route)
{
    char status[12];
    jsonw_open(w, "responses", '{');
    for (size_t i = 0; i < OPERATION_ANSWERS && op->answers[i].status; i++)
        put_answer(w, &op->answers[i]);
    for (size_t i = 0; i < problem_row_count; i++) {
        snprintf(status, sizeof(status), "%u", problem_rows[i].status);
        if (has_problem(op, route, &problem_rows[i]))
            put_ref(w, status, "responses", problem_rows[i].name);
    }
    jsonw_close(w, '}');
}

/* By reference; most are of several routes. */
static void put_params(struct jsonw *w, const struct operation *op)
{
    if (!op->params[0])
        return;
    jsonw_open(w, "parameters", '[');
    for (size_t i = 0; i < OPERATION_PARAMS && op->params[i]; i++)
        put_ref(w, NULL, "parameters", op->params[i]);
    jsonw_close(w, ']');
}

/* One method of one path. */
static void put_operation(struct jsonw *w, const struct operation *op,
                          const struct route *route)
{
    static const struct {
        enum method method;
        const char *name;
    } names[] = {{METHOD_GET, "get"},
                 {METHOD_POST, "post"},
                 {METHOD_DELETE, "delete"},
                 {METHOD_PATCH, "patch"}};
    size_t name = 0;
    while (names[name].method != route->method)
        name++;
    jsonw_open(w, names[name].name, '{');
    jsonw_str(w, "operationId", op->id);
    jsonw_open(w, "tags", '[');
    jsonw_str(w, NULL, op->tag);
    jsonw_close(w, ']');
    jsonw_str(w, "summary", op->summary);
    if (op->description)
        jsonw_str(w, "description", op->description);
    put_params(w, op);
    if (op->body) {
        jsonw_open(w, "requestBody", '{');
        jsonw_bool(w, "required", true);
        put_json_content(w, json_type, op->body);
        jsonw_close(w, '}');
    }
    put_responses(w, op, route);
    jsonw_close(w, '}');
}

/* Routes of one path are one item; a route nobody describes is left out, and a
 * test fails. */
static void put_path(struct jsonw *w, size_t first)
{
    const char *pattern = route_at(first)->pattern;
    jsonw_open(w, pattern, '{');
    for (size_t i = first; route_at(i); i++) {
        const struct route *route = route_at(i);
        const struct operation *op = operation_of(route);
        if (op && strcmp(route->pattern, pattern) == 0)
            put_operation(w, op, route);
    }
    jsonw_close(w, '}');
}

/* Rows of a path need not stand together. */
static bool is_first_of_its_path(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(route_at(i)->pattern, route_at(index)->pattern) == 0)
            return false;
    return true;
}

/* In the order of the route table. */
static void put_paths(struct jsonw *w)
{
    jsonw_open(w, "paths", '{');
    for (size_t i = 0; route_at(i); i++)
        if (is_first_of_its_path(i))
            put_path(w, i);
    jsonw_close(w, '}');
}

/* --- components ---------------------------------------------------------- */

/* Those in the path are always there, others never have to be. */
static void put_param_components(struct jsonw *w)
{
    jsonw_open(w, "parameters", '{');
    for (size_t i = 0; i < param_row_count; i++) {
        const struct param_row *row = &param_rows[i];
        jsonw_open(w, row->name, '{');
        jsonw_str(w, "name", row->param);
        jsonw_str(w, "in", row->in);
        jsonw_str(w, "description", row->about);
        if (strcmp(row->in, "path") == 0)
            jsonw_bool(w, "required", true);
        jsonw_raw(w, "schema", row->schema, strlen(row->schema));
        jsonw_close(w, '}');
    }
    jsonw_close(w, '}');
}

/* The body is the same; status, cause and header differ. */
static void put_problem_components(struct jsonw *w)
{
    jsonw_open(w, "responses", '{');
    for (size_t i = 0; i < problem_row_count; i++) {
        const struct problem_row *row = &problem_rows[i];
        jsonw_open(w, row->name, '{');
        jsonw_str(w, "description", row->about);
        if (row->header) {
            jsonw_open(w, "headers", '{');
            put_header(w, row->header, NULL, true);
            jsonw_close(w, '}');
        }
        put_json_content(w, "application/problem+json", "problem");
        jsonw_close(w, '}');
    }
    jsonw_close(w, '}');
}

/* All that operations refer to. */
static void put_components(struct jsonw *w)
{
    jsonw_open(w, "components", '{');
    put_param_components(w);
    put_problem_components(w);
    jsonw_open(w, "schemas", '{');
    json_api_schemas(w->out);
    jsonw_close(w, '}');
    jsonw_close(w, '}');
}

/* --- the document -------------------------------------------------------- */

/* What a reader sees first. */
static void put_info(struct jsonw *w)
{
    jsonw_open(w, "info", '{');
    jsonw_str(w, "title", "Handshake Lab");
    jsonw_str(w, "version", HANDSHAKE_VERSION);
    jsonw_str(w, "summary", "Watch, hold and break real TCP handshakes.");
    jsonw_str(w, "description", about_all);
    jsonw_open(w, "license", '{');
    jsonw_str(w, "name", "MIT");
    jsonw_str(w, "identifier", "MIT");
    jsonw_close(w, '}');
    jsonw_close(w, '}');
}

/* Chapters, in the order in which one meets them. */
static void put_tags(struct jsonw *w)
{
    jsonw_open(w, "tags", '[');
    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
        jsonw_open(w, NULL, '{');
        jsonw_str(w, "name", tags[i].name);
        jsonw_str(w, "description", tags[i].about);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

/* There are no accounts: anybody who reaches the server may use it. */
void openapi_write(struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "openapi", "3.1.0");
    put_info(&w);
    jsonw_open(&w, "servers", '[');
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "url", "/");
    jsonw_close(&w, '}');
    jsonw_close(&w, ']');
    jsonw_open(&w, "security", '[');
    jsonw_open(&w, NULL, '{');
    jsonw_close(&w, '}');
    jsonw_close(&w, ']');
    put_tags(&w);
    put_paths(&w);
    put_components(&w);
    jsonw_close(&w, '}');
}

/* Kept: it only changes with the program. */
enum MHD_Result handle_openapi(struct request *req)
{
    return respond_made(req, &req->http->kept[KEPT_OPENAPI], openapi_write);
}

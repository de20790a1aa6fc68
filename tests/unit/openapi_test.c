/* openapi_test.c - the OpenAPI document is made of two tables; here: that
 * neither has what the other lacks, that nothing in the document points to
 * nothing, and that every member a request can have is described. */
#include "test.h"

#include "openapi_internal.h"
#include "schema_internal.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_BYTES = 1024 * 1024 };

static cJSON *document;

static int make_document(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, DOCUMENT_BYTES);
    openapi_write(&out);
    document = out.failed ? NULL : cJSON_Parse(buf_text(&out));
    buf_done(&out);
    return document ? 0 : -1;
}

static int free_document(void **state)
{
    (void)state;
    cJSON_Delete(document);
    return 0;
}

/* --- routes and operations ----------------------------------------------- */

static void test_every_route_has_an_operation(void **state)
{
    (void)state;
    size_t routes = 0;
    for (; route_at(routes); routes++)
        if (!operation_of(route_at(routes)))
            fail_msg("%s %s has no row in operations.c",
                     method_name(route_at(routes)->method),
                     route_at(routes)->pattern);
    assert_true(routes > 20);
}

static const struct route *route_of(const struct operation *op)
{
    for (size_t i = 0; route_at(i); i++)
        if (route_at(i)->method == op->method &&
            strcmp(route_at(i)->pattern, op->pattern) == 0)
            return route_at(i);
    fail_msg("%s %s is no route", method_name(op->method), op->pattern);
    return NULL;
}

static void test_every_operation_has_a_route(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++)
        (void)route_of(operation_at(i));
}

static void test_operations_have_names_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++) {
        const struct operation *op = operation_at(i);
        assert_true(op->id && op->tag && op->summary);
        assert_true(op->answers[0].status > 0);
        assert_ptr_equal(operation_of(route_of(op)), op);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(operation_at(j)->id, op->id);
    }
}

static void test_bodies_are_described_where_they_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++) {
        const struct operation *op = operation_at(i);
        if (route_of(op)->takes_body != (op->body != NULL))
            fail_msg("%s: the tables disagree about its body", op->id);
    }
}

/* What a route is said to give is what its answers come as. */
static void test_types_are_those_of_the_routes(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++) {
        const struct operation *op = operation_at(i);
        const struct route *route = route_of(op);
        const struct answer_row *good = &op->answers[0];
        const char *type = good->schema ? "application/json" : good->type;
        if (route->gives && (!type || strcmp(type, route->gives) != 0))
            fail_msg("%s: the route gives %s, the answer is %s", op->id,
                     route->gives, type ? type : "nothing");
    }
}

static const struct param_row *param_named(const char *name)
{
    for (size_t i = 0; i < param_row_count; i++)
        if (strcmp(param_rows[i].name, name) == 0)
            return &param_rows[i];
    fail_msg("no parameter is called %s", name);
    return NULL;
}

/* Placeholders of the pattern and parameters in the path are the same. */
static void test_placeholders_are_parameters(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++) {
        const struct operation *op = operation_at(i);
        size_t placeholders = 0, in_path = 0;
        for (const char *c = op->pattern; *c; c++)
            placeholders += *c == '{';
        for (size_t p = 0; p < OPERATION_PARAMS && op->params[p]; p++) {
            const struct param_row *row = param_named(op->params[p]);
            char text[32];
            snprintf(text, sizeof(text), "{%s}", row->param);
            if (strcmp(row->in, "path") != 0)
                continue;
            in_path++;
            if (!strstr(op->pattern, text))
                fail_msg("%s: no %s in %s", op->id, text, op->pattern);
        }
        assert_int_equal(in_path, placeholders);
    }
}

static void test_problems_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i); i++) {
        const struct operation *op = operation_at(i);
        for (size_t p = 0; p < OPERATION_PROBLEMS && op->problems[p]; p++) {
            size_t row = 0;
            while (row < problem_row_count &&
                   problem_rows[row].status != op->problems[p])
                row++;
            if (row == problem_row_count)
                fail_msg("%s: nothing is known of %u", op->id, op->problems[p]);
        }
    }
}

/* --- the document -------------------------------------------------------- */

/* The part of the document that "#/a/b" points to. */
static const cJSON *target_of(const char *pointer)
{
    char path[128];
    const cJSON *at = document;
    assert_true(pointer[0] == '#' && strlen(pointer) < sizeof(path));
    strcpy(path, pointer + 1);
    for (char *name = strtok(path, "/"); name && at; name = strtok(NULL, "/"))
        at = cJSON_GetObjectItemCaseSensitive(at, name);
    return at;
}

static size_t check_references(const cJSON *item)
{
    size_t count = 0;
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        bool is_ref = child->string && strcmp(child->string, "$ref") == 0;
        if (is_ref && !target_of(child->valuestring))
            fail_msg("%s points to nothing", child->valuestring);
        count += is_ref + check_references(child);
    }
    return count;
}

static void test_references_point_to_something(void **state)
{
    (void)state;
    assert_true(check_references(document) > 100);
}

/* A name given twice would hide one of the two. */
static void test_no_schema_comes_twice(void **state)
{
    (void)state;
    const cJSON *schemas = target_of("#/components/schemas");
    for (const cJSON *a = schemas->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            assert_string_not_equal(a->string, b->string);
}

static void test_it_is_the_document_in_the_repository(void **state)
{
    (void)state;
    FILE *file = fopen(OPENAPI_FILE, "r");
    assert_non_null(file);
    char *text = calloc(1, DOCUMENT_BYTES);
    assert_non_null(text);
    assert_true(fread(text, 1, DOCUMENT_BYTES - 1, file) > 0);
    fclose(file);
    cJSON *kept = cJSON_Parse(text);
    free(text);
    if (!cJSON_Compare(kept, document, true))
        fail_msg("schema/openapi.json is out of date: run tools/schema");
    cJSON_Delete(kept);
}

/* --- bodies -------------------------------------------------------------- */

static const struct shape *const bodies[] = {
    &request_shape,  &run_options_shape, &decision_shapes[0],
    &patch_shape,    &patch_rules_shape, &hold_shape,
    &question_shape, &vote_shape,        &closing_shape,
};

static void test_every_member_of_a_body_is_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        for (size_t m = 0; m < bodies[i]->count; m++) {
            const struct member *member = &bodies[i]->members[m];
            const struct schema_row *row =
                schema_row_of(bodies[i]->members, member->name);
            if (!row)
                fail_msg("%s: `%s` has no row in api_rows.c", bodies[i]->what,
                         member->name);
            if (member->kind == MEMBER_CUSTOM && !row->json && !row->write)
                fail_msg("%s: the row of `%s` does not say how it looks",
                         bodies[i]->what, member->name);
        }
    }
}

static void test_every_row_is_of_a_member(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_row_count; i++) {
        const struct schema_row *row = &api_rows[i];
        assert_ptr_equal(schema_row_of(row->shape->members, row->member), row);
        size_t m = 0;
        while (m < row->shape->count &&
               strcmp(row->shape->members[m].name, row->member) != 0)
            m++;
        if (m == row->shape->count)
            fail_msg("%s has no member `%s`", row->shape->what, row->member);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_route_has_an_operation),
        cmocka_unit_test(test_every_operation_has_a_route),
        cmocka_unit_test(test_operations_have_names_of_their_own),
        cmocka_unit_test(test_bodies_are_described_where_they_are_read),
        cmocka_unit_test(test_types_are_those_of_the_routes),
        cmocka_unit_test(test_placeholders_are_parameters),
        cmocka_unit_test(test_problems_are_known),
        cmocka_unit_test(test_references_point_to_something),
        cmocka_unit_test(test_no_schema_comes_twice),
        cmocka_unit_test(test_it_is_the_document_in_the_repository),
        cmocka_unit_test(test_every_member_of_a_body_is_described),
        cmocka_unit_test(test_every_row_is_of_a_member),
    };
    return cmocka_run_group_tests(tests, make_document, free_document);
}

/* schema_test.c - the JSON Schema of scenarios is made of the tables that read
 * them; here: that nothing is missing, and that the file in the repository is
 * what the program says. */
#include "test.h"

#include "schema_internal.h"
#include "scenario_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every table of members a scenario is read by. */
static const struct shape *const tables[] = {
    &scenario_shape,      &step_shapes[0], &rule_shapes[0], &set_shape,
    &forge_shapes[0],     &icmp_shape,     &path_shape,     &path_both_shape,
    &named_options_shape, &expect_shape,   &long_shape,     &sysctl_shape,
};

static void test_schema_has_a_row_for_every_member(void **state)
{
    (void)state;
    for (size_t t = 0; t < ROWS_OF(tables); t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct member *m = &tables[t]->members[i];
            const struct schema_row *row =
                schema_row_of(tables[t]->members, m->name);
            if (!row)
                fail_msg("%s: `%s` has no row in schema_rows.c",
                         tables[t]->what, m->name);
            if (m->kind == MEMBER_CUSTOM && !row->json && !row->write)
                fail_msg("%s: the row of `%s` does not say how it looks",
                         tables[t]->what, m->name);
        }
    }
}

static void test_schema_has_a_member_for_every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < schema_row_count; i++) {
        const struct schema_row *row = &schema_rows[i];
        bool found = false;
        for (size_t m = 0; m < row->shape->count; m++)
            found |= strcmp(row->shape->members[m].name, row->member) == 0;
        if (!found)
            fail_msg("%s has no member `%s`", row->shape->what, row->member);
        assert_ptr_equal(schema_row_of(row->shape->members, row->member), row);
    }
}

/* Values in a shape's place that refer to nothing would let all pass. */
static void check_references(const cJSON *item, const cJSON *definitions)
{
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        const char *name = child->string ? child->string : "";
        static const char head[] = "#/$defs/";
        if (strcmp(name, "$ref") == 0) {
            assert_memory_equal(child->valuestring, head, strlen(head));
            const char *to = child->valuestring + strlen(head);
            if (!cJSON_GetObjectItemCaseSensitive(definitions, to))
                fail_msg("nothing is called %s", to);
        }
        check_references(child, definitions);
    }
}

static cJSON *made_schema(void)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    json_scenario_schema(&text);
    assert_false(text.failed);
    cJSON *doc = cJSON_Parse(buf_text(&text));
    buf_done(&text);
    assert_non_null(doc);
    return doc;
}

static void test_schema_is_json_and_refers_to_what_is_there(void **state)
{
    (void)state;
    cJSON *doc = made_schema();
    const cJSON *definitions = cJSON_GetObjectItemCaseSensitive(doc, "$defs");
    assert_true(cJSON_GetArraySize(definitions) > 8);
    check_references(doc, definitions);
    cJSON_Delete(doc);
}

static void test_schema_in_the_repository_is_this_one(void **state)
{
    (void)state;
    static char text[1 << 20];
    FILE *file = fopen(SCHEMA_FILE, "r");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    cJSON *kept = cJSON_Parse(text);
    cJSON *made = made_schema();
    if (!cJSON_Compare(kept, made, true))
        fail_msg("%s is out of date: make it anew with tools/schema",
                 SCHEMA_FILE);
    cJSON_Delete(kept);
    cJSON_Delete(made);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_has_a_row_for_every_member),
        cmocka_unit_test(test_schema_has_a_member_for_every_row),
        cmocka_unit_test(test_schema_is_json_and_refers_to_what_is_there),
        cmocka_unit_test(test_schema_in_the_repository_is_this_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

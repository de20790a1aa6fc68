/* request_json_test.c - the body of POST /api/runs, and problems as answers. */
#include "test.h"

#include "json_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct json_faults faults;

static int read_request(const char *text, struct run_request *ret)
{
    return json_run_request(text, strlen(text), ret, &faults);
}

static void check_fault(const char *text, int rc, const char *pointer,
                        const char *part)
{
    struct run_request req;
    assert_int_equal(read_request(text, &req), rc);
    run_request_done(&req);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].pointer, pointer);
    if (!strstr(faults.list[0].text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, faults.list[0].text);
}

static void test_request_by_id(void **state)
{
    (void)state;
    struct run_request req;
    assert_int_equal(read_request("{\"scenario\":\"open\"}", &req), 0);
    assert_ptr_equal(req.scenario, catalog_find("open"));
    assert_null(req.own);
    assert_false(req.wait);
    assert_int_equal(req.options.ip, 0);
    run_request_done(&req);
    assert_null(req.scenario);
}

static void test_request_with_everything(void **state)
{
    (void)state;
    struct run_request req;
    assert_int_equal(read_request("{\"scenario\":\"classic\",\"wait\":true,"
                                  "\"link\":\"wire\",\"hold\":false,"
                                  "\"options\":{\"ip\":6}}",
                                  &req),
                     0);
    assert_true(req.wait);
    assert_int_equal(req.options.ip, 6);
    run_request_done(&req);
}

static void test_request_with_own_scenario(void **state)
{
    (void)state;
    struct run_request req;
    assert_int_equal(
        read_request("{\"scenario\":{\"id\":\"mine\",\"title\":\"t\","
                     "\"client\":[{\"call\":\"connect\"}]}}",
                     &req),
        0);
    assert_non_null(req.own);
    assert_ptr_equal(req.scenario, req.own);
    assert_string_equal(req.own->id, "mine");
    run_request_done(&req);
    run_request_done(&req); /* twice is fine */
}

static void test_request_own_scenario_faults_have_their_place(void **state)
{
    (void)state;
    check_fault("{\"scenario\":{\"id\":\"mine\",\"title\":\"t\","
                "\"client\":[{\"call\":\"connect\",\"prot\":1}]}}",
                -EINVAL, "/scenario/client/0/prot", "unknown member");
}

static void test_request_unknown_scenario_is_enoent(void **state)
{
    (void)state;
    check_fault("{\"scenario\":\"opne\"}", -ENOENT, "/scenario",
                "no scenario is called \"opne\" (did you mean \"open\"?)");
    check_fault("{\"scenario\":\"zzzzzzzz\"}", -ENOENT, "/scenario",
                "no scenario is called \"zzzzzzzz\"; GET");
    struct run_request req;
    assert_int_equal(read_request("{\"scenario\":\"opne\",\"wait\":1}", &req),
                     -EINVAL);
    assert_int_equal(faults.count, 2);
    run_request_done(&req);
}

static void test_request_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer, *part;
    } rows[] = {
        {"{}", "", "needs the member `scenario`"},
        {"", "", "ends too early"},
        {"3", "", "must be an object, not a number"},
        {"{\"scenario\":3}", "/scenario", "not a number"},
        {"{\"scenario\":\"open\",\"wiat\":true}", "/wiat",
         "takes scenario, link, hold, wait, options"},
        {"{\"scenario\":\"open\",\"wait\":1}", "/wait", "true or false"},
        {"{\"scenario\":\"open\",\"options\":[]}", "/options", "an object"},
        {"{\"scenario\":\"open\",\"options\":{\"ip\":5}}", "/options/ip",
         "the number 4 or 6"},
        {"{\"scenario\":\"open\",\"options\":{\"ip\":\"4\"}}", "/options/ip",
         "the number 4 or 6"},
        {"{\"scenario\":\"open\",\"link\":\"tunnel\"}", "/link", "\"wire\""},
        {"{\"scenario\":\"open\",\"hold\":\"no\"}", "/hold", "true or false"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        check_fault(rows[i].text, -EINVAL, rows[i].pointer, rows[i].part);
}

static void test_request_link_is_chosen_or_left_open(void **state)
{
    (void)state;
    struct run_request req;
    static const char chosen[] =
        "{\"scenario\":\"open\",\"link\":\"loopback\"}";
    static const char left_open[] = "{\"scenario\":\"open\"}";
    assert_int_equal(
        json_run_request(chosen, sizeof(chosen) - 1, &req, &faults), 0);
    assert_true(req.options.link_chosen);
    assert_int_equal(req.options.link, LINK_LOOPBACK);
    run_request_done(&req);
    assert_int_equal(
        json_run_request(left_open, sizeof(left_open) - 1, &req, &faults), 0);
    assert_false(req.options.link_chosen);
    run_request_done(&req);
}

static void test_request_hold_and_conditions(void **state)
{
    (void)state;
    struct run_request req;
    assert_int_equal(
        read_request("{\"options\":{\"latency_ms\":12.5,\"jitter_ms\":0.25,"
                     "\"loss\":0.1,\"duplicate\":0.000001,\"reorder\":1,"
                     "\"seed\":9007199254740991,\"long\":true,"
                     "\"max_seconds\":3600},"
                     "\"hold\":true,\"scenario\":\"open\"}",
                     &req),
        0);
    assert_true(req.options.hold);
    assert_true(req.options.path_chosen);
    assert_true(req.options.long_form);
    assert_int_equal(req.options.path.latency_us, 12500);
    assert_int_equal(req.options.path.jitter_us, 250);
    assert_int_equal(req.options.path.loss_ppm, 100000);
    assert_int_equal(req.options.path.duplicate_ppm, 1);
    assert_int_equal(req.options.path.reorder_ppm, 1000000);
    assert_int_equal(req.options.seed, 9007199254740991);
    assert_int_equal(req.options.max_seconds, 3600);
    run_request_done(&req);
    assert_int_equal(read_request("{\"scenario\":\"open\"}", &req), 0);
    assert_false(req.options.hold);
    assert_false(req.options.path_chosen);
    run_request_done(&req);
}

static void test_request_option_faults(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *part;
    } rows[] = {
        {"latency_ms", "-1", "milliseconds from 0 to 600000"},
        {"latency_ms", "600000.1", "milliseconds from 0 to 600000"},
        {"latency_ms", "\"5\"", "milliseconds"},
        {"jitter_ms", "1e300", "milliseconds"},
        {"loss", "1.01", "a chance from 0 to 1"},
        {"loss", "-0.1", "a chance from 0 to 1"},
        {"reorder", "true", "a chance from 0 to 1"},
        {"seed", "1.5", "a whole number"},
        {"seed", "9007199254740992", "to 9007199254740991"},
        {"long", "1", "true or false"},
        {"max_seconds", "0", "from 1 to 3600"},
        {"max_seconds", "3601", "from 1 to 3600"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char text[96];
        char pointer[32];
        snprintf(text, sizeof(text),
                 "{\"scenario\":\"open\",\"options\":{\"%s\":%s}}",
                 rows[i].name, rows[i].value);
        snprintf(pointer, sizeof(pointer), "/options/%s", rows[i].name);
        check_fault(text, -EINVAL, pointer, rows[i].part);
    }
}

/* Before the scenario's own, in their order; the scenario itself is left as it
 * is. */
static void test_request_rules_come_first(void **state)
{
    (void)state;
    struct run_request req;
    const struct scenario *lost = catalog_find("syn-lost");
    size_t theirs = lost->wire.rule_count;
    assert_true(theirs > 0);
    assert_int_equal(
        read_request("{\"options\":{\"rules\":[\"server SYN,ACK nth 1 drop\","
                     "{\"name\":\"late\",\"do\":\"delay\",\"delay_ms\":5}]},"
                     "\"scenario\":\"syn-lost\"}",
                     &req),
        0);
    assert_true(req.options.rules_chosen);
    const struct wire_settings *wire = &req.scenario->wire;
    assert_int_equal(wire->rule_count, theirs + 2);
    assert_int_equal(wire->rules[0].from, HOST_SERVER);
    assert_string_equal(wire->rules[1].name, "late");
    assert_memory_equal(&wire->rules[2], &lost->wire.rules[0],
                        sizeof(wire->rules[2]));
    assert_int_equal(lost->wire.rule_count, theirs);
    run_request_done(&req);
    assert_int_equal(
        read_request("{\"scenario\":\"open\",\"options\":{\"rules\":[]}}",
                     &req),
        0);
    assert_false(req.options.rules_chosen);
    run_request_done(&req);
}

static void test_request_rule_faults_have_their_place(void **state)
{
    (void)state;
    check_fault("{\"scenario\":\"open\",\"options\":{\"rules\":\"drop\"}}",
                -EINVAL, "/options/rules", "must be an array of rules");
    check_fault("{\"scenario\":\"open\",\"options\":{\"rules\":[\"drop\","
                "\"client explode\"]}}",
                -EINVAL, "/options/rules/1", "explode");
    check_fault("{\"scenario\":{\"id\":\"m\",\"title\":\"t\",\"client\":[{"
                "\"call\":\"connect\"}],"
                "\"wire\":[{\"name\":\"a\",\"do\":\"pass\"}]},\"options\":{"
                "\"rules\":[{\"name\":\"a\",\"do\":\"drop\"}]}}",
                -EINVAL, "/options/rules/0", "another rule is called");
}

static void test_problem_without_faults(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    json_problem(&out, 404, "Not Found", "There is no run \"x\".", NULL);
    assert_string_equal(buf_text(&out),
                        "{\"type\":\"about:blank\",\"title\":\"Not Found\","
                        "\"status\":404,"
                        "\"detail\":\"There is no run \\\"x\\\".\"}");
    buf_done(&out);
}

static void test_problem_with_faults_is_utf8(void **state)
{
    (void)state;
    struct run_request req;
    /* The name is cut in the middle of a character. */
    char text[400] = "{\"scenario\":\"open\",\"a";
    for (int i = 0; i < 80; i++)
        strncat(text, "ö", sizeof(text) - strlen(text) - 1);
    strncat(text, "\":1}", sizeof(text) - strlen(text) - 1);
    assert_int_equal(read_request(text, &req), -EINVAL);
    run_request_done(&req);
    struct buf out;
    buf_init(&out, 4096);
    json_problem(&out, 400, "Bad Request", "See the faults.", &faults);
    cJSON *doc = cJSON_Parse(buf_text(&out));
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, "faults");
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_non_null(cJSON_GetObjectItem(list->child, "pointer"));
    assert_non_null(cJSON_GetObjectItem(list->child, "detail"));
    assert_non_null(strstr(buf_text(&out), "ö\xef\xbf\xbd\""));
    cJSON_Delete(doc);
    buf_done(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_by_id),
        cmocka_unit_test(test_request_with_everything),
        cmocka_unit_test(test_request_with_own_scenario),
        cmocka_unit_test(test_request_own_scenario_faults_have_their_place),
        cmocka_unit_test(test_request_unknown_scenario_is_enoent),
        cmocka_unit_test(test_request_faults),
        cmocka_unit_test(test_request_link_is_chosen_or_left_open),
        cmocka_unit_test(test_request_hold_and_conditions),
        cmocka_unit_test(test_request_option_faults),
        cmocka_unit_test(test_request_rules_come_first),
        cmocka_unit_test(test_request_rule_faults_have_their_place),
        cmocka_unit_test(test_problem_without_faults),
        cmocka_unit_test(test_problem_with_faults_is_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
    assert_int_equal(json_run_request(left_open, sizeof(left_open) - 1, &req, &faults),
                     0);
    assert_false(req.options.link_chosen);
    run_request_done(&req);
}

static void test_request_later_features_are_refused(void **state)
{
    (void)state;
    static const char later[] = "not available in this version";
    check_fault("{\"scenario\":\"open\",\"hold\":true}", -EINVAL, "/hold",
                later);
    static const char *const options[] = {"latency_ms", "loss", "reorder",
                                          "seed", "long"};
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
        char text[96];
        char pointer[32];
        snprintf(text, sizeof(text),
                 "{\"scenario\":\"open\",\"options\":{\"%s\":1}}", options[i]);
        snprintf(pointer, sizeof(pointer), "/options/%s", options[i]);
        check_fault(text, -EINVAL, pointer, later);
    }
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
        cmocka_unit_test(test_request_later_features_are_refused),
        cmocka_unit_test(test_problem_without_faults),
        cmocka_unit_test(test_problem_with_faults_is_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* scenario_expect.c - what must come out, in a scenario document.
 *
 * Lines about the wire and the kernels are texts in words, checked by the
 * functions of src/run that judge them later (scenario.h), so that a line that
 * is taken here is understood there. Results of calls are members named after
 * the call: {"connect": "ok", "connect second": "ETIMEDOUT"}. */
#include "scenario_internal.h"

#include <stdio.h>
#include <string.h>

enum { KEY_BYTES = 2 * STEP_NAME_BYTES };

/* --- results of calls ---------------------------------------------------- */

/* "ok", or an errno by its symbolic name. */
static bool is_result(const char *text)
{
    enum { HIGHEST_ERRNO = 133 };
    bool known = strcmp(text, "ok") == 0;
    for (int code = 1; code <= HIGHEST_ERRNO && !known; code++)
        known = strcmp(text, err_name(code)) == 0;
    return known;
}

/* "connect", or "connect second": the call, and which socket's. */
static bool split_key(const char *key, struct expect_call *call)
{
    size_t len = strcspn(key, " ");
    const char *on = key[len] ? key + len + 1 : "";
    if (len == 0 || len >= sizeof(call->call) ||
        strlen(on) >= sizeof(call->on) || strchr(on, ' '))
        return false;
    memcpy(call->call, key, len);
    snprintf(call->on, sizeof(call->on), "%.15s", on);
    return true;
}

/* One result: the name of the member says which call, its value what came out.
 */
static void read_call(struct reader *r, const cJSON *item, enum host_id host,
                      struct expect *expect)
{
    struct expect_call call = {.host = host};
    if (expect->call_count == SCENARIO_MAX_CALLS)
        reader_fault(r, "at most %d results are taken", SCENARIO_MAX_CALLS);
    else if (!split_key(item->string, &call))
        reader_fault(r, "the name must be a call, as \"connect\", or a call "
                        "and its socket, as \"connect second\"");
    else if (!cJSON_IsString(item) || !is_result(item->valuestring))
        reader_fault(r, "must be \"ok\" or an errno, as \"ECONNREFUSED\"");
    else {
        snprintf(call.result, sizeof(call.result), "%.15s", item->valuestring);
        expect->calls[expect->call_count++] = call;
    }
}

/* Any call may be named, so this object has no fixed members. */
static void read_calls(struct reader *r, const cJSON *item, enum host_id host,
                       struct expect *expect)
{
    if (!cJSON_IsObject(item)) {
        reader_fault(r, "must be an object of calls and their results, not %s",
                     value_kind(item));
        return;
    }
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        size_t before = reader_enter(r, child->string);
        read_call(r, child, host, expect);
        reader_leave(r, before);
    }
}

static void read_client_calls(struct reader *r, const cJSON *item, void *target)
{
    read_calls(r, item, HOST_CLIENT, target);
}

static void read_server_calls(struct reader *r, const cJSON *item, void *target)
{
    read_calls(r, item, HOST_SERVER, target);
}

/* An object without members need not be written. */
static bool expects_of(const struct expect *expect, enum host_id host)
{
    for (size_t i = 0; i < expect->call_count; i++)
        if (expect->calls[i].host == host)
            return true;
    return false;
}

/* In the order they were read. */
static void write_calls(struct jsonw *w, const char *name,
                        const struct expect *expect, enum host_id host)
{
    if (!expects_of(expect, host))
        return;
    jsonw_open(w, name, '{');
    for (size_t i = 0; i < expect->call_count; i++) {
        const struct expect_call *c = &expect->calls[i];
        char key[KEY_BYTES];
        snprintf(key, sizeof(key), "%s%s%s", c->call, c->on[0] ? " " : "",
                 c->on);
        if (c->host == host)
            jsonw_str(w, key, c->result);
    }
    jsonw_close(w, '}');
}

static void write_client_calls(struct jsonw *w, const char *name,
                               const void *target)
{
    write_calls(w, name, target, HOST_CLIENT);
}

static void write_server_calls(struct jsonw *w, const char *name,
                               const void *target)
{
    write_calls(w, name, target, HOST_SERVER);
}

/* --- the rest ------------------------------------------------------------ */

static const char *check_verdict(const char *text)
{
    for (enum verdict_code code = VERDICT_ESTABLISHED; code < VERDICT_COUNT;
         code++)
        if (strcmp(verdict_name(code), text) == 0)
            return NULL;
    return "must be a verdict, as \"established\" or \"timed-out\"";
}

/* [least, most] */
static void read_connect_ms(struct reader *r, const cJSON *item, void *target)
{
    static const struct member least = {
        .name = "0",
        .kind = MEMBER_U32,
        .offset = offsetof(struct expect, connect_min_ms),
        .max = STEP_MAX_MS};
    static const struct member most = {
        .name = "1",
        .kind = MEMBER_U32,
        .offset = offsetof(struct expect, connect_max_ms),
        .min = 1,
        .max = STEP_MAX_MS};
    if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != 2) {
        reader_fault(r, "must be two numbers: the least and the most");
        return;
    }
    shape_read_member(r, &least, cJSON_GetArrayItem(item, 0), target);
    shape_read_member(r, &most, cJSON_GetArrayItem(item, 1), target);
}

/* A most of 0 stands for "not asked". */
static void write_connect_ms(struct jsonw *w, const char *name,
                             const void *target)
{
    const struct expect *expect = target;
    if (expect->connect_max_ms == 0)
        return;
    jsonw_open(w, name, '[');
    jsonw_uint(w, NULL, expect->connect_min_ms);
    jsonw_uint(w, NULL, expect->connect_max_ms);
    jsonw_close(w, ']');
}

static const struct member expect_members[] = {
    ROW_CUSTOM("client", read_client_calls, write_client_calls),
    ROW_CUSTOM("server", read_server_calls, write_server_calls),
    ROW_LINES("segments", struct expect, segments, segment_count,
              SCENARIO_MAX_EXPECT, .check = expect_check_segment),
    ROW_LINES("no_segments", struct expect, no_segments, no_segment_count,
              SCENARIO_MAX_EXPECT, .check = expect_check_segment),
    ROW_LINES("states", struct expect, states, state_count, SCENARIO_MAX_EXPECT,
              .check = expect_check_state),
    ROW_LINES("end_states", struct expect, end_states, end_state_count,
              SCENARIO_MAX_EXPECT, .check = expect_check_state),
    ROW_LINES("counters", struct expect, counters, counter_count,
              SCENARIO_MAX_EXPECT, .check = expect_check_counter),
    ROW_FIELD(struct expect, verdict, MEMBER_TEXT, .min = 1,
              .check = check_verdict),
    ROW_CUSTOM("connect_ms", read_connect_ms, write_connect_ms),
};

const struct shape expect_shape = {
    .what = "`expect`",
    .members = expect_members,
    .count = ROWS_OF(expect_members),
    .takes = (1 << ROWS_OF(expect_members)) - 1,
};

void scenario_read_expect(struct reader *r, const cJSON *item, void *target)
{
    shape_read(r, &expect_shape, item, target);
}

void scenario_write_expect(struct jsonw *w, const char *name,
                           const void *target)
{
    jsonw_open(w, name, '{');
    shape_write(w, &expect_shape, target);
    jsonw_close(w, '}');
}

/* scenario_read.c - the tables that say what a scenario document holds, and the
 * reading by them. A new member of a step is one row and a bit; a new kind of
 * step one row. */
#include "json_internal.h"

#include "handshake/segment.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* --- what texts must look like -------------------------------------------- */

static const char *check_id(const char *text)
{
    static const char complaint[] =
        "must be small letters, digits and hyphens, as in \"syn-lost\"";
    for (const char *p = text; *p; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) &&
            *p != '-')
            return complaint;
    return NULL;
}

static const char *check_name(const char *text)
{
    static const char complaint[] =
        "must be a letter followed by letters and digits";
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p))
            return complaint;
    return isdigit((unsigned char)text[0]) ? complaint : NULL;
}

/* Length of the `{name}` or `{name+1}` at text, 0 when it is none. */
static size_t place_length(const char *text)
{
    size_t i = 1;
    while (isalnum((unsigned char)text[i]))
        i++;
    if (i == 1 || i > STEP_NAME_BYTES)
        return 0;
    if (text[i] == '+') {
        size_t digits = ++i;
        while (isdigit((unsigned char)text[i]))
            i++;
        if (i == digits)
            return 0;
    }
    return text[i] == '}' ? i + 1 : 0;
}

static const char *check_template(const char *text)
{
    while ((text = strchr(text, '{')) != NULL) {
        size_t len = text[1] == '{' ? 2 : place_length(text);
        if (len == 0)
            return "after `{` a variable must stand, as {c} or {c+1}; "
                   "a brace itself is {{";
        text += len;
    }
    return NULL;
}

static const char *check_result(const char *text)
{
    enum { HIGHEST_ERRNO = 133 };
    bool known = strcmp(text, "ok") == 0;
    for (int code = 1; code <= HIGHEST_ERRNO && !known; code++)
        known = strcmp(text, err_name(code)) == 0;
    return known ? NULL : "must be \"ok\" or an errno, as \"ECONNREFUSED\"";
}

/* "client SYN": flags exactly as segments are named everywhere. */
static const char *check_segment(const char *text)
{
    static const char complaint[] =
        "must be a host and its flags, as \"server SYN,ACK\"";
    char flags_text[SEGMENT_FLAGS_TEXT_BYTES];
    uint16_t flags;
    for (enum host_id host = 0; host < HOST_COUNT; host++) {
        size_t len = strlen(host_name(host));
        if (strncmp(text, host_name(host), len) != 0 || text[len] != ' ')
            continue;
        text += len + 1;
        if (segment_flags_parse(text, &flags) &&
            strcmp(segment_flags_text(flags, flags_text), text) == 0)
            return NULL;
    }
    return complaint;
}

/* --- rows ---------------------------------------------------------------- */

/* A row for a field of the same name as its member. */
#define TEXT_IN(type, field, ...)                                              \
    {                                                                          \
        .name = #field, .kind = MEMBER_TEXT, .offset = offsetof(type, field),  \
        .size = sizeof(((type *)0)->field), __VA_ARGS__                        \
    }
#define NUMBER_IN(type, field, width, least, most)                             \
    {                                                                          \
        .name = #field, .kind = width, .offset = offsetof(type, field),        \
        .min = least, .max = most                                              \
    }
/* Lines of text, and how many there are in `field_count`. */
#define LINES_IN(text, field, field_count, most, ...)                          \
    {                                                                          \
        .name = text, .kind = MEMBER_LINES,                                    \
        .offset = offsetof(struct scenario, field),                            \
        .size = sizeof(((struct scenario *)0)->field[0]),                      \
        .count_offset = offsetof(struct scenario, field_count), .max = most,   \
        __VA_ARGS__                                                            \
    }
#define CUSTOM(text, reader, writer)                                           \
    {                                                                          \
        .name = text, .kind = MEMBER_CUSTOM, .read = reader, .write = writer   \
    }

/* --- steps ---------------------------------------------------------------- */

/* `call` has been read before the shape was chosen. */
static void read_nothing(struct reader *r, const cJSON *item, void *target)
{
    (void)r;
    (void)item;
    (void)target;
}

/* The members of steps as bits of a shape. */
enum {
    CALL = 1 << 0,
    ON = 1 << 1,
    NAME = 1 << 2,
    TEXT = 1 << 3,
    PORT = 1 << 4,
    BACKLOG = 1 << 5,
    MS = 1 << 6,
    MIN = 1 << 7,
    MAX = 1 << 8,
    AFTER = 1 << 9
};

/* In the order of the bits above. Texts with min = 1 must not be empty. */
static const struct member step_members[] = {
    CUSTOM("call", read_nothing, write_step_call),
    TEXT_IN(struct step, on, .min = 1, .check = check_name),
    TEXT_IN(struct step, name, .min = 1, .check = check_name),
    TEXT_IN(struct step, text, .check = check_template),
    NUMBER_IN(struct step, port, MEMBER_U16, 1, UINT16_MAX),
    NUMBER_IN(struct step, backlog, MEMBER_U16, 1, UINT16_MAX),
    NUMBER_IN(struct step, ms, MEMBER_U32, 0, 600 * 1000),
    NUMBER_IN(struct step, min, MEMBER_U32, 0, UINT32_MAX),
    NUMBER_IN(struct step, max, MEMBER_U32, 0, UINT32_MAX),
    {.name = "after", .kind = MEMBER_LATER},
};

/* Every step takes `call` and needs it; what it needs it takes too. */
#define STEP_SHAPE(text, takes_bits, needs_bits)                               \
    {                                                                          \
        .what = text, .members = step_members,                                 \
        .count = sizeof(step_members) / sizeof(*step_members),                 \
        .takes = CALL | AFTER | (takes_bits) | (needs_bits),                   \
        .needs = CALL | (needs_bits)                                           \
    }

const struct shape step_shapes[] = {
    [STEP_LISTEN] = STEP_SHAPE("a `listen` step", ON | PORT | BACKLOG, 0),
    [STEP_CONNECT] = STEP_SHAPE("a `connect` step", ON | PORT, 0),
    [STEP_ACCEPT] = STEP_SHAPE("an `accept` step", ON, 0),
    [STEP_SEND] = STEP_SHAPE("a `send` step", ON, TEXT),
    [STEP_RECV] = STEP_SHAPE("a `recv` step", ON | TEXT, 0),
    [STEP_CLOSE] = STEP_SHAPE("a `close` step", ON, 0),
    [STEP_SLEEP] = STEP_SHAPE("a `sleep` step", 0, MS),
    [STEP_SET] = STEP_SHAPE("a `set` step", 0, NAME | MIN | MAX),
    [STEP_PRINT] = STEP_SHAPE("a `print` step", 0, TEXT),
};
static_assert(sizeof(step_shapes) / sizeof(*step_shapes) == STEP_COUNT,
              "a shape for each kind of step");

static void fault_unknown_call(struct reader *r)
{
    struct buf names;
    buf_init(&names, JSON_FAULT_BYTES);
    for (enum step_call call = 0; call < STEP_COUNT; call++)
        buf_printf(&names, "%s%s", call ? ", " : "", step_call_name(call));
    size_t before = reader_enter(r, "call");
    reader_fault(r, "must be one of %s", buf_text(&names));
    reader_leave(r, before);
    buf_done(&names);
}

static void read_step(struct reader *r, const cJSON *item, struct step *step)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "call");
    enum step_call call = STEP_COUNT;
    if (cJSON_IsString(name))
        for (call = 0; call < STEP_COUNT; call++)
            if (strcmp(name->valuestring, step_call_name(call)) == 0)
                break;
    if (call == STEP_COUNT) {
        fault_unknown_call(r);
        return;
    }
    step->call = call;
    shape_read(r, &step_shapes[call], item, step);
    if (call == STEP_SET && step->min > step->max)
        reader_fault(r, "`min` must not be more than `max`");
    if (call == STEP_SEND && cJSON_HasObjectItem(item, "text") &&
        !step->text[0])
        reader_fault(r, "a `send` step needs a text that is not empty");
}

static void read_steps(struct reader *r, const cJSON *item, struct scenario *sc,
                       enum host_id host)
{
    if (!cJSON_IsArray(item)) {
        reader_fault(r, "must be an array of steps, not %s", value_kind(item));
        return;
    }
    size_t index = 0;
    const cJSON *element;
    cJSON_ArrayForEach(element, item)
    {
        if (index == SCENARIO_MAX_STEPS) {
            reader_fault(r, "a host takes at most %d steps",
                         SCENARIO_MAX_STEPS);
            return;
        }
        size_t before = reader_enter_at(r, index);
        read_step(r, element, &sc->steps[host][index]);
        reader_leave(r, before);
        sc->step_count[host] = ++index;
    }
}

static void read_client_steps(struct reader *r, const cJSON *item, void *target)
{
    read_steps(r, item, target, HOST_CLIENT);
}

static void read_server_steps(struct reader *r, const cJSON *item, void *target)
{
    read_steps(r, item, target, HOST_SERVER);
}

/* --- expect and needs ----------------------------------------------------- */

static const struct member expect_client_members[] = {
    {.name = "connect",
     .kind = MEMBER_TEXT,
     .offset = offsetof(struct scenario, expect_connect),
     .size = STEP_NAME_BYTES,
     .min = 1,
     .check = check_result},
};

const struct shape expect_client_shape = {
    .what = "`expect` of the client",
    .members = expect_client_members,
    .count = 1,
    .takes = 1,
};

static void read_expect_client(struct reader *r, const cJSON *item,
                               void *target)
{
    shape_read(r, &expect_client_shape, item, target);
}

static const struct member expect_members[] = {
    CUSTOM("client", read_expect_client, write_expect_client),
    LINES_IN("segments", expect_segments, expect_segment_count,
             SCENARIO_MAX_EXPECT, .check = check_segment),
};

const struct shape expect_shape = {
    .what = "`expect`",
    .members = expect_members,
    .count = 2,
    .takes = 3,
};

static void read_expect(struct reader *r, const cJSON *item, void *target)
{
    shape_read(r, &expect_shape, item, target);
}

static void read_needs(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    const cJSON *element;
    bool known = cJSON_IsArray(item);
    cJSON_ArrayForEach(element, item)
    {
        known = known && cJSON_IsString(element) &&
                strcmp(element->valuestring, "wire") == 0;
        sc->needs_wire = true;
    }
    if (!known)
        reader_fault(r, "must be an array; this version knows the need "
                        "\"wire\" alone");
}

/* --- the whole document --------------------------------------------------- */

static const struct member scenario_members[] = {
    TEXT_IN(struct scenario, id, .min = 1, .check = check_id),
    TEXT_IN(struct scenario, title, .min = 1),
    TEXT_IN(struct scenario, group, .check = check_id),
    TEXT_IN(struct scenario, summary, .min = 0),
    LINES_IN("teaches", teaches, teaches_count, SCENARIO_MAX_LINES,
             .check = NULL),
    LINES_IN("rfc", rfc, rfc_count, SCENARIO_MAX_LINES, .check = NULL),
    CUSTOM("needs", read_needs, write_needs),
    CUSTOM("server", read_server_steps, write_server_steps),
    CUSTOM("client", read_client_steps, write_client_steps),
    CUSTOM("expect", read_expect, write_expect),
    {.name = "wire", .kind = MEMBER_LATER},
};

const struct shape scenario_shape = {
    .what = "a scenario",
    .members = scenario_members,
    .count = sizeof(scenario_members) / sizeof(*scenario_members),
    .takes = (1 << (sizeof(scenario_members) / sizeof(*scenario_members))) - 1,
    .needs = 1 | 2, /* id, title */
};

/* The server's port is that of its first listener. */
static uint16_t find_port(const struct scenario *sc)
{
    for (size_t i = 0; i < sc->step_count[HOST_SERVER]; i++) {
        const struct step *step = &sc->steps[HOST_SERVER][i];
        if (step->call == STEP_LISTEN && step->port)
            return step->port;
    }
    return SCENARIO_DEFAULT_PORT;
}

void scenario_from(struct reader *r, const cJSON *item, struct scenario *ret)
{
    size_t before = r->faults->count;
    *ret = (struct scenario){.port = 0};
    shape_read(r, &scenario_shape, item, ret);
    ret->port = find_port(ret);
    bool empty =
        ret->step_count[HOST_CLIENT] + ret->step_count[HOST_SERVER] == 0;
    if (empty && r->faults->count == before)
        reader_fault(r, "a scenario needs steps in `client` or `server`");
}

int json_scenario_read(const char *text, size_t len, struct scenario *ret_sc,
                       struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        scenario_from(&r, doc, ret_sc);
    cJSON_Delete(doc);
    return ret_faults->count > 0 ? -EINVAL : 0;
}

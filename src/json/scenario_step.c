/* scenario_step.c - the steps of a scenario document, by one table. A new
 * member is one row and a bit; a new kind of step one row.
 *
 * Every kind of step takes some of the same members and cannot do without some
 * of them; that is all its row says. What depends on two members at once is
 * looked at after the shape was read without a fault. */
#include "scenario_internal.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* --- what texts must look like ------------------------------------------- */

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

static const char *check_fails(const char *text)
{
    enum { HIGHEST_ERRNO = 133 };
    bool known = strcmp(text, "any") == 0;
    for (int code = 1; code <= HIGHEST_ERRNO && !known; code++)
        known = strcmp(text, err_name(code)) == 0;
    return known ? NULL : "must be an errno, as \"ETIMEDOUT\", or \"any\"";
}

/* --- members that are more than a field ---------------------------------- */

/* `call` has been read before the shape was chosen; `forge` is read after. */
static void read_nothing(struct reader *r, const cJSON *item, void *target)
{
    (void)r;
    (void)item;
    (void)target;
}

/* Twin of read_nothing(): written by the caller. */
static void write_nothing(struct jsonw *w, const char *name, const void *target)
{
    (void)w;
    (void)name;
    (void)target;
}

/* The name of what the step does. */
void write_step_call(struct jsonw *w, const char *name, const void *target)
{
    const struct step *step = target;
    jsonw_str(w, name, step_call_name(step->call));
}

/* False may be said, and means what leaving it out means. */
static void read_nonblock(struct reader *r, const cJSON *item, void *target)
{
    struct step *step = target;
    step->nonblock = cJSON_IsTrue(item);
    if (!cJSON_IsBool(item))
        reader_fault(r, "must be true or false, not %s", value_kind(item));
}

static void write_nonblock(struct jsonw *w, const char *name,
                           const void *target)
{
    const struct step *step = target;
    if (step->nonblock)
        jsonw_bool(w, name, true);
}

/* Both forms is what leaving it out means, and has no word. */
static void read_form(struct reader *r, const cJSON *item, void *target)
{
    struct step *step = target;
    for (enum step_form form = FORM_SHORT; form <= FORM_LONG; form++)
        if (cJSON_IsString(item) &&
            strcmp(item->valuestring, step_form_name(form)) == 0)
            step->form = form;
    if (step->form == FORM_BOTH)
        reader_fault(r, "must be \"short\" or \"long\"");
}

static void write_form(struct jsonw *w, const char *name, const void *target)
{
    const struct step *step = target;
    if (step->form != FORM_BOTH)
        jsonw_str(w, name, step_form_name(step->form));
}

/* The value of a socket option: a number, or for some a text. */
static void read_value(struct reader *r, const cJSON *item, void *target)
{
    static const struct member number =
        ROW_FIELD(struct step, value, MEMBER_U32, .max = UINT32_MAX);
    static const struct member text =
        ROW_FIELD(struct step, text, MEMBER_TEXT, .min = 1);
    shape_read_member(r, cJSON_IsString(item) ? &text : &number, item, target);
}

/* An option with a text has no number. */
static void write_value(struct jsonw *w, const char *name, const void *target)
{
    const struct step *step = target;
    if (step->text[0])
        jsonw_str(w, name, step->text);
    else
        jsonw_uint(w, name, step->value);
}

/* --- the table ----------------------------------------------------------- */

/* The members of steps as bits of a shape. */
enum {
    CALL = 1 << 0,
    ON = 1 << 1,
    FROM = 1 << 2,
    NAME = 1 << 3,
    TEXT = 1 << 4,
    BYTES = 1 << 5,
    PORT = 1 << 6,
    BACKLOG = 1 << 7,
    MS = 1 << 8,
    MIN = 1 << 9,
    MAX = 1 << 10,
    VALUE = 1 << 11,
    HOW = 1 << 12,
    NONBLOCK = 1 << 13,
    FORGE = 1 << 14,
    REPEAT = 1 << 15,
    FAILS = 1 << 16,
    AFTER = 1 << 17,
    FORM = 1 << 18
};

/* In the order of the bits above. Texts with min = 1 must not be empty. */
static const struct member step_members[] = {
    ROW_CUSTOM("call", read_nothing, write_step_call),
    ROW_FIELD(struct step, on, MEMBER_TEXT, .min = 1,
              .check = scenario_check_name),
    ROW_FIELD(struct step, from, MEMBER_TEXT, .min = 1,
              .check = scenario_check_name),
    ROW_FIELD(struct step, name, MEMBER_TEXT, .min = 1),
    ROW_FIELD(struct step, text, MEMBER_TEXT, .check = check_template),
    ROW_FIELD(struct step, bytes, MEMBER_U32, .min = 1, .max = STEP_MAX_BYTES),
    ROW_FIELD(struct step, port, MEMBER_U16, .min = 1, .max = UINT16_MAX),
    ROW_FIELD(struct step, backlog, MEMBER_U16, .min = 1, .max = UINT16_MAX),
    ROW_FIELD(struct step, ms, MEMBER_U32, .max = STEP_MAX_MS),
    ROW_FIELD(struct step, min, MEMBER_U32, .max = UINT32_MAX),
    ROW_FIELD(struct step, max, MEMBER_U32, .max = UINT32_MAX),
    ROW_CUSTOM("value", read_value, write_value),
    ROW_FIELD(struct step, how, MEMBER_TEXT, .min = 1),
    ROW_CUSTOM("nonblock", read_nonblock, write_nonblock),
    ROW_CUSTOM("forge", read_nothing, write_nothing),
    ROW_FIELD(struct step, repeat, MEMBER_U16, .min = 1,
              .max = STEP_MAX_REPEAT),
    ROW_FIELD(struct step, fails, MEMBER_TEXT, .min = 1, .check = check_fails),
    ROW_FIELD(struct step, after, MEMBER_TEXT, .min = 1,
              .check = condition_check),
    ROW_CUSTOM("form", read_form, write_form),
};
static_assert(ROWS_OF(step_members) == 19, "a bit for each member");

/* Every step takes these; what it needs it takes too. */
#define STEP_SHAPE(text, takes_bits, needs_bits)                               \
    {                                                                          \
        .what = text, .members = step_members, .count = ROWS_OF(step_members), \
        .takes = CALL | AFTER | FORM | (takes_bits) | (needs_bits),            \
        .needs = CALL | (needs_bits)                                           \
    }

/* What a call on a socket takes besides its own. */
#define SOCKET_CALL (ON | REPEAT | FAILS)

const struct shape step_shapes[] = {
    [STEP_LISTEN] =
        STEP_SHAPE("a `listen` step", ON | FAILS | PORT | BACKLOG, 0),
    [STEP_CONNECT] =
        STEP_SHAPE("a `connect` step", SOCKET_CALL | PORT | NONBLOCK, 0),
    [STEP_ACCEPT] =
        STEP_SHAPE("an `accept` step", SOCKET_CALL | FROM | NONBLOCK, 0),
    [STEP_SEND] = STEP_SHAPE("a `send` step", SOCKET_CALL | TEXT | BYTES, 0),
    [STEP_RECV] = STEP_SHAPE("a `recv` step", SOCKET_CALL | TEXT | BYTES, 0),
    [STEP_CLOSE] = STEP_SHAPE("a `close` step", SOCKET_CALL, 0),
    [STEP_SLEEP] = STEP_SHAPE("a `sleep` step", 0, MS),
    [STEP_SET] = STEP_SHAPE("a `set` step", 0, NAME | MIN | MAX),
    [STEP_PRINT] = STEP_SHAPE("a `print` step", REPEAT, TEXT),
    [STEP_SOCKET] = STEP_SHAPE("a `socket` step", SOCKET_CALL | HOW, 0),
    [STEP_BIND] = STEP_SHAPE("a `bind` step", SOCKET_CALL, PORT),
    [STEP_OPTION] = STEP_SHAPE("an `option` step", ON | FAILS, NAME | VALUE),
    [STEP_SHUTDOWN] = STEP_SHAPE("a `shutdown` step", ON | FAILS | HOW, 0),
    [STEP_CRASH] = STEP_SHAPE("a `crash` step", SOCKET_CALL, 0),
    [STEP_WAIT] = STEP_SHAPE("a `wait` step", 0, AFTER),
    [STEP_ROUTE] = STEP_SHAPE("a `route` step", 0, HOW),
    [STEP_INJECT] = STEP_SHAPE("an `inject` step", REPEAT | FAILS, FORGE),
};
static_assert(sizeof(step_shapes) / sizeof(*step_shapes) == STEP_COUNT,
              "a shape for each kind of step");

/* --- reading ------------------------------------------------------------- */

/* All names there are: whoever mistypes one finds it here. */
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

/* A fault at a member of the step, unless the complaint is NULL. */
static void fault_at_member(struct reader *r, const char *member,
                            const char *complaint)
{
    if (!complaint)
        return;
    size_t before = reader_enter(r, member);
    reader_fault(r, "%s", complaint);
    reader_leave(r, before);
}

/* Which kind of value it takes depends on the option. */
static void check_option(struct reader *r, const cJSON *item,
                         const struct step *step)
{
    const char *complaint = sockopt_check(step->name);
    fault_at_member(r, "name", complaint);
    bool text = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(item, "value"));
    if (!complaint && text != sockopt_takes_text(step->name))
        fault_at_member(r, "value",
                        text ? "this option takes a number"
                             : "this option takes a text");
    else if (!complaint && step->value > sockopt_most(step->name))
        fault_at_member(r, "value", "is more than 2147483647");
}

/* What one member alone cannot show. */
static void check_step(struct reader *r, const cJSON *item,
                       const struct step *step)
{
    if (step->call == STEP_SET && step->min > step->max)
        reader_fault(r, "`min` must not be more than `max`");
    if (step->call == STEP_SET && step->name[0])
        fault_at_member(r, "name",
                        strlen(step->name) < STEP_NAME_BYTES
                            ? scenario_check_name(step->name)
                            : "is longer than 15 bytes");
    if (step->call == STEP_SEND && !step->text[0] && !step->bytes)
        reader_fault(r, "a `send` step needs a text that is not empty, or "
                        "`bytes`");
    if (step->text[0] && step->bytes)
        reader_fault(r, "takes `text` or `bytes`, not both");
    if (step->call == STEP_OPTION && step->name[0])
        check_option(r, item, step);
    if (step->call == STEP_SHUTDOWN)
        fault_at_member(r, "how", shutdown_check(step->how));
    if (step->call == STEP_SOCKET)
        fault_at_member(r, "how", socket_check(step->how));
    if (step->call == STEP_ROUTE && step->how[0])
        fault_at_member(r, "how", route_check(step->how));
}

/* Forged segments are large, so they lie in a table of the scenario and the
 * step holds the index. */
static void read_forge(struct reader *r, const cJSON *item, struct scenario *sc,
                       struct step *step)
{
    size_t before = reader_enter(r, "forge");
    if (sc->forge_count == SCENARIO_MAX_FORGES) {
        reader_fault(r, "a scenario injects at most %d kinds of segments",
                     SCENARIO_MAX_FORGES);
    } else {
        step->forge = (uint8_t)sc->forge_count;
        forge_read(r, item, false, &sc->forges[sc->forge_count++]);
    }
    reader_leave(r, before);
}

/* The name of the call chooses the shape, the shape reads the rest. A step with
 * faults is not looked at further: one mistake, one fault. */
static void read_step(struct reader *r, const cJSON *item, struct scenario *sc,
                      struct step *step)
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
    size_t faults = r->faults->count;
    step->call = call;
    shape_read(r, &step_shapes[call], item, step);
    if (r->faults->count > faults)
        return;
    check_step(r, item, step);
    if (call == STEP_INJECT)
        read_forge(r, cJSON_GetObjectItemCaseSensitive(item, "forge"), sc,
                   step);
}

/* Bounded here, since the array in the struct is. */
void scenario_read_steps(struct reader *r, const cJSON *item,
                         struct scenario *sc, enum host_id host)
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
        read_step(r, element, sc, &sc->steps[host][index]);
        reader_leave(r, before);
        sc->step_count[host] = ++index;
    }
}

/* --- writing ------------------------------------------------------------- */

void scenario_write_steps(struct jsonw *w, const char *name,
                          const struct scenario *sc, enum host_id host)
{
    jsonw_open(w, name, '[');
    for (size_t i = 0; i < sc->step_count[host]; i++) {
        const struct step *step = &sc->steps[host][i];
        jsonw_open(w, NULL, '{');
        shape_write(w, &step_shapes[step->call], step);
        if (step->call == STEP_INJECT)
            forge_write(w, "forge", false, &sc->forges[step->forge]);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

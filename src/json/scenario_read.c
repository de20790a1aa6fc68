/* scenario_read.c - the table that says what a scenario document holds, and the
 * reading by it. Steps and expectations have files of their own.
 *
 * A document is read whole whatever is wrong with it, so that its writer gets
 * every fault at once, each with its JSON pointer. What a scenario uses it also
 * needs, whether it says so or not: a rule needs the wire, a sysctl the right
 * to write it. */
#include "scenario_internal.h"

#include "handshake/settle.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- what texts must look like ------------------------------------------- */

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

/* Names end up in conditions and templates, where blanks part words. */
const char *scenario_check_name(const char *text)
{
    static const char complaint[] =
        "must be a letter followed by letters and digits";
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p))
            return complaint;
    return isdigit((unsigned char)text[0]) ? complaint : NULL;
}

/* --- steps and expect ---------------------------------------------------- */

static void read_client_steps(struct reader *r, const cJSON *item, void *target)
{
    scenario_read_steps(r, item, target, HOST_CLIENT);
}

static void read_server_steps(struct reader *r, const cJSON *item, void *target)
{
    scenario_read_steps(r, item, target, HOST_SERVER);
}

static void read_expect(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    scenario_read_expect(r, item, &sc->expect);
}

/* --- the long form ------------------------------------------------------- */

static void read_long_expect(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    scenario_read_expect(r, item, &sc->expect_long);
}

static const struct member long_members[] = {
    {.name = "seconds",
     .kind = MEMBER_U32,
     .offset = offsetof(struct scenario, long_seconds),
     .min = 1,
     .max = SCENARIO_MAX_SECONDS},
    ROW_CUSTOM("expect", read_long_expect, write_long_expect),
};

const struct shape long_shape = {
    .what = "`long`",
    .members = long_members,
    .count = ROWS_OF(long_members),
    .takes = 3,
    .needs = 3,
};

/* What is not said here is as in the short form. */
static void read_long(struct reader *r, const cJSON *item, void *target)
{
    shape_read(r, &long_shape, item, target);
}

/* --- needs --------------------------------------------------------------- */

/* The names of `handshake doctor`. */
static bool read_need(const char *name, struct scenario *sc)
{
    bool known = strcmp(name, "wire") == 0;
    sc->needs_wire |= known;
    for (enum kernel_feature f = 0; f < FEATURE_COUNT; f++)
        if (strcmp(name, kernel_feature_name(f)) == 0) {
            sc->needs_features |= 1u << f;
            known = true;
        }
    return known;
}

/* Names all needs there are. */
static void fault_needs(struct reader *r)
{
    struct buf names;
    buf_init(&names, JSON_FAULT_BYTES);
    for (enum kernel_feature f = 0; f < FEATURE_COUNT; f++)
        buf_printf(&names, ", \"%s\"", kernel_feature_name(f));
    reader_fault(r, "must be an array of needs; there are \"wire\"%s",
                 buf_text(&names));
    buf_done(&names);
}

static void read_needs(struct reader *r, const cJSON *item, void *target)
{
    const cJSON *element;
    bool known = cJSON_IsArray(item);
    cJSON_ArrayForEach(element, item)
    {
        known = known && cJSON_IsString(element) &&
                read_need(element->valuestring, target);
    }
    if (!known)
        fault_needs(r);
}

/* For scenarios about ICMP, whose numbers differ between the two. */
static void read_ip(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (value == 4 || value == 6)
        sc->ip = (uint8_t)value;
    else
        reader_fault(r, "must be 4 or 6");
}

/* --- sysctls ------------------------------------------------------------- */

/* The value as it is written below /proc/sys: a text, or a whole number. */
static const char *sysctl_value(const cJSON *item, char *text, size_t cap)
{
    if (cJSON_IsString(item) && strlen(item->valuestring) < cap)
        snprintf(text, cap, "%s", item->valuestring);
    else if (cJSON_IsNumber(item))
        snprintf(text, cap, "%d", item->valueint);
    else
        return "must be a number, or a short text of numbers";
    return sysctl_check_value(text);
}

/* The name stands on the member, checked against the table of src/run. */
static void read_sysctl(struct reader *r, const cJSON *item,
                        struct scenario *sc, enum host_id host)
{
    struct sysctl_setting s = {.host = host};
    const char *complaint = sysctl_check(item->string);
    if (!complaint)
        complaint = sysctl_value(item, s.value, sizeof(s.value));
    if (complaint) {
        reader_fault(r, "%s", complaint);
    } else if (sc->sysctl_count == SCENARIO_MAX_SYSCTLS) {
        reader_fault(r, "at most %d sysctls are taken", SCENARIO_MAX_SYSCTLS);
    } else {
        snprintf(s.name, sizeof(s.name), "%.39s", item->string);
        sc->sysctls[sc->sysctl_count++] = s;
    }
}

/* Members in the order of the document: the kernel is told in that order. */
static void read_sysctls(struct reader *r, const cJSON *item, void *target,
                         enum host_id host)
{
    const cJSON *child;
    if (!cJSON_IsObject(item))
        reader_fault(r, "must be an object of sysctls, not %s",
                     value_kind(item));
    cJSON_ArrayForEach(child, item)
    {
        if (!child->string)
            return;
        size_t before = reader_enter(r, child->string);
        read_sysctl(r, child, target, host);
        reader_leave(r, before);
    }
}

static void read_client_sysctls(struct reader *r, const cJSON *item,
                                void *target)
{
    read_sysctls(r, item, target, HOST_CLIENT);
}

static void read_server_sysctls(struct reader *r, const cJSON *item,
                                void *target)
{
    read_sysctls(r, item, target, HOST_SERVER);
}

static const struct member sysctl_members[] = {
    ROW_CUSTOM("client", read_client_sysctls, NULL),
    ROW_CUSTOM("server", read_server_sysctls, NULL),
};

const struct shape sysctl_shape = {
    .what = "`sysctl`",
    .members = sysctl_members,
    .count = ROWS_OF(sysctl_members),
    .takes = 3,
};

static void read_sysctl_member(struct reader *r, const cJSON *item,
                               void *target)
{
    shape_read(r, &sysctl_shape, item, target);
}

/* --- the wire ------------------------------------------------------------ */

static void read_wire(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    wire_rules_read(r, item, &sc->wire);
}

static void read_path(struct reader *r, const cJSON *item, void *target)
{
    struct scenario *sc = target;
    wire_path_read(r, item, &sc->wire);
}

/* --- the whole document -------------------------------------------------- */

static const struct member scenario_members[] = {
    ROW_FIELD(struct scenario, id, MEMBER_TEXT, .min = 1, .check = check_id),
    ROW_FIELD(struct scenario, title, MEMBER_TEXT, .min = 1),
    ROW_FIELD(struct scenario, group, MEMBER_TEXT, .check = check_id),
    ROW_FIELD(struct scenario, summary, MEMBER_TEXT, .min = 0),
    ROW_FIELD(struct scenario, why, MEMBER_TEXT, .min = 0),
    ROW_FIELD(struct scenario, notes, MEMBER_TEXT, .min = 0),
    ROW_LINES("teaches", struct scenario, teaches, teaches_count,
              SCENARIO_MAX_LINES, .check = NULL),
    ROW_LINES("rfc", struct scenario, rfc, rfc_count, SCENARIO_MAX_LINES,
              .check = NULL),
    ROW_FIELD(struct scenario, next, MEMBER_TEXT, .check = check_id),
    ROW_FIELD(struct scenario, seconds, MEMBER_U32, .min = 0,
              .max = SCENARIO_MAX_SECONDS),
    ROW_CUSTOM("needs", read_needs, write_needs),
    ROW_CUSTOM("ip", read_ip, write_ip),
    ROW_CUSTOM("sysctl", read_sysctl_member, write_sysctls),
    ROW_CUSTOM("server", read_server_steps, write_server_steps),
    ROW_CUSTOM("client", read_client_steps, write_client_steps),
    ROW_CUSTOM("wire", read_wire, write_wire_rules),
    ROW_CUSTOM("path", read_path, write_wire_path),
    {.name = "seed",
     .kind = MEMBER_U64,
     .offset = offsetof(struct scenario, wire.seed)},
    ROW_CUSTOM("expect", read_expect, write_expect),
    ROW_CUSTOM("long", read_long, write_long),
};

const struct shape scenario_shape = {
    .what = "a scenario",
    .members = scenario_members,
    .count = ROWS_OF(scenario_members),
    .takes = (1 << ROWS_OF(scenario_members)) - 1,
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

/* Whether a step works on the wire alone. */
static bool wants_wire(const struct step *step)
{
    return step->call == STEP_INJECT || step->call == STEP_ROUTE ||
           step->call == STEP_CRASH;
}

/* What a scenario uses, it needs, whether it says so or not. */
static void imply_needs(struct scenario *sc)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        for (size_t i = 0; i < sc->step_count[h]; i++)
            sc->needs_wire |= wants_wire(&sc->steps[h][i]);
    if (sc->sysctl_count)
        sc->needs_features |= 1u << FEATURE_SYSCTL;
    sc->needs_wire |= sc->wire.rule_count > 0 || wire_path_any(&sc->wire) ||
                      sc->sysctl_count > 0;
}

/* The struct is compared byte for byte in tests, so its padding is cleared too.
 */
void scenario_from(struct reader *r, const cJSON *item, struct scenario *ret)
{
    size_t before = r->faults->count;
    memset(ret, 0, sizeof(*ret));
    shape_read(r, &scenario_shape, item, ret);
    ret->port = find_port(ret);
    imply_needs(ret);
    bool empty =
        ret->step_count[HOST_CLIENT] + ret->step_count[HOST_SERVER] == 0;
    if (empty && r->faults->count == before)
        reader_fault(r, "a scenario needs steps in `client` or `server`");
}

/* The document is freed before anything is returned. */
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

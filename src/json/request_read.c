/* request_read.c - the body of POST /api/runs.
 *
 * The order of members does not matter: a scenario may stand behind the
 * options that are read over its conditions. What hangs on the link or the
 * machine is not judged here but where the run begins (registry_start). */
#include "schema_internal.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- options ------------------------------------------------------------- */

/* Which version of IP the run speaks; the scenario may know one alone. */
static void read_ip(struct reader *r, const cJSON *item, void *target)
{
    struct run_options *options = target;
    double version = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (version == 4 || version == 6)
        options->ip = version == 4 ? 4 : 6;
    else
        reader_fault(r, "must be the number 4 or 6");
}

/* One condition for both ways; its name is the item's own. */
static void read_condition(struct reader *r, const cJSON *item, void *target)
{
    struct run_options *options = target;
    options->path_chosen = true;
    (void)path_read_member(r, item->string, item, &options->path);
}

/* Rules become part of the scenario: complete_rules() reads them. */
static void read_rules_later(struct reader *r, const cJSON *item, void *target)
{
    (void)r;
    (void)item;
    (void)target;
}

/* What is other than the scenario says. Bounds are those of run.h. */
static const struct member option_members[] = {
    {.name = "ip", .kind = MEMBER_CUSTOM, .read = read_ip},
    {.name = "latency_ms", .kind = MEMBER_CUSTOM, .read = read_condition},
    {.name = "jitter_ms", .kind = MEMBER_CUSTOM, .read = read_condition},
    {.name = "loss", .kind = MEMBER_CUSTOM, .read = read_condition},
    {.name = "duplicate", .kind = MEMBER_CUSTOM, .read = read_condition},
    {.name = "reorder", .kind = MEMBER_CUSTOM, .read = read_condition},
    {.name = "seed",
     .kind = MEMBER_U64,
     .offset = offsetof(struct run_options, seed)},
    {.name = "long",
     .kind = MEMBER_BOOL,
     .offset = offsetof(struct run_options, long_form)},
    {.name = "max_seconds",
     .kind = MEMBER_U32,
     .offset = offsetof(struct run_options, max_seconds),
     .min = 1,
     .max = RUN_MAX_SECONDS},
    {.name = "rules", .kind = MEMBER_CUSTOM, .read = read_rules_later},
};

const struct shape run_options_shape = {
    .what = "`options`",
    .members = option_members,
    .count = sizeof(option_members) / sizeof(*option_members),
    .takes = (1 << (sizeof(option_members) / sizeof(*option_members))) - 1,
};

/* An object of its own, so that a request stays readable. */
static void read_options(struct reader *r, const cJSON *item, void *target)
{
    struct run_request *req = target;
    shape_read(r, &run_options_shape, item, &req->options);
}

/* Conditions that are not given stay those of the scenario, which may stand
 * behind the options in the document: read them again over it. */
static void complete_path(const cJSON *doc, struct run_request *req)
{
    struct run_options *options = &req->options;
    struct json_faults ignored;
    struct reader r = reader_to(&ignored);
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(doc, "options");
    const cJSON *item;
    if (!options->path_chosen)
        return;
    options->path = req->scenario->wire.path[HOST_CLIENT];
    cJSON_ArrayForEach(item, given)
    {
        (void)path_read_member(&r, item->string, item, &options->path);
    }
}

/* Make the scenario one's own, so that it can be added to. */
static bool own_scenario(struct run_request *req)
{
    if (req->own)
        return true;
    req->own = malloc(sizeof(*req->own));
    if (!req->own)
        return false;
    *req->own = *req->scenario;
    req->scenario = req->own;
    return true;
}

/* The last `more` rules in front of the others, since the first that fits
 * decides. */
static void put_first(struct wire_settings *wire, size_t more)
{
    struct rule last;
    for (size_t i = 0; i < more; i++) {
        last = wire->rules[wire->rule_count - 1];
        memmove(wire->rules + 1, wire->rules,
                (wire->rule_count - 1) * sizeof(*wire->rules));
        wire->rules[0] = last;
    }
}

/* Whatever the scenario is and wherever it stands in the document, its rules
 * are there first: they take names and room. Going back to what the scenario
 * began with keeps these rules too. */
static void complete_rules(struct reader *r, const cJSON *doc,
                           struct run_request *req)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(doc, "options"), "rules");
    if (!item || !req->scenario)
        return;
    size_t before = reader_enter(r, "options");
    (void)reader_enter(r, "rules");
    if (own_scenario(req)) {
        struct wire_settings *wire = &req->own->wire;
        size_t theirs = wire->rule_count;
        wire_rules_read(r, item, wire);
        put_first(wire, wire->rule_count - theirs);
        req->options.rules_chosen = wire->rule_count > theirs;
    } else {
        reader_fault(r, "there is no memory for these rules");
    }
    reader_leave(r, before);
}

/* --- the request --------------------------------------------------------- */

/* An id that is nearly right gets a guess. */
static void find_scenario(struct reader *r, const char *id,
                          struct run_request *req)
{
    req->scenario = catalog_find(id);
    if (req->scenario)
        return;
    const struct scenario *near = catalog_nearest(id);
    r->unknown_scenario = true;
    reader_fault(r,
                 "no scenario is called \"%.60s\"%s%s%s; GET /api/scenarios "
                 "lists them",
                 id, near ? " (did you mean \"" : "", near ? near->id : "",
                 near ? "\"?)" : "");
}

/* By id, or as a document of one's own. */
static void read_scenario(struct reader *r, const cJSON *item, void *target)
{
    struct run_request *req = target;
    if (cJSON_IsString(item)) {
        find_scenario(r, item->valuestring, req);
        return;
    }
    if (!cJSON_IsObject(item)) {
        reader_fault(r, "must be the id of a scenario or a scenario, not %s",
                     value_kind(item));
        return;
    }
    req->own = malloc(sizeof(*req->own));
    if (req->own)
        scenario_from(r, item, req->own);
    else
        reader_fault(r, "there is no memory for this scenario");
    req->scenario = req->own;
}

/* None given means the best there is here. */
static void read_link(struct reader *r, const cJSON *item, void *target)
{
    struct run_request *req = target;
    const char *name = cJSON_IsString(item) ? item->valuestring : "";
    req->options.link_chosen = link_parse(name, &req->options.link);
    if (!req->options.link_chosen)
        reader_fault(r, "must be \"wire\", \"loopback\" or \"sockets\"");
}

static const struct member request_members[] = {
    {.name = "scenario", .kind = MEMBER_CUSTOM, .read = read_scenario},
    {.name = "link", .kind = MEMBER_CUSTOM, .read = read_link},
    {.name = "hold",
     .kind = MEMBER_BOOL,
     .offset = offsetof(struct run_request, options.hold)},
    {.name = "wait",
     .kind = MEMBER_BOOL,
     .offset = offsetof(struct run_request, wait)},
    {.name = "options", .kind = MEMBER_CUSTOM, .read = read_options},
};

const struct shape request_shape = {
    .what = "a request for a run",
    .members = request_members,
    .count = sizeof(request_members) / sizeof(*request_members),
    .takes = (1 << (sizeof(request_members) / sizeof(*request_members))) - 1,
    .needs = 1, /* scenario */
};

/* -ENOENT only when nothing else is wrong: otherwise the other faults matter
 * more. */
int json_run_request(const char *text, size_t len, struct run_request *ret_req,
                     struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    *ret_req = (struct run_request){.scenario = NULL};
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        shape_read(&r, &request_shape, doc, ret_req);
    if (doc)
        complete_rules(&r, doc, ret_req);
    if (ret_faults->count == 0)
        complete_path(doc, ret_req);
    cJSON_Delete(doc);
    if (ret_faults->count == 0)
        return 0;
    return r.unknown_scenario && ret_faults->count == 1 ? -ENOENT : -EINVAL;
}

/* Built-in scenarios are static; one's own is freed. */
void run_request_done(struct run_request *req)
{
    free(req->own);
    *req = (struct run_request){.scenario = NULL};
}

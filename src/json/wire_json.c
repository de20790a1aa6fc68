/* wire_json.c - the wire as a whole: link-wide conditions, the settings as
 * they stand, what to change of them, and what to do with a held segment.
 *
 * A condition can be said in four places - of a scenario, of a run's options,
 * of a patch, of one way of it - and is read by one table everywhere. Where it
 * is said of both ways it is read twice, into each of them; faults are
 * reported for the first alone.
 *
 * Patches: the wire takes a struct wire_patch in which the conditions of a
 * direction come as a whole. A request that moves one slider says only that
 * one. So the request is read over a copy of what stands; as requests are
 * carried out one after the other (one HTTP thread), no change of another
 * viewer is lost in between.
 *
 * Nothing here knows whether a run is alive or a rule of that name exists:
 * that is the wire's to say (run.h), under its lock. */
#include "schema_internal.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* --- conditions ---------------------------------------------------------- */

enum { MOST_DELAY_US = 10 * 60 * 1000 * 1000 /* WIRE_MAX_DELAY_MS */ };
static_assert(MOST_DELAY_US == WIRE_MAX_DELAY_MS * 1000, "the same bound");

#define ROW_PATH(text, field, of_kind, most)                                   \
    {                                                                          \
        .name = text, .kind = of_kind,                                         \
        .offset = offsetof(struct wire_path, field), .max = most               \
    }

/* In the document milliseconds and chances, in the struct microseconds and
 * parts per million. */
static const struct member path_members[] = {
    ROW_PATH("latency_ms", latency_us, MEMBER_MS, MOST_DELAY_US),
    ROW_PATH("jitter_ms", jitter_us, MEMBER_MS, MOST_DELAY_US),
    ROW_PATH("loss", loss_ppm, MEMBER_PART, 0),
    ROW_PATH("duplicate", duplicate_ppm, MEMBER_PART, 0),
    ROW_PATH("reorder", reorder_ppm, MEMBER_PART, 0),
};

const struct shape path_shape = {
    .what = "one way of the wire",
    .members = path_members,
    .count = ROWS_OF(path_members),
    .takes = (1 << ROWS_OF(path_members)) - 1,
};

/* The table is small; whoever reads conditions as members of something
 * larger (options of a run, a patch) comes through here. */
bool path_read_member(struct reader *r, const char *name, const cJSON *item,
                      struct wire_path *path)
{
    for (size_t i = 0; i < ROWS_OF(path_members); i++) {
        if (strcmp(path_members[i].name, name) != 0)
            continue;
        shape_read_member(r, &path_members[i], item, path);
        return true;
    }
    return false;
}

/* A condition for both ways; its name is the item's own. */
static void read_both(struct reader *r, const cJSON *item, void *target)
{
    struct wire_path *paths = target;
    (void)path_read_member(r, item->string, item, &paths[HOST_CLIENT]);
    struct json_faults ignored = {.count = 0};
    struct reader again = {.faults = &ignored}; /* said once is enough */
    (void)path_read_member(&again, item->string, item, &paths[HOST_SERVER]);
}

/* Ways named after their sender come last whatever stands first in the
 * document: they are the more special. read_ways() sees to it. */
static void read_nothing(struct reader *r, const cJSON *item, void *target)
{
    (void)r;
    (void)item;
    (void)target;
}

static const struct member path_both_members[] = {
    ROW_CUSTOM("latency_ms", read_both, NULL),
    ROW_CUSTOM("jitter_ms", read_both, NULL),
    ROW_CUSTOM("loss", read_both, NULL),
    ROW_CUSTOM("duplicate", read_both, NULL),
    ROW_CUSTOM("reorder", read_both, NULL),
    ROW_CUSTOM("client", read_nothing, NULL),
    ROW_CUSTOM("server", read_nothing, NULL),
};

const struct shape path_both_shape = {
    .what = "the conditions of the wire",
    .members = path_both_members,
    .count = ROWS_OF(path_both_members),
    .takes = (1 << ROWS_OF(path_both_members)) - 1,
};

/* The members `client` and `server`, each one way. */
static void read_ways(struct reader *r, const cJSON *item,
                      struct wire_path paths[HOST_COUNT])
{
    for (enum host_id host = 0; host < HOST_COUNT; host++) {
        const cJSON *way =
            cJSON_GetObjectItemCaseSensitive(item, host_name(host));
        if (!way)
            continue;
        size_t before = reader_enter(r, host_name(host));
        shape_read(r, &path_shape, way, &paths[host]);
        reader_leave(r, before);
    }
}

/* Both ways first, then each by its name. */
static void read_paths(struct reader *r, const cJSON *item,
                       struct wire_path paths[HOST_COUNT])
{
    shape_read(r, &path_both_shape, item, paths);
    read_ways(r, item, paths);
}

/* What is not given stays: the caller begins with zeros, or with what
 * stands. */
void wire_path_read(struct reader *r, const cJSON *item,
                    struct wire_settings *settings)
{
    read_paths(r, item, settings->path);
}

/* Whether the conditions are worth a word. */
bool wire_path_any(const struct wire_settings *settings)
{
    static const struct wire_path straight[HOST_COUNT];
    return memcmp(settings->path, straight, sizeof(straight)) != 0;
}

/* What is zero is left out: a straight cable is {}. */
static void write_way(struct jsonw *w, const char *name,
                      const struct wire_path *path)
{
    jsonw_open(w, name, '{');
    shape_write(w, &path_shape, path);
    jsonw_close(w, '}');
}

/* Reading it back gives the same conditions. */
void wire_path_write(struct jsonw *w, const char *name,
                     const struct wire_settings *settings)
{
    const struct wire_path *paths = settings->path;
    if (memcmp(&paths[HOST_CLIENT], &paths[HOST_SERVER], sizeof(*paths)) == 0) {
        write_way(w, name, &paths[HOST_CLIENT]);
        return;
    }
    jsonw_open(w, name, '{');
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        write_way(w, host_name(host), &paths[host]);
    jsonw_close(w, '}');
}

/* --- the settings as they stand ------------------------------------------ */

/* Every member of one way, zeros too: sliders want to know. */
static void write_whole_way(struct jsonw *w, const char *name,
                            const struct wire_path *path)
{
    struct shape whole = path_shape;
    whole.needs = whole.takes;
    jsonw_open(w, name, '{');
    shape_write(w, &whole, path);
    jsonw_close(w, '}');
}

/* One object for the page, the API and whoever writes a program: what is not
 * there is not set. */
void json_wire_settings(const struct wire_settings *settings, struct jsonw *w)
{
    jsonw_open(w, "hold", '{');
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        jsonw_bool(w, host_name(host), settings->hold[host]);
    jsonw_close(w, '}');
    jsonw_open(w, "path", '{');
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        write_whole_way(w, host_name(host), &settings->path[host]);
    jsonw_close(w, '}');
    jsonw_uint(w, "seed", settings->seed);
    jsonw_bool(w, "swallow", settings->swallow);
    jsonw_open(w, "rules", '[');
    for (size_t i = 0; i < settings->rule_count; i++)
        rule_json_write(w, &settings->rules[i], true);
    jsonw_close(w, ']');
}

void json_wire(const struct wire_settings *settings, size_t held,
               struct jsonw *w)
{
    json_wire_settings(settings, w);
    jsonw_uint(w, "held", held);
}

/* --- what to change ------------------------------------------------------ */

/* A patch on its way: conditions are read over those that stand, so that what
 * is not given stays. */
struct patching {
    struct wire_patch *patch;
    struct wire_settings adding; /* reads the rules to add */
};

/* What the readers of members get as their target. */
static struct wire_patch *patch_of(void *target)
{
    return ((struct patching *)target)->patch;
}

/* set_hold says that this direction is spoken of at all. */
static void read_hold_of(struct reader *r, const cJSON *item,
                         struct wire_patch *patch, enum host_id host)
{
    patch->set_hold[host] = cJSON_IsBool(item);
    patch->hold[host] = cJSON_IsTrue(item);
    if (!cJSON_IsBool(item))
        reader_fault(r, "must be true or false, not %s", value_kind(item));
}

/* As members of an object, so that one direction can be left alone. */
static void read_hold_client(struct reader *r, const cJSON *item, void *target)
{
    read_hold_of(r, item, target, HOST_CLIENT);
}

static void read_hold_server(struct reader *r, const cJSON *item, void *target)
{
    read_hold_of(r, item, target, HOST_SERVER);
}

/* By sender, as everything on the wire is. */
static const struct member hold_members[] = {
    ROW_CUSTOM("client", read_hold_client, NULL),
    ROW_CUSTOM("server", read_hold_server, NULL),
};

const struct shape hold_shape = {
    .what = "`hold`",
    .members = hold_members,
    .count = ROWS_OF(hold_members),
    .takes = 3,
};

/* One switch for both directions, or an object. */
static void read_hold(struct reader *r, const cJSON *item, void *target)
{
    struct wire_patch *patch = patch_of(target);
    if (cJSON_IsObject(item)) {
        shape_read(r, &hold_shape, item, patch);
    } else if (cJSON_IsBool(item)) {
        read_hold_of(r, item, patch, HOST_CLIENT);
        read_hold_of(r, item, patch, HOST_SERVER);
    } else {
        reader_fault(r,
                     "must be true, false or an object of client and "
                     "server, not %s",
                     value_kind(item));
    }
}

/* Conditions at the top of a patch are those of both ways. */
static void read_patch_both(struct reader *r, const cJSON *item, void *target)
{
    struct wire_patch *patch = patch_of(target);
    read_both(r, item, patch->path);
    patch->set_path[HOST_CLIENT] = patch->set_path[HOST_SERVER] = true;
}

/* The same as an object, as GET writes it, so that what was got can be sent
 * back. */
static void read_patch_path(struct reader *r, const cJSON *item, void *target)
{
    struct wire_patch *patch = patch_of(target);
    read_paths(r, item, patch->path);
    patch->set_path[HOST_CLIENT] = patch->set_path[HOST_SERVER] = true;
}

/* By the table's own reader, into the patch behind the target. */
static void read_seed(struct reader *r, const cJSON *item, void *target)
{
    static const struct member seed =
        ROW_MARKED(struct wire_patch, seed, MEMBER_U64, .max = 0);
    shape_read_member(r, &seed, item, patch_of(target));
}

/* The same. */
static void read_swallow(struct reader *r, const cJSON *item, void *target)
{
    static const struct member swallow =
        ROW_MARKED(struct wire_patch, swallow, MEMBER_BOOL, .max = 1);
    shape_read_member(r, &swallow, item, patch_of(target));
}

/* --- rules to add and remove --------------------------------------------- */

/* Read as the rules of a scenario are: in the same words, with the same
 * bounds, a name once. */
static void read_add(struct reader *r, const cJSON *item, void *target)
{
    wire_rules_read(r, item, &((struct patching *)target)->adding);
}

/* Whether there are such rules is known to the wire alone: -ENOENT. */
static void read_remove(struct reader *r, const cJSON *item, void *target)
{
    static const struct member remove = {
        .name = "remove",
        .kind = MEMBER_LINES,
        .offset = offsetof(struct wire_patch, remove),
        .size = RULE_NAME_BYTES,
        .count_offset = offsetof(struct wire_patch, remove_count),
        .max = WIRE_MAX_RULES,
    };
    shape_read_member(r, &remove, item, patch_of(target));
}

/* Instead of adding to those there are. */
static void read_replace(struct reader *r, const cJSON *item, void *target)
{
    static const struct member replace =
        ROW_FIELD(struct wire_patch, replace_rules, MEMBER_BOOL, .max = 1);
    shape_read_member(r, &replace, item, patch_of(target));
}

/* What to take away and what to add, in one go. */
static const struct member patch_rules_members[] = {
    ROW_CUSTOM("add", read_add, NULL),
    ROW_CUSTOM("remove", read_remove, NULL),
    ROW_CUSTOM("replace", read_replace, NULL),
};

const struct shape patch_rules_shape = {
    .what = "`rules`",
    .members = patch_rules_members,
    .count = ROWS_OF(patch_rules_members),
    .takes = 7,
};

/* Their order in the document does not matter: the wire removes first, then
 * adds. */
static void read_rules(struct reader *r, const cJSON *item, void *target)
{
    shape_read(r, &patch_rules_shape, item, target);
}

/* What a person can turn while a run is alive. */
static const struct member patch_members[] = {
    ROW_CUSTOM("hold", read_hold, NULL),
    ROW_CUSTOM("latency_ms", read_patch_both, NULL),
    ROW_CUSTOM("jitter_ms", read_patch_both, NULL),
    ROW_CUSTOM("loss", read_patch_both, NULL),
    ROW_CUSTOM("duplicate", read_patch_both, NULL),
    ROW_CUSTOM("reorder", read_patch_both, NULL),
    ROW_CUSTOM("client", read_nothing, NULL),
    ROW_CUSTOM("server", read_nothing, NULL),
    ROW_CUSTOM("path", read_patch_path, NULL),
    ROW_CUSTOM("seed", read_seed, NULL),
    ROW_CUSTOM("swallow", read_swallow, NULL),
    ROW_CUSTOM("rules", read_rules, NULL),
};

const struct shape patch_shape = {
    .what = "a change of the wire",
    .members = patch_members,
    .count = ROWS_OF(patch_members),
    .takes = (1 << ROWS_OF(patch_members)) - 1,
};

/* Ways by name come last, see read_ways(). The rules are copied whole: the
 * wire takes a struct that borrows nothing. */
static void read_patch(struct reader *r, const cJSON *doc,
                       struct patching *patching)
{
    struct wire_patch *patch = patching->patch;
    shape_read(r, &patch_shape, doc, patching);
    read_ways(r, doc, patch->path);
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        if (cJSON_GetObjectItemCaseSensitive(doc, host_name(host)))
            patch->set_path[host] = true;
    memcpy(patch->add, patching->adding.rules, sizeof(patch->add));
    patch->add_count = patching->adding.rule_count;
}

/* The patch begins with the conditions that stand. */
int json_wire_patch(const char *text, size_t len,
                    const struct wire_settings *now,
                    struct wire_patch *ret_patch,
                    struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    struct patching patching = {.patch = ret_patch};
    *ret_patch = (struct wire_patch){.seed = 0};
    memcpy(ret_patch->path, now->path, sizeof(ret_patch->path));
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        read_patch(&r, doc, &patching);
    cJSON_Delete(doc);
    return ret_faults->count > 0 ? -EINVAL : 0;
}

/* --- what to do with a held segment -------------------------------------- */

/* As in a rule. */
static void read_set(struct reader *r, const cJSON *item, void *target)
{
    edit_set_read(r, item, &((struct decision *)target)->edit);
}

/* Options that become NOPs, as in a rule. */
static void read_strip(struct reader *r, const cJSON *item, void *target)
{
    edit_strip_read(r, item, &((struct decision *)target)->edit);
}

/* The members as bits, in their order below. */
enum {
    DO = 1 << 0,
    COPIES = 1 << 1,
    GAP_MS = 1 << 2,
    DELAY_MS = 1 << 3,
    SET = 1 << 4,
    STRIP = 1 << 5
};

/* As of a rule, of which a decision is the half that acts. */
static const struct member decision_members[] = {
    ROW_CUSTOM("do", read_nothing, NULL),
    ROW_FIELD(struct decision, copies, MEMBER_U32, .min = 2,
              .max = WIRE_MAX_COPIES),
    ROW_FIELD(struct decision, gap_ms, MEMBER_U32, .max = WIRE_MAX_DELAY_MS),
    ROW_FIELD(struct decision, delay_ms, MEMBER_U32, .max = WIRE_MAX_DELAY_MS),
    ROW_CUSTOM("set", read_set, NULL),
    ROW_CUSTOM("strip", read_strip, NULL),
};

#define DECISION_SHAPE(name, more, needed)                                     \
    {                                                                          \
        .what = "the decision `" name "`", .members = decision_members,        \
        .count = ROWS_OF(decision_members), .takes = DO | (more),              \
        .needs = DO | (needed)                                                 \
    }

const struct shape decision_shapes[] = {
    [DECIDE_DELIVER] = DECISION_SHAPE("deliver", 0, 0),
    [DECIDE_DROP] = DECISION_SHAPE("drop", 0, 0),
    [DECIDE_DUPLICATE] = DECISION_SHAPE("duplicate", COPIES | GAP_MS, 0),
    [DECIDE_CORRUPT] = DECISION_SHAPE("corrupt", 0, 0),
    [DECIDE_DELAY] = DECISION_SHAPE("delay", DELAY_MS, DELAY_MS),
    [DECIDE_REWRITE] = DECISION_SHAPE("rewrite", SET | STRIP, 0),
};
static_assert(ROWS_OF(decision_shapes) == DECIDE_COUNT,
              "a shape for each decision");

/* decide_do_name() for read_choice(). */
static const char *decide_name_at(unsigned i)
{
    return decide_do_name((enum decide_do)i);
}

/* `do` first: the other members hang on it. */
static void read_decision(struct reader *r, const cJSON *doc,
                          struct decision *ret)
{
    const cJSON *action = cJSON_GetObjectItemCaseSensitive(doc, "do");
    if (!action) {
        reader_fault(r, "a decision is an object with the member `do`");
        return;
    }
    size_t before = reader_enter(r, "do");
    unsigned which = read_choice(r, action, DECIDE_COUNT, decide_name_at);
    reader_leave(r, before);
    if (which == DECIDE_COUNT)
        return;
    ret->what = (enum decide_do)which;
    shape_read(r, &decision_shapes[which], doc, ret);
    if (r->faults->count == 0 && ret->what == DECIDE_REWRITE &&
        edit_is_empty(&ret->edit))
        reader_fault(r, "the decision `rewrite` needs `set` or `strip`");
}

/* The whole body is one decision. */
int json_decision(const char *text, size_t len, struct decision *ret_decision,
                  struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    *ret_decision = (struct decision){.what = DECIDE_DELIVER};
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        read_decision(&r, doc, ret_decision);
    cJSON_Delete(doc);
    return ret_faults->count > 0 ? -EINVAL : 0;
}

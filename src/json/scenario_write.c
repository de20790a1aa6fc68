/* scenario_write.c - a scenario as a document again, by the same tables.
 *
 * Reading what is written gives the same struct, byte for byte; tests hold it
 * to that for every built-in scenario. What was implied (a need that follows
 * from a rule) is written out. */
#include "scenario_internal.h"

#include "handshake/settle.h"

#include <string.h>

void write_client_steps(struct jsonw *w, const char *name, const void *target)
{
    scenario_write_steps(w, name, target, HOST_CLIENT);
}

void write_server_steps(struct jsonw *w, const char *name, const void *target)
{
    scenario_write_steps(w, name, target, HOST_SERVER);
}

/* An empty list is written too: it says that nothing is needed. */
void write_needs(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    jsonw_open(w, name, '[');
    if (sc->needs_wire)
        jsonw_str(w, NULL, "wire");
    for (enum kernel_feature f = 0; f < FEATURE_COUNT; f++)
        if (sc->needs_features >> f & 1)
            jsonw_str(w, NULL, kernel_feature_name(f));
    jsonw_close(w, ']');
}

/* 0 is any. */
void write_ip(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    if (sc->ip)
        jsonw_uint(w, name, sc->ip);
}

static void write_sysctls_of(struct jsonw *w, const struct scenario *sc,
                             enum host_id host)
{
    bool any = false;
    for (size_t i = 0; i < sc->sysctl_count; i++)
        any |= sc->sysctls[i].host == host;
    if (!any)
        return;
    jsonw_open(w, host_name(host), '{');
    for (size_t i = 0; i < sc->sysctl_count; i++)
        if (sc->sysctls[i].host == host)
            jsonw_str(w, sc->sysctls[i].name, sc->sysctls[i].value);
    jsonw_close(w, '}');
}

void write_sysctls(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    if (sc->sysctl_count == 0)
        return;
    jsonw_open(w, name, '{');
    /* In the order they were read: the document stays the same. */
    write_sysctls_of(w, sc, sc->sysctls[0].host);
    write_sysctls_of(w, sc, host_peer(sc->sysctls[0].host));
    jsonw_close(w, '}');
}

/* As objects, which say all of a rule. */
void write_wire_rules(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    if (sc->wire.rule_count > 0)
        wire_rules_write(w, name, &sc->wire);
}

void write_wire_path(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    if (wire_path_any(&sc->wire))
        wire_path_write(w, name, &sc->wire);
}

void write_expect(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    scenario_write_expect(w, name, &sc->expect);
}

void write_long_expect(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    scenario_write_expect(w, name, &sc->expect_long);
}

/* Seconds of 0 stand for "no long form". */
void write_long(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    if (sc->long_seconds == 0)
        return;
    jsonw_open(w, name, '{');
    shape_write(w, &long_shape, sc);
    jsonw_close(w, '}');
}

/* Whether a list to choose from has that member. */
static bool is_brief(const char *name)
{
    static const char *const brief[] = {"id",      "title", "group", "summary",
                                        "teaches", "rfc",   "next",  "seconds",
                                        "needs",   "ip"};
    for (size_t i = 0; i < ROWS_OF(brief); i++)
        if (strcmp(brief[i], name) == 0)
            return true;
    return false;
}

void json_scenario_brief(const struct scenario *sc, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    struct shape brief = scenario_shape;
    brief.takes = 0;
    for (size_t i = 0; i < brief.count; i++)
        brief.takes |= (uint32_t)is_brief(brief.members[i].name) << i;
    jsonw_open(&w, NULL, '{');
    shape_write(&w, &brief, sc);
    if (sc->long_seconds > 0) {
        jsonw_open(&w, "long", '{');
        jsonw_uint(&w, "seconds", sc->long_seconds);
        jsonw_close(&w, '}');
    }
    jsonw_close(&w, '}');
}

/* The order of members is that of the table. */
void json_scenario_write(const struct scenario *sc, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    shape_write(&w, &scenario_shape, sc);
    jsonw_close(&w, '}');
}

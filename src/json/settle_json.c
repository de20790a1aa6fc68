/* settle_json.c - what settle() found and put on, as JSON. */
#include "handshake/json.h"
#include "handshake/jsonwriter.h"

static void write_availability(const struct availability *a, const char *name,
                               struct jsonw *w)
{
    jsonw_open(w, NULL, '{');
    jsonw_str(w, "name", name);
    jsonw_bool(w, "on", a->on);
    jsonw_str(w, "why", a->why);
    jsonw_open(w, "how", '[');
    for (size_t i = 0; i < SETTLE_MAX_HOWS && a->how[i][0]; i++)
        jsonw_str(w, NULL, a->how[i]);
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

void json_settled(const struct settle_report *report, struct jsonw *w)
{
    jsonw_str(w, "kernel", report->kernel);
    jsonw_str(w, "container", report->container);
    jsonw_str(w, "link", link_name(report->link));
    jsonw_open(w, "links", '[');
    for (enum link_kind i = 0; i < LINK_COUNT; i++)
        write_availability(&report->links[i], link_name(i), w);
    jsonw_close(w, ']');
    jsonw_open(w, "sandbox", '[');
    for (enum sandbox_layer i = 0; i < SANDBOX_LAYER_COUNT; i++)
        write_availability(&report->layers[i], sandbox_layer_name(i), w);
    jsonw_close(w, ']');
    jsonw_open(w, "features", '[');
    for (enum kernel_feature i = 0; i < FEATURE_COUNT; i++)
        write_availability(&report->features[i], kernel_feature_name(i), w);
    jsonw_close(w, ']');
}

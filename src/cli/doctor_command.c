/* doctor_command.c - `handshake doctor`: what this machine allows, what it
 * refuses and why, and the exact command that would change it. */
#include "cli_internal.h"

#include "handshake/jsonwriter.h"
#include "handshake/settle.h"

#include <stdio.h>

enum { REPORT_MAX_BYTES = 64 * 1024 };

/* There is only one. */
static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    bool *ret_json = into;
    (void)self;
    *ret_json = *ret_json || given->spec->key == OPTION_JSON;
    return 0;
}

/* What is missing brings along how to get it. */
static void print_row(const char *name, const struct availability *a)
{
    printf("  %-3s  %-18s %s\n", a->on ? "yes" : "no", name, a->why);
    for (size_t i = 0; i < SETTLE_MAX_HOWS && a->how[i][0]; i++)
        printf("  %24s to get it: %s\n", "", a->how[i]);
}

/* Links first: they decide what can be seen at all. */
static void print_report(const struct settle_report *r)
{
    printf("Linux %s%s%s\n\n", r->kernel, r->container ? ", in " : "",
           r->container ? r->container : "");
    printf("Links, best first; runs use %s.\n", link_name(r->link));
    for (enum link_kind i = 0; i < LINK_COUNT; i++)
        print_row(link_name(i), &r->links[i]);
    printf("\nSandbox of this program.\n");
    for (enum sandbox_layer i = 0; i < SANDBOX_LAYER_COUNT; i++)
        print_row(sandbox_layer_name(i), &r->layers[i]);
    printf("\nWhat the kernel can do.\n");
    for (enum kernel_feature i = 0; i < FEATURE_COUNT; i++)
        print_row(kernel_feature_name(i), &r->features[i]);
}

/* The same members as GET /api/capabilities has. */
static int print_json(const struct settle_report *r)
{
    struct buf out;
    buf_init(&out, REPORT_MAX_BYTES);
    struct jsonw w = jsonw_to(&out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "version", HANDSHAKE_VERSION);
    json_settled(r, &w);
    jsonw_close(&w, '}');
    bool ok = !out.failed;
    if (ok)
        puts(buf_text(&out));
    buf_done(&out);
    return ok ? 0 : 1;
}

/* settle() is the examination: what it reports has been tried. */
int doctor_command(const struct command *self, int argc, char **argv)
{
    bool json = false;
    int status = options_read(self, argc, argv, take_option, &json, NULL);
    if (status != COMMAND_GOES_ON)
        return status;
    static struct settle_report report;
    const struct settle_options opt = {.best = LINK_WIRE};
    struct err err = {0};
    if (settle(&opt, &report, &err) < 0)
        return failed(&err);
    if (json)
        return print_json(&report);
    print_report(&report);
    return 0;
}

/* scenarios_command.c - `handshake scenarios`: what is built in, and how a
 * document of one's own must look. */
#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

enum { SCHEMA_MAX_BYTES = 256 * 1024 };

/* In the order of the page, a heading for each group. */
static void list_scenarios(void)
{
    const char *group = "";
    for (size_t i = 0; i < catalog_count(); i++) {
        const struct scenario *sc = catalog_at(i);
        if (strcmp(group, sc->group) != 0)
            printf("%s%s\n", i ? "\n" : "", sc->group);
        group = sc->group;
        printf("  %-24s %s\n", sc->id, sc->title);
    }
}

/* As its file stands, so that it can be changed and run. */
static int print_document(const struct command *self, const char *id)
{
    for (size_t i = 0; i < catalog_count(); i++) {
        if (strcmp(catalog_at(i)->id, id) != 0)
            continue;
        size_t len = 0;
        const char *text = catalog_document(i, &len);
        fwrite(text, 1, len, stdout);
        return 0;
    }
    return usage_error(self, "no scenario is called \"%s\"", id);
}

/* The same text as schema/scenario.schema.json. */
static int print_schema(void)
{
    struct buf text;
    buf_init(&text, SCHEMA_MAX_BYTES);
    json_scenario_schema(&text);
    puts(buf_text(&text));
    buf_done(&text);
    return 0;
}

/* For completions and loops of a shell. */
static void list_ids(void)
{
    for (size_t i = 0; i < catalog_count(); i++)
        puts(catalog_at(i)->id);
}

/* Each option is another thing to print; the last one counts. */
static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    enum option_key *what = into;
    (void)self;
    *what = given->spec->key;
    return 0;
}

/* A document or one of the lists, not both. */
int scenarios_command(const struct command *self, int argc, char **argv)
{
    enum option_key what = OPTION_HELP; /* none given */
    struct operands id;
    int status = options_read(self, argc, argv, take_option, &what, &id);
    if (status != COMMAND_GOES_ON)
        return status;
    if (what != OPTION_HELP && id.count > 0)
        return usage_error(self, "\"%s\" is too much here", id.list[0]);
    if (id.count > 0)
        return print_document(self, id.list[0]);
    if (what == OPTION_SCHEMA)
        return print_schema();
    if (what == OPTION_IDS)
        list_ids();
    else
        list_scenarios();
    return 0;
}

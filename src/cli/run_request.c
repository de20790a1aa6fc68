/* run_request.c - a run of the command line as a request to a server. */
#include "run_internal.h"

#include "handshake/jsonwriter.h"

/* A built-in scenario goes by its id, so that the server's list names it. */
static void write_scenario(const struct run_item *item, struct jsonw *w)
{
    const struct buf *document = &item->document;
    if (document->len > 0)
        jsonw_raw(w, "scenario", buf_text(document), document->len);
    else
        jsonw_str(w, "scenario", item->scenario->id);
}

/* In words: the server reads them as the command line does. */
static void write_rules(const struct run_arguments *args, struct jsonw *w)
{
    char words[RULE_WORDS_BYTES];
    if (args->rule_count == 0)
        return;
    jsonw_open(w, "rules", '[');
    for (size_t i = 0; i < args->rule_count; i++)
        jsonw_str(w, NULL, rule_words(&args->rules[i], words));
    jsonw_close(w, ']');
}

/* Only what was given: the rest is the server's to choose. */
static void write_options(const struct run_arguments *args, struct jsonw *w)
{
    const struct run_options *opt = &args->options;
    jsonw_open(w, "options", '{');
    if (opt->ip)
        jsonw_uint(w, "ip", opt->ip);
    if (opt->seed)
        jsonw_uint(w, "seed", opt->seed);
    if (opt->long_form)
        jsonw_bool(w, "long", true);
    if (opt->max_seconds)
        jsonw_uint(w, "max_seconds", opt->max_seconds);
    run_arguments_conditions(args, w);
    write_rules(args, w);
    jsonw_close(w, '}');
}

/* No "wait": the events are followed as they come. */
void run_request_write(const struct run_arguments *args,
                       const struct run_item *item, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    write_scenario(item, &w);
    if (args->options.link_chosen)
        jsonw_str(&w, "link", link_name(args->options.link));
    write_options(args, &w);
    jsonw_close(&w, '}');
}

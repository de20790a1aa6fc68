/* run_arguments.c - the command line of `handshake run`.
 *
 * Three things come together in a run: the options (struct run_options), the
 * scenario, and rules added to it. What is wrong is said here, with the
 * command's usage, before anything has begun; a scenario is looked for
 * afterwards, since it may be a file.
 *
 * Conditions are kept as text until the scenario is known, because what is not
 * given stays the scenario's own; that they can be read at all is found out at
 * once. Units are what people write: ms unless said otherwise, chances with a
 * percent sign or as a part of one. */
#include "run_internal.h"

#include "handshake/jsonwriter.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Chances are kept in parts per million, so that the least that can be asked
 * for is 0.0001%. */
enum { MILLION = 1000000 };

/* --- values -------------------------------------------------------------- */

/* What an option takes, for its fault. */
static const char a_time[] = "a time up to 600s, as 50ms";
static const char a_chance[] = "a chance, as 10% or 0.1";

/* "50ms", "0.5s", "200us" or "50", which are milliseconds. */
static bool parse_time(const char *text, uint32_t *ret_us)
{
    static const struct {
        const char *name;
        double us;
    } units[] = {{"", 1e3}, {"ms", 1e3}, {"s", 1e6}, {"us", 1}, {"µs", 1}};
    char *end;
    double value = strtod(text, &end);
    if (end == text || text[0] < '0' || text[0] > '9')
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        double us = value * units[i].us;
        if (strcmp(end, units[i].name) != 0)
            continue;
        *ret_us = us <= WIRE_MAX_DELAY_MS * 1e3 ? (uint32_t)(us + 0.5) : 0;
        return us <= WIRE_MAX_DELAY_MS * 1e3;
    }
    return false;
}

/* "10%" or "0.1". */
static bool parse_chance(const char *text, uint32_t *ret_ppm)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || text[0] < '0' || text[0] > '9')
        return false;
    bool percent = strcmp(end, "%") == 0;
    if (percent)
        value /= 100;
    if ((!percent && *end) || !(value <= 1))
        return false;
    *ret_ppm = (uint32_t)(value * MILLION + 0.5);
    return true;
}

/* --- options ------------------------------------------------------------- */

/* The conditions of the wire. */
static const struct {
    enum option_key key;
    const char *member; /* of a request */
    size_t offset;      /* in struct wire_path, a uint32_t */
    bool (*parse)(const char *text, uint32_t *ret);
    const char *takes;
} conditions[] = {
    {OPTION_LATENCY, "latency_ms", offsetof(struct wire_path, latency_us),
     parse_time, a_time},
    {OPTION_JITTER, "jitter_ms", offsetof(struct wire_path, jitter_us),
     parse_time, a_time},
    {OPTION_LOSS, "loss", offsetof(struct wire_path, loss_ppm), parse_chance,
     a_chance},
    {OPTION_DUPLICATE, "duplicate", offsetof(struct wire_path, duplicate_ppm),
     parse_chance, a_chance},
    {OPTION_REORDER, "reorder", offsetof(struct wire_path, reorder_ppm),
     parse_chance, a_chance},
};
static_assert(sizeof(conditions) / sizeof(*conditions) == RUN_CONDITIONS,
              "a place for each");

/* Kept as text: what it changes is known when the scenario is. */
static int take_condition(const struct command *self, const struct given *given,
                          struct run_arguments *args)
{
    uint32_t value;
    for (size_t i = 0; i < RUN_CONDITIONS; i++) {
        if (conditions[i].key != given->spec->key)
            continue;
        if (!conditions[i].parse(given->text, &value))
            return usage_error(self, "--%s takes %s, not \"%s\"",
                               given->spec->name, conditions[i].takes,
                               given->text);
        args->conditions[i] = given->text;
    }
    return 0;
}

/* In the words of rule.h; the sentence of rule_parse() names the word it did
 * not understand. */
static int take_rule(const struct command *self, const char *words,
                     struct run_arguments *args)
{
    struct err err = {0};
    if (args->rule_count == WIRE_MAX_RULES)
        return usage_error(self, "at most %d rules are taken", WIRE_MAX_RULES);
    if (rule_parse(words, NULL, &args->rules[args->rule_count], &err) < 0)
        return usage_error(self, "--rule \"%s\": %s", words, err.text);
    args->rule_count++;
    return 0;
}

/* Checked at once: a wrong address is wrong usage, a server that is not
 * there is not. */
static int take_server(const struct command *self, const char *url,
                       struct run_arguments *args)
{
    struct err err = {0};
    args->server_given = true;
    if (server_parse(url, &args->server, &err) < 0)
        return usage_error(self, "--server %s", err.text);
    return 0;
}

int run_arguments_take(const struct command *self, const struct given *given,
                       void *into)
{
    struct run_arguments *args = into;
    struct run_options *opt = &args->options;
    switch (given->spec->key) {
    case OPTION_JSON:
        args->json = true;
        return 0;
    case OPTION_QUIET:
        args->quiet = true;
        return 0;
    case OPTION_LADDER:
        args->ladder = true;
        return 0;
    case OPTION_COLOR:
        args->colour = (enum terminal_colour)given->word;
        return 0;
    case OPTION_JUNIT:
        args->junit = given->text;
        return 0;
    case OPTION_PCAPNG:
        args->pcapng = given->text;
        return 0;
    case OPTION_SERVER:
        return take_server(self, given->text, args);
    case OPTION_REPEAT:
        args->repeat = (uint32_t)given->number;
        return 0;
    case OPTION_HOLD:
        opt->hold = true;
        return 0;
    case OPTION_LONG:
        opt->long_form = true;
        return 0;
    case OPTION_IP:
        opt->ip = (uint8_t)(given->text[0] - '0');
        return 0;
    case OPTION_LINK:
        opt->link_chosen = true;
        opt->link = (enum link_kind)given->word;
        return 0;
    case OPTION_RULE:
        return take_rule(self, given->text, args);
    case OPTION_SEED: /* 0 stands for "any" inside: not to be asked for */
        opt->seed = given->number;
        return 0;
    case OPTION_MAX_SECONDS:
        opt->max_seconds = (uint32_t)given->number;
        return 0;
    default:
        return take_condition(self, given, args);
    }
}

/* Options that cannot be had together. 0, or the status of a usage error. */
static int check_together(const struct command *self,
                          const struct run_arguments *args)
{
    if (args->quiet && args->json)
        return usage_error(self, "--quiet and --json cannot both be had");
    if (args->quiet && args->options.hold)
        return usage_error(self, "--hold asks, and --quiet says nothing");
    if (args->server_given && args->options.hold)
        return usage_error(self, "--hold works where the program runs; hold "
                                 "on the server's page instead");
    if (args->pcapng && (args->repeat > 1 || args->which.count > 1))
        return usage_error(self, "a capture holds one run: --pcapng goes with "
                                 "one scenario and without --repeat");
    return COMMAND_GOES_ON;
}

/* What each option says was checked as it came; what they say together is
 * left. */
int run_arguments_read(const struct command *self, int argc, char **argv,
                       struct run_arguments *ret)
{
    int status =
        options_read(self, argc, argv, run_arguments_take, ret, &ret->which);
    return status == COMMAND_GOES_ON ? check_together(self, ret) : status;
}

/* --- the scenario -------------------------------------------------------- */

/* Conditions that are not given stay the scenario's (its client's way stands
 * for both then). */
static void apply_conditions(const struct run_arguments *args,
                             const struct scenario *sc, struct run_options *opt)
{
    opt->path = sc->wire.path[HOST_CLIENT];
    opt->path_chosen = false;
    for (size_t i = 0; i < RUN_CONDITIONS; i++) {
        char *place = (char *)&opt->path + conditions[i].offset;
        if (!args->conditions[i])
            continue;
        (void)conditions[i].parse(args->conditions[i],
                                  (uint32_t *)(void *)place);
        opt->path_chosen = true;
    }
}

/* Times in ms, chances as a part of one, both exact: they are kept in µs and
 * millionths. */
void run_arguments_conditions(const struct run_arguments *args, struct jsonw *w)
{
    char number[32];
    uint32_t value = 0;
    for (size_t i = 0; i < RUN_CONDITIONS; i++) {
        if (!args->conditions[i])
            continue;
        (void)conditions[i].parse(args->conditions[i], &value);
        bool is_time = conditions[i].parse == parse_time;
        snprintf(number, sizeof(number), "%.6f",
                 value / (is_time ? 1e3 : (double)MILLION));
        jsonw_raw(w, conditions[i].member, number, strlen(number));
    }
}

/* Rules of the command line come first, since the first that fits decides.
 * What changes the wire needs one, whatever the scenario says: on another
 * link it would do nothing, and silently. */
int run_arguments_apply(const struct command *self,
                        const struct run_arguments *args, struct scenario *sc,
                        struct run_options *opt)
{
    struct wire_settings *wire = &sc->wire;
    size_t more = args->rule_count;
    if (wire->rule_count + more > WIRE_MAX_RULES)
        return usage_error(self,
                           "with those of \"%s\" these are more than %d rules",
                           sc->id, WIRE_MAX_RULES);
    memmove(wire->rules + more, wire->rules,
            wire->rule_count * sizeof(*wire->rules));
    memcpy(wire->rules, args->rules, more * sizeof(*wire->rules));
    wire->rule_count += more;
    opt->rules_chosen = more > 0;
    apply_conditions(args, sc, opt);
    return 0;
}

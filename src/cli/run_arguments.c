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
#include "cli_internal.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Chances are kept in parts per million, so that the least that can be asked
 * for is 0.0001%. */
enum { MILLION = 1000000 };

/* `val` is a letter of our own; --hold and --help do not meet, for --help is
 * no option of a command. */
static const struct option options[] = {
    {"json", no_argument, NULL, 'j'},
    {"ip", required_argument, NULL, 'i'},
    {"link", required_argument, NULL, 'l'},
    {"hold", no_argument, NULL, 'h'},
    {"long", no_argument, NULL, 'L'},
    {"rule", required_argument, NULL, 'r'},
    {"latency", required_argument, NULL, 'y'},
    {"jitter", required_argument, NULL, 't'},
    {"loss", required_argument, NULL, 'o'},
    {"duplicate", required_argument, NULL, 'u'},
    {"reorder", required_argument, NULL, 'e'},
    {"seed", required_argument, NULL, 's'},
    {"max-seconds", required_argument, NULL, 'm'},
    {0},
};

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

/* Digits alone: strtoull() would take a sign and turn it around. */
static bool parse_whole(const char *text, uint64_t least, uint64_t most,
                        uint64_t *ret)
{
    char *end;
    errno = 0;
    *ret = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && !*end && !errno &&
           *ret >= least && *ret <= most;
}

/* --- options ------------------------------------------------------------- */

/* The conditions of the wire. */
static const struct {
    int c;
    const char *name;
    size_t offset; /* in struct wire_path, a uint32_t */
    bool (*parse)(const char *text, uint32_t *ret);
    const char *takes;
} conditions[] = {
    {'y', "latency", offsetof(struct wire_path, latency_us), parse_time,
     a_time},
    {'t', "jitter", offsetof(struct wire_path, jitter_us), parse_time, a_time},
    {'o', "loss", offsetof(struct wire_path, loss_ppm), parse_chance, a_chance},
    {'u', "duplicate", offsetof(struct wire_path, duplicate_ppm), parse_chance,
     a_chance},
    {'e', "reorder", offsetof(struct wire_path, reorder_ppm), parse_chance,
     a_chance},
};
static_assert(sizeof(conditions) / sizeof(*conditions) == RUN_CONDITIONS,
              "a place for each");

/* Kept as text: what it changes is known when the scenario is. */
static int read_condition(const struct command *self, int c,
                          struct run_arguments *args)
{
    size_t i = 0;
    uint32_t value;
    while (conditions[i].c != c)
        i++;
    if (!conditions[i].parse(optarg, &value))
        return usage_error(self, "--%s takes %s, not \"%s\"",
                           conditions[i].name, conditions[i].takes, optarg);
    args->conditions[i] = optarg;
    return 0;
}

/* In the words of rule.h; the sentence of rule_parse() names the word it did
 * not understand. */
static int read_rule(const struct command *self, struct run_arguments *args)
{
    struct err err = {0};
    if (args->rule_count == WIRE_MAX_RULES)
        return usage_error(self, "at most %d rules are taken", WIRE_MAX_RULES);
    if (rule_parse(optarg, NULL, &args->rules[args->rule_count], &err) < 0)
        return usage_error(self, "--rule \"%s\": %s", optarg, err.text);
    args->rule_count++;
    return 0;
}

/* --link: one of the three, or the best there is when not given. */
static int read_link(const struct command *self, struct run_options *opt)
{
    opt->link_chosen = link_parse(optarg, &opt->link);
    return opt->link_chosen ? 0 : link_error(self, optarg);
}

/* --ip: 4 or 6, nothing else. */
static int read_ip(const struct command *self, struct run_options *opt)
{
    if (strcmp(optarg, "4") != 0 && strcmp(optarg, "6") != 0)
        return usage_error(self, "--ip takes 4 or 6, not \"%s\"", optarg);
    opt->ip = (uint8_t)(optarg[0] - '0');
    return 0;
}

/* 0 stands for "any" inside, so it cannot be asked for. */
static int read_seed(const struct command *self, struct run_options *opt)
{
    if (!parse_whole(optarg, 1, UINT64_MAX, &opt->seed))
        return usage_error(self,
                           "--seed takes a whole number from 1 on, not "
                           "\"%s\"",
                           optarg);
    return 0;
}

/* How long the run may take at most. */
static int read_seconds(const struct command *self, struct run_options *opt)
{
    uint64_t seconds;
    if (!parse_whole(optarg, 1, RUN_MAX_SECONDS, &seconds))
        return usage_error(self, "--max-seconds takes 1 to %d, not \"%s\"",
                           RUN_MAX_SECONDS, optarg);
    opt->max_seconds = (uint32_t)seconds;
    return 0;
}

/* One option. 0, or the status of a usage error. Letters stand for long
 * options only: there are no short ones. */
static int read_option(const struct command *self, int c, char **argv,
                       struct run_arguments *args)
{
    struct run_options *opt = &args->options;
    switch (c) {
    case 'j':
        args->json = true;
        return 0;
    case 'h':
        opt->hold = true;
        return 0;
    case 'L':
        opt->long_form = true;
        return 0;
    case 'i':
        return read_ip(self, opt);
    case 'l':
        return read_link(self, opt);
    case 'r':
        return read_rule(self, args);
    case 's':
        return read_seed(self, opt);
    case 'm':
        return read_seconds(self, opt);
    case '?':
    case ':':
        return option_error(self, c, argv);
    default:
        return read_condition(self, c, args);
    }
}

/* getopt_long() keeps its place in globals: once a process, on the main
 * thread. */
int run_arguments_read(const struct command *self, int argc, char **argv,
                       struct run_arguments *ret)
{
    int c;
    int status = 0;
    opterr = 0;
    while (!status && (c = getopt_long(argc, argv, ":", options, NULL)) != -1)
        status = read_option(self, c, argv, ret);
    if (status)
        return status;
    if (optind == argc)
        return usage_error(self, "a scenario is missing");
    if (optind + 1 < argc)
        return usage_error(self, "\"%s\" is too much here", argv[optind + 1]);
    ret->which = argv[optind];
    return 0;
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

/* Rules of the command line come first, since the first that fits decides.
 * What changes the wire needs one, whatever the scenario says: on another
 * link it would do nothing, and silently. */
int run_arguments_apply(const struct command *self, struct run_arguments *args,
                        struct scenario *sc)
{
    struct wire_settings *wire = &sc->wire;
    struct run_options *opt = &args->options;
    size_t more = args->rule_count;
    if (wire->rule_count + more > WIRE_MAX_RULES)
        return usage_error(self,
                           "with those of the scenario these are more "
                           "than %d rules",
                           WIRE_MAX_RULES);
    memmove(wire->rules + more, wire->rules,
            wire->rule_count * sizeof(*wire->rules));
    memcpy(wire->rules, args->rules, more * sizeof(*wire->rules));
    wire->rule_count += more;
    apply_conditions(args, sc, opt);
    if (more > 0 || opt->hold || opt->path_chosen)
        sc->needs_wire = true;
    return 0;
}

/* command_internal.h - what a command is: one row of data.
 *
 * Parsing, usage errors, every --help, the manual page and the completions of
 * three shells are all made from the tables, so that they cannot disagree:
 *   command_table.c  the commands, in the order people read them
 *   option_table.c   their options, in groups that commands share
 *   options.c        reads a command line by them
 *   help.c, manual.c, completion.c   say what they hold
 * A new command is a row, a function, and groups of options. All of it is
 * static and never changes; main thread. */
#ifndef HANDSHAKE_COMMAND_INTERNAL_H
#define HANDSHAKE_COMMAND_INTERNAL_H

#include "handshake/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    COMMAND_GOES_ON = -1, /* no exit status yet */
    EXIT_UNMET = 1,       /* not as hoped */
    EXIT_USAGE = 2,
    EXIT_SIGNAL = 128, /* and the number of the signal */
    COMMAND_MAX_GROUPS = 6,
    COMMAND_MAX_EXAMPLES = 8,
    COMMAND_MAX_EXITS = 4,
    COMMAND_MAX_OPTIONS = 48, /* in all of its groups */
    COMMAND_MANY = UINT16_MAX
};

/* Every option of every command; commands that share an option share its
 * key. */
enum option_key {
    OPTION_HELP, /* of every command; options.c */
    OPTION_ALLOW_HOST,
    OPTION_BIND,
    OPTION_COLOR,
    OPTION_DUPLICATE,
    OPTION_HOLD,
    OPTION_IDS,
    OPTION_IP,
    OPTION_JITTER,
    OPTION_JSON,
    OPTION_JUNIT,
    OPTION_KEEP,
    OPTION_LADDER,
    OPTION_LATENCY,
    OPTION_LINK,
    OPTION_LISTEN,
    OPTION_LOG_FORMAT,
    OPTION_LOG_LEVEL,
    OPTION_LONG,
    OPTION_LOSS,
    OPTION_MAX_ADDRESS_CONNECTIONS,
    OPTION_MAX_ADDRESS_HELD_RUNS,
    OPTION_MAX_ADDRESS_REQUESTS,
    OPTION_MAX_ADDRESS_ROOMS,
    OPTION_MAX_ADDRESS_RUNS,
    OPTION_MAX_ADDRESS_VOTES,
    OPTION_MAX_ANSWER_SECONDS,
    OPTION_MAX_BODY_BYTES,
    OPTION_MAX_CONNECTIONS,
    OPTION_MAX_HEADER_BYTES,
    OPTION_MAX_MEMORY,
    OPTION_MAX_REQUEST_SECONDS,
    OPTION_MAX_RUN_BYTES,
    OPTION_MAX_RUN_EVENTS,
    OPTION_MAX_RUN_SECONDS,
    OPTION_MAX_RUNS_ALIVE,
    OPTION_MAX_RUNS_KEPT,
    OPTION_MAX_SECONDS,
    OPTION_MAX_VIEWER_SECONDS,
    OPTION_MAX_HEARTBEAT_SECONDS,
    OPTION_MAX_VIEWERS,
    OPTION_ONCE,
    OPTION_PCAPNG,
    OPTION_PORT,
    OPTION_PRIVATE,
    OPTION_QUIET,
    OPTION_REORDER,
    OPTION_REPEAT,
    OPTION_RULE,
    OPTION_SCHEMA,
    OPTION_SEED,
    OPTION_SERVER,
    OPTION_SERVER_EXEC,
    OPTION_SVG,
    OPTION_TIMEOUT,
    OPTION_TRUSTED_PROXY,
    OPTION_WEB,
    OPTION_KEY_COUNT
};

/* What a shell offers for a value or an operand. */
enum completes {
    COMPLETES_NOTHING,
    COMPLETES_FILE,
    COMPLETES_FOLDER,
    COMPLETES_SCENARIO, /* ids and files */
    COMPLETES_ID,       /* ids alone */
    COMPLETES_WORDS,    /* those of `words` */
    COMPLETES_HOST,
    COMPLETES_PROGRAM, /* and whatever it takes */
    COMPLETES_COUNT
};

struct option_spec {
    enum option_key key;
    const char *name;  /* long, without dashes; NULL ends a group */
    char letter;       /* short, 0 = none */
    const char *value; /* "FILE"; NULL: takes none */
    enum completes completes;
    const char *words; /* "auto always never": one of these, nothing else */
    bool whole;        /* a whole number from least to most */
    uint64_t least, most;
    uint64_t preset;  /* said in help; 0 = not */
    bool repeats;     /* may be given more than once; else the last counts */
    const char *help; /* a phrase, no full stop: for lists and shells */
    const char *more; /* sentences, or NULL */
};

struct option_group {
    const char *title; /* "Conditions of the wire" */
    const struct option_spec *options;
};

struct example {
    const char *line; /* after "handshake " */
    const char *what;
};

struct exit_row {
    int status;
    const char *meaning;
};

struct command {
    const char *name;
    const char *operands; /* "ID|FILE...", "" = none */
    const char *operand;  /* for its fault: "a scenario" */
    enum completes completes;
    const char *words;    /* of the operand, as in struct option_spec */
    uint16_t least, most; /* operands; COMMAND_MANY = no bound */
    bool program;         /* the first operand ends the options */
    bool hidden;          /* not listed: for who builds packages */
    const char *help;     /* a phrase */
    const char *about;    /* paragraphs, between them an empty line */
    const struct option_group *groups[COMMAND_MAX_GROUPS];
    struct exit_row exits[COMMAND_MAX_EXITS]; /* beside what all share */
    struct example examples[COMMAND_MAX_EXAMPLES];
    int (*run)(const struct command *self, int argc, char **argv);
};

/* Row i, NULL beyond the last. The first is what the program does when no
 * command is named. */
const struct command *command_at(size_t i);

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* Option i of all groups of a command, NULL beyond the last. */
const struct option_spec *command_option(const struct command *c, size_t i);

/* Exit statuses that all commands share; meaning NULL ends. */
extern const struct exit_row command_exits[];

/* Groups of options (option_table.c). */
extern const struct option_group group_serve, group_limits, group_log,
    group_show, group_run, group_wire, group_exec, group_record,
    group_scenarios, group_json, group_read, group_server, group_client,
    group_connect;

/* --- reading a command line (options.c) ---------------------------------- */

/* One option as given. */
struct given {
    const struct option_spec *spec;
    const char *text; /* value, NULL when it takes none */
    uint64_t number;  /* when spec->whole */
    int word;         /* which of spec->words, from 0 */
};

/* What follows the options. */
struct operands {
    char **list; /* (borrowed from argv) */
    size_t count;
};

/* Takes one option into `into`. 0, or the exit status of a usage error that
 * has been said. */
typedef int take_option_fn(const struct command *self,
                           const struct given *given, void *into);

/* Read argv by the command's row: each option is checked as its row says and
 * given to take (NULL where there are none), what follows them is counted.
 * COMMAND_GOES_ON, or the exit status to end with: 0 after --help. argv is
 * reordered; getopt keeps its place in globals: once a process. */
int options_read(const struct command *self, int argc, char **argv,
                 take_option_fn *take, void *into,
                 struct operands *ret_operands);

/* Say on stderr what is wrong and how the command is used. Returns
 * EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int
usage_error(const struct command *self, const char *fmt, ...);

/* --- saying what the tables hold ----------------------------------------- */

/* "run [OPTION]... ID|FILE...". */
void help_usage(const struct command *c, struct buf *out);

/* `handshake --help`, in lines of so many columns. */
void help_all(unsigned columns, struct buf *out);

/* `handshake COMMAND --help`. */
void help_command(const struct command *c, unsigned columns, struct buf *out);

/* "--latency TIME", "-q, --quiet". */
void help_option_heads(const struct option_spec *o, struct buf *out);

/* The option's help with its range or choice and its default:
 * "stop a run that lasts longer (1 to 3600, else 60)". */
void help_option_phrase(const struct option_spec *o, struct buf *out);

/* "a b c" as "a, b or c". */
void help_choice(const char *words, struct buf *out);

/* The manual page handshake(1) in mdoc(7). */
void manual_write(struct buf *out);

/* The completions for a shell: "bash", "zsh" or "fish"; false for another. */
bool completion_write(const char *shell, struct buf *out);

#endif

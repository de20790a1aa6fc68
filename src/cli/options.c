/* options.c - reads a command line by the command's row, and says what is wrong
 * with it. */
#include "command_internal.h"

#include "terminal_internal.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The row is the place among the command's options; --help stands behind. */
enum { ROW_FIRST = 1000, TEXT_MAX_BYTES = 64 * 1024 };

static const struct option_spec help_row = {
    .key = OPTION_HELP, .name = "help", .letter = 'h'};

/* What getopt_long() wants, made from the rows. */
struct getopt_tables {
    struct option list[COMMAND_MAX_OPTIONS + 2];
    char letters[2 * COMMAND_MAX_OPTIONS + 8];
    size_t count;
    size_t letters_len;
};

/* --- from rows to getopt ------------------------------------------------- */

/* --help stands behind the last row of every command. */
static const struct option_spec *row_at(const struct command *c, size_t i)
{
    const struct option_spec *o = command_option(c, i);
    bool behind = !o && (i == 0 || command_option(c, i - 1));
    return behind ? &help_row : o;
}

/* Each row's number is its `val`: letters could run out. */
static void add_row(struct getopt_tables *t, const struct option_spec *o)
{
    int takes = o->value ? required_argument : no_argument;
    assert(t->count <= COMMAND_MAX_OPTIONS);
    t->list[t->count] = (struct option){
        .name = o->name, .has_arg = takes, .val = ROW_FIRST + (int)t->count};
    t->count++;
    if (!o->letter)
        return;
    t->letters[t->letters_len++] = o->letter;
    if (o->value)
        t->letters[t->letters_len++] = ':';
}

/* "+": the first operand ends the options, since they are another program's.
 * ":": a missing value is told apart. */
static void make_tables(const struct command *c, struct getopt_tables *t)
{
    const struct option_spec *o;
    *t = (struct getopt_tables){.count = 0};
    if (c->program)
        t->letters[t->letters_len++] = '+';
    t->letters[t->letters_len++] = ':';
    for (size_t i = 0; (o = row_at(c, i)) != NULL; i++)
        add_row(t, o);
}

/* The row that getopt_long() found. */
static const struct option_spec *find_row(const struct command *c, int found)
{
    const struct option_spec *o;
    if (found >= ROW_FIRST)
        return row_at(c, (size_t)(found - ROW_FIRST));
    for (size_t i = 0; (o = row_at(c, i)) != NULL; i++)
        if (o->letter == found)
            return o;
    return NULL;
}

/* --- what is wrong ------------------------------------------------------- */

/* The sentence first: it is what somebody looks for who typed it. */
int usage_error(const struct command *self, const char *fmt, ...)
{
    struct buf usage;
    va_list args;
    buf_init(&usage, TEXT_MAX_BYTES);
    help_usage(self, &usage);
    va_start(args, fmt);
    fprintf(stderr, "handshake %s: ", self->name);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, ".\nUsage: handshake %s\nhandshake %s --help tells more.\n",
            buf_text(&usage), self->name);
    va_end(args);
    buf_done(&usage);
    return EXIT_USAGE;
}

/* What getopt_long() refused: '?' or ':'. */
static int refuse_option(const struct command *self, int found, char **argv)
{
    const char *word = argv[optind - 1];
    char letter[3] = {'-', (char)optopt, '\0'};
    bool is_letter = optopt > 0 && optopt < ROW_FIRST;
    if (found == ':')
        return usage_error(self, "%s needs a value", is_letter ? letter : word);
    return usage_error(self, "%s is no option of this command",
                       is_letter ? letter : word);
}

/* All words that would have been right are few enough to be named. */
static int refuse_word(const struct command *self, const char *name,
                       const char *words, const char *text)
{
    struct buf choice;
    buf_init(&choice, TEXT_MAX_BYTES);
    help_choice(words, &choice);
    int status = usage_error(self, "%s takes %s, not \"%s\"", name,
                             buf_text(&choice), text);
    buf_done(&choice);
    return status;
}

/* Numbers up to 2^64 have no end that would help anybody. */
static int refuse_number(const struct command *self,
                         const struct option_spec *o, const char *text)
{
    if (o->most == UINT64_MAX)
        return usage_error(
            self, "--%s takes a whole number from %" PRIu64 " on, not \"%s\"",
            o->name, o->least, text);
    return usage_error(self,
                       "--%s takes %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                       o->name, o->least, o->most, text);
}

/* --- values -------------------------------------------------------------- */

/* Which of words, -1 = none. */
static int find_word(const char *words, const char *text)
{
    size_t want = strlen(text);
    for (int i = 0; *words; i++) {
        size_t len = strcspn(words, " ");
        if (len == want && memcmp(words, text, len) == 0)
            return i;
        words += len + (words[len] == ' ');
    }
    return -1;
}

/* Digits alone: strtoull() would take a sign and turn it around. */
static bool parse_whole(const char *text, const struct option_spec *o,
                        uint64_t *ret)
{
    char *end;
    errno = 0;
    *ret = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && !*end && !errno &&
           *ret >= o->least && *ret <= o->most;
}

/* By the row alone, so that no command has to. */
static int check_value(const struct command *self, struct given *given)
{
    const struct option_spec *o = given->spec;
    char name[40];
    if (o->whole && !parse_whole(given->text, o, &given->number))
        return refuse_number(self, o, given->text);
    if (!o->words)
        return COMMAND_GOES_ON;
    given->word = find_word(o->words, given->text);
    if (given->word >= 0)
        return COMMAND_GOES_ON;
    snprintf(name, sizeof(name), "--%s", o->name);
    return refuse_word(self, name, o->words, given->text);
}

/* --- the command line ---------------------------------------------------- */

/* On stdout and with status 0: it was asked for. */
static int show_help(const struct command *self)
{
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    help_command(self, terminal_columns(STDOUT_FILENO), &text);
    fputs(buf_text(&text), stdout);
    buf_done(&text);
    return 0; /* cli_main() sees to it that it was written */
}

/* How many there may be, and of a fixed choice which. */
static int check_operands(const struct command *self,
                          const struct operands *operands)
{
    if (operands->count < self->least)
        return usage_error(self, "%s is missing", self->operand);
    if (operands->count > self->most)
        return usage_error(self, "\"%s\" is too much here",
                           operands->list[self->most]);
    for (size_t i = 0; self->words && i < operands->count; i++)
        if (find_word(self->words, operands->list[i]) < 0)
            return refuse_word(self, self->name, self->words,
                               operands->list[i]);
    return COMMAND_GOES_ON;
}

/* One option: checked, then taken. COMMAND_GOES_ON or an exit status. */
static int read_option(const struct command *self, int found, char **argv,
                       take_option_fn *take, void *into)
{
    if (found == '?' || found == ':')
        return refuse_option(self, found, argv);
    struct given given = {.spec = find_row(self, found), .text = optarg};
    assert(given.spec); /* getopt_long() returns rows of the table only */
    if (given.spec == &help_row)
        return show_help(self);
    int status = check_value(self, &given);
    if (status != COMMAND_GOES_ON)
        return status;
    status = take(self, &given, into);
    return status ? status : COMMAND_GOES_ON;
}

/* The first fault ends it; options before it have been taken, but nothing
 * was done with them yet. */
int options_read(const struct command *self, int argc, char **argv,
                 take_option_fn *take, void *into,
                 struct operands *ret_operands)
{
    struct getopt_tables tables;
    int found;
    int status = COMMAND_GOES_ON;
    make_tables(self, &tables);
    opterr = 0;
    while (status == COMMAND_GOES_ON &&
           /* NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread starts */
           (found = getopt_long(argc, argv, tables.letters, tables.list,
                                NULL)) != -1)
        status = read_option(self, found, argv, take, into);
    if (status != COMMAND_GOES_ON)
        return status;
    struct operands operands = {argv + optind, (size_t)(argc - optind)};
    if (ret_operands)
        *ret_operands = operands;
    return check_operands(self, &operands);
}

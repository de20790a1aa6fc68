/* help.c - the tables as text for a terminal: --help of all and of each. */
#include "command_internal.h"

#include <inttypes.h>
#include <string.h>

enum {
    MARGIN = 2, /* of a list */
    FEWEST_COLUMNS = 40,
    MOST_COLUMNS = 100, /* longer lines are hard to read */
    HEAD_COLUMNS = 26,  /* where the help of an option begins */
    HEAD_BYTES = 256
};

/* --- lines --------------------------------------------------------------- */

/* Long lines are hard to read, and below 40 columns nothing fits beside a
 * head. */
static unsigned readable(unsigned columns)
{
    if (columns < FEWEST_COLUMNS)
        return FEWEST_COLUMNS;
    return columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
}

/* Append words of text from column `at` on, wrapped and indented; ends the
 * line. An empty line in text stays one. */
static void put_wrapped(const char *text, unsigned at, unsigned indent,
                        unsigned columns, struct buf *out)
{
    bool first = true;
    while (*text) {
        size_t len = strcspn(text, " \n");
        if (!first && at + 1 + len > columns) {
            buf_printf(out, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        buf_str(out, first ? "" : " ");
        buf_append(out, text, len);
        at += (unsigned)len + !first;
        first = false;
        text += len;
        if (strncmp(text, "\n\n", 2) == 0) {
            buf_printf(out, "\n\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        text += strspn(text, " \n");
    }
    buf_str(out, "\n");
}

/* "  head          text", the text below when the head is long. */
static void put_entry(const char *head, unsigned head_columns, const char *text,
                      unsigned columns, struct buf *out)
{
    unsigned at = MARGIN + (unsigned)strlen(head);
    buf_printf(out, "%*s%s", MARGIN, "", head);
    if (at + 2 > head_columns) {
        buf_str(out, "\n");
        at = 0;
    }
    buf_printf(out, "%*s", (int)(head_columns - at), "");
    put_wrapped(text, head_columns, head_columns, columns, out);
}

/* --- parts of a command -------------------------------------------------- */

/* One line, since every usage error ends with it. */
void help_usage(const struct command *c, struct buf *out)
{
    buf_str(out, c->name);
    if (command_option(c, 0))
        buf_str(out, " [OPTION]...");
    if (c->operands[0])
        buf_printf(out, " %s", c->operands);
}

/* The short form first, as everywhere. */
void help_option_heads(const struct option_spec *o, struct buf *out)
{
    if (o->letter)
        buf_printf(out, "-%c, ", o->letter);
    buf_printf(out, "--%s", o->name);
    if (o->value)
        buf_printf(out, " %s", o->value);
}

/* "wire, loopback or sockets" */
void help_choice(const char *words, struct buf *out)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        bool last = !words[len];
        bool next_is_last = !last && !strchr(words + len + 1, ' ');
        buf_append(out, words, len);
        buf_str(out, last ? "" : next_is_last ? " or " : ", ");
        words += len + !last;
    }
}

/* "1 to 3600, else 60", "auto, always or never"; nothing when all is free. */
static void put_range(const struct option_spec *o, struct buf *out)
{
    if (o->words)
        help_choice(o->words, out);
    if (o->whole && o->most != UINT64_MAX)
        buf_printf(out, "%" PRIu64 " to %" PRIu64 "%s", o->least, o->most,
                   o->preset ? ", " : "");
    if (o->preset)
        buf_printf(out, "else %" PRIu64, o->preset);
}

/* Shells get `help` alone: there the range would only be long. */
void help_option_phrase(const struct option_spec *o, struct buf *out)
{
    struct buf range;
    buf_init(&range, HEAD_BYTES);
    put_range(o, &range);
    buf_str(out, o->help);
    if (range.len > 0)
        buf_printf(out, " (%s)", buf_text(&range));
    if (o->repeats)
        buf_str(out, "; may be given more than once");
    buf_done(&range);
}

/* What more there is follows at once: a person who reads help reads on. */
static void put_option(const struct option_spec *o, unsigned columns,
                       struct buf *out)
{
    struct buf head;
    struct buf text;
    buf_init(&head, HEAD_BYTES);
    buf_init(&text, 16 * HEAD_BYTES);
    help_option_heads(o, &head);
    help_option_phrase(o, &text);
    if (o->more)
        buf_printf(&text, ". %s", o->more);
    put_entry(buf_text(&head), HEAD_COLUMNS, buf_text(&text), columns, out);
    buf_done(&text);
    buf_done(&head);
}

/* Groups keep a command with twenty options readable. */
static void put_group(const struct option_group *group, unsigned columns,
                      struct buf *out)
{
    buf_printf(out, "\n%s:\n", group->title);
    for (const struct option_spec *o = group->options; o->name; o++)
        put_option(o, columns, out);
}

/* Only what this command adds to the common ones, which the manual lists. */
static void put_exits(const struct command *c, unsigned columns,
                      struct buf *out)
{
    if (!c->exits[0].meaning)
        return;
    buf_str(out, "\nExit status:\n");
    for (size_t i = 0; i < COMMAND_MAX_EXITS && c->exits[i].meaning; i++) {
        struct buf head;
        buf_init(&head, HEAD_BYTES);
        buf_printf(&head, "%d", c->exits[i].status);
        put_entry(buf_text(&head), 8, c->exits[i].meaning, columns, out);
        buf_done(&head);
    }
}

/* Never wrapped: they are to be copied. */
static void put_examples(const struct command *c, struct buf *out)
{
    if (!c->examples[0].line)
        return;
    buf_str(out, "\nExamples:\n");
    for (size_t i = 0; i < COMMAND_MAX_EXAMPLES && c->examples[i].line; i++)
        buf_printf(out, "  handshake %s\n      %s\n", c->examples[i].line,
                   c->examples[i].what);
}

/* --- whole pages --------------------------------------------------------- */

/* In the order in which people look: how to call it, what it does, options. */
void help_command(const struct command *c, unsigned columns, struct buf *out)
{
    columns = readable(columns);
    buf_str(out, "Usage: handshake ");
    help_usage(c, out);
    buf_str(out, "\n\n");
    put_wrapped(c->about, 0, 0, columns, out);
    for (size_t g = 0; g < COMMAND_MAX_GROUPS && c->groups[g]; g++)
        put_group(c->groups[g], columns, out);
    put_exits(c, columns, out);
    put_examples(c, out);
}

/* A line each; how a command is used is told by its own --help. */
void help_all(unsigned columns, struct buf *out)
{
    const struct command *c;
    columns = readable(columns);
    buf_str(out, "Usage: handshake [COMMAND] [OPTION]...\n\n");
    put_wrapped("Watch, hold and break real TCP handshakes, segment by "
                "segment. Without a command it serves the page.",
                0, 0, columns, out);
    buf_str(out, "\nCommands:\n");
    for (size_t i = 0; (c = command_at(i)) != NULL; i++)
        if (!c->hidden)
            put_entry(c->name, 14, c->help, columns, out);
    buf_str(out, "\n");
    put_wrapped("handshake COMMAND --help tells all of one; so does man "
                "handshake. handshake --version names this one.",
                0, 0, columns, out);
}

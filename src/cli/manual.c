/* manual.c - the tables as handshake(1), in mdoc(7).
 *
 * mdoc names what things are and leaves their looks to the reader's program:
 * man-db's groff and mandoc show it alike. Its rules: one sentence a line, no
 * line over 80 bytes, no line of text that begins with a dot. */
#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

enum {
    MANUAL_MAX_BYTES = 256 * 1024,
    TEXT_MAX_BYTES = 16 * 1024,
    LINE_COLUMNS = 74
};

/* Of the last change to what the page says beside the tables. */
static const char page_date[] = "November 22, 2026";

/* --- text ---------------------------------------------------------------- */

/* A dash is a hyphen in roff unless told, and a backslash begins a command. The
 * parentheses of a call would ask for a macro of their own. */
static void put_escaped(const char *text, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            buf_str(out, "\\e");
        else if (text[i] == '-')
            buf_str(out, "\\-");
        else if (text[i] == '(' && i + 1 < len && text[i + 1] == ')')
            buf_str(out, "\\&(");
        else
            buf_append(out, &text[i], 1);
    }
}

/* A sentence ends here: the next one begins a line. */
static bool ends_sentence(const char *word, size_t len)
{
    return len > 1 && strchr(".!?:", word[len - 1]) && word[len - 1] != ':';
}

/* Text as lines, a sentence each at least. A leading dot or quote would be a
 * command: \& is nothing, but not that. */
static void put_text(const char *text, struct buf *out)
{
    size_t at = 0;
    while (*text) {
        size_t len = strcspn(text, " \n");
        if (at > 0 && at + len > LINE_COLUMNS) {
            buf_str(out, "\n");
            at = 0;
        }
        if (at == 0 && (*text == '.' || *text == '\''))
            buf_str(out, "\\&");
        buf_str(out, at ? " " : "");
        put_escaped(text, len, out);
        at += len + 1;
        bool ended = ends_sentence(text, len) && text[len];
        text += len;
        bool parted = strncmp(text, "\n\n", 2) == 0;
        text += strspn(text, " \n");
        if (ended || parted) {
            buf_str(out, parted ? "\n.Pp\n" : "\n");
            at = 0;
        }
    }
    buf_str(out, at ? "\n" : "");
}

/* A phrase as a sentence: a capital first, a full stop behind. */
static void put_sentence(const char *phrase, struct buf *out)
{
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    buf_printf(&text, "%s.", phrase);
    if (!text.failed && text.data[0] >= 'a' && text.data[0] <= 'z')
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    put_text(buf_text(&text), out);
    buf_done(&text);
}

/* Arguments of a macro are words; one with quotes is put in quotes. */
static void put_argument(const char *text, struct buf *out)
{
    buf_str(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            buf_str(out, "\"\"");
        else
            put_escaped(c, 1, out);
    }
    buf_str(out, "\"");
}

/* --- a command ----------------------------------------------------------- */

/* Fl puts one dash, the name brings the second. */
static void put_option_item(const struct option_spec *o, struct buf *out)
{
    buf_str(out, ".It");
    if (o->letter)
        buf_printf(out, " Fl %c ,", o->letter);
    buf_printf(out, " Fl \\-%s", o->name);
    if (o->value)
        buf_printf(out, " Ar %s", o->value);
    buf_str(out, "\n");
}

/* The same phrase as in --help, made a sentence. */
static void put_option(const struct option_spec *o, struct buf *out)
{
    struct buf phrase;
    buf_init(&phrase, TEXT_MAX_BYTES);
    help_option_phrase(o, &phrase);
    put_option_item(o, out);
    put_sentence(buf_text(&phrase), out);
    if (o->more)
        put_text(o->more, out);
    buf_done(&phrase);
}

/* Without the groups' titles: in a manual one looks for names. */
static void put_options(const struct command *c, struct buf *out)
{
    const struct option_spec *o;
    if (!command_option(c, 0))
        return;
    buf_str(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++)
        put_option(o, out);
    buf_str(out, ".El\n");
}

/* What its exit statuses mean beside what EXIT STATUS says of all. */
static void put_exits(const struct command *c, struct buf *out)
{
    for (size_t i = 0; i < COMMAND_MAX_EXITS && c->exits[i].meaning; i++) {
        struct buf text;
        buf_init(&text, TEXT_MAX_BYTES);
        buf_printf(&text, "Exit status %d: %s.", c->exits[i].status,
                   c->exits[i].meaning);
        buf_str(out, ".Pp\n");
        put_text(buf_text(&text), out);
        buf_done(&text);
    }
}

/* A subsection each, so that man can be searched for it. */
static void put_command(const struct command *c, struct buf *out)
{
    buf_printf(out, ".Ss %s\n.Nm\n.Cm %s\n", c->name, c->name);
    if (command_option(c, 0))
        buf_str(out, ".Op Ar option ...\n");
    if (c->operands[0])
        buf_printf(out, ".Ar %s\n", c->operands);
    buf_str(out, ".Pp\n");
    put_text(c->about, out);
    put_options(c, out);
    put_exits(c, out);
}

/* --- sections ------------------------------------------------------------ */

/* Os is left empty: whoever shows the page names the system. */
static void put_head(struct buf *out)
{
    buf_printf(out,
               ".\\\" Made by `handshake man` from the table of commands.\n"
               ".Dd %s\n.Dt HANDSHAKE 1\n"
               ".Os Handshake Lab " HANDSHAKE_VERSION "\n"
               ".Sh NAME\n.Nm handshake\n"
               ".Nd watch, hold and break real TCP handshakes\n"
               ".Sh SYNOPSIS\n",
               page_date);
    const struct command *c;
    for (size_t i = 0; (c = command_at(i)) != NULL; i++) {
        if (c->hidden)
            continue;
        buf_printf(out, ".Nm\n.Cm %s\n", c->name);
        if (command_option(c, 0))
            buf_str(out, ".Op Ar option ...\n");
        if (c->operands[0])
            buf_printf(out, ".Ar %s\n", c->operands);
    }
    buf_str(out, ".Nm\n.Fl \\-help | Fl \\-version\n");
}

static const char description[] =
    "Two hosts, a client and a server, live in network namespaces of their "
    "own; the program itself is the wire between them. Every segment one Linux "
    "kernel sends is read, shown, and only then handed to the other kernel. "
    "Nothing shown comes from a script: numbers, states and times were "
    "measured in the run that is shown.\n\n"
    "Without a command the page and the API are served, as by serve. Every "
    "command takes --help.";

/* The commands have a section of their own: the description says what all
 * share. */
static void put_description(struct buf *out)
{
    const struct command *c;
    buf_str(out, ".Sh DESCRIPTION\n");
    put_text(description, out);
    buf_str(out, ".Sh COMMANDS\n");
    for (size_t i = 0; (c = command_at(i)) != NULL; i++)
        if (!c->hidden)
            put_command(c, out);
}

/* What single commands add stands with them. */
static void put_exit_section(struct buf *out)
{
    buf_str(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (const struct exit_row *row = command_exits; row->meaning; row++) {
        buf_printf(out, ".It %d\n", row->status);
        put_sentence(row->meaning, out);
    }
    buf_str(out, ".El\n");
}

/* Only what the program itself reads. */
static void put_environment(struct buf *out)
{
    buf_str(out, ".Sh ENVIRONMENT\n.Bl -tag -width NO_COLOR\n"
                 ".It Ev COLUMNS\n");
    put_text("How wide lines may be, instead of what the terminal says.", out);
    buf_str(out, ".It Ev NO_COLOR\n");
    put_text("Set and not empty: no colours, unless --color always asks for "
             "them.",
             out);
    buf_str(out, ".El\n");
}

/* Ic: a command to be typed as it stands. */
static void put_example(const struct example *example, struct buf *out)
{
    struct buf line;
    buf_init(&line, 1024);
    buf_printf(&line, "handshake %s", example->line);
    buf_str(out, ".It Ic ");
    put_argument(buf_text(&line), out);
    buf_str(out, "\n");
    put_sentence(example->what, out);
    buf_done(&line);
}

/* All of them in one section, where people look first. */
static void put_examples(struct buf *out)
{
    const struct command *c;
    buf_str(out, ".Sh EXAMPLES\n.Bl -tag -width Ds\n");
    for (size_t i = 0; (c = command_at(i)) != NULL; i++)
        for (size_t n = 0; n < COMMAND_MAX_EXAMPLES && c->examples[n].line; n++)
            put_example(&c->examples[n], out);
    buf_str(out, ".El\n");
}

/* In the order that mdoc(7) wants sections in. */
void manual_write(struct buf *out)
{
    put_head(out);
    put_description(out);
    put_environment(out);
    put_exit_section(out);
    put_examples(out);
    buf_str(out, ".Sh SEE ALSO\n.Xr tcp 7 ,\n.Xr ss 8\n"
                 ".Sh STANDARDS\n");
    put_text("Transmission Control Protocol: RFC 9293.", out);
}

/* On stdout, for the build and for those who did not install it. */
int man_command(const struct command *self, int argc, char **argv)
{
    int status = options_read(self, argc, argv, NULL, NULL, NULL);
    if (status != COMMAND_GOES_ON)
        return status;
    struct buf page;
    buf_init(&page, MANUAL_MAX_BYTES);
    manual_write(&page);
    return print_whole(&page);
}

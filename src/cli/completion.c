/* completion.c - the tables as completions for bash, zsh and fish.
 *
 * The scripts hold all names; only the ids of scenarios are asked for when they
 * are needed (handshake scenarios --ids). That for bash stands alone, so that
 * it can be sourced where bash-completion is not installed. */
#include "cli_internal.h"

#include <string.h>

enum { SCRIPT_MAX_BYTES = 256 * 1024 };

/* Each is given the commands that are listed, one after the other. */
typedef void put_command_fn(const struct command *c, struct buf *out);

/* Hidden commands are for builds: no shell offers them. */
static void put_commands(put_command_fn *put, struct buf *out)
{
    const struct command *c;
    for (size_t i = 0; (c = command_at(i)) != NULL; i++)
        if (!c->hidden)
            put(c, out);
}

/* Texts in single quotes: what ends them is escaped as the shell wants it. */
static void put_quoted(const char *text, const char *special, const char *quote,
                       struct buf *out)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            buf_str(out, quote);
        else if (strchr(special, *c))
            buf_printf(out, "\\%c", *c);
        else
            buf_append(out, c, 1);
    }
}

/* --- bash ---------------------------------------------------------------- */

static const char *const kind_names[COMPLETES_COUNT] = {
    [COMPLETES_NOTHING] = "nothing", [COMPLETES_FILE] = "file",
    [COMPLETES_FOLDER] = "folder",   [COMPLETES_SCENARIO] = "scenario",
    [COMPLETES_ID] = "id",           [COMPLETES_WORDS] = "words",
    [COMPLETES_HOST] = "host",       [COMPLETES_PROGRAM] = "program",
};

static const char bash_begin[] =
    "# handshake(1) for bash, made by `handshake completion bash`.\n"
    "\n"
    "# _handshake_offer KIND WORDS CURRENT\n"
    "_handshake_offer() {\n"
    "    local words=$2 IFS=$'\\n'\n"
    "    case $1 in\n"
    "        scenario | id) words=$(handshake scenarios --ids 2>/dev/null) ;;\n"
    "    esac\n"
    "    words=${words// /$'\\n'}\n"
    "    COMPREPLY=($(compgen -W \"$words\" -- \"$3\"))\n"
    "    case $1 in\n"
    "        file | scenario)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            COMPREPLY+=($(compgen -f -- \"$3\")) ;;\n"
    "        folder)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            COMPREPLY+=($(compgen -d -- \"$3\")) ;;\n"
    "        host) COMPREPLY+=($(compgen -A hostname -- \"$3\")) ;;\n"
    "        program) COMPREPLY+=($(compgen -c -- \"$3\")) ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_handshake() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]}\n"
    "    local prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command=${COMP_WORDS[1]} options= kind=nothing words= i\n"
    "    COMPREPLY=()\n"
    "    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    [[ $cur == = ]] && cur=\n"
    "    [[ $command == -* || $COMP_CWORD == 1 ]] && command=serve\n";

static const char bash_end[] =
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == -- ]] || continue\n"
    "        options=\n"
    "        ((i + 1 < COMP_CWORD)) && [[ $kind == program ]] && kind=file\n"
    "    done\n"
    "    ((COMP_CWORD == 1)) && options+=' --version'\n"
    "    if [[ $cur == -* && $options ]]; then\n"
    "        _handshake_offer words \"$options\" \"$cur\"\n"
    "    elif ((COMP_CWORD == 1)); then\n"
    "        _handshake_offer words \"$commands\" \"$cur\"\n"
    "    else\n"
    "        _handshake_offer \"$kind\" \"$words\" \"$cur\"\n"
    "    fi\n"
    "}\n"
    "\n"
    "complete -F _handshake handshake\n";

/* For the list of words behind `handshake`. */
static void put_bash_name(const struct command *c, struct buf *out)
{
    buf_printf(out, "%s ", c->name);
}

/* "run --link" and what may stand behind it. */
static void put_bash_values(const struct command *c, struct buf *out)
{
    const struct option_spec *o;
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++) {
        if (!o->value)
            continue;
        buf_printf(out, "        '%s --%s'", c->name, o->name);
        if (o->letter)
            buf_printf(out, " | '%s -%c'", c->name, o->letter);
        buf_printf(out, ") _handshake_offer %s '%s' \"$cur\"; return ;;\n",
                   kind_names[o->completes], o->words ? o->words : "");
    }
}

/* What stands behind a command: its options, or its operands by their kind. */
static void put_bash_options(const struct command *c, struct buf *out)
{
    const struct option_spec *o;
    buf_printf(out, "        %s)\n            options='", c->name);
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++)
        buf_printf(out, "--%s ", o->name);
    buf_str(out, "--help'\n");
    buf_printf(out, "            kind=%s words='%s' ;;\n",
               kind_names[c->completes], c->words ? c->words : "");
}

/* Two tables between the fixed parts: values of options, options of
 * commands. */
static void put_bash(struct buf *out)
{
    buf_str(out, bash_begin);
    buf_str(out, "    local commands='");
    put_commands(put_bash_name, out);
    buf_str(out, "'\n    case \"$command $prev\" in\n");
    put_commands(put_bash_values, out);
    buf_str(out, "    esac\n    case $command in\n");
    put_commands(put_bash_options, out);
    buf_str(out, "    esac\n");
    buf_str(out, bash_end);
}

/* --- zsh ----------------------------------------------------------------- */

static const char zsh_begin[] =
    "#compdef handshake\n"
    "# handshake(1) for zsh, made by `handshake completion zsh`.\n"
    "\n"
    "_handshake_ids() {\n"
    "  local -a ids\n"
    "  ids=(${(f)\"$(_call_program ids handshake scenarios --ids)\"})\n"
    "  _describe scenario ids\n"
    "}\n"
    "\n"
    "_handshake_scenarios() {\n"
    "  _alternative 'ids:scenario:_handshake_ids' 'files:file:_files'\n"
    "}\n"
    "\n"
    "_handshake() {\n"
    "  local curcontext=$curcontext state line\n"
    "  local -a names # `commands` is zsh's own\n"
    "  names=(\n";

static const char zsh_middle[] =
    "  )\n"
    "  _arguments -C '(- *)--help[say how it is used]' \\\n"
    "    '(- *)--version[name the version]' \\\n"
    "    '1:command:->command' '*::argument:->argument' && return\n"
    "  case $state in\n"
    "    command) _describe command names ;;\n"
    "    argument)\n"
    "      case $words[1] in\n";

static const char zsh_end[] = "      esac ;;\n"
                              "  esac\n"
                              "}\n"
                              "\n"
                              "_handshake \"$@\"\n";

/* In the form of _describe: name and help with a colon between. */
static void put_zsh_name(const struct command *c, struct buf *out)
{
    buf_printf(out, "    '%s:", c->name);
    put_quoted(c->help, "", "'\\''", out);
    buf_str(out, "'\n");
}

/* What completes it, in the words of _arguments. */
static void put_zsh_action(enum completes kind, const char *words,
                           struct buf *out)
{
    static const char *const actions[COMPLETES_COUNT] = {
        [COMPLETES_NOTHING] = " ",
        [COMPLETES_FILE] = "_files",
        [COMPLETES_FOLDER] = "_files -/",
        [COMPLETES_SCENARIO] = "_handshake_scenarios",
        [COMPLETES_ID] = "_handshake_ids",
        [COMPLETES_HOST] = "_hosts",
        [COMPLETES_PROGRAM] = "_cmdstring",
    };
    if (kind == COMPLETES_WORDS)
        buf_printf(out, "(%s)", words);
    else
        buf_str(out, actions[kind]);
}

/* In the form of _arguments; a letter and its long form exclude each other. */
static void put_zsh_option(const struct option_spec *o, struct buf *out)
{
    buf_str(out, " \\\n          ");
    if (o->letter) /* both forms, neither after the other */
        buf_printf(out, "'(-%c --%s)'{-%c,--%s}'", o->letter, o->name,
                   o->letter, o->name);
    else
        buf_printf(out, "'%s--%s", o->repeats ? "*" : "", o->name);
    buf_printf(out, "%s[", o->value && !o->letter ? "=" : "");
    put_quoted(o->help, "[]:\\", "'\\''", out);
    buf_str(out, "]");
    if (o->value) {
        buf_printf(out, ":%s:", o->value);
        put_zsh_action(o->completes, o->words, out);
    }
    buf_str(out, "'");
}

/* One call of _arguments a command; what follows a program is the program's
 * own. */
static void put_zsh_command(const struct command *c, struct buf *out)
{
    const struct option_spec *o;
    buf_printf(out,
               "        %s) _arguments -s -S \\\n"
               "          '(- *)--help[say how it is used]'",
               c->name);
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++)
        put_zsh_option(o, out);
    if (c->program) {
        buf_str(out, " \\\n          '*:::program:_normal'");
    } else if (c->operands[0]) {
        buf_printf(out, " \\\n          '%s:%s:", c->most > 1 ? "*" : "1",
                   c->operand);
        put_zsh_action(c->completes, c->words, out);
        buf_str(out, "'");
    }
    buf_str(out, " ;;\n");
}

/* Names first, since `_handshake` shows them before a command is chosen. */
static void put_zsh(struct buf *out)
{
    buf_str(out, zsh_begin);
    put_commands(put_zsh_name, out);
    buf_str(out, zsh_middle);
    put_commands(put_zsh_command, out);
    buf_str(out, zsh_end);
}

/* --- fish ---------------------------------------------------------------- */

/* In fish only backslash and quote mean something between single quotes. */
static void put_fish_text(const char *text, struct buf *out)
{
    buf_str(out, " -d '");
    put_quoted(text, "\\", "\\'", out);
    buf_str(out, "'\n");
}

/* Offered as long as no command stands there. */
static void put_fish_name(const struct command *c, struct buf *out)
{
    buf_printf(out, "complete -c handshake -n __fish_use_subcommand -a %s",
               c->name);
    put_fish_text(c->help, out);
}

/* Files are offered where they fit, and nowhere else (-f above). */
static void put_fish_values(enum completes kind, const char *words,
                            struct buf *out)
{
    static const char *const values[COMPLETES_COUNT] = {
        [COMPLETES_NOTHING] = "",
        [COMPLETES_FILE] = " -F",
        [COMPLETES_FOLDER] = " -a '(__fish_complete_directories)'",
        [COMPLETES_SCENARIO] =
            " -F -a '(handshake scenarios --ids 2>/dev/null)'",
        [COMPLETES_ID] = " -a '(handshake scenarios --ids 2>/dev/null)'",
        [COMPLETES_HOST] = " -a '(__fish_print_hostnames)'",
        [COMPLETES_PROGRAM] = " -a '(__fish_complete_subcommand)'",
    };
    if (kind == COMPLETES_WORDS)
        buf_printf(out, " -a '%s'", words);
    else
        buf_str(out, values[kind]);
}

/* -x says that nothing but the given values fits; files need -r. */
static void put_fish_option(const struct command *c,
                            const struct option_spec *o, struct buf *out)
{
    buf_printf(out,
               "complete -c handshake -n '__fish_seen_subcommand_from %s'"
               " -l %s",
               c->name, o->name);
    if (o->letter)
        buf_printf(out, " -s %c", o->letter);
    if (o->value) {
        buf_str(out, o->completes == COMPLETES_FILE ? " -r" : " -x");
        put_fish_values(o->completes, o->words, out);
    }
    put_fish_text(o->help, out);
}

/* Operands only where there is something to offer. */
static void put_fish_command(const struct command *c, struct buf *out)
{
    const struct option_spec *o;
    for (size_t i = 0; (o = command_option(c, i)) != NULL; i++)
        put_fish_option(c, o, out);
    if (c->completes == COMPLETES_NOTHING)
        return;
    buf_printf(out, "complete -c handshake -n '__fish_seen_subcommand_from %s'",
               c->name);
    put_fish_values(c->completes, c->words, out);
    buf_str(out, "\n");
}

/* -f: no files, unless a line below says so. */
static void put_fish(struct buf *out)
{
    buf_str(out,
            "# handshake(1) for fish, made by `handshake completion fish`.\n"
            "complete -c handshake -f\n"
            "complete -c handshake -l help -d 'Say how it is used'\n"
            "complete -c handshake -n __fish_use_subcommand -l version"
            " -d 'Name the version'\n");
    put_commands(put_fish_name, out);
    put_commands(put_fish_command, out);
}

/* --- the command --------------------------------------------------------- */

static const struct {
    const char *name;
    void (*put)(struct buf *out);
} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

/* By name: tests walk all of them. */
bool completion_write(const char *shell, struct buf *out)
{
    for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
        if (strcmp(shells[i].name, shell) != 0)
            continue;
        shells[i].put(out);
        return true;
    }
    return false;
}

/* The row of the command has refused other shells already. */
int completion_command(const struct command *self, int argc, char **argv)
{
    struct operands shell;
    int status = options_read(self, argc, argv, NULL, NULL, &shell);
    if (status != COMMAND_GOES_ON)
        return status;
    struct buf script;
    buf_init(&script, SCRIPT_MAX_BYTES);
    (void)completion_write(shell.list[0], &script); /* the row checked it */
    return print_whole(&script);
}

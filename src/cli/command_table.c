/* command_table.c - the commands, as data.
 *
 * Legend: struct command in command_internal.h. Texts are plain: an empty line
 * parts paragraphs. */
#include "cli_internal.h"
#include "run_internal.h"

#include <string.h>

/* In the order of --help and of the manual. */
static const struct command commands[] = {
    {.name = "serve",
     .operands = "",
     .help = "serve the page and the API, on 127.0.0.1:8080 unless told",
     .about = "Serves the page and the HTTP API until SIGINT or SIGTERM. The "
              "socket is bound first, then the program moves into namespaces "
              "of its own and gives up every power it does not need; handshake "
              "doctor tells what that comes to on this machine.",
     .groups = {&group_serve, &group_log},
     .examples = {{"serve", "the page on http://localhost:8080"},
                  {"serve --listen '[::1]:9000'", "over IPv6, on port 9000"}},
     .run = serve_command},
    {.name = "run",
     .operands = "ID|FILE...",
     .operand = "a scenario",
     .completes = COMPLETES_SCENARIO,
     .least = 1,
     .most = RUN_MAX_SCENARIOS,
     .help = "carry out scenarios, drawn as text while they happen",
     .about = "Carries out built-in scenarios, or those of files: two real "
              "kernel endpoints, the program itself the wire between them. "
              "What happens is drawn as a ladder in the manner of the RFC's "
              "figures: time and state of the client at the left, the server's "
              "state at the right, segments as arrows, system calls at the "
              "side that made them. Of several runs a line each is told, of "
              "repeated ones a summary. Ctrl-C ends the run at hand and tells "
              "what was known so far.",
     .groups = {&group_show, &group_run, &group_wire},
     .exits = {{1, "an expectation of the scenario was not met, or the run "
                   "could not be carried out"}},
     .examples = {{"run open", "the plain handshake"},
                  {"run open --rule 'client SYN nth 1 drop'",
                   "the first SYN gets lost"},
                  {"run open --latency 50ms --loss 10% --seed 7",
                   "a bad road, the same each time"},
                  {"run open --hold", "decide on each segment yourself"},
                  {"run my-scenario.json --json", "one of your own, as JSON"},
                  {"run classic syn-lost closed-port --junit results.xml",
                   "several, for a build server"},
                  {"run open --repeat 1000", "how long connect() takes here"},
                  {"run open --server http://localhost:8080",
                   "on a running server"}},
     .run = run_command},
    {.name = "scenarios",
     .operands = "[ID]",
     .operand = "an id",
     .completes = COMPLETES_ID,
     .most = 1,
     .help = "list the built-in scenarios, or print the document of one",
     .about = "A printed document can be changed and run: handshake scenarios "
              "open > mine.json, then handshake run mine.json.",
     .groups = {&group_scenarios},
     .examples = {{"scenarios", "what is built in"},
                  {"scenarios open > mine.json", "one to begin with"}},
     .run = scenarios_command},
    {.name = "doctor",
     .operands = "",
     .help = "say what this machine allows, and how to get what it does not",
     .about = "Tries which links between the hosts can be had, which layers of "
              "the sandbox, and what the kernel can do. Where something is "
              "refused it says why, and the exact command that changes it.",
     .groups = {&group_json},
     .examples = {{"doctor", "what can be had here"}},
     .run = doctor_command},
    {.name = "health",
     .operands = "[PORT]",
     .operand = "a port",
     .most = 1,
     .help = "ask a running server whether it is well",
     .about = "For containers that have no curl: asks 127.0.0.1 on that port, "
              "8080 unless told, for /healthz.",
     .exits = {{1, "nothing answers, or it is not well"}},
     .run = health_command},
    {.name = "man",
     .operands = "",
     .hidden = true,
     .help = "print the manual page",
     .about = "The page is written in mdoc: handshake man | man -l -",
     .run = man_command},
    {.name = "completion",
     .operands = "SHELL",
     .operand = "a shell",
     .completes = COMPLETES_WORDS,
     .words = "bash zsh fish",
     .least = 1,
     .most = 1,
     .hidden = true,
     .help = "print the completions for a shell",
     .about = "Where they were not installed: source <(handshake completion "
              "bash)",
     .run = completion_command},
};

const struct exit_row command_exits[] = {
    {0, "all went as it should"},
    {EXIT_UNMET, "something failed or did not come out as expected"},
    {EXIT_USAGE, "the command line was wrong, or a scenario could not be read; "
                 "nothing was begun"},
    {EXIT_SIGNAL, "and the number of the signal that ended it: 130 after "
                  "Ctrl-C"},
    {0, NULL},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

const struct command *command_at(size_t i)
{
    return i < COMMAND_COUNT ? &commands[i] : NULL;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const struct option_spec *command_option(const struct command *c, size_t i)
{
    for (size_t g = 0; g < COMMAND_MAX_GROUPS && c->groups[g]; g++)
        for (const struct option_spec *o = c->groups[g]->options; o->name; o++)
            if (i-- == 0)
                return o;
    return NULL;
}

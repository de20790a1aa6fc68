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
              "doctor tells what that comes to on this machine. No limit is "
              "silent: who meets one is told which, and GET /api/capabilities "
              "lists them.",
     .groups = {&group_serve, &group_limits, &group_log},
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
    {.name = "exec",
     .operands = "[--] PROGRAM [ARGUMENT]...",
     .operand = "a program",
     .completes = COMPLETES_PROGRAM,
     .least = 1,
     .most = COMMAND_MANY,
     .program = true,
     .help = "run a program of your own as the client behind the wire",
     .about =
         "Runs PROGRAM inside the client host: 192.0.2.1 and 2001:db8::1, in a "
         "network namespace of its own. A server waits at 192.0.2.2 and "
         "2001:db8::2, on the port that HANDSHAKE_PORT names beside "
         "HANDSHAKE_SERVER in the program's environment; nothing else can be "
         "reached. Whatever passes goes through the wire and its rules, so "
         "that a connect() really waits for a lost SYN, which no proxy that "
         "accepts first can do.\n\n"
         "Input, output and errors are the program's own; the ladder goes to "
         "standard error. The program's calls are not seen: segments, states "
         "and counters are.\n\n"
         "Names do not resolve there: use the address, or curl --resolve. "
         "Proxies of the environment are taken out of it. The program runs as "
         "whoever called, without capabilities and without a way to gain any: "
         "root keeps its name, not its powers; set-user-ID programs gain "
         "nothing. It sees the machine's files and processes as ever; for an "
         "ordinary user the files of others seem to be nobody's. What it "
         "leaves running ends with it.\n\n"
         "Ctrl-C goes to the program, three within a second end it for good. "
         "SIGTERM is passed on and has the last word within a second. The exit "
         "status is the program's own, 128 and the signal's number when one "
         "killed it.",
     .groups = {&group_record, &group_exec, &group_wire},
     .exits = {{1, "it succeeded and --json could not be written"},
               {125, "the program was not run: the command line was wrong, or "
                     "the wire or the server could not be had"},
               {126, "it was found and could not be executed"},
               {127, "it was not found"}},
     .examples = {{"exec --rule 'client SYN nth 1-2 drop' -- "
                   "curl http://192.0.2.2/",
                   "how curl takes two lost SYNs"},
                  {"exec --latency 80ms --loss 5% --seed 1 -- ./my-tests",
                   "a test suite on a bad road"},
                  {"exec --rule 'client SYN answer RST,ACK seq=0 "
                   "ack=seg.next' -- nc -v 192.0.2.2 80",
                   "a port that a firewall refuses"},
                  {"exec --server-exec 'python3 -m http.server 80' -- "
                   "curl -s http://192.0.2.2/",
                   "both ends your own"}},
     .run = exec_command},
    {.name = "read",
     .operands = "FILE",
     .operand = "a capture",
     .completes = COMPLETES_FILE,
     .least = 1,
     .most = 1,
     .help = "show the run that a capture holds",
     .about =
         "Restores the run from a pcapng file that run or exec --pcapng or "
         "the page has written, and draws it as it was drawn then: "
         "every segment, call, state and word of it. - reads standard "
         "input. Captures of other programs cannot be replayed so far; "
         "what such a file is, is said.",
     .groups = {&group_read},
     .exits = {{1, "the file cannot be read, or is no capture of Handshake "
                   "Lab, or was cut off; what could be restored is shown"}},
     .examples = {{"read lost.pcapng",
                   "what run syn-lost --pcapng lost.pcapng has kept"},
                  {"read lost.pcapng --svg > lost.svg", "as a picture"}},
     .run = read_command},
    {.name = "server",
     .operands = "",
     .help = "the handshake rehearsed in words: wait for a client",
     .about = "One of two terminals. Waits for a client on this machine's own "
              "network and rehearses the handshake with it in words: the "
              "client sends \"[1] SYN/seq=N\", the server \"[2] SYN/seq=M "
              "ACK/seq=N+1\", the client \"[3] ACK/seq=M+1\". Any program "
              "that speaks these lines can be the other side; numbers are "
              "checked, and what is wrong with one is said.",
     .groups = {&group_server},
     .exits = {{1, "it could not listen, or the exchange failed"},
               {0, "also when a signal ends --keep"}},
     .examples = {{"server",
                   "in one terminal, and handshake client in another"},
                  {"server --bind ::1 --port 1338 --keep",
                   "over IPv6, for many clients"}},
     .run = server_command},
    {.name = "client",
     .operands = "[HOST]",
     .operand = "a host",
     .completes = COMPLETES_HOST,
     .most = 1,
     .help = "the handshake rehearsed in words: connect to a server",
     .about = "The other terminal: connects to handshake server, or whatever "
              "speaks its lines, on HOST, 127.0.0.1 unless told.",
     .groups = {&group_client},
     .exits = {{1, "nobody listens, or the exchange failed"}},
     .examples = {{"client", "when handshake server waits in another terminal"},
                  {"client ::1 --port 1338", "over IPv6, on another port"}},
     .run = client_command},
    {.name = "connect",
     .operands = "HOST PORT",
     .operand = "a host or its port",
     .completes = COMPLETES_HOST,
     .least = 2,
     .most = 2,
     .help = "make one real connection from this machine, drawn and judged",
     .about =
         "Connects to a host of the real network, in no namespace, and tells "
         "what came of it: established, with the options both agreed on; "
         "refused, and by whom; unreachable, and who said so; or silence, with "
         "the SYNs counted. A connection that stands is closed at once.\n\n"
         "With the power to capture (root, or a binary with cap_net_raw) "
         "segments are seen as they leave and arrive here; without, the calls, "
         "the kernel's states and its counts. What becomes of a segment on the "
         "way is not seen from one end. Checksums of what leaves are partial "
         "where the network card completes them.\n\n"
         "Of several addresses each is tried, IPv6 first and the versions by "
         "turns, a quarter of a second apart or when the one before has failed "
         "(RFC 8305); the first that stands wins.",
     .groups = {&group_connect},
     .exits = {{1, "no connection was established"}},
     .examples = {{"connect localhost 22", "whether a port answers"},
                  {"connect --timeout 3 192.0.2.7 https",
                   "no longer than three seconds"}},
     .run = connect_command},
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

/* An index and not the array, so that nobody depends on its length. */
const struct command *command_at(size_t i)
{
    return i < COMMAND_COUNT ? &commands[i] : NULL;
}

/* Hidden ones too: builds call them by name. */
const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* Groups one behind the other, as in --help. */
const struct option_spec *command_option(const struct command *c, size_t i)
{
    for (size_t g = 0; g < COMMAND_MAX_GROUPS && c->groups[g]; g++)
        for (const struct option_spec *o = c->groups[g]->options; o->name; o++)
            if (i-- == 0)
                return o;
    return NULL;
}

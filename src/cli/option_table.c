/* option_table.c - the options of all commands, as data.
 *
 * Legend: struct option_spec in command_internal.h. `help` is a phrase for
 * lists and shells, `more` is for who reads on; both are plain text, and so is
 * what the manual page makes of them. */
#include "run_internal.h"
#include "talk_internal.h"

#include "handshake/room.h"

#define LINKS "wire loopback sockets"

/* --- what several commands take ------------------------------------------ */

static const struct option_spec json_options[] = {
    {.key = OPTION_JSON, .name = "json", .help = "JSON instead of text"},
    {0},
};
const struct option_group group_json = {"Output", json_options};

static const struct option_spec wire_options[] = {
    {.key = OPTION_RULE,
     .name = "rule",
     .value = "WORDS",
     .repeats = true,
     .help = "what the wire does to segments that match",
     .more = "Rules stand in front of the scenario's own, and the first that "
             "fits decides: \"client SYN nth 1 drop\"."},
    {.key = OPTION_LATENCY,
     .name = "latency",
     .value = "TIME",
     .help = "how long every segment is under way, as 50ms or 0.5s"},
    {.key = OPTION_JITTER,
     .name = "jitter",
     .value = "TIME",
     .help = "so much more or less, by chance"},
    {.key = OPTION_LOSS,
     .name = "loss",
     .value = "CHANCE",
     .help = "how many segments get lost, as 10% or 0.1"},
    {.key = OPTION_DUPLICATE,
     .name = "duplicate",
     .value = "CHANCE",
     .help = "how many arrive twice"},
    {.key = OPTION_REORDER,
     .name = "reorder",
     .value = "CHANCE",
     .help = "how many are overtaken by the next"},
    {.key = OPTION_SEED,
     .name = "seed",
     .value = "N",
     .whole = true,
     .least = 1,
     .most = UINT64_MAX,
     .help = "the same seed throws the same dice"},
    {0},
};
const struct option_group group_wire = {"The wire", wire_options};

/* --- serve --------------------------------------------------------------- */

static const struct option_spec serve_options[] = {
    {.key = OPTION_LISTEN,
     .name = "listen",
     .value = "ADDR:PORT",
     .help = "where to listen, else 127.0.0.1:8080",
     .more = "Port 0 takes a free one. Listening on other addresses gives the "
             "network access; there are no accounts."},
    {.key = OPTION_LINK,
     .name = "link",
     .value = "LINK",
     .completes = COMPLETES_WORDS,
     .words = LINKS,
     .help = "no better link than this"},
    {.key = OPTION_ALLOW_HOST,
     .name = "allow-host",
     .value = "NAME",
     .completes = COMPLETES_HOST,
     .help = "one more name by which browsers may ask for this server"},
    {.key = OPTION_TRUSTED_PROXY,
     .name = "trusted-proxy",
     .value = "ADDR/BITS",
     .repeats = true,
     .help = "a proxy whose X-Forwarded-For or Forwarded names the client",
     .more = "The client is the right-most address there that is not a trusted "
             "proxy. Up to 16 of these options; a server behind a proxy counts "
             "as reached by others."},
    {.key = OPTION_PRIVATE,
     .name = "private",
     .help = "reading a run needs its key, as changing it does",
     .more = "The answer to POST /api/runs has the key of the run. Beyond "
             "loopback, changing a run needs that key; reading it is open to "
             "all clients unless this option is given."},
    {.key = OPTION_WEB,
     .name = "web",
     .value = "FOLDER",
     .completes = COMPLETES_FOLDER,
     .help = "the page from this folder, while working on it"},
    {0},
};
const struct option_group group_serve = {"Serving", serve_options};

/* Each is named as in GET /api/capabilities. */
#define LIMIT(key_of, name_of, value_of, from, to, standard, text)             \
    {                                                                          \
        .key = OPTION_MAX_##key_of, .name = "max-" name_of, .value = value_of, \
        .whole = true, .least = from, .most = to, .preset = standard,          \
        .help = text                                                           \
    }

static const struct option_spec limit_options[] = {
    LIMIT(RUNS_ALIVE, "runs-alive", "N", 1, 1000, REGISTRY_DEFAULT_ALIVE,
          "runs at a time"),
    LIMIT(ADDRESS_RUNS, "address-runs", "N", 1, 1000, REGISTRY_DEFAULT_OWNER,
          "runs of one address at a time, beyond loopback"),
    LIMIT(ADDRESS_HELD_RUNS, "address-held-runs", "N", 1, 1000,
          REGISTRY_DEFAULT_OWNER, "of those the runs that are held"),
    LIMIT(RUNS_KEPT, "runs-kept", "N", 1, 100000, REGISTRY_DEFAULT_KEPT,
          "ended runs that can still be looked at"),
    LIMIT(MEMORY, "memory", "MB", 64, 1 << 20, REGISTRY_DEFAULT_MEGABYTES,
          "memory of all runs together; ended runs are forgotten first"),
    LIMIT(RUN_SECONDS, "run-seconds", "N", 1, RUN_MAX_SECONDS, RUN_MAX_SECONDS,
          "what a run may ask for; it gets 60 unless it asks"),
    LIMIT(RUN_EVENTS, "run-events", "N", 100, 1000000, 65536,
          "events of a run"),
    LIMIT(RUN_BYTES, "run-bytes", "N", 65536, 1 << 30, 16 << 20,
          "memory of a run's events"),
    LIMIT(VIEWERS, "viewers", "N", 1, 65280, 1000, "event streams at a time"),
    LIMIT(CONNECTIONS, "connections", "N", 2, 65536, 0,
          "connections at a time, else 256 more than viewers"),
    LIMIT(ADDRESS_CONNECTIONS, "address-connections", "N", 1, 65536, 0,
          "connections of one address, else all but some 64"),
    LIMIT(ADDRESS_REQUESTS, "address-requests", "N", 1, 1000000, 2000,
          "requests of one address in a second, beyond loopback"),
    LIMIT(ADDRESS_ROOMS, "address-rooms", "N", 1, ROOMS_MAX, 8,
          "rooms opened from one address, beyond loopback"),
    LIMIT(ADDRESS_VOTES, "address-votes", "N", 1, ROOM_MAX_VOTERS, 1000,
          "voters of one address in a room, beyond loopback"),
    LIMIT(BODY_BYTES, "body-bytes", "N", 1024, 1048576, 65536,
          "length of a request's body"),
    LIMIT(HEADER_BYTES, "header-bytes", "N", 4096, 262144, 4736,
          "length of a request's head"),
    LIMIT(REQUEST_SECONDS, "request-seconds", "N", 1, 86400, 30,
          "how long a request may take to come, and the next to begin"),
    LIMIT(ANSWER_SECONDS, "answer-seconds", "N", 1, 86400, 120,
          "how long an answer may take to be taken"),
    LIMIT(VIEWER_SECONDS, "viewer-seconds", "N", 1, 86400, 60,
          "how long a viewer may be behind the events"),
    LIMIT(HEARTBEAT_SECONDS, "heartbeat-seconds", "N", 1, 300, 15,
          "silence on an event stream before a comment line is sent"),
    {0},
};
const struct option_group group_limits = {"Limits", limit_options};

static const struct option_spec log_options[] = {
    {.key = OPTION_LOG_LEVEL,
     .name = "log-level",
     .value = "LEVEL",
     .completes = COMPLETES_WORDS,
     .words = "error warn info debug",
     .help = "what is worth a line on stderr, else warn"},
    {.key = OPTION_LOG_FORMAT,
     .name = "log-format",
     .value = "FORMAT",
     .completes = COMPLETES_WORDS,
     .words = "text json",
     .help = "how that line looks, else text"},
    {0},
};
const struct option_group group_log = {"Log", log_options};

/* --- run ----------------------------------------------------------------- */

static const struct option_spec show_options[] = {
    {.key = OPTION_JSON,
     .name = "json",
     .help = "every event as a line of JSON",
     .more = "With several runs a line of kind \"summary\" follows those of "
             "each scenario."},
    {.key = OPTION_QUIET,
     .name = "quiet",
     .letter = 'q',
     .help = "nothing but what went wrong, on stderr"},
    {.key = OPTION_LADDER,
     .name = "ladder",
     .help = "draw every run, also of several"},
    {.key = OPTION_COLOR,
     .name = "color",
     .value = "WHEN",
     .completes = COMPLETES_WORDS,
     .words = "auto always never",
     .help = "whether to use colours",
     .more = "Auto colours a terminal, unless NO_COLOR is set."},
    {.key = OPTION_JUNIT,
     .name = "junit",
     .value = "FILE",
     .completes = COMPLETES_FILE,
     .help = "write results as JUnit XML, each expectation a test case",
     .more = "The time of a case is that of its run, at whose end it is "
             "judged."},
    {.key = OPTION_PCAPNG,
     .name = "pcapng",
     .value = "FILE",
     .completes = COMPLETES_FILE,
     .help = "write the run as a capture, for Wireshark and handshake read",
     .more = "A file holds one run. It has three interfaces, client, wire and "
             "server, and what is known about each packet as comments."},
    {0},
};
const struct option_group group_show = {"Output", show_options};

static const struct option_spec run_options[] = {
    {.key = OPTION_REPEAT,
     .name = "repeat",
     .letter = 'n',
     .value = "N",
     .whole = true,
     .least = 1,
     .most = RUN_MAX_REPEAT,
     .help = "run each scenario so often, and sum up",
     .more = "Outcomes are counted; of the time connect() took the least, the "
             "median, the 99th percentile and the most are told, with a "
             "histogram."},
    {.key = OPTION_SERVER,
     .name = "server",
     .value = "URL",
     .completes = COMPLETES_HOST,
     .help = "run it on a running handshake serve, and show it here",
     .more = "As http://localhost:8080."},
    {.key = OPTION_IP,
     .name = "ip",
     .value = "VERSION",
     .completes = COMPLETES_WORDS,
     .words = "4 6",
     .help = "version of the Internet Protocol, else 4"},
    {.key = OPTION_LINK,
     .name = "link",
     .value = "LINK",
     .completes = COMPLETES_WORDS,
     .words = LINKS,
     .help = "what joins the two hosts, else the best there is here",
     .more = "See handshake doctor."},
    {.key = OPTION_HOLD,
     .name = "hold",
     .help = "hold each segment until a key decides its fate",
     .more = "Space delivers, d drops, 2 duplicates, x damages, l delays by a "
             "second, q ends the run. Letters can be piped in as well."},
    {.key = OPTION_LONG,
     .name = "long",
     .help = "the scenario's long form, with the kernel's own timers"},
    {.key = OPTION_MAX_SECONDS,
     .name = "max-seconds",
     .value = "N",
     .whole = true,
     .least = 1,
     .most = RUN_MAX_SECONDS,
     .preset = RUN_DEFAULT_SECONDS,
     .help = "stop a run that lasts longer"},
    {0},
};
const struct option_group group_run = {"The run", run_options};

/* --- connect ------------------------------------------------------------- */

static const struct option_spec connect_options[] = {
    {.key = OPTION_TIMEOUT,
     .name = "timeout",
     .value = "SECONDS",
     .whole = true,
     .least = 1,
     .most = 600,
     .preset = 10,
     .help = "how long to wait for an answer"},
    {.key = OPTION_IP,
     .name = "ip",
     .value = "VERSION",
     .completes = COMPLETES_WORDS,
     .words = "4 6",
     .help = "addresses of this version alone"},
    {.key = OPTION_JSON,
     .name = "json",
     .help = "every event as a line of JSON",
     .more = "Attempts follow each other, each from its \"run\" begin to its "
             "end; the last line is of kind \"summary\"."},
    {.key = OPTION_COLOR,
     .name = "color",
     .value = "WHEN",
     .completes = COMPLETES_WORDS,
     .words = "auto always never",
     .help = "whether to use colours"},
    {0},
};
const struct option_group group_connect = {"Connecting", connect_options};

/* --- exec ---------------------------------------------------------------- */

static const struct option_spec exec_options[] = {
    {.key = OPTION_SERVER,
     .name = "server",
     .value = "KIND",
     .completes = COMPLETES_WORDS,
     .words = "http echo",
     .help = "the built-in server that waits for the program, else http",
     .more = "http answers any GET with a few lines of text, echo sends back "
             "what comes. Both answer IPv4 and IPv6."},
    {.key = OPTION_SERVER_EXEC,
     .name = "server-exec",
     .value = "COMMAND",
     .completes = COMPLETES_PROGRAM,
     .help = "a server of your own, run by sh inside the server host",
     .more = "The program begins when it listens on the port. Its output goes "
             "to standard error, its input is empty; it is ended when the "
             "program has."},
    {.key = OPTION_PORT,
     .name = "port",
     .value = "N",
     .whole = true,
     .least = 1,
     .most = 65535,
     .help = "where the server listens, else 80, for echo 7"},
    {.key = OPTION_IP,
     .name = "ip",
     .value = "VERSION",
     .completes = COMPLETES_WORDS,
     .words = "4 6",
     .help = "version of the server's address in the environment, else 4"},
    {0},
};
const struct option_group group_exec = {"The server", exec_options};

static const struct option_spec record_options[] = {
    {.key = OPTION_JSON,
     .name = "json",
     .value = "FILE",
     .completes = COMPLETES_FILE,
     .help = "every event as a line of JSON into this file, and no ladder"},
    {.key = OPTION_QUIET,
     .name = "quiet",
     .letter = 'q',
     .help = "no ladder on standard error"},
    {.key = OPTION_PCAPNG,
     .name = "pcapng",
     .value = "FILE",
     .completes = COMPLETES_FILE,
     .help = "write what passed as a capture, for Wireshark and handshake read",
     .more = "A file holds one run. It has three interfaces, client, wire and "
             "server, and what is known about each packet as comments."},
    {.key = OPTION_COLOR,
     .name = "color",
     .value = "WHEN",
     .completes = COMPLETES_WORDS,
     .words = "auto always never",
     .help = "whether the ladder is in colours"},
    {0},
};
const struct option_group group_record = {"Output", record_options};

/* --- read ---------------------------------------------------------------- */

static const struct option_spec read_options[] = {
    {.key = OPTION_JSON,
     .name = "json",
     .help = "every event as a line of JSON",
     .more = "The lines are those of the run, byte for byte, where the same "
             "version wrote the file."},
    {.key = OPTION_SVG,
     .name = "svg",
     .help = "the run drawn as a picture, SVG"},
    {.key = OPTION_COLOR,
     .name = "color",
     .value = "WHEN",
     .completes = COMPLETES_WORDS,
     .words = "auto always never",
     .help = "whether to use colours",
     .more = "Auto colours a terminal, unless NO_COLOR is set."},
    {0},
};
const struct option_group group_read = {"Output", read_options};

/* --- scenarios ----------------------------------------------------------- */

static const struct option_spec scenarios_options[] = {
    {.key = OPTION_IDS, .name = "ids", .help = "the ids alone, one a line"},
    {.key = OPTION_SCHEMA,
     .name = "schema",
     .help = "the JSON Schema of a scenario"},
    {0},
};
const struct option_group group_scenarios = {"Output", scenarios_options};

/* --- server and client --------------------------------------------------- */

#define PORT_OPTION(least_port, text)                                          \
    {                                                                          \
        .key = OPTION_PORT, .name = "port", .letter = 'p', .value = "N",       \
        .whole = true, .least = least_port, .most = UINT16_MAX,                \
        .preset = TALK_DEFAULT_PORT, .help = text                              \
    }
#define TIMEOUT_OPTION(text)                                                   \
    {                                                                          \
        .key = OPTION_TIMEOUT, .name = "timeout", .value = "SECONDS",          \
        .whole = true, .least = 1, .most = TALK_MAX_SECONDS,                   \
        .preset = TALK_DEFAULT_SECONDS, .help = text                           \
    }

static const struct option_spec server_options[] = {
    PORT_OPTION(0, "where to listen; 0 takes a free one and names it"),
    {.key = OPTION_BIND,
     .name = "bind",
     .value = "ADDR",
     .completes = COMPLETES_HOST,
     .help = "the address to listen on, else 127.0.0.1"},
    {.key = OPTION_ONCE,
     .name = "once",
     .help = "end after one client, well or not (the default)"},
    {.key = OPTION_KEEP,
     .name = "keep",
     .help = "serve one client after the other until Ctrl-C"},
    TIMEOUT_OPTION("how long a client may take for a message"),
    {0},
};
const struct option_group group_server = {"Options", server_options};

static const struct option_spec client_options[] = {
    PORT_OPTION(1, "where the server listens"),
    TIMEOUT_OPTION("how long to wait for the connection, and for the answer"),
    {0},
};
const struct option_group group_client = {"Options", client_options};

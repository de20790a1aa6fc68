/* schema_rows.c - what the tables of scenarios do not say of their members:
 * what each is for, and how those look that have a reader of their own. A test
 * walks all tables and wants a row for every member, and a member for every
 * row.
 *
 * Rows stand in the order of their tables. `json` are more keywords of the
 * member's schema as they stand in it; `write` adds those that are lists of
 * names which live elsewhere, so that no list is kept twice. A member whose
 * kind the table knows (a number, a text, flags, a switch) needs neither.
 *
 * Patterns are for ECMA 262, as the standard has it: they are not anchored by
 * themselves. They say what a reader checks as far as a pattern can; a name
 * that looks right and is none (an errno, a condition, a rule in words) is
 * found by the reader alone.
 *
 * The first column is any shape that shares the member's table: a step's rows
 * are found by the first step's shape, and stand for all kinds of steps.
 * Descriptions are for people who write scenarios in an editor that shows
 * them: one line, what it is and what happens when it is left out.
 *
 * To add a member to a table: add its row here, run tools/schema, and look at
 * what changed in schema/scenario.schema.json.
 *
 * Lists in patterns that repeat what a reader knows (the kinds of options, the
 * bases of numbers) are few and short. A description never says a bound: the
 * numbers stand in the schema beside it, out of the table, and a second copy
 * would be wrong one day.
 *
 * Faults that no schema can say, because they hang on two places at once - a
 * `set` whose least is more than its most, a name used twice, a rule whose
 * words and members differ - are in the reader alone, and so are all that hang
 * on what a kernel can do. Programs that make scenarios should expect 400 with
 * faults even for what fits here.
 *
 * The same words are used for the same thing in all rows: what a person types
 * is in quotes, what a program gives is in backquotes, and kinds of steps and
 * rules stand in front of a colon where a member is theirs alone. */
#include "scenario_internal.h"
#include "schema_internal.h"

#include "handshake/settle.h"

/* --- lists of names ------------------------------------------------------ */

/* "wire", and what a kernel may lack. */
static void put_needs(struct jsonw *w)
{
    jsonw_open(w, "items", '{');
    jsonw_open(w, "enum", '[');
    jsonw_str(w, NULL, "wire");
    for (enum kernel_feature f = 0; f < FEATURE_COUNT; f++)
        jsonw_str(w, NULL, kernel_feature_name(f));
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

/* Names below /proc/sys/net/ipv4 that a scenario may set. */
static void put_sysctls(struct jsonw *w)
{
    jsonw_open(w, "propertyNames", '{');
    jsonw_open(w, "enum", '[');
    for (size_t i = 0; sysctl_name(i); i++)
        jsonw_str(w, NULL, sysctl_name(i));
    jsonw_close(w, ']');
    jsonw_close(w, '}');
}

/* How a run can end; "running" is no end. */
static void put_verdicts(struct jsonw *w)
{
    jsonw_open(w, "enum", '[');
    for (enum verdict_code v = VERDICT_ESTABLISHED; v < VERDICT_COUNT; v++)
        jsonw_str(w, NULL, verdict_name(v));
    jsonw_close(w, ']');
}

/* All kinds of steps. */
static void put_calls(struct jsonw *w)
{
    jsonw_open(w, "enum", '[');
    for (enum step_call call = 0; call < STEP_COUNT; call++)
        jsonw_str(w, NULL, step_call_name(call));
    jsonw_close(w, ']');
}

/* All that a rule can do. */
static void put_actions(struct jsonw *w)
{
    jsonw_open(w, "enum", '[');
    for (enum rule_do action = 0; action < RULE_DO_COUNT; action++)
        jsonw_str(w, NULL, rule_do_name(action));
    jsonw_close(w, ']');
}

/* --- pieces that come more than once ------------------------------------- */

/* Each is what stands between the braces of a schema, or, where it begins with
 * one, a schema. */

#define NAME_PATTERN "\"pattern\":\"^[A-Za-z][A-Za-z0-9]*$\""
#define ID_PATTERN   "\"pattern\":\"^[a-z0-9-]*$\""
#define HOSTS        "\"enum\":[\"client\",\"server\"]"
#define YES_OR_NO    "\"type\":\"boolean\""
#define REF(name)    "\"$ref\":\"#/$defs/" name "\""
#define LIST(name)   "\"type\":\"array\",\"items\":{" REF(name) "}"
#define MS_NUMBER    "\"type\":\"number\",\"minimum\":0,\"maximum\":600000"
#define CHANCE       "\"type\":\"number\",\"minimum\":0,\"maximum\":1"
#define U32_NUMBER   "{\"type\":\"integer\",\"minimum\":0,\"maximum\":4294967295}"
#define SEQUENCE                                                               \
    "\"oneOf\":[" U32_NUMBER ",{\"type\":\"string\",\"pattern\":\"^("          \
    "[0-9]+|((client|server)\\\\.(isn|next)|seg\\\\.(seq|ack|next))"           \
    "([+-][0-9]+)?)$\"}]"
#define CHANGE                                                                 \
    "\"oneOf\":[" U32_NUMBER ",{\"type\":\"string\",\"pattern\":"              \
    "\"^[+-][0-9]{1,10}$\"}]"
#define RESULTS                                                                \
    "\"type\":\"object\",\"propertyNames\":{\"pattern\":"                      \
    "\"^[^ ]+( [^ ]+)?$\"},\"additionalProperties\":{\"type\":\"string\","     \
    "\"pattern\":\"^(ok|E[A-Z0-9]+)$\"}"
#define NTH   "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000}"
#define STEPS "\"type\":\"array\",\"maxItems\":64,\"items\":{" REF("step") "}"
#define OPTION_KINDS                                                           \
    "\"type\":\"array\",\"maxItems\":8,\"items\":{\"oneOf\":[{\"enum\":["      \
    "\"MSS\",\"WScale\",\"SACK\",\"Timestamps\",\"FastOpen\",\"MPTCP\","       \
    "\"MD5\",\"AO\",\"SACK-blocks\",\"TS\",\"TFO\"]},{\"type\":\"integer\","   \
    "\"minimum\":2,\"maximum\":255}]}"
#define VALUES                                                                 \
    "\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\","      \
    "\"integer\"]}"

/* --- the rows ------------------------------------------------------------ */

#define SCENARIO &scenario_shape
#define STEP     &step_shapes[0]
#define RULE     &rule_shapes[0]
#define SET      &set_shape
#define FORGE    &forge_shapes[0]
#define ICMP     &icmp_shape
#define OPTIONS  &named_options_shape
#define WAY      &path_shape
#define PATH     &path_both_shape
#define EXPECT   &expect_shape

const struct schema_row schema_rows[] = {
    {SCENARIO, "id", "Its name in addresses: small letters, digits, hyphens.",
     ID_PATTERN, NULL},
    {SCENARIO, "title", "One line that says what happens.", NULL, NULL},
    {SCENARIO, "group", "Where it stands in the catalogue.", ID_PATTERN, NULL},
    {SCENARIO, "summary", "What happens, in a sentence or two.", NULL, NULL},
    {SCENARIO, "why", "Why it happens, for who wants to know.", NULL, NULL},
    {SCENARIO, "notes",
     "For who shows it: what to ask first, what to point at.", NULL, NULL},
    {SCENARIO, "teaches", "What there is to learn from it.", NULL, NULL},
    {SCENARIO, "rfc", "Where it is written down: \"RFC 9293 3.5\".", NULL,
     NULL},
    {SCENARIO, "next", "The id of the scenario to look at afterwards.",
     ID_PATTERN, NULL},
    {SCENARIO, "seconds", "About how long a run takes.", NULL, NULL},
    {SCENARIO, "needs", "What it cannot do without.", "\"type\":\"array\"",
     put_needs},
    {SCENARIO, "ip", "The only version of IP it makes sense on.",
     "\"enum\":[4,6]", NULL},
    {SCENARIO, "sysctl", "What the hosts' kernels are told first.",
     REF("sysctl"), NULL},
    {SCENARIO, "server", "What the server does, step by step.", STEPS, NULL},
    {SCENARIO, "client", "What the client does, step by step.", STEPS, NULL},
    {SCENARIO, "wire", "Rules of the wire, the first that fits decides.",
     "\"maxItems\":32," LIST("rule"), NULL},
    {SCENARIO, "path", "Conditions of the wire.", REF("path"), NULL},
    {SCENARIO, "seed", "Same seed, same chances; 0: any.", NULL, NULL},
    {SCENARIO, "expect", "What must come out.", REF("expect"), NULL},
    {SCENARIO, "long", "What is other in the long form.", REF("long"), NULL},

    {STEP, "call", "What the host does.", NULL, put_calls},
    {STEP, "on", "The socket by name; \"conn\" or \"listener\" unless given.",
     NAME_PATTERN, NULL},
    {STEP, "from", "accept: the listener by name.", NAME_PATTERN, NULL},
    {STEP, "name", "set: the variable; option: the socket option.", NULL, NULL},
    {STEP, "text",
     "send, print: the text, {x} is a variable; recv: what must come, {x} "
     "takes digits; {{ is a brace.",
     NULL, NULL},
    {STEP, "bytes", "send: so much filler; recv: so much at least.", NULL,
     NULL},
    {STEP, "port", "The port; 1337 unless given.", NULL, NULL},
    {STEP, "backlog", "listen: how many connections may wait.", NULL, NULL},
    {STEP, "ms", "sleep: how long.", NULL, NULL},
    {STEP, "min", "set: the least.", NULL, NULL},
    {STEP, "max", "set: the most.", NULL, NULL},
    {STEP, "value", "option: its value.",
     "\"oneOf\":[{\"type\":\"integer\",\"minimum\":0,\"maximum\":4294967295},"
     "{\"type\":\"string\",\"minLength\":1}]",
     NULL},
    {STEP, "how",
     "socket: tcp or mptcp; shutdown: read, write or both; route: what becomes "
     "of the route to the other host.",
     NULL, NULL},
    {STEP, "nonblock", "The call must not wait.", YES_OR_NO, NULL},
    {STEP, "forge", "inject: what the wire makes.", REF("forge"), NULL},
    {STEP, "repeat", "Do it so many times.", NULL, NULL},
    {STEP, "fails",
     "The errno it is to end with, after which the host goes on; or \"any\".",
     "\"pattern\":\"^(any|E[A-Z0-9]+)$\"", NULL},
    {STEP, "after",
     "What to wait for first: \"client connect returned\", \"server SYN,ACK "
     "arrived nth 2\", \"client SYN dropped\", \"server SYN-RECEIVED\", \"500 "
     "ms\".",
     NULL, NULL},
    {STEP, "form", "In which form of the scenario alone it is done.",
     "\"enum\":[\"short\",\"long\"]", NULL},

    {RULE, "name", "What its fates are signed with.",
     "\"pattern\":\"^[A-Za-z0-9_.-]+$\"", NULL},
    {RULE, "words", "The rule in words: \"client SYN nth 1 drop\".",
     "\"type\":\"string\"", NULL},
    {RULE, "do", "What it does.", NULL, put_actions},
    {RULE, "from", "Whose segments.", HOSTS, NULL},
    {RULE, "flags", "Exactly these flags.", NULL, NULL},
    {RULE, "with", "All of these flags.", NULL, NULL},
    {RULE, "without", "None of these flags.", NULL, NULL},
    {RULE, "nth",
     "Which of those that fit: the Nth, or from one to another; null: to the "
     "last.",
     "\"oneOf\":[" NTH ",{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,"
     "\"prefixItems\":[" NTH ",{\"type\":[\"integer\",\"null\"],\"minimum\":1,"
     "\"maximum\":1000000}]}]",
     NULL},
    {RULE, "payload", "With data, or without.", YES_OR_NO, NULL},
    {RULE, "longer",
     "Packets of more bytes, headers and all: what a path of that MTU drops.",
     NULL, NULL},
    {RULE, "contains", "What the data must contain.",
     "\"type\":\"string\",\"minLength\":1,\"maxLength\":63", NULL},
    {RULE, "retransmission", "Sent again, or for the first time.", YES_OR_NO,
     NULL},
    {RULE, "delay_ms", "delay: how long.", NULL, NULL},
    {RULE, "jitter_ms", "delay: up to so much more.", NULL, NULL},
    {RULE, "copies", "duplicate: how many in all; 2 unless given.", NULL, NULL},
    {RULE, "gap_ms", "duplicate: how far apart.", NULL, NULL},
    {RULE, "set", "rewrite: fields and their new values.", REF("set"), NULL},
    {RULE, "strip", "rewrite: options that become NOPs.", OPTION_KINDS, NULL},
    {RULE, "answer", "answer: what goes back; the segment is dropped.",
     REF("answer"), NULL},

    {SET, "seq", "Sequence number, or by how much to move it.", CHANGE, NULL},
    {SET, "ack", "Acknowledgement number, or by how much to move it.", CHANGE,
     NULL},
    {SET, "flags", "All flags.", NULL, NULL},
    {SET, "window", "Window as sent, not scaled.", NULL, NULL},
    {SET, "urgent", "Urgent pointer.", NULL, NULL},
    {SET, "mss", "Value of the MSS option.", NULL, NULL},
    {SET, "ttl", "TTL or hop limit.", NULL, NULL},

    {FORGE, "to", "Where it arrives, in the name of the other.", HOSTS, NULL},
    {FORGE, "icmp", "An ICMP error instead of a segment.", REF("icmp"), NULL},
    {FORGE, "flags", "Its flags.", NULL, NULL},
    {FORGE, "seq",
     "Sequence number; what comes next unless given. \"client.isn+1\", "
     "\"server.next\", \"seg.ack\" (of the segment a rule matched).",
     SEQUENCE, NULL},
    {FORGE, "ack", "Acknowledgement number; the same.", SEQUENCE, NULL},
    {FORGE, "window", "Window; 64240 unless given.", NULL, NULL},
    {FORGE, "ttl", "TTL or hop limit.", NULL, NULL},
    {FORGE, "src_port", "Source port; the connection's unless given.", NULL,
     NULL},
    {FORGE, "dst_port", "Destination port; the same.", NULL, NULL},
    {FORGE, "urgent", "Urgent pointer.", NULL, NULL},
    {FORGE, "offset", "Data offset in 32-bit words, else computed.", NULL,
     NULL},
    {FORGE, "checksum", "TCP checksum, else computed.", NULL, NULL},
    {FORGE, "reserved", "The three reserved bits.", NULL, NULL},
    {FORGE, "tos", "TOS or traffic class.", NULL, NULL},
    {FORGE, "ip_id", "IPv4 identification.", NULL, NULL},
    {FORGE, "options", "Options as hexadecimal digits, or by name.",
     "\"oneOf\":[{\"type\":\"string\",\"pattern\":"
     "\"^([0-9A-Fa-f]{2}){0,40}$\"},{" REF("options") "}]",
     NULL},
    {FORGE, "payload", "Its data.", "\"type\":\"string\",\"maxLength\":512",
     NULL},
    {FORGE, "count", "How many of it.", NULL, NULL},
    {FORGE, "vary_source", "Each from another address and port, as a flood.",
     YES_OR_NO, NULL},
    {FORGE, "bad_checksum", "With a wrong checksum.", YES_OR_NO, NULL},

    {ICMP, "type", "ICMP type, or ICMPv6 type on IPv6.", NULL, NULL},
    {ICMP, "code", "Its code.", NULL, NULL},
    {ICMP, "mtu", "The next hop's MTU, where the message has one.", NULL, NULL},

    {OPTIONS, "mss", "Maximum segment size.", NULL, NULL},
    {OPTIONS, "wscale", "Window scale: the shift.", NULL, NULL},
    {OPTIONS, "sack", "SACK permitted.", NULL, NULL},
    {OPTIONS, "timestamps", "Timestamps: value and echo.",
     "\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"items\":" U32_NUMBER,
     NULL},

    {WAY, "latency_ms", "How long each segment takes.", NULL, NULL},
    {WAY, "jitter_ms", "Up to so much more.", NULL, NULL},
    {WAY, "loss", "Chance to be lost.", NULL, NULL},
    {WAY, "duplicate", "Chance to arrive twice.", NULL, NULL},
    {WAY, "reorder", "Chance to be overtaken.", NULL, NULL},
    {PATH, "latency_ms", "How long each segment takes, both ways.", MS_NUMBER,
     NULL},
    {PATH, "jitter_ms", "Up to so much more.", MS_NUMBER, NULL},
    {PATH, "loss", "Chance to be lost.", CHANCE, NULL},
    {PATH, "duplicate", "Chance to arrive twice.", CHANCE, NULL},
    {PATH, "reorder", "Chance to be overtaken.", CHANCE, NULL},
    {PATH, "client", "What the client sends.", REF("way"), NULL},
    {PATH, "server", "What the server sends.", REF("way"), NULL},

    {&sysctl_shape, "client", "Of the client's kernel, below net/ipv4.", VALUES,
     put_sysctls},
    {&sysctl_shape, "server", "Of the server's kernel, below net/ipv4.", VALUES,
     put_sysctls},

    {EXPECT, "client",
     "Results of the client's calls: \"connect\": \"ok\", or \"connect "
     "second\" for the socket of that name.",
     RESULTS, NULL},
    {EXPECT, "server", "Results of the server's calls.", RESULTS, NULL},
    {EXPECT, "segments",
     "In this order, others may stand between: \"client SYN dropped\".", NULL,
     NULL},
    {EXPECT, "no_segments", "None of these.", NULL, NULL},
    {EXPECT, "states", "Reached at some time: \"client ESTABLISHED\".", NULL,
     NULL},
    {EXPECT, "end_states", "Reached and kept to the end.", NULL, NULL},
    {EXPECT, "counters",
     "Kernel counters that rise: \"server "
     "ListenOverflows\".",
     NULL, NULL},
    {EXPECT, "verdict", "How the run ends.", NULL, put_verdicts},
    {EXPECT, "connect_ms", "How long connect() takes: least and most.",
     "\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"items\":{\"type\":"
     "\"integer\",\"minimum\":0,\"maximum\":600000}",
     NULL},

    {&long_shape, "seconds", "About how long the long form takes.", NULL, NULL},
    {&long_shape, "expect", "What must come out of it.", REF("expect"), NULL},
};
const size_t schema_row_count = ROWS_OF(schema_rows);

/* api_rows.c - what the tables that read requests do not know of their members,
 * for the schemas in the OpenAPI document. As schema_rows.c, whose words count
 * here too. */
#include "schema_internal.h"

#include "handshake/link.h"

/* Names of links. */
static void put_links(struct jsonw *w)
{
    jsonw_open(w, "enum", '[');
    for (enum link_kind link = 0; link < LINK_COUNT; link++)
        jsonw_str(w, NULL, link_name(link));
    jsonw_close(w, ']');
}

/* All that can be done with a held segment. */
static void put_decisions(struct jsonw *w)
{
    jsonw_open(w, "enum", '[');
    for (enum decide_do what = 0; what < DECIDE_COUNT; what++)
        jsonw_str(w, NULL, decide_do_name(what));
    jsonw_close(w, ']');
}

#define REF(name) "\"$ref\":\"#/$defs/" name "\""
#define YES_OR_NO "\"type\":\"boolean\""
#define MS_NUMBER "\"type\":\"number\",\"minimum\":0,\"maximum\":600000"
#define CHANCE    "\"type\":\"number\",\"minimum\":0,\"maximum\":1"
#define RULES     "\"type\":\"array\",\"maxItems\":32,\"items\":{" REF("rule") "}"
#define OPTION_KINDS                                                           \
    "\"type\":\"array\",\"minItems\":1,\"maxItems\":8,\"items\":"              \
    "{\"type\":[\"string\",\"integer\"]}"

#define REQUEST  &request_shape
#define OPTIONS  &run_options_shape
#define DECISION &decision_shapes[0]
#define PATCH    &patch_shape
#define RULES_OF &patch_rules_shape
#define HOLD     &hold_shape

const struct schema_row api_rows[] = {
    {REQUEST, "scenario", "The id of a built-in scenario, or one's own.",
     "\"oneOf\":[{\"type\":\"string\"},{" REF("scenario") "}]", NULL},
    {REQUEST, "link", "What joins the hosts; the best there is, unless given.",
     NULL, put_links},
    {REQUEST, "hold", "Keep every segment until somebody decides.", NULL, NULL},
    {REQUEST, "wait", "Answer when the run has ended, with all of it.", NULL,
     NULL},
    {REQUEST, "options", "What is other than the scenario says.",
     REF("run-options"), NULL},

    {OPTIONS, "ip", "Version of IP; 4 unless given.", "\"enum\":[4,6]", NULL},
    {OPTIONS, "latency_ms", "How long each segment takes.", MS_NUMBER, NULL},
    {OPTIONS, "jitter_ms", "Up to so much more.", MS_NUMBER, NULL},
    {OPTIONS, "loss", "Chance to be lost.", CHANCE, NULL},
    {OPTIONS, "duplicate", "Chance to arrive twice.", CHANCE, NULL},
    {OPTIONS, "reorder", "Chance to be overtaken.", CHANCE, NULL},
    {OPTIONS, "seed", "Same seed, same chances.", NULL, NULL},
    {OPTIONS, "long", "The scenario's long form.", NULL, NULL},
    {OPTIONS, "max_seconds", "Stop the run when it lasts longer.", NULL, NULL},
    {OPTIONS, "rules", "Rules in front of the scenario's own.", RULES, NULL},

    {DECISION, "do", "What becomes of the segment.", NULL, put_decisions},
    {DECISION, "copies", "duplicate: how many in all; 2 unless given.", NULL,
     NULL},
    {DECISION, "gap_ms", "duplicate: how far apart.", NULL, NULL},
    {DECISION, "delay_ms", "delay: how long.", NULL, NULL},
    {DECISION, "set", "rewrite: fields and their new values.", REF("set"),
     NULL},
    {DECISION, "strip", "rewrite: options that become NOPs.", OPTION_KINDS,
     NULL},

    {PATCH, "hold", "Both directions, or each by its sender.",
     "\"oneOf\":[{" YES_OR_NO "},{" REF("hold") "}]", NULL},
    {PATCH, "latency_ms", "How long each segment takes, both ways.", MS_NUMBER,
     NULL},
    {PATCH, "jitter_ms", "Up to so much more.", MS_NUMBER, NULL},
    {PATCH, "loss", "Chance to be lost.", CHANCE, NULL},
    {PATCH, "duplicate", "Chance to arrive twice.", CHANCE, NULL},
    {PATCH, "reorder", "Chance to be overtaken.", CHANCE, NULL},
    {PATCH, "client", "What the client sends.", REF("way"), NULL},
    {PATCH, "server", "What the server sends.", REF("way"), NULL},
    {PATCH, "path", "The same as one object.", REF("path"), NULL},
    {PATCH, "seed", "Chances begin anew from it.",
     "\"type\":\"integer\",\"minimum\":0,\"maximum\":9007199254740991", NULL},
    {PATCH, "swallow", "Drop what repeats a held segment.", YES_OR_NO, NULL},
    {PATCH, "rules", "What to take away, then what to add.",
     REF("rule-changes"), NULL},
    {RULES_OF, "add", "In this order, behind those there are.", RULES, NULL},
    {RULES_OF, "remove", "Rules by their names.",
     "\"type\":\"array\",\"maxItems\":32,\"items\":{\"type\":\"string\"}",
     NULL},
    {RULES_OF, "replace", "Take all away first.", YES_OR_NO, NULL},
    {HOLD, "client", "What the client sends.", YES_OR_NO, NULL},
    {HOLD, "server", "What the server sends.", YES_OR_NO, NULL},

    {&question_shape, "text", "What is asked.", NULL, NULL},
    {&question_shape, "choices", "At least two.", "\"minItems\":2", NULL},
    {&vote_shape, "n", "The number of the question.", NULL, NULL},
    {&vote_shape, "choice", "Which one, counted from 0.", NULL, NULL},
    {&vote_shape, "voter", "Made up by the voter's browser: one vote each.",
     "\"pattern\":\"^[A-Za-z0-9]*$\"", NULL},
    {&closing_shape, "answer", "The right choice, counted from 0.", NULL, NULL},
};
const size_t api_row_count = ROWS_OF(api_rows);

/* operations.c - what each route is for, what it takes and what it answers.
 *
 * Legend: struct operation in openapi_internal.h. Not repeated here is what
 * holds for all: problem_rows that are `everywhere`; for a body 400, 411, 413
 * and 415; for a route that gives one type 406. */
#include "openapi_internal.h"

#include <string.h>

#define NO_DESCRIPTION NULL

static const struct operation operations[] = {
    {METHOD_GET, "/healthz", "getHealth", "server",
     "Whether the server is well",
     "Cheap: for whatever looks every few seconds.",
     .answers = {{200, "health", "It is."}}},
    {METHOD_GET, "/metrics", "getMetrics", "server", "Figures for Prometheus",
     "Text format 0.0.4. Runs are counted when they are over.",
     .answers = {{200, .about = "Families of metrics.", .type = "text/plain"}}},
    {METHOD_GET, "/api/openapi.json", "getDescription", "server",
     "This document", NO_DESCRIPTION, .params = {"if-none-match"},
     .answers = {{200, "document", "OpenAPI 3.1.", HEADER_ETAG},
                 {304, .about = "What you have is still good."}}},
    {METHOD_GET, "/api/capabilities", "getCapabilities", "server",
     "What this machine allows",
     "Links, kernel features and limits: why something is not to be had, and "
     "what would change that.",
     .answers = {{200, "capabilities", "What the start found."}}},

    {METHOD_GET, "/api/scenarios", "listScenarios", "scenarios",
     "The built-in scenarios", "Whole documents, in the order of the page.",
     .params = {"brief", "limit", "after", "if-none-match"},
     .answers = {{200, "scenario-list", "A part of the list, or all of it.",
                  HEADER_LINK | HEADER_ETAG},
                 {304, .about = "What you have is still good."}},
     .problems = {400, 404}},
    {METHOD_GET, "/api/scenarios/schema.json", "getScenarioSchema", "scenarios",
     "The JSON Schema of a scenario",
     "Draft 2020-12, for editors and for programs that make scenarios.",
     .params = {"if-none-match"},
     .answers = {{200, "document", "A JSON Schema.", HEADER_ETAG},
                 {304, .about = "What you have is still good."}}},
    {METHOD_POST, "/api/scenarios/check", "checkScenario", "scenarios",
     "What is wrong with a scenario",
     "Without a run. A scenario with faults is a fine question: the answer is "
     "200 whatever is found.",
     .body = "anything",
     .answers = {{200, "faults", "Every fault and its place, or none."}}},
    {METHOD_GET, "/api/scenarios/{id}", "getScenario", "scenarios",
     "One scenario", NO_DESCRIPTION, .params = {"scenario", "if-none-match"},
     .answers = {{200, "scenario", "Its document.", HEADER_ETAG},
                 {304, .about = "What you have is still good."}},
     .problems = {404}},

    {METHOD_GET, "/api/runs", "listRuns", "runs", "The runs that are kept",
     "Newest first. A run that is over is kept until as many others came.",
     .params = {"limit", "after"},
     .answers = {{200, "run-list", "A part of the list, or all of it.",
                  HEADER_LINK}},
     .problems = {400, 404}},
    {METHOD_POST, "/api/runs", "beginRun", "runs", "Begin a run",
     "The run belongs to you: the answer has its key. Answers at once, or with "
     "`wait` when the run has ended. With an "
     "Idempotency-Key the same request, sent again within an hour, is answered "
     "with the run that began the first time; the last 256 keys are "
     "remembered. A request that was refused leaves no key behind.",
     .params = {"idempotency-key"}, .body = "run-request",
     .answers = {{201, "run-begun|run",
                  "The run has begun; with `wait`: all of it, after its end.",
                  HEADER_LOCATION | HEADER_REPLAYED}},
     .problems = {404, 410, 422}},
    {METHOD_GET, "/api/runs/{id}", "getRun", "runs", "One run, all of it",
     "As far as it has come. It has an ETag once it has ended.",
     .params = {"run", "run-key", "if-none-match"},
     .answers = {{200, "run", "What it was, how it ended, every event.",
                  HEADER_ETAG},
                 {304, .about = "What you have is still good."}},
     .problems = {404}},
    {METHOD_DELETE, "/api/runs/{id}", "deleteRun", "runs",
     "Stop a run and forget it", NO_DESCRIPTION, .params = {"run", "run-key"},
     .answers = {{204, .about = "It is forgotten."}}, .problems = {404}},
    {METHOD_GET, "/api/runs/{id}.pcapng", "downloadCapture", "runs",
     "A run as a capture",
     "For Wireshark; fates, states and calls are its comments.",
     .params = {"run", "run-key"},
     .answers = {{200, .about = "As far as the run has come.",
                  .headers = HEADER_FILE, .type = "application/x-pcapng"}},
     .problems = {404}},
    {METHOD_GET, "/api/runs/{id}.txt", "downloadText", "runs",
     "A run as a ladder of text", NO_DESCRIPTION, .params = {"run", "run-key"},
     .answers = {{200, .about = "As far as the run has come.",
                  .headers = HEADER_FILE, .type = "text/plain"}},
     .problems = {404}},
    {METHOD_GET, "/api/runs/{id}.svg", "downloadPicture", "runs",
     "A run as a picture",
     "The sequence diagram; no scripts, nothing loaded from elsewhere.",
     .params = {"run", "run-key"},
     .answers = {{200, .about = "As far as the run has come.",
                  .headers = HEADER_FILE, .type = "image/svg+xml"}},
     .problems = {404}},
    {METHOD_GET, "/api/runs/{id}.json", "downloadDocument", "runs",
     "A run as a file", "The same as GET /api/runs/{id}, to be saved.",
     .params = {"run", "run-key"},
     .answers = {{200, "run", "As far as the run has come.", HEADER_FILE}},
     .problems = {404}},
    {METHOD_GET, "/api/runs/{id}/events", "followRun", "runs",
     "The events of a run, while they happen",
     "Server-sent events: each has its id and, as data, an `event`; `event: "
     "end` follows the last. Or, accepting application/x-ndjson, one `event` a "
     "line. Who comes back with Last-Event-ID or ?after= misses nothing and "
     "sees nothing twice. Who stays behind for too long is ended and may come "
     "back.",
     .params = {"run", "run-key", "last-event-id", "after-event"},
     .answers = {{200, .about = "Until the run has ended.",
                  .type = "text/event-stream application/x-ndjson"}},
     .problems = {400, 404, 406}},
    {METHOD_GET, "/api/runs/{id}/segments/{n}", "getSegment", "runs",
     "One segment, every field", NO_DESCRIPTION,
     .params = {"run", "run-key", "segment"},
     .answers = {{200, "segment", "Bytes and what they say."}},
     .problems = {404}},

    {METHOD_GET, "/api/runs/{id}/wire", "getWire", "wire",
     "How the wire of a run is set", NO_DESCRIPTION,
     .params = {"run", "run-key"},
     .answers = {{200, "wire-answer",
                  "As it stands, or stood when the run ended."}},
     .problems = {404, 422}},
    {METHOD_PATCH, "/api/runs/{id}/wire", "changeWire", "wire",
     "Change the wire while the run goes on",
     "What is not given stays. All of it is done, or nothing.",
     .params = {"run", "run-key"}, .body = "wire-patch",
     .answers = {{200, "wire-answer", "As it stands now."}},
     .problems = {404, 409, 422}},
    {METHOD_POST, "/api/runs/{id}/reset", "resetWire", "wire",
     "The wire as the scenario began", "What is held is delivered.",
     .params = {"run", "run-key"},
     .answers = {{200, "wire-answer", "As it stands now."}},
     .problems = {404, 409, 422}},
    {METHOD_POST, "/api/runs/{id}/segments/{n}", "decideSegment", "wire",
     "Decide on a held segment", NO_DESCRIPTION,
     .params = {"run", "run-key", "segment"}, .body = "decision",
     .answers = {{200, "decided",
                  "It is decided; events tell what comes of "
                  "it."}},
     .problems = {404, 409, 422}},
    {METHOD_POST, "/api/runs/{id}/inject", "inject", "wire",
     "Make a segment or an ICMP error by hand", NO_DESCRIPTION,
     .params = {"run", "run-key"}, .body = "forge",
     .answers = {{200, "injected", "It is under way."}},
     .problems = {404, 409, 422}},

    {METHOD_POST, "/api/rooms", "openRoom", "rooms",
     "Open a room in which a class votes",
     "Rooms live in memory and are forgotten after two idle hours.",
     .answers = {{201, "room-opened", "Its id for all, its key for you.",
                  HEADER_LOCATION}}},
    {METHOD_GET, "/api/rooms/{id}", "getRoom", "rooms",
     "The question and, once it is closed, the counts",
     "Who sends the key sees the counts before.",
     .params = {"room", "authorization", "if-none-match"},
     .answers = {{200, "room", "As it stands.", HEADER_ETAG},
                 {304, .about = "What you have is still good."}},
     .problems = {404}},
    {METHOD_DELETE, "/api/rooms/{id}", "deleteRoom", "rooms", "Forget a room",
     NO_DESCRIPTION, .params = {"room", "authorization"},
     .answers = {{204, .about = "It is forgotten."}}, .problems = {401, 404}},
    {METHOD_GET, "/api/rooms/{id}/qr.svg", "getRoomCode", "rooms",
     "The room's link as a QR code",
     "Black on white with its quiet zone. It holds the link at which phones "
     "vote, at an address of this server, and nothing else.",
     .params = {"room", "own-address", "if-none-match"},
     .answers = {{200, .about = "A picture.", .headers = HEADER_ETAG,
                  .type = "image/svg+xml"},
                 {304, .about = "What you have is still good."}},
     .problems = {404, 422}},
    {METHOD_POST, "/api/rooms/{id}/questions", "ask", "rooms", "Ask a question",
     NO_DESCRIPTION, .params = {"room", "authorization"}, .body = "question",
     .answers = {{200, "room", "It is open."}}, .problems = {401, 404}},
    {METHOD_POST, "/api/rooms/{id}/close", "closeQuestion", "rooms",
     "Close the question", NO_DESCRIPTION, .params = {"room", "authorization"},
     .body = "closing", .answers = {{200, "room", "It is closed."}},
     .problems = {401, 404, 409, 422}},
    {METHOD_POST, "/api/rooms/{id}/votes", "vote", "rooms", "Vote",
     "Voting again changes the vote.", .params = {"room"}, .body = "vote",
     .answers = {{200, "room", "It is counted."}}, .problems = {404, 409, 422}},
};

/* As is_id_char() in route.c has it. */
#define ID_SCHEMA                                                              \
    "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]+$\",\"maxLength\":63}"

/* Each is a component; an operation names it. */
const struct param_row param_rows[] = {
    {"run", "path", "id", "A run.", ID_SCHEMA},
    {"scenario", "path", "id", "A scenario.", ID_SCHEMA},
    {"room", "path", "id", "A room.", ID_SCHEMA},
    {"segment", "path", "n", "The number of a segment, from 1.",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":4294967295}"},
    {"brief", "query", "brief",
     "Only what a list to choose from needs: no steps, rules, expectations, "
     "nor long texts.",
     "{\"type\":\"boolean\",\"default\":false}"},
    {"limit", "query", "limit", "So many entries at most.",
     "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":500}"},
    {"after", "query", "after",
     "Those behind the entry of this id. The header Link has the address of "
     "the next part.",
     "{\"type\":\"string\"}"},
    {"own-address", "query", "address",
     "One of `addresses` in the capabilities, or the one you asked at, as "
     "http://HOST:PORT. Without: the first of them.",
     "{\"type\":\"string\",\"format\":\"uri\"}"},
    {"after-event", "query", "after", "The last event seen; all after it.",
     "{\"type\":\"integer\",\"minimum\":0,\"maximum\":4294967294}"},
    {"last-event-id", "header", "Last-Event-ID",
     "The same, as browsers send it; it counts more than ?after=.",
     "{\"type\":\"integer\",\"minimum\":0,\"maximum\":4294967294}"},
    {"if-none-match", "header", "If-None-Match",
     "The ETag of what you have, or several, or *.", "{\"type\":\"string\"}"},
    {"idempotency-key", "header", "Idempotency-Key",
     "Sent twice, the same request begins one run.",
     "{\"type\":\"string\",\"pattern\":\"^[!-~]{1,128}$\"}"},
    {"authorization", "header", "Authorization",
     "`Bearer` and the key of the room.", "{\"type\":\"string\"}"},
    {"run-key", "header", "Authorization",
     "`Bearer` and the key of the run, where the capabilities say that runs "
     "are "
     "owned or private. For reading, ?key=KEY does as well.",
     "{\"type\":\"string\"}"},
};
const size_t param_row_count = sizeof(param_rows) / sizeof(*param_rows);

/* In the order of their status. */
const struct problem_row problem_rows[] = {
    {400, "bad-request", "It is not written as it should be.", NULL, true},
    {401, "unauthorized", "That needs the key of the room.", "WWW-Authenticate",
     false},
    {403, "forbidden",
     "It comes from a page of another site, Host names another machine, or the "
     "run belongs to another client.",
     NULL, true},
    {404, "not-found", "There is no such thing (any more).", NULL, false},
    {405, "method-not-allowed", "That path has other methods.", "Allow", false},
    {406, "not-acceptable", "None of the types you accept is to be had.", NULL,
     false},
    {409, "conflict", "Not now: it is over, taken, or decided already.", NULL,
     false},
    {410, "gone", "The run of that Idempotency-Key was forgotten.", NULL,
     false},
    {411, "length-required", "The length of the body is not known.", NULL,
     false},
    {413, "content-too-large", "The body is too long.", NULL, false},
    {414, "uri-too-long", "The address is too long.", NULL, true},
    {415, "unsupported-media-type", "The body is no JSON, by its header.", NULL,
     false},
    {422, "unprocessable", "Well asked, but it cannot be done here.", NULL,
     false},
    {429, "too-many",
     "As many runs are alive as may be, or your address takes more than one "
     "may.",
     "Retry-After", true},
    {431, "headers-too-large", "The headers are too long.", NULL, true},
    {500, "internal-error", "The server ran out of memory.", NULL, true},
    {503, "unavailable", "The server is full or about to stop.", "Retry-After",
     true},
};
const size_t problem_row_count = sizeof(problem_rows) / sizeof(*problem_rows);

const struct operation *operation_at(size_t i)
{
    return i < sizeof(operations) / sizeof(*operations) ? &operations[i] : NULL;
}

/* Some thirty rows, walked when the document is made. */
const struct operation *operation_of(const struct route *route)
{
    for (size_t i = 0; operation_at(i); i++)
        if (operations[i].method == route->method &&
            strcmp(operations[i].pattern, route->pattern) == 0)
            return &operations[i];
    return NULL;
}

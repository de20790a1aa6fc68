/* json.h - events, runs, scenarios and requests <-> JSON. The only layer that
 * knows cJSON. Texts are written into a struct buf or handed over as owned
 * strings; nothing here does I/O. Any thread, one at a time on one object
 * unless said otherwise. */
#ifndef HANDSHAKE_JSON_H
#define HANDSHAKE_JSON_H

#include "handshake/buf.h"
#include "handshake/err.h"
#include "handshake/room.h"
#include "handshake/run.h"

struct cJSON;

enum {
    JSON_MAX_FAULTS = 16,
    JSON_POINTER_BYTES = 96,
    JSON_FAULT_BYTES = 200,
    JSON_MAX_DEPTH = 32
};

/* --- feeds: the events of one run as JSON, each made once and shared ----- */

struct feed;

/* The feed of a run: made on first use, attached to it (run_attach) and freed
 * with it. Any thread. NULL only when memory runs out. */
struct feed *feed_of(struct run *run);

/* A feed of a log that no run owns (a capture, a test); log is borrowed and
 * outlives the feed. NULL when memory runs out. */
struct feed *feed_new(const struct runlog *log);

/* Free a feed of feed_new(); its lines go with it. NULL is fine. */
void feed_free(struct feed *feed);

/* Event id as one line of JSON without newline (DESIGN.md section 5), made on
 * first use together with all before it (the observer reads segments in
 * order). Valid as long as the run. NULL when there is no such event or memory
 * ran out. Any thread; takes the feed's own mutex, never the log's. */
const char *feed_line(struct feed *feed, uint32_t id, size_t *ret_len);

/* Event id as one sentence, as its line says it ("At 93.5 µs the client sends
 * SYN ..."). Nothing when there is no such event. As feed_line(). */
void feed_sentence(struct feed *feed, uint32_t id, struct buf *out);

/* Called for each sentence that explains a segment; rfc is its section. */
typedef void feed_says_fn(void *ctx, const char *text, const char *rfc);

/* What the observer says about segment n, sentence by sentence, in order. */
void feed_says(struct feed *feed, uint32_t n, feed_says_fn *each, void *ctx);

/* --- runs ---------------------------------------------------------------- */

/* {"id","scenario","title","link","ip","phase","wall","verdict","expect",
 * "events":[...]}; a run alive on the wire has "wire": json_wire(), too.
 * Appended is all up to and including `"events":[`, so that a large run is
 * never in memory as a whole. Returns how many events it is to have: the lines
 * of feed_line() from 1 on, with commas between them, then "]}". out->failed
 * when it does not fit. */
uint32_t json_run_head(struct run *run, struct buf *out);

/* The same without events: with "event_count" and "segment_count", and of the
 * wire {"held"} alone. */
void json_run_summary(struct run *run, struct buf *out);

/* Segment n: {"n","from","flags","says":[...],"hex","len","fields":[{"part",
 * "name","bit_offset","bit_width","value","meaning","rfc"}...],"copies":[{
 * "copy","event","fate","changed","hex","len","fields"}...]}; `copies` are
 * those (so far) whose bytes are other than those sent. Returns 0, or -ENOENT
 * when the run has no such segment (yet). */
int json_segment(struct run *run, uint32_t n, struct buf *out);

/* --- faults: what is wrong with a document, and where -------------------- */

struct json_fault {
    char pointer[JSON_POINTER_BYTES]; /* RFC 6901, "" = the whole document */
    char text[JSON_FAULT_BYTES];      /* what was expected there */
};

struct json_faults {
    size_t count;
    struct json_fault list[JSON_MAX_FAULTS];
};

/* --- events read back ---------------------------------------------------- */

/* An event and what it points to. */
struct json_event {
    struct event event;
    struct cJSON *doc; /* (owned) holds its texts */
    void *room;        /* (owned) holds its bytes or expectations */
};

/* Read one line as feed_line() makes it. Appended to a log in order and written
 * again, all lines of a run are the same, byte for byte. Members that are only
 * derived are not looked at. Returns 0, or -EINVAL with every fault listed;
 * after 0 the caller gives *ret_event to json_event_done(). */
int json_event_read(const char *text, size_t len, struct json_event *ret_event,
                    struct json_faults *ret_faults);

/* Free what the event points to; zeroed and again is fine. */
void json_event_done(struct json_event *e);

/* --- the body of a request ------------------------------------------------ */

/* Body of POST /api/runs. */
struct run_request {
    const struct scenario *scenario; /* built-in (static) or `own` */
    struct scenario *own; /* (owned) sent with the request, or NULL */
    struct run_options options;
    bool wait;
};

/* Read text[0..len). Returns 0; -EINVAL with every fault listed (position of a
 * syntax error in words: line and column); -ENOENT with a fault when the
 * scenario id is unknown. *ret_req is to be given to run_request_done() in any
 * case. */
int json_run_request(const char *text, size_t len, struct run_request *ret_req,
                     struct json_faults *ret_faults);

/* Free what the request owns; again is fine. */
void run_request_done(struct run_request *req);

/* RFC 9457 problem: {"type":"about:blank","title","status","detail"} and
 * "faults":[{"pointer","detail"}] when faults is not NULL and not empty. */
void json_problem(struct buf *out, int status, const char *title,
                  const char *detail, const struct json_faults *faults);

/* {"faults":[{"pointer","detail"}...]}, empty where nothing is wrong. */
void json_faults_write(const struct json_faults *faults, struct buf *out);

/* --- answers, for clients of a server ------------------------------------ */

/* The id in the answer to POST /api/runs: letters, digits, - and _, at most
 * RUN_ID_BYTES with its NUL; and the key, SECRET_BYTES of hexadecimal digits,
 * or
 * "" when there is none. Returns 0, or -EINVAL when it is no such answer. */
int json_answer_begun(const char *text, size_t len, char *ret_id,
                      char *ret_key);

/* Append what a problem says, fit to be shown, each fault on a line of its own.
 * Returns 0, or -EINVAL when it is no problem. */
int json_problem_read(const char *text, size_t len, struct buf *ret_text);

/* --- the wire in hand ---------------------------------------------------- */

struct jsonw;

/* Settings, into the object w has open: "hold", "path" (by sender, every
 * condition), "seed", "swallow", "rules" (each with its "words"). */
void json_wire_settings(const struct wire_settings *settings, struct jsonw *w);

/* The same as they stand, and "held": how many segments wait for a decision. */
void json_wire(const struct wire_settings *settings, size_t held,
               struct jsonw *w);

/* Body of PATCH /api/runs/{id}/wire. Conditions that are not given stay as they
 * are in *now. Returns 0, or -EINVAL with every fault listed. */
int json_wire_patch(const char *text, size_t len,
                    const struct wire_settings *now,
                    struct wire_patch *ret_patch,
                    struct json_faults *ret_faults);

/* Body of POST /api/runs/{id}/segments/{n}. Returns as above. */
int json_decision(const char *text, size_t len, struct decision *ret_decision,
                  struct json_faults *ret_faults);

/* Body of POST /api/runs/{id}/inject. Returns as above. */
int json_forge(const char *text, size_t len, struct forge *ret_forge,
               struct json_faults *ret_faults);

/* --- a class that votes -------------------------------------------------- */

/* Bodies of POST /api/rooms/{id}/questions, /votes and /close. Each returns 0,
 * or -EINVAL with every fault listed. */
int json_question(const char *text, size_t len, struct question *ret_question,
                  struct json_faults *ret_faults);
/* {"n","choice","voter"}; choices count from 0. */
int json_vote(const char *text, size_t len, struct vote *ret_vote,
              struct json_faults *ret_faults);
/* {"answer"}, or {} where nothing is right or wrong. */
int json_closing(const char *text, size_t len, struct closing *ret_closing,
                 struct json_faults *ret_faults);

/* {"id","question","voters","counts"}. counts: of each choice, or NULL, which
 * gives null. */
void json_room(const struct room *room, const uint32_t *counts,
               struct buf *out);

/* --- the machine --------------------------------------------------------- */

/* Into the object w has open: "kernel", "container", "link" (the best), and
 * "links", "sandbox", "features" as arrays of {"name","on","why","how":[]}. */
void json_settled(const struct settle_report *report, struct jsonw *w);

/* --- scenarios ----------------------------------------------------------- */

/* Read a scenario document. Returns 0 or -EINVAL with every fault listed
 * (unknown members are faults: a typing mistake must not pass). */
int json_scenario_read(const char *text, size_t len, struct scenario *ret_sc,
                       struct json_faults *ret_faults);

/* The scenario as a document again; reading it gives the same scenario. */
void json_scenario_write(const struct scenario *sc, struct buf *out);

/* What a list to choose from needs of it: no steps, no rules, no expectations,
 * no long texts; of the long form its seconds alone. */
void json_scenario_brief(const struct scenario *sc, struct buf *out);

/* The JSON Schema (2020-12) of a scenario document, made from the tables that
 * read one. schema/scenario.schema.json is the same. */
void json_scenario_schema(struct buf *out);

/* The members of components.schemas in the OpenAPI document, without braces:
 * what is asked, from the tables that read it; what is answered, from
 * answers.schema.json; and all of a scenario. */
void json_api_schemas(struct buf *out);

/* The built-in scenarios, embedded from scenarios/, in the order of the page.
 * Parsed on first use (thread-safe). Here: how many; 0 when memory ran out. */
size_t catalog_count(void);

/* Built-in i, NULL beyond the last. Static. */
const struct scenario *catalog_at(size_t i);

/* The built-in of that id, or NULL. Static. */
const struct scenario *catalog_find(const char *id);

/* The built-in whose id is spelled most like this one, or NULL when none is
 * near: for "did you mean". */
const struct scenario *catalog_nearest(const char *id);

/* The document of built-in i as its file stands, for reading and copying. Not
 * NUL-terminated; static. */
const char *catalog_document(size_t i, size_t *ret_len);

#endif

/* json_internal.h - what the files of src/json share: one event as JSON, the
 * reader of documents with its tables, and what is embedded. */
#ifndef HANDSHAKE_JSON_INTERNAL_H
#define HANDSHAKE_JSON_INTERNAL_H

#include "handshake/fields.h"
#include "handshake/json.h"
#include "handshake/jsonwriter.h"
#include "handshake/observer.h"

#include <cjson/cJSON.h>

/* --- one event as JSON --------------------------------------------------- */

/* What is known about an event besides the struct itself. */
struct event_context {
    const struct segment *seg;      /* segment: parsed; NULL = cannot be */
    const struct observation *seen; /* segment: what the observer says */
    uint64_t begin_ns;              /* call end: when the call began */
    bool begin_known;
    enum host_id from;                    /* copy: who sent the segment */
    char flags[SEGMENT_FLAGS_TEXT_BYTES]; /* copy: of the segment; "" unknown */
    bool relative; /* segment: its sentence has relative numbers */
    /* out: where in the line the segment's "says" array stands */
    size_t says_at, says_len;
};

/* Append e as one line of JSON (DESIGN.md section 5), without newline. */
void event_write(const struct event *e, struct event_context *ctx,
                 struct buf *out);

/* The members of an EVENT_SEGMENT after its `kind`. */
void event_write_segment(const struct event *e, struct event_context *ctx,
                         struct jsonw *w);

/* The member flags, an array of names in the order people say them. */
void event_write_flags(uint16_t flags, struct jsonw *w);

/* The members verdict and expect of a run that ended. */
void event_write_verdict(const struct event_run *run, struct jsonw *w);

/* Append the event as one spoken sentence, for those who hear the page. */
void event_sentence(const struct event *e, const struct event_context *ctx,
                    struct buf *out);

/* --- feeds and runs ------------------------------------------------------ */

/* What the feed keeps of a segment: who sent it, which event it is, and where
 * its explanation stands in that event's line. */
struct segment_note {
    uint32_t id;
    enum host_id from;
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    const char *says; /* (borrowed from the line, lives as long as the feed) */
    size_t says_len;
    uint32_t repeats;       /* number of the segment it sends again, or 0 */
    struct seq_bases bases; /* its relative numbers count from these */
};

/* Copy the note of segment n; false when there is none (yet). Any thread. */
bool feed_segment(struct feed *feed, uint32_t n, struct segment_note *ret_note);

/* A run as its document needs it, apart from struct run so that it can be
 * written without one. */
struct run_view {
    const char *id;
    const struct scenario *scenario;
    enum link_kind link;
    uint8_t ip;
    const struct runlog *log;
    const struct wire_settings *began; /* with which its wire began, or NULL */
    const struct wire_settings *wire;  /* of a live run on the wire, or NULL */
    size_t held;                       /* segments held on it */
};
/* As json_run_head(), of a view. */
uint32_t run_view_head(const struct run_view *view, struct buf *out);
/* As json_run_summary(), of a view. */
void run_view_summary(const struct run_view *view, struct buf *out);

/* As json_segment(), of a log and its feed. */
int log_segment_write(const struct runlog *log, struct feed *feed, uint32_t n,
                      struct buf *out);

/* --- reading documents --------------------------------------------------- */

/* A document being read: where we are and what was wrong so far. */
struct reader {
    struct json_faults *faults; /* (borrowed) */
    char path[JSON_POINTER_BYTES];
    size_t path_len;
    bool unknown_scenario; /* the one fault that is "not found" */
};

/* A reader at the top of a document; empties *faults. */
struct reader reader_to(struct json_faults *faults);

/* Note a fault at the reader's place; beyond JSON_MAX_FAULTS it is dropped. */
__attribute__((format(printf, 2, 3))) void reader_fault(struct reader *r,
                                                        const char *fmt, ...);

/* Step into a member. Returns what reader_leave() wants. */
size_t reader_enter(struct reader *r, const char *key);

/* Step into an element of an array. Returns what reader_leave() wants. */
size_t reader_enter_at(struct reader *r, size_t index);

/* Step out again, to where we were before. */
void reader_leave(struct reader *r, size_t before);

/* Parse text[0..len) strictly: UTF-8, bounded depth, no member twice, nothing
 * after the value. The caller frees it with cJSON_Delete(); NULL with a fault
 * when it is none. */
cJSON *reader_parse(struct reader *r, const char *text, size_t len);

/* "a string", "a number" ... of a value, for faults. */
const char *value_kind(const cJSON *item);

/* How a member is read and written. */
enum member_kind {
    MEMBER_TEXT, /* char[size] */
    MEMBER_U8,   /* whole numbers from min to max */
    MEMBER_U16,
    MEMBER_U32,
    MEMBER_U64,   /* the same, up to 2^53 where a double ends */
    MEMBER_MS,    /* uint32_t in µs; the document says ms, as 0.5 */
    MEMBER_PART,  /* uint32_t in parts per million; the document says 0.1 */
    MEMBER_FLAGS, /* uint16_t; the document says "SYN,ACK" */
    MEMBER_BOOL,
    MEMBER_LINES,  /* char[max][size] and a size_t count */
    MEMBER_CUSTOM, /* read and write do it */
    MEMBER_LATER   /* known by the design, refused by this version */
};

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;       /* in the struct */
    size_t size;         /* TEXT, LINES: bytes of one text with its NUL */
    size_t count_offset; /* LINES */
    uint32_t min, max;   /* numbers: range (MS: in µs; PART, U64, FLAGS:
                            unused); TEXT: least length; LINES: most */
    bool has_mark;       /* a bool of the struct tells whether the member was
                            given; else zero stands for "not given" */
    size_t mark_offset;
    /* TEXT, LINES: what is wrong with a text, or NULL */
    const char *(*check)(const char *text);
    void (*read)(struct reader *r, const cJSON *item, void *target);
    void (*write)(struct jsonw *w, const char *name, const void *target);
};

/* An object: which of the members it takes and cannot do without, as bits by
 * position in the table. */
struct shape {
    const char *what; /* "a `connect` step" */
    const struct member *members;
    size_t count;
    uint32_t takes, needs;
};

/* Fill target from item; every member that is unknown, missing, of the wrong
 * kind or out of range becomes a fault. */
void shape_read(struct reader *r, const struct shape *shape, const cJSON *item,
                void *target);

/* Read one member as the table says, at the reader's place. */
void shape_read_member(struct reader *r, const struct member *m,
                       const cJSON *item, void *target);

/* The members of target that the shape takes; empty texts and zeros are left
 * out unless they are needed. */
void shape_write(struct jsonw *w, const struct shape *shape,
                 const void *target);

/* Read a scenario from a value of a larger document, at the reader's place. */
void scenario_from(struct reader *r, const cJSON *item, struct scenario *ret);

/* The tables of scenario_read.c, for reading and writing alike. */
extern const struct shape scenario_shape;
extern const struct shape step_shapes[STEP_COUNT];
extern const struct shape expect_shape;
extern const struct shape expect_client_shape;

/* What those tables call to write (scenario_write.c); target is a struct
 * scenario. */

/* The member `needs`: ["wire"] or []. */
void write_needs(struct jsonw *w, const char *name, const void *target);
/* The steps of the client. */
void write_client_steps(struct jsonw *w, const char *name, const void *target);
/* The steps of the server. */
void write_server_steps(struct jsonw *w, const char *name, const void *target);
/* What must come out, as an object. */
void write_expect(struct jsonw *w, const char *name, const void *target);
/* What must come out at the client. */
void write_expect_client(struct jsonw *w, const char *name, const void *target);
/* The name of what a step does; target is a struct step. */
void write_step_call(struct jsonw *w, const char *name, const void *target);

/* --- the wire ------------------------------------------------------------ */

/* Rules, conditions and what is made by hand: rule_json.c, edit_json.c,
 * forge_json.c, wire_json.c. */

/* Rows of tables. A row for a field of the same name as its member. */
#define ROW_FIELD(type, field, of_kind, ...)                                   \
    {                                                                          \
        .name = #field, .kind = of_kind, .offset = offsetof(type, field),      \
        .size = sizeof(((type *)0)->field), __VA_ARGS__                        \
    }
/* A number that may be 0; the field set_NAME tells whether it was given. */
#define ROW_MARKED(type, field, of_kind, ...)                                  \
    {                                                                          \
        .name = #field, .kind = of_kind, .offset = offsetof(type, field),      \
        .has_mark = true, .mark_offset = offsetof(type, set_##field),          \
        __VA_ARGS__                                                            \
    }
#define ROW_CUSTOM(text, reader, writer)                                       \
    {                                                                          \
        .name = text, .kind = MEMBER_CUSTOM, .read = reader, .write = writer   \
    }
#define ROWS_OF(members) (sizeof(members) / sizeof(*(members)))

/* Read a list of rules, each a string in the words of rule.h or an object, and
 * append them to settings->rules. Two of one name, and more than
 * WIRE_MAX_RULES, are faults. Rules without a name stay nameless (""). */
void wire_rules_read(struct reader *r, const cJSON *item,
                     struct wire_settings *settings);
/* The rules as that list again, all as objects. */
void wire_rules_write(struct jsonw *w, const char *name,
                      const struct wire_settings *settings);

/* Read link-wide conditions: an object of "latency_ms", "jitter_ms", "loss",
 * "duplicate", "reorder" for both ways, or of "client" and "server" (what that
 * host sends) with such objects. What is not given stays. */
void wire_path_read(struct reader *r, const cJSON *item,
                    struct wire_settings *settings);
/* The conditions as that object again, short where both ways are alike. */
void wire_path_write(struct jsonw *w, const char *name,
                     const struct wire_settings *settings);
/* Read one condition of one way; false when there is none of that name. */
bool path_read_member(struct reader *r, const char *name, const cJSON *item,
                      struct wire_path *path);
/* Whether there are any: false for a straight cable. */
bool wire_path_any(const struct wire_settings *settings);

/* Read and write one rule. */
void rule_json_read(struct reader *r, const cJSON *item, struct rule *ret_rule);
/* A rule as an object; with_words adds the member `words`. */
void rule_json_write(struct jsonw *w, const struct rule *rule, bool with_words);

/* Read the member `set` of a rule or decision: fields and their new values. */
void edit_set_read(struct reader *r, const cJSON *item, struct edit *edit);
/* Read the member `strip`: options that become NOPs. */
void edit_strip_read(struct reader *r, const cJSON *item, struct edit *edit);
/* The fields as that object again; nothing when there are none. */
void edit_set_write(struct jsonw *w, const char *name, const struct edit *edit);
/* The options as an array of names; nothing when there are none. */
void edit_strip_write(struct jsonw *w, const char *name,
                      const struct edit *edit);

/* Whether there is nothing to change. */
bool edit_is_empty(const struct edit *edit);

/* Read a segment or ICMP error made by hand. An answer of a rule names no
 * receiver: it goes back to the sender. */
void forge_read(struct reader *r, const cJSON *item, bool is_answer,
                struct forge *ret_forge);
/* The members of the same object. */
void forge_write(struct jsonw *w, const char *name, bool is_answer,
                 const struct forge *forge);

/* A host by its name, or a fault. Returns whether it was one. */
bool read_host(struct reader *r, const cJSON *item, enum host_id *ret_host);

/* One of count names (name_of(0) ...), or a fault that lists them. Returns the
 * index, or count. */
unsigned read_choice(struct reader *r, const cJSON *item, unsigned count,
                     const char *(*name_of)(unsigned i));

/* The tables, for the test that holds the schema against them. */
extern const struct shape rule_shapes[RULE_DO_COUNT];
extern const struct shape set_shape;
extern const struct shape path_shape;      /* one way */
extern const struct shape path_both_shape; /* both, or each by its name */
extern const struct shape forge_shapes[2]; /* by enum forge_kind */
extern const struct shape answer_shapes[2];
extern const struct shape icmp_shape;
extern const struct shape named_options_shape; /* of a forged segment */
extern const struct shape decision_shapes[DECIDE_COUNT];
extern const struct shape patch_shape;
extern const struct shape patch_rules_shape;

/* --- embedded ------------------------------------------------------------ */

struct embedded_scenario {
    const unsigned char *text;
    size_t len;
};
extern const struct embedded_scenario embedded_scenarios[];
extern const size_t embedded_scenario_count;

#endif

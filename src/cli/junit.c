/* junit.c - runs as JUnit XML, see junit_internal.h.
 *
 * The counts stand at the top, so suites are gathered first. Texts come from
 * scenarios and may hold anything: words_bytes() leaves what XML can hold, the
 * rest is escaped here. */
#include "junit_internal.h"

#include "handshake/clock.h"
#include "handshake/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SUITES_MAX_BYTES = 64 * 1024 * 1024, TEXT_MAX_BYTES = 16 * 1024 };

struct counts {
    size_t tests, failures, errors;
    uint64_t took_ns;
};

struct junit {
    struct counts all;
    struct buf suites;
};

/* Suites are bounded at birth; one that does not fit spoils the document,
 * and junit_text() says so. */
struct junit *junit_new(void)
{
    struct junit *j = calloc(1, sizeof(*j));
    if (j)
        buf_init(&j->suites, SUITES_MAX_BYTES);
    return j;
}

/* Half-built is fine: the buffer is empty then. */
void junit_free(struct junit *j)
{
    if (j)
        buf_done(&j->suites);
    free(j);
}

/* --- XML ----------------------------------------------------------------- */

/* Fit for an attribute and for text. */
static void put_escaped(const char *text, struct buf *out)
{
    struct buf plain;
    buf_init(&plain, TEXT_MAX_BYTES);
    words_bytes(&plain, text, strlen(text));
    for (const char *c = buf_text(&plain); *c; c++) {
        const char *name = *c == '<'   ? "&lt;"
                           : *c == '>' ? "&gt;"
                           : *c == '&' ? "&amp;"
                           : *c == '"' ? "&quot;"
                                       : NULL;
        if (name)
            buf_str(out, name);
        else
            buf_append(out, c, 1);
    }
    buf_done(&plain);
}

/* With a space before it, so that attributes can follow one another. */
static void put_attribute(const char *name, const char *value, struct buf *out)
{
    buf_printf(out, " %s=\"", name);
    put_escaped(value, out);
    buf_str(out, "\"");
}

/* Seconds, as the form has it, to the microsecond that was measured. */
static void put_time(uint64_t ns, struct buf *out)
{
    buf_printf(out, " time=\"%" PRIu64 ".%06u\"", ns / 1000000000,
               (unsigned)(ns / 1000 % 1000000));
}

/* The same four of a suite and of the whole. */
static void put_counts(const struct counts *counts, struct buf *out)
{
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
               counts->tests, counts->failures, counts->errors);
    put_time(counts->took_ns, out);
}

/* --- cases --------------------------------------------------------------- */

/* The begin of a case; its content and end are the caller's. */
static void open_case(const char *id, const char *what, uint64_t took_ns,
                      struct buf *out)
{
    buf_str(out, "    <testcase");
    put_attribute("classname", id, out);
    put_attribute("name", what, out);
    put_time(took_ns, out);
}

/* "failure" for what came out otherwise, "error" for what could not be. */
static void put_fault(const char *kind, const char *message, const char *text,
                      struct buf *out)
{
    buf_printf(out, ">\n      <%s", kind);
    put_attribute("message", message, out);
    buf_str(out, ">");
    put_escaped(text, out);
    buf_printf(out, "</%s>\n    </testcase>\n", kind);
}

/* The verdict's sentence goes with each failure: there is mostly one cause
 * for all of them. */
static void put_expectation(const char *id, const struct outcome *o,
                            const struct expectation *x, struct counts *counts,
                            struct buf *out)
{
    const char *seen = x->seen && x->seen[0] ? x->seen : "not seen";
    counts->tests++;
    counts->failures += !x->met;
    open_case(id, x->what, o->took_ns, out);
    if (x->met)
        buf_str(out, "/>\n");
    else
        put_fault("failure", seen, o->end->verdict_text, out);
}

/* The run as a case of its own. */
static void put_run(const char *id, const struct outcome *o,
                    const char *problem, struct counts *counts, struct buf *out)
{
    counts->tests++;
    open_case(id, "the run comes to its end", o->took_ns, out);
    if (!problem) {
        buf_str(out, "/>\n");
        return;
    }
    counts->errors++;
    put_fault("error", problem, problem, out);
}

/* Why it did not come to its end, NULL when it did. */
static const char *problem_of(const struct outcome *o, const char *problem)
{
    if (problem)
        return problem;
    if (!o->end)
        return "the run was cut off before its end";
    return o->end->verdict >= VERDICT_CANCELLED ? o->end->verdict_text : NULL;
}

/* Nothing is expected of a run that somebody stopped. */
static void put_cases(const char *id, const struct outcome *o,
                      const char *problem, struct counts *counts,
                      struct buf *out)
{
    const char *why = problem_of(o, problem);
    bool stopped = o->end && o->end->verdict == VERDICT_CANCELLED;
    size_t expected = o->end && !stopped ? o->end->expect_count : 0;
    if (why || expected == 0)
        put_run(id, o, why, counts, out);
    for (size_t i = 0; i < expected; i++)
        put_expectation(id, o, &o->end->expect[i], counts, out);
}

/* --- suites -------------------------------------------------------------- */

/* Build servers show them beside the suite. */
static void put_property(const char *name, const char *value, struct buf *out)
{
    buf_str(out, "      <property");
    put_attribute("name", name, out);
    put_attribute("value", value, out);
    buf_str(out, "/>\n");
}

/* What a run depends on and its expectations do not tell. */
static void put_properties(const struct outcome *o, struct buf *out)
{
    if (!o->begin)
        return;
    buf_str(out, "    <properties>\n");
    put_property("link", link_name(o->begin->link), out);
    put_property("kernel", o->begin->kernel, out);
    if (o->end) {
        put_property("verdict", verdict_name(o->end->verdict), out);
        put_property("verdict-text", o->end->verdict_text, out);
    }
    buf_str(out, "    </properties>\n");
}

/* ISO 8601 without a zone, as the schema in use has it: UTC, to the second. */
static void put_timestamp(const struct outcome *o, struct buf *out)
{
    char wall[CLOCK_WALL_TEXT_BYTES];
    clock_wall_text(o->begin ? o->begin->wall_ns : clock_wall_ns(), wall,
                    sizeof(wall));
    buf_printf(out, " timestamp=\"%.19s\"", wall);
}

/* Cases go into a buffer of their own, because their counts stand before
 * them. */
void junit_add(struct junit *j, const char *id, const struct outcome *o,
               const char *problem)
{
    struct counts counts = {.took_ns = o->took_ns};
    struct buf cases;
    buf_init(&cases, SUITES_MAX_BYTES);
    put_cases(id, o, problem, &counts, &cases);
    buf_str(&j->suites, "  <testsuite");
    put_attribute("name", id, &j->suites);
    put_counts(&counts, &j->suites);
    put_timestamp(o, &j->suites);
    buf_str(&j->suites, ">\n");
    put_properties(o, &j->suites);
    buf_append(&j->suites, buf_text(&cases), cases.len);
    buf_str(&j->suites, "  </testsuite>\n");
    j->suites.failed |= cases.failed;
    buf_done(&cases);
    j->all.tests += counts.tests;
    j->all.failures += counts.failures;
    j->all.errors += counts.errors;
    j->all.took_ns += counts.took_ns;
}

/* The whole document at once: its counts are known last and stand first. */
bool junit_text(const struct junit *j, struct buf *ret_text)
{
    buf_str(ret_text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<testsuites name=\"handshake\"");
    put_counts(&j->all, ret_text);
    buf_str(ret_text, ">\n");
    buf_append(ret_text, buf_text(&j->suites), j->suites.len);
    buf_str(ret_text, "</testsuites>\n");
    return !ret_text->failed && !j->suites.failed;
}

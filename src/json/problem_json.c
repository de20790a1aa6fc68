/* problem_json.c - what went wrong with a request, as RFC 9457 has it. */
#include "json_internal.h"

/* The member `faults` of the object that is open. */
static void write_faults(const struct json_faults *faults, struct jsonw *w)
{
    jsonw_open(w, "faults", '[');
    for (size_t i = 0; i < faults->count; i++) {
        jsonw_open(w, NULL, '{');
        jsonw_str(w, "pointer", faults->list[i].pointer);
        jsonw_str(w, "detail", faults->list[i].text);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

void json_problem(struct buf *out, int status, const char *title,
                  const char *detail, const struct json_faults *faults)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "type", "about:blank");
    jsonw_str(&w, "title", title);
    jsonw_int(&w, "status", status);
    jsonw_str(&w, "detail", detail);
    if (faults && faults->count > 0)
        write_faults(faults, &w);
    jsonw_close(&w, '}');
}

void json_faults_write(const struct json_faults *faults, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    write_faults(faults, &w);
    jsonw_close(&w, '}');
}

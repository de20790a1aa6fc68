/* scenarios_handler.c - the built-in scenarios as documents. */
#include "http_internal.h"

#include <stdlib.h>
#include <string.h>

/* Whole documents, so that the page needs one request to show any of them. */
static void write_some(size_t from, size_t to, struct buf *out)
{
    buf_str(out, "{\"scenarios\":[");
    for (size_t i = from; i < to; i++) {
        buf_str(out, i > from ? "," : "");
        json_scenario_write(catalog_at(i), out);
    }
    buf_str(out, "]}");
}

static void write_all(struct buf *out)
{
    write_some(0, catalog_count(), out);
}

/* The place behind the scenario of that id; count + 1 when there is none. */
static size_t place_after(const char *id)
{
    size_t i = 0, count = catalog_count();
    while (i < count && strcmp(catalog_at(i)->id, id) != 0)
        i++;
    return i + 1;
}

/* A part of the catalogue. */
static enum MHD_Result respond_page(struct request *req,
                                    const struct page *page)
{
    struct buf body;
    size_t count = catalog_count();
    size_t from = page->after ? place_after(page->after) : 0;
    if (from > count)
        return page_refuse(req, page);
    size_t to = count - from > page->limit ? from + page->limit : count;
    buf_init(&body, HTTP_ANSWER_BYTES);
    write_some(from, to, &body);
    struct MHD_Response *reply = reply_json(req, &body);
    if (to < count)
        page_link(reply, "/api/scenarios", page, catalog_at(to - 1)->id);
    return respond(req, MHD_HTTP_OK, reply);
}

enum MHD_Result handle_scenarios_list(struct request *req)
{
    enum MHD_Result result;
    struct page page;
    if (!page_read(req, &page, &result))
        return result;
    if (page.after || page.limit < catalog_count())
        return respond_page(req, &page);
    return respond_made(req, &req->http->kept[KEPT_SCENARIOS], write_all);
}

enum MHD_Result handle_scenarios_get(struct request *req)
{
    const struct scenario *sc = catalog_find(req->params.id);
    if (!sc)
        return respond_problem(req, MHD_HTTP_NOT_FOUND,
                               "There is no scenario %s; GET /api/scenarios "
                               "lists those there are.",
                               req->params.id);
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    json_scenario_write(sc, &body);
    return respond_tagged(req, "application/json", &body);
}

enum MHD_Result handle_scenario_schema(struct request *req)
{
    return respond_made(req, &req->http->kept[KEPT_SCHEMA],
                        json_scenario_schema);
}

/* For whoever writes one: a scenario with faults is a fine question, so the
 * answer is 200 whatever is found. */
enum MHD_Result handle_scenario_check(struct request *req)
{
    struct scenario *sc = calloc(1, sizeof(*sc));
    struct json_faults faults = {0};
    struct buf body;
    if (!sc)
        return respond(req, MHD_HTTP_INTERNAL_SERVER_ERROR, NULL);
    (void)json_scenario_read(buf_text(&req->body), req->body.len, sc, &faults);
    free(sc);
    buf_init(&body, HTTP_PROBLEM_BYTES);
    json_faults_write(&faults, &body);
    return respond(req, MHD_HTTP_OK, reply_json(req, &body));
}

/* scenarios_handler.c - the built-in scenarios as documents. */
#include "http_internal.h"

#include <stdlib.h>
#include <string.h>

/* How much of each: all of it, or what a list to choose from needs. */
struct detail {
    const char *path; /* of the parts of such a list */
    void (*write_one)(const struct scenario *sc, struct buf *out);
    void (*write_all)(struct buf *out);
    enum kept_document kept;
};

static void write_some(const struct detail *detail, size_t from, size_t to,
                       struct buf *out)
{
    buf_str(out, "{\"scenarios\":[");
    for (size_t i = from; i < to; i++) {
        buf_str(out, i > from ? "," : "");
        detail->write_one(catalog_at(i), out);
    }
    buf_str(out, "]}");
}

static void write_whole(struct buf *out);
static void write_brief(struct buf *out);
static const struct detail whole = {"/api/scenarios?", json_scenario_write,
                                    write_whole, KEPT_SCENARIOS};
static const struct detail brief = {
    "/api/scenarios?brief=true&", json_scenario_brief, write_brief, KEPT_BRIEF};

static void write_whole(struct buf *out)
{
    write_some(&whole, 0, catalog_count(), out);
}

static void write_brief(struct buf *out)
{
    write_some(&brief, 0, catalog_count(), out);
}

/* ?brief=. NULL after answering 400. */
static const struct detail *detail_read(struct request *req,
                                        enum MHD_Result *ret_result)
{
    const char *text =
        MHD_lookup_connection_value(req->conn, MHD_GET_ARGUMENT_KIND, "brief");
    if (!text || strcmp(text, "false") == 0)
        return &whole;
    if (strcmp(text, "true") == 0)
        return &brief;
    *ret_result = respond_problem(req, MHD_HTTP_BAD_REQUEST,
                                  "?brief= takes true or false.");
    return NULL;
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
                                    const struct page *page,
                                    const struct detail *detail)
{
    struct buf body;
    size_t count = catalog_count();
    size_t from = page->after ? place_after(page->after) : 0;
    if (from > count)
        return page_refuse(req, page);
    size_t to = count - from > page->limit ? from + page->limit : count;
    buf_init(&body, HTTP_ANSWER_BYTES);
    write_some(detail, from, to, &body);
    struct MHD_Response *reply = reply_json(req, &body);
    if (to < count)
        page_link(reply, detail->path, page, catalog_at(to - 1)->id);
    return respond(req, MHD_HTTP_OK, reply);
}

enum MHD_Result handle_scenarios_list(struct request *req)
{
    enum MHD_Result result;
    struct page page;
    if (!page_read(req, &page, &result))
        return result;
    const struct detail *detail = detail_read(req, &result);
    if (!detail)
        return result;
    if (page.after || page.limit < catalog_count())
        return respond_page(req, &page, detail);
    return respond_made(req, &req->http->kept[detail->kept], detail->write_all);
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

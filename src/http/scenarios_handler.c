/* scenarios_handler.c - the built-in scenarios as documents. */
#include "http_internal.h"

/* Whole documents, so that the page needs one request to show any of them. */
enum MHD_Result handle_scenarios_list(struct request *req)
{
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    buf_str(&body, "{\"scenarios\":[");
    for (size_t i = 0; i < catalog_count(); i++) {
        buf_str(&body, i > 0 ? "," : "");
        json_scenario_write(catalog_at(i), &body);
    }
    buf_str(&body, "]}");
    return respond(req, MHD_HTTP_OK, reply_json(&body));
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
    return respond(req, MHD_HTTP_OK, reply_json(&body));
}

enum MHD_Result handle_scenario_schema(struct request *req)
{
    struct buf body;
    buf_init(&body, HTTP_ANSWER_BYTES);
    json_scenario_schema(&body);
    return respond(req, MHD_HTTP_OK, reply_json(&body));
}

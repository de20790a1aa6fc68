/* pages.c - lists in parts: ?limit=N and ?after=ID, and the Link to the next
 * part (RFC 8288).
 *
 * A part begins behind an entry that the client names, not at a number: what
 * is added or forgotten in between moves nothing. */
#include "http_internal.h"

#include <stdio.h>

enum { LINK_BYTES = 160 };

/* NULL when it is not there; "" when it has no value. */
static const char *argument(const struct request *req, const char *name)
{
    return MHD_lookup_connection_value(req->conn, MHD_GET_ARGUMENT_KIND, name);
}

bool page_read(struct request *req, struct page *ret_page,
               enum MHD_Result *ret_result)
{
    const char *limit = argument(req, "limit");
    ret_page->after = argument(req, "after");
    ret_page->limit = PAGE_DEFAULT;
    if (!limit || (parse_u32(limit, &ret_page->limit) && ret_page->limit > 0 &&
                   ret_page->limit <= PAGE_MOST))
        return true;
    *ret_result =
        respond_problem(req, MHD_HTTP_BAD_REQUEST,
                        "?limit= takes a number from 1 to %d.", (int)PAGE_MOST);
    return false;
}

enum MHD_Result page_refuse(struct request *req, const struct page *page)
{
    return respond_problem(req, MHD_HTTP_NOT_FOUND,
                           "There is no %.40s (any more) that a part of the "
                           "list could begin after; begin anew without "
                           "?after=.",
                           page->after);
}

void page_link(struct MHD_Response *reply, const char *path,
               const struct page *page, const char *last_id)
{
    char link[LINK_BYTES];
    snprintf(link, sizeof(link), "<%slimit=%u&after=%s>; rel=\"next\"", path,
             page->limit, last_id);
    reply_header(reply, "Link", link);
}

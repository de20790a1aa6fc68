/* head.c - refuses requests that can be read in two ways.
 *
 * A proxy in front that reads such a request the other way takes its end for
 * the beginning of another one. RFC 9112 has these refused; libmicrohttpd
 * 0.9.75 takes one of the readings. What it keeps shows most of them: all
 * headers, each by its name as it was sent. The rest shows in where they stand:
 * it reads in place, in the connection's own memory, and puts one NUL in the
 * place of each CR and LF. So a line that ended with LF alone, or had a NUL in
 * it, is followed by the next at another distance than two bytes. Later
 * versions read otherwise and are strict themselves. */
#include "http_internal.h"

#include <string.h>
#include <strings.h>

enum {
    STRICT_ITSELF = 0x00097700, /* the first MHD_VERSION that is */
    LINE_END_BYTES = 2
};

/* Headers that may come once. */
enum { HOST, ORIGIN, LENGTH, ENCODING, TYPE, AUTHORIZATION, ONCE };
static const char *const once[ONCE] = {
    [HOST] = "Host",
    [ORIGIN] = "Origin",
    [LENGTH] = "Content-Length",
    [ENCODING] = "Transfer-Encoding",
    [TYPE] = "Content-Type",
    [AUTHORIZATION] = "Authorization",
};

/* A head that is being looked at. */
struct head {
    const char *start, *end; /* of it in libmicrohttpd's memory */
    const char *next;        /* where the next header has to begin */
    unsigned count[ONCE];
    const char *fault; /* the first: what the client should not send */
};

static void find_fault(struct head *head, const char *fault)
{
    if (!head->fault)
        head->fault = fault;
}

/* RFC 9110, 5.6.2. */
static bool is_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p <= ' ' || *p > '~' || strchr("\"(),/:;<=>?@[\\]{}", *p))
            return false;
    return *text != '\0';
}

/* A CR alone ends a line for some. */
static bool has_controls(const char *text)
{
    for (const char *p = text; *p; p++)
        if (((unsigned char)*p < ' ' && *p != '\t') || *p == 0x7f)
            return true;
    return false;
}

/* Whether the line of a header follows the one before, and where the next has
 * to follow. The first stands behind the two bytes that end the first line. */
static void check_place(struct head *head, const char *name, const char *value)
{
    if (head->start == NULL)
        return;
    bool inside = name >= head->start + LINE_END_BYTES && value < head->end;
    bool follows =
        inside && (head->next ? name == head->next
                              : name[-1] == '\0' && name[-2] == '\0');
    if (!follows)
        find_fault(head, "a line that does not end with CR LF, goes on in the "
                         "next, or has a NUL in it");
    head->next = value + strlen(value) + LINE_END_BYTES;
}

/* For MHD_get_connection_values(), in the order in which they came. */
static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
    struct head *head = cls;
    (void)kind;
    for (size_t i = 0; i < ONCE; i++)
        if (strcasecmp(name, once[i]) == 0 && ++head->count[i] == 2)
            find_fault(head, "two headers of a name that may come once");
    if (!is_token(name))
        find_fault(head, "a header whose name has a blank or another "
                         "character that no name has");
    if (value && has_controls(value))
        find_fault(head, "a control character in a header");
    if (value && strcasecmp(name, once[ENCODING]) == 0 &&
        strcasecmp(value, "chunked") != 0)
        find_fault(head, "a Transfer-Encoding other than chunked");
    check_place(head, name, value ? value : "");
    return MHD_YES;
}

/* The empty line is two bytes more. Without any header there is none to go by,
 * and nothing that could be told two ways. */
static void check_end(struct head *head)
{
    if (head->start && head->next && head->next + LINE_END_BYTES != head->end)
        find_fault(head, "an empty line that is not CR LF, or a NUL in the "
                         "line before it");
}

static enum MHD_Result refuse_head(struct request *req)
{
    struct MHD_Response *reply = reply_problem(
        MHD_HTTP_BAD_REQUEST,
        "The request can be read in two ways: it has %s. Send one that can be "
        "read in one way.",
        req->fault);
    reply_header(reply, "Connection", "close");
    return respond(req, MHD_HTTP_BAD_REQUEST, reply);
}

/* Where libmicrohttpd keeps the head, when it is a version that reads in
 * place. */
static void find_place(const struct request *req, struct head *ret_head)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        req->conn, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (MHD_VERSION >= STRICT_ITSELF || !info)
        return;
    ret_head->start = req->method; /* the first word of it */
    ret_head->end = req->method + info->header_size;
}

handler_fn *head_check(struct request *req)
{
    struct head head = {.start = NULL};
    find_place(req, &head);
    MHD_get_connection_values(req->conn, MHD_HEADER_KIND, take_header, &head);
    if (head.count[LENGTH] && head.count[ENCODING])
        find_fault(&head, "both Content-Length and Transfer-Encoding");
    check_end(&head);
    req->fault = head.fault;
    return head.fault ? refuse_head : NULL;
}

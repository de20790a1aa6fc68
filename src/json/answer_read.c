/* answer_read.c - what a server of this program answers, for its clients. What
 * answers may be something else altogether: nothing is taken on trust. */
#include "json_internal.h"

#include "handshake/words.h"

#include <errno.h>
#include <string.h>

/* A member that is a text, or NULL. */
static const char *text_of(const cJSON *doc, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, name));
}

/* Ids are put into paths: letters and digits alone. */
static bool is_id(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t len = text ? strlen(text) : 0;
    return len > 0 && len < RUN_ID_BYTES && strspn(text, letters) == len;
}

/* Fit to be put into a header. */
static bool is_key(const char *text)
{
    return text && strlen(text) == SECRET_BYTES - 1 &&
           strspn(text, "0123456789abcdef") == SECRET_BYTES - 1;
}

int json_answer_begun(const char *text, size_t len, char *ret_id, char *ret_key)
{
    struct json_faults faults;
    struct reader r = reader_to(&faults);
    cJSON *doc = reader_parse(&r, text, len);
    const char *id = text_of(doc, "id");
    const char *key = text_of(doc, "key");
    bool ok = is_id(id);
    ret_key[0] = '\0';
    if (is_key(key))
        memcpy(ret_key, key, SECRET_BYTES);
    if (ok)
        memcpy(ret_id, id, strlen(id) + 1);
    cJSON_Delete(doc);
    return ok ? 0 : -EINVAL;
}

/* The same place, however it is spelled: "/scenario/wire/0: must be ...". */
static void put_fault(const cJSON *fault, struct buf *out)
{
    const char *pointer = text_of(fault, "pointer");
    const char *detail = text_of(fault, "detail");
    if (!detail)
        return;
    buf_str(out, "\n");
    if (pointer && pointer[0]) {
        words_bytes(out, pointer, strlen(pointer));
        buf_str(out, ": ");
    }
    words_bytes(out, detail, strlen(detail));
}

int json_problem_read(const char *text, size_t len, struct buf *ret_text)
{
    struct json_faults faults;
    struct reader r = reader_to(&faults);
    cJSON *doc = reader_parse(&r, text, len);
    const char *detail = text_of(doc, "detail");
    const cJSON *fault;
    if (detail)
        words_bytes(ret_text, detail, strlen(detail));
    cJSON_ArrayForEach(fault, cJSON_GetObjectItemCaseSensitive(doc, "faults"))
    {
        put_fault(fault, ret_text);
    }
    cJSON_Delete(doc);
    return detail ? 0 : -EINVAL;
}

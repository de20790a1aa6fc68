/* reader.c - strict parsing of a JSON document, and faults with their place.
 *
 * cJSON reads more than JSON allows (raw control characters, "01", \u0000 that
 * cuts a string short, members twice), recurses as deep as it is told, and
 * before 1.7.18 reads past a text that is not terminated. So the text is
 * scanned first, then copied with a NUL, then parsed, then looked through for
 * doubles. What reaches the tables afterwards is JSON and bounded. */
#include "json_internal.h"

#include "handshake/words.h"

#include <ctype.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More members in one object than any document of ours has; keeps the search
 * for doubles, which compares all pairs, cheap. */
enum { MAX_MEMBERS = 64 };

/* cJSON notes its last error in a global. */
static pthread_mutex_t cjson_mutex = PTHREAD_MUTEX_INITIALIZER;

/* --- faults and places --------------------------------------------------- */

struct reader reader_to(struct json_faults *faults)
{
    faults->count = 0;
    return (struct reader){.faults = faults};
}

void reader_fault(struct reader *r, const char *fmt, ...)
{
    if (r->faults->count == JSON_MAX_FAULTS)
        return;
    struct json_fault *fault = &r->faults->list[r->faults->count++];
    memcpy(fault->pointer, r->path, sizeof(fault->pointer));
    va_list args;
    va_start(args, fmt);
    vsnprintf(fault->text, sizeof(fault->text), fmt, args);
    va_end(args);
}

static void path_put(struct reader *r, const char *text)
{
    size_t len = strlen(text);
    if (len > sizeof(r->path) - 1 - r->path_len)
        len = sizeof(r->path) - 1 - r->path_len;
    memcpy(r->path + r->path_len, text, len);
    r->path_len += len;
    r->path[r->path_len] = '\0';
}

/* RFC 6901 section 3: '~' and '/' inside a name are written ~0 and ~1. */
size_t reader_enter(struct reader *r, const char *key)
{
    size_t before = r->path_len;
    path_put(r, "/");
    for (; *key; key++) {
        char plain[2] = {*key, '\0'};
        path_put(r, *key == '~' ? "~0" : *key == '/' ? "~1" : plain);
    }
    return before;
}

size_t reader_enter_at(struct reader *r, size_t index)
{
    char key[24];
    snprintf(key, sizeof(key), "%zu", index);
    return reader_enter(r, key);
}

void reader_leave(struct reader *r, size_t before)
{
    r->path_len = before;
    r->path[before] = '\0';
}

const char *value_kind(const cJSON *item)
{
    static const struct {
        int type;
        const char *name;
    } kinds[] = {{cJSON_NULL, "null"},
                 {cJSON_Number, "a number"},
                 {cJSON_String, "a string"},
                 {cJSON_Array, "an array"},
                 {cJSON_Object, "an object"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (item->type & kinds[i].type)
            return kinds[i].name;
    return cJSON_IsTrue(item) ? "true" : "false";
}

/* --- scan ---------------------------------------------------------------- */

struct scan {
    const char *text;
    size_t len, at;
    int depth;
};

/* The part of a \u escape that cJSON gets wrong. */
static bool escapes_nul(const struct scan *s)
{
    return s->len - s->at >= 6 && memcmp(s->text + s->at, "\\u0000", 6) == 0;
}

/* One character inside a string. */
static const char *scan_string_char(struct scan *s)
{
    uint32_t code = 0;
    size_t n = utf8_char(s->text + s->at, s->len - s->at, &code);
    if (n == 0)
        return "this byte is not UTF-8";
    if (code < 0x20)
        return "a control character in a string must be escaped";
    if (escapes_nul(s))
        return "\\u0000 is not taken in any string";
    s->at += code == '\\' && s->at + 1 < s->len ? 2 : n;
    return NULL;
}

static const char *scan_string(struct scan *s)
{
    s->at++;
    while (s->at < s->len && s->text[s->at] != '"') {
        const char *complaint = scan_string_char(s);
        if (complaint)
            return complaint;
    }
    if (s->at >= s->len)
        return "this string has no end";
    s->at++;
    return NULL;
}

static void scan_digits(struct scan *s)
{
    while (s->at < s->len && isdigit((unsigned char)s->text[s->at]))
        s->at++;
}

static bool scan_one_of(struct scan *s, const char *set)
{
    char c = s->at < s->len ? s->text[s->at] : '\0';
    if (!c || !strchr(set, c))
        return false;
    s->at++;
    return true;
}

/* RFC 8259 section 6. */
static const char *scan_number(struct scan *s)
{
    static const char complaint[] = "this is no number in JSON";
    scan_one_of(s, "-");
    size_t whole = s->at;
    scan_digits(s);
    if (s->at == whole || (s->text[whole] == '0' && s->at > whole + 1))
        return complaint;
    size_t part = s->at;
    if (scan_one_of(s, "."))
        scan_digits(s);
    if (s->at == part + 1)
        return complaint;
    if (!scan_one_of(s, "eE"))
        return NULL;
    scan_one_of(s, "+-");
    part = s->at;
    scan_digits(s);
    return s->at == part ? complaint : NULL;
}

/* One token or byte outside strings; what is left is cJSON's to judge. */
static const char *scan_token(struct scan *s)
{
    unsigned char c = (unsigned char)s->text[s->at];
    if (c == '"')
        return scan_string(s);
    if (c == '-' || isdigit(c))
        return scan_number(s);
    if (c >= 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t'))
        return "this byte cannot stand outside a string";
    if (c == '{' || c == '[')
        s->depth++;
    else if (c == '}' || c == ']')
        s->depth--;
    if (s->depth > JSON_MAX_DEPTH)
        return "arrays and objects lie too deep in each other";
    s->at++;
    return NULL;
}

/* --- parse --------------------------------------------------------------- */

static void fault_at(struct reader *r, const struct scan *s,
                     const char *complaint)
{
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i < s->at && i < s->len; i++) {
        column = s->text[i] == '\n' ? 1 : column + 1;
        line += s->text[i] == '\n';
    }
    if (s->at >= s->len)
        reader_fault(r, "line %zu, column %zu: the document ends too early",
                     line, column);
    else
        reader_fault(r, "line %zu, column %zu: %s", line, column, complaint);
}

/* Hand the scanned text to cJSON, terminated; s->at tells where it failed. */
static cJSON *parse_copy(struct scan *s)
{
    struct buf copy;
    buf_init(&copy, s->len);
    buf_append(&copy, s->text, s->len);
    const char *text = buf_text(&copy), *end = text;
    pthread_mutex_lock(&cjson_mutex);
    cJSON *doc = cJSON_ParseWithLengthOpts(text, copy.len + 1, &end, true);
    pthread_mutex_unlock(&cjson_mutex);
    s->at = (size_t)(end - text);
    buf_done(&copy);
    return doc;
}

/* The name of item stands on one of its elder siblings too. */
static bool seen_before(const cJSON *first, const cJSON *item)
{
    for (const cJSON *other = first; other != item; other = other->next)
        if (strcmp(other->string, item->string) == 0)
            return true;
    return false;
}

/* Every object's names once, and not too many. Recursion is bounded by
 * JSON_MAX_DEPTH. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void check_members(struct reader *r, const cJSON *item)
{
    size_t index = 0;
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        bool named = cJSON_IsObject(item);
        size_t before =
            named ? reader_enter(r, child->string) : reader_enter_at(r, index);
        if (named && index == MAX_MEMBERS)
            reader_fault(r, "an object takes at most %d members", MAX_MEMBERS);
        else if (named && index < MAX_MEMBERS &&
                 seen_before(item->child, child))
            reader_fault(r, "this member stands there twice");
        check_members(r, child);
        reader_leave(r, before);
        index++;
    }
}

cJSON *reader_parse(struct reader *r, const char *text, size_t len)
{
    struct scan s = {.text = text, .len = len};
    while (s.at < s.len) {
        const char *complaint = scan_token(&s);
        if (complaint) {
            fault_at(r, &s, complaint);
            return NULL;
        }
    }
    cJSON *doc = parse_copy(&s);
    if (!doc) {
        fault_at(r, &s, "this is not JSON");
        return NULL;
    }
    size_t before = r->faults->count;
    check_members(r, doc);
    if (r->faults->count == before)
        return doc;
    cJSON_Delete(doc);
    return NULL;
}

/* shape.c - carries out the tables of members: JSON object <-> struct.
 *
 * One table says what an object holds, for reading, for writing and for the
 * schema (schema.c), so that the three cannot differ. Reading collects every
 * fault with its place instead of ending at the first; a target is written
 * only where a value was right, and keeps what the caller put there elsewhere.
 *
 * A member is `given` when its mark says so, or else when it is not zero.
 * Numbers for which zero is a value of its own (a window, a port to forge)
 * have a mark; others do without. */
#include "json_internal.h"

#include "handshake/segment.h"

#include <stdio.h>
#include <string.h>

enum { MILLION = 1000000 };

/* --- reading ------------------------------------------------------------- */

/* A whole number from min to max, or a fault; *ret is untouched then. */
static void read_number(struct reader *r, const struct member *m,
                        const cJSON *item, uint32_t *ret)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    bool fits = value >= m->min && value <= m->max;
    if (fits && (double)(uint32_t)value == value)
        *ret = (uint32_t)value;
    else
        reader_fault(r, "must be a whole number from %u to %u", m->min, m->max);
}

/* One reader a width, so that a table names the field's own and nothing is
 * written beside it. */
static void read_u8(struct reader *r, const struct member *m, const cJSON *item,
                    void *place)
{
    uint32_t value = 0;
    read_number(r, m, item, &value);
    *(uint8_t *)place = (uint8_t)value;
}

/* The same, 16 bits. */
static void read_u16(struct reader *r, const struct member *m,
                     const cJSON *item, void *place)
{
    uint32_t value = 0;
    read_number(r, m, item, &value);
    *(uint16_t *)place = (uint16_t)value;
}

/* The same, 32 bits. */
static void read_u32(struct reader *r, const struct member *m,
                     const cJSON *item, void *place)
{
    read_number(r, m, item, place);
}

/* Beyond 2^53 a double has no longer every whole number. */
static void read_u64(struct reader *r, const struct member *m,
                     const cJSON *item, void *place)
{
    const double most = 9007199254740991.0;
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    (void)m;
    if (value >= 0 && value <= most && (double)(uint64_t)value == value)
        *(uint64_t *)place = (uint64_t)value;
    else
        reader_fault(r, "must be a whole number from 0 to 9007199254740991");
}

/* Milliseconds, parts of one allowed, into whole microseconds. */
static void read_ms(struct reader *r, const struct member *m, const cJSON *item,
                    void *place)
{
    double us = cJSON_IsNumber(item) ? item->valuedouble * 1000 : -1;
    if (us >= m->min && us <= m->max)
        *(uint32_t *)place = (uint32_t)(us + 0.5);
    else
        reader_fault(r, "must be a number of milliseconds from %g to %g",
                     m->min / 1000.0, m->max / 1000.0);
}

/* A chance, kept in parts per million. */
static void read_part(struct reader *r, const struct member *m,
                      const cJSON *item, void *place)
{
    double part = cJSON_IsNumber(item) ? item->valuedouble : -1;
    (void)m;
    if (part >= 0 && part <= 1)
        *(uint32_t *)place = (uint32_t)(part * MILLION + 0.5);
    else
        reader_fault(r, "must be a chance from 0 to 1, as 0.1 for one in ten");
}

/* The fault lists the flags: they are few, and nobody knows AE. */
static void read_flags(struct reader *r, const struct member *m,
                       const cJSON *item, void *place)
{
    (void)m;
    if (!cJSON_IsString(item) || !segment_flags_parse(item->valuestring, place))
        reader_fault(r, "must be flags, as \"SYN,ACK\" or \"(none)\"; there "
                        "are SYN FIN RST PSH ACK URG ECE CWR AE");
}

/* 0 and 1 are no booleans in JSON. */
static void read_bool(struct reader *r, const struct member *m,
                      const cJSON *item, void *place)
{
    (void)m;
    if (cJSON_IsBool(item))
        *(bool *)place = cJSON_IsTrue(item);
    else
        reader_fault(r, "must be true or false, not %s", value_kind(item));
}

/* One text of at most m->size - 1 bytes into place. */
static bool copy_text(struct reader *r, const struct member *m,
                      const cJSON *item, size_t least, char *place)
{
    if (!cJSON_IsString(item)) {
        reader_fault(r, "must be a string, not %s", value_kind(item));
        return false;
    }
    size_t len = strlen(item->valuestring);
    const char *complaint = m->check ? m->check(item->valuestring) : NULL;
    if (len < least && least == 1)
        reader_fault(r, "must not be empty");
    else if (len < least)
        reader_fault(r, "is %zu bytes long; at least %zu are needed", len,
                     least);
    else if (len >= m->size)
        reader_fault(r, "is %zu bytes long; at most %zu are taken", len,
                     m->size - 1);
    else if (complaint)
        reader_fault(r, "%s", complaint);
    else
        memcpy(place, item->valuestring, len + 1);
    return len >= least && len < m->size && !complaint;
}

/* A text of the struct, NUL-terminated whatever was there before. */
static void read_text(struct reader *r, const struct member *m,
                      const cJSON *item, void *place)
{
    (void)copy_text(r, m, item, m->min, place);
}

/* Texts one after the other into char[max][size], counted at `place` plus the
 * distance to the count. */
static void read_lines(struct reader *r, const struct member *m,
                       const cJSON *item, void *place)
{
    size_t *count = (size_t *)((char *)place - m->offset + m->count_offset);
    if (!cJSON_IsArray(item)) {
        reader_fault(r, "must be an array of strings, not %s",
                     value_kind(item));
        return;
    }
    size_t index = 0;
    const cJSON *element;
    cJSON_ArrayForEach(element, item)
    {
        size_t before = reader_enter_at(r, index);
        if (index == m->max)
            reader_fault(r, "at most %u are taken", m->max);
        else if (index < m->max &&
                 copy_text(r, m, element, 1, (char *)place + *count * m->size))
            ++*count;
        reader_leave(r, before);
        index++;
    }
}

typedef void read_fn(struct reader *r, const struct member *m,
                     const cJSON *item, void *place);

static read_fn *const readers[] = {
    [MEMBER_TEXT] = read_text, [MEMBER_U8] = read_u8,
    [MEMBER_U16] = read_u16,   [MEMBER_U32] = read_u32,
    [MEMBER_U64] = read_u64,   [MEMBER_MS] = read_ms,
    [MEMBER_PART] = read_part, [MEMBER_FLAGS] = read_flags,
    [MEMBER_BOOL] = read_bool, [MEMBER_LINES] = read_lines,
};

/* The members a shape takes now, for a fault: "call, on, port". */
static void list_members(const struct shape *shape, struct buf *out)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->takes >> i & 1 && shape->members[i].kind != MEMBER_LATER)
            buf_printf(out, "%s%s", out->len ? ", " : "",
                       shape->members[i].name);
}

/* Mostly a typing mistake, or a member of another kind of object: saying
 * what is taken helps with both. */
static void fault_unknown(struct reader *r, const struct shape *shape)
{
    struct buf names;
    buf_init(&names, JSON_FAULT_BYTES);
    list_members(shape, &names);
    reader_fault(r, "unknown member; %s takes %s", shape->what,
                 buf_text(&names));
    buf_done(&names);
}

/* The mark is set for a faulty value too: the document is refused anyway,
 * and "given" stays true. */
void shape_read_member(struct reader *r, const struct member *m,
                       const cJSON *item, void *target)
{
    if (m->kind == MEMBER_LATER)
        reader_fault(r, "is not available in this version; leave it out");
    else if (m->kind == MEMBER_CUSTOM)
        m->read(r, item, target);
    else
        readers[m->kind](r, m, item, (char *)target + m->offset);
    if (m->has_mark)
        *(bool *)((char *)target + m->mark_offset) = true;
}

/* Tables are short; a scan costs less than a hash would. */
static size_t member_find(const struct shape *shape, const char *name)
{
    size_t i = 0;
    while (i < shape->count && strcmp(shape->members[i].name, name) != 0)
        i++;
    return i;
}

void shape_read(struct reader *r, const struct shape *shape, const cJSON *item,
                void *target)
{
    uint32_t missing = shape->needs;
    const cJSON *child;
    if (!cJSON_IsObject(item)) {
        reader_fault(r, "%s must be an object, not %s", shape->what,
                     value_kind(item));
        return;
    }
    cJSON_ArrayForEach(child, item)
    {
        size_t before = reader_enter(r, child->string);
        size_t i = member_find(shape, child->string);
        bool taken = i < shape->count && (shape->takes >> i & 1);
        if (taken)
            shape_read_member(r, &shape->members[i], child, target);
        else
            fault_unknown(r, shape);
        if (taken)
            missing &= ~(UINT32_C(1) << i);
        reader_leave(r, before);
    }
    for (size_t i = 0; i < shape->count; i++)
        if (missing >> i & 1)
            reader_fault(r, "%s needs the member `%s`", shape->what,
                         shape->members[i].name);
}

/* --- writing ------------------------------------------------------------- */

/* Always written, empty too: [] says that there is none. */
static void write_lines(struct jsonw *w, const struct member *m,
                        const void *target)
{
    const char *base = target;
    size_t count = *(const size_t *)(const void *)(base + m->count_offset);
    jsonw_open(w, m->name, '[');
    for (size_t i = 0; i < count; i++)
        jsonw_str(w, NULL, base + m->offset + i * m->size);
    jsonw_close(w, ']');
}

/* value / scale as a number of JSON, without zeros at its end. scale is a power
 * of ten. */
static void write_fraction(struct jsonw *w, const char *name, uint32_t value,
                           uint32_t scale)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%u", value / scale);
    if (value % scale != 0) {
        int digits = scale == MILLION ? 6 : 3;
        len += snprintf(text + len, sizeof(text) - (size_t)len, ".%0*u", digits,
                        value % scale);
        while (text[len - 1] == '0')
            len--;
    }
    jsonw_raw(w, name, text, (size_t)len);
}

/* The value of any whole-number kind, widened. */
static uint64_t number_at(enum member_kind kind, const void *place)
{
    switch (kind) {
    case MEMBER_U8:
        return *(const uint8_t *)place;
    case MEMBER_U16:
    case MEMBER_FLAGS:
        return *(const uint16_t *)place;
    case MEMBER_U64:
        return *(const uint64_t *)place;
    default:
        return *(const uint32_t *)place;
    }
}

/* Zero stands for "not given", unless a mark tells: written only when needed.
 */
static void write_number(struct jsonw *w, const struct member *m, bool wanted,
                         const void *place)
{
    char flags[SEGMENT_FLAGS_TEXT_BYTES];
    uint64_t value = number_at(m->kind, place);
    if (!wanted && (m->has_mark || value == 0))
        return;
    if (m->kind == MEMBER_MS)
        write_fraction(w, m->name, (uint32_t)value, 1000);
    else if (m->kind == MEMBER_PART)
        write_fraction(w, m->name, (uint32_t)value, MILLION);
    else if (m->kind == MEMBER_FLAGS)
        jsonw_str(w, m->name, segment_flags_text((uint16_t)value, flags));
    else
        jsonw_uint(w, m->name, value);
}

/* What reading it again would give. */
static void member_write(struct jsonw *w, const struct member *m, bool needed,
                         const void *target)
{
    const char *place = (const char *)target + m->offset;
    bool marked =
        m->has_mark && *(const bool *)((const char *)target + m->mark_offset);
    switch (m->kind) {
    case MEMBER_TEXT:
        if (needed || place[0])
            jsonw_str(w, m->name, place);
        break;
    case MEMBER_BOOL:
        if (!m->has_mark || marked)
            jsonw_bool(w, m->name, *(const bool *)(const void *)place);
        break;
    case MEMBER_LINES:
        write_lines(w, m, target);
        break;
    case MEMBER_CUSTOM:
        m->write(w, m->name, target);
        break;
    case MEMBER_LATER:
        break;
    default:
        write_number(w, m, needed || marked, place);
        break;
    }
}

/* In the order of the table, whatever the document's was. */
void shape_write(struct jsonw *w, const struct shape *shape, const void *target)
{
    for (size_t i = 0; i < shape->count; i++)
        if (shape->takes >> i & 1)
            member_write(w, &shape->members[i], shape->needs >> i & 1, target);
}

/* edit_json.c - what to change in a segment that passes: the members `set` and
 * `strip` of rules and decisions <-> struct edit.
 *
 * Edits keep the length of a segment: fields get new values, options are
 * overwritten by NOPs, and the checksum is made right again, as a middlebox
 * does it. That is why there is no way here to add an option or data; a forged
 * segment can have both (forge_json.c). */
#include "json_internal.h"

#include "handshake/segment.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- set ----------------------------------------------------------------- */

/* Numbers of sequences are set to a number, or moved by one in a string:
 * "+1000", "-1". */
static bool read_change(struct reader *r, const cJSON *item, bool *ret_add,
                        uint32_t *ret_value)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : "";
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    size_t digits = text[0] ? strspn(text + 1, "0123456789") : 0;
    bool moves = (text[0] == '+' || text[0] == '-') && digits > 0 &&
                 digits < 11 && text[digits + 1] == '\0';
    if (moves)
        value = (double)strtoull(text + 1, NULL, 10);
    bool fits =
        value >= 0 && value <= UINT32_MAX && (double)(uint32_t)value == value;
    if (fits) {
        *ret_add = moves;
        *ret_value = text[0] == '-' ? 0 - (uint32_t)value : (uint32_t)value;
    } else {
        reader_fault(r, "must be a whole number from 0 to 4294967295, or by "
                        "how much to move it, as \"+1000\" or \"-1\"");
    }
    return fits;
}

/* By how much it moves is written with its sign; beyond 2^31 it was a step
 * back. */
static void write_change(struct jsonw *w, const char *name, bool add,
                         uint32_t value)
{
    struct buf text;
    if (!add) {
        jsonw_uint(w, name, value);
        return;
    }
    bool back = value > INT32_MAX;
    buf_init(&text, 16);
    buf_printf(&text, "%c%u", back ? '-' : '+', back ? 0 - value : value);
    jsonw_str(w, name, buf_text(&text));
    buf_done(&text);
}

/* The two sequence numbers: set_x says that there is a change, add_x that it
 * moves what is there. */
static void read_seq(struct reader *r, const cJSON *item, void *target)
{
    struct edit *edit = target;
    edit->set_seq = read_change(r, item, &edit->add_seq, &edit->seq);
}

/* A number, or "+1000". */
static void write_seq(struct jsonw *w, const char *name, const void *target)
{
    const struct edit *edit = target;
    if (edit->set_seq)
        write_change(w, name, edit->add_seq, edit->seq);
}

static void read_ack(struct reader *r, const cJSON *item, void *target)
{
    struct edit *edit = target;
    edit->set_ack = read_change(r, item, &edit->add_ack, &edit->ack);
}

static void write_ack(struct jsonw *w, const char *name, const void *target)
{
    const struct edit *edit = target;
    if (edit->set_ack)
        write_change(w, name, edit->add_ack, edit->ack);
}

/* What edit_apply() can change without changing the length. */
static const struct member set_members[] = {
    ROW_CUSTOM("seq", read_seq, write_seq),
    ROW_CUSTOM("ack", read_ack, write_ack),
    ROW_MARKED(struct edit, flags, MEMBER_FLAGS, .max = 0),
    ROW_MARKED(struct edit, window, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct edit, urgent, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct edit, mss, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct edit, ttl, MEMBER_U8, .max = UINT8_MAX),
};

/* All may be given, none must be; that there is one at all is the caller's
 * to ask for (edit_is_empty). */
const struct shape set_shape = {
    .what = "`set`",
    .members = set_members,
    .count = ROWS_OF(set_members),
    .takes = (1 << ROWS_OF(set_members)) - 1,
};

/* Members that are not given stay untouched in the segment, whatever their
 * value in *edit. */
void edit_set_read(struct reader *r, const cJSON *item, struct edit *edit)
{
    shape_read(r, &set_shape, item, edit);
}

/* Whether any field is to be changed, options to strip apart. */
static bool sets_anything(const struct edit *edit)
{
    return edit->set_seq || edit->set_ack || edit->set_flags ||
           edit->set_window || edit->set_urgent || edit->set_mss ||
           edit->set_ttl;
}

/* No empty object: a rule that only strips has no `set`. */
void edit_set_write(struct jsonw *w, const char *name, const struct edit *edit)
{
    if (!sets_anything(edit))
        return;
    jsonw_open(w, name, '{');
    shape_write(w, &set_shape, edit);
    jsonw_close(w, '}');
}

/* An edit that does nothing is refused where it is asked for: it would be
 * reported as a change. */
bool edit_is_empty(const struct edit *edit)
{
    return !sets_anything(edit) && edit->strip_count == 0;
}

/* --- strip --------------------------------------------------------------- */

/* Options by the names people type, those of rule_text.c among them; the first
 * of a kind is written. */
static const struct {
    const char *name;
    uint8_t kind;
} strippable[] = {
    {"MSS", OPT_MSS},
    {"WScale", OPT_WSCALE},
    {"SACK", OPT_SACK_PERMITTED},
    {"Timestamps", OPT_TIMESTAMPS},
    {"FastOpen", OPT_FASTOPEN},
    {"MPTCP", OPT_MPTCP},
    {"MD5", OPT_MD5},
    {"AO", OPT_AO},
    {"SACK-blocks", OPT_SACK},
    {"TS", OPT_TIMESTAMPS},
    {"TFO", OPT_FASTOPEN},
};

/* The kind of an option named or numbered, 0 when it is none. */
static uint8_t option_kind_of(const cJSON *item)
{
    const char *name = cJSON_IsString(item) ? item->valuestring : "";
    double number = cJSON_IsNumber(item) ? item->valuedouble : 0;
    for (size_t i = 0; i < ROWS_OF(strippable); i++)
        if (strcasecmp(name, strippable[i].name) == 0)
            return strippable[i].kind;
    bool fits = number >= OPT_MSS && number <= UINT8_MAX &&
                (double)(uint8_t)number == number;
    return fits ? (uint8_t)number : 0;
}

/* Twice the same does no harm: the second finds a NOP. */
static void strip_one(struct reader *r, const cJSON *item, struct edit *edit)
{
    uint8_t kind = option_kind_of(item);
    if (!kind)
        reader_fault(r, "must be \"MSS\", \"WScale\", \"SACK\", "
                        "\"Timestamps\", \"FastOpen\", \"MPTCP\", \"MD5\", "
                        "\"AO\", \"SACK-blocks\" or "
                        "the number of a kind from 2 to 255");
    else if (edit->strip_count == EDIT_MAX_STRIP)
        reader_fault(r, "at most %d are taken", EDIT_MAX_STRIP);
    else
        edit->strip[edit->strip_count++] = kind;
}

/* The list replaces what was there, so that reading again is the same. */
void edit_strip_read(struct reader *r, const cJSON *item, struct edit *edit)
{
    size_t index = 0;
    const cJSON *element;
    edit->strip_count = 0;
    if (!cJSON_IsArray(item)) {
        reader_fault(r, "must be an array of options, not %s",
                     value_kind(item));
        return;
    }
    cJSON_ArrayForEach(element, item)
    {
        size_t before = reader_enter_at(r, index++);
        strip_one(r, element, edit);
        reader_leave(r, before);
    }
}

/* The name that is written for a kind, NULL when only its number can be. */
static const char *strip_name(uint8_t kind)
{
    for (size_t i = 0; i < ROWS_OF(strippable); i++)
        if (strippable[i].kind == kind)
            return strippable[i].name;
    return NULL;
}

/* Names where there are any, else numbers. */
void edit_strip_write(struct jsonw *w, const char *name,
                      const struct edit *edit)
{
    if (edit->strip_count == 0)
        return;
    jsonw_open(w, name, '[');
    for (size_t i = 0; i < edit->strip_count; i++) {
        if (strip_name(edit->strip[i]))
            jsonw_str(w, NULL, strip_name(edit->strip[i]));
        else
            jsonw_uint(w, NULL, edit->strip[i]);
    }
    jsonw_close(w, ']');
}

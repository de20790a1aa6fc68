/* forge_json.c - segments and ICMP errors made by hand, and edits of segments
 * that pass: JSON <-> struct forge, struct edit.
 *
 * Numbers of sequences are given as numbers or in the words of number_parse()
 * ("client.isn+1"). Options are given as hexadecimal digits, or by name and
 * then encoded here as RFC 9293 3.2 and RFC 7323 lay them out; they are always
 * written back as digits, which say all.
 *
 * Nothing here looks at whether a segment makes sense: a SYN with data, an ACK
 * of what was never sent, a window scale of 255 are what this is for. Only
 * what cannot be put into the bytes at all is refused - a number too large for
 * its field, more options than a header holds, a payload beyond the bound -
 * and what refers to a number nobody has said yet is for the wire to refuse,
 * which knows what was said.
 *
 * Length, data offset and checksums are computed when the segment is built
 * (src/tcp/segment_build.c); `bad_checksum` is the one way to have them wrong.
 * Ports, addresses and numbers that are not given are those of the connection
 * the wire heard last (src/run/wire_forge.c). */
#include "json_internal.h"

#include "handshake/segment.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

enum { NUMBER_TEXT_BYTES = 40, MTU_LEAST = 68 /* RFC 791 */ };

/* --- sequence numbers ---------------------------------------------------- */

/* A whole number of 32 bits. */
static bool is_u32(const cJSON *item, uint32_t *ret)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    if (value < 0 || value > UINT32_MAX || (double)(uint32_t)value != value)
        return false;
    *ret = (uint32_t)value;
    return true;
}

/* Given as a number, or in words; `set` is what tells it from "the wire
 * chooses". */
static void read_number(struct reader *r, const cJSON *item,
                        struct number *ret_number)
{
    struct number number = {.set = true, .base = NUMBER_ABSOLUTE};
    bool known =
        is_u32(item, &number.plus) ||
        (cJSON_IsString(item) && number_parse(item->valuestring, &number));
    number.set = true;
    if (known)
        *ret_number = number;
    else
        reader_fault(r, "must be a whole number from 0 to 4294967295 or one as "
                        "\"client.isn+1\", \"server.next\", \"seg.ack\"");
}

/* Nothing when the wire chooses; a plain number stays one. */
static void write_number(struct jsonw *w, const char *name,
                         const struct number *number)
{
    char words[NUMBER_TEXT_BYTES];
    if (!number->set)
        return;
    if (number->base == NUMBER_ABSOLUTE)
        jsonw_uint(w, name, number->plus);
    else
        jsonw_str(w, name, number_words(number, words));
}

/* The two sequence numbers: one reader each, as tables of members want it. */
static void read_seq(struct reader *r, const cJSON *item, void *target)
{
    read_number(r, item, &((struct forge *)target)->seq);
}

static void read_ack(struct reader *r, const cJSON *item, void *target)
{
    read_number(r, item, &((struct forge *)target)->ack);
}

/* Left out where the wire chooses. */
static void write_seq(struct jsonw *w, const char *name, const void *target)
{
    write_number(w, name, &((const struct forge *)target)->seq);
}

static void write_ack(struct jsonw *w, const char *name, const void *target)
{
    write_number(w, name, &((const struct forge *)target)->ack);
}

/* --- hosts --------------------------------------------------------------- */

/* The fault lists all names: there are few, and a wrong one is mostly a
 * typing mistake. */
unsigned read_choice(struct reader *r, const cJSON *item, unsigned count,
                     const char *(*name_of)(unsigned i))
{
    const char *given = cJSON_IsString(item) ? item->valuestring : "";
    for (unsigned i = 0; i < count; i++)
        if (strcmp(given, name_of(i)) == 0)
            return i;
    struct buf names;
    buf_init(&names, JSON_FAULT_BYTES);
    for (unsigned i = 0; i < count; i++)
        buf_printf(&names, "%s\"%s\"", i ? i + 1 < count ? ", " : " or " : "",
                   name_of(i));
    reader_fault(r, "must be %s", buf_text(&names));
    buf_done(&names);
    return count;
}

/* host_name() for read_choice(). */
static const char *host_name_at(unsigned i)
{
    return host_name((enum host_id)i);
}

bool read_host(struct reader *r, const cJSON *item, enum host_id *ret_host)
{
    unsigned host = read_choice(r, item, HOST_COUNT, host_name_at);
    if (host < HOST_COUNT)
        *ret_host = (enum host_id)host;
    return host < HOST_COUNT;
}

/* The receiver; in whose name it comes follows from that. */
static void read_to(struct reader *r, const cJSON *item, void *target)
{
    (void)read_host(r, item, &((struct forge *)target)->to);
}

static void write_to(struct jsonw *w, const char *name, const void *target)
{
    jsonw_str(w, name, host_name(((const struct forge *)target)->to));
}

/* --- options ------------------------------------------------------------- */

/* The options of a segment by name, on their way to bytes. */
struct named_options {
    bool set_mss, set_wscale, sack, set_timestamps;
    uint16_t mss;
    uint8_t wscale;
    uint32_t timestamps[2]; /* value, echo */
};

/* RFC 7323 section 3: TSval, then TSecr. */
static void read_timestamps(struct reader *r, const cJSON *item, void *target)
{
    struct named_options *options = target;
    options->set_timestamps =
        cJSON_IsArray(item) && cJSON_GetArraySize(item) == 2 &&
        is_u32(item->child, &options->timestamps[0]) &&
        is_u32(item->child->next, &options->timestamps[1]);
    if (!options->set_timestamps)
        reader_fault(r, "must be two whole numbers, value and echo");
}

static const struct member named_option_members[] = {
    ROW_MARKED(struct named_options, mss, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct named_options, wscale, MEMBER_U8, .max = UINT8_MAX),
    ROW_FIELD(struct named_options, sack, MEMBER_BOOL, .max = 1),
    ROW_CUSTOM("timestamps", read_timestamps, NULL),
};

const struct shape named_options_shape = {
    .what = "`options`",
    .members = named_option_members,
    .count = ROWS_OF(named_option_members),
    .takes = (1 << ROWS_OF(named_option_members)) - 1,
};

/* There is always room: all named options together take 24 of 40 bytes. */
static void put_bytes(struct forge *forge, const uint8_t *bytes, uint8_t len)
{
    memcpy(forge->options + forge->options_len, bytes, len);
    forge->options_len = (uint8_t)(forge->options_len + len);
}

/* Each option begins at a multiple of four bytes, NOPs before it: 24 bytes at
 * most. */
static void encode_options(const struct named_options *named,
                           struct forge *forge)
{
    const uint8_t mss[] = {OPT_MSS, 4, (uint8_t)(named->mss >> 8),
                           (uint8_t)named->mss};
    const uint8_t wscale[] = {OPT_NOP, OPT_WSCALE, 3, named->wscale};
    const uint8_t sack[] = {OPT_NOP, OPT_NOP, OPT_SACK_PERMITTED, 2};
    uint8_t times[12] = {OPT_NOP, OPT_NOP, OPT_TIMESTAMPS, 10};
    for (size_t i = 0; i < 8; i++)
        times[4 + i] =
            (uint8_t)(named->timestamps[i / 4] >> (24 - 8 * (i % 4)));
    if (named->set_mss)
        put_bytes(forge, mss, sizeof(mss));
    if (named->sack)
        put_bytes(forge, sack, sizeof(sack));
    if (named->set_timestamps)
        put_bytes(forge, times, sizeof(times));
    if (named->set_wscale)
        put_bytes(forge, wscale, sizeof(wscale));
}

/* The value of a digit of either case, -1 when it is none. */
static int hex_value(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                      : -1;
}

/* Pairs of digits into bytes. What the bytes mean is not looked at: a
 * segment with broken options is a thing to try. */
static bool read_hex(const char *text, struct forge *forge)
{
    size_t len = strlen(text);
    if (len % 2 != 0 || len / 2 > sizeof(forge->options))
        return false;
    for (size_t i = 0; i < len / 2; i++) {
        int high = hex_value(text[2 * i]);
        int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        forge->options[i] = (uint8_t)(high << 4 | low);
    }
    forge->options_len = (uint8_t)(len / 2);
    return true;
}

/* A string of digits or an object of names. Members not named are not sent. */
static void read_options(struct reader *r, const cJSON *item, void *target)
{
    struct forge *forge = target;
    struct named_options named = {.sack = false};
    if (cJSON_IsString(item) && read_hex(item->valuestring, forge))
        return;
    if (!cJSON_IsObject(item)) {
        reader_fault(r,
                     "must be at most %d bytes as hexadecimal digits, or "
                     "an object of mss, wscale, sack, timestamps",
                     FORGE_OPTIONS_BYTES);
        return;
    }
    shape_read(r, &named_options_shape, item, &named);
    encode_options(&named, forge);
}

/* Names are gone by now; the digits say the same. */
static void write_options(struct jsonw *w, const char *name, const void *target)
{
    const struct forge *forge = target;
    if (forge->options_len > 0)
        jsonw_hex(w, name, forge->options, forge->options_len);
}

/* --- payload ------------------------------------------------------------- */

/* Text as it stands; a document holds no NUL, so its length is that of the
 * string. */
static void read_payload(struct reader *r, const cJSON *item, void *target)
{
    struct forge *forge = target;
    size_t len = cJSON_IsString(item) ? strlen(item->valuestring) : SIZE_MAX;
    if (len > sizeof(forge->payload)) {
        reader_fault(r, "must be a string of at most %d bytes",
                     FORGE_PAYLOAD_BYTES);
        return;
    }
    memcpy(forge->payload, item->valuestring, len);
    forge->payload_len = (uint16_t)len;
}

static void write_payload(struct jsonw *w, const char *name, const void *target)
{
    const struct forge *forge = target;
    if (forge->payload_len > 0)
        jsonw_text(w, name, forge->payload, forge->payload_len);
}

/* A switch that is off is left out. */
static void write_true(struct jsonw *w, const char *name, bool on)
{
    if (on)
        jsonw_bool(w, name, true);
}

/* true or false into *ret; anything else is a fault. */
static void read_switch(struct reader *r, const cJSON *item, bool *ret)
{
    if (cJSON_IsBool(item))
        *ret = cJSON_IsTrue(item);
    else
        reader_fault(r, "must be true or false, not %s", value_kind(item));
}

/* Each of the flood's segments gets a sender of its own. */
static void read_vary(struct reader *r, const cJSON *item, void *target)
{
    read_switch(r, item, &((struct forge *)target)->vary_source);
}

static void write_vary(struct jsonw *w, const char *name, const void *target)
{
    write_true(w, name, ((const struct forge *)target)->vary_source);
}

/* The kernel drops such a segment without a word; a counter tells. */
static void read_bad(struct reader *r, const cJSON *item, void *target)
{
    read_switch(r, item, &((struct forge *)target)->bad_checksum);
}

static void write_bad(struct jsonw *w, const char *name, const void *target)
{
    write_true(w, name, ((const struct forge *)target)->bad_checksum);
}

/* --- ICMP ---------------------------------------------------------------- */

static const struct member icmp_members[] = {
    ROW_FIELD(struct forge, type, MEMBER_U8, .max = UINT8_MAX),
    ROW_FIELD(struct forge, code, MEMBER_U8, .max = UINT8_MAX),
    ROW_FIELD(struct forge, mtu, MEMBER_U32, .min = MTU_LEAST,
              .max = UINT16_MAX),
};

const struct shape icmp_shape = {
    .what = "`icmp`",
    .members = icmp_members,
    .count = ROWS_OF(icmp_members),
    .takes = 7,
    .needs = 3, /* type, code */
};

/* The members lie in struct forge itself, beside those of a segment. */
static void read_icmp(struct reader *r, const cJSON *item, void *target)
{
    shape_read(r, &icmp_shape, item, target);
}

/* Type and code always, the MTU where there is one. */
static void write_icmp(struct jsonw *w, const char *name, const void *target)
{
    jsonw_open(w, name, '{');
    shape_write(w, &icmp_shape, target);
    jsonw_close(w, '}');
}

/* --- the whole of it ----------------------------------------------------- */

/* The first two as bits; of a segment all but `icmp` follow. */
enum { TO = 1 << 0, ICMP = 1 << 1, FLAGS = 1 << 2 };

/* In the order of the header, as far as there is one. */
static const struct member forge_members[] = {
    ROW_CUSTOM("to", read_to, write_to),
    ROW_CUSTOM("icmp", read_icmp, write_icmp),
    ROW_FIELD(struct forge, flags, MEMBER_FLAGS, .max = 0),
    ROW_CUSTOM("seq", read_seq, write_seq),
    ROW_CUSTOM("ack", read_ack, write_ack),
    ROW_MARKED(struct forge, window, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct forge, ttl, MEMBER_U8, .max = UINT8_MAX),
    ROW_MARKED(struct forge, src_port, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct forge, dst_port, MEMBER_U16, .max = UINT16_MAX),
    ROW_FIELD(struct forge, urgent, MEMBER_U16, .max = UINT16_MAX),
    ROW_MARKED(struct forge, offset, MEMBER_U8, .max = 15),
    ROW_MARKED(struct forge, checksum, MEMBER_U16, .max = UINT16_MAX),
    ROW_FIELD(struct forge, reserved, MEMBER_U8, .max = 7),
    ROW_FIELD(struct forge, tos, MEMBER_U8, .max = UINT8_MAX),
    ROW_FIELD(struct forge, ip_id, MEMBER_U16, .max = UINT16_MAX),
    ROW_CUSTOM("options", read_options, write_options),
    ROW_CUSTOM("payload", read_payload, write_payload),
    ROW_FIELD(struct forge, count, MEMBER_U16, .min = 1,
              .max = FORGE_MAX_COUNT),
    ROW_CUSTOM("vary_source", read_vary, write_vary),
    ROW_CUSTOM("bad_checksum", read_bad, write_bad),
};

#define FORGE_SHAPE(text, taken, needed)                                       \
    {                                                                          \
        .what = text, .members = forge_members,                                \
        .count = ROWS_OF(forge_members), .takes = taken, .needs = needed       \
    }
enum { ALL_FORGE = (1 << ROWS_OF(forge_members)) - 1 };

const struct shape forge_shapes[] = {
    [FORGE_SEGMENT] = FORGE_SHAPE("a segment", ALL_FORGE & ~ICMP, TO | FLAGS),
    [FORGE_ICMP] = FORGE_SHAPE("an ICMP error", TO | ICMP, TO | ICMP),
};

const struct shape answer_shapes[] = {
    [FORGE_SEGMENT] = FORGE_SHAPE("an answer", ALL_FORGE & ~ICMP & ~TO, FLAGS),
    [FORGE_ICMP] = FORGE_SHAPE("an ICMP answer", ICMP, ICMP),
};

/* Which of the two it is hangs on `icmp` alone, so that a faulty one is read
 * by the shape its writer had in mind. */
void forge_read(struct reader *r, const cJSON *item, bool is_answer,
                struct forge *ret_forge)
{
    const struct shape *shapes = is_answer ? answer_shapes : forge_shapes;
    bool is_icmp = cJSON_GetObjectItemCaseSensitive(item, "icmp") != NULL;
    memset(ret_forge, 0, sizeof(*ret_forge)); /* equal ones are equal bytes */
    ret_forge->kind = is_icmp ? FORGE_ICMP : FORGE_SEGMENT;
    shape_read(r, &shapes[ret_forge->kind], item, ret_forge);
}

void forge_write(struct jsonw *w, const char *name, bool is_answer,
                 const struct forge *forge)
{
    const struct shape *shapes = is_answer ? answer_shapes : forge_shapes;
    jsonw_open(w, name, '{');
    shape_write(w, &shapes[forge->kind], forge);
    jsonw_close(w, '}');
}

/* The whole body is one forge. */
int json_forge(const char *text, size_t len, struct forge *ret_forge,
               struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        forge_read(&r, doc, false, ret_forge);
    cJSON_Delete(doc);
    return ret_faults->count > 0 ? -EINVAL : 0;
}

/* event_read.c - a line of event_json.c back to the event it was made of.
 *
 * Only what the struct holds is read; what is derived from it (flags, meanings,
 * sentences) is made again by whoever writes. So a line that is read, appended
 * to a log and written again is the same line, and members that later versions
 * add do not disturb. Lines may come from anywhere: every member is checked. */
#include "json_internal.h"

#include "handshake/clock.h"
#include "handshake/words.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond it a double is no whole number any more. */
static const double MAX_EXACT = 9007199254740992.0;

/* The line being read. */
struct source {
    struct reader *r;
    const cJSON *object;
    struct json_event *made; /* owns what the event points to */
};

/* --- members ------------------------------------------------------------- */

/* NULL for null: a member that is null is as good as none. */
static const cJSON *find(const struct source *s, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(s->object, name);
    return item && !cJSON_IsNull(item) ? item : NULL;
}

/* A fault at the member of that name. */
__attribute__((format(printf, 3, 4))) static void
fault(const struct source *s, const char *name, const char *fmt, ...)
{
    char text[JSON_FAULT_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    size_t before = reader_enter(s->r, name);
    reader_fault(s->r, "%s", text);
    reader_leave(s->r, before);
}

/* A whole number from least to most; 0 with a fault when it is none. */
static double take_number(const struct source *s, const char *name,
                          double least, double most)
{
    const cJSON *item = find(s, name);
    double value = cJSON_IsNumber(item) ? item->valuedouble : -MAX_EXACT * 2;
    bool fits = value >= least && value <= most;
    if (fits && value == (double)(int64_t)value)
        return value;
    fault(s, name, "must be a whole number from %.0f to %.0f", least, most);
    return 0;
}

/* Exact up to MAX_EXACT, which is beyond what any clock or counter of a run
 * reaches. */
static uint64_t take_u64(const struct source *s, const char *name)
{
    return (uint64_t)take_number(s, name, 0, MAX_EXACT);
}

static uint32_t take_u32(const struct source *s, const char *name)
{
    return (uint32_t)take_number(s, name, 0, UINT32_MAX);
}

static uint8_t take_u8(const struct source *s, const char *name)
{
    return (uint8_t)take_number(s, name, 0, UINT8_MAX);
}

/* 0 stands for null. */
static uint32_t take_u32_or_null(const struct source *s, const char *name)
{
    return find(s, name) ? take_u32(s, name) : 0;
}

/* False, with a fault, for anything else. */
static bool take_bool(const struct source *s, const char *name)
{
    const cJSON *item = find(s, name);
    if (!cJSON_IsBool(item))
        fault(s, name, "must be true or false");
    return cJSON_IsTrue(item);
}

/* NULL for null, and for what is absent. */
static const char *take_text_or_null(const struct source *s, const char *name)
{
    const cJSON *item = find(s, name);
    if (item && !cJSON_IsString(item))
        fault(s, name, "must be a string or null");
    return cJSON_GetStringValue(item);
}

/* Never NULL. */
static const char *take_text(const struct source *s, const char *name)
{
    const char *text = take_text_or_null(s, name);
    if (!text)
        fault(s, name, "must be a string");
    return text ? text : "";
}

/* One of count names; 0 with a fault when it is none. */
static unsigned take_choice(const struct source *s, const char *name,
                            unsigned count, const char *(*name_of)(unsigned i))
{
    size_t before = reader_enter(s->r, name);
    unsigned i = read_choice(s->r, find(s, name), count, name_of);
    reader_leave(s->r, before);
    return i < count ? i : 0;
}

/* The client, with a fault, when it is no host. */
static enum host_id take_host(const struct source *s, const char *name)
{
    enum host_id host = HOST_CLIENT;
    size_t before = reader_enter(s->r, name);
    (void)read_host(s->r, find(s, name), &host);
    reader_leave(s->r, before);
    return host;
}

/* "begin" or "end". */
static enum phase take_phase(const struct source *s)
{
    const char *text = take_text(s, "phase");
    bool is_end = strcmp(text, phase_name(PHASE_END)) == 0;
    if (!is_end && strcmp(text, phase_name(PHASE_BEGIN)) != 0)
        fault(s, "phase", "must be \"begin\" or \"end\"");
    return is_end ? PHASE_END : PHASE_BEGIN;
}

/* An object inside the line; false, with a fault, when there is none. */
static bool step_into(const struct source *s, const char *name,
                      struct source *ret)
{
    *ret = *s;
    ret->object = find(s, name);
    if (cJSON_IsObject(ret->object))
        return true;
    fault(s, name, "must be an object");
    return false;
}

/* Memory for the event, one piece each; NULL, with a fault, when there is
 * none. */
static void *make_room(const struct source *s, size_t bytes)
{
    s->made->room = malloc(bytes ? bytes : 1);
    if (!s->made->room)
        reader_fault(s->r, "there is no memory left");
    return s->made->room;
}

/* Lower case alone, as jsonw_hex() writes. */
static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Bytes in hexadecimal: a packet. NULL, with a fault, when they are none. */
static const uint8_t *take_packet(const struct source *s, size_t *ret_len)
{
    const char *hex = take_text(s, "hex");
    size_t len = strlen(hex) / 2;
    bool ok = strlen(hex) % 2 == 0 && len <= SEGMENT_MAX_BYTES;
    uint8_t *bytes = ok ? make_room(s, len) : NULL;
    for (size_t i = 0; bytes && ok && i < len; i++) {
        int high = hex_value(hex[2 * i]);
        int low = hex_value(hex[2 * i + 1]);
        ok = high >= 0 && low >= 0;
        bytes[i] = (uint8_t)(ok ? high << 4 | low : 0);
    }
    if (!ok)
        fault(s, "hex", "must be at most %d bytes in hexadecimal",
              SEGMENT_MAX_BYTES);
    *ret_len = len;
    return ok ? bytes : NULL;
}

/* --- an event a kind ----------------------------------------------------- */

/* names for take_choice() */
static const char *kind_at(unsigned i)
{
    return event_kind_name((enum event_kind)i);
}

static const char *link_at(unsigned i)
{
    return link_name((enum link_kind)i);
}

static const char *verdict_at(unsigned i)
{
    return verdict_name((enum verdict_code)(i + 1)); /* not VERDICT_NONE */
}

static const char *fate_at(unsigned i)
{
    return fate_name((enum fate)i);
}

static const char *decider_at(unsigned i)
{
    return decider_name((enum decider)i);
}

static const char *state_at(unsigned i)
{
    return tcp_state_name((enum tcp_state)i);
}

/* "192.0.2.1" and a port, which may not be known yet. */
static void take_host_end(const struct source *hosts, const char *name,
                          struct endpoint *ret)
{
    struct source s;
    if (!step_into(hosts, name, &s))
        return;
    if (!ipaddr_parse(take_text(&s, "address"), &ret->addr))
        fault(&s, "address", "must be an IPv4 or IPv6 address");
    if (find(&s, "port"))
        ret->port = (uint16_t)take_number(&s, "port", 0, UINT16_MAX);
}

/* What a viewer has to know first. */
static void read_begin(const struct source *s, struct event_run *run)
{
    struct source hosts;
    run->run_id = take_text(s, "run");
    run->scenario = take_text(s, "scenario");
    run->link =
        (enum link_kind)take_choice(s, "link", LINK_NAME_COUNT, link_at);
    run->kernel = take_text(s, "kernel");
    if (!clock_wall_parse(take_text(s, "wall"), &run->wall_ns))
        fault(s, "wall", "must be a time as 2026-11-22T10:00:00.123456789Z");
    if (!step_into(s, "hosts", &hosts))
        return;
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        take_host_end(&hosts, host_name(host), &run->hosts[host]);
}

/* The list is as long as the line allows; the log bounds what is kept. */
static void read_expect(const struct source *s, struct event_run *run)
{
    const cJSON *list = find(s, "expect");
    int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    struct expectation *expect =
        make_room(s, (size_t)count * sizeof(*run->expect));
    struct source one = *s;
    if (!expect)
        return;
    cJSON_ArrayForEach(one.object, list)
    {
        expect[run->expect_count++] =
            (struct expectation){.what = take_text(&one, "what"),
                                 .met = take_bool(&one, "met"),
                                 .seen = take_text_or_null(&one, "seen")};
    }
    run->expect = expect;
}

/* A verdict is a must, expectations are not. */
static void read_end(const struct source *s, struct event_run *run)
{
    struct source verdict;
    if (!step_into(s, "verdict", &verdict))
        return;
    run->verdict = (enum verdict_code)(
        1 + take_choice(&verdict, "code", VERDICT_COUNT - 1, verdict_at));
    run->verdict_text = take_text_or_null(&verdict, "text");
    read_expect(s, run);
}

/* Begin and end have nothing in common but the kind. */
static void read_run(const struct source *s, struct event *e)
{
    e->run.phase = take_phase(s);
    if (e->run.phase == PHASE_BEGIN)
        read_begin(s, &e->run);
    else
        read_end(s, &e->run);
}

/* All of them or none: jsonw writes them together. */
static void read_facts(const struct source *call, struct tcp_facts *ret)
{
    struct source s;
    if (!step_into(call, "info", &s))
        return;
    *ret = (struct tcp_facts){.known = true,
                              .rtt_us = take_u32(&s, "rtt_us"),
                              .rttvar_us = take_u32(&s, "rttvar_us"),
                              .rto_us = take_u32(&s, "rto_us"),
                              .snd_mss = take_u32(&s, "snd_mss"),
                              .rcv_mss = take_u32(&s, "rcv_mss"),
                              .snd_cwnd = take_u32(&s, "snd_cwnd"),
                              .snd_wscale = take_u8(&s, "snd_wscale"),
                              .rcv_wscale = take_u8(&s, "rcv_wscale"),
                              .retransmits = take_u8(&s, "retransmits"),
                              .timestamps = take_bool(&s, "timestamps"),
                              .sack = take_bool(&s, "sack"),
                              .wscale = take_bool(&s, "wscale"),
                              .ecn = take_bool(&s, "ecn"),
                              .syn_data = take_bool(&s, "syn_data")};
}

/* The errno by its name: numbers differ between architectures. */
static void read_call_end(const struct source *s, struct event_call *call)
{
    const char *error = take_text_or_null(s, "errno");
    call->result = (int64_t)take_number(s, "result", -MAX_EXACT, MAX_EXACT);
    call->begin = take_u32_or_null(s, "begin");
    call->error = error ? err_code(error) : 0;
    if (error && !call->error)
        fault(s, "errno", "must be the name of an error");
    if (find(s, "info"))
        read_facts(s, &call->facts);
}

/* What words_bytes() made readable, as it was. */
static void read_data(const struct source *s, struct event_call *call)
{
    const char *text = take_text(s, "data");
    struct buf bytes;
    buf_init(&bytes, strlen(text) + 1);
    bool ok = words_read_bytes(&bytes, text, strlen(text)) && !bytes.failed &&
              bytes.len == take_u64(s, "data_len");
    if (!ok)
        fault(s, "data",
              "must be %s bytes with a backslash before what cannot "
              "be shown",
              "data_len");
    call->data_len = ok ? bytes.len : 0;
    buf_append(&bytes, "", 1); /* so that there is something to take */
    s->made->room = buf_take(&bytes);
    call->data = s->made->room;
}

/* What recv() got stands at its end, what send() gives at its beginning. */
static void read_call(const struct source *s, struct event *e)
{
    struct event_call *call = &e->call;
    call->host = take_host(s, "host");
    call->name = take_text(s, "name");
    call->args = take_text(s, "args");
    call->on = take_text_or_null(s, "on");
    call->phase = take_phase(s);
    if (call->phase == PHASE_END)
        read_call_end(s, call);
    if (find(s, "data"))
        read_data(s, call);
}

/* The headers are read again from the bytes. */
static void read_segment(const struct source *s, struct event *e)
{
    struct event_segment *sent = &e->segment;
    sent->n = take_u32(s, "n");
    sent->from = take_host(s, "from");
    sent->forged = take_bool(s, "forged");
    sent->saved = find(s, "saved") && take_bool(s, "saved");
    sent->bytes = take_packet(s, &sent->len);
}

/* Bytes only where they are other than sent. */
static void read_copy(const struct source *s, struct event *e)
{
    struct event_copy *copy = &e->copy;
    copy->n = take_u32(s, "n");
    copy->copy = take_u32(s, "copy");
    copy->fate = (enum fate)take_choice(s, "fate", FATE_COUNT, fate_at);
    copy->by = (enum decider)take_choice(s, "by", DECIDER_COUNT, decider_at);
    copy->by_name =
        take_text_or_null(s, copy->by == BY_RULE ? "rule" : "action");
    copy->changed = take_text_or_null(s, "changed");
    if (find(s, "hex"))
        copy->bytes = take_packet(s, &copy->len);
}

/* An empty text is an endpoint without address. */
static void take_endpoint(const struct source *s, const char *name,
                          struct endpoint *ret)
{
    const char *text = take_text(s, name);
    if (text[0] && !endpoint_parse(text, ret))
        fault(s, name, "must be an address and a port");
}

/* No peer: a listener. */
static void read_state(const struct source *s, struct event *e)
{
    struct event_state *state = &e->state;
    state->host = take_host(s, "host");
    take_endpoint(s, "socket", &state->local);
    if (find(s, "peer"))
        take_endpoint(s, "peer", &state->remote);
    state->old_state =
        (enum tcp_state)take_choice(s, "old", TCP_STATE_COUNT, state_at);
    state->new_state =
        (enum tcp_state)take_choice(s, "new", TCP_STATE_COUNT, state_at);
    state->cause = take_u32_or_null(s, "cause");
}

/* The meaning is kept as written: kernels differ in their counters. */
static void read_counter(const struct source *s, struct event *e)
{
    struct event_counter *counter = &e->counter;
    counter->host = take_host(s, "host");
    counter->name = take_text(s, "counter");
    counter->delta = take_u64(s, "delta");
    counter->meaning = take_text_or_null(s, "meaning");
    counter->cause = take_u32_or_null(s, "cause");
}

static void read_message(const struct source *s, struct event *e)
{
    e->message.host = take_host(s, "host");
    e->message.text = take_text_or_null(s, "text");
}

/* Type, code and meaning are read again from the bytes. */
static void read_icmp(const struct source *s, struct event *e)
{
    struct event_icmp *icmp = &e->icmp;
    icmp->from = take_host(s, "from");
    icmp->answers = take_u32_or_null(s, "answers");
    icmp->forged = take_bool(s, "forged");
    icmp->bytes = take_packet(s, &icmp->len);
}

typedef void read_fn(const struct source *s, struct event *e);

static read_fn *const readers[] = {
    [EVENT_RUN] = read_run,         [EVENT_CALL] = read_call,
    [EVENT_SEGMENT] = read_segment, [EVENT_COPY] = read_copy,
    [EVENT_STATE] = read_state,     [EVENT_COUNTER] = read_counter,
    [EVENT_MESSAGE] = read_message, [EVENT_ICMP] = read_icmp,
};
static_assert(sizeof(readers) / sizeof(*readers) == EVENT_KIND_COUNT,
              "a reader for each kind of event");

/* --- the line ------------------------------------------------------------ */

/* The head first: without a kind nothing else can be read. */
static void read_line(const struct source *s)
{
    struct event *e = &s->made->event;
    if (!cJSON_IsObject(s->object)) {
        reader_fault(s->r, "must be an object");
        return;
    }
    e->id = take_u32(s, "id");
    e->t_ns = take_u64(s, "t_ns");
    e->kind =
        (enum event_kind)take_choice(s, "kind", EVENT_KIND_COUNT, kind_at);
    if (s->r->faults->count == 0)
        readers[e->kind](s, e);
}

int json_event_read(const char *text, size_t len, struct json_event *ret_event,
                    struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    *ret_event = (struct json_event){.doc = reader_parse(&r, text, len)};
    const struct source s = {
        .r = &r, .object = ret_event->doc, .made = ret_event};
    if (s.object)
        read_line(&s);
    if (ret_faults->count == 0)
        return 0;
    json_event_done(ret_event);
    return -EINVAL;
}

void json_event_done(struct json_event *e)
{
    cJSON_Delete(e->doc);
    free(e->room);
    *e = (struct json_event){.doc = NULL};
}

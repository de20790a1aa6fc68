/* sample.c - the hand-made run of sample.h. */
#include "sample.h"

#include "test.h"

#include <errno.h>
#include <string.h>

struct endpoint sample_end(enum host_id host)
{
    struct endpoint e = {.port =
                             host == HOST_CLIENT ? SAMPLE_CLIENT_PORT : 1337};
    assert_true(
        ipaddr_parse(host == HOST_CLIENT ? "192.0.2.1" : "192.0.2.2", &e.addr));
    return e;
}

size_t sample_packet(enum host_id host, struct segment_spec spec,
                     uint8_t *ret_packet)
{
    spec.src = sample_end(host);
    spec.dst = sample_end(host_peer(host));
    int len = segment_build(&spec, ret_packet, SAMPLE_PACKET_BYTES);
    assert_true(len > 0);
    return (size_t)len;
}

struct runlog *sample_log(void)
{
    struct runlog_limits limits = {100000, 16 << 20};
    struct runlog *log = runlog_new(limits, NULL);
    assert_non_null(log);
    return log;
}

static uint32_t append(struct runlog *log, const struct event *e)
{
    uint32_t id = runlog_append(log, e);
    assert_true(id > 0);
    return id;
}

uint32_t sample_begin(struct runlog *log)
{
    struct event e = {.kind = EVENT_RUN,
                      .run = {.phase = PHASE_BEGIN,
                              .run_id = "k3x9",
                              .scenario = "open",
                              .link = LINK_WIRE,
                              .kernel = "6.18.0",
                              .wall_ns = 1795341600123456789u}};
    for (enum host_id host = 0; host < HOST_COUNT; host++)
        e.run.hosts[host] = sample_end(host);
    e.run.hosts[HOST_CLIENT].port = 0;
    return append(log, &e);
}

uint32_t sample_call(struct runlog *log, uint64_t t_ns, enum host_id host,
                     const char *name, const char *args)
{
    struct event e = {.t_ns = t_ns,
                      .kind = EVENT_CALL,
                      .call = {.host = host,
                               .phase = PHASE_BEGIN,
                               .name = name,
                               .args = args,
                               .on = "conn"}};
    return append(log, &e);
}

uint32_t sample_return(struct runlog *log, uint64_t t_ns, uint32_t begin,
                       int error)
{
    const struct event *call = runlog_get(log, begin);
    struct event e = *call;
    e.t_ns = t_ns;
    e.call.phase = PHASE_END;
    e.call.begin = begin;
    e.call.args = NULL;
    e.call.error = error;
    e.call.result = error ? -1 : 0;
    return append(log, &e);
}

uint32_t sample_segment(struct runlog *log, uint64_t t_ns, uint32_t n,
                        enum host_id from, struct segment_spec spec)
{
    uint8_t packet[SAMPLE_PACKET_BYTES];
    size_t len = sample_packet(from, spec, packet);
    struct event e = {
        .t_ns = t_ns,
        .kind = EVENT_SEGMENT,
        .segment = {.n = n, .from = from, .bytes = packet, .len = len}};
    return append(log, &e);
}

uint32_t sample_arrival(struct runlog *log, uint64_t t_ns, uint32_t n)
{
    struct event e = {.t_ns = t_ns,
                      .kind = EVENT_COPY,
                      .copy = {.n = n, .copy = 1, .fate = FATE_ARRIVED}};
    return append(log, &e);
}

uint32_t sample_state(struct runlog *log, uint64_t t_ns, enum host_id host,
                      enum tcp_state new_state, uint32_t cause)
{
    struct event e = {.t_ns = t_ns,
                      .kind = EVENT_STATE,
                      .state = {.host = host,
                                .local = sample_end(host),
                                .remote = sample_end(host_peer(host)),
                                .new_state = new_state,
                                .cause = cause}};
    return append(log, &e);
}

uint32_t sample_message(struct runlog *log, uint64_t t_ns, enum host_id host,
                        const char *text)
{
    struct event e = {.t_ns = t_ns,
                      .kind = EVENT_MESSAGE,
                      .message = {.host = host, .text = text}};
    return append(log, &e);
}

uint32_t sample_end_of_run(struct runlog *log, uint64_t t_ns, bool met)
{
    struct expectation expect = {
        "client connect ok",
        met ? "client connect ok" : "client connect ECONNREFUSED", met};
    struct event e = {
        .t_ns = t_ns,
        .kind = EVENT_RUN,
        .run = {.phase = PHASE_END,
                .verdict = met ? VERDICT_ESTABLISHED : VERDICT_REFUSED,
                .verdict_text = "It went as it should.",
                .expect = &expect,
                .expect_count = 1}};
    return append(log, &e);
}

struct runlog *sample_handshake(void)
{
    static const uint8_t options[] = {2, 4, 5, 0xb4, 1, 3, 3, 7};
    struct runlog *log = sample_log();
    struct segment_spec syn = {.seq = SAMPLE_CLIENT_ISN,
                               .flags = SEG_SYN,
                               .window = 64240,
                               .options = options,
                               .options_len = sizeof(options)};
    struct segment_spec answer = syn;
    answer.seq = SAMPLE_SERVER_ISN;
    answer.ack = SAMPLE_CLIENT_ISN + 1;
    answer.flags = SEG_SYN | SEG_ACK;
    struct segment_spec last = {.seq = SAMPLE_CLIENT_ISN + 1,
                                .ack = SAMPLE_SERVER_ISN + 1,
                                .flags = SEG_ACK,
                                .window = 502};
    struct segment_spec data = last;
    data.flags = SEG_PSH | SEG_ACK;
    data.payload = (const uint8_t *)"hello";
    data.payload_len = 5;

    sample_begin(log);
    uint32_t call =
        sample_call(log, 81000, HOST_CLIENT, "connect", "192.0.2.2:1337");
    uint32_t id = sample_segment(log, 93512, 1, HOST_CLIENT, syn);
    sample_state(log, 93512, HOST_CLIENT, TCP_STATE_SYN_SENT, id);
    id = sample_arrival(log, 99001, 1);
    sample_state(log, 99900, HOST_SERVER, TCP_STATE_SYN_RECEIVED, id);
    sample_segment(log, 110000, 2, HOST_SERVER, answer);
    id = sample_arrival(log, 120000, 2);
    sample_state(log, 121000, HOST_CLIENT, TCP_STATE_ESTABLISHED, id);
    sample_return(log, 130000, call, 0);
    sample_segment(log, 125000, 3, HOST_CLIENT, last);
    id = sample_arrival(log, 135000, 3);
    sample_state(log, 136000, HOST_SERVER, TCP_STATE_ESTABLISHED, id);
    call = sample_call(log, 140000, HOST_CLIENT, "send", "5 bytes");
    sample_return(log, 150000, call, 0);
    sample_segment(log, 145000, 4, HOST_CLIENT, data);
    sample_arrival(log, 160000, 4);
    sample_message(log, 170000, HOST_SERVER, "hello");
    sample_end_of_run(log, 512000, true);
    return log;
}

static void append_copies(struct runlog *log, uint32_t n)
{
    static const uint8_t changed[] = {0x45, 0, 0, 1, 0xff};
    const struct event_copy copies[] = {
        {.n = n, .copy = 1, .fate = FATE_HELD, .by = BY_PERSON},
        {.n = n, .copy = 1, .by = BY_RULE, .by_name = "first \"SYN\"\\"},
        {.n = n,
         .copy = 2,
         .fate = FATE_DROPPED,
         .by = BY_LINK,
         .by_name = "loss"},
        {.n = n,
         .copy = 3,
         .fate = FATE_ARRIVED,
         .by = BY_PERSON,
         .by_name = "corrupt",
         .changed = "bit 3 of byte 20 flipped \xc2\xb5",
         .bytes = changed,
         .len = sizeof(changed)},
    };
    for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
        struct event e = {
            .t_ns = 400 + i, .kind = EVENT_COPY, .copy = copies[i]};
        append(log, &e);
    }
}

static void append_calls(struct runlog *log)
{
    static const char data[] = "\0a\\b\n\xff\xc2\xb5\x7f\"";
    uint32_t begin = sample_call(log, 500, HOST_CLIENT, "recv", "");
    struct event e = *runlog_get(log, begin);
    e.t_ns = 9007199254740991;
    e.call.phase = PHASE_END;
    e.call.begin = begin;
    e.call.result = -9007199254740991;
    e.call.error = EHOSTUNREACH;
    e.call.on = NULL;
    e.call.data = data;
    e.call.data_len = sizeof(data) - 1;
    e.call.facts = (struct tcp_facts){.known = true,
                                      .rtt_us = 1,
                                      .rttvar_us = UINT32_MAX,
                                      .rto_us = 3,
                                      .snd_mss = 4,
                                      .rcv_mss = 5,
                                      .snd_cwnd = 6,
                                      .snd_wscale = 255,
                                      .rcv_wscale = 8,
                                      .sack = true,
                                      .ecn = true,
                                      .retransmits = 9};
    append(log, &e);
    e.call.begin = 0;
    e.call.error = 4000; /* has no name */
    e.call.data = "";
    e.call.data_len = 0;
    e.call.facts = (struct tcp_facts){.known = false};
    append(log, &e);
}

static void append_rest(struct runlog *log)
{
    struct event e = {.t_ns = 600,
                      .kind = EVENT_STATE,
                      .state = {.host = HOST_SERVER,
                                .local = {.port = 65535},
                                .old_state = TCP_STATE_TIME_WAIT,
                                .new_state = TCP_STATE_LISTEN}};
    assert_true(ipaddr_parse("2001:db8::2", &e.state.local.addr));
    append(log, &e);
    e.kind = EVENT_COUNTER;
    e.counter = (struct event_counter){.host = HOST_SERVER,
                                       .name = "ListenOverflows",
                                       .delta = UINT64_C(1) << 53,
                                       .meaning = NULL,
                                       .cause = 3};
    append(log, &e);
    e.kind = EVENT_MESSAGE;
    e.message = (struct event_message){.host = HOST_CLIENT, .text = NULL};
    append(log, &e);
    sample_message(log, 700, HOST_SERVER, "\x1b[2J \xe2\x80\xae \x7f\t\n");
    e.kind = EVENT_ICMP;
    e.icmp = (struct event_icmp){.from = HOST_SERVER,
                                 .forged = true,
                                 .bytes = (const uint8_t *)"\x45\x00",
                                 .len = 2,
                                 .answers = 1};
    append(log, &e);
}

struct runlog *sample_everything(void)
{
    struct segment_spec syn = {.seq = SAMPLE_CLIENT_ISN, .flags = SEG_SYN};
    struct runlog *log = sample_log();
    struct event forged = {.t_ns = 300,
                           .kind = EVENT_SEGMENT,
                           .segment = {.n = 3,
                                       .from = HOST_SERVER,
                                       .forged = true,
                                       .saved = true,
                                       .bytes = (const uint8_t *)"?",
                                       .len = 1}};
    sample_begin(log);
    sample_segment(log, 100, 1, HOST_CLIENT, syn);
    sample_segment(log, 200, 2, HOST_CLIENT, syn);
    append(log, &forged);
    append_copies(log, 1);
    append_calls(log);
    append_rest(log);
    sample_end_of_run(log, 800, false);
    return log;
}

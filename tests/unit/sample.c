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

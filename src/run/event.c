/* event.c - the names of what stands in an event, as the API spells them. */
#include "handshake/event.h"

#include <assert.h>

static const char *const host_names[] = {
    [HOST_CLIENT] = "client",
    [HOST_SERVER] = "server",
};
static_assert(sizeof(host_names) / sizeof(*host_names) == HOST_COUNT,
              "a name for each host");

static const char *const kind_names[] = {
    [EVENT_RUN] = "run",         [EVENT_CALL] = "call",
    [EVENT_SEGMENT] = "segment", [EVENT_COPY] = "copy",
    [EVENT_STATE] = "state",     [EVENT_COUNTER] = "counter",
    [EVENT_MESSAGE] = "message", [EVENT_ICMP] = "icmp",
};
static_assert(sizeof(kind_names) / sizeof(*kind_names) == EVENT_KIND_COUNT,
              "a name for each kind of event");

static const char *const verdict_names[] = {
    [VERDICT_NONE] = "running",
    [VERDICT_ESTABLISHED] = "established",
    [VERDICT_REFUSED] = "refused",
    [VERDICT_TIMED_OUT] = "timed-out",
    [VERDICT_UNREACHABLE] = "unreachable",
    [VERDICT_RESET] = "reset",
    [VERDICT_HALF_OPEN] = "half-open",
    [VERDICT_BY_HAND] = "by-hand",
    [VERDICT_FAILED] = "failed",
    [VERDICT_CANCELLED] = "cancelled",
    [VERDICT_LIMIT] = "limit",
    [VERDICT_ERROR] = "error",
};
static_assert(sizeof(verdict_names) / sizeof(*verdict_names) == VERDICT_COUNT,
              "a name for each verdict");

static const char *const fate_names[] = {
    [FATE_HELD] = "held",
    [FATE_ARRIVED] = "arrived",
    [FATE_DROPPED] = "dropped",
};
static_assert(sizeof(fate_names) / sizeof(*fate_names) == FATE_COUNT,
              "a name for each fate");

static const char *const decider_names[] = {
    [BY_LINK] = "link",
    [BY_RULE] = "rule",
    [BY_PERSON] = "person",
};
static_assert(sizeof(decider_names) / sizeof(*decider_names) == DECIDER_COUNT,
              "a name for each decider");

/* A value outside its enum is our bug; it still gets a name in a release. */
static const char *name_at(const char *const *names, size_t count, size_t i)
{
    assert(i < count);
    return i < count ? names[i] : "?";
}

const char *host_name(enum host_id host)
{
    return name_at(host_names, HOST_COUNT, host);
}

const char *event_kind_name(enum event_kind kind)
{
    return name_at(kind_names, EVENT_KIND_COUNT, kind);
}

const char *phase_name(enum phase phase)
{
    return phase == PHASE_BEGIN ? "begin" : "end";
}

const char *verdict_name(enum verdict_code code)
{
    return name_at(verdict_names, VERDICT_COUNT, code);
}

const char *fate_name(enum fate fate)
{
    return name_at(fate_names, FATE_COUNT, fate);
}

const char *decider_name(enum decider by)
{
    return name_at(decider_names, DECIDER_COUNT, by);
}

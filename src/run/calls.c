/* calls.c - records the system calls of a host: begin, end, what came out.
 *
 * A call that waits has begun long before it ends, and what it waits for
 * happens in between: hence two events. The first failure of a host decides
 * what its later steps may still do (steps.c), unless its step was to fail. */
#include "run_internal.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* A kernel that knows fewer fields leaves the others 0. */
struct tcp_facts facts_of(int fd)
{
    struct tcp_info info = {.tcpi_state = 0};
    socklen_t len = sizeof(info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
        return (struct tcp_facts){.known = false};
    return (struct tcp_facts){
        .known = true,
        .rtt_us = info.tcpi_rtt,
        .rttvar_us = info.tcpi_rttvar,
        .rto_us = info.tcpi_rto,
        .snd_mss = info.tcpi_snd_mss,
        .rcv_mss = info.tcpi_rcv_mss,
        .snd_cwnd = info.tcpi_snd_cwnd,
        .snd_wscale = info.tcpi_snd_wscale,
        .rcv_wscale = info.tcpi_rcv_wscale,
        .timestamps = info.tcpi_options & TCPI_OPT_TIMESTAMPS,
        .sack = info.tcpi_options & TCPI_OPT_SACK,
        .wscale = info.tcpi_options & TCPI_OPT_WSCALE,
        .ecn = info.tcpi_options & TCPI_OPT_ECN,
        .syn_data = info.tcpi_options & TCPI_OPT_SYN_DATA,
        .retransmits = (uint8_t)info.tcpi_total_retrans,
    };
}

/* Set before the first signal is sent. */
bool call_interrupted(const struct host *host)
{
    return atomic_load(&host->run->stopping);
}

/* Without recording (a benchmark) only the name is kept. */
struct call call_begin(struct host *host, const char *name, const char *on,
                       const char *args, const struct call_data *data)
{
    struct runlog *log = host->run->log;
    struct call call = {.host = host, .name = name, .on = on};
    if (host->run->options.no_record)
        return call;
    const struct event e = {.kind = EVENT_CALL,
                            .t_ns = runlog_now_ns(log),
                            .call = {.host = host->id,
                                     .phase = PHASE_BEGIN,
                                     .name = name,
                                     .args = args,
                                     .on = on,
                                     .data = data ? data->bytes : NULL,
                                     .data_len = data ? data->len : 0}};
    call.begin_ns = e.t_ns;
    call.begin_id = runlog_append(log, &e);
    return call;
}

/* The first failure is the cause, later ones follow from it; what a step was to
 * end with is none. */
static void remember_failure(struct host *host, const char *name, int error)
{
    if (host->failed || step_forgives(host->step, error))
        return;
    host->failed = true;
    host->error = error;
    host->error_call = name;
}

/* A call that the run's end cut short gives ECANCELED, which is nobody's fault.
 */
int call_end(struct call *call, int64_t result, int error,
             const struct call_data *data)
{
    struct host *host = call->host;
    if (result >= 0)
        error = 0;
    else if (error == EINTR && call_interrupted(host))
        error = ECANCELED;
    if (error)
        remember_failure(host, call->name, error);
    if (host->run->options.no_record)
        return -error;
    struct runlog *log = host->run->log;
    const struct event e = {.kind = EVENT_CALL,
                            .t_ns = runlog_now_ns(log),
                            .call = {.host = host->id,
                                     .phase = PHASE_END,
                                     .name = call->name,
                                     .on = call->on,
                                     .begin = call->begin_id,
                                     .result = result,
                                     .error = error,
                                     .data = data ? data->bytes : NULL,
                                     .data_len = data ? data->len : 0,
                                     .facts = call->facts}};
    call->end_id = runlog_append(log, &e);
    return -error;
}

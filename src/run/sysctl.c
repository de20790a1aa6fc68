/* sysctl.c - what a scenario tells a host's kernel before its steps: settings
 * of the host's own namespace, below /proc/sys/net/ipv4 (which IPv6 uses for
 * TCP as well). Only names of the table can be set.
 *
 * The files belong to the network namespace of the thread that opens them, and
 * may be written by whoever has CAP_NET_ADMIN in the user namespace that owns
 * it. In containers /proc/sys is mostly read-only; scenarios that need this say
 * so and are refused with a sentence (FEATURE_SYSCTL). */
#include "steps_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 80 };

/* Those that change how connections open, are lost, queued or closed. */
static const char *const names[] = {
    "tcp_syncookies",
    "tcp_max_syn_backlog",
    "tcp_abort_on_overflow",
    "tcp_syn_retries",
    "tcp_syn_linear_timeouts",
    "tcp_synack_retries",
    "tcp_retries1",
    "tcp_retries2",
    "tcp_orphan_retries",
    "tcp_timestamps",
    "tcp_sack",
    "tcp_window_scaling",
    "tcp_ecn",
    "tcp_ecn_fallback",
    "tcp_fastopen",
    "tcp_fin_timeout",
    "tcp_tw_reuse",
    "tcp_rfc1337",
    "tcp_challenge_ack_limit",
    "tcp_invalid_ratelimit",
    "tcp_keepalive_time",
    "tcp_keepalive_intvl",
    "tcp_keepalive_probes",
    "tcp_mtu_probing",
    "tcp_migrate_req",
    "tcp_rto_min_us",
    "ip_local_port_range",
    "ip_default_ttl",
};

enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

/* For the schema and its test. */
const char *sysctl_name(size_t i)
{
    return i < NAME_COUNT ? names[i] : NULL;
}

const char *sysctl_check(const char *name)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return NULL;
    return "is no sysctl that a scenario may set; as \"tcp_syncookies\"";
}

/* Numbers and blanks alone: nothing here takes a word. */
const char *sysctl_check_value(const char *value)
{
    size_t len = strlen(value);
    return len > 0 && strspn(value, "0123456789 -") == len
               ? NULL
               : "must be one or more whole numbers, as \"0\" or \"1024 2000\"";
}

/* Opened by the host's thread: /proc/sys/net shows the namespace of whoever
 * looks. Landlock allows writing there and nowhere else. */
static int set_one(const struct sysctl_setting *s, struct err *ret_err)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", s->name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : write(fd, s->value, strlen(s->value));
    int code = errno;
    if (fd >= 0)
        close(fd);
    return n < 0 ? err_errno(ret_err, code, "cannot set %s to %s at the %s",
                             s->name, s->value, host_name(s->host))
                 : 0;
}

/* The first refusal ends it: half a setting would make another scenario. */
int sysctl_apply(const struct host *host, struct err *ret_err)
{
    const struct scenario *sc = &host->run->scenario;
    int r = 0;
    for (size_t i = 0; i < sc->sysctl_count && r == 0; i++)
        if (sc->sysctls[i].host == host->id)
            r = set_one(&sc->sysctls[i], ret_err);
    return r;
}

/* counters.c - reads /proc/net/snmp and netstat of a host and tells what moved.
 *
 * Both files are pairs of lines: "TcpExt: SyncookiesSent ..." names the columns
 * of "TcpExt: 0 ...". The columns are found once, when the files are opened;
 * after that a look is two reads and a walk along two lines. */
#include "counters.h"

#include "run_internal.h"

#include "handshake/clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FILE_BYTES = 16 * 1024,
    NOTICE_GAP_MS = 5, /* between looks that nobody asked for */
    NO_COLUMN = -1
};

static const char *const paths[COUNTER_FILES] = {
    [COUNTER_SNMP] = "/proc/thread-self/net/snmp",
    [COUNTER_NETSTAT] = "/proc/thread-self/net/netstat",
};

static const char *const line_names[COUNTER_FILES] = {
    [COUNTER_SNMP] = "Tcp: ",
    [COUNTER_NETSTAT] = "TcpExt: ",
};

/* Columns: the kernel's name, the file, whether it moves in every good
 * handshake too (then it is told only where a scenario asks), and what it
 * counts (Documentation/networking/snmp_counter.rst). */
static const struct counter {
    const char *name;
    enum counter_file file;
    bool routine;
    const char *meaning;
} counters[] = {
    {"ActiveOpens", COUNTER_SNMP, true, "connections this host began"},
    {"PassiveOpens", COUNTER_SNMP, true,
     "connections another host began and this one completed"},
    {"AttemptFails", COUNTER_SNMP, false,
     "connections that failed before they were established"},
    {"EstabResets", COUNTER_SNMP, false,
     "established connections that ended with RST"},
    {"RetransSegs", COUNTER_SNMP, false, "segments sent again"},
    {"InErrs", COUNTER_SNMP, false,
     "segments that arrived damaged, or in a state they do not fit"},
    {"OutRsts", COUNTER_SNMP, false, "RST segments sent"},
    {"InCsumErrors", COUNTER_SNMP, false,
     "segments thrown away because their checksum was wrong"},
    {"SyncookiesSent", COUNTER_NETSTAT, false,
     "SYN,ACKs sent whose sequence number is a cookie: nothing was stored"},
    {"SyncookiesRecv", COUNTER_NETSTAT, false,
     "ACKs that brought a cookie back and were believed"},
    {"SyncookiesFailed", COUNTER_NETSTAT, false,
     "ACKs without a connection whose cookie was wrong"},
    {"EmbryonicRsts", COUNTER_NETSTAT, false,
     "RSTs that ended a connection in SYN-RECEIVED"},
    {"ListenOverflows", COUNTER_NETSTAT, false,
     "times the accept queue of a listener was full"},
    {"ListenDrops", COUNTER_NETSTAT, false,
     "SYNs and last ACKs a listener threw away"},
    {"TCPReqQFullDrop", COUNTER_NETSTAT, false,
     "SYNs thrown away because the SYN queue was full"},
    {"TCPReqQFullDoCookies", COUNTER_NETSTAT, false,
     "SYNs answered with a cookie because the SYN queue was full"},
    {"TCPTimeouts", COUNTER_NETSTAT, false,
     "retransmission timers that ran out"},
    {"TCPSynRetrans", COUNTER_NETSTAT, false, "SYNs and SYN,ACKs sent again"},
    {"TCPRcvQDrop", COUNTER_NETSTAT, false,
     "segments thrown away because the receive queue was full"},
    {"TCPBacklogDrop", COUNTER_NETSTAT, false,
     "segments thrown away because the socket was busy too long"},
    {"TCPMD5NotFound", COUNTER_NETSTAT, false,
     "segments thrown away because they should have been signed"},
    {"TCPMD5Unexpected", COUNTER_NETSTAT, false,
     "segments thrown away because they were signed and no key was set"},
    {"TCPMD5Failure", COUNTER_NETSTAT, false,
     "segments thrown away because their signature was wrong"},
    {"TCPChallengeACK", COUNTER_NETSTAT, false,
     "ACKs sent to find out whether a suspicious segment was meant (RFC 5961)"},
    {"TCPSYNChallenge", COUNTER_NETSTAT, false,
     "the same because of a SYN on an open connection"},
    {"TCPACKSkippedSynRecv", COUNTER_NETSTAT, false,
     "ACKs not sent in SYN-RECEIVED because of the limit on their rate"},
    {"TCPACKSkippedSeq", COUNTER_NETSTAT, false,
     "ACKs to repeated segments not sent because of the limit on their rate"},
    {"TCPACKSkippedChallenge", COUNTER_NETSTAT, false,
     "challenge ACKs not sent because of the limit on their rate"},
    {"TCPAbortOnData", COUNTER_NETSTAT, false,
     "connections ended with RST: data came that nobody could read any more, "
     "or "
     "SO_LINGER said 0"},
    {"TCPAbortOnClose", COUNTER_NETSTAT, false,
     "connections closed with RST because data had not been read"},
    {"TCPAbortOnMemory", COUNTER_NETSTAT, false,
     "connections ended because memory ran out"},
    {"TCPAbortOnTimeout", COUNTER_NETSTAT, false,
     "connections given up because nobody answered"},
    {"TCPAbortOnLinger", COUNTER_NETSTAT, false,
     "connections ended because the peer never closed its half"},
    {"TCPAbortFailed", COUNTER_NETSTAT, false, "RSTs that could not be sent"},
    {"TCPDeferAcceptDrop", COUNTER_NETSTAT, false,
     "last ACKs of a handshake set aside because only data counts"},
    {"TCPSpuriousRtxHostQueues", COUNTER_NETSTAT, false,
     "segments not sent again because the first still waited in this host"},
    {"TCPSpuriousRTOs", COUNTER_NETSTAT, false,
     "timers that ran out although nothing was lost"},
    {"TCPDSACKRecv", COUNTER_NETSTAT, false,
     "reports from the peer that it got something twice"},
    {"TCPMigrateReqSuccess", COUNTER_NETSTAT, false,
     "handshakes moved to another listener"},
    {"PAWSEstab", COUNTER_NETSTAT, false,
     "segments thrown away because their timestamp was old"},
    {"TCPRetransFail", COUNTER_NETSTAT, false,
     "segments that could not be sent again"},
};

static_assert(sizeof(counters) / sizeof(counters[0]) <= COUNTER_MAX,
              "room for each counter");
enum { COUNTER_COUNT = sizeof(counters) / sizeof(counters[0]) };

/* For the schema and the expectations. */
const char *counter_name(size_t i)
{
    return i < COUNTER_COUNT ? counters[i].name : NULL;
}

/* --- reading ------------------------------------------------------------- */

/* The whole file from its beginning: the kernel counts anew then. */
static void read_file(int fd, char text[FILE_BYTES])
{
    ssize_t n = fd < 0 ? -1 : pread(fd, text, FILE_BYTES - 1, 0);
    text[n > 0 ? n : 0] = '\0';
}

/* The nth line with that name (0: columns, 1: values), behind the name. */
static const char *find_line(const char *text, const char *name, int nth)
{
    size_t len = strlen(name);
    while (text && *text) {
        if (strncmp(text, name, len) == 0 && nth-- == 0)
            return text + len;
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return NULL;
}

/* The column of a counter, NO_COLUMN where this kernel has none. */
static int16_t find_column(const char *line, const char *name)
{
    size_t len = strlen(name);
    for (int16_t column = 0; line && *line && *line != '\n'; column++) {
        size_t word = strcspn(line, " \n");
        if (word == len && memcmp(line, name, len) == 0)
            return column;
        line += word + (line[word] == ' ');
    }
    return NO_COLUMN;
}

/* Counters of a fresh namespace begin at 0, so nothing has to be read yet. */
void counters_open(struct host *host)
{
    struct counters *c = &host->counters;
    if (host->run->link != LINK_WIRE || host->run->options.no_record)
        return;
    for (enum counter_file f = 0; f < COUNTER_FILES; f++)
        c->fds[f] = open(paths[f], O_RDONLY | O_CLOEXEC);
}

/* With the first look: most runs are over before there is one. What this
 * kernel does not count has no column. */
static void find_columns(struct counters *c, enum counter_file f,
                         const char *text)
{
    const char *line = find_line(text, line_names[f], 0);
    for (size_t i = 0; i < COUNTER_COUNT; i++)
        if (counters[i].file == f)
            c->column[i] = find_column(line, counters[i].name);
}

/* Once the host's thread has ended nobody reads any more. */
void counters_close(struct host *host)
{
    for (enum counter_file f = 0; f < COUNTER_FILES; f++) {
        if (host->counters.fds[f] >= 0)
            close(host->counters.fds[f]);
        host->counters.fds[f] = -1;
    }
}

/* --- telling ------------------------------------------------------------- */

/* t_ns is the time of the look, a little after the fact. */
static void append(struct host *host, size_t i, uint64_t delta, uint32_t cause)
{
    const struct event e = {.kind = EVENT_COUNTER,
                            .t_ns = runlog_now_ns(host->run->log),
                            .counter = {.host = host->id,
                                        .name = counters[i].name,
                                        .delta = delta,
                                        .meaning = counters[i].meaning,
                                        .cause = cause}};
    runlog_append(host->run->log, &e);
}

static const struct expect *expect_of(const struct run *run)
{
    return run->options.long_form ? &run->scenario.expect_long
                                  : &run->scenario.expect;
}

/* Asked for each arrival: two loads. */
bool counters_wanted(const struct run *run)
{
    return expect_of(run)->counter_count > 0;
}

/* Whether the scenario names the counter. */
static bool is_asked_for(const struct run *run, size_t i)
{
    const struct expect *expect = expect_of(run);
    for (size_t k = 0; k < expect->counter_count; k++)
        if (strstr(expect->counters[k], counters[i].name))
            return true;
    return false;
}

/* Compare one line of values with what was seen last. */
static void compare(struct host *host, enum counter_file f, const char *line,
                    uint32_t cause)
{
    struct counters *c = &host->counters;
    uint64_t values[COUNTER_MAX] = {0};
    bool known[COUNTER_MAX] = {false};
    for (int16_t column = 0; line && *line && *line != '\n'; column++) {
        char *end = NULL;
        uint64_t value = strtoull(line, &end, 10);
        if (end == line)
            break;
        line = end + (*end == ' ');
        for (size_t i = 0; i < COUNTER_COUNT; i++)
            if (counters[i].file == f && c->column[i] == column) {
                values[i] = value;
                known[i] = true;
            }
    }
    for (size_t i = 0; i < COUNTER_COUNT; i++) {
        if (!known[i] || values[i] == c->value[i])
            continue;
        if (!counters[i].routine || is_asked_for(host->run, i))
            append(host, i, values[i] - c->value[i], cause);
        c->value[i] = values[i];
    }
}

/* The cause can only be what arrived since the last look; when nothing did, it
 * was the host itself: a timer, or a call. */
void counters_look(struct host *host)
{
    char text[FILE_BYTES];
    struct counters *c = &host->counters;
    uint32_t arrival = atomic_load(&host->last_arrival);
    uint32_t cause = arrival == c->seen_arrival ? 0 : arrival;
    for (enum counter_file f = 0; f < COUNTER_FILES; f++) {
        if (c->fds[f] < 0)
            continue;
        read_file(c->fds[f], text);
        if (c->looked_ns == 0)
            find_columns(c, f, text);
        compare(host, f, find_line(text, line_names[f], 1), cause);
    }
    c->seen_arrival = arrival;
    c->looked_ns = clock_mono_ns();
}

/* A run in which all went well within milliseconds has nothing to tell. */
void counters_finish(struct run *run)
{
    for (enum host_id h = 0; h < HOST_COUNT; h++) {
        struct host *host = &run->hosts[h];
        if (counters_wanted(run) || host->counters.looked_ns || host->failed ||
            run->hosts[host_peer(h)].failed)
            counters_look(host);
    }
}

/* A gap between looks keeps a storm of retransmissions cheap. */
void counters_notice(struct run *run)
{
    const uint64_t gap_ns = NOTICE_GAP_MS * UINT64_C(1000000);
    uint64_t now_ns = clock_mono_ns();
    for (enum host_id h = 0; h < HOST_COUNT; h++)
        if (counters_wanted(run) ||
            now_ns - run->hosts[h].counters.looked_ns >= gap_ns)
            counters_look(&run->hosts[h]);
}

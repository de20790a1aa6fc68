/* scenario.h - a scenario: what both hosts call, what the wire does and what
 * must come out, as plain bounded data. src/json reads it from a document;
 * src/run carries it out. Never changes once a run has begun. */
#ifndef HANDSHAKE_SCENARIO_H
#define HANDSHAKE_SCENARIO_H

#include "handshake/err.h"
#include "handshake/rule.h"

enum {
    SCENARIO_ID_BYTES = 48,
    SCENARIO_TITLE_BYTES = 120,
    SCENARIO_SUMMARY_BYTES = 400,
    SCENARIO_WHY_BYTES = 1200,
    SCENARIO_NOTES_BYTES = 600,
    SCENARIO_MAX_STEPS = 64, /* a host */
    SCENARIO_MAX_LINES = 12, /* teaches, rfc */
    SCENARIO_LINE_BYTES = 200,
    SCENARIO_MAX_FORGES = 16,
    SCENARIO_MAX_SYSCTLS = 16,
    SCENARIO_MAX_EXPECT = 24, /* of each kind */
    SCENARIO_MAX_CALLS = 12,  /* expected results of calls */
    SCENARIO_MAX_SECONDS = 600,
    STEP_TEXT_BYTES = 400,
    STEP_NAME_BYTES = 16,   /* sockets, variables, names of calls, errnos */
    STEP_OPTION_BYTES = 24, /* names of socket options */
    STEP_AFTER_BYTES = 64,
    STEP_MAX_REPEAT = 64,
    STEP_MAX_MS = 600 * 1000,
    STEP_MAX_BYTES = 1 << 20, /* of filler to send */
    SYSCTL_NAME_BYTES = 40,
    SYSCTL_VALUE_BYTES = 40,
    EXPECT_LINE_BYTES = 64,
    SCENARIO_DEFAULT_PORT = 1337
};

/* What a step does. `listen` is socket + bind + listen, `connect` is socket +
 * connect; what a step before has done to the socket of that name is not done
 * again. Each system call is recorded by itself. */
enum step_call {
    STEP_LISTEN,   /* port, backlog; on = "listener" */
    STEP_CONNECT,  /* port, nonblock; on = "conn" */
    STEP_ACCEPT,   /* nonblock; from = the listener, on = "conn" */
    STEP_SEND,     /* text: a template, or so many bytes; on = "conn" */
    STEP_RECV,     /* text: a pattern the bytes must match, or any */
    STEP_CLOSE,    /* on = "conn" unless named */
    STEP_SLEEP,    /* ms */
    STEP_SET,      /* name = a random number min..max */
    STEP_PRINT,    /* text: a template; becomes an EVENT_MESSAGE */
    STEP_SOCKET,   /* how = tcp, mptcp; on = "conn" */
    STEP_BIND,     /* port; on = "conn" */
    STEP_OPTION,   /* name, value or text; on = "conn" */
    STEP_SHUTDOWN, /* how = read, write, both; on = "conn" */
    STEP_CRASH,    /* the socket vanishes without FIN or RST (TCP_REPAIR) */
    STEP_WAIT,     /* nothing: only `after` */
    STEP_ROUTE,    /* how = what this host's route to the peer becomes */
    STEP_INJECT,   /* forge: the wire makes a segment or ICMP error */
    STEP_COUNT
};

/* In which form of the scenario a step is done: the long form shows what the
 * kernel does by itself, the short one shortens it by socket options. */
enum step_form { FORM_BOTH, FORM_SHORT, FORM_LONG };

/* In templates `{a}` stands for the host's variable a and `{a+1}` for its
 * value plus one; in patterns `{a}` takes the digits there, or compares them
 * when a is already set. `{{` is a brace. */
struct step {
    enum step_call call;
    enum step_form form;
    char on[STEP_NAME_BYTES];     /* the socket, "" = the default */
    char from[STEP_NAME_BYTES];   /* accept: the listener, "" = "listener" */
    char name[STEP_OPTION_BYTES]; /* set: the variable; option: which */
    char text[STEP_TEXT_BYTES];   /* send, recv, print, option; "" = none */
    char how[STEP_NAME_BYTES];    /* shutdown, route, socket */
    char fails[STEP_NAME_BYTES];  /* the errno it is to end with, and the host
                                     goes on; "any": whatever comes */
    char after[STEP_AFTER_BYTES]; /* wait for this first; see condition_parse */
    uint16_t port;                /* listen, connect, bind */
    uint16_t backlog;             /* listen */
    uint16_t repeat;              /* do it so many times; 0 = once */
    uint8_t forge;                /* inject: index in the scenario's forges */
    bool nonblock;                /* the call must not wait */
    uint32_t bytes;               /* send: so much filler */
    uint32_t ms;                  /* sleep */
    uint32_t min, max;            /* set */
    uint32_t value;               /* option */
};

/* What a host's kernel is told before its steps. */
struct sysctl_setting {
    enum host_id host;
    char name[SYSCTL_NAME_BYTES];   /* below /proc/sys/net/ipv4 */
    char value[SYSCTL_VALUE_BYTES]; /* as written there */
};

/* What the last call of that name at a host must give. */
struct expect_call {
    enum host_id host;
    char call[STEP_NAME_BYTES];
    char on[STEP_NAME_BYTES];     /* of this socket alone; "" = any */
    char result[STEP_NAME_BYTES]; /* "ok" or an errno */
};

/* What must come out; all of it holds on every supported kernel. */
struct expect {
    struct expect_call calls[SCENARIO_MAX_CALLS];
    size_t call_count;
    /* "client SYN", "server SYN,ACK dropped", "server ICMP 3/1": in order,
     * others may stand between */
    char segments[SCENARIO_MAX_EXPECT][EXPECT_LINE_BYTES];
    size_t segment_count;
    char no_segments[SCENARIO_MAX_EXPECT][EXPECT_LINE_BYTES]; /* none at all */
    size_t no_segment_count;
    char states[SCENARIO_MAX_EXPECT][EXPECT_LINE_BYTES]; /* reached once */
    size_t state_count;
    char end_states[SCENARIO_MAX_EXPECT][EXPECT_LINE_BYTES]; /* at the end */
    size_t end_state_count;
    /* "server ListenOverflows", "server TCPReqQFullDrop 3": at least so much */
    char counters[SCENARIO_MAX_EXPECT][EXPECT_LINE_BYTES];
    size_t counter_count;
    char verdict[STEP_NAME_BYTES];           /* as verdict_name(); "" = any */
    uint32_t connect_min_ms, connect_max_ms; /* max 0: not asked */
};

struct scenario {
    bool builtin; /* of the catalogue, which sets it; no document says so */
    char id[SCENARIO_ID_BYTES];
    char title[SCENARIO_TITLE_BYTES];
    char group[SCENARIO_ID_BYTES];
    char summary[SCENARIO_SUMMARY_BYTES];
    char why[SCENARIO_WHY_BYTES]; /* a few sentences for who wants to know */
    char notes[SCENARIO_NOTES_BYTES]; /* for who shows it: ask, point at */
    char next[SCENARIO_ID_BYTES];     /* the scenario to look at afterwards */
    char teaches[SCENARIO_MAX_LINES][SCENARIO_LINE_BYTES];
    size_t teaches_count;
    char rfc[SCENARIO_MAX_LINES][SCENARIO_LINE_BYTES];
    size_t rfc_count;
    bool needs_wire;
    uint32_t needs_features; /* a bit for each enum kernel_feature */
    uint8_t ip;              /* 4 or 6: makes sense on this alone; 0 = any */
    uint32_t seconds;        /* about how long a run takes, rounded up */
    uint32_t long_seconds;   /* the same of the long form; 0: there is none */
    uint16_t port;           /* the server's; SCENARIO_DEFAULT_PORT */
    uint32_t repeat;         /* times each host's steps are done over, its
                                leading preparations apart; 0 = once */
    struct step steps[HOST_COUNT][SCENARIO_MAX_STEPS];
    size_t step_count[HOST_COUNT];
    struct forge forges[SCENARIO_MAX_FORGES]; /* of the inject steps */
    size_t forge_count;
    struct sysctl_setting sysctls[SCENARIO_MAX_SYSCTLS];
    size_t sysctl_count;
    struct wire_settings wire; /* what the wire begins with */
    struct expect expect;      /* of the short, or only, form */
    struct expect expect_long; /* of the long one */
};

/* "listen", "connect" ...; static storage. */
const char *step_call_name(enum step_call call);

/* "both", "short", "long"; static storage. */
const char *step_form_name(enum step_form form);

/* --- checks and lists, for readers of documents -------------------------- */

/* Each returns NULL when text is right, else what it must be (static). */

/* `after` of a step: "client connect returned", "client SYN sent", "server
 * SYN,ACK arrived nth 2", "client SYN dropped", "server SYN-RECEIVED", "500
 * ms". The names of hosts in front of flags are senders. */
const char *condition_check(const char *text);

/* One line of expect.segments or no_segments. */
const char *expect_check_segment(const char *text);
/* One line of expect.states or end_states: "client ESTABLISHED". */
const char *expect_check_state(const char *text);
/* One line of expect.counters: "server ListenOverflows". */
const char *expect_check_counter(const char *text);

/* The socket option of a step: "TCP_SYNCNT". */
const char *sockopt_check(const char *name);
/* Whether that option's value is a text and not a number. */
bool sockopt_takes_text(const char *name);
/* The largest number it takes. */
uint32_t sockopt_most(const char *name);
/* `how` of a shutdown: "write" (the same as ""), "read", "both". */
const char *shutdown_check(const char *how);
/* `how` of a socket: "tcp" (the same as ""), "mptcp". */
const char *socket_check(const char *how);
/* `how` of a route: "blackhole", "none" ... */
const char *route_check(const char *how);

/* A sysctl a scenario may set: "tcp_syncookies". */
const char *sysctl_check(const char *name);
/* The value of one: whole numbers, blanks between them. */
const char *sysctl_check_value(const char *value);

/* Row i of the socket options; NULL beyond the last. Static storage. */
const char *sockopt_name(size_t i);
/* The same of the sysctls. */
const char *sysctl_name(size_t i);
/* The same of the kernel counters whose meaning is known. */
const char *counter_name(size_t i);

#endif

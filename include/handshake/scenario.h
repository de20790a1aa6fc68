/* scenario.h - a scenario: what both hosts call and what must come out, as
 * plain bounded data. src/json reads it from a document; src/run carries it
 * out. Never changes once a run has begun. */
#ifndef HANDSHAKE_SCENARIO_H
#define HANDSHAKE_SCENARIO_H

#include "handshake/rule.h"

enum {
    SCENARIO_ID_BYTES = 48,
    SCENARIO_TITLE_BYTES = 120,
    SCENARIO_SUMMARY_BYTES = 400,
    SCENARIO_MAX_STEPS = 64, /* a host */
    SCENARIO_MAX_LINES = 12, /* teaches, rfc */
    SCENARIO_LINE_BYTES = 200,
    SCENARIO_MAX_EXPECT = 24,
    STEP_TEXT_BYTES = 400,
    STEP_NAME_BYTES = 16, /* sockets and variables */
    SCENARIO_DEFAULT_PORT = 1337
};

/* What a step does. `listen` is socket + bind + listen, `connect` is socket +
 * connect: each system call is recorded by itself. */
enum step_call {
    STEP_LISTEN,  /* port, backlog; on = "listener" */
    STEP_CONNECT, /* port; on = "conn" */
    STEP_ACCEPT,  /* on = "conn" */
    STEP_SEND,    /* text: a template */
    STEP_RECV,    /* text: a pattern the bytes must match, or any */
    STEP_CLOSE,   /* on = "conn" unless named */
    STEP_SLEEP,   /* ms */
    STEP_SET,     /* name = a random number min..max */
    STEP_PRINT,   /* text: a template; becomes an EVENT_MESSAGE */
    STEP_COUNT
};

/* In templates `{a}` stands for the host's variable a and `{a+1}` for its
 * value plus one; in patterns `{a}` takes the digits there, or compares them
 * when a is already set. `{{` is a brace. */
struct step {
    enum step_call call;
    char on[STEP_NAME_BYTES];   /* the socket it works on, "" = the default */
    char name[STEP_NAME_BYTES]; /* set: the variable */
    char text[STEP_TEXT_BYTES]; /* send, recv, print; "" = none */
    uint16_t port;              /* listen, connect */
    uint16_t backlog;           /* listen */
    uint32_t ms;                /* sleep */
    uint32_t min, max;          /* set */
};

struct scenario {
    char id[SCENARIO_ID_BYTES];
    char title[SCENARIO_TITLE_BYTES];
    char group[SCENARIO_ID_BYTES];
    char summary[SCENARIO_SUMMARY_BYTES];
    char teaches[SCENARIO_MAX_LINES][SCENARIO_LINE_BYTES];
    size_t teaches_count;
    char rfc[SCENARIO_MAX_LINES][SCENARIO_LINE_BYTES];
    size_t rfc_count;
    bool needs_wire;
    uint16_t port;   /* the server's; SCENARIO_DEFAULT_PORT */
    uint32_t repeat; /* times each host's steps are done over, its leading
                        listen apart; 0 = once */
    struct step steps[HOST_COUNT][SCENARIO_MAX_STEPS];
    size_t step_count[HOST_COUNT];
    struct wire_settings wire; /* what the wire begins with */
    /* expect: */
    char expect_connect[STEP_NAME_BYTES]; /* "ok", "ECONNREFUSED", "" = any */
    char expect_segments[SCENARIO_MAX_EXPECT][64]; /* "client SYN", in order,
                              others may stand between; "" ends the list */
    size_t expect_segment_count;
};

/* "listen", "connect" ...; static storage. */
const char *step_call_name(enum step_call call);

#endif

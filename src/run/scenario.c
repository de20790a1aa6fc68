/* scenario.c - the names of what a step can do, as documents, the page and the
 * log of a run spell them. */
#include "handshake/scenario.h"

#include <assert.h>

static const char *const call_names[] = {
    [STEP_LISTEN] = "listen",     [STEP_CONNECT] = "connect",
    [STEP_ACCEPT] = "accept",     [STEP_SEND] = "send",
    [STEP_RECV] = "recv",         [STEP_CLOSE] = "close",
    [STEP_SLEEP] = "sleep",       [STEP_SET] = "set",
    [STEP_PRINT] = "print",       [STEP_SOCKET] = "socket",
    [STEP_BIND] = "bind",         [STEP_OPTION] = "option",
    [STEP_SHUTDOWN] = "shutdown", [STEP_CRASH] = "crash",
    [STEP_WAIT] = "wait",         [STEP_ROUTE] = "route",
    [STEP_INJECT] = "inject",
};
static_assert(sizeof(call_names) / sizeof(*call_names) == STEP_COUNT,
              "a name for each step");

/* As documents spell it. */
const char *step_call_name(enum step_call call)
{
    assert(call < STEP_COUNT);
    return call_names[call];
}

/* As documents spell it; "both" is never written. */
const char *step_form_name(enum step_form form)
{
    static const char *const names[] = {
        [FORM_BOTH] = "both", [FORM_SHORT] = "short", [FORM_LONG] = "long"};
    assert(form <= FORM_LONG);
    return names[form];
}

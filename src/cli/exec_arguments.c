/* exec_arguments.c - the command line of `handshake exec`: what is run, which
 * server waits for it, what the wire does, and what the program finds in its
 * environment. */
#include "exec_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_HTTP = 80, PORT_ECHO = 7 };

static const char server_v4[] = "192.0.2.2", server_v6[] = "2001:db8::2";

/* --- options ------------------------------------------------------------- */

static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    struct exec_arguments *args = into;
    switch (given->spec->key) {
    case OPTION_JSON:
        args->json = given->text;
        return 0;
    case OPTION_QUIET:
        args->quiet = true;
        return 0;
    case OPTION_SERVER:
        args->server = given->word == 0 ? GUEST_HTTP : GUEST_ECHO;
        return 0;
    case OPTION_SERVER_EXEC:
        args->server_exec = given->text;
        return 0;
    case OPTION_PORT:
        args->port = (uint16_t)given->number;
        return 0;
    default:
        return run_arguments_take(self, given, &args->run);
    }
}

/* --- words --------------------------------------------------------------- */

/* One argument as a shell would need it, as far as it fits. */
static void add_word(char *text, size_t cap, const char *word)
{
    size_t len = strlen(text);
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_./:=,+@%[]";
    bool quoted = word[0] == '\0' || word[strspn(word, plain)] != '\0';
    snprintf(text + len, cap - len, "%s%s%s%s", len ? " " : "",
             quoted ? "'" : "", word, quoted ? "'" : "");
}

static void join_words(char *const *argv, char *ret_text, size_t cap)
{
    ret_text[0] = '\0';
    for (size_t i = 0; argv[i]; i++)
        add_word(ret_text, cap, argv[i]);
}

/* --- what follows from them ---------------------------------------------- */

/* No proxy can be reached from the client host. */
static void make_environment(struct exec_arguments *args)
{
    static char *const proxies[] = {"http_proxy",  "HTTP_PROXY", "https_proxy",
                                    "HTTPS_PROXY", "all_proxy",  "ALL_PROXY"};
    size_t n = 0;
    snprintf(args->address_entry, sizeof(args->address_entry),
             "HANDSHAKE_SERVER=%s",
             args->run.options.ip == 6 ? server_v6 : server_v4);
    snprintf(args->port_entry, sizeof(args->port_entry), "HANDSHAKE_PORT=%u",
             args->port);
    args->environment[n++] = args->address_entry;
    args->environment[n++] = args->port_entry;
    for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++)
        args->environment[n++] = proxies[i];
    args->environment[n] = NULL;
}

/* No step, no expectation: the hosts' guests do what there is to do. */
static void make_scenario(const struct exec_arguments *args,
                          struct scenario *ret_sc)
{
    memset(ret_sc, 0, sizeof(*ret_sc));
    snprintf(ret_sc->id, sizeof(ret_sc->id), "exec");
    snprintf(ret_sc->title, sizeof(ret_sc->title), "%.*s",
             SCENARIO_TITLE_BYTES - 1, args->words);
    ret_sc->port = args->port;
    ret_sc->needs_wire = true;
}

int exec_arguments_read(const struct command *self, int argc, char **argv,
                        struct exec_arguments *ret, struct scenario *ret_sc)
{
    struct operands operands;
    ret->server = GUEST_NONE;
    int status = options_read(self, argc, argv, take_option, ret, &operands);
    if (status == EXIT_USAGE)
        return KEEPER_EXIT_FAILED; /* 2 would be the program's */
    if (status != COMMAND_GOES_ON)
        return status;
    if (ret->server != GUEST_NONE && ret->server_exec) {
        usage_error(self, "--server and --server-exec cannot both be had");
        return KEEPER_EXIT_FAILED;
    }
    if (ret->server == GUEST_NONE)
        ret->server = GUEST_HTTP;
    if (ret->port == 0)
        ret->port = ret->server == GUEST_ECHO ? PORT_ECHO : PORT_HTTP;
    if (ret->run.options.ip == 0)
        ret->run.options.ip = 4;
    ret->program = operands.list;
    join_words(ret->program, ret->words, sizeof(ret->words));
    make_environment(ret);
    make_scenario(ret, ret_sc);
    int wrong = run_arguments_apply(self, &ret->run, ret_sc, &ret->run.options);
    return wrong ? KEEPER_EXIT_FAILED : COMMAND_GOES_ON;
}

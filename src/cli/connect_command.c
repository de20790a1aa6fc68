/* connect_command.c - `handshake connect`: one real connection from this
 * machine, drawn and judged.
 *
 * The name is looked up and captures are opened first; then every power but
 * sockets is given up, since what comes back is from strangers. Attempts beside
 * each other are drawn one after the other: the first that is not over yet as
 * it goes on, the others when it is done. */
#include "cli_internal.h"
#include "terminal_internal.h"

#include "handshake/dial.h"
#include "handshake/draw.h"
#include "handshake/jsonwriter.h"
#include "handshake/settle.h"
#include "handshake/words.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUTPUT_MAX_BYTES = 16 * 1024 * 1024,
    DEFAULT_SECONDS = 10,
    HOST_BYTES = 256
};

struct connect_arguments {
    const char *host, *port;
    bool json;
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
    uint32_t seconds;
    enum terminal_colour colour;
};

/* What is being shown. */
struct sight {
    const struct connect_arguments *args;
    size_t front;          /* the attempt that is shown now */
    uint32_t shown;        /* its events so far */
    struct ladder *ladder; /* (owned) its ladder, or */
    struct feed *feed;     /* (owned) its lines */
    struct buf out;
};

/* --- the command line ---------------------------------------------------- */

static int take_option(const struct command *self, const struct given *given,
                       void *into)
{
    struct connect_arguments *args = into;
    (void)self;
    if (given->spec->key == OPTION_JSON)
        args->json = true;
    else if (given->spec->key == OPTION_IP)
        args->family = given->word == 0 ? AF_INET : AF_INET6;
    else if (given->spec->key == OPTION_TIMEOUT)
        args->seconds = (uint32_t)given->number;
    else if (given->spec->key == OPTION_COLOR)
        args->colour = (enum terminal_colour)given->word;
    return 0;
}

/* --- addresses ----------------------------------------------------------- */

static bool read_address(const struct addrinfo *ai, struct endpoint *ret)
{
    const struct sockaddr_in *v4 = (const void *)ai->ai_addr;
    const struct sockaddr_in6 *v6 = (const void *)ai->ai_addr;
    *ret = (struct endpoint){.port = 0};
    if (ai->ai_family == AF_INET) {
        ret->addr.version = 4;
        ret->port = ntohs(v4->sin_port);
        memcpy(ret->addr.bytes, &v4->sin_addr, 4);
        return true;
    }
    ret->addr.version = 6;
    ret->port = ntohs(v6->sin6_port);
    memcpy(ret->addr.bytes, &v6->sin6_addr, 16);
    /* A zone would have to go with the address everywhere. */
    return ai->ai_family == AF_INET6 && v6->sin6_scope_id == 0;
}

/* The next of that version from *at on; NULL when there is none. */
static const struct addrinfo *next_of(const struct addrinfo *at, int family)
{
    while (at && at->ai_family != family)
        at = at->ai_next;
    return at;
}

/* In the order a client should try them: the versions by turns, IPv6 first,
 * each in the system's order. RFC 8305 4. */
static size_t put_in_order(const struct addrinfo *found,
                           struct endpoint ret_list[DIAL_MAX])
{
    const struct addrinfo *next[] = {next_of(found, AF_INET6),
                                     next_of(found, AF_INET)};
    const int families[] = {AF_INET6, AF_INET};
    size_t count = 0;
    for (unsigned turn = 0; (next[0] || next[1]) && count < DIAL_MAX; turn++) {
        unsigned i = turn % 2;
        if (!next[i])
            continue;
        count += read_address(next[i], &ret_list[count]);
        next[i] = next_of(next[i]->ai_next, families[i]);
    }
    return count;
}

/* "[::1]" is what people copy from addresses of pages. */
static void plain_host(const char *host, char ret_host[HOST_BYTES])
{
    size_t len = strlen(host);
    bool framed = len > 2 && host[0] == '[' && host[len - 1] == ']';
    snprintf(ret_host, HOST_BYTES, "%.*s",
             (int)(framed             ? len - 2
                   : len < HOST_BYTES ? len
                                      : HOST_BYTES - 1),
             framed ? host + 1 : host);
}

/* A number from 1 to 65535, or perhaps the name of a service: getaddrinfo()
 * would cut larger numbers. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (text[digits] != '\0')
        return true;
    unsigned long port = digits <= 5 ? strtoul(text, NULL, 10) : 0;
    return port >= 1 && port <= UINT16_MAX;
}

/* COMMAND_GOES_ON, or an exit status: what is wrong has been said. */
static int look_up(const struct command *self,
                   const struct connect_arguments *args,
                   struct endpoint ret_list[DIAL_MAX], size_t *ret_count)
{
    char host[HOST_BYTES];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = args->family,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_protocol = IPPROTO_TCP};
    plain_host(args->host, host);
    if (!is_port(args->port))
        return usage_error(self, "\"%s\" is no port", args->port);
    int code = getaddrinfo(host, args->port, &hints, &found);
    if (code == EAI_SERVICE)
        return usage_error(self, "\"%s\" is no port", args->port);
    if (code == 0)
        *ret_count = put_in_order(found, ret_list);
    if (found)
        freeaddrinfo(found);
    if (code == 0 && *ret_count > 0)
        return COMMAND_GOES_ON;
    fprintf(stderr, "handshake: no address for \"%s\": %s\n", args->host,
            code ? gai_strerror(code) : "only ones with a zone");
    return EXIT_UNMET;
}

/* --- showing ------------------------------------------------------------- */

static void write_out(struct sight *s)
{
    fwrite(buf_text(&s->out), 1, s->out.len, stdout);
    (void)output_flush();
    buf_reset(&s->out);
}

static struct ladder_options look_of(const struct sight *s)
{
    return (struct ladder_options){
        .columns = terminal_columns(STDOUT_FILENO),
        .colour = terminal_coloured(STDOUT_FILENO, s->args->colour)};
}

/* Begin to show the front attempt. */
static void turn_to(struct sight *s, const struct runlog *log)
{
    if (s->args->json) {
        s->feed = feed_new(log);
        return;
    }
    if (s->front > 0)
        buf_str(&s->out, "\n");
    s->ladder = ladder_new(look_of(s));
}

static void turn_away(struct sight *s)
{
    ladder_free(s->ladder);
    feed_free(s->feed);
    s->ladder = NULL;
    s->feed = NULL;
    s->shown = 0;
    s->front++;
}

static void show_event(struct sight *s, const struct runlog *log, uint32_t id)
{
    size_t len = 0;
    if (s->ladder)
        ladder_add(s->ladder, runlog_get(log, id), &s->out);
    const char *line = s->feed ? feed_line(s->feed, id, &len) : NULL;
    if (line) {
        buf_append(&s->out, line, len);
        buf_str(&s->out, "\n");
    }
}

/* Called when there may be news. What is drawn is drawn at once: nothing here
 * is as fast as the hosts of a run. */
static void show_news(struct dials *d, void *arg)
{
    struct sight *s = arg;
    const struct runlog *log;
    while ((log = dials_log(d, s->front)) && runlog_count(log) > 0) {
        if (!s->ladder && !s->feed)
            turn_to(s, log);
        while (s->shown < runlog_count(log))
            show_event(s, log, ++s->shown);
        if (!runlog_ended(log))
            break;
        turn_away(s);
    }
    write_out(s);
}

/* --- before and after ---------------------------------------------------- */

static void print_title(struct sight *s, const struct dials *d,
                        const struct endpoint *list, size_t count)
{
    struct buf text;
    char address[ENDPOINT_TEXT_BYTES];
    unsigned columns = ladder_columns(look_of(s));
    buf_init(&text, OUTPUT_MAX_BYTES);
    words_bytes(&text, s->args->host, strlen(s->args->host));
    buf_printf(&text, " port %u", list[0].port);
    if (count > 1)
        buf_printf(&text, ": %zu addresses, %d ms apart as a client tries them",
                   count, DIAL_STAGGER_MS);
    for (size_t i = 0; count > 1 && i < count; i++)
        buf_printf(&text, "%s%s", i ? ", " : ": ",
                   ipaddr_text(&list[i].addr, address));
    buf_str(&text, ".");
    words_wrap(&s->out, buf_text(&text), 0, 0, columns);
    buf_reset(&text);
    if (dials_blind(d)[0])
        buf_printf(&text,
                   "Segments are not seen (%s): calls, states and what the "
                   "kernel counts are. With CAP_NET_RAW, as by sudo, they are.",
                   dials_blind(d));
    else
        buf_str(&text, "SEQ and ACK count from each side's first number; what "
                       "leaves here is not seen to arrive.");
    words_wrap(&s->out, buf_text(&text), 0, 0, columns);
    buf_str(&s->out, "\n");
    buf_done(&text);
}

static void write_summary(struct sight *s, const struct dials *d, size_t count)
{
    char address[ENDPOINT_TEXT_BYTES] = "";
    int winner = dials_winner(d);
    size_t begun = 0;
    while (begun < count && dials_log(d, begun))
        begun++;
    const struct event *begin =
        winner < 0 ? NULL : runlog_get(dials_log(d, (size_t)winner), 1);
    if (begin)
        endpoint_text(&begin->run.hosts[HOST_SERVER], address);
    struct jsonw w = jsonw_to(&s->out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "kind", "summary");
    jsonw_str(&w, "host", s->args->host);
    jsonw_uint(&w, "addresses", count);
    jsonw_uint(&w, "tried", begun);
    jsonw_bool(&w, "captured", dials_blind(d)[0] == '\0');
    jsonw_str(&w, "established", begin ? address : NULL);
    jsonw_close(&w, '}');
    buf_str(&s->out, "\n");
}

static int run_dials(struct sight *s, struct dials *d, int signal_fd,
                     const struct endpoint *list, size_t count)
{
    buf_init(&s->out, OUTPUT_MAX_BYTES);
    if (!s->args->json)
        print_title(s, d, list, count);
    dials_run(d, signal_fd, show_news, s);
    if (s->args->json)
        write_summary(s, d, count);
    write_out(s);
    buf_done(&s->out);
    int signal = signals_take(signal_fd);
    if (signal)
        return EXIT_SIGNAL + signal;
    return dials_winner(d) >= 0 && !ferror(stdout) ? 0 : EXIT_UNMET;
}

int connect_command(const struct command *self, int argc, char **argv)
{
    struct connect_arguments args = {.seconds = DEFAULT_SECONDS};
    struct operands operands;
    struct endpoint list[DIAL_MAX];
    size_t count = 0;
    struct err err = {0};
    int status = options_read(self, argc, argv, take_option, &args, &operands);
    if (status != COMMAND_GOES_ON)
        return status;
    args.host = operands.list[0];
    args.port = operands.list[1];
    status = look_up(self, &args, list, &count);
    if (status != COMMAND_GOES_ON)
        return status;
    const struct dial_options opt = {
        .targets = list, .count = count, .timeout_ms = args.seconds * 1000};
    struct dials *d = NULL;
    int signal_fd = signals_open(&err);
    if (signal_fd < 0 || dials_open(&opt, &d, &err) < 0)
        return failed(&err);
    settle_outside();
    struct sight s = {.args = &args};
    status = run_dials(&s, d, signal_fd, list, count);
    dials_close(d);
    close(signal_fd);
    return status;
}

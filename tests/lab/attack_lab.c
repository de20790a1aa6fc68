/* attack_lab.c - what an intruder in the settled program would try: reach the
 * machine's files, network, processes and kernel. Nothing may succeed.
 *
 * Before settling, the test sets out bait: a child that runs as the same user,
 * listeners on the machine's loopback, an abstract Unix socket, and HTTP
 * sockets with a client each. The attacks stand in attack_*.c, one row of a
 * table each.
 */
#include "attack.h"
#include "lab.h"

#include "handshake/http.h"
#include "handshake/settle.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LEAST_ATTACKS = 90, VICTIM_TICK_MS = 10, PATIENCE_MS = 100 };

static struct settle_report report;
struct bait bait = {.abstract = {.sun_family = AF_UNIX}};

/* --- the tests ----------------------------------------------------------- */

static const struct attack *const subjects[] = {
    file_attacks,   network_attacks, process_attacks,
    kernel_attacks, held_attacks,    NULL,
};

/* What remains where the machine's network is shared, as SECURITY.md lists it:
 * with capturing, and without. */
static const char *const remains[] = {
    "connects_to_the_machine",
    "makes_many_threads",
    "sends_outside",
    "hears_the_machine",
};
enum { REMAIN_WITHOUT_CAPTURE = 2 };

static bool is_to_remain(const char *name)
{
    size_t count = report.layers[SANDBOX_NAMESPACES].on ? 0
                   : report.links[LINK_LOOPBACK].on
                       ? sizeof(remains) / sizeof(*remains)
                       : REMAIN_WITHOUT_CAPTURE;
    for (size_t i = 0; i < count; i++)
        if (strcmp(remains[i], name) == 0)
            return true;
    return false;
}

/* What is said to remain must: else the list is wrong. */
static size_t try_all(const struct attack *a, size_t *ret_tried)
{
    size_t wrong = 0;
    for (; a->name; a++) {
        bool through = a->gets_through();
        (*ret_tried)++;
        if (through == is_to_remain(a->name))
            continue;
        print_error("%s %s\n", a->name,
                    through ? "got through" : "does not get through any more");
        wrong++;
    }
    return wrong;
}

static void test_nothing_gets_through(void **state)
{
    (void)state;
    if (!report.layers[SANDBOX_SECCOMP].on) {
        print_message("skipped: seccomp is off (%s)\n",
                      report.layers[SANDBOX_SECCOMP].why);
        skip();
    }
    size_t through = 0, tried = 0;
    for (size_t i = 0; subjects[i]; i++)
        through += try_all(subjects[i], &tried);
    if (report.layers[SANDBOX_LISTENER].on)
        through += try_all(turning_attacks, &tried);
    else
        print_message("HTTP sockets are not turned round: %s\n",
                      report.layers[SANDBOX_LISTENER].why);
    print_message("%zu attacks tried, %zu not as they should be\n", tried,
                  through);
    assert_true(tried >= LEAST_ATTACKS);
    assert_int_equal(through, 0);
}

static void test_every_layer_of_this_kernel_is_on(void **state)
{
    (void)state;
    if (!report.layers[SANDBOX_SECCOMP].on)
        skip();
    for (int i = 0; i < SANDBOX_LAYER_COUNT; i++)
        if (!report.layers[i].on && i != SANDBOX_LANDLOCK &&
            i != SANDBOX_LISTENER &&
            !(i == SANDBOX_NAMESPACES && getenv("HANDSHAKE_SHARED")))
            fail_msg("%s is off: %s", sandbox_layer_name(i),
                     report.layers[i].why);
}

static void test_runs_still_work(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    struct registry *reg = registry_new(limits, NULL);
    for (enum link_kind link = 0; link < LINK_COUNT; link++) {
        struct run *run = NULL;
        struct err err = {0};
        if (!report.links[link].on && link != LINK_SOCKETS)
            continue;
        const struct run_options opt = {.link_chosen = true, .link = link};
        if (registry_start(reg, catalog_find("open"), &opt, &run, &err) < 0)
            fail_msg("%s", err.text);
        assert_true(run_wait(run, 10000));
        if (lab_end(run)->verdict != VERDICT_ESTABLISHED)
            fail_msg("%s: %s", link_name(link), lab_end(run)->verdict_text);
        run_put(run);
    }
    registry_free(reg);
}

/* --- the bait ------------------------------------------------------------ */

/* The port lies at the same place in both families. */
static uint16_t port_of(int fd)
{
    struct sockaddr_in6 at = {.sin6_port = 0};
    socklen_t len = sizeof(at);
    getsockname(fd, (struct sockaddr *)&at, &len);
    return ntohs(at.sin6_port);
}

_Noreturn static void no_bait(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE); /* NOLINT(concurrency-mt-unsafe): no threads yet */
}

/* A socket of the machine's loopback; backlog 0: it does not listen. */
static int set_out_socket(int family, int backlog)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_v4 = family == AF_INET;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 ||
        bind(fd, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
             is_v4 ? sizeof(v4) : sizeof(v6)) < 0 ||
        (backlog && listen(fd, backlog) < 0))
        no_bait("cannot set out a socket");
    return fd;
}

static void set_out_sockets(void)
{
    static const char *const served[SERVED_COUNT] = {
        [SERVED_LOOPBACK] = "127.0.0.1:0",
        [SERVED_ALL] = "0.0.0.0:0",
        [SERVED_LOOPBACK_V6] = "[::1]:0",
    };
    char bound[ENDPOINT_TEXT_BYTES];
    struct err err = {0};
    bait.listener = set_out_socket(AF_INET, 16);
    bait.listener_v6 = set_out_socket(AF_INET6, 16);
    bait.port = port_of(bait.listener);
    bait.port_v6 = port_of(bait.listener_v6);
    bait.closed = port_of(set_out_socket(AF_INET, 0));
    for (enum served k = 0; k < SERVED_COUNT; k++) {
        bait.http[k] = http_bind(served[k], bound, &err);
        if (bait.http[k] < 0)
            no_bait(err.text);
    }
    /* A name of its own: the victim of an earlier test may still be ending. */
    snprintf(bait.abstract.sun_path + 1, sizeof(bait.abstract.sun_path) - 1,
             "handshake-bait-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&bait.abstract, sizeof(bait.abstract)) <
            0 ||
        listen(fd, 1) < 0)
        no_bait("cannot set out the abstract socket");
}

/* --- the victim ---------------------------------------------------------- */

static int orders, answers; /* the test's ends of two pipes */

static bool connects_soon(int family, uint16_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                              .sin6_port = htons(port)};
    bool is_v4 = family == AF_INET;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0), code = -1;
    socklen_t len = sizeof(code);
    (void)connect(fd, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
                  is_v4 ? sizeof(v4) : sizeof(v6));
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (poll(&wait, 1, PATIENCE_MS) == 1)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len);
    return code == 0; /* and it stays open */
}

/* Something to be heard on the machine's loopback. */
static void make_noise(void)
{
    static int fd = -1;
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons(9)};
    if (fd < 0)
        fd = socket(AF_INET, SOCK_DGRAM, 0);
    (void)sendto(fd, "noise", 5, 0, (const struct sockaddr *)&to, sizeof(to));
}

/* Lives until the pipe of its orders is closed, as it is when the test ends; a
 * signal would not get through to it. An order is a port to connect to. */
_Noreturn static void be_victim(int orders_in, int answers_out)
{
    /* The very user that settle() will make of us. */
    if (geteuid() == 0 && (setresgid(65534, 65534, 65534) < 0 ||
                           setresuid(65534, 65534, 65534) < 0))
        _exit(1);
    prctl(PR_SET_DUMPABLE, 1);
    for (int i = 0; i < 2 * SERVED_COUNT; i++)
        connects_soon(i % SERVED_COUNT == SERVED_LOOPBACK_V6 ? AF_INET6
                                                             : AF_INET,
                      port_of(bait.http[i % SERVED_COUNT]));
    for (;;) {
        struct pollfd wait = {.fd = orders_in, .events = POLLIN};
        uint16_t port;
        make_noise();
        if (poll(&wait, 1, VICTIM_TICK_MS) == 0)
            continue;
        if (read(orders_in, &port, sizeof(port)) != sizeof(port))
            _exit(0);
        bool came = connects_soon(AF_INET, port);
        if (write(answers_out, &came, sizeof(came)) != sizeof(came))
            _exit(1);
    }
}

bool bait_victim_connects(uint16_t port)
{
    bool came = false;
    if (write(orders, &port, sizeof(port)) != sizeof(port) ||
        read(answers, &came, sizeof(came)) != sizeof(came))
        fail_msg("the victim does not answer");
    return came;
}

static void set_out_victim(void)
{
    int in[2], out[2];
    if (pipe(in) < 0 || pipe(out) < 0)
        no_bait("cannot make pipes");
    bait.victim = fork();
    if (bait.victim == 0) {
        close(in[1]);
        close(out[0]);
        be_victim(in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    orders = in[1];
    answers = out[0];
    snprintf(bait.victim_ns, sizeof(bait.victim_ns), "/proc/%d/ns/net",
             (int)bait.victim);
    snprintf(bait.victim_mem, sizeof(bait.victim_mem), "/proc/%d/mem",
             (int)bait.victim);
}

static int accept_one(int listener)
{
    struct pollfd wait = {.fd = listener, .events = POLLIN};
    poll(&wait, 1, 5000);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        no_bait("the victim did not connect");
    return fd;
}

/* The victim's connections to the HTTP sockets. */
static void accept_victim(void)
{
    for (enum served k = 0; k < SERVED_COUNT; k++) {
        bait.accepted[k] = accept_one(bait.http[k]);
        bait.spare[k] = accept_one(bait.http[k]);
    }
}

int main(void)
{
    struct err err = {0};
    const struct settle_options opt = {.best = LINK_WIRE};
    set_out_sockets();
    set_out_victim();
    accept_victim();
    if (settle(&opt, &report, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_layer_of_this_kernel_is_on),
        cmocka_unit_test(test_runs_still_work),
        cmocka_unit_test(test_nothing_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* ports_lab.c - off the wire a run meets its own peer and no other program:
 * ports that a scenario names are never taken for the machine's.
 *
 * The tests' namespace stands for the machine: bait listens on its loopback. */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRIES = 10, WAIT_MS = 5000 };

static const enum link_kind shared_links[] = {LINK_LOOPBACK, LINK_SOCKETS};
static const uint8_t versions[] = {4, 6};

static struct registry *reg;

static int open_lab(void **state)
{
    (void)state;
    reg = lab_registry();
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    registry_free(reg);
    return 0;
}

/* --- another program of the machine -------------------------------------- */

static socklen_t loopback(uint8_t ip, uint16_t port,
                          struct sockaddr_storage *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (ip == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)ret;
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return sizeof(*in);
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    in6->sin6_addr = in6addr_loopback;
    return sizeof(*in6);
}

static int stranger_socket(uint8_t ip)
{
    int fd =
        socket(ip == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    return fd;
}

/* A port of loopback with a listener, or bound and closed to all. */
static int set_out_bait(uint8_t ip, bool listens, uint16_t *ret_port)
{
    struct sockaddr_storage at;
    socklen_t len = loopback(ip, 0, &at);
    int fd = stranger_socket(ip);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    if (listens)
        assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *ret_port = ntohs(ip == 4 ? ((struct sockaddr_in *)&at)->sin_port
                              : ((struct sockaddr_in6 *)&at)->sin6_port);
    return fd;
}

static void assert_nobody_came(int bait)
{
    fcntl(bait, F_SETFL, O_NONBLOCK);
    assert_int_equal(accept(bait, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
}

/* --- runs ---------------------------------------------------------------- */

static struct run *start(const char *json, enum link_kind link, uint8_t ip)
{
    struct scenario sc;
    struct run *run = NULL;
    struct err err = {0};
    const struct run_options opt = {
        .ip = ip, .link_chosen = true, .link = link};
    lab_scenario(json, &sc);
    if (registry_start(reg, &sc, &opt, &run, &err) < 0)
        fail_msg("%s", err.text);
    return run;
}

static struct run *run_steps(const char *server, const char *client,
                             enum link_kind link, uint8_t ip)
{
    char json[4096];
    snprintf(json, sizeof(json),
             "{\"id\":\"ports\",\"title\":\"ports\",\"group\":\"own\","
             "\"server\":[%s],\"client\":[%s]}",
             server, client);
    struct run *run = start(json, link, ip);
    assert_true(run_wait(run, 10000));
    return run;
}

/* The first event of a call's begin or end, or NULL. */
static const struct event *find_call(const struct run *run, const char *name,
                                     enum phase phase)
{
    const struct runlog *log = run_log(run);
    for (uint32_t id = 1; id <= runlog_count(log); id++) {
        const struct event *e = runlog_get(log, id);
        if (e->kind == EVENT_CALL && e->call.phase == phase &&
            strcmp(e->call.name, name) == 0)
            return e;
    }
    return NULL;
}

static const struct event *wait_call(const struct run *run, const char *name,
                                     enum phase phase)
{
    const struct event *e = NULL;
    for (int ms = 0; ms < WAIT_MS && !e; ms++) {
        e = find_call(run, name, phase);
        if (!e)
            poll(NULL, 0, 1);
    }
    assert_non_null(e);
    return e;
}

static uint16_t server_port(const struct run *run)
{
    const struct event *e = runlog_get(run_log(run), 1);
    assert_int_equal(e->kind, EVENT_RUN);
    return e->run.hosts[HOST_SERVER].port;
}

/* --- connecting ---------------------------------------------------------- */

/* What a stranger's port makes of a run: an error before any call. */
static void check_refused(enum link_kind link, uint8_t ip, bool listens)
{
    uint16_t port = 0;
    int bait = set_out_bait(ip, listens, &port);
    char step[80], words[40];
    snprintf(step, sizeof(step), "{\"call\":\"connect\",\"port\":%u}", port);
    snprintf(words, sizeof(words), "connects to port %u", port);
    struct run *run = run_steps("", step, link, ip);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ERROR);
    assert_non_null(strstr(lab_end(run)->verdict_text, "Nothing was sent"));
    assert_non_null(strstr(lab_end(run)->verdict_text, words));
    assert_null(find_call(run, "connect", PHASE_BEGIN));
    if (listens)
        assert_nobody_came(bait);
    run_put(run);
    close(bait);
}

static void test_a_strangers_port_is_not_reached(void **state)
{
    (void)state;
    for (size_t l = 0; l < 2; l++)
        for (size_t v = 0; v < 2; v++)
            check_refused(shared_links[l], versions[v], true);
}

static void test_closed_and_open_ports_look_alike(void **state)
{
    (void)state;
    for (size_t l = 0; l < 2; l++)
        check_refused(shared_links[l], 4, false);
}

/* A failure that the step expects makes no difference. */
static void test_an_expected_failure_reaches_nobody_either(void **state)
{
    (void)state;
    uint16_t port = 0;
    int bait = set_out_bait(4, true, &port);
    char steps[200];
    snprintf(steps, sizeof(steps),
             "{\"call\":\"connect\",\"port\":%u,\"fails\":\"any\"},"
             "{\"call\":\"send\",\"text\":\"x\",\"fails\":\"any\"}",
             port);
    struct run *run = run_steps("", steps, LINK_SOCKETS, 4);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ERROR);
    assert_nobody_came(bait);
    run_put(run);
    close(bait);
}

/* TCP_FASTOPEN_CONNECT puts the SYN off until the first send(). */
static void test_fast_open_reaches_nobody(void **state)
{
    (void)state;
    uint16_t port = 0;
    int bait = set_out_bait(4, true, &port);
    char steps[400];
    snprintf(steps, sizeof(steps),
             "{\"call\":\"socket\"},"
             "{\"call\":\"option\",\"name\":\"TCP_FASTOPEN_CONNECT\","
             "\"value\":1},"
             "{\"call\":\"connect\",\"port\":%u},"
             "{\"call\":\"send\",\"text\":\"x\"}",
             port);
    struct run *run = run_steps("", steps, LINK_SOCKETS, 4);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ERROR);
    assert_nobody_came(bait);
    run_put(run);
    close(bait);
}

/* The scenario's own port, and one that a step of the peer binds, are the
 * run's: with a listener and without. */
static void test_own_ports_are_reached(void **state)
{
    (void)state;
    static const char server[] =
        "{\"call\":\"listen\",\"port\":1337},{\"call\":\"listen\",\"on\":"
        "\"more\","
        "\"port\":4001},{\"call\":\"accept\"},"
        "{\"call\":\"accept\",\"from\":\"more\",\"on\":\"second\"},"
        "{\"call\":\"close\"},{\"call\":\"close\",\"on\":\"second\"},"
        "{\"call\":\"close\",\"on\":\"listener\"},"
        "{\"call\":\"close\",\"on\":\"more\"}";
    static const char client[] =
        "{\"call\":\"connect\",\"port\":1337},"
        "{\"call\":\"connect\",\"on\":\"second\",\"port\":4001},"
        "{\"call\":\"close\"},{\"call\":\"close\",\"on\":\"second\"}";
    for (size_t l = 0; l < 2; l++)
        for (size_t v = 0; v < 2; v++) {
            struct run *run =
                run_steps(server, client, shared_links[l], versions[v]);
            if (lab_end(run)->verdict != VERDICT_ESTABLISHED)
                fail_msg("%s", lab_end(run)->verdict_text);
            run_put(run);
        }
}

static void test_a_closed_port_still_refuses(void **state)
{
    (void)state;
    for (size_t l = 0; l < 2; l++)
        for (size_t v = 0; v < 2; v++) {
            struct run *run = run_steps("", "{\"call\":\"connect\"}",
                                        shared_links[l], versions[v]);
            assert_int_equal(lab_end(run)->verdict, VERDICT_REFUSED);
            run_put(run);
        }
}

/* --- binding ------------------------------------------------------------- */

/* That a stranger has the port must not show. */
static void test_bind_does_not_tell_of_a_strangers_port(void **state)
{
    (void)state;
    uint16_t port = 0;
    int bait = set_out_bait(4, true, &port);
    char steps[200];
    snprintf(steps, sizeof(steps),
             "{\"call\":\"bind\",\"port\":%u},{\"call\":\"connect\"},{\"call\":"
             "\"close\"}",
             port);
    struct run *run = run_steps("{\"call\":\"listen\"},{\"call\":\"accept\"},"
                                "{\"call\":\"close\"},"
                                "{\"call\":\"close\",\"on\":\"listener\"}",
                                steps, LINK_SOCKETS, 4);
    if (lab_end(run)->verdict != VERDICT_ESTABLISHED)
        fail_msg("%s", lab_end(run)->verdict_text);
    run_put(run);
    close(bait);
}

static void test_a_port_taken_twice_is_in_use(void **state)
{
    (void)state;
    struct run *run =
        run_steps("",
                  "{\"call\":\"bind\",\"on\":\"a\",\"port\":4000},"
                  "{\"call\":\"bind\",\"on\":\"b\",\"port\":4000}",
                  LINK_SOCKETS, 4);
    assert_non_null(
        strstr(lab_end(run)->verdict_text, "bind() gave EADDRINUSE"));
    run_put(run);
}

static void test_too_many_ports_are_refused(void **state)
{
    (void)state;
    char steps[2048] = "";
    for (int i = 0; i < 17; i++)
        snprintf(steps + strlen(steps), sizeof(steps) - strlen(steps),
                 "%s{\"call\":\"bind\",\"on\":\"s%d\",\"port\":%d}",
                 i ? "," : "", i, 4000 + i);
    struct run *run = run_steps("", steps, LINK_SOCKETS, 4);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ERROR);
    assert_non_null(strstr(lab_end(run)->verdict_text, "more than 16 ports"));
    run_put(run);
}

/* --- strangers ----------------------------------------------------------- */

/* As another program would that is set on it: 0 or the errno. */
static int try_to_listen(uint16_t port, int option)
{
    const int on = 1;
    struct sockaddr_storage at;
    socklen_t len = loopback(4, port, &at);
    int fd = stranger_socket(4);
    if (option)
        setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on));
    int code = bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 1) < 0
                   ? errno
                   : 0;
    close(fd);
    return code;
}

static void assert_port_is_held(uint16_t port)
{
    assert_int_equal(try_to_listen(port, 0), EADDRINUSE);
    assert_int_equal(try_to_listen(port, SO_REUSEADDR), EADDRINUSE);
    assert_int_equal(try_to_listen(port, SO_REUSEPORT), EADDRINUSE);
}

/* From before the listener until after it: nobody takes its place. */
static void test_the_ports_of_a_run_stay_its_own(void **state)
{
    (void)state;
    struct run *run =
        start("{\"id\":\"p\",\"title\":\"p\",\"group\":\"own\",\"server\":["
              "{\"call\":\"listen\"},{\"call\":\"close\",\"on\":\"listener\","
              "\"after\":\"client close returned\"},"
              "{\"call\":\"sleep\",\"ms\":60000}],\"client\":["
              "{\"call\":\"connect\"},{\"call\":\"sleep\",\"ms\":200},"
              "{\"call\":\"close\"},{\"call\":\"sleep\",\"ms\":60000}]}",
              LINK_SOCKETS, 4);
    wait_call(run, "connect", PHASE_END);
    uint16_t port = server_port(run);
    assert_port_is_held(port);
    const struct event *closed = NULL;
    for (int ms = 0; ms < WAIT_MS && !closed; ms++) {
        const struct runlog *log = run_log(run);
        for (uint32_t id = 1; id <= runlog_count(log); id++) {
            const struct event *e = runlog_get(log, id);
            if (e->kind == EVENT_CALL && e->call.phase == PHASE_END &&
                e->call.host == HOST_SERVER &&
                strcmp(e->call.name, "close") == 0)
                closed = e;
        }
        poll(NULL, 0, 1);
    }
    assert_non_null(closed);
    assert_port_is_held(port);
    run_stop(run);
    assert_true(run_wait(run, WAIT_MS));
    run_put(run);
}

static const char two_accepts[] =
    "{\"id\":\"p\",\"title\":\"p\",\"group\":\"own\",\"server\":["
    "{\"call\":\"listen\"},{\"call\":\"accept\",\"after\":\"100 ms\"},"
    "{\"call\":\"accept\",\"on\":\"other\",\"nonblock\":true},"
    "{\"call\":\"close\"},{\"call\":\"close\",\"on\":\"listener\"}],"
    "\"client\":[{\"call\":\"connect\"},"
    "{\"call\":\"wait\",\"after\":\"server accept returned\"},"
    "{\"call\":\"close\"}]}";

/* One run with a stranger in the listener's queue. False when the stranger was
 * too late to count. */
static bool stranger_is_reset(enum link_kind link)
{
    struct run *run = start(two_accepts, link, 4);
    wait_call(run, "listen", PHASE_END);
    struct sockaddr_storage to;
    socklen_t len = loopback(4, server_port(run), &to);
    int fd = stranger_socket(4);
    int r = connect(fd, (struct sockaddr *)&to, len);
    bool in_time = r == 0 && !find_call(run, "accept", PHASE_BEGIN);
    assert_true(run_wait(run, WAIT_MS));
    if (in_time) {
        char c;
        assert_int_equal(recv(fd, &c, 1, 0), -1);
        assert_int_equal(errno, ECONNRESET);
        if (!strstr(lab_end(run)->verdict_text, "accept() gave EAGAIN"))
            fail_msg("%s", lab_end(run)->verdict_text);
        for (uint32_t n = 1; n <= lab_segment_count(run); n++) {
            struct segment seg;
            const struct event *e = lab_segment(run, n, &seg);
            assert_int_equal(e->segment.from == HOST_SERVER,
                             seg.src.port == server_port(run));
            assert_int_equal(n > 1, seg.flags != SEG_SYN);
        }
    }
    close(fd);
    run_put(run);
    return in_time;
}

static void test_a_stranger_is_not_accepted(void **state)
{
    (void)state;
    for (size_t l = 0; l < 2; l++) {
        bool done = false;
        for (int i = 0; i < TRIES && !done; i++)
            done = stranger_is_reset(shared_links[l]);
        assert_true(done);
    }
}

static atomic_bool quiet;

/* ICMP on loopback all the time: nobody listens there. */
static void *make_noise(void *unused)
{
    struct sockaddr_storage to;
    socklen_t len = loopback(4, 9, &to);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    while (!atomic_load(&quiet)) {
        sendto(fd, "noise", 5, 0, (struct sockaddr *)&to, len);
        poll(NULL, 0, 2);
    }
    close(fd);
    return unused;
}

static void test_noise_of_others_does_not_keep_a_run_alive(void **state)
{
    (void)state;
    pthread_t noise;
    atomic_store(&quiet, false);
    assert_int_equal(pthread_create(&noise, NULL, make_noise, NULL), 0);
    struct run *run = run_steps(
        "{\"call\":\"listen\"},{\"call\":\"accept\"},{\"call\":\"recv\"},"
        "{\"call\":\"close\"},{\"call\":\"close\",\"on\":\"listener\"}",
        "{\"call\":\"connect\"},{\"call\":\"close\"}", LINK_LOOPBACK, 4);
    atomic_store(&quiet, true);
    pthread_join(noise, NULL);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ESTABLISHED);
    run_put(run);
}

int main(void)
{
    lab_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_strangers_port_is_not_reached),
        cmocka_unit_test(test_closed_and_open_ports_look_alike),
        cmocka_unit_test(test_an_expected_failure_reaches_nobody_either),
        cmocka_unit_test(test_fast_open_reaches_nobody),
        cmocka_unit_test(test_own_ports_are_reached),
        cmocka_unit_test(test_a_closed_port_still_refuses),
        cmocka_unit_test(test_bind_does_not_tell_of_a_strangers_port),
        cmocka_unit_test(test_a_port_taken_twice_is_in_use),
        cmocka_unit_test(test_too_many_ports_are_refused),
        cmocka_unit_test(test_the_ports_of_a_run_stay_its_own),
        cmocka_unit_test(test_a_stranger_is_not_accepted),
        cmocka_unit_test(test_noise_of_others_does_not_keep_a_run_alive),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}

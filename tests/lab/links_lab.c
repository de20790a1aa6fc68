/* links_lab.c - the links without a wire: loopback watched by libpcap, and
 * sockets alone. What they cannot see must be missing, never made up. */
#include "lab.h"

#include <errno.h>
#include <string.h>

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

static struct run *run_on(enum link_kind link, uint8_t ip)
{
    struct run *run = NULL;
    struct err err = {0};
    const struct run_options opt = {
        .ip = ip, .link_chosen = true, .link = link};
    if (registry_start(reg, catalog_find("classic"), &opt, &run, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(run_wait(run, LAB_WAIT_MS));
    assert_int_equal(lab_end(run)->verdict, VERDICT_ESTABLISHED);
    return run;
}

static void check_loopback(uint8_t ip)
{
    struct run *run = run_on(LINK_LOOPBACK, ip);
    struct segment syn, synack, ack;
    assert_int_equal(lab_segment(run, 1, &syn)->segment.from, HOST_CLIENT);
    assert_int_equal(lab_segment(run, 2, &synack)->segment.from, HOST_SERVER);
    lab_segment(run, 3, &ack);
    assert_int_equal(syn.flags, SEG_SYN);
    assert_int_equal(synack.ack, syn.seq + 1);
    assert_int_equal(ack.ack, synack.seq + 1);
    assert_int_equal(syn.src.addr.version, ip);
    /* Checksum offload leaves them partial on loopback, and so they are shown;
     * one in 65,536 is right by chance. */
    uint32_t partial = 0;
    for (uint32_t n = 1; n <= lab_segment_count(run); n++) {
        struct segment seg;
        lab_segment(run, n, &seg);
        assert_int_not_equal(seg.checksum_verdict, CHECKSUM_BAD);
        partial += seg.checksum_verdict == CHECKSUM_PARTIAL;
    }
    assert_true(partial + 1 >= lab_segment_count(run));
    for (size_t i = 0; i < lab_end(run)->expect_count; i++)
        assert_true(lab_end(run)->expect[i].met);
    run_put(run);
}

static void test_loopback_shows_the_handshake_ipv4(void **state)
{
    (void)state;
    check_loopback(4);
}

static void test_loopback_shows_the_handshake_ipv6(void **state)
{
    (void)state;
    check_loopback(6);
}

/* Every segment is of the connection that the first one opens. */
static void check_one_connection(struct run *run)
{
    struct segment syn, seg;
    lab_segment(run, 1, &syn);
    for (uint32_t n = 2; n <= lab_segment_count(run); n++) {
        bool back = lab_segment(run, n, &seg)->segment.from == HOST_SERVER;
        assert_int_equal(back ? seg.dst.port : seg.src.port, syn.src.port);
        assert_int_equal(back ? seg.src.port : seg.dst.port, syn.dst.port);
    }
}

/* Several at a time in one namespace: each sees its own segments alone. */
static void test_loopback_runs_do_not_mix(void **state)
{
    (void)state;
    struct run *runs[6];
    struct err err = {0};
    const struct run_options opt = {
        .ip = 4, .link_chosen = true, .link = LINK_LOOPBACK};
    for (int i = 0; i < 6; i++)
        assert_int_equal(
            registry_start(reg, catalog_find("open"), &opt, &runs[i], &err), 0);
    for (int i = 0; i < 6; i++) {
        assert_true(run_wait(runs[i], LAB_WAIT_MS));
        assert_true(lab_segment_count(runs[i]) >= 6);
        check_one_connection(runs[i]);
        run_put(runs[i]);
    }
}

static void check_sockets(uint8_t ip)
{
    struct run *run = run_on(LINK_SOCKETS, ip);
    struct segment syn;
    const struct event *e = lab_segment(run, 1, &syn);
    assert_true(e->segment.saved);
    assert_int_equal(syn.flags, SEG_SYN);
    assert_int_equal(syn.src.addr.version, ip);
    assert_int_equal(lab_segment_count(run), 1);
    /* Nothing was seen passing, so nothing has a fate, and the expectations
     * about segments are neither met nor missed. */
    bool connected = false;
    for (uint32_t id = 1; id <= runlog_count(run_log(run)); id++) {
        const struct event *seen = runlog_get(run_log(run), id);
        assert_int_not_equal(seen->kind, EVENT_COPY);
        connected |= seen->kind == EVENT_CALL && seen->call.facts.known &&
                     seen->call.facts.snd_mss > 0;
    }
    assert_true(connected);
    assert_int_equal(lab_end(run)->expect_count, 2);
    run_put(run);
}

static void test_sockets_show_what_sockets_know_ipv4(void **state)
{
    (void)state;
    check_sockets(4);
}

static void test_sockets_show_what_sockets_know_ipv6(void **state)
{
    (void)state;
    check_sockets(6);
}

static void test_scenario_that_needs_the_wire_is_refused(void **state)
{
    (void)state;
    struct scenario sc = *catalog_find("open");
    sc.needs_wire = true;
    struct run *run = NULL;
    struct err err = {0};
    const struct run_options opt = {.link_chosen = true, .link = LINK_LOOPBACK};
    assert_int_equal(registry_start(reg, &sc, &opt, &run, &err), -EOPNOTSUPP);
    assert_non_null(strstr(err.text, "needs the wire"));
}

int main(void)
{
    lab_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loopback_shows_the_handshake_ipv4),
        cmocka_unit_test(test_loopback_shows_the_handshake_ipv6),
        cmocka_unit_test(test_loopback_runs_do_not_mix),
        cmocka_unit_test(test_sockets_show_what_sockets_know_ipv4),
        cmocka_unit_test(test_sockets_show_what_sockets_know_ipv6),
        cmocka_unit_test(test_scenario_that_needs_the_wire_is_refused),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}

/* wire_lab.c - the wire in hand, on real kernels: every fate, rules, hold,
 * decisions, forged segments. */
#include "lab.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* `open` with rules in words; NULL ends the list. */
static struct run *start_with(const struct run_options *opt,
                              const char *const *rules)
{
    struct scenario sc = *catalog_find("open");
    struct run *run = NULL;
    struct err err = {0};
    for (; rules && *rules; rules++)
        if (rule_parse(*rules, NULL, &sc.wire.rules[sc.wire.rule_count++],
                       &err) < 0)
            fail_msg("%s", err.text);
    sc.expect.segment_count = 0;
    if (registry_start(reg, &sc, opt, &run, &err) < 0)
        fail_msg("%s", err.text);
    return run;
}

static struct run *run_with(const char *const *rules)
{
    const struct run_options opt = {.ip = 4};
    struct run *run = start_with(&opt, rules);
    assert_true(run_wait(run, LAB_WAIT_MS));
    return run;
}

#define RULES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Copies of segment n with that fate. */
static size_t copies(struct run *run, uint32_t n, enum fate fate)
{
    size_t count = 0;
    for (uint32_t id = 1; id <= runlog_count(run_log(run)); id++) {
        const struct event *e = runlog_get(run_log(run), id);
        count +=
            e->kind == EVENT_COPY && e->copy.n == n && e->copy.fate == fate;
    }
    return count;
}

/* The last copy event of segment n. */
static const struct event *last_copy(struct run *run, uint32_t n)
{
    for (uint32_t id = runlog_count(run_log(run)); id > 0; id--) {
        const struct event *e = runlog_get(run_log(run), id);
        if (e->kind == EVENT_COPY && e->copy.n == n)
            return e;
    }
    fail_msg("segment %u has no fate", (unsigned)n);
    return NULL;
}

/* --- rules --------------------------------------------------------------- */

static void test_dropped_syn_comes_again_after_a_second(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN nth 1 drop"));
    struct segment first, second, answer;
    const struct event *one = lab_segment(run, 1, &first);
    const struct event *two = lab_segment(run, 2, &second);
    lab_segment(run, 3, &answer);
    assert_int_equal(copies(run, 1, FATE_DROPPED), 1);
    assert_int_equal(last_copy(run, 1)->copy.by, BY_RULE);
    assert_string_equal(last_copy(run, 1)->copy.by_name, "rule-1");
    assert_int_equal(second.flags, SEG_SYN);
    assert_int_equal(first.seq, second.seq);
    assert_true(two->t_ns - one->t_ns >= 900000000);
    /* It came at the first turn of the timer, and was enough. */
    assert_int_equal(answer.flags, SEG_SYN | SEG_ACK);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ESTABLISHED);
    run_put(run);
}

static void test_delayed_segment_arrives_late(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN delay 50"));
    struct segment syn, answer;
    const struct event *sent = lab_segment(run, 1, &syn);
    assert_true(last_copy(run, 1)->t_ns - sent->t_ns >= 50000000);
    /* Not so late that the client's timer had sent another. */
    lab_segment(run, 2, &answer);
    assert_int_equal(answer.flags, SEG_SYN | SEG_ACK);
    run_put(run);
}

static void test_duplicated_syn_makes_one_connection(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN duplicate 3"));
    assert_int_equal(copies(run, 1, FATE_ARRIVED), 3);
    assert_int_equal(lab_end(run)->verdict, VERDICT_ESTABLISHED);
    run_put(run);
}

static void test_corrupted_syn_is_not_heard(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN nth 1 corrupt"));
    const struct event *copy = last_copy(run, 1);
    struct segment damaged, again;
    assert_non_null(copy->copy.changed);
    assert_int_equal(
        segment_parse(copy->copy.bytes, copy->copy.len, &damaged, NULL), 0);
    assert_int_equal(damaged.checksum_verdict, CHECKSUM_BAD);
    lab_segment(run, 2, &again);
    assert_int_equal(again.flags, SEG_SYN);
    run_put(run);
}

static void test_stripped_option_is_not_agreed(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN strip WScale"));
    const struct event *copy = last_copy(run, 1);
    struct segment arrived, answer;
    uint8_t shift;
    assert_int_equal(
        segment_parse(copy->copy.bytes, copy->copy.len, &arrived, NULL), 0);
    assert_int_equal(arrived.checksum_verdict, CHECKSUM_OK);
    assert_false(segment_wscale(&arrived, &shift));
    lab_segment(run, 2, &answer);
    assert_false(segment_wscale(&answer, &shift));
    run_put(run);
}

static void test_forged_reset_refuses(void **state)
{
    (void)state;
    struct run *run =
        run_with(RULES("client SYN answer RST,ACK seq=0 ack=seg.next win=0"));
    struct segment syn, rst;
    lab_segment(run, 1, &syn);
    const struct event *e = lab_segment(run, 2, &rst);
    assert_true(e->segment.forged);
    assert_int_equal(rst.ack, syn.seq + 1);
    assert_int_equal(rst.checksum_verdict, CHECKSUM_OK);
    assert_int_equal(lab_end(run)->verdict, VERDICT_REFUSED);
    run_put(run);
}

static void test_forged_icmp_is_heard(void **state)
{
    (void)state;
    struct run *run = run_with(RULES("client SYN answer icmp 3/1"));
    assert_int_equal(lab_end(run)->verdict, VERDICT_UNREACHABLE);
    assert_non_null(strstr(lab_end(run)->verdict_text, "EHOSTUNREACH"));
    run_put(run);
}

static void test_first_matching_rule_decides(void **state)
{
    (void)state;
    const struct run_options opt = {.ip = 4, .max_seconds = 2};
    struct run *run = start_with(&opt, RULES("client SYN pass", "client drop"));
    assert_true(run_wait(run, LAB_WAIT_MS));
    assert_int_equal(copies(run, 1, FATE_ARRIVED), 1);
    assert_int_equal(copies(run, 3, FATE_DROPPED), 1);
    run_put(run);
}

/* --- the path ------------------------------------------------------------ */

/* The fates of the first `count` segments that a host sent, as one text. */
static void fates_of(struct run *run, enum host_id from, uint32_t count,
                     char ret_text[64])
{
    size_t len = 0;
    for (uint32_t n = 1; count > 0; n++) {
        struct segment seg;
        if (lab_segment(run, n, &seg)->segment.from != from)
            continue;
        len += (size_t)snprintf(ret_text + len, 64 - len, "%zu/%zu ",
                                copies(run, n, FATE_ARRIVED),
                                copies(run, n, FATE_DROPPED));
        count--;
    }
}

static struct run *run_lossy(uint64_t seed)
{
    const struct run_options opt = {.ip = 4,
                                    .path_chosen = true,
                                    .path = {.latency_us = 2000,
                                             .loss_ppm = 200000,
                                             .duplicate_ppm = 300000},
                                    .seed = seed,
                                    .max_seconds = 8};
    struct run *run = start_with(&opt, NULL);
    assert_true(run_wait(run, LAB_WAIT_MS));
    return run;
}

static void test_same_seed_gives_the_same_fates(void **state)
{
    (void)state;
    struct run *one = run_lossy(7), *two = run_lossy(7);
    char first[64] = "", second[64] = "";
    /* Host by host: when each sends is its kernel's own affair. */
    fates_of(one, HOST_SERVER, 2, first);
    fates_of(two, HOST_SERVER, 2, second);
    assert_string_equal(first, second);
    fates_of(one, HOST_CLIENT, 3, first);
    fates_of(two, HOST_CLIENT, 3, second);
    assert_string_equal(first, second);
    /* Not because nothing happens: this seed doubles or loses one of them. */
    assert_true(strstr(first, "0/1") || strstr(first, "2/0"));
    run_put(one);
    run_put(two);
}

static void test_latency_is_kept_in_both_directions(void **state)
{
    (void)state;
    const struct run_options opt = {
        .ip = 6, .path_chosen = true, .path = {.latency_us = 20000}};
    struct run *run = start_with(&opt, NULL);
    assert_true(run_wait(run, LAB_WAIT_MS));
    for (uint32_t n = 1; n <= lab_segment_count(run); n++) {
        struct segment seg;
        const struct event *sent = lab_segment(run, n, &seg);
        assert_true(last_copy(run, n)->t_ns - sent->t_ns >= 20000000);
        /* One SYN each way: neither timer ran out meanwhile. */
        assert_int_equal((seg.flags & SEG_SYN) != 0, n <= 2);
    }
    run_put(run);
}

/* --- hold ---------------------------------------------------------------- */

static struct run *start_held(void)
{
    const struct run_options opt = {.ip = 4, .hold = true};
    return start_with(&opt, NULL);
}

static int decide(struct run *run, uint32_t n, enum decide_do what)
{
    const struct decision d = {.what = what};
    struct err err = {0};
    return run_decide(run, n, &d, &err);
}

static void stop_and_put(struct run *run)
{
    run_stop(run);
    assert_true(run_wait(run, LAB_WAIT_MS));
    run_put(run);
}

static void test_held_segments_wait_for_their_decision(void **state)
{
    (void)state;
    struct run *run = start_held();
    for (uint32_t n = 1; n <= 3; n++) {
        lab_wait_fate(run, n, FATE_HELD);
        assert_int_equal(copies(run, n, FATE_ARRIVED), 0);
        assert_int_equal(decide(run, n, DECIDE_DELIVER), 0);
        lab_wait_fate(run, n, FATE_ARRIVED);
        assert_int_equal(last_copy(run, n)->copy.by, BY_PERSON);
    }
    lab_wait_state(run, HOST_SERVER, TCP_STATE_ESTABLISHED);
    stop_and_put(run);
}

static void test_deciding_twice_or_too_early_is_refused(void **state)
{
    (void)state;
    struct run *run = start_held();
    lab_wait_fate(run, 1, FATE_HELD);
    assert_int_equal(decide(run, 2, DECIDE_DROP), -ENOENT);
    assert_int_equal(decide(run, 1, DECIDE_DROP), 0);
    assert_int_equal(decide(run, 1, DECIDE_DELIVER), -EALREADY);
    run_stop(run);
    assert_true(run_wait(run, LAB_WAIT_MS));
    assert_int_equal(decide(run, 1, DECIDE_DELIVER), -ESHUTDOWN);
    run_put(run);
}

/* Held past the kernel's timer: nothing arrives meanwhile, the SYN comes again
 * and is held too; dropping one leaves the other where it is. */
static void test_hold_outlasts_a_retransmission(void **state)
{
    (void)state;
    struct run *run = start_held();
    lab_wait_fate(run, 2, FATE_HELD);
    struct segment first, again;
    lab_segment(run, 1, &first);
    lab_segment(run, 2, &again);
    assert_int_equal(first.seq, again.seq);
    assert_int_equal(copies(run, 1, FATE_ARRIVED), 0);
    assert_int_equal(decide(run, 1, DECIDE_DROP), 0);
    assert_true(run_held_count(run) >= 1);
    assert_int_equal(decide(run, 2, DECIDE_DELIVER), 0);
    stop_and_put(run);
}

static void test_swallow_takes_retransmissions_of_the_held(void **state)
{
    (void)state;
    struct run *run = start_held();
    const struct wire_patch patch = {.set_swallow = true, .swallow = true};
    struct err err = {0};
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), 0);
    lab_wait_fate(run, 2, FATE_DROPPED);
    assert_int_equal(run_held_count(run), 1);
    assert_int_equal(copies(run, 2, FATE_DROPPED), 1);
    stop_and_put(run);
}

static void test_hold_off_lets_all_go_on(void **state)
{
    (void)state;
    struct run *run = start_held();
    lab_wait_fate(run, 1, FATE_HELD);
    const struct wire_patch patch = {.set_hold = {true, true}};
    struct err err = {0};
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), 0);
    assert_true(run_wait(run, LAB_WAIT_MS));
    assert_int_equal(lab_end(run)->verdict, VERDICT_ESTABLISHED);
    run_put(run);
}

static void test_what_is_held_at_the_end_is_accounted_for(void **state)
{
    (void)state;
    struct run *run = start_held();
    lab_wait_fate(run, 1, FATE_HELD);
    run_stop(run);
    assert_true(run_wait(run, LAB_WAIT_MS));
    assert_int_equal(copies(run, 1, FATE_DROPPED), 1);
    assert_int_equal(last_copy(run, 1)->copy.by, BY_LINK);
    run_put(run);
}

static void *decide_in_a_loop(void *arg)
{
    struct run *run = arg;
    for (uint32_t n = 1; n < 2000; n++)
        decide(run, n % 16 + 1, (enum decide_do)(n % 3));
    return NULL;
}

static void test_decisions_may_race_the_end(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct run *run = start_held();
        pthread_t deciders[2];
        for (int d = 0; d < 2; d++)
            pthread_create(&deciders[d], NULL, decide_in_a_loop, run);
        usleep((unsigned)i * 300); /* another moment each time */
        run_stop(run);
        for (int d = 0; d < 2; d++)
            pthread_join(deciders[d], NULL);
        assert_true(run_wait(run, LAB_WAIT_MS));
        run_put(run);
    }
}

/* --- settings ------------------------------------------------------------ */

static void add_rule(struct wire_patch *patch, const char *name,
                     const char *words)
{
    struct err err = {0};
    if (rule_parse(words, name, &patch->add[patch->add_count++], &err) < 0)
        fail_msg("%s", err.text);
}

static void test_rules_come_and_go_while_a_run_is_alive(void **state)
{
    (void)state;
    struct run *run = start_held();
    static struct wire_patch patch;
    static struct wire_settings now;
    struct err err = {0};
    patch = (struct wire_patch){.add_count = 0};
    add_rule(&patch, "one", "client SYN drop");
    add_rule(&patch, NULL, "server pass");
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), 0);
    assert_int_equal(run_get_wire(run, &now, &err), 0);
    assert_int_equal(now.rule_count, 2);
    assert_string_equal(now.rules[0].name, "one");
    patch = (struct wire_patch){.add_count = 0};
    add_rule(&patch, "one", "client drop");
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), -EEXIST);
    patch = (struct wire_patch){.remove = {"none"}, .remove_count = 1};
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), -ENOENT);
    patch = (struct wire_patch){.remove = {"one"}, .remove_count = 1};
    assert_int_equal(run_patch_wire(run, &patch, NULL, &err), 0);
    assert_int_equal(run_reset_wire(run, NULL, &err), 0);
    assert_int_equal(run_get_wire(run, &now, &err), 0);
    assert_int_equal(now.rule_count, 0);
    assert_false(now.hold[HOST_CLIENT]);
    assert_true(run_wait(run, LAB_WAIT_MS));
    run_put(run);
}

static void test_other_links_have_no_wire(void **state)
{
    (void)state;
    const struct run_options opt = {
        .ip = 4, .link_chosen = true, .link = LINK_SOCKETS};
    struct run *run = start_with(&opt, NULL);
    static struct wire_settings now;
    struct err err = {0};
    assert_int_equal(run_get_wire(run, &now, &err), -EOPNOTSUPP);
    assert_true(run_wait(run, LAB_WAIT_MS));
    run_put(run);
}

/* --- by hand ------------------------------------------------------------- */

static void inject(struct run *run, uint16_t flags, const char *seq,
                   const char *ack)
{
    struct forge forge = {
        .kind = FORGE_SEGMENT, .to = HOST_SERVER, .flags = flags};
    struct err err = {0};
    uint32_t n = 0;
    if (seq)
        assert_true(number_parse(seq, &forge.seq));
    if (ack)
        assert_true(number_parse(ack, &forge.ack));
    if (run_inject(run, &forge, &n, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(n > 0);
}

/* The person is the client: SYN and ACK by hand against a real kernel server.
 */
static void test_person_completes_a_handshake(void **state)
{
    (void)state;
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"client\":[],\"server\":["
                 "{\"call\":\"listen\"},{\"call\":\"accept\"}]}",
                 &sc);
    /* The client's kernel knows nothing of it and would answer with RST. */
    struct err err = {0};
    rule_parse("client with RST drop", NULL,
               &sc.wire.rules[sc.wire.rule_count++], &err);
    struct run *run = lab_start(reg, &sc, 4);
    lab_wait_call(run, HOST_SERVER, "accept", PHASE_BEGIN);
    inject(run, SEG_SYN, "1000", NULL);
    lab_wait_state(run, HOST_SERVER, TCP_STATE_SYN_RECEIVED);
    lab_wait_segments(run, 2);
    inject(run, SEG_ACK, "client.isn+1", "server.isn+1");
    assert_true(run_wait(run, LAB_WAIT_MS));
    char text[256];
    assert_non_null(
        strstr(lab_states(run, HOST_SERVER, text), "SYN-RECEIVED ESTABLISHED"));
    run_put(run);
}

static void test_numbers_nobody_has_said_are_refused(void **state)
{
    (void)state;
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"client\":[],\"server\":["
                 "{\"call\":\"listen\"},{\"call\":\"accept\"}]}",
                 &sc);
    struct run *run = lab_start(reg, &sc, 4);
    lab_wait_call(run, HOST_SERVER, "accept", PHASE_BEGIN);
    struct forge forge = {
        .kind = FORGE_SEGMENT, .to = HOST_SERVER, .flags = SEG_ACK};
    struct err err = {0};
    uint32_t n = 0;
    assert_true(number_parse("server.isn+1", &forge.ack));
    assert_int_equal(run_inject(run, &forge, &n, &err), -EINVAL);
    assert_non_null(strstr(err.text, "server.isn+1"));
    stop_and_put(run);
}

/* A flood of SYNs from many senders: each is answered or counted, none crashes
 * anything. */
static void test_flood_is_carried(void **state)
{
    (void)state;
    struct scenario sc;
    lab_scenario("{\"id\":\"t\",\"title\":\"t\",\"client\":[],\"server\":["
                 "{\"call\":\"listen\",\"backlog\":4},{\"call\":\"accept\"}]}",
                 &sc);
    struct run *run = lab_start(reg, &sc, 4);
    lab_wait_call(run, HOST_SERVER, "accept", PHASE_BEGIN);
    const struct forge forge = {.kind = FORGE_SEGMENT,
                                .to = HOST_SERVER,
                                .flags = SEG_SYN,
                                .count = 40,
                                .vary_source = true};
    struct err err = {0};
    uint32_t n = 0;
    assert_int_equal(run_inject(run, &forge, &n, &err), 0);
    lab_wait_segments(run, 45);
    stop_and_put(run);
}

int main(void)
{
    lab_enter();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dropped_syn_comes_again_after_a_second),
        cmocka_unit_test(test_delayed_segment_arrives_late),
        cmocka_unit_test(test_duplicated_syn_makes_one_connection),
        cmocka_unit_test(test_corrupted_syn_is_not_heard),
        cmocka_unit_test(test_stripped_option_is_not_agreed),
        cmocka_unit_test(test_forged_reset_refuses),
        cmocka_unit_test(test_forged_icmp_is_heard),
        cmocka_unit_test(test_first_matching_rule_decides),
        cmocka_unit_test(test_same_seed_gives_the_same_fates),
        cmocka_unit_test(test_latency_is_kept_in_both_directions),
        cmocka_unit_test(test_held_segments_wait_for_their_decision),
        cmocka_unit_test(test_deciding_twice_or_too_early_is_refused),
        cmocka_unit_test(test_hold_outlasts_a_retransmission),
        cmocka_unit_test(test_swallow_takes_retransmissions_of_the_held),
        cmocka_unit_test(test_hold_off_lets_all_go_on),
        cmocka_unit_test(test_what_is_held_at_the_end_is_accounted_for),
        cmocka_unit_test(test_decisions_may_race_the_end),
        cmocka_unit_test(test_rules_come_and_go_while_a_run_is_alive),
        cmocka_unit_test(test_other_links_have_no_wire),
        cmocka_unit_test(test_person_completes_a_handshake),
        cmocka_unit_test(test_numbers_nobody_has_said_are_refused),
        cmocka_unit_test(test_flood_is_carried),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}

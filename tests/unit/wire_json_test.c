/* wire_json_test.c - rules, conditions, forged segments, decisions and changes
 * of the wire: JSON <-> struct, and faults with their place. */
#include "test.h"

#include "json_internal.h"

#include "handshake/segment.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct json_faults faults;
static struct wire_settings settings;
static struct wire_settings straight; /* all zero */

/* The fault must be the only one. */
static void check_fault(const char *pointer, const char *part)
{
    if (faults.count != 1)
        fail_msg("%zu faults where \"%s\" was expected (%s)", faults.count,
                 part, faults.count ? faults.list[0].text : "");
    assert_string_equal(faults.list[0].pointer, pointer);
    if (!strstr(faults.list[0].text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, faults.list[0].text);
}

static void read_rules(const char *text)
{
    struct reader r = reader_to(&faults);
    memset(&settings, 0, sizeof(settings));
    cJSON *doc = reader_parse(&r, text, strlen(text));
    assert_non_null(doc);
    wire_rules_read(&r, doc, &settings);
    cJSON_Delete(doc);
}

static void no_faults(const char *text)
{
    if (faults.count > 0)
        fail_msg("%s: %s: %s", text, faults.list[0].pointer,
                 faults.list[0].text);
}

/* --- rules --------------------------------------------------------------- */

/* What the object says, the words say, and both survive writing. */
static const struct {
    const char *object, *words;
} same_rules[] = {
    {"{\"do\":\"drop\"}", "drop"},
    {"{\"do\":\"pass\",\"from\":\"server\"}", "server pass"},
    {"{\"do\":\"drop\",\"from\":\"client\",\"flags\":\"SYN\",\"nth\":1}",
     "client SYN nth 1 drop"},
    {"{\"do\":\"drop\",\"flags\":\"(none)\"}", "(none) drop"},
    {"{\"do\":\"hold\",\"with\":\"SYN\",\"without\":\"ACK\"}",
     "with SYN without ACK hold"},
    {"{\"do\":\"corrupt\",\"nth\":[2,4],\"payload\":true}",
     "nth 2-4 data corrupt"},
    {"{\"do\":\"drop\",\"nth\":[3,null],\"payload\":false}",
     "nth 3- empty drop"},
    {"{\"do\":\"drop\",\"longer\":1280}", "longer 1280 drop"},
    {"{\"do\":\"drop\",\"contains\":\"a \\\"b\\\"\","
     "\"retransmission\":true}",
     "contains \"a \\\"b\\\"\" again drop"},
    {"{\"do\":\"delay\",\"delay_ms\":50,\"jitter_ms\":5,"
     "\"retransmission\":false}",
     "first delay 50 jitter 5"},
    {"{\"do\":\"duplicate\"}", "duplicate"},
    {"{\"do\":\"duplicate\",\"copies\":3,\"gap_ms\":7}", "duplicate 3 gap 7"},
    {"{\"do\":\"rewrite\",\"set\":{\"seq\":5,\"ack\":\"+1000\","
     "\"flags\":\"RST\",\"window\":0,\"urgent\":1,\"mss\":536,\"ttl\":1}}",
     "rewrite seq=5 ack=+1000 flags=RST win=0 urg=1 mss=536 ttl=1"},
    {"{\"do\":\"rewrite\",\"set\":{\"seq\":\"-1\"},"
     "\"strip\":[\"MSS\",\"WScale\",\"SACK\",\"SACK-blocks\",254]}",
     "rewrite seq=-1 strip mss wscale sack sack-blocks 254"},
    {"{\"do\":\"answer\",\"from\":\"client\",\"answer\":{\"flags\":"
     "\"RST,ACK\",\"seq\":\"server.next-1\",\"ack\":\"seg.next\","
     "\"window\":0}}",
     "client answer RST,ACK seq=server.next-1 ack=seg.next win=0"},
    {"{\"do\":\"answer\",\"answer\":{\"icmp\":{\"type\":3,\"code\":4,"
     "\"mtu\":1400}}}",
     "answer icmp 3/4 mtu 1400"},
};

static void test_rule_object_and_words_say_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(same_rules) / sizeof(*same_rules); i++) {
        char text[1200];
        char words[2 * RULE_WORDS_BYTES];
        char want[RULE_WORDS_BYTES];
        char got[RULE_WORDS_BYTES];
        struct buf quoted;
        buf_init(&quoted, sizeof(words));
        struct jsonw w = jsonw_to(&quoted);
        jsonw_str(&w, NULL, same_rules[i].words);
        snprintf(text, sizeof(text), "[%s,%s]", same_rules[i].object,
                 buf_text(&quoted));
        buf_done(&quoted);
        read_rules(text);
        no_faults(text);
        assert_int_equal(settings.rule_count, 2);
        assert_string_equal(rule_words(&settings.rules[0], got),
                            rule_words(&settings.rules[1], want));
        assert_memory_equal(&settings.rules[0], &settings.rules[1],
                            sizeof(struct rule));
    }
}

static void test_rules_written_are_read_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(same_rules) / sizeof(*same_rules); i++) {
        char text[1200];
        struct buf out;
        snprintf(text, sizeof(text), "[%s]", same_rules[i].object);
        read_rules(text);
        struct rule before = settings.rules[0];
        buf_init(&out, 4096);
        struct jsonw w = jsonw_to(&out);
        wire_rules_write(&w, NULL, &settings);
        read_rules(buf_text(&out));
        no_faults(buf_text(&out));
        assert_memory_equal(&settings.rules[0], &before, sizeof(before));
        buf_done(&out);
    }
}

static void test_rule_names(void **state)
{
    (void)state;
    read_rules("[{\"name\":\"a-1\",\"words\":\"client SYN drop\"},"
               "{\"name\":\"b\",\"do\":\"hold\"},\"drop\"]");
    no_faults("names");
    assert_string_equal(settings.rules[0].name, "a-1");
    assert_int_equal(settings.rules[0].action, RULE_DROP);
    assert_string_equal(settings.rules[1].name, "b");
    assert_string_equal(settings.rules[2].name, "");
    read_rules("[{\"name\":\"a\",\"do\":\"hold\"},"
               "{\"name\":\"a\",\"do\":\"drop\"}]");
    check_fault("/1", "another rule is called \"a\"");
}

static void test_rule_words_beside_members_must_agree(void **state)
{
    (void)state;
    read_rules("[{\"words\":\"client drop\",\"do\":\"drop\","
               "\"from\":\"client\"}]");
    no_faults("both");
    read_rules("[{\"words\":\"client drop\",\"do\":\"drop\"}]");
    check_fault("/0/words", "something else than the members");
}

static void test_rule_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer, *part;
    } rows[] = {
        {"{}", "", "an array of rules, not an object"},
        {"[1]", "/0", "a string or an object, not a number"},
        {"[\"client SNY drop\"]", "/0", "SNY"},
        {"[{\"words\":1}]", "/0/words", "must be a string"},
        {"[{}]", "/0", "needs the member `do`"},
        {"[{\"do\":\"lose\"}]", "/0/do", "\"pass\", \"drop\""},
        {"[{\"do\":\"drop\",\"delay_ms\":1}]", "/0/delay_ms",
         "a rule that drops takes name"},
        {"[{\"do\":\"delay\"}]", "/0", "needs the member `delay_ms`"},
        {"[{\"do\":\"delay\",\"delay_ms\":600001}]", "/0/delay_ms",
         "from 0 to 600000"},
        {"[{\"do\":\"duplicate\",\"copies\":17}]", "/0/copies", "from 2 to 16"},
        {"[{\"do\":\"rewrite\"}]", "/0", "`set` or `strip`"},
        {"[{\"do\":\"rewrite\",\"set\":{\"sqe\":1}}]", "/0/set/sqe",
         "takes seq, ack"},
        {"[{\"do\":\"rewrite\",\"set\":{\"seq\":4294967296}}]", "/0/set/seq",
         "0 to 4294967295"},
        {"[{\"do\":\"rewrite\",\"set\":{\"ack\":\"+4294967296\"}}]",
         "/0/set/ack", "0 to 4294967295"},
        {"[{\"do\":\"rewrite\",\"set\":{\"flags\":\"SNY\"}}]", "/0/set/flags",
         "must be flags"},
        {"[{\"do\":\"rewrite\",\"strip\":[\"MSS\",\"NOP\"]}]", "/0/strip/1",
         "\"WScale\""},
        {"[{\"do\":\"rewrite\",\"strip\":[2,3,4,5,6,7,8,9,10]}]", "/0/strip/8",
         "at most 8"},
        {"[{\"do\":\"rewrite\",\"strip\":\"MSS\"}]", "/0/strip", "an array"},
        {"[{\"do\":\"answer\"}]", "/0", "needs the member `answer`"},
        {"[{\"do\":\"answer\",\"answer\":{\"to\":\"client\","
         "\"flags\":\"RST\"}}]",
         "/0/answer/to", "unknown member"},
        {"[{\"do\":\"drop\",\"from\":\"clint\"}]", "/0/from",
         "\"client\" or \"server\""},
        {"[{\"do\":\"drop\",\"nth\":0}]", "/0/nth", "from 1"},
        {"[{\"do\":\"drop\",\"nth\":[3,2]}]", "/0/nth", "[first, last]"},
        {"[{\"do\":\"drop\",\"nth\":[]}]", "/0/nth", "[first, last]"},
        {"[{\"do\":\"drop\",\"nth\":null}]", "/0/nth", "from 1"},
        {"[{\"do\":\"drop\",\"payload\":1}]", "/0/payload", "true or false"},
        {"[{\"do\":\"drop\",\"contains\":\"\"}]", "/0/contains", "1 to 63"},
        {"[{\"do\":\"drop\",\"name\":\"a b\"}]", "/0/name", "letters, digits"},
        {"[{\"do\":\"drop\",\"name\":\"\"}]", "/0/name", "not be empty"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        read_rules(rows[i].text);
        check_fault(rows[i].pointer, rows[i].part);
    }
}

static void test_rules_too_many(void **state)
{
    (void)state;
    char text[1024] = "[\"drop\"";
    for (int i = 0; i < WIRE_MAX_RULES; i++)
        strcat(text, ",\"drop\"");
    strcat(text, "]");
    read_rules(text);
    check_fault("/32", "at most 32 rules");
    assert_int_equal(settings.rule_count, WIRE_MAX_RULES);
}

/* --- conditions ---------------------------------------------------------- */

static void read_path(const char *text, struct wire_settings *ret)
{
    struct reader r = reader_to(&faults);
    cJSON *doc = reader_parse(&r, text, strlen(text));
    assert_non_null(doc);
    wire_path_read(&r, doc, ret);
    cJSON_Delete(doc);
}

static void test_path_both_ways_and_each(void **state)
{
    (void)state;
    struct wire_settings a = straight;
    struct wire_settings b = straight;
    struct buf out;
    assert_false(wire_path_any(&a));
    /* What is said of one way counts more, wherever it stands. */
    read_path("{\"server\":{\"loss\":0.25},\"loss\":0.1,\"latency_ms\":0.001}",
              &a);
    no_faults("path");
    assert_true(wire_path_any(&a));
    assert_int_equal(a.path[HOST_CLIENT].loss_ppm, 100000);
    assert_int_equal(a.path[HOST_SERVER].loss_ppm, 250000);
    assert_int_equal(a.path[HOST_SERVER].latency_us, 1);
    buf_init(&out, 1024);
    struct jsonw w = jsonw_to(&out);
    wire_path_write(&w, NULL, &a);
    assert_string_equal(buf_text(&out),
                        "{\"client\":{\"latency_ms\":0.001,\"loss\":0.1},"
                        "\"server\":{\"latency_ms\":0.001,\"loss\":0.25}}");
    read_path(buf_text(&out), &b);
    assert_memory_equal(a.path, b.path, sizeof(a.path));
    buf_reset(&out);
    a.path[HOST_SERVER] = a.path[HOST_CLIENT];
    w = jsonw_to(&out);
    wire_path_write(&w, NULL, &a);
    assert_string_equal(buf_text(&out), "{\"latency_ms\":0.001,\"loss\":0.1}");
    buf_done(&out);
}

static void test_path_faults_once_with_their_place(void **state)
{
    (void)state;
    struct wire_settings s = straight;
    read_path("{\"loss\":2}", &s);
    check_fault("/loss", "0 to 1");
    read_path("{\"client\":{\"latency_ms\":-1}}", &s);
    check_fault("/client/latency_ms", "milliseconds");
    read_path("{\"client\":{\"client\":{}}}", &s);
    check_fault("/client/client", "unknown member");
    read_path("{\"server\":3}", &s);
    check_fault("/server", "must be an object");
}

/* --- made by hand -------------------------------------------------------- */

static void read_forge(const char *text, struct forge *ret)
{
    json_forge(text, strlen(text), ret, &faults);
}

static void test_forge_segment_with_everything(void **state)
{
    (void)state;
    struct forge f;
    read_forge("{\"to\":\"server\",\"flags\":\"SYN,ACK\","
               "\"seq\":\"client.isn+1\",\"ack\":4294967295,\"window\":0,"
               "\"ttl\":1,\"urgent\":2,\"src_port\":0,\"dst_port\":80,"
               "\"payload\":\"hi\",\"options\":\"020405B4\",\"count\":256,"
               "\"vary_source\":true,\"bad_checksum\":true}",
               &f);
    no_faults("forge");
    assert_int_equal(f.kind, FORGE_SEGMENT);
    assert_int_equal(f.to, HOST_SERVER);
    assert_int_equal(f.flags, SEG_SYN | SEG_ACK);
    assert_true(f.seq.set && f.seq.base == NUMBER_CLIENT_ISN &&
                f.seq.plus == 1);
    assert_true(f.ack.set && f.ack.base == NUMBER_ABSOLUTE);
    assert_int_equal(f.ack.plus, UINT32_MAX);
    assert_true(f.set_window && f.window == 0);
    assert_true(f.set_ttl && f.ttl == 1);
    assert_true(f.set_src_port && f.src_port == 0);
    assert_true(f.set_dst_port && f.dst_port == 80);
    assert_int_equal(f.urgent, 2);
    assert_int_equal(f.payload_len, 2);
    assert_memory_equal(f.payload, "hi", 2);
    assert_int_equal(f.options_len, 4);
    assert_memory_equal(f.options, "\x02\x04\x05\xb4", 4);
    assert_int_equal(f.count, 256);
    assert_true(f.vary_source && f.bad_checksum);
}

static void test_forge_options_by_name(void **state)
{
    (void)state;
    struct forge f;
    read_forge("{\"to\":\"server\",\"flags\":\"SYN\",\"options\":{\"mss\":1460,"
               "\"wscale\":7,\"sack\":true,\"timestamps\":[1,4294967295]}}",
               &f);
    no_faults("options");
    static const uint8_t bytes[] = {2,    4,    5,    0xb4, 1, 1, 4, 2,
                                    1,    1,    8,    10,   0, 0, 0, 1,
                                    0xff, 0xff, 0xff, 0xff, 1, 3, 3, 7};
    assert_int_equal(f.options_len, sizeof(bytes));
    assert_memory_equal(f.options, bytes, sizeof(bytes));
    assert_false(f.set_window);
    assert_false(f.seq.set);
}

static void test_forge_icmp(void **state)
{
    (void)state;
    struct forge f;
    read_forge("{\"to\":\"client\",\"icmp\":{\"type\":3,\"code\":4,"
               "\"mtu\":1280}}",
               &f);
    no_faults("icmp");
    assert_int_equal(f.kind, FORGE_ICMP);
    assert_int_equal(f.to, HOST_CLIENT);
    assert_true(f.type == 3 && f.code == 4 && f.mtu == 1280);
}

static void test_forge_written_is_read_the_same(void **state)
{
    (void)state;
    struct forge a;
    struct forge b;
    struct buf out;
    read_forge("{\"to\":\"server\",\"flags\":\"SYN\",\"ack\":0,"
               "\"options\":{\"mss\":9},\"payload\":\"x\",\"window\":0}",
               &a);
    buf_init(&out, 1024);
    struct jsonw w = jsonw_to(&out);
    forge_write(&w, NULL, false, &a);
    assert_string_equal(buf_text(&out),
                        "{\"to\":\"server\",\"flags\":\"SYN\",\"ack\":0,"
                        "\"window\":0,\"options\":\"02040009\","
                        "\"payload\":\"x\"}");
    read_forge(buf_text(&out), &b);
    assert_memory_equal(&a, &b, sizeof(a));
    buf_done(&out);
}

static void test_forge_faults(void **state)
{
    (void)state;
    static const struct {
        const char *members, *pointer, *part;
    } rows[] = {
        {"\"flags\":\"SYN,\"", "/flags", "must be flags"},
        {"\"flags\":[\"SYN\"]", "/flags", "must be flags"},
        {"\"seq\":1", "", "needs the member `flags`"},
        {"\"flags\":\"SYN\",\"seq\":\"klient.isn\"", "/seq", "client.isn+1"},
        {"\"flags\":\"SYN\",\"seq\":-1", "/seq", "client.isn+1"},
        {"\"flags\":\"SYN\",\"window\":65536", "/window", "0 to 65535"},
        {"\"flags\":\"SYN\",\"ttl\":256", "/ttl", "0 to 255"},
        {"\"flags\":\"SYN\",\"count\":257", "/count", "1 to 256"},
        {"\"flags\":\"SYN\",\"count\":0", "/count", "1 to 256"},
        {"\"flags\":\"SYN\",\"options\":\"0\"", "/options", "hexadecimal"},
        {"\"flags\":\"SYN\",\"options\":\"0g\"", "/options", "hexadecimal"},
        {"\"flags\":\"SYN\",\"options\":{\"mss\":65536}", "/options/mss",
         "0 to 65535"},
        {"\"flags\":\"SYN\",\"options\":{\"timestamps\":[1]}",
         "/options/timestamps", "two whole numbers"},
        {"\"flags\":\"SYN\",\"payload\":1", "/payload", "at most 512"},
        {"\"flags\":\"SYN\",\"vary_source\":1", "/vary_source",
         "true or false"},
        {"\"icmp\":{\"type\":3}", "/icmp", "needs the member `code`"},
        {"\"icmp\":{\"type\":3,\"code\":256}", "/icmp/code", "0 to 255"},
        {"\"icmp\":{\"type\":3,\"code\":1},\"flags\":\"SYN\"", "/flags",
         "an ICMP error takes to, icmp"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char text[200];
        struct forge f;
        snprintf(text, sizeof(text), "{\"to\":\"server\",%s}", rows[i].members);
        read_forge(text, &f);
        check_fault(rows[i].pointer, rows[i].part);
    }
    struct forge f;
    read_forge("{\"flags\":\"SYN\"}", &f);
    check_fault("", "needs the member `to`");
    read_forge("[]", &f);
    check_fault("", "must be an object");
}

static void test_forge_payload_and_options_too_long(void **state)
{
    (void)state;
    struct forge f;
    char payload[FORGE_PAYLOAD_BYTES + 2];
    char text[FORGE_PAYLOAD_BYTES + 100];
    memset(payload, 'a', sizeof(payload));
    payload[FORGE_PAYLOAD_BYTES] = '\0';
    snprintf(text, sizeof(text),
             "{\"to\":\"server\",\"flags\":\"ACK\",\"payload\":\"%s\"}",
             payload);
    read_forge(text, &f);
    no_faults("512 bytes");
    assert_int_equal(f.payload_len, FORGE_PAYLOAD_BYTES);
    payload[FORGE_PAYLOAD_BYTES] = 'a';
    payload[FORGE_PAYLOAD_BYTES + 1] = '\0';
    snprintf(text, sizeof(text),
             "{\"to\":\"server\",\"flags\":\"ACK\",\"payload\":\"%s\"}",
             payload);
    read_forge(text, &f);
    check_fault("/payload", "at most 512");
    payload[2 * (FORGE_OPTIONS_BYTES + 1)] = '\0';
    snprintf(text, sizeof(text),
             "{\"to\":\"server\",\"flags\":\"ACK\",\"options\":\"%s\"}",
             payload);
    read_forge(text, &f);
    check_fault("/options", "at most 40");
}

/* --- decisions ----------------------------------------------------------- */

static void test_decisions(void **state)
{
    (void)state;
    struct decision d;
    static const char duplicate[] =
        "{\"do\":\"duplicate\",\"copies\":3,\"gap_ms\":10}";
    static const char rewrite[] =
        "{\"do\":\"rewrite\",\"set\":{\"window\":1},\"strip\":[\"MSS\"]}";
    for (enum decide_do what = 0; what < DECIDE_COUNT; what++) {
        char text[80];
        snprintf(text, sizeof(text), "{\"do\":\"%s\"%s}", decide_do_name(what),
                 what == DECIDE_DELAY     ? ",\"delay_ms\":5"
                 : what == DECIDE_REWRITE ? ",\"set\":{\"ttl\":1}"
                                          : "");
        assert_int_equal(json_decision(text, strlen(text), &d, &faults), 0);
        assert_int_equal(d.what, what);
    }
    assert_int_equal(json_decision(duplicate, strlen(duplicate), &d, &faults),
                     0);
    assert_true(d.copies == 3 && d.gap_ms == 10);
    assert_int_equal(json_decision(rewrite, strlen(rewrite), &d, &faults), 0);
    assert_true(d.edit.set_window && d.edit.window == 1);
    assert_int_equal(d.edit.strip_count, 1);
}

static void test_decision_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer, *part;
    } rows[] = {
        {"", "", "ends too early"},
        {"[]", "", "the member `do`"},
        {"{}", "", "the member `do`"},
        {"{\"do\":\"hold\"}", "/do", "\"deliver\""},
        {"{\"do\":1}", "/do", "\"deliver\""},
        {"{\"do\":\"drop\",\"copies\":2}", "/copies",
         "the decision `drop` takes do"},
        {"{\"do\":\"delay\"}", "", "needs the member `delay_ms`"},
        {"{\"do\":\"delay\",\"delay_ms\":600001}", "/delay_ms", "600000"},
        {"{\"do\":\"rewrite\"}", "", "`set` or `strip`"},
        {"{\"do\":\"rewrite\",\"set\":{}}", "", "`set` or `strip`"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct decision d;
        assert_int_equal(
            json_decision(rows[i].text, strlen(rows[i].text), &d, &faults),
            -EINVAL);
        check_fault(rows[i].pointer, rows[i].part);
    }
}

/* --- changes ------------------------------------------------------------- */

static struct wire_patch patch;

static int read_patch(const char *text, const struct wire_settings *now)
{
    return json_wire_patch(text, strlen(text), now, &patch, &faults);
}

static void test_patch_hold(void **state)
{
    (void)state;
    assert_int_equal(read_patch("{\"hold\":true}", &straight), 0);
    assert_true(patch.set_hold[HOST_CLIENT] && patch.hold[HOST_CLIENT]);
    assert_true(patch.set_hold[HOST_SERVER] && patch.hold[HOST_SERVER]);
    assert_int_equal(read_patch("{\"hold\":{\"server\":false}}", &straight), 0);
    assert_false(patch.set_hold[HOST_CLIENT]);
    assert_true(patch.set_hold[HOST_SERVER] && !patch.hold[HOST_SERVER]);
    assert_int_equal(read_patch("{}", &straight), 0);
    assert_false(patch.set_hold[HOST_CLIENT] || patch.set_path[HOST_CLIENT] ||
                 patch.set_seed || patch.set_swallow || patch.replace_rules);
}

static void test_patch_conditions_keep_what_is_not_given(void **state)
{
    (void)state;
    struct wire_settings now = straight;
    now.path[HOST_CLIENT].loss_ppm = 1;
    now.path[HOST_SERVER].loss_ppm = 2;
    assert_int_equal(read_patch("{\"latency_ms\":5}", &now), 0);
    for (enum host_id host = 0; host < HOST_COUNT; host++) {
        assert_true(patch.set_path[host]);
        assert_int_equal(patch.path[host].latency_us, 5000);
        assert_int_equal(patch.path[host].loss_ppm, 1 + (int)host);
    }
    assert_int_equal(read_patch("{\"server\":{\"loss\":0}}", &now), 0);
    assert_false(patch.set_path[HOST_CLIENT]);
    assert_true(patch.set_path[HOST_SERVER]);
    assert_int_equal(patch.path[HOST_SERVER].loss_ppm, 0);
    assert_int_equal(
        read_patch("{\"path\":{\"client\":{\"jitter_ms\":1}}}", &now), 0);
    assert_int_equal(patch.path[HOST_CLIENT].jitter_us, 1000);
    assert_int_equal(patch.path[HOST_CLIENT].loss_ppm, 1);
}

static void test_patch_rules_and_the_rest(void **state)
{
    (void)state;
    assert_int_equal(
        read_patch("{\"seed\":0,\"swallow\":false,\"rules\":{\"replace\":true,"
                   "\"remove\":[\"a\",\"b\"],\"add\":[\"client drop\","
                   "{\"name\":\"c\",\"do\":\"hold\"}]}}",
                   &straight),
        0);
    assert_true(patch.set_seed && patch.seed == 0);
    assert_true(patch.set_swallow && !patch.swallow);
    assert_true(patch.replace_rules);
    assert_int_equal(patch.remove_count, 2);
    assert_string_equal(patch.remove[1], "b");
    assert_int_equal(patch.add_count, 2);
    assert_string_equal(patch.add[1].name, "c");
    assert_int_equal(patch.add[1].action, RULE_HOLD);
}

static void test_patch_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer, *part;
    } rows[] = {
        {"[]", "", "must be an object"},
        {"{\"hold\":1}", "/hold", "true, false or an object"},
        {"{\"hold\":{\"client\":1}}", "/hold/client", "true or false"},
        {"{\"hold\":{\"both\":true}}", "/hold/both", "takes client, server"},
        {"{\"loss\":\"10%\"}", "/loss", "a chance"},
        {"{\"path\":{\"loss\":-1}}", "/path/loss", "a chance"},
        {"{\"seed\":-1}", "/seed", "whole number"},
        {"{\"swallow\":0}", "/swallow", "true or false"},
        {"{\"rules\":[]}", "/rules", "`rules` must be an object"},
        {"{\"rules\":{\"add\":\"drop\"}}", "/rules/add", "an array of rules"},
        {"{\"rules\":{\"add\":[\"drop it\"]}}", "/rules/add/0", "it"},
        {"{\"rules\":{\"remove\":[1]}}", "/rules/remove/0", "a string"},
        {"{\"rules\":{\"replace\":1}}", "/rules/replace", "true or false"},
        {"{\"holt\":true}", "/holt", "a change of the wire takes hold"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_int_equal(read_patch(rows[i].text, &straight), -EINVAL);
        check_fault(rows[i].pointer, rows[i].part);
    }
}

static void test_wire_as_it_stands_can_be_sent_back(void **state)
{
    (void)state;
    struct buf out;
    read_rules("[{\"name\":\"a\",\"words\":\"client SYN nth 2- drop\"},"
               "\"rewrite win=0 strip mss\"]");
    settings.hold[HOST_SERVER] = true;
    settings.seed = 7;
    settings.path[HOST_CLIENT].latency_us = 1500;
    buf_init(&out, 4096);
    struct jsonw w = jsonw_to(&out);
    jsonw_open(&w, NULL, '{');
    json_wire(&settings, 3, &w);
    jsonw_close(&w, '}');
    static const char head[] = "{\"hold\":{\"client\":false,\"server\":true},"
                               "\"path\":{\"client\":{\"latency_ms\":1.5,"
                               "\"jitter_ms\":0,\"loss\":0,";
    assert_memory_equal(buf_text(&out), head, strlen(head));
    assert_non_null(strstr(buf_text(&out), "\"held\":3}"));
    /* Its rules, as they stand there, are rules to add. */
    char text[4096];
    const char *rules = strstr(buf_text(&out), "\"rules\":") + 8;
    snprintf(text, sizeof(text), "{\"rules\":{\"add\":%.*s}}",
             (int)(strstr(rules, ",\"held\"") - rules), rules);
    assert_int_equal(read_patch(text, &straight), 0);
    assert_memory_equal(patch.add, settings.rules, 2 * sizeof(struct rule));
    buf_done(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule_object_and_words_say_the_same),
        cmocka_unit_test(test_rules_written_are_read_the_same),
        cmocka_unit_test(test_rule_names),
        cmocka_unit_test(test_rule_words_beside_members_must_agree),
        cmocka_unit_test(test_rule_faults),
        cmocka_unit_test(test_rules_too_many),
        cmocka_unit_test(test_path_both_ways_and_each),
        cmocka_unit_test(test_path_faults_once_with_their_place),
        cmocka_unit_test(test_forge_segment_with_everything),
        cmocka_unit_test(test_forge_options_by_name),
        cmocka_unit_test(test_forge_icmp),
        cmocka_unit_test(test_forge_written_is_read_the_same),
        cmocka_unit_test(test_forge_faults),
        cmocka_unit_test(test_forge_payload_and_options_too_long),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_decision_faults),
        cmocka_unit_test(test_patch_hold),
        cmocka_unit_test(test_patch_conditions_keep_what_is_not_given),
        cmocka_unit_test(test_patch_rules_and_the_rest),
        cmocka_unit_test(test_patch_faults),
        cmocka_unit_test(test_wire_as_it_stands_can_be_sent_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

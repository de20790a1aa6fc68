/* observer_play.c - see observer_play.h. */
#include "test.h"

#include "observer_play.h"

#include <string.h>

void play_begin(struct play *p)
{
    *p = (struct play){.obs = observer_new(8)};
    assert_non_null(p->obs);
    ipaddr_parse("192.0.2.1", &p->client.addr);
    ipaddr_parse("192.0.2.2", &p->server.addr);
    p->client.port = 40000;
    p->server.port = 1337;
}

void play_end(struct play *p)
{
    observer_free(p->obs);
    p->obs = NULL;
}

/* Two wordings of one sentence, with no mark left in either. */
static void check_relative(const struct sentence *says)
{
    size_t len = strlen(says->text_rel);
    assert_int_equal(strcspn(says->text, "\001\002\003"), strlen(says->text));
    assert_int_equal(strcspn(says->text_rel, "\001\002\003"), len);
    if (len == 0)
        return;
    assert_true(len < SENTENCE_BYTES - 1);
    assert_string_not_equal(says->text, says->text_rel);
    assert_int_equal(says->text_rel[len - 1], '.');
}

static void check_observation(const struct observation *seen)
{
    assert_true(seen->sentence_count >= 1);
    assert_true(seen->sentence_count <= OBSERVER_MAX_SENTENCES);
    for (size_t i = 0; i < seen->sentence_count; i++) {
        size_t len = strlen(seen->says[i].text);
        assert_in_range(len, 10, SENTENCE_BYTES - 2); /* not cut */
        assert_int_equal(seen->says[i].text[len - 1], '.');
        assert_memory_equal(seen->says[i].rfc, "RFC ", 4);
        check_relative(&seen->says[i]);
    }
}

void play_line(struct play *p, const struct line *line)
{
    struct segment_spec spec = {
        .src = line->from_server ? p->server : p->client,
        .dst = line->from_server ? p->client : p->server,
        .seq = line->seq,
        .ack = line->ack,
        .flags = line->flags,
        .window = line->window,
        .options = (const uint8_t *)line->options,
        .options_len = line->options_len,
        .payload = (const uint8_t *)line->data,
        .payload_len = line->data ? strlen(line->data) : 0,
        .force_checksum = line->bad_checksum,
        .checksum = 1,
    };
    uint8_t packet[2048];
    struct segment seg;
    int len = segment_build(&spec, packet, sizeof(packet));
    assert_true(len > 0);
    assert_int_equal(segment_parse(packet, (size_t)len, &seg, NULL), 0);
    p->t_ns += line->after_us * 1000;
    observer_see(p->obs, ++p->n, p->t_ns, &seg, &p->seen);
    check_observation(&p->seen);
}

void play_open(struct play *p)
{
    PLAY(p, .flags = SEG_SYN, .seq = CLIENT_ISN, .window = 64240,
         .options = SYN_OPTIONS, .options_len = SYN_OPTIONS_LEN);
    PLAY(p, .from_server = true, .flags = SEG_SYN | SEG_ACK, .seq = SERVER_ISN,
         .ack = CLIENT_ISN + 1, .window = 65160, .options = SYN_ACK_OPTIONS,
         .options_len = SYN_OPTIONS_LEN, .after_us = 40);
    PLAY(p, .flags = SEG_ACK, .seq = CLIENT_ISN + 1, .ack = SERVER_ISN + 1,
         .window = 502, .after_us = 40);
}

static bool has_sentence(const struct play *p, const char *part)
{
    for (size_t i = 0; i < p->seen.sentence_count; i++)
        if (strstr(p->seen.says[i].text, part))
            return true;
    return false;
}

void play_says_relative(const struct play *p, const char *part)
{
    for (size_t i = 0; i < p->seen.sentence_count; i++)
        if (strstr(p->seen.says[i].text_rel, part))
            return;
    for (size_t i = 0; i < p->seen.sentence_count; i++)
        print_message("%s\n", p->seen.says[i].text_rel);
    fail_msg("segment %u: no relative sentence holds \"%s\"", p->n, part);
}

void play_says(const struct play *p, const char *part)
{
    if (has_sentence(p, part))
        return;
    for (size_t i = 0; i < p->seen.sentence_count; i++)
        print_message("%s\n", p->seen.says[i].text);
    fail_msg("segment %u: no sentence holds \"%s\"", p->n, part);
}

void play_silent(const struct play *p, const char *part)
{
    if (has_sentence(p, part))
        fail_msg("segment %u: a sentence holds \"%s\"", p->n, part);
}

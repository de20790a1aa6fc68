/* segment_text.c - flags and options in words.
 *
 * Texts for tables and ladders, where a few words must do; fields_walk() and
 * the observer have the sentences. */
#include "handshake/segment.h"
#include "tcp_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* In the order people say them: what the segment asks for, then ACK, then the
 * rest. */
static const struct {
    uint16_t bit;
    const char *name;
} flags_said[] = {
    {SEG_SYN, "SYN"}, {SEG_FIN, "FIN"}, {SEG_RST, "RST"},
    {SEG_PSH, "PSH"}, {SEG_ACK, "ACK"}, {SEG_URG, "URG"},
    {SEG_ECE, "ECE"}, {SEG_CWR, "CWR"}, {SEG_AE, "AE"},
};
enum { FLAG_COUNT = sizeof(flags_said) / sizeof(flags_said[0]) };
static_assert(FLAG_COUNT == 9, "segment_flag_names() promises nine");

/* Bits above AE have no name and are left out. */
size_t segment_flag_names(uint16_t flags, const char *ret_names[9])
{
    size_t count = 0;
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (flags & flags_said[i].bit)
            ret_names[count++] = flags_said[i].name;
    return count;
}

/* All nine names with commas take 36 bytes. */
char *segment_flags_text(uint16_t flags, char *ret_text)
{
    const char *names[FLAG_COUNT];
    size_t count = segment_flag_names(flags, names), at = 0;
    snprintf(ret_text, SEGMENT_FLAGS_TEXT_BYTES, "%s", count ? "" : "(none)");
    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(ret_text + at, SEGMENT_FLAGS_TEXT_BYTES - at,
                               "%s%s", i ? "," : "", names[i]);
    return ret_text;
}

/* Whole names only: "S" or "SYNACK" is nothing. */
static uint16_t flag_bit(const char *name, size_t len)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (strlen(flags_said[i].name) == len &&
            strncasecmp(flags_said[i].name, name, len) == 0)
            return flags_said[i].bit;
    return 0;
}

/* Order and repetition do not matter; an empty name does. */
bool segment_flags_parse(const char *text, uint16_t *ret_flags)
{
    uint16_t flags = 0;
    if (strcmp(text, "(none)") == 0) {
        *ret_flags = 0;
        return true;
    }
    for (;;) {
        size_t len = strcspn(text, ",+");
        uint16_t bit = flag_bit(text, len);
        if (!bit)
            return false;
        flags |= bit;
        if (!text[len])
            break;
        text += len + 1;
    }
    *ret_flags = flags;
    return true;
}

/* Names as RFCs and tools print them. */
const char *option_name(uint8_t kind)
{
    switch (kind) {
    case OPT_EOL:
        return "End of Option List";
    case OPT_NOP:
        return "NOP";
    case OPT_MSS:
        return "MSS";
    case OPT_WSCALE:
        return "Window Scale";
    case OPT_SACK_PERMITTED:
        return "SACK Permitted";
    case OPT_SACK:
        return "SACK";
    case OPT_TIMESTAMPS:
        return "Timestamps";
    case OPT_MD5:
        return "MD5 Signature";
    case OPT_AO:
        return "TCP-AO";
    case OPT_MPTCP:
        return "MPTCP";
    case OPT_FASTOPEN:
        return "Fast Open";
    case OPT_EXPERIMENT_1:
    case OPT_EXPERIMENT_2:
        return "Experiment";
    default:
        return "unknown";
    }
}

/* Append printf-style to a text of OPTION_TEXT_BYTES; what does not fit is
 * cut. */
__attribute__((format(printf, 2, 3))) static void add(char *text,
                                                      const char *fmt, ...)
{
    size_t at = strlen(text);
    va_list args;
    va_start(args, fmt);
    vsnprintf(text + at, OPTION_TEXT_BYTES - at, fmt, args);
    va_end(args);
}

static void add_hex(char *text, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        add(text, "%02x", bytes[i]);
}

/* Blocks as left-right, the right edge not included. */
static void add_sack(char *text, const struct tcp_option *opt)
{
    for (size_t at = 0; at + 8 <= opt->data_len; at += 8)
        add(text, "%s%u-%u", at ? " " : "", get_be32(opt->data + at),
            get_be32(opt->data + at + 4));
}

/* IANA "MPTCP Option Subtypes", in the order of the numbers. */
const char *mptcp_subtype_name(uint8_t subtype)
{
    static const char *const names[] = {
        "MP_CAPABLE", "MP_JOIN", "DSS",          "ADD_ADDR",  "REMOVE_ADDR",
        "MP_PRIO",    "MP_FAIL", "MP_FASTCLOSE", "MP_TCPRST",
    };
    return subtype < sizeof(names) / sizeof(names[0]) ? names[subtype]
                                                      : "unknown subtype";
}

/* Sound options whose kind has values of its own; false for the others. */
static bool add_known(char *text, const struct tcp_option *opt)
{
    const uint8_t *data = opt->data;
    switch (opt->kind) {
    case OPT_MSS:
        add(text, "MSS %u", get_be16(data));
        return true;
    case OPT_WSCALE:
        add(text, "shift %u (x%u)", data[0], 1u << (data[0] & 31));
        return true;
    case OPT_TIMESTAMPS:
        add(text, "TSval %u TSecr %u", get_be32(data), get_be32(data + 4));
        return true;
    case OPT_SACK:
        add_sack(text, opt);
        return true;
    case OPT_AO:
        add(text, "key %u, next key %u, MAC ", data[0], data[1]);
        add_hex(text, data + 2, opt->data_len - 2u);
        return true;
    case OPT_MPTCP:
        add(text, "%s, %u bytes", mptcp_subtype_name(data[0] >> 4), opt->len);
        return true;
    case OPT_FASTOPEN:
        add(text, opt->data_len ? "cookie " : "cookie request");
        add_hex(text, data, opt->data_len);
        return true;
    default:
        return false;
    }
}

/* An option without values of its own shows its bytes. */
char *option_text(const struct tcp_option *opt, char *ret_text)
{
    ret_text[0] = '\0';
    if (opt->malformed)
        add(ret_text, "malformed, %u bytes", opt->len);
    else if (!add_known(ret_text, opt))
        add_hex(ret_text, opt->data, opt->data_len);
    return ret_text;
}

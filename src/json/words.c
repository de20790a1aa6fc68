/* words.c - bytes and times as text, see words.h. */
#include "handshake/words.h"

#include <string.h>

/* Lead bytes of UTF-8: which bits mark the length, and the smallest number that
 * may be written with that length (RFC 3629 section 3). */
static const struct utf8_form {
    uint8_t mask, mark, more;
    uint32_t smallest;
} utf8_forms[] = {
    {0x80, 0x00, 0, 0x0},
    {0xe0, 0xc0, 1, 0x80},
    {0xf0, 0xe0, 2, 0x800},
    {0xf8, 0xf0, 3, 0x10000},
};

static const struct utf8_form *utf8_form_of(uint8_t lead)
{
    for (size_t i = 0; i < sizeof(utf8_forms) / sizeof(utf8_forms[0]); i++)
        if ((lead & utf8_forms[i].mask) == utf8_forms[i].mark)
            return &utf8_forms[i];
    return NULL;
}

size_t utf8_char(const char *text, size_t len, uint32_t *ret_code)
{
    const uint8_t *p = (const uint8_t *)text;
    const struct utf8_form *form = len > 0 ? utf8_form_of(p[0]) : NULL;
    if (!form || len <= form->more)
        return 0;
    uint32_t code = p[0] & (uint8_t)~form->mask;
    for (size_t i = 1; i <= form->more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < form->smallest || code > 0x10ffff || surrogate)
        return 0;
    *ret_code = code;
    return form->more + 1u;
}

/* Characters that show nothing or turn the text around: controls, zero-width
 * and direction marks, line separators, byte order mark, annotations, what is
 * no character at all. */
static const struct {
    uint32_t first, last;
} unseen[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
    {0xfff9, 0xfffb}, {0xfffe, 0xffff},
};

static bool is_unseen(uint32_t code)
{
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (code >= unseen[i].first && code <= unseen[i].last)
            return true;
    return false;
}

static void put_escaped(struct buf *out, uint8_t byte)
{
    static const char named_bytes[] = "\n\r\t\\";
    static const char names[] = "nrt\\";
    static const char digits[] = "0123456789abcdef";
    const char *at = byte ? strchr(named_bytes, byte) : NULL;
    if (at) {
        char text[2] = {'\\', names[at - named_bytes]};
        buf_append(out, text, sizeof(text));
        return;
    }
    char text[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    buf_append(out, text, sizeof(text));
}

/* Length of the character at text when it may be shown as it is, else 0. */
static size_t plain_char(const char *text, size_t len)
{
    uint32_t code = 0;
    size_t n = utf8_char(text, len, &code);
    return n > 0 && code != '\\' && !is_unseen(code) ? n : 0;
}

void words_bytes(struct buf *out, const void *bytes, size_t len)
{
    const char *text = bytes;
    size_t done = 0;
    for (size_t i = 0; i < len;) {
        size_t n = plain_char(text + i, len - i);
        if (n == 0) {
            buf_append(out, text + done, i - done);
            put_escaped(out, (uint8_t)text[i]);
            done = i + 1;
        }
        i += n ? n : 1;
    }
    if (len > done)
        buf_append(out, text + done, len - done);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape at text[0..len), into *ret_byte. Returns its length, 0 when it is
 * none. */
static size_t read_escape(const char *text, size_t len, char *ret_byte)
{
    static const char names[] = "nrt\\";
    static const char bytes[] = "\n\r\t\\";
    const char *at = len > 1 && text[1] ? strchr(names, text[1]) : NULL;
    if (at) {
        *ret_byte = bytes[at - names];
        return 2;
    }
    int high = len > 3 && text[1] == 'x' ? hex_digit(text[2]) : -1;
    int low = high >= 0 ? hex_digit(text[3]) : -1;
    *ret_byte = (char)(uint8_t)(low >= 0 ? high << 4 | low : 0);
    return low >= 0 ? 4 : 0;
}

bool words_read_bytes(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const char *next = memchr(text + i, '\\', len - i);
        size_t plain = next ? (size_t)(next - text) - i : len - i;
        buf_append(out, text + i, plain);
        i += plain;
        if (i == len)
            break;
        char byte;
        size_t n = read_escape(text + i, len - i, &byte);
        if (n == 0)
            return false;
        buf_append(out, &byte, 1);
        i += n;
    }
    return true;
}

void words_time(struct buf *out, uint64_t ns)
{
    static const struct {
        uint64_t unit_ns;
        const char *name;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "µs"}};
    size_t u = 0;
    while (u < 2 && ns < units[u].unit_ns)
        u++;
    uint64_t unit = units[u].unit_ns;
    unsigned whole = (unsigned)(ns / unit);
    unsigned thousandths = (unsigned)(ns % unit / (unit / 1000));
    if (whole >= 100 || ns == 0)
        buf_printf(out, "%u %s", whole, units[u].name);
    else if (whole >= 10)
        buf_printf(out, "%u.%u %s", whole, thousandths / 100, units[u].name);
    else
        buf_printf(out, "%u.%02u %s", whole, thousandths / 10, units[u].name);
}

size_t words_width(const char *text)
{
    size_t width = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; width++) {
        uint32_t code;
        size_t n = utf8_char(text + i, len - i, &code);
        i += n ? n : 1;
    }
    return width;
}

/* Bytes that fill at most `width` columns. */
static size_t bytes_within(const char *text, size_t width)
{
    size_t at = 0;
    size_t len = strlen(text);
    while (at < len && width-- > 0) {
        uint32_t code;
        size_t n = utf8_char(text + at, len - at, &code);
        at += n ? n : 1;
    }
    return at;
}

size_t words_line(const char *text, size_t width)
{
    size_t most = bytes_within(text, width ? width : 1);
    size_t at = most;
    if (!text[most])
        return most;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : most;
}

void words_wrap(struct buf *out, const char *text, unsigned first,
                unsigned indent, unsigned columns)
{
    unsigned used = first;
    for (;;) {
        size_t len = words_line(text, columns > used ? columns - used : 1);
        buf_append(out, text, len);
        buf_str(out, "\n");
        text += len + (text[len] == ' ');
        if (!text[0])
            return;
        used = indent;
        buf_printf(out, "%*s", (int)indent, "");
    }
}

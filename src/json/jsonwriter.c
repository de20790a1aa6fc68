/* jsonwriter.c - the streaming writer of jsonwriter.h. */
#include "handshake/jsonwriter.h"
#include "handshake/words.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

struct jsonw jsonw_to(struct buf *out)
{
    return (struct jsonw){.out = out};
}

/* Comma and name: what stands before every value. */
static void put_head(struct jsonw *w, const char *name)
{
    if (w->comma)
        buf_append(w->out, ",", 1);
    w->comma = true;
    if (!name)
        return;
    buf_append(w->out, "\"", 1);
    buf_str(w->out, name);
    buf_append(w->out, "\":", 2);
}

void jsonw_open(struct jsonw *w, const char *name, char bracket)
{
    put_head(w, name);
    buf_append(w->out, &bracket, 1);
    w->comma = false;
}

void jsonw_close(struct jsonw *w, char bracket)
{
    buf_append(w->out, &bracket, 1);
    w->comma = true;
}

/* One byte that cannot stand in a JSON string as it is (RFC 8259 section 7). */
static void put_escape(struct buf *out, uint8_t byte)
{
    static const char named_bytes[] = "\"\\\n\r\t\b\f";
    static const char names[] = "\"\\nrtbf";
    const char *at = byte ? strchr(named_bytes, byte) : NULL;
    if (at) {
        char text[2] = {'\\', names[at - named_bytes]};
        buf_append(out, text, sizeof(text));
    } else if (byte < 0x20) {
        char text[6] = {
            '\\', 'u', '0', '0', hex_digits[byte >> 4], hex_digits[byte & 15]};
        buf_append(out, text, sizeof(text));
    } else {
        buf_str(out, "\xef\xbf\xbd"); /* U+FFFD: not UTF-8 */
    }
}

void jsonw_text(struct jsonw *w, const char *name, const char *text, size_t len)
{
    put_head(w, name);
    buf_append(w->out, "\"", 1);
    size_t done = 0;
    for (size_t i = 0; i < len;) {
        uint32_t code = 0;
        size_t n = utf8_char(text + i, len - i, &code);
        if (n == 0 || code < 0x20 || code == '"' || code == '\\') {
            buf_append(w->out, text + done, i - done);
            put_escape(w->out, (uint8_t)text[i]);
            n = 1;
            done = i + 1;
        }
        i += n;
    }
    if (len > done)
        buf_append(w->out, text + done, len - done);
    buf_append(w->out, "\"", 1);
}

void jsonw_str(struct jsonw *w, const char *name, const char *text)
{
    if (text)
        jsonw_text(w, name, text, strlen(text));
    else
        jsonw_null(w, name);
}

void jsonw_bytes(struct jsonw *w, const char *name, const void *bytes,
                 size_t len)
{
    struct buf words;
    buf_init(&words, 4 * len);
    words_bytes(&words, bytes, len);
    jsonw_text(w, name, buf_text(&words), words.len);
    if (words.failed)
        w->out->failed = true;
    buf_done(&words);
}

void jsonw_hex(struct jsonw *w, const char *name, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    char chunk[128];
    size_t used = 0;
    put_head(w, name);
    buf_append(w->out, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        chunk[used++] = hex_digits[p[i] >> 4];
        chunk[used++] = hex_digits[p[i] & 15];
        if (used == sizeof(chunk)) {
            buf_append(w->out, chunk, used);
            used = 0;
        }
    }
    buf_append(w->out, chunk, used);
    buf_append(w->out, "\"", 1);
}

static void put_digits(struct buf *out, bool negative, uint64_t value)
{
    char text[21];
    size_t at = sizeof(text);
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (negative)
        text[--at] = '-';
    buf_append(out, text + at, sizeof(text) - at);
}

void jsonw_uint(struct jsonw *w, const char *name, uint64_t value)
{
    put_head(w, name);
    put_digits(w->out, false, value);
}

void jsonw_int(struct jsonw *w, const char *name, int64_t value)
{
    put_head(w, name);
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    put_digits(w->out, value < 0, size);
}

void jsonw_bool(struct jsonw *w, const char *name, bool value)
{
    put_head(w, name);
    buf_str(w->out, value ? "true" : "false");
}

void jsonw_null(struct jsonw *w, const char *name)
{
    put_head(w, name);
    buf_str(w->out, "null");
}

void jsonw_uint_or_null(struct jsonw *w, const char *name, uint64_t value)
{
    if (value)
        jsonw_uint(w, name, value);
    else
        jsonw_null(w, name);
}

void jsonw_raw(struct jsonw *w, const char *name, const char *json, size_t len)
{
    put_head(w, name);
    buf_append(w->out, json, len);
}

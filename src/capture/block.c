/* block.c - pcapng blocks and their options as bytes. */
#include "capture_internal.h"

#include "handshake/words.h"

#include <string.h>

enum { MAX_OPTION_BYTES = 65532 };

/* The lowest byte first. */
static void put_bytes(struct buf *out, uint64_t value, size_t n)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    buf_append(out, bytes, n);
}

void put_u16(struct buf *out, uint16_t value)
{
    put_bytes(out, value, 2);
}

void put_u32(struct buf *out, uint32_t value)
{
    put_bytes(out, value, 4);
}

void put_u64(struct buf *out, uint64_t value)
{
    put_bytes(out, value, 8);
}

/* The length is filled in at the end. */
size_t block_begin(struct buf *out, uint32_t type)
{
    size_t begin = out->len;
    put_u32(out, type);
    put_u32(out, 0);
    return begin;
}

/* Every block begins at a multiple of four, so that of the whole counts. */
void block_pad(struct buf *out)
{
    static const char zeros[3] = {0};
    buf_append(out, zeros, (4 - out->len % 4) % 4);
}

void block_end(struct buf *out, size_t begin)
{
    block_pad(out);
    uint32_t len = (uint32_t)(out->len - begin + 4);
    put_u32(out, len);
    for (size_t i = 0; i < 4 && !out->failed; i++)
        out->data[begin + 4 + i] = (char)(uint8_t)(len >> (8 * i));
}

void put_option(struct buf *out, uint16_t code, const void *value, size_t len)
{
    if (len > MAX_OPTION_BYTES)
        len = MAX_OPTION_BYTES;
    put_u16(out, code);
    put_u16(out, (uint16_t)len);
    buf_append(out, value, len);
    block_pad(out);
}

/* One character of a text that must not harm a screen. */
static void put_plain(struct buf *out, const char *text, size_t n,
                      uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    if (n == 0)
        buf_str(out, "\xef\xbf\xbd"); /* U+FFFD: not UTF-8 */
    else if (control && code != '\n')
        buf_str(out, " ");
    else
        buf_append(out, text, n);
}

void put_option_text(struct buf *out, uint16_t code, const char *text)
{
    struct buf plain;
    size_t len = strlen(text);
    buf_init(&plain, 2 * MAX_OPTION_TEXT);
    for (size_t i = 0; i < len && plain.len < MAX_OPTION_TEXT - 4;) {
        uint32_t number = 0;
        size_t n = utf8_char(text + i, len - i, &number);
        put_plain(&plain, text + i, n, number);
        i += n ? n : 1;
    }
    put_option(out, code, buf_text(&plain), plain.len);
    if (plain.failed)
        out->failed = true;
    buf_done(&plain);
}

void put_option_end(struct buf *out)
{
    put_u32(out, OPTION_END);
}

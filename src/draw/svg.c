/* svg.c - SVG elements as text. */
#include "svg_internal.h"

#include "handshake/words.h"

#include <string.h>

/* One character as XML wants it (XML 1.0 sections 2.2 and 2.4). */
static void put_char(struct buf *out, const char *text, size_t n, uint32_t code)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
        if (code == (uint32_t)entities[i].c) {
            buf_str(out, entities[i].entity);
            return;
        }
    bool allowed = n > 0 && code >= 0x20 && code != 0xfffe && code != 0xffff;
    if (allowed)
        buf_append(out, text, n);
    else
        buf_str(out, "\xef\xbf\xbd");
}

void svg_words(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t code = 0;
        size_t n = utf8_char(text + i, len - i, &code);
        put_char(out, text + i, n, code);
        i += n ? n : 1;
    }
}

void svg_line(struct buf *out, const char *class, struct svg_line at,
              const char *marker)
{
    buf_printf(out,
               "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"",
               class, at.x1, at.y1, at.x2, at.y2);
    if (marker)
        buf_printf(out, " marker-end=\"url(#%s)\"", marker);
    buf_str(out, "/>\n");
}

void svg_box(struct buf *out, const char *class, struct svg_box at)
{
    buf_printf(out,
               "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
               "height=\"%d\" rx=\"%d\"/>\n",
               class, at.x, at.y, at.width, at.height, at.radius);
}

void svg_label(struct buf *out, const char *class, int x, int y,
               const char *text, size_t len)
{
    buf_printf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
    svg_words(out, text, len);
    buf_str(out, "</text>\n");
}

int svg_lines(struct buf *out, const char *class, int x, int y,
              const char *text, unsigned columns)
{
    int count = 0;
    do {
        size_t len = words_line(text, columns);
        svg_label(out, class, x, y + count++ * SVG_LEADING, text, len);
        text += len + (text[len] == ' ');
    } while (text[0]);
    return count;
}

int svg_line_count(const char *text, unsigned columns)
{
    int count = 0;
    do {
        size_t len = words_line(text, columns);
        text += len + (text[len] == ' ');
        count++;
    } while (text[0]);
    return count;
}

/* qr.c - QR codes as SVG; libqrencode makes the modules. */
#include "handshake/qr.h"

#include "svg_internal.h"

#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 /* modules around a code, ISO/IEC 18004 6.3.8 */ };

/* The dark modules of one row, each stretch of them as one box of the path. */
static void put_row(const QRcode *code, int y, struct buf *out)
{
    const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
    for (int x = 0; x < code->width; x++) {
        int end = x;
        while (end < code->width && (row[end] & 1))
            end++;
        if (end == x)
            continue;
        buf_printf(out, "M%d %dh%dv1h-%dz", QUIET + x, QUIET + y, end - x,
                   end - x);
        x = end;
    }
}

static void put_code(const QRcode *code, const char *text, struct buf *out)
{
    int side = code->width + 2 * QUIET;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
               "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">\n"
               "<title>",
               side, side);
    svg_words(out, text, strlen(text));
    buf_printf(out,
               "</title>\n<path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>\n"
               "<path d=\"",
               side, side, side);
    for (int y = 0; y < code->width; y++)
        put_row(code, y, out);
    buf_str(out, "\"/>\n</svg>\n");
}

void qr_svg(const char *text, struct buf *out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code)
        put_code(code, text, out);
    else
        out->failed = true;
    QRcode_free(code);
}

/* qr.h - a text as a QR code (ISO/IEC 18004), for phones to read from afar. */
#ifndef HANDSHAKE_QR_H
#define HANDSHAKE_QR_H

#include "handshake/buf.h"

/* An SVG of text, its title: black on white whatever is around it, with the
 * quiet zone of four modules, readable with 15 % of it hidden. Appends to out,
 * which has failed when text is too long for a code or memory ran out. */
void qr_svg(const char *text, struct buf *out);

#endif

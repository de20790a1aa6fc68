/* svg_internal.h - writes SVG elements into a struct buf. Texts may hold
 * anything: what XML does not take becomes U+FFFD, what it reads as markup is
 * escaped. Looks are classes; diagram_style.c has them. All measures are
 * pixels. */
#ifndef HANDSHAKE_SVG_INTERNAL_H
#define HANDSHAKE_SVG_INTERNAL_H

#include "handshake/buf.h"

#include <stdbool.h>

/* Text as the content of an element. */
void svg_words(struct buf *out, const char *text, size_t len);

/* A line from (x1, y1) to (x2, y2); marker is the id of its head, or NULL. */
struct svg_line {
    int x1, y1, x2, y2;
};
void svg_line(struct buf *out, const char *class, struct svg_line at,
              const char *marker);

struct svg_box {
    int x, y, width, height, radius;
};
/* A rectangle. */
void svg_box(struct buf *out, const char *class, struct svg_box at);

/* One line of text; class also says where x is in it (classes "end" and
 * "mid", else its start). */
void svg_label(struct buf *out, const char *class, int x, int y,
               const char *text, size_t len);

/* The same for a text of several lines, broken at spaces after `columns`
 * characters, 15 apart. Returns how many lines there were. */
int svg_lines(struct buf *out, const char *class, int x, int y,
              const char *text, unsigned columns);

/* How many lines svg_lines() would make. */
int svg_line_count(const char *text, unsigned columns);

enum { SVG_LEADING = 15 };

#endif

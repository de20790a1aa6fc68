/* terminal_internal.h - how wide the terminal is and whether it has colours.
 * Asks the system anew each time; main thread. */
#ifndef HANDSHAKE_TERMINAL_INTERNAL_H
#define HANDSHAKE_TERMINAL_INTERNAL_H

#include <stdbool.h>

enum { TERMINAL_DEFAULT_COLUMNS = 80 };

/* Columns for what is written to fd: the COLUMNS of the environment when it is
 * a number, else the terminal's, else TERMINAL_DEFAULT_COLUMNS. */
unsigned terminal_columns(int fd);

/* When there are colours, in the order of --color's words. */
enum terminal_colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* Whether what is written to fd is to be coloured: AUTO colours a terminal
 * that is not "dumb", unless NO_COLOR is set and not empty (no-color.org). */
bool terminal_coloured(int fd, enum terminal_colour when);

#endif

/* terminal.c - width and colours, see terminal_internal.h. */
#include "terminal_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_COLUMNS = 1000 };

/* What COLUMNS says, 0 when nothing that makes sense. */
static unsigned columns_told(void)
{
    char *end;
    const char *text = getenv("COLUMNS");
    if (!text || text[0] < '0' || text[0] > '9')
        return 0;
    unsigned long columns = strtoul(text, &end, 10);
    return *end || columns > MOST_COLUMNS ? 0 : (unsigned)columns;
}

/* COLUMNS first: it is how somebody says it in a pipe. */
unsigned terminal_columns(int fd)
{
    struct winsize size = {0};
    unsigned told = columns_told();
    if (told)
        return told;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return TERMINAL_DEFAULT_COLUMNS;
    return size.ws_col;
}

/* Asked for outright wins over NO_COLOR: it is nearer to the call. */
bool terminal_coloured(int fd, enum terminal_colour when)
{
    const char *refused = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    if (when != COLOUR_AUTO)
        return when == COLOUR_ALWAYS;
    return isatty(fd) && !(refused && refused[0]) &&
           !(kind && strcmp(kind, "dumb") == 0);
}

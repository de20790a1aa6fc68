/* relative.c - texts with sequence numbers, in two wordings: as they stand in
 * the header, and counted from where each host began.
 *
 * Who writes such a text marks its numbers (MINE, THEIRS, ISN); a mark is one
 * byte that no text has otherwise. Here marks are taken out again, twice. */
#include "tcp_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of MINE, THEIRS and ISN. */
enum { MARK_MINE = 1, MARK_THEIRS, MARK_ISN };

static bool is_mark(char c)
{
    return c >= MARK_MINE && c <= MARK_ISN;
}

/* Everything but the marks. */
static void put_absolute(const char *marked, char *ret_text, size_t size)
{
    size_t len = 0;
    for (const char *c = marked; *c; c++)
        if (!is_mark(*c) && len + 1 < size)
            ret_text[len++] = *c;
    ret_text[len] = '\0';
}

/* One marked number, counted from its side's initial one where that is known;
 * returns its length. An initial number is news as it is, so it stays and its
 * count stands beside it. */
static size_t put_number(const struct seq_bases *bases, char mark,
                         uint32_t number, char *ret_text, size_t size)
{
    bool theirs = mark == MARK_THEIRS;
    bool known = theirs ? bases->theirs_known : bases->mine_known;
    uint32_t base = theirs ? bases->theirs : bases->mine;
    uint32_t relative = known ? number - base : number;
    if (mark == MARK_ISN && known)
        return (size_t)snprintf(ret_text, size, "%u (relative %u)", number,
                                relative);
    return (size_t)snprintf(ret_text, size, "%u", relative);
}

void relative_words(const char *marked, const struct seq_bases *bases,
                    size_t size, char *ret_text, char *ret_relative)
{
    size_t len = 0;
    put_absolute(marked, ret_text, size);
    while (*marked && len + 1 < size) {
        char c = *marked++;
        if (!is_mark(c)) {
            ret_relative[len++] = c;
            continue;
        }
        char *end;
        uint32_t number = (uint32_t)strtoul(marked, &end, 10);
        len += put_number(bases, c, number, ret_relative + len, size - len);
        marked = end;
    }
    ret_relative[len < size ? len : size - 1] = '\0';
    if (strcmp(ret_text, ret_relative) == 0)
        ret_relative[0] = '\0';
}

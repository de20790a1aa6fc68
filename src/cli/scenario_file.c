/* scenario_file.c - from a word of the command line to a scenario: built in, or
 * read from a file. */
#include "cli_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { DOCUMENT_MAX_BYTES = 256 * 1024 };

/* There are too many to list them; the nearest is mostly the one that was
 * meant. */
static int unknown_scenario(const struct command *self, const char *which)
{
    const struct scenario *near = catalog_nearest(which);
    return usage_error(self,
                       "\"%s\" is no scenario and no file%s%s%s; `handshake "
                       "scenarios` lists what is built in",
                       which, near ? " (did you mean \"" : "",
                       near ? near->id : "", near ? "\"?)" : "");
}

/* All of it, or -1: too long, or not to be read. */
static int read_file(FILE *file, struct buf *ret_text)
{
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_append(ret_text, chunk, n);
    return ferror(file) || ret_text->failed ? -1 : 0;
}

/* Every fault with its place, as a compiler would. */
static int parse_file(const char *name, const struct buf *text,
                      struct scenario *ret_sc)
{
    struct json_faults faults;
    if (json_scenario_read(buf_text(text), text->len, ret_sc, &faults) == 0)
        return 0;
    for (size_t i = 0; i < faults.count; i++)
        fprintf(stderr, "%s: %s%s%s\n", name, faults.list[i].pointer,
                faults.list[i].pointer[0] ? ": " : "", faults.list[i].text);
    return EXIT_USAGE;
}

/* An id wins over a file of that name: `./open` is the file. */
int scenario_load(const struct command *self, const char *which,
                  struct scenario *ret_sc, struct buf *ret_document)
{
    buf_init(ret_document, DOCUMENT_MAX_BYTES);
    const struct scenario *built_in = catalog_find(which);
    if (built_in) {
        *ret_sc = *built_in;
        return 0;
    }
    if (catalog_count() == 0)
        return failed(&(struct err){
            .text = "there is no memory left to read the built-in scenarios"});
    FILE *file = fopen(which, "re");
    if (!file && errno == ENOENT)
        return unknown_scenario(self, which);
    int status = EXIT_USAGE;
    if (!file || read_file(file, ret_document) < 0)
        fprintf(stderr, "handshake: cannot read %s: %s\n", which,
                ret_document->failed ? "it is too large" : err_words(errno));
    else
        status = parse_file(which, ret_document, ret_sc);
    if (file)
        (void)fclose(file); /* only read */
    return status;
}

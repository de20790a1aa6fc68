/* catalog.c - the built-in scenarios: embedded text, parsed on first use. */
#include "json_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Parsed once, then only read. Lives as long as the program. */
static struct {
    pthread_once_t once;
    struct scenario *list; /* (owned) in the order of the files */
    size_t count;
} catalog = {.once = PTHREAD_ONCE_INIT};

/* All of them or none: they are the build's own, so that a fault means that
 * memory ran out. */
static void parse_all(void)
{
    catalog.list = calloc(embedded_scenario_count, sizeof(*catalog.list));
    for (size_t i = 0; catalog.list && i < embedded_scenario_count; i++) {
        const struct embedded_scenario *file = &embedded_scenarios[i];
        struct json_faults faults;
        int rc = json_scenario_read((const char *)file->text, file->len,
                                    &catalog.list[catalog.count], &faults);
        if (rc < 0) {
            free(catalog.list);
            catalog.list = NULL;
            catalog.count = 0;
            return;
        }
        catalog.list[catalog.count++].builtin = true;
    }
}

size_t catalog_count(void)
{
    pthread_once(&catalog.once, parse_all);
    return catalog.count;
}

const struct scenario *catalog_at(size_t i)
{
    return i < catalog_count() ? &catalog.list[i] : NULL;
}

const struct scenario *catalog_find(const char *id)
{
    for (size_t i = 0; i < catalog_count(); i++)
        if (strcmp(catalog.list[i].id, id) == 0)
            return &catalog.list[i];
    return NULL;
}

const char *catalog_document(size_t i, size_t *ret_len)
{
    *ret_len = embedded_scenarios[i].len;
    return (const char *)embedded_scenarios[i].text;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Letters to insert, delete or replace to make b of a (Levenshtein), row by
 * row of the table; both shorter than SCENARIO_ID_BYTES. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[SCENARIO_ID_BYTES];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = min3(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[width];
}

const struct scenario *catalog_nearest(const char *id)
{
    const struct scenario *nearest = NULL;
    size_t best = strlen(id) / 2 + 1; /* half of it wrong is another word */
    if (strlen(id) >= SCENARIO_ID_BYTES)
        return NULL;
    for (size_t i = 0; i < catalog_count(); i++) {
        size_t distance = edit_distance(id, catalog.list[i].id);
        if (distance < best) {
            best = distance;
            nearest = &catalog.list[i];
        }
    }
    return nearest;
}

/* segment_seeds.c - writes what segment_fuzz begins from: the packets of the
 * unit tests, one a file and all in a row. Usage: segment_seeds FOLDER */
#include "../unit/tcp_dumps.h"

#include <stdio.h>

/* Packets first..last of the dumps, each behind its length. */
static int write_seed(const char *folder, size_t first, size_t last)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/seed-%zu-%zu", folder, first, last);
    FILE *file = fopen(path, "wb");
    if (!file)
        return -1;
    for (size_t i = first; i <= last; i++) {
        fputc((int)dumps[i].len, file);
        fwrite(dumps[i].bytes, 1, dumps[i].len, file);
    }
    return fclose(file);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    int failed = write_seed(argv[1], 0, DUMP_COUNT - 1);
    for (size_t i = 0; i < DUMP_COUNT; i++)
        failed |= write_seed(argv[1], i, i);
    return failed ? 1 : 0;
}

/* web_files.h - the files of web/ inside the program; the table is made while
 * building, by cmake/EmbedWeb.cmake. */
#ifndef HANDSHAKE_WEB_FILES_H
#define HANDSHAKE_WEB_FILES_H

#include <stddef.h>

struct web_file {
    const char *path; /* "/css/base.css" */
    const unsigned char *data;
    size_t len;
    const unsigned char *gz; /* gzip -9, or NULL when that is no shorter */
    size_t gz_len;
    const char *hash; /* of the content, hexadecimal */
};

extern const struct web_file web_files[];
extern const size_t web_file_count;

#endif

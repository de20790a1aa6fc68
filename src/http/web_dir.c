/* web_dir.c - the page from a folder on disk, read anew for each request, so
 * that a change shows with the next reload. For developing only. */
#include "http_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WEB_FILE_BYTES = 8 * 1024 * 1024, NAME_BYTES = 256 };

/* No empty names and none that begin with a dot: neither ".." nor what editors
 * and version control hide. */
static bool path_is_plain(const char *path)
{
    if (path[0] != '/')
        return false;
    for (const char *slash = path; slash; slash = strchr(slash + 1, '/'))
        if (slash[1] == '.' || slash[1] == '/' || slash[1] == '\0')
            return false;
    return true;
}

/* Open one name of a path, never through a symbolic link. Takes over dir_fd
 * unless it is keep_fd. */
static int step_into(int dir_fd, int keep_fd, const char *name, int flags)
{
    const int how = flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = openat(dir_fd, name, how);
    int r = fd < 0 ? -errno : fd;
    if (dir_fd != keep_fd)
        close(dir_fd);
    return r;
}

/* Open path below dir_fd, name by name: no kernel call that resolves a whole
 * path, so nothing in the path can lead elsewhere. */
static int open_beneath(int dir_fd, const char *path)
{
    char name[NAME_BYTES];
    int fd = dir_fd;
    for (const char *at = path + 1; fd >= 0; at++) {
        size_t len = strcspn(at, "/");
        if (len >= sizeof(name))
            len = 0; /* too long to exist: an empty name does not either */
        memcpy(name, at, len);
        name[len] = '\0';
        bool last = !strchr(at, '/');
        fd =
            step_into(fd, dir_fd, name, last ? O_RDONLY : O_PATH | O_DIRECTORY);
        if (last)
            break;
        at += strcspn(at, "/");
    }
    return fd;
}

/* Bounded by ret_content, whatever the size of the file says. */
static int read_all(int fd, struct buf *ret_content)
{
    char piece[16 * 1024];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n <= 0)
            return n < 0 ? -errno : 0;
        buf_append(ret_content, piece, (size_t)n);
        if (ret_content->failed)
            return -EFBIG;
    }
}

int web_dir_read(int dir_fd, const char *path, struct buf *ret_content)
{
    struct stat st;
    if (!path_is_plain(path))
        return -ENOENT;
    int fd = open_beneath(dir_fd, path);
    if (fd < 0)
        return fd;
    int r = fstat(fd, &st) < 0 ? -errno : 0;
    if (r == 0 && !S_ISREG(st.st_mode))
        r = -ENOENT;
    buf_init(ret_content, WEB_FILE_BYTES);
    if (r == 0)
        r = read_all(fd, ret_content);
    close(fd);
    if (r < 0)
        buf_done(ret_content);
    return r;
}

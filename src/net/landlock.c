/* landlock.c - no file but /proc/self, no signal and no abstract socket to
 * others.
 *
 * Called by raw system calls: there is no library to depend on. The constants
 * beyond the installed header's age are the kernel's (landlock(7)); which of
 * them count is decided by the ABI the running kernel names. */
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Grown with the ABI: the third field came with 6, the second with 4. */
struct ruleset_attr {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
};

enum { ABI_SCOPES = 6, SCOPE_ABSTRACT_UNIX_SOCKET = 1, SCOPE_SIGNAL = 2 };

/* All file accesses an ABI knows: 13 at first, then REFER, TRUNCATE, IOCTL_DEV
 * with ABI 2, 3 and 5. */
static uint64_t all_accesses(int abi)
{
    unsigned bits = 13;
    bits += (unsigned)(abi >= 2) + (unsigned)(abi >= 3) + (unsigned)(abi >= 5);
    return (1u << bits) - 1;
}

static const uint64_t read_access =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

static void add_rule(int ruleset_fd, int path_fd, uint64_t access)
{
    const struct landlock_path_beneath_attr rule = {.allowed_access = access,
                                                    .parent_fd = path_fd};
    syscall(SYS_landlock_add_rule, ruleset_fd, LANDLOCK_RULE_PATH_BENEATH,
            &rule, 0);
}

/* The system makes a new inode for the folder of a process when the old one has
 * fallen out of its cache, and the rule is about the inode: an open descriptor
 * keeps it there for good. */
static void allow_below_self(int ruleset_fd)
{
    int fd = open("/proc/self", O_PATH | O_CLOEXEC);
    if (fd >= 0)
        add_rule(ruleset_fd, fd, read_access);
}

/* Allow access below a path. A path that does not exist needs no rule. */
static void allow_below(int ruleset_fd, const char *path, uint64_t access)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    add_rule(ruleset_fd, fd, access);
    close(fd);
}

static int make_ruleset(int abi)
{
    struct ruleset_attr attr = {.handled_access_fs = all_accesses(abi)};
    size_t size = sizeof(attr.handled_access_fs);
    if (abi >= ABI_SCOPES) {
        attr.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
        size = sizeof(attr);
    }
    return (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
}

void confine_landlock(const char *read_dir, struct availability *ret_layer)
{
    int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);
    int fd = abi > 0 ? make_ruleset(abi) : -1;
    if (fd < 0) {
        layer_set(ret_layer, false, "the kernel has no Landlock, or it is off");
        return;
    }
    allow_below_self(fd);
    allow_below(fd, "/proc/sys/net",
                read_access | LANDLOCK_ACCESS_FS_WRITE_FILE);
    if (read_dir)
        allow_below(fd, read_dir, read_access);
    bool on = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    int code = errno;
    close(fd);
    if (on)
        layer_set(
            ret_layer, true,
            "reads /proc/self, writes /proc/sys/net, no other file%s (ABI %d)",
            abi >= ABI_SCOPES ? "; no signal to others" : "", abi);
    else
        layer_set(ret_layer, false, "Landlock is refused: %s", err_words(code));
}

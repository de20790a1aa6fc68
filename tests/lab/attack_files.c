/* attack_files.c - files, folders, and what /proc tells of others. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static bool writes_tmp(void)
{
    return opens("/tmp/handshake-attack", O_WRONLY | O_CREAT);
}
static bool reads_passwd(void)
{
    return opens("/etc/passwd", O_RDONLY);
}
static bool reads_shadow(void)
{
    return opens("/etc/shadow", O_RDONLY);
}
static bool lists_root(void)
{
    return opens("/", O_RDONLY | O_DIRECTORY);
}
static bool opens_kernel_memory(void)
{
    return opens("/dev/mem", O_RDWR) || opens("/dev/kmsg", O_WRONLY);
}
static bool writes_kernel_setting(void)
{
    return opens("/proc/sys/kernel/core_pattern", O_WRONLY) ||
           opens("/proc/sysrq-trigger", O_WRONLY);
}
static bool opens_victim_memory(void)
{
    return opens(bait.victim_mem, O_RDWR);
}
static bool makes_directory(void)
{
    return mkdir("/tmp/handshake-attack.d", 0700) == 0;
}
static bool makes_link(void)
{
    return symlink("/etc/passwd", "/tmp/handshake-attack.l") == 0;
}
static bool removes_file(void)
{
    return unlink("/etc/hostname") == 0 || errno == EBUSY;
}
static bool changes_mode(void)
{
    return chmod("/tmp", 0777) == 0;
}
static bool truncates_file(void)
{
    return truncate("/etc/hostname", 0) == 0;
}
static bool opens_by_handle(void)
{
    return syscall(SYS_open_by_handle_at, AT_FDCWD, NULL, 0) >= 0 ||
           errno == EFAULT;
}

/* --- by way of /proc ----------------------------------------------------- */

/* A file of the victim's folder in /proc. */
static bool opens_of_victim(const char *name)
{
    char path[80];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)bait.victim, name);
    return opens(path, O_RDONLY);
}
static bool reads_command_line_of_other(void)
{
    return opens_of_victim("cmdline");
}
static bool reads_environment_of_other(void)
{
    return opens_of_victim("environ");
}
static bool reads_map_of_other(void)
{
    return opens_of_victim("maps");
}
static bool lists_descriptors_of_other(void)
{
    return opens_of_victim("fd");
}
static bool reads_sockets_of_other(void)
{
    return opens_of_victim("net/tcp");
}
static bool leaves_by_root_of_other(void)
{
    return opens_of_victim("root/etc/passwd");
}
static bool leaves_by_own_root(void)
{
    return opens("/proc/self/root/etc/passwd", O_RDONLY) ||
           opens("/proc/self/cwd/.", O_RDONLY | O_DIRECTORY);
}
static bool lists_processes(void)
{
    return opens("/proc", O_RDONLY | O_DIRECTORY);
}
static bool reads_kernel_symbols(void)
{
    return opens("/proc/kallsyms", O_RDONLY) || opens("/proc/kcore", O_RDONLY);
}
static bool writes_limit_of_namespaces(void)
{
    return opens("/proc/sys/user/max_net_namespaces", O_WRONLY);
}
static bool writes_own_maps(void)
{
    return opens("/proc/self/uid_map", O_WRONLY) ||
           opens("/proc/self/mem", O_WRONLY) ||
           opens("/proc/self/oom_score_adj", O_WRONLY);
}

/* --- other ways to a file ------------------------------------------------ */

static bool makes_device(void)
{
    return mknodat(AT_FDCWD, "/tmp/handshake-attack.p", S_IFIFO | 0600, 0) == 0;
}
static bool renames_file(void)
{
    return renameat(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b") == 0 ||
           errno == ENOENT;
}
static bool links_file(void)
{
    return linkat(AT_FDCWD, "/etc/hostname", AT_FDCWD, "/tmp/handshake-attack",
                  0) == 0 ||
           errno == EEXIST;
}
static bool changes_owner(void)
{
    return fchownat(AT_FDCWD, "/tmp", getuid(), getgid(), 0) == 0;
}
static bool changes_folder(void)
{
    return chdir("/proc/self") == 0;
}
static bool watches_files(void)
{
    return inotify_init1(IN_CLOEXEC) >= 0;
}
static bool opens_anonymous_file(void)
{
    return syscall(SYS_memfd_create, "x", 0u) >= 0;
}
static bool opens_by_openat2(void)
{
    uint64_t how[3] = {O_RDONLY, 0, 0};
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof(how)) >= 0;
}

/* --- the table ----------------------------------------------------------- */

const struct attack file_attacks[] = {
    ATTACK(writes_tmp),
    ATTACK(reads_passwd),
    ATTACK(reads_shadow),
    ATTACK(lists_root),
    ATTACK(opens_kernel_memory),
    ATTACK(writes_kernel_setting),
    ATTACK(opens_victim_memory),
    ATTACK(makes_directory),
    ATTACK(makes_link),
    ATTACK(removes_file),
    ATTACK(changes_mode),
    ATTACK(truncates_file),
    ATTACK(opens_by_handle),
    ATTACK(reads_command_line_of_other),
    ATTACK(reads_environment_of_other),
    ATTACK(reads_map_of_other),
    ATTACK(lists_descriptors_of_other),
    ATTACK(reads_sockets_of_other),
    ATTACK(leaves_by_root_of_other),
    ATTACK(leaves_by_own_root),
    ATTACK(lists_processes),
    ATTACK(reads_kernel_symbols),
    ATTACK(writes_limit_of_namespaces),
    ATTACK(writes_own_maps),
    ATTACK(makes_device),
    ATTACK(renames_file),
    ATTACK(links_file),
    ATTACK(changes_owner),
    ATTACK(changes_folder),
    ATTACK(watches_files),
    ATTACK(opens_anonymous_file),
    ATTACK(opens_by_openat2),
    {NULL, NULL},
};

/* private_net.c - leaves the machine's identity and network for private ones.
 *
 * The steps, in the only order that works: become nobody while still allowed
 * to; make the process readable to itself again, which the change of user took
 * away and the id maps need; unshare the user namespace together with the
 * network namespace; map one single id, never the machine's root. What is
 * gained are capabilities over the private namespaces alone. */
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY_ID = 65534 };

int private_become_nobody(struct err *ret_err)
{
    if (geteuid() != 0)
        return 0;
    if (setgroups(0, NULL) < 0 && errno != EPERM)
        return err_errno(ret_err, errno, "cannot give up the groups of root");
    if (setresgid(NOBODY_ID, NOBODY_ID, NOBODY_ID) < 0 ||
        setresuid(NOBODY_ID, NOBODY_ID, NOBODY_ID) < 0)
        return err_errno(ret_err, errno, "cannot become an ordinary user");
    prctl(PR_SET_DUMPABLE, 1);
    return 0;
}

static int write_proc(const char *path, const char *text, struct err *ret_err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open %s", path);
    ssize_t n = write(fd, text, strlen(text));
    int code = errno;
    close(fd);
    if (n < 0)
        return err_errno(ret_err, code, "cannot write %s", path);
    return 0;
}

/* Who may write the maps of a process: itself, one id alone, or a privileged
 * process outside, any. user_namespaces(7). */
struct id_maps {
    char uid[48], gid[48];
    bool keeps_groups; /* may be written by the privileged alone */
};

static int write_maps(const char *process, const struct id_maps *maps,
                      struct err *ret_err)
{
    char path[64];
    int r = 0;
    snprintf(path, sizeof(path), "/proc/%s/setgroups", process);
    if (!maps->keeps_groups)
        r = write_proc(path, "deny", ret_err);
    snprintf(path, sizeof(path), "/proc/%s/uid_map", process);
    if (r == 0)
        r = write_proc(path, maps->uid, ret_err);
    snprintf(path, sizeof(path), "/proc/%s/gid_map", process);
    if (r == 0)
        r = write_proc(path, maps->gid, ret_err);
    return r;
}

/* --- a user namespace in which nobody changes ---------------------------- */

/* Root needs a second id to become, which only a process outside can map: a
 * child that waits until its parent is inside. */
_Noreturn static void map_parent(const int fds[2])
{
    const struct id_maps maps = {.uid = "0 0 1\n65534 65534 1",
                                 .gid = "0 0 1\n65534 65534 1",
                                 .keeps_groups = true};
    char parent[16], c;
    snprintf(parent, sizeof(parent), "%d", getppid());
    close(fds[1]); /* its last end is the parent's: read() sees it go */
    if (read(fds[0], &c, 1) == 1)
        write_maps(parent, &maps, NULL);
    _exit(0);
}

static void enter_as_root(void)
{
    int fds[2], status;
    if (pipe2(fds, O_CLOEXEC) < 0)
        return;
    pid_t child = _Fork();
    if (child == 0)
        map_parent(fds);
    bool inside = child > 0 && unshare(CLONE_NEWUSER) == 0;
    ssize_t n = inside ? write(fds[1], "", 1) : 0;
    (void)n; /* who is gone cannot map: it shows later */
    close(fds[0]);
    close(fds[1]);
    if (child > 0)
        waitpid(child, &status, 0);
}

void private_user_enter(void)
{
    unsigned uid = geteuid(), gid = getegid();
    struct id_maps maps = {.keeps_groups = false};
    if (uid == 0) {
        enter_as_root();
        return;
    }
    snprintf(maps.uid, sizeof(maps.uid), "%u %u 1", uid, uid);
    snprintf(maps.gid, sizeof(maps.gid), "%u %u 1", gid, gid);
    if (unshare(CLONE_NEWUSER) == 0)
        write_maps("self", &maps, NULL);
}

/* --- the private network ------------------------------------------------- */

int private_loopback_up(struct err *ret_err)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a socket");
    struct ifreq ifr = {.ifr_name = "lo"};
    ifr.ifr_flags = IFF_UP | IFF_RUNNING;
    int code = ioctl(fd, SIOCSIFFLAGS, &ifr) < 0 ? errno : 0;
    close(fd);
    return code ? err_errno(ret_err, code, "cannot bring up the private lo")
                : 0;
}

int private_net_enter(struct err *ret_err)
{
    struct id_maps maps = {.keeps_groups = false};
    snprintf(maps.uid, sizeof(maps.uid), "0 %u 1", geteuid());
    snprintf(maps.gid, sizeof(maps.gid), "0 %u 1", getegid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return err_errno(ret_err, errno,
                         "unshare() of a user and network namespace is "
                         "refused");
    int r = write_maps("self", &maps, ret_err);
    return r < 0 ? r : private_loopback_up(ret_err);
}

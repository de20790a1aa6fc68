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

int private_map_ids(const struct private_ids *inside,
                    const struct private_ids *outside, struct err *ret_err)
{
    char uid_map[32], gid_map[32];
    snprintf(uid_map, sizeof(uid_map), "%u %u 1", inside->uid, outside->uid);
    snprintf(gid_map, sizeof(gid_map), "%u %u 1", inside->gid, outside->gid);
    int r = write_proc("/proc/self/setgroups", "deny", ret_err);
    if (r == 0)
        r = write_proc("/proc/self/uid_map", uid_map, ret_err);
    if (r == 0)
        r = write_proc("/proc/self/gid_map", gid_map, ret_err);
    return r;
}

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
    const struct private_ids outside = {geteuid(), getegid()}, root = {0, 0};
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return err_errno(ret_err, errno,
                         "unshare() of a user and network namespace is "
                         "refused");
    int r = private_map_ids(&root, &outside, ret_err);
    return r < 0 ? r : private_loopback_up(ret_err);
}

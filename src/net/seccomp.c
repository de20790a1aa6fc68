/* seccomp.c - the system calls that stay: those the program uses, no others.
 *
 * An allow-list by name through libseccomp, so that it holds on every
 * architecture. What is not on it gives EPERM; clone3 gives ENOSYS, because its
 * flags cannot be looked at and the C library then falls back to clone, of
 * which only the making of threads is allowed. Left out on purpose: fork,
 * execve, setns, mount, ptrace, bpf, io_uring, keyctl, kill, and everything
 * else that reaches beyond this process. */
#include "net_internal.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* By name: a call an architecture lacks (open, poll, epoll_wait on arm64) is
 * passed over. */
static const char *const plain_calls[] = {
    /* files and descriptors */
    "read",
    "readv",
    "pread64",
    "write",
    "writev",
    "close",
    "lseek",
    "fstat",
    "newfstatat",
    "statx",
    "openat",
    "open",
    "getdents64",
    "fcntl",
    "sendfile",
    "eventfd2",
    "pipe2",
    "dup",
    "readlinkat",
    "readlink",
    "access",
    "faccessat",
    "faccessat2",
    "fstatfs",
    "stat",
    "lstat",
    /* sockets, but for socket() itself */
    "bind",
    "listen",
    "accept",
    "accept4",
    "connect",
    "shutdown",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
    "recvmmsg",
    "setsockopt",
    "getsockopt",
    "getsockname",
    "getpeername",
    /* waiting */
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "nanosleep",
    "clock_nanosleep",
    "pause",
    "restart_syscall",
    /* memory */
    "mmap",
    "munmap",
    "mprotect",
    "mremap",
    "madvise",
    "brk",
    /* threads */
    "futex",
    "set_robust_list",
    "rseq",
    "gettid",
    "getpid",
    "getppid",
    "sched_yield",
    "sched_getaffinity",
    "sched_setaffinity",
    "membarrier",
    "set_tid_address",
    "exit",
    "exit_group",
    "getcpu",
    /* signals to itself */
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigtimedwait",
    "rt_sigsuspend",
    "sigaltstack",
    "signalfd4",
    /* facts */
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "uname",
    "sysinfo",
    "getrandom",
    "getrlimit",
    "prlimit64",
    "getrusage",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "capget",
};

static const unsigned long allowed_ioctls[] = {
    SIOCGIFFLAGS, SIOCSIFFLAGS,  SIOCGIFINDEX, SIOCGIFNAME,
    SIOCGIFMTU,   SIOCGIFHWADDR, SIOCETHTOOL,  FIONREAD,
    FIONBIO,      TCGETS,        TIOCGWINSZ,   SIOCOUTQ,
};

static int allow(scmp_filter_ctx ctx, const char *name, unsigned count,
                 const struct scmp_arg_cmp *args)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number < 0) /* unknown, or not on this architecture */
        return 0;
    return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, number, count, args);
}

static int allow_plain(scmp_filter_ctx ctx)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof(plain_calls) / sizeof(*plain_calls);
         i++)
        r = allow(ctx, plain_calls[i], 0, NULL);
    return r;
}

static int allow_sockets(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp families[][2] = {
        {SCMP_A0(SCMP_CMP_EQ, AF_INET)},
        {SCMP_A0(SCMP_CMP_EQ, AF_INET6)},
        {SCMP_A0(SCMP_CMP_EQ, AF_PACKET)},
        {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_EQ, NETLINK_ROUTE)},
        {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
         SCMP_A2(SCMP_CMP_EQ, NETLINK_SOCK_DIAG)},
    };
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof(families) / sizeof(*families); i++)
        r = allow(ctx, "socket", i < 3 ? 1 : 2, families[i]);
    return r;
}

static int allow_ioctls(scmp_filter_ctx ctx)
{
    int r = 0;
    for (size_t i = 0;
         r == 0 && i < sizeof(allowed_ioctls) / sizeof(*allowed_ioctls); i++) {
        const struct scmp_arg_cmp arg =
            SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, allowed_ioctls[i]);
        r = allow(ctx, "ioctl", 1, &arg);
    }
    return r;
}

/* Threads, never processes; one network namespace at a time, nothing else;
 * signals to this process alone; the harmless prctls. */
static int allow_by_argument(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp thread =
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_NEWUSER, CLONE_THREAD);
    const struct scmp_arg_cmp net = SCMP_A0(SCMP_CMP_EQ, CLONE_NEWNET);
    const struct scmp_arg_cmp self =
        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
    const struct scmp_arg_cmp name = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME);
    int r = allow(ctx, "clone", 1, &thread);
    if (r == 0)
        r = allow(ctx, "unshare", 1, &net);
    if (r == 0)
        r = allow(ctx, "tgkill", 1, &self);
    if (r == 0)
        r = allow(ctx, "prctl", 1, &name);
    if (r == 0)
        r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return r;
}

static int load_filter(void)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!ctx)
        return -ENOMEM;
    int r = allow_plain(ctx);
    if (r == 0)
        r = allow_sockets(ctx);
    if (r == 0)
        r = allow_ioctls(ctx);
    if (r == 0)
        r = allow_by_argument(ctx);
    if (r == 0)
        r = seccomp_load(ctx);
    seccomp_release(ctx);
    return r;
}

/* The sanitizers' own run time needs calls that nobody else gets. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitizer_build = true;
#else
static const bool is_sanitizer_build = false;
#endif

void confine_seccomp(struct availability *ret_layer)
{
    if (is_sanitizer_build) {
        layer_set(ret_layer, false, "left out of a sanitizer build");
        return;
    }
    int r = load_filter();
    if (r == 0)
        layer_set(ret_layer, true,
                  "only the system calls in use: no exec, no fork, netlink "
                  "for routes and sockets alone");
    else
        layer_set(ret_layer, false, "the filter is refused: %s", err_words(-r));
}

/* seccomp.c - the system calls that stay: those the program uses, no others.
 *
 * An allow-list by name through libseccomp, so that it holds on every
 * architecture. What is not on it gives EPERM; clone3 gives ENOSYS, because its
 * flags cannot be looked at and the C library then falls back to clone, of
 * which only the making of threads is allowed. Left out on purpose: fork,
 * execve, setns, mount, ptrace, bpf, io_uring, keyctl, kill, and everything
 * else that reaches beyond this process. Where a call could name another
 * process, or ask the kernel for more than is in use here, its arguments are
 * checked. */
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The rest of socket()'s type are flags. */
enum { SOCKET_TYPE_MASK = 0xf };

/* By name: a call an architecture lacks (open, poll, epoll_wait on arm64) is
 * passed over. */
static const char *const plain_calls[] = {
    /* files and descriptors; fcntl() is looked at below */
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
    /* sockets, but for socket() itself; no socketpair() */
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
    /* memory; mmap() and mprotect() below */
    "munmap",
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

/* Of fcntl(): none of those that make the kernel send a signal to whom the
 * caller names (F_SETOWN and its like, leases, F_NOTIFY), nor locks. */
static const int allowed_fcntls[] = {F_GETFD, F_SETFD, F_GETFL,
                                     F_DUPFD_CLOEXEC};

/* What the C library passes to make a thread, and nothing beside it: with
 * CLONE_THREAD there could be a mount, UTS or IPC namespace for it, too.
 * CLONE_DETACHED, which some libraries add, means nothing to the kernel. */
static const scmp_datum_t thread_flags =
    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
    CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

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

/* Streams; packet sockets; netlink to ask for the states of sockets. Never a
 * raw IP socket. */
static int allow_sockets(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp kinds[][2] = {
        {SCMP_A0(SCMP_CMP_EQ, AF_INET),
         SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, SOCK_STREAM)},
        {SCMP_A0(SCMP_CMP_EQ, AF_INET6),
         SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, SOCK_STREAM)},
        {SCMP_A0(SCMP_CMP_EQ, AF_PACKET)},
        {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
         SCMP_A2(SCMP_CMP_EQ, NETLINK_SOCK_DIAG)},
    };
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof(kinds) / sizeof(*kinds); i++)
        r = allow(ctx, "socket", kinds[i][0].datum_a == AF_PACKET ? 1 : 2,
                  kinds[i]);
    return r;
}

/* Interfaces are made by netlink, and asked about by ioctl() on a datagram
 * socket, which libpcap does, too. */
static int allow_link(scmp_filter_ctx ctx, enum link_kind best)
{
    const struct scmp_arg_cmp route[] = {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
                                         SCMP_A2(SCMP_CMP_EQ, NETLINK_ROUTE)};
    const struct scmp_arg_cmp datagrams[] = {
        SCMP_A0(SCMP_CMP_EQ, AF_INET),
        SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, SOCK_DGRAM)};
    int r = 0;
    if (best <= LINK_LOOPBACK)
        r = allow(ctx, "socket", 2, datagrams);
    if (r == 0 && best == LINK_WIRE)
        r = allow(ctx, "socket", 2, route);
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

/* O_ASYNC is what would make a descriptor send signals. */
static int allow_fcntls(scmp_filter_ctx ctx)
{
    const scmp_datum_t low = 0xffffffff;
    const struct scmp_arg_cmp set_flags[] = {
        SCMP_A1(SCMP_CMP_MASKED_EQ, low, F_SETFL),
        SCMP_A2(SCMP_CMP_MASKED_EQ, O_ASYNC, 0)};
    int r = allow(ctx, "fcntl", 2, set_flags);
    for (size_t i = 0;
         r == 0 && i < sizeof(allowed_fcntls) / sizeof(*allowed_fcntls); i++) {
        const struct scmp_arg_cmp arg =
            SCMP_A1(SCMP_CMP_MASKED_EQ, low, (scmp_datum_t)allowed_fcntls[i]);
        r = allow(ctx, "fcntl", 1, &arg);
    }
    return r;
}

/* Left out on purpose, because HTTP sockets and hosts that share the machine's
 * network are held by them (listener.c):
 *   SO_BINDTODEVICE         would let a socket leave the loopback interface
 *   TCP_FASTOPEN_NO_COOKIE  data in a SYN, which needs no answer to arrive
 *   IP_TRANSPARENT          addresses that are not the machine's */
enum { FASTOPEN_NO_COOKIE = 34 };
static const struct {
    int level;
    enum scmp_compare op;
    unsigned option;
} allowed_options[] = {
    {SOL_SOCKET, SCMP_CMP_LT, SO_BINDTODEVICE},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_ATTACH_FILTER},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_DETACH_FILTER},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_TIMESTAMPNS},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_TIMESTAMPNS_NEW},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_RCVTIMEO_NEW},
    {SOL_SOCKET, SCMP_CMP_EQ, SO_SNDTIMEO_NEW},
    {IPPROTO_TCP, SCMP_CMP_LT, FASTOPEN_NO_COOKIE},
    {IPPROTO_IP, SCMP_CMP_EQ, IP_TTL},
    {IPPROTO_IPV6, SCMP_CMP_EQ, IPV6_UNICAST_HOPS},
    {IPPROTO_IPV6, SCMP_CMP_EQ, IPV6_V6ONLY},
    {SOL_PACKET, SCMP_CMP_LT, FASTOPEN_NO_COOKIE},
    {SOL_NETLINK, SCMP_CMP_LT, FASTOPEN_NO_COOKIE},
};

static int allow_socket_options(scmp_filter_ctx ctx)
{
    const size_t count = sizeof(allowed_options) / sizeof(*allowed_options);
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        const struct scmp_arg_cmp args[] = {
            SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)allowed_options[i].level),
            SCMP_A2(allowed_options[i].op, allowed_options[i].option)};
        r = allow(ctx, "setsockopt", 2, args);
    }
    return r;
}

/* Memory never becomes code: all there is was loaded before. */
static int allow_memory(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp data = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    int r = allow(ctx, "mmap", 1, &data);
    return r == 0 ? allow(ctx, "mprotect", 1, &data) : r;
}

/* Calls that could name another process: only 0, the caller, or this one. */
static int allow_on_itself(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp caller = SCMP_A0(SCMP_CMP_EQ, 0);
    const struct scmp_arg_cmp self =
        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
    int r = allow(ctx, "prlimit64", 1, &caller);
    if (r == 0)
        r = allow(ctx, "sched_getaffinity", 1, &caller);
    if (r == 0)
        r = allow(ctx, "sched_setaffinity", 1, &caller);
    if (r == 0)
        r = allow(ctx, "tgkill", 1, &self);
    return r;
}

/* Threads, never processes; one network namespace at a time, nothing else; the
 * harmless prctl. */
static int allow_by_argument(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp thread = SCMP_A0(
        SCMP_CMP_MASKED_EQ, ~(scmp_datum_t)CLONE_DETACHED, thread_flags);
    const struct scmp_arg_cmp net = SCMP_A0(SCMP_CMP_EQ, CLONE_NEWNET);
    const struct scmp_arg_cmp name = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME);
    int r = allow(ctx, "clone", 1, &thread);
    if (r == 0)
        r = allow(ctx, "unshare", 1, &net);
    if (r == 0)
        r = allow(ctx, "prctl", 1, &name);
    if (r == 0)
        r = allow_socket_options(ctx);
    if (r == 0)
        r = allow_fcntls(ctx);
    if (r == 0)
        r = allow_memory(ctx);
    if (r == 0)
        r = allow_on_itself(ctx);
    if (r == 0)
        r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return r;
}

static int load_filter(enum link_kind best)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!ctx)
        return -ENOMEM;
    int r = allow_plain(ctx);
    if (r == 0)
        r = allow_sockets(ctx);
    if (r == 0)
        r = allow_link(ctx, best);
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

void confine_seccomp(enum link_kind best, struct availability *ret_layer)
{
    if (is_sanitizer_build) {
        layer_set(ret_layer, false, "left out of a sanitizer build");
        return;
    }
    int r = load_filter(best);
    if (r == 0)
        layer_set(ret_layer, true,
                  "only the system calls in use: no exec, no fork, netlink "
                  "for routes and sockets alone");
    else
        layer_set(ret_layer, false, "the filter is refused: %s", err_words(-r));
}

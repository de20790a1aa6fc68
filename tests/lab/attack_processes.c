/* attack_processes.c - other processes of the same user, new processes, and how
 * much of both. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static bool kills(void)
{
    return kill(bait.victim, SIGKILL) == 0;
}
static bool kills_thread(void)
{
    return syscall(SYS_tgkill, bait.victim, bait.victim, SIGKILL) == 0;
}
static bool sends_queued_signal(void)
{
    return sigqueue(bait.victim, SIGTERM, (union sigval){.sival_int = 0}) == 0;
}
static bool traces(void)
{
    return ptrace(PTRACE_SEIZE, bait.victim, NULL, NULL) == 0;
}
static bool reads_other_memory(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {bait.abstract.sun_path, 1};
    return process_vm_readv(bait.victim, &here, 1, &there, 1, 0) == 1;
}
static bool opens_pidfd(void)
{
    return syscall(SYS_pidfd_open, bait.victim, 0) >= 0;
}
static bool forks(void)
{
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0)
        _exit(0);
    return child > 0;
}
static bool executes(void)
{
    static char name[] = "/bin/true";
    char *argv[] = {name, NULL};
    execve(name, argv, NULL);
    return false; /* an exec that works ends this program with no report */
}
static bool changes_priority(void)
{
    return syscall(SYS_setpriority, 0, bait.victim, 19) == 0;
}

/* --- limits and processors of another ------------------------------------ */

static bool limits_other(void)
{
    const struct rlimit none = {0, 0};
    return prlimit(bait.victim, RLIMIT_CPU, &none, NULL) == 0;
}
static bool reads_limits_of_other(void)
{
    struct rlimit limit;
    return prlimit(bait.victim, RLIMIT_NOFILE, NULL, &limit) == 0;
}
static bool moves_other(void)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(0, &cpus);
    return sched_setaffinity(bait.victim, sizeof(cpus), &cpus) == 0;
}
static bool reads_processors_of_other(void)
{
    cpu_set_t cpus;
    return sched_getaffinity(bait.victim, sizeof(cpus), &cpus) == 0;
}
static bool schedules_other(void)
{
    const struct sched_param none = {.sched_priority = 0};
    return sched_setscheduler(bait.victim, SCHED_IDLE, &none) == 0;
}
static bool changes_io_priority(void)
{
    return syscall(SYS_ioprio_set, 1, bait.victim, 3 << 13) == 0;
}
static bool moves_to_group(void)
{
    return setpgid(bait.victim, 0) == 0 || errno == ESRCH || setsid() >= 0;
}
static bool reads_robust_list(void)
{
    void *head;
    size_t len;
    return syscall(SYS_get_robust_list, bait.victim, &head, &len) == 0;
}
static bool compares_processes(void)
{
    return syscall(SYS_kcmp, getpid(), bait.victim, 0, 0, 0) >= 0;
}

/* --- signals by way of a descriptor -------------------------------------- */

/* SIGKILL to the victim as soon as something can be read. */
static bool has_kernel_kill(int command, long arg)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        return false;
    bool set = fcntl(fds[0], command, arg) == 0;
    close(fds[0]);
    close(fds[1]);
    return set;
}
static bool owns_for_other(void)
{
    return has_kernel_kill(F_SETOWN, bait.victim);
}
static bool owns_for_other_thread(void)
{
    struct {
        int type;
        pid_t pid;
    } owner = {1 /* F_OWNER_PID */, bait.victim};
    const int f_setown_ex = 15;
    int fds[2];
    return pipe2(fds, O_CLOEXEC) == 0 &&
           fcntl(fds[0], f_setown_ex, &owner) == 0;
}
static bool chooses_signal(void)
{
    const int f_setsig = 10;
    return has_kernel_kill(f_setsig, SIGKILL);
}
static bool asks_for_signals(void)
{
    return has_kernel_kill(F_SETFL, O_ASYNC);
}
static bool takes_lease(void)
{
    const int f_setlease = 1024;
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    return fcntl(fd, f_setlease, F_RDLCK) == 0 || errno != EPERM;
}
static bool watches_folder(void)
{
    const int f_notify = 1026;
    int fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fcntl(fd, f_notify, 1) == 0;
}
static bool owns_socket_for_other(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    pid_t pid = bait.victim;
    bool set = ioctl(fd, FIOSETOWN, &pid) == 0 ||
               ioctl(fd, SIOCSPGRP, &pid) == 0 || ioctl(fd, FIOASYNC, &on) == 0;
    close(fd);
    return set;
}
static bool signals_a_thread(void)
{
    siginfo_t info = {.si_code = SI_QUEUE, .si_signo = SIGTERM};
    return syscall(SYS_rt_tgsigqueueinfo, bait.victim, bait.victim, SIGTERM,
                   &info) == 0 ||
           syscall(SYS_tkill, bait.victim, SIGTERM) == 0;
}

/* --- clone() ------------------------------------------------------------- */

static int ends_at_once(void *unused)
{
    (void)unused;
    syscall(SYS_exit, 0);
    return 0;
}

/* A thread that has a namespace of that kind. */
static bool clones_with(int more)
{
    static char stack[64 * 1024] __attribute__((aligned(16)));
    const int thread = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    return clone(ends_at_once, stack + sizeof(stack), thread | more, NULL) > 0;
}
static bool thread_with_mounts(void)
{
    return clones_with(CLONE_NEWNS);
}
static bool thread_with_host_name(void)
{
    return clones_with(CLONE_FS | CLONE_NEWUTS);
}
static bool thread_with_ipc(void)
{
    return clones_with(CLONE_FS | CLONE_NEWIPC);
}
static bool thread_with_cgroup(void)
{
    return clones_with(CLONE_FS | CLONE_NEWCGROUP);
}
static bool clones_by_clone3(void)
{
    uint64_t args[11] = {0};
    args[4] = SIGCHLD;
    long r = syscall(SYS_clone3, args, sizeof(args));
    if (r == 0)
        _exit(0);
    return r > 0 || errno != ENOSYS;
}

/* --- how much ------------------------------------------------------------ */

enum { MANY_THREADS = 3000, MANY_NAMESPACES = 400, MANY_DESCRIPTORS = 4096 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *waits(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return NULL;
}

static bool makes_many_threads(void)
{
    static pthread_t threads[MANY_THREADS];
    pthread_attr_t attr;
    size_t count = 0;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 64 * 1024);
    pthread_mutex_lock(&gate);
    while (count < MANY_THREADS &&
           pthread_create(&threads[count], &attr, waits, NULL) == 0)
        count++;
    pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attr);
    return count == MANY_THREADS;
}

/* A socket keeps each namespace. */
static void *collects_namespaces(void *ret_count)
{
    int fds[MANY_NAMESPACES];
    size_t count = 0;
    while (count < MANY_NAMESPACES && unshare(CLONE_NEWNET) == 0)
        fds[count++] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    *(size_t *)ret_count = count;
    return NULL;
}

static bool makes_many_namespaces(void)
{
    pthread_t thread;
    size_t count = 0;
    if (pthread_create(&thread, NULL, collects_namespaces, &count) != 0)
        return false;
    pthread_join(thread, NULL);
    return count == MANY_NAMESPACES;
}

static bool opens_many_descriptors(void)
{
    int *fds = calloc(MANY_DESCRIPTORS, sizeof(*fds));
    size_t count = 0;
    while (fds && count < MANY_DESCRIPTORS &&
           (fds[count] = dup(STDERR_FILENO)) >= 0)
        count++;
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    free(fds);
    return count == MANY_DESCRIPTORS;
}

static bool raises_its_limits(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_max++;
    bool descriptors = setrlimit(RLIMIT_NOFILE, &limit) == 0;
    getrlimit(RLIMIT_NPROC, &limit);
    limit.rlim_max++;
    return descriptors || setrlimit(RLIMIT_NPROC, &limit) == 0;
}

/* --- the table ----------------------------------------------------------- */

const struct attack process_attacks[] = {
    ATTACK(kills),
    ATTACK(kills_thread),
    ATTACK(sends_queued_signal),
    ATTACK(traces),
    ATTACK(reads_other_memory),
    ATTACK(opens_pidfd),
    ATTACK(forks),
    ATTACK(executes),
    ATTACK(changes_priority),
    ATTACK(limits_other),
    ATTACK(reads_limits_of_other),
    ATTACK(moves_other),
    ATTACK(reads_processors_of_other),
    ATTACK(schedules_other),
    ATTACK(changes_io_priority),
    ATTACK(moves_to_group),
    ATTACK(reads_robust_list),
    ATTACK(compares_processes),
    ATTACK(owns_for_other),
    ATTACK(owns_for_other_thread),
    ATTACK(chooses_signal),
    ATTACK(asks_for_signals),
    ATTACK(takes_lease),
    ATTACK(watches_folder),
    ATTACK(owns_socket_for_other),
    ATTACK(signals_a_thread),
    ATTACK(thread_with_mounts),
    ATTACK(thread_with_host_name),
    ATTACK(thread_with_ipc),
    ATTACK(thread_with_cgroup),
    ATTACK(clones_by_clone3),
    ATTACK(makes_many_threads),
    ATTACK(makes_many_namespaces),
    ATTACK(opens_many_descriptors),
    ATTACK(raises_its_limits),
    {NULL, NULL},
};

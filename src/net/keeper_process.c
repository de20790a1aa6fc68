/* keeper_process.c - the keeper: starts the program, waits, tells how it ended.
 *
 * A process of its own, without threads. It takes no signal but SIGCHLD, so
 * that Ctrl-C, which the terminal sends to everybody, is the program's alone.
 * It adopts what the program's children leave behind (PR_SET_CHILD_SUBREAPER)
 * and kills it when the program has ended or the owner is gone. A process
 * namespace would do that too, but the program would see other process numbers
 * than /proc shows, and mounting another /proc is refused in containers. */
#include "keeper_internal.h"
#include "net_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    REAP_ROUNDS = 2000, /* of a millisecond: what the kernel cannot end by
                           then, it cannot end */
    STAT_BYTES = 256
};

struct keeping {
    const struct keeper_options *opt;
    int fd; /* to the owner */
    int child_fd;
    sigset_t mask; /* the program's */
    pid_t program; /* 0 before it runs */
    int status;    /* as a shell tells it */
    bool ended;
};

/* --- the program --------------------------------------------------------- */

static void give_environment(char *const *environment)
{
    for (size_t i = 0; environment && environment[i]; i++) {
        char *const entry = environment[i];
        /* NOLINTBEGIN(concurrency-mt-unsafe): the child has one thread */
        if (strchr(entry, '='))
            putenv(entry);
        else
            unsetenv(entry);
        /* NOLINTEND(concurrency-mt-unsafe) */
    }
}

/* What is not at the user's terminal gets no input; what it prints must not mix
 * with the program's own output. */
static void stand_apart(void)
{
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null_fd >= 0)
        dup2(null_fd, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

_Noreturn static void give_up(const char *what, const char *which, int status)
{
    fprintf(stderr, "handshake: %s%s: %s\n", what, which, err_words(errno));
    _exit(status);
}

/* The order matters: entering needs the powers that are given up next, and the
 * kernel forgets the wish to die with the parent when they change. */
_Noreturn static void become_program(struct keeping *k, int ns_fd, pid_t keeper)
{
    struct availability unused;
    if (setns(ns_fd, CLONE_NEWNET) < 0)
        give_up("cannot enter a host's namespace", "", KEEPER_EXIT_FAILED);
    if (!confine_drop_all())
        give_up("cannot drop capabilities", "", KEEPER_EXIT_FAILED);
    confine_no_new_privs(&unused);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper)
        _exit(KEEPER_EXIT_FAILED);
    if (k->opt->apart)
        stand_apart();
    give_environment(k->opt->environment);
    pthread_sigmask(SIG_SETMASK, &k->mask, NULL);
    execvp(k->opt->argv[0], k->opt->argv);
    bool absent = errno == ENOENT || errno == ENOTDIR;
    give_up("cannot run ", k->opt->argv[0],
            absent ? KEEPER_EXIT_NOT_FOUND : KEEPER_EXIT_CANNOT_RUN);
}

static void start_program(struct keeping *k, int ns_fd)
{
    pid_t keeper = getpid();
    if (k->program || k->ended)
        return; /* once */
    pid_t child = fork();
    if (child == 0)
        become_program(k, ns_fd, keeper);
    if (child > 0)
        k->program = child;
    else
        k->ended = true;
}

/* --- children ------------------------------------------------------------ */

/* Take in whoever has ended. False when no child is left. */
static bool reap(struct keeping *k)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != k->program)
            continue;
        k->ended = true;
        k->status = WIFSIGNALED(status) ? KEEPER_EXIT_SIGNAL + WTERMSIG(status)
                                        : WEXITSTATUS(status);
    }
    return !(pid < 0 && errno == ECHILD);
}

/* The process that text begins with; 0 when that is none. */
static pid_t pid_in(const char *text)
{
    long pid = strtol(text, NULL, 10);
    return pid > 0 && pid <= INT_MAX ? (pid_t)pid : 0;
}

/* The parent of a process, 0 when it is gone. Behind the name in brackets, that
 * may hold anything, stand its state, a letter, and its parent.
 * proc_pid_stat(5). */
static pid_t parent_of(pid_t pid)
{
    char path[STAT_BYTES], line[STAT_BYTES];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, line, sizeof(line) - 1);
    close(fd);
    line[n > 0 ? n : 0] = '\0';
    const char *name_end = strrchr(line, ')');
    bool whole = name_end && strlen(name_end) > sizeof(") S ") - 1;
    return whole ? pid_in(name_end + sizeof(") S ") - 1) : 0;
}

static void kill_children(void)
{
    DIR *proc = opendir("/proc");
    const struct dirent *entry;
    while (proc && (entry = readdir(proc))) {
        pid_t pid = pid_in(entry->d_name);
        if (pid > 0 && parent_of(pid) == getpid())
            kill(pid, SIGKILL);
    }
    if (proc)
        closedir(proc);
}

/* Children of the killed become ours and are killed in the next round. */
static void end_all(struct keeping *k)
{
    for (int i = 0; i < REAP_ROUNDS && reap(k); i++) {
        kill_children();
        if (!reap(k))
            return;
        usleep(1000);
    }
}

/* --- orders -------------------------------------------------------------- */

static int passed_descriptor(struct msghdr *msg)
{
    int fd = -1;
    const struct cmsghdr *head = CMSG_FIRSTHDR(msg);
    if (head && head->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(head), sizeof(fd));
    return fd;
}

/* False when the owner is gone. */
static bool take_order(struct keeping *k)
{
    struct keeper_message m;
    struct iovec iov = {.iov_base = &m, .iov_len = sizeof(m)};
    char control[CMSG_SPACE(sizeof(int))]
        __attribute__((aligned(_Alignof(struct cmsghdr))));
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    if (recvmsg(k->fd, &msg, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(m))
        return false;
    int passed = passed_descriptor(&msg);
    if (m.order == KEEPER_START && passed >= 0)
        start_program(k, passed);
    else if (m.order == KEEPER_SIGNAL && k->program && !k->ended)
        kill(k->program, m.value);
    else if (m.order == KEEPER_KILL)
        end_all(k);
    if (passed >= 0)
        close(passed); /* it would keep the namespace alive */
    return true;
}

static void tell_end(const struct keeping *k)
{
    const struct keeper_report report = {.status = k->status};
    send(k->fd, &report, sizeof(report), MSG_NOSIGNAL);
}

static void take_children(struct keeping *k)
{
    struct signalfd_siginfo info;
    ssize_t n = read(k->child_fd, &info, sizeof(info));
    (void)n; /* only the waking counts */
    reap(k);
}

/* Until the owner is gone; the end of the program is told once. */
static void keep(struct keeping *k)
{
    bool told = false;
    for (;;) {
        struct pollfd waits[] = {{.fd = k->fd, .events = POLLIN},
                                 {.fd = k->child_fd, .events = POLLIN}};
        if (poll(waits, 2, -1) < 0 && errno != EINTR)
            return;
        if (waits[1].revents)
            take_children(k);
        if (waits[0].revents && !take_order(k))
            return;
        if (k->ended && !told) {
            end_all(k);
            tell_end(k);
            told = true;
        }
    }
}

/* Nothing of the owner's stays open: a socket of another keeper would outlive
 * its owner here. */
_Noreturn void keeper_live(int fd, const struct keeper_options *opt,
                           const sigset_t *mask)
{
    struct keeping k = {.opt = opt,
                        .fd = STDERR_FILENO + 1,
                        .mask = *mask,
                        .status = KEEPER_EXIT_FAILED};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
    if (fd != k.fd)
        dup3(fd, k.fd, O_CLOEXEC);
    closefrom(k.fd + 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "handshake-keep");
    k.child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (k.child_fd >= 0)
        keep(&k);
    end_all(&k);
    _exit(0);
}

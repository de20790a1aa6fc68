/* keeper.c - the owner's side of a keeper: starting it, orders, the report. The
 * keeper itself is keeper_process.c. */
#include "keeper_internal.h"
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <unistd.h>

struct keeper {
    int fd;            /* (owned) SOCK_SEQPACKET to the keeper */
    atomic_int status; /* as reported, KEEPER_EXIT_FAILED before */
    bool ended;        /* the report came; whoever waits, alone */
};

/* --- before settle() ----------------------------------------------------- */

static bool may_administrate(void)
{
    cap_t caps = cap_get_proc();
    cap_flag_value_t value = CAP_CLEAR;
    bool may = caps &&
               cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value) == 0 &&
               value == CAP_SET;
    cap_free(caps);
    return may;
}

/* A socket of ours in the place of a closed standard descriptor would become
 * the program's. */
static void fill_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Entering a namespace needs CAP_SYS_ADMIN over it and over oneself. Root has
 * it over all user namespaces below its own; others get it by standing above
 * those that settle() will make. */
void keeper_prepare(void)
{
    fill_standard_descriptors();
    if (!may_administrate())
        private_user_enter();
}

int keeper_begin(const struct keeper_options *opt, struct keeper **ret_keeper,
                 struct err *ret_err)
{
    int fds[2];
    sigset_t all, mask;
    struct keeper *k = calloc(1, sizeof(*k));
    if (!k)
        return err_set(ret_err, ENOMEM, "there is no memory left");
    atomic_init(&k->status, KEEPER_EXIT_FAILED);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
        free(k);
        return err_errno(ret_err, errno, "cannot make a socket pair");
    }
    /* No signal may meet the child before it has chosen which to take. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask);
    pid_t child = fork();
    int code = errno;
    if (child == 0)
        keeper_live(fds[1], opt, &mask);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    close(fds[1]);
    k->fd = fds[0];
    if (child < 0) {
        keeper_free(k);
        return err_errno(ret_err, code, "cannot start a process");
    }
    *ret_keeper = k;
    return 0;
}

void keeper_free(struct keeper *k)
{
    if (!k)
        return;
    close(k->fd);
    free(k);
}

/* --- orders -------------------------------------------------------------- */

/* One message, with a descriptor when passed_fd >= 0. Returns 0 or -errno. */
static int send_order(const struct keeper *k, enum keeper_order order,
                      int value, int passed_fd)
{
    struct keeper_message m = {.order = order, .value = value};
    struct iovec iov = {.iov_base = &m, .iov_len = sizeof(m)};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr head;
    } control;
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
    if (passed_fd >= 0) {
        memset(&control, 0, sizeof(control));
        control.head.cmsg_level = SOL_SOCKET;
        control.head.cmsg_type = SCM_RIGHTS;
        control.head.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.head), &passed_fd, sizeof(int));
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof(control.bytes);
    }
    ssize_t n;
    do {
        n = sendmsg(k->fd, &msg, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

int keeper_start(struct keeper *k, struct err *ret_err)
{
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(ret_err, errno, "cannot open a host's namespace");
    int r = send_order(k, KEEPER_START, 0, fd);
    close(fd);
    return r < 0 ? err_errno(ret_err, -r, "the keeper of the program is gone")
                 : 0;
}

void keeper_signal(struct keeper *k, int signal_number)
{
    send_order(k, KEEPER_SIGNAL, signal_number, -1);
}

void keeper_kill(struct keeper *k)
{
    send_order(k, KEEPER_KILL, 0, -1);
}

/* --- the report ---------------------------------------------------------- */

/* A keeper that is gone without a word has been killed: the program with it. */
int keeper_wait(struct keeper *k, int timeout_ms)
{
    struct pollfd wait = {.fd = k->fd, .events = POLLIN};
    if (k->ended)
        return 1;
    int n = poll(&wait, 1, timeout_ms);
    if (n <= 0)
        return n < 0 ? -errno : 0;
    struct keeper_report report;
    ssize_t got = recv(k->fd, &report, sizeof(report), MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return -EINTR;
    if (got == (ssize_t)sizeof(report))
        atomic_store(&k->status, report.status);
    k->ended = true;
    return 1;
}

int keeper_status(const struct keeper *k)
{
    return atomic_load(&k->status);
}

/* probe.c - finds out what this machine allows by trying it.
 *
 * The trial of the wire runs in a child process, because it cannot be undone:
 * the child goes the whole way to a host with an interface, since some systems
 * (AppArmor on Ubuntu 24.04) grant the namespace and refuse only what comes
 * after. It speaks twice through a pipe: once when it is master of a private
 * network, so that its parent can follow at once, and once at the end. */
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* What the child writes into the pipe. */
struct trial {
    struct err err; /* code 0: the wire stands */
    bool features[FEATURE_COUNT];
};

/* --- features, tried inside a host's namespace --------------------------- */

static bool socket_works(int family, int protocol)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static bool option_works(int option, const void *value, socklen_t len)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool works = setsockopt(fd, IPPROTO_TCP, option, value, len) == 0;
    close(fd);
    return works;
}

static bool md5_works(void)
{
    struct tcp_md5sig key = {.tcpm_keylen = 1, .tcpm_key = "k"};
    struct sockaddr_in peer = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memcpy(&key.tcpm_addr, &peer, sizeof(peer));
    return option_works(TCP_MD5SIG, &key, sizeof(key));
}

static bool file_opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static const char ecn_path[] = "/proc/sys/net/ipv4/tcp_ecn";

/* What can be tried anywhere without a trace. */
static void try_features(bool ret_features[FEATURE_COUNT])
{
    const int one = 1;
    ret_features[FEATURE_IPV6] = socket_works(AF_INET6, 0);
    ret_features[FEATURE_TFO] = option_works(TCP_FASTOPEN, &one, sizeof(one));
    ret_features[FEATURE_MPTCP] = socket_works(AF_INET, IPPROTO_MPTCP);
    ret_features[FEATURE_ECN] = file_opens(ecn_path, O_RDONLY);
    ret_features[FEATURE_MD5] = md5_works();
}

/* What may only be tried in a namespace of our own: it would change, or end,
 * what belongs to the machine. */
static void try_own_features(const struct host_net *net,
                             bool ret_features[FEATURE_COUNT])
{
    ret_features[FEATURE_SYSCTL] = file_opens(ecn_path, O_WRONLY);
    ret_features[FEATURE_DESTROY] = sockdiag_can_destroy(net->diag_fd);
}

/* --- the wire, tried in a child ------------------------------------------ */

/* The first thing the child says: whether it has a private network in which it
 * is master. All that is refused late (AppArmor) is refused by then. */
static void try_entering(struct err *ret_err)
{
    if (private_become_nobody(ret_err) == 0)
        private_net_enter(ret_err);
}

/* The second: whether a host can be made there, and what the kernel can do. */
static void try_host(struct trial *t)
{
    static const struct ipaddr v4 = {4, {192, 0, 2, 1}};
    static const struct ipaddr v6 = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
    struct host_net net;
    if (t->err.code || host_net_open(&net, &v4, &v6, &t->err) < 0)
        return;
    try_features(t->features);
    try_own_features(&net, t->features);
}

static void run_child(int out_fd)
{
    struct trial t = {.err = {.code = 0}};
    try_entering(&t.err);
    bool told = write(out_fd, &t.err, sizeof(t.err)) == sizeof(t.err);
    try_host(&t);
    told = told && write(out_fd, &t, sizeof(t)) == sizeof(t);
    _exit(told ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void read_whole(int fd, void *ret, size_t len, struct err *ret_err)
{
    if (read(fd, ret, len) != (ssize_t)len)
        err_set(ret_err, EIO, "the trial gave no answer");
}

/* Start the child. The descriptor to hear it on, or -errno with a sentence. It
 * is not waited for: its packet socket takes the kernel milliseconds to close,
 * and SA_NOCLDWAIT lets it go without. */
static int start_trial(struct err *ret_err)
{
    const struct sigaction let_go = {.sa_handler = SIG_DFL,
                                     .sa_flags = SA_NOCLDWAIT};
    int fds[2];
    sigaction(SIGCHLD, &let_go, NULL);
    if (pipe2(fds, O_CLOEXEC) < 0)
        return err_errno(ret_err, errno, "cannot make a pipe");
    /* _Fork: no handler that a library registered may start a thread in the
     * child, because unshare() of a user namespace wants a single one. */
    pid_t child = _Fork();
    if (child == 0)
        run_child(fds[1]);
    close(fds[1]);
    if (child > 0)
        return fds[0];
    close(fds[0]);
    return err_errno(ret_err, errno, "cannot start a trial process");
}

/* --- watching loopback --------------------------------------------------- */

bool probe_raise(int capability)
{
    cap_t caps = cap_get_proc();
    const cap_value_t value = capability;
    cap_flag_value_t permitted = CAP_CLEAR;
    bool raised = caps &&
                  cap_get_flag(caps, value, CAP_PERMITTED, &permitted) == 0 &&
                  permitted == CAP_SET &&
                  cap_set_flag(caps, CAP_EFFECTIVE, 1, &value, CAP_SET) == 0 &&
                  cap_set_proc(caps) == 0;
    cap_free(caps);
    return raised;
}

static bool capture_works(void)
{
    probe_raise(CAP_NET_RAW);
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

/* --- words --------------------------------------------------------------- */

static bool file_says(const char *path, char value)
{
    char c = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool says = read(fd, &c, 1) == 1 && c == value;
    close(fd);
    return says;
}

static const char *container_name(void)
{
    if (getenv("KUBERNETES_SERVICE_HOST"))
        return "kubernetes";
    if (access("/run/.containerenv", F_OK) == 0)
        return "podman";
    if (access("/.dockerenv", F_OK) == 0)
        return "docker";
    return NULL;
}

static void add_how(struct availability *a, const char *text)
{
    for (size_t i = 0; i < SETTLE_MAX_HOWS; i++)
        if (!a->how[i][0]) {
            snprintf(a->how[i], sizeof(a->how[i]), "%s", text);
            return;
        }
}

/* How to get the wire where it is refused, for where we are. */
static void advise_wire(struct availability *a, const char *container)
{
    if (container && strcmp(container, "kubernetes") == 0)
        add_how(a, "securityContext: { seccompProfile: { type: Localhost, "
                   "localhostProfile: handshake-lab.json } } with "
                   "deploy/seccomp.json installed under that name");
    else if (container)
        add_how(a, "docker run --rm -p 127.0.0.1:8080:8080 --security-opt "
                   "seccomp=deploy/seccomp.json handshake-lab");
    if (file_says("/proc/sys/kernel/unprivileged_userns_clone", '0'))
        add_how(a, "sudo sysctl -w kernel.unprivileged_userns_clone=1");
    if (file_says("/proc/sys/user/max_user_namespaces", '0'))
        add_how(a, "sudo sysctl -w user.max_user_namespaces=15000");
    if (file_says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
                  '1'))
        add_how(a, "sudo install -m 644 deploy/apparmor/handshake "
                   "/etc/apparmor.d/handshake && sudo apparmor_parser -r "
                   "/etc/apparmor.d/handshake");
    if (!a->how[0][0])
        add_how(a, "run it where a process may unshare a user and a network "
                   "namespace: bare Linux, podman, or docker with "
                   "deploy/seccomp.json");
}

static void report_wire(struct settle_report *r, const struct trial *t)
{
    struct availability *a = &r->links[LINK_WIRE];
    a->on = t->err.code == 0;
    if (a->on) {
        snprintf(a->why, sizeof(a->why),
                 "each host in a network namespace of its own, the program "
                 "carries every segment");
        return;
    }
    snprintf(a->why, sizeof(a->why), "%.*s", SETTLE_WHY_BYTES - 1, t->err.text);
    advise_wire(a, r->container);
}

static void report_sockets(struct settle_report *r)
{
    struct availability *a = &r->links[LINK_SOCKETS];
    a->on = true;
    snprintf(a->why, sizeof(a->why),
             "both hosts on the loopback interface, unwatched: only what the "
             "sockets themselves tell");
}

static void report_loopback(struct settle_report *r, bool may_capture)
{
    struct availability *a = &r->links[LINK_LOOPBACK];
    a->on = may_capture;
    if (a->on) {
        snprintf(a->why, sizeof(a->why),
                 "both hosts on the loopback interface, watched by libpcap; "
                 "nothing can be held or changed");
        return;
    }
    snprintf(a->why, sizeof(a->why),
             "capturing is refused: the process has no CAP_NET_RAW");
    if (r->container)
        add_how(a, "docker run --cap-add NET_RAW ... handshake-lab");
    else
        add_how(a, "sudo setcap cap_net_raw=p \"$(command -v handshake)\"");
}

static void report_features(struct settle_report *r,
                            const bool found[FEATURE_COUNT])
{
    static const char *const what[FEATURE_COUNT] = {
        [FEATURE_IPV6] = "runs over IPv6",
        [FEATURE_TFO] = "data in the SYN (RFC 7413)",
        [FEATURE_MPTCP] = "multipath TCP (RFC 8684)",
        [FEATURE_ECN] = "explicit congestion notification (RFC 3168)",
        [FEATURE_MD5] = "segments signed with MD5 (RFC 2385)",
        [FEATURE_SYSCTL] = "runs that change a host's sysctls",
        [FEATURE_DESTROY] = "aborting sockets from outside (SOCK_DESTROY)",
    };
    for (int f = 0; f < FEATURE_COUNT; f++) {
        r->features[f].on = found[f];
        snprintf(r->features[f].why, SETTLE_WHY_BYTES, "%s", what[f]);
    }
}

struct probe probe_begin(struct settle_report *ret_report)
{
    struct probe p = {.fd = -1};
    struct utsname kernel = {.release = ""};
    *ret_report = (struct settle_report){.link = LINK_SOCKETS};
    uname(&kernel);
    snprintf(ret_report->kernel, sizeof(ret_report->kernel), "%s",
             kernel.release);
    ret_report->container = container_name();
    listener_report(&ret_report->layers[SANDBOX_LISTENER]);
    p.fd = start_trial(&p.entering);
    if (p.fd >= 0)
        read_whole(p.fd, &p.entering, sizeof(p.entering), &p.entering);
    p.may_enter = p.entering.code == 0;
    /* Inside the private namespace capturing is always allowed. */
    p.may_capture = p.may_enter || capture_works();
    return p;
}

void probe_end(struct probe *p, struct settle_report *ret_report)
{
    struct trial t = {.err = p->entering};
    if (p->may_enter)
        read_whole(p->fd, &t, sizeof(t), &t.err);
    else
        try_features(t.features);
    if (p->fd >= 0)
        close(p->fd);
    report_wire(ret_report, &t);
    report_loopback(ret_report, p->may_capture);
    report_sockets(ret_report);
    report_features(ret_report, t.features);
    if (ret_report->links[LINK_LOOPBACK].on)
        ret_report->link = LINK_LOOPBACK;
    if (ret_report->links[LINK_WIRE].on)
        ret_report->link = LINK_WIRE;
}

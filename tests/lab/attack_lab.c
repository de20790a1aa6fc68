/* attack_lab.c - what an intruder in the settled program would try: reach the
 * machine's files, network, processes and kernel. Nothing may succeed.
 *
 * Before settling, the test sets out bait: a child that runs as the same user,
 * a TCP listener on the machine's loopback, an abstract Unix socket. Each
 * attack is one row of a table and returns true when it got through. */
#include "lab.h"

#include "handshake/settle.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct settle_report report;

/* The bait. */
static pid_t victim;
static uint16_t outside_port;
static int outside_fd, abstract_fd;
static struct sockaddr_un abstract_address = {.sun_family = AF_UNIX,
                                              .sun_path = "\0handshake-bait"};
static char victim_ns[64], victim_mem[64];

/* --- files --------------------------------------------------------------- */

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
    return opens(victim_mem, O_RDWR);
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

/* --- network ------------------------------------------------------------- */

static bool connects(uint32_t address, uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(address)};
    bool got_through =
        fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
    if (fd >= 0)
        close(fd);
    return got_through;
}

static bool connects_to_the_machine(void)
{
    return connects(INADDR_LOOPBACK, outside_port);
}
static bool sends_outside(void)
{
    const uint32_t test_net = 0xc0000263; /* 192.0.2.99 */
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(9),
                                   .sin_addr.s_addr = htonl(test_net)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool sent = fd >= 0 && sendto(fd, "x", 1, 0, (const struct sockaddr *)&to,
                                  sizeof(to)) == 1;
    if (fd >= 0)
        close(fd);
    return sent;
}
static bool connects_abstract(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)&abstract_address,
                              sizeof(abstract_address)) == 0;
}

static bool opens_family(int family, int type, int protocol)
{
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}
static bool opens_netfilter(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}
static bool opens_audit(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
}
static bool opens_xfrm(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);
}
static bool opens_generic(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
}
static bool opens_uevent(void)
{
    return opens_family(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
}
static bool opens_crypto(void)
{
    return opens_family(AF_ALG, SOCK_SEQPACKET, 0);
}
static bool opens_vsock(void)
{
    return opens_family(AF_VSOCK, SOCK_STREAM, 0);
}

/* --- processes ----------------------------------------------------------- */

static bool kills(void)
{
    return kill(victim, SIGKILL) == 0;
}
static bool kills_thread(void)
{
    return syscall(SYS_tgkill, victim, victim, SIGKILL) == 0;
}
static bool sends_queued_signal(void)
{
    return sigqueue(victim, SIGTERM, (union sigval){.sival_int = 0}) == 0;
}
static bool traces(void)
{
    return ptrace(PTRACE_SEIZE, victim, NULL, NULL) == 0;
}
static bool reads_other_memory(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {abstract_address.sun_path, 1};
    return process_vm_readv(victim, &here, 1, &there, 1, 0) == 1;
}
static bool opens_pidfd(void)
{
    return syscall(SYS_pidfd_open, victim, 0) >= 0;
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
    return syscall(SYS_setpriority, 0, victim, 19) == 0;
}

/* --- namespaces, privileges ---------------------------------------------- */

static bool joins_namespace(void)
{
    int fd = open(victim_ns, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
}
static bool makes_user_namespace(void)
{
    return unshare(CLONE_NEWUSER) == 0;
}
static bool makes_mount_namespace(void)
{
    return unshare(CLONE_NEWNS) == 0;
}
static bool makes_both_namespaces(void)
{
    return unshare(CLONE_NEWNET | CLONE_NEWNS) == 0;
}
static bool mounts(void)
{
    return mount("none", "/tmp", "tmpfs", 0, NULL) == 0;
}
static bool unmounts(void)
{
    return umount2("/proc", MNT_DETACH) == 0;
}
static bool changes_root(void)
{
    return chroot("/proc") == 0;
}
static bool becomes_another(void)
{
    return setresuid(1, 1, 1) == 0 || setresgid(1, 1, 1) == 0;
}
static bool gains_capability(void)
{
    /* Effective, permitted, inheritable: all ones, for both halves. */
    struct {
        uint32_t version;
        int pid;
    } head = {0x20080522, 0};
    uint32_t all[6] = {~0u, ~0u, ~0u, ~0u, ~0u, ~0u};
    return syscall(SYS_capset, &head, all) == 0;
}
static bool undoes_no_new_privs(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ||
           prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

/* --- the kernel ---------------------------------------------------------- */

/* Whether a call gets past the filter: any errno but EPERM and ENOSYS means the
 * kernel looked at its arguments. */
static bool reaches(long number)
{
    long r = syscall(number, 0, 0, 0, 0, 0, 0);
    return r >= 0 || (errno != EPERM && errno != ENOSYS);
}
static bool loads_bpf(void)
{
    return reaches(SYS_bpf);
}
static bool opens_perf(void)
{
    return reaches(SYS_perf_event_open);
}
static bool sets_up_io_uring(void)
{
    return reaches(SYS_io_uring_setup);
}
static bool handles_faults(void)
{
    return reaches(SYS_userfaultfd);
}
static bool uses_keys(void)
{
    return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING,
                   1) >= 0;
}
static bool loads_module(void)
{
    return reaches(SYS_init_module) || reaches(SYS_finit_module);
}
static bool loads_kernel(void)
{
    return reaches(SYS_kexec_load);
}
static bool reboots(void)
{
    return reaches(SYS_reboot);
}
static bool names_host(void)
{
    return sethostname("x", 1) == 0;
}
static bool sets_clock(void)
{
    return reaches(SYS_settimeofday) || reaches(SYS_clock_settime);
}
static bool uses_swap(void)
{
    return swapon("/tmp/x", 0) == 0 || errno != EPERM;
}
static bool reads_kernel_log(void)
{
    return reaches(SYS_syslog);
}
static bool types_into_terminal(void)
{
    char c = '\n';
    return ioctl(STDIN_FILENO, TIOCSTI, &c) == 0;
}
static bool changes_personality(void)
{
    return reaches(SYS_personality);
}

/* --- the table ----------------------------------------------------------- */

#define ATTACK(name)                                                           \
    {                                                                          \
#name, name                                                            \
    }
static const struct {
    const char *name;
    bool (*gets_through)(void);
} attacks[] = {
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
    ATTACK(connects_to_the_machine),
    ATTACK(sends_outside),
    ATTACK(connects_abstract),
    ATTACK(opens_netfilter),
    ATTACK(opens_audit),
    ATTACK(opens_xfrm),
    ATTACK(opens_generic),
    ATTACK(opens_uevent),
    ATTACK(opens_crypto),
    ATTACK(opens_vsock),
    ATTACK(kills),
    ATTACK(kills_thread),
    ATTACK(sends_queued_signal),
    ATTACK(traces),
    ATTACK(reads_other_memory),
    ATTACK(opens_pidfd),
    ATTACK(forks),
    ATTACK(executes),
    ATTACK(changes_priority),
    ATTACK(joins_namespace),
    ATTACK(makes_user_namespace),
    ATTACK(makes_mount_namespace),
    ATTACK(makes_both_namespaces),
    ATTACK(mounts),
    ATTACK(unmounts),
    ATTACK(changes_root),
    ATTACK(becomes_another),
    ATTACK(gains_capability),
    ATTACK(undoes_no_new_privs),
    ATTACK(loads_bpf),
    ATTACK(opens_perf),
    ATTACK(sets_up_io_uring),
    ATTACK(handles_faults),
    ATTACK(uses_keys),
    ATTACK(loads_module),
    ATTACK(loads_kernel),
    ATTACK(reboots),
    ATTACK(names_host),
    ATTACK(sets_clock),
    ATTACK(uses_swap),
    ATTACK(reads_kernel_log),
    ATTACK(types_into_terminal),
    ATTACK(changes_personality),
};

static void test_nothing_gets_through(void **state)
{
    (void)state;
    if (!report.layers[SANDBOX_SECCOMP].on) {
        print_message("skipped: seccomp is off (%s)\n",
                      report.layers[SANDBOX_SECCOMP].why);
        skip();
    }
    size_t through = 0;
    for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++)
        if (attacks[i].gets_through()) {
            print_error("%s got through\n", attacks[i].name);
            through++;
        }
    assert_int_equal(through, 0);
}

static void test_every_layer_of_this_kernel_is_on(void **state)
{
    (void)state;
    if (!report.layers[SANDBOX_SECCOMP].on)
        skip();
    for (int i = 0; i < SANDBOX_LAYER_COUNT; i++)
        if (!report.layers[i].on && i != SANDBOX_LANDLOCK)
            fail_msg("%s is off: %s", sandbox_layer_name(i),
                     report.layers[i].why);
}

static void test_runs_still_work(void **state)
{
    (void)state;
    struct registry_limits limits = registry_default_limits();
    limits.settled = &report;
    struct registry *reg = registry_new(limits, NULL);
    for (enum link_kind link = 0; link < LINK_COUNT; link++) {
        struct run *run = NULL;
        struct err err = {0};
        const struct run_options opt = {.link_chosen = true, .link = link};
        if (registry_start(reg, catalog_find("open"), &opt, &run, &err) < 0)
            fail_msg("%s", err.text);
        assert_true(run_wait(run, LAB_WAIT_MS));
        if (lab_end(run)->verdict != VERDICT_ESTABLISHED)
            fail_msg("%s: %s", link_name(link), lab_end(run)->verdict_text);
        run_put(run);
    }
    registry_free(reg);
}

/* --- the bait ------------------------------------------------------------ */

/* The victim lives until the other end of a pipe closes, as it does when this
 * program ends; a signal from us would not get through to it. */
static void set_out_victim(void)
{
    int life[2];
    if (pipe(life) < 0)
        exit(EXIT_FAILURE);
    victim = fork();
    if (victim == 0) {
        close(life[1]);
        /* The very user that settle() will make of us. */
        if (geteuid() == 0 && (setresgid(65534, 65534, 65534) < 0 ||
                               setresuid(65534, 65534, 65534) < 0))
            _exit(1);
        prctl(PR_SET_DUMPABLE, 1);
        char c;
        _exit(read(life[0], &c, 1) == 0 ? 0 : 1);
    }
    close(life[0]);
    snprintf(victim_ns, sizeof(victim_ns), "/proc/%d/ns/net", (int)victim);
    snprintf(victim_mem, sizeof(victim_mem), "/proc/%d/mem", (int)victim);
}

static void set_out_sockets(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    outside_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    abstract_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(outside_fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
        listen(outside_fd, 1) < 0 ||
        getsockname(outside_fd, (struct sockaddr *)&at, &len) < 0 ||
        bind(abstract_fd, (struct sockaddr *)&abstract_address,
             sizeof(abstract_address)) < 0 ||
        listen(abstract_fd, 1) < 0) {
        perror("cannot set out the bait");
        exit(EXIT_FAILURE);
    }
    outside_port = ntohs(at.sin_port);
}

int main(void)
{
    struct err err = {0};
    const struct settle_options opt = {.best = LINK_WIRE};
    set_out_victim();
    set_out_sockets();
    if (settle(&opt, &report, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_layer_of_this_kernel_is_on),
        cmocka_unit_test(test_runs_still_work),
        cmocka_unit_test(test_nothing_gets_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

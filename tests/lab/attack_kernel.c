/* attack_kernel.c - namespaces, privileges, and the rarer calls of the kernel.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool joins_namespace(void)
{
    int fd = open(bait.victim_ns, O_RDONLY | O_CLOEXEC);
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

/* --- the kernel --------------------------------------------------------- */

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

/* --- namespaces of other kinds ------------------------------------------- */

static bool makes_other_namespaces(void)
{
    return unshare(CLONE_NEWUTS) == 0 || unshare(CLONE_NEWIPC) == 0 ||
           unshare(CLONE_NEWCGROUP) == 0 || unshare(CLONE_NEWPID) == 0;
}
static bool stops_sharing_files(void)
{
    return unshare(CLONE_FILES) == 0 || unshare(CLONE_FS) == 0;
}
static bool joins_by_pidfd(void)
{
    return syscall(SYS_setns, 0, CLONE_NEWNET | CLONE_NEWUSER) == 0 ||
           errno != EPERM;
}
static bool mounts_anew(void)
{
    return reaches(SYS_fsopen) || reaches(SYS_open_tree) ||
           reaches(SYS_move_mount) || reaches(SYS_pivot_root);
}

/* --- what is shared with the machine ------------------------------------- */

static bool uses_shared_memory(void)
{
    return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0;
}
static bool uses_semaphores(void)
{
    return semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) >= 0;
}
static bool uses_message_queues(void)
{
    return msgget(IPC_PRIVATE, IPC_CREAT | 0600) >= 0 || reaches(SYS_mq_open);
}

/* --- code ---------------------------------------------------------------- */

static bool maps_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
static bool makes_code_of_data(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED &&
           mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}
static bool writes_code(void)
{
    uintptr_t page = (uintptr_t)maps_code & ~(uintptr_t)4095;
    return mprotect((void *)page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) ==
           0;
}

/* --- filters, tracing, time ---------------------------------------------- */

static bool puts_on_a_filter(void)
{
    return reaches(SYS_seccomp);
}
static bool watches_everything(void)
{
    return reaches(SYS_fanotify_init);
}
static bool sets_timer_signal(void)
{
    return reaches(SYS_timer_create) || reaches(SYS_setitimer);
}
static bool moves_pages(void)
{
    return reaches(SYS_move_pages) || reaches(SYS_migrate_pages);
}
static bool splices_memory(void)
{
    return reaches(SYS_vmsplice) || reaches(SYS_splice) || reaches(SYS_tee);
}
static bool becomes_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1) == 0 || prctl(PR_SET_PTRACER, 1) == 0;
}
static bool keeps_capabilities(void)
{
    return prctl(PR_SET_KEEPCAPS, 1) == 0 ||
           prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 12, 0, 0) == 0;
}
static bool uses_accounting(void)
{
    return reaches(SYS_lookup_dcookie) || reaches(SYS_quotactl) ||
           reaches(SYS_acct);
}
#ifdef __x86_64__
static bool uses_ports_of_the_machine(void)
{
    return reaches(SYS_iopl) || reaches(SYS_ioperm) || reaches(SYS_modify_ldt);
}
#endif

/* --- the table ----------------------------------------------------------- */

const struct attack kernel_attacks[] = {
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
    ATTACK(makes_other_namespaces),
    ATTACK(stops_sharing_files),
    ATTACK(joins_by_pidfd),
    ATTACK(mounts_anew),
    ATTACK(uses_shared_memory),
    ATTACK(uses_semaphores),
    ATTACK(uses_message_queues),
    ATTACK(maps_code),
    ATTACK(makes_code_of_data),
    ATTACK(writes_code),
    ATTACK(puts_on_a_filter),
    ATTACK(watches_everything),
    ATTACK(sets_timer_signal),
    ATTACK(moves_pages),
    ATTACK(splices_memory),
    ATTACK(becomes_dumpable),
    ATTACK(keeps_capabilities),
    ATTACK(uses_accounting),
#ifdef __x86_64__
    ATTACK(uses_ports_of_the_machine),
#endif
    {NULL, NULL},
};

/* refuse.c - runs a program where the kernel refuses some system calls, as a
 * container's seccomp profile does.
 *   refuse CALL[,CALL...] PROGRAM [ARGUMENT...] */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Gives up nothing else: no_new_privs would change what is being tried. */
static int refuse(char *names)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    if (!ctx)
        return -ENOMEM;
    if (geteuid() == 0)
        seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
    int r = 0;
    char *rest = names, *name;
    while (r == 0 && (name = strsep(&rest, ",")))
        r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
                             seccomp_syscall_resolve_name(name), 0);
    if (r == 0)
        r = seccomp_load(ctx);
    seccomp_release(ctx);
    return r;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: refuse CALL[,CALL...] PROGRAM [ARGUMENT...]\n");
        return EXIT_FAILURE;
    }
    int r = refuse(argv[1]);
    if (r < 0) {
        fprintf(stderr, "refuse: %s\n", strerror(-r));
        return EXIT_FAILURE;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return EXIT_FAILURE;
}

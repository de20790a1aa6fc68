/* limits.c - how much of the machine an intruder could take by asking for it:
 * threads, descriptors, network namespaces.
 *
 * The numbers follow from what the program is set up to do, with room for what
 * is on its way out: a thread counts until the kernel has reaped it, and a
 * namespace until it has been cleared away, some 50 ms after its last socket.
 * Limits are lowered alone, the hard ones too, so nothing raises them again. */
#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    THREADS_PER_RUN = 4, /* three, and one that is ending */
    NAMESPACES_PER_RUN = 4,
    DESCRIPTORS_PER_RUN = 16,
    OTHER_THREADS = 32,
    OTHER_NAMESPACES = 64,
    OTHER_DESCRIPTORS = 1024
};

/* The soft limit may be a modest 1024: it becomes the hard one. Returns 0 or
 * the errno. */
static int lower(__rlimit_resource_t resource, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0)
        return errno;
    if (limit.rlim_max > most)
        limit.rlim_max = most;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit) < 0 ? errno : 0;
}

/* namespaces(7): for the own user namespace, by its root, once. */
static int cap_namespaces(size_t most)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%zu", most);
    int fd = open("/proc/sys/user/max_net_namespaces", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int code = write(fd, text, (size_t)len) == len ? 0 : errno;
    close(fd);
    return code;
}

/* Where the user's other processes count, too, the number of threads is not
 * ours to bound: they may be many already. */
static void limit_shared(size_t descriptors, struct availability *ret_layer)
{
    layer_set(ret_layer, true,
              "at most %zu descriptors; threads are bounded only by what "
              "runs the program, as TasksMax= or --pids-limit",
              descriptors);
}

static void limit_private(size_t runs, size_t descriptors,
                          struct availability *ret_layer)
{
    size_t threads = THREADS_PER_RUN * runs + OTHER_THREADS;
    size_t namespaces = NAMESPACES_PER_RUN * runs + OTHER_NAMESPACES;
    int code = lower(RLIMIT_NPROC, threads);
    if (code == 0)
        code = cap_namespaces(namespaces);
    if (code)
        layer_set(ret_layer, true,
                  "at most %zu descriptors; threads or network namespaces are "
                  "not bounded: %s",
                  descriptors, err_words(code));
    else
        layer_set(ret_layer, true,
                  "at most %zu threads, %zu descriptors, %zu network "
                  "namespaces",
                  threads, descriptors, namespaces);
}

void confine_limits(const struct settle_options *opt, bool is_private,
                    struct availability *ret_layer)
{
    size_t runs = opt->runs ? opt->runs : SETTLE_DEFAULT_RUNS;
    size_t descriptors =
        opt->connections + DESCRIPTORS_PER_RUN * runs + OTHER_DESCRIPTORS;
    int code = lower(RLIMIT_NOFILE, descriptors);
    if (code)
        layer_set(ret_layer, false, "setrlimit() is refused: %s",
                  err_words(code));
    else if (is_private)
        limit_private(runs, descriptors, ret_layer);
    else
        limit_shared(descriptors, ret_layer);
}

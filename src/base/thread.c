/* thread.c - starting threads (thread.h). */
#include "handshake/thread.h"

#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

int thread_start(pthread_t *ret_thread, void *(*entry)(void *), void *arg)
{
    pthread_attr_t attr;
    int code = pthread_attr_init(&attr);
    if (code)
        return -code;
    code = pthread_attr_setstacksize(&attr, THREAD_STACK_BYTES);
    if (code == 0)
        code = pthread_create(ret_thread, &attr, entry, arg);
    pthread_attr_destroy(&attr);
    return -code;
}

/* makecontext(3) passes no pointer that is portable. */
static struct {
    int (*entry)(void *);
    void *arg;
    int result;
} first;

static void call_first(void)
{
    first.result = first.entry(first.arg);
}

int thread_first(int (*entry)(void *), void *arg)
{
    struct rlimit limit;
    ucontext_t here, there;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
        limit.rlim_cur >= THREAD_STACK_BYTES)
        return entry(arg);
    void *stack =
        mmap(NULL, THREAD_STACK_BYTES, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED || getcontext(&there) < 0)
        return entry(arg); /* it may be enough */
    first.entry = entry;
    first.arg = arg;
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = THREAD_STACK_BYTES;
    there.uc_link = &here;
    makecontext(&there, call_first, 0);
    swapcontext(&here, &there);
    return first.result;
}

/* By number 0, itself: the sandbox lets no other thread be named. */
void thread_stay_on(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)cpu, &cpus);
    (void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* thread.c - starting threads (thread.h). */
#include "handshake/thread.h"

#include <sched.h>
#include <stddef.h>

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

/* By number 0, itself: the sandbox lets no other thread be named. */
void thread_stay_on(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)cpu, &cpus);
    (void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

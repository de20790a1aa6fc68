/* thread.h - starts the program's threads, all in the same way. */
#ifndef HANDSHAKE_THREAD_H
#define HANDSHAKE_THREAD_H

#include <pthread.h>

/* A thread's stack. Without a stated size it would be what `ulimit -s` says,
 * which may be 64 kB as well as 8 MB. The deepest path, a PATCH of a wire's
 * rules, takes some 150 kB of it in a debug build. */
enum { THREAD_STACK_BYTES = 512 * 1024 };

/* Start entry(arg) on a stack of that size. It inherits the caller's signal
 * mask and processors. Join it. Returns 0 or -errno (-EAGAIN: too many threads,
 * or no memory for the stack). pthread_create(3). */
int thread_start(pthread_t *ret_thread, void *(*entry)(void *), void *arg);

/* Call entry(arg) from the first thread: on its own stack where that may grow
 * to THREAD_STACK_BYTES, on a new one where `ulimit -s` forbids it. Returns
 * what entry returns. Once, from main(). */
int thread_first(int (*entry)(void *), void *arg);

/* Keep the calling thread, and those it starts, on one processor; where that
 * processor is not to be had any more nothing changes. */
void thread_stay_on(int cpu);

#endif

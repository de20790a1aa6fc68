/* bell.c - tells sleeping readers that a log has news, at most once per ask.
 *
 * The writer's side costs one atomic load while nobody is waiting. Order
 * matters: a reader arms first and looks at the counts after; a writer appends
 * first and looks at `armed` after. With sequentially consistent atomics one
 * of them always sees the other, so no news is slept through. */
#include "handshake/runlog.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bell {
    int fd; /* (owned) eventfd */
    atomic_bool armed;
};

struct bell *bell_new(void)
{
    struct bell *b = calloc(1, sizeof(*b));
    if (!b)
        return NULL;
    b->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (b->fd < 0) {
        free(b);
        return NULL;
    }
    return b;
}

void bell_free(struct bell *b)
{
    if (!b)
        return;
    close(b->fd);
    free(b);
}

int bell_fd(const struct bell *b)
{
    return b->fd;
}

void bell_arm(struct bell *b)
{
    atomic_store(&b->armed, true);
}

void bell_clear(struct bell *b)
{
    uint64_t rings;
    /* EAGAIN (nothing rang) is as good as a ring taken back. */
    ssize_t n = read(b->fd, &rings, sizeof(rings));
    (void)n;
}

void bell_ring(struct bell *b)
{
    if (!atomic_load(&b->armed) || !atomic_exchange(&b->armed, false))
        return;
    const uint64_t one = 1;
    /* An eventfd that is already rung may refuse; it is readable all the same.
     */
    ssize_t n = write(b->fd, &one, sizeof(one));
    (void)n;
}

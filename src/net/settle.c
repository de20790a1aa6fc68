/* settle.c - the order in which the program finds its place and gives up power.
 *
 *   1. try in a child what can be had (probe.c); it goes on beside 2 and 3
 *   2. root becomes nobody
 *   3. own user and network namespace, when the trial got one
 *   4. limits: threads, descriptors, namespaces
 *   5. capabilities: only what hosts need
 *   6. no_new_privs
 *   7. Landlock
 *   8. seccomp
 * Each step needs powers that a later one takes away. Threads come after. */
#include "net_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const link_names[] = {
    [LINK_WIRE] = "wire",
    [LINK_LOOPBACK] = "loopback",
    [LINK_SOCKETS] = "sockets",
    [LINK_NETWORK] = "network",
};
static_assert(sizeof(link_names) / sizeof(*link_names) == LINK_NAME_COUNT,
              "a name for each link");

static const char *const layer_names[] = {
    [SANDBOX_LISTENER] = "http-socket",
    [SANDBOX_NOBODY] = "nobody",
    [SANDBOX_NAMESPACES] = "namespaces",
    [SANDBOX_LIMITS] = "limits",
    [SANDBOX_CAPABILITIES] = "capabilities",
    [SANDBOX_NO_NEW_PRIVS] = "no-new-privileges",
    [SANDBOX_LANDLOCK] = "landlock",
    [SANDBOX_SECCOMP] = "seccomp",
};
static_assert(sizeof(layer_names) / sizeof(*layer_names) == SANDBOX_LAYER_COUNT,
              "a name for each layer");

static const char *const feature_names[] = {
    [FEATURE_IPV6] = "ipv6",
    [FEATURE_TFO] = "tcp-fast-open",
    [FEATURE_MPTCP] = "mptcp",
    [FEATURE_ECN] = "ecn",
    [FEATURE_MD5] = "tcp-md5",
    [FEATURE_SYSCTL] = "sysctl-writing",
    [FEATURE_DESTROY] = "socket-destroy",
};
static_assert(sizeof(feature_names) / sizeof(*feature_names) == FEATURE_COUNT,
              "a name for each feature");

const char *link_name(enum link_kind link)
{
    assert(link < LINK_NAME_COUNT);
    return link_names[link];
}

bool link_parse(const char *name, enum link_kind *ret_link)
{
    for (enum link_kind link = 0; link < LINK_COUNT; link++)
        if (strcmp(name, link_names[link]) == 0) {
            *ret_link = link;
            return true;
        }
    return false;
}

const char *sandbox_layer_name(enum sandbox_layer layer)
{
    assert(layer < SANDBOX_LAYER_COUNT);
    return layer_names[layer];
}

const char *kernel_feature_name(enum kernel_feature feature)
{
    assert(feature < FEATURE_COUNT);
    return feature_names[feature];
}

void layer_set(struct availability *ret_layer, bool on, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    ret_layer->on = on;
    vsnprintf(ret_layer->why, sizeof(ret_layer->why), fmt, args);
    va_end(args);
}

/* Steps 2 and 3. */
static int move_in(const struct probe *probe, struct settle_report *r,
                   struct err *ret_err)
{
    bool was_root = geteuid() == 0, is_private = probe->may_enter;
    if (!is_private && probe->may_capture)
        confine_prepare_capture();
    struct err refused;
    if (private_become_nobody(&refused) == 0)
        layer_set(&r->layers[SANDBOX_NOBODY], true,
                  was_root ? "root became an ordinary user (65534)"
                           : "started as an ordinary user");
    else /* root without its powers, as in a container with none granted */
        layer_set(&r->layers[SANDBOX_NOBODY], false, "%s", refused.text);
    int code = is_private ? private_net_enter(ret_err) : 0;
    if (code < 0)
        return code;
    layer_set(&r->layers[SANDBOX_NAMESPACES], is_private,
              is_private ? "own user and network namespace: nothing it sends "
                           "can leave"
                         : "in the machine's own network: namespaces are "
                           "refused");
    return 0;
}

/* Of those that can be had, whichever is wanted. */
static enum link_kind best_link(const struct settle_report *r)
{
    enum link_kind link = LINK_WIRE;
    while (link < LINK_SOCKETS && !r->links[link].on)
        link++;
    return link;
}

/* Steps 4 to 8. */
static void confine(const struct settle_options *opt, struct settle_report *r)
{
    confine_limits(opt, r->layers[SANDBOX_NAMESPACES].on,
                   &r->layers[SANDBOX_LIMITS]);
    confine_capabilities(r->layers[SANDBOX_NAMESPACES].on, opt->low_ports,
                         &r->layers[SANDBOX_CAPABILITIES]);
    confine_no_new_privs(&r->layers[SANDBOX_NO_NEW_PRIVS]);
    confine_landlock(opt->read_dir, &r->layers[SANDBOX_LANDLOCK]);
    confine_seccomp(best_link(r), &r->layers[SANDBOX_SECCOMP]);
}

void settle_outside(void)
{
    struct availability unused;
    struct err err;
    private_become_nobody(&err); /* root without its powers stays what it is */
    confine_drop_all();
    confine_no_new_privs(&unused);
    confine_landlock(NULL, &unused);
    confine_seccomp(LINK_SOCKETS, &unused);
}

/* libseccomp crashes when memory runs out in it, so there must be some left. */
static int check_memory(struct err *ret_err)
{
    enum { ENOUGH_BYTES = 8 << 20 };
    void *room =
        mmap(NULL, ENOUGH_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return err_errno(ret_err, errno, "there is no memory left to start");
    munmap(room, ENOUGH_BYTES);
    return 0;
}

int settle(const struct settle_options *opt, struct settle_report *ret_report,
           struct err *ret_err)
{
    int enough = check_memory(ret_err);
    if (enough < 0)
        return enough;
    struct probe probe = probe_begin(ret_report);
    int r = move_in(&probe, ret_report, ret_err);
    probe_end(&probe, ret_report);
    if (r < 0)
        return r;
    if (opt->best > ret_report->link)
        ret_report->link = opt->best;
    if (opt->keep_powers)
        for (int i = SANDBOX_LIMITS; i < SANDBOX_LAYER_COUNT; i++)
            layer_set(&ret_report->layers[i], false, "not asked for");
    else
        confine(opt, ret_report);
    return 0;
}

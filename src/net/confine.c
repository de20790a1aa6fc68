/* confine.c - gives up capabilities, and any way to get them back. */
#include "net_internal.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>

/* In the private namespaces: SYS_ADMIN only to unshare a network namespace for
 * each host, NET_ADMIN for its interface, NET_RAW for the packet sockets; the
 * last only where a built-in server listens on a port below 1024. */
static const cap_value_t private_caps[] = {CAP_SYS_ADMIN, CAP_NET_ADMIN,
                                           CAP_NET_RAW, CAP_NET_BIND_SERVICE};
enum { PRIVATE_CAPS = 3, PRIVATE_CAPS_LOW_PORTS = 4 };
/* In the machine's own network: NET_RAW alone, to watch loopback. */
static const cap_value_t capture_caps[] = {CAP_NET_RAW};

static bool is_kept(cap_value_t cap, const cap_value_t *kept, int count)
{
    for (int i = 0; i < count; i++)
        if (kept[i] == cap)
            return true;
    return false;
}

/* False when the bounding set could not be cut: that needs CAP_SETPCAP. */
static bool drop_bounding(const cap_value_t *kept, int count)
{
    bool ok = true;
    for (cap_value_t cap = 0; cap_get_bound(cap) >= 0; cap++)
        if (!is_kept(cap, kept, count) && cap_get_bound(cap) == CAP_SET)
            ok &= cap_drop_bound(cap) == 0;
    return ok;
}

/* Keep of `kept` what is permitted now, and nothing else. */
static bool keep_only(const cap_value_t *kept, int count)
{
    cap_t now = cap_get_proc(), next = cap_init();
    bool ok = now && next;
    for (int i = 0; ok && i < count; i++) {
        cap_flag_value_t value = CAP_CLEAR;
        cap_get_flag(now, kept[i], CAP_PERMITTED, &value);
        if (value != CAP_SET)
            continue;
        ok = cap_set_flag(next, CAP_PERMITTED, 1, &kept[i], CAP_SET) == 0 &&
             cap_set_flag(next, CAP_EFFECTIVE, 1, &kept[i], CAP_SET) == 0;
    }
    ok = ok && cap_set_proc(next) == 0;
    cap_free(now);
    cap_free(next);
    return ok;
}

void confine_prepare_capture(void)
{
    drop_bounding(capture_caps, 1);
    /* Where this is refused the capture will be, and is reported then. */
    prctl(PR_SET_KEEPCAPS, 1);
}

bool confine_drop_all(void)
{
    drop_bounding(NULL, 0); /* refused to whoever has nothing to drop */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return keep_only(NULL, 0);
}

void confine_capabilities(bool is_private, bool low_ports,
                          struct availability *ret_layer)
{
    const cap_value_t *kept = is_private ? private_caps : capture_caps;
    int count = !is_private ? 1
                : low_ports ? PRIVATE_CAPS_LOW_PORTS
                            : PRIVATE_CAPS;
    bool bounded = drop_bounding(kept, count);
    bool cut = keep_only(kept, count);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (!cut)
        layer_set(ret_layer, false, "capset() is refused: %s",
                  err_words(errno));
    else
        layer_set(ret_layer, true, "%s%s%s",
                  is_private ? "kept, inside the private namespaces alone: "
                               "NET_ADMIN, NET_RAW, SYS_ADMIN"
                             : "kept at most NET_RAW, to watch loopback",
                  is_private && low_ports ? ", NET_BIND_SERVICE" : "",
                  bounded ? "" : "; the bounding set could not be cut");
}

void confine_no_new_privs(struct availability *ret_layer)
{
    bool on = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    layer_set(ret_layer, on,
              on ? "no program it starts gains anything"
                 : "the kernel knows no no_new_privs");
}

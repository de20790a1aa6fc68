/* listener.c - an HTTP socket that can be nothing else.
 *
 * The listening socket is bound before the sandbox, and all it accepts belongs
 * to the machine's network, too. Code inside the program could dissolve such a
 * connection by connect(AF_UNSPEC) and connect the socket anywhere. So the
 * listener gets a filter that its connections inherit and nobody can take off
 * again (SO_LOCK_FILTER, socket(7)): in comes only what is for its own port, no
 * SYN,ACK, and no RST of the kind that answers a SYN. A socket that was turned
 * round completes no handshake with it, and cannot tell an open port from a
 * closed one.
 *
 * A SYN still goes out. Where only loopback is served the socket is tied to its
 * interface, which it cannot leave without CAP_NET_RAW in the machine's own
 * network. Newer kernels let only CAP_NET_ADMIN put a filter on a TCP socket;
 * an ordinary user without it has the interface alone. */
#include "net_internal.h"

#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* Offsets in the TCP header (RFC 9293 3.1), where a filter begins. */
    DESTINATION_AT = 2,
    SEQUENCE_AT = 4,
    FLAGS_AT = 13,
    SYN_ACK = 0x12,
    RST_ACK = 0x14,
    WHOLE = 0x7fffffff
};

/* A RST in answer to a SYN has the sequence number 0 (RFC 9293 3.10.7.1); that
 * of a connection has it once in four billion. */
static int attach_filter(int fd, uint16_t port)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, DESTINATION_AT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 9),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
        BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN_ACK, 5, 0),
        BPF_STMT(BPF_MISC | BPF_TXA, 0),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, RST_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RST_ACK, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SEQUENCE_AT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, WHOLE),
    };
    const struct sock_fprog program = {.len = sizeof(code) / sizeof(*code),
                                       .filter = code};
    const int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
                   sizeof(program)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)) < 0)
        return -errno;
    return 0;
}

static bool is_loopback(const struct ipaddr *addr)
{
    static const struct ipaddr v6 = {6, {[15] = 1}};
    return addr->version == 4 ? addr->bytes[0] == 127
                              : memcmp(addr->bytes, v6.bytes, 16) == 0;
}

/* WSL in mirrored mode brings what comes from Windows to 127.0.0.1 in by an
 * interface of its own. Older kernels (before 5.7) refuse it to ordinary users.
 */
static void tie_to_loopback(int fd)
{
    static const char lo[] = "lo";
    if (if_nametoindex("loopback0") == 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, lo, sizeof(lo));
}

/* Raised for this, and lost with the rest when powers are given up. */
static int attach_somehow(int fd, uint16_t port)
{
    int r = attach_filter(fd, port);
    if (r == -EPERM && probe_raise(CAP_NET_ADMIN))
        r = attach_filter(fd, port);
    return r;
}

int listener_confine(int fd, const struct endpoint *bound)
{
    if (is_loopback(&bound->addr))
        tie_to_loopback(fd);
    return attach_somehow(fd, bound->port);
}

void listener_report(struct availability *ret_layer)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int r = fd < 0 ? -errno : attach_somehow(fd, 0);
    if (fd >= 0)
        close(fd);
    if (r == 0) {
        layer_set(ret_layer, true,
                  "a filter keeps HTTP connections from being turned round "
                  "and connected elsewhere");
        return;
    }
    layer_set(ret_layer, false,
              "a filter on a TCP socket is refused (%s): an intruder could "
              "connect HTTP sockets elsewhere, where only loopback is served "
              "to the machine's own loopback",
              err_words(-r));
    snprintf(ret_layer->how[0], sizeof(ret_layer->how[0]),
             "sudo setcap cap_net_admin,cap_net_raw=p "
             "\"$(command -v handshake)\"");
}

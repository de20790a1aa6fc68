/* sniff.c - watches an interface with libpcap.
 *
 * Immediate mode, or packets would come in batches half a second late; the
 * capture must be active before the hosts connect. libpcap itself drops the
 * second sight of each packet that loopback gives. Each kind of interface has
 * its own header before the packet; where it is a strange one all interfaces
 * are watched together, whose header is known. */
#include "handshake/net.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SNIFF_SNAP_BYTES = 65535,
    SNIFF_BUFFER_BYTES = 4 << 20,
    SNIFF_FILTER_BYTES = 64 * (SNIFF_MAX_PEERS + 2)
};

struct sniff {
    pcap_t *pcap;    /* (owned) */
    size_t link_len; /* bytes before each packet */
};

/* Bytes of the link's header; -1 when packets do not simply follow one. */
static int link_header(pcap_t *pcap)
{
    switch (pcap_datalink(pcap)) {
    case DLT_EN10MB: /* loopback has such a header too, all zero */
        return 14;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return 0;
    case DLT_LINUX_SLL:
        return 16;
    case DLT_LINUX_SLL2:
        return 20;
    default:
        return -1;
    }
}

static int set_up(pcap_t *pcap)
{
    pcap_set_snaplen(pcap, SNIFF_SNAP_BYTES);
    pcap_set_immediate_mode(pcap, 1);
    pcap_set_buffer_size(pcap, SNIFF_BUFFER_BYTES);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(pcap); /* positive is a warning */
    return status < 0 ? status : 0;
}

static int set_filter(pcap_t *pcap, const char *text)
{
    struct bpf_program program;
    if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
        return -1;
    int status = pcap_setfilter(pcap, &program);
    pcap_freecode(&program);
    return status;
}

/* TCP of that port, of any host or only of those, and all ICMP. */
static void write_filter(uint16_t port, const struct ipaddr *peers,
                         size_t peer_count, char *ret_text)
{
    char host[ENDPOINT_TEXT_BYTES];
    size_t len =
        (size_t)snprintf(ret_text, SNIFF_FILTER_BYTES, "tcp port %u", port);
    for (size_t i = 0; i < peer_count && i < SNIFF_MAX_PEERS; i++)
        len += (size_t)snprintf(ret_text + len, SNIFF_FILTER_BYTES - len,
                                "%s host %s", i ? " or" : " and (",
                                ipaddr_text(&peers[i], host));
    snprintf(ret_text + len, SNIFF_FILTER_BYTES - len, "%s or icmp or icmp6",
             peer_count ? ")" : "");
}

static int open_device(struct sniff *s, const char *device, const char *filter,
                       struct err *ret_err)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    s->pcap = pcap_create(device, reason);
    if (!s->pcap)
        return err_set(ret_err, EIO, "cannot watch %s: %.200s", device, reason);
    if (set_up(s->pcap) < 0 || set_filter(s->pcap, filter) < 0 ||
        pcap_setnonblock(s->pcap, 1, reason) < 0)
        return err_set(ret_err, EPERM, "cannot watch %s: %.200s", device,
                       pcap_geterr(s->pcap));
    int len = link_header(s->pcap);
    s->link_len = len < 0 ? 0 : (size_t)len;
    return len < 0 ? -EPROTONOSUPPORT : 0;
}

int sniff_open(const struct sniff_options *opt, struct sniff **ret_sniff,
               struct err *ret_err)
{
    char filter[SNIFF_FILTER_BYTES];
    struct sniff *s = calloc(1, sizeof(*s));
    if (!s)
        return err_set(ret_err, ENOMEM, "no memory for a capture");
    write_filter(opt->port, opt->peers, opt->peer_count, filter);
    int r = open_device(s, opt->device, filter, ret_err);
    if (r == -EPROTONOSUPPORT) {
        pcap_close(s->pcap);
        r = open_device(s, "any", filter, ret_err);
    }
    if (r < 0)
        sniff_close(s);
    else
        *ret_sniff = s;
    return r;
}

void sniff_close(struct sniff *s)
{
    if (!s)
        return;
    if (s->pcap)
        pcap_close(s->pcap);
    free(s);
}

int sniff_fd(const struct sniff *s)
{
    return pcap_get_selectable_fd(s->pcap);
}

int sniff_read(struct sniff *s, const uint8_t **ret_packet,
               uint64_t *ret_wall_ns)
{
    struct pcap_pkthdr *head;
    const uint8_t *bytes;
    int got = pcap_next_ex(s->pcap, &head, &bytes);
    if (got == 0)
        return -EAGAIN;
    if (got < 0 || head->caplen <= s->link_len)
        return -EIO;
    /* With nanosecond precision tv_usec holds nanoseconds. */
    *ret_wall_ns =
        (uint64_t)head->ts.tv_sec * 1000000000u + (uint64_t)head->ts.tv_usec;
    *ret_packet = bytes + s->link_len;
    return (int)(head->caplen - s->link_len);
}

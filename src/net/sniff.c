/* sniff.c - watches loopback with libpcap.
 *
 * Immediate mode, or packets would come in batches half a second late; the
 * capture must be active before the hosts connect. libpcap itself drops the
 * second sight of each packet that loopback gives. */
#include "handshake/net.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SNIFF_SNAP_BYTES = 65535,
    SNIFF_BUFFER_BYTES = 4 << 20,
    ETHERNET_BYTES = 14 /* loopback has such a header too, all zero */
};

struct sniff {
    pcap_t *pcap; /* (owned) */
};

static int set_up(pcap_t *pcap)
{
    pcap_set_snaplen(pcap, SNIFF_SNAP_BYTES);
    pcap_set_immediate_mode(pcap, 1);
    pcap_set_buffer_size(pcap, SNIFF_BUFFER_BYTES);
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(pcap); /* positive is a warning */
    return status < 0 ? status : 0;
}

static int set_filter(pcap_t *pcap, uint16_t port)
{
    char text[64];
    struct bpf_program program;
    snprintf(text, sizeof(text), "tcp port %u or icmp or icmp6", port);
    if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
        return -1;
    int status = pcap_setfilter(pcap, &program);
    pcap_freecode(&program);
    return status;
}

int sniff_open(uint16_t port, struct sniff **ret_sniff, struct err *ret_err)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct sniff *s = calloc(1, sizeof(*s));
    if (!s)
        return err_set(ret_err, ENOMEM, "no memory for a capture");
    s->pcap = pcap_create("lo", reason);
    if (!s->pcap) {
        free(s);
        return err_set(ret_err, EIO, "cannot watch loopback: %.200s", reason);
    }
    if (set_up(s->pcap) < 0 || set_filter(s->pcap, port) < 0 ||
        pcap_setnonblock(s->pcap, 1, reason) < 0) {
        int r = err_set(ret_err, EPERM, "cannot watch loopback: %.200s",
                        pcap_geterr(s->pcap));
        sniff_close(s);
        return r;
    }
    *ret_sniff = s;
    return 0;
}

void sniff_close(struct sniff *s)
{
    if (!s)
        return;
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
    if (got < 0 || head->caplen <= ETHERNET_BYTES)
        return -EIO;
    /* With nanosecond precision tv_usec holds nanoseconds. */
    *ret_wall_ns =
        (uint64_t)head->ts.tv_sec * 1000000000u + (uint64_t)head->ts.tv_usec;
    *ret_packet = bytes + ETHERNET_BYTES;
    return (int)(head->caplen - ETHERNET_BYTES);
}

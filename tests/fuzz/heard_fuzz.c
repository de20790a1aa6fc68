/* heard_fuzz.c - what other programs say to the command line: answers of a
 * server, and messages of the rehearsal in words, in pieces of any size. */
#include "fuzz.h"

#include "ask_internal.h"
#include "talk_internal.h"

#include "handshake/json.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_BYTES = 2, BODY_MAX_BYTES = 1 << 20 };

/* The whole of an answer; what it says is then read as the program does. */
static void hear_answer(int fd)
{
    static struct answer a;
    struct buf body;
    struct buf words;
    struct err err = {0};
    char id[RUN_ID_BYTES], key[SECRET_BYTES];
    a = (struct answer){.fd = fd, .timeout_ms = 100, .stop_fd = -1};
    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&words, BODY_MAX_BYTES);
    if (answer_begin(&a) == 0) {
        FUZZ_CHECK(a.status >= 100 && a.status <= 599);
        if (answer_whole(&a, &body, &err) < 0)
            FUZZ_CHECK(err.text[0]);
        if (json_answer_begun(buf_text(&body), body.len, id, key) == 0)
            FUZZ_CHECK(id[0] && !strchr(id, '/') && !strchr(id, '.') &&
                       strspn(key, "0123456789abcdef") == strlen(key));
        (void)json_problem_read(buf_text(&body), body.len, &words);
    }
    buf_done(&words);
    buf_done(&body);
}

/* Messages as the client awaits them, one after the other. */
static void hear_talk(int fd)
{
    struct talk t = {
        .fd = fd, .signal_fd = -1, .timeout_s = 1, .peer = "server"};
    const struct awaited what = {
        .form = "[2] SYN/seq=# ACK/seq=#", .known = true, .must = 1235};
    uint32_t numbers[2];
    struct err err = {0};
    while (talk_read(&t, &what, numbers, &err) == 0)
        FUZZ_CHECK(t.len <= sizeof(t.in));
    FUZZ_CHECK(err.text[0]);
}

/* data[0] says who hears it, data[1] how large a first piece is: the rest
 * follows at once, for a fuzzer must not wait. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    if (size < HEAD_BYTES)
        return 0;
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    size_t first = data[1] % size;
    const uint8_t *text = data + HEAD_BYTES;
    size_t len = size - HEAD_BYTES;
    first = first < len ? first : len;
    FUZZ_CHECK(write(ends[1], text, first) == (ssize_t)first);
    FUZZ_CHECK(write(ends[1], text + first, len - first) ==
               (ssize_t)(len - first));
    shutdown(ends[1], SHUT_WR);
    if (data[0] & 1)
        hear_answer(ends[0]);
    else
        hear_talk(ends[0]);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

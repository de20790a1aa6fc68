/* keyboard.c - standard input, letter by letter, see hold_internal.h.
 *
 * The terminal's modes belong to the terminal, not to us: left as we set them,
 * the shell that comes after would neither show what is typed nor take lines.
 * Once confined this process may not set them back. A child forked before that
 * does nothing but wait for the end of a pipe, whose other side only we have,
 * and then sets them back; so it does when we are killed, too.
 *
 * Ctrl-C is left to the terminal: it stays a signal, which ends the run in
 * good order. */
#include "hold_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

/* The child: holds nothing of what others may wait for the end of. Its own end
 * closes `done`. */
_Noreturn static void restore_later(const struct termios *before, int wait_fd,
                                    int done_fd)
{
    char byte;
    for (int fd = STDOUT_FILENO; fd < 1024; fd++)
        if (fd != wait_fd && fd != done_fd)
            close(fd);
    while (read(wait_fd, &byte, 1) < 0 && errno == EINTR)
        ;
    tcsetattr(STDIN_FILENO, TCSANOW, before);
    _exit(0);
}

/* Returns 0 or -errno. On success the child waits. */
static int start_restorer(struct keyboard *kb, const struct termios *before)
{
    int wait[2];
    int done[2];
    if (pipe2(wait, O_CLOEXEC) < 0)
        return -errno;
    if (pipe2(done, O_CLOEXEC) < 0) {
        close(wait[0]);
        close(wait[1]);
        return -errno;
    }
    pid_t child = fork();
    int error = errno;
    if (child == 0)
        restore_later(before, wait[0], done[1]);
    close(wait[0]);
    close(done[1]);
    if (child < 0) {
        close(wait[1]);
        close(done[0]);
        return -error;
    }
    kb->restore_fd = wait[1];
    kb->restored_fd = done[0];
    return 0;
}

/* Each key at once and unseen; Ctrl-C stays a signal. */
static int make_raw(struct keyboard *kb, struct err *ret_err)
{
    struct termios modes;
    if (tcgetattr(STDIN_FILENO, &modes) < 0)
        return err_errno(ret_err, errno, "cannot ask the terminal");
    int r = start_restorer(kb, &modes);
    if (r < 0)
        return err_errno(ret_err, -r, "cannot look after the terminal");
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &modes) < 0)
        return err_errno(ret_err, errno, "cannot set the terminal");
    return 0;
}

/* A pipe or a file is read as it is, a letter a line. */
int keyboard_open(struct keyboard *kb, struct err *ret_err)
{
    *kb = (struct keyboard){.is_terminal = isatty(STDIN_FILENO),
                            .restore_fd = -1,
                            .restored_fd = -1};
    return kb->is_terminal ? make_raw(kb, ret_err) : 0;
}

/* Waits for the child, so that the shell that reads the modes next finds the
 * right ones. */
void keyboard_close(struct keyboard *kb)
{
    char byte;
    if (!kb->is_terminal || kb->restore_fd < 0)
        return;
    close(kb->restore_fd);
    while (read(kb->restored_fd, &byte, 1) < 0 && errno == EINTR)
        ;
    close(kb->restored_fd);
    kb->restore_fd = kb->restored_fd = -1;
}

/* Byte by byte: what stays unread belongs to whoever reads after us. */
int keyboard_read(struct keyboard *kb)
{
    unsigned char letter = 0;
    ssize_t n = read(STDIN_FILENO, &letter, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    kb->ended = n <= 0;
    if (kb->ended)
        return -1;
    return letter == '\n' || letter == '\r' ? 0 : letter;
}

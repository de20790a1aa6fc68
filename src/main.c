/* main.c - the program: hands over to the command line. */
#include "handshake/cli.h"
#include "handshake/thread.h"

struct command_line {
    int argc;
    char **argv;
};

static int run(void *arg)
{
    const struct command_line *line = arg;
    return cli_main(line->argc, line->argv);
}

int main(int argc, char **argv)
{
    struct command_line line = {argc, argv};
    return thread_first(run, &line);
}

/* main.c - the program: hands over to the command line. */
#include "handshake/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}

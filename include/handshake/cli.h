/* cli.h - the command line: one command a file, picked from one table. */
#ifndef HANDSHAKE_CLI_H
#define HANDSHAKE_CLI_H

/* Carry out the command that argv names (`serve` when it names none). Call as
 * the only thread. Returns the exit status: 0 well, 1 not as hoped, 2 wrong
 * usage, 128 + n when signal n ended it. */
int cli_main(int argc, char **argv);

#endif

// commands.h -- commands of shells, and those about the system for all shells
//
// Each is given its words as a program is, argv[0] its own name, and prints; 0,
// or 1 after a sentence.
#ifndef USER_COMMANDS_H
#define USER_COMMANDS_H

#include "tender.h"

struct command {
    const char *name;
    const char *use;
    const char *help;
    int (*run)(int argc, char **argv);
};

// The end of a list has no name.
extern const struct command system_commands[];

// The one of a name, NULL if there is none.
const struct command *
command_find(const struct command *list, const char *name);

// Print a line about each.
void command_help(const struct command *list);

#endif

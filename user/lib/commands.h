// commands.h -- commands about the system, for all shells
//
// Each is given its words as a program is, and prints; 0, or 1 after a sentence.
#ifndef USER_COMMANDS_H
#define USER_COMMANDS_H

#include "tender.h"

struct system_command {
    const char *name;
    const char *use;
    const char *help;
    int (*run)(int argc, char **argv);
};

// The one of a name, NULL if there is none; by its place, NULL at the end.
const struct system_command *command_find(const char *name);
const struct system_command *command_at(u32 index);

#endif

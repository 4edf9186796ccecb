// tender.c -- the commands about the system, as a program for Linux shells
//
// Called by a command's name (save, occ, plate, ...), or with it as its first
// word. It speaks with the native kernel (int 0x81) as native programs do.
#include "commands.h"

static const char *
last_part(const char *path)
{
    const char *last = path;

    for (; *path != 0; path++)
        if (*path == '/')
            last = path + 1;
    return last;
}

int
main(int argc, char **argv)
{
    const struct command *command = NULL;

    if (argc >= 1)
        command = command_find(system_commands, last_part(argv[0]));
    if (command == NULL && argc > 1) {
        argc--;
        argv++;
        command = command_find(system_commands, argv[0]);
    }
    if (command != NULL)
        return command->run(argc, argv);
    command_help(system_commands);
    return argc > 1;
}

// vm_inside.h -- what vm.c, vm_console.c and vm_qmp.c know of a machine
#ifndef VM_INSIDE_H
#define VM_INSIDE_H

#include <sys/types.h>

#include "transcript.h"
#include "vm.h"

struct vm {
    struct vm_options options;
    char nv[200];
    char plates[200];
    char append[1100]; // of tools/vm
    char log[200];
    char qmp[108]; // a Unix socket's path is not longer
    pid_t pid;     // 0: off
    int in, out;   // the machine's console, as we see it
    int status;    // of the last end
    double on_at;
    size_t boot_start;
    size_t mark; // everything before was matched
    char *match;
    char note[200];
    struct transcript text;
};

// The command line of its machine, ended by NULL, valid until the next call.
const char *const *vm_arguments(struct vm *vm);

// Read what is there, waiting at most so long.  Returns false at the end of
// the machine, which is then off.
bool vm_pump(struct vm *vm, double seconds);

#endif

// process_load.h -- make the virtual space and execution of a new process
#ifndef RESOURCES_PROCESS_LOAD_H
#define RESOURCES_PROCESS_LOAD_H

#include "resources/elf.h"
#include "resources/process.h"

#define PROCESS_CHUNK_BYTES 16384u

// What is known of the program being loaded, and its buffers.
struct process_loader {
    char path[NAME_MAX];
    char args[PROCESS_ARGS_BYTES]; // strings, each with its 0
    u32 args_bytes;
    u32 args_count;
    struct elf_program program;
    u8 head[ELF_HEAD_BYTES];
    u8 chunk[PROCESS_CHUNK_BYTES];
};

// Take path and arguments from a call.  0 or an error.
int process_load_args(struct processes *p, const struct call *call);

// Read and check the program's file: loader->program is what to load.
int process_load_check(struct processes *p);

// The name of the process, from its path and p->counter.
void process_load_name(const struct processes *p, char *name);

// Make everything a STARTING process needs, owned by it.  On an error, what
// was made is still there, for gate_delete_owned().
int process_load_make(struct processes *p, struct process_entry *entry);

#endif

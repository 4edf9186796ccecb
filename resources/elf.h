// elf.h -- the i386 ELF programs that can be run, read from their headers
#ifndef RESOURCES_ELF_H
#define RESOURCES_ELF_H

#include "tender/types.h"

#define ELF_SEGMENTS_MAX 8u
#define ELF_ADDRESS_END 0x7ff00000u // no segment reaches beyond it
#define ELF_HEAD_BYTES 4096u        // all headers lie in these first bytes

struct elf_segment {
    u32 va;           // of its first byte, any alignment
    u32 memory_bytes; // > 0; what the file does not fill is 0
    u32 offset;       // in the file
    u32 file_bytes;   // <= memory_bytes
    u32 writable;
};

struct elf_program {
    u32 entry;
    u32 segments;
    struct elf_segment segment[ELF_SEGMENTS_MAX];
};

// Check the first bytes of a file (all of them if it is shorter than
// ELF_HEAD_BYTES) and say in *program what to load.  0, or E_FORMAT.  Whether
// the file has as many bytes as the segments name is for the caller to see.
int elf_read(const u8 *head, u32 bytes, struct elf_program *program);

#endif

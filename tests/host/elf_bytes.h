// elf_bytes.h -- the header of a good ELF program, for tests to spoil
#ifndef HOST_ELF_BYTES_H
#define HOST_ELF_BYTES_H

#include "tender/types.h"

#define ELF_HEADER_BYTES 52u

static inline void
put16(u8 *at, u32 value)
{
    at[0] = (u8)value;
    at[1] = (u8)(value >> 8);
}

static inline void
put32(u8 *at, u32 value)
{
    put16(at, value);
    put16(at + 2, value >> 16);
}

// An i386 program that is linked, whose segments are told right behind this.
static inline void
elf_put_header(u8 *file, u32 entry, u32 segments)
{
    static const u8 ident[7] = {0x7f, 'E', 'L', 'F', 1, 1, 1};

    for (u32 i = 0; i < ELF_HEADER_BYTES; i++)
        file[i] = i < sizeof(ident) ? ident[i] : 0;
    put16(file + 16, 2); // ET_EXEC
    put16(file + 18, 3); // EM_386
    put32(file + 20, 1); // version
    put32(file + 24, entry);
    put32(file + 28, ELF_HEADER_BYTES); // where the segments are told
    put16(file + 40, ELF_HEADER_BYTES);
    put16(file + 42, 32); // bytes for each
    put16(file + 44, segments);
}

#endif

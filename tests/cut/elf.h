// elf.h -- the kernel's file: symbols, and what a boot loader puts where
#ifndef CUT_ELF_H
#define CUT_ELF_H

#include "tender/types.h"

struct elf;

// Ends the program with a sentence if there is no such file.
struct elf *elf_open(const char *path);
void elf_close(struct elf *elf);

const char *elf_path(const struct elf *elf);

// The address of a symbol, static ones included; 0 = there is none.
u32 elf_symbol(const struct elf *elf, const char *name);

// How many variables have this name, and where and how large the last one is.
unsigned
elf_variable(const struct elf *elf, const char *name, u32 *va, u32 *bytes);

// The symbol at or below an address, and how far below; "" if none.
const char *elf_name(const struct elf *elf, u32 va, u32 *offset);

// The physical address of the entry.
u32 elf_entry(const struct elf *elf);

// Put the segments into memory, as GRUB does.
void elf_load(const struct elf *elf, u8 *memory, u32 bytes);

// A hash of the file: names a build.
u32 elf_build(const struct elf *elf);

#endif

// elf_load.h -- i386 ELF programs as Linux runs them: checked, then mapped
#ifndef LINUX_ELF_LOAD_H
#define LINUX_ELF_LOAD_H

#include "linux/memory/memory.h"

#define IMAGE_HEAD_BYTES 52u
#define IMAGE_PART_BYTES 32u                           // a program header
#define IMAGE_PARTS_MAX (PAGE_SIZE / IMAGE_PART_BYTES) // one page of them
#define IMAGE_BASE 0x56000000u                         // of static-pie
#define IMAGE_END (MEMORY_END - MEMORY_STACK_BYTES - 0x10000u)

// What is to be loaded.
struct image {
    u32 parts_at; // program headers in the file
    u32 parts;
    u32 bias; // what is added to the file's addresses
    u32 entry;
    u32 parts_va; // the program headers in memory; 0: they are not there
    u32 end;      // behind the last segment: where brk begins
    u32 interpreter_at, interpreter_bytes; // in the file; 0 = a static program
};

// The first bytes of the file: parts_at and parts are set. 0 or -ENOEXEC.
int image_head(struct image *image, const u8 *head, u32 bytes, u64 file_bytes);

// Its program headers: the rest is set. 0, -ENOEXEC, or -EFAULT: Linux would only
// find out when the old program is gone, and end the task. Nothing that passes can
// map anything outside of the program's own addresses, or twice.
int image_check(struct image *image, const u8 *parts, u64 file_bytes);

// Map the segments into an empty address space. 0 or -errno.
int image_map(const struct image *image, const u8 *parts, struct memory *m,
              struct inode *inode);

#endif

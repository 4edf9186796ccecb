// mmu.h -- the fake's i386 paging: page tables, TLB, accessed and dirty bits
//
// As on a PC, a translation stays in the TLB until machine_invalidate() or
// machine_load_space() drops it, whatever the page table says meanwhile: a page
// whose dirty flag is in the TLB does not get its dirty bit set again.
#ifndef HOST_MMU_H
#define HOST_MMU_H

#include "tender/types.h"

// memory_fd: the file that is physical memory.
void mmu_open(int memory_fd);
void mmu_close(void);

// Drop one translation, or all.
void mmu_drop(u32 va);
void mmu_drop_all(void);

// The physical address behind an address of either window, as for a store or
// a load by the kernel; a fault ends the test.
u32 mmu_store(u32 va, u32 pc);
u32 mmu_load(u32 va);

// The physical address behind a program's access, or 0 for a fault.
u32 mmu_user(u32 page_directory, u32 va, int store);

// An access nobody announced has faulted.  1: mended, try again.
int mmu_fault(word address, int store);

#endif

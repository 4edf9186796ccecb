// layout.h -- where the fixed parts of NV memory lie
//
// Follows from memory size and limits alone: the same at every boot.
#ifndef TENDER_LAYOUT_H
#define TENDER_LAYOUT_H

#include "tender/format.h"

// What firmware and GRUB overwrite below the end of memory, rounded up.
#define LAYOUT_TOP_PAGES 0x1110u

struct layout {
    u32 memory_pages;
    u32 shutdown_pa;
    u32 slot_pa[2];                         // slot headers; 0: no slots
    u32 slot_table_pa[2][BOOTSTRAP_TABLES]; // copies of the tables
    u32 slot_pages;                         // table pages of one slot
    u32 table_pa[BOOTSTRAP_TABLES];         // the live tables
    u32 table_va[BOOTSTRAP_TABLES];
    u32 table_pages[BOOTSTRAP_TABLES];
    u32 kernel_directory_pa; // the kernel's page directory
    u32 kernel_tables_pa;    // its page tables, contiguous, for KERNEL_BASE up
    u32 kernel_tables;
    u32 data_pa;     // the kernel's data
    u32 first_frame; // frames [first_frame, end_frame) belong to real memories;
    u32 fixed_pages; // the first of them to the parts above, at cold start
    u32 end_frame;
};

// Fill in *layout.  end_frame is where usable memory ends.  Returns 0, or
// E_MEMORY when the fixed parts leave no room, E_ARGUMENT for absurd limits.
int layout_compute(struct layout *layout, u32 memory_pages, u32 end_frame,
                   const struct limits *limits);

// The limits of the real kernel.
void layout_limits(struct limits *limits, u32 data_pages);

// The same with plates on a disk: there are no slots in memory.
void
layout_limits_disk(struct limits *limits, u32 data_pages, u32 memory_pages);

#endif

// host_disk.h -- the small kernel with its plates on the simulated drive
//
// What boot/main.c does with plate=disk.
#ifndef HOST_HOST_DISK_H
#define HOST_HOST_DISK_H

#include "host_kernel.h"
#include "medium.h"
#include "resources/virtual_unit.h"

#define HOST_DISK_SIGNATURE 0x7e4de12bu
#define HOST_DISK_FIRST 64u // sector of the partition

// A machine, and a drive with a partition of so many blocks; plates are kept
// there from now on.
void host_disk_open(u32 blocks);

// The same with a partition for virtual units behind it.
void host_disk_open_paged(u32 blocks, u32 vunit_blocks);

// Where that one is; 0 sectors: it is gone from the partition table.
extern u32 host_disk_vunits, host_disk_vunit_sectors;

// Write the partition table anew.
void host_disk_partition(u32 type, u32 first, u32 sectors, u32 signature);

// The power is cut: memory holds junk, the drive what is durable (medium_cut()
// decides what that is).
void host_disk_power_cut(void);

// The build of the kernel that boots.
extern u32 host_disk_build;

// A boot's first part: the drive, and the decision.  Refusals of both kinds are
// outcomes.
void host_disk_look(struct decision *decision, enum nv_option wish);

// The parts of a cold start, and of a restore, that only a disk has.
void host_disk_forget(void);
void host_disk_put_back(struct decision *decision);

// Read and write a page of the partition as it is on the drive.
void host_disk_peek(u32 block, void *page);
void host_disk_poke(u32 block, const void *page);

#endif

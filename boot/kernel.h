// kernel.h -- the one place where all kinds and drivers are put together
//
// struct kernel lies in the kernel's data, so it is a plate like everything
// else; it is what the state of the machine hangs from.
#ifndef BOOT_KERNEL_H
#define BOOT_KERNEL_H

#include "boot/pc/pc.h"
#include "linux/linux.h"
#include "plate/disk.h"
#include "plate/plate.h"
#include "plate/restore.h"
#include "resources/console.h"
#include "resources/device.h"
#include "resources/disk.h"
#include "resources/event.h"
#include "resources/execution.h"
#include "resources/message.h"
#include "resources/process.h"
#include "resources/system.h"
#include "resources/timer.h"
#include "tender/options.h"
#include "vspace/pager.h"

struct kernel {
    struct plates plates; // first: its CPU state wants 16-byte alignment
    struct gate gate;
    struct layout layout;
    struct limits limits;
    struct options options;
    struct real_memory rm;
    struct regions regions;
    struct vspaces vs;
    struct spaces vk;
    struct spaces vu;
    struct punits punits; // with plate=disk
    struct vunits vunits; // with plate=disk and a partition for them
    struct pager pager;
    struct system system;
    struct devices devices;
    struct console console;
    struct console_driver console_driver;
    struct disk disk;
    struct events events;
    struct messages messages;
    struct timers timers;
    struct executions executions;
    struct processes processes;
    struct linux linux;
};

extern struct kernel kernel;

// wiring.c: make all kinds and start all drivers, at a cold start, when the
// kernel's data are mapped.
void
wiring_start(const struct layout *layout, const struct limits *limits,
             u32 build, struct disk_store *disk, struct vunit_disk *vunits);

// Bring the machine back after a power cut; the kernel's data are restored.
// outcome, save: as struct system_status tells them.
void wiring_recover(u32 outcome, u32 save);

// Start the first program; does not return.
_Noreturn void wiring_run(void);

extern const unsigned tender_build_id;

#endif

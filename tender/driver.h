// driver.h -- the device-driver door
//
// A driver is: identify, start, quiesce, recover, interrupt, and its commands.
// Its struct lies in plated memory, so what recover() needs is remembered.
// The rules are those of paper 000, 5.3.4 (PAPERS.md, D5).
#ifndef TENDER_DRIVER_H
#define TENDER_DRIVER_H

#include "tender/types.h"

struct driver {
    const char *name;
    int irq; // 0-15, or -1
    // Is the device there?  Touches nothing else.  0 or an error.
    int (*identify)(struct driver *driver);
    // Cold start: bring the device to its idle state.  0 or an error.
    int (*start)(struct driver *driver);
    // Finish what is in flight, now, without interrupts; then be idle.
    void (*quiesce)(struct driver *driver);
    // After a power cut: re-create the idle state from remembered settings and
    // re-issue what was in flight.  May run any number of times.
    void (*recover)(struct driver *driver);
    // The device's interrupt; interrupts are off.
    void (*interrupt)(struct driver *driver);
    void *state;
};

// What the disk resource asks of a disk driver.
struct disk_driver {
    void *state;
    u32 sectors; // 512 bytes each; 0 = no disk
    // Start one transfer of count <= 128 sectors between the disk and
    // contiguous physical memory (a DMA bounce buffer the driver owns).
    // Returns 0 or an error; done(state) says when it has ended.
    int (*start)(void *state, int write, u32 sector, u32 count);
    int (*done)(void *state); // 1 finished, 0 in flight, < 0 failed
    void *buffer;             // the bounce buffer, 64 KiB
    // Flush the drive's cache; same protocol as start.
    int (*flush)(void *state);
};

// What the console resource asks of the machine.
struct console_driver {
    void *state;
    void (*put)(void *state, const char *text, u32 length);
};

#endif

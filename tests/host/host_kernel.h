// host_kernel.h -- a small kernel on the fake machine, and what a boot does
//
// Put together as boot/wiring.c does it, without executions and devices.  It
// lies in its own plated memory.  Copies of plates are kept there, too, or else,
// after host_disk_open(), in permanent units on the simulated drive (medium.h).  Its places are spaces, the kernel's and a
// program's, whose contents follow from a version number: after any power cut
// there is one number all of them must agree on.
//
// The power-cut engine wants every access of recovery to be seen, so all this
// reads and writes the kernel's memory by peek() and poke() only.
#ifndef HOST_KERNEL_H
#define HOST_KERNEL_H

#include "fake.h"
#include "plate/decide.h"
#include "plate/disk.h"
#include "plate/plate.h"
#include "plate/restore.h"
#include "resources/event.h"
#include "resources/message.h"
#include "resources/system.h"
#include "resources/timer.h"

#define KERNEL_PAGES 2048u // of the machine
#define KERNEL_PAGES_MAX 8192u
#define KERNEL_BUILD 0x600dc0deu
#define PLACES 12u

struct kernel_place {
    rid space;
    rid region;
    u32 va;
    u32 pages;
    u32 serial; // not used again
    u32 born;   // the version it was first written with
    u32 user;   // a program's, else the kernel's
};

struct host_kernel {
    struct plates plates; // first: its CPU state wants 16-byte alignment
    struct gate gate;
    struct layout layout;
    struct limits limits;
    struct real_memory rm;
    struct regions regions;
    struct vspaces vs;
    struct spaces vk;
    struct spaces vu;
    struct punits punits;
    struct system system;
    struct events events;
    struct messages messages;
    struct timers timers;
    u32 version; // of the places' contents
    u32 serials;
    rid vspace; // the program's
    u32 directory;
    struct kernel_place place[PLACES]; // space RID_NONE: none
};

static inline struct host_kernel *
kernel(void)
{
    return kernel_at(KERNEL_DATA_VA);
}

// Load and store seen by the tracer.
void peek(void *to, const void *from, u32 bytes);
void poke(void *to, const void *from, u32 bytes);
u32 peek_word(const u32 *from);
void poke_word(u32 *to, u32 value);

// What a boot found and where it went: the decision, and what machine_resume()
// was given (0 after a cold start).  Ends like boot/main.c, with the program
// going on.  what->decision.outcome REFUSE: nothing was done.
struct booted {
    struct decision decision;
    int value;
};

// Returns 0, or -1 with fake.sentence when the boot failed.
int kernel_boot(struct booted *what, enum nv_option wish);

// Where the fixed parts of this machine's memory lie, and how large they are.
const struct limits *kernel_limits(void);
const struct layout *kernel_layout(void);

// How many pages its memory has; KERNEL_PAGES unless a test says otherwise before
// the first boot.
extern u32 kernel_pages;

// The disk store; NULL: plates are kept in NV memory.
extern struct disk_store *kernel_disk;

// The partition for virtual units; NULL: nothing is paged out.
extern struct vunit_disk *kernel_vunits;

// Restore a save.  0, or an error of the plate disk.
int kernel_put_back(const struct decision *decision);

// Make a place and write it; -> its index, or an error of the kernel.
int place_create(u32 pages, u32 user);
int place_delete(u32 index);

// Write the contents of the next version: about a third of all pages.  And which
// version they are.
void places_write(void);
u32 places_version(void);

// Operations by the gate, as the program would ask for them.
int kernel_save(void);
int kernel_control(u32 code);

// The first thing that is wrong with tables, mappings and places: a sentence, or
// NULL.
const char *kernel_wrong(void);

#endif

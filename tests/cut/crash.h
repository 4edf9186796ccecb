// crash.h -- crash images: what a power cut could have left in memory
//
// An image begins as a copy of a base: memory when the trace began, with what
// GRUB would load put over it.  Events are applied to it; what was applied since
// a mark can be taken back.  Showing it to a held machine costs only the pages
// that differ from what is there.
#ifndef CUT_CRASH_H
#define CUT_CRASH_H

#include "tests/cut/engine.h"

struct crash_undo {
    u32 pa, size;
    u64 value;
};

struct crash {
    u8 *memory; // read it; change it only with crash_put()
    u32 bytes, pages;
    u64 *page_hash;
    u64 *stale;      // bit: page_hash is old
    u64 *touched[2]; // bit: may differ from the memory of the machine; of one
                     // that can trace, of another
    struct reads *reads; // follows what changes, or NULL
    u64 hash;
    struct crash_undo *undo;
    u32 undos, undo_room;
};

// base: bytes of memory, not copied but mapped: a file.  It stays as it is.
struct crash *crash_new(const char *base_path, u32 bytes);
void crash_free(struct crash *image);

// Does this event change memory?
static inline bool
crash_is_store(const struct cut_event *event)
{
    return event->size != 0;
}

void crash_put(struct crash *image, u32 pa, const void *bytes, u32 size);
void crash_apply(struct crash *image, const struct cut_event *event);

u32 crash_mark(struct crash *image);
void crash_back(struct crash *image, u32 mark);
// What was applied up to now stays: marks are void.
void crash_forget(struct crash *image);

// Of the contents: equal images have equal hashes.
u64 crash_hash(struct crash *image);

// Boot this image on a held machine, which must have been booted from no other
// struct crash (or crash_strange() called).  There may be two machines, one that
// can trace and one that cannot.  It runs.
void crash_boot(struct crash *image, struct engine *e);
void crash_boot_traced(struct crash *image, struct engine *e);
void crash_strange(struct crash *image);

// Boot it and wait until the machine is held.  A QEMU that hangs or ends is started
// anew and held, and AT_TIMEOUT or AT_END returned.
int crash_try(struct crash *image, struct engine *e, double seconds);

// Before a boot: does the held machine's memory hold what crash_boot() would
// make of it, bar the pages it would write?  Slow.  For self-checks.
bool crash_agrees(const struct crash *image, const struct engine *e, u32 *pa);

// Take over what a held machine has made of the image: a base for second cuts.
void crash_take(struct crash *image, const struct engine *e);

#endif

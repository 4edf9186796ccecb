// medium.h -- a simulated drive with a volatile write cache (tender/block.h)
//
// Reads see the newest data.  A flush makes durable what was written before it;
// of what was written since, a power cut leaves any part, in any order, each
// sector of 512 bytes on its own, the last one perhaps torn.
//
//   medium_reset(20480);
//   ... a save ...
//   medium_record();
//   ... what is to be cut ...
//   for (u32 cut = 0; cut <= medium_writes(); cut++)
//       for (u32 i = 0; i < medium_variants(cut); i++) {
//           medium_cut(cut, i);
//           ... boot ...
//       }
//   medium_forget();
//
// What the drive puts into memory is seen by the tracer, and nothing of what it
// does goes through the MMU, as with any bus master.  It is stricter than a
// drive: a wrong transfer ends the test with a sentence, and sectors nobody has
// written hold junk.
#ifndef HOST_MEDIUM_H
#define HOST_MEDIUM_H

#include "tender/block.h"

#define MEDIUM_SECTORS_MAX (1u << 18)

// A new drive of so many sectors; no faults, no figures.
void medium_reset(u32 sectors);

struct block_device *medium_device(void);

// Since medium_reset(), or since someone cleared it.
struct medium_figures {
    u32 reads; // requests
    u32 writes;
    u32 flushes;
    u32 errors; // requests that failed, counted above, too
    u32 seeks;  // requests that do not begin where the one before ended
    u32 sectors_read;
    u32 sectors_written;
};

extern struct medium_figures medium_figures;

// --- contents ---

// Look at a sector; change it, durably (what is pending becomes durable, too).
void medium_peek(u32 sector, void *to);
void medium_poke(u32 sector, const void *from);

// Equal numbers: equal contents.
u32 medium_number(u32 sector);

// All contents, for coming back to them any number of times: durably then.
// Neither may be done while a recording is kept.
void *medium_save(void);
void medium_load(const void *saved);
void medium_save_free(void *saved);

// Called at the first read of each sector that was not written before, since
// medium_cut() or medium_watch() itself; NULL: no more.
void medium_watch(void (*seen)(u32 sector, u32 number));

// Whole pages read to this address are not wanted by the reader, and not
// reported; 0: there is none.
void medium_unwanted(u32 pa);

// --- power cuts ---

// Record from now on.  What is pending at that moment can be lost in each of
// the cuts.  May be done once more on an image made by medium_cut().
void medium_record(void);

// How many recordings are kept.
u32 medium_recordings(void);

// How many sector writes, flushes and notes have been recorded: a cut may come
// before the first (0), or behind so many of them.
u32 medium_writes(void);

// Remember that from this moment on at least this much must be kept; what holds
// at a cut (0: nothing was noted before it).
void medium_note(u32 kept);
u32 medium_noted(u32 cut);

// How many images of a cut are tried, and their names, without blanks:
//
//   all, none       of the writes since the last flush are on the medium
//   but3, only3     all but the third request since then, only it
//   back, odd, even of the last request: its second half, every other sector
//   miss17, sole17  all but the 17th sector, only it
//   torn17.64       all, and of the 17th sector the first 64 bytes
//   tear17.64       all, and of the 17th sector all but the first 64 bytes
//   rand5           a part that follows from the cut and the number
//
// Sectors and requests count from 0 since the last flush.  Images of single
// sectors are made just before a flush and at the end: what may be missing at
// any other cut may be missing there, too.  Random ones, and those with the last
// sector torn, are made at each cut.
u32 medium_variants(u32 cut);
void medium_variant_name(u32 cut, u32 variant, char name[32]);

// The durable contents are now those of this image, and recording has ended.
void medium_cut(u32 cut, u32 variant);

// Go back to the contents at the end of the recording, and forget it.
void medium_forget(void);

// --- errors ---

#define MEDIUM_READ 1u
#define MEDIUM_WRITE 2u
#define MEDIUM_FLUSH 4u
#define MEDIUM_ANY 7u
#define MEDIUM_ALL UINT32_MAX

struct medium_fault {
    u32 what;    // kinds of requests that fail, 0 = none
    u32 after;   // so many of them still succeed
    u32 times;   // and so many fail then; MEDIUM_ALL: for ever
    u32 part;    // sectors a failing transfer moves all the same
    u32 sector;  // if sectors is not 0, only transfers that touch these
    u32 sectors; // ... fail, or count
    int loses;   // a failing flush loses all that was pending but part sectors
};

// Replaces the fault before.
void medium_fail(struct medium_fault fault);

#endif

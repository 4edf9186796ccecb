// worker.h -- what a process that tries images has
#ifndef CUT_WORKER_H
#define CUT_WORKER_H

#include "tests/cut/campaign.h"
#include "tests/cut/crash.h"
#include "tests/cut/pending.h"
#include "tests/cut/reads.h"

#define BOOT_S 20.0

// What a worker has.
struct worker {
    struct campaign *c;
    struct share *share;
    struct engine *e;      // boots images
    struct engine *traced; // records recoveries, notes what they read
    struct reads *reads;   // NULL: every image is booted
    u64 looks, proven;     // boots to see what is read; boots saved by that
    u64 tried;             // distinct images
    bool wanted;           // the one in hand is to be used on
    struct crash *image;
    struct pending *pending;
    u64 applied; // events
    u32 phase;   // of the operation: fences and stores to the root so far
    char id[96]; // of the image in hand
};

struct engine *
worker_machine(const char *name, int number, bool gdb, bool tracing);
void worker_begin(struct worker *w, struct share *s, int number, void *data);
void worker_end(struct worker *w);

// A new image, nothing applied; events are applied in their order, so items of
// one image must neither go back nor change their model.
void worker_image(struct worker *w);
void worker_name(struct worker *w, const struct image_item *item);
void worker_go_to(struct worker *w, const struct image_item *item);

// Is this where order matters: a fence, a store to the root?
bool worker_is_step(const struct cut_event *e);

// What came back is used on, if it is the first of its kind (the verdict, the
// phase, the part of the record) or one of so many.
void worker_use(struct worker *w, u32 verdict);

// Boot it, or remember what became of the same contents, or of what its boot
// reads.  Some of the latter are booted all the same.
u32 worker_try(struct worker *w, u32 model, bool *booted);

// --- prove.c ---

// The machine has booted the image in hand to this verdict: note why.
void prove_learn(struct worker *w, u32 verdict);
void prove_replace(struct worker *w, const struct crash *old);

// --- second.c ---

struct cut_event *trace_recovery(struct worker *w, u64 *count);
void work_second(struct share *s, int number, void *data);

bool campaign_references(struct campaign *c);

#endif

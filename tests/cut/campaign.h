// campaign.h -- one scenario: its record, its images, what each must become
//
//   m1.N        the first N events are in memory
//   m2.N.V      what N events left durable, and variant V of the pending stores
//   ...+m1.K    the first K events of that image's recovery, too
#ifndef CUT_CAMPAIGN_H
#define CUT_CAMPAIGN_H

#include "tests/cut/judge.h"
#include "tests/cut/scenario.h"
#include "tests/cut/crash.h"
#include "tests/cut/share.h"
#include "tests/cut/used.h"

#define REFERENCES 8

// What an image may become: the state before, after each save that was
// acknowledged, and at the end.
struct reference {
    u64 event;
    bool acknowledged;
    u32 save; // that must come back; 0: it is continued
    struct state state;
    struct judge_copy *copy; // the same, page by page
    enum used_answer answer; // to a further save
};

struct image_item {
    u32 event;
    u16 model, variant;
    bool whole; // second cuts at every event
};

struct campaign {
    const struct scenario *scenario;
    struct record record;
    struct reference reference[REFERENCES];
    unsigned references;

    // How much of it.
    u32 every;       // 1: all; N: one event of N inside runs of copied words
    u32 variants;    // of M2 at a fence
    u32 seconds;     // images whose recovery is cut again
    u32 second_cuts; // of each
    u32 whole;       // images whose recovery is cut at every event
    u32 run_on;    // one image of so many is used on, beside the first of each
                   // kind; 0: none
    bool boot_all; // also images proven to come to a known state

    struct image_item *item;
    u64 items;
    struct share *share; // in a worker
};

// Load the record, or make and keep one.  Returns what this QEMU lacks, or NULL.
const char *campaign_open(struct campaign *c, bool fresh);

// All of it, with so many processes.  Returns the number of failures.
u64 campaign_run(struct campaign *c, int jobs, struct share_figures *sum);

// One image alone: 0 right, 1 wrong, 2 unknown.
int campaign_again(struct campaign *c, const char *id, bool gdb);

// --- plan.c ---

void plan_m1(struct campaign *c);
void plan_m2(struct campaign *c);
void plan_second(struct campaign *c);
void plan_free(struct campaign *c);

// --- verdict.c ---

#define VERDICT_STOP 0x100u  // came to this stop instead
#define VERDICT_STATE 0x200u // a state that is neither before nor after
#define VERDICT_LOST 0x300u  // nothing in time, QEMU ended

// Find the references, with a machine that is on.  False, with a sentence
// printed: the uncut images are not what they should be.
bool verdict_references(struct campaign *c, struct engine *e);

u32 verdict_of(const struct campaign *c, struct engine *e, int at);
// A sentence if an image cut there must not have become this, or NULL.
const char *verdict_wrong(const struct campaign *c, u64 event, u32 verdict,
                          struct engine *e);
// The image and what became of it are checked; a save, a shutdown, a boot, and
// checked again.  NULL or a sentence.
const char *verdict_used(const struct campaign *c, const struct crash *image,
                         u32 verdict, struct engine *e);

#endif

// real_memory.h -- resource real memory: chains of page frames
//
// Paper 002, 1.2 M2.  One of the four kinds that make up virtual kernel spaces:
// its table is a bootstrap table and is usable before the gate is.
//
//   CREATE name, pages, MEMORY_...   DELETE
//
// Invariants, tested by real_memory_check() under the same number:
//   F1  every frame word's chain ends, and no frame is on two chains
//   F2  the free chain has as many frames as the head says
//   F3  a real memory's chain has as many frames as its entry says
//   F4  fixed frames are on no chain
#ifndef RESOURCES_REAL_MEMORY_H
#define RESOURCES_REAL_MEMORY_H

#include "tender/gate.h"
#include "tender/layout.h"

struct real_memory {
    struct gate *gate; // NULL before there is one
    struct real_memory_head *head;
    u32 *frame; // frame words, by frame number
    // Called when fewer than so many frames are free, to free more if it can;
    // NULL: nobody can.
    void (*reclaim)(void *state, u32 frames);
    void *reclaim_state;
};

// What MEMORY_SPARE leaves for the kernel when more can be had by paging out.
#define MEMORY_RESERVE 32u

// Find the parts of a table in memory.
void real_memory_attach(struct real_memory *rm, void *table,
                        const struct limits *limits);

// Cold start: make zeroed memory the table; every frame of
// [first_frame, end_frame) is free, all others are fixed.
void real_memory_init(struct real_memory *rm, void *table,
                      const struct limits *limits, const struct layout *layout);

void real_memory_register(struct real_memory *rm, struct gate *gate);

// 0 if pages frames are free for so many real memories, else the error.  May
// page out what programs have.
int real_memory_check_room(struct real_memory *rm, u32 memories, u32 pages);

// Take frames; the contents are what they were.  -> id or an error.
int real_memory_create(struct real_memory *rm, rid owner, u32 pages);

// One without frames: for extending.
int real_memory_create_empty(struct real_memory *rm, rid owner);

// One more frame at the end of a chain -> its number, or E_MEMORY.
int real_memory_extend(struct real_memory *rm, rid id);

// Free some frames of a chain: all that were marked before.
void real_memory_mark(struct real_memory *rm, u32 frame);
void real_memory_shed(struct real_memory *rm, rid id);

void real_memory_delete(struct real_memory *rm, rid id);

// The first frame of a real memory, and the one after a frame (0 at the end).
u32 real_memory_first(const struct real_memory *rm, rid id);
u32 real_memory_next(const struct real_memory *rm, u32 frame);

// The first broken invariant as a sentence, or NULL.  scratch: a byte for each
// frame of the machine, zeroed; afterwards 1 for each frame on a chain.
const char *
real_memory_check(const struct real_memory *rm, const struct limits *limits,
                  const struct layout *layout, u8 *scratch);

#endif

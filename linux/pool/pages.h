// pages.h -- the page pool: where everything of Linux programs lies
//
// Chunks of 256 pages, each a virtual kernel space and so a plate. Page 0 of a
// chunk counts the references of the others. A page is known by its number,
// which stays the same over power cuts.
#ifndef LINUX_PAGES_H
#define LINUX_PAGES_H

#include "tender/gate.h"
#include "vspace/vspace.h"

#define CHUNK_PAGES 256u
#define CHUNK_ROOM (CHUNK_PAGES - 1)
#define CHUNKS_MAX 704u

#define PAGES_GRANULE_SHIFT                                                    \
    20 // a chunk's bytes: two never begin in one granule

#define PAGES_SPARE 64u  // pages that files never take, at least
#define PAGES_TABLES 64u // frames the pool leaves for page tables

typedef u32 page_no; // chunk * CHUNK_PAGES + index; 0 = none

struct chunk {
    rid space; // RID_NONE: there is none
    u32 va;
    u32 free;
    u32 hint; // no page below it is free
};

struct pages {
    struct gate *gate;
    struct vspaces *vs;
    u32 high;                  // chunks at or above it were never there
    u32 hint;                  // no chunk below it has a free page
    u32 used;                  // pages with a reference
    u32 room;                  // pages of all chunks
    u32 empty;                 // chunks without a used page: one at most
    u32 to_come, counted_free; // room.c: a count, and for how many free frames
    // How many frames must stay free beside the pool and page tables (the save
    // areas a save will want); NULL: none. copies: save-area pages for each page of the pool.
    u32 (*reserve)(void *state);
    void *reserve_state;
    u32 copies;
    u16 at
        [1024]; // by granule of the kernel window: chunk that begins there, + 1
    struct chunk chunk[CHUNKS_MAX];
};

void pages_init(struct pages *p, struct gate *gate, struct vspaces *vs);

// A page with one reference, all zeros; 0 if there is no memory.
page_no pages_new(struct pages *p);
// The same for the data of files, which may not have everything.
page_no pages_new_file(struct pages *p);
// As pages_new(), its contents being anything: the caller writes all of it.
page_no pages_new_raw(struct pages *p);

void pages_hold(struct pages *p, page_no n);
// The last one frees it; a chunk without pages is deleted, except one.
void pages_drop(struct pages *p, page_no n);
u32 pages_refs(const struct pages *p, page_no n);

// Where the kernel sees it. Writing there is noticed by a save.
void *pages_at(const struct pages *p, page_no n);

// The page an address of the kernel's lies in; it must be one of the pool.
page_no pages_number(const struct pages *p, const void *at);

// How many frames must stay free for the next save, whoever wants one.
u32 pages_reserve(const struct pages *p);
// Whether a program may have so many frames that are not the pool's.
int pages_leave(const struct pages *p, u32 frames);

// --- room.c ---

// Is there memory for so many chunks? It must leave what a save will want for
// them and for everything else: otherwise programs could eat the memory their
// own saving needs.
int pages_fit(const struct pages *p, u32 chunks);
// How many pages can be had; by files.
u32 pages_left(struct pages *p);
u32 pages_left_files(struct pages *p);
// May files have one more?
int pages_room_files(struct pages *p);

// --- pages.c ---

// Its page frame, for a program's page table.
u32 pages_frame(const struct pages *p, page_no n);

// It was written through a program's mapping: a save is to see it.
void pages_dirty(struct pages *p, page_no n);

// The first broken invariant as a sentence, or NULL.
const char *pages_check(const struct pages *p);

#endif

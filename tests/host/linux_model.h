// linux_model.h -- what a pool of Linux programs has in each version
//
// Shared by what changes the pool (linux_world.c) and what looks at it
// (linux_wrong.c).
#ifndef HOST_LINUX_MODEL_H
#define HOST_LINUX_MODEL_H

#include "linux_world.h"

#define LOOSE 24u
#define BALLAST (2 * CHUNK_PAGES + 40)
#define OWN 8u   // pages of the private area that are used
#define BOTH 4u  // of the shared one
#define FIRST 1u // the version it is made in

// In a virtual kernel space of its own.
struct world {
    struct linux linux;
    struct executions executions; // none runs
    struct table tasks;           // none is in it
    struct inode *file;
    struct memory *parent, *child;
    page_no loose[LOOSE];
    page_no ballast[BALLAST];
};

extern struct world *world;

// Its words, seen by the tracer.
struct pages *world_pool(void);
struct memory *world_parent(void);
struct memory *world_child(void); // NULL: there is none
struct inode *world_file(void);

// Where the used word of a page lies.
u32 own_at(u32 page);
u32 both_at(u32 page);
u32 *loose_at(u32 i, page_no page);

// What the program there reads.
u32 program_load(struct memory *m, u32 va);

// --- linux_model.c ---

// Loose pages come in one version, are written in some, and go two later.
int loose_is(u32 i, u32 version);
int loose_is_written(u32 i, u32 version);
u32 loose_refs(u32 i, u32 version);
u32 loose_word(u32 i, u32 version);

// The child is forked in every third version and lives for two.
int has_child(u32 version);

// Which private pages are written, what they hold, and how often they are held.
int parent_writes(u32 page, u32 version);
int child_writes(u32 page, u32 version);
u32 parent_word(u32 page, u32 version);
u32 child_word(u32 page, u32 version);
u32 own_refs(u32 page, u32 version);

// The page of the file that both have mapped that is written, and all of them.
u32 both_written(u32 version);
u32 both_word(u32 page, u32 version);

#endif

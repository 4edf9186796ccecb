// pooled.h -- a machine with plates, and on it the pool of Linux programs
//
// Only what linux/pages, heap and memory need; files are the test's own
// (inode_hold() and the like are in pooled_files.h, for who includes it).
#ifndef HOST_POOLED_H
#define HOST_POOLED_H

#include "fake.h"
#include "linux/linux.h"
#include "plate/restore.h"
#include "resources/system.h"

struct pooled {
    struct bootstrap boot;
    struct gate gate;
    struct layout layout;
    struct spaces vu;
    struct system system;
    struct executions executions; // none, unless a test makes some
};

extern struct pooled pooled;
extern struct linux lx;

// A suite's open() and close(): a machine without address spaces.
void pooled_open(void);
void pooled_close(void);

// The first thing wrong with the pool, the address spaces, or their page
// tables; the test fails then.
void pooled_ck(void);

// Nothing is used any more.
void pooled_ck_empty(void);

u32 pooled_free_pages(void);

// Take all real memory but so many frames; and give it back.
void pooled_starve(u32 leave);
void pooled_feed(void);

#endif

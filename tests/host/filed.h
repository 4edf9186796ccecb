// filed.h -- a Linux task with a tree of files, and nothing else of Linux
//
// Included by one file of a test program. The task's memory is the kernel's: the
// strings and buffers of calls lie in pages of the pool. What files ask of the
// rest of Linux is answered here.
#ifndef HOST_FILED_H
#define HOST_FILED_H

#include <stdlib.h>
#include <string.h>

#include "linux/calls.h"
#include "linux/stream/epoll.h"
#include "linux/errno.h"
#include "linux/stream/pipe.h"
#include "linux/file/tree.h"
#include "pooled.h"
#include "suite.h"

#define ROOM_PAGES 40u // of the task's memory, not contiguous

static struct {
    struct task *task;
    page_no room[ROOM_PAGES];
    u32 pages, objects;         // in use before the test
    u64 clock;                  // microseconds; every look adds one
    int (*while_waiting)(void); // 1: woken; else the wait is interrupted
    u32 waits;
} filed;

// --- what files ask of the rest ---

u64
linux_real_us(const struct linux *l)
{
    (void)l;
    return ++filed.clock;
}

u32
linux_random(struct linux *l)
{
    (void)l;
    return 4;
}

int
task_wait(struct task *t, const void *channel, u64 us)
{
    (void)t, (void)channel, (void)us;
    filed.waits++;
    return filed.while_waiting != NULL && filed.while_waiting() ? 0 : -ERESTART;
}

// A rest: others may act (filed.while_waiting); the clock goes on.
int
task_wait_killable(struct task *t, const void *channel, u64 us)
{
    (void)channel, (void)us;
    filed.waits++;
    if (t->ending)
        return -EINTR;
    if (filed.while_waiting != NULL)
        filed.while_waiting();
    return 0;
}

int
signal_pending(const struct task *t)
{
    return (t->pending & ~t->blocked) != 0;
}

int
signal_kills(const struct task *t)
{
    return (t->pending & SIGNAL_BIT(SIGKILL)) != 0;
}

void
task_wake(struct linux *l, const void *channel, u32 most)
{
    (void)l, (void)channel, (void)most;
}

// limits.c and busy.c ask tasks, which there are none of.
u32
limit_descriptors(const struct linux *l)
{
    (void)l;
    return DESCRIPTORS_MAX;
}

int
limit_size(struct task *t, u64 at, u32 *bytes)
{
    (void)t, (void)at, (void)bytes;
    return 0;
}

int
file_executed(const struct linux *l, const struct inode *inode)
{
    (void)l, (void)inode;
    return 0;
}

void
epoll_forget(struct file *f)
{
    (void)f;
}

const struct file_ops pipe_ops, null_ops;

const struct file_ops *
device_ops(u32 rdev)
{
    return rdev == DEVICE(1, 3) ? &null_ops : NULL;
}

int
proc_make(struct linux *l, struct inode **root)
{
    (void)l, (void)root;
    return -ENOSYS;
}

// --- the task ---

static char *
room(u32 n)
{
    return pages_at(&lx.pages, filed.room[n]);
}

// The address of a page of the task's memory, as an argument.
static inline u32
at(u32 n)
{
    return (u32)(word)room(n);
}

// A string as an argument, in page n.
static inline u32
text(u32 n, const char *string)
{
    strcpy(room(n), string);
    return at(n);
}

#define CALL6(name, a, b, c, d, e, f)                                          \
    sys_##name(filed.task, (const u32[6]){(u32)(a), (u32)(b), (u32)(c),        \
                                          (u32)(d), (u32)(e), (u32)(f)})
#define CALL4(name, a, b, c, d) CALL6(name, a, b, c, d, 0, 0)
#define CALL3(name, a, b, c) CALL6(name, a, b, c, 0, 0, 0)
#define CALL2(name, a, b) CALL6(name, a, b, 0, 0, 0, 0)
#define CALL1(name, a) CALL6(name, a, 0, 0, 0, 0, 0)

static struct place *
make_place(struct inode *root)
{
    struct place *place = heap_new(&lx.heap, sizeof(*place));

    place->refs = 1;
    place->root = place->cwd = root;
    inode_hold(root);
    inode_hold(root);
    return place;
}

static struct task *
make_task(void)
{
    struct task *t = calloc(1, sizeof(*t));

    t->linux = &lx;
    t->files = files_new(&lx);
    t->pid = t->tid = 7;
    t->place = make_place(lx.root);
    return t;
}

static void
filed_open(void)
{
    memset(&filed, 0, sizeof(filed));
    pooled_open();
    filed.clock = 1000000000ull * 1000000;
    ck_assert_int_eq(tree_make(&lx, &lx.root), 0);
    filed.task = make_task();
    for (u32 i = 0; i < ROOM_PAGES; i++)
        ck_assert_uint_ne(filed.room[i] = pages_new(&lx.pages), 0);
    filed.pages = lx.pages.used;
    filed.objects = lx.heap.used;
}

// Nothing more is used than at the start.
static inline void
filed_ck_empty(void)
{
    ck_assert_uint_eq(lx.heap.used, filed.objects);
    ck_assert_uint_eq(lx.pages.used, filed.pages);
    ck_assert_uint_eq(entry_count(lx.root), 0);
    pooled_ck();
}

static void
filed_close(void)
{
    free(filed.task);
    pooled_close();
}

#endif

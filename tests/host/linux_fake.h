// linux_fake.h -- one Linux task without the rest of the kernel around it
//
// Included by one file of a test program. What the tested files ask of tasks,
// signals and memory is answered here: a wait lets the test act (while_waiting),
// passes time, or is interrupted by a signal.
#ifndef HOST_LINUX_FAKE_H
#define HOST_LINUX_FAKE_H

#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "linux/errno.h"
#include "linux/linux.h"
#include "suite.h"

#define USER_AT 0x1000u // where the program's memory begins
#define USER_BYTES 0x40000u

static struct {
    struct linux *linux;
    struct console console;
    struct task *task;
    struct task *tasks[4]; // that task_next() knows; the first is task
    struct handlers handlers;
    char user[USER_BYTES];
    char screen[65536];
    u32 screen_bytes;
    int (*while_waiting)(void);  // 1: something happened
    void (*while_copying)(void); // another thread, at the next copy; once
    u32 waits;
    u32 signal, signal_group; // the newest one, and how many
    u32 signals;
    int pending;  // a signal that ends waits
    int orphaned; // what all groups are
    u32 pages;    // of the pool, in use
} world;

// The pool: page n is pool[n]; the first is never given.
static u8 pool[40][PAGE_SIZE];
static u8 pool_used[40]; // how often each is held

// --- what the tested files call ---

int task_wait(struct task *t, const void *channel, u64 us);

int
task_wait(struct task *t, const void *channel, u64 us)
{
    (void)t, (void)channel;
    world.waits++;
    if (world.pending)
        return -ERESTART;
    if (world.while_waiting != NULL && world.while_waiting())
        return 0;
    if (us == 0)
        return -ERESTART;
    fake.now_us += us;
    return -ETIMEDOUT;
}

int
task_wait_killable(struct task *t, const void *channel, u64 us)
{
    return task_wait(t, channel, us);
}

int
signal_kills(const struct task *t)
{
    (void)t;
    return 0;
}

void
task_wake(struct linux *l, const void *channel, u32 most)
{
    (void)l, (void)channel, (void)most;
}

struct task *
task_next(const struct linux *l, u32 *index)
{
    (void)l;
    return *index < 4 ? world.tasks[(*index)++] : NULL;
}

int
task_group_orphaned(const struct linux *l, u32 group)
{
    (void)l, (void)group;
    return world.orphaned;
}

int
signal_pending(const struct task *t)
{
    (void)t;
    return world.pending;
}

static int
note_signal(u32 group, u32 number)
{
    world.signals++;
    world.signal = number;
    world.signal_group = group;
    return 1;
}

int
signal_group(struct linux *l, u32 group, u32 number,
             const struct signal_info *info)
{
    (void)l, (void)info;
    return note_signal(group, number);
}

int
signal_task(struct task *t, u32 number, const struct signal_info *info)
{
    (void)info;
    note_signal(t->group, number);
    return 0;
}

void
signal_block(struct task *t, u64 blocked)
{
    t->blocked = blocked;
}

static int
is_user(u32 at, u32 bytes)
{
    return at >= USER_AT && at - USER_AT <= USER_BYTES &&
           bytes <= USER_BYTES - (at - USER_AT);
}

static void
copy_waits(void)
{
    void (*act)(void) = world.while_copying;

    world.while_copying = NULL;
    if (act != NULL)
        act();
}

int
memory_in(struct memory *m, void *to, u32 from, u32 bytes)
{
    (void)m;
    if (!is_user(from, bytes))
        return -EFAULT;
    copy_waits();
    memcpy(to, world.user + (from - USER_AT), bytes);
    return 0;
}

int
memory_out(struct memory *m, u32 to, const void *from, u32 bytes)
{
    (void)m;
    if (!is_user(to, bytes))
        return -EFAULT;
    copy_waits();
    memcpy(world.user + (to - USER_AT), from, bytes);
    return 0;
}

void *
heap_new(struct heap *h, u32 bytes)
{
    (void)h;
    ck_assert_uint_le(bytes, 2048);
    return calloc(1, bytes);
}

void
heap_free(struct heap *h, void *object, u32 bytes)
{
    (void)h, (void)bytes;
    free(object);
}

page_no
pages_new_raw(struct pages *p)
{
    (void)p;
    for (page_no n = 1; n < 40; n++)
        if (!pool_used[n]) {
            pool_used[n] = 1;
            world.pages++;
            return n;
        }
    return 0;
}

void
pages_hold(struct pages *p, page_no n)
{
    (void)p;
    ck_assert(pool_used[n]);
    pool_used[n]++;
}

void
pages_drop(struct pages *p, page_no n)
{
    (void)p;
    ck_assert(pool_used[n]);
    if (--pool_used[n] == 0)
        world.pages--;
}

void *
pages_at(const struct pages *p, page_no n)
{
    (void)p;
    ck_assert(pool_used[n]);
    return pool[n];
}

u32 pages_left(struct pages *p);

u32
pages_left(struct pages *p)
{
    (void)p;
    return (u32)ARRAY_LEN(pool) - 1 - world.pages;
}

// --- the world ---

static void
put_screen(void *state, const char *text, u32 length)
{
    (void)state;
    ck_assert_uint_lt(world.screen_bytes + length, sizeof(world.screen));
    memcpy(world.screen + world.screen_bytes, text, length);
    world.screen_bytes += length;
    world.screen[world.screen_bytes] = 0;
}

static const struct console_driver screen_driver = {NULL, put_screen};

static void
world_open(void)
{
    memset(&world, 0, sizeof(world));
    memset(pool_used, 0, sizeof(pool_used));
    world.linux = calloc(1, sizeof(*world.linux));
    world.console.driver = &screen_driver;
    world.linux->console = &world.console;
    world.task = calloc(1, sizeof(*world.task));
    world.tasks[0] = world.task;
    world.task->linux = world.linux;
    world.task->pid = world.task->tid = 10;
    world.task->group = world.task->session = 10;
    world.task->state = TASK_RUNNING;
    world.task->handlers = &world.handlers;
    // Its address is never looked at, but NULL would mean the kernel's memory.
    world.task->memory = (struct memory *)world.user;
}

static void
world_close(void)
{
    free(world.task);
    free(world.linux);
}

#endif

// small.h -- a whole kernel on the fake machine, with programs that are C
//
// All kinds as boot/wiring.c puts them together, but without plates.  The disk
// is an image of mke2fs behind a driver that takes its time.  A program is a
// function of the test: it is started by creating a process of a real ELF
// file, and speaks to the kernel by sys() only.  Its memory is the process's.
#ifndef HOST_SMALL_H
#define HOST_SMALL_H

#include "fake.h"
#include "plate/restore.h"
#include "resources/console.h"
#include "resources/disk.h"
#include "resources/event.h"
#include "resources/execution.h"
#include "resources/message.h"
#include "resources/process.h"
#include "resources/timer.h"

struct small {
    struct gate gate;
    struct layout layout;
    struct bootstrap boot;
    struct spaces vu;
    struct executions executions;
    struct processes processes;
    struct events events;
    struct messages messages;
    struct timers timers;
    struct console console;
    struct disk disk;
    // A program: what a process of the file /bin/NAME does.
    void (*program)(const char *name);
    void (*idle)(void); // called in every round of idle; may be NULL
    u32 idle_rounds;
    struct replacement vspace_delete;
    u64 tick_us; // of the newest tick
    char output[65536];
    u32 output_bytes;
    u32 transfer;       // in flight: ticks it still takes
    u32 transfer_ticks; // how many one takes
    u32 transfer_fails;
};

extern struct small small;

// Start over: a machine without processes.
void small_open(void);
void small_close(void);

// Start /bin/NAME without a parent, and run until small_end() is called or
// nothing has happened for long.  Fails the test if the kernel panics.
void small_run(const char *name);
_Noreturn void small_end(void);

// --- what a program may do ---

int sys(u32 op, rid target, word a0, word a1, word a2, word a3);
rid self(void);
_Noreturn void quit(int exit_code);

// Compute for some time; a tick comes every 10 ms.
void spin_ms(u32 ms);
int sleep_ms(u32 ms);

// Start another program with no arguments.
int spawn(const char *name, u32 flags);
int wait_for(rid process);

// The program's scratch memory: 4 KiB.
#define SCRATCH (PROCESS_STACK_TOP - PROCESS_STACK_PAGES * PAGE_SIZE)
void put_user(u32 va, const void *from, u32 bytes);
void get_user(void *to, u32 va, u32 bytes);
u32 put_text(u32 va, const char *text); // -> va

// Ends the test unless x is so.
#define EXPECT(x)                                                              \
    ((x) ? (void)0 : fake_fail("line %d: not so: %s", __LINE__, #x))

// The same with a sentence of its own.
void expect(int condition, const char *sentence);

int is(const char *name, const char *other);

// --- what a test may ask ---

// How many resources there are, and free pages: equal before and after
// something that must not leak.
struct tally {
    u32 used[KINDS];
    u32 free_pages;
};
struct tally small_tally(void);
int small_same(const struct tally *a, const struct tally *b);

#endif

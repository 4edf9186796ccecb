// small.c -- a whole kernel on the fake machine, with programs that are C
#include "small.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "plate/cold.h"
#include "small_disk.h"
#include "threads.h"
#include "vspace/vkspace.h"
#include "vspace/vuspace.h"

#define PAGES 4096u
#define IDLE_ROUNDS 3000u // half a minute in which nobody ends the test
#define PARTITION 2048u   // sector

static const struct limits limits = {
    .real_memories = 900,
    .regions = 800,
    .vspaces = 80,
    .vkspaces = 200,
    .plates = 8,
    .data_pages = 1,
};

struct small small;
static int ending;

// --- the machine ---

static void
put(void *state, const char *text, u32 length)
{
    (void)state;
    if (small.output_bytes + length >= sizeof(small.output))
        fake_fail("too much output");
    memcpy(small.output + small.output_bytes, text, length);
    small.output_bytes += length;
    small.output[small.output_bytes] = 0;
}

static const struct console_driver console_driver = {NULL, put};

static void
tick(void)
{
    small.tick_us = fake.now_us;
    if (small.transfer > 0 && --small.transfer == 0)
        disk_interrupt(&small.disk);
    timer_tick(&small.timers);
    execution_tick(&small.executions);
}

// The end of every trap.
static void
back_to_user(void)
{
    const char *wrong = execution_check(&small.executions);

    if (wrong != NULL)
        fake_fail("%s", wrong);
    execution_preempt(&small.executions);
}

static void
start(void)
{
    if (small.executions.current == RID_NONE)
        for (;;) {
            if (small.idle_rounds++ > IDLE_ROUNDS)
                fake_fail("nobody runs any more");
            if (small.idle != NULL)
                small.idle();
            fake.now_us += 10000;
            tick();
            back_to_user();
        }
    const struct res *res = gate_entry(&small.gate, self());
    char name[NAME_MAX];

    if (res == NULL)
        fake_fail("an execution without a process");
    memcpy(name, res->name + strlen("process/"), NAME_MAX - 8);
    *strchr(name, '.') = 0;
    small.program(name);
    quit(0);
}

// --- putting it together ---

static void *
table_memory(u32 bytes)
{
    u32 va = 0;
    int id = gate_create(&small.gate, KIND_VKSPACE, NULL, PAGES_OF(bytes),
                         SPACE_WRITABLE, 0, 0);

    ck_assert_int_gt(id, 0);
    gate_control(&small.gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    return kernel_at(va);
}

// A virtual space must not go while the processor uses it.
static int
delete_vspace(void *state, struct call *call)
{
    const struct vspace_entry *e = vspace_get(state, call->target);

    if (e->page_directory == fake.cr3)
        fake_fail("the current virtual space is deleted");
    return small.vspace_delete.program(small.vspace_delete.state, call);
}

#define START(kind, name)                                                      \
    kind##_init(&small.name, &small.gate, table_memory(kind##_bytes()),        \
                kind##_bytes())

static void
put_together(void *arg)
{
    static const u32 window[256];
    struct bootstrap *b = &small.boot;

    (void)arg;
    cold_start(b, &small.layout, &limits, 1, window);
    machine_load_space(small.layout.kernel_directory_pa);
    gate_init(&small.gate);
    real_memory_register(&b->rm, &small.gate);
    region_register(&b->regions, &small.gate);
    vkspace_register(&b->vk, &small.gate);
    vspace_register(&b->vs, &small.gate, &small.vu);
    small.vspace_delete =
        gate_replace(&small.gate, KIND_VSPACE, OP_DELETE,
                     (struct replacement){delete_vspace, &b->vs});
    vuspace_init(&small.vu, table_memory(vuspace_bytes()), &b->vs, &b->regions,
                 &b->rm);
    vuspace_register(&small.vu, &small.gate);
    START(event, events);
    START(message, messages);
    START(timer, timers);
    START(execution, executions);
    START(process, processes);
    START(disk, disk);
    console_init(&small.console, &small.gate, NULL, 0);
    console_attach(&small.console, &console_driver);
    disk_attach(&small.disk, small_disk());
}

void
small_open(void)
{
    memset(&small, 0, sizeof(small));
    small.transfer_ticks = 1;
    ending = 0;
    fake_open(PAGES);
    threads_open(start);
    ck_assert_int_eq(layout_compute(&small.layout, PAGES, PAGES, &limits), 0);
    if (fake_run(put_together, NULL) != FAKE_RETURNED)
        ck_abort_msg("%s", fake.sentence);
}

void
small_close(void)
{
    fake_close();
}

static void
run(void *arg)
{
    const char *name = arg;
    char path[NAME_MAX];

    snprintf(path, sizeof(path), "/bin/%s", name);
    int id = gate_create(&small.gate, KIND_PROCESS, path, 0, 0, 0, 0);

    if (id < 0)
        fake_fail("%s cannot be started: %s", path, error_sentence(id));
    execution_begin(&small.executions);
}

void
small_run(const char *name)
{
    enum fake_end end = fake_run(run, (void *)(word)name);

    if (end != FAKE_STOPPED || !ending)
        ck_abort_msg("%s", fake.sentence);
}

_Noreturn void
small_end(void)
{
    ending = 1;
    machine_stop(STOP_OFF);
}

// --- programs ---

int
sys(u32 op, rid target, word a0, word a1, word a2, word a3)
{
    struct call call = {self(), target, op, {a0, a1, a2, a3, 0}};
    rid execution = small.executions.current;
    int result;

    fake.now_us += 20;
    result = gate_call(&small.gate, &call);
    if (fake.now_us - small.tick_us >= 10000)
        tick();
    back_to_user();
    if (small.executions.current != execution)
        fake_fail("an execution runs that is not current");
    return result;
}

rid
self(void)
{
    return execution_process(&small.executions);
}

void
quit(int exit_code)
{
    sys(OP_CONTROL, KIND_ID(KIND_PROCESS), PROCESS_EXIT, (word)exit_code, 0, 0);
    fake_fail("a process goes on after its end");
}

void
spin_ms(u32 ms)
{
    for (u32 done = 0; done < ms; done += 10) {
        fake.now_us += 10000;
        tick();
        back_to_user();
    }
}

int
sleep_ms(u32 ms)
{
    return sys(OP_CONTROL, KIND_ID(KIND_EXECUTION), EXECUTION_SLEEP, ms, 0, 0);
}

int
spawn(const char *name, u32 flags)
{
    char path[NAME_MAX];

    snprintf(path, sizeof(path), "/bin/%s", name);
    return sys(OP_CREATE, KIND_ID(KIND_PROCESS), put_text(SCRATCH, path), 0, 0,
               flags);
}

int
wait_for(rid process)
{
    return sys(OP_CONTROL, process, PROCESS_WAIT, 0, 0, 0);
}

void
put_user(u32 va, const void *from, u32 bytes)
{
    if (vuspace_copy_out(&small.vu, self(), va, from, bytes) < 0)
        fake_fail("a program cannot write its own memory");
}

void
get_user(void *to, u32 va, u32 bytes)
{
    if (vuspace_copy_in(&small.vu, self(), to, va, bytes) < 0)
        fake_fail("a program cannot read its own memory");
}

u32
put_text(u32 va, const char *text)
{
    put_user(va, text, (u32)strlen(text) + 1);
    return va;
}

int
is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

// --- leaks ---

struct tally
small_tally(void)
{
    struct tally tally;

    for (u32 i = 0; i < KINDS; i++)
        tally.used[i] = small.gate.kind[i].table == NULL
                            ? 0
                            : small.gate.kind[i].table->used;
    tally.free_pages = small.boot.rm.head->free;
    return tally;
}

int
small_same(const struct tally *a, const struct tally *b)
{
    int same = a->free_pages == b->free_pages;

    for (u32 i = 0; i < KINDS; i++)
        if (a->used[i] != b->used[i]) {
            fprintf(stderr, "%s: %u, then %u\n", small.gate.kind[i].name,
                    a->used[i], b->used[i]);
            same = 0;
        }
    if (a->free_pages != b->free_pages)
        fprintf(stderr, "free pages: %u, then %u\n", a->free_pages,
                b->free_pages);
    return same;
}

void
expect(int condition, const char *sentence)
{
    if (!condition)
        fake_fail("not so: %s", sentence);
}

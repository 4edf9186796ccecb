// wiring.c -- all kinds, all doors, all drivers of the real kernel
#include "boot/kernel.h"
#include "plate/door.h"
#include "plate/enable.h"
#include "plate/status.h"
#include "tender/text.h"
#include "vspace/vkspace.h"
#include "vspace/vuspace.h"

struct kernel kernel;

// --- doors ---

static void
door_status(void *state, struct system_status *status)
{
    status_fill(state, status);
    status->kernel_pages += (u32)(scratch_end - kernel_text_start) / PAGE_SIZE;
    status->disk_present = kernel.disk.driver != NULL;
}

static void
put_console(void *state, const char *text, u32 length)
{
    (void)state;
    machine_put(text, length);
}

static void
input(void *state, int c)
{
    (void)state;
    gate_control(&kernel.gate, KIND_ID(KIND_CONSOLE), CONSOLE_INPUT, (word)c, 0,
                 0);
}

static void
tick(void *state)
{
    (void)state;
    timer_tick(&kernel.timers);
    execution_tick(&kernel.executions);
    linux_tick(&kernel.linux);
}

static void
transfer_ended(void *state)
{
    (void)state;
    disk_interrupt(&kernel.disk);
}

static void
process_ended(void *state, rid process, int exit_code)
{
    (void)state;
    if (exit_code != 0)
        say("tender: process 0x%x, which had no parent, ended with %d\n",
            process, exit_code);
}

// A Linux task's memory is known by its areas, not by its page tables.
static int
user_in(void *state, rid process, void *to, u32 from, u32 bytes)
{
    if (rid_kind(process) != KIND_LINUX)
        return vuspace_copy_in(state, process, to, from, bytes);
    const struct task *t = task_get(&kernel.linux, process);

    return t == NULL || memory_in(t->memory, to, from, bytes) < 0 ? E_POINTER
                                                                  : 0;
}

static int
user_out(void *state, rid process, u32 to, const void *from, u32 bytes)
{
    if (rid_kind(process) != KIND_LINUX)
        return vuspace_copy_out(state, process, to, from, bytes);
    const struct task *t = task_get(&kernel.linux, process);

    return t == NULL || memory_out(t->memory, to, from, bytes) < 0 ? E_POINTER
                                                                   : 0;
}

// --- the kinds ---

// The bootstrap kinds: their tables exist, now at their own addresses.
static void
start_bootstrap_kinds(u32 build)
{
    struct kernel *k = &kernel;
    const u32 *va = k->layout.table_va;

    real_memory_attach(&k->rm, kernel_at(va[TABLE_REAL_MEMORY]), &k->limits);
    region_attach_table(&k->regions, kernel_at(va[TABLE_REGION]));
    vspace_attach_table(&k->vs, kernel_at(va[TABLE_VSPACE]), &k->rm,
                        &k->layout);
    space_attach_table(&k->vk, kernel_at(va[TABLE_VKSPACE]), &k->vs,
                       &k->regions, &k->rm);
    plate_attach_table(&k->plates, kernel_at(va[TABLE_PLATE]), &k->limits);
    k->plates.layout = &k->layout;
    k->plates.rm = &k->rm;
    k->plates.regions = &k->regions;
    k->plates.vs = &k->vs;
    k->plates.vk = &k->vk;
    k->plates.vu = &k->vu;
    k->plates.build = build;
    real_memory_register(&k->rm, &k->gate);
    region_register(&k->regions, &k->gate);
    vkspace_register(&k->vk, &k->gate);
    vspace_register(&k->vs, &k->gate, &k->vu);
    plate_register(&k->plates, &k->gate);
}

// Permanent units are a bootstrap kind with plate=disk only.
static void
start_disk_store(struct disk_store *disk)
{
    struct kernel *k = &kernel;

    punit_attach(&k->punits, kernel_at(k->layout.table_va[TABLE_PUNIT]),
                 &k->limits);
    k->punits.head->room = disk_room(disk);
    punit_register(&k->punits, &k->gate);
    k->plates.store = &plate_store_disk;
    k->plates.punits = &k->punits;
    k->plates.disk = disk;
}

// Memory for a management table: a virtual kernel space of its own.
static void *
table_memory(const char *name, u32 bytes)
{
    u32 va = 0;
    int id = gate_create(&kernel.gate, KIND_VKSPACE, name, PAGES_OF(bytes),
                         SPACE_WRITABLE, 0, 0);

    if (id < 0)
        PANIC("there is no memory for the management tables");
    gate_control(&kernel.gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    return kernel_at(va);
}

#define START(kind, name)                                                      \
    kind##_init(&kernel.name, &kernel.gate,                                    \
                table_memory("table/" #kind, kind##_bytes()), kind##_bytes())

static void
start_kinds(void)
{
    struct kernel *k = &kernel;

    vuspace_init(&k->vu, table_memory("table/vuspace", vuspace_bytes()), &k->vs,
                 &k->regions, &k->rm);
    vuspace_register(&k->vu, &k->gate);
    system_init(&k->system, &k->gate);
    door_open(&k->system, &k->plates);
    k->system.plates.status = door_status;
    START(device, devices);
    START(event, events);
    START(message, messages);
    START(timer, timers);
    START(execution, executions);
    START(process, processes);
    START(disk, disk);
    console_init(&k->console, &k->gate, NULL, 0);
    k->console_driver = (struct console_driver){NULL, put_console};
    console_attach(&k->console, &k->console_driver);
    k->processes.ended = process_ended;
}

// What a save needs beside the plates: what Linux programs wrote, and memory for
// the copies of what is new.
static void
gather(void *state)
{
    memory_gather(state);
}

static u32
reserve(void *state)
{
    return plate_reserve(state);
}

static void
start_linux(void)
{
    struct kernel *k = &kernel;

    k->linux.vs = &k->vs;
    k->linux.executions = &k->executions;
    k->linux.disk = &k->disk;
    k->linux.console = &k->console;
    START(linux, linux);
    k->plates.gather = gather;
    k->plates.gather_state = &k->linux;
    if (k->plates.store == &plate_store_nv) {
        k->linux.pages.copies = 2;
        k->linux.pages.reserve = reserve;
        k->linux.pages.reserve_state = &k->plates;
    }
    linux_set_real(&k->linux, rtc_us());
    k->gate.user.in = user_in;
    k->gate.user.out = user_out;
}

// Programs may have more memory than there is, with a partition for what is
// paged out.
static void
start_paging(struct vunit_disk *disk)
{
    struct kernel *k = &kernel;
    u32 blocks = vunit_blocks(disk, k->layout.memory_pages);

    vunit_init(&k->vunits, &k->gate,
               table_memory("table/virtual-unit", vunit_bytes(blocks)), blocks,
               disk);
    pager_init(&k->pager, &k->rm, &k->regions, &k->vunits, &k->vs, &k->vk,
               &k->vu);
    k->plates.pager = &k->pager;
    say("tender: paging out: up to %u MiB\n", blocks / 256);
}

// --- the devices ---

static void
start_driver(struct driver *driver)
{
    int id = device_add(&kernel.devices, driver);

    if (id < 0)
        say("tender: device %s: %s\n", driver->name, error_sentence(id));
    else if (driver->irq >= 0)
        pc_irq_enable((u32)driver->irq);
}

static void
start_drivers(void)
{
    start_driver(screen_driver());
    start_driver(pit_driver(tick, NULL));
    start_driver(serial_driver(input, NULL));
    start_driver(keyboard_driver(input, NULL));
    start_driver(ide_driver(transfer_ended, NULL));
    if (ide_disk()->sectors != 0)
        disk_attach(&kernel.disk, ide_disk());
}

void
wiring_start(const struct layout *layout, const struct limits *limits,
             u32 build, struct disk_store *disk, struct vunit_disk *vunits)
{
    kernel.layout = *layout;
    kernel.limits = *limits;
    cpu_init();
    clock_init();
    pc_irq_init();
    gate_init(&kernel.gate);
    start_bootstrap_kinds(build);
    if (kernel.options.plate == PLATE_DISK)
        start_disk_store(disk);
    else if (kernel.options.plate == PLATE_NV)
        kernel.plates.store = &plate_store_nv;
    start_kinds();
    start_linux();
    if (kernel.options.plate == PLATE_DISK && vunits->blocks != 0)
        start_paging(vunits);
    start_drivers();
}

// What of real time passed without the kernel.
static u64
lost_us(u64 real)
{
    u64 known = linux_real_us(&kernel.linux);

    return real > known ? real - known : 0;
}

void
wiring_recover(u32 outcome, u32 save)
{
    struct linux *l = &kernel.linux;

    clock_recover();
    pc_irq_init();
    gate_control(&kernel.gate, KIND_ID(KIND_DEVICE), DEVICE_RECOVER, 0, 0, 0);
    disk_recovered(&kernel.disk);
    execution_restored(&kernel.executions);
    u64 real = rtc_us();
    u64 lost = lost_us(real);

    linux_set_real(l, real);
    linux_restarted(l, outcome, save, lost);
}

// The first program: a native one, or one of the Linux tree.
static int
start_first(const char *path)
{
    u32 bytes = text_length(path) + 1;
    int id =
        gate_create(&kernel.gate, KIND_PROCESS, path, (word)path, bytes, 0, 0);

    if (id == E_FILE || id == E_FORMAT) {
        int task = gate_create(&kernel.gate, KIND_LINUX, path, (word)path,
                               bytes, PROCESS_FOREGROUND, 0);

        if (task != E_FILE)
            return task;
    }
    return id;
}

_Noreturn void
wiring_run(void)
{
    const char *path = kernel.options.run;
    int id = start_first(path);

    if (id < 0)
        say("tender: the first program %s cannot be started: %s; run=/PATH "
            "names another\n",
            path, error_sentence(id));
    if (kernel.options.occ) {
        int plates = enable(&kernel.plates);

        say("tender: continuous-operation control: %s\n",
            plates < 0 ? error_sentence(plates) : "enabled");
    }
    execution_begin(&kernel.executions);
}

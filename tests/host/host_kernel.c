// host_kernel.c -- a small kernel on the fake machine: its wiring and its boot
#include "host_disk.h"

#include "plate/begin.h"
#include "plate/check.h"
#include "plate/cold.h"
#include "plate/door.h"
#include "plate/enable.h"
#include "plate/save.h"
#include "plate/status.h"
#include "tender/text.h"
#include "vspace/pager.h"
#include "vspace/vkspace.h"
#include "vspace/vuspace.h"

// --- seen by the tracer ---

static void *(*volatile traced_copy)(void *, const void *, size_t) = memcpy;

void
peek(void *to, const void *from, u32 bytes)
{
    traced_copy(to, from, bytes);
}

void
poke(void *to, const void *from, u32 bytes)
{
    traced_copy(to, from, bytes);
}

u32
peek_word(const u32 *from)
{
    u32 value;

    traced_copy(&value, from, sizeof(value));
    return value;
}

void
poke_word(u32 *to, u32 value)
{
    traced_copy(to, &value, sizeof(value));
}

static void
poke_pointer(void *to, const void *value)
{
    traced_copy(to, &value, sizeof(value));
}

// --- wiring ---

// With plates in NV memory, and with plates on a disk.
static const struct limits small_limits[2] = {
    {.real_memories = 190,
     .regions = 180,
     .vspaces = 6,
     .vkspaces = 150,
     .plates = 48,
     .data_pages = PAGES_OF(sizeof(struct host_kernel))},
    {.real_memories = 190,
     .regions = 180,
     .vspaces = 6,
     .vkspaces = 150,
     .plates = 48,
     .data_pages = PAGES_OF(sizeof(struct host_kernel)),
     .punits = 48,
     .punit_pages = 1024},
};

u32 kernel_pages = KERNEL_PAGES;
struct disk_store *kernel_disk;
struct vunit_disk *kernel_vunits;

const struct limits *
kernel_limits(void)
{
    return &small_limits[kernel_disk != NULL];
}

const struct layout *
kernel_layout(void)
{
    static struct layout layouts[3];
    struct layout *layout =
        &layouts[(kernel_disk != NULL) + (kernel_vunits != NULL)];
    u32 end = kernel_pages - (kernel_disk != NULL ? DISK_BUFFER_PAGES : 0) -
              (kernel_vunits != NULL ? VUNIT_BUFFER_PAGES : 0);

    if (layout->memory_pages == 0 &&
        layout_compute(layout, kernel_pages, end, kernel_limits()) < 0)
        PANIC("the small kernel does not fit its memory");
    return layout;
}

static void
start_disk_store(void)
{
    struct host_kernel *k = kernel();

    punit_attach(&k->punits, kernel_at(kernel_layout()->table_va[TABLE_PUNIT]),
                 kernel_limits());
    poke_word(&k->punits.head->room, disk_room(kernel_disk));
    poke_pointer(&k->plates.store, &plate_store_disk);
    poke_pointer(&k->plates.punits, &k->punits);
    poke_pointer(&k->plates.disk, kernel_disk);
    punit_register(&k->punits, &k->gate);
}

static void
start_bootstrap_kinds(void)
{
    struct host_kernel *k = kernel();
    const u32 *va = kernel_layout()->table_va;

    real_memory_attach(&k->rm, kernel_at(va[TABLE_REAL_MEMORY]), &k->limits);
    region_attach_table(&k->regions, kernel_at(va[TABLE_REGION]));
    vspace_attach_table(&k->vs, kernel_at(va[TABLE_VSPACE]), &k->rm,
                        &k->layout);
    space_attach_table(&k->vk, kernel_at(va[TABLE_VKSPACE]), &k->vs,
                       &k->regions, &k->rm);
    plate_attach_table(&k->plates, kernel_at(va[TABLE_PLATE]), &k->limits);
    poke_pointer(&k->plates.layout, &k->layout);
    poke_pointer(&k->plates.rm, &k->rm);
    poke_pointer(&k->plates.regions, &k->regions);
    poke_pointer(&k->plates.vs, &k->vs);
    poke_pointer(&k->plates.vk, &k->vk);
    poke_pointer(&k->plates.vu, &k->vu);
    poke_pointer(&k->plates.store, &plate_store_nv);
    poke_word(&k->plates.build, KERNEL_BUILD);
    real_memory_register(&k->rm, &k->gate);
    region_register(&k->regions, &k->gate);
    vkspace_register(&k->vk, &k->gate);
    vspace_register(&k->vs, &k->gate, &k->vu);
    plate_register(&k->plates, &k->gate);
    if (kernel_disk != NULL)
        start_disk_store();
}

static void *
table_memory(const char *name, u32 bytes)
{
    u32 va = 0;
    int id = gate_create(&kernel()->gate, KIND_VKSPACE, name, PAGES_OF(bytes),
                         SPACE_WRITABLE, 0, 0);

    if (id < 0)
        PANIC("there is no memory for a management table");
    gate_control(&kernel()->gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    return kernel_at(va);
}

static void
start_kinds(void)
{
    struct host_kernel *k = kernel();

    vuspace_init(&k->vu, table_memory("table/vuspace", vuspace_bytes()), &k->vs,
                 &k->regions, &k->rm);
    vuspace_register(&k->vu, &k->gate);
    system_init(&k->system, &k->gate);
    door_open(&k->system, &k->plates);
    event_init(&k->events, &k->gate, table_memory("table/event", event_bytes()),
               event_bytes());
    message_init(&k->messages, &k->gate,
                 table_memory("table/message", message_bytes()),
                 message_bytes());
    timer_init(&k->timers, &k->gate, table_memory("table/timer", timer_bytes()),
               timer_bytes());
}

// What boot/wiring.c has in the kernel's data has pages of its own here.
struct paging {
    struct vunits units;
    struct pager pager;
};

static void
start_paging(void)
{
    struct host_kernel *k = kernel();
    struct paging *paging = table_memory("paging", sizeof(*paging));
    u32 blocks = vunit_blocks(kernel_vunits, KERNEL_PAGES);

    vunit_init(&paging->units, &k->gate,
               table_memory("table/virtual-unit", vunit_bytes(blocks)), blocks,
               kernel_vunits);
    pager_init(&paging->pager, &k->rm, &k->regions, &paging->units, &k->vs,
               &k->vk, &k->vu);
    poke_pointer(&k->plates.pager, &paging->pager);
}

// The program's virtual space; it is the current one from now on.
static void
start_program(void)
{
    struct host_kernel *k = kernel();
    int id = gate_create(&k->gate, KIND_VSPACE, "program", 0, 0, 0, 0);
    int directory = gate_control(&k->gate, (rid)id, VSPACE_DIRECTORY, 0, 0, 0);

    if (id < 0 || directory < 0)
        PANIC("there is no memory for the program");
    poke_word(&k->vspace, (rid)id);
    poke_word(&k->directory, (u32)directory);
    poke_word(&k->version, 1);
    machine_load_space((u32)directory);
}

// --- boot ---

static const u32 window[256]; // the fake knows where memory is
static struct bootstrap bootstrap;

static void
cold(void)
{
    const struct layout *layout = kernel_layout();
    struct host_kernel *k = kernel();

    if (kernel_disk != NULL)
        host_disk_forget();
    cold_start(&bootstrap, layout, kernel_limits(), KERNEL_BUILD, window);
    machine_load_space(layout->kernel_directory_pa);
    for (u32 i = 0; i < kernel_limits()->data_pages; i++)
        machine_zero_page((u8 *)k + i * PAGE_SIZE);
    poke(&k->layout, layout, sizeof(*layout));
    poke(&k->limits, kernel_limits(), sizeof(k->limits));
    gate_init(&k->gate);
    start_bootstrap_kinds();
    start_kinds();
    if (kernel_vunits != NULL && kernel_vunits->blocks != 0)
        start_paging();
    if (kernel_disk != NULL)
        poke_word(&root_at()->boots, 1);
    else
        root_create(root_at(), layout, kernel_limits(), KERNEL_BUILD);
    start_program();
}

static void
check_state(void)
{
    static u8 scratch[KERNEL_PAGES_MAX];
    const char *wrong;

    memset(scratch, 0, sizeof(scratch));
    wrong = check_tables(&kernel()->plates, scratch);
    if (wrong != NULL)
        fake_fail("boot: %s", wrong);
}

static _Noreturn void
go_on(const struct decision *decision)
{
    const struct nv_shutdown *shutdown = ram_at(kernel_layout()->shutdown_pa);

    machine_load_space(kernel_layout()->kernel_directory_pa);
    check_state();
    poke_word(&kernel()->plates.began, 1);
    begin_running(decision);
    machine_resume(&shutdown->cpu, RESUMED_CONTINUED);
}

int
kernel_put_back(const struct decision *decision)
{
    const struct plate_store *store =
        kernel_disk == NULL ? &plate_store_nv : &plate_store_disk;
    int err;

    bootstrap_attach(&bootstrap, kernel_layout(), kernel_limits(), KERNEL_BUILD,
                     store, kernel_disk);
    err = restore_kernel(&bootstrap, decision->generation, window);
    if (err < 0)
        return err;
    machine_load_space(kernel_layout()->kernel_directory_pa);
    err = restore_users(&kernel()->plates, decision->generation);
    if (err == 0)
        check_state();
    return err;
}

static _Noreturn void
restore(struct decision *decision)
{
    if (kernel_disk == NULL) {
        begin_restoring();
        if (kernel_put_back(decision) < 0)
            fake_fail("restoring from memory returned an error");
    } else {
        host_disk_put_back(decision);
    }
    poke_word(&kernel()->plates.began, 2);
    if (kernel_disk == NULL)
        begin_running(decision);
    machine_resume(&kernel()->plates.cpu, RESUMED_RESTORED);
}

static void
go(void *arg)
{
    struct decision *decision = arg;

    if (decision->outcome == OUTCOME_COLD)
        cold();
    else if (decision->outcome == OUTCOME_CONTINUE)
        go_on(decision);
    else if (decision->outcome == OUTCOME_RESTORE)
        restore(decision);
}

int
kernel_boot(struct booted *what, enum nv_option wish)
{
    enum fake_end end;

    if (kernel_disk == NULL)
        decide(&what->decision, kernel_layout(), KERNEL_BUILD, wish);
    else
        host_disk_look(&what->decision, wish);
    what->value = 0;
    fake.value = 0;
    end = fake_run(go, &what->decision);
    if (end == FAKE_FAILED || end == FAKE_STOPPED)
        return -1;
    if (end == FAKE_RESUMED) {
        what->value = fake.value;
        machine_load_space(fake.cpu.cr3);
        kernel_control(SYSTEM_RELEASE); // as whoever asked would
    }
    return 0;
}

int
kernel_control(u32 code)
{
    return gate_control(&kernel()->gate, KIND_ID(KIND_SYSTEM), code, 0, 0, 0);
}

int
kernel_save(void)
{
    return kernel_control(SYSTEM_SAVE);
}

// main.c -- a boot: decide between the four outcomes, then go there
//
// Until the decision nothing is written outside scratch memory.  Each path
// ends in a program: the first one (cold start), the one that asked for the
// shutdown (continue), or the one that asked for the save (restore).
#include "boot/kernel.h"
#include "plate/begin.h"
#include "plate/check.h"
#include "plate/cold.h"
#include "plate/disk.h"
#include "plate/save.h"
#include "tender/text.h"

#define SMALLEST_PAGES (64u * 256)

// Everything a boot knows before the kernel's data are mapped.
struct boot {
    struct bootstrap bootstrap;
    struct decision decision;
    struct layout layout;
    struct limits limits;
    struct options options;
    u64 look_us, tables_us, plates_us, devices_us;
    u64 tables_disk_us; // of tables_us, and all of look_us
};

static struct boot boot SCRATCH;
static struct disk_store disk SCRATCH;
static u8 disk_buffer[DISK_BUFFER_PAGES * PAGE_SIZE] SCRATCH
    __attribute__((aligned(PAGE_SIZE)));
static struct vunit_disk vunits SCRATCH;
static u8 vunit_buffer[VUNIT_BUFFER_PAGES * PAGE_SIZE] SCRATCH
    __attribute__((aligned(PAGE_SIZE)));

static _Noreturn void
refuse(const char *why)
{
    say("tender: refused: %s\n", why);
    say("tender: nothing was changed; switch off, or reset to try again\n");
    machine_stop(STOP_OFF);
}

static void
say_times(void)
{
    say("tender: boot: firmware+grub %u us, kernel %u us, tables %u us, "
        "plates %u us, devices %u us, disk %u us in %u requests (tables %u us, "
        "plates %u us)\n",
        (u32)boot_firmware_us(), (u32)boot_us(), (u32)boot.tables_us,
        (u32)boot.plates_us, (u32)boot.devices_us, (u32)disk.us, disk.requests,
        (u32)boot.tables_disk_us, (u32)(disk.us - boot.tables_disk_us));
}

// nv=cold gives up what the plate disk holds, if that is this machine's.
static void
forget_disk(void)
{
    if (boot.options.plate != PLATE_DISK || !disk.formatted)
        return;
    int err = disk_forget(&disk);

    if (err < 0)
        refuse(error_sentence(err));
}

// A cut before root_create() leaves no root: the next boot starts cold, too.
// There is none with plate=disk.
static _Noreturn void
cold(void)
{
    u64 t = boot_us();

    say("tender: cold start (%s)\n", boot.decision.why);
    forget_disk();
    cold_start(&boot.bootstrap, &boot.layout, &boot.limits, tender_build_id,
               &boot_directory[RAM_BASE >> 22]);
    machine_load_space(boot.layout.kernel_directory_pa);
    memcpy(data_start, data_template, (u32)(data_end - data_start));
    memset(data_end, 0, (u32)(bss_end - data_end));
    boot.tables_us = boot_us() - t;
    kernel.options = boot.options;
    t = boot_us();
    wiring_start(&boot.layout, &boot.limits, tender_build_id, &disk, &vunits);
    boot.devices_us = boot_us() - t;
    if (boot.options.plate == PLATE_DISK)
        root_at()->boots = 1;
    else
        root_create(root_at(), &boot.layout, &boot.limits, tender_build_id);
    say_times();
    wiring_run();
}

// The whole state is walked once, after it is back and before it runs.  The
// scratch memory is what GRUB has used and left.
static void
check_state(void)
{
    u8 *scratch = ram_at(boot.layout.end_frame << PAGE_SHIFT);

    memset(scratch, 0, boot.layout.memory_pages);
    const char *wrong = check_tables(&kernel.plates, scratch);

    if (wrong != NULL) {
        text_format(boot.decision.why, sizeof(boot.decision.why),
                    "the tables contradict each other: %s; " COLD_HINT, wrong);
        refuse(boot.decision.why);
    }
}

// The flag stays normal until all is ready, so a cut in here continues again.
static _Noreturn void
go_on(void)
{
    const struct nv_shutdown *shutdown = ram_at(boot.layout.shutdown_pa);
    u64 t = boot_us();

    machine_load_space(boot.layout.kernel_directory_pa);
    check_state();
    boot.tables_us = boot_us() - t;
    t = boot_us();
    wiring_recover(1, kernel.plates.head->generation);
    boot.devices_us = boot_us() - t;
    kernel.plates.began = 1;
    say("tender: continued from shutdown (%s)\n", boot.decision.why);
    say_times();
    begin_running(&boot.decision);
    machine_resume(&shutdown->cpu, RESUMED_CONTINUED);
}

// Tables, kernel spaces, user spaces.  0, or an error of the plate disk.
static int
put_back(u32 generation)
{
    const struct plate_store *store =
        boot.options.plate == PLATE_DISK ? &plate_store_disk : &plate_store_nv;
    u64 t = boot_us();

    bootstrap_attach(&boot.bootstrap, &boot.layout, &boot.limits,
                     tender_build_id, store, &disk);
    int err = restore_kernel(&boot.bootstrap, generation,
                             &boot_directory[RAM_BASE >> 22]);

    if (err < 0)
        return err;
    machine_load_space(boot.layout.kernel_directory_pa);
    boot.tables_us = boot.look_us + boot_us() - t;
    boot.tables_disk_us = disk.us;
    t = boot_us();
    err = restore_users(&kernel.plates, generation);
    if (err < 0)
        return err;
    check_state();
    boot.plates_us = boot_us() - t;
    return 0;
}

// Memory was lost with the power, so nothing is lost by trying: a damaged save
// on the disk leaves the one before it.
static void
put_back_disk(void)
{
    struct decision *decision = &boot.decision;
    int err;

    while ((err = put_back(decision->generation)) < 0) {
        machine_load_space((u32)boot_directory - RAM_BASE);
        disk_fall_back(&disk, decision, boot.options.nv, err);
        if (decision->outcome != OUTCOME_RESTORE)
            refuse(decision->why);
    }
    root_at()->boots = disk_boots(&disk) + 1;
}

static _Noreturn void
restore(void)
{
    if (boot.options.plate == PLATE_DISK) {
        put_back_disk();
    } else {
        begin_restoring();
        put_back(boot.decision.generation);
    }
    u64 t = boot_us();

    wiring_recover(2, boot.decision.generation);
    boot.devices_us = boot_us() - t;
    kernel.plates.began = 2;
    say("tender: restored save %u (%s)\n", boot.decision.generation,
        boot.decision.why);
    say_times();
    if (boot.options.plate != PLATE_DISK)
        begin_running(&boot.decision);
    machine_resume(&kernel.plates.cpu, RESUMED_RESTORED);
}

// NV memory that holds a state is not for plates on a disk, unless it may go.
static void
look_at_disk(void)
{
    const struct block_device *devices[2];
    const char *wrong;

    if (root_at()->magic == NV_ROOT_MAGIC && boot.options.nv != NV_COLD)
        refuse("plate=disk: this memory holds the state of plate=nv; boot with "
               "that, or with nv=cold to give it up, or with tools/vm "
               "--volatile");
    pc_block_init();
    devices[0] = pc_block_device(BLOCK_PLATES);
    devices[1] = pc_block_device(BLOCK_BOOT);
    disk.now_us = boot_us;
    wrong = disk_open(&disk, devices, ARRAY_LEN(devices),
                      (u32)disk_buffer - RAM_BASE, &boot.layout, &boot.limits,
                      tender_build_id);
    if (wrong != NULL) {
        text_format(boot.decision.why, sizeof(boot.decision.why),
                    "plate=disk: %s", wrong);
        refuse(boot.decision.why);
    }
    vunit_disk_open(&vunits, devices, ARRAY_LEN(devices),
                    (u32)vunit_buffer - RAM_BASE, boot_us);
    disk_decide(&disk, &boot.decision, boot.options.nv);
}

static void
look(u32 information)
{
    char wrong[200];
    u32 pages = multiboot_memory_pages(information);

    if (options_read(&boot.options, multiboot_command_line(information), wrong,
                     sizeof(wrong)) < 0)
        refuse(wrong);
    if (pages < SMALLEST_PAGES)
        refuse("there is less than 64 MiB of memory; give the machine more "
               "(tools/vm --mem 64)");
    u32 data_pages = (u32)(bss_end - data_start) >> PAGE_SHIFT;

    if (boot.options.plate == PLATE_DISK)
        layout_limits_disk(&boot.limits, data_pages, pages);
    else
        layout_limits(&boot.limits, data_pages);
    if (layout_compute(&boot.layout, pages, pages - LAYOUT_TOP_PAGES,
                       &boot.limits) < 0)
        refuse("the memory is too small for the kernel's tables");
    u64 t = boot_us();

    if (boot.options.plate == PLATE_DISK)
        look_at_disk();
    else
        decide(&boot.decision, &boot.layout, tender_build_id, boot.options.nv);
    boot.look_us = boot_us() - t;
}

_Noreturn void
kernel_main(u32 multiboot_magic, u32 information)
{
    (void)multiboot_magic;
    say("\ntender: build %08x\n", tender_build_id);
    look(information);
    switch (boot.decision.outcome) {
    case OUTCOME_COLD:
        cold();
    case OUTCOME_CONTINUE:
        go_on();
    case OUTCOME_RESTORE:
        restore();
    default:
        refuse(boot.decision.why);
    }
}

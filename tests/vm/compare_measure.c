// compare_measure.c -- one run of Tender with one plate store, measured
//
// Enable and save at once, as the paper did; cut the power, restore.  Then,
// for each amount of change, saves after it, a cut, and a restore that must
// find what was changed.  All figures but two are the kernel's own.
#include "compare.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "compare_lines.h"
#include "vm.h"

// The first saves of new memory also create its plates and, on the host, touch
// its copies for the first time; only later ones are measured.
#define ROUNDS_FIRST 3
#define ROUNDS_MEASURED 3
#define WARM_MS 1000.0
#define SETTLE_MS 200.0 // the kernel's figures may come after the prompt

const unsigned compare_changes[CHANGES] = {1, 16, 64, 256, 1024};

void
compare_programs(struct vm *vm)
{
    static const char *const lines[] = {"counter 500 &", "life 100 quiet &",
                                        "ping &", "fpu &", "fill 4 &"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        vm_command(vm, lines[i]);
    vm_run(vm, WARM_MS);
}

void
compare_say(FILE *out, const char *measure, const char *part, const char *unit,
            double value)
{
    fprintf(out, "%s\t%s\t%s\t%.10g\n", measure, part, unit, value);
    fflush(out);
}

const char *
compare_change_name(const char *measure, unsigned pages)
{
    static char name[32];

    snprintf(name, sizeof(name), "%s %u", measure, pages);
    return name;
}

// A time, its disk part and the rest.
static void
say_times(FILE *out, const char *measure, double us, struct disk_part disk)
{
    compare_say(out, measure, "total", "ms", us / 1000);
    compare_say(out, measure, "disk", "ms", disk.us / 1000);
    if (us >= disk.us) // else the kernel counted more than belongs to it
        compare_say(out, measure, "rest", "ms", (us - disk.us) / 1000);
    compare_say(out, measure, "requests", "requests", disk.requests);
}

static void
take_enable(struct vm *vm, FILE *out)
{
    const char *text = vm_command(vm, "occ enable");
    struct enabled_line line;

    if (!enabled_line_read(text, &line))
        vm_fail(vm, "No line \"tender: enabled: ...\" as it should be.");
    say_times(out, "enable", line.us, line.disk);
    compare_say(out, "enable", "plates", "plates", line.plates);
    compare_say(out, "enable", "areas", "save areas", line.areas);
    compare_say(out, "enable", "size", "KiB", line.pages * 4);
}

static void
take_saved(struct vm *vm, FILE *out, const char *measure)
{
    const char *text = vm_expect(vm, "^tender: saved [0-9]+:.*\n");
    struct saved_line line;

    if (!saved_line_read(text, &line))
        vm_fail(vm, "Not a line about a save as it should be: %s", text);
    if (measure == NULL)
        return;
    say_times(out, measure, line.us, line.disk);
    compare_say(out, measure, "pages", "pages", line.pages);
    compare_say(out, measure, "tables", "pages", line.tables);
    compare_say(out, measure, "changed", "KiB", line.bytes / 1024);
}

// Without its split the disk's time belongs to tables and plates together, and
// their own times cannot be told; with no disk there is nothing to split.
static void
take_boot(struct vm *vm, FILE *out, const char *measure)
{
    struct boot_line line;

    vm_run(vm, SETTLE_MS);
    if (!boot_line_read(vm_text(vm) + vm_boot_start(vm), &line))
        vm_fail(vm, "No line \"tender: boot: ...\" as it should be.");
    say_times(out, measure, line.tables + line.plates, line.disk);
    if (!line.split)
        line.disk_tables = line.disk_plates = 0;
    if (line.split || line.disk.us == 0) {
        compare_say(out, measure, "initialisation", "ms",
                    (line.tables - line.disk_tables) / 1000);
        compare_say(out, measure, "restore", "ms",
                    (line.plates - line.disk_plates) / 1000);
    }
    compare_say(out, measure, "firmware", "ms", line.firmware / 1000);
    compare_say(out, measure, "kernel", "ms", line.kernel / 1000);
    compare_say(out, measure, "from power on", "ms",
                (line.firmware + line.kernel) / 1000);
}

static void
cut_and_restore(struct vm *vm, FILE *out, const char *measure)
{
    struct vm_boot boot;

    vm_cut(vm);
    boot = vm_decision(vm);
    if (boot.outcome != VM_RESTORED)
        vm_fail(vm, "After the cut nothing was restored: %s", boot.line);
    take_boot(vm, out, measure);
}

static void
take_change(struct vm *vm, FILE *out, unsigned pages)
{
    char command[40];

    snprintf(command, sizeof(command), "dirty %u %u", pages,
             ROUNDS_FIRST + ROUNDS_MEASURED);
    vm_type(vm, command);
    for (int i = 0; i < ROUNDS_FIRST; i++)
        take_saved(vm, out, NULL);
    for (int i = 0; i < ROUNDS_MEASURED; i++)
        take_saved(vm, out, compare_change_name("save", pages));
    cut_and_restore(vm, out, compare_change_name("restore", pages));
    vm_prompt(vm); // dirty has found its pages, else it had said WRONG
    if (strstr(vm_text(vm) + vm_boot_start(vm), "(restored)") == NULL)
        vm_fail(vm, "dirty did not go on from its save.");
}

// NV memory is a file.  In memory, if there is room: a file system on a disk
// writes pages back, and the next store to each costs a fault of the host.
static const char *
nv_file(void)
{
    static const char *const file = "/dev/shm/tender-compare.nv";
    struct statvfs shm;

    unlink(file);
    if (access("/dev/shm", W_OK) < 0 || statvfs("/dev/shm", &shm) < 0 ||
        (double)shm.f_bavail * shm.f_frsize < 2.0 * COMPARE_MEM_MIB * (1 << 20))
        return NULL;
    return file;
}

void
compare_measure(const struct compare_system *system, FILE *out)
{
    const char *more[8];
    struct vm_options options = {
        .name = "compare",
        .nv = system->disk ? NULL : nv_file(),
        .mem_mib = COMPARE_MEM_MIB,
        .append = system->disk ? "plate=disk" : "plate=nv",
        .ram = system->disk,
        .more = more,
    };
    struct vm_boot boot;
    struct vm *vm;
    int n = 0;

    if (system->disk) {
        compare_make_plates(PLATES_FILE);
        more[n++] = "--plates";
        more[n++] = system->slow ? drive_start(PLATES_FILE, true) : PLATES_FILE;
    }
    more[n++] = system->counted ? "--icount" : "--prefault";
    more[n] = NULL;
    vm = vm_new(&options);
    boot = vm_boot(vm);
    if (boot.outcome != VM_COLD)
        vm_fail(vm, "The first boot did not start cold: %s", boot.line);
    compare_programs(vm);
    take_enable(vm, out);
    vm_type(vm, "save");
    take_saved(vm, out, "first");
    cut_and_restore(vm, out, "restore");
    vm_prompt(vm);
    for (int i = 0; i < CHANGES; i++)
        take_change(vm, out, compare_changes[i]);
    vm_no_loss(vm);
    vm_free(vm);
    drive_stop();
    unlink(PLATES_FILE);
}

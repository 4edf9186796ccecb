// compare_savevm.c -- what a user would do without plates: savevm, loadvm
//
// The guest has ordinary memory and runs the same programs.  Its snapshots go
// to a qcow2 image in the host's cache, which nobody waits for to reach the
// host's disk.  The guest is stopped meanwhile, and each snapshot is loaded by
// a QEMU started for it.
#include "compare.h"

#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "vm.h"

#define VMSTATE_FILE COMPARE_DIR "/vmstate.qcow2"
#define ROUND_UNSAVED 2 // the first has only just got its memory
#define RUNS_ON_S 10.0  // a loaded guest must show a sign of life

// A command of QEMU's monitor; returns the milliseconds it took.
static double
monitor(struct vm *vm, const char *command, const char *tag)
{
    char line[200];
    const char *reply;
    double start;

    snprintf(line, sizeof(line),
             "{\"execute\":\"human-monitor-command\",\"arguments\":"
             "{\"command-line\":\"%s %s\"}}",
             command, tag);
    start = now();
    reply = vm_qmp(vm, line);
    start = now() - start;
    if (strstr(reply, "\"return\": \"\"") == NULL)
        vm_fail(vm, "QEMU: %s %s: %s", command, tag, reply);
    return 1000 * start;
}

static void
save(struct vm *vm, FILE *out, const char *measure, const char *tag)
{
    vm_qmp(vm, "{\"execute\":\"stop\"}");
    compare_say(out, measure, "total", "ms", monitor(vm, "savevm", tag));
    vm_qmp(vm, "{\"execute\":\"cont\"}");
}

static void
load(struct vm *vm, FILE *out, const char *measure, const char *tag)
{
    vm_cut(vm);
    vm_on(vm);
    vm_qmp(vm, "{\"execute\":\"stop\"}");
    compare_say(out, measure, "total", "ms", monitor(vm, "loadvm", tag));
    vm_qmp(vm, "{\"execute\":\"cont\"}");
    compare_say(out, measure, "from power on", "ms", 1000 * vm_since_on(vm));
    if (vm_wait(vm, "^counter: [0-9]+", RUNS_ON_S) == NULL)
        vm_fail(vm, "The guest does not run after loadvm %s.", tag);
}

static void
save_change(struct vm *vm, FILE *out, unsigned pages, const char *tag)
{
    char command[40];

    snprintf(command, sizeof(command), "dirty %u %u unsaved", pages,
             ROUND_UNSAVED);
    vm_type(vm, command);
    for (int i = 0; i < ROUND_UNSAVED; i++)
        vm_expect(vm, "^dirty: .* not saved");
    save(vm, out, compare_change_name("save", pages), tag);
    vm_prompt(vm);
}

void
compare_savevm(const struct compare_system *system, FILE *out)
{
    static const char *const more[] = {"--vmstate", VMSTATE_FILE, "--prefault",
                                       NULL};
    struct vm_options options = {
        .name = "compare-savevm",
        .mem_mib = COMPARE_MEM_MIB,
        .append = "plate=nv",
        .ram = true,
        .qmp = true,
        .more = more,
    };
    struct vm *vm;
    char tag[12];

    (void)system;
    unlink(VMSTATE_FILE);
    vm = vm_new(&options);
    if (vm_boot(vm).outcome != VM_COLD)
        vm_fail(vm, "The first boot did not start cold.");
    compare_programs(vm);
    save(vm, out, "first", "s0");
    for (int i = 0; i < CHANGES; i++) {
        snprintf(tag, sizeof(tag), "s%d", i + 1);
        save_change(vm, out, compare_changes[i], tag);
    }
    load(vm, out, "restore", "s0");
    for (int i = 0; i < CHANGES; i++) {
        snprintf(tag, sizeof(tag), "s%d", i + 1);
        load(vm, out, compare_change_name("restore", compare_changes[i]), tag);
    }
    vm_no_loss(vm);
    vm_free(vm);
    unlink(VMSTATE_FILE);
}

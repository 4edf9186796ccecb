// crash_store.c -- what a campaign of power cuts must know of each plate store
#include "crash_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plates.h"

#define CHECKER "build/tools/nvcheck"
#define DISK_ADVICE                                                            \
    "Boot a copy of it with tools/vm --volatile --cow-plates --plates FILE "   \
    "--mem 64\n--append plate=disk."

static struct crash_found
look_at_nv(struct vm *vm)
{
    u32 begun, committed;
    char command[300];

    snprintf(command, sizeof(command), CHECKER " %s >build/vm/crash-check.%d",
             vm_nv(vm), getpid());
    if (access(CHECKER, X_OK) == 0 && system(command) != 0)
        vm_fail(vm, "The checker finds fault with it: see %s",
                strchr(command, '>') + 1);
    unlink(strchr(command, '>') + 1);
    nv_generations(vm_nv(vm), &begun, &committed);
    return (struct crash_found){committed, begun > committed};
}

// What no save names is taken away, which shows that no save needs it, and
// lets the next look see whether anything was begun.
static struct crash_found
look_at_disk(struct vm *vm)
{
    const char *path = vm_plates(vm);
    const char *wrong = plates_check(path);
    struct plates_disk disk;

    if (wrong != NULL)
        vm_fail(vm, "The plate disk is not whole: %s.", wrong);
    plates_open(&disk, path);
    struct crash_found found = {plates_generation(&disk), plates_begun(path)};

    plates_scrub(path);
    return found;
}

static const struct crash_store nv = {
    .store = VM_NV,
    .where = "in NV memory",
    .advice = "Look at the memory with tools/nvdump FILE, check it with "
              "tools/nvcheck FILE,\nboot a copy of it with tools/vm --cow-nv "
              "--nv FILE --mem 64.",
    .aim_ms = 5,
    .near_ms = 0.6,
    .look = look_at_nv,
};

static const struct crash_store disk = {
    .store = VM_PLATES,
    .where = "on a disk",
    .advice = DISK_ADVICE,
    .saves_at_end = true,
    .aim_ms = 8,
    .near_ms = 2,
    .look = look_at_disk,
};

static const struct crash_store slow_disk = {
    .store = VM_PLATES,
    .where = "on a slow disk",
    .advice = DISK_ADVICE,
    .saves_at_end = true,
    .aim_ms = 200,
    .near_ms = 60,
    .look = look_at_disk,
};

const char *
crash_throttle(void)
{
    const char *throttle = getenv("THROTTLE");

    return throttle == NULL || throttle[0] == 0 ? NULL : throttle;
}

const struct crash_store *
crash_store(void)
{
    const char *plate = getenv("PLATE");

    if (plate == NULL || plate[0] == 0 || strcmp(plate, "nv") == 0)
        return &nv;
    if (strcmp(plate, "disk") == 0)
        return crash_throttle() == NULL ? &disk : &slow_disk;
    fprintf(stderr, "crash: PLATE is nv or disk, not '%s'.\n", plate);
    exit(2);
}

// used.c -- what came back is used on, and its memory checked
#define _GNU_SOURCE
#include "tests/cut/used.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/vm/clock.h"

#define SECONDS 30.0
#define LOOK_S 0.01
#define NVCHECK "build/tools/nvcheck"

static enum used_answer
answer_of(const char *said)
{
    if (strstr(said, "tender: saved ") != NULL)
        return USED_SAVED;
    if (strstr(said, "save refused") != NULL)
        return USED_REFUSED;
    return strstr(said, "othing was saved") != NULL ? USED_OFF : USED_NOT;
}

// What the shell answers to save. Or the machine goes off by itself: a save can
// hold a shutdown that was typed before it.
static enum used_answer
ask_to_save(struct engine *e)
{
    double until = now() + SECONDS;
    size_t start;

    vm_prompt(e->vm);
    start = vm_length(e->vm);
    vm_type(e->vm, "save");
    do {
        if (vm_wait(e->vm, "^tender> ", 0) != NULL)
            return answer_of(vm_text(e->vm) + start);
        if (engine_wait(e, LOOK_S) == AT_OFF)
            return USED_GONE;
    } while (now() < until);
    return USED_NOT;
}

const char *
used_on(struct engine *e, enum used_answer *answer)
{
    engine_go(e);
    *answer = ask_to_save(e);
    if (*answer != USED_GONE) {
        vm_type(e->vm, "shutdown");
        if (engine_wait(e, SECONDS) != AT_OFF)
            return "after the recovery, a shutdown does not end";
    }
    engine_power(e, false);
    if (engine_wait(e, SECONDS) != AT_RESUME ||
        strstr(engine_said(e), "continued from shutdown") == NULL)
        return "the boot after recovery and shutdown does not go on";
    return NULL;
}

// tools/nvcheck locks its file, as the machine does: it gets a copy, with holes.
static int
copy_of(const u8 *memory, u32 bytes)
{
    static int fd = -1;
    static const u8 nothing[PAGE_SIZE];

    if (fd < 0)
        fd = memfd_create("tender-check", 0);
    if (fd < 0 || ftruncate(fd, 0) < 0 || ftruncate(fd, bytes) < 0)
        return -1;
    for (u32 at = 0; at < bytes; at += PAGE_SIZE)
        if (memcmp(memory + at, nothing, PAGE_SIZE) != 0 &&
            pwrite(fd, memory + at, PAGE_SIZE, at) != PAGE_SIZE)
            return -1;
    return fd;
}

const char *
used_check(const u8 *memory, u32 bytes)
{
    static char said[2000];
    char command[80];
    int fd = copy_of(memory, bytes);

    if (fd < 0)
        return "there is no memory for a copy to check";
    snprintf(command, sizeof(command), NVCHECK " /proc/%d/fd/%d 2>&1", getpid(),
             fd);
    FILE *file = popen(command, "r");
    size_t length = file == NULL ? 0 : fread(said, 1, sizeof(said) - 1, file);

    said[length] = 0;
    if (file != NULL && pclose(file) == 0)
        return NULL;
    const char *problem = strstr(said, "PROBLEM");

    return problem == NULL ? said : problem;
}

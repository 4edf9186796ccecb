// disk_cut.c -- cut the power at every sector write of an operation
#define _GNU_SOURCE
#include "disk_cutter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCKS 2560u
#define JOBS_MAX 16u
#define STRIPE 8u // cuts that one process takes at a time

struct disk_cutter disk_cutter;

static struct booted booted;

// --- all images ---

static void
walk(u32 job, u32 jobs)
{
    for (u32 cut = 0; cut <= medium_writes(); cut++) {
        if (cut / STRIPE % jobs != job)
            continue;
        for (u32 i = 0; i < medium_variants(cut); i++) {
            if (disk_cutter.c->first_only && disk_cutter.report->failures > 0)
                return;
            disk_run_try(0, cut, i, medium_noted(cut));
        }
    }
}

static void
share_out(u32 jobs)
{
    pid_t pid[JOBS_MAX];
    int status;

    for (u32 i = 0; i < jobs; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            fake_disown();
            walk(i, jobs);
            _exit(0);
        }
    }
    for (u32 i = 0; i < jobs; i++)
        if (waitpid(pid[i], &status, 0) != pid[i] || status != 0) {
            snprintf(disk_cutter.id[0], sizeof(disk_cutter.id[0]), "run");
            disk_run_failed(0, "a process that ran recovery ended by itself");
        }
}

// --- one case ---

static void
set_up(void *arg)
{
    const struct disk_case *c = arg;

    disk_boot(&booted, OUTCOME_COLD);
    disk_must(place_create(2, 0));
    disk_must(place_create(2, 1));
    disk_must(place_create(1, 1));
    c->setup();
}

static void
operate(void *arg)
{
    const struct disk_case *c = arg;

    c->operation();
}

// 0, or -1 after noting why not.
static int
record(const struct disk_case *c)
{
    enum fake_end end;

    snprintf(disk_cutter.id[0], sizeof(disk_cutter.id[0]), "run");
    disk_cut_promise_nothing();
    host_disk_open(c->blocks == 0 ? BLOCKS : c->blocks);
    if (fake_run(set_up, (void *)c) != FAKE_RETURNED) {
        disk_run_failed(0, fake.sentence);
        return -1;
    }
    medium_record();
    disk_cut_promise_again();
    end = fake_run(operate, (void *)c);
    medium_fail((struct medium_fault){.what = 0});
    if (end != FAKE_RETURNED && end != FAKE_STOPPED) {
        disk_run_failed(0, fake.sentence);
        return -1;
    }
    disk_cutter.report->writes = medium_writes();
    disk_cutter.now_us = fake.now_us + 1000000;
    return 0;
}

static void
read_environment(const struct disk_case *c)
{
    const char *id = getenv("CUT_ID");
    const char *pairs = getenv("CUT_PAIRS");
    const char *all = getenv("CUT_ALL");
    size_t length = strlen(c->name);

    disk_cutter.pairs = pairs == NULL || strcmp(pairs, "no") != 0;
    disk_cutter.skip_nothing = all != NULL && strcmp(all, "yes") == 0;
    disk_cutter.depths = 0;
    if (id == NULL || strncmp(id, c->name, length) != 0 || id[length] != ':')
        return;
    disk_cutter.depths = (u32)MAX(
        0, sscanf(id + length + 1, "%u.%31[^+]+%u.%31[^+]",
                  &disk_cutter.wanted[0].cut, disk_cutter.wanted[0].name,
                  &disk_cutter.wanted[1].cut, disk_cutter.wanted[1].name) /
               2);
    disk_cutter.pairs = disk_cutter.depths == 2;
}

u32
disk_cut_run(const struct disk_case *c, struct disk_cut_report *report)
{
    const char *jobs = getenv("CUT_JOBS");
    u32 number = jobs == NULL ? 2 : (u32)atoi(jobs);

    disk_cutter.c = c;
    read_environment(c);
    disk_cutter.report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (u32 i = 0; i < DISK_CUT_DEPTHS; i++) {
        if (disk_cutter.tree[i] == NULL)
            disk_cutter.tree[i] = disk_tree_new();
        disk_tree_clear(disk_cutter.tree[i]);
    }
    if (record(c) == 0) {
        if (disk_cutter.depths > 0 || number < 2)
            walk(0, 1);
        else
            share_out(MIN(number, JOBS_MAX));
    }
    *report = *disk_cutter.report;
    munmap(disk_cutter.report, sizeof(*report));
    fake_close();
    return report->failures;
}

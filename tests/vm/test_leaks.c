// test_leaks.c -- processes and plates that come and go, until memory or a table
// is full: does all of it come back?
#include <stdio.h>
#include <string.h>

#include "checked.h"
#include "room.h"

// Fill memory up to the last MiB, then with sleepers until one is refused.
// Returns how many jobs run.
static int
fill_up(struct vm *vm)
{
    const unsigned own = 40; // pages of fill itself
    char line[30];
    unsigned mib;
    int jobs = 0;

    while ((mib = (free_pages(vm) - own) / 256) >= 1 && jobs < 8) {
        snprintf(line, sizeof(line), "fill %u &", mib > 30 ? 30 : mib);
        vm_command(vm, line);
        vm_expect(vm, "fill: pass 1 ok");
        jobs++;
    }
    while (strstr(vm_command(vm, SLEEPER), "out of real memory") == NULL)
        if (++jobs > 15)
            vm_fail(vm, "Memory is not full.");
    return jobs;
}

static void
kill_jobs(struct vm *vm, int jobs)
{
    char line[30];

    for (int i = 1; i <= jobs; i++) {
        snprintf(line, sizeof(line), "kill %%%d", i);
        vm_command(vm, line);
    }
    checked_command(vm, "jobs", "There are no jobs");
}

// Memory is full: is each new process refused and undone?
START_TEST(process_without_room)
{
    struct vm *vm = checked_vm("room-process");
    unsigned before, full;
    int jobs;

    checked_boot(vm, VM_COLD);
    before = free_pages(vm);
    jobs = fill_up(vm);
    full = free_pages(vm);
    for (int i = 0; i < 30; i++)
        one_sentence(vm, "spaces 1", "^spaces: out of real memory\\.$");
    same_free(vm, full, "refused processes");
    one_sentence(vm, SLEEPER, "^counter: out of real memory\\.$");
    same_free(vm, full, "a refused job");
    vm_command(vm, "kill %1");
    checked_command(vm, "hello room", "hello room");
    kill_jobs(vm, jobs);
    same_free(vm, before, "all ended");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Start jobs until a sentence says why no more; the shell has 16 of them.
static int
start_jobs(struct vm *vm, const char *line, int most)
{
    int jobs = 0;

    while (jobs < most &&
           strstr(vm_command(vm, line), "table of this kind is full") == NULL)
        jobs++;
    return jobs;
}

static void
settle_processes(struct vm *vm, int processes)
{
    for (int i = 0; i < 50; i++) {
        if (count_lines(vm_command(vm, "ps"), "process/.*") == processes)
            return;
        vm_run(vm, 100);
    }
    vm_fail(vm, "There are not %d processes.", processes);
}

// The process table is full, again and again: ping is two processes each, and
// a second shell has 16 jobs more.
START_TEST(table_full)
{
    struct vm *vm = checked_vm("room-table");
    unsigned before;
    int inner;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "hello table", "hello table");
    before = free_pages(vm);
    for (int round = 0; round < 4; round++) {
        ck_assert_int_eq(start_jobs(vm, "ping &", 16), 16);
        checked_command(vm, SLEEPER, "16 jobs already");
        vm_command(vm, "shell");
        inner = start_jobs(vm, "ping &", 14);
        settle_processes(vm, 3 + 2 * (16 + inner));
        inner += start_jobs(vm, SLEEPER, 16 - inner);
        ck_assert_int_lt(inner, 16);
        one_sentence(vm, SLEEPER,
                     "^counter: the management table of this "
                     "kind is full\\.$");
        one_sentence(vm, "hello no",
                     "^hello: the management table of this "
                     "kind is full\\.$");
        kill_jobs(vm, inner);
        vm_keys(vm, "\003");
        vm_expect(vm, "shell ended with exit code 137");
        vm_expect(vm, "^tender> ");
        kill_jobs(vm, 16);
        settle_processes(vm, 2);
        same_free(vm, before, "a full process table");
        checked_command(vm, "hello again", "hello again");
    }
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

static void
repeat(struct vm *vm, const char *line, const char *contains, int times)
{
    for (int i = 0; i < times; i++)
        checked_command(vm, line, contains);
}

// Does everything come back, each time?
START_TEST(nothing_leaks)
{
    struct vm *vm = checked_vm("leaks");
    unsigned before;

    checked_boot(vm, VM_COLD);
    // The first name that is no native program's fills the tree of Linux files.
    checked_command(vm, "nobody", "no command or program");
    before = free_pages(vm);
    repeat(vm, "hello", "hello", 200);
    same_free(vm, before, "200 times hello");
    checked_command(vm, "spaces 20", "round 20 ok");
    same_free(vm, before, "spaces 20");
    for (int i = 0; i < 10; i++) {
        checked_command(vm, "occ enable", "is enabled");
        checked_command(vm, "occ disable", "is disabled");
    }
    same_free(vm, before, "occ enable and disable");
    repeat(vm, "fault null", "exit code 139", 10);
    same_free(vm, before, "programs that broke a rule");
    repeat(vm, "nobody", "no command or program", 10);
    same_free(vm, before, "programs that are not there");
    repeat(vm, "ping 50", "all well", 3);
    same_free(vm, before, "ping");
    vm_command(vm, "badcalls");
    same_free(vm, before, "badcalls");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// The same with plates: what is given up is free after the next save.
START_TEST(nothing_leaks_with_plates)
{
    struct vm *vm = checked_vm("plate-leaks");
    unsigned before, off;

    checked_boot(vm, VM_COLD);
    off = free_pages(vm);
    checked_command(vm, "occ enable", "is enabled");
    checked_save(vm);
    before = free_pages(vm);
    repeat(vm, "hello", "hello", 20);
    checked_save(vm);
    same_free(vm, before, "hello");
    checked_command(vm, "spaces 60", "round 60 ok");
    checked_save(vm);
    same_free(vm, before, "spaces 60");
    vm_command(vm, "badcalls");
    checked_save(vm);
    same_free(vm, before, "badcalls");
    for (int i = 0; i < 10; i++) {
        vm_command(vm, SLEEPER);
        checked_save(vm);
        vm_command(vm, "kill %1");
        checked_save(vm);
    }
    same_free(vm, before, "jobs that were saved");
    vm_cut(vm);
    checked_boot(vm, VM_RESTORED);
    same_free(vm, before, "a restore");
    checked_command(vm, "occ disable", "is disabled");
    same_free(vm, off, "occ disable");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("leaks");
    TCase *tests = tcase_create("64 MiB");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, process_without_room);
    tcase_add_test(tests, table_full);
    tcase_add_test(tests, nothing_leaks);
    tcase_add_test(tests, nothing_leaks_with_plates);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

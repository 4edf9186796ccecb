// test_room.c -- what happens when memory or a table is full, and does all of
// it come back?
//
// 64 MiB, of which about 39 MiB are free.  Continuous-operation control keeps
// two copies of everything, so 30 MiB of a program are too many for it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"

#define TOO_MUCH "fill 30 &" // runs, and cannot be kept
#define REFUSED "save refused: out of real memory; save %u is still the newest"
#define SLEEPER "counter 100000000 &" // says nothing

static unsigned
free_pages(struct vm *vm)
{
    const char *at = strstr(vm_command(vm, "mem"), "\nfree ");

    if (at == NULL)
        vm_fail(vm, "mem does not tell the free pages.");
    return (unsigned)atoi(at + strlen("\nfree "));
}

// Who has just ended is buried by whoever runs next: give it a moment.
static void
same_free(struct vm *vm, unsigned before, const char *after)
{
    unsigned now = 0;

    for (int i = 0; i < 20; i++) {
        now = free_pages(vm);
        if (now == before)
            return;
        vm_run(vm, 100);
    }
    vm_fail(vm, "%u pages were free and %u are after %s.", before, now, after);
}

// How many lines of a text match.
static int
count_lines(const char *text, const char *pattern)
{
    char *lines = checked_lines(text, pattern);
    int count = 0;

    for (const char *p = lines; (p = strchr(p, '\n')) != NULL; p++)
        count++;
    free(lines);
    return count;
}

// Exactly one line of the output matches.
static void
one_sentence(struct vm *vm, const char *line, const char *pattern)
{
    const char *output = vm_command(vm, line);

    if (count_lines(output, pattern) != 1)
        vm_fail(vm, "\"%s\" did not show one line \"%s\" but: %s", line,
                pattern, output);
}

static void
no_save_yet(struct vm *vm)
{
    vm_type(vm, "save");
    vm_expect(vm, "Nothing was saved: out of real memory\\.");
    vm_expect(vm, "^tender> ");
    if (strstr(vm_text(vm), "save 0") != NULL)
        vm_fail(vm, "There is no save 0.");
}

static void
refused_save(struct vm *vm, unsigned newest)
{
    char sentence[100];

    snprintf(sentence, sizeof(sentence), REFUSED, newest);
    vm_type(vm, "save");
    vm_expect(vm, sentence);
    vm_expect(vm, "Nothing was saved: out of real memory\\.");
    vm_expect(vm, "^tender> ");
}

static void
cut_to(struct vm *vm, struct watch *watch, unsigned save)
{
    struct vm_boot boot;

    vm_cut(vm);
    boot = checked_boot(vm, VM_RESTORED);
    if (boot.save != save)
        vm_fail(vm, "Not save %u: %s", save, boot.line);
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 2));
}

// No room to enable: is it refused, undone, and possible later?
START_TEST(enable_without_room)
{
    struct vm *vm = checked_vm("room-enable");
    struct watch *watch = watch_new(vm);
    unsigned before;

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    vm_command(vm, TOO_MUCH);
    vm_expect(vm, "fill: pass 1 ok");
    before = free_pages(vm);
    for (int i = 0; i < 3; i++)
        one_sentence(vm, "occ enable", "^Not enabled: out of real memory\\.$");
    same_free(vm, before, "a refused occ enable");
    checked_command(vm, "occ", "is disabled");
    checked_command(vm, "save", "not enabled");
    checked_command(vm, "plate", "0 plates");
    checked_watch(watch, watch_count(watch, 3));
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    vm_command(vm, "kill %2");
    checked_command(vm, "occ enable", "is enabled");
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(watch, watch_count(watch, 3));
    cut_to(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// No room for the very first save.
START_TEST(first_save_without_room)
{
    struct vm *vm = checked_vm("room-first");
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, TOO_MUCH);
    vm_expect(vm, "fill: pass 1 ok");
    no_save_yet(vm);
    vm_command(vm, "kill %1");
    vm_command(vm, "counter 50 &");
    checked_watch(watch, watch_count(watch, 3));
    ck_assert_uint_eq(checked_save(vm), 1);
    cut_to(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// A machine with a save, and then a program too big for the next.
static struct vm *
too_big(const char *name, struct watch **watch)
{
    struct vm *vm = checked_vm(name);

    *watch = watch_new(vm);
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, "counter 50 &");
    vm_command(vm, "fill 2 7 &");
    vm_expect(vm, "fill: pass 1 ok");
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(*watch, watch_count(*watch, 3));
    vm_command(vm, "fill 25 &");
    vm_expect(vm, "fill: pass [0-9]+ ok, 25 MiB");
    return vm;
}

START_TEST(save_without_room_then_cut)
{
    struct watch *watch;
    struct vm *vm = too_big("room-cut", &watch);

    for (int i = 0; i < _i; i++)
        refused_save(vm, 1);
    checked_watch(watch, watch_count(watch, 3));
    cut_to(vm, watch, 1);
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok, 2 MiB"));
    if (strstr(vm_command(vm, "jobs"), "fill 25") != NULL)
        vm_fail(vm, "A program that began after the save is there.");
    ck_assert_uint_eq(checked_save(vm), 2);
    checked_watch(watch, watch_count(watch, 2));
    cut_to(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

START_TEST(save_without_room_then_kill)
{
    struct watch *watch;
    struct vm *vm = too_big("room-kill", &watch);
    unsigned before;

    refused_save(vm, 1);
    before = free_pages(vm);
    refused_save(vm, 1);
    same_free(vm, before, "a second refusal");
    checked_watch(watch, watch_count(watch, 2));
    vm_command(vm, "kill %3");
    ck_assert_uint_eq(checked_save(vm), 2);
    before = free_pages(vm);
    // Over and over: each refusal takes nothing for good.
    for (unsigned n = 3; n < 6; n++) {
        vm_command(vm, "fill 25 &");
        vm_expect(vm, "fill: pass [0-9]+ ok, 25 MiB");
        refused_save(vm, n - 1);
        vm_command(vm, "kill %3");
        ck_assert_uint_eq(checked_save(vm), n);
    }
    same_free(vm, before, "refused saves");
    checked_watch(watch, watch_count(watch, 2));
    cut_to(vm, watch, 5);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

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
        vm_command(vm, "sh");
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
        vm_expect(vm, "sh ended with exit code 137");
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

// Plates that come and go fill the pending-delete table, which only a save
// empties: does the next save always succeed?
START_TEST(pending_deletes_without_room)
{
    struct vm *vm = checked_vm("room-pending");
    struct watch *watch = watch_new(vm);
    unsigned before;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, "counter 50 &");
    checked_save(vm);
    before = free_pages(vm);
    for (unsigned n = 2; n < 5; n++) {
        checked_command(vm, "spaces 150", "round 150 ok");
        ck_assert_uint_eq(checked_save(vm), n);
        same_free(vm, before, "spaces 150");
    }
    checked_watch(watch, watch_count(watch, 2));
    cut_to(vm, watch, 4);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("room");
    TCase *tests = tcase_create("64 MiB");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, enable_without_room);
    tcase_add_test(tests, first_save_without_room);
    tcase_add_loop_test(tests, save_without_room_then_cut, 1, 3);
    tcase_add_test(tests, save_without_room_then_kill);
    tcase_add_test(tests, process_without_room);
    tcase_add_test(tests, table_full);
    tcase_add_test(tests, nothing_leaks);
    tcase_add_test(tests, nothing_leaks_with_plates);
    tcase_add_test(tests, pending_deletes_without_room);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_boot.c -- does the boot decide rightly, whatever it finds?
//
// Wrong options, wrong files and foreign states are refused with a sentence,
// and a refusal gives nothing up: the state is there at the next right boot.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "nv.h"

#define MIB 1048576u

static struct watch *base;

static void
make_base(void)
{
    base = checked_base();
}

static void
remove_base(void)
{
    vm_free(base->vm);
}

// The machine goes on from save 2 and its programs with it.
static void
goes_on(struct vm *vm, struct watch *watch)
{
    checked_resume(vm, watch, 2);
    checked_watch(watch, watch_count(watch, 1));
}

// Does a first boot reach the prompt and say why?  And is it just one line
// that says what was decided?
START_TEST(cold_start)
{
    struct vm *vm = checked_vm("cold");
    struct vm_boot boot = checked_boot(vm, VM_COLD);
    const char *second;

    if (strlen(boot.line) < strlen("tender: cold start") + 4)
        vm_fail(vm, "No reason is given: %s", boot.line);
    checked_command(vm, "help", "shutdown");
    checked_command(vm, "hello world", "hello world");
    second = strstr(vm_text(vm), "tender: cold start") + 1;
    ck_assert_ptr_null(strstr(second, "tender: cold start"));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

static const struct {
    const char *append;
    const char *named;
} bad_options[] = {
    {"colour=red", "colour"}, {"nv=maybe", "nv"},  {"plate=paper", "plate"},
    {"occ=perhaps", "occ"},   {"run=init", "run"}, {"nv", "nv"},
    {"NV=auto", "NV"},        {"occ=on on", "on"},
};
#define BAD_OPTIONS (int)(sizeof(bad_options) / sizeof(bad_options[0]))

// Is a wrong option named, and is the state there afterwards?
START_TEST(bad_option)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("option", base, &watch);

    vm_set_append(vm, bad_options[_i].append);
    checked_refusal(vm, bad_options[_i].named);
    vm_set_append(vm, NULL);
    if (_i < 2)
        goes_on(vm, watch);
    vm_free(vm);
}
END_TEST

// Are wishes that cannot be fulfilled refused?  Does nv=cold do what it says?
START_TEST(wishes)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("wishes", base, &watch);

    vm_set_append(vm, "nv=continue");
    checked_refusal(vm, "nv=continue");
    vm_set_append(vm, "nv=restore");
    goes_on(vm, watch);
    vm_cut(vm);
    vm_set_append(vm, "nv=cold");
    checked_boot(vm, VM_COLD);
    vm_cut(vm);
    vm_set_append(vm, "nv=restore");
    checked_refusal(vm, "no save");
    vm_free(vm);
}
END_TEST

// The root of another format, machine or kernel, with a checksum that fits.
static const struct {
    size_t at;
    u32 change;
    const char *says;
} foreign[] = {
    {offsetof(struct nv_root, format), 3, "format"},
    {offsetof(struct nv_root, build), 0x1234, "build"},
    {offsetof(struct nv_root, memory_pages), 0x10000, "MiB"},
};
#define FOREIGN (int)(sizeof(foreign) / sizeof(foreign[0]))

START_TEST(foreign_root)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("foreign", base, &watch);
    struct nv_root good, bad;

    nv_root(vm_nv(vm), &good);
    bad = good;
    *(u32 *)(void *)((char *)&bad + foreign[_i].at) ^= foreign[_i].change;
    nv_put_root(vm_nv(vm), &bad);
    checked_refusal(vm, foreign[_i].says);
    nv_root(vm_nv(vm), &bad);
    good.boots = bad.boots;
    nv_put_root(vm_nv(vm), &good);
    goes_on(vm, watch);
    vm_free(vm);
}
END_TEST

// Is a file of another size, or cut short, refused before QEMU touches it?
START_TEST(file_of_another_size)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("size", base, &watch);

    ck_assert_int_eq(truncate(vm_nv(vm), 33 * MIB + 5), 0);
    vm_on(vm);
    vm_expect(vm, "bytes of memory, but 64 MiB are wanted");
    ck_assert_int_eq(vm_end(vm), 2);
    ck_assert_int_eq(truncate(vm_nv(vm), 128 * MIB), 0);
    vm_on(vm);
    vm_expect(vm, "128 MiB of memory, but 64 MiB are wanted");
    ck_assert_int_eq(vm_end(vm), 2);
    vm_free(vm);
}
END_TEST

// A file that lost its end, made long again: the slots are gone.
START_TEST(lost_end)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("lost-end", base, &watch);

    ck_assert_int_eq(truncate(vm_nv(vm), NV_ROOT_PA + 5 * PAGE_SIZE), 0);
    ck_assert_int_eq(truncate(vm_nv(vm), 64 * MIB), 0);
    checked_refusal(vm, "nv=cold");
    vm_free(vm);
}
END_TEST

// Is a file of random bytes refused, and does nv=cold make use of it?
START_TEST(random_bytes)
{
    struct vm *vm = checked_vm("random");
    char path[200];

    snprintf(path, sizeof(path), "%s", vm_nv(vm));
    fclose(fopen(path, "w"));
    nv_fill_random(path, 0, 64 * MIB, 4711);
    checked_refusal(vm, "nv=cold");
    vm_set_append(vm, "nv=cold");
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 50 &");
    vm_expect(vm, "counter: 3\n");
    ck_assert_uint_eq(checked_save(vm), 1);
    vm_cut(vm);
    vm_set_append(vm, NULL);
    checked_restore(vm, 1);
    vm_expect(vm, "counter: 5\n");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Can two machines share one memory?
START_TEST(second_machine)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("first", base, &watch);
    struct vm *second =
        vm_new(&(struct vm_options){.name = "second", .nv = vm_nv(vm)});

    goes_on(vm, watch);
    vm_on(second);
    vm_expect(second, "in use by another machine");
    ck_assert_int_eq(vm_end(second), 2);
    checked_watch(watch, watch_count(watch, 3));
    vm_free(vm);
    vm_free(second);
}
END_TEST

// Does occ=on enable at boot?  Does run= start another first program?
START_TEST(options_that_work)
{
    struct vm *vm =
        vm_new(&(struct vm_options){.name = "options", .append = "occ=on"});

    checked_boot(vm, VM_COLD);
    ck_assert_uint_eq(checked_save(vm), 1);
    vm_cut(vm);
    vm_set_append(vm, "nv=cold run=/bin/counter");
    ck_assert_int_eq(vm_decision(vm).outcome, VM_COLD);
    vm_expect(vm, "^counter: 2\n");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// After a power cut without any save: a cold start that says why.
START_TEST(no_save)
{
    struct vm *vm = checked_vm("no-save");
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    vm_cut(vm);
    boot = checked_boot(vm, VM_COLD);
    if (strstr(boot.line, "save") == NULL)
        vm_fail(vm, "It does not say that there is no save: %s", boot.line);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("boot");
    TCase *fresh = tcase_create("fresh memory");
    TCase *saved = tcase_create("memory with two saves");

    tcase_set_timeout(fresh, CASE_SECONDS);
    tcase_add_test(fresh, cold_start);
    tcase_add_test(fresh, random_bytes);
    tcase_add_test(fresh, options_that_work);
    tcase_add_test(fresh, no_save);
    suite_add_tcase(suite, fresh);

    tcase_set_timeout(saved, CASE_SECONDS);
    tcase_add_unchecked_fixture(saved, make_base, remove_base);
    tcase_add_loop_test(saved, bad_option, 0, BAD_OPTIONS);
    tcase_add_test(saved, wishes);
    tcase_add_loop_test(saved, foreign_root, 0, FOREIGN);
    tcase_add_test(saved, file_of_another_size);
    tcase_add_test(saved, lost_end);
    tcase_add_test(saved, second_machine);
    suite_add_tcase(suite, saved);
    return checked_main(suite);
}

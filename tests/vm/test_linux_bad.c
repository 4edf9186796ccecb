// test_linux_bad.c -- bad programs in the image: is it said what is wrong, and
// nobody harmed?
//
// bad_files.c has them, and what is to be said.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bad_files.h"
#include "held.h"
#include "session.h"

#define TREE "build/vm/bad-tree"
#define IMAGE "build/vm/bad.img"

static void
make_image(void)
{
    if (system("rm -rf " TREE
               " && mkdir -p build/vm && cp -al build/image " TREE) != 0)
        ck_abort_msg("No " TREE ".");
    bad_files_write(TREE "/linux/bad");
    if (system("tools/mkimage/mkimage -o " IMAGE " -d " TREE) != 0)
        ck_abort_msg("No " IMAGE ".");
}

static void
remove_image(void)
{
    if (system("rm -rf " TREE " " IMAGE) != 0)
        ck_abort_msg(TREE " stays.");
}

static void
native_shell(struct vm *vm)
{
    const struct bad_file *file;
    char line[100];

    for (unsigned n = 0; (file = bad_file_at(n)) != NULL; n++) {
        snprintf(line, sizeof(line), "linux /bad/%s", file->name);
        checked_command(vm, line, file->native);
    }
}

static void
linux_shell(struct vm *vm)
{
    const struct bad_file *file;
    char line[100];

    session_shell(vm);
    for (unsigned n = 0; (file = bad_file_at(n)) != NULL; n++) {
        snprintf(line, sizeof(line), "/bad/%s; echo = $?", file->name);
        session_shows(vm, line, file->shell);
    }
    vm_type(vm, "exit");
    vm_prompt(vm);
}

// From both shells; afterwards the kernel holds what it held, and saves.
START_TEST(bad)
{
    struct vm *vm = vm_new(&(struct vm_options){
        .name = "linux-bad", .disk = IMAGE, .mem_mib = SESSION_MIB});
    bool busybox = session_possible("busybox", "bad programs from sh");
    struct held before = {0};

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    native_shell(vm);
    if (busybox) {
        linux_shell(vm);
        before = held_now(vm);
        linux_shell(vm);
    }
    native_shell(vm);
    if (busybox)
        held_same(vm, &before, "after bad programs");
    unsigned save = checked_save(vm);

    session_cut(vm);
    checked_restore(vm, save);
    checked_command(vm, "linux /bad/good", "code 42");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// As the first program.
START_TEST(first)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = "linux-bad-first",
                                                .disk = IMAGE,
                                                .append = "run=/bad/script",
                                                .mem_mib = SESSION_MIB});

    vm_decision(vm);
    vm_expect(vm,
              "/bad/script is a script: its interpreter /bin/none is missing");
    vm_expect(vm,
              "the first program /bad/script cannot be started: the file is");
    vm_cut(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Bad Linux programs");
    TCase *tests = tcase_create("an image of its own");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_unchecked_fixture(tests, make_image, remove_image);
    tcase_add_test(tests, bad);
    tcase_add_test(tests, first);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

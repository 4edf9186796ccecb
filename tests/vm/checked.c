// checked.c -- what every test program of a machine shares
#include "checked.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plates.h"

static void
failed(const char *sentence)
{
    ck_abort_msg("%s", sentence);
}

int
checked_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int bad;

    vm_failed = failed;
    srunner_run_all(runner, CK_ENV);
    bad = srunner_ntests_failed(runner);
    srunner_free(runner);
    return bad == 0 ? 0 : 1;
}

struct vm *
checked_vm(const char *name)
{
    return vm_new(&(struct vm_options){.name = name});
}

struct vm *
checked_plates(const char *name)
{
    return vm_new(&(struct vm_options){.name = name, .store = VM_PLATES});
}

struct vm_boot
checked_boot(struct vm *vm, enum vm_outcome outcome)
{
    struct vm_boot boot = vm_boot(vm);

    if (boot.outcome != outcome)
        vm_fail(vm, "Not what should have been decided: %s", boot.line);
    return boot;
}

struct vm_boot
checked_restore(struct vm *vm, unsigned save)
{
    struct vm_boot boot = checked_boot(vm, VM_RESTORED);

    if (boot.save != save)
        vm_fail(vm, "Not save %u: %s", save, boot.line);
    return boot;
}

struct vm_boot
checked_resume(struct vm *vm, struct watch *watch, unsigned save)
{
    struct vm_boot boot = checked_restore(vm, save);

    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 2));
    return boot;
}

void
checked_cut(struct vm *vm, struct watch *watch, unsigned save)
{
    vm_cut(vm);
    checked_resume(vm, watch, save);
}

void
checked_watch(struct watch *watch, const char *wrong)
{
    if (wrong != NULL)
        vm_fail(watch->vm, "%s", wrong);
}

void
checked_command(struct vm *vm, const char *line, const char *contains)
{
    if (strstr(vm_command(vm, line), contains) == NULL)
        vm_fail(vm, "\"%s\" did not show \"%s\".", line, contains);
}

unsigned
checked_save(struct vm *vm)
{
    unsigned number;

    vm_type(vm, "save");
    number = (unsigned)atoi(vm_expect(vm, "tender: saved ([0-9]+):"));
    vm_expect(vm, "^tender> ");
    return number;
}

void
checked_programs(struct vm *vm, const char *counter, const char *fill)
{
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, counter);
    vm_command(vm, "life 50 quiet &");
    vm_command(vm, "ping &");
    vm_command(vm, "fpu &");
    vm_command(vm, fill);
    // All have begun.  Who writes first is anybody's guess.
    vm_expect(vm, "fill: pass 1 ok");
    vm_expect(vm, "counter: [0-9]+\n");
}

void
checked_programs_go_on(struct watch *watch)
{
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    checked_watch(watch, watch_wait(watch, "fpu: pass [0-9]+ ok"));
    checked_watch(watch, watch_wait(watch, "ping: [0-9]+ messages"));
    checked_watch(watch, watch_wait(watch, "life: generation [0-9]+"));
}

char *
checked_lines(const char *text, const char *pattern)
{
    char *lines = calloc(1, strlen(text) + 2), *to = lines;
    regmatch_t m;
    regex_t regex;

    ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE), 0);
    for (const char *p = text; regexec(&regex, p, 1, &m, 0) == 0;) {
        to = mempcpy(to, p + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
        *to++ = '\n';
        p = strchr(p + m.rm_eo, '\n');
        if (p == NULL)
            break;
        p++;
    }
    *to = 0;
    regfree(&regex);
    return lines;
}

// Two saves of a machine that is off, with the counter going on.
static struct watch *
make_base(const struct vm_options *options, const char *more)
{
    struct vm *vm = vm_new(options);
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, more);
    vm_command(vm, "counter 50 &");
    checked_watch(watch, watch_count(watch, 3));
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(watch, watch_count(watch, 6));
    ck_assert_uint_eq(checked_save(vm), 2);
    checked_watch(watch, watch_count(watch, 6));
    vm_cut(vm);
    checked_watch(watch, watch_read(watch));
    return watch;
}

struct watch *
checked_base(void)
{
    remove(BASE_NV);
    return make_base(&(struct vm_options){.name = "base", .nv = BASE_NV}, "");
}

struct watch *
checked_plates_base(void)
{
    remove(BASE_PLATES);
    return make_base(&(struct vm_options){.name = "base",
                                          .plates = BASE_PLATES,
                                          .store = VM_PLATES},
                     "fill 2 once");
}

struct watch *checked_base_watch;

void
checked_make_base(void)
{
    checked_base_watch = checked_plates_base();
}

void
checked_remove_base(void)
{
    vm_free(checked_base_watch->vm);
}

struct vm *
checked_on_base(const char *name, const struct watch *base,
                struct watch **watch)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = name});

    nv_copy(BASE_NV, vm_nv(vm));
    *watch = watch_copy(base, vm);
    return vm;
}

struct vm *
checked_on_plates_base(const char *name, const struct watch *base,
                       struct watch **watch)
{
    struct vm *vm = checked_plates(name);

    nv_copy(BASE_PLATES, vm_plates(vm));
    *watch = watch_copy(base, vm);
    return vm;
}

void
checked_refusal(struct vm *vm, const char *contains)
{
    struct vm_boot boot = vm_decision(vm);

    if (boot.outcome != VM_REFUSED || strstr(boot.line, contains) == NULL)
        vm_fail(vm, "Not a refusal about \"%s\": %s", contains, boot.line);
    vm_run(vm, 100);
    if (strstr(vm_text(vm) + vm_boot_start(vm), "tender> ") != NULL)
        vm_fail(vm, "It refused, and goes on.");
    vm_cut(vm);
}

struct vm_boot
checked_goes_on(struct vm *vm, struct watch *watch, unsigned save)
{
    checked_watch(watch, watch_read(watch));
    watch->acked = save;
    struct vm_boot boot = checked_resume(vm, watch, save);

    checked_watch(watch, watch_count(watch, 1));
    vm_prompt(vm);
    return boot;
}

void
checked_disk(struct vm *vm)
{
    const char *wrong = plates_check(vm_plates(vm));

    if (wrong != NULL)
        vm_fail(vm, "The plate disk is not whole: %s.", wrong);
}

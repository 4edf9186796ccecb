// test_engine.c -- does a machine under control behave as one left alone?
//
// A save of the real machine is recorded once; each test boots images of it
// through the private boot ROM.
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tests/cut/crash.h"
#include "tests/cut/record.h"
#include "tests/cut/second_save.h"

#define SECONDS 30.0

static struct record record;

static struct engine *
machine(bool tracing)
{
    struct engine *e = engine_new(
        &(struct engine_options){.name = "engine", .tracing = tracing});

    ck_assert_msg(engine_on(e), "%s", engine_fault(e));
    return e;
}

static struct crash *
image_of(struct engine *e)
{
    struct crash *image = crash_new(record.base, record.bytes);

    engine_load(e, image->memory);
    return image;
}

static void
apply(struct crash *image, u64 from, u64 to)
{
    for (u64 i = from; i < to; i++)
        crash_apply(image, &record.events[i]);
}

static void
expect_restored(struct engine *e, const char *line)
{
    ck_assert_int_eq(engine_wait(e, SECONDS), AT_RESUME);
    ck_assert_msg(strstr(engine_said(e), line) != NULL, "expected \"%s\":\n%s",
                  line, engine_said(e));
}

// Does a kernel that was booted by the ROM run on, with disk, console and
// further saves, and again after that?
START_TEST(runs_on)
{
    struct engine *e = machine(false);
    struct crash *image = image_of(e);

    apply(image, 0, record.count);
    for (int i = 0; i < 2; i++) {
        crash_boot(image, e);
        expect_restored(e, "restored save 2");
        engine_go(e);
        vm_prompt(e->vm);
        ck_assert_ptr_nonnull(strstr(vm_command(e->vm, "hello"), "ello"));
        ck_assert_ptr_nonnull(strstr(vm_command(e->vm, "save"), "saved 3"));
        ck_assert_int_eq(engine_hold(e, SECONDS), AT_TRAP);
    }
    crash_free(image);
    engine_free(e);
}
END_TEST

// Do a first start and a shutdown work without GRUB, too?
START_TEST(starts_and_stops)
{
    struct engine *e = machine(false);

    engine_power(e, true);
    ck_assert_int_eq(engine_wait(e, SECONDS), AT_COLD);
    engine_go(e);
    vm_expect(e->vm, "^tender> ");
    vm_command(e->vm, "occ enable");
    vm_type(e->vm, "shutdown");
    ck_assert_int_eq(engine_wait(e, SECONDS), AT_OFF);
    engine_power(e, false);
    ck_assert_int_eq(engine_wait(e, SECONDS), AT_RESUME);
    ck_assert_ptr_nonnull(strstr(engine_said(e), "continued from shutdown"));
    engine_free(e);
}
END_TEST

// Is what is in memory before a boot always the image, whatever the boots
// before have written?
START_TEST(patched)
{
    struct engine *e = machine(false);
    struct crash *image = image_of(e);
    u64 hash = crash_hash(image);
    u32 pa = 0;

    for (u64 part = 0; part < 8; part++) {
        u32 mark = crash_mark(image);

        apply(image, 0, record.count * part / 7);
        crash_boot(image, e);
        expect_restored(e, part < 7 ? "restored save 1" : "restored save 2");
        ck_assert_msg(crash_agrees(image, e, &pa), "at %x", pa);
        crash_back(image, mark);
    }
    ck_assert_uint_eq(crash_hash(image), hash);
    crash_free(image);
    engine_free(e);
}
END_TEST

// Is a traced recovery whole: do image and events make what is in memory?
START_TEST(traced)
{
    struct engine *e = machine(true);
    struct crash *image = image_of(e);

    apply(image, 0, record.count / 2);
    crash_boot_traced(image, e);
    expect_restored(e, "restored save 1");
    ck_assert_uint_gt(e->ctl->events, 1000);
    ck_assert_msg(e->ctl->unseen == 0, "%lu bytes changed unseen, at %x",
                  (unsigned long)e->ctl->unseen, e->ctl->unseen_pa);
    for (u64 i = 0; i < e->ctl->events; i++)
        crash_apply(image, &engine_events(e)[i]);
    for (u32 at = e->ctl->trace_from; at < e->ctl->trace_to; at += 4)
        if (memcmp(image->memory + at, e->ram + at, 4) != 0)
            ck_abort_msg("at %x", at);
    crash_free(image);
    engine_free(e);
}
END_TEST

// A disk that answers after half a second of the host's time: does the guest,
// whose deadline comes sooner, get its data?
START_TEST(slow_disk)
{
    static const char *const more[] = {"--throttle-disk", "2:0", NULL};
    struct engine *e =
        engine_new(&(struct engine_options){.name = "slow", .more = more});

    ck_assert_msg(engine_on(e), "%s", engine_fault(e));
    engine_power(e, true);
    ck_assert_int_eq(engine_wait(e, SECONDS), AT_COLD);
    engine_go(e);
    vm_expect(e->vm, "^tender> ");
    for (int i = 0; i < 4; i++)
        ck_assert_ptr_nonnull(strstr(vm_command(e->vm, "hello"), "ello"));
    engine_free(e);
}
END_TEST

// Is a machine that hangs started again, and is all as before?
START_TEST(hangs)
{
    struct engine *e = machine(false);
    struct crash *image = image_of(e);

    engine_stop_at(e, AT_RESUME, STOP_NOTHING, 0, 0);
    ck_assert_int_eq(crash_try(image, e, 0.3), AT_TIMEOUT);
    ck_assert_int_eq(crash_try(image, e, SECONDS), AT_RESUME);
    crash_free(image);
    engine_free(e);
}
END_TEST

// Is a commit word without what it stands for noticed?
START_TEST(wrong_order)
{
    struct engine *e = machine(false);
    struct crash *image = image_of(e);
    const u32 commit_pa = NV_ROOT_PA + offsetof(struct nv_root, commit);
    int found = 0;

    for (u64 i = 0; i < record.count; i++)
        if (record.events[i].pa == commit_pa &&
            crash_is_store(&record.events[i])) {
            crash_apply(image, &record.events[i]);
            found++;
        }
    ck_assert_int_eq(found, 1);
    crash_boot(image, e);
    int at = engine_wait(e, SECONDS);

    ck_assert_msg(at == AT_OFF || strstr(engine_said(e), "save 1") != NULL,
                  "came to %s: %s", engine_where(e, at), engine_said(e));
    crash_free(image);
    engine_free(e);
}
END_TEST

int
main(void)
{
    const char *lacks = record_second_save(&record, "engine-record");
    Suite *suite = suite_create("engine");
    TCase *tc = tcase_create("engine");
    SRunner *runner = srunner_create(suite);
    int failed;

    if (lacks != NULL) {
        printf("skipped: crash images in the real kernel: %s\n", lacks);
        return 0;
    }
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, runs_on);
    tcase_add_test(tc, starts_and_stops);
    tcase_add_test(tc, patched);
    tcase_add_test(tc, traced);
    tcase_add_test(tc, slow_disk);
    tcase_add_test(tc, hangs);
    tcase_add_test(tc, wrong_order);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

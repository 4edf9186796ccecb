// test_selftest.c -- is the trace exact, and does a power cut keep exactly it?
//
// selftest.asm is a guest of which every change of memory is known.
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/crash.h"

#define TRACED_VA 0xf0400u
#define ENDED_VA 0xf0c00u
#define SECONDS 20.0

// Where va 0x400000, 0x401000 and 0x402000 are, and the tables.
#define A 0x610000u
#define B 0x640000u
#define C 0x650000u
#define DIR 0x500000u
#define TABLE 0x501000u
#define ROM 0xf0000u

static const struct cut_event expected[] = {
    // 1
    {CUT_MMU, 4, 0, DIR + 4, TABLE | 0x23, 0, 0},
    {CUT_MMU, 4, 0, TABLE, A | 0x63, 0, 0},
    {CUT_STORE, 4, 0, A + 0x10, 0x11223344, 0, 0},
    // 2
    {CUT_STORE, 2, 0, A + 0x21, 0xbeef, 0, 0},
    {CUT_STORE, 4, 0, A + 0x3e, 0x55667788, 0, 0},
    // 3
    {CUT_MMU, 4, 0, TABLE + 4, B | 0x23, 0, 0},
    // 4
    {CUT_MMU, 4, 0, TABLE + 4, B | 0x63, 0, 0},
    {CUT_STORE, 2, 0, A + 0xffe, 0xa3a4, 0, 0},
    {CUT_STORE, 2, 0, B, 0xa1a2, 0, 0},
    // 5
    {CUT_STORE, 4, 0, B + 0x100, 0x101, 0, 0},
    {CUT_STORE, 4, 0, B + 0x104, 0x102, 0, 0},
    {CUT_STORE, 4, 0, B + 0x108, 0x103, 0, 0},
    // 6
    {CUT_STORE, 4, 0, B + 0x7fc, 0x77, 0, 0},
    {CUT_STORE, 4, 0, B + 0x7f8, ROM + 0x605, 0, 0},
    // 7; the push lies where the one of 6 was popped
    {CUT_STORE, 4, 0, B + 0x7fc, 2, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7fc, 2, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f8, 8, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f4, ROM + 0x622, 0, 0},
    // 8
    {CUT_FRAME, 4, 0, B + 0x7fc, 2, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f8, 8, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f4, ROM + 0x640, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f0, 2, 0, 0},
    {CUT_STORE, 4, 0, TABLE + 8, C | 3, 0, 0},
    {CUT_MMU, 4, 0, TABLE + 8, C | 0x63, 0, 0},
    {CUT_STORE, 4, 0, C, 1, 0, 0},
    // 9
    {CUT_STORE, 1, 0, TABLE, 0x23, 0, 0},
    {CUT_MMU, 4, 0, TABLE, A | 0x63, 0, 0},
    {CUT_STORE, 1, 0, A, 9, 0, 0},
    // 10
    {CUT_FLUSH, 0, 0, A + 0x40, 0, 0, 0},
    {CUT_FLUSH, 0, 0, A + 0xc0, 0, 0, 0},
    {CUT_FLUSH_NOW, 0, 0, B + 0x80, 0, 0, 0},
    // 11
    {CUT_FENCE, 0, 0, 0, 0, 0, 0},
    {CUT_FENCE, 0, 0, 0, 0, 0, 0},
    {CUT_STORE, 4, 0, A + 0x10, 0x11223345, 0, 0},
    {CUT_FENCE, 0, 0, 0, 0, 0, 0},
    {CUT_STORE, 4, 0, A + 0x10, 0x99, 0, 0},
    {CUT_FENCE, 0, 0, 0, 0, 0, 0},
    // 12
    {CUT_CR3, 0, 0, 0, DIR, 0, 0},
    // 13
    {CUT_STORE, 8, 0, B + 0x300, 0x01234567, 0, 0},
    {CUT_STORE, 8, 0, B + 0x308, 0, 0, 0},
    {CUT_STORE, 8, 0, A + 0xff8, 0x01234567, 0, 0},
    {CUT_STORE, 8, 0, B, 0, 0, 0},
    // 14
    {CUT_STORE, 4, 0, B + 0x7fc, 0x23, 0, 0},
    {CUT_STORE, 4, 0, B + 0x7f8, 0x401a00, 0, 0},
    {CUT_STORE, 4, 0, B + 0x7f4, 2, 0, 0},
    {CUT_STORE, 4, 0, B + 0x7f0, 0x1b, 0, 0},
    {CUT_STORE, 4, 0, B + 0x7ec, ROM + 0x800, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x8fc, 0x23, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x8f8, 0x401a00, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x8f4, 2, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x8f0, 0x1b, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x8ec, ROM + 0x802, 0, 0},
    // 15
    {CUT_FRAME, 4, 0, B + 0x7fc, 0x202, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f8, 8, 0, 0},
    {CUT_FRAME, 4, 0, B + 0x7f4, ROM + 0x88c, 0, 0},
    // 16
    {CUT_OUTPUT, 0, 0, 0, 'A', 0, 0},
    // 17
    {CUT_STORE, 1, 0, A, 9, 0, 0},
    {CUT_FLUSH_ALL, 0, 0, 0, 0, 0, 0},
};
#define EVENTS (sizeof(expected) / sizeof(expected[0]))

static int traced, ended;

static struct engine *
guest(void)
{
    struct engine *e =
        engine_new(&(struct engine_options){.name = "selftest",
                                            .elf = "",
                                            .rom = "build/cut/selftest.bin",
                                            .events_max = 10000,
                                            .tracing = true});

    traced = engine_watch_at(e, TRACED_VA);
    ended = engine_watch_at(e, ENDED_VA);
    engine_stop_at(e, traced, STOP_HOLD, STOP_TRACE, 0);
    engine_stop_at(e, ended, STOP_HOLD, STOP_END, 0);
    return e;
}

// With empty memory, held where the trace begins.
static void
begin(struct engine *e)
{
    memset(e->ram, 0, e->bytes);
    ck_assert_msg(engine_on(e), "%s", engine_fault(e));
    engine_go(e);
    ck_assert_int_eq(engine_wait(e, SECONDS), traced);
}

static void
same_event(const struct cut_event *is, const struct cut_event *ought, size_t i)
{
    ck_assert_msg(is->kind == ought->kind && is->size == ought->size &&
                      is->pa == ought->pa && is->value == ought->value,
                  "event %zu: kind %u size %u pa %x value %lx eip %x; "
                  "expected kind %u size %u pa %x value %lx",
                  i, is->kind, is->size, is->pa, (unsigned long)is->value,
                  is->eip, ought->kind, ought->size, ought->pa,
                  (unsigned long)ought->value);
}

// Is what was traced what the guest does, no more and no less?
START_TEST(exact)
{
    struct engine *e = guest();

    begin(e);
    engine_go(e);
    ck_assert_int_eq(engine_wait(e, SECONDS), ended);
    for (size_t i = 0; i < EVENTS && i < e->ctl->events; i++)
        same_event(&engine_events(e)[i], &expected[i], i);
    ck_assert_uint_eq(e->ctl->events, EVENTS);
    ck_assert_uint_eq(e->ctl->inexact, 0);
    ck_assert_msg(e->ctl->unseen == 0, "%lu bytes changed unseen, at %x",
                  (unsigned long)e->ctl->unseen, e->ctl->unseen_pa);
    engine_free(e);
}
END_TEST

static void
same_memory(const struct engine *e, const u8 *image, size_t n)
{
    for (u32 at = 0; at < e->bytes; at += 4)
        if (memcmp(image + at, e->ram + at, 4) != 0)
            ck_abort_msg("cut at %zu: %x is %x, expected %x", n, at,
                         *(u32 *)(e->ram + at), *(u32 *)(image + at));
}

// Does the file after a power cut at event N hold the first N events, and
// nothing else?  For every third N, or with CUT_ALL=yes in the environment for
// each.
START_TEST(cut)
{
    struct engine *e = guest();
    u8 *image = malloc(e->bytes);

    size_t step = getenv("CUT_ALL") == NULL ? 3 : 1;

    for (size_t n = step == 1 ? 1 : 2; n <= EVENTS; n += step) {
        begin(e);
        memcpy(image, e->ram, e->bytes);
        e->ctl->cut_at = n;
        engine_go(e);
        ck_assert_int_eq(engine_wait(e, SECONDS), AT_END);
        for (size_t i = 0; i < n; i++)
            memcpy(image + expected[i].pa, &expected[i].value,
                   expected[i].size);
        same_memory(e, image, n);
        e->ctl->cut_at = 0;
    }
    free(image);
    engine_free(e);
}
END_TEST

// Does a byte that changes unseen show?
START_TEST(unseen)
{
    struct engine *e = guest();

    begin(e);
    e->ram[0x777123] ^= 1;
    engine_go(e);
    ck_assert_int_eq(engine_wait(e, SECONDS), ended);
    ck_assert_uint_eq(e->ctl->unseen, 1);
    ck_assert_uint_eq(e->ctl->unseen_pa, 0x777123);
    engine_free(e);
}
END_TEST

// What this QEMU lacks, or NULL.
static const char *
lacks(void)
{
    static char sentence[256];
    struct engine *e = guest();

    if (!engine_on(e))
        snprintf(sentence, sizeof(sentence), "%s", engine_fault(e));
    engine_free(e);
    return sentence[0] == 0 ? NULL : sentence;
}

int
main(void)
{
    Suite *suite = suite_create("cut");
    TCase *tc = tcase_create("selftest");
    SRunner *runner = srunner_create(suite);
    int failed;

    if (lacks() != NULL) {
        printf("skipped: traces and exact power cuts: %s\n", lacks());
        return 0;
    }
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, exact);
    tcase_add_test(tc, cut);
    tcase_add_test(tc, unseen);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

// test_root.c -- does the root say what it was made to say, at every boot?
#include <stddef.h>
#include <string.h>

#include "plate/begin.h"
#include "program.h"
#include "suite.h"

static struct decision decision;

static enum outcome
look(enum nv_option wish)
{
    decide(&decision, kernel_layout(), KERNEL_BUILD, wish);
    return decision.outcome;
}

static u32
ones(u32 value)
{
    return (u32)__builtin_popcount(value);
}

// Is every generation word even, and any odd number of flips noticed?
START_TEST(parity)
{
    for (u32 i = 0; i < 2000; i++) {
        u32 generation = i * i * 2654435761u & GENERATION_MAX;
        u32 stored = root_word(generation);

        ck_assert_uint_eq(ones(stored) % 2, 0);
        ck_assert_uint_eq(root_generation(stored), generation);
        for (u32 bit = 0; bit < 32; bit++) {
            u32 three = stored ^ 1u << bit ^ 1u << (bit + 7) % 32 ^
                        1u << (bit + 20) % 32;

            ck_assert_uint_eq(root_generation(stored ^ 1u << bit), -1u);
            ck_assert_uint_eq(root_generation(three), -1u);
        }
    }
}
END_TEST

static void
too_high(void *arg)
{
    (void)arg;
    root_word(GENERATION_MAX + 1);
}

// Is a generation that has no word refused?
START_TEST(too_high_generation)
{
    ck_assert_int_eq(fake_run(too_high, NULL), FAKE_FAILED);
}
END_TEST

// Is each field that never changes checked, with a sentence of its own?
START_TEST(check)
{
    struct nv_root *root = root_at();
    char wrong[200];

    ck_assert_int_eq(
        root_check(root, KERNEL_PAGES, KERNEL_BUILD, wrong, sizeof(wrong)), 0);
    ck_assert_int_lt(
        root_check(root, KERNEL_PAGES * 2, KERNEL_BUILD, wrong, sizeof(wrong)),
        0);
    ck_assert_ptr_nonnull(strstr(wrong, "16 MiB"));
    ck_assert_int_lt(
        root_check(root, KERNEL_PAGES, 0x1234, wrong, sizeof(wrong)), 0);
    ck_assert_ptr_nonnull(strstr(wrong, "00001234"));
    for (u32 bit = 0; bit < offsetof(struct nv_root, commit) * 8; bit++) {
        ((u32 *)root)[bit / 32] ^= 1u << bit % 32;
        ck_assert_int_lt(
            root_check(root, KERNEL_PAGES, KERNEL_BUILD, wrong, sizeof(wrong)),
            0);
        ck_assert_ptr_nonnull(strstr(wrong, "damaged"));
        ((u32 *)root)[bit / 32] ^= 1u << bit % 32;
    }
}
END_TEST

// Is a forgotten root none, and one that is made again whole?
START_TEST(forget_and_create)
{
    struct nv_root *root = root_at();
    u32 flushes = fake.flushes;
    u32 fences = fake.fences;

    root_forget(root);
    ck_assert_uint_gt(fake.flushes, flushes);
    ck_assert_uint_gt(fake.fences, fences);
    ck_assert_uint_eq(root->magic, 0);
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_COLD);
    ck_assert_ptr_nonnull(strstr(decision.why, "cut before it was complete"));
    ck_assert_int_eq(look(NV_RESTORE), OUTCOME_REFUSE);
    ck_assert_int_eq(look(NV_CONTINUE), OUTCOME_REFUSE);
    root_create(root, kernel_layout(), &kernel()->limits, 7);
    ck_assert_uint_eq(root->build, 7);
    ck_assert_uint_eq(root->boots, 1);
    ck_assert_uint_eq(root->flag, FLAG_ABNORMAL);
    ck_assert_uint_eq(root->commit | root->previous, 0);
    decide(&decision, kernel_layout(), 7, NV_AUTO);
    ck_assert_int_eq(decision.outcome, OUTCOME_COLD); // there is no save
}
END_TEST

// What do the wishes get from memory that was never used, or never saved?
START_TEST(wishes)
{
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_COLD);
    ck_assert_int_eq(look(NV_COLD), OUTCOME_COLD);
    ck_assert_int_eq(look(NV_RESTORE), OUTCOME_REFUSE);
    ck_assert_ptr_nonnull(strstr(decision.why, "there is no save"));
    ck_assert_int_eq(look(NV_CONTINUE), OUTCOME_REFUSE);
    ck_assert_ptr_nonnull(strstr(decision.why, "not a shutdown"));
    machine_zero_page(root_at());
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_COLD);
    ck_assert_ptr_nonnull(strstr(decision.why, "there is no root"));
    ck_assert_int_eq(look(NV_RESTORE), OUTCOME_REFUSE);
    ck_assert_int_eq(look(NV_CONTINUE), OUTCOME_REFUSE);
    ck_assert_int_eq(look(NV_COLD), OUTCOME_COLD);
}
END_TEST

// Is the flag abnormal and the boot counted, and a commit word mended or not?
START_TEST(begin)
{
    struct nv_root *root = root_at();
    u32 flushes;

    root_set(&root->commit, root_word(5));
    root_set(&root->previous, root_word(4));
    flushes = fake.flushes;
    begin_restoring();
    ck_assert_uint_eq(fake.flushes, flushes); // it was abnormal
    root_set(&root->flag, FLAG_NORMAL);
    begin_restoring();
    ck_assert_uint_eq(root->flag, FLAG_ABNORMAL);
    ck_assert_uint_eq(root->boots, 1);
    root_set(&root->flag, FLAG_NORMAL);
    decision = (struct decision){.generation = 4};
    begin_running(&decision);
    ck_assert_uint_eq(root->flag, FLAG_ABNORMAL);
    ck_assert_uint_eq(root->boots, 2);
    ck_assert_uint_eq(root->commit, root_word(5));
    ck_assert_uint_eq(root->previous, root_word(4));
    decision.mend_commit = 1;
    begin_running(&decision);
    ck_assert_uint_eq(root->commit, root_word(4));
    ck_assert_uint_eq(root->previous, 0);
    ck_assert_uint_eq(root->boots, 3);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        parity, too_high_generation, check, forget_and_create, wishes, begin,
        NULL};
    const struct suite suite = {.name = "root",
                                .open = program_open,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

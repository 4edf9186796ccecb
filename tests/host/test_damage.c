// test_damage.c -- is damaged NV memory refused with a reason, never believed?
//
// A bit is flipped somewhere in the root, the slots or the shutdown page; then
// the boot decides.  What it decides on must not contain the bit.
#include <stdlib.h>
#include <string.h>

#include "host_kernel.h"
#include "plate/save.h"
#include "suite.h"

static struct decision decision;

static void
start(void)
{
    struct booted booted;

    fake_open(KERNEL_PAGES);
    ck_assert_int_eq(kernel_boot(&booted, NV_AUTO), 0);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(2, 1), 0);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    for (u32 i = 0; i < 3; i++) {
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
    }
}

static enum outcome
look(enum nv_option wish)
{
    decide(&decision, kernel_layout(), KERNEL_BUILD, wish);
    ck_assert_uint_gt(strlen(decision.why), 10);
    ck_assert_uint_lt(strlen(decision.why), sizeof(decision.why) - 1);
    return decision.outcome;
}

static void
flip(u32 pa, u32 bit)
{
    *(u32 *)ram_at(pa) ^= 1u << bit;
}

// Bytes of a slot that nothing is kept in.
static int
is_spare(u32 slot, u32 pa)
{
    u32 offset = pa - kernel_layout()->slot_pa[slot];

    return offset >= SLOT_HEADER_PAGES * PAGE_SIZE &&
           pa >= kernel_layout()->slot_table_pa[slot][TABLE_PLATE] +
                     kernel_layout()->table_pages[TABLE_PLATE] * PAGE_SIZE;
}

static void
ck_slot(u32 slot, enum outcome if_newest)
{
    u32 from = kernel_layout()->slot_pa[slot];
    u32 newest = slot == (3 & 1);
    u32 n = 0;

    for (u32 pa = from; !is_spare(slot, pa); pa += n % 64 < 40 ? 4 : 68, n++) {
        flip(pa, n % 32);
        if (!newest) {
            ck_assert_int_eq(look(NV_AUTO), OUTCOME_RESTORE);
            ck_assert_uint_eq(decision.generation, 3);
        } else {
            ck_assert_msg(look(NV_AUTO) == if_newest, "0x%08x: %s", pa,
                          decision.why);
            if (if_newest == OUTCOME_RESTORE) {
                ck_assert_uint_eq(decision.generation, 2);
                ck_assert_uint_eq(decision.mend_commit, 1);
            }
        }
        flip(pa, n % 32);
    }
    ck_assert_uint_gt(n, 500);
}

// Does a save fall back to the one before it when it is damaged anywhere?
START_TEST(newest_slot)
{
    ck_slot(1, OUTCOME_RESTORE);
}
END_TEST

// Is the older slot left alone as long as the newest is good?
START_TEST(older_slot)
{
    ck_slot(0, OUTCOME_RESTORE);
}
END_TEST

// Is a damaged save refused when the one before it is no longer whole?
START_TEST(nothing_older)
{
    ck_assert_int_eq(place_delete(0), 0);
    ck_assert_int_eq(kernel_save(), 0); // frees save areas: generation 4
    root_set(&root_at()->commit, root_word(3));
    ck_slot(1, OUTCOME_REFUSE);
}
END_TEST

START_TEST(both_slots)
{
    flip(kernel_layout()->slot_pa[0], 3);
    flip(kernel_layout()->slot_pa[1], 3);
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_REFUSE);
    ck_assert_int_eq(look(NV_RESTORE), OUTCOME_REFUSE);
    ck_assert_int_eq(look(NV_COLD), OUTCOME_COLD);
}
END_TEST

// Does the state that was fallen back to work, and the next save after it?
START_TEST(going_on_from_older)
{
    struct booted booted;
    const char *wrong;

    flip(kernel_layout()->slot_pa[1] + PAGE_SIZE, 7);
    for (u32 i = 0; i < 3; i++) {
        fake_power_cut();
        ck_assert_int_eq(kernel_boot(&booted, NV_AUTO), 0);
        ck_assert_int_eq(booted.decision.outcome, OUTCOME_RESTORE);
        ck_assert_uint_eq(booted.decision.generation, 2 + i);
        ck_assert_uint_eq(booted.decision.mend_commit, i == 0 ? 1 : 0);
        ck_assert_uint_eq(kernel()->version, 3 + i);
        wrong = kernel_wrong();
        ck_assert_msg(wrong == NULL, "%s", wrong);
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
        places_write();
    }
}
END_TEST

// nv=restore gets the committed save past a damaged flag or commit word, and
// past nothing else.
static void
ck_restore_wish(u32 offset)
{
    if (offset == offsetof(struct nv_root, flag) ||
        offset == offsetof(struct nv_root, commit)) {
        ck_assert_int_eq(look(NV_RESTORE), OUTCOME_RESTORE);
        ck_assert_uint_eq(decision.generation, 3);
    } else {
        ck_assert_int_eq(look(NV_RESTORE), OUTCOME_REFUSE);
    }
}

// Is every flipped bit of the root refused, or harmless, and never cold?
START_TEST(root)
{
    const u32 harmless = offsetof(struct nv_root, previous);

    for (u32 bit = 0; bit < sizeof(struct nv_root) * 8; bit++) {
        u32 offset = bit / 32 * 4;

        flip(NV_ROOT_PA + offset, bit % 32);
        if (offset == harmless || offset >= offsetof(struct nv_root, boots)) {
            ck_assert_int_eq(look(NV_AUTO), OUTCOME_RESTORE);
            ck_assert_uint_eq(decision.generation, 3);
        } else {
            ck_assert_msg(look(NV_AUTO) == OUTCOME_REFUSE, "bit %u: %s", bit,
                          decision.why);
            ck_restore_wish(offset);
            ck_assert_int_eq(look(NV_COLD), OUTCOME_COLD);
        }
        flip(NV_ROOT_PA + offset, bit % 32);
    }
}
END_TEST

// Is a damaged word for the older save never followed?
START_TEST(previous)
{
    flip(kernel_layout()->slot_pa[1], 0);
    for (u32 bit = 0; bit < 32; bit++) {
        flip(NV_ROOT_PA + offsetof(struct nv_root, previous), bit);
        ck_assert_int_eq(look(NV_AUTO), OUTCOME_REFUSE);
        flip(NV_ROOT_PA + offsetof(struct nv_root, previous), bit);
    }
    // Nor one that names a save which is not the one before.
    root_set(&root_at()->previous, root_word(1));
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_REFUSE);
}
END_TEST

static void
shut_down(void *arg)
{
    (void)arg;
    kernel_control(SYSTEM_SHUTDOWN);
}

// Is a damaged processor state refused, with the way back to the last save?
START_TEST(shutdown)
{
    u32 pa = kernel_layout()->shutdown_pa;

    ck_assert_int_eq(fake_run(shut_down, NULL), FAKE_STOPPED);
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_CONTINUE);
    for (u32 offset = 0; offset < sizeof(struct nv_shutdown); offset += 4) {
        flip(pa + offset, offset / 4 % 32);
        ck_assert_msg(look(NV_AUTO) == OUTCOME_REFUSE, "offset %u", offset);
        ck_assert_ptr_nonnull(strstr(decision.why, "nv=restore"));
        ck_assert_int_eq(look(NV_RESTORE), OUTCOME_RESTORE);
        flip(pa + offset, offset / 4 % 32);
    }
    ck_assert_int_eq(look(NV_CONTINUE), OUTCOME_CONTINUE);
    // The live tables are what goes on.
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < kernel_layout()->table_pages[t] * 32; i++) {
            u32 at = kernel_layout()->table_pa[t] + i * 128 + i % 32 * 4;

            flip(at, i % 32);
            ck_assert_int_eq(look(NV_AUTO), OUTCOME_REFUSE);
            flip(at, i % 32);
        }
}
END_TEST

// Is state of another machine or kernel left alone, and both named?
START_TEST(another)
{
    struct layout layout = *kernel_layout();

    decide(&decision, &layout, KERNEL_BUILD + 1, NV_AUTO);
    ck_assert_int_eq(decision.outcome, OUTCOME_REFUSE);
    ck_assert_ptr_nonnull(strstr(decision.why, "600dc0de"));
    ck_assert_ptr_nonnull(strstr(decision.why, "600dc0df"));
    ck_assert_ptr_nonnull(strstr(decision.why, "nv=cold"));
    layout.memory_pages *= 2;
    decide(&decision, &layout, KERNEL_BUILD, NV_AUTO);
    ck_assert_int_eq(decision.outcome, OUTCOME_REFUSE);
    ck_assert_ptr_nonnull(strstr(decision.why, "8 MiB"));
    ck_assert_ptr_nonnull(strstr(decision.why, "16 MiB"));
}
END_TEST

// Generation words: any single flipped bit is noticed.
START_TEST(words)
{
    static const u32 generation[] = {0, 1, 2, 3, 0x12345678, GENERATION_MAX};

    for (u32 i = 0; i < ARRAY_LEN(generation); i++) {
        u32 stored = root_word(generation[i]);

        ck_assert_uint_eq(root_generation(stored), generation[i]);
        ck_assert_uint_eq(stored & GENERATION_MAX, generation[i]);
        for (u32 bit = 0; bit < 32; bit++)
            ck_assert_uint_eq(root_generation(stored ^ 1u << bit), -1u);
    }
    ck_assert_uint_eq(root_word(0), 0);
}
END_TEST

// Is the last generation there is refused, not wrapped?
START_TEST(last_generation)
{
    kernel()->plates.head->generation = GENERATION_MAX;
    ck_assert_int_lt(kernel_save(), 0);
    ck_assert_int_eq(look(NV_AUTO), OUTCOME_RESTORE);
    ck_assert_uint_eq(decision.generation, 3);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {newest_slot,
                                 older_slot,
                                 nothing_older,
                                 both_slots,
                                 going_on_from_older,
                                 root,
                                 previous,
                                 shutdown,
                                 another,
                                 words,
                                 last_generation,
                                 NULL};
    const struct suite suite = {
        .name = "damage", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

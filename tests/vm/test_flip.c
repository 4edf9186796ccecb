// test_flip.c -- one flipped bit in NV memory: is the outcome ever wrong?
//
// Right are: the newest save, the save before it (when it is said), or a
// refusal that leaves everything as it was.  Never a cold start, never a
// system that goes on with something else.
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "nv.h"

#define ROOT_WORDS (int)(sizeof(struct nv_root) / 4)
#define NEWEST_SAMPLES 14
#define OLDER_SAMPLES 4
#define LIVE_SAMPLES 4
#define SHUTDOWN_SAMPLES 8
#define SEED 20260801u

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

static u32
below(u32 limit)
{
    return (u32)random() % limit;
}

// The decision is right, and the programs go on accordingly.
static void
goes_on(struct vm *vm, struct watch *watch, const struct vm_boot *boot)
{
    if (boot->outcome != VM_RESTORED || boot->save + 1 < base->acked ||
        boot->save > base->acked)
        vm_fail(vm, "Not what should have been decided: %s", boot->line);
    watch->acked = boot->save; // what was damaged on purpose may be lost
    watch->stopped = false;
    checked_watch(watch, watch_boot(watch, boot));
    checked_watch(watch, watch_count(watch, 3));
}

static void
flip_and_boot(const char *what, u32 pa, unsigned bit)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("flip", base, &watch);
    struct vm_boot boot;

    vm_note(vm, "%s: bit %u of the byte at 0x%x is flipped", what, bit, pa);
    nv_flip(vm_nv(vm), pa, bit);
    boot = vm_decision(vm);
    if (boot.outcome == VM_REFUSED) {
        vm_run(vm, 50);
        vm_cut(vm);
        nv_flip(vm_nv(vm), pa, bit);
        boot = vm_decision(vm);
        if (boot.save != base->acked)
            vm_fail(vm, "The refusal spoilt the state: %s", boot.line);
    }
    goes_on(vm, watch, &boot);
    vm_free(vm);
}

START_TEST(root_word)
{
    srandom(SEED + (unsigned)_i);
    flip_and_boot("root", NV_ROOT_PA + 4 * (u32)_i + below(4), below(8));
}
END_TEST

// A place in a slot: every other sample in what its header uses.
static u32
place_in_slot(const struct layout *layout, int slot, int sample)
{
    u32 used = offsetof(struct nv_slot, page_sum) + 4 * layout->slot_pages;
    u32 bytes = layout->slot_pages * PAGE_SIZE;

    if (sample % 2 == 1)
        return layout->slot_table_pa[slot][0] + below(bytes);
    if (sample % 4 == 0)
        return layout->slot_pa[slot] + below(offsetof(struct nv_slot, padding));
    return layout->slot_pa[slot] + below(used);
}

START_TEST(newest_slot)
{
    struct layout layout;

    srandom(SEED * 3 + (unsigned)_i);
    nv_layout(BASE_NV, &layout);
    flip_and_boot("newest slot",
                  place_in_slot(&layout, nv_newest_slot(BASE_NV), _i),
                  below(8));
}
END_TEST

START_TEST(older_slot)
{
    struct layout layout;

    srandom(SEED * 5 + (unsigned)_i);
    nv_layout(BASE_NV, &layout);
    flip_and_boot("older slot",
                  place_in_slot(&layout, 1 - nv_newest_slot(BASE_NV), _i),
                  below(8));
}
END_TEST

START_TEST(live_tables)
{
    struct layout layout;

    srandom(SEED * 7 + (unsigned)_i);
    nv_layout(BASE_NV, &layout);
    flip_and_boot("live tables",
                  (layout.first_frame + below(layout.fixed_pages)) * PAGE_SIZE +
                      below(PAGE_SIZE),
                  below(8));
}
END_TEST

// Both slots damaged: is that refused?
START_TEST(both_slots)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("both", base, &watch);
    struct layout layout;
    struct vm_boot boot;

    nv_layout(BASE_NV, &layout);
    for (int slot = 0; slot < 2; slot++)
        nv_flip(vm_nv(vm), layout.slot_table_pa[slot][0] + 8, 3);
    boot = vm_decision(vm);
    if (boot.outcome != VM_REFUSED)
        vm_fail(vm, "Not a refusal: %s", boot.line);
    vm_cut(vm);
    // The older one mended: it is whole, and restored.
    nv_flip(vm_nv(vm), layout.slot_table_pa[1 - nv_newest_slot(BASE_NV)][0] + 8,
            3);
    boot = vm_decision(vm);
    goes_on(vm, watch, &boot);
    ck_assert_uint_eq(boot.save + 1, base->acked);
    vm_free(vm);
}
END_TEST

// Does restore read anything that is not saved?  Live tables, page tables and
// the kernel's data are junk.
START_TEST(live_junk)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("junk", base, &watch);
    struct layout layout;
    struct vm_boot boot;

    nv_layout(BASE_NV, &layout);
    nv_fill_random(vm_nv(vm), layout.first_frame * PAGE_SIZE,
                   layout.fixed_pages * PAGE_SIZE, SEED);
    boot = vm_decision(vm);
    goes_on(vm, watch, &boot);
    ck_assert_uint_eq(boot.save, base->acked);
    vm_free(vm);
}
END_TEST

// What a shutdown left: the processor's state, and the live tables.
static u32
place_of_shutdown(const struct layout *layout, int sample)
{
    u32 tables = 0;

    if (sample % 2 == 0)
        return layout->shutdown_pa + below(sizeof(struct nv_shutdown));
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        tables += layout->table_pages[t];
    return layout->table_pa[0] + below(tables * PAGE_SIZE);
}

// A flipped bit in what a shutdown left: refused, and nv=restore goes back to
// the save; or it did not matter.
START_TEST(shutdown_state)
{
    struct watch *watch;
    struct vm *vm = checked_on_base("stopped", base, &watch);
    struct layout layout;
    struct vm_boot boot = vm_boot(vm);
    u32 place;

    srandom(SEED * 11 + (unsigned)_i);
    nv_layout(BASE_NV, &layout);
    goes_on(vm, watch, &boot);
    vm_type(vm, "shutdown");
    vm_end(vm);
    checked_watch(watch, watch_read(watch));
    place = place_of_shutdown(&layout, _i);
    vm_note(vm, "after a shutdown, a bit of the byte at 0x%x", place);
    nv_flip(vm_nv(vm), place, below(8));
    boot = vm_decision(vm);
    if (boot.outcome == VM_REFUSED) {
        vm_cut(vm);
        vm_set_append(vm, "nv=restore");
        boot = vm_decision(vm);
        goes_on(vm, watch, &boot);
    } else {
        checked_watch(watch, watch_boot(watch, &boot));
        checked_watch(watch, watch_count(watch, 3));
        ck_assert_int_eq(boot.outcome, VM_CONTINUED);
    }
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("flipped bits");
    TCase *flips = tcase_create("one bit");

    tcase_set_timeout(flips, CASE_SECONDS);
    tcase_add_unchecked_fixture(flips, make_base, remove_base);
    tcase_add_loop_test(flips, root_word, 0, ROOT_WORDS);
    tcase_add_loop_test(flips, newest_slot, 0, NEWEST_SAMPLES);
    tcase_add_loop_test(flips, older_slot, 0, OLDER_SAMPLES);
    tcase_add_loop_test(flips, live_tables, 0, LIVE_SAMPLES);
    tcase_add_loop_test(flips, shutdown_state, 0, SHUTDOWN_SAMPLES);
    tcase_add_test(flips, both_slots);
    tcase_add_test(flips, live_junk);
    suite_add_tcase(suite, flips);
    return checked_main(suite);
}

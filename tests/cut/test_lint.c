// test_lint.c -- does the kernel keep the rules of lint.h, and are breaches seen?
//
// The records of some scenarios are silent.  Each rule is then broken in a copy of
// one of them, as a wrong kernel would, and must be heard.
#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/planted.h"

#define COMMIT_PA (NV_ROOT_PA + offsetof(struct nv_root, commit))
#define FLAG_PA (NV_ROOT_PA + offsetof(struct nv_root, flag))

static struct lint lint;

// How often is this rule broken in it?
static u64
heard(const struct record *r, int record, u32 rule)
{
    planted_lint(&lint, r, record);
    return lint.found[rule];
}

// The first store to this word.
static u64
store_of(const struct record *r, u32 pa)
{
    u64 i = 0;

    while (r->events[i].pa != pa || r->events[i].size == 0)
        i++;
    return i;
}

static u64
mark_of(const struct record *r)
{
    u64 i = 0;

    while (r->events[i].kind != CUT_MARK)
        i++;
    return i;
}

static struct cut_event
store_at(u32 pa, u32 value, u32 eip)
{
    return (struct cut_event){
        .kind = CUT_STORE, .size = 4, .pa = pa, .value = value, .eip = eip};
}

// Nothing happens at this event.
static void
drop(struct record *r, u64 i)
{
    r->events[i].kind = CUT_CR3; // means nothing
    r->events[i].size = 0;
}

// Is the kernel as it is silent?
START_TEST(silent)
{
    const struct record r = planted_copy(_i);

    planted_lint(&lint, &r, _i);
    lint_print(&lint, planted_name[_i]);
    ck_assert(lint_is_silent(&lint));
}
END_TEST

// L1: is a missing fence before the commit word heard?
START_TEST(fence)
{
    struct record r = planted_copy(SAVE);
    u64 i = store_of(&r, COMMIT_PA);

    while (r.events[i].kind != CUT_FENCE)
        i--;
    drop(&r, i);
    ck_assert_uint_gt(heard(&r, SAVE, 1), 0);
}
END_TEST

// L1: is any one missing flush before the commit word heard?
START_TEST(flush)
{
    struct record r = planted_copy(SAVES);
    u64 i = store_of(&r, COMMIT_PA);
    u32 tried = 0;

    while (r.events[--i].kind != CUT_FENCE)
        continue;
    for (; i > 0 && tried < 30; i--) {
        if (r.events[i].kind != CUT_FLUSH)
            continue;
        struct cut_event kept = r.events[i];

        drop(&r, i);
        ck_assert_msg(heard(&r, SAVES, 1) > 0, "flush %lu", (unsigned long)i);
        r.events[i] = kept;
        tried++;
    }
    ck_assert_uint_eq(tried, 30);
}
END_TEST

// L1: a flag that is set before the shutdown's state is there, or durable.
START_TEST(flag)
{
    struct record r = planted_copy(SHUTDOWN);

    r.events[0] = store_at(FLAG_PA, FLAG_NORMAL, planted_code("root_set"));
    ck_assert_uint_gt(heard(&r, SHUTDOWN, 1), 0);
    ck_assert_uint_gt(lint.found[3], 0);
    ck_assert_uint_gt(lint.found[5], 0);
    r = planted_copy(SHUTDOWN);
    for (u64 i = 0; i < r.count; i++)
        if (r.events[i].kind == CUT_FLUSH_ALL)
            drop(&r, i);
    ck_assert_uint_gt(heard(&r, SHUTDOWN, 1), 1);
}
END_TEST

// L1: a word of the root that is stored in two halves, or not flushed before the
// save is acknowledged, or not at the end.
START_TEST(words)
{
    struct record r = planted_copy(SAVE);
    u64 i = store_of(&r, COMMIT_PA);

    r.events[i].size = 2;
    ck_assert_uint_gt(heard(&r, SAVE, 1), 0);
    for (int record = SAVE; record < RECORDS; record++) {
        r = planted_copy(record);
        for (i = r.count - 1; r.events[i].kind != CUT_FLUSH; i--)
            continue;
        drop(&r, i);
        ck_assert_uint_gt(heard(&r, record, 1), 0);
    }
}
END_TEST

// L2: is a flush of a line that is durable heard?
START_TEST(clean)
{
    struct record r = planted_copy(SAVE);

    r.events[0] = (struct cut_event){.kind = CUT_FLUSH, .pa = COMMIT_PA};
    ck_assert_uint_eq(heard(&r, SAVE, 2), 1);
}
END_TEST

// L3: two saves in a row into the same places.
START_TEST(twice)
{
    struct record r = planted_copy(SAVE);
    u64 i = store_of(&r, COMMIT_PA);
    struct cut_event commit = r.events[i];

    r.events[i] = r.events[0];
    r.events[0] = commit;
    ck_assert_uint_gt(heard(&r, SAVE, 3), 0);
}
END_TEST

// The first copy of a restore: a page of a table, taken from the newest slot.
static u64
first_copy(const struct record *r)
{
    return store_of(r, planted_layout.table_pa[TABLE_REAL_MEMORY]);
}

// L3: a restore that writes in the newest save's slot, or in the slot of the one
// before, which root.previous names.
START_TEST(restore_slot)
{
    for (u32 slot = 0; slot < 2; slot++) {
        struct record r = planted_copy(RESTORE);

        r.events[first_copy(&r)].pa = planted_layout.slot_pa[slot];
        ck_assert_uint_eq(heard(&r, RESTORE, 3), 1);
    }
}
END_TEST

// L3: a continuing boot that writes in the live tables.
START_TEST(continue_tables)
{
    struct record r = planted_copy(CONTINUE);

    r.events[mark_of(&r) + 1] =
        store_at(planted_layout.table_pa[TABLE_PLATE] + 64, 0,
                 planted_code("kernel_main"));
    ck_assert_uint_eq(heard(&r, CONTINUE, 3), 1);
    ck_assert_uint_eq(lint.found[5], 1);
}
END_TEST

// L4: a restore that copies a word wrong, in each page outside of the fixed
// parts; and a store behind it that no dirty bit tells of.
START_TEST(copy)
{
    struct record r = planted_copy(RESTORE);
    u32 fixed = planted_layout.data_pa + planted_data_bytes, page = 0,
        pages = 0;
    u64 last = 0;

    for (u64 i = 0; i < r.count; i++) {
        struct cut_event *e = &r.events[i];

        if (e->size != 8 || e->pa < fixed || e->pa / PAGE_SIZE == page)
            continue;
        page = e->pa / PAGE_SIZE;
        e->value ^= 1;
        pages++;
        last = i;
    }
    ck_assert_uint_gt(pages, 20);
    ck_assert_uint_gt(heard(&r, RESTORE, 4), 20);
    r = planted_copy(RESTORE);
    r.events[r.count - 1] =
        store_at(r.events[last].pa, ~(u32)r.events[last].value, 0);
    ck_assert_uint_eq(heard(&r, RESTORE, 4), 1);
}
END_TEST

// L5: a boot that stores before it has decided, in its first frame, its last one,
// or the root; and one of which nothing tells that it decided.
START_TEST(undecided)
{
    const u32 pa[] = {planted_layout.data_pa,
                      (planted_layout.end_frame - 1) * PAGE_SIZE,
                      NV_ROOT_PA + offsetof(struct nv_root, boots)};

    for (int boot = RESTORE; boot <= CONTINUE; boot++) {
        struct record r = planted_copy(boot);

        for (u32 i = 0; i < ARRAY_LEN(pa); i++) {
            r.events[2] = store_at(pa[i], 7, planted_code("root_set"));
            ck_assert_uint_eq(heard(&r, boot, 5), 1);
        }
        r = planted_copy(boot);
        drop(&r, mark_of(&r));
        ck_assert_uint_gt(heard(&r, boot, 5), 1);
    }
}
END_TEST

// L5: while the flag is normal, a continuing boot stores outside of the kernel's
// data, and a shutdown after the flag.
START_TEST(normal)
{
    struct record r = planted_copy(CONTINUE);
    u32 eip = planted_code("kernel_main");

    r.events[mark_of(&r) + 1] =
        store_at(planted_layout.data_pa + planted_data_bytes, 7, eip);
    ck_assert_uint_eq(heard(&r, CONTINUE, 5), 1);
    r = planted_copy(SHUTDOWN);
    r.events[r.count - 1] = store_at(planted_layout.data_pa, 7, eip);
    ck_assert_uint_eq(heard(&r, SHUTDOWN, 5), 1);
    r.events[r.count - 1] = store_at(COMMIT_PA, 7, planted_code("root_set"));
    ck_assert_uint_eq(heard(&r, SHUTDOWN, 5), 1);
}
END_TEST

// L5: somebody else stores in the root.
START_TEST(root)
{
    struct record r = planted_copy(SAVE);

    r.events[store_of(&r, COMMIT_PA)].eip = planted_code("save");
    ck_assert_uint_eq(heard(&r, SAVE, 5), 1);
}
END_TEST

// L5: a program stores in its own pages (there are such stores), or elsewhere.
START_TEST(program)
{
    struct record r = planted_copy(SAVES);
    u64 i = 0;

    while (i < r.count &&
           (r.events[i].kind != CUT_STORE || r.events[i].eip >= 0x80000000u))
        i++;
    ck_assert_uint_lt(i, r.count);
    r.events[i].pa = planted_layout.data_pa;
    ck_assert_uint_eq(heard(&r, SAVES, 5), 1);
    r.events[i].pa = planted_layout.kernel_tables_pa;
    ck_assert_uint_eq(heard(&r, SAVES, 5), 1);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("lint");
    TCase *tc = tcase_create("lint");
    SRunner *runner = srunner_create(suite);
    const TTest *planted[] = {
        fence,           flush, flag,      words,  clean, twice,  restore_slot,
        continue_tables, copy,  undecided, normal, root,  program};
    int failed;

    if (!planted_open())
        return 0;
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, silent, 0, RECORDS);
    for (u32 i = 0; i < ARRAY_LEN(planted); i++)
        tcase_add_test(tc, planted[i]);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

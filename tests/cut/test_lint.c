// test_lint.c -- does the kernel keep the rules of lint.h, and are breaches seen?
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tests/cut/lint.h"
#include "tests/cut/mutant.h"

static struct mutant real[OPERATIONS];
static struct elf *elf;
static struct lint lint;

#define COMMIT_PA (NV_ROOT_PA + offsetof(struct nv_root, commit))

// A copy of the save's record, to be changed.
static struct record
edited(void)
{
    struct record r = real[OPERATION_SAVE].record;
    size_t bytes = r.count * sizeof(*r.events);
    struct cut_event *events = malloc(bytes);

    memcpy(events, r.events, bytes);
    r.events = events;
    return r;
}

static u64
commit_of(const struct record *r)
{
    u64 i = 0;

    while (r->events[i].pa != COMMIT_PA || r->events[i].size == 0)
        i++;
    return i;
}

// Nothing happens at this event.
static void
drop(struct record *r, u64 i)
{
    r->events[i].kind = CUT_OUTPUT;
    r->events[i].size = 0;
}

// Are a save and a shutdown of the kernel silent?
START_TEST(silent)
{
    for (int o = 0; o < OPERATIONS; o++) {
        lint_record(&lint, &real[o].record, elf);
        lint_print(&lint, operation_name[o]);
        ck_assert(lint_is_silent(&lint));
    }
}
END_TEST

// Is a missing fence before the commit word seen?
START_TEST(fence)
{
    struct record r = edited();
    u64 i = commit_of(&r);

    while (r.events[i].kind != CUT_FENCE)
        i--;
    drop(&r, i);
    lint_record(&lint, &r, elf);
    ck_assert_uint_gt(lint.found[1], 0);
}
END_TEST

// Was the line stored since its flush before?
static bool
is_needed(const struct record *r, u64 flush)
{
    u32 line = r->events[flush].pa / 64;

    for (u64 i = flush; i-- > 0;) {
        const struct cut_event *e = &r->events[i];

        if (e->pa / 64 == line && (e->size != 0 || e->kind == CUT_FLUSH))
            return e->size != 0;
    }
    return false;
}

// Is any one missing flush between previous and the commit word seen?
START_TEST(flush)
{
    struct record r = edited();
    u64 commit = commit_of(&r);
    u32 tried = 0;

    for (u64 i = commit; i > 0 && tried < 20; i--) {
        if (r.events[i].kind != CUT_FLUSH || !is_needed(&r, i))
            continue;
        struct cut_event kept = r.events[i];

        drop(&r, i);
        lint_record(&lint, &r, elf);
        ck_assert_msg(lint.found[1] > 0, "flush %lu", (unsigned long)i);
        r.events[i] = kept;
        tried++;
    }
    ck_assert_uint_eq(tried, 20);
}
END_TEST

// Is a store in the newest save's slot or copies seen?
START_TEST(store)
{
    struct record r = edited();

    lint_record(&lint, &r, elf);
    ck_assert_uint_eq(lint.found[3], 0);
    // Two saves in a row into the same places.
    struct cut_event *commit = &r.events[commit_of(&r)];
    struct cut_event early = *commit;

    *commit = r.events[0];
    r.events[0] = early;
    lint_record(&lint, &r, elf);
    ck_assert_uint_gt(lint.found[3], 0);
}
END_TEST

// Is a termination flag seen that is set before the shutdown's state is there?
START_TEST(flag)
{
    struct record r = real[OPERATION_SHUTDOWN].record;
    struct cut_event early = {.kind = CUT_STORE,
                              .size = 4,
                              .pa = NV_ROOT_PA + offsetof(struct nv_root, flag),
                              .value = FLAG_NORMAL};
    struct cut_event first = r.events[0];

    r.events[0] = early;
    lint_record(&lint, &r, elf);
    r.events[0] = first;
    ck_assert_uint_gt(lint.found[1], 0);
    ck_assert_uint_gt(lint.found[3], 0);
}
END_TEST

// Is a store seen that changes what a shutdown has promised to keep?
START_TEST(late)
{
    struct record r = real[OPERATION_SHUTDOWN].record;
    struct cut_event *last = &r.events[r.count - 1], kept = *last;

    *last = (struct cut_event){
        .kind = CUT_STORE, .size = 4, .pa = NV_ROOT_PA + 64 * PAGE_SIZE};
    lint_record(&lint, &r, elf);
    *last = kept;
    ck_assert_uint_eq(lint.found[3], 1);
}
END_TEST

// Is a flush of a line that is durable counted?
START_TEST(clean)
{
    struct record r = edited();

    lint_record(&lint, &r, elf);
    u64 before = lint.found[2];

    r.events[0] = (struct cut_event){.kind = CUT_FLUSH, .pa = COMMIT_PA};
    lint_record(&lint, &r, elf);
    ck_assert_uint_eq(lint.found[2], before + 1);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("lint");
    TCase *tc = tcase_create("lint");
    SRunner *runner = srunner_create(suite);
    int failed;

    elf = elf_open("build/tender.elf");
    for (int o = 0; o < OPERATIONS; o++) {
        real[o].name = "lint";
        real[o].elf = "build/tender.elf";
        real[o].operation = (enum cut_operation)o;
        const char *wrong = mutant_record(&real[o]);

        if (wrong != NULL) {
            printf("%s: %s\n", operation_name[o], wrong);
            return 1;
        }
    }
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, silent);
    tcase_add_test(tc, fence);
    tcase_add_test(tc, flush);
    tcase_add_test(tc, store);
    tcase_add_test(tc, flag);
    tcase_add_test(tc, late);
    tcase_add_test(tc, clean);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

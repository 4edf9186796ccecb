// test_cut.c -- does the power-cut engine find every planted bug, and no other?
//
// The case: a generation of data lies in one of two copies, a commit word says
// which.  Recovery copies the newest into a live area.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "fake.h"
#include "suite.h"

#define COMMIT NV_ROOT_PA
#define COPY(n) (NV_ROOT_PA + (1 + (n) % 2) * PAGE_SIZE)
#define LIVE (NV_ROOT_PA + 3 * PAGE_SIZE)
#define RESTORES (NV_ROOT_PA + 4 * PAGE_SIZE)
#define WORDS 48u // three lines

enum bug {
    NO_BUG,
    COMMIT_FIRST,
    SAME_COPY,
    NO_DATA_FLUSH,
    HALF_DATA_FLUSH,
    NO_DATA_FENCE,
    NO_COMMIT_FLUSH,
    NO_COMMIT_FENCE,
    EARLY_PROMISE,
    PANICS,
    RECOVERY_UNCOMMITS,
    RECOVERY_COUNTS,
    RECOVERY_HANGS,
    RECOVERY_STORES_UNSEEN,
    RECOVERY_CACHES
};

struct pair {
    enum bug bug;
    u32 restored; // must be as setup() left it whenever recover() begins
};

static void
make_durable(u32 pa, u32 bytes)
{
    machine_flush(ram_at(pa), bytes);
    machine_fence();
}

static void
save(enum bug bug)
{
    u32 next = fake_get(COMMIT) + 1;
    u32 copy = COPY(bug == SAME_COPY ? next - 1 : next);

    if (bug == COMMIT_FIRST) {
        fake_put(COMMIT, next);
        make_durable(COMMIT, 4);
    }
    for (u32 i = 0; i < WORDS; i++)
        fake_put(copy + i * 4, next * 1000 + i);
    if (bug != NO_DATA_FLUSH)
        machine_flush(ram_at(copy),
                      bug == HALF_DATA_FLUSH ? WORDS * 2 : WORDS * 4);
    if (bug != NO_DATA_FENCE)
        machine_fence();
    if (bug != COMMIT_FIRST)
        fake_put(COMMIT, next); // the commit point
    if (bug != NO_COMMIT_FLUSH)
        machine_flush(ram_at(COMMIT), 4);
    if (bug != NO_COMMIT_FENCE)
        machine_fence();
}

static void
setup(void *state)
{
    struct pair *pair = state;

    pair->restored = 0;
    for (u32 pa = COPY(0); pa <= RESTORES; pa += PAGE_SIZE)
        machine_zero_page(ram_at(pa));
    machine_flush_all();
    save(NO_BUG);
    fake_put(LIVE, 5); // pending when the operation begins
}

static void
operation(void *state)
{
    struct pair *pair = state;

    if (pair->bug == EARLY_PROMISE)
        cut_promise(2);
    save(pair->bug);
    cut_promise(2);
    save(pair->bug);
}

static int
recover(void *state)
{
    struct pair *pair = state;
    u32 newest = fake_get(COMMIT);

    ck_assert_uint_eq(pair->restored++, 0);
    if (newest == 0)
        return E_DAMAGED;
    if (pair->bug == RECOVERY_UNCOMMITS)
        fake_put(COMMIT, newest - 1);
    for (u32 i = 0; i < WORDS; i++)
        fake_put(LIVE + i * 4, fake_get(COPY(newest) + i * 4));
    if (pair->bug == RECOVERY_UNCOMMITS)
        fake_put(COMMIT, newest);
    // A count that is torn from what it counts when recovery is repeated.
    if (pair->bug == RECOVERY_COUNTS) {
        fake_put(RESTORES, fake_get(RESTORES) + 1);
        if (fake_get(RESTORES) != fake_get(RESTORES + 64) + 1)
            return E_DAMAGED;
        fake_put(RESTORES + 64, fake_get(RESTORES));
    }
    // Two words whose order is only in the program.
    if (pair->bug == RECOVERY_CACHES) {
        u32 second = fake_get(RESTORES + 64);

        if (second != 0 && fake_get(RESTORES) != newest)
            return E_DAMAGED;
        fake_put(RESTORES, newest);
        fake_put(RESTORES + 64, 1);
    }
    if (pair->bug == RECOVERY_STORES_UNSEEN)
        *(volatile u32 *)ram_at(RESTORES) = 7;
    if (pair->bug == PANICS && newest == 2)
        PANIC("two is too many");
    while (pair->bug == RECOVERY_HANGS && newest == 3)
        pair->restored++;
    return 0;
}

static int
verify(void *state)
{
    u32 newest = fake_get(LIVE) / 1000;

    (void)state;
    for (u32 i = 0; i < WORDS; i++) {
        u32 found = fake_get(LIVE + i * 4);

        if (found != newest * 1000 + i)
            fake_fail("live word %u is %u in generation %u", i, found, newest);
    }
    return (int)newest;
}

static u32
run(enum bug bug, struct cut_report *report)
{
    struct pair pair = {bug, 0};
    struct cut_case c = {.name = "pair",
                         .pages = 1032,
                         .state = &pair,
                         .state_bytes = sizeof(pair),
                         .setup = setup,
                         .operation = operation,
                         .recover = recover,
                         .verify = verify,
                         .patience_s = 1};

    return cut_run(&c, report);
}

// Does a correct protocol pass, and was every cut looked at?
START_TEST(correct)
{
    struct cut_report report;
    struct cut_report all;

    run(NO_BUG, &report);
    ck_assert_msg(report.failures == 0, "%s: %s", report.failure[0].id,
                  report.failure[0].sentence);
    ck_assert_uint_eq(report.stores, 2 * (WORDS + 1));
    ck_assert_uint_eq(report.fences, 4);
    ck_assert_uint_eq(report.kept, 3);
    ck_assert_uint_eq(report.sampled, 0);
    ck_assert_uint_ge(report.images + report.skipped, report.stores + 1);
    ck_assert_uint_ge(report.pairs, 1);
    // Does skipping nothing come to the same?
    setenv("CUT_ALL", "yes", 1);
    run(NO_BUG, &all);
    unsetenv("CUT_ALL");
    ck_assert_uint_eq(all.failures, 0);
    ck_assert_uint_eq(all.skipped, 0);
    ck_assert_uint_ge(all.images, report.stores + 1);
    ck_assert_uint_ge(all.pairs, (report.stores + 1) * WORDS);
}
END_TEST

static void
ck_found(enum bug bug, const char *model, const char *sentence)
{
    struct cut_report report;
    struct cut_report again;
    char id[sizeof(report.failure[0].id)];

    run(bug, &report);
    ck_assert_uint_gt(report.failures, 0);
    ck_assert_msg(strncmp(report.failure[0].id, model, strlen(model)) == 0,
                  "%s", report.failure[0].id);
    ck_assert_msg(strstr(report.failure[0].sentence, sentence) != NULL, "%s",
                  report.failure[0].sentence);
    // Does the id bring back the same failure, alone?
    strcpy(id, report.failure[0].id);
    setenv("CUT_ID", id, 1);
    run(bug, &again);
    unsetenv("CUT_ID");
    ck_assert_str_eq(again.failure[0].id, id);
    ck_assert_str_eq(again.failure[0].sentence, report.failure[0].sentence);
    ck_assert_uint_eq(again.failures, 1);
}

// Is a wrong order of stores found?
START_TEST(wrong_order)
{
    ck_found(COMMIT_FIRST, "pair:m1.", "live word");
    ck_found(SAME_COPY, "pair:m1.", "live word");
}
END_TEST

// Is a missing flush or fence found, which no ordered cut can show?
START_TEST(not_durable)
{
    ck_found(NO_DATA_FLUSH, "pair:m2.", "live word");
    ck_found(HALF_DATA_FLUSH, "pair:m2.", "live word");
    ck_found(NO_DATA_FENCE, "pair:m2.", "live word");
    ck_found(NO_COMMIT_FLUSH, "pair:m2.", "promised");
    ck_found(NO_COMMIT_FENCE, "pair:m2.", "promised");
}
END_TEST

// Is a promise broken by a cut too early for it?
START_TEST(promise)
{
    ck_found(EARLY_PROMISE, "pair:m1.0", "promised");
}
END_TEST

// Is a recovery found that a second cut breaks?
START_TEST(recovery)
{
    ck_found(RECOVERY_UNCOMMITS, "pair:m1.0+m1.", "returned");
    ck_found(RECOVERY_COUNTS, "pair:m1.0+m1.", "returned");
    ck_found(RECOVERY_CACHES, "pair:m1.0+m2.", "returned");
}
END_TEST

// Are a panic, and a store nobody announced, failures?
START_TEST(bad_ends)
{
    ck_found(PANICS, "pair:m1.", "two is too many");
    ck_found(RECOVERY_STORES_UNSEEN, "pair:m1.", "behind the tracer's back");
}
END_TEST

// Is a recovery that does not end ended?
START_TEST(hangs)
{
    struct cut_report report;

    run(RECOVERY_HANGS, &report);
    ck_assert_uint_eq(report.failures, 1);
    ck_assert_ptr_nonnull(strstr(report.failure[0].sentence, "does not end"));
}
END_TEST

// Is each flush and fence of the correct protocol missed when left out?
START_TEST(mutants)
{
    struct cut_mutants unnoticed;
    struct pair pair = {NO_BUG, 0};
    struct cut_case c = {.name = "pair",
                         .pages = 1032,
                         .state = &pair,
                         .state_bytes = sizeof(pair),
                         .setup = setup,
                         .operation = operation,
                         .recover = recover,
                         .verify = verify,
                         .patience_s = 1};

    cut_mutate(&c, &unnoticed);
    ck_assert_uint_eq(unnoticed.flushes, 4);
    ck_assert_uint_eq(unnoticed.fences, 4);
    ck_assert_uint_eq(unnoticed.flush, 0);
    ck_assert_uint_eq(unnoticed.fence, 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {correct, wrong_order, not_durable,
                                 promise, recovery,    bad_ends,
                                 hangs,   mutants,     NULL};
    const struct suite suite = {.name = "cut", .test = test};

    return suite_run(&suite);
}

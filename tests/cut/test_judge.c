// test_judge.c -- does the judge see every word of the state, and no other?
//
// A machine is held where its first program would go on; words of its memory are
// flipped, one after the other.
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/layout.h"
#include "tender/ram.h"
#include "tests/cut/crash.h"
#include "tests/cut/except.h"
#include "tests/cut/judge.h"
#include "tests/cut/record.h"
#include "tests/cut/second_save.h"
#include "tests/cut/state.h"
#include "tests/cut/used.h"

#define SECONDS 30.0
#define PAGES_MAX 2000u
#define WORDS (PAGE_SIZE / 4)

static struct engine *e;

static struct seen {
    u32 *words;
    u32 first_alive;
    bool excepted[WORDS];
} seen[PAGES_MAX];

static unsigned pages;

// In main(), where check.h cannot.
static void
must(bool is, const char *sentence)
{
    if (is)
        return;
    printf("judge: %s\n0 passed, 1 failed\n", sentence);
    exit(1);
}

static void
note_page(void *data, const char *name, rid id, u32 page, const u32 *words)
{
    (void)data;
    must(pages < PAGES_MAX, "there are too many pages");
    struct seen *s = &seen[pages++];

    s->words = (u32 *)words;
    s->first_alive = state_first_alive(id, page);
    for (u32 i = 0; i < WORDS; i++)
        s->excepted[i] = state_is_excepted(name, page * PAGE_SIZE + i * 4);
}

// Is the state the same with this word as without?
static bool
same_with(u32 *word, u32 bits)
{
    struct state before, after;

    judge_look(e, AT_RESUME, &before);
    *word ^= bits;
    judge_look(e, AT_RESUME, &after);
    *word ^= bits;
    return judge_same(&before, &after);
}

// Does one bit anywhere make another state?
START_TEST(sees_state)
{
    for (unsigned i = 0; i < pages; i++) {
        u32 at = (i * 389 + 17) % WORDS;

        if (at < seen[i].first_alive || seen[i].excepted[at])
            continue;
        ck_assert_msg(!same_with(&seen[i].words[at], 1u << i % 32),
                      "page %u, word %u", i, at);
    }
}
END_TEST

// Are the words that have a reason left out, and not those beside them?
START_TEST(leaves_out)
{
    unsigned excepted = 0;

    for (unsigned i = 0; i < pages; i++)
        for (u32 at = 0; at < WORDS; at++) {
            bool *is = seen[i].excepted;

            if (is[at] && excepted++ % 50 == 0)
                ck_assert(same_with(&seen[i].words[at], ~0u));
            if (!is[at] && at > 0 && is[at - 1])
                ck_assert(!same_with(&seen[i].words[at], ~0u));
            if (!is[at] && at + 1 < WORDS && is[at + 1])
                ck_assert(!same_with(&seen[i].words[at], ~0u));
        }
    // Two times and a deadline, a count; the screen's cells, three words; two
    // times and three counts of Linux programs.
    ck_assert_uint_eq(excepted, 2 + 2 + 2 + 1 + 1000 + 3 + 2 * 2 + 3);
}
END_TEST

static bool
is_code(u32 va)
{
    return va >= elf_symbol(e->elf, "kernel_text_start") &&
           va < elf_symbol(e->elf, "kernel_code_end");
}

// Does the stack live from where save() has put registers?  Where it returns to is
// close behind, ebx, esi, edi and ebp at most between.
START_TEST(stack_is_alive)
{
    unsigned stacks = 0;

    for (unsigned i = 0; i < pages; i++) {
        u32 at = seen[i].first_alive, more = 0;

        if (at == 0 || at == WORDS)
            continue;
        stacks++;
        ck_assert(same_with(&seen[i].words[at - 1], ~0u));
        ck_assert(!same_with(&seen[i].words[at], ~0u));
        while (more < 5 && !is_code(seen[i].words[at + more]))
            more++;
        ck_assert_uint_lt(more, 5);
    }
    ck_assert_uint_eq(stacks, 1);
}
END_TEST

// Is a state the same number whatever was looked at before, as where another stack
// is resumed?
START_TEST(forgets)
{
    const struct nv_root *root = ram_at(NV_ROOT_PA);
    struct layout layout;
    struct state first, other, again;
    unsigned others = 0;

    ck_assert_int_eq(layout_compute(&layout, root->memory_pages,
                                    root->memory_pages - LAYOUT_TOP_PAGES,
                                    &root->limits),
                     0);
    u32 *esp = ram_at(layout.data_pa + except_place("plates.cpu.esp") -
                      KERNEL_DATA_VA);

    judge_look(e, AT_RESUME, &first);
    for (u32 more = 1; more < 64; more++) {
        *esp ^= more * PAGE_SIZE;
        judge_look(e, AT_RESUME, &other);
        *esp ^= more * PAGE_SIZE;
        judge_look(e, AT_RESUME, &again);
        others += !judge_same(&first, &other);
        ck_assert(judge_same(&first, &again));
    }
    ck_assert_uint_eq(others, 63);
}
END_TEST

// Does tools/nvcheck speak up when a word of the root is damaged, and only then?
START_TEST(checks)
{
    struct nv_root *root = ram_at(NV_ROOT_PA);
    const char *said = used_check(e->ram, e->bytes);

    ck_assert_msg(said == NULL, "%s", said);
    root->commit ^= 1;
    said = used_check(e->ram, e->bytes);
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_nonnull(strstr(said, "commit word is damaged"));
    root->commit ^= 1;
}
END_TEST

static void
hold_restored(const struct record *record)
{
    struct crash *image = crash_new(record->base, record->bytes);

    e = engine_new(&(struct engine_options){.name = "judge"});
    must(engine_on(e), engine_fault(e));
    state_open(e);
    engine_load(e, image->memory);
    for (u64 i = 0; i < record->count; i++)
        crash_apply(image, &record->events[i]);
    must(crash_try(image, e, SECONDS) == AT_RESUME, "it is not restored");
    crash_free(image);
    must(state_is_laid_out(), "there is no root");
    state_walk(note_page, NULL);
}

int
main(void)
{
    struct record record;
    const char *lacks = record_second_save(&record, "judge-record");
    Suite *suite = suite_create("judge");
    TCase *tc = tcase_create("judge");
    SRunner *runner = srunner_create(suite);
    int failed;

    if (lacks != NULL) {
        printf("skipped: the judge of power cuts: %s\n", lacks);
        return 0;
    }
    hold_restored(&record);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, sees_state);
    tcase_add_test(tc, leaves_out);
    tcase_add_test(tc, stack_is_alive);
    tcase_add_test(tc, forgets);
    tcase_add_test(tc, checks);
    suite_add_tcase(suite, tc);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    engine_free(e);
    return failed != 0;
}

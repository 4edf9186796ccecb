// test_watch.c -- does the harness notice what it is there to notice?
//
// A shell script plays the machine: each boot shows the next canned console.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checked.h"

#define STAND_IN "build/vm/stand-in"
#define CONSOLE "build/vm/stand-in.console"

// Power up a machine that shows this, and cut it when it has shown all.
static struct vm_boot
play(struct vm *vm, const char *console)
{
    struct vm_boot boot = {.outcome = VM_REFUSED};
    FILE *file = fopen(CONSOLE, "w");

    fputs(console, file);
    fclose(file);
    vm_on(vm);
    vm_expect(vm, "@");
    vm_cut(vm);
    vm_decided(vm, &boot);
    return boot;
}

static struct vm *
stand_in(void)
{
    FILE *file;

    mkdir("build", 0777);
    mkdir("build/vm", 0777);
    file = fopen(STAND_IN, "w");
    fputs("#!/bin/sh\ncat " CONSOLE "\nprintf @\nexec sleep 60\n", file);
    fclose(file);
    chmod(STAND_IN, 0777);
    setenv("VM", STAND_IN, 1);
    return checked_vm("stand-in");
}

#define FIRST                                                                  \
    "tender: cold start (x)\ntender> counter: 1\r\ncounter: 2\n"               \
    "life: generation 10 sum 0000000a\nping: 10 messages\n"                    \
    "tender: saved 1: 1 pages\ncounter: 3\ncounter: 4\ncounter: 5"

struct watch_case {
    const char *second; // what is shown after the cut
    const char *finds;  // NULL: all is well
};

static const struct watch_case cases[] = {
    {"tender: restored save 1 (x)\ncounter: 3\ncounter: 4\n", NULL},
    {"tender: restored save 2 (x)\ncounter: 4\ncounter: 5\n", NULL},
    {"tender: restored save 2 (x)\ncounter: 6\n", "W2"},
    {"tender: continued from shutdown (x)\ncounter: 5\n", NULL},
    {"tender: continued from shutdown (x)\ncounter: 4\n", "W2"},
    {"tender: restored save 1 (x)\ncounter: 4\n", "W2"},
    {"tender: restored save 1 (x)\ncounter: 2\n", "W2"},
    {"tender: restored save 1 (x)\ncounter: 3\ncounter: 5\n", "W1"},
    {"tender: restored save 1 (x)\ncounter: 3\ncounter: 3\n", "W1"},
    {"tender: cold start (x)\n", "W3"},
    {"tender: refused: x\n", "W3"},
    {"tender: restored save 1 (x)\ntender: saved 1: 1 pages\n", "W3"},
    {"tender: restored save 1 (x)\nlife: generation 10 sum 0000000b\n", "W4"},
    {"tender: restored save 1 (x)\nping: 9 messages\nping: 9 messages\n", "W5"},
    {"tender: restored save 1 (x)\nfill: WRONG word\n", "W6"},
    {"tender: restored save 1 (x)\ntender: panic: x\n", "W6"},
};
#define CASES (int)(sizeof(cases) / sizeof(cases[0]))

// The same after a shutdown that ended in save 2.
static const struct watch_case saved_cases[] = {
    {"tender: restored save 2 (x)\ncounter: 6\ncounter: 7\n", NULL},
    {"tender: restored save 2 (x)\ncounter: 5\n", "W2"},
    {"tender: restored save 1 (x)\ncounter: 3\n", "W3"},
    {"tender: cold start (x)\n", "W3"},
};
#define SAVED_CASES (int)(sizeof(saved_cases) / sizeof(saved_cases[0]))

// The same after one that is to be continued.
static const struct watch_case stopped_cases[] = {
    {"tender: continued from shutdown (x)\ncounter: 6\ncounter: 7\n", NULL},
    {"tender: continued from shutdown (x)\ncounter: 3\n", "W2"},
    {"tender: restored save 1 (x)\ncounter: 3\n", "W3"},
    {"tender: cold start (x)\n", "W3"},
};
#define STOPPED_CASES (int)(sizeof(stopped_cases) / sizeof(stopped_cases[0]))

static void
finds(const char *wrong, const char *rule)
{
    if (rule == NULL)
        ck_assert_msg(wrong == NULL, "%s", wrong);
    else
        ck_assert_msg(wrong != NULL && strncmp(wrong, rule, 2) == 0,
                      "not %s but %s", rule, wrong);
}

static void
two_boots(const char *first, unsigned save, const struct watch_case *then)
{
    struct vm *vm = stand_in();
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    play(vm, first);
    ck_assert_ptr_null(watch_read(watch));
    ck_assert_uint_eq(watch->acked, save);
    boot = play(vm, then->second);
    finds(watch_boot(watch, &boot), then->finds);
    vm_free(vm);
}

START_TEST(after_a_cut)
{
    two_boots(FIRST, 1, &cases[_i]);
}
END_TEST

START_TEST(after_a_saving_shutdown)
{
    two_boots(FIRST "\ntender: shut down; the next boot restores save 2\n", 2,
              &saved_cases[_i]);
}
END_TEST

START_TEST(after_a_shutdown)
{
    two_boots(FIRST "\ntender: shut down; the next boot continues from here\n",
              1, &stopped_cases[_i]);
}
END_TEST

// A save that was acknowledged before the cut and is passed over.
START_TEST(passed_over)
{
    struct vm *vm = stand_in();
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    play(vm, FIRST "\ntender: saved 2: 1 pages\n");
    boot = play(vm, "tender: restored save 1 (x)\ncounter: 3\n");
    ck_assert_ptr_nonnull(strstr(watch_boot(watch, &boot), "W3"));
    vm_free(vm);
}
END_TEST

// Escape sequences, redrawn prompts and lines the cut left unfinished.
START_TEST(transcript)
{
    struct vm *vm = stand_in();

    play(vm, "\033[1;31mred\033[m\r\nback\rtender> \033[Kls");
    ck_assert_str_eq(vm_text(vm), "red\nback\ntender> ls@");
    play(vm, "next\n");
    ck_assert_str_eq(vm_text(vm), "red\nback\ntender> ls@...\nnext\n@");
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("the harness");
    TCase *tests = tcase_create("stand-in");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_loop_test(tests, after_a_cut, 0, CASES);
    tcase_add_loop_test(tests, after_a_saving_shutdown, 0, SAVED_CASES);
    tcase_add_loop_test(tests, after_a_shutdown, 0, STOPPED_CASES);
    tcase_add_test(tests, passed_over);
    tcase_add_test(tests, transcript);
    suite_add_tcase(suite, tests);
    int failed = checked_main(suite);

    unlink(STAND_IN);
    unlink(CONSOLE);
    return failed;
}

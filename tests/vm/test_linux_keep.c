// test_linux_keep.c -- do Linux programs go on after whatever ended the run?
//
// Each test ends the run three times in one way: in an editor with text that is
// in no file yet, in a here-document half typed, and at a prompt.  All the time
// the programs of work.h are in the middle of their work.
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "work.h"

struct way {
    const char *name;
    enum vm_store store;
    bool orderly;        // a shutdown, not a cut
    const char *outcome; // as programs are told
};

static const struct way ways[] = {
    {"linux-cut", VM_NV, false, "restored"},
    {"linux-shutdown", VM_NV, true, "continued"},
    {"linux-disk-cut", VM_PLATES, false, "restored"},
    {"linux-disk-shutdown", VM_PLATES, true, "restored"},
};

// The machine ends and boots again.  off: when it was in a state that is kept.
static void
again(struct work *w, const struct way *way, double off)
{
    if (way->orderly) {
        ck_assert_int_eq(vm_end(w->vm), 0);
        off = now();
        w->save += way->store == VM_PLATES;
    }
    session_cut(w->vm);
    struct vm_boot boot = vm_decision(w->vm);
    enum vm_outcome outcome =
        way->orderly && way->store == VM_NV ? VM_CONTINUED : VM_RESTORED;

    off = now() - off;
    if (boot.outcome != outcome ||
        (outcome == VM_RESTORED && boot.save != w->save))
        vm_fail(w->vm, "Not gone on from save %u: %s", w->save, boot.line);
    vm_note(w->vm, "the machine missed %.3f s", off);
    w->missed = off;
}

// What the shell is to do when the condition holds.  A cut needs a save.
static void
when(struct work *w, const struct way *way, const char *condition)
{
    session_when(w->vm, condition, way->orderly ? "shutdown" : "save");
}

static void
editor(struct work *w, const struct way *way)
{
    double saved = 0;

    when(w, way, "[ -e trigger ]");
    vm_type(w->vm, "vi text");
    vm_expect(w->vm, "1/1");
    vm_keys(w->vm, "ikept words");
    vm_expect(w->vm, "I text");
    vm_keys(w->vm, ESCAPE);
    vm_expect(w->vm, "- text");
    vm_type(w->vm, ":w trigger");
    if (!way->orderly) {
        w->save = session_saved(w->vm);
        saved = now();
        vm_keys(w->vm, "A and lost words");
        vm_expect(w->vm, "words");
    }
    again(w, way, saved);
    vm_keys(w->vm, "A and more");
    vm_expect(w->vm, "I text");
    vm_keys(w->vm, ESCAPE);
    vm_expect(w->vm, "- text");
    vm_type(w->vm, ":wq");
    vm_expect(w->vm, "/tmp # ");
    session_says(w->vm, "cat text", "kept words and more\n");
    work_noticed(w, way->outcome);
}

static void
here_document(struct work *w, const struct way *way)
{
    double saved = 0;

    session_says(w->vm, "PS2='$(echo >>/tmp/lines)> '; >lines", "");
    when(w, way, "[ $(wc -l <lines) = 2 ]");
    vm_type(w->vm, "cat >here <<END");
    vm_expect(w->vm, "^> ");
    vm_type(w->vm, "kept line");
    vm_expect(w->vm, "^> ");
    if (!way->orderly) {
        w->save = session_saved(w->vm);
        saved = now();
        vm_type(w->vm, "lost line");
        vm_expect(w->vm, "lost line");
    }
    again(w, way, saved);
    vm_type(w->vm, "");
    vm_expect(w->vm, "^> ");
    vm_type(w->vm, "other line");
    vm_expect(w->vm, "^> ");
    session_says(w->vm, "END", "");
    session_says(w->vm, "cat here", "kept line\n\nother line\n");
    work_noticed(w, way->outcome);
}

static void
prompt(struct work *w, const struct way *way)
{
    double saved;

    work_begin_time(w);
    if (!way->orderly)
        w->save = session_save(w->vm);
    saved = now();
    work_change(w);
    if (way->orderly)
        vm_type(w->vm, "shutdown");
    again(w, way, saved);
    vm_expect(w->vm, SESSION_PROMPT);
    session_command(w->vm, "");
    work_noticed(w, way->outcome);
    work_check(w, !way->orderly);
}

START_TEST(goes_on)
{
    const struct way *way = &ways[_i];
    struct work w = {.vm = session_vm(way->name, way->store)};

    session_begin(w.vm);
    work_begin(&w);
    editor(&w, way);
    here_document(&w, way);
    prompt(&w, way);
    vm_no_loss(w.vm);
    vm_free(w.vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Linux programs over power cuts");
    TCase *tests = tcase_create("a machine");

    if (!session_possible("busybox", "programs over power cuts"))
        return 0;
    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_loop_test(tests, goes_on, 0, sizeof(ways) / sizeof(ways[0]));
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

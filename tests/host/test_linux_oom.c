// test_linux_oom.c -- when memory runs out: does the right process end, and only that one?
#include "linux/proc/proc.h"
#include "linux/task/oom.h"
#include "tasked.h"

static struct task *small, *big;

// --- processes that only have memory ---

static void
fill(struct memory *m, u32 from, u32 to)
{
    for (u32 i = from; i < to; i++)
        ck_assert_int_eq(memory_fault(m, AT + i * PAGE_SIZE, 1), 0);
}

static struct task *
process(const char *name, u32 pages)
{
    struct task *t = tasked_new(name);

    memory_map(t->memory, AT, 4096 * PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL,
               0);
    fill(t->memory, 0, pages);
    return t;
}

// Whoever waits for memory lets this one go, if there is one.
static struct task *leaves;
static u32 waits;

int
task_wait_killable(struct task *t, const void *channel, u64 us)
{
    (void)t, (void)channel, (void)us;
    waits++;
    if (leaves != NULL && leaves->ending)
        tasked_leave(leaves);
    return 0;
}

// 1: it is to end
static u32
ends(const struct task *t)
{
    return t->ending;
}

static void
open_world(void)
{
    tasked_open();
    leaves = NULL;
    waits = 0;
    big = process("big", 300);
    small = process("small", 10);
    tasked_run(small);
}

// --- who ends ---

// Does the greatest one end, and not the one that wanted a page?
START_TEST(greatest)
{
    ck_assert_int_eq(oom_make_room(&lx), 1);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_int_eq(big->ending_status, SIGKILL);
    ck_assert_uint_eq(ends(small), 0);
}
END_TEST

// Is nobody else ended while one is on its way out?
START_TEST(one_at_a_time)
{
    struct task *middle = process("middle", 100);

    for (u32 i = 0; i < 5; i++)
        ck_assert_int_eq(oom_make_room(&lx), 1);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_uint_eq(ends(middle) + ends(small), 0);
    tasked_leave(big);
    ck_assert_int_eq(oom_make_room(&lx), 1);
    ck_assert_uint_eq(ends(middle), 1);
    ck_assert_uint_eq(ends(small), 0);
}
END_TEST

// Does one that is ended itself give up at once: alone, as the greatest, or
// because somebody wants it to?
START_TEST(itself)
{
    pooled.executions.current = big->execution;
    ck_assert_int_eq(oom_make_room(&lx), 0);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_int_eq(oom_make_room(&lx), 0);
    tasked_leave(big);
    pooled.executions.current = small->execution;
    ck_assert_int_eq(oom_make_room(&lx), 0);
    ck_assert_uint_eq(ends(small), 1);
}
END_TEST

// Nobody asked: a native process makes the first task of a session.
START_TEST(nobody)
{
    pooled.executions.current = RID_NONE;
    ck_assert_int_eq(oom_make_room(&lx), 0);
    ck_assert_uint_eq(ends(big) + ends(small), 0);
}
END_TEST

// Does oom_score_adj count: thousandths of all memory, and never?
START_TEST(adjusted)
{
    small->oom_adj = 500;
    pooled.executions.current = big->execution;
    ck_assert_int_eq(oom_make_room(&lx), 1);
    ck_assert_uint_eq(ends(small), 1);
    ck_assert_uint_eq(ends(big), 0);
    tasked_leave(small);
    big->oom_adj = OOM_ADJ_MIN;
    ck_assert_int_eq(oom_make_room(&lx), 0);
    ck_assert_uint_eq(ends(big), 0);
}
END_TEST

// Do all with the same memory end, but after a vfork only for the parent's sake;
// and not one that is being made?
START_TEST(shared)
{
    struct task *brother = process("brother", 0);
    struct task *child = process("child", 0);
    rid execution = big->execution;

    tasked_leave(child);
    child->state = TASK_RUNNING;
    child->memory = big->memory;
    memory_hold(big->memory);
    child->vfork = 1;
    tasked_leave(brother);
    brother->state = TASK_RUNNING;
    brother->memory = big->memory;
    memory_hold(big->memory);
    brother->oom_adj = OOM_ADJ_MIN;
    big->execution = RID_NONE;
    ck_assert_int_eq(oom_make_room(&lx), 0); // it was small's own turn
    ck_assert_uint_eq(ends(big) + ends(brother) + ends(child), 0);
    small->ending = 0;
    big->execution = execution;
    ck_assert_int_eq(oom_make_room(&lx), 1);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_uint_eq(ends(brother), 1);
    ck_assert_uint_eq(ends(child), 1);
}
END_TEST

// --- a program that wants a page ---

static void
ck_use_all(struct memory *m)
{
    u32 i = 300;

    pooled_starve(CHUNK_PAGES + 2);
    while (memory_fault(m, AT + i * PAGE_SIZE, 1) == 0)
        i++;
    ck_assert_int_eq(memory_fault(m, AT + i * PAGE_SIZE, 1), -ENOMEM);
}

// Does a fault end the other one, and find its page when that has gone?
START_TEST(fault)
{
    struct frame frame = {.error = 6};

    ck_use_all(big->memory);
    linux_fault(&lx, &frame, 14, AT + 50 * PAGE_SIZE, 1);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_uint_eq(ends(small), 0);
    ck_assert_uint_eq(memory_page_at(small->memory, AT + 50 * PAGE_SIZE), 0);
    tasked_leave(big);
    linux_fault(&lx, &frame, 14, AT + 50 * PAGE_SIZE, 1);
    ck_assert_uint_ne(memory_page_at(small->memory, AT + 50 * PAGE_SIZE), 0);
    ck_assert_uint_eq(ends(small), 0);
    pooled_feed();
}
END_TEST

// Is a program ended when nobody may be ended for it?
START_TEST(fault_alone)
{
    struct frame frame = {.error = 6};

    big->oom_adj = small->oom_adj = OOM_ADJ_MIN;
    ck_use_all(big->memory);
    linux_fault(&lx, &frame, 14, AT + 50 * PAGE_SIZE, 1);
    ck_assert_uint_eq(ends(big), 0);
    ck_assert_uint_eq(ends(small), 1);
    pooled_feed();
}
END_TEST

// The same of a call's bytes, which go where there is a page at last.
START_TEST(call)
{
    ck_use_all(big->memory);
    leaves = big;
    ck_assert_int_eq(memory_out(small->memory, AT + 60 * PAGE_SIZE, "x", 1), 0);
    ck_assert_uint_eq(waits, 1);
    ck_assert_uint_eq(ends(small), 0);
    pooled_feed();
}
END_TEST

// Does a caller that is the one to end come back without its page?
START_TEST(call_ends)
{
    ck_use_all(big->memory);
    pooled.executions.current = big->execution;
    ck_assert_int_eq(memory_out(big->memory, AT + 4000 * PAGE_SIZE, "x", 1),
                     -ENOMEM);
    ck_assert_uint_eq(ends(big), 1);
    ck_assert_uint_eq(ends(small) + waits, 0);
    pooled_feed();
}
END_TEST

// --- /proc/PID/oom_score_adj ---

static void
ck_set(struct task *caller, const char *text, int result, int value)
{
    ck_assert_int_eq(proc_set_oom(caller, small, text), result);
    ck_assert_int_eq(small->oom_adj, value);
}

START_TEST(setting)
{
    ck_set(big, "-1000\n", 0, -1000);
    ck_set(big, " +250 ", 0, 250);
    ck_set(big, "1001", -EINVAL, 250);
    ck_set(big, "-1001", -EINVAL, 250);
    ck_set(big, "99999999999", -EINVAL, 250);
    ck_set(big, "", -EINVAL, 250);
    ck_set(big, "-", -EINVAL, 250);
    ck_set(big, "5x", -EINVAL, 250);
    ck_set(big, "-100", 0, -100);
    // Without rights not below what root allowed.
    big->euid = 7;
    ck_set(big, "300", 0, 300);
    ck_set(big, "-100", 0, -100);
    ck_set(big, "-101", -EACCES, -100);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {greatest,  one_at_a_time, itself,  nobody,
                                  adjusted,  shared,        fault,   call,
                                  call_ends, fault_alone,   setting, NULL};
    const struct suite suite = {.name = "linux_oom",
                                .open = open_world,
                                .close = tasked_close,
                                .test = tests};

    return suite_run(&suite);
}

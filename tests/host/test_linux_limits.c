// test_linux_limits.c -- does a process run into its limits, and only into its own?
#include "linux/calls.h"
#include "tasked.h"

#define MIB 0x100000u

static struct task *t;
static struct memory *m;

static void
start(void)
{
    tasked_open();
    t = tasked_new("limited");
    m = t->memory;
    tasked_run(t);
}

static void
limit(u32 which, u64 soft)
{
    t->limit[which][0] = soft;
}

static int
map(u32 at, u32 bytes, u32 prot, u32 flags)
{
    return memory_map(m, at, bytes, prot, MAP_ANONYMOUS | flags, NULL, 0);
}

// Does all of an address space count, and what is replaced only once?
START_TEST(address_space)
{
    limit(RLIMIT_AS, 4 * MIB);
    ck_assert_int_gt(map(AT, 3 * MIB, RW, MAP_PRIVATE), 0);
    ck_assert_int_eq(map(0, MIB + 1, RW, MAP_PRIVATE), -ENOMEM);
    ck_assert_int_eq(map(0, MIB + 1, 0, MAP_PRIVATE), -ENOMEM);
    ck_assert_int_eq(map(0, MIB + 1, RW, MAP_SHARED), -ENOMEM);
    ck_assert_int_gt(map(AT + 2 * MIB, 2 * MIB, RW, MAP_PRIVATE | MAP_FIXED),
                     0);
    ck_assert_uint_eq(m->mapped, 4 * MIB);
    ck_assert_int_eq(memory_remap(m, AT, 4 * MIB, 4 * MIB + 1, 1, 0), -ENOMEM);
    ck_assert_int_eq(memory_unmap(m, AT, MIB), 0);
    ck_assert_int_gt(memory_remap(m, AT + MIB, 3 * MIB, 4 * MIB, 1, 0), 0);
}
END_TEST

// Is the break where it was when it may not go further?
START_TEST(program_break)
{
    m->brk_start = m->brk = AT;
    limit(RLIMIT_DATA, MIB);
    ck_assert_uint_eq(memory_brk(m, AT + MIB), AT + MIB);
    ck_assert_uint_eq(memory_brk(m, AT + MIB + 1), AT + MIB);
    limit(RLIMIT_DATA, NO_LIMIT);
    limit(RLIMIT_AS, MIB + PAGE_SIZE);
    ck_assert_uint_eq(memory_brk(m, AT + MIB + 1), AT + MIB + 1);
    ck_assert_uint_eq(memory_brk(m, AT + 2 * MIB), AT + MIB + 1);
    ck_assert_uint_eq(memory_brk(m, AT), AT);
}
END_TEST

// Is data what is private and can be written, also when that comes later?
START_TEST(data)
{
    limit(RLIMIT_DATA, 2 * MIB);
    ck_assert_int_gt(map(AT, MIB, RW, MAP_PRIVATE), 0);
    ck_assert_int_gt(map(AT + MIB, 8 * MIB, PROT_READ, MAP_PRIVATE), 0);
    ck_assert_int_gt(map(AT + 16 * MIB, 8 * MIB, RW, MAP_SHARED), 0);
    ck_assert_uint_eq(memory_data(m), MIB);
    ck_assert_int_eq(map(0, MIB + 1, RW, MAP_PRIVATE), -ENOMEM);
    ck_assert_int_eq(memory_protect(m, AT + MIB, MIB + 1, RW), -ENOMEM);
    ck_assert_int_eq(memory_protect(m, AT, 2 * MIB, RW), 0);
    ck_assert_uint_eq(memory_data(m), 2 * MIB);
    ck_assert_int_eq(memory_protect(m, AT, 2 * MIB, RW), 0);
    ck_assert_int_eq(memory_protect(m, AT, 2 * MIB, PROT_READ), 0);
    ck_assert_int_gt(map(AT + 32 * MIB, 2 * MIB, RW, MAP_PRIVATE), 0);
}
END_TEST

static int
touch(u32 va)
{
    return memory_fault(m, va, 1);
}

// Does the stack grow as far as both limits let it, and not count as data?
START_TEST(stack)
{
    limit(RLIMIT_DATA, 0);
    limit(RLIMIT_STACK, MIB);
    ck_assert_int_gt(map(MEMORY_END - PAGE_SIZE, PAGE_SIZE, RW,
                         MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN),
                     0);
    ck_assert_int_eq(touch(MEMORY_END - MIB), 0);
    ck_assert_int_eq(touch(MEMORY_END - MIB - 4), -EFAULT);
    limit(RLIMIT_STACK, 16 * MIB);
    ck_assert_int_eq(touch(MEMORY_END - 16 * MIB), 0);
    limit(RLIMIT_STACK, NO_LIMIT);
    ck_assert_int_eq(touch(MEMORY_END - 17 * MIB), 0);
    limit(RLIMIT_AS, 18 * MIB);
    ck_assert_int_eq(touch(MEMORY_END - 18 * MIB), 0);
    ck_assert_int_eq(touch(MEMORY_END - 18 * MIB - 4), -EFAULT);
}
END_TEST

// Do the user's own tasks count, but for root?
START_TEST(tasks)
{
    struct task *other = tasked_new("other");

    t->uid = t->euid = 5;
    limit(RLIMIT_NPROC, 2);
    ck_assert_int_eq(limit_tasks(t), 0);
    other->uid = 5;
    ck_assert_int_eq(limit_tasks(t), -EAGAIN);
    limit(RLIMIT_NPROC, 3);
    ck_assert_int_eq(limit_tasks(t), 0);
    limit(RLIMIT_NPROC, 0);
    ck_assert_int_eq(limit_tasks(t), -EAGAIN);
    t->euid = 0;
    ck_assert_int_eq(limit_tasks(t), 0);
}
END_TEST

static u64
pending(void)
{
    u64 signals = t->shared;

    t->shared = 0;
    return signals;
}

// Is there SIGXCPU each second over the soft limit, and SIGKILL at the hard one?
START_TEST(processor)
{
    t->limit[RLIMIT_CPU][0] = 2;
    t->limit[RLIMIT_CPU][1] = 4;
    task_execution(t)->used_us = 1999999;
    limit_used(t);
    ck_assert_uint_eq(pending(), 0);
    task_execution(t)->used_us = 2000000;
    limit_used(t);
    ck_assert_uint_eq(pending(), SIGNAL_BIT(SIGXCPU));
    limit_used(t);
    ck_assert_uint_eq(pending(), 0);
    task_execution(t)->used_us = 3000000;
    limit_used(t);
    ck_assert_uint_eq(pending(), SIGNAL_BIT(SIGXCPU));
    ck_assert_uint_eq(t->ending, 0);
    task_execution(t)->used_us = 4000000;
    limit_used(t);
    ck_assert_uint_ne(t->ending, 0);
}
END_TEST

// What is locked without rights: no more than the limit.
START_TEST(locked)
{
    const u32 a[2] = {AT, MIB};

    ck_assert_int_gt(map(AT, 2 * MIB, RW, MAP_PRIVATE), 0);
    limit(RLIMIT_MEMLOCK, MIB - 1);
    ck_assert_int_eq(sys_mlock(t, a), 0);
    t->euid = 5;
    ck_assert_int_eq(sys_mlock(t, a), -ENOMEM);
    limit(RLIMIT_MEMLOCK, MIB);
    ck_assert_int_eq(sys_mlock(t, a), 0);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {address_space, program_break, data,   stack,
                                  tasks,         processor,     locked, NULL};
    const struct suite suite = {.name = "linux_limits",
                                .open = start,
                                .close = tasked_close,
                                .test = tests};

    return suite_run(&suite);
}

// test_linux_signal.c -- are signals kept, masked, and put on the stack as Linux does?
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/signal/sigframe.h"
#include "suite.h"
#include "tender/table.h"

#define STACK_AT 0x10000u
#define STACK_BYTES 0x10000u
#define STACK_TOP (STACK_AT + STACK_BYTES)
#define ALT_AT 0x14000u
#define HANDLER 0x8048111u
#define RESTORER 0x8048222u
#define NUMBER_OF_READ 3u

static struct linux *l;
static struct executions executions;
static struct task *t, *child;
static struct handlers handlers[2];
static struct frame frame;
static u8 stack[STACK_BYTES];

// --- what the tested files ask of the memory ---

static u8 *
user(u32 at, u32 bytes)
{
    if (at < STACK_AT || bytes > STACK_BYTES ||
        at - STACK_AT > STACK_BYTES - bytes)
        return NULL;
    return stack + (at - STACK_AT);
}

int
memory_in(struct memory *m, void *to, u32 from, u32 bytes)
{
    (void)m;
    if (user(from, bytes) == NULL)
        return -EFAULT;
    memcpy(to, user(from, bytes), bytes);
    return 0;
}

int
memory_out(struct memory *m, u32 to, const void *from, u32 bytes)
{
    (void)m;
    if (user(to, bytes) == NULL)
        return -EFAULT;
    memcpy(user(to, bytes), from, bytes);
    return 0;
}

int
memory_string(struct memory *m, char *to, u32 from, u32 most)
{
    (void)m, (void)to, (void)from, (void)most;
    return -EFAULT;
}

static u32 objects;

void
heap_init(struct heap *h, struct pages *pages)
{
    (void)h, (void)pages;
}

void *
heap_new(struct heap *h, u32 bytes)
{
    (void)h;
    objects++;
    return calloc(1, bytes);
}

void
heap_free(struct heap *h, void *object, u32 bytes)
{
    (void)h, (void)bytes;
    objects--;
    free(object);
}

// --- the world ---

static struct table *
table_make(u32 kind, u32 entry, u32 capacity)
{
    u32 bytes =
        (table_bytes(sizeof(struct table), entry, capacity) + 15) & ~15u;
    struct table *table = aligned_alloc(16, bytes);

    memset(table, 0, bytes);
    table_init(table, kind, sizeof(struct table), entry, capacity);
    return table;
}

static struct task *
task_make(struct task *parent, struct handlers *h)
{
    struct task *made = task_new(l, parent);

    made->handlers = h;
    made->group = made->session = 1;
    made->exit_signal = SIGCHLD;
    made->execution = table_add(executions.table, NULL, RID_NONE)->id;
    task_execution(made)->process = made->res.id;
    return made;
}

static void
open_world(void)
{
    memset(handlers, 0, sizeof(handlers));
    memset(stack, 0xee, sizeof(stack));
    memset(&executions, 0, sizeof(executions));
    l = calloc(1, sizeof(*l));
    l->gate = calloc(1, sizeof(*l->gate));
    gate_init(l->gate);
    l->executions = &executions;
    executions.table =
        table_make(KIND_EXECUTION, sizeof(struct execution_entry), 8);
    l->table = table_make(KIND_LINUX, sizeof(struct task), 8);
    init_make(l);
    t = task_make(NULL, &handlers[0]);
    child = task_make(t, &handlers[1]);
    executions.current = t->execution;
    frame = (struct frame){.eax = 1,
                           .ebx = 2,
                           .ecx = 3,
                           .edx = 4,
                           .esi = 5,
                           .edi = 6,
                           .ebp = 7,
                           .eip = 0x8048333,
                           .esp = STACK_TOP - 100,
                           .eflags = 0x602, // DF, IF
                           .cs = FRAME_USER_CS,
                           .ss = FRAME_USER_DS,
                           .ds = FRAME_USER_DS,
                           .es = FRAME_USER_DS};
    t->frame = &frame;
}

static void
close_world(void)
{
    free(executions.table);
    free(l->table);
    free(l->gate);
    free(l);
}

static void
handle(u32 number, u32 flags, u64 mask)
{
    handlers[0].action[number] =
        (struct signal_action){HANDLER, flags, RESTORER, mask};
}

static u32
word_on_stack(u32 at)
{
    u32 value;

    ck_assert_int_eq(memory_in(NULL, &value, at, 4), 0);
    return value;
}

// As if the handler returned: its ret takes return_to.
static void
handler_returns(int rt)
{
    static const u32 none[6];

    frame.eip = word_on_stack(frame.esp);
    frame.esp += rt ? 4 : 8; // without SA_SIGINFO the code pops the number
    frame.eax = rt ? 173 : 119;
    t->in_call = 1;
    (rt ? sys_rt_sigreturn : sys_sigreturn)(t, none);
}

// --- frames ---

START_TEST(plain_frame)
{
    const struct frame before = frame;

    handle(SIGUSR1, SA_RESTORER, 0);
    t->blocked = 1ull << 40;
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eip, HANDLER);
    ck_assert_uint_eq(frame.esp % 16, 12);
    ck_assert_uint_eq(frame.eax, SIGUSR1);
    ck_assert_uint_eq(frame.eflags, 0x202);
    ck_assert_uint_eq(word_on_stack(frame.esp), RESTORER);
    ck_assert_uint_eq(word_on_stack(frame.esp + 4), SIGUSR1);
    ck_assert_uint_eq(word_on_stack(frame.esp + 8 + 56), 0x8048333); // eip
    ck_assert_uint_eq(word_on_stack(frame.esp + 8 + 28), before.esp);
    ck_assert_uint_eq(word_on_stack(frame.esp + 8 + 80), 0); // oldmask
    ck_assert_uint_eq(word_on_stack(frame.esp + 720), 1u << 8);
    ck_assert_uint_eq(word_on_stack(frame.esp + 724), 0x0077b858); // pop eax
    ck_assert_uint_eq(word_on_stack(frame.esp + 728), 0x80cd0000);
    ck_assert_uint_eq((word_on_stack(frame.esp + 8 + 76) + 112) % 64, 0);
    ck_assert_uint_eq(t->blocked, 1ull << 40 | SIGNAL_BIT(SIGUSR1));
    handler_returns(0);
    ck_assert_mem_eq(&frame, &before, sizeof(frame));
    ck_assert_uint_eq(t->blocked, 1ull << 40);
    ck_assert_uint_eq(t->in_call, 0);
}
END_TEST

START_TEST(info_frame)
{
    const struct signal_info info = {.code = SI_USER, .pid = 77, .uid = 5};
    const struct frame before = frame;

    handle(SIGUSR2, SA_SIGINFO, SIGNAL_BIT(SIGHUP));
    signal_process(t, SIGUSR2, &info);
    signal_deliver(t, &frame);
    u32 at = frame.esp;

    ck_assert_uint_eq(word_on_stack(at), at + 260); // its own code
    ck_assert_uint_eq(word_on_stack(at + 260), 0x0000adb8);
    ck_assert_uint_eq(word_on_stack(at + 264), 0x0080cd00);
    ck_assert_uint_eq(word_on_stack(at + 8), at + 16);
    ck_assert_uint_eq(word_on_stack(at + 12), at + 144);
    ck_assert_uint_eq(frame.edx, at + 16);
    ck_assert_uint_eq(frame.ecx, at + 144);
    ck_assert_uint_eq(word_on_stack(at + 16), SIGUSR2);
    ck_assert_uint_eq(word_on_stack(at + 16 + 12), 77);
    ck_assert_uint_eq(word_on_stack(at + 16 + 16), 5);
    ck_assert_uint_eq(word_on_stack(at + 144 + 20 + 56), before.eip);
    ck_assert_uint_eq(t->blocked, SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(SIGHUP));
    handler_returns(1);
    ck_assert_mem_eq(&frame, &before, sizeof(frame));
    ck_assert_uint_eq(t->blocked, 0);
}
END_TEST

START_TEST(fault_info)
{
    handle(SIGSEGV, SA_SIGINFO, 0);
    signal_fault(t, SIGSEGV, 1, 0xdead0000);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(word_on_stack(frame.esp + 16 + 8), 1);
    ck_assert_uint_eq(word_on_stack(frame.esp + 16 + 12), 0xdead0000);
    signal_fault(t, SIGSEGV, 1, 0); // in its handler: it is blocked
    signal_deliver(t, &frame);
    ck_assert_int_eq(t->ending_status, SIGSEGV);
    ck_assert_uint_eq(t->ending, 1);
}
END_TEST

// Whatever the program writes into the frame, it gains nothing.
START_TEST(forged_frame)
{
    struct sigcontext context;

    handle(SIGUSR1, SA_RESTORER, 0);
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    memory_in(NULL, &context, frame.esp + 8, sizeof(context));
    context.cs = 0x08;
    context.ss = context.ds = 0x10;
    context.gs = 0x33; // no such segment now
    context.fs = 0x2b;
    context.eflags = 0xffffffff;
    context.oldmask = 0xffffffff;
    memory_out(NULL, frame.esp + 8, &context, sizeof(context));
    handler_returns(0);
    ck_assert_uint_eq(frame.cs, FRAME_USER_CS);
    ck_assert_uint_eq(frame.ss, FRAME_USER_DS);
    ck_assert_uint_eq(frame.ds, 0);
    ck_assert_uint_eq(frame.gs, 0);
    ck_assert_uint_eq(frame.fs, 0);
    ck_assert_uint_eq(frame.eflags & 0x3000, 0); // IOPL
    ck_assert_uint_eq(frame.eflags & 0x200, 0x200);
    ck_assert_uint_eq(frame.eflags & 0x24000, 0); // NT, VM
    ck_assert_uint_eq(t->blocked & SIGNAL_BIT(SIGKILL), 0);
    ck_assert_uint_eq(t->blocked & SIGNAL_BIT(SIGSTOP), 0);
    t->tls[0][1] = 0xf000; // present
    frame.gs = 0x33;
    signal_sanitize(t, &frame);
    ck_assert_uint_eq(frame.gs, 0x33);
}
END_TEST

START_TEST(bad_stack)
{
    handle(SIGUSR1, 0, 0);
    frame.esp = 0x2000;
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(t->ending, 1);
    ck_assert_int_eq(t->ending_status, SIGSEGV);
}
END_TEST

START_TEST(alternate_stack)
{
    handle(SIGUSR1, SA_ONSTACK, 0);
    handle(SIGUSR2, SA_ONSTACK, 0);
    t->alt_stack = ALT_AT;
    t->alt_bytes = 0x2000;
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    ck_assert_uint_gt(frame.esp, ALT_AT);
    ck_assert_uint_lt(frame.esp, ALT_AT + 0x2000);
    u32 first = frame.esp;

    signal_task(t, SIGUSR2, NULL); // there already: below the first
    signal_deliver(t, &frame);
    ck_assert_uint_lt(frame.esp, first);
    ck_assert_uint_gt(frame.esp, ALT_AT);
    frame.esp = ALT_AT + 64; // no room left
    t->blocked = 0;
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    ck_assert_int_eq(t->ending_status, SIGSEGV);
}
END_TEST

// --- masks and actions ---

START_TEST(masks)
{
    handle(SIGUSR1, SA_NODEFER | SA_RESETHAND, 0);
    signal_block(t, ~0ull);
    ck_assert_uint_eq(t->blocked & SIGNAL_BIT(SIGKILL), 0);
    signal_task(t, SIGUSR1, NULL);
    ck_assert_int_eq(signal_pending(t), 0);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eip, 0x8048333);
    signal_block(t, 0);
    ck_assert_int_eq(signal_pending(t), 1);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eip, HANDLER);
    ck_assert_uint_eq(t->blocked, 0); // NODEFER
    ck_assert_uint_eq(handlers[0].action[SIGUSR1].handler,
                      SIG_DFL); // RESETHAND
}
END_TEST

START_TEST(ignored)
{
    signal_task(t, SIGCHLD, NULL); // by default
    ck_assert_int_eq(signal_pending(t), 0);
    handlers[0].action[SIGTERM].handler = SIG_IGN;
    signal_process(t, SIGTERM, NULL);
    ck_assert_int_eq(signal_pending(t), 0);
    signal_block(t, SIGNAL_BIT(SIGTERM)); // sigwait may want it
    signal_process(t, SIGTERM, NULL);
    signal_block(t, 0);
    ck_assert_int_eq(signal_pending(t), 1);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(t->ending, 0);
    handlers[0].action[SIGKILL].handler = SIG_IGN;
    signal_process(t, SIGKILL, NULL);
    ck_assert_uint_eq(t->ending, 1);
}
END_TEST

START_TEST(suspended)
{
    handle(SIGUSR1, 0, 0);
    t->blocked = SIGNAL_BIT(SIGUSR1);
    t->suspended = t->blocked;
    t->has_suspended = 1;
    t->blocked = 0;
    t->in_call = 1;
    frame.eax = (u32)-ERESTART_NO_HANDLER;
    signal_task(t, SIGUSR1, NULL);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eip, HANDLER);
    handler_returns(0);
    ck_assert_uint_eq(t->blocked, SIGNAL_BIT(SIGUSR1));
    ck_assert_int_eq((int)frame.eax, -EINTR);
}
END_TEST

// --- calls made again ---

static void
interrupted(int result)
{
    t->in_call = 1;
    t->restart_call = NUMBER_OF_READ;
    frame.eax = (u32)result;
}

START_TEST(made_again)
{
    interrupted(-ERESTART); // nobody handles anything
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eax, NUMBER_OF_READ);
    ck_assert_uint_eq(frame.eip, 0x8048331);
    ck_assert_uint_eq(t->again, 1);
}
END_TEST

START_TEST(made_again_after_handler)
{
    handle(SIGUSR1, SA_RESTART, 0);
    signal_task(t, SIGUSR1, NULL);
    interrupted(-ERESTART);
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eip, HANDLER);
    handler_returns(0);
    ck_assert_uint_eq(frame.eax, NUMBER_OF_READ);
    ck_assert_uint_eq(frame.eip, 0x8048331);
}
END_TEST

START_TEST(not_made_again)
{
    static const int result[2] = {-ERESTART, -ERESTART_NO_HANDLER};
    static const u32 flags[2] = {0, SA_RESTART};

    for (u32 i = 0; i < 2; i++) {
        handle(SIGUSR1, flags[i], 0);
        frame.eip = 0x8048333;
        frame.esp = STACK_TOP - 100;
        signal_task(t, SIGUSR1, NULL);
        interrupted(result[i]);
        signal_deliver(t, &frame);
        handler_returns(0);
        ck_assert_int_eq((int)frame.eax, -EINTR);
        ck_assert_uint_eq(frame.eip, 0x8048333);
    }
}
END_TEST

// A result that looks like it but was no call's.
START_TEST(no_call)
{
    frame.eax = (u32)-ERESTART;
    signal_deliver(t, &frame);
    ck_assert_uint_eq(frame.eax, (u32)-ERESTART);
    ck_assert_uint_eq(frame.eip, 0x8048333);
}
END_TEST

// --- processes ---

START_TEST(parents)
{
    handle(SIGCHLD, 0, 0);
    signal_parent(child, CLD_EXITED, 3);
    ck_assert_uint_eq(t->shared, SIGNAL_BIT(SIGCHLD));
    ck_assert_uint_eq(t->info[SIGCHLD].pid, child->pid);
    ck_assert_int_eq(t->info[SIGCHLD].status, 3);
    ck_assert_uint_eq(child->parent, t->res.id);
    t->shared = 0;
    handle(SIGCHLD, SA_NOCLDSTOP, 0);
    signal_parent(child, CLD_STOPPED, SIGSTOP);
    ck_assert_uint_eq(t->shared, 0);
    handlers[0].action[SIGCHLD].handler = SIG_IGN; // nobody will wait
    signal_parent(child, CLD_EXITED, 0);
    ck_assert_uint_eq(child->parent, RID_NONE);
}
END_TEST

// Do signals to process 1 do nothing at all, and is it whose parent has gone?
START_TEST(process_1)
{
    struct task *init = task_of_tid(l, 1);
    const u32 all[] = {1}, term[] = {1, SIGTERM}, one[] = {1, 1, SIGKILL};

    ck_assert_ptr_eq(init, &l->init);
    ck_assert_ptr_eq(task_leader(init), init);
    ck_assert_uint_eq(task_threads(l, 1), 1);
    for (u32 n = 1; n <= SIGNALS; n++) {
        ck_assert_int_eq(signal_process(init, n, NULL), 0);
        ck_assert_int_eq(signal_task(init, n, NULL), 0);
    }
    ck_assert_int_eq(sys_kill(t, term), 0);
    ck_assert_int_eq(sys_tgkill(t, one), 0);
    ck_assert_uint_eq(init->pending | init->shared, 0);
    ck_assert_uint_eq(init->state, TASK_RUNNING);
    t->uid = t->euid = t->suid = 1000;
    ck_assert_int_eq(sys_kill(t, term), -EPERM);
    ck_assert_int_eq(sys_getsid(t, all), 1);
    ck_assert_int_eq(sys_getppid(t, all), 1);
    ck_assert_int_eq(sys_getppid(child, all), (int)t->pid);
    ck_assert_uint_eq(task_parent_pid(init), 0);
}
END_TEST

// Do real-time signals come one by one, in their order, and up to the limit?
START_TEST(realtime)
{
    struct signal_info info = {.code = SI_QUEUE};

    t->limit[11][0] = 4;
    t->blocked = SIGNAL_BIT(40);
    for (info.status = 1; info.status <= 2; info.status++) {
        ck_assert_int_eq(signal_process(t, 40, &info), 0);
        ck_assert_int_eq(signal_task(t, 41, &info), 0);
    }
    ck_assert_int_eq(signal_task(t, 40, &info), -EAGAIN);
    ck_assert_int_eq(signal_process(t, 40, &info), -EAGAIN);
    for (int value = 1; value <= 2; value++) {
        ck_assert_uint_eq(signal_take(t, SIGNAL_BIT(40), &info), 40);
        ck_assert_int_eq(info.status, value);
        ck_assert_uint_eq(signal_take(t, SIGNAL_BIT(41), &info), 41);
        ck_assert_int_eq(info.status, value);
    }
    ck_assert_uint_eq(signal_take(t, ~0ull, &info), 0);
    ck_assert_uint_eq(objects, 0);
    for (u32 n = 0; n < 3; n++)
        signal_process(child, 40, &info);
    ck_assert_uint_eq(objects, 0); // its limit is nothing
    child->limit[11][0] = ~0ull;
    child->blocked = SIGNAL_BIT(40);
    for (u32 n = 0; n < 3; n++)
        signal_process(child, 40, &info);
    ck_assert_uint_eq(objects, 2);
    task_forget(child);
    ck_assert_uint_eq(objects, 0);
}
END_TEST

// Is a process told of a restart whose first thread has ended, once?
START_TEST(restarted)
{
    struct task *thread = task_make(NULL, &handlers[0]);

    thread->leader = t->res.id;
    thread->pid = t->pid;
    handle(SIGPWR, 0, 0);
    t->state = TASK_ZOMBIE;
    t->handlers = NULL;
    linux_restarted(l, 1, 2, 3);
    ck_assert_uint_eq(t->shared, SIGNAL_BIT(SIGPWR));
    ck_assert(signal_pending(thread));
    ck_assert_uint_eq(thread->pending, 0);
    ck_assert_uint_eq(child->shared, 0); // which does not handle it
    thread->state = TASK_ZOMBIE;
    linux_restarted(l, 1, 3, 3);
}
END_TEST

START_TEST(continues)
{
    child->state = TASK_STOPPED;
    child->stop = SIGSTOP;
    child->pending = SIGNAL_BIT(SIGTSTP);
    signal_process(child, SIGCONT, NULL);
    ck_assert_uint_eq(child->stop, 0);
    ck_assert_uint_eq(child->pending, 0);
    ck_assert_uint_eq(child->reported, TASK_REPORT_CONTINUE);
    ck_assert_int_eq(signal_group(l, 99, SIGTERM, NULL), -ESRCH);
    ck_assert_int_eq(signal_group(l, 1, 0, NULL), 2);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {plain_frame,
                                  info_frame,
                                  fault_info,
                                  forged_frame,
                                  bad_stack,
                                  alternate_stack,
                                  masks,
                                  ignored,
                                  suspended,
                                  made_again,
                                  made_again_after_handler,
                                  not_made_again,
                                  no_call,
                                  parents,
                                  process_1,
                                  realtime,
                                  restarted,
                                  continues,
                                  NULL};
    const struct suite suite = {.name = "linux_signal",
                                .open = open_world,
                                .close = close_world,
                                .test = tests};

    return suite_run(&suite);
}

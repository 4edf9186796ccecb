// attack.c -- programs that want to harm the kernel: does it go on, and forget them?
//
//   attack      one line for each question that is answered wrongly, then
//               "attack: N right, M wrong"
//   attack N    ends with N: what two threads execute at once
#include "base.h"
#include "judge.h"

#define CLONE_THREAD_FLAGS 0x10f00u // VM, FS, FILES, SIGHAND, THREAD
#define CLONE_PARENT 0x8000u
#define CLONE_SETTLS 0x80000u
#define SIGCHLD 17u
#define SIG_IGN 1u

#define TLS_READ_ONLY 8u
#define TLS_NOT_PRESENT 32u
#define TLS_FLAT (1u | 16u) // 32 bits, the limit in pages
#define FLAT_LIMIT 0xfffffu

#define TASKS 80u // more than the kernel has
#define RACES 10u
#define AREA_BYTES (64u << 20)
#define HOLES 0x20000000u

static const char *self;

// --- segments that the way back to user mode cannot load ---

static u16
make_segment(u32 entry, u32 bits)
{
    u32 record[4] = {entry, 0, FLAT_LIMIT, bits};

    call(CALL_SET_THREAD_AREA, P(record));
    return (u16)(record[0] << 3 | 3);
}

// The stack's segment becomes one that cannot be written.
static void
read_only_stack(void)
{
    u16 selector = make_segment(~0u, TLS_FLAT);

    __asm__ volatile("mov %0, %%ss" : : "r"(selector) : "memory");
    make_segment(selector >> 3, TLS_FLAT | TLS_READ_ONLY);
}

// A child whose parent's segment is none of its own.
static void
child_without_segment(void)
{
    u16 selector = make_segment(~0u, TLS_FLAT);
    const u32 empty[4] = {selector >> 3, 0, 0, TLS_READ_ONLY | TLS_NOT_PRESENT};
    int pid;

    __asm__ volatile("mov %0, %%gs" : : "r"(selector) : "memory");
    pid = call(CALL_CLONE, CLONE_SETTLS | SIGCHLD, 0, 0, P(empty), 0);
    if (pid == 0)
        base_exit(0);
    base_exit(base_wait(pid));
}

// --- the kernel's native entry ---

// What the kernel does not find in the map must not get into the page tables.
static void
foreign_pages(void)
{
    int region = region_create(NULL, PAGE);
    int space = vuspace_attach(NULL, (rid)region, 0, VU_WRITABLE);

    base_exit(region > 0 && space < 0 ? 0 : 1);
}

// Another user than root may look, and no more: not even at what it made as root.
static void
native_of_a_user(void)
{
    static const u32 refused[] = {SYSTEM_SAVE,        SYSTEM_SHUTDOWN,
                                  SYSTEM_REBOOT,      SYSTEM_OCC_ENABLE,
                                  SYSTEM_OCC_DISABLE, SYSTEM_TRACE};
    static u32 out[2];
    int event = event_create("attack", 0);
    int bad = event < 0;

    call(213 /* setuid32 */, 1000);
    for (u32 n = 0; n < ARRAY_LEN(refused); n++)
        bad |= resource_control(KIND_ID(KIND_SYSTEM), refused[n], P(out), 1,
                                0) != E_RIGHT;
    bad |= region_create(NULL, PAGE) != E_RIGHT;
    bad |= resource_open(KIND_EVENT, "attack") != E_RIGHT;
    bad |= resource_delete((rid)event) != E_RIGHT;
    bad |=
        resource_control(KIND_ID(KIND_SYSTEM), SYSTEM_UPTIME, P(out), 0, 0) < 0;
    base_exit(bad);
}

static void
wait_for_event(void)
{
    int event = event_create(NULL, 0);

    resource_read((rid)event, NULL, 0, 0);
}

static int
kill_in_native_wait(void)
{
    int pid = call(CALL_FORK);

    if (pid == 0) {
        wait_for_event();
        base_exit(0);
    }
    base_sleep_ms(100);
    call(CALL_KILL, (u32)pid, SIGKILL);
    for (u32 n = 0; n < 100; n++) {
        int status = 0;

        if (call(CALL_WAIT4, (u32)pid, P(&status), WNOHANG) == pid)
            return status;
        base_sleep_ms(20);
    }
    return -1;
}

// --- tasks that nobody takes ---

// Ended children of ended children, while the session's first process wants to
// know of none.
static void
have_child(void)
{
    int pid = call(CALL_FORK);

    if (pid == 0)
        base_exit(0);
    base_exit(pid < 0 ? 1 : base_wait(pid));
}

static int
leave_orphans(void)
{
    const u32 ignore[5] = {SIG_IGN};
    const u32 default_[5] = {0};
    int pid = 0;

    call(CALL_RT_SIGACTION, SIGCHLD, P(ignore), 0, 8);
    for (u32 n = 0; n < TASKS && pid >= 0; n++) {
        pid = call(CALL_FORK);
        if (pid == 0) {
            call(CALL_RT_SIGACTION, SIGCHLD, P(default_), 0, 8);
            if (call(CALL_FORK) == 0)
                base_exit(0);
            base_sleep_ms(20);
            base_exit(0);
        }
        base_wait(pid);
    }
    call(CALL_RT_SIGACTION, SIGCHLD, P(default_), 0, 8);
    return pid < 0 ? pid : apart(have_child);
}

// The native process that waits for the session's first one knows nothing of its
// brothers: nobody waits for them.
static int
make_brother(void)
{
    int pid = call(CALL_CLONE, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        base_exit(0);
    while (call(CALL_KILL, (u32)pid, 0) == 0)
        base_sleep_ms(10);
    return base_wait(pid);
}

// --- two threads that execute at once ---

static void
execute(void *argument)
{
    const u32 arguments[] = {P(self), P("7"), 0};

    (void)argument;
    call(CALL_EXECVE, P(self), P(arguments), P(arguments + 2));
}

static void
execute_twice(void)
{
    u8 *stacks = base_map(4 * PAGE, PROT_RW, MAP_PRIVATE);

    base_clone(CLONE_THREAD_FLAGS, stacks + 2 * PAGE, execute, NULL);
    base_clone(CLONE_THREAD_FLAGS, stacks + 4 * PAGE, execute, NULL);
    execute(NULL);
}

// --- many areas ---

// -> how many there can be, about
static u32
make_areas(u8 *at)
{
    u32 n;

    for (n = 0; n < AREA_BYTES / PAGE; n += 2)
        if (call(CALL_MPROTECT, P(at + n * PAGE), PAGE, PROT_NONE) < 0)
            break;
    return n;
}

// Calls whose work grows with the areas and the addresses end soon.
static void
many_areas(void)
{
    u8 *at = base_map(AREA_BYTES, PROT_RW, MAP_PRIVATE);
    u64 begin;
    int pid;

    if (make_areas(at) == AREA_BYTES / PAGE)
        base_exit(1); // there is no end
    begin = base_us();
    call(219 /* madvise */, 0x10000, HOLES, 8 /* MADV_FREE */);
    pid = call(CALL_FORK);
    if (pid == 0)
        base_exit(0);
    base_wait(pid);
    base_exit(base_us() - begin < 3000000 ? 0 : 2);
}

// --- long calls ---

#define PATH "/tmp/attack"
#define LONG_BYTES 0x7ffff000u

static void
nothing(int number)
{
    (void)number;
}

// While another one wants the processor, too, a long copy lets the clock in: a
// signal ends it before its end.
static void
copy_long(void)
{
    const u32 timer[4] = {0, 0, 0, 100000};
    int from = call(CALL_OPEN, P(PATH), O_RDWR | O_CREAT, 0600);
    int to = call(CALL_OPEN, P("/dev/null"), O_WRONLY);
    int other = call(CALL_FORK);
    int done;

    if (other == 0)
        for (;;)
            continue;
    call(CALL_UNLINK, P(PATH));
    call(CALL_FTRUNCATE, (u32)from, LONG_BYTES);
    base_handle(14 /* SIGALRM */, nothing, 4 /* SA_SIGINFO */);
    call(104 /* setitimer */, 0, P(timer), 0);
    done = call(187 /* sendfile */, (u32)to, (u32)from, 0, LONG_BYTES);
    call(CALL_KILL, (u32)other, SIGKILL);
    base_wait(other);
    base_exit(done > 0 && (u32)done < LONG_BYTES ? 0 : 1);
}

int
main(int argc, char **argv)
{
    self = argv[0];
    if (argc > 1)
        base_exit((int)argument(argc, argv, 1, 0, 0));
    judge_begin("attack");
    judge("a stack that cannot be written", apart(read_only_stack), 0);
    judge("a child without its segment", apart(child_without_segment), 0);
    judge("pages from the native entry", apart(foreign_pages), 0);
    judge("native calls of a user", apart(native_of_a_user), 0);
    judge("killed while it waits in the native entry", kill_in_native_wait(),
          SIGKILL);
    judge("a brother of the first process", make_brother(), -ECHILD);
    judge("orphans nobody wants", leave_orphans(), 0);
    for (u32 n = 0; n < RACES; n++)
        judge("two threads execute", apart(execute_twice), 7 << 8);
    judge("many areas", apart(many_areas), 0);
    judge("a copy of two gigabytes", apart(copy_long), 0);
    return judge_end();
}

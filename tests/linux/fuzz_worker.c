// fuzz_worker.c -- a process whose threads make random calls until they are ended
#include "fuzz.h"

#define THREADS 3u
#define STACK_BYTES 32768u
#define REOPEN 200u        // calls between two looks at the descriptors
#define CHILD_CALLS 100u   // of a process that a worker made
#define SPOILT_CALLS 1000u // of a worker that may spoil itself
// CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM
#define THREAD_FLAGS 0x50f00u
#define CLONE_VM 0x100u

static struct caller callers[THREADS];

void
fuzz_nothing(int number)
{
    (void)number;
}

// The child must not touch the stack it may share: it ends at once.
static int
call_and_end_child(u32 number, const u32 *a)
{
    int result;

    __asm__ volatile("push %%ebp\n"
                     "mov 20(%1), %%ebp\n"
                     "mov (%1), %%ebx\n"
                     "mov 4(%1), %%ecx\n"
                     "mov 8(%1), %%edx\n"
                     "mov 12(%1), %%esi\n"
                     "mov 16(%1), %%edi\n"
                     "int $0x80\n"
                     "test %%eax, %%eax\n"
                     "jnz 1f\n"
                     "2: mov $1, %%eax\n"
                     "xor %%ebx, %%ebx\n"
                     "int $0x80\n"
                     "jmp 2b\n"
                     "1: pop %%ebp\n"
                     : "=a"(result), "+D"(a)
                     : "0"(number)
                     : "ebx", "ecx", "edx", "esi", "memory");
    return result;
}

// A child that shares this memory executes the program, or ends with what it was
// told instead: nobody but it writes that.
static int
execute(const u32 *a)
{
    volatile int result = 0;
    int pid;

    __asm__ volatile("int $0x80\n"
                     "test %%eax, %%eax\n"
                     "jnz 1f\n"
                     "mov $11, %%eax\n"
                     "mov (%%edi), %%ebx\n"
                     "mov 4(%%edi), %%ecx\n"
                     "mov 8(%%edi), %%edx\n"
                     "int $0x80\n"
                     "mov %%eax, (%%esi)\n"
                     "2: mov $1, %%eax\n"
                     "xor %%ebx, %%ebx\n"
                     "int $0x80\n"
                     "jmp 2b\n"
                     "1:\n"
                     : "=a"(pid)
                     : "0"(190), "D"(a), "S"(&result)
                     : "ebx", "ecx", "edx", "memory");
    return pid < 0 ? pid : result;
}

static void run(struct caller *c);

// A child by fork goes on for a while.
static int
fork_call(struct caller *c, u32 number)
{
    int result = call6(number, c->argument);

    if (result != 0)
        return result;
    c->pid = c->tid = (u32)call(CALL_GETPID);
    c->left = CHILD_CALLS;
    c->may = chance_below(&c->chance, 4) == 0 ? FUZZ_MAY_ALL : 0;
    c->chance.word[0] ^= c->pid;
    run(c);
    base_exit(0);
}

static int
make_call(struct caller *c, u32 number)
{
    switch (number) {
    case CALL_FORK:
        return fork_call(c, number);
    case CALL_EXECVE:
        return execute(c->argument);
    case 190: // vfork
    case 435: // clone3
        return call_and_end_child(number, c->argument);
    case CALL_CLONE:
        if ((c->argument[0] & CLONE_VM) == 0 && chance_below(&c->chance, 2)) {
            c->argument[1] = 0;
            return fork_call(c, number);
        }
        return call_and_end_child(number, c->argument);
    default:
        return call6(number, c->argument);
    }
}

static u32
choose(struct caller *c)
{
    u32 number = chance_below(&c->chance, FUZZ_CALLS);

    // Those that make processes or end what was opened come less often.
    switch (number) {
    case CALL_FORK:
    case 190:
    case CALL_CLONE:
    case 435:
    case 436:
    case CALL_EXECVE:
        return chance_below(&c->chance, 8) == 0 ? number : CALL_GETPID;
    default:
        return number;
    }
}

static void
count(struct caller *c, u32 number, int result)
{
    struct counts *t = &c->tally->counts;

    t->calls[number]++;
    if (result < 0 && result > -(int)ERRNOS)
        t->refused[number][-result]++;
    else
        t->good[number]++;
}

// A thread that waits for what never comes is of no use.
static void
wake_others(const struct caller *c)
{
    for (u32 i = 0; i < THREADS; i++)
        if (callers[i].tid != c->tid)
            call(270, c->pid, callers[i].tid, SIGUSR1); // tgkill
}

static void
run(struct caller *c)
{
    for (u32 n = 0; n < c->left && c->tally->stop != FUZZ_STOP; n++) {
        u32 number = choose(c);

        if (n % REOPEN == 0) {
            wake_others(c);
            fuzz_open(c);
        }
        if (n % 4 == 0)
            fuzz_stir(c);
        if (chance_below(&c->chance, 1024) == 0) {
            c->tally->counts.odd++;
            fuzz_odd(c);
        }
        fuzz_arguments(c, number);
        if (!fuzz_allowed(c, number))
            continue;
        count(c, number, make_call(c, number));
        if (c->changes) // not before: another thread would mend it too early
            fuzz_arena_changed = 1;
        c->tally->beat[c->index]++;
    }
}

static void
run_thread(void *argument)
{
    struct caller *c = argument;

    c->tid = (u32)call(CALL_GETTID);
    run(c);
}

static void
start_threads(void)
{
    static u8 stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));

    for (u32 i = 1; i < THREADS; i++)
        base_clone(THREAD_FLAGS, stacks[i] + STACK_BYTES, run_thread,
                   &callers[i]);
}

// Most workers may do nothing that would make the rest of their calls fail; a
// process that such a worker makes may.
static void
allow(struct caller *c, u32 seed)
{
    u32 kind = seed * 0x9e3779b1u >> 29;

    c->may = kind < 3 ? 1u << kind : 0;
    if (c->may != 0)
        c->left = SPOILT_CALLS;
}

_Noreturn void
fuzz_worker(struct tally *tally, u32 index, u32 seed)
{
    u32 null;
    u8 *arena;

    for (u32 i = 1; i <= 64; i++)
        if (i != 4 && i != 7 && i != 8 && i != SIGSEGV)
            base_handle(i, fuzz_nothing, 0);
    fuzz_oom("1000"); // before anybody who is not a worker
    if (index % 2 == 1)
        call(66); // setsid
    call(CALL_MKDIR, P(FUZZ_DIR), 0777);
    arena = fuzz_arena(NULL);
    if (arena == NULL)
        base_exit(3);
    null = (u32)call(CALL_OPEN, P("/dev/null"), O_RDWR, 0);
    for (u32 i = 0; i < 3; i++)
        call(CALL_DUP2, null, i);
    for (u32 i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){.tally = tally,
                                     .index = index,
                                     .left = ~0u,
                                     .pid = (u32)call(CALL_GETPID),
                                     .tid = (u32)call(CALL_GETPID),
                                     .arena = arena};
        chance_seed(&callers[i].chance, seed, i);
        allow(&callers[i], seed);
    }
    start_threads();
    run(&callers[0]);
    base_exit(0);
}

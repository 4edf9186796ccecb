// fuzz_worker.c -- a process whose threads make random calls until they are ended
#include "fuzz.h"

#define THREADS 3u
#define STACK_BYTES 32768u
#define REOPEN 200u      // calls between two looks at the descriptors
#define CHILD_CALLS 100u // of a process that a worker made
// CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM
#define THREAD_FLAGS 0x50f00u
#define CLONE_VM 0x100u

static void
nothing(int number)
{
    (void)number;
}

// The child must not touch the stack it may share: it ends at once.
static int
call_and_end_child(u32 number, const u32 *a)
{
    int result;

    __asm__ volatile("push %%ebp\n"
                     "mov 20(%2), %%ebp\n"
                     "mov (%2), %%ebx\n"
                     "mov 4(%2), %%ecx\n"
                     "mov 8(%2), %%edx\n"
                     "mov 12(%2), %%esi\n"
                     "mov 16(%2), %%edi\n"
                     "int $0x80\n"
                     "test %%eax, %%eax\n"
                     "jnz 1f\n"
                     "2: mov $1, %%eax\n"
                     "xor %%ebx, %%ebx\n"
                     "int $0x80\n"
                     "jmp 2b\n"
                     "1: pop %%ebp\n"
                     : "=a"(result)
                     : "0"(number), "D"(a)
                     : "ebx", "ecx", "edx", "esi", "memory");
    return result;
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

// Half of the calls are among the first 130, where most that matter are.
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

static void
run(struct caller *c)
{
    for (u32 n = 0; n < c->left && !c->tally->stop; n++) {
        u32 number = choose(c);

        if (n % REOPEN == 0)
            fuzz_open(c);
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
start_threads(struct caller *callers)
{
    static u8 stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));

    for (u32 i = 1; i < THREADS; i++)
        base_clone(THREAD_FLAGS, stacks[i] + STACK_BYTES, run_thread,
                   &callers[i]);
}

_Noreturn void
fuzz_worker(struct tally *tally, u32 index, u32 seed)
{
    static struct caller callers[THREADS];
    u32 null;
    u8 *arena;

    for (u32 i = 1; i <= 64; i++)
        if (i != 4 && i != 7 && i != 8 && i != SIGSEGV)
            base_handle(i, nothing, 0);
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
    }
    start_threads(callers);
    run(&callers[0]);
    base_exit(0);
}

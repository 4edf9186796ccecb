// exact.c -- small questions whose answers Linux gives exactly, also on Linux itself
//
//   exact       one line for each question that is answered wrongly, then
//               "exact: N right, M wrong"
#include "base.h"

#define SIGTRAP 5
#define SA_SIGINFO 4u

static u32 right, wrong;

static void
judge(const char *what, int result, int wanted)
{
    if (result == wanted) {
        right++;
        return;
    }
    wrong++;
    print("exact: wrong: %s: %d instead of %d\n", what, result, wanted);
}

// In a process of its own. -> its status
static int
apart(void (*run)(void))
{
    int pid = call(CALL_FORK);

    if (pid == 0) {
        run();
        base_exit(0);
    }
    return base_wait(pid);
}

// --- instructions that trap ---

static void
int3(void)
{
    __asm__ volatile("int3");
}

static void
into(void)
{
    __asm__ volatile("mov $0x7fffffff, %%eax\n"
                     "add $1, %%eax\n"
                     "into"
                     :
                     :
                     : "eax", "cc");
}

static void
no_overflow(void)
{
    __asm__ volatile("xor %%eax, %%eax\n"
                     "into"
                     :
                     :
                     : "eax", "cc");
}

static volatile u32 traps;

static void
count_trap(int number)
{
    traps += number == SIGTRAP;
}

// The program goes on behind the instruction.
static void
handled(void)
{
    base_handle(SIGTRAP, count_trap, SA_SIGINFO);
    int3();
    __asm__ volatile("int $3");
    base_exit((int)traps);
}

static void
try_traps(void)
{
    judge("int3", apart(int3) & 0x7f, SIGTRAP);
    judge("int3 with a handler", apart(handled), 2 << 8);
    judge("into after an overflow", apart(into) & 0x7f, SIGSEGV);
    judge("into without one", apart(no_overflow), 0);
}

int
main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    try_traps();
    print("exact: %u right, %u wrong\n", right, wrong);
    return wrong != 0;
}

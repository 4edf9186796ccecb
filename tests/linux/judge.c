// judge.c -- questions that a test program asks, and what it says of the answers
#include "judge.h"

#include "base.h"

static const char *name;
static u32 right, wrong;

void
judge_begin(const char *program)
{
    name = program;
}

void
judge(const char *what, int result, int wanted)
{
    if (result == wanted) {
        right++;
        return;
    }
    wrong++;
    print("%s: wrong: %s: %d instead of %d\n", name, what, result, wanted);
}

int
judge_end(void)
{
    print("%s: %u right, %u wrong\n", name, right, wrong);
    return wrong != 0;
}

int
apart(void (*run)(void))
{
    int pid = call(CALL_FORK);

    if (pid == 0) {
        run();
        base_exit(0);
    }
    return base_wait(pid);
}

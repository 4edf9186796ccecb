// threads.c -- let machine_switch() of the fake machine really switch stacks
#include "threads.h"

#include <sys/mman.h>
#include <ucontext.h>

#define THREADS 8192
#define STACK_BYTES 65536

struct thread {
    u32 home; // its kernel stack
    u32 key;  // what machine_switch() calls it while it does not run
    void *stack;
    ucontext_t context;
};

static struct thread thread[THREADS];
static u32 threads;
static struct thread *running;
static void (*begin)(void);

static struct thread *
add(void)
{
    if (threads == THREADS)
        fake_fail("more than %d executions", THREADS);
    return &thread[threads++];
}

static struct thread *
find(u32 key)
{
    for (u32 i = 0; i < threads; i++)
        if (thread[i].key == key)
            return &thread[i];
    return NULL;
}

// An execution that never ran.  The one that had its kernel stack before is
// dead.
static struct thread *
make(u32 home)
{
    struct thread *made = NULL;

    for (u32 i = 0; i < threads; i++)
        if (thread[i].home == home)
            made = &thread[i];
    if (made == NULL) {
        made = add();
        made->home = home;
        made->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    if (made == running)
        fake_fail("a new execution got the stack of the running one");
    getcontext(&made->context);
    made->context.uc_stack.ss_sp = made->stack;
    made->context.uc_stack.ss_size = STACK_BYTES;
    made->context.uc_link = NULL;
    makecontext(&made->context, begin, 0);
    return made;
}

static void
switch_to(u32 to)
{
    struct thread *from = running;
    struct thread *next = find(to);

    from->key = fake.switch_from;
    if (next == NULL)
        next = make(to);
    next->key = 0;
    running = next;
    swapcontext(&from->context, &next->context);
}

void
threads_open(void (*start)(void))
{
    threads = 0;
    begin = start;
    running = add(); // the boot stack
    fake.on_switch = switch_to;
}

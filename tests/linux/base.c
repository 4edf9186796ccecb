// base.c -- what our own Linux test programs stand on: calls, chance
#include "base.h"

// esp -> argc, argv[0], ...
__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov (%esp), %eax\n"
        "    lea 4(%esp), %ecx\n"
        "    and $-16, %esp\n"
        "    sub $8, %esp\n"
        "    push %ecx\n"
        "    push %eax\n"
        "    call main\n"
        "    push %eax\n"
        "    call base_exit\n");

__asm__(".globl call6\n"
        "call6:\n"
        "    push %ebx\n"
        "    push %esi\n"
        "    push %edi\n"
        "    push %ebp\n"
        "    mov 20(%esp), %eax\n"
        "    mov 24(%esp), %edi\n"
        "    mov (%edi), %ebx\n"
        "    mov 4(%edi), %ecx\n"
        "    mov 8(%edi), %edx\n"
        "    mov 12(%edi), %esi\n"
        "    mov 20(%edi), %ebp\n"
        "    mov 16(%edi), %edi\n"
        "    int $0x80\n"
        "    pop %ebp\n"
        "    pop %edi\n"
        "    pop %esi\n"
        "    pop %ebx\n"
        "    ret\n");

// The new one finds the function and its argument on its stack.
__asm__(".globl clone_onto\n"
        "clone_onto:\n"
        "    push %ebx\n"
        "    push %esi\n"
        "    push %edi\n"
        "    mov $120, %eax\n"
        "    mov 16(%esp), %ebx\n"
        "    mov 20(%esp), %ecx\n"
        "    xor %edx, %edx\n"
        "    xor %esi, %esi\n"
        "    xor %edi, %edi\n"
        "    int $0x80\n"
        "    test %eax, %eax\n"
        "    jz 1f\n"
        "    pop %edi\n"
        "    pop %esi\n"
        "    pop %ebx\n"
        "    ret\n"
        "1:  pop %eax\n"
        "    call *%eax\n"
        "2:  mov $1, %eax\n"
        "    xor %ebx, %ebx\n"
        "    int $0x80\n"
        "    jmp 2b\n");
int clone_onto(u32 flags, u32 *stack);

// A handler without SA_SIGINFO has the older frame: its number is still on it.
__asm__("base_restore_old:\n"
        "    pop %eax\n"
        "    mov $119, %eax\n"
        "    int $0x80\n"
        "base_restore:\n"
        "    mov $173, %eax\n"
        "    int $0x80\n");
extern char base_restore[], base_restore_old[];

int
base_clone(u32 flags, void *stack_end, void (*run)(void *), void *argument)
{
    u32 *stack = (u32 *)stack_end - 4;

    stack[0] = P(run);
    stack[1] = P(argument);
    return clone_onto(flags, stack);
}

_Noreturn void
base_exit(int status)
{
    for (;;)
        call(CALL_EXIT_GROUP, (u32)status);
}

void *
base_map(u32 bytes, u32 prot, u32 flags)
{
    int at = call(CALL_MMAP2, 0, bytes, prot, flags | MAP_ANONYMOUS, ~0u, 0);

    return at < 0 && at > -4096 ? NULL : (void *)at;
}

u64
base_us(void)
{
    u32 t[2] = {0};

    call(CALL_CLOCK_GETTIME, 1, P(t));
    return t[0] * 1000000ull + t[1] / 1000;
}

void
base_sleep_ms(u32 ms)
{
    const u32 t[2] = {ms / 1000, ms % 1000 * 1000000};

    call(CALL_NANOSLEEP, P(t));
}

#define SA_SIGINFO 4u
#define SA_RESTORER 0x04000000u

void
base_handle(u32 number, void (*handler)(int), u32 flags)
{
    const u32 action[5] = {
        P(handler), flags | SA_RESTORER,
        P((flags & SA_SIGINFO) != 0 ? base_restore : base_restore_old)};

    call(CALL_RT_SIGACTION, number, P(action), 0, 8);
}

int
base_wait(int pid)
{
    int status = 0, result;

    do
        result = call(CALL_WAIT4, (u32)pid, P(&status));
    while (result == -EINTR);
    return result < 0 ? result : status;
}

// --- chance: xorshift128 ---

void
chance_seed(struct chance *c, u32 a, u32 b)
{
    c->word[0] = a * 0x9e3779b1u ^ 0x6c078965u;
    c->word[1] = b * 0x85ebca6bu ^ 0x1234567u;
    c->word[2] = a ^ b << 16 ^ 0xdeadbeefu;
    c->word[3] = 0x2545f491u;
    for (u32 i = 0; i < 16; i++)
        chance_next(c);
}

u32
chance_next(struct chance *c)
{
    u32 x = c->word[3], s = c->word[0];

    x ^= x << 11;
    x ^= x >> 8;
    c->word[3] = c->word[2];
    c->word[2] = c->word[1];
    c->word[1] = s;
    x ^= s ^ s >> 19;
    return c->word[0] = x;
}

u32
chance_below(struct chance *c, u32 limit)
{
    return chance_next(c) % limit;
}

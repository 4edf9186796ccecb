// fuzz_odd.c -- instructions a program should not use, and changed signal frames
#include "fuzz.h"

// A process of its own: most of this ends it.
static int
child(void)
{
    return call(CALL_FORK);
}

// --- a signal's frame is changed by its handler ---

static struct chance *frame_chance;

static void
change_frame(int number)
{
    // The frame begins a word below the handler's argument.
    u32 *frame = (u32 *)((u8 *)__builtin_frame_address(0) + 4);

    (void)number;
    for (u32 i = 0; i < 1 + chance_below(frame_chance, 4); i++)
        frame[1 + chance_below(frame_chance, 40)] =
            chance_below(frame_chance, 2)
                ? chance_next(frame_chance)
                : 1u << chance_below(frame_chance, 32);
}

static void
odd_frame(struct caller *c)
{
    frame_chance = &c->chance;
    // SA_SIGINFO or not: two kinds of frames.
    base_handle(SIGUSR1, change_frame, chance_below(&c->chance, 2) ? 4 : 0);
    call(CALL_TKILL, c->tid, SIGUSR1);
}

// sigreturn where there is no frame at all.
static void
odd_return(struct caller *c)
{
    u32 stack = fuzz_value(c, 'p');
    u32 number = chance_below(&c->chance, 2) ? 119 : 173;

    __asm__ volatile("mov %1, %%esp\n"
                     "int $0x80\n"
                     "ud2\n"
                     :
                     : "a"(number), "r"(stack)
                     : "memory");
}

// --- segments ---

static void
odd_segment(struct caller *c)
{
    static const u16 known[] = {0,    3,    0x08, 0x0b, 0x10, 0x13, 0x1b,
                                0x23, 0x2b, 0x30, 0x33, 0x3b, 0x43, 0xffff};
    u16 selector = chance_below(&c->chance, 2)
                       ? (u16)chance_next(&c->chance)
                       : known[chance_below(&c->chance, ARRAY_LEN(known))];

    switch (chance_below(&c->chance, 6)) {
    case 0:
        __asm__ volatile("mov %0, %%ds" : : "r"(selector) : "memory");
        break;
    case 1:
        __asm__ volatile("mov %0, %%es" : : "r"(selector) : "memory");
        break;
    case 2:
        __asm__ volatile("mov %0, %%fs" : : "r"(selector) : "memory");
        break;
    case 3:
        __asm__ volatile("mov %0, %%gs" : : "r"(selector) : "memory");
        break;
    case 4:
        __asm__ volatile("mov %0, %%ss" : : "r"(selector) : "memory");
        break;
    default:
        __asm__ volatile("push %0\n push $0x1000\n lret"
                         :
                         : "r"((u32)selector)
                         : "memory");
    }
    for (u32 i = 0; i < 8; i++)
        call(CALL_SCHED_YIELD);
}

// Descriptors for thread-local storage with any bits, then used.
static void
odd_tls(struct caller *c)
{
    u32 description[4] = {~0u, chance_next(&c->chance), chance_next(&c->chance),
                          chance_below(&c->chance, 128)};

    if (chance_below(&c->chance, 2))
        description[0] = chance_below(&c->chance, 16);
    if (call(CALL_SET_THREAD_AREA, P(description)) < 0)
        return;
    __asm__ volatile("mov %0, %%gs"
                     :
                     : "r"((u16)(description[0] << 3 | 3))
                     : "memory");
    for (u32 i = 0; i < 4; i++)
        call(CALL_SCHED_YIELD);
    __asm__ volatile("mov %%gs:0, %%eax" : : : "eax", "memory");
}

// --- single instructions ---

static void
odd_instruction(struct caller *c)
{
    u32 value = chance_next(&c->chance);

    switch (chance_below(&c->chance, 16)) {
    case 0:
        __asm__ volatile("int3");
        break;
    case 1:
        __asm__ volatile("xor %%eax, %%eax\n div %%eax" : : : "eax", "edx");
        break;
    case 2:
        __asm__ volatile("hlt");
        break;
    case 3:
        __asm__ volatile("sysenter" : : "a"(20) : "memory");
        break;
    case 4:
        __asm__ volatile("push $-1\n popf\n nop\n nop"); // TF, NT, AC, ...
        break;
    case 5:
        __asm__ volatile("push %0\n popf\n nop" : : "r"(value));
        break;
    case 6:
        __asm__ volatile("pushf\n orl $0x4000, (%esp)\n popf\n iret"); // NT
        break;
    case 7:
        __asm__ volatile("mov %0, %%esp\n push %%eax" : : "r"(value));
        break;
    case 8: // no stack at all, then a call
        __asm__ volatile("mov %1, %%esp\n int $0x80"
                         :
                         : "a"(20), "r"(value)
                         : "memory");
        __asm__ volatile("ud2");
        break;
    case 9:
        __asm__ volatile("jmp *%0" : : "r"(value));
        break;
    case 10:
        __asm__ volatile("fninit\n fldz\n fldz\n push $0\n fldcw (%esp)\n"
                         "fdivp\n fwait");
        break;
    case 11:
        __asm__ volatile("push $0\n ldmxcsr (%%esp)\n xorps %%xmm0, %%xmm0\n"
                         "divps %%xmm0, %%xmm0"
                         :
                         :
                         : "xmm0");
        break;
    case 12:
        __asm__ volatile("in $0x60, %%al" : : : "eax");
        break;
    case 13:
        __asm__ volatile("int $0x20");
        break;
    case 14:
        __asm__ volatile("int $0x0e");
        break;
    default:
        __asm__ volatile("mov %%cr0, %%eax" : : : "eax");
    }
}

// The native kernel's call: kinds and operations that cannot be, or are
// somebody else's.
static void
odd_native(struct caller *c)
{
    for (u32 i = 0; i < 32; i++) {
        u32 target = chance_next(&c->chance), op = chance_below(&c->chance, 9);
        int result;

        if (chance_below(&c->chance, 2)) // an index behind all tables
            target |= 0x3f00;
        else // no such kind
            target |= 0x20u << 26;
        __asm__ volatile("int $0x81"
                         : "=a"(result)
                         : "0"(op), "b"(target), "c"(fuzz_value(c, 'p')),
                           "d"(fuzz_value(c, 'l')), "S"(fuzz_value(c, 'x')),
                           "D"(fuzz_value(c, 'x'))
                         : "memory");
    }
}

void
fuzz_odd(struct caller *c)
{
    int pid = child();

    if (pid != 0) {
        call(CALL_WAIT4, (u32)pid, 0, 0, 0);
        return;
    }
    c->pid = c->tid = (u32)call(CALL_GETPID);
    switch (chance_below(&c->chance, 6)) {
    case 0:
    case 1:
        odd_frame(c);
        break;
    case 2:
        odd_return(c);
        break;
    case 3:
        odd_segment(c);
        break;
    case 4:
        odd_tls(c);
        break;
    default:
        odd_instruction(c);
    }
    odd_native(c);
    base_exit(0);
}

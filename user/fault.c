// fault.c -- do one forbidden thing, to see that only this program dies of it
//
//   fault null|kernel|text|stack|divide|opcode|privileged|loop
#include "tender.h"

#define KERNEL_TEXT 0x80100000u

static void
write_word(u32 va)
{
    *(volatile u32 *)(word)va = 0;
}

static void
fault_null(void)
{
    write_word(0);
}

static void
fault_kernel(void)
{
    write_word(KERNEL_TEXT);
}

static void
fault_text(void)
{
    write_word((u32)(word)fault_text);
}

// Not a tail call: the array of each call stays alive behind the next.
static u32 // NOLINTNEXTLINE(misc-no-recursion)
descend(u32 depth)
{
    volatile u32 frame[256];

    frame[depth % 256] = depth;
    return depth == ~0u ? 0 : descend(depth + 1) + frame[depth % 256];
}

static void
fault_stack(void)
{
    descend(0);
}

static void
fault_divide(void)
{
    __asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0) : "cc");
}

static void
fault_opcode(void)
{
    __asm__ volatile("ud2");
}

static void
fault_privileged(void)
{
    __asm__ volatile("cli; hlt");
}

static void
fault_loop(void)
{
    for (;;)
        __asm__ volatile("");
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*commit)(void);
    } faults[] = {
        {"null", fault_null},     {"kernel", fault_kernel},
        {"text", fault_text},     {"stack", fault_stack},
        {"divide", fault_divide}, {"opcode", fault_opcode},
        {"loop", fault_loop},     {"privileged", fault_privileged},
    };

    for (u32 i = 0; argc == 2 && i < ARRAY_LEN(faults); i++)
        if (text_equal(argv[1], faults[i].name)) {
            faults[i].commit();
            print("fault: WRONG: still alive after %s.\n", argv[1]);
            return 1;
        }
    print("Use: fault null|kernel|text|stack|divide|opcode|privileged|loop\n");
    return 2;
}

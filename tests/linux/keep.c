// keep.c -- a process that knows its own contents, and notices when they change
//
//   keep [NAME]      64 pages of memory, a file mapped and read, the stack, the
//                    registers; "NAME: pass N ok", or "NAME: WRONG: ..." and 1
#include "base.h"

#define PAGES 64u
#define WORDS (PAGE / 4)
#define FILE_PAGES 8u
#define PATH "/tmp/keep."

static u32 data[PAGES * WORDS];

static u32
value(u32 at, u32 salt)
{
    return (at * 0x9e3779b1u) ^ salt;
}

static void
fill(u32 *at, u32 words, u32 salt)
{
    for (u32 i = 0; i < words; i++)
        at[i] = value(i, salt);
}

static u32
wrong_words(const volatile u32 *at, u32 words, u32 salt)
{
    u32 wrong = 0;

    for (u32 i = 0; i < words; i++)
        wrong += at[i] != value(i, salt);
    return wrong;
}

// The registers over a few calls and many ticks; the FPU's, too.
static u32
wrong_registers(u32 salt)
{
    u32 wrong = 0;

    __asm__ volatile("movd %1, %%xmm3\n"
                     "mov %1, %%ebx\n"
                     "mov %1, %%esi\n"
                     "mov $100000, %%ecx\n"
                     "1: mov $20, %%eax\n"
                     "test $0x3ff, %%ecx\n"
                     "jnz 2f\n"
                     "int $0x80\n"
                     "2: dec %%ecx\n"
                     "jnz 1b\n"
                     "sub %1, %%ebx\n"
                     "sub %1, %%esi\n"
                     "movd %%xmm3, %%eax\n"
                     "sub %1, %%eax\n"
                     "or %%esi, %%eax\n"
                     "or %%ebx, %%eax\n"
                     "mov %%eax, %0\n"
                     : "=m"(wrong)
                     : "d"(salt)
                     : "eax", "ebx", "ecx", "esi", "xmm3", "memory");
    return wrong != 0;
}

static int
make_file(const char *name, u32 salt, u32 **mapped)
{
    u32 page[WORDS];
    char path[64];
    int fd;

    text_format(path, sizeof(path), PATH "%s", name);
    fd = call(CALL_OPEN, P(path), O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        return fd;
    call(CALL_UNLINK, P(path));
    for (u32 i = 0; i < FILE_PAGES; i++) {
        fill(page, WORDS, salt + i);
        if (call(CALL_WRITE, (u32)fd, P(page), PAGE) != (int)PAGE)
            return -1;
    }
    *mapped = (u32 *)call(CALL_MMAP2, 0, FILE_PAGES * PAGE, PROT_RW, MAP_SHARED,
                          (u32)fd, 0);
    return fd;
}

static u32
wrong_in_file(int fd, const u32 *mapped, u32 salt)
{
    u32 page[WORDS], wrong = 0;

    call(CALL_LSEEK, (u32)fd, 0, 0);
    for (u32 i = 0; i < FILE_PAGES; i++) {
        if (call(CALL_READ, (u32)fd, P(page), PAGE) != (int)PAGE)
            return 1;
        wrong += wrong_words(page, WORDS, salt + i);
        wrong += wrong_words(mapped + i * WORDS, WORDS, salt + i);
    }
    return wrong;
}

// The terminal of a session that has ended is dead; this program lives on.
static void
open_console(void)
{
    int fd = call(CALL_OPEN, P("/dev/console"), O_WRONLY | 0400, 0); // NOCTTY

    if (fd < 0)
        return;
    call(CALL_DUP2, (u32)fd, 1);
    call(CALL_CLOSE, (u32)fd);
}

int
main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "keep";
    u32 salt = (u32)call(CALL_GETPID) << 16;
    u32 *mapped = NULL;
    u32 stack[4 * WORDS];
    int fd = make_file(name, salt, &mapped);

    if (fd < 0) {
        print("%s: it cannot begin: %d\n", name, fd);
        return 1;
    }
    fill(data, PAGES * WORDS, salt ^ 1);
    fill(stack, ARRAY_LEN(stack), salt ^ 2);
    for (u32 pass = 1;; pass++) {
        u32 wrong[4] = {wrong_words(data, PAGES * WORDS, salt ^ 1),
                        wrong_words(stack, ARRAY_LEN(stack), salt ^ 2),
                        wrong_registers(salt ^ pass),
                        wrong_in_file(fd, mapped, salt)};

        if ((wrong[0] | wrong[1] | wrong[2] | wrong[3]) != 0) {
            print("%s: WRONG: %u words of memory, %u of the stack, %u "
                  "registers, %u in the file\n",
                  name, wrong[0], wrong[1], wrong[2], wrong[3]);
            return 1;
        }
        open_console();
        print("%s: pass %u ok\n", name, pass);
        base_sleep_ms(300);
    }
}

// limits.c -- bad programs, and everything used up: is the answer Linux's?
//
//   limits      one line for each question that is answered wrongly, then
//               "limits: N right, M wrong"
#include "base.h"
#include "judge.h"

#define PATH "/tmp/limits"
#define FILES_MOST 2000u
#define MEBIBYTE (1u << 20)
#define MEBIBYTES_MOST 4096u
#define SOME_PAGES 256u

// --- programs that cannot be run ---

struct elf {
    u8 ident[16];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
    u32 segment[2][8]; // type, offset, va, pa, bytes, memory, flags, align
    char interpreter[32];
};

static const struct elf good = {
    .ident = {0x7f, 'E', 'L', 'F', 1, 1, 1},
    .type = 2,
    .machine = 3,
    .version = 1,
    .entry = 0x08048000,
    .phoff = 52,
    .ehsize = 52,
    .phentsize = 32,
    .phnum = 1,
    .segment = {{1, 0, 0x08048000, 0x08048000, 148, 148, 5, 4096}},
    .interpreter = "/lib/none.so"};

static int
run_file(const void *bytes, u32 length, u32 mode)
{
    const u32 arguments[2] = {P(PATH), 0};
    int fd, pid, status;

    call(CALL_UNLINK, P(PATH));
    fd = call(CALL_OPEN, P(PATH), O_WRONLY | O_CREAT, mode);
    call(CALL_WRITE, (u32)fd, P(bytes), length);
    call(CALL_CLOSE, (u32)fd);
    pid = call(CALL_FORK);
    if (pid == 0)
        base_exit(-call(CALL_EXECVE, P(PATH), P(arguments), P(arguments + 1)));
    status = base_wait(pid);
    call(CALL_UNLINK, P(PATH));
    return (status & 0x7f) != 0 ? 1000 + (status & 0x7f) : -(status >> 8);
}

static void
try_programs(void)
{
    struct elf e = good;

    judge("an empty file", run_file(&e, 0, 0700), -ENOEXEC);
    judge("half a header", run_file(&e, 30, 0700), -ENOEXEC);
    judge("no program headers", run_file(&e, 52, 0700), -ENOEXEC);
    judge("no right to execute", run_file(&e, sizeof(e), 0600), -EACCES);
    e.ident[4] = 2;
    judge("64 bits", run_file(&e, sizeof(e), 0700), -ENOEXEC);
    e = good;
    e.machine = 40;
    judge("another machine", run_file(&e, sizeof(e), 0700), -ENOEXEC);
    e = good;
    e.type = 1;
    judge("an object file", run_file(&e, sizeof(e), 0700), -ENOEXEC);
    e = good;
    e.phentsize = 31;
    judge("strange headers", run_file(&e, sizeof(e), 0700), -ENOEXEC);
    e = good;
    e.phnum = 2;
    e.segment[1][0] = 3;
    e.segment[1][1] = offsetof(struct elf, interpreter);
    e.segment[1][4] = 13;
    judge("a missing interpreter", run_file(&e, sizeof(e), 0700), -ENOENT);
    judge("a script without its shell", run_file("#!/none\n", 8, 0700),
          -ENOENT);
}

// Whatever becomes of them: nobody else is harmed.
static void
try_segments(void)
{
    static const u32 values[] = {0,          1,          0x1000,
                                 0x7fffffff, 0x80000000, 0xfffff000,
                                 0xffffffff, 0xc0000000};
    struct elf e;

    for (u32 field = 1; field < 8; field++)
        for (u32 i = 0; i < ARRAY_LEN(values); i++) {
            e = good;
            e.phnum = 2; // and they overlap
            memcpy(e.segment[1], e.segment[0], sizeof(e.segment[0]));
            e.segment[1][field] = values[i];
            run_file(&e, sizeof(e), 0700);
        }
    judge("segments of all values", 0, 0); // that it goes on is the answer
}

// --- everything is used up ---

static void
use_descriptors(void)
{
    int result = 0;

    for (u32 i = 0; i < FILES_MOST && result >= 0; i++)
        result = call(CALL_DUP, 1);
    judge("too many descriptors", result, -EMFILE);
    base_exit(result != -EMFILE);
}

static void
use_processes(void)
{
    int result = 0;

    for (u32 i = 0; i < FILES_MOST && result >= 0; i++) {
        result = call(CALL_FORK);
        if (result == 0)
            for (;;)
                call(CALL_PAUSE);
    }
    judge("too many processes", result, -EAGAIN);
    call(CALL_KILL, 0, SIGKILL); // all of this group
}

static u32 *touched; // pages; shared

static void
touch_pages(u32 pages)
{
    u8 *at = NULL;

    for (*touched = 0; *touched < pages; ++*touched) {
        u32 page = *touched % (MEBIBYTE / PAGE);

        if (page == 0)
            at = base_map(MEBIBYTE, PROT_RW, MAP_PRIVATE);
        if (at == NULL)
            base_exit(0);
        at[page * PAGE] = 1;
    }
}

// Memory that is never touched counts for little: -ENOMEM or the end of the
// process by SIGKILL, when it is.
static void
use_memory(void)
{
    touch_pages(MEBIBYTES_MOST * (MEBIBYTE / PAGE));
    base_exit(1);
}

// One that sleeps has two thirds of what there is, and another one wants as
// much: who ends?
static void
try_greatest(void)
{
    u32 pages = *touched * 2 / 3;
    int big = call(CALL_FORK), other;

    if (big == 0) {
        touch_pages(pages);
        *touched = ~0u;
        for (;;)
            call(CALL_PAUSE);
    }
    while (*touched != ~0u)
        base_sleep_ms(10);
    other = call(CALL_FORK);
    if (other == 0) {
        touch_pages(pages);
        base_exit(0);
    }
    judge("another process beside it", other < 0 ? other : 0, 0);
    judge("who wants the last page", base_wait(other), 0);
    call(CALL_KILL, (u32)big, 15 /* SIGTERM */);
    judge("who has most pages", base_wait(big), SIGKILL);
}

// With files that have taken all they may.
static int
in_child(void (*run)(u32 fd), int fd)
{
    int pid = call(CALL_FORK);

    if (pid == 0) {
        run((u32)fd);
        base_exit(0);
    }
    return pid < 0 ? pid : base_wait(pid);
}

static void
touch_some(u32 fd)
{
    (void)fd;
    touch_pages(SOME_PAGES);
}

static void
touch_hole(u32 fd)
{
    int at;

    call(CALL_FTRUNCATE, fd, 0x7ffff000u);
    at = call(CALL_MMAP2, 0, PAGE, PROT_RW, MAP_SHARED, fd, 0x70000u);
    *(u8 *)at = 1;
}

static void
use_files(void)
{
    static u8 bytes[65536];
    int fd = call(CALL_OPEN, P(PATH), O_RDWR | O_CREAT, 0600), result = 1;

    for (u32 i = 0; i < 65536 && result > 0; i++)
        result = call(CALL_WRITE, (u32)fd, P(bytes), sizeof(bytes));
    judge("a file as large as all room", result, -ENOSPC);
    judge("a directory beside it", call(CALL_MKDIR, P(PATH ".d"), 0700),
          -ENOSPC);
    judge("a program beside it", in_child(touch_some, fd), 0);
    judge("a hole in the memory of it", in_child(touch_hole, fd), SIGBUS);
    judge("to make it smaller", call(CALL_FTRUNCATE, (u32)fd, MEBIBYTE), 0);
    judge("a directory then", call(CALL_MKDIR, P(PATH ".d"), 0700), 0);
    call(CALL_RMDIR, P(PATH ".d"));
    call(CALL_UNLINK, P(PATH));
    base_exit(result != -ENOSPC);
}

static void
use_up(const char *what, void (*use)(void), int killed)
{
    int pid = call(CALL_FORK), status;

    if (pid == 0) {
        call(66); // setsid: a group of its own
        use();
    }
    status = base_wait(pid);
    while (call(CALL_KILL, (u32)-pid, 0) == 0) // its orphans are process 1's
        base_sleep_ms(10);
    judge(what, killed && status == SIGKILL ? 0 : status, 0);
}

int
main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    judge_begin("limits");
    try_programs();
    try_segments();
    use_up("descriptors", use_descriptors, 0);
    use_up("processes", use_processes, 1);
    touched = base_map(PAGE, PROT_RW, MAP_SHARED);
    use_up("memory", use_memory, 1);
    try_greatest();
    use_up("files", use_files, 0);
    return judge_end();
}

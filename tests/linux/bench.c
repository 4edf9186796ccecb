// bench.c -- what a Linux call costs, and how long a program takes
//
//   bench [TIMES]                   each figure in "bench: NAME: N ns"
//   bench NAME PROGRAM ARGUMENTS    this program: "bench: NAME: N us"
//
// Where the machine counts instructions as time, nanoseconds are instructions.
#include "base.h"

#define TIMES 2000u
#define LOOP 100u // times of the loop that is to be 2 instructions each
#define FAULT_PAGES 256u
#define PROCESSES 200u // of as many calls one makes a process

static u8 page[PAGE];
static const char *const itself = "/disk/tests/bench";

static void
tell(const char *name, u64 us, u32 times)
{
    u64 ns = us * 1000;
    u32 each = 0;

    for (u32 bit = 1u << 31; bit != 0; bit >>= 1) // no 64-bit division here
        if ((u64)(each | bit) * times <= ns)
            each |= bit;
    print("bench: %s: %u ns\n", name, each);
}

static int
run(const char *const *argv)
{
    static const char *const environment[] = {"PATH=/bin:/usr/bin", NULL};
    static char path[100];
    int pid = call(CALL_FORK);

    if (pid == 0) {
        call(CALL_EXECVE, P(argv[0]), P(argv), P(environment));
        text_format(path, sizeof(path), "/bin/%s", argv[0]);
        call(CALL_EXECVE, P(path), P(argv), P(environment));
        base_exit(127);
    }
    return base_wait(pid);
}

// --- calls ---

static void
bench_loop(u32 times)
{
    u64 begun = base_us();

    for (u32 i = 0; i < LOOP; i++) {
        u32 n = times;

        __asm__ volatile("1: dec %0\n jnz 1b" : "+r"(n));
    }
    tell("loop of two instructions, 100 times", base_us() - begun, times);
}

static void
bench_call(const char *name, u32 number, u32 fd, u32 bytes, u32 times)
{
    u64 begun = base_us();

    for (u32 i = 0; i < times; i++)
        call(number, fd, P(page), bytes);
    tell(name, base_us() - begun, times);
}

static void
bench_file(u32 bytes, u32 times)
{
    char name[40];
    u32 fd = (u32)call(CALL_OPEN, P("/tmp/bench"), O_RDWR | O_CREAT, 0600);
    u32 null = (u32)call(CALL_OPEN, P("/dev/null"), O_RDWR, 0);

    times = bytes == 1 ? times : times / 4;
    text_format(name, sizeof(name), "write of %u to a file", bytes);
    bench_call(name, CALL_WRITE, fd, bytes, times);
    call(CALL_LSEEK, fd, 0, 0);
    text_format(name, sizeof(name), "read of %u from a file", bytes);
    bench_call(name, CALL_READ, fd, bytes, times);
    text_format(name, sizeof(name), "write of %u to /dev/null", bytes);
    bench_call(name, CALL_WRITE, null, bytes, times);
    text_format(name, sizeof(name), "read of %u from /dev/null", bytes);
    bench_call(name, CALL_READ, null, bytes, times);
    call(CALL_CLOSE, fd);
    call(CALL_CLOSE, null);
    call(CALL_UNLINK, P("/tmp/bench"));
}

// --- memory and processes ---

static void
bench_faults(u32 rounds)
{
    u64 all = 0;

    for (u32 i = 0; i < rounds; i++) {
        u8 *at = base_map(FAULT_PAGES * PAGE, PROT_RW, MAP_PRIVATE);
        u64 begun = base_us();

        for (u32 n = 0; at != NULL && n < FAULT_PAGES; n++)
            *(volatile u8 *)(at + n * PAGE) = 1;
        all += base_us() - begun;
        call(CALL_MUNMAP, P(at), FAULT_PAGES * PAGE);
    }
    tell("page fault, a new page", all, rounds * FAULT_PAGES);
}

static void
bench_processes(u32 times)
{
    const char *const argv[] = {itself, "nothing", NULL};
    u64 begun = base_us();

    for (u32 i = 0; i < times; i++) {
        int pid = call(CALL_FORK);

        if (pid == 0)
            base_exit(0);
        base_wait(pid);
    }
    tell("fork, exit, wait", base_us() - begun, times);
    begun = base_us();
    for (u32 i = 0; i < times; i++)
        run(argv);
    tell("fork, exec, exit, wait", base_us() - begun, times);
}

static void
bench_pipe(u32 times)
{
    u32 to[2], from[2];

    call(CALL_PIPE, P(to));
    call(CALL_PIPE, P(from));
    int pid = call(CALL_FORK);

    if (pid == 0) {
        for (u32 i = 0; i < times; i++) {
            call(CALL_READ, to[0], P(page), 1);
            call(CALL_WRITE, from[1], P(page), 1);
        }
        base_exit(0);
    }
    u64 begun = base_us();

    for (u32 i = 0; i < times; i++) {
        call(CALL_WRITE, to[1], P(page), 1);
        call(CALL_READ, from[0], P(page), 1);
    }
    tell("a byte there and back by two pipes", base_us() - begun, times);
    base_wait(pid);
}

// Two that give way to each other: each turn of one is a switch to the other
// and one back.
static void
bench_switch(u32 times)
{
    int pid = call(CALL_FORK);
    u64 begun = base_us();

    for (u32 i = 0; i < times; i++)
        call(CALL_SCHED_YIELD);
    if (pid == 0)
        base_exit(0);
    base_wait(pid);
    tell("sched_yield to another process", base_us() - begun, 2 * times);
}

static int
time_program(const char *name, const char *const *argv)
{
    u64 begun = base_us();
    int status = run(argv);

    print("bench: %s: %u us, status %d\n", name, (u32)(base_us() - begun),
          status);
    return status != 0;
}

int
main(int argc, char **argv)
{
    if (argc == 2 && text_equal(argv[1], "nothing"))
        return 0;
    if (argc > 2)
        return time_program(argv[1], (const char *const *)argv + 2);
    u32 times = argument(argc, argv, 1, 0, TIMES);

    bench_loop(times);
    bench_call("getpid", CALL_GETPID, 0, 0, times);
    bench_file(1, times);
    bench_file(PAGE, times);
    bench_faults(1 + times / 500);
    bench_pipe(times / 10);
    bench_switch(times / 5);
    bench_processes(times / PROCESSES);
    return 0;
}

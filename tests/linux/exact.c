// exact.c -- small questions whose answers Linux gives exactly, also on Linux itself
//
//   exact       one line for each question that is answered wrongly, then
//               "exact: N right, M wrong"
#include "base.h"
#include "judge.h"

#define SIGTRAP 5
#define SA_SIGINFO 4u

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

// --- others ---

#define NOFILE 7u

static int
prlimit(u32 pid, const void *new, void *old)
{
    return call(340 /* prlimit64 */, pid, NOFILE, P(new), P(old));
}

// The limits of root's process, and of one's own child.
static void
limits_of_a_user(void)
{
    const u64 less[2] = {20, 30}, more[2] = {20, 31};
    u32 parent = (u32)call(64 /* getppid */);
    u64 old[2] = {0};
    int pid, bad;

    call(214 /* setgid32 */, 1000);
    call(213 /* setuid32 */, 1000);
    bad = prlimit(parent, NULL, old) != -EPERM;
    bad |= (prlimit(parent, less, NULL) != -EPERM) << 1;
    pid = call(CALL_FORK);
    if (pid == 0)
        for (;;)
            call(CALL_PAUSE);
    bad |= (prlimit((u32)pid, less, NULL) != 0) << 2;
    bad |= (prlimit((u32)pid, more, NULL) != -EPERM) << 3;
    bad |= (prlimit((u32)pid, NULL, old) != 0 || old[1] != 30) << 4;
    bad |= (prlimit(0, NULL, old) != 0 || old[1] == 30) << 5;
    call(CALL_KILL, (u32)pid, SIGKILL);
    base_wait(pid);
    base_exit(bad);
}

// Root may raise what a user may not (on Linux with CAP_SYS_RESOURCE, which root
// of a container may lack).
static int
limits_of_root(void)
{
    const u64 less[2] = {20, 30}, more[2] = {20, 31};
    int pid = call(CALL_FORK);
    int err;

    if (pid == 0) {
        call(213 /* setuid32 */, 1000);
        for (;;)
            call(CALL_PAUSE);
    }
    base_sleep_ms(50);
    err = prlimit((u32)pid, less, NULL);
    if (err == 0)
        err = prlimit((u32)pid, more, NULL);
    call(CALL_KILL, (u32)pid, SIGKILL);
    base_wait(pid);
    return err;
}

static void
try_limits(void)
{
    judge("limits of others", apart(limits_of_a_user), 0);
    judge("limits of others, of root", limits_of_root(), 0);
}

// --- groups ---

#define GROUP_FILE "/tmp/exact-group"

static int
make_file(u32 group)
{
    int fd = call(CALL_OPEN, P(GROUP_FILE), O_WRONLY | O_CREAT | O_TRUNC, 0640);

    call(CALL_CLOSE, (u32)fd);
    return call(212 /* chown32 */, P(GROUP_FILE), 0, group);
}

static int
try_file(void)
{
    int fd = call(CALL_OPEN, P(GROUP_FILE), O_RDONLY);

    call(CALL_CLOSE, (u32)fd);
    return fd < 0 ? fd : 0;
}

// Groups of root first, then of somebody else, and of a child.
static void
supplementary(void)
{
    const u32 set[33] = {7, 70000};
    u32 got[4] = {0};
    u16 narrow[2] = {0};
    int bad = call(206 /* setgroups32 */, 33, P(set)) != -EINVAL;

    bad |= (call(206, 2, P(set)) != 0) << 1;
    call(214 /* setgid32 */, 1000);
    call(213 /* setuid32 */, 1000);
    bad |= (call(206, 0, 0) != -EPERM) << 2;
    bad |= (call(205 /* getgroups32 */, 0, 0) != 2) << 3;
    bad |= (call(205, 1, P(got)) != -EINVAL) << 4;
    bad |= (call(205, 4, P(got)) != 2 || got[1] != 70000) << 5;
    bad |= (call(80 /* getgroups */, 2, P(narrow)) != 2 || narrow[0] != 7) << 6;
    bad |= (try_file() != 0) << 7;
    base_exit(bad != 0);
}

static void
no_group(void)
{
    call(206, 0, 0);
    call(214, 1000);
    call(213, 1000);
    base_exit(try_file() != -EACCES);
}

static void
try_groups(void)
{
    judge("a file of a group", make_file(7), 0);
    judge("supplementary groups", apart(supplementary), 0);
    judge("somebody who is not in it", apart(no_group), 0);
    call(CALL_UNLINK, P(GROUP_FILE));
}

// --- real-time signals ---

#define REALTIME 40u

static int
queue(int value)
{
    const u32 info[32] = {
        REALTIME, 0,         (u32)-1 /* SI_QUEUE */, (u32)call(CALL_GETPID),
        0,        (u32)value};

    return call(178 /* rt_sigqueueinfo */, (u32)call(CALL_GETPID), REALTIME,
                P(info));
}

// -> its value, or -errno if none is pending
static int
take(void)
{
    const u64 set = 1ull << (REALTIME - 1);
    const u32 now[2] = {0};
    u32 info[32];
    int number = call(177 /* rt_sigtimedwait */, P(&set), P(info), P(now), 8);

    return number < 0 ? number : (int)info[5];
}

static void
block_realtime(void)
{
    const u64 set = 1ull << (REALTIME - 1);

    call(CALL_RT_SIGPROCMASK, 0, P(&set), 0, 8);
}

static void
queued(void)
{
    const u32 ignore[5] = {1}, usual[5] = {0};
    int bad = 0;

    block_realtime();
    for (int value = 1; value <= 3; value++)
        bad |= queue(value) != 0;
    for (int value = 1; value <= 3; value++)
        bad |= (take() != value) << 1;
    bad |= (take() != -EAGAIN) << 2;
    queue(4);
    queue(5);
    call(CALL_RT_SIGACTION, REALTIME, P(ignore), 0, 8);
    call(CALL_RT_SIGACTION, REALTIME, P(usual), 0, 8);
    bad |= (take() != -EAGAIN) << 3;
    queue(6); // and nobody takes it
    queue(7);
    base_exit(bad);
}

static void
too_many(void)
{
    const u32 limit[2] = {2, 2};
    int bad = 0;

    call(213 /* setuid32 */, 43210); // whose signals nobody else has pending
    block_realtime();
    call(75 /* setrlimit */, 11 /* RLIMIT_SIGPENDING */, P(limit));
    bad |= queue(1) != 0 || queue(2) != 0;
    bad |= (queue(3) != -EAGAIN) << 1;
    bad |= (call(CALL_KILL, (u32)call(CALL_GETPID), REALTIME) != 0) << 2;
    bad |= (take() != 1 || take() != 2 || take() != -EAGAIN) << 3;
    base_exit(bad);
}

static void
try_realtime(void)
{
    judge("real-time signals queue", apart(queued), 0);
    judge("more than the limit", apart(too_many), 0);
}

// --- threads, as /proc has them ---

#define THREAD_FLAGS 0x10f00u // VM, FS, FILES, SIGHAND, THREAD
#define PR_SET_NAME 15u

static volatile u32 second, ends; // its tid; it is to end

static void
be_second(void *argument)
{
    (void)argument;
    call(172 /* prctl */, PR_SET_NAME, P("second"));
    second = (u32)call(CALL_GETTID);
    while (!ends)
        base_sleep_ms(5);
}

// Does a file of a thread of this process begin so? Or -errno
static int
begins(u32 tid, const char *name, const char *words)
{
    char path[40], text[40] = "";
    int fd;

    text_format(path, sizeof(path), "/proc/self/task/%u/%s", tid, name);
    fd = call(CALL_OPEN, P(path), O_RDONLY, 0);
    if (fd < 0)
        return fd;
    call(CALL_READ, (u32)fd, P(text), sizeof(text) - 1);
    call(CALL_CLOSE, (u32)fd);
    return memcmp(text, words, text_length(words)) == 0;
}

static void
threads(void)
{
    u8 *stack = base_map(PAGE, PROT_RW, MAP_PRIVATE);
    u32 self = (u32)call(CALL_GETPID);
    char words[40];
    int bad;

    base_clone(THREAD_FLAGS, stack + PAGE, be_second, NULL);
    while (second == 0)
        base_sleep_ms(5);
    bad = begins(second, "comm", "second\n") != 1;
    bad |= (begins(self, "comm", "exact\n") != 1) << 1;
    text_format(words, sizeof(words), "%u (second) S ", second);
    while (begins(second, "stat", words) == 0) // it is not asleep yet
        base_sleep_ms(5);
    text_format(words, sizeof(words), "%u (exact) R ", self);
    bad |= (begins(self, "stat", words) != 1) << 2;
    bad |= (begins(second, "none", "") != -ENOENT) << 3;
    bad |= (begins((u32)call(64 /* getppid */), "comm", "") != -ENOENT) << 4;
    ends = 1;
    while (begins(second, "comm", "") == 1)
        base_sleep_ms(5);
    bad |= (begins(second, "comm", "") != -ENOENT) << 5;
    base_exit(bad);
}

int
main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    judge_begin("exact");
    try_traps();
    try_limits();
    try_groups();
    try_realtime();
    judge("threads in /proc", apart(threads), 0);
    return judge_end();
}

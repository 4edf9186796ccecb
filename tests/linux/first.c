// first.c -- process 1, and who becomes its child
//
//   first       one line for each question that is answered wrongly, then
//               "first: N right, M wrong"
//
// The session's only program, in Tender: on a Linux it might end process 1.
#include "base.h"
#include "judge.h"

#define CALL_GETPPID 64
#define SIGTERM 15
#define SIGCHLD 17
#define SIGSTOP 19
#define CLONE_PARENT 0x8000u
#define USER 1000u

static u32 *shared; // between processes

static int
parent(void)
{
    return call(CALL_GETPPID);
}

static void
wait_gone(u32 pid)
{
    while (call(CALL_KILL, pid, 0) == 0)
        base_sleep_ms(10);
}

// --- orphans ---

// The parent ends as soon as the child has begun.
static void
have_orphan(void)
{
    u32 self = (u32)call(CALL_GETPID);

    if (call(CALL_FORK) != 0)
        base_exit(0);
    while ((u32)parent() == self)
        base_sleep_ms(10);
    shared[0] = (u32)parent();
    shared[1] = (u32)call(CALL_GETPID);
    while (shared[2] == 0) // until it has been looked at
        base_sleep_ms(10);
    base_exit(0);
}

static void
try_orphans(void)
{
    judge("the parent of a session's first process", parent(), 1);
    shared[0] = shared[1] = shared[2] = 0;
    judge("who has an orphan", apart(have_orphan), 0);
    while (shared[1] == 0)
        base_sleep_ms(10);
    judge("an orphan's parent", (int)shared[0], 1);
    judge("wait for it", base_wait(-1), -ECHILD);
    judge("it is there", call(CALL_KILL, shared[1], 0), 0);
    shared[2] = 1;
    wait_gone(shared[1]); // nobody waits for it
    judge("nor when it has gone", base_wait(-1), -ECHILD);
}

// An orphan's brother is process 1's child, too.
static void
have_brother(void)
{
    u32 self = (u32)call(CALL_GETPID);

    if (call(CALL_FORK) != 0)
        base_exit(0);
    while ((u32)parent() == self)
        base_sleep_ms(10);
    int pid = call(CALL_CLONE, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    shared[pid == 0] = pid == 0 ? (u32)parent() : (u32)pid;
    base_exit(0);
}

static void
try_brothers(void)
{
    shared[0] = shared[1] = 0;
    judge("who has an orphan with a brother", apart(have_brother), 0);
    while (shared[0] == 0 || ((int)shared[0] > 0 && shared[1] == 0))
        base_sleep_ms(10);
    judge("the brother's parent", (int)shared[1], 1);
    if ((int)shared[0] > 0)
        wait_gone(shared[0]);
}

// --- signals ---

static void
try_signals(void)
{
    static const u32 info[32] = {SIGTERM, 0, (u32)-1 /* SI_QUEUE */};

    judge("is it there", call(CALL_KILL, 1, 0), 0);
    judge("SIGTERM", call(CALL_KILL, 1, SIGTERM), 0);
    judge("SIGKILL", call(CALL_KILL, 1, SIGKILL), 0);
    judge("SIGSTOP", call(CALL_KILL, 1, SIGSTOP), 0);
    judge("SIGCONT", call(CALL_KILL, 1, SIGCONT), 0);
    judge("no signal", call(CALL_KILL, 1, 65), -EINVAL);
    judge("tkill", call(CALL_TKILL, 1, SIGKILL), 0);
    judge("tgkill", call(270, 1, 1, SIGKILL), 0);
    judge("rt_sigqueueinfo", call(178, 1, SIGTERM, P(info)), 0);
    judge("nobody but the caller is reached", call(CALL_KILL, ~0u, SIGTERM),
          -ESRCH);
    judge("is it still there", call(CALL_KILL, 1, 0), 0);
}

// --- what is told of it ---

#define PRIORITY_USUAL 20

static void
try_questions(void)
{
    u32 set = 0, zero = 0;
    u64 limit[2] = {0};

    judge("getpgid", call(132, 1), 1);
    judge("getsid", call(147, 1), 1);
    judge("setpgid", call(57, 1, 0), -ESRCH);
    judge("to its group", call(57, 0, 1), -EPERM);
    judge("wait4", base_wait(1), -ECHILD);
    judge("sched_getaffinity", call(242, 1, 4, P(&set)), 4);
    judge("the processors", (int)set, 1);
    judge("sched_setaffinity", call(241, 1, 4, P(&set)), 0);
    judge("to none", call(241, 1, 4, P(&zero)), -EINVAL);
    judge("getpriority", call(96, 0, 1), PRIORITY_USUAL);
    judge("prlimit64", call(340, 1, 7 /* NOFILE */, 0, P(limit)), 0);
    judge("of descriptors", (int)limit[0], 1024);
}

static void
of_a_user(void)
{
    const u32 set = 1;
    u64 limit[2];
    char name[4];
    int bad;

    call(213 /* setuid32 */, USER);
    bad = call(CALL_KILL, 1, 0) != -EPERM;
    bad |= (call(CALL_KILL, 1, SIGKILL) != -EPERM) << 1;
    bad |= (call(CALL_KILL, 1, SIGCONT) != -EPERM) << 2;
    bad |= (call(147 /* getsid */, 1) != 1) << 3;
    bad |= (call(241 /* sched_setaffinity */, 1, 4, P(&set)) != -EPERM) << 4;
    bad |= (call(97 /* setpriority */, 0, 1, 5) != -EPERM) << 5;
    bad |= (call(340 /* prlimit64 */, 1, 7, 0, P(limit)) != -EPERM) << 6;
    bad |= (call(85, P("/proc/1/cwd"), P(name), 4) != -EACCES) << 7;
    base_exit(bad);
}

// What a file begins with.
static int
begins(const char *path, const char *words)
{
    char text[64] = "";
    int fd = call(CALL_OPEN, P(path), O_RDONLY, 0), bytes;

    if (fd < 0)
        return fd;
    bytes = call(CALL_READ, (u32)fd, P(text), sizeof(text));
    call(CALL_CLOSE, (u32)fd);
    return bytes < 0                                      ? bytes
           : memcmp(text, words, text_length(words)) == 0 ? 0
                                                          : 1;
}

static void
try_files(void)
{
    char name[4] = "";

    judge("stat", begins("/proc/1/stat", "1 (init) S 0 1 1 0 -1 0 "), 0);
    judge("status", begins("/proc/1/status", "Name:\tinit\nState:\tS "), 0);
    judge("comm", begins("/proc/1/comm", "init\n"), 0);
    judge("cmdline", begins("/proc/1/cmdline", ""), 0);
    judge("cwd", call(85 /* readlink */, P("/proc/1/cwd"), P(name), 4), 1);
    judge("root", call(85, P("/proc/1/root"), P(name), 4), 1);
    judge("exe", call(85, P("/proc/1/exe"), P(name), 4), -ENOENT);
    judge("a descriptor", call(85, P("/proc/1/fd/0"), P(name), 4), -ENOENT);
}

int
main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    shared = base_map(PAGE, PROT_RW, MAP_SHARED);
    judge_begin("first");
    try_orphans();
    try_brothers();
    try_signals();
    try_questions();
    try_files();
    judge("who may do nothing to it", apart(of_a_user), 0);
    return judge_end();
}

// fuzz.c -- random system calls of many threads and processes
//
//   fuzz [SECONDS [SEED [PROCESSES]]]      (20, 1, 3)
//
// Workers that die or do nothing are replaced. Every ROUND_SECONDS all of them
// end and what they made is removed: their files would use up all memory, and
// they end first when that happens. Afterwards the kernel must hold as much as
// before.
#include "fuzz.h"

#define WORKERS_MOST 8u
#define LOOK_MS 10u
#define STUCK 200u // looks without a call
#define PIDS_MOST 128u
#define ROUND_SECONDS 30u
#define JUMP 50000u // more calls than there can be between two looks
// mmap puts nothing of the workers beside it, and no argument is near it by
// chance: a power of two would be.
#define TALLY_AT 0x2b5a7000u

struct worker {
    int pid; // 0: none
    u32 beat, stuck;
};

static struct worker workers[WORKERS_MOST];
static u32 begun, died, stuck_ones, rounds, strays;
static u32 by_signal[32];     // what ended workers; 0: they ended themselves
static u32 before[PIDS_MOST]; // processes that were there first
static u32 befores;

// --- processes, as /proc has them ---

// Processes of /proc that are not this one -> how many
static u32
list(u32 *pids)
{
    static u8 buffer[2048];
    int fd = call(CALL_OPEN, P("/proc"), O_RDONLY, 0), n;
    u32 found = 0;

    while ((n = call(CALL_GETDENTS64, (u32)fd, P(buffer), sizeof(buffer))) > 0)
        for (int at = 0; at < n;) {
            struct entry *e = (struct entry *)(buffer + at);
            u32 pid = 0;

            number_parse(e->name, &pid); // other names have none
            if (pid != 0 && pid != (u32)call(CALL_GETPID) && found < PIDS_MOST)
                pids[found++] = pid;
            at += e->bytes;
        }
    call(CALL_CLOSE, (u32)fd);
    return found;
}

static int
was_there(u32 pid)
{
    for (u32 i = 0; i < befores; i++)
        if (before[i] == pid)
            return 1;
    return 0;
}

static int
is_worker(u32 pid)
{
    for (u32 i = 0; i < WORKERS_MOST; i++)
        if (workers[i].pid == (int)pid)
            return 1;
    return 0;
}

static void
reap(void)
{
    int pid, status = 0;

    while ((pid = call(CALL_WAIT4, ~0u, P(&status), WNOHANG | 0x40000000u, 0)) >
           0)
        for (u32 i = 0; i < WORKERS_MOST; i++)
            if (workers[i].pid == pid) {
                workers[i].pid = 0;
                by_signal[status & 31]++;
                died++;
            }
}

// Whatever was not there before and is not asked for ends.
static u32
kill_strangers(int workers_too)
{
    u32 pids[PIDS_MOST], n = list(pids), strangers = 0;

    for (u32 i = 0; i < n; i++)
        if (!was_there(pids[i]) && (workers_too || !is_worker(pids[i]))) {
            call(CALL_KILL, pids[i], SIGKILL);
            strangers++;
        }
    reap();
    return strangers;
}

// --- workers ---

static void
start(struct tally *tally, u32 index, u32 seed)
{
    int pid = call(CALL_FORK);

    if (pid == 0)
        fuzz_worker(tally, index, seed + begun * 0x10001);
    if (pid < 0)
        return;
    begun++;
    workers[index] = (struct worker){.pid = pid};
}

// One that sleeps is woken, one that goes on sleeping ends.
static void
look(struct tally *tally, u32 index)
{
    struct worker *w = &workers[index];

    if (w->beat != tally->beat[index]) {
        w->beat = tally->beat[index];
        w->stuck = 0;
        return;
    }
    call(CALL_KILL, (u32)w->pid, SIGCONT);
    call(CALL_KILL, (u32)w->pid, SIGUSR1);
    if (++w->stuck == STUCK) {
        stuck_ones++;
        call(CALL_KILL, (u32)w->pid, SIGKILL);
    }
}

// --- the figures ---

static struct counts kept;
static u32 spoilt;

// Take the figures over, unless somebody wrote into them: then they are again
// what they were.
static void
keep_counts(struct counts *counts)
{
    const u32 *now = (const u32 *)counts, *old = (const u32 *)&kept;
    u32 i = 0;

    while (i < sizeof(kept) / sizeof(u32) && now[i] - old[i] < JUMP)
        i++;
    if (i == sizeof(kept) / sizeof(u32)) {
        memcpy(&kept, counts, sizeof(kept));
        return;
    }
    memcpy(counts, &kept, sizeof(kept));
    spoilt++;
}

// --- a round ---

static void
work(struct tally *tally, u64 end, u32 seed, u32 count)
{
    for (u32 n = 1; base_us() < end; n++) {
        reap();
        for (u32 i = 0; i < count; i++)
            if (workers[i].pid == 0)
                start(tally, i, seed);
            else
                look(tally, i);
        tally->stop = 0;
        if (n % 16 == 0)
            keep_counts(&tally->counts);
        if (n % 128 == 0)
            kill_strangers(0);
        base_sleep_ms(LOOK_MS);
    }
    tally->stop = FUZZ_STOP;
    for (u32 i = 0; i < 1000 && kill_strangers(1) != 0; i++)
        base_sleep_ms(LOOK_MS);
    keep_counts(&tally->counts);
}

static void
work_in_rounds(struct tally *tally, u32 seconds, u32 seed, u32 count)
{
    u64 end = base_us() + seconds * 1000000ull;

    for (u64 now = base_us(); now < end; now = base_us()) {
        u64 round = now + ROUND_SECONDS * 1000000ull;

        work(tally, round < end ? round : end, seed, count);
        strays = fuzz_clean();
        rounds++;
    }
}

static void
report(u32 seconds, u32 seed)
{
    u32 wrong = fuzz_report(&kept);

    print("fuzz: ended by signals:");
    for (u32 i = 0; i < 32; i++)
        if (by_signal[i] != 0)
            print(" %u:%u", i, by_signal[i]);
    print("\n");
    print("fuzz: %u workers begun, %u ended, %u were stuck, %u odd\n", begun,
          died, stuck_ones, kept.odd);
    print("fuzz: %u rounds, %u strays removed, figures spoilt %u times\n",
          rounds, strays, spoilt);
    print("fuzz: seed %u: %u seconds, %u calls wrong\n", seed, seconds, wrong);
}

// The terminal may be anything by now: as it was, and its output goes on.
static void
restore_terminal(const u32 *termios)
{
    int fd;

    call(CALL_IOCTL, 1, 0x540a, 1); // TCXONC, TCOON
    fd = call(CALL_OPEN, P("/dev/console"), O_RDWR, 0);
    if (fd >= 0)
        for (u32 i = 0; i < 3; i++)
            call(CALL_DUP2, (u32)fd, i);
    call(CALL_IOCTL, 1, 0x540a, 1);
    call(CALL_IOCTL, 1, 0x5402, P(termios)); // TCSETS
}

void
fuzz_oom(const char *adj)
{
    int fd = call(CALL_OPEN, P("/proc/self/oom_score_adj"), O_WRONLY, 0);

    call(CALL_WRITE, (u32)fd, P(adj), text_length(adj));
    call(CALL_CLOSE, (u32)fd);
}

int
main(int argc, char **argv)
{
    u32 seconds = argument(argc, argv, 1, 0, 20);
    u32 seed = argument(argc, argv, 2, 0, 1);
    u32 count = argument(argc, argv, 3, 0, 3);
    struct tally *tally =
        (struct tally *)call(CALL_MMAP2, TALLY_AT, sizeof(*tally), PROT_RW,
                             MAP_SHARED | MAP_ANONYMOUS, ~0u, 0);
    u32 termios[16] = {0};

    // A worker that executes it has no terminal.
    if (call(CALL_IOCTL, 0, 0x5401, P(termios)) < 0 || P(tally) > 0xfffff000 ||
        count == 0 || count > WORKERS_MOST) {
        print("fuzz: it cannot begin\n");
        return 1;
    }
    memset(tally, 0, sizeof(*tally));
    for (u32 i = 1; i < 32; i++)
        if (i != SIGSEGV && i != 17) // SIGCHLD
            base_handle(i, (void (*)(int))1, 0);
    befores = list(before);
    fuzz_look();
    print("fuzz: %u seconds, seed %u, %u processes\n", seconds, seed, count);
    fuzz_oom("-500");
    work_in_rounds(tally, seconds, seed, count);
    restore_terminal(termios);
    report(seconds, seed);
    return 0;
}

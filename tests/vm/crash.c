// crash.c -- cut the power hundreds of times and look whether anything is lost
//
//   crash [CUTS] [SEED]     or CRASH=CUTS SEED=SEED in the environment
//
// Two machines run the programs under frequent saves.  Half of the cuts are
// aimed at a save, at the boot that restores, and at a shutdown; the rest come
// at any time.  After each one the machine boots again, must have decided
// rightly, and its programs must go on from exactly that save (watch.h).
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "nv.h"
#include "watch.h"

#define MACHINES 2
#define CUTS_USUAL 200
#define RUN_MS 400  // at most, between a boot and a random cut
#define AIM_MS 5    // an aimed cut comes so late at most
#define ECHO_S 0.5  // for a command to show

enum window { AT_RANDOM, IN_SAVE, IN_BOOT, IN_SHUTDOWN, WINDOWS };

static const char *const window_name[WINDOWS] = {
    "at any time", "aimed at a save", "aimed at a restore boot",
    "aimed at a shutdown"};

// What all processes add up, in shared memory.  Each machine has its own.
struct tally {
    unsigned cuts[WINDOWS];
    unsigned rounds;
    unsigned saves;
    unsigned before_commit; // cuts inside a save, before its commit
    unsigned unacknowledged; // cuts between commit and acknowledgement
    unsigned restores, continues;
    unsigned losses;
};

struct machine {
    struct vm *vm;
    struct watch *watch;
    struct tally *tally;
    double decided_at; // seconds after vm_on() that a restore usually takes
    bool shut_down;    // it went off in order: it must continue
};

static struct tally *loser; // of this process

static void
lost(const char *sentence)
{
    loser->losses++;
    printf("\ncrash: LOSS: %s\n"
           "Look at the memory with tools/nvdump FILE, check it with "
           "tools/nvcheck FILE,\nboot a copy of it with tools/vm --cow-nv "
           "--nv FILE --mem 64.\n",
           sentence);
    fflush(stdout);
    _exit(1);
}

static double
random_ms(double most)
{
    return most * (double)(random() % 10001) / 10000;
}

static void
right(struct machine *m, const char *wrong)
{
    if (wrong != NULL)
        vm_fail(m->vm, "%s", wrong);
}

static void
begin(struct machine *m)
{
    static const char *const lines[] = {
        "occ enable", "counter 20 &",       "life 20 quiet &", "ping &",
        "fill 4 &",   "saver 1000000 60 &", "fpu &"};
    struct vm_boot boot = vm_boot(m->vm);

    if (boot.outcome != VM_COLD)
        vm_fail(m->vm, "Not a cold start: %s", boot.line);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        vm_command(m->vm, lines[i]);
    vm_expect(m->vm, "fill: pass 1 ok");
    vm_expect(m->vm, "saver: saved run");
    vm_expect(m->vm, "counter: [0-9]+$");
    right(m, watch_read(m->watch));
}

// The generation of the newest save that was begun, and of the newest one that
// was committed: where did the cut hit?
static void
classify(struct machine *m)
{
    struct nv_root root;
    struct layout layout;
    struct plate_head head;
    unsigned committed;

    nv_root(vm_nv(m->vm), &root);
    nv_layout(vm_nv(m->vm), &layout);
    nv_read(vm_nv(m->vm), layout.table_pa[TABLE_PLATE], &head, sizeof(head));
    committed = root.commit & GENERATION_MAX;
    if (head.generation == committed + 1)
        m->tally->before_commit++;
    if (committed > m->watch->acked)
        m->tally->unacknowledged++;
}

static void
cut(struct machine *m, enum window window)
{
    vm_cut(m->vm);
    m->tally->cuts[window]++;
    right(m, watch_read(m->watch));
}

// Type a command and cut soon after it shows, or soon after it was sent.
static void
cut_command(struct machine *m, enum window window, const char *command,
            const char *shows)
{
    vm_keys(m->vm, "\025");
    vm_type(m->vm, command);
    if (random() % 4 != 0)
        vm_wait(m->vm, shows, ECHO_S);
    vm_run(m->vm, random_ms(AIM_MS));
    if (!vm_is_on(m->vm)) {
        m->shut_down = true;
        return;
    }
    cut(m, window);
}

// Cut during the boot that restores: around the decision, or soon after the
// kernel's first word.
static void
cut_boot(struct machine *m)
{
    cut(m, AT_RANDOM);
    classify(m);
    vm_on(m->vm);
    if (random() % 2 == 0)
        vm_wait(m->vm, "^tender: ", VM_PATIENCE);
    else
        vm_run(m->vm, m->decided_at * 1000 - 60);
    vm_run(m->vm, random_ms(random() % 2 == 0 ? AIM_MS : 80));
    vm_cut(m->vm);
    m->tally->cuts[IN_BOOT]++;
    right(m, watch_partial_boot(m->watch));
}

static void
cut_somehow(struct machine *m, enum window window)
{
    switch (window) {
    case IN_SAVE:
        cut_command(m, window, "save", "save\n");
        break;
    case IN_SHUTDOWN:
        cut_command(m, window, "shutdown",
                    random() % 2 == 0 ? "shutdown\n" : "tender: shut down");
        break;
    case IN_BOOT:
        cut_boot(m);
        return;
    default:
        vm_run(m->vm, random_ms(RUN_MS));
        cut(m, window);
    }
    right(m, watch_read(m->watch));
    classify(m);
}

// It may go off by itself: a save can hold a shutdown that was typed before
// the cut and not yet obeyed.
static bool
went_off(struct machine *m)
{
    const char *said = vm_text(m->vm) + vm_boot_start(m->vm);

    if (vm_is_on(m->vm) || strstr(said, "tender: shut down") == NULL)
        return false;
    m->shut_down = true;
    return true;
}

// Boot, and look whether all goes on as it must.
static void
boot_and_check(struct machine *m, bool may_continue)
{
    struct vm_boot boot = vm_decision(m->vm);

    if (boot.outcome == VM_CONTINUED && !may_continue && !m->shut_down)
        vm_fail(m->vm, "There was no shutdown: %s", boot.line);
    if (boot.outcome == VM_RESTORED && m->shut_down)
        vm_fail(m->vm, "It was shut down in order: %s", boot.line);
    if (boot.outcome == VM_RESTORED)
        m->decided_at = vm_since_on(m->vm);
    m->tally->restores += boot.outcome == VM_RESTORED;
    m->tally->continues += boot.outcome == VM_CONTINUED;
    m->shut_down = false;
    right(m, watch_boot(m->watch, &boot));
    for (int i = 0; i < 3; i++)
        if (vm_wait(m->vm, "counter: [0-9]+$", VM_PATIENCE) == NULL &&
            !went_off(m))
            vm_expect(m->vm, "counter: [0-9]+$");
    right(m, watch_read(m->watch));
    vm_run(m->vm, random_ms(RUN_MS));
    went_off(m);
    right(m, watch_read(m->watch));
    m->tally->saves = m->watch->saves;
}

static void
run_machine(int number, unsigned cuts, unsigned seed, struct tally *tally)
{
    char name[20];
    struct machine m = {.tally = tally};

    loser = tally;
    vm_failed = lost;
    snprintf(name, sizeof(name), "crash-%d", number);
    srandom(seed);
    m.vm = vm_new(&(struct vm_options){.name = name});
    m.watch = watch_new(m.vm);
    begin(&m);
    m.decided_at = vm_since_on(m.vm);
    for (; tally->rounds < cuts; tally->rounds++) {
        enum window window = AT_RANDOM;

        if (random() % 2 == 0)
            window = (enum window)(1 + random() % (WINDOWS - 1));
        if (vm_is_on(m.vm))
            cut_somehow(&m, window);
        boot_and_check(&m, window == IN_SHUTDOWN);
    }
    vm_free(m.vm);
    _exit(0);
}

static void
progress(const struct tally *tally, unsigned cuts, double started, bool last)
{
    static unsigned shown;
    unsigned done = 0, losses = 0;
    double left;

    for (int i = 0; i < MACHINES; i++) {
        done += tally[i].rounds;
        losses += tally[i].losses;
    }
    left = done == 0 ? 0 : (now() - started) * (cuts - done) / done;
    if (isatty(1))
        printf("\rcrash: %u of %u cuts, %u losses, %.0f s left \033[K%s", done,
               cuts, losses, left, last ? "\n" : "");
    else if (done * 10 / cuts > shown * 10 / cuts || last)
        printf("crash: %u of %u cuts, %u losses, %.0f s left\n", done, cuts,
               losses, left);
    shown = done;
    fflush(stdout);
}

static unsigned
report(const struct tally *tally, unsigned seed, double seconds)
{
    struct tally sum = {0};

    for (int i = 0; i < MACHINES; i++) {
        for (int w = 0; w < WINDOWS; w++)
            sum.cuts[w] += tally[i].cuts[w];
        sum.saves += tally[i].saves;
        sum.before_commit += tally[i].before_commit;
        sum.unacknowledged += tally[i].unacknowledged;
        sum.restores += tally[i].restores;
        sum.continues += tally[i].continues;
        sum.losses += tally[i].losses;
    }
    printf("crash: seed %u, %.0f s\n", seed, seconds);
    printf("  %6u saves acknowledged\n", sum.saves);
    for (int w = 0; w < WINDOWS; w++)
        printf("  %6u cuts %s\n", sum.cuts[w], window_name[w]);
    printf("  %6u of them inside a save before its commit\n",
           sum.before_commit);
    printf("  %6u of them after a commit that was not yet acknowledged\n",
           sum.unacknowledged);
    printf("  %6u boots restored, %u continued from a shutdown\n",
           sum.restores, sum.continues);
    printf("  %6u losses\n", sum.losses);
    return sum.losses;
}

static unsigned
setting(int argc, char **argv, int index, const char *name, unsigned usual)
{
    const char *value = argc > index ? argv[index] : getenv(name);

    return value == NULL ? usual : (unsigned)strtoul(value, NULL, 10);
}

int
main(int argc, char **argv)
{
    unsigned cuts = setting(argc, argv, 1, "CRASH", CUTS_USUAL);
    unsigned seed = setting(argc, argv, 2, "SEED", (unsigned)time(NULL));
    struct tally *tally =
        mmap(NULL, MACHINES * sizeof(*tally), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double started = now();
    int running = MACHINES, status = 0;
    bool bad = false;

    printf("crash: %u cuts on %d machines; SEED=%u repeats the choices\n",
           cuts, MACHINES, seed);
    fflush(stdout);
    for (int i = 0; i < MACHINES; i++) {
        unsigned share = (cuts + (unsigned)i) / MACHINES;

        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            run_machine(i, share, seed + (unsigned)i, &tally[i]);
        }
    }
    while (running > 0) {
        if (waitpid(-1, &status, WNOHANG) > 0) {
            running--;
            bad |= status != 0;
        }
        progress(tally, cuts, started, running == 0);
        usleep(500000);
    }
    return report(tally, seed, now() - started) != 0 || bad;
}

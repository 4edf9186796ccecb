// crash.c -- cut the power hundreds of times and look whether anything is lost
//
//   crash [CUTS] [SEED]     or CRASH=CUTS SEED=SEED in the environment
//
// Two machines run the programs under frequent saves.  Half of the cuts are
// aimed at a save, at the boot that restores, and at a shutdown; the rest come
// at any time.  After each one the machine boots again, must have decided
// rightly, and its programs must go on from exactly that save (watch.h).
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "crash_report.h"
#include "nv.h"
#include "watch.h"

#define CHECKER "build/tools/nvcheck"
#define CUTS_USUAL 200
#define RUN_MS 400  // at most, between a boot and a random cut
#define AIM_MS 5    // an aimed cut comes so late at most, half of them within
#define NEAR_MS 0.6 // this, because a save takes about as long
#define STOP_MS 40  // a shutdown may take so long
#define ECHO_S 0.5  // for a command to show

struct machine {
    struct vm *vm;
    struct watch *watch;
    struct tally *tally;
    double decided_at; // seconds after vm_on() that a restore usually takes
    bool shut_down;    // it went off in order: it must continue
};

// One machine computes all the time and saves now and then, the other nearly
// always saves.
static const char *const more[][2] = {{"fpu &", "saver 1000000 50 &"},
                                      {"saver 1000000 0 &", "hello"}};

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

static double
aim_ms(void)
{
    return random_ms(random() % 2 == 0 ? AIM_MS : NEAR_MS);
}

static void
right(struct machine *m, const char *wrong)
{
    if (wrong != NULL)
        vm_fail(m->vm, "%s", wrong);
}

static void
begin(struct machine *m, const char *const more_lines[2])
{
    static const char *const lines[] = {
        "occ enable", "counter 20 &", "life 20 quiet &", "ping &", "fill 4 &"};
    struct vm_boot boot = vm_boot(m->vm);

    if (boot.outcome != VM_COLD)
        vm_fail(m->vm, "Not a cold start: %s", boot.line);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        vm_command(m->vm, lines[i]);
    for (int i = 0; i < 2; i++)
        vm_command(m->vm, more_lines[i]);
    vm_expect(m->vm, "fill: pass 1 ok");
    vm_expect(m->vm, "saver: saved run");
    vm_expect(m->vm, "counter: [0-9]+\n");
    right(m, watch_read(m->watch));
}

// Where did the cut hit?  And does the checker find the state whole?
static void
classify(struct machine *m)
{
    u32 begun, committed;
    char command[300];

    snprintf(command, sizeof(command), CHECKER " %s >build/vm/crash-check.%d",
             vm_nv(m->vm), getpid());
    if (access(CHECKER, X_OK) == 0 && system(command) != 0)
        vm_fail(m->vm, "The checker finds fault with it: see %s",
                strchr(command, '>') + 1);
    unlink(strchr(command, '>') + 1);

    nv_generations(vm_nv(m->vm), &begun, &committed);
    m->tally->before_commit += begun > committed;
    m->tally->unacknowledged += committed > m->watch->acked;
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
            const char *shows, double ms)
{
    vm_keys(m->vm, "\025");
    vm_type(m->vm, command);
    if (random() % 4 != 0)
        vm_wait(m->vm, shows, ECHO_S);
    vm_run(m->vm, ms);
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
        cut_command(m, window, "save", "save\n", aim_ms());
        break;
    case IN_SHUTDOWN:
        cut_command(m, window, "shutdown",
                    random() % 2 == 0 ? "shutdown\n" : "tender: shut down",
                    random_ms(random() % 2 == 0 ? AIM_MS : STOP_MS));
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
        if (vm_wait(m->vm, "counter: [0-9]+\n", VM_PATIENCE) == NULL &&
            !went_off(m))
            vm_expect(m->vm, "counter: [0-9]+\n");
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
    begin(&m, more[number % 2]);
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

static unsigned
setting(const char *argument, const char *name, unsigned usual)
{
    const char *value = argument != NULL ? argument : getenv(name);

    return value == NULL ? usual : (unsigned)strtoul(value, NULL, 10);
}

int
main(int argc, char **argv)
{
    unsigned cuts = setting(argc > 1 ? argv[1] : NULL, "CRASH", CUTS_USUAL);
    unsigned seed =
        setting(argc > 2 ? argv[2] : NULL, "SEED", (unsigned)time(NULL));
    struct tally *tally =
        mmap(NULL, MACHINES * sizeof(*tally), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double started = now();
    int running = MACHINES, status = 0;
    bool bad = false;

    printf("crash: %u cuts on %d machines; SEED=%u repeats the choices\n", cuts,
           MACHINES, seed);
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
            if (WIFSIGNALED(status))
                printf("\ncrash: a tester died of signal %d.\n",
                       WTERMSIG(status));
        }
        crash_progress(tally, cuts, started, running == 0);
        usleep(500000);
    }
    return crash_report(tally, seed, now() - started) != 0 || bad;
}

// crash.c -- cut the power hundreds of times and look whether anything is lost
//
//   crash [CUTS] [SEED]     or CRASH=CUTS SEED=SEED in the environment
//
// PLATE=disk in the environment: the plates are on a disk (crash_store.h), and
// THROTTLE=IOPS:BYTES_PER_SECOND makes that slow, so that cuts hit its writes.
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
#include "crash_store.h"
#include "plates.h"
#include "watch.h"

#define CUTS_USUAL 200
#define PARTITIONS "-p 32 -v 1" // so small that its blocks are soon used again
#define RUN_MS 400              // at most, between a boot and a random cut
#define STOP_MS 40              // a shutdown may take so long
#define ECHO_S 0.5              // for a command to show
#define ENABLING_1_IN 3         // that takes longer than the others

struct machine {
    struct vm *vm;
    const struct crash_store *store;
    const char *const *more; // programs, beside those of all machines
    struct watch *watch;
    struct tally *tally;
    double decided_at; // seconds after vm_on() that a restore takes
    bool shut_down;    // it went off in order: it must go on from there
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
           "%s\n",
           sentence, crash_store()->advice);
    fflush(stdout);
    _exit(1);
}

static double
random_ms(double most)
{
    return most * (double)(random() % 10001) / 10000;
}

static double
aim_ms(const struct machine *m)
{
    return random_ms(random() % 2 == 0 ? m->store->aim_ms : m->store->near_ms);
}

static void
right(struct machine *m, const char *wrong)
{
    if (wrong != NULL)
        vm_fail(m->vm, "%s", wrong);
}

// A cold start, and the programs up to the first saves.
static void
begin(struct machine *m)
{
    static const char *const lines[] = {
        "occ enable", "counter 20 &", "life 20 quiet &", "ping &", "fill 4 &"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        vm_command(m->vm, lines[i]);
    for (int i = 0; i < 2; i++)
        vm_command(m->vm, m->more[i]);
    vm_expect(m->vm, "fill: pass [0-9]+ ok");
    vm_expect(m->vm, "saver: saved run");
    vm_expect(m->vm, "counter: [0-9]+\n");
    right(m, watch_read(m->watch));
}

static void
boot_cold(struct machine *m)
{
    struct vm_boot boot = vm_boot(m->vm);

    if (boot.outcome != VM_COLD)
        vm_fail(m->vm, "Not a cold start: %s", boot.line);
}

// Where did the cut hit?  And does the checker find the state whole?
static void
classify(struct machine *m)
{
    struct crash_found found = m->store->look(m->vm);

    m->tally->before_commit += found.begun;
    m->tally->unacknowledged += found.committed > m->watch->acked;
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
    vm_run(m->vm, random_ms(random() % 2 == 0 ? m->store->aim_ms : 80));
    vm_cut(m->vm);
    m->tally->cuts[IN_BOOT]++;
    right(m, watch_partial_boot(m->watch));
}

// Give the state up, and cut while control is enabled, or soon afterwards, when
// nothing has been saved: there must be no save.  Then begin anew.
static void
cut_enabling(struct machine *m)
{
    cut(m, AT_RANDOM);
    classify(m);
    vm_set_append(m->vm, "nv=cold");
    boot_cold(m);
    vm_set_append(m->vm, NULL);
    vm_type(m->vm, "occ enable");
    vm_run(m->vm, random_ms(random() % 2 == 0 ? m->store->aim_ms : STOP_MS));
    vm_cut(m->vm);
    m->tally->cuts[IN_ENABLING]++;
    if (m->store->look(m->vm).committed != 0)
        vm_fail(m->vm, "There is a save, but none was asked for.");
    boot_cold(m);
    m->watch = watch_begin(m->watch);
    begin(m);
    cut(m, AT_RANDOM);
    right(m, watch_read(m->watch));
    classify(m);
}

static void
cut_somehow(struct machine *m, enum window window)
{
    switch (window) {
    case IN_SAVE:
        cut_command(m, window, "save", "save\n", aim_ms(m));
        break;
    case IN_SHUTDOWN:
        cut_command(m, window, "shutdown",
                    random() % 2 == 0 ? "shutdown\n" : "tender: shutting down",
                    random_ms(random() % 2 == 0 ? m->store->aim_ms : STOP_MS));
        break;
    case IN_BOOT:
        cut_boot(m);
        return;
    case IN_ENABLING:
        cut_enabling(m);
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
    if (boot.outcome == VM_RESTORED && m->shut_down && !m->store->saves_at_end)
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
    struct machine m = {
        .tally = tally, .store = crash_store(), .more = more[number % 2]};
    struct vm_options options = {.name = name, .throttle = crash_throttle()};

    loser = tally;
    vm_failed = lost;
    snprintf(name, sizeof(name), "crash-%d", number);
    srandom(seed);
    options.store = m.store->store;
    m.vm = vm_new(&options);
    if (options.store == VM_PLATES)
        plates_make(vm_plates(m.vm), PARTITIONS);
    m.watch = watch_new(m.vm);
    boot_cold(&m);
    begin(&m);
    m.decided_at = vm_since_on(m.vm);
    for (; tally->rounds < cuts; tally->rounds++) {
        enum window window = AT_RANDOM;

        if (random() % 2 == 0)
            window = (enum window)(1 + random() % (WINDOWS - 1));
        if (window == IN_ENABLING && random() % ENABLING_1_IN != 0)
            window = IN_SAVE;
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

    printf("crash: %u cuts on %d machines, plates %s; SEED=%u repeats the "
           "choices\n",
           cuts, MACHINES, crash_store()->where, seed);
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

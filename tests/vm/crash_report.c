// crash_report.c -- what a campaign of power cuts counts and prints
#include "crash_report.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"

static const char *const window_name[WINDOWS] = {
    "at any time", "aimed at a save", "aimed at a restore boot",
    "aimed at a shutdown", "aimed at enabling after nv=cold"};

void
crash_progress(const struct tally *tally, unsigned cuts, double started,
               bool last)
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

unsigned
crash_report(const struct tally *tally, unsigned seed, double seconds)
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
    printf("  %6u boots restored, %u continued from a shutdown\n", sum.restores,
           sum.continues);
    printf("  %6u losses\n", sum.losses);
    return sum.losses;
}

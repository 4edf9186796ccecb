// crash_report.h -- what a campaign of power cuts counts and prints
#ifndef CRASH_REPORT_H
#define CRASH_REPORT_H

#include <stdbool.h>

#define MACHINES 2

enum window { AT_RANDOM, IN_SAVE, IN_BOOT, IN_SHUTDOWN, IN_ENABLING, WINDOWS };

// What all processes add up, in shared memory.  Each machine has its own.
struct tally {
    unsigned cuts[WINDOWS];
    unsigned rounds;
    unsigned saves;
    unsigned before_commit;  // cuts inside a save, before its commit
    unsigned unacknowledged; // cuts between commit and acknowledgement
    unsigned restores, continues;
    unsigned losses;
};

// How far all machines are; last: they have ended.
void crash_progress(const struct tally *tally, unsigned cuts, double started,
                    bool last);

// The whole campaign; returns the losses.
unsigned crash_report(const struct tally *tally, unsigned seed, double seconds);

#endif

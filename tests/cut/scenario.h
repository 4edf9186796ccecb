// scenario.h -- what is recorded: an operation of the real kernel, and its name
//
// Each scenario is recorded by a machine of its own that starts cold.  Programs
// that run beside the operation make a record differ from the next one; that is
// why records are kept.
#ifndef CUT_SCENARIO_H
#define CUT_SCENARIO_H

#include "tests/cut/record.h"

enum scenario_end {
    END_RETURN, // where the function that is watched returns
    END_OFF,    // where the machine stops
    END_SAID,   // the first trap after the console has shown end_text
    END_RESUME  // a boot, from its first instruction up to its verdict
};

#define SCENARIO_PREPARE 8

struct scenario {
    const char *name;
    const char *prepare[SCENARIO_PREPARE]; // commands typed before
    const char *operation;                 // typed; NULL: it comes by itself
    const char *symbol;                    // its first instruction begins it
    u32 skip;                              // so many times it is passed
    enum scenario_end end;
    const char *end_text;
    u32 saves_before, saves_after; // the newest save; 0: none
    bool quick;                    // part of make test
};

extern const struct scenario scenarios[];
extern const unsigned scenario_count;

const struct scenario *scenario_find(const char *name);

// Record it now.  Returns what this QEMU lacks, or NULL.
const char *scenario_record(const struct scenario *s, struct record *r);

// Where its record is kept.
void scenario_path(const struct scenario *s, char path[80]);

#endif

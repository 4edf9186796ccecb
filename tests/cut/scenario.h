// scenario.h -- what is recorded: an operation of the real kernel, and its name
//
// Each scenario is recorded by a machine of its own that starts cold.  Programs
// that run beside the operation make a record differ from the next one; that is
// why records are kept.
//
// Of each scenario there are more, made from it: NAME/restore is the boot that
// restores after it, NAME/continue the boot that goes on after it and a
// shutdown.
#ifndef CUT_SCENARIO_H
#define CUT_SCENARIO_H

#include "tests/cut/record.h"

enum scenario_end {
    END_RETURN, // where the function that is watched returns
    END_OFF,    // where the machine stops
    END_SAID,   // the first trap after the console has shown end_text
    END_RESUME  // a boot, from its first instruction up to its verdict
};

enum scenario_then { THEN_NOTHING, THEN_RESTORE, THEN_CONTINUE, THENS };

#define SCENARIO_PREPARE 8
#define SCENARIOS_MAX 100

struct scenario {
    const char *name;
    const char *prepare[SCENARIO_PREPARE]; // typed before; "?TEXT": wait for it
    const char *operation;                 // typed; NULL: it comes by itself
    const char *program;                   // of Linux, that the image must have
    const char *symbol;                    // its first instruction begins it
    u32 skip;                              // so many times it is passed
    enum scenario_end end;
    const char *end_text;
    u32 saves_before, saves_after; // the newest save; 0: none
    bool quick;                    // part of make test

    // What must hold where it begins, or the record is not worth its name.
    u32 waits;         // WAIT_...; it begins where all of them hold, so saves
                       // count from there
    u32 deletes, news; // at least so many pending deletes, new spaces

    // What must hold where it has ended.
    const char *says;        // the console has shown it
    u32 copies, copies_most; // pages that the save has copied
    const char *through;     // this function was entered `times` times
    u32 times;

    enum scenario_then then;
};

// The nth one; NULL behind the last.
const struct scenario *scenario_at(unsigned n);
const struct scenario *scenario_find(const char *name);

// Is a boot recorded, from its first instruction on?
bool scenario_is_boot(const struct scenario *s);

// May the uncut image at its beginning, else at its end, come to `save` (0:
// another outcome)?  first: what the image at its beginning came to.
bool
scenario_expects(const struct scenario *s, bool begins, u32 first, u32 save);

// Record it now.  Returns what this QEMU or the image lacks, or NULL.
const char *scenario_record(const struct scenario *s, struct record *r);

// Where its record is kept.
void scenario_path(const struct scenario *s, char path[80]);

#endif

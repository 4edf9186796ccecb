// cutter.h -- what the files of the power-cut engine share
//
//   report.c   is called by the tests, says what failed
//   cut.c      records a case, shares the work out
//   image.c    runs recovery on one image and judges it
//   ordered.c  walks through the images of fault model M1
//   cached.c   walks through the images of fault model M2, with lines.c
//
// While a log is walked through, memory and its shadow both hold the image; a
// run changes memory only, and image_run() puts it back from the shadow.
#ifndef HOST_CUTTER_H
#define HOST_CUTTER_H

#include "cut.h"
#include "lines.h"
#include "readset.h"

#define CUT_CHUNK 4096u // cuts that one process takes at a time

// What the processes share.
struct cut_shared {
    u32 lock;
    u32 next_chunk; // the next part of the M1 walk nobody has taken
    u32 next_point; // the next fence
    struct cut_report report;
    struct {
        u32 pc; // of the store or fence before the cut
        u32 pa;
    } where[CUT_FAILURES][2];
};

// Which cuts of a level are wanted.
enum cut_model { CUT_ANY, CUT_NONE, CUT_ORDERED, CUT_CACHED };

struct cut_wanted {
    enum cut_model model;
    u32 k; // m1.k
    u32 p; // m2.p.ri
    u32 i;
};

// The first cuts (depth 0) or the second ones (depth 1).
struct level {
    u32 depth;
    struct event_log log; // what is cut
    u32 begin;            // where in it cutting begins
    u32 least;            // verify() must find that much ...
    u32 most;             // ... and no more
    u32 last_least;       // the same for a cut after the end
    struct cut_wanted wanted;
    struct readset set; // what the runs since the last full one depend on
    struct lines lines;
    char id[40]; // of the image being looked at
    u32 pc;      // of the last store or fence before it
    u32 pa;
};

struct cutter {
    const struct cut_case *c;
    u8 *state; // as setup() left it
    u64 now_us;
    u32 runs;
    struct level level[2];
    struct cut_shared *shared;
    int pairs;
    int skip_nothing;
    int first_only; // stop at the first failure
    int talk;
};

// Which flush or fence of the operation is left out, 0 = none.
struct mutation {
    u32 flush;
    u32 fence;
};

// Run a case; what it found is in cutter->shared until cut_case_end().
void cut_case_run(struct cutter *cutter, struct mutation mutation);
void cut_case_end(struct cutter *cutter);

// Recover and verify on the image level->id; second cuts, too, if pairs.
// Reports what is wrong.  Returns what was kept, or -1.
int image_run(struct cutter *cutter, struct level *level, u32 least, int pairs);

// Note a failure of the image the level is at.
void image_failed(struct cutter *cutter, const struct level *level,
                  const char *sentence);

void ordered_walk(struct cutter *cutter, struct level *level);
void cached_walk(struct cutter *cutter, struct level *level);

#endif

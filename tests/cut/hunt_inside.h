// hunt_inside.h -- what hunting and trying one image again have in common
#ifndef CUT_HUNT_INSIDE_H
#define CUT_HUNT_INSIDE_H

#include "tests/cut/hunt.h"
#include "tests/cut/worker.h"

// One operation of a kernel.
struct tools {
    struct hunt *hunt;
    struct mutant *m;
    struct campaign c; // its record, and what is planned
    struct worker w;
    const char *wrong; // there is no record: why
};

// Name what is hunted.
void tools_name(struct tools *t, struct hunt *hunt, int operation);
// Of a mutant with a record: a machine, and an image.
void tools_open(struct tools *t, bool gdb);
void tools_close(struct tools *t);

struct engine *tools_machine(const struct mutant *m, bool tracing, bool gdb);

// A shutdown is continued once: when the console says so, a cut may restore
// the save before.  seen: 0 at first.
bool tools_continued(const struct cut_event *e, u32 *seen);

// The events of the recovery of m1.N, for an id.
void tools_recovery_path(const struct mutant *m, u64 n, char path[160]);

#endif

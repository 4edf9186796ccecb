// native.h -- the same script here and in Tender: what it says, case by case
//
// A script of tests/linux/ runs many cases and writes to DIR/results, for each
// of them, a line "@@ NAME STATUS" and what it printed, "@@ end" at last. It is
// run by the very same static programs on this machine and inside Tender.
// DIR/times gets a line for each case that is done.
#ifndef NATIVE_H
#define NATIVE_H

#include <stdbool.h>
#include <stdio.h>

#include "vm.h"

// What one side said; a list of the cases. Freed by native_free().
struct native {
    struct native *next;
    char *name;
    char *text; // all of it, with the first line
};

// A run: SCRIPT [DIR] [PROGRAMS] FILES..., the files below FOLDER here and
// DISK_FOLDER in Tender; without folders as they are.
struct native_run {
    const char *name;        // of its folders
    const char *script;      // in tests/linux, and in /disk/tests
    const char *files;       // words
    const char *folder;      // where they are here...
    const char *disk_folder; // ... and there
    const char *part;        // one more word for the script, or NULL
    double seconds;          // that it may take in Tender; only bounds hangs
    unsigned cuts;           // of the power, in the midst of the cases
};

// Are the programs there, whose packages may be missing, and are we root here, as
// in Tender?
bool native_can(void);

// On both sides. The machine is on and shows its prompt.
void native_run(struct vm *vm, const struct native_run *run,
                struct native **here, struct native **there);
void native_free(struct native *list);

// Differences are written to a file, each with the reason that FILE known gives
// for it ("NAME: reason" lines); how many have none. All of them: *differ.
unsigned native_compare(FILE *report, const struct native *here,
                        const struct native *there, const char *known,
                        unsigned *cases, unsigned *differ);

#endif

// share.h -- many processes at one list of images
//
//     share_run("save", 2, record.count, 32, work, &job);
//
// Each process calls work(), which takes numbers from share_next() until there are
// none, and counts what it does in share->figures.  What one has found out of
// an image (by its hash) all know.  Failures are collected with their ids.
#ifndef CUT_SHARE_H
#define CUT_SHARE_H

#include <stdbool.h>

#include "tender/types.h"

#define SHARE_FAILURES 20
#define SHARE_KINDS 1024u

struct share_figures {
    u64 images;   // built
    u64 distinct; // of them: with contents of their own
    u64 proven;   // of these: not booted, because they differ from one that
                  // was only in words its boot does not read
    u64 boots;    // also to see what is read
    u64 second;   // of the boots: of cuts in a recovery
    u64 used;     // of the boots: used on, their memory checked
    u64 failures;
};

struct share {
    const char *title;
    u64 total, step;
    u64 next; // number to be given out
    struct share_figures figures;
    struct {
        char id[96];
        char sentence[400];
    } failure[SHARE_FAILURES];
    u64 kind[SHARE_KINDS]; // those met
    u64 slots;             // power of two
    struct {
        u64 hash;
        u32 verdict, known;
    } slot[];
};

// Run work() in so many processes over the numbers 0 to total - 1, and print how
// it goes.  Returns the number of failures; figures are added to *sum.
u64 share_run(const char *title, int jobs, u64 total, u64 step,
              void (*work)(struct share *share, int worker, void *job),
              void *job, struct share_figures *sum);

// The next numbers: from, up to and without to.  False: there are none.
bool share_next(struct share *s, u64 *from, u64 *to);

// Has somebody tried an image with this hash?  What did it give?
bool share_known(struct share *s, u64 hash, u32 *verdict);
void share_know(struct share *s, u64 hash, u32 verdict);

// Is this the first image of a kind (not 0)?  More than SHARE_KINDS: no.
bool share_first(struct share *s, u64 kind);

void share_count(u64 *figure);
void share_fail(struct share *s, const char *id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

// transcript.h -- all a console showed, in memory and in a file with times
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// When the bytes up to end had arrived.
struct arrival {
    size_t end;
    double at;
};

struct transcript {
    char *text; // ended by 0
    size_t length;
    size_t room;
    struct arrival *arrival;
    size_t arrivals;
    size_t arrival_room;
    FILE *file;
    double boot_at;
    int boots;
    enum { PLAIN, CARRIAGE_RETURN, ESCAPE, SEQUENCE } state;
    bool mid_line; // in the file
};

void transcript_open(struct transcript *t, const char *path);
void transcript_close(struct transcript *t);

// What ends a line in memory that the power cut short.
#define CUT_LINE "..."

// A boot begins: times in the file count from here.
void transcript_boot(struct transcript *t, double at);

// Escape sequences are dropped; a carriage return without a newline counts as
// one, because what follows stands at the start of a line.
void transcript_add(struct transcript *t, const char *bytes, size_t length,
                    double at);

// A remark of the harness, only for the file.
void transcript_note(struct transcript *t, const char *note);

// When the byte at this place arrived.
double transcript_when(const struct transcript *t, size_t place);

#endif

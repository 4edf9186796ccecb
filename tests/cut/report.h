// report.h -- the figures of many scenarios, as a table
#ifndef CUT_REPORT_H
#define CUT_REPORT_H

#include <stdio.h>

#include "tests/cut/share.h"

struct report_row {
    char name[40];
    char skipped[160]; // why; ""
    u64 events;
    struct share_figures figures;
    double seconds;
};

// One line: "save: 146448 events, ..., 0 losses, 12 s".
void report_line(const struct report_row *row);

// All rows, and their sum.
void report_table(FILE *file, const struct report_row *row, unsigned rows);

void report_add(struct report_row *sum, const struct report_row *row);

#endif

// compare_lines.h -- read the kernel's lines about its own times
//
// All times in microseconds.  The part about the disk may be missing (0 then).
#ifndef COMPARE_LINES_H
#define COMPARE_LINES_H

#include <stdbool.h>

struct disk_part {
    double us;
    double requests;
};

struct enabled_line {
    double plates;
    double areas; // save areas
    double pages; // of all plates
    double us;
    struct disk_part disk;
};

struct saved_line {
    double number;
    double pages;  // copied
    double tables; // pages of tables
    double bytes;  // of both
    double us;
    struct disk_part disk;
};

struct boot_line {
    double firmware; // with GRUB
    double kernel;   // all of it
    double tables;   // initialisation
    double plates;   // restore
    double devices;
    struct disk_part disk; // within tables and plates
    bool split;            // the next two are known
    double disk_tables, disk_plates;
};

// The first such line in the text, or false: there is none, or it is not as
// it should be.
bool enabled_line_read(const char *text, struct enabled_line *line);
bool saved_line_read(const char *text, struct saved_line *line);
bool boot_line_read(const char *text, struct boot_line *line);

#endif

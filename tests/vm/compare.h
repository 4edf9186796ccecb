// compare.h -- the plate stores against each other: who does what
//
//   compare.c          runs every system in turn, each in a process of its own
//   compare_measure.c  one run of Tender: what the kernel says of itself
//   compare_savevm.c   one run of QEMU's savevm and loadvm
//   compare_drive.c    the plate disk, the modelled drive, its calibration
//   compare_lines.c    reads the kernel's lines
//   compare_values.c   every value of every run, medians, ratios
//   compare_report.c   the tables
//   compare_targets.c  what must be shown, met or not
//   compare_plot.c     the pictures
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#define COMPARE_DIR "build/compare"
#define COMPARE_MEM_MIB 256

// --- the systems

// The names are those of values.csv.
#define NV "nv"
#define DISK_FAST "disk-fast"
#define DISK_SLOW "disk-5400"
#define SAVEVM "savevm"
#define NV_COUNTED "nv-icount"
#define DISK_COUNTED "disk-icount"

struct compare_system {
    const char *name;
    const char *label;
    bool disk;    // plate=disk
    bool slow;    // on the modelled drive
    bool counted; // time is the number of instructions
    bool savevm;  // QEMU's own snapshots
};

#define CHANGES 5
extern const unsigned compare_changes[CHANGES]; // pages

// A program of each kind, as in the demonstration.
struct vm;
void compare_programs(struct vm *vm);

// In a process of its own.  Values go to `out`, a line each: measure, part,
// unit, value, separated by tabs.
void compare_measure(const struct compare_system *system, FILE *out);
void compare_savevm(const struct compare_system *system, FILE *out);
void compare_say(FILE *out, const char *measure, const char *part,
                 const char *unit, double value);
const char *compare_change_name(const char *measure, unsigned pages);

// --- the plate disk

#define PLATES_FILE COMPARE_DIR "/plates.img"

// An empty disk with a partition for plates.
void compare_make_plates(const char *path);

// The drive over this file; returns the address for QEMU.  It ends with the
// process that called, or by drive_stop().
const char *drive_start(const char *path, bool modelled);
void drive_stop(void);

// Measure the drive; NULL if that fails.
const char *drive_calibrate(void);

// --- the results

struct spread {
    double median, min, max;
    int values; // 0: there is none
};

void values_add(int run, const char *system, const char *measure,
                const char *part, const char *unit, double value);
struct spread
values_of(const char *system, const char *measure, const char *part);
// In every run: the median of one divided by that of the other.
struct spread values_ratio(const char *system, const char *part,
                           const char *other, const char *other_part,
                           const char *measure, const char *other_measure);
bool values_write(const char *path);

void report_tables(FILE *file);
void report_targets(FILE *file);
void plot_all(void);

#endif

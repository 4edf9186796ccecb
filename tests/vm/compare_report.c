// compare_report.c -- the tables: the paper's rows, and the amount of change
#include "compare.h"

#include <string.h>

#define STORES 3

static const char *const stores[STORES] = {NV, DISK_FAST, DISK_SLOW};

// Significant digits are enough for what is read by eye; values.csv has all.
static void
cell(FILE *file, struct spread s)
{
    if (s.values == 0)
        fprintf(file, " - |");
    else if (s.min == s.max)
        fprintf(file, " %.5g |", s.median);
    else
        fprintf(file, " %.4g (%.3g..%.3g) |", s.median, s.min, s.max);
}

// --- the paper's rows

struct row {
    const char *name;
    const char *measure;
    const char *part;
    bool savevm;           // QEMU's own has such a figure
    const char *volatile_; // the paper's
    const char *nv;
};

static const struct row rows[] = {
    {"plates", "enable", "plates", false, "170", "456"},
    {"save areas", "enable", "areas", false, "", ""},
    {"total size of plates, KiB", "enable", "size", false, "6717", "8364"},
    {"**plate-ization, ms**", "enable", "total", false, "4937.3", "398.4"},
    {"- disk I/O", "enable", "disk", false, "4886.2", "0"},
    {"- disk requests", "enable", "requests", false, "", "0"},
    {"- without disk I/O", "enable", "rest", false, "51.1", "398.4"},
    {"written in the first write-out, KiB", "first", "changed", false, "668",
     "1400"},
    {"**first write-out, ms**", "first", "total", true, "70.36", "11.45"},
    {"- disk I/O", "first", "disk", false, "", "0"},
    {"- disk requests", "first", "requests", false, "", "0"},
    {"- without disk I/O", "first", "rest", false, "", "11.45"},
    {"**restore, ms**", "restore", "total", true, "484.4", "60.65"},
    {"- disk I/O", "restore", "disk", false, "446.8", "0"},
    {"- disk requests", "restore", "requests", false, "", "0"},
    {"- without disk I/O", "restore", "rest", false, "37.6", "60.65"},
    {"- - initialisation", "restore", "initialisation", false, "x + 9.01", "x"},
    {"- - restore of plates", "restore", "restore", false, "y", "y + 32.06"},
    {"power on to running, ms", "restore", "from power on", true, "", ""},
};

static void
paper_rows(FILE *file)
{
    fprintf(file, "\n## The rows of the paper\n\n"
                  "| | NV | disk, fast | disk, 5400 rpm | QEMU savevm/loadvm "
                  "| paper: volatile | paper: NV |\n"
                  "|---|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];

        fprintf(file, "| %s |", r->name);
        for (int s = 0; s < STORES; s++)
            cell(file, values_of(stores[s], r->measure, r->part));
        if (r->savevm)
            cell(file, values_of(SAVEVM, r->measure, r->part));
        else
            fprintf(file, " |");
        fprintf(file, " %s | %s |\n", r->volatile_, r->nv);
    }
    fprintf(file,
            "\nThe paper's absolute times follow from its differences and "
            "percentages; x and y it does not\nprint. Disk I/O is what the "
            "kernel waited for. A savevm always saves the whole "
            "machine.\nPower on to running: with firmware and GRUB, by the "
            "guest's clock; loadvm needs neither and\nis timed from the start "
            "of QEMU.\n");
}

// --- instructions

static void
instructions(FILE *file)
{
    static const char *const counted[] = {NV_COUNTED, DISK_COUNTED};
    static const struct {
        const char *name;
        const char *measure;
    } what[] = {{"plate-ization", "enable"},
                {"first write-out", "first"},
                {"restore, with initialisation", "restore"},
                {"save of 1 page", "save 1"},
                {"save of 1024 pages", "save 1024"}};

    fprintf(file, "\n## Millions of instructions without disk I/O\n\n"
                  "Counted by QEMU in one more run of each.\n\n"
                  "| | NV | disk |\n|---|---:|---:|\n");
    for (size_t i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
        fprintf(file, "| %s |", what[i].name);
        for (int s = 0; s < 2; s++) // a nanosecond is an instruction
            cell(file, values_of(counted[s], what[i].measure, "rest"));
        fprintf(file, "\n");
    }
}

// --- against the amount of change

static void
change_row(FILE *file, const char *name, const char *first, const char *measure)
{
    fprintf(file, "| %s |", name);
    cell(file, values_of(NV, measure, first));
    cell(file, values_of(DISK_SLOW, measure, first));
    cell(file, values_of(NV, measure, "total"));
    cell(file, values_of(DISK_FAST, measure, "total"));
    cell(file, values_of(DISK_FAST, measure, "disk"));
    cell(file, values_of(DISK_SLOW, measure, "total"));
    cell(file, values_of(DISK_SLOW, measure, "disk"));
    cell(file, values_of(SAVEVM, measure, "total"));
    fprintf(file, "\n");
}

static void
changes(FILE *file, const char *title, const char *measure, const char *zero,
        const char *first, const char *first_title, const char *savevm)
{
    fprintf(file,
            "\n## %s\n\n"
            "| changed pages | %s: NV | disk | NV, ms | disk, fast, ms | disk "
            "I/O | disk, 5400 rpm, ms | disk I/O | %s, ms |\n"
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
            title, first_title, savevm);
    change_row(file, "none", first, zero);
    for (int i = 0; i < CHANGES; i++) {
        char name[20];

        snprintf(name, sizeof(name), "%u", compare_changes[i]);
        change_row(file, name, first,
                   compare_change_name(measure, compare_changes[i]));
    }
}

void
report_tables(FILE *file)
{
    paper_rows(file);
    instructions(file);
    changes(file, "Save against the amount of change", "save", "first",
            "changed", "KiB written", "savevm");
    fprintf(file, "\nThe first row is the first write-out. The programs "
                  "change pages of their own as well; tables\nare "
                  "included.\n");
    changes(file, "Restore after a save of so much", "restore", "restore",
            "requests", "disk requests", "loadvm");
}

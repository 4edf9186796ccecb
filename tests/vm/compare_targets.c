// compare_targets.c -- what the comparison must show: met or not met
//
// Every figure is the median of what each run by itself has: NV memory divided
// by the other, measured within the same minute.
#include "compare.h"

struct target {
    const char *name;
    const char *measure;
    const char *other;
    const char *other_part;
    double most;   // of the ratio
    bool shortens; // said as a percentage
};

static const struct target targets[] = {
    {"plate-ization, shorter than on the 5400 rpm disk", "enable", DISK_SLOW,
     "total", 1 - 0.9193, true},
    {"first write-out, shorter", "first", DISK_SLOW, "total", 1 - 0.8373, true},
    {"restore, shorter", "restore", DISK_SLOW, "total", 1 - 0.8748, true},
    {"plate-ization, NV / disk without disk I/O", "enable", DISK_SLOW, "rest",
     1, false},
    {"first write-out, NV / disk without disk I/O", "first", DISK_SLOW, "rest",
     1, false},
    {"restore, NV / disk without disk I/O", "restore", DISK_SLOW, "rest", 1,
     false},
    {"the same on the fast disk: plate-ization", "enable", DISK_FAST, "rest", 1,
     false},
    {"first write-out", "first", DISK_FAST, "rest", 1, false},
    {"restore", "restore", DISK_FAST, "rest", 1, false},
    {"first write-out, NV / savevm", "first", SAVEVM, "total", 1, false},
    {"restore, NV / loadvm", "restore", SAVEVM, "total", 1, false},
    {"save of 1024 pages, NV / savevm", "save 1024", SAVEVM, "total", 1, false},
    {"restore after it, NV / loadvm", "restore 1024", SAVEVM, "total", 1,
     false},
};

#define TARGETS (sizeof(targets) / sizeof(targets[0]))

static void
line(FILE *file, const struct target *t, struct spread ratio)
{
    const char *verdict = ratio.values == 0         ? "not measured"
                          : ratio.median <= t->most ? "**met**"
                                                    : "**NOT MET**";

    fprintf(file, "| %s |", t->name);
    if (t->shortens)
        fprintf(file, " at least %.2f %% |", 100 * (1 - t->most));
    else
        fprintf(file, " at most %.3g |", t->most);
    if (ratio.values == 0)
        fprintf(file, " - |");
    else if (t->shortens)
        fprintf(file, " %.2f %% (%.2f..%.2f) |", 100 * (1 - ratio.median),
                100 * (1 - ratio.max), 100 * (1 - ratio.min));
    else
        fprintf(file, " %.3g (%.3g..%.3g) |", ratio.median, ratio.min,
                ratio.max);
    fprintf(file, " %s |\n", verdict);
}

void
report_targets(FILE *file)
{
    int met = 0;

    fprintf(file,
            "\n## Targets\n\n| | wanted | ours | |\n|---|---:|---:|---|\n");
    for (size_t i = 0; i < TARGETS; i++) {
        const struct target *t = &targets[i];
        struct spread ratio = values_ratio(NV, "total", t->other, t->other_part,
                                           t->measure, t->measure);

        line(file, t, ratio);
        met += ratio.values > 0 && ratio.median <= t->most;
    }
    fprintf(file, "\n%d of %d targets met.\n", met, (int)TARGETS);
}

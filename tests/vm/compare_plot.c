// compare_plot.c -- the pictures, drawn by gnuplot
//
// save.png and restore.png are figures 9 and 10 of the paper: stacked bars,
// NV beside disk.  The axis is broken where one bar is much longer than the
// rest.  changes.png has saves and restores against the amount of change.
#include "compare.h"

#include <stdlib.h>

#define STORES 3
#define PARTS_MAX 3
#define BREAK 3.0 // times the next longer bar: worth breaking the axis

// One group of bars: a bar for each store, made of parts.
struct bars {
    const char *measure;
    const char *title;
    const char *parts[PARTS_MAX]; // of values.csv, from below
    const char *part_titles[PARTS_MAX];
    const char *colours[PARTS_MAX];
};

#define SAVE_PARTS                                                             \
    .parts = {"rest", "disk"},                                                 \
    .part_titles = {"without disk I/O", "disk I/O"},                           \
    .colours = {"#4477aa", "#ddaa33"}

static const struct bars save_bars[] = {
    {.measure = "enable", .title = "plate-ization", SAVE_PARTS},
    {.measure = "first", .title = "first write-out", SAVE_PARTS},
    {.measure = "save 1024", .title = "write-out, 1024 pages", SAVE_PARTS},
};

static const struct bars restore_bars[] = {{
    .measure = "restore",
    .title = "restore",
    .parts = {"initialisation", "restore", "disk"},
    .part_titles = {"initialisation", "restore of plates", "disk I/O"},
    .colours = {"#66aa88", "#4477aa", "#ddaa33"},
}};

static bool
run_gnuplot(const char *name)
{
    char command[200];

    snprintf(command, sizeof(command),
             "cd " COMPARE_DIR " && gnuplot %s.gp 2>%s.gnuplot-says", name,
             name);
    return system(command) == 0;
}

// --- stacked bars

#define XTICS "set xtics nomirror scale 0\n"
#define MARGIN 0.09 // of the picture's width, before each group

// The bars as a block of data: name, parts, their sum, median of the whole.  Returns how many there are
// and how high, ascending.
static int
write_bars(FILE *gp, const struct bars *b, int block, double heights[STORES])
{
    static const char *const stores[STORES] = {NV, DISK_FAST, DISK_SLOW};
    static const char *const names[STORES] = {"NV", "disk,\\nfast",
                                              "disk,\\n5400 rpm"};
    int n = 0;

    fprintf(gp, "$bars%d << END\n", block);
    for (int s = 0; s < STORES; s++) {
        struct spread total = values_of(stores[s], b->measure, "total");
        double height = 0;
        int i = n;

        if (total.values == 0)
            continue;
        fprintf(gp, "\"%s\"", names[s]);
        for (int p = 0; p < PARTS_MAX && b->parts[p] != NULL; p++) {
            struct spread v = values_of(stores[s], b->measure, b->parts[p]);

            fprintf(gp, " %g", v.median);
            height += v.median;
        }
        fprintf(gp, " %g %g\n", height, total.median);
        for (; i > 0 && heights[i - 1] > height; i--)
            heights[i] = heights[i - 1];
        heights[i] = height;
        n++;
    }
    fprintf(gp, "END\n");
    return n;
}

static void
write_panel(FILE *gp, const struct bars *b, int block, bool names)
{
    int parts = 0;

    for (; parts < PARTS_MAX && b->parts[parts] != NULL; parts++)
        fprintf(gp, "%s $bars%d using %d%s title '%s' lc rgb '%s'",
                parts > 0 ? "," : "plot", block, parts + 2,
                names ? ":xtic(1)" : "", b->part_titles[parts],
                b->colours[parts]);
    fprintf(gp,
            ", $bars%d using 0:%d:(sprintf('%%.3g', $%d)) with labels "
            "offset 0,0.6 notitle\n",
            block, parts + 2, parts + 3);
}

// Above how many of the bars the axis is broken, or 0.
static int
find_break(const double heights[STORES], int n)
{
    for (int i = n - 1; i > 0; i--)
        if (heights[i] > BREAK * heights[i - 1])
            return i;
    return 0;
}

static void
write_column(FILE *gp, const struct bars *b, int column, int columns)
{
    double heights[STORES] = {0}, left, right;
    int n = write_bars(gp, b, column, heights);
    int broken = find_break(heights, n);

    if (n == 0)
        return;
    left = MARGIN + (1 - MARGIN) * column / columns;
    right = left + (1 - MARGIN) / columns - MARGIN;
    fprintf(
        gp,
        "set lmargin screen %g\nset rmargin screen %g\nset xlabel '%s' offset 0,-1.2\n"
        "set bmargin screen 0.17\n%s\n",
        left, right, b->title,
        column == 0 ? "set ylabel 'ms'" : "unset ylabel");
    if (broken == 0) {
        fprintf(gp,
                "set tmargin screen 0.82\nset border 15\n"
                "set yrange [0:%g]\n",
                1.12 * heights[n - 1]);
        write_panel(gp, b, column, true);
        return;
    }
    fprintf(gp, "set tmargin screen 0.52\nset border 11\nset yrange [0:%g]\n",
            1.4 * heights[broken - 1]);
    write_panel(gp, b, column, true);
    fprintf(gp,
            "set tmargin screen 0.82\nset bmargin screen 0.56\n"
            "set border 14\nset yrange [%g:%g]\nunset xlabel\nunset xtics\n",
            0.7 * heights[broken], 1.1 * heights[n - 1]);
    write_panel(gp, b, column, false);
    fprintf(gp, XTICS);
}

static bool
plot_bars(const char *name, const char *title, const struct bars *bars,
          int columns)
{
    char path[80];
    FILE *gp;

    snprintf(path, sizeof(path), COMPARE_DIR "/%s.gp", name);
    gp = fopen(path, "w");
    if (gp == NULL)
        return false;
    fprintf(gp,
            "set terminal png size %d,600\nset output '%s.png'\n"
            "set style data histograms\nset style histogram rowstacked\n"
            "set style fill solid 0.9 border -1\nset boxwidth 0.6\n"
            "set grid ytics\nset xrange [-0.6:2.6]\n" XTICS
            "set key at screen 0.98,0.95 right horizontal\n"
            "set multiplot title '%s'\n",
            360 + 280 * columns, name, title);
    for (int i = 0; i < columns; i++)
        write_column(gp, &bars[i], i, columns);
    fprintf(gp, "unset multiplot\n");
    fclose(gp);
    return run_gnuplot(name);
}

// --- lines against the amount of change

static const struct {
    const char *system;
    const char *save_title;
    const char *restore_title;
} curves[] = {{NV, "NV", "NV"},
              {DISK_FAST, "disk, fast", "disk, fast"},
              {DISK_SLOW, "disk, 5400 rpm", "disk, 5400 rpm"},
              {SAVEVM, "savevm", "loadvm"}};

#define CURVES ((int)(sizeof(curves) / sizeof(curves[0])))

// A block of data for each system that has any: pages, median, smallest,
// greatest.
static bool
write_curve(FILE *gp, int curve, const char *measure)
{
    bool any = false;

    fprintf(gp, "$%s%d << END\n", measure, curve);
    for (int i = 0; i < CHANGES; i++) {
        unsigned pages = compare_changes[i];
        struct spread s = values_of(
            curves[curve].system, compare_change_name(measure, pages), "total");

        if (s.values == 0)
            continue;
        fprintf(gp, "%u %g %g %g\n", pages, s.median, s.min, s.max);
        any = true;
    }
    fprintf(gp, "END\n");
    return any;
}

static void
write_curves(FILE *gp, const char *measure, const char *title, bool save)
{
    bool any[CURVES];
    const char *separator = "plot";

    for (int i = 0; i < CURVES; i++)
        any[i] = write_curve(gp, i, measure);
    fprintf(gp, "set title '%s'\n", title);
    for (int i = 0; i < CURVES; i++) {
        if (!any[i])
            continue;
        fprintf(gp,
                "%s $%s%d using 1:2:3:4 with yerrorlines lw 2 pt 7 title '%s'",
                separator, measure, i,
                save ? curves[i].save_title : curves[i].restore_title);
        separator = ",";
    }
    fprintf(gp, "\n");
}

static bool
plot_changes(void)
{
    FILE *gp = fopen(COMPARE_DIR "/changes.gp", "w");

    if (gp == NULL)
        return false;
    fprintf(gp, "set terminal png size 1200,560\nset output 'changes.png'\n"
                "set logscale xy\nset grid\nset xlabel 'changed pages'\n"
                "set ylabel 'ms (median, smallest, greatest)'\n"
                "set xrange [0.8:1300]\nset key outside bottom horizontal\n"
                "set multiplot layout 1,2\n");
    write_curves(gp, "save", "Save", true);
    write_curves(gp, "restore", "Restore after it", false);
    fprintf(gp, "unset multiplot\n");
    fclose(gp);
    return run_gnuplot("changes");
}

void
plot_all(void)
{
    bool drawn = plot_changes();

    drawn = plot_bars("save", "Save (medians; the axis may be broken)",
                      save_bars, 3) &&
            drawn;
    drawn = plot_bars("restore", "Restore (medians; the axis may be broken)",
                      restore_bars, 1) &&
            drawn;
    if (!drawn)
        fprintf(stderr, "compare: gnuplot could not draw all pictures; what "
                        "it said is in " COMPARE_DIR "/*.gnuplot-says\n");
}

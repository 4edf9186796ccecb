// bench.c -- what persistence costs: boot, save and restore in figures
//
// Five runs; in each every figure is taken once, so that a busy host touches
// all alike.  Medians with smallest and greatest go to build/bench/report.md,
// all values to build/bench/values.csv, a picture to build/bench/boot.png.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "vm.h"

#define RUNS 5
#define MEM_MIB 256
#define FILL_MIB 16
#define BEGUN_MS 150 // fill has its memory then, and has not written much
#define REPEATED_SAVES 5
#define DIRTY_PAGES 1024
#define DIRTY_FIRST 3
#define FIGURES 64
#define VALUES (RUNS * REPEATED_SAVES)

struct figure {
    char name[60];
    const char *unit;
    double value[VALUES];
    int values;
};

static struct figure figures[FIGURES];

static void
add(const char *name, const char *unit, double value)
{
    struct figure *f = figures;

    while (f->unit != NULL && strcmp(f->name, name) != 0)
        f++;
    if (f == figures + FIGURES - 1 || f->values == VALUES)
        return;
    snprintf(f->name, sizeof(f->name), "%s", name);
    f->unit = unit;
    f->value[f->values++] = value;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

// --- taking them

// "tender: boot: firmware+grub A us, kernel B us, ...": each part by its name.
static void
take_split(struct vm *vm, const char *boot)
{
    const char *p = strstr(vm_text(vm) + vm_boot_start(vm), "tender: boot: ");
    char part[24], name[60];
    double us;
    int used;

    if (p == NULL)
        return;
    p += strlen("tender: boot: ");
    while (sscanf(p, " %23[^0-9,] %lf us%n", part, &us, &used) == 2) {
        part[strcspn(part, " ") == 0 ? 0 : strlen(part) - 1] = 0;
        snprintf(name, sizeof(name), "%s boot: %s", boot, part);
        add(name, "ms", us / 1000);
        p += used + (p[used] == ',');
    }
}

static void
take_boot(struct vm *vm, const char *boot, enum vm_outcome outcome)
{
    struct vm_boot decision = vm_decision(vm);
    char name[60];

    if (decision.outcome != outcome)
        vm_fail(vm, "Not what was to be measured: %s", decision.line);
    snprintf(name, sizeof(name), "%s boot: to the decision", boot);
    add(name, "ms", 1000 * vm_since_on(vm));
    if (outcome != VM_COLD)
        vm_keys(vm, "\025");
    vm_expect(vm, "^tender> ");
    snprintf(name, sizeof(name), "%s boot: to the prompt", boot);
    add(name, "ms", 1000 * vm_since_on(vm));
    vm_run(vm, 200); // the kernel's own figures may come after the prompt
    take_split(vm, boot);
    vm_prompt(vm);
}

// The next "tender: saved N: ..." line, whoever asked for it.
static void
take_saved(struct vm *vm, const char *what)
{
    static const struct {
        const char *word;
        const char *unit;
    } words[] = {{" pages", "pages"},
                 {" table pages", "pages"},
                 {" bytes", "bytes"},
                 {" us", "us"}};
    double number[4] = {0};
    char name[60], line[200];

    snprintf(line, sizeof(line), "%s",
             vm_expect(vm, "tender: saved [0-9]+:(.*)\n"));
    for (char *p = line; (p = strpbrk(p, "0123456789")) != NULL;) {
        double value = strtod(p, &p);

        for (int i = 0; i < 4; i++)
            if (strncmp(p, words[i].word, strlen(words[i].word)) == 0)
                number[i] = value;
    }
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof(name), "save, %s:%s", what, words[i].word);
        add(name, words[i].unit, number[i]);
    }
    snprintf(name, sizeof(name), "save, %s: speed", what);
    if (number[3] > 0)
        add(name, "MiB/s", number[2] / 1.048576 / number[3]);
}

static void
take_save(struct vm *vm, const char *what)
{
    vm_type(vm, "save");
    take_saved(vm, what);
    vm_expect(vm, "^tender> ");
}

// The same pages are written again and again: once both save areas are there
// in the host's memory, too, the time is that of copying.
static void
take_dirty(struct vm *vm)
{
    char command[40];

    snprintf(command, sizeof(command), "dirty %d %d", DIRTY_PAGES,
             DIRTY_FIRST + REPEATED_SAVES);
    vm_type(vm, command);
    for (int i = 0; i < DIRTY_FIRST; i++)
        vm_expect(vm, "tender: saved [0-9]+:.*\n");
    for (int i = 0; i < REPEATED_SAVES; i++)
        take_saved(vm, "1024 pages written again");
    vm_expect(vm, "^tender> ");
}

// Every line of `mem` that has a number.
static void
take_memory(struct vm *vm)
{
    char *text = strdup(vm_command(vm, "mem")), *rest = text, *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        char *digits = strpbrk(line, "0123456789");
        char name[60], label[41], unit[12] = "";
        double value;

        if (digits == NULL ||
            sscanf(digits, "%lf %11[A-Za-z]", &value, unit) < 1)
            continue;
        if (sscanf(line, " %40[A-Za-z ,()]", label) != 1)
            continue;
        for (char *end = label + strlen(label); end[-1] == ' ';)
            *--end = 0;
        snprintf(name, sizeof(name), "memory: %s", label);
        add(name,
            strcmp(unit, "KiB") == 0   ? "KiB"
            : strcmp(unit, "MiB") == 0 ? "MiB"
                                       : "pages",
            value);
    }
    free(text);
}

static void
take_run(void)
{
    struct vm *vm =
        vm_new(&(struct vm_options){.name = "bench", .mem_mib = MEM_MIB});
    char fill[40];
    double before;

    take_boot(vm, "cold", VM_COLD);
    before = now();
    vm_command(vm, "occ enable");
    add("occ enable", "ms", 1000 * (now() - before));
    take_memory(vm);
    take_save(vm, "the first");
    snprintf(fill, sizeof(fill), "fill %d &", FILL_MIB);
    vm_command(vm, fill);
    vm_run(vm, BEGUN_MS);
    take_save(vm, "with 16 MiB of new spaces");
    vm_expect(vm, "fill: pass 1 ok");
    take_save(vm, "16 MiB freshly written");
    vm_command(vm, "kill %1");
    take_save(vm, "after a kill");
    take_dirty(vm);
    take_save(vm, "after dirty has ended");
    for (int i = 0; i < REPEATED_SAVES; i++)
        take_save(vm, "right after a save");
    vm_cut(vm);
    take_boot(vm, "restored", VM_RESTORED);
    vm_type(vm, "shutdown");
    vm_end(vm);
    take_boot(vm, "continued", VM_CONTINUED);
    vm_no_loss(vm);
    vm_free(vm);
}

// --- writing them down

static double
median(const struct figure *f)
{
    return (f->value[(f->values - 1) / 2] + f->value[f->values / 2]) / 2;
}

static void
write_report(void)
{
    FILE *report = fopen("build/bench/report.md", "w");
    FILE *csv = fopen("build/bench/values.csv", "w");

    if (report == NULL || csv == NULL) {
        perror("build/bench");
        exit(1);
    }
    fprintf(report,
            "# What persistence costs\n\n"
            "%d runs, %d MiB of memory, QEMU with TCG; times are the host's "
            "or the kernel's and\nchange with the host. Median, smallest and "
            "greatest.\n\n"
            "| figure | median | min | max | unit |\n"
            "|---|---:|---:|---:|---|\n",
            RUNS, MEM_MIB);
    fprintf(csv, "figure,unit,number,value\n");
    for (struct figure *f = figures; f->unit != NULL; f++) {
        for (int i = 0; i < f->values; i++)
            fprintf(csv, "\"%s\",%s,%d,%g\n", f->name, f->unit, i + 1,
                    f->value[i]);
        qsort(f->value, (size_t)f->values, sizeof(double), compare);
        fprintf(report, "| %s | %.6g | %.6g | %.6g | %s |\n", f->name,
                median(f), f->value[0], f->value[f->values - 1], f->unit);
    }
    fclose(report);
    fclose(csv);
}

static double
median_of(const char *boot, const char *part)
{
    char name[60];

    snprintf(name, sizeof(name), "%s boot: %s", boot, part);
    for (struct figure *f = figures; f->unit != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return median(f);
    return 0;
}

// One stack of bars for each kind of boot: the kernel's own part of it.
static void
plot(void)
{
    static const char *const boots[] = {"cold", "restored", "continued"};
    FILE *data = fopen("build/bench/boot.dat", "w");

    if (data == NULL)
        return;
    fprintf(data, "boot tables plates devices other\n");
    for (int i = 0; i < 3; i++) {
        double tables = median_of(boots[i], "tables");
        double plates = median_of(boots[i], "plates");
        double devices = median_of(boots[i], "devices");

        fprintf(data, "%s %g %g %g %g\n", boots[i], tables, plates, devices,
                median_of(boots[i], "kernel") - tables - plates - devices);
    }
    fclose(data);
    if (system("command -v gnuplot >/dev/null") != 0)
        return;
    if (system("gnuplot -e \"set terminal png size 800,600;"
               "set output 'build/bench/boot.png';"
               "set style data histograms; set style histogram rowstacked;"
               "set style fill solid 0.7 border -1; set boxwidth 0.6;"
               "set key outside right; set grid ytics;"
               "set ylabel 'ms (median)'; set yrange [0:*];"
               "set title 'Kernel part of a boot, without firmware and GRUB';"
               "plot for [i=2:5] 'build/bench/boot.dat' using i:xtic(1) "
               "title columnheader(i)\"") != 0)
        fprintf(stderr, "bench: gnuplot could not draw the picture.\n");
}

int
main(void)
{
    mkdir("build", 0777);
    mkdir("build/bench", 0777);
    for (int run = 1; run <= RUNS; run++) {
        printf("bench: run %d of %d\n", run, RUNS);
        fflush(stdout);
        take_run();
    }
    write_report();
    plot();
    printf("bench: build/bench/report.md, values.csv, boot.png\n");
    return system("cat build/bench/report.md") != 0;
}

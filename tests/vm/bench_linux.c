// bench_linux.c -- what Linux calls and programs cost, and what saving them adds
//
// First one pass of all settings in a machine that counts instructions as time:
// so many instructions each.  Then the same with the host's time, on one machine: no
// saves, a save every second, every 100 ms, in turn, so that a busy host
// touches all alike.  build/bench/linux.txt, linux.csv, linux.png.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "session.h"

#define RUNS 3
#define MEM_MIB 256
#define PATIENCE 300.0
#define FIGURES 32
#define SETTINGS 3
#define COMMAND "linux sh /disk/tests/bench.sh "
#define TIMES_COUNTED "2000" // instructions are always as many
#define TIMES "100000"

static const struct setting {
    const char *name;
    const char *saver; // NULL: none
} settings[SETTINGS] = {
    {"no saves", NULL},
    {"every second", "saver 1000000 1000 &"},
    {"every 100 ms", "saver 1000000 100 &"},
};

struct figure {
    char name[60];
    char unit[4]; // ns, or us for whole programs
    double instructions[SETTINGS];
    double value[SETTINGS][RUNS];
};

static struct figure figures[FIGURES];
static unsigned saves[SETTINGS]; // during its runs

static struct figure *
figure(const char *name, const char *unit)
{
    struct figure *f = figures;

    while (f->name[0] != 0 && strcmp(f->name, name) != 0)
        f++;
    if (f == figures + FIGURES - 1) {
        fprintf(stderr, "bench-linux: too many figures\n");
        exit(1);
    }
    snprintf(f->name, sizeof(f->name), "%s", name);
    snprintf(f->unit, sizeof(f->unit), "%s", unit);
    return f;
}

// --- taking them

#define COUNTED (-1) // as run: instructions

static void
take_lines(struct vm *vm, size_t from, int setting, int run)
{
    const char *p = vm_text(vm) + from;
    char name[60], unit[4];
    double value;
    int status;

    while ((p = strstr(p, "bench: ")) != NULL) {
        p += strlen("bench: ");
        int n = sscanf(p, "%59[^:]: %lf %2[a-z], status %d", name, &value, unit,
                       &status);

        if (n == 4 && status != 0)
            vm_fail(vm, "%s ended with status %d.", name, status);
        if (n < 3)
            continue;
        if (run == COUNTED)
            figure(name, unit)->instructions[setting] =
                strcmp(unit, "us") == 0 ? 1000 * value : value;
        else
            figure(name, unit)->value[setting][run] = value;
    }
}

static void
take(struct vm *vm, int setting, int run)
{
    size_t from = vm_length(vm);

    vm_type(vm, run == COUNTED ? COMMAND TIMES_COUNTED : COMMAND TIMES);
    if (vm_wait(vm, "bench: that is all", PATIENCE) == NULL)
        vm_fail(vm, "The figures did not come.");
    take_lines(vm, from, setting, run);
    vm_prompt(vm);
}

static unsigned
saves_so_far(struct vm *vm)
{
    const char *text =
        strstr(vm_command(vm, "linux cat /proc/tender/saves"), "newest: ");

    return text == NULL ? 0 : (unsigned)atoi(text + strlen("newest: "));
}

// -> the job's number in the shell
static unsigned
start_saver(struct vm *vm, const char *line)
{
    const char *job = strchr(vm_command(vm, line), '[');

    if (job == NULL)
        vm_fail(vm, "\"%s\" is no job.", line);
    return (unsigned)atoi(job + 1);
}

static void
end_saver(struct vm *vm, unsigned job)
{
    char line[24];

    snprintf(line, sizeof(line), "kill %%%u", job);
    if (strstr(vm_command(vm, line), "killed") == NULL)
        vm_fail(vm, "\"%s\" ended nothing.", line);
}

static void
take_setting(struct vm *vm, int setting, int run)
{
    unsigned before = saves_so_far(vm), job = 0;

    if (settings[setting].saver != NULL)
        job = start_saver(vm, settings[setting].saver);
    take(vm, setting, run);
    if (settings[setting].saver != NULL)
        end_saver(vm, job);
    if (run != COUNTED)
        saves[setting] += saves_so_far(vm) - before;
}

static void
count_instructions(void)
{
    static const char *const counted[] = {"--icount-shift", "0", NULL};
    struct vm *vm = vm_new(&(struct vm_options){
        .name = "bench-linux-icount", .mem_mib = MEM_MIB, .more = counted});

    printf("bench-linux: instructions\n");
    fflush(stdout);
    vm_boot(vm);
    vm_command(vm, "occ enable");
    vm_command(vm, COMMAND "200");
    for (int i = 0; i < SETTINGS; i++)
        take_setting(vm, i, COUNTED);
    vm_no_loss(vm);
    vm_free(vm);
}

static void
take_times(void)
{
    struct vm *vm =
        vm_new(&(struct vm_options){.name = "bench-linux", .mem_mib = MEM_MIB});

    vm_boot(vm);
    vm_command(vm, "occ enable");
    vm_command(vm, COMMAND "200"); // whatever the first use costs
    for (int run = 0; run < RUNS; run++) {
        printf("bench-linux: run %d of %d\n", run + 1, RUNS);
        fflush(stdout);
        for (int i = 0; i < SETTINGS; i++)
            take_setting(vm, (i + run) % SETTINGS, run);
    }
    vm_no_loss(vm);
    vm_free(vm);
}

// --- writing them down

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(const double *values)
{
    double sorted[RUNS];

    memcpy(sorted, values, sizeof(sorted));
    qsort(sorted, RUNS, sizeof(double), compare);
    return sorted[RUNS / 2];
}

// Of the same run: what the host did to both is in neither.
static double
ratio(const struct figure *f, int setting)
{
    double ratios[RUNS];

    for (int i = 0; i < RUNS; i++)
        ratios[i] = f->value[setting][i] / f->value[0][i];
    return median(ratios);
}

static FILE *
output(const char *name)
{
    FILE *file = fopen(name, "w");

    if (file == NULL) {
        perror(name);
        exit(1);
    }
    return file;
}

static void
write_report(void)
{
    FILE *report = output("build/bench/linux.txt");

    fprintf(report,
            "What Linux calls and programs cost in Tender\n\n"
            "Instructions: QEMU counts them (shift 0) as time, one run; a "
            "figure of a call is over\nbefore the next save is due, so "
            "only lua and sqlite meet saves there.  Times: medians\nof %d "
            "runs with TCG: on a busy host their ratios say little, look at "
            "the loop's.\n"
            "Ratios: to the same run's figure without saves, their medians.\n"
            "Saves during all runs: %u, %u and %u.\n\n"
            "%-36s %12s %6s %6s %11s    %6s %6s\n",
            RUNS, saves[0], saves[1], saves[2], "", "instructions", "1 s",
            "100 ms", "time", "1 s", "100 ms");
    for (const struct figure *f = figures; f->name[0] != 0; f++)
        fprintf(report, "%-36s %12.0f %6.3f %6.3f %11.0f %s %6.2f %6.2f\n",
                f->name, f->instructions[0],
                f->instructions[1] / f->instructions[0],
                f->instructions[2] / f->instructions[0], median(f->value[0]),
                f->unit, ratio(f, 1), ratio(f, 2));
    fclose(report);
}

static void
write_values(void)
{
    FILE *csv = output("build/bench/linux.csv");

    fprintf(csv, "figure,unit,setting,run,value\n");
    for (const struct figure *f = figures; f->name[0] != 0; f++)
        for (int s = 0; s < SETTINGS; s++)
            for (int i = 0; i < RUNS; i++)
                fprintf(csv, "\"%s\",%s,%s,%d,%.0f\n", f->name, f->unit,
                        settings[s].name, i + 1, f->value[s][i]);
    fclose(csv);
}

static void
plot(void)
{
    FILE *data = output("build/bench/linux.dat");

    for (const struct figure *f = figures; f->name[0] != 0; f++)
        fprintf(data, "\"%s\" 1 %g %g\n", f->name, ratio(f, 1), ratio(f, 2));
    fclose(data);
    if (system("command -v gnuplot >/dev/null") != 0)
        return;
    if (system("gnuplot -e \"set terminal png size 1100,640;"
               "set output 'build/bench/linux.png';"
               "set style data histograms; set style histogram clustered;"
               "set style fill solid 0.7 border -1; set grid ytics;"
               "set xtics rotate by -35; set key outside top;"
               "set ylabel 'time, without saves = 1'; set yrange [0:*];"
               "set title 'Linux calls and programs while the system saves';"
               "plot 'build/bench/linux.dat' using 2:xtic(1) title 'no saves',"
               "'' using 3 title 'a save every second',"
               "'' using 4 title 'a save every 100 ms'\"") != 0)
        fprintf(stderr, "bench-linux: gnuplot could not draw the picture.\n");
}

int
main(void)
{
    if (!session_possible("busybox", "all") ||
        !session_possible("lua", "all") || !session_possible("sqlite3", "all"))
        return 1;
    mkdir("build", 0777);
    mkdir("build/bench", 0777);
    count_instructions();
    take_times();
    write_report();
    write_values();
    plot();
    printf("bench-linux: build/bench/linux.txt, linux.csv, linux.png\n");
    return system("cat build/bench/linux.txt") != 0;
}

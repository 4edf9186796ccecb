// compare_values.c -- every value of every run, their medians and ratios
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#define NAME 32

struct value {
    int run;
    char system[NAME];
    char measure[NAME];
    char part[NAME];
    char unit[NAME];
    double value;
};

static struct value *values;
static size_t count, room;

void
values_add(int run, const char *system, const char *measure, const char *part,
           const char *unit, double value)
{
    struct value *v;

    if (count == room) {
        room = room == 0 ? 1024 : 2 * room;
        values = realloc(values, room * sizeof(*values));
        if (values == NULL)
            abort();
    }
    v = &values[count++];
    *v = (struct value){.run = run, .value = value};
    snprintf(v->system, NAME, "%s", system);
    snprintf(v->measure, NAME, "%s", measure);
    snprintf(v->part, NAME, "%s", part);
    snprintf(v->unit, NAME, "%s", unit);
}

static int
compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct spread
spread(double *numbers, size_t n)
{
    if (n == 0)
        return (struct spread){0};
    qsort(numbers, n, sizeof(*numbers), compare_numbers);
    return (struct spread){
        .median = (numbers[(n - 1) / 2] + numbers[n / 2]) / 2,
        .min = numbers[0],
        .max = numbers[n - 1],
        .values = (int)n,
    };
}

// Of one run, or of all if run is 0.
static struct spread
find(int run, const char *system, const char *measure, const char *part)
{
    double *numbers = malloc((count + 1) * sizeof(*numbers));
    struct spread result;
    size_t n = 0;

    if (numbers == NULL)
        abort();
    for (const struct value *v = values; v < values + count; v++)
        if ((run == 0 || v->run == run) && strcmp(v->system, system) == 0 &&
            strcmp(v->measure, measure) == 0 && strcmp(v->part, part) == 0)
            numbers[n++] = v->value;
    result = spread(numbers, n);
    free(numbers);
    return result;
}

struct spread
values_of(const char *system, const char *measure, const char *part)
{
    return find(0, system, measure, part);
}

struct spread
values_ratio(const char *system, const char *part, const char *other,
             const char *other_part, const char *measure,
             const char *other_measure)
{
    double ratios[1000];
    size_t n = 0;
    int last = 0;

    for (size_t i = 0; i < count; i++)
        last = values[i].run > last ? values[i].run : last;
    for (int run = 1; run <= last && n < 1000; run++) {
        struct spread one = find(run, system, measure, part);
        struct spread two = find(run, other, other_measure, other_part);

        if (one.values > 0 && two.values > 0 && two.median > 0)
            ratios[n++] = one.median / two.median;
    }
    return spread(ratios, n);
}

bool
values_write(const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return false;
    fprintf(file, "run,system,measure,part,unit,value\n");
    for (const struct value *v = values; v < values + count; v++)
        fprintf(file, "%d,%s,%s,%s,%s,%.10g\n", v->run, v->system, v->measure,
                v->part, v->unit, v->value);
    return fclose(file) == 0;
}

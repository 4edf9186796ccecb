// report.c -- the figures of many scenarios, as a table
#include "tests/cut/report.h"

static double
rate(const struct report_row *row)
{
    return row->seconds > 0 ? (double)row->figures.images / row->seconds : 0;
}

void
report_line(const struct report_row *row)
{
    const struct share_figures *f = &row->figures;

    if (row->skipped[0] != 0)
        printf("skipped: %s: %s\n", row->name, row->skipped);
    else
        printf("%s: %llu events, %llu images, %llu distinct, %llu proven, "
               "%llu boots (%llu of second cuts), %llu used on, %.0f images/s, "
               "%llu losses, "
               "%.0f s\n",
               row->name, (unsigned long long)row->events,
               (unsigned long long)f->images, (unsigned long long)f->distinct,
               (unsigned long long)f->proven, (unsigned long long)f->boots,
               (unsigned long long)f->second, (unsigned long long)f->used,
               rate(row), (unsigned long long)f->failures, row->seconds);
    fflush(stdout);
}

void
report_add(struct report_row *sum, const struct report_row *row)
{
    sum->events += row->events;
    sum->figures.images += row->figures.images;
    sum->figures.distinct += row->figures.distinct;
    sum->figures.proven += row->figures.proven;
    sum->figures.boots += row->figures.boots;
    sum->figures.second += row->figures.second;
    sum->figures.used += row->figures.used;
    sum->figures.failures += row->figures.failures;
    sum->seconds += row->seconds;
}

static void
print_row(FILE *file, const struct report_row *row)
{
    const struct share_figures *f = &row->figures;

    if (row->skipped[0] != 0)
        fprintf(file, "%-24s skipped: %s\n", row->name, row->skipped);
    else
        fprintf(file, "%-24s %9llu %9llu %9llu %9llu %8llu %6llu %7.0f %9.0f\n",
                row->name, (unsigned long long)row->events,
                (unsigned long long)f->images, (unsigned long long)f->distinct,
                (unsigned long long)f->proven, (unsigned long long)f->boots,
                (unsigned long long)f->failures, row->seconds, rate(row));
}

void
report_table(FILE *file, const struct report_row *row, unsigned rows)
{
    struct report_row sum = {.name = "all"};

    fprintf(file, "%-24s %9s %9s %9s %9s %8s %6s %7s %9s\n", "scenario",
            "events", "images", "distinct", "proven", "boots", "losses",
            "seconds", "images/s");
    for (unsigned i = 0; i < rows; i++) {
        print_row(file, &row[i]);
        report_add(&sum, &row[i]);
    }
    print_row(file, &sum);
    fflush(file);
}

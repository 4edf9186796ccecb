// compare_lines.c -- read the kernel's lines about its own times
#include "compare_lines.h"

#include <stdio.h>
#include <string.h>

#define LINE 320

// What a line has to say after its start, ended by NULL: each word follows a
// number, but for words with a "|", where the number stands.
static bool
read_numbers(const char *p, const char *const *words, double *const *numbers)
{
    for (; *words != NULL; words++, numbers++) {
        const char *before = *words, *bar = strchr(before, '|');
        size_t length = (size_t)(bar - before);
        int used = 0;

        if (strncmp(p, before, length) != 0)
            return false;
        p += length;
        if (sscanf(p, "%lf%n", *numbers, &used) != 1)
            return false;
        p += used;
        if (strncmp(p, bar + 1, strlen(bar + 1)) != 0)
            return false;
        p += strlen(bar + 1);
    }
    return true;
}

// What stands behind `start` in the first line that has it, or NULL.
static const char *
find_line(const char *text, const char *start, char copy[LINE])
{
    const char *line = strstr(text, start);

    if (line == NULL)
        return NULL;
    line += strlen(start);
    snprintf(copy, LINE, "%.*s", (int)strcspn(line, "\r\n"), line);
    return copy;
}

// The part about the disk is missing, or as it should be.
static bool
read_disk(const char *line, struct disk_part *disk)
{
    static const char *const words[] = {", disk | us", " in | request", NULL};
    const char *p = strstr(line, ", disk ");

    *disk = (struct disk_part){0};
    return p == NULL ||
           read_numbers(p, words,
                        (double *const[]){&disk->us, &disk->requests});
}

bool
enabled_line_read(const char *text, struct enabled_line *line)
{
    static const char *const words[] = {" | plates,", " | save areas,",
                                        " | pages,", " | us", NULL};
    double *const numbers[] = {&line->plates, &line->areas, &line->pages,
                               &line->us};
    char copy[LINE];
    const char *p = find_line(text, "tender: enabled:", copy);

    return p != NULL && read_numbers(p, words, numbers) &&
           read_disk(p, &line->disk);
}

bool
saved_line_read(const char *text, struct saved_line *line)
{
    static const char *const words[] = {
        " |:", " | pages,", " | table pages,", " | bytes,", " | us", NULL};
    double *const numbers[] = {&line->number, &line->pages, &line->tables,
                               &line->bytes, &line->us};
    char copy[LINE];
    const char *p = find_line(text, "tender: saved", copy);

    return p != NULL && read_numbers(p, words, numbers) &&
           read_disk(p, &line->disk);
}

bool
boot_line_read(const char *text, struct boot_line *line)
{
    static const char *const words[] = {" firmware+grub | us,", " kernel | us,",
                                        " tables | us,",        " plates | us,",
                                        " devices | us",        NULL};
    static const char *const split[] = {"(tables | us,", " plates | us)", NULL};
    double *const numbers[] = {&line->firmware, &line->kernel, &line->tables,
                               &line->plates, &line->devices};
    double *const halves[] = {&line->disk_tables, &line->disk_plates};
    char copy[LINE];
    const char *p = find_line(text, "tender: boot:", copy), *bracket;

    if (p == NULL || !read_numbers(p, words, numbers) ||
        !read_disk(p, &line->disk))
        return false;
    bracket = strchr(p, '(');
    line->split = bracket != NULL && read_numbers(bracket, split, halves);
    return bracket == NULL || line->split;
}

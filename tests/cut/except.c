// except.c -- what lies in the state's pages and is no part of it
#define _GNU_SOURCE
#include "tests/cut/except.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/fields.h"

#define FIELDS_PATH "build/cut/fields.bin"
#define FIELDS_MAX 32u

static struct field field[FIELDS_MAX];
static u32 field_va[FIELDS_MAX];
static unsigned fields;

// Where a function has put how much of its frame, from an instruction on.
struct frame_row {
    u32 pc;
    u32 frame; // bytes from the stack pointer to behind the return address
    u32 saved; // of these, at the top: registers, the return address
};

static struct frame_row *row;
static unsigned rows;

static _Noreturn void
unfit(const char *what, const char *why)
{
    fprintf(stderr, "except: %s: %s\n", what, why);
    exit(2);
}

// --- named words ---

static void
read_fields(void)
{
    FILE *file = fopen(FIELDS_PATH, "rb");

    if (file == NULL)
        unfit(FIELDS_PATH, "cannot be read: 'make explore' builds it");
    fields = (unsigned)fread(field, sizeof(*field), FIELDS_MAX, file);
    if (fields == 0 || fields == FIELDS_MAX || fgetc(file) != EOF)
        unfit(FIELDS_PATH, "has not as many fields as there is room for");
    fclose(file);
}

static void
find_fields(const struct elf *elf)
{
    u32 va, bytes;

    for (unsigned i = 0; i < fields; i++) {
        if (elf_variable(elf, field[i].symbol, &va, &bytes) != 1)
            unfit(field[i].symbol, "is not the name of one variable");
        if (bytes != field[i].whole)
            unfit(field[i].symbol, "has another size in the kernel than in "
                                   "build/cut/fields.bin");
        field_va[i] = va + field[i].offset;
    }
}

bool
except_word(u32 va)
{
    for (unsigned i = 0; i < fields; i++)
        if (va - field_va[i] < field[i].bytes && field[i].reason[0] != 0)
            return true;
    return false;
}

u32
except_place(const char *member)
{
    for (unsigned i = 0; i < fields; i++)
        if (strcmp(field[i].member, member) == 0 && field[i].reason[0] == 0)
            return field_va[i];
    unfit(member, "is not in build/cut/fields.bin");
}

// --- frames ---

static void add_row(struct frame_row new)
{
    if ((rows & (rows - 1)) == 0) {
        row = realloc(row, (rows == 0 ? 1 : rows * 2) * sizeof(*row));
        if (row == NULL)
            abort();
    }
    row[rows++] = new;
}

// A line of readelf's: "801072f3 esp+48   c-8   c-4", the registers' places
// counted from behind the return address; or a function: "... pc=FROM..TO".
static void
read_line(const char *line)
{
    u32 pc, end, frame, place;
    int at = 0;
    const char *range = strstr(line, " pc=");
    char form;

    if (range != NULL && sscanf(range, " pc=%x..%x", &pc, &end) == 2)
        add_row((struct frame_row){.pc = end}); // sorted later
    if (sscanf(line, "%x esp+%u%n", &pc, &frame, &at) != 2 || at == 0) {
        if (sscanf(line, "%x e%c", &pc, &form) == 2)
            add_row((struct frame_row){.pc = pc}); // counted from elsewhere
        return;
    }
    struct frame_row new = {.pc = pc, .frame = frame};

    for (const char *c = line + at; (c = strstr(c, "c-")) != NULL; c += 2)
        if (sscanf(c, "c-%u", &place) == 1 && place > new.saved)
            new.saved = place;
    add_row(new);
}

// By address; where a function ends and the next one begins, the end first.
static int
in_order(const void *a, const void *b)
{
    const struct frame_row *x = a, *y = b;

    if (x->pc != y->pc)
        return x->pc < y->pc ? -1 : 1;
    return (x->frame != 0) - (y->frame != 0);
}

// What the compiler has noted for debuggers.
static void
read_frames(const char *path)
{
    char line[400], *command;

    if (asprintf(&command, "readelf --debug-dump=frames-interp %s", path) < 0)
        abort();
    FILE *file = popen(command, "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        read_line(line);
    if (file == NULL || pclose(file) != 0 || rows == 0)
        unfit(path, "readelf does not tell its frames");
    qsort(row, rows, sizeof(*row), in_order);
    free(command);
}

u32
except_alive(u32 eip, u32 esp)
{
    const struct frame_row *best = NULL;

    for (unsigned i = 0; i < rows && row[i].pc <= eip; i++)
        best = &row[i];
    if (best == NULL || best->saved < 4 || best->saved > best->frame)
        return esp;
    return esp + best->frame - best->saved;
}

// --- all ---

void
except_open(const struct elf *elf)
{
    if (fields != 0)
        return;
    read_fields();
    find_fields(elf);
    read_frames(elf_path(elf));
}

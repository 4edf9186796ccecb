// hunt_again.c -- one image of a hunt alone; and what a hunt has for its images
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/hunt_inside.h"

#define FOR_EVER_S 1e9

struct engine *
tools_machine(const struct mutant *m, bool tracing, bool gdb)
{
    char *name;

    if (asprintf(&name, "mutant-%s-%s%s", m->name, operation_name[m->operation],
                 tracing ? "-second" : "") < 0)
        abort();
    struct engine *e = engine_new(&(struct engine_options){
        .name = name, .elf = m->elf, .tracing = tracing, .gdb = gdb});

    if (!engine_on(e))
        vm_fail(e->vm, "%s", engine_fault(e));
    return e;
}

void
tools_name(struct tools *t, struct hunt *hunt, int operation)
{
    t->hunt = hunt;
    t->m = &hunt->mutant[operation];
    t->m->name = hunt->name;
    t->m->elf = hunt->elf;
    t->m->operation = (enum cut_operation)operation;
}

void
tools_open(struct tools *t, bool gdb)
{
    t->c.record = t->m->record;
    t->w.c = &t->c;
    t->w.e = tools_machine(t->m, false, gdb);
    worker_image(&t->w);
}

void
tools_close(struct tools *t)
{
    crash_free(t->w.image);
    pending_free(t->w.pending);
    engine_free(t->w.e);
    record_free(&t->m->record);
}

bool
tools_continued(const struct cut_event *e, u32 *seen)
{
    static const char line[] = "tender: continued from shutdown";

    if (e->kind == CUT_OUTPUT && line[*seen] != 0)
        *seen = (u8)line[*seen] == e->value ? *seen + 1 : 0;
    return line[*seen] == 0;
}

void
tools_recovery_path(const struct mutant *m, u64 n, char path[160])
{
    char kind[40];

    snprintf(kind, sizeof(kind), "%llu.recovery", (unsigned long long)n);
    mutant_path(m, kind, path);
}

// --- one image ---

struct cut {
    struct image_item item;
    int operation;
    unsigned long again; // events of the recovery
};

static bool
read_id(const char *id, struct cut *cut)
{
    const char *operation = strchr(id, ':');
    const char *at = operation == NULL ? NULL : strchr(operation + 1, ':');
    const char *second = strstr(id, "+m1.");
    unsigned model = 0, variant = 0;

    if (at == NULL ||
        sscanf(at, ":m%u.%u.%u", &model, &cut->item.event, &variant) < 2)
        return false;
    cut->item.model = (u16)model;
    cut->item.variant = (u16)variant;
    cut->again = second == NULL ? 0 : strtoul(second + 4, NULL, 10);
    cut->operation = 0;
    while (cut->operation < OPERATIONS &&
           strncmp(operation + 1, operation_name[cut->operation],
                   (size_t)(at - operation - 1)) != 0)
        cut->operation++;
    return cut->operation < OPERATIONS && (model == 1 || model == 2);
}

// Apply so many events of the recovery that was kept.  May the state before
// come back then?  -1: there are not so many.
static int
apply_recovery(struct tools *t, const struct cut *cut)
{
    struct cut_event e;
    u32 seen = 0;
    bool continued = false;
    char path[160];

    tools_recovery_path(t->m, cut->item.event, path);
    FILE *file = fopen(path, "rb");
    unsigned long k = 0;

    while (file != NULL && k < cut->again &&
           fread(&e, sizeof(e), 1, file) == 1) {
        crash_apply(t->w.image, &e);
        continued |= tools_continued(&e, &seen);
        k++;
    }
    if (file != NULL)
        fclose(file);
    return k < cut->again ? -1 : continued;
}

int
hunt_again(struct hunt *hunt, const char *id, bool gdb)
{
    struct tools t = {0};
    struct cut cut;

    if (!read_id(id, &cut))
        return 2;
    tools_name(&t, hunt, cut.operation);
    struct elf *elf = elf_open(hunt->elf);
    u32 build = elf_build(elf);

    elf_close(elf);
    if (!mutant_load(t.m) || t.m->record.build != build ||
        cut.item.event > t.m->record.count)
        return 2;
    tools_open(&t, gdb);
    worker_go_to(&t.w, &cut.item);
    int continued = cut.again == 0 ? 0 : apply_recovery(&t, &cut);

    if (continued < 0)
        return 2;
    bool is_right = mutant_judge(
        t.m, t.w.e, crash_try(t.w.image, t.w.e, gdb ? FOR_EVER_S : BOOT_S),
        cut.item.event < t.m->acked || continued);

    printf("%s\n%s: %s\n", engine_said(t.w.e), id,
           is_right ? "right" : t.m->why);
    tools_close(&t);
    return !is_right;
}

// mutant.c -- one kernel, perhaps broken on purpose: its record, its judge
//
// The operations, on a machine with saves 1 and 2, a program with changing pages
// that was there at save 2 and has ended since, and one that is new: save 3
// (save areas are made and given up, pages of plates change), and the shutdown
// instead of it.
#include "tests/cut/mutant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tests/cut/programs.h"

#define SECONDS 60.0
#define BOOT_S 10.0
#define KNOWN_SLOTS (1u << 18)

enum verdict { WRONG = 1, BEFORE, AFTER };

const char *const operation_name[OPERATIONS] = {"save", "shutdown"};

// --- the record ---

static u32
newest_save(const u8 *ram)
{
    const struct nv_root *root = (const void *)(ram + NV_ROOT_PA);

    return root->commit & GENERATION_MAX;
}

// A machine that is off has said enough, too.
static void
find_acknowledgement(struct mutant *m)
{
    u32 save;

    m->acked = record_acknowledged(&m->record, 0, &save);
    if (m->acked == 0)
        m->acked = m->record.count;
}

// --- kept records ---

void
mutant_path(const struct mutant *m, const char *kind, char path[160])
{
    snprintf(path, 160, "build/cut/mutants/%s.%s.%s", m->name,
             operation_name[m->operation], kind);
}

// Beside the record, what may come back.
static void
keep(const struct mutant *m)
{
    char path[160];

    mutant_path(m, "record", path);
    record_keep(&m->record, path);
    mutant_path(m, "states", path);
    FILE *file = fopen(path, "w");

    if (file == NULL ||
        fprintf(file, "%llx %llx %u\n", (unsigned long long)m->before,
                (unsigned long long)m->after, m->save) < 0) {
        fprintf(stderr, "mutants: %s cannot be written\n", path);
        exit(2);
    }
    fclose(file);
}

bool
mutant_load(struct mutant *m)
{
    unsigned long long before, after;
    char path[160];

    mutant_path(m, "states", path);
    FILE *file = fopen(path, "r");

    if (file == NULL)
        return false;
    bool whole = fscanf(file, "%llx %llx %u", &before, &after, &m->save) == 3;

    fclose(file);
    m->before = before;
    m->after = after;
    mutant_path(m, "record", path);
    if (!whole || !record_load(&m->record, path))
        return false;
    find_acknowledgement(m);
    m->known = calloc(KNOWN_SLOTS, sizeof(*m->known));
    return true;
}

// --- recording ---

static int
start_program(struct engine *e, int pages)
{
    char line[80];

    snprintf(line, sizeof(line), "run /bin/dirty %d 100000 unsaved &", pages);
    vm_command(e->vm, line);
    return vm_wait(e->vm, "pages written, not saved", SECONDS) != NULL;
}

static const char *
prepare(struct mutant *m, struct engine *e, int save)
{
    vm_expect(e->vm, "^tender> ");
    vm_command(e->vm, "occ enable");
    if (!start_program(e, 24))
        return "a program did not start";
    vm_command(e->vm, "save");
    engine_stop_at(e, save, STOP_HOLD, 0, 0);
    vm_type(e->vm, "save");
    if (engine_wait(e, SECONDS) != save)
        return "it did not come to a save";
    m->before = programs_hash(e->ram, e->bytes);
    engine_stop_at(e, save, STOP_NOTHING, 0, 0);
    engine_go(e);
    vm_prompt(e->vm);
    vm_command(e->vm, "kill %1");
    if (!start_program(e, 20))
        return "another program did not start";
    m->save = newest_save(e->ram);
    return NULL;
}

static const char *
record(struct mutant *m, struct engine *e, int save, int shutdown)
{
    int stop = m->operation == OPERATION_SAVE ? save : shutdown;
    const char *wrong = prepare(m, e, save);

    if (wrong != NULL)
        return wrong;
    if (m->operation == OPERATION_SAVE) {
        engine_stop_at(e, stop, STOP_HOLD, STOP_TRACE | STOP_RETURN, 0);
    } else {
        engine_stop_at(e, stop, STOP_HOLD, STOP_TRACE, 0);
        engine_stop_at(e, AT_OFF, STOP_HOLD, STOP_END, 0);
    }
    vm_type(e->vm, operation_name[m->operation]);
    if (engine_wait(e, SECONDS) != stop)
        return "it did not come to the operation";
    m->after = programs_hash(e->ram, e->bytes);
    int at = record_take(&m->record, e, SECONDS);

    if (at != (m->operation == OPERATION_SAVE ? AT_RETURN : AT_OFF))
        return "the operation did not end";
    find_acknowledgement(m);
    return NULL;
}

const char *
mutant_record(struct mutant *m)
{
    char name[100];

    snprintf(name, sizeof(name), "mutant-%s-%s", m->name,
             operation_name[m->operation]);
    struct engine *e = engine_new(&(struct engine_options){
        .name = name, .elf = m->elf, .tracing = true, .shift = 1});
    int save = engine_watch(e, "save");
    int shutdown = engine_watch(e, "save_shutdown");
    const char *wrong = "it did not start";

    if (!engine_on(e)) {
        printf("skipped: %s\n", engine_fault(e));
        exit(MUTANT_SKIPPED);
    }
    engine_power(e, true);
    if (engine_wait(e, SECONDS) == AT_COLD) {
        engine_go(e);
        wrong = record(m, e, save, shutdown);
    }
    engine_free(e);
    m->known = calloc(KNOWN_SLOTS, sizeof(*m->known));
    if (wrong == NULL)
        keep(m);
    return wrong;
}

// --- the judge ---

// With the line of the console that tells why, if there is one.
static void
say_where(struct mutant *m, const char *where, const char *said)
{
    static const char *const words[] = {"refused: ", "cold start", "panic"};
    const char *line = NULL;

    for (u32 i = 0; i < ARRAY_LEN(words) && line == NULL; i++)
        line = strstr(said, words[i]);
    line = line == NULL ? "" : line;
    snprintf(m->why, sizeof(m->why), "came to %s: %.*s", where,
             (int)MIN(strcspn(line, "\r\n"), 120u), line);
}

static enum verdict
verdict(struct mutant *m, struct engine *e, int at)
{
    const char *said = engine_said(e);
    const char *line = strstr(said, "tender: restored save ");
    u64 hash = programs_hash(e->ram, e->bytes);
    u32 save = 0;

    if (line != NULL && sscanf(line, "tender: restored save %u", &save) != 1)
        save = 0;
    if (at != AT_RESUME) {
        say_where(m, at == AT_TIMEOUT ? "no end" : engine_where(e, at), said);
        return WRONG;
    }
    if (line == NULL && m->operation != OPERATION_SHUTDOWN)
        snprintf(m->why, sizeof(m->why), "continued");
    else if (line == NULL || (save == m->save + 1 && hash == m->after &&
                              m->operation == OPERATION_SAVE)) {
        if (hash == m->after)
            return AFTER;
        snprintf(m->why, sizeof(m->why), "continued with other contents");
    } else {
        if (save == m->save && hash == m->before)
            return BEFORE;
        snprintf(m->why, sizeof(m->why), "restored save %u%s", save,
                 save - m->save > 1 ? "" : " with other contents");
    }
    return WRONG;
}

static bool
is_right(struct mutant *m, enum verdict v, bool may_be_before)
{
    if (v == BEFORE && !may_be_before)
        snprintf(m->why, sizeof(m->why),
                 "what was acknowledged is lost: restored save %u", m->save);
    return v == AFTER || (v == BEFORE && may_be_before);
}

bool
mutant_judge(struct mutant *m, struct engine *e, int at, bool may_be_before)
{
    return is_right(m, verdict(m, e, at), may_be_before);
}

bool
mutant_try(struct mutant *m, struct crash *image, struct engine *e,
           bool may_be_before)
{
    u64 hash = crash_hash(image) | 1;
    u32 at = (u32)(hash >> 1) % KNOWN_SLOTS;

    while (m->known[at].hash != hash && m->known[at].hash != 0)
        at = (at + 1) % KNOWN_SLOTS;
    if (m->known[at].hash == 0) {
        if (++m->knowns > KNOWN_SLOTS / 4 * 3) {
            fprintf(stderr, "mutants: more images than KNOWN_SLOTS allows\n");
            exit(2);
        }
        m->boots++;
        m->known[at].hash = hash;
        m->known[at].verdict = verdict(m, e, crash_try(image, e, BOOT_S));
    }
    return is_right(m, (enum verdict)m->known[at].verdict, may_be_before);
}

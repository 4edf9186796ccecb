// process_rights.c -- what each process has opened: the gate's rights door
#include "resources/process_rights.h"

static struct process_entry *
entry_of(const struct processes *p, rid id)
{
    return (struct process_entry *)(void *)table_get(p->table, id);
}

static rid *
find_opened(const struct processes *p, rid process, rid target)
{
    struct process_entry *entry = entry_of(p, process);

    for (u32 i = 0; entry != NULL && i < PROCESS_OPEN_LIMIT; i++)
        if (entry->opened[i] == target)
            return &entry->opened[i];
    return NULL;
}

static int
may_use(void *state, rid process, rid target)
{
    return find_opened(state, process, target) != NULL;
}

static int
open(void *state, rid process, rid target)
{
    struct processes *p = state;
    struct process_entry *entry = entry_of(p, process);

    if (entry == NULL)
        return E_ID;
    if (may_use(p, process, target))
        return 0;
    for (u32 i = 0; i < PROCESS_OPEN_LIMIT; i++)
        if (gate_entry(p->gate, entry->opened[i]) == NULL) { // free or stale
            entry->opened[i] = target;
            return 0;
        }
    return E_LIMIT;
}

static int
close(void *state, rid process, rid target)
{
    rid *opened = find_opened(state, process, target);

    if (opened == NULL)
        return E_RIGHT;
    *opened = RID_NONE;
    return 0;
}

struct rights_door
process_rights(struct processes *p)
{
    return (struct rights_door){p, may_use, open, close, NULL};
}

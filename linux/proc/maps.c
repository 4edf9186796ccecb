// maps.c -- /proc/PID/maps: the areas of an address space, as Linux prints them
#include "linux/proc/proc.h"
#include "tender/text.h"

#define NAME_COLUMN 49u

static void
add_name(struct proc_text *x, u32 line, const struct memory *m,
         const struct area *a)
{
    char name[FILE_NAME_MAX + 1];

    if (a->inode != NULL)
        proc_name_of(m->linux, a->inode, name, sizeof(name));
    else if (a->start < m->brk && a->end > m->brk_start)
        text_copy(name, "[heap]", sizeof(name));
    else if (a->end == MEMORY_END)
        text_copy(name, "[stack]", sizeof(name));
    else
        return;
    proc_pad(x, line, NAME_COLUMN);
    proc_add(x, "%s", name);
}

static void
add_map(struct proc_text *x, const struct memory *m, const struct area *a)
{
    const struct inode *inode = a->inode;
    u32 line = x->bytes;

    proc_add(x, "%08x-%08x %c%c%c%c %08x 00:%02x %u ", a->start, a->end,
             a->prot & PROT_READ ? 'r' : '-', a->prot & PROT_WRITE ? 'w' : '-',
             a->prot & PROT_EXEC ? 'x' : '-', a->flags & MAP_SHARED ? 's' : 'p',
             inode == NULL ? 0 : a->first * PAGE_SIZE,
             inode == NULL ? 0 : inode->device,
             inode == NULL ? 0 : inode->number);
    add_name(x, line, m, a);
    proc_add(x, "\n");
}

// Looking for names may wait for the disk: the process may change or go
// meanwhile, so each area is looked for by its address.
void
proc_print_maps(struct proc_text *x, const struct task *t)
{
    struct linux *l = t->linux;
    rid id = t->res.id;
    u32 from = 0;

    while ((t = task_get(l, id)) != NULL && t->memory != NULL) {
        const struct area *a = t->memory->areas;

        while (a != NULL && a->start < from)
            a = a->next;
        if (a == NULL || x->failed != 0)
            return;
        from = a->end;
        add_map(x, t->memory, a);
        if (task_breathe(task_current(l)) != 0)
            return;
    }
}

// tasked.h -- processes that only have memory, for the tests of one program
#ifndef HOST_TASKED_H
#define HOST_TASKED_H

#include <stdlib.h>
#include <string.h>

#include "linux/errno.h"
#include "pooled.h"
#include "suite.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define AT 0x20000000u
#define EXECUTIONS 8u

static struct handlers handlers;

static void
tasked_open(void)
{
    u32 bytes = table_bytes(sizeof(struct table),
                            sizeof(struct execution_entry), EXECUTIONS);

    pooled_open();
    memset(&handlers, 0, sizeof(handlers));
    pooled.executions.table = aligned_alloc(16, (bytes + 15) & ~15u);
    memset(pooled.executions.table, 0, bytes);
    table_init(pooled.executions.table, KIND_EXECUTION, sizeof(struct table),
               sizeof(struct execution_entry), EXECUTIONS);
}

static struct task *
tasked_new(const char *name)
{
    struct task *t = task_new(&lx, NULL);

    limits_begin(t);
    strcpy(t->name, name);
    t->handlers = &handlers;
    t->execution = table_add(lx.executions->table, NULL, RID_NONE)->id;
    task_execution(t)->process = t->res.id;
    ck_assert_int_eq(memory_new(&lx, &t->memory), 0);
    return t;
}

static void
tasked_run(const struct task *t)
{
    pooled.executions.current = t->execution;
}

// What it does on its way out.
static void
tasked_leave(struct task *t)
{
    struct memory *m = t->memory;

    if (m == NULL)
        return;
    t->memory = NULL;
    t->state = TASK_ZOMBIE;
    machine_load_space(pooled.layout.kernel_directory_pa);
    memory_drop(m);
}

static void
tasked_close(void)
{
    struct task *t;
    u32 i = 0;

    pooled_ck();
    while ((t = task_next(&lx, &i)) != NULL)
        tasked_leave(t);
    free(pooled.executions.table);
    pooled_ck_empty();
    pooled_close();
}

#endif

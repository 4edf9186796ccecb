// program.c -- processes of the small kernel, as far as the gate sees them
#include "program.h"

#include <check.h>

#include "tender/table.h"

static struct {
    struct table table;
    struct res res[2];
} processes;
static rid opened;

static int
control(void *state, struct call *call)
{
    (void)state;
    if (call->arg[0] != PROCESS_VSPACE || call->target != PROGRAM)
        return E_ARGUMENT;
    return (int)kernel()->vspace;
}

static int
may_use(void *state, rid process, rid target)
{
    (void)state;
    return process == STRANGER && target == opened;
}

void
program_open(void)
{
    struct kind row = {.name = "process", .table = &processes.table};
    struct booted booted;

    fake_open(KERNEL_PAGES);
    ck_assert_int_eq(kernel_boot(&booted, NV_AUTO), 0);
    processes.table = (struct table){0};
    table_init(&processes.table, KIND_PROCESS, sizeof(struct table),
               sizeof(struct res), ARRAY_LEN(processes.res));
    processes.res[0] = processes.res[1] = (struct res){0};
    ck_assert_uint_eq(table_add(&processes.table, "program", 0)->id, PROGRAM);
    ck_assert_uint_eq(table_add(&processes.table, "stranger", 0)->id, STRANGER);
    opened = RID_NONE;
    row.program[OP_CONTROL] = control;
    gate_register(&kernel()->gate, KIND_PROCESS, &row);
    kernel()->gate.rights.may_use = may_use;
}

void
program_boot(enum outcome expected)
{
    struct booted booted;

    fake_power_cut();
    if (kernel_boot(&booted, NV_AUTO) < 0)
        ck_abort_msg("%s", fake.sentence);
    ck_assert_msg(booted.decision.outcome == expected, "%s",
                  booted.decision.why);
}

int
program_call(rid caller, u32 op, rid target, word a0, word a1, word a2, word a3)
{
    struct call call = {caller, target, op, {a0, a1, a2, a3, 0}};

    return gate_call(&kernel()->gate, &call);
}

void
program_stranger_opened(rid target)
{
    opened = target;
}

void
program_ck_whole(void)
{
    const char *wrong = kernel_wrong();

    ck_assert_msg(wrong == NULL, "%s", wrong);
}

u32
program_free(void)
{
    return kernel()->rm.head->free;
}

rid
program_take_memory(u32 leave)
{
    int id = gate_create(&kernel()->gate, KIND_REGION, "hog",
                         (program_free() - leave) * PAGE_SIZE, 0, 0, 0);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

// oom.c -- when no page can be had: which process is to end for it
//
// As on Linux: the one that holds most pages, and oom_score_adj thousandths of
// all memory on top; never one merely because it asked. Processes with the same
// memory end together.
//
// Whoever asked waits, a short time after the other, as long as anybody with
// memory is on its way out: meanwhile nobody else is chosen. That ends. Whatever
// a task waits for, being made to end ends the wait, so it needs nothing that
// those who wait here may hold; and it needs no page, as it is refused here.
// What it gives back is the pool's at once, also while a save is still to come.
#include "linux/task/oom.h"

#include "linux/linux.h"
#include "tender/text.h"

#define LOOK_US 10000u

static int
has_memory(const struct task *t)
{
    // One that is being made has no execution yet.
    return task_alive(t) && t->memory != NULL && t->execution != RID_NONE;
}

static int
somebody_ends(const struct linux *l)
{
    const struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->ending && has_memory(t))
            return 1;
    return 0;
}

static int
may_be_chosen(const struct task *t)
{
    // After a vfork it is the parent's memory.
    return has_memory(t) && !t->vfork && task_leader(t)->oom_adj != OOM_ADJ_MIN;
}

static int
points(const struct task *t)
{
    int frames = (int)t->linux->vs->rm->head->frames;

    return (int)memory_pages(t->memory) +
           frames * task_leader(t)->oom_adj / OOM_ADJ_MAX;
}

// Of those with as many points the newest.
static struct task *
choose(const struct linux *l)
{
    struct task *best = NULL;
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        if (!may_be_chosen(t))
            continue;
        if (best == NULL || points(t) > points(best) ||
            (points(t) == points(best) && t->start_us > best->start_us))
            best = t;
    }
    return best;
}

static void
end_all_with(struct linux *l, const struct memory *m)
{
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->memory == m && task_alive(t))
            task_end_process(t, (int)SIGKILL);
}

int
oom_make_room(struct linux *l)
{
    struct task *t = task_current(l);

    if (t == NULL || t->ending)
        return 0;
    if (!somebody_ends(l)) {
        const struct task *victim = choose(l);

        if (victim == NULL)
            return 0;
        say("tender: linux: out of memory: %s (process %u, %u pages) killed\n",
            victim->name, victim->pid, memory_pages(victim->memory));
        end_all_with(l, victim->memory);
    }
    if (t->ending)
        return 0;
    task_wait_killable(t, &l->memories, LOOK_US);
    return !t->ending;
}

// queue.c -- real-time signals of one number, one behind the other
//
// The first of a number lies in info[], as of all signals; those that came while
// it was pending lie here, in the order in which they came.
#include "linux/signal/queue.h"

#include "linux/errno.h"
#include "linux/linux.h"

#define REALTIME_FIRST 32u
#define QUEUED_MOST 4096u // of a user, whatever the limit says

struct queued {
    struct queued *next;
    u32 shared; // for any thread of the process
    struct signal_info info;
};

static u32
count_bits(u64 set)
{
    u32 count = 0;

    for (; set != 0; set &= set - 1)
        count++;
    return count;
}

// Signals that are pending for a user's processes.
static u32
pending_of(const struct linux *l, u32 uid)
{
    const struct task *t;
    u32 count = 0;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        if (t->uid != uid)
            continue;
        count += count_bits(t->pending) + count_bits(t->shared);
        for (const struct queued *q = t->queue; q != NULL; q = q->next)
            count++;
    }
    return count;
}

// May another signal be pending for the task's user?
static int
has_room(const struct task *in)
{
    u64 most = limit_of(in, RLIMIT_SIGPENDING);

    return pending_of(in->linux, in->uid) < MIN(most, (u64)QUEUED_MOST);
}

static int
add(struct task *in, int shared, const struct signal_info *info)
{
    struct queued **link = &in->queue;
    struct queued *q = heap_new(&in->linux->heap, sizeof(*q));

    if (q == NULL)
        return -EAGAIN;
    q->shared = shared != 0;
    q->info = *info;
    while (*link != NULL)
        link = &(*link)->next;
    *link = q;
    return 0;
}

// Who used kill() is not told that there is no room, as on Linux.
int
signal_keep(u64 *pending, struct task *in, u32 number,
            const struct signal_info *info)
{
    struct signal_info made = {.code = SI_KERNEL};
    int is_pending = (*pending & SIGNAL_BIT(number)) != 0;

    if (is_pending && number < REALTIME_FIRST)
        return 0;
    if (info != NULL)
        made = *info;
    made.number = number;
    if (number >= REALTIME_FIRST && !has_room(in) &&
        (is_pending || made.code != SI_USER))
        return made.code == SI_USER ? 0 : -EAGAIN;
    if (is_pending)
        return add(in, pending == &in->shared, &made);
    *pending |= SIGNAL_BIT(number);
    in->info[number] = made;
    return 0;
}

static void
take_out(struct task *in, struct queued **link)
{
    struct queued *q = *link;

    *link = q->next;
    heap_free(&in->linux->heap, q, sizeof(*q));
}

int
queue_next(struct task *in, int shared, u32 number, struct signal_info *info)
{
    struct queued **link = &in->queue;

    while (*link != NULL &&
           ((*link)->info.number != number || (*link)->shared != (shared != 0)))
        link = &(*link)->next;
    if (*link == NULL)
        return 0;
    *info = (*link)->info;
    take_out(in, link);
    return 1;
}

void
queue_forget(struct task *in, u64 own, u64 shared)
{
    struct queued **link = &in->queue;

    while (*link != NULL) {
        u64 which = (*link)->shared ? shared : own;

        if ((which & SIGNAL_BIT((*link)->info.number)) != 0)
            take_out(in, link);
        else
            link = &(*link)->next;
    }
}

void
queue_hand_on(struct task *from, struct task *to)
{
    struct queued **link = &to->queue;

    while (*link != NULL)
        link = &(*link)->next;
    *link = from->queue;
    from->queue = NULL;
}

// lock.c -- locks of files
//
// The locks of one owner on an inode do not overlap. A change first makes the
// two objects it may need, then cuts what the owner has in the range, then
// adds the new one: so it fails before it does anything, or not at all.
//
// They are in no order and are not merged; programs have few.
#include "linux/file/lock.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

static int
overlap(const struct lock *a, const struct lock *b)
{
    return a->start < b->end && b->start < a->end;
}

const struct lock *
lock_conflict(const struct inode *inode, const struct lock *wanted)
{
    for (const struct lock *at = inode->locks; at != NULL; at = at->next)
        if (at->owner != wanted->owner && at->whole == wanted->whole &&
            overlap(at, wanted) &&
            (at->type == LOCK_WRITE || wanted->type == LOCK_WRITE))
            return at;
    return NULL;
}

static void
free_lock(struct inode *inode, struct lock *lock)
{
    if (lock != NULL)
        heap_free(&inode->linux->heap, lock, sizeof(*lock));
}

// The owner has nothing in the range any more. spare: for the second half of a
// lock that is cut in two; used up if so.
static void
clear_range(struct inode *inode, const struct lock *range, struct lock **spare)
{
    struct lock **link = &inode->locks;

    while (*link != NULL) {
        struct lock *at = *link;

        if (at->owner != range->owner || !overlap(at, range)) {
            link = &at->next;
        } else if (at->start < range->start && at->end > range->end) {
            struct lock *half = *spare;

            *spare = NULL; // only one lock can be around the range
            *half = *at;
            half->start = range->end;
            at->end = range->start;
            at->next = half;
            return;
        } else if (at->start < range->start) {
            at->end = range->start;
            link = &at->next;
        } else if (at->end > range->end) {
            at->start = range->end;
            link = &at->next;
        } else {
            *link = at->next;
            free_lock(inode, at);
        }
    }
}

static int
change(struct inode *inode, const struct lock *wanted)
{
    struct heap *heap = &inode->linux->heap;
    struct lock *new = heap_new(heap, sizeof(*new));
    struct lock *spare = heap_new(heap, sizeof(*spare));

    if (new == NULL || spare == NULL) {
        free_lock(inode, new);
        free_lock(inode, spare);
        return -ENOMEM;
    }
    clear_range(inode, wanted, &spare);
    free_lock(inode, spare);
    if (wanted->type == LOCK_NONE) {
        free_lock(inode, new);
    } else {
        *new = *wanted;
        new->next = inode->locks;
        inode->locks = new;
    }
    task_wake(inode->linux, &inode->locks, ~0u);
    return 0;
}

// Does the blocker wait, in the end, for the owner?
static int
is_circle(const struct linux *l, const void *owner, const void *blocker)
{
    for (u32 steps = 0; steps < TASKS_MAX; steps++) {
        const struct lock_wait *at = l->lock_waits;

        while (at != NULL && at->owner != blocker)
            at = at->next;
        if (at == NULL)
            return 0;
        blocker = at->blocker;
        if (blocker == owner)
            return 1;
    }
    return 0;
}

static void
forget_wait(struct linux *l, const struct lock_wait *wait)
{
    struct lock_wait **link = &l->lock_waits;

    while (*link != wait)
        link = &(*link)->next;
    *link = wait->next;
}

static int
wait_for(struct task *t, struct inode *inode, const struct lock *wanted,
         const void *blocker)
{
    struct lock_wait wait = {t->linux->lock_waits, wanted->owner, blocker};

    if (!wanted->whole && is_circle(t->linux, wanted->owner, blocker))
        return -EDEADLK;
    t->linux->lock_waits = &wait;
    int err = task_wait(t, &inode->locks, 0);

    forget_wait(t->linux, &wait);
    return err;
}

int
lock_set(struct task *t, struct inode *inode, const struct lock *wanted,
         int wait)
{
    const struct lock *other;
    int err = 0;

    while (err == 0 && wanted->type != LOCK_NONE &&
           (other = lock_conflict(inode, wanted)) != NULL)
        err = wait ? wait_for(t, inode, wanted, other->owner) : -EAGAIN;
    return err < 0 ? err : change(inode, wanted);
}

void
lock_forget(struct inode *inode, const void *owner)
{
    struct lock range = {.owner = owner, .start = 0, .end = LOCK_END};
    struct lock *none = NULL;

    if (inode->locks == NULL)
        return;
    clear_range(inode, &range, &none);
    task_wake(inode->linux, &inode->locks, ~0u);
}

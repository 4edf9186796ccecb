// epoll.c -- epolls as files, and the calls about them
#include "linux/calls.h"
#include "linux/stream/epoll.h"
#include "linux/errno.h"

#define TOLD_MOST 32u // by one call; the rest by the next

enum { EPOLL_ADD = 1, EPOLL_DELETE, EPOLL_MODIFY };

static u32
poll(struct file *f)
{
    struct epoll *e = f->state;

    epoll_walk_begin(f->linux);
    if (!epoll_asked(f->linux, e))
        for (const struct epoll_item *i = e->items; i != NULL && e->answer == 0;
             i = i->next)
            e->answer = epoll_ready(i) != 0 ? POLLIN : 0;
    epoll_walk_end(f->linux);
    return e->answer;
}

static void
release(struct file *f)
{
    struct linux *l = f->linux;
    struct epoll *e = f->state;
    struct epoll **at = &l->epolls;

    while (e->items != NULL)
        epoll_remove(l, e, e->items);
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    heap_free(&l->heap, e, sizeof(*e));
}

const struct file_ops epoll_ops = {.poll = poll, .release = release};

static int
make(struct task *t, u32 flags)
{
    struct linux *l = t->linux;
    struct epoll *e = heap_new(&l->heap, sizeof(*e));
    int result;

    if (e == NULL)
        return -ENOMEM;
    e->next = l->epolls;
    l->epolls = e;
    result = file_nameless(t, &epoll_ops, flags, e);
    if (result < 0) {
        l->epolls = e->next;
        heap_free(&l->heap, e, sizeof(*e));
    }
    return result;
}

int
sys_epoll_create(struct task *t, const u32 *a)
{
    return (int)a[0] <= 0 ? -EINVAL : make(t, 0);
}

int
sys_epoll_create1(struct task *t, const u32 *a)
{
    return a[0] & ~O_CLOEXEC ? -EINVAL : make(t, a[0]);
}

static int
change(struct task *t, struct epoll *e, u32 how, u32 descriptor,
       const struct epoll_event *event)
{
    struct file *f = files_get(t->files, descriptor);
    struct epoll_item *item;

    if (f == NULL)
        return -EBADF;
    if (f->ops->poll == NULL)
        return -EPERM;
    if (f->state == e && f->ops == &epoll_ops)
        return -EINVAL;
    item = epoll_find(e, f, descriptor);
    if (how == EPOLL_ADD)
        return item != NULL ? -EEXIST
                            : epoll_add(t->linux, e, f, descriptor, event);
    if (item == NULL)
        return how == EPOLL_DELETE || how == EPOLL_MODIFY ? -ENOENT : -EINVAL;
    if (how == EPOLL_DELETE)
        epoll_remove(t->linux, e, item);
    else if (how == EPOLL_MODIFY)
        epoll_set(item, event);
    else
        return -EINVAL;
    return 0;
}

int
sys_epoll_ctl(struct task *t, const u32 *a)
{
    struct epoll_event event = {0, {0, 0}};
    struct file *f;
    int err;

    if (a[1] != EPOLL_DELETE &&
        memory_in(t->memory, &event, a[3], sizeof(event)) < 0)
        return -EFAULT;
    f = files_get(t->files, a[0]);
    if (f == NULL)
        return -EBADF;
    if (f->ops != &epoll_ops)
        return -EINVAL;
    err = change(t, f->state, a[1], a[2], &event);
    if (err == 0)
        file_wake(t->linux); // who waits looks at the new set
    return err;
}

// Collect what is to be told, in the order in which it has waited.
static u32
collect(struct epoll *e, struct epoll_event *told, u32 most)
{
    struct epoll_item *item = e->items;
    u32 items = 0;
    u32 count = 0;

    for (struct epoll_item *i = e->items; i != NULL; i = i->next)
        items++;
    for (; items > 0 && count < most; items--) {
        struct epoll_item *next = item->next;
        u32 events = epoll_ready(item);

        if (events != 0) {
            told[count++] =
                (struct epoll_event){events, {item->data[0], item->data[1]}};
            epoll_told(e, item, events);
        } else if (item->events & EPOLLET) {
            item->told &= file_poll(item->file, item->events); // it went away
        }
        item = next;
    }
    return count;
}

static int
wait(struct task *t, struct file *f, u32 address, u32 most,
     const struct poll_limit *limit)
{
    struct epoll_event told[TOLD_MOST];
    u32 count = 0;
    int err = 0;

    while (err == 0) {
        epoll_walk_begin(t->linux);
        count = collect(f->state, told, MIN(most, TOLD_MOST));
        epoll_walk_end(t->linux);
        if (count > 0)
            break;
        err = poll_wait(t, limit);
    }
    if (err < 0)
        return err == -ERESTART ? -EINTR : err;
    err = memory_out(t->memory, address, told, count * (u32)sizeof(told[0]));
    return err < 0 ? err : (int)count;
}

int
sys_epoll_wait(struct task *t, const u32 *a)
{
    struct poll_limit limit = poll_limit_ms(t, (int)a[3]);
    struct file *f = files_get(t->files, a[0]);
    int result;

    if ((int)a[2] <= 0)
        return -EINVAL;
    if (f == NULL)
        return -EBADF;
    if (f->ops != &epoll_ops)
        return -EINVAL;
    file_hold(f);
    result = wait(t, f, a[1], a[2], &limit);
    file_drop(f);
    return result;
}

int
sys_epoll_pwait(struct task *t, const u32 *a)
{
    int result = poll_mask_begin(t, a[4], a[5]);

    if (result == 0)
        result = sys_epoll_wait(t, a);
    return poll_mask_end(t, result);
}

// epoll.c -- the items of epolls
//
// Level-triggered: told while it holds. Edge-triggered: told when it holds and
// something came or went (file_ops.version) since it was told, or when more
// holds than was told.
#include "linux/stream/epoll.h"

#include "linux/errno.h"
#include "linux/linux.h"

#define FLAGS (EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)

static u32
version_of(struct file *f)
{
    return f->ops->version == NULL ? 0 : f->ops->version(f);
}

u32
epoll_ready(const struct epoll_item *item)
{
    u32 now;

    if ((item->events & ~FLAGS) == 0)
        return 0;
    now = file_poll(item->file, item->events & ~FLAGS);
    if ((item->events & EPOLLET) && (now & ~item->told) == 0 &&
        version_of(item->file) == item->version)
        return 0;
    return now;
}

static struct epoll_item **
place_of(struct epoll *e, const struct epoll_item *item)
{
    struct epoll_item **at = &e->items;

    while (*at != NULL && *at != item)
        at = &(*at)->next;
    return at;
}

static void
append(struct epoll *e, struct epoll_item *item)
{
    item->next = NULL;
    *place_of(e, NULL) = item;
}

void
epoll_told(struct epoll *e, struct epoll_item *item, u32 events)
{
    item->told = events;
    item->version = version_of(item->file);
    if (item->events & EPOLLONESHOT)
        item->events &= FLAGS;
    *place_of(e, item) = item->next; // others come first next time
    append(e, item);
}

// --- epolls in epolls ---

void
epoll_walk_begin(struct linux *l)
{
    if (l->epoll_walks++ == 0)
        l->epoll_walk++;
}

void
epoll_walk_end(struct linux *l)
{
    l->epoll_walks--;
}

int
epoll_asked(struct linux *l, struct epoll *e)
{
    if (e->walk == l->epoll_walk)
        return 1;
    e->walk = l->epoll_walk;
    e->answer = 0;
    return 0;
}

// How deep epolls lie in each other below this file; within a walk.
static u32
depth(const struct file *f)
{
    struct epoll *e = f->state;

    if (f->ops != &epoll_ops)
        return 0;
    if (epoll_asked(f->linux, e))
        return e->answer;
    for (const struct epoll_item *i = e->items; i != NULL; i = i->next)
        e->answer = MAX(e->answer, depth(i->file));
    return ++e->answer;
}

// The same above an epoll.
static u32
height(struct linux *l, struct epoll *e)
{
    if (epoll_asked(l, e))
        return e->answer;
    for (struct epoll *up = l->epolls; up != NULL; up = up->next)
        for (const struct epoll_item *i = up->items; i != NULL; i = i->next)
            if (i->file->ops == &epoll_ops && i->file->state == e) {
                e->answer = MAX(e->answer, height(l, up));
                break;
            }
    return ++e->answer;
}

// May an epoll watch another? Not in a circle, nor too deep.
static int
may_watch(struct linux *l, struct epoll *e, const struct file *f)
{
    epoll_walk_begin(l);
    u32 levels = depth(f);
    int circle = e->walk == l->epoll_walk; // it was come by on the way down

    epoll_walk_end(l);
    epoll_walk_begin(l);
    levels += height(l, e);
    epoll_walk_end(l);
    return !circle && levels <= EPOLL_DEPTH;
}

void
epoll_set(struct epoll_item *item, const struct epoll_event *event)
{
    item->events = event->events;
    item->data[0] = event->data[0];
    item->data[1] = event->data[1];
    item->told = 0;
    item->version = version_of(item->file);
}

int
epoll_add(struct linux *l, struct epoll *e, struct file *f, u32 descriptor,
          const struct epoll_event *event)
{
    struct epoll_item *item;

    if (f->ops == &epoll_ops && !may_watch(l, e, f))
        return -ELOOP;
    item = heap_new(&l->heap, sizeof(*item));
    if (item == NULL)
        return -ENOMEM;
    item->file = f;
    item->descriptor = descriptor;
    f->watchers++;
    epoll_set(item, event);
    append(e, item);
    return 0;
}

struct epoll_item *
epoll_find(const struct epoll *e, const struct file *f, u32 descriptor)
{
    for (struct epoll_item *i = e->items; i != NULL; i = i->next)
        if (i->file == f && i->descriptor == descriptor)
            return i;
    return NULL;
}

void
epoll_remove(struct linux *l, struct epoll *e, struct epoll_item *item)
{
    *place_of(e, item) = item->next;
    item->file->watchers--;
    heap_free(&l->heap, item, sizeof(*item));
}

void
epoll_forget(struct file *f)
{
    struct linux *l = f->linux;

    for (struct epoll *e = l->epolls; e != NULL; e = e->next)
        for (struct epoll_item *next, *i = e->items; i != NULL; i = next) {
            next = i->next;
            if (i->file == f)
                epoll_remove(l, e, i);
        }
}

// epoll.h -- sets of files that are waited for
//
//   E1  an item's file is open and counts it among its watchers
//   E2  no epoll is reached from itself
//
// Many may watch the same ones, on several levels: there are far more ways down
// than epolls. So each answers once in a walk, during which nobody waits.
#ifndef LINUX_EPOLL_H
#define LINUX_EPOLL_H

#include "linux/stream/poll.h"

#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLWAKEUP (1u << 29)
#define EPOLLONESHOT (1u << 30)
#define EPOLLET (1u << 31)

#define EPOLL_DEPTH 5u // epolls in epolls

struct epoll_event {
    u32 events;
    u32 data[2];
};

struct epoll_item {
    struct epoll_item *next;
    struct file *file;
    u32 descriptor; // under which it was added
    u32 events;     // 0 besides the flags: fired once
    u32 data[2];
    u32 told;    // what was told last, for edges,
    u32 version; // and when
};

struct epoll {
    struct epoll *next;       // all of them
    struct epoll_item *items; // who has waited longest comes first
    u32 walk, answer;         // the walk it was asked in, and what it said
};

// Around whatever asks several files; walks in walks are one.
void epoll_walk_begin(struct linux *l);
void epoll_walk_end(struct linux *l);
// Was it asked in this walk? Its answer then; else it is now.
int epoll_asked(struct linux *l, struct epoll *e);

// What of the item is to be told now.
u32 epoll_ready(const struct epoll_item *item);
// It has been told: edges and what fires once.
void epoll_told(struct epoll *e, struct epoll_item *item, u32 events);

int epoll_add(struct linux *l, struct epoll *e, struct file *f, u32 descriptor,
              const struct epoll_event *event);
struct epoll_item *
epoll_find(const struct epoll *e, const struct file *f, u32 descriptor);
void epoll_set(struct epoll_item *item, const struct epoll_event *event);
void epoll_remove(struct linux *l, struct epoll *e, struct epoll_item *item);

#endif

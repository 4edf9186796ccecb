// poll.c -- pipe and poll
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/stream/epoll.h"
#include "linux/stream/pipe.h"

struct pollfd {
    int descriptor;
    u16 wanted, got;
};

// --- pipes ---

static int
make_pipe(struct task *t, u32 address, u32 flags)
{
    struct file *end[2];
    int on_exec = (flags & O_CLOEXEC) != 0;
    int result[2];
    int err;

    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return -EINVAL;
    err = pipe_new(t->linux, flags & O_NONBLOCK, end);
    if (err < 0)
        return err;
    result[0] = files_add(t->files, end[0], 0, on_exec);
    if (result[0] < 0) {
        file_drop(end[0]);
        file_drop(end[1]);
        return result[0];
    }
    result[1] = files_add(t->files, end[1], 0, on_exec);
    err = result[1];
    if (err < 0)
        file_drop(end[1]);
    else
        err = memory_out(t->memory, address, result, sizeof(result));
    if (err >= 0)
        return 0;
    files_close(t->files, (u32)result[0]);
    if (result[1] >= 0)
        files_close(t->files, (u32)result[1]);
    return err;
}

int
sys_pipe(struct task *t, const u32 *a)
{
    return make_pipe(t, a[0], 0);
}

int
sys_pipe2(struct task *t, const u32 *a)
{
    return make_pipe(t, a[0], a[1]);
}

// --- poll ---

#define PIECE 256u // entries that fit an object of the heap

struct poll_list {
    u32 count;
    struct pollfd *piece[DESCRIPTORS_MAX / PIECE];
};

static u32
piece_count(const struct poll_list *list, u32 piece)
{
    return MIN(list->count - piece * PIECE, PIECE);
}

static struct pollfd *
entry_of(const struct poll_list *list, u32 i)
{
    return &list->piece[i / PIECE][i % PIECE];
}

static void
forget(struct heap *heap, struct poll_list *list)
{
    for (u32 i = 0; i * PIECE < list->count; i++)
        if (list->piece[i] != NULL)
            heap_free(heap, list->piece[i],
                      piece_count(list, i) * (u32)sizeof(struct pollfd));
}

static int
fetch(struct task *t, struct poll_list *list, u32 address)
{
    int err = 0;

    for (u32 i = 0; i * PIECE < list->count && err == 0; i++) {
        u32 bytes = piece_count(list, i) * (u32)sizeof(struct pollfd);

        list->piece[i] = heap_new(&t->linux->heap, bytes);
        err = list->piece[i] == NULL
                  ? -ENOMEM
                  : memory_in(t->memory, list->piece[i], address, bytes);
        address += bytes;
    }
    return err;
}

// How many of them have something to tell.
static int
look(struct task *t, const struct poll_list *list)
{
    int found = 0;

    for (u32 i = 0; i < list->count; i++) {
        struct pollfd *p = entry_of(list, i);
        struct file *f;

        p->got = 0;
        if (p->descriptor < 0)
            continue;
        f = files_get(t->files, (u32)p->descriptor);
        p->got = (u16)(f == NULL ? POLLNVAL : file_poll(f, p->wanted));
        found += p->got != 0;
    }
    return found;
}

// Only the answers go back: what was asked stays the program's.
static int
put_answers(struct task *t, u32 address, const struct poll_list *list)
{
    for (u32 i = 0; i < list->count; i++) {
        const struct pollfd *p = entry_of(list, i);
        int err = memory_out(t->memory, address + i * sizeof(*p) + 6, &p->got,
                             sizeof(p->got));

        if (err < 0)
            return err;
    }
    return 0;
}

static int
poll(struct task *t, u32 address, u32 count, const struct poll_limit *limit)
{
    struct poll_list list = {.count = count};
    int found = 0;
    int err;

    if (count > DESCRIPTORS_MAX)
        return -EINVAL;
    err = fetch(t, &list, address);
    while (err == 0) {
        epoll_walk_begin(t->linux);
        found = look(t, &list);
        epoll_walk_end(t->linux);
        if (found > 0)
            break;
        err = poll_wait(t, limit);
    }
    if (err >= 0)
        err = put_answers(t, address, &list);
    forget(&t->linux->heap, &list);
    return err < 0 ? err : found;
}

int
sys_poll(struct task *t, const u32 *a)
{
    struct poll_limit limit = poll_limit_ms(t, (int)a[2]);
    int result = poll(t, a[0], a[1], &limit);

    return result == -ERESTART ? -ERESTART_NO_HANDLER : result;
}

static int
poll_masked(struct task *t, const u32 *a, enum time_form form)
{
    struct poll_limit limit;
    int result = poll_limit_in(t, a[2], form, &limit);

    if (result == 0)
        result = poll_mask_begin(t, a[3], a[4]);
    if (result < 0)
        return result;
    result = poll(t, a[0], a[1], &limit);
    poll_limit_out(t, a[2], form, &limit);
    if (result == -ERESTART)
        result = -ERESTART_NO_HANDLER;
    return poll_mask_end(t, result);
}

int
sys_ppoll(struct task *t, const u32 *a)
{
    return poll_masked(t, a, TIME_NS);
}

int
sys_ppoll_time64(struct task *t, const u32 *a)
{
    return poll_masked(t, a, TIME_NS64);
}

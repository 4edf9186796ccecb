// test_linux_pipe.c -- are pipes, poll, select, epoll and eventfd as Linux has them?
#include "linux/stream/pipe.h"

#include "linux/calls.h"
#include "linux/stream/epoll.h"
#include <time.h>

#include "linux_fake.h"

#define DATA (USER_AT + 0x1000)

static struct file *table[DESCRIPTORS_MAX];
static struct files files = {.file = table};
static int (*others_act)(void);

// --- what pipes ask of the tree and the descriptors ---

static void
free_inode(struct inode *inode)
{
    free(inode);
}

static const struct inode_ops nameless_ops = {.release = free_inode};

int
tree_nameless(struct linux *l, u32 mode, struct inode **result)
{
    struct inode *inode = calloc(1, sizeof(*inode));

    inode->linux = l;
    inode->ops = &nameless_ops;
    inode->refs = 1;
    inode->mode = mode;
    *result = inode;
    return 0;
}

struct file *
files_get(const struct files *from, u32 descriptor)
{
    return descriptor < DESCRIPTORS_MAX ? from->file[descriptor] : NULL;
}

int
files_add(struct files *to, struct file *f, u32 from, int close_on_exec)
{
    for (u32 i = from; i < DESCRIPTORS_MAX; i++)
        if (to->file[i] == NULL) {
            to->file[i] = f;
            to->close_on_exec[i] = (u8)close_on_exec;
            return (int)i;
        }
    return -EMFILE;
}

int
files_close(struct files *from, u32 descriptor)
{
    struct file *f = files_get(from, descriptor);

    if (f == NULL)
        return -EBADF;
    from->file[descriptor] = NULL;
    file_drop(f);
    return 0;
}

// --- helpers ---

static int
act(void)
{
    int (*now)(void) = others_act;

    others_act = NULL;
    return now != NULL && now();
}

static void
open_world(void)
{
    world_open();
    fake.now_us = 1000;
    memset(table, 0, sizeof(table));
    memset(files.close_on_exec, 0, sizeof(files.close_on_exec));
    world.task->files = &files;
    world.while_waiting = act;
    others_act = NULL;
}

static void
close_world(void)
{
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        if (files.file[i] != NULL)
            files_close(&files, i);
    ck_assert_uint_eq(world.pages, 0); // nothing is left behind
    world_close();
}

static void
put_word(u32 at, u32 value)
{
    memcpy(world.user + (at - USER_AT), &value, 4);
}

static u32
get_word(u32 at)
{
    u32 value;

    memcpy(&value, world.user + (at - USER_AT), 4);
    return value;
}

static int
call(linux_program *program, u32 a0, u32 a1, u32 a2, u32 a3)
{
    const u32 a[6] = {a0, a1, a2, a3, 0, 0};

    world.task->sleep_until_us = 0;
    return program(world.task, a);
}

static int
transfer(u32 descriptor, int writing, u32 bytes)
{
    struct file *f = files.file[descriptor];
    struct buffer b = {world.task->memory, DATA};

    return writing ? f->ops->write(world.task, f, &b, bytes, NULL)
                   : f->ops->read(world.task, f, &b, bytes, NULL);
}

static void
make_pipe(void)
{
    ck_assert_int_eq(call(sys_pipe, USER_AT, 0, 0, 0), 0);
    ck_assert_uint_eq(get_word(USER_AT), 0);
    ck_assert_uint_eq(get_word(USER_AT + 4), 1);
}

static void
ck_pipe(void)
{
    ck_assert_ptr_null(pipe_check(files.file[0]->inode->pipe));
}

// --- pipes ---

// Every length and every place in the ring: what comes out is what went in.
START_TEST(carries)
{
    u8 in = 0;
    u8 out = 0;

    make_pipe();
    for (u32 n = 1; n < 60000; n = n * 3 / 2 + 7) {
        for (u32 i = 0; i < n; i++)
            world.user[DATA - USER_AT + i] = (char)in++;
        ck_assert_int_eq(transfer(1, 1, n), (int)n);
        ck_pipe();
        memset(world.user, 0, sizeof(world.user));
        ck_assert_int_eq(transfer(0, 0, n + 5), (int)n);
        ck_pipe();
        for (u32 i = 0; i < n; i++)
            ck_assert_int_eq((u8)world.user[DATA - USER_AT + i], out++);
        ck_assert_uint_eq(world.pages, 0);
    }
}
END_TEST

static int
drain(void)
{
    return transfer(0, 0, 1000) > 0;
}

START_TEST(fills)
{
    make_pipe();
    files.file[1]->flags |= O_NONBLOCK;
    ck_assert_int_eq(transfer(1, 1, 0x20000), (int)PIPE_BYTES);
    ck_assert_int_eq(transfer(1, 1, 1), -EAGAIN);
    ck_assert_uint_eq(file_poll(files.file[1], POLLOUT), 0);
    ck_assert_int_eq(transfer(0, 0, 4000), 4000);
    ck_assert_int_eq(transfer(1, 1, 4096), -EAGAIN); // whole or not at all
    ck_assert_int_eq(transfer(1, 1, 4000), 4000);
    ck_assert_int_eq(transfer(0, 0, 100), 100);
    ck_assert_int_eq(transfer(1, 1, 5000), 100); // more than atomic: a part
    files.file[1]->flags &= ~O_NONBLOCK;
    others_act = drain;
    ck_assert_int_eq(transfer(1, 1, 500), 500);
    ck_assert_int_eq(transfer(1, 1, 5000), 500); // then a signal came
    ck_assert_int_eq(transfer(1, 1, 10), -ERESTART);
    ck_pipe();
}
END_TEST

static int
close_writer(void)
{
    return files_close(&files, 1) == 0;
}

START_TEST(ends)
{
    make_pipe();
    ck_assert_int_eq(transfer(1, 1, 5), 5);
    ck_assert_int_eq(transfer(0, 0, 9), 5);
    files.file[0]->flags |= O_NONBLOCK;
    ck_assert_int_eq(transfer(0, 0, 9), -EAGAIN);
    files.file[0]->flags &= ~O_NONBLOCK;
    others_act = close_writer;
    ck_assert_int_eq(transfer(0, 0, 9), 0);
    ck_assert_uint_eq(file_poll(files.file[0], POLLIN), POLLHUP);
    files_close(&files, 0);
    make_pipe();
    files_close(&files, 0);
    ck_assert_uint_eq(file_poll(files.file[1], POLLOUT), POLLOUT | POLLERR);
    ck_assert_int_eq(transfer(1, 1, 5), -EPIPE);
    ck_assert_uint_eq(world.signal, SIGPIPE);
}
END_TEST

// A bad address takes nothing and gives nothing.
START_TEST(refuses)
{
    struct buffer bad = {world.task->memory, USER_AT + USER_BYTES - 10};
    struct file *f;

    make_pipe();
    f = files.file[1];
    ck_assert_int_eq(f->ops->write(world.task, f, &bad, 100, NULL), -EFAULT);
    ck_assert_uint_eq(world.pages, 0);
    ck_assert_int_eq(transfer(1, 1, 100), 100);
    bad.address = 16;
    f = files.file[0];
    ck_assert_int_eq(f->ops->read(world.task, f, &bad, 100, NULL), -EFAULT);
    ck_assert_int_eq(transfer(0, 0, 200), 100);
    ck_assert_int_eq(call(sys_pipe2, USER_AT, 1, 0, 0), -EINVAL);
    ck_assert_int_eq(call(sys_pipe, 16, 0, 0, 0), -EFAULT);
    ck_assert_ptr_null(files.file[2]);
    for (u32 i = 1; i < 40; i++)
        pool_used[i] = 1;
    ck_assert_int_eq(transfer(1, 1, 100), -ENOMEM);
    memset(pool_used, 0, sizeof(pool_used));
}
END_TEST

// --- FIFOs ---

static struct inode fifo;

static int
open_fifo(u32 flags)
{
    struct file *f = file_new(world.linux, &pipe_ops, flags, &fifo, NULL);
    int err = pipe_ops.open(world.task, f);

    if (err == 0)
        return files_add(&files, f, 0, 0);
    fifo.refs--;
    free(f);
    return err;
}

static int
write_and_close(void)
{
    int descriptor = open_fifo(O_WRONLY | O_NONBLOCK);

    return transfer((u32)descriptor, 1, 3) == 3 &&
           files_close(&files, (u32)descriptor) == 0;
}

START_TEST(fifos)
{
    fifo = (struct inode){
        .linux = world.linux, .ops = &nameless_ops, .refs = 1, .mode = S_IFIFO};
    // Without a name, through /proc: nobody is waited for.
    ck_assert_int_eq(open_fifo(0), 0);
    ck_assert_int_eq(transfer(0, 0, 9), 0);
    ck_assert_int_eq(files_close(&files, 0), 0);
    fifo.links = 1;
    ck_assert_int_eq(open_fifo(O_WRONLY | O_NONBLOCK), -ENXIO);
    ck_assert_int_eq(open_fifo(0), -ERESTART);
    ck_assert_ptr_null(fifo.pipe);
    // A writer that came and went in the meantime lets the reader go on.
    others_act = write_and_close;
    ck_assert_int_eq(open_fifo(0), 0);
    ck_assert_int_eq(transfer(0, 0, 9), 3);
    ck_assert_int_eq(transfer(0, 0, 9), 0);
    files_close(&files, 0);
    ck_assert_int_eq(open_fifo(O_NONBLOCK), 0);
    ck_assert_uint_eq(file_poll(files.file[0], POLLIN), 0); // not hung up
    ck_assert_int_eq(open_fifo(O_WRONLY), 1);
    files_close(&files, 1);
    ck_assert_uint_eq(file_poll(files.file[0], POLLIN), POLLHUP);
    files_close(&files, 0);
    ck_assert_int_eq(open_fifo(O_RDWR), 0);
    files_close(&files, 0);
    ck_assert_ptr_null(fifo.pipe);
}
END_TEST

// --- poll and select ---

static void
put_pollfd(u32 index, u32 descriptor, u32 events)
{
    put_word(USER_AT + 64 + index * 8, descriptor);
    put_word(USER_AT + 64 + index * 8 + 4, events);
}

static u32
polled(u32 index)
{
    return get_word(USER_AT + 64 + index * 8 + 4) >> 16;
}

static int
write_some(void)
{
    return transfer(1, 1, 3) == 3;
}

START_TEST(polls)
{
    u64 begun;

    make_pipe();
    put_pollfd(0, 0, POLLIN);
    put_pollfd(1, 9, POLLIN);
    put_pollfd(2, (u32)-1, POLLIN);
    put_pollfd(3, 1, POLLOUT | POLLIN);
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, 4, 0, 0), 2);
    ck_assert_uint_eq(polled(0), 0);
    ck_assert_uint_eq(polled(1), POLLNVAL);
    ck_assert_uint_eq(polled(2), 0);
    ck_assert_uint_eq(polled(3), POLLOUT);
    begun = fake.now_us;
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, 1, 250, 0), 0);
    ck_assert_uint_ge(fake.now_us - begun, 250000);
    ck_assert_uint_lt(fake.now_us - begun, 250100);
    others_act = write_some;
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, 1, (u32)-1, 0), 1);
    ck_assert_uint_eq(polled(0), POLLIN);
    transfer(0, 0, 9);
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, 1, (u32)-1, 0),
                     -ERESTART_NO_HANDLER);
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, DESCRIPTORS_MAX + 1, 0, 0),
                     -EINVAL);
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        put_pollfd(i, i % 3 == 0 ? 1 : (u32)-1, POLLOUT);
    ck_assert_int_eq(call(sys_poll, USER_AT + 64, DESCRIPTORS_MAX, 0, 0),
                     (DESCRIPTORS_MAX + 2) / 3);
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        ck_assert_uint_eq(polled(i), i % 3 == 0 ? POLLOUT : 0);
    ck_assert_int_eq(call(sys_poll, 16, 1, 0, 0), -EFAULT);
}
END_TEST

START_TEST(selects)
{
    const u32 a[6] = {10, USER_AT + 64, USER_AT + 68, 0, USER_AT + 80, 0};

    make_pipe();
    put_word(USER_AT + 64, 1);
    put_word(USER_AT + 68, 2);
    put_word(USER_AT + 80, 5);
    put_word(USER_AT + 84, 500000);
    ck_assert_int_eq(sys__newselect(world.task, a), 1);
    ck_assert_uint_eq(get_word(USER_AT + 64), 0);
    ck_assert_uint_eq(get_word(USER_AT + 68), 2);
    ck_assert_uint_eq(get_word(USER_AT + 80), 5); // what is left of the time
    put_word(USER_AT + 64, 4);
    ck_assert_int_eq(sys__newselect(world.task, a), -EBADF);
    put_word(USER_AT + 80, (u32)-1);
    ck_assert_int_eq(sys__newselect(world.task, a), -EINVAL);
}
END_TEST

// The mask holds while it waits; the signal that ends it sees it.
START_TEST(masks)
{
    const u32 a[6] = {USER_AT + 64, 1, USER_AT + 80, USER_AT + 96, 8, 0};

    make_pipe();
    put_pollfd(0, 0, POLLIN);
    put_word(USER_AT + 80, 0);
    put_word(USER_AT + 84, 1000);
    put_word(USER_AT + 96, 0xff);
    put_word(USER_AT + 100, 0);
    world.task->blocked = 5;
    ck_assert_int_eq(sys_ppoll(world.task, a), 0);
    ck_assert_uint_eq(world.task->blocked, 5);
    world.pending = 1;
    world.task->sleep_until_us = 0;
    put_word(USER_AT + 80, 5);
    ck_assert_int_eq(sys_ppoll(world.task, a), -ERESTART_NO_HANDLER);
    ck_assert_uint_eq(world.task->blocked, 0xff);
    ck_assert_uint_eq(world.task->suspended, 5);
    ck_assert_int_eq((int)world.task->has_suspended, 1);
}
END_TEST

// --- epoll and eventfd ---

static int
control(u32 how, u32 descriptor, u32 events, u32 data)
{
    put_word(USER_AT + 64, events);
    put_word(USER_AT + 68, data);
    put_word(USER_AT + 72, 0);
    return call(sys_epoll_ctl, 2, how, descriptor, USER_AT + 64);
}

static int
wait_epoll(u32 most)
{
    return call(sys_epoll_wait, 2, USER_AT + 128, most, 0);
}

START_TEST(epolls)
{
    make_pipe();
    ck_assert_int_eq(call(sys_epoll_create1, O_CLOEXEC, 0, 0, 0), 2);
    ck_assert_int_eq(control(1, 0, POLLIN, 77), 0);
    ck_assert_int_eq(control(1, 0, POLLIN, 77), -EEXIST);
    ck_assert_int_eq(control(3, 1, POLLIN, 77), -ENOENT);
    ck_assert_int_eq(control(1, 2, POLLIN, 77), -EINVAL);
    ck_assert_int_eq(control(1, 9, POLLIN, 77), -EBADF);
    ck_assert_int_eq(wait_epoll(8), 0);
    ck_assert_int_eq(wait_epoll(0), -EINVAL);
    transfer(1, 1, 3);
    for (u32 i = 0; i < 2; i++) { // level: as long as it holds
        ck_assert_int_eq(wait_epoll(8), 1);
        ck_assert_uint_eq(get_word(USER_AT + 128), POLLIN);
        ck_assert_uint_eq(get_word(USER_AT + 132), 77);
    }
    ck_assert_int_eq(control(3, 0, POLLIN | EPOLLET, 78), 0);
    ck_assert_int_eq(wait_epoll(8), 1);
    ck_assert_int_eq(wait_epoll(8), 0); // edge: told already
    transfer(1, 1, 1);
    ck_assert_int_eq(wait_epoll(8), 1); // more came
    transfer(0, 0, 1);
    ck_assert_int_eq(wait_epoll(8), 0); // less is no news
    ck_assert_int_eq(control(3, 0, POLLIN | EPOLLONESHOT, 79), 0);
    ck_assert_int_eq(wait_epoll(8), 1);
    transfer(1, 1, 1);
    ck_assert_int_eq(wait_epoll(8), 0);
    ck_assert_int_eq(control(3, 0, POLLIN, 79), 0);
    ck_assert_int_eq(control(1, 1, POLLOUT, 80), 0);
    ck_assert_int_eq(wait_epoll(1), 1); // each has its turn
    u32 first = get_word(USER_AT + 132);

    ck_assert_int_eq(wait_epoll(1), 1);
    ck_assert_uint_ne(get_word(USER_AT + 132), first);
    files_close(&files, 0); // what is closed is watched no more
    ck_assert_int_eq(wait_epoll(8), 1);
    ck_assert_uint_eq(get_word(USER_AT + 128), POLLOUT | POLLERR);
}
END_TEST

START_TEST(epolls_in_epolls)
{
    make_pipe();
    ck_assert_int_eq(call(sys_epoll_create1, 0, 0, 0, 0), 2);
    ck_assert_int_eq(call(sys_epoll_create, 1, 0, 0, 0), 3);
    ck_assert_int_eq(control(1, 3, POLLIN, 1), 0);
    put_word(USER_AT + 64, POLLIN);
    ck_assert_int_eq(call(sys_epoll_ctl, 3, 1, 2, USER_AT + 64), -ELOOP);
    ck_assert_int_eq(call(sys_epoll_ctl, 3, 1, 0, USER_AT + 64), 0);
    ck_assert_int_eq(wait_epoll(8), 0);
    transfer(1, 1, 1);
    ck_assert_int_eq(wait_epoll(8), 1);
}
END_TEST

// Five levels of epolls that all watch each other: is it over in a moment?
START_TEST(epolls_in_many)
{
    enum { LEVELS = 5, WIDTH = 48 }; // 5 million ways down
    clock_t begun = clock();

    make_pipe();
    for (u32 n = 0; n < LEVELS * WIDTH; n++)
        ck_assert_int_eq(call(sys_epoll_create1, 0, 0, 0, 0), (int)n + 2);
    for (u32 n = 0; n < LEVELS * WIDTH; n++) {
        u32 below = n / WIDTH * WIDTH - WIDTH + 2;

        put_word(USER_AT + 64, POLLIN);
        for (u32 i = 0; n >= WIDTH && i < WIDTH; i++)
            ck_assert_int_eq(
                call(sys_epoll_ctl, n + 2, 1, below + i, USER_AT + 64), 0);
    }
    ck_assert_int_eq(call(sys_epoll_ctl, 2, 1, 0, USER_AT + 64), 0);
    ck_assert_int_eq(
        call(sys_epoll_ctl, 2, 1, 1 + LEVELS * WIDTH, USER_AT + 64), -ELOOP);
    ck_assert_int_eq(call(sys_epoll_create1, 0, 0, 0, 0), 242);
    ck_assert_int_eq(call(sys_epoll_ctl, 242, 1, 241, USER_AT + 64), -ELOOP);
    ck_assert_uint_eq(file_poll(files.file[241], POLLIN), 0);
    transfer(1, 1, 1);
    ck_assert_uint_eq(file_poll(files.file[241], POLLIN), POLLIN);
    transfer(0, 0, 1);
    ck_assert_uint_eq(file_poll(files.file[241], POLLIN), 0);
    // Of the processor, not of the clock.
    ck_assert_int_lt(clock() - begun, 2 * CLOCKS_PER_SEC);
}
END_TEST

START_TEST(counts)
{
    ck_assert_int_eq(call(sys_eventfd2, 3, O_NONBLOCK, 0, 0), 0);
    ck_assert_int_eq(transfer(0, 0, 7), -EINVAL);
    ck_assert_int_eq(transfer(0, 0, 8), 8);
    ck_assert_uint_eq(get_word(DATA), 3);
    ck_assert_int_eq(transfer(0, 0, 8), -EAGAIN);
    put_word(DATA, 0xfffffffe);
    put_word(DATA + 4, 0xffffffff);
    ck_assert_int_eq(transfer(0, 1, 8), 8);
    ck_assert_uint_eq(file_poll(files.file[0], POLLIN | POLLOUT), POLLIN);
    put_word(DATA, 1);
    put_word(DATA + 4, 0);
    ck_assert_int_eq(transfer(0, 1, 8), -EAGAIN);
    put_word(DATA, 0xffffffff);
    put_word(DATA + 4, 0xffffffff);
    ck_assert_int_eq(transfer(0, 1, 8), -EINVAL);
    ck_assert_int_eq(call(sys_eventfd2, 2, 1, 0, 0), 1); // a semaphore
    ck_assert_int_eq(transfer(1, 0, 8), 8);
    ck_assert_uint_eq(get_word(DATA), 1);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        carries,        fills,   ends,  refuses, fifos,
        polls,          selects, masks, epolls,  epolls_in_epolls,
        epolls_in_many, counts,  NULL};
    const struct suite suite = {.name = "linux_pipe",
                                .open = open_world,
                                .close = close_world,
                                .test = test};

    return suite_run(&suite);
}

// test_linux_files.c -- descriptors, positions, locks, and bytes that move
#include <stdio.h>

#include "filed.h"

#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_GETLK64 12
#define F_SETLK64 13
#define F_SETLKW64 14
#define F_DUPFD_CLOEXEC 1030
#define RDLCK 0
#define WRLCK 1
#define UNLCK 2

static struct files *saved;

static int
make(const char *path, u32 flags)
{
    return CALL3(open, text(0, path), O_CREAT | O_RDWR | flags, 0600);
}

static void
put_words(u32 n, u32 a, u32 b, u32 c, u32 d)
{
    u32 *w = (u32 *)room(n);

    w[0] = a, w[1] = b, w[2] = c, w[3] = d;
}

// --- descriptors ---

// The lowest one, doubled, replaced, closed on exec, all in use?
START_TEST(descriptors)
{
    int f = make("f", 0);

    ck_assert_int_eq(f, 0);
    ck_assert_int_eq(CALL1(dup, f), 1);
    ck_assert_int_eq(CALL2(dup2, f, 7), 7);
    ck_assert_int_eq(CALL2(dup2, f, f), f);
    ck_assert_int_eq(CALL2(dup2, 99, 99), -EBADF);
    ck_assert_int_eq(CALL2(dup2, f, DESCRIPTORS_MAX), -EBADF);
    ck_assert_int_eq(CALL3(dup3, f, f, 0), -EINVAL);
    ck_assert_int_eq(CALL3(dup3, f, 8, O_CLOEXEC), 8);
    ck_assert_int_eq(CALL3(fcntl64, 8, F_GETFD, 0), 1);
    ck_assert_int_eq(CALL3(fcntl64, f, F_DUPFD, 5), 5);
    ck_assert_int_eq(CALL3(fcntl64, f, F_DUPFD, DESCRIPTORS_MAX), -EINVAL);
    ck_assert_int_eq(CALL3(fcntl64, f, F_DUPFD_CLOEXEC, 5), 6);
    ck_assert_int_eq(CALL3(fcntl64, f, 999, 0), -EINVAL);
    ck_assert_uint_eq(files_get(filed.task->files, 0)->refs, 6);
    files_exec(filed.task->files);
    ck_assert_uint_eq(files_get(filed.task->files, 0)->refs, 4);
    ck_assert_int_eq(CALL1(close, 6), -EBADF);
    while (CALL1(dup, f) >= 0)
        ;
    ck_assert_int_eq(CALL1(dup, f), -EMFILE);
    ck_assert_int_eq(CALL3(open, text(0, "new"), O_CREAT, 0600), -EMFILE);
    ck_assert_int_eq(CALL1(unlink, text(0, "new")), -ENOENT); // nothing made
    ck_assert_int_eq(CALL3(close_range, 3, ~0u, 4), 0);
    ck_assert_int_eq(CALL3(fcntl64, 200, F_GETFD, 0), 1);
    ck_assert_int_eq(CALL3(close_range, 0, ~0u, 0), 0);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

// Flags that stay, that may be set, and what they do?
START_TEST(flags)
{
    int f = make("f", O_APPEND | O_CLOEXEC);

    ck_assert_int_eq(CALL3(fcntl64, f, F_GETFL, 0), O_RDWR | O_APPEND);
    ck_assert_int_eq(CALL3(write, f, text(1, "1234"), 4), 4);
    ck_assert_int_eq(CALL3(lseek, f, 0, 0), 0);
    ck_assert_int_eq(CALL3(write, f, at(1), 2), 2);
    ck_assert_int_eq(CALL3(lseek, f, 0, 1), 6);
    ck_assert_int_eq(CALL3(fcntl64, f, F_SETFL, O_NONBLOCK | O_CREAT), 0);
    ck_assert_int_eq(CALL3(fcntl64, f, F_GETFL, 0), O_RDWR | O_NONBLOCK);
    ck_assert_int_eq(CALL3(lseek, f, -7, 2), -EINVAL);
    ck_assert_int_eq(CALL3(lseek, f, 0, 9), -EINVAL);
    ck_assert_int_eq(CALL3(lseek, f, 100, 2), 106);
    ck_assert_int_eq(CALL3(read, f, at(1), 10), 0);
    int r = CALL3(open, text(0, "f"), 0, 0);
    int p = CALL3(open, text(0, "f"), O_PATH | O_RDWR, 0);

    ck_assert_int_eq(CALL3(write, r, at(1), 1), -EBADF);
    ck_assert_int_eq(CALL3(read, p, at(1), 1), -EBADF);
    ck_assert_int_eq(CALL3(lseek, p, 0, 0), -EBADF);
    ck_assert_int_eq(CALL3(read, r, at(1), 0x80000000), -EINVAL);
    ck_assert_int_eq(CALL2(ftruncate, r, 0), -EINVAL);
    ck_assert_int_eq(CALL1(fsync, r), 0);
    int d = CALL3(open, text(0, "/"), 0, 0);

    ck_assert_int_eq(CALL3(read, d, at(1), 1), -EISDIR);
    ck_assert_int_eq(CALL3(read, d, at(1), 0), -EISDIR);
    ck_assert_int_eq(CALL3(open, text(0, "/"), O_RDWR, 0), -EISDIR);
    ck_assert_int_eq(CALL3(getdents64, r, at(1), 100), -ENOTDIR);
    ck_assert_int_eq(CALL3(getdents64, d, at(1), 10), -EINVAL);
    ck_assert_int_eq(CALL3(getdents64, d, at(1), 24), 24);
    ck_assert_int_eq(CALL3(ioctl, r, 0x5401, at(1)), -ENOTTY);
}
END_TEST

// Files above 2 GiB and their end?
START_TEST(large)
{
    int f = make("f", 0);
    int l = CALL3(open, text(0, "f"), O_RDWR | O_LARGEFILE, 0);
    u64 *result = (u64 *)room(2);

    ck_assert_int_eq(CALL6(pwrite64, f, at(1), 1, 0x80000000u, 0, 0), -EFBIG);
    ck_assert_int_eq(CALL6(pwrite64, l, at(1), 1, 0x80000000u, 0, 0), 1);
    ck_assert_int_eq(CALL3(open, text(0, "f"), 0, 0), -EOVERFLOW);
    ck_assert_int_eq(CALL2(fstat, l, at(1)), -EOVERFLOW);
    ck_assert_int_eq(CALL6(pwrite64, l, at(1), 100, ~0u, 0, 0), 1);
    ck_assert_int_eq(CALL6(pwrite64, l, at(1), 1, 0, 1, 0), -EFBIG);
    ck_assert_int_eq(CALL3(ftruncate64, l, 1, 1), -EFBIG);
    ck_assert_int_eq(CALL6(pread64, l, at(1), 1, 0, 0x80000000, 0), -EINVAL);
    ck_assert_int_eq(CALL6(_llseek, l, 0, 0, at(2), 2, 0), 0);
    ck_assert_uint_eq(*result, 1ull << 32);
    ck_assert_int_eq(CALL3(lseek, l, 0, 1), -EOVERFLOW);
    ck_assert_int_eq(CALL6(_llseek, l, 0, 5, at(2), 3, 0), 0); // data
    ck_assert_uint_eq(*result, 0x80000000u);
    ck_assert_int_eq(CALL6(_llseek, l, 0, 0x80000000u, at(2), 4, 0), 0);
    ck_assert_uint_eq(*result, 0x80001000u);
    ck_assert_int_eq(CALL2(ftruncate, l, 0), 0);
    ck_assert_int_eq(CALL6(_llseek, l, 0, 0, at(2), 3, 0), -ENXIO);
    CALL1(close, f);
    CALL1(close, l);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

// --- many buffers ---

START_TEST(vectors)
{
    int f = make("f", 0);

    strcpy(room(2), "abcdef");
    put_words(1, at(2), 4, at(2) + 4, 2);
    ck_assert_int_eq(CALL3(writev, f, at(1), 2), 6);
    CALL3(lseek, f, 0, 0);
    put_words(1, at(3), 1, at(3) + 10, 100);
    ck_assert_int_eq(CALL3(readv, f, at(1), 2), 6);
    ck_assert_int_eq(memcmp(room(3) + 10, "bcdef", 5), 0);
    ck_assert_int_eq(CALL6(preadv, f, at(1), 2, 4, 0, 0), 2);
    ck_assert_int_eq(CALL6(pwritev, f, at(1), 1, 9, 0, 0), 1);
    ck_assert_int_eq(CALL3(readv, f, at(1), 1025), -EINVAL);
    ck_assert_int_eq(CALL3(readv, f, at(1), -1), -EINVAL);
    ck_assert_int_eq(CALL3(readv, f, at(1), 0), 0);
    put_words(1, at(3), 1, at(3), 0x80000000);
    CALL3(lseek, f, 0, 0);
    ck_assert_int_eq(CALL3(readv, f, at(1), 2), -EINVAL); // nothing was read
    ck_assert_int_eq(CALL3(lseek, f, 0, 1), 0);
    ck_assert_int_eq(CALL3(readv, 99, at(1), 2), -EBADF);
}
END_TEST

// Does a fault in the middle leave what came before it moved?
START_TEST(faults)
{
    int f = make("f", O_LARGEFILE);
    struct memory *m;

    memset(room(1), 'x', PAGE_SIZE);
    for (u32 i = 0; i < 3; i++)
        CALL3(write, f, at(1), PAGE_SIZE);
    ck_assert_int_eq(memory_new(&lx, &m), 0);
    int base = memory_map(m, 0x100000, PAGE_SIZE, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);

    ck_assert_int_eq(base, 0x100000);
    filed.task->memory = m;
    CALL3(lseek, f, 0, 0);
    ck_assert_int_eq(CALL3(read, f, base + 100, 9000), (int)PAGE_SIZE - 100);
    ck_assert_int_eq(CALL3(lseek, f, 0, 1), (int)PAGE_SIZE - 100);
    ck_assert_int_eq(CALL3(read, f, base + PAGE_SIZE, 10), -EFAULT);
    ck_assert_int_eq(CALL3(write, f, base + 4090, 100), 6);
    ck_assert_int_eq(CALL3(write, f, 0, 1), -EFAULT);
    ck_assert_int_eq(CALL3(readv, f, 0, 1), -EFAULT);
    ck_assert_int_eq(CALL3(open, base + PAGE_SIZE, 0, 0), -EFAULT);
    ck_assert_int_eq(CALL2(stat64, base, 0), -ENOENT);
    filed.task->memory = NULL;
    memory_drop(m);
    CALL1(close, f);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

// Are a file's pages what a mapping shows, before and after a cut?
START_TEST(mapped)
{
    int f = make("f", O_LARGEFILE);
    struct inode *inode = files_get(filed.task->files, (u32)f)->inode;
    struct memory *m;
    u32 word = 0;

    memset(room(1), 'x', PAGE_SIZE);
    CALL3(write, f, at(1), 100);
    ck_assert_int_eq(memory_new(&lx, &m), 0);
    ck_assert_int_eq(memory_map(m, 0x100000, 2 * PAGE_SIZE,
                                PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                                inode, 0),
                     0x100000);
    ck_assert_int_eq(memory_in(m, &word, 0x100000, 4), 0);
    ck_assert_uint_eq(word, 0x78787878);
    ck_assert_int_eq(memory_out(m, 0x100000 + 2000, &word, 4), 0);
    ck_assert_int_lt(memory_in(m, &word, 0x101000, 4), 0); // behind the end
    // What was written behind the end does not come into the file.
    ck_assert_int_eq(CALL2(ftruncate, f, 3000), 0);
    ck_assert_int_eq(CALL6(pread64, f, at(1), 4, 2000, 0, 0), 4);
    ck_assert_uint_eq(*(u32 *)room(1), 0);
    ck_assert_int_eq(CALL2(ftruncate, f, 0), 0);
    ck_assert_int_lt(memory_in(m, &word, 0x100000, 4), 0);
    ck_assert_int_eq(CALL2(ftruncate, f, 4), 0);
    ck_assert_int_eq(memory_in(m, &word, 0x100000, 4), 0);
    ck_assert_uint_eq(word, 0);
    CALL1(close, f);
    CALL1(unlink, text(0, "f"));
    memory_drop(m); // the last who holds it
    filed_ck_empty();
}
END_TEST

// --- another thread while a page of the program is fetched ---

static struct {
    page_no page;
    void (*act)(void); // the other thread; once
    int descriptor;
} slow;

static int
slow_page(struct inode *inode, u32 index, int write, page_no *result)
{
    void (*act)(void) = slow.act;

    (void)inode, (void)index, (void)write;
    slow.act = NULL;
    if (act != NULL)
        act();
    *result = slow.page;
    return 0;
}

static void
close_it(void)
{
    ck_assert_int_eq(CALL1(close, slow.descriptor), 0);
}

// An address whose page waits, in an address space of its own; the page is
// room(1).
static u32
map_slow(struct inode *inode, void (*act)(void))
{
    int base;

    ck_assert_int_eq(memory_new(&lx, &filed.task->memory), 0);
    base = memory_map(filed.task->memory, 0x100000, PAGE_SIZE,
                      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, inode, 0);
    ck_assert_int_eq(base, 0x100000);
    slow.page = filed.room[1];
    slow.act = act;
    return (u32)base;
}

static void
unmap_slow(void)
{
    struct memory *m = filed.task->memory;

    ck_assert_ptr_null(slow.act); // it did happen
    filed.task->memory = NULL;
    memory_drop(m);
}

// Is a file that another thread closes meanwhile used no more?
START_TEST(closed)
{
    static const struct inode_ops slow_ops = {.page = slow_page};
    struct inode page = {
        .linux = &lx, .ops = &slow_ops, .refs = 1, .size = PAGE_SIZE};
    u32 base;
    int end;

    for (u32 way = 0; way < 6; way++) {
        int other = make("other", 0);
        int f = make("f", O_LARGEFILE);

        memset(room(1), 0, PAGE_SIZE);
        slow.descriptor = way == 4 ? other : f;
        base = map_slow(&page, close_it);
        switch (way) {
        case 0:
            put_words(1, 0x100000, 4, 0x100000, 4);
            ck_assert_int_eq(CALL3(writev, f, base, 2), 8);
            break;
        case 1:
            ck_assert_int_eq(CALL3(fcntl64, f, F_SETLK64, base), 0);
            break;
        case 2:
            ck_assert_int_eq(CALL3(ioctl, f, 0x5421, base), 0);
            break;
        case 3: // what is read from
            ck_assert_int_eq(CALL4(sendfile64, other, f, base, 4), 0);
            break;
        case 4: // what is to be written to: it is not there any more
            ck_assert_int_eq(CALL4(sendfile64, other, f, base, 4), -EBADF);
            break;
        default:
            ck_assert_int_eq(CALL6(copy_file_range, f, base, other, 0, 4, 0),
                             0);
        }
        unmap_slow();
        end = CALL1(close, way == 4 ? f : other);
        ck_assert_int_eq(end, 0);
        CALL1(unlink, text(0, "f"));
        CALL1(unlink, text(0, "other"));
        filed_ck_empty();
    }
}
END_TEST

// Does what never had a name, and is no regular file, get one?
START_TEST(nameless)
{
    static const struct file_ops no_ops;
    struct inode *inode;
    struct file *f;

    ck_assert_int_eq(tree_nameless(&lx, S_IFIFO | 0600, &inode), 0);
    f = file_new(&lx, &no_ops, 0, inode, NULL);
    inode_drop(inode);
    ck_assert_int_eq(files_add(filed.task->files, f, 0, 0), 0);
    ck_assert_int_eq(
        CALL6(linkat, 0, text(0, ""), -100, text(1, "fifo"), 0x1000, 0),
        -EXDEV);
    ck_assert_int_eq(CALL1(close, 0), 0);
    filed_ck_empty();
}
END_TEST

// Does a file get a name that lost its last one, never had one, or was never to
// have one?
START_TEST(removed)
{
    int f = make("f", 0);
    int none =
        CALL3(open, text(0, "."), O_TMPFILE_BIT | O_DIRECTORY | O_RDWR, 0600);
    int never = CALL3(open, text(0, "."),
                      O_TMPFILE_BIT | O_DIRECTORY | O_RDWR | O_EXCL, 0600);

    ck_assert_int_ge(none, 0);
    ck_assert_int_ge(never, 0);
    ck_assert_int_eq(
        CALL6(linkat, never, text(0, ""), -100, text(1, "g"), 0x1000, 0),
        -ENOENT);
    CALL1(unlink, text(0, "f"));
    ck_assert_int_eq(
        CALL6(linkat, f, text(0, ""), -100, text(1, "g"), 0x1000, 0), -ENOENT);
    ck_assert_int_eq(
        CALL6(linkat, none, text(0, ""), -100, text(1, "g"), 0x1000, 0), 0);
    CALL1(unlink, text(1, "g"));
    ck_assert_int_eq(
        CALL6(linkat, none, text(0, ""), -100, text(1, "g"), 0x1000, 0),
        -ENOENT);
    CALL1(close, f);
    CALL1(close, none);
    CALL1(close, never);
    filed_ck_empty();
}
END_TEST

static u32 rests;

// Another appends, too: not before the first is done.
static int
append_too(void)
{
    rests++;
    ck_assert_int_eq(CALL3(write, slow.descriptor, at(2), 3), -ERESTART);
    return 0;
}

static void
append_at_once(void)
{
    append_too();
}

// Is a write whole, though it waits for the program's page?
START_TEST(whole_writes)
{
    static const struct inode_ops slow_ops = {.page = slow_page};
    struct inode page = {
        .linux = &lx, .ops = &slow_ops, .refs = 1, .size = PAGE_SIZE};
    int f = make("f", O_LARGEFILE | O_APPEND);
    struct memory *m;
    u32 base;

    memset(room(1), 'a', PAGE_SIZE);
    slow.descriptor = make("f", O_LARGEFILE | O_APPEND); // its own position
    base = map_slow(&page, append_at_once);
    m = filed.task->memory;
    ck_assert_int_eq(CALL3(write, f, base, 10), 10);
    ck_assert_ptr_eq(filed.task->memory, m);
    unmap_slow();
    CALL1(close, slow.descriptor);
    ck_assert_int_eq(CALL3(write, f, text(2, "bcd"), 3), 3);
    ck_assert_int_eq(CALL6(pread64, f, at(3), 99, 0, 0, 0), 13);
    ck_assert_int_eq(memcmp(room(3), "aaaaaaaaaabcd", 13), 0);
    CALL1(close, f);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

// Another that has the same open file waits with all that goes by its position,
// until it is killed.
static void
read_too(void)
{
    int other = CALL1(dup, slow.descriptor);

    filed.task->ending = 1;
    ck_assert_int_eq(CALL3(read, other, at(2), 3), -EINTR);
    ck_assert_int_eq(CALL3(lseek, other, 0, 1), -EINTR);
    put_words(3, at(2), 3, 0, 0);
    ck_assert_int_eq(CALL3(readv, other, at(3), 1), -EINTR);
    // One with a place of its own only lacks the memory.
    ck_assert_int_eq(CALL6(pread64, other, at(2), 3, 1, 0, 0), -EFAULT);
    filed.task->ending = 0;
    CALL1(close, other);
}

// Is a position one call's alone while that waits?
START_TEST(positions)
{
    static const struct inode_ops slow_ops = {.page = slow_page};
    struct inode page = {
        .linux = &lx, .ops = &slow_ops, .refs = 1, .size = PAGE_SIZE};
    int f = make("f", O_LARGEFILE);
    u32 base;

    CALL3(write, f, text(1, "0123456789"), 10);
    CALL3(lseek, f, 0, 0);
    slow.descriptor = f;
    base = map_slow(&page, read_too);
    ck_assert_int_eq(CALL3(read, f, base, 4), 4);
    unmap_slow();
    ck_assert_int_eq(CALL3(lseek, f, 0, 1), 4);
    CALL1(close, f);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

static int
rest(void)
{
    rests++;
    return 1;
}

static int
rest_and_kill(void)
{
    filed.task->pending = SIGNAL_BIT(SIGKILL);
    return rest();
}

// Does a call that moves a gigabyte let others run, and end when it is killed?
START_TEST(rests_between)
{
    int f = make("f", O_LARGEFILE);
    int other = CALL3(open, text(0, "other"), O_CREAT | O_RDWR, 0600);

    ck_assert_int_eq(CALL2(ftruncate, f, 0x7ff00000), 0);
    ck_assert_int_eq(CALL4(sendfile, other, f, 0, 0x1000), 0x1000);
    rests = 0;
    fake.slow_us = 10000;
    filed.while_waiting = rest;
    ck_assert_int_eq(CALL4(sendfile, other, f, 0, 0x8000), 0x8000);
    ck_assert_uint_ge(rests, 3);
    filed.while_waiting = rest_and_kill;
    ck_assert_int_lt(CALL4(sendfile, other, f, 0, 0x100000), 0x100000);
    filed.task->pending = 0;
    fake.slow_us = 0;
    CALL1(close, f);
    CALL1(close, other);
    CALL1(unlink, text(0, "f"));
    CALL1(unlink, text(0, "other"));
    filed_ck_empty();
}
END_TEST

// From file to file inside the kernel?
START_TEST(copies)
{
    int from = make("from", 0), to = make("to", 0);
    u64 *position = (u64 *)room(2);

    for (u32 i = 0; i < 3; i++) {
        memset(room(1), 'a' + (int)i, PAGE_SIZE);
        CALL3(write, from, at(1), PAGE_SIZE);
    }
    *position = 4000;
    ck_assert_int_eq(CALL4(sendfile64, to, from, at(2), 100000), 8288);
    ck_assert_uint_eq(*position, 12288);
    ck_assert_int_eq(CALL3(lseek, to, 0, 1), 8288);
    ck_assert_int_eq(CALL6(pread64, to, at(1), 100, 90, 0, 0), 100);
    ck_assert_int_eq(room(1)[5], 'a');
    ck_assert_int_eq(room(1)[6], 'b');
    ck_assert_int_eq(CALL4(sendfile, to, from, 0, 10), 0); // at its end
    CALL3(lseek, from, 0, 0);
    ck_assert_int_eq(CALL4(sendfile, to, from, 0, 10), 10);
    ck_assert_int_eq(CALL3(lseek, from, 0, 1), 10);
    *position = 0;
    ck_assert_int_eq(CALL6(copy_file_range, from, at(2), to, 0, 5000, 0), 5000);
    ck_assert_int_eq(CALL6(copy_file_range, from, at(2), from, 0, 5000, 1),
                     -EINVAL);
    *position = 9;
    CALL3(lseek, from, 5, 0);
    ck_assert_int_eq(CALL6(copy_file_range, from, at(2), from, 0, 5000, 0),
                     -EINVAL);
    ck_assert_int_eq(CALL4(sendfile, 99, from, 0, 10), -EBADF);
}
END_TEST

// Room that is asked for, and given back?
START_TEST(rooms)
{
    int f = make("f", 0);
    u32 before = lx.pages.used;

    memset(room(1), 'x', PAGE_SIZE);
    ck_assert_int_eq(CALL6(fallocate, f, 0, 0, 0, 20000, 0), 0);
    ck_assert_int_eq(CALL3(lseek, f, 0, 2), 20000);
    ck_assert_uint_eq(lx.pages.used, before + 5 + 1);
    for (u32 i = 0; i < 5; i++)
        CALL6(pwrite64, f, at(1), i == 4 ? 3616 : PAGE_SIZE, i * PAGE_SIZE, 0,
              0);
    ck_assert_int_eq(CALL6(fallocate, f, 3, 100, 0, 8192, 0), 0);
    ck_assert_int_eq(CALL3(lseek, f, 0, 2), 20000);
    ck_assert_uint_eq(lx.pages.used, before + 4 + 1); // one whole page went
    CALL6(pread64, f, at(1), PAGE_SIZE, 0, 0, 0);
    ck_assert_int_eq(room(1)[99], 'x');
    ck_assert_int_eq(room(1)[100], 0);
    CALL6(pread64, f, at(1), PAGE_SIZE, 8192, 0, 0);
    ck_assert_int_eq(room(1)[99], 0);
    ck_assert_int_eq(room(1)[100], 'x');
    ck_assert_int_eq(CALL6(fallocate, f, 2, 0, 0, 1, 0), -EOPNOTSUPP);
    ck_assert_int_eq(CALL6(fallocate, f, 0, 0, 0, 0, 0), -EINVAL);
}
END_TEST

// Without room for all of it: is what was made given back, and no more?
START_TEST(rooms_fail)
{
    int f = make("f", O_LARGEFILE);
    u32 most = CHUNKS_MAX * CHUNK_PAGES;

    memset(room(1), 'x', PAGE_SIZE);
    CALL6(pwrite64, f, at(1), PAGE_SIZE, 5 * PAGE_SIZE, 0, 0);
    u32 before = lx.pages.used;

    for (u32 keep = 0; keep < 2; keep++) {
        ck_assert_int_eq(
            CALL6(fallocate, f, keep, PAGE_SIZE, 0, most * PAGE_SIZE, 0),
            -ENOSPC);
        ck_assert_uint_eq(lx.pages.used, before);
        ck_assert_int_eq(CALL3(lseek, f, 0, 2), 6 * PAGE_SIZE);
    }
    ck_assert_int_eq(CALL6(pread64, f, at(2), PAGE_SIZE, 5 * PAGE_SIZE, 0, 0),
                     PAGE_SIZE);
    ck_assert_int_eq(memcmp(room(1), room(2), PAGE_SIZE), 0);
    CALL1(close, f);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

// --- locks ---

static int
lock(int f, u32 command, int type, u64 start, u64 bytes)
{
    u8 *l = (u8 *)room(5);

    memset(l, 0, 24);
    *(short *)l = (short)type;
    memcpy(l + 4, &start, 8);
    memcpy(l + 12, &bytes, 8);
    return CALL3(fcntl64, f, command, at(5));
}

// Become the other process, and back.
static void
swap(void)
{
    struct files *files = filed.task->files;

    filed.task->files = saved;
    saved = files;
    filed.task->pid = 15 - filed.task->pid;
}

static void
fork_files(void)
{
    saved = files_copy(filed.task->files);
    ck_assert_ptr_nonnull(saved);
}

// Ranges of two processes: what excludes what, and who is in the way?
START_TEST(record_locks)
{
    int f = make("f", 0);
    const short *type = (short *)room(5);
    u64 start;

    fork_files();
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 100, 100), 0);
    ck_assert_int_eq(lock(f, F_SETLK64, RDLCK, 150, 10), 0); // own: split
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, RDLCK, 199, 1), -EAGAIN);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 200, 0), 0);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 0, 100), 0);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 155, 1), -EAGAIN);
    ck_assert_int_eq(lock(f, F_SETLK64, RDLCK, 150, 10), 0);
    ck_assert_int_eq(lock(f, F_GETLK64, WRLCK, 160, 10), 0);
    ck_assert_int_eq(*type, WRLCK);
    memcpy(&start, room(5) + 4, 8);
    ck_assert_uint_eq(start, 160);
    ck_assert_int_eq(*(int *)(room(5) + 20), 7);
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, UNLCK, 0, 0), 0);
    swap();
    ck_assert_int_eq(lock(f, F_GETLK64, WRLCK, 0, 0), 0);
    ck_assert_int_eq(*type, UNLCK);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 0, 0), 0);
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, RDLCK, 500, 1), -EAGAIN);
    swap(); // any close of the file ends the process's locks
    ck_assert_int_eq(CALL1(close, CALL3(open, text(0, "f"), 0, 0)), 0);
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 500, 1), 0);
    ck_assert_int_eq(lock(f, F_SETLK64, 3, 0, 1), -EINVAL);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, ~0ull, 1), -EINVAL);
    CALL1(close, f);
    files_drop(saved);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

static int waited_for;

static int
unlock_meanwhile(void)
{
    int err;

    swap();
    err = lock(waited_for, F_SETLK64, UNLCK, 0, 0);
    swap();
    return err == 0;
}

static int
want_back(void)
{
    swap();
    int err = lock(waited_for, F_SETLKW64, WRLCK, 10, 1);

    swap();
    return err != -EDEADLK; // and the first one's wait is broken off
}

// Does one wait until the other gives back, and is a circle refused?
START_TEST(waiting)
{
    int f = make("f", 0);

    waited_for = f;
    fork_files();
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 0, 1), 0);
    swap();
    filed.while_waiting = unlock_meanwhile;
    ck_assert_int_eq(lock(f, F_SETLKW64, WRLCK, 0, 1), 0);
    ck_assert_uint_eq(filed.waits, 1);
    filed.while_waiting = NULL; // a signal comes
    swap();
    ck_assert_int_eq(lock(f, F_SETLKW64, WRLCK, 0, 1), -ERESTART);
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 5, 1), 0);
    swap();
    ck_assert_int_eq(lock(f, F_SETLK64, WRLCK, 10, 1), 0);
    filed.while_waiting = want_back;
    ck_assert_int_eq(lock(f, F_SETLKW64, WRLCK, 5, 1), -ERESTART);
    ck_assert_ptr_null(lx.lock_waits);
}
END_TEST

// Locks of open files: shared by copies of a descriptor, gone with the last?
START_TEST(whole_locks)
{
    int f = make("f", 0);
    int g = CALL3(open, text(0, "f"), 0, 0);
    int copy = CALL1(dup, f);

    ck_assert_int_eq(CALL2(flock, f, 2), 0);
    ck_assert_int_eq(CALL2(flock, g, 1 | 4), -EAGAIN);
    ck_assert_int_eq(lock(g, F_SETLK64, RDLCK, 0, 0), 0); // of another kind
    CALL1(close, f);
    ck_assert_int_eq(CALL2(flock, g, 2 | 4), -EAGAIN);
    ck_assert_int_eq(CALL2(flock, copy, 1), 0); // becomes a shared one
    ck_assert_int_eq(CALL2(flock, g, 1 | 4), 0);
    ck_assert_int_eq(CALL2(flock, copy, 2 | 4), -EAGAIN);
    CALL1(close, copy);
    ck_assert_int_eq(CALL2(flock, g, 2 | 4), 0);
    ck_assert_int_eq(CALL2(flock, g, 3), -EINVAL);
    CALL1(close, g);
    CALL1(unlink, text(0, "f"));
    filed_ck_empty();
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        descriptors,  flags,   large,       vectors,      closed,
        nameless,     removed, positions,   whole_writes, rests_between,
        faults,       mapped,  copies,      rooms,        rooms_fail,
        record_locks, waiting, whole_locks, NULL};
    const struct suite suite = {.name = "linux_files",
                                .open = filed_open,
                                .close = filed_close,
                                .test = tests};

    return suite_run(&suite);
}

// test_linux_path.c -- do paths lead where they should, and only who may?
#include <stdio.h>

#include "filed.h"
#include "linux/file/path.h"
#include "linux/file/stat_user.h"

#define AT_REMOVEDIR 0x200u
#define AT_EMPTY_PATH 0x1000u

static int
make_file(const char *path, u32 mode)
{
    int f = CALL3(open, text(0, path), O_CREAT | O_EXCL | O_WRONLY, mode);

    return f < 0 ? f : CALL1(close, f);
}

static int
try_open(const char *path, u32 flags)
{
    int f = CALL3(open, text(0, path), flags, 0600);

    return f < 0 ? f : CALL1(close, f);
}

static u32
number_of(const char *path)
{
    const struct stat64_i386 *s = (void *)room(1);

    ck_assert_int_eq(CALL2(stat64, text(0, path), at(1)), 0);
    return (u32)s->number;
}

static void
ck_cwd(const char *expected)
{
    int length = CALL2(getcwd, at(1), PAGE_SIZE);

    ck_assert_int_eq(length, (int)strlen(expected) + 1);
    ck_assert_str_eq(room(1), expected);
}

// Links: how deep, in a circle, to nowhere, from the root, with slashes?
START_TEST(links)
{
    char name[32], target[32];

    ck_assert_int_eq(CALL2(mkdir, text(0, "d"), 0755), 0);
    ck_assert_int_eq(make_file("d/f", 0644), 0);
    CALL2(symlink, text(0, "self"), text(1, "self"));
    ck_assert_int_eq(try_open("self", 0), -ELOOP);
    ck_assert_int_eq(try_open("self/x", 0), -ELOOP);
    CALL2(symlink, text(0, "d/f"), text(1, "l0"));
    for (u32 i = 1; i < 42; i++) {
        sprintf(name, "l%u", i);
        sprintf(target, "l%u", i - 1);
        CALL2(symlink, text(0, target), text(1, name));
    }
    ck_assert_int_eq(try_open("l39", 0), 0); // 40 links
    ck_assert_int_eq(try_open("l40", 0), -ELOOP);
    CALL2(symlink, text(0, "/d/"), text(1, "d/up"));
    ck_assert_uint_eq(number_of("d/up/up//up/f"), number_of("d/f"));
    ck_assert_int_eq(try_open("l0/", 0), -ENOTDIR);
    ck_assert_int_eq(try_open("d/up", O_NOFOLLOW), -ELOOP);
    ck_assert_int_eq(try_open("d/up", O_NOFOLLOW | O_DIRECTORY), -ENOTDIR);
    ck_assert_int_eq(try_open("d/up", O_NOFOLLOW | O_PATH), 0);
    CALL2(symlink, text(0, "d/new"), text(1, "to-new"));
    ck_assert_int_eq(try_open("to-new", 0), -ENOENT);
    ck_assert_int_eq(try_open("to-new", O_CREAT | O_EXCL), -EEXIST);
    ck_assert_int_eq(try_open("to-new", O_CREAT), 0);
    ck_assert_uint_eq(number_of("to-new"), number_of("d/new"));
}
END_TEST

// Long names, long paths, empty ones?
START_TEST(lengths)
{
    char name[300];
    char *path = room(0);

    memset(name, 'n', sizeof(name));
    name[256] = 0;
    ck_assert_int_eq(make_file(name, 0600), -ENAMETOOLONG);
    name[255] = 0;
    ck_assert_int_eq(make_file(name, 0600), 0);
    ck_assert_int_eq(try_open(name, 0), 0);
    ck_assert_int_eq(try_open("", 0), -ENOENT);
    memset(path, '/', PAGE_SIZE - 1);
    path[PAGE_SIZE - 1] = 0;
    ck_assert_int_eq(CALL3(open, at(0), 0, 0), 0); // the root
    CALL1(close, 0);
    // A target as long as they may be, in a page of its own.
    memset(path, '.', PAGE_SIZE - 1);
    for (u32 i = 1; i < PAGE_SIZE - 1; i += 2)
        path[i] = '/';
    ck_assert_int_eq(CALL2(symlink, at(0), text(1, "long")), 0);
    ck_assert_int_eq(CALL3(readlink, text(1, "long"), at(2), PAGE_SIZE), 4095);
    ck_assert_int_eq(memcmp(room(0), room(2), 4095), 0);
    ck_assert_int_eq(CALL1(unlink, text(1, "long")), 0);
    ck_assert_int_eq(CALL1(unlink, text(1, name)), 0);
    filed_ck_empty();
}
END_TEST

// Where is a task, and what if its directory goes?
START_TEST(places)
{
    ck_cwd("/");
    ck_assert_int_eq(CALL2(getcwd, at(1), 1), -ERANGE);
    CALL2(mkdir, text(0, "one"), 0755);
    CALL2(mkdir, text(0, "one/two"), 0755);
    ck_assert_int_eq(CALL1(chdir, text(0, "one/two")), 0);
    ck_cwd("/one/two");
    ck_assert_int_eq(CALL2(rename, text(0, "/one"), text(1, "/uno")), 0);
    ck_cwd("/uno/two");
    ck_assert_uint_eq(number_of("../../../.."), number_of("/"));
    ck_assert_int_eq(CALL1(rmdir, text(0, "../two")), 0);
    ck_assert_int_eq(CALL2(getcwd, at(1), PAGE_SIZE), -ENOENT);
    ck_assert_int_eq(make_file("x", 0600), -ENOENT);
    ck_assert_int_eq(CALL2(rename, text(0, "/uno"), text(1, "x")), -ENOENT);
    ck_assert_int_eq(CALL1(rmdir, text(0, "..")), -ENOTEMPTY);
    ck_assert_int_eq(CALL1(rmdir, text(0, "/uno")), 0);
    ck_assert_int_eq(CALL1(chdir, text(0, "..")), 0); // /uno, removed
    ck_assert_int_eq(CALL1(chdir, text(0, "..")), 0);
    ck_cwd("/");
    filed_ck_empty();
}
END_TEST

// A changed root: is there a way out, and where does it say it is?
START_TEST(chroots)
{
    CALL2(mkdir, text(0, "jail"), 0755);
    CALL2(mkdir, text(0, "jail/in"), 0755);
    make_file("outside", 0600);
    ck_assert_int_eq(CALL1(chroot, text(0, "jail")), 0);
    ck_assert_int_eq(CALL2(getcwd, at(1), PAGE_SIZE), -ENOENT);
    ck_assert_int_eq(CALL1(chdir, text(0, "/in")), 0);
    ck_cwd("/in");
    ck_assert_int_eq(try_open("../../outside", 0), -ENOENT);
    ck_assert_int_eq(CALL1(chdir, text(0, "../..")), 0);
    ck_cwd("/");
    CALL2(symlink, text(0, "/in"), text(1, "abs"));
    ck_assert_uint_eq(number_of("abs"), number_of("in"));
    filed.task->euid = 5;
    ck_assert_int_eq(CALL1(chroot, text(0, "in")), -EPERM);
}
END_TEST

// A mounted file system: both ways, and nothing of it can be removed?
START_TEST(mounts)
{
    struct inode *at_dir, *root, *inside;

    CALL2(mkdir, text(0, "m"), 0755);
    ck_assert_int_eq(path_find(filed.task, AT_FDCWD, "/m", 0, &at_dir, NULL),
                     0);
    ck_assert_int_eq(tree_make(&lx, &root), 0);
    root->device = 9;
    at_dir->mounted = root;
    root->over = at_dir;
    ck_assert_int_eq(path_find(filed.task, AT_FDCWD, "/m", 0, &inside, NULL),
                     0);
    ck_assert_ptr_eq(inside, root);
    inode_drop(inside);
    CALL2(mkdir, text(0, "m/deep"), 0755);
    ck_assert_int_eq(CALL1(chdir, text(0, "m/deep")), 0);
    ck_cwd("/m/deep");
    ck_assert_uint_eq(number_of("../.."), number_of("/"));
    ck_assert_int_eq(CALL1(rmdir, text(0, "/m")), -EBUSY);
    ck_assert_int_eq(CALL2(rename, text(0, "/m"), text(1, "/n")), -EBUSY);
    root->links = 2; // as if it were empty
    ck_assert_int_eq(CALL2(link, text(0, "/nothing"), text(1, "x")), -ENOENT);
    make_file("/outside", 0600);
    filed.task->linux = &lx;
    ck_assert_int_eq(CALL1(rmdir, text(0, "/")), -EBUSY);
}
END_TEST

// Who may do what?
START_TEST(permissions)
{
    struct task *t = filed.task;

    CALL2(mkdir, text(0, "open"), 0777);
    CALL2(mkdir, text(0, "sticky"), 0777);
    CALL2(chmod, text(0, "sticky"), 01777);
    CALL2(mkdir, text(0, "closed"), 0700);
    make_file("closed/f", 0666);
    make_file("sticky/roots", 0666);
    make_file("secret", 0600);
    make_file("program", 0644);
    ck_assert_int_eq(CALL2(access, text(0, "program"), 1), -EACCES);
    t->uid = t->euid = 5;
    t->gid = t->egid = 5;
    ck_assert_int_eq(try_open("closed/f", 0), -EACCES);
    ck_assert_int_eq(try_open("secret", 0), -EACCES);
    ck_assert_int_eq(try_open("program", 0), 0);
    ck_assert_int_eq(try_open("program", O_WRONLY), -EACCES);
    ck_assert_int_eq(try_open("program", O_TRUNC), -EACCES);
    ck_assert_int_eq(make_file("mine", 0600), -EACCES);
    ck_assert_int_eq(make_file("open/mine", 0600), 0);
    ck_assert_int_eq(make_file("sticky/mine", 0600), 0);
    ck_assert_int_eq(CALL1(unlink, text(0, "sticky/roots")), -EPERM);
    ck_assert_int_eq(
        CALL2(rename, text(0, "sticky/mine"), text(1, "sticky/roots")), -EPERM);
    ck_assert_int_eq(CALL1(unlink, text(0, "sticky/mine")), 0);
    ck_assert_int_eq(CALL2(chmod, text(0, "program"), 0777), -EPERM);
    ck_assert_int_eq(CALL3(chown32, text(0, "open/mine"), 6, -1), -EPERM);
    ck_assert_int_eq(CALL3(chown32, text(0, "open/mine"), -1, 5), 0);
    ck_assert_int_eq(CALL2(utimes, text(0, "program"), 0), -EACCES);
    ck_assert_int_eq(CALL2(link, text(0, "open/mine"), text(1, "x")), -EACCES);
    ck_assert_int_eq(CALL3(mknod, text(0, "open/dev"), S_IFCHR | 0666, 0x103),
                     -EPERM);
    ck_assert_int_eq(CALL3(mknod, text(0, "open/fifo"), S_IFIFO | 0666, 0), 0);
    t->euid = 0; // the real user is still asked
    ck_assert_int_eq(CALL2(access, text(0, "secret"), 4), -EACCES);
    ck_assert_int_eq(CALL4(faccessat2, AT_FDCWD, text(0, "secret"), 4, 0x200),
                     0);
}
END_TEST

static u32 seen_euid, looks;

// What another thread, or a signal, sees while the path waits.
static int
look_and_wait(struct inode *dir, const char *name, struct inode **result)
{
    (void)dir, (void)name, (void)result;
    seen_euid = filed.task->euid;
    looks++;
    return -ENOENT;
}

// Does access() ask for the real user without becoming it?
START_TEST(real_user)
{
    static const struct inode_ops slow_ops = {.lookup = look_and_wait};
    struct task *t = filed.task;
    struct inode *cwd = t->place->cwd;
    struct inode slow = {.linux = &lx,
                         .ops = &slow_ops,
                         .refs = 1,
                         .mode = S_IFDIR | 0700,
                         .links = 2,
                         .uid = 5};

    t->place->cwd = &slow;
    t->uid = 5;
    ck_assert_int_eq(CALL2(access, text(0, "x"), 4), -ENOENT);
    ck_assert_uint_eq(looks, 1);
    ck_assert_uint_eq(seen_euid, 0);
    t->uid = 6; // who may not pass
    ck_assert_int_eq(CALL2(access, text(0, "x"), 4), -EACCES);
    ck_assert_uint_eq(looks, 1);
    t->place->cwd = cwd;
    t->uid = 0;
}
END_TEST

// While the new name is looked for, another one replaces what has the old name.
static int
replace_and_go(struct inode *dir, const char *name, struct inode **result)
{
    struct task *t = filed.task;

    (void)dir, (void)name;
    t->euid = 0;
    ck_assert_int_eq(CALL1(unlink, text(5, "/sticky/f")), 0);
    ck_assert_int_eq(make_file("/sticky/f", 0600), 0);
    t->euid = 5;
    return path_find(t, AT_FDCWD, "/open", 0, result, NULL);
}

// Is what is renamed what the task was asked about?
START_TEST(replaced)
{
    static const struct inode_ops slow_ops = {.lookup = replace_and_go};
    struct task *t = filed.task;
    struct inode *cwd = t->place->cwd;
    struct inode slow = {.linux = &lx,
                         .ops = &slow_ops,
                         .refs = 1,
                         .mode = S_IFDIR | 0755,
                         .links = 2};

    CALL2(mkdir, text(0, "sticky"), 0777);
    CALL2(chmod, text(0, "sticky"), 01777);
    CALL2(mkdir, text(0, "open"), 0777);
    CALL2(chmod, text(0, "open"), 0777);
    t->uid = t->euid = 5;
    ck_assert_int_eq(make_file("sticky/f", 0600), 0);
    t->place->cwd = &slow;
    ck_assert_int_eq(CALL2(rename, text(3, "/sticky/f"), text(4, "via/g")),
                     -EPERM);
    t->place->cwd = cwd;
    t->uid = t->euid = 0;
    ck_assert_int_eq(try_open("sticky/f", 0), 0);
}
END_TEST

// Times, as they are set and as they come of themselves?
START_TEST(times)
{
    const struct stat64_i386 *s = (void *)room(1);
    int *pair = (int *)room(2);
    u32 before;

    make_file("f", 0600);
    CALL2(stat64, text(0, "f"), at(1));
    before = s->changed.seconds;
    filed.clock += 5000000;
    pair[0] = 1000, pair[1] = 5000, pair[2] = 2000, pair[3] = 0x3ffffffe;
    ck_assert_int_eq(CALL4(utimensat, AT_FDCWD, text(0, "f"), at(2), 0), 0);
    CALL2(stat64, text(0, "f"), at(1));
    ck_assert_uint_eq(s->access.seconds, 1000);
    ck_assert_uint_eq(s->access.nanoseconds, 5000);
    ck_assert_uint_eq(s->modified.seconds, before); // omitted
    ck_assert_uint_ge(s->changed.seconds, before + 5);
    pair[1] = -1;
    ck_assert_int_eq(CALL4(utimensat, AT_FDCWD, text(0, "f"), at(2), 0),
                     -EINVAL);
    pair[1] = 1000000000;
    ck_assert_int_eq(CALL4(utimensat, AT_FDCWD, text(0, "f"), at(2), 0),
                     -EINVAL);
    int f = CALL3(open, text(0, "f"), O_RDWR, 0);

    ck_assert_int_eq(CALL4(utimensat, f, 0, 0, 0), 0);
    ck_assert_int_eq(CALL4(utimensat, 99, 0, 0, 0), -EBADF);
    filed.clock += 5000000;
    CALL3(write, f, at(2), 10);
    CALL2(fstat64, f, at(1));
    ck_assert_uint_ge(s->modified.seconds, before + 10);
    ck_assert_uint_eq(s->blocks, 8);
}
END_TEST

// Descriptors as places, and the empty path?
START_TEST(at_descriptor)
{
    CALL2(mkdir, text(0, "d"), 0755);
    int d = CALL3(open, text(0, "d"), O_DIRECTORY, 0);
    int f = CALL4(openat, d, text(0, "f"), O_CREAT | O_RDWR, 0600);

    ck_assert_int_ge(f, 0);
    ck_assert_int_eq(CALL4(openat, f, text(0, "x"), 0, 0), -ENOTDIR);
    ck_assert_int_eq(CALL4(openat, 99, text(0, "x"), 0, 0), -EBADF);
    ck_assert_int_eq(CALL4(fstatat64, f, text(0, ""), at(1), AT_EMPTY_PATH), 0);
    ck_assert_int_eq(CALL4(fstatat64, f, text(0, ""), at(1), 0), -ENOENT);
    ck_assert_int_eq(CALL4(fstatat64, d, text(0, "f"), at(1), 0x20000),
                     -EINVAL);
    ck_assert_int_eq(CALL3(unlinkat, d, text(0, "f"), AT_REMOVEDIR), -ENOTDIR);
    ck_assert_int_eq(CALL3(unlinkat, d, text(0, "f"), 0), 0);
    ck_assert_int_eq(CALL1(fchdir, d), 0);
    ck_assert_int_eq(CALL1(fchdir, f), -ENOTDIR);
    ck_assert_int_eq(CALL1(chdir, text(0, "/")), 0);
    CALL1(close, d);
    CALL1(close, f);
    ck_assert_int_eq(CALL1(rmdir, text(0, "d")), 0);
    filed_ck_empty();
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {links,  lengths,       places,    chroots,
                                  mounts, permissions,   real_user, replaced,
                                  times,  at_descriptor, NULL};
    const struct suite suite = {.name = "linux_path",
                                .open = filed_open,
                                .close = filed_close,
                                .test = tests};

    return suite_run(&suite);
}

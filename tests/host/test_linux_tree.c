// test_linux_tree.c -- do files behave as those of the machine this runs on?
#include <stdio.h>

#include "beside.h"
#include "filed.h"
#include "linux/file/stat_user.h"

#define OPENED 6u
#define WRITE_MAX 9000u
#define FAR_MAX 6000000u // beyond the first leaf of page numbers

static struct {
    int here, beside; // the same file
} opened[OPENED];

static u32 step;

static void
tree_open(void)
{
    filed_open();
    beside_open_folder();
    filed.task->place->umask = 022;
    for (u32 i = 0; i < OPENED; i++)
        opened[i].here = -1;
}

static void
tree_close(void)
{
    beside_close_folder();
    filed_close();
}

static void
same(int here, int beside, const char *what, const char *a, const char *b)
{
    if (here != beside)
        ck_abort_msg("step %u: %s %s %s: %d, but %d beside", step, what, a, b,
                     here, beside);
}

// A path of few names, so that they meet.
static const char *
some_path(char *to)
{
    static const char *const names[] = {"a", "b", "c", "dir", "."};
    u32 parts = 1 + (u32)rand() % 3;

    *to = 0;
    for (u32 i = 0; i < parts; i++) {
        if (i > 0)
            strcat(to, rand() % 20 == 0 ? "//" : "/");
        strcat(to, names[(u32)rand() % (rand() % 16 == 0 ? 5 : 4)]);
    }
    if (rand() % 12 == 0)
        strcat(to, "/");
    return to;
}

static u64
some_place(void)
{
    switch (rand() % 4) {
    case 0:
        return (u64)rand() % FAR_MAX;
    case 1:
        return (u64)rand() % 20 * PAGE_SIZE;
    default:
        return (u64)rand() % 30000;
    }
}

// --- one operation on both ---

static void
open_some(const char *path)
{
    static const u32 flags[] = {0,       O_CREAT,    O_CREAT | O_EXCL,
                                O_TRUNC, O_NOFOLLOW, O_DIRECTORY};
    u32 i = (u32)rand() % OPENED;
    u32 f = O_RDWR | O_LARGEFILE;

    if (opened[i].here >= 0) {
        same(CALL1(close, opened[i].here), beside_close(opened[i].beside),
             "close", path, "");
        opened[i].here = -1;
    }
    for (u32 n = 0; n < 2; n++)
        f |= flags[(u32)rand() % ARRAY_LEN(flags)];
    if (rand() % 6 == 0)
        f &= ~O_RDWR;
    if ((f & O_CREAT) != 0)
        f &= ~O_DIRECTORY; // kernels differ
    u32 mode = (u32)rand() % 2 == 0 ? 0666 : 0640;
    int here = CALL3(open, text(0, path), f, mode);
    int beside = beside_open(path, f, mode);

    same(here < 0 ? here : 0, beside < 0 ? beside : 0, "open", path, "");
    opened[i].here = here;
    opened[i].beside = beside;
}

static void
read_both(u32 i, u64 place, u32 bytes)
{
    static u8 buffer[WRITE_MAX];

    for (u32 done = 0; done < bytes; done += PAGE_SIZE, place += PAGE_SIZE) {
        u32 n = MIN(bytes - done, PAGE_SIZE);
        int here =
            CALL6(pread64, opened[i].here, at(0), n, place, place >> 32, 0);
        int beside = beside_read(opened[i].beside, buffer, n, place);

        same(here, beside, "read", "", "");
        if (here > 0 && memcmp(room(0), buffer, (u32)here) != 0)
            ck_abort_msg("step %u: other bytes at %llu", step,
                         (unsigned long long)place);
    }
}

static void
write_both(u32 i, u64 place, u32 bytes)
{
    memset(room(0), 1 + rand() % 255, PAGE_SIZE);
    for (u32 done = 0; done < bytes; done += PAGE_SIZE, place += PAGE_SIZE) {
        u32 n = MIN(bytes - done, PAGE_SIZE);

        same(CALL6(pwrite64, opened[i].here, at(0), n, place, place >> 32, 0),
             beside_write(opened[i].beside, room(0), n, place), "write", "",
             "");
    }
}

static void
use_opened(void)
{
    u32 i = (u32)rand() % OPENED;
    u64 place = some_place();

    if (opened[i].here < 0)
        return;
    switch (rand() % 5) {
    case 0:
        same(CALL3(ftruncate64, opened[i].here, place, place >> 32),
             beside_resize(opened[i].beside, place), "resize", "", "");
        break;
    case 1:
    case 2:
        write_both(i, place, 1 + (u32)rand() % WRITE_MAX);
        break;
    default:
        read_both(i, place, 1 + (u32)rand() % WRITE_MAX);
    }
}

static void
change_names(const char *a, const char *b)
{
    u32 mode = (u32)rand() & 0777;

    switch (rand() % 9) {
    case 0:
        same(CALL2(mkdir, text(0, a), mode), beside_mkdir(a, mode), "mkdir", a,
             "");
        break;
    case 1:
        same(CALL1(rmdir, text(0, a)), beside_rmdir(a), "rmdir", a, "");
        break;
    case 2:
    case 3:
        same(CALL1(unlink, text(0, a)), beside_unlink(a), "unlink", a, "");
        break;
    case 4:
        same(CALL2(link, text(0, a), text(1, b)), beside_link(a, b), "link", a,
             b);
        break;
    case 5:
        same(CALL2(symlink, text(0, a), text(1, b)), beside_symlink(a, b),
             "symlink", a, b);
        break;
    case 6:
        same(CALL2(chmod, text(0, a), mode), beside_chmod(a, mode), "chmod", a,
             "");
        break;
    default:
        same(CALL2(rename, text(0, a), text(1, b)), beside_rename(a, b),
             "rename", a, b);
    }
}

static void
look(const char *path, int follow)
{
    struct beside_stat s;
    const struct stat64_i386 *here = (void *)room(1);
    int err = follow ? CALL2(stat64, text(0, path), at(1))
                     : CALL2(lstat64, text(0, path), at(1));

    same(err, beside_stat(path, follow, &s), "stat", path, "");
    if (err < 0)
        return;
    same((int)here->mode, (int)s.mode, "mode", path, "");
    if ((s.mode & S_IFMT) == S_IFDIR)
        return;
    same((int)here->links, (int)s.links, "links", path, "");
    same((int)here->size, (int)s.size, "size", path, "");
}

// --- everything at once ---

static int
count_here(const char *path)
{
    int f = CALL3(open, text(0, path), O_DIRECTORY, 0);
    int names = -2, got;

    if (f < 0)
        return f;
    while ((got = CALL3(getdents64, f, at(1), 100)) > 0)
        for (int i = 0; i < got; i += *(u16 *)(room(1) + i + 16))
            names++;
    ck_assert_int_eq(got, 0);
    CALL1(close, f);
    return names;
}

// All paths there can be, of so many parts.
static void
compare(char *path, u32 depth)
{
    static const char *const names[] = {"a", "b", "c", "dir"};
    u32 length = (u32)strlen(path);
    struct beside_stat s;
    char target[32];

    if (depth > 0) {
        look(path, 0);
        if (beside_stat(path, 0, &s) < 0)
            return;
        if ((s.mode & S_IFMT) == S_IFLNK) {
            int n = beside_readlink(path, target, sizeof(target));

            same(CALL3(readlink, text(0, path), at(1), 32), n, "readlink", path,
                 "");
            ck_assert_int_eq(memcmp(target, room(1), (u32)n), 0);
        }
        if ((s.mode & S_IFMT) != S_IFDIR)
            return;
    }
    same(count_here(depth == 0 ? "." : path),
         beside_count(depth == 0 ? "." : path), "entries", path, "");
    for (u32 i = 0; depth < 5 && i < ARRAY_LEN(names); i++) {
        sprintf(path + length, "%s%s", depth > 0 ? "/" : "", names[i]);
        compare(path, depth + 1);
    }
    path[length] = 0;
}

// Everything below a directory goes, whatever it is.
static void
remove_all(char *path)
{
    static const char *const names[] = {"a", "b", "c", "dir"};
    u32 length = (u32)strlen(path);

    for (u32 i = 0; i < ARRAY_LEN(names); i++) {
        sprintf(path + length, "%s%s", length > 0 ? "/" : "", names[i]);
        if (CALL1(unlink, text(0, path)) == -EISDIR) {
            remove_all(path);
            ck_assert_int_eq(CALL1(rmdir, text(0, path)), 0);
        }
    }
    path[length] = 0;
}

// Any calls in any order: is every answer, and are all files, the same?
START_TEST(at_random)
{
    char a[64], b[64];

    srand((unsigned)_i);
    for (step = 0; step < 6000; step++) {
        some_path(a);
        some_path(b);
        if (rand() % 3 == 0)
            open_some(a);
        else if (rand() % 2 == 0)
            use_opened();
        else
            change_names(a, b);
        look(b, rand() % 2);
        if (step % 500 == 499) {
            a[0] = 0;
            compare(a, 0);
            pooled_ck();
        }
    }
    for (u32 i = 0; i < OPENED; i++)
        if (opened[i].here >= 0)
            CALL1(close, opened[i].here);
    a[0] = 0;
    remove_all(a);
    filed_ck_empty();
}
END_TEST

#define FILES 10000u

static int
make_file(const char *path)
{
    int f = CALL3(open, text(0, path), O_CREAT | O_EXCL | O_WRONLY, 0600);

    return f < 0 ? f : CALL1(close, f);
}

// Is everything listed once while what was listed is removed?
START_TEST(many)
{
    char path[32];
    u32 removed = 0;
    int got;

    ck_assert_int_eq(CALL2(mkdir, text(0, "many"), 0700), 0);
    for (u32 i = 0; i < FILES; i++) {
        sprintf(path, "many/file-%u", i);
        ck_assert_int_eq(make_file(path), 0);
    }
    ck_assert_int_eq(make_file("many/file-77"), -EEXIST);
    int f = CALL3(open, text(0, "many"), O_DIRECTORY, 0);

    while ((got = CALL3(getdents, f, at(1), PAGE_SIZE)) > 0)
        for (int i = 0; i < got; i += *(u16 *)(room(1) + i + 8)) {
            sprintf(path, "many/%.20s", room(1) + i + 10);
            if (path[5] != '.' && CALL1(unlink, text(0, path)) == 0)
                removed++;
        }
    ck_assert_uint_eq(removed, FILES);
    CALL1(close, f);
    ck_assert_int_eq(CALL1(rmdir, text(0, "many")), 0);
    filed_ck_empty();
}
END_TEST

// Does a listing end although each step adds a name?
START_TEST(growing)
{
    char path[32];
    u32 listed = 0, made = 0;
    int got;

    for (u32 i = 0; i < 100; i++) {
        sprintf(path, "old-%u", i);
        make_file(path);
    }
    int f = CALL3(open, text(0, "."), O_DIRECTORY, 0);

    while ((got = CALL3(getdents64, f, at(1), 40)) > 0) {
        listed++;
        ck_assert_uint_lt(listed, 10000);
        sprintf(path, "new-%u", made++);
        ck_assert_int_eq(make_file(path), 0);
    }
    ck_assert_uint_gt(listed, 100);
}
END_TEST

// Is room that fails to come an error, and is nothing lost by it?
START_TEST(full)
{
    char path[32];
    u32 made = 0, pages, objects;
    int f, got;

    ck_assert_int_eq(make_file("kept"), 0);
    pages = lx.pages.used;
    objects = lx.heap.used;
    pooled_starve(2 * CHUNK_PAGES);
    f = CALL3(open, text(0, "large"), O_CREAT | O_WRONLY | O_LARGEFILE, 0600);
    while ((got = CALL3(write, f, at(1), PAGE_SIZE)) == (int)PAGE_SIZE)
        ;
    ck_assert_int_eq(got, -ENOSPC);
    do {
        sprintf(path, "small-%u", made++);
        got = CALL2(mkdir, text(0, path), 0700);
    } while (got == 0);
    ck_assert(got == -ENOSPC || got == -ENOMEM);
    ck_assert_ptr_null(pages_check(&lx.pages));
    pooled_feed();
    CALL1(close, f);
    CALL1(unlink, text(0, "large"));
    while (made-- > 0) {
        sprintf(path, "small-%u", made);
        CALL1(rmdir, text(0, path));
    }
    ck_assert_uint_eq(lx.pages.used, pages);
    ck_assert_uint_eq(lx.heap.used, objects);
    pooled_ck();
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("linux_tree");
    TCase *tcase = tcase_create("linux_tree");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, tree_open, tree_close);
    tcase_add_loop_test(tcase, at_random, 0, 12);
    tcase_add_test(tcase, many);
    tcase_add_test(tcase, growing);
    tcase_add_test(tcase, full);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

// test_ext2.c -- are the files of an ext2 read right, and damage survived?
//
// The images are made by mke2fs -d from a folder that the test writes.
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ext2_image.h"
#include "tender/error.h"

static int
mount(struct ext2 *fs)
{
    return ext2_mount(fs, ext2_read_image, NULL,
                      ext2_image.bytes / EXT2_SECTOR);
}

static void
expect_file(struct ext2 *fs, const char *path, u32 bytes, u32 hole)
{
    struct ext2_file file;
    u8 *buffer = malloc(bytes + 10);

    ck_assert_int_eq(ext2_find(fs, path, &file), 0);
    ck_assert_uint_eq(file.bytes, bytes);
    ck_assert_uint_eq(file.directory, 0);
    ck_assert_int_eq(ext2_read(fs, &file, 0, buffer, bytes + 10), (int)bytes);
    for (u32 i = 0; i < bytes; i++) {
        int in_hole = hole != 0 && i >= hole && i < hole + 100000;

        if (buffer[i] != (in_hole ? 0 : ext2_pattern(i)))
            ck_abort_msg("%s differs at %u", path, i);
    }
    // In pieces that fit no block.
    for (u32 at = 0; at < bytes; at += 77777) {
        int got = ext2_read(fs, &file, at, buffer, 1000);

        ck_assert_int_eq(got, (int)MIN(1000, bytes - at));
        ck_assert_uint_eq(buffer[0],
                          hole != 0 && at >= hole && at < hole + 100000
                              ? 0
                              : ext2_pattern(at));
    }
    ck_assert_int_eq(ext2_read(fs, &file, bytes, buffer, 1), 0);
    ck_assert_int_eq(ext2_read(fs, &file, ~0u, buffer, 1), 0);
    free(buffer);
}

static u32
count_names(struct ext2 *fs, const char *path)
{
    struct ext2_file file;
    struct ext2_name name;
    u32 offset = 0;
    u32 names = 0;
    int err;

    ck_assert_int_eq(ext2_find(fs, path, &file), 0);
    while ((err = ext2_next(fs, &file, &offset, &name)) == 0)
        names++;
    ck_assert_int_eq(err, E_NAME);
    return names;
}

static const char *const shapes[] = {"",
                                     "-r 0 -O none",
                                     "-O ^dir_index",
                                     "-I 256",
                                     "-O ^resize_inode,^sparse_super",
                                     "-N 2000 -g 2048"};

// Is everything there, whatever the block size and the features?
START_TEST(contents)
{
    struct ext2 fs;
    struct ext2_file file;
    u32 block = 1024u << _i / ARRAY_LEN(shapes);

    ext2_make_tree();
    ext2_make_image(block, shapes[_i % ARRAY_LEN(shapes)]);
    ck_assert_int_eq(mount(&fs), 0);
    ck_assert_uint_eq(fs.block_bytes, block);
    expect_file(&fs, "/hello", 13, 0);
    expect_file(&fs, "hello", 13, 0);
    expect_file(&fs, "//deep/./er/../er/still//here", 70000, 0);
    expect_file(&fs, "/empty", 0, 0);
    expect_file(&fs, "/block", 4096, 0);
    expect_file(&fs, "/big", BIG_BYTES, 0);
    expect_file(&fs, "/holes", BIG_BYTES, HOLE_AT);
    expect_file(&fs, "/many/a-rather-long-name-299", 299, 0);
    ck_assert_uint_eq(count_names(&fs, "/many"), FILES + 2);
    ck_assert_int_eq(ext2_find(&fs, "/many/a-rather-long-name-300", &file),
                     E_FILE);
    ck_assert_int_eq(ext2_find(&fs, "/hello/x", &file), E_FILE);
    ck_assert_int_eq(ext2_find(&fs, "/hell", &file), E_FILE);
    ck_assert_int_eq(ext2_find(&fs, "/link", &file), E_FILE);
    ck_assert_int_eq(ext2_find(&fs, "", &file), 0);
    ck_assert_uint_eq(file.directory, 1);
    ext2_shell("rm -rf %s");
}
END_TEST

// What an inode says about itself, links short and long?
START_TEST(inodes)
{
    struct ext2 fs;
    struct ext2_file root;
    struct ext2_inode about;
    u32 number;
    char target[300];

    ext2_make_tree();
    ext2_make_image(1024, shapes[_i]);
    ck_assert_int_eq(mount(&fs), 0);
    ck_assert_int_eq(ext2_find(&fs, "/", &root), 0);
    ck_assert_int_eq(ext2_find_in(&fs, &root, "hello", &number), 0);
    ck_assert_int_eq(ext2_look(&fs, number, &about), 0);
    ck_assert_uint_eq(about.mode, 0106751);
    ck_assert_uint_eq(about.mtime, 1000000000);
    ck_assert_uint_eq(about.links, 1);
    ck_assert_uint_eq(about.bytes, 13);
    ck_assert_int_eq(ext2_read_link(&fs, number, target, 300), E_FILE);
    ck_assert_int_eq(ext2_find_in(&fs, &root, "link", &number), 0);
    ck_assert_int_eq(ext2_read_link(&fs, number, target, 300), 5);
    ck_assert_int_eq(memcmp(target, "hello", 5), 0);
    ck_assert_int_eq(ext2_read_link(&fs, number, target, 3), 3);
    ck_assert_int_eq(ext2_find_in(&fs, &root, "long", &number), 0);
    ck_assert_int_eq(ext2_look(&fs, number, &about), 0);
    ck_assert_uint_eq(about.mode, 0120777);
    ck_assert_int_eq(ext2_read_link(&fs, number, target, 300), 200);
    ck_assert_int_eq(memcmp(target + 195, "long/", 5), 0);
    ck_assert_int_eq(ext2_find_in(&fs, &root, "non", &number), E_FILE);
    ck_assert_int_eq(ext2_look(&fs, 0, &about), E_DAMAGED);
    ck_assert_int_eq(ext2_look(&fs, ~0u, &about), E_DAMAGED);
    ext2_shell("rm -rf %s");
}
END_TEST

// A made-up file, as large as the format allows, uses all three levels.
START_TEST(levels)
{
    struct ext2 fs;
    struct ext2_file file;
    u8 byte;

    ext2_make_tree();
    ext2_make_image(1024, "");
    ck_assert_int_eq(mount(&fs), 0);
    ck_assert_int_eq(ext2_find(&fs, "/big", &file), 0);
    u32 second = file.pointer[13];

    // The third level's block points to itself: its depth must still end.
    file.pointer[14] = second;
    file.bytes = 0x7fffffff;
    ext2_image.reads = 0;
    ck_assert_int_ge(
        ext2_read(&fs, &file, (12 + 256 + 65536 + 5) * 1024u, &byte, 1),
        E_DAMAGED);
    ck_assert_uint_le(ext2_image.reads, 4);
    file.pointer[14] = 0; // a hole of gigabytes
    ck_assert_int_eq(
        ext2_read(&fs, &file, (12 + 256 + 65536 + 5) * 1024u, &byte, 1), 1);
    ck_assert_uint_eq(byte, 0);
    file.pointer[14] = 0xffffffff;
    ck_assert_int_eq(
        ext2_read(&fs, &file, (12 + 256 + 65536 + 5) * 1024u, &byte, 1),
        E_DAMAGED);
    ext2_shell("rm -rf %s");
}
END_TEST

// What an operation of the disk may do: it must end, and within reason.
static void
use(void)
{
    static const char *const paths[] = {"/hello", "/deep/er/still/here",
                                        "/many/a-rather-long-name-299", "/big"};
    struct ext2 fs;
    struct ext2_file file;
    struct ext2_name name;
    u8 buffer[4096];

    ext2_image.reads = 0;
    if (mount(&fs) < 0)
        return;
    for (u32 i = 0; i < ARRAY_LEN(paths); i++) {
        if (ext2_find(&fs, paths[i], &file) < 0)
            continue;
        for (u32 at = 0; at < file.bytes && at < 6000000; at += 700000)
            ext2_read(&fs, &file, at, buffer, sizeof(buffer));
    }
    if (ext2_find(&fs, "/many", &file) == 0) {
        u32 offset = 0;

        while (ext2_next(&fs, &file, &offset, &name) == 0)
            if (name.name[name.length] != 0)
                ck_abort_msg("a name without end");
    }
    ck_assert_msg(ext2_image.reads < 4000000, "%u reads", ext2_image.reads);
}

// Damage where the metadata are: every byte of the first blocks one day.
START_TEST(noise)
{
    static const u32 blocks[] = {1024, 2048, 4096};
    u32 block = blocks[_i % 3];

    srand((unsigned)_i);
    ext2_make_tree();
    ext2_make_image(block, _i & 1 ? "" : "-r 0 -O none");
    for (int round = 0; round < 300; round++) {
        u32 touched[64];
        u32 n = 1 + (u32)rand() % 64;
        // the superblock, its group's descriptors and inodes, directories
        u32 range = round % 3 == 0 ? 1024 : round % 3 == 1 ? 60000 : 600000;

        for (u32 i = 0; i < n; i++) {
            touched[i] = 1024 + (u32)rand() % range;
            ext2_image.now[touched[i]] = rand() % 2 ? (u8)rand() : 0xff;
        }
        // Else nothing more would be looked at.
        ext2_image.now[1024 + 56] = 0x53;
        ext2_image.now[1024 + 57] = 0xef;
        use();
        for (u32 i = 0; i < n; i++)
            ext2_image.now[touched[i]] = ext2_image.made[touched[i]];
    }
    ext2_shell("rm -rf %s");
}
END_TEST

// Each word of the superblock in turn is something else.
START_TEST(superblock)
{
    static const u32 values[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff};

    ext2_make_tree();
    ext2_make_image(1024, "");
    for (u32 at = 1024; at < 1024 + 128; at += 4)
        for (u32 v = 0; v < ARRAY_LEN(values); v++) {
            for (u32 i = 0; i < 4; i++)
                ext2_image.now[at + i] = (u8)(values[v] >> i * 8);
            use();
            for (u32 i = 0; i < 4; i++)
                ext2_image.now[at + i] = ext2_image.made[at + i];
        }
    struct ext2 fs;

    ck_assert_int_eq(mount(&fs), 0);
    ck_assert_int_eq(ext2_mount(&fs, ext2_read_image, NULL, 3), E_DAMAGED);
    ck_assert_int_eq(ext2_mount(&fs, ext2_read_image, NULL,
                                ext2_image.bytes / EXT2_SECTOR - 8),
                     E_DAMAGED);
    ext2_image.now[1024 + 96] |= 0x40; // extents: of a later kind
    ck_assert_int_eq(mount(&fs), E_DAMAGED);
    ext2_shell("rm -rf %s");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("ext2");
    TCase *tcase = tcase_create("ext2");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, contents, 0, 3 * ARRAY_LEN(shapes));
    tcase_add_loop_test(tcase, inodes, 0, ARRAY_LEN(shapes));
    tcase_add_test(tcase, levels);
    tcase_add_loop_test(tcase, noise, 0, 6);
    tcase_add_test(tcase, superblock);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

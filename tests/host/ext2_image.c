// ext2_image.c -- an ext2 file system to read and to damage
#include "ext2_image.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct ext2_image ext2_image;

static char folder[64];

u8
ext2_pattern(u32 at)
{
    return (u8)(at * 2654435761u >> 24);
}

void
ext2_shell(const char *format)
{
    char line[512];

    snprintf(line, sizeof(line), format, folder, folder);
    ck_assert_msg(system(line) == 0, "failed: %s", line);
}

static void
make_file(const char *name, u32 bytes, u32 hole_from)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/tree/%s", folder, name);
    FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    for (u32 i = 0; i < bytes; i++) {
        if (hole_from != 0 && i == hole_from) {
            i += 100000;
            fseek(f, i, SEEK_SET);
        }
        fputc(ext2_pattern(i), f);
    }
    fclose(f);
}

void
ext2_make_tree(void)
{
    char name[64];

    snprintf(folder, sizeof(folder), "/tmp/test_ext2.%d", (int)getpid());
    ext2_shell("rm -rf %s");
    ext2_shell("mkdir -p %s/tree/many");
    ext2_shell("mkdir -p %s/tree/deep/er/still");
    make_file("hello", 13, 0);
    make_file("empty", 0, 0);
    make_file("block", 4096, 0);
    make_file("big", BIG_BYTES, 0);
    make_file("holes", BIG_BYTES, HOLE_AT);
    make_file("deep/er/still/here", 70000, 0);
    for (u32 i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "many/a-rather-long-name-%u", i);
        make_file(name, i, 0);
    }
    ext2_shell("ln -s hello %s/tree/link");
    ext2_shell("ln -s $(printf 'long/%%.0s' $(seq 40)) %s/tree/long");
    ext2_shell(
        "chmod 6751 %s/tree/hello && touch -d @1000000000 %s/tree/hello");
}

void
ext2_make_image(u32 block, const char *features)
{
    char path[128];
    struct stat st;

    snprintf(path, sizeof(path), "%s/image", folder);
    ext2_shell("rm -f %s/image");
    ext2_shell("truncate -s 20M %s/image");
    char line[512];

    snprintf(line, sizeof(line),
             "mke2fs -q -F -t ext2 -b %u %s -d %s/tree %s >/dev/null 2>&1",
             block, features, folder, path);
    ck_assert_msg(system(line) == 0, "failed: %s", line);
    int fd = open(path, O_RDONLY);

    ck_assert(fd >= 0 && fstat(fd, &st) == 0);
    ext2_image.bytes = (u32)st.st_size;
    ext2_image.now = malloc(ext2_image.bytes);
    ext2_image.made = malloc(ext2_image.bytes);
    ck_assert_int_eq(read(fd, ext2_image.now, ext2_image.bytes),
                     (ssize_t)ext2_image.bytes);
    close(fd);
    for (u32 i = 0; i < ext2_image.bytes; i++)
        ext2_image.made[i] = ext2_image.now[i];
}

int
ext2_read_image(void *state, u32 sector, u32 sectors, u32 offset, void *to,
                u32 bytes)
{
    u8 *t = to;

    (void)state;
    ext2_image.reads++;
    // Check's own assertions are far too slow here.
    if (sectors == 0 || sectors > 8 || sector % sectors != 0)
        ck_abort_msg("the unit %u+%u", sector, sectors);
    if (offset + bytes > sectors * EXT2_SECTOR ||
        ((u64)sector + sectors) * EXT2_SECTOR > ext2_image.bytes)
        ck_abort_msg("a read beyond the unit or the disk");
    for (u32 i = 0; i < bytes; i++)
        t[i] = ext2_image.now[sector * EXT2_SECTOR + offset + i];
    return 0;
}

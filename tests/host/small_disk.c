// small_disk.c -- a disk with a few programs that takes its time
#include "small_disk.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_bytes.h"
#include "small.h"

#define IMAGE_BYTES (4u << 20)
#define PARTITION 2048u // sector

static u8 *image;
static u8 bounce[65536];

// A program of 100 bytes of text, 5000 of data and 3000 more of zeroes.
static void
write_program(const char *path)
{
    static u8 file[0x3000];

    memset(file, 0, sizeof(file));
    elf_put_header(file, 0x08048000, 2);
    static const u32 segment[2][8] = {
        {1, 0x1000, 0x08048000, 0, 100, 100, 5, 0x1000},
        {1, 0x1100, 0x0804a100, 0, 5000, 8000, 6, 0x1000}};

    for (u32 i = 0; i < 16; i++)
        put32(file + ELF_HEADER_BYTES + i * 4, segment[i / 8][i % 8]);
    for (u32 i = 0x1000; i < sizeof(file); i++)
        file[i] = (u8)(i * 7);
    FILE *f = fopen(path, "w");

    ck_assert(f != NULL && fwrite(file, sizeof(file), 1, f) == 1);
    fclose(f);
}

static void
make_image(void)
{
    static const char *const names[] = {
        "init", "a", "b", "c", "d", "quick", "a-program-with-a-very-long-name"};
    char folder[] = "/tmp/small.XXXXXX";
    char line[512];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(line, sizeof(line), "mkdir -p %s/tree/bin", folder);
    ck_assert_int_eq(system(line), 0);
    for (u32 i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(line, sizeof(line), "%s/tree/bin/%s", folder, names[i]);
        write_program(line);
    }
    snprintf(line, sizeof(line),
             "cd %s && echo text > tree/bin/text && "
             "head -c 4500 tree/bin/a > tree/bin/short && "
             "truncate -s 3M image && mke2fs -q -F -t ext2 -d tree image "
             ">/dev/null 2>&1",
             folder);
    ck_assert_int_eq(system(line), 0);
    image = calloc(1, IMAGE_BYTES);
    snprintf(line, sizeof(line), "%s/image", folder);
    int fd = open(line, O_RDONLY);

    ck_assert_int_eq(read(fd, image + PARTITION * 512, 3 << 20), 3 << 20);
    close(fd);
    snprintf(line, sizeof(line), "rm -rf %s", folder);
    ck_assert_int_eq(system(line), 0);
    image[446 + 4] = 0x83;
    put32(image + 446 + 8, PARTITION);
    put32(image + 446 + 12, (3 << 20) / 512);
    image[510] = 0x55;
    image[511] = 0xaa;
}

static int
disk_start(void *state, int write, u32 sector, u32 count)
{
    (void)state;
    if (small.transfer != 0)
        fake_fail("a second transfer while one is in flight");
    if (write || count == 0 || count > 128 ||
        sector + count > IMAGE_BYTES / 512)
        fake_fail("transfer of %u+%u", sector, count);
    memcpy(bounce, image + sector * 512, count * 512);
    small.transfer = small.transfer_ticks;
    return 0;
}

// Ticks end a transfer; or, where the kernel polls, its patience.
static int
disk_done(void *state)
{
    (void)state;
    if (small.transfer > 0 &&
        (!small.executions.begun || fake.now_us - small.tick_us > 12000))
        small.transfer--;
    if (small.transfer != 0)
        return 0;
    if (small.transfer_fails > 0) {
        small.transfer_fails--;
        return E_DISK;
    }
    return 1;
}

static struct disk_driver driver = {
    .sectors = IMAGE_BYTES / 512,
    .start = disk_start,
    .done = disk_done,
    .buffer = bounce,
};

struct disk_driver *
small_disk(void)
{
    if (image == NULL)
        make_image();
    return &driver;
}

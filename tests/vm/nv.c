// nv.c -- look at, copy and damage the file of a machine's NV memory
#include "nv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tender/assert.h"
#include "tender/crc.h"
#include "tender/machine.h"

#define CHUNK 65536

// The two doors that the kernel's layout stands on.
void
panic(const char *file, int line, const char *sentence)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, sentence);
    abort();
}

// Nobody asks for it here.
void
machine_log(const char *text, u32 length)
{
    (void)text;
    (void)length;
}

void
machine_put(const char *text, u32 length)
{
    fwrite(text, 1, length, stderr);
}

static void
must(int ok, const char *path)
{
    if (ok)
        return;
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}

static int
open_or_die(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0666);

    must(fd >= 0, path);
    return fd;
}

static void
copy_range(int in, int out, off_t from, off_t end, const char *path)
{
    char chunk[CHUNK];

    while (from < end) {
        size_t want = (size_t)MIN((off_t)CHUNK, end - from);
        ssize_t got = pread(in, chunk, want, from);

        must(got > 0 && pwrite(out, chunk, (size_t)got, from) == got, path);
        from += got;
    }
}

void
nv_copy(const char *from, const char *to)
{
    int in = open_or_die(from, O_RDONLY);
    int out = open_or_die(to, O_WRONLY | O_CREAT | O_TRUNC);
    off_t size = lseek(in, 0, SEEK_END);
    off_t data = lseek(in, 0, SEEK_DATA);

    must(ftruncate(out, size) == 0, to);
    while (data >= 0) {
        off_t hole = lseek(in, data, SEEK_HOLE);

        copy_range(in, out, data, hole, to);
        data = lseek(in, hole, SEEK_DATA);
    }
    close(in);
    must(close(out) == 0, to);
}

void
nv_read(const char *path, u64 at, void *bytes, size_t length)
{
    int fd = open_or_die(path, O_RDONLY);

    must(pread(fd, bytes, length, (off_t)at) == (ssize_t)length, path);
    close(fd);
}

void
nv_write(const char *path, u64 at, const void *bytes, size_t length)
{
    int fd = open_or_die(path, O_WRONLY);

    must(pwrite(fd, bytes, length, (off_t)at) == (ssize_t)length, path);
    close(fd);
}

void
nv_flip(const char *path, u64 at, unsigned bit)
{
    u8 byte;

    nv_read(path, at, &byte, 1);
    byte ^= (u8)(1u << bit);
    nv_write(path, at, &byte, 1);
}

void
nv_fill_random(const char *path, u64 at, u64 length, unsigned seed)
{
    u8 chunk[CHUNK];

    srandom(seed);
    while (length > 0) {
        size_t now = (size_t)MIN((u64)CHUNK, length);

        for (size_t i = 0; i < now; i++)
            chunk[i] = (u8)(random() >> 8);
        nv_write(path, at, chunk, now);
        at += now;
        length -= now;
    }
}

void
nv_root(const char *path, struct nv_root *root)
{
    nv_read(path, NV_ROOT_PA, root, sizeof(*root));
}

void
nv_put_root(const char *path, struct nv_root *root)
{
    root->crc = crc_add(0, root, offsetof(struct nv_root, crc));
    nv_write(path, NV_ROOT_PA, root, sizeof(*root));
}

void
nv_layout(const char *path, struct layout *layout)
{
    struct nv_root root;

    nv_root(path, &root);
    // Where usable memory ends does not move the fixed parts.
    if (layout_compute(layout, root.memory_pages, root.memory_pages,
                       &root.limits) < 0) {
        fprintf(stderr, "%s: there is no root in it.\n", path);
        exit(1);
    }
}

void
nv_generations(const char *path, u32 *begun, u32 *committed)
{
    struct nv_root root;
    struct layout layout;
    struct plate_head head;

    nv_root(path, &root);
    nv_layout(path, &layout);
    nv_read(path, layout.table_pa[TABLE_PLATE], &head, sizeof(head));
    *begun = head.generation;
    *committed = root.commit & GENERATION_MAX;
}

int
nv_newest_slot(const char *path)
{
    struct nv_root root;

    nv_root(path, &root);
    return (int)(root.commit & 1);
}

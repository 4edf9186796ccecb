// bad_files.c -- programs that are none, for an image of a test's own
#include "bad_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Where things are in a program: its header, two program headers, code, and the
// name of an interpreter. Only the first program header counts.
#define CLASS 4
#define TYPE 16
#define MACHINE 18
#define ENTRY 24
#define HEADERS_AT 28
#define HEADER_BYTES 42
#define HEADERS 44
#define FIRST 52
#define SECOND 84
#define CODE 116
#define NAME 128
#define ALL 160
// In a program header.
#define OFFSET 4
#define VA 8
#define FILE_BYTES 16
#define MEMORY_BYTES 20

#define LOW 0x08048000u

#define NO_PROGRAM "the file is not an i386 ELF program"
#define SEGMENTATION "^Segmentation fault\n= 139$"
// busybox takes what the kernel does not know for a script, as on Linux.
#define NO_SCRIPT "^= (2|127)$"
#define TWO_HEADERS                                                            \
    {                                                                          \
        HEADERS, 2, 2                                                          \
    }
#define DYNAMIC                                                                \
    TWO_HEADERS, {SECOND, 4, 3}, {SECOND + OFFSET, 4, NAME},                   \
    {                                                                          \
        SECOND + FILE_BYTES, 4, 13                                             \
    }

static const struct bad_file files[] = {
    {"good", .shell = "^= 42$", .native = "ended with exit code 42"},
    {"empty", "", .shell = "^= 0$", .native = NO_PROGRAM},
    {"four", .bytes = 4, .shell = NO_SCRIPT, .native = NO_PROGRAM},
    {"half-head", .bytes = 30, .shell = NO_SCRIPT, .native = NO_PROGRAM},
    {"head", .bytes = FIRST, .shell = NO_SCRIPT, .native = NO_PROGRAM},
    {"half-table", .bytes = 70, .shell = NO_SCRIPT, .native = NO_PROGRAM},
    {"x86-64",
     NULL,
     0,
     {{CLASS, 1, 2}, {MACHINE, 2, 62}},
     NO_SCRIPT,
     NO_PROGRAM},
    {"x32", NULL, 0, {{MACHINE, 2, 62}}, NO_SCRIPT, NO_PROGRAM},
    {"arm", NULL, 0, {{MACHINE, 2, 40}}, NO_SCRIPT, NO_PROGRAM},
    {"object", NULL, 0, {{TYPE, 2, 1}}, NO_SCRIPT, NO_PROGRAM},
    {"odd-table", NULL, 0, {{HEADER_BYTES, 2, 31}}, NO_SCRIPT, NO_PROGRAM},
    {"far-table",
     NULL,
     0,
     {{HEADERS_AT, 4, 0xfffffff0}},
     NO_SCRIPT,
     NO_PROGRAM},
    {"many", NULL, 0, {{HEADERS, 2, 0xffff}}, NO_SCRIPT, NO_PROGRAM},
    {"cut",
     NULL,
     0,
     {{FIRST + FILE_BYTES, 4, 0x9000}, {FIRST + MEMORY_BYTES, 4, 0x9000}},
     SEGMENTATION,
     NO_PROGRAM},
    {"huge-file",
     NULL,
     0,
     {{FIRST + FILE_BYTES, 4, ~0u}, {FIRST + MEMORY_BYTES, 4, ~0u}},
     SEGMENTATION,
     NO_PROGRAM},
    {"huge",
     NULL,
     0,
     {TWO_HEADERS, {SECOND + MEMORY_BYTES, 4, 0xb0000000}},
     SEGMENTATION,
     NO_PROGRAM},
    {"gigabyte",
     NULL,
     0,
     {TWO_HEADERS, {SECOND + MEMORY_BYTES, 4, 0x40000000}},
     "^= 42$",
     "ended with exit code 42"},
    {"overlap",
     NULL,
     0,
     {TWO_HEADERS, {SECOND + VA, 4, LOW}},
     SEGMENTATION,
     NO_PROGRAM},
    {"kernel",
     NULL,
     0,
     {{FIRST + VA, 4, 0xc0100000}},
     SEGMENTATION,
     NO_PROGRAM},
    {"wraps", NULL, 0, {{FIRST + VA, 4, 0xfffff000}}, SEGMENTATION, NO_PROGRAM},
    {"no-memory",
     NULL,
     0,
     {{FIRST + MEMORY_BYTES, 4, 20}},
     SEGMENTATION,
     NO_PROGRAM},
    {"nothing", NULL, 0, {{FIRST, 4, 4}}, SEGMENTATION, NO_PROGRAM},
    {"entry", NULL, 0, {{ENTRY, 4, 0xc0100000}}, SEGMENTATION, "code 139"},
    {"dynamic",
     NULL,
     0,
     {DYNAMIC},
     "wants the interpreter /lib/none.so;.*\n.*: not found\n= 127$",
     "wants the interpreter /lib/none.so; only static"},
    {"odd-name",
     NULL,
     0,
     {DYNAMIC, {NAME, 4, 0x0a1b9b41}},
     "wants the interpreter A\\?\\?\\?/none.so;.*\n.*: not found\n= 127$",
     "wants the interpreter A???"
     "/none.so; only static"},
    {"open-name",
     NULL,
     0,
     {DYNAMIC, {NAME + 12, 1, 'x'}},
     NO_SCRIPT,
     NO_PROGRAM},
    {"script", "#!/bin/none -x\n", .shell = ": not found\n= 127$",
     .native = "/bad/script is a script: its interpreter /bin/none is missing"},
    {"script-self", "#!/bad/script-self\n",
     .shell = "Too many levels of symbolic links\n= 127$",
     .native = NO_PROGRAM},
    {"script-folder", "#!/bin\n", .shell = "Permission denied\n= 126$",
     .native = NO_PROGRAM},
    {"script-1", "#!/bad/good\n", .shell = "^= 42$", .native = "code 42"},
    {"script-2", "#!/bad/script-1\n", .shell = "^= 42$", .native = "code 42"},
    {"script-3", "#!/bad/script-2\n", .shell = "^= 42$", .native = "code 42"},
    {"script-4", "#!/bad/script-3\n", .shell = "^= 42$", .native = "code 42"},
    {"script-5", "#!/bad/script-4\n", .shell = "^= 42$", .native = "code 42"},
    {"script-6", "#!/bad/script-5\n",
     .shell = "Too many levels of symbolic links\n= 127$",
     .native = NO_PROGRAM},
    {"folder", "/", .shell = "Permission denied\n= 126$", .native = NO_PROGRAM},
};

const struct bad_file *
bad_file_at(unsigned n)
{
    return n < sizeof(files) / sizeof(files[0]) ? &files[n] : NULL;
}

static void
put(uint8_t *at, unsigned bytes, uint32_t value)
{
    for (; bytes > 0; bytes--, value >>= 8)
        *at++ = (uint8_t)value;
}

// A program that ends with 42.
static void
make_good(uint8_t *to)
{
    static const uint8_t code[] = {0xb8, 1, 0, 0, 0,    0xbb,
                                   42,   0, 0, 0, 0xcd, 0x80};
    const uint32_t first[] = {1, 0, LOW, LOW, ALL, ALL, 5, 0x1000};
    const uint32_t second[] = {1, 0, 0x10000000, 0, 0, 0x1000, 6, 0x1000};

    memset(to, 0, ALL);
    memcpy(to, "\177ELF\1\1\1", 7);
    put(to + TYPE, 2, 2);
    put(to + MACHINE, 2, 3);
    put(to + 20, 4, 1);
    put(to + ENTRY, 4, LOW + CODE);
    put(to + HEADERS_AT, 4, FIRST);
    put(to + 40, 2, FIRST);
    put(to + HEADER_BYTES, 2, SECOND - FIRST);
    put(to + HEADERS, 2, 1);
    memcpy(to + FIRST, first, sizeof(first));
    memcpy(to + SECOND, second, sizeof(second));
    memcpy(to + CODE, code, sizeof(code));
    strcpy((char *)to + NAME, "/lib/none.so");
}

static void
write_file(const char *path, const struct bad_file *file)
{
    uint8_t program[ALL];
    const void *from = file->script;
    size_t bytes = file->bytes != 0 ? file->bytes : ALL;

    make_good(program);
    for (unsigned i = 0; i < 6; i++)
        put(program + file->change[i].at, file->change[i].bytes,
            file->change[i].value);
    if (from == NULL)
        from = program;
    else
        bytes = strlen(file->script);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

    if (fd < 0 || write(fd, from, bytes) != (ssize_t)bytes || close(fd) != 0) {
        perror(path);
        exit(2);
    }
}

void
bad_files_write(const char *folder)
{
    char path[300];

    mkdir(folder, 0755);
    for (unsigned n = 0; n < sizeof(files) / sizeof(files[0]); n++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[n].name);
        if (files[n].script != NULL && strcmp(files[n].script, "/") == 0)
            mkdir(path, 0777);
        else
            write_file(path, &files[n]);
    }
}

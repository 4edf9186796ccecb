// image.c -- a file of NV memory, looked at on the host
//
// Also the machine door of these tools: there is no machine, only memory.
#define _GNU_SOURCE
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plate/root.h"
#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/ram.h"

#define MIB 1048576
#define SMALLEST_MIB 64 // what tools/vm and the kernel allow
#define LARGEST_MIB 1024

static const struct image *opened;

// --- the machine door --------------------------------------------------------

// A walk that damaged tables have led astray.  All before it has been printed.
static _Noreturn void
astray(const char *what)
{
    fflush(stdout);
    dprintf(STDOUT_FILENO,
            "%s: %s: the tables are damaged: following them "
            "failed (%s)\n",
            opened->tool, opened->path, what);
    _exit(IMAGE_PROBLEMS);
}

void
panic(const char *file, int line, const char *sentence)
{
    char what[200];

    snprintf(what, sizeof(what), "%s:%d: %s", file, line, sentence);
    astray(what);
}

static void
on_fault(int signal)
{
    (void)signal;
    astray("an address outside the memory");
}

void
machine_copy_page(void *to, const void *from)
{
    memcpy(to, from, PAGE_SIZE);
}

void
machine_zero_page(void *page)
{
    memset(page, 0, PAGE_SIZE);
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
    fwrite(text, 1, length, stdout);
}

void
machine_put_last(const char *text, u32 length)
{
    machine_put(text, length);
}

void
machine_flush(const void *start, u32 bytes)
{
    (void)start;
    (void)bytes;
}

void
machine_fence(void)
{
}

void
machine_flush_all(void)
{
}

void
machine_invalidate_all(void)
{
}

void
machine_invalidate(u32 va)
{
    (void)va;
}

// The layers can be linked only with all of the door; no tool goes through the
// rest of it.
#define NO_MACHINE PANIC("there is no machine here")

int
machine_capture(struct cpu_state *cpu)
{
    (void)cpu;
    NO_MACHINE;
}

void
machine_stop(enum machine_stop how)
{
    (void)how;
    NO_MACHINE;
}

u64
machine_now_us(void)
{
    NO_MACHINE;
}

// --- opening -----------------------------------------------------------------

static _Noreturn void __attribute__((format(printf, 2, 3)))
unreadable(const struct image *image, const char *format, ...)
{
    va_list list;

    fprintf(stderr, "%s: %s ", image->tool, image->path);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\n");
    exit(IMAGE_UNREADABLE);
}

// The file, locked as tools/vm locks it: what a running machine changes under
// our feet cannot be judged.
static int
open_file(const struct image *image, struct stat *status)
{
    int fd = open(image->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        unreadable(image, "cannot be read: %s", strerror(errno));
    if (fstat(fd, status) < 0)
        unreadable(image, "cannot be looked at: %s", strerror(errno));
    if (S_ISDIR(status->st_mode))
        unreadable(image, "is a directory, not a file of NV memory");
    if (!S_ISREG(status->st_mode))
        unreadable(image, "is not a file");
    if (flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        unreadable(image,
                   "is in use by a running machine: stop that one first, "
                   "or look at a copy");
    return fd;
}

// Whether the constant part of a root is there and whole.
static int
has_root(const struct nv_root *root)
{
    return root->magic == NV_ROOT_MAGIC &&
           root->crc == crc_add(0, root, offsetof(struct nv_root, crc));
}

// Does the root, if the file is long enough for one, want a longer file?
static void
refuse_short(const struct image *image, int fd, long long bytes)
{
    struct nv_root root;

    if (pread(fd, &root, sizeof(root), NV_ROOT_PA) == (ssize_t)sizeof(root) &&
        has_root(&root) && (long long)root.memory_pages * PAGE_SIZE > bytes)
        unreadable(image,
                   "is cut short: its root speaks of %u MiB, and the "
                   "file has %lld bytes",
                   root.memory_pages / 256, bytes);
}

static void
check_size(const struct image *image, int fd, long long bytes)
{
    if (bytes == 0)
        unreadable(image, "is empty");
    refuse_short(image, fd, bytes);
    if (bytes % MIB != 0 || bytes / MIB < SMALLEST_MIB ||
        bytes / MIB > LARGEST_MIB)
        unreadable(image,
                   "is no file of NV memory: that has %d to %d whole MiB, "
                   "and this one has %lld bytes",
                   SMALLEST_MIB, LARGEST_MIB, bytes);
}

static void
catch_faults(void)
{
    struct sigaction action = {.sa_handler = on_fault};

    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

void
image_open(struct image *image, const char *tool, const char *path)
{
    struct stat status;

    memset(image, 0, sizeof(*image));
    image->tool = tool;
    image->path = path;
    opened = image;
    int fd = open_file(image, &status);

    check_size(image, fd, status.st_size);
    if (mmap(ram_at(0), (size_t)status.st_size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED_NOREPLACE, fd,
             0) != ram_at(0))
        unreadable(image, "cannot be mapped: %s", strerror(errno));
    catch_faults();
    image->pages = (u32)(status.st_size / PAGE_SIZE);
    image->limits = root_at()->limits;
    u32 pages = root_at()->memory_pages; // not more than the file has

    image->laid_out =
        has_root(root_at()) &&
        layout_compute(&image->layout, pages, pages, &image->limits) == 0;
}

void
image_view(const struct image *image, const u32 table_pa[BOOTSTRAP_TABLES],
           struct layout *view)
{
    const struct real_memory_head *head = ram_at(table_pa[TABLE_REAL_MEMORY]);

    *view = image->layout;
    memcpy(view->table_pa, table_pa, sizeof(view->table_pa));
    // How much of the top is the firmware's is known to the kernel alone, but
    // all of the rest is usable; a wrong count does not go unnoticed.
    if (head->usable <= view->end_frame - view->first_frame)
        view->end_frame = view->first_frame + head->usable;
}

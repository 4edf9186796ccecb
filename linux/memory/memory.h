// memory.h -- the address space of Linux processes
//
// Areas say what an address means, the map says which page of the pool is there,
// and page-table entries are a cache of both (docs/linux.md).
#ifndef LINUX_MEMORY_H
#define LINUX_MEMORY_H

#include "linux/pool/buffer.h"
#include "linux/pool/pages.h"

#define MEMORY_BASE 0x00010000u // below it nothing is ever mapped
#define MEMORY_END 0x7fff0000u
#define MEMORY_MMAP_TOP 0x78000000u // mmap looks for room downwards from here
#define MEMORY_AREAS_MAX 8192u      // they are a list, which fork copies
#define MEMORY_STACK_BYTES                                                     \
    0x00800000u // of a stack at most, without another limit

#define PROT_READ 1u
#define PROT_WRITE 2u
#define PROT_EXEC 4u

#define MAP_SHARED 0x01u
#define MAP_PRIVATE 0x02u
#define MAP_FIXED 0x10u
#define MAP_ANONYMOUS 0x20u
#define MAP_GROWSDOWN 0x0100u
#define MAP_FIXED_NOREPLACE 0x100000u
// The kernel's own: a shared mapping of a file that was not opened for writing;
// mprotect may not give it the right.
#define MAP_READ_ONLY 0x80000000u

#define MREMAP_MAYMOVE 1u
#define MREMAP_FIXED 2u

struct inode;
struct linux;

struct area {
    struct area *next; // by address; areas do not overlap
    u32 start, end;    // page-aligned
    u32 prot;
    u32 flags; // of MAP_SHARED, MAP_PRIVATE, MAP_GROWSDOWN, MAP_READ_ONLY
    struct inode *inode; // NULL: anonymous; held
    u32 first;           // page of the file at start
};

struct memory {
    struct linux *linux;
    u32 refs; // tasks
    rid vspace;
    page_no map; // 512 page numbers, of pages with 1024 page numbers each
    struct area *areas;
    struct area *near; // one of them before the place last looked for, or NULL
    u32 areas_used;    // how many, with those about to be put there
    u32 brk_start, brk;
    u32 environment, environment_bytes; // as the program found it, for /proc
    u32 mapped;                         // bytes of all areas
    u32 resident;                       // pages in the map
    u32 faults;
    struct memory *next; // all address spaces
};

// An empty address space, held once. 0 or -errno.
int memory_new(struct linux *l, struct memory **result);
void memory_hold(struct memory *m);
// The last one deletes it: the processor must then be in another one.
void memory_drop(struct memory *m);

// A copy for fork; pages are shared, private ones until somebody writes.
int memory_fork(struct memory *m, struct memory **result);

// mmap: -> address or -errno. inode NULL: anonymous; first: page of the file.
// Holds the inode. Anonymous shared memory gets an inode of its own.
int memory_map(struct memory *m, u32 at, u32 bytes, u32 prot, u32 flags,
               struct inode *inode, u32 first);
int memory_unmap(struct memory *m, u32 at, u32 bytes);
int memory_protect(struct memory *m, u32 at, u32 bytes, u32 prot);
int memory_remap(struct memory *m, u32 at, u32 old_bytes, u32 bytes, u32 flags,
                 u32 to);
// -> the new end, or the old one if that cannot be.
u32 memory_brk(struct memory *m, u32 to);
struct area *memory_area(const struct memory *m, u32 address);
// Whether every page of a range is in an area.
int memory_covers(const struct memory *m, u32 at, u32 bytes);
// The page at an address if there is one already, else 0.
page_no memory_page_at(const struct memory *m, u32 address);
// Bytes that are private, writable and no stack (RLIMIT_DATA).
u32 memory_data(const struct memory *m);
// What private memory holds in a range is forgotten (madvise).
void memory_discard(struct memory *m, u32 at, u32 bytes);

// A program touched an address. 0, -EFAULT (no area, or no right), -ENOMEM,
// -EIO (a page behind the end of its file, or the disk).
int memory_fault(struct memory *m, u32 address, int write);

// Between the kernel and a program, all or nothing. 0 or -EFAULT, -ENOMEM.
int memory_in(struct memory *m, void *to, u32 from, u32 bytes);
int memory_out(struct memory *m, u32 to, const void *from, u32 bytes);
// A string with its 0. -> its length, -EFAULT, or -ENAMETOOLONG if it has no 0
// within most bytes.
int memory_string(struct memory *m, char *to, u32 from, u32 most);

// Pages of the pool that its map shows, and those of the map itself.
u32 memory_pages(const struct memory *m);

// Everything the processor noted about writes goes to the pool's pages.
// For all address spaces; before a save looks at them.
void memory_gather(struct linux *l);

// A page of a file is no longer the file's (truncate): forget entries that show
// it.
void memory_forget(struct linux *l, const struct inode *inode, u32 first);

const char *memory_check(const struct linux *l);

#endif

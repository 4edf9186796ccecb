// abi.h -- what a program sees: kinds, operations, control codes, records
//
// The one entry is `int 0x81`:
//
//   in   eax = operation (OP_...)
//        ebx = target: a resource id, or KIND_ID(kind) for the kind itself
//        ecx, edx, esi, edi = arguments 0-3
//   out  eax = result: >= 0, or a negative error (error.h)
//
// All other registers are preserved.  Included by the kernel and by user/lib.
#ifndef TENDER_ABI_H
#define TENDER_ABI_H

#include "tender/error.h"
#include "tender/types.h"

// A resource id is kind (5 bits, so an id is never negative), generation (12)
// and index (14).  Generation 0 names the kind itself.
#define RID_NONE 0u
#define KIND_ID(kind) ((rid)(kind) << 26)

enum kind_number {
    KIND_NONE,
    KIND_REAL_MEMORY,
    KIND_REGION,  // virtual region
    KIND_VSPACE,  // virtual space
    KIND_VKSPACE, // virtual kernel space
    KIND_VUSPACE, // virtual user space
    KIND_PLATE,
    KIND_SYSTEM,
    KIND_PROCESS,
    KIND_EXECUTION,
    KIND_EVENT,
    KIND_MESSAGE, // message container
    KIND_TIMER,
    KIND_CONSOLE,
    KIND_DISK,
    KIND_DEVICE,
    KIND_PUNIT, // permanent unit (disk store)
    KIND_VUNIT, // virtual unit (paging out)
    KIND_LINUX, // Linux processes and threads
    KINDS
};

enum operation {
    OP_CREATE,  // target KIND_ID; name or NULL, then the kind's arguments
    OP_DELETE,  // target id
    OP_OPEN,    // target KIND_ID; name: the right to use it -> id
    OP_CLOSE,   // target id: gives the right back
    OP_READ,    // target id; buffer, length, position
    OP_WRITE,   // target id; buffer, length, position
    OP_CONTROL, // target id or KIND_ID; code, three arguments
    OPS
};

#define NAME_MAX 48 // bytes of a resource name, with its final 0

// What CREATE takes after the name, and what the other operations mean:
//
// region     CREATE name, bytes               zeroed memory, not yet attached
//            DELETE                           must not be attached
// vuspace    CREATE name, region, va or 0, VU_...   attach to own space
//            DELETE                           detach; the region stays
//            CONTROL VU_ADDRESS               -> virtual address
//            CONTROL VU_SIZE                  -> bytes
// plate      CREATE name, vuspace             plate-ize it now (occ enabled)
//            DELETE                           stop keeping it
//            READ buf, sizeof(struct plate_info)
// process    CREATE path, args, args_len, PROCESS_...  args: strings, each
//                                             with its 0, args[0] first
//            DELETE                           kill it
//            CONTROL PROCESS_WAIT             -> exit code (0-255), deletes it
// execution  CONTROL (KIND_ID) EXECUTION_SLEEP ms, EXECUTION_YIELD
// event      CREATE name, initial count;      READ waits for and takes one
//            CONTROL EVENT_SIGNAL n, EVENT_WAIT ms (0 = for ever) -> 0/E_TIME
// message    CREATE name, messages, bytes each
//            WRITE buf, len                   blocks while full
//            READ buf, len                    blocks while empty -> length
// timer      CREATE name, event, ms, TIMER_...      signals the event
// console    (KIND_ID) READ buf, len          blocks for >= 1 character
//            (KIND_ID) WRITE buf, len
// linux      (KIND_ID) CREATE path, args, args_len, PROCESS_...  as process;
//                                             in the foreground it has the
//                                             terminal
//            CONTROL PROCESS_WAIT, PROCESS_POLL; DELETE kills it
// disk       (KIND_ID) CONTROL DISK_LIST path, index, struct disk_name *
enum control {
    // vuspace
    VU_ADDRESS = 1,
    VU_SIZE,

    // virtual kernel space (kernel only: all of it)
    //   CREATE name, pages, SPACE_... flags: makes and attaches its region
    VK_ADDRESS = 1, // arg1: u32 * -> 0

    // virtual space (kernel only: all of it)
    //   CREATE name; DELETE deletes the virtual user spaces in it, too
    //   vuspace CREATE by the kernel: arg4 = the virtual space
    VSPACE_DIRECTORY = 1, // -> physical address of the page directory
    VSPACE_READ,          // arg1: va, arg2: kernel buffer, arg3: bytes
    VSPACE_WRITE,         // the same; also into read-only spaces

    // process; target may be KIND_ID(KIND_PROCESS) = the caller itself
    PROCESS_WAIT = 1,    // target: a child
    PROCESS_EXIT,        // arg1: exit code; does not return
    PROCESS_SELF,        // -> own id
    PROCESS_POLL,        // target: a child -> exit code, E_BUSY while it runs
    PROCESS_VSPACE = 64, // kernel only -> its virtual space
    PROCESS_KILL,        // kernel only: arg1: exit code

    // execution
    EXECUTION_SLEEP = 1, // arg1: ms
    EXECUTION_YIELD,
    //   CREATE (kernel only) name, process, virtual space, entry, user stack
    EXECUTION_BLOCK = 64, // kernel only: arg1: channel, arg2: ms, 0 = for ever
                          // -> 0, E_TIME, E_KILLED
    EXECUTION_WAKE,       // kernel only: arg1: channel, arg2: how many at most
                          // -> how many were woken
    //   CREATE with entry 0: the user stack is a const struct frame * to begin
    //   with, in kernel memory
    EXECUTION_INTERRUPT, // kernel only: target: one that waits -> 0; its wait
                         // ends with E_INTERRUPTED
    EXECUTION_SPACE,     // kernel only: arg1: the current one goes on in this
                         // virtual space
    EXECUTION_TLS,       // kernel only: target, arg1: const u32[3][2], the
                         // descriptors of its thread-local storage

    // event
    EVENT_SIGNAL = 1,
    EVENT_WAIT,

    // console
    CONSOLE_FOREGROUND = 1, // arg1: process that Ctrl-C kills; RID_NONE: none
    CONSOLE_PENDING,        // -> characters waiting to be read
    CONSOLE_INPUT = 64,     // kernel only: arg1: character from a device

    // disk
    DISK_LIST = 1,       // path, index, struct disk_name *; E_NAME at the end
    DISK_READ_FILE = 64, // kernel only: arg1: struct disk_read *
    DISK_INODE,          // kernel only: arg1: struct disk_inode *

    // device (kernel only)
    DEVICE_QUIESCE = 64, // all drivers: finish what is in flight
    DEVICE_RECOVER,      // all drivers: after a power cut

    // system (target KIND_ID(KIND_SYSTEM))
    SYSTEM_SAVE = 1,    // -> 0 in the saved run, 1 in the restored one
    SYSTEM_SHUTDOWN,    // -> 1 when continued at the next boot
    SYSTEM_REBOOT,      // shutdown, then reset instead of power off -> 1
    SYSTEM_OCC_ENABLE,  // -> number of plates
    SYSTEM_OCC_DISABLE, // -> number of plates given up
    SYSTEM_STATUS,      // arg1: struct system_status *
    SYSTEM_LIST,        // arg1: kind, arg2: index, arg3: struct resource_info *
                        // -> next index to ask for, 0 at the end
    SYSTEM_KIND,        // arg1: kind, arg2: struct kind_info *
    SYSTEM_UPTIME,      // arg1: u64 * (microseconds) -> 0
    SYSTEM_TRACE,       // arg1: struct trace_line *, arg2: how many -> number
    SYSTEM_OCCUPY = 64, // kernel only
    SYSTEM_RELEASE      // kernel only
};

#define VU_WRITABLE 1u

// Argument 0 of DELETE of an execution (kernel only).  Now: it is not inside an operation, or it is the
// current one, which then runs on, without its virtual space, up to its next
// EXECUTION_YIELD and is never heard of again.  Soon: whatever it waits for
// ends with E_KILLED, and on its way back to user mode its process is ended by
// PROCESS_EXIT; the answer is E_BUSY, or 0 when it could be deleted at once.
#define EXECUTION_DELETE_NOW 0u
#define EXECUTION_DELETE_SOON 1u

// Argument 2 of CREATE of a region (kernel only).
#define REGION_RAW 1u     // need not be cleared
#define REGION_PROGRAM 2u // may be paged out, as what a program creates

// Argument 2 of CREATE of a real memory.
#define MEMORY_RAW 1u   // need not be cleared
#define MEMORY_SPARE 2u // only what nobody misses
#define MEMORY_EMPTY 4u // no frames at first; argument 1 is 0

#define PROCESS_FOREGROUND 1u // Ctrl-C kills it (Linux: it has the terminal)

#define TIMER_ONCE 0u
#define TIMER_PERIODIC 1u

// Exit codes of processes that did not exit by themselves.
#define EXIT_KILLED 137
#define EXIT_FAULT 139

#define STORE_OFF 0u
#define STORE_NV 1u
#define STORE_DISK 2u

struct system_status {
    u32 occ_enabled;
    u32 generation;   // of the newest committed save, 0 = none
    u32 boots;        // since the cold start
    u32 restored;     // how this run began: 0 cold, 1 continued, 2 restored
    u32 plates;       // without save areas
    u32 save_areas;   // virtual kernel spaces that are save areas
    u32 plate_pages;  // pages of all plates
    u32 pending;      // entries of the pending-delete table
    u32 memory_pages; // all of the machine
    u32 usable_pages; // that the kernel manages
    u32 free_pages;
    u32 kernel_pages;     // the kernel's own, without save areas and programs
    u32 save_pages;       // pages the newest save copied
    u32 save_table_pages; // of them table pages
    u32 save_us;          // how long it took
    u32 disk_present;
    u32 store;         // STORE_...: where plates are kept
    u32 save_disk_us;  // of save_us: waiting for the plate disk
    u32 save_requests; // to the plate disk
    u32 unit_pages;    // of all permanent units
    u32 unit_room;     // pages the partition has for them
};

struct resource_info {
    rid id;
    rid owner;
    u32 detail[4]; // kind by kind: see docs/abi.md
    char name[NAME_MAX];
    char state[16];
};

struct kind_info {
    char name[24];
    u32 used;
    u32 capacity;
    u32 calls[OPS];
};

struct plate_info {
    rid space;
    rid area[2];
    u32 va;
    u32 pages;
    u32 dirty_pages; // would be copied by a save now
};

struct trace_line {
    u64 us;
    rid caller;
    rid target;
    u32 op;
    u32 code; // argument 0 (the control code of OP_CONTROL)
    int result;
    u32 spare;
};

struct disk_name {
    u32 bytes;
    u32 directory; // 1 if it is one
    char name[NAME_MAX];
};

#endif

// format.h -- everything that is read back after a power cut, byte by byte
//
// docs/format.md draws it; tests/host/test_format.c freezes it.  Changing a
// byte here means changing that test, NV_FORMAT and the document's history.
// Physical addresses only, no pointers; explicit padding; no bit-fields.
//
//   NV_ROOT_PA   root page
//   + 1 page     CPU state of the last clean shutdown
//   + 2 pages    slot 0: header pages, then a copy of each bootstrap table
//                slot 1: the same
//                the live bootstrap tables, the kernel's page tables, its data
//
// With plate=disk memory is lost with the power.  There are no slots then, and
// the partition for permanent units has in its blocks of one page:
//
//   block 0      header (first sector)
//   block 1, 2   commit sectors (first sector of each)
//   block 3 up   plate pages, table pages, save headers
//
// Where each part lies follows from the memory size and the limits alone
// (layout.h), so it is the same at every boot.
#ifndef TENDER_FORMAT_H
#define TENDER_FORMAT_H

#include "tender/abi.h"

#define NV_FORMAT 2u
#define NV_ROOT_PA 0x400000u
#define NV_ROOT_MAGIC 0x444e5421u // "!TND"
#define NV_SLOT_MAGIC 0x544c5321u // "!SLT"
#define NV_CPU_MAGIC 0x55504321u  // "!CPU"
#define TABLE_MAGIC 0x4c425421u   // "!TBL"

// The termination flag.  Every other value is damage.
#define FLAG_ABNORMAL 0x4e524e41u
#define FLAG_NORMAL 0x4d524f4eu

// How many slots each management table has.  Kept in the root because the
// layout follows from it.
struct limits {
    u32 real_memories;
    u32 regions;
    u32 vspaces;
    u32 vkspaces;
    u32 plates;
    u32 data_pages;  // the kernel's writable data
    u32 punits;      // 0 unless plates are kept on a disk
    u32 punit_pages; // all of them together
};

// The root.  The part up to crc never changes after the cold start; each of
// the words behind it is changed by one aligned 32-bit store.
struct nv_root {
    u32 magic;
    u32 format;
    u32 memory_pages;
    u32 build;
    struct limits limits;
    u32 reserved[3];
    u32 crc; // of everything before it

    u32 commit;   // generation word of the newest complete save; 0 = none.
                  // Its low bit names the slot.
    u32 previous; // generation word of the save before it while every page
                  // of that one is untouched, else 0
    u32 flag;     // termination flag
    u32 boots;    // boots since the cold start
    u32 padding[12];
};

// A generation word: the generation in bits 0-30, and in bit 31 what makes
// the number of ones even, so that no single flipped bit goes unseen.
#define GENERATION_MAX 0x7fffffffu

// What a CPU needs to go on: machine_capture() fills it in.
struct cpu_state {
    u32 ebx, esi, edi, ebp, esp, eip, eflags;
    u32 cr0, cr3, cr4;
    u32 gdt_base, idt_base;
    u32 gdt_limit, idt_limit;
    u32 tr, ldt;
    u32 segments[6]; // cs ds es fs gs ss
    u32 reserved[10];
    u8 fpu[512]; // fxsave area, 16-byte aligned
};

// The CPU state of a clean shutdown.
struct nv_shutdown {
    u32 magic;
    u32 boots;
    u32 tables_crc; // of the CRCs of all pages of the live bootstrap tables
    u32 crc;        // of cpu
    struct cpu_state cpu;
};

enum bootstrap_table {
    TABLE_REAL_MEMORY,
    TABLE_REGION,
    TABLE_VSPACE,
    TABLE_VKSPACE,
    TABLE_PLATE,
    TABLE_PUNIT, // no pages unless plates are kept on a disk
    BOOTSTRAP_TABLES
};

#define SLOT_PAGES_MAX 1024u // table pages a slot header can name

// The header of a slot: two pages, the second one all page_sum[], with one checksum for each page of
// the table copies, in the order of enum bootstrap_table.
struct nv_slot {
    u32 magic;
    u32 generation;
    u32 build;
    u32 table_pages[BOOTSTRAP_TABLES];
    u32 reserved[6];
    u32 crc; // of the whole header with this word 0
    struct cpu_state cpu;
    u8 padding[3392];
    u32 page_sum[SLOT_PAGES_MAX];
};

#define SLOT_HEADER_PAGES 2u

// What every entry of every management table begins with.
struct res {
    rid id;         // RID_NONE = vacant
    rid owner;      // the process that owns it, RID_NONE = the kernel
    u32 generation; // of this slot; survives deletion
    u32 name_hash;
    char name[NAME_MAX];
};

// What every management table begins with; the entries follow.
struct table {
    u32 magic;
    u32 kind;
    u32 entry_size;
    u32 capacity;
    u32 used;
    u32 high; // no slot at or above this index was ever used
    u32 hint; // where the search for a vacant slot starts
    u32 reserved[9];
};

// Real memory: a chain of frames.  The frame words follow the entries.
struct real_memory_entry {
    struct res res;
    u32 first; // frame numbers
    u32 last;
    u32 pages;
    u32 reserved;
};

// A frame word: the next frame of the same chain, and flags.
#define FRAME_NEXT 0x000fffffu    // 0 ends the chain
#define FRAME_USED 0x00100000u    // belongs to a real memory
#define FRAME_FIXED 0x00200000u   // of the layout, never freed
#define FRAME_NEWEST 0x00400000u  // in area 0 of a plate: area 1 is newest
#define FRAME_LEAVING 0x00800000u // about to be freed; never saved

struct real_memory_head {
    struct table table;
    u32 frames; // all of the machine
    u32 usable; // that were ever on the free chain
    u32 free;
    u32 free_first;
    u32 reserved[12];
};

struct region_entry {
    struct res res;
    rid real_memory;
    u32 pages;
    rid attached; // the virtual kernel or user space it is attached to
    rid vunit;    // RID_NONE while all of it is in its real memory
};

// A virtual space; its page directory is the first frame of its tables.
struct vspace_entry {
    struct res res;
    u32 page_directory; // physical address
    rid page_tables;    // real memory, in the order they were first needed
    u32 tables_used;
    u32 flags;
};

#define VSPACE_CACHE 1u // its page tables show pages of pools (vspace/cache.h)

#define SPACE_WRITABLE 1u
#define SPACE_SAVE_AREA 2u // is itself a save area
#define SPACE_BOOTSTRAP 4u // a bootstrap table: saved in a way of its own
#define SPACE_UNSAVED 8u   // its contents need not survive
#define SPACE_PARKED 16u   // holds a region no program has attached
#define SPACE_POOL 32u     // its pages may be in virtual spaces that are caches

// A virtual kernel space or a virtual user space.
struct space_entry {
    struct res res;
    rid region;
    rid vspace;
    u32 va;
    u32 pages;
    u32 flags;
    rid plate; // RID_NONE while it is not plate-ized
    u32 reserved[2];
};

struct plate_entry {
    struct res res;
    rid space;
    rid area[2]; // virtual kernel spaces, or [0] a permanent unit
    u32 pages;
    u32 born; // the newest save that was begun when it was made
    u32 reserved;
};

struct pending_delete {
    rid area[2];
};

// The pending-delete table follows the plates.
struct plate_head {
    struct table table;
    u32 enabled;    // continuous-operation control
    u32 pending;    // entries of the pending-delete table in use
    u32 generation; // of the newest save begun
    u32 reserved[13];
};

// A permanent unit: a range of the unit map, a page each.
struct punit_entry {
    struct res res;
    u32 first;
    u32 pages;
    u32 retired; // its plate is gone; the newest save may name it
    u32 reserved;
};

// A page on the disk.  Block 0: it is all zeros, and not written.
struct disk_page {
    u32 block;
    u32 sum; // its checksum (page_sum.h)
};

// The unit map, one struct disk_page for each page, follows the units.
struct punit_head {
    struct table table;
    u32 room;  // pages the partition has for units, twice
    u32 high;  // no page of the map at or above this is in use
    u32 pages; // of all units that are not retired
    u32 reserved[13];
};

// A virtual unit: blocks of the partition for virtual units, one for each page
// of a region.
struct vunit_entry {
    struct res res;
    rid region;
    u32 first;
    u32 pages;
    u32 ahead;      // pages that are read at once
    u32 ahead_next; // the page behind those read last
    u32 reserved;
};

// A word for each block follows the units: the page frame's address, and
#define VUNIT_RESIDENT 1u // ... it has one
#define VUNIT_COPY 2u     // the block holds the page, unless that is dirty
#define VUNIT_CHANGED 4u  // since the newest save, though it may be clean
#define VUNIT_LEAVING 8u  // about to be paged out; never saved

struct vunit_head {
    struct table table;
    u32 blocks; // words there are
    u32 pages;  // of all units
    u32 reserved[14];
};

#define DISK_FORMAT 1u
#define DISK_MAGIC 0x4b534421u        // "!DSK"
#define DISK_COMMIT_MAGIC 0x544d4321u // "!CMT"
#define DISK_SAVE_MAGIC 0x56415321u   // "!SAV"
#define DISK_COMMIT_BLOCK 1u          // and the one after it
#define DISK_DATA_BLOCK 3u
#define DISK_TABLE_PAGES_MAX 3072u // table pages a save header can name
#define DISK_SAVE_PAGES (1 + DISK_TABLE_PAGES_MAX * 8 / 4096)

// The header: what the partition belongs to.
struct disk_header {
    u32 magic;
    u32 format;
    u32 signature; // of the disk
    u32 first;     // sector of the partition
    u32 sectors;
    u32 memory_pages;
    u32 build;
    struct limits limits;
    u32 reserved[112];
    u32 crc; // of everything before it
};

// A commit sector.  Of the two, the whole one with the higher generation names
// the newest save.
struct disk_commit {
    u32 magic;
    u32 generation;
    u32 build;
    u32 flag;                    // FLAG_NORMAL: made by an orderly shutdown
    u32 boots;                   // since the cold start
    u32 header_crc;              // of the save header's pages
    u32 header[DISK_SAVE_PAGES]; // their blocks
    u32 reserved[114];
    u32 crc; // of everything before it
};

// A save header; the struct disk_pages of all table pages follow, in the order of
// enum bootstrap_table.
struct disk_save {
    u32 magic;
    u32 generation;
    u32 table_pages[BOOTSTRAP_TABLES];
    u32 reserved[8];
    struct cpu_state cpu;
    u8 padding[3392];
};

#endif

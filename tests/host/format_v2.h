// format_v2.h -- NV format 2 and disk format 1, frozen: every byte of tender/format.h as a literal
//
// Never edited to make a test pass.  A change of the format is a new NV_FORMAT
// or DISK_FORMAT, a new copy of this file with its number in the name, and an
// entry in the history of docs/format.md.
//
// Compiled for the kernel's machine and for the host: an offset that depends
// on the machine's word would break one of them.
#ifndef HOST_FORMAT_V2_H
#define HOST_FORMAT_V2_H

#include "tender/format.h"
#include "tender/id.h"

// clang-format off

// F(struct, field, offset, bytes), in the order of tender/format.h
#define FORMAT_V2_FIELDS(F) \
    F(limits, real_memories, 0, 4) \
    F(limits, regions, 4, 4) \
    F(limits, vspaces, 8, 4) \
    F(limits, vkspaces, 12, 4) \
    F(limits, plates, 16, 4) \
    F(limits, data_pages, 20, 4) \
    F(limits, punits, 24, 4) \
    F(limits, punit_pages, 28, 4) \
    F(nv_root, magic, 0, 4) \
    F(nv_root, format, 4, 4) \
    F(nv_root, memory_pages, 8, 4) \
    F(nv_root, build, 12, 4) \
    F(nv_root, limits, 16, 32) \
    F(nv_root, reserved, 48, 12) \
    F(nv_root, crc, 60, 4) \
    F(nv_root, commit, 64, 4) \
    F(nv_root, previous, 68, 4) \
    F(nv_root, flag, 72, 4) \
    F(nv_root, boots, 76, 4) \
    F(nv_root, padding, 80, 48) \
    F(cpu_state, ebx, 0, 4) \
    F(cpu_state, esi, 4, 4) \
    F(cpu_state, edi, 8, 4) \
    F(cpu_state, ebp, 12, 4) \
    F(cpu_state, esp, 16, 4) \
    F(cpu_state, eip, 20, 4) \
    F(cpu_state, eflags, 24, 4) \
    F(cpu_state, cr0, 28, 4) \
    F(cpu_state, cr3, 32, 4) \
    F(cpu_state, cr4, 36, 4) \
    F(cpu_state, gdt_base, 40, 4) \
    F(cpu_state, idt_base, 44, 4) \
    F(cpu_state, gdt_limit, 48, 4) \
    F(cpu_state, idt_limit, 52, 4) \
    F(cpu_state, tr, 56, 4) \
    F(cpu_state, ldt, 60, 4) \
    F(cpu_state, segments, 64, 24) \
    F(cpu_state, reserved, 88, 40) \
    F(cpu_state, fpu, 128, 512) \
    F(nv_shutdown, magic, 0, 4) \
    F(nv_shutdown, boots, 4, 4) \
    F(nv_shutdown, tables_crc, 8, 4) \
    F(nv_shutdown, crc, 12, 4) \
    F(nv_shutdown, cpu, 16, 640) \
    F(nv_slot, magic, 0, 4) \
    F(nv_slot, generation, 4, 4) \
    F(nv_slot, build, 8, 4) \
    F(nv_slot, table_pages, 12, 24) \
    F(nv_slot, reserved, 36, 24) \
    F(nv_slot, crc, 60, 4) \
    F(nv_slot, cpu, 64, 640) \
    F(nv_slot, padding, 704, 3392) \
    F(nv_slot, page_sum, 4096, 4096) \
    F(res, id, 0, 4) \
    F(res, owner, 4, 4) \
    F(res, generation, 8, 4) \
    F(res, name_hash, 12, 4) \
    F(res, name, 16, 48) \
    F(table, magic, 0, 4) \
    F(table, kind, 4, 4) \
    F(table, entry_size, 8, 4) \
    F(table, capacity, 12, 4) \
    F(table, used, 16, 4) \
    F(table, high, 20, 4) \
    F(table, hint, 24, 4) \
    F(table, reserved, 28, 36) \
    F(real_memory_entry, res, 0, 64) \
    F(real_memory_entry, first, 64, 4) \
    F(real_memory_entry, last, 68, 4) \
    F(real_memory_entry, pages, 72, 4) \
    F(real_memory_entry, reserved, 76, 4) \
    F(real_memory_head, table, 0, 64) \
    F(real_memory_head, frames, 64, 4) \
    F(real_memory_head, usable, 68, 4) \
    F(real_memory_head, free, 72, 4) \
    F(real_memory_head, free_first, 76, 4) \
    F(real_memory_head, reserved, 80, 48) \
    F(region_entry, res, 0, 64) \
    F(region_entry, real_memory, 64, 4) \
    F(region_entry, pages, 68, 4) \
    F(region_entry, attached, 72, 4) \
    F(region_entry, vunit, 76, 4) \
    F(vspace_entry, res, 0, 64) \
    F(vspace_entry, page_directory, 64, 4) \
    F(vspace_entry, page_tables, 68, 4) \
    F(vspace_entry, tables_used, 72, 4) \
    F(vspace_entry, flags, 76, 4) \
    F(space_entry, res, 0, 64) \
    F(space_entry, region, 64, 4) \
    F(space_entry, vspace, 68, 4) \
    F(space_entry, va, 72, 4) \
    F(space_entry, pages, 76, 4) \
    F(space_entry, flags, 80, 4) \
    F(space_entry, plate, 84, 4) \
    F(space_entry, reserved, 88, 8) \
    F(plate_entry, res, 0, 64) \
    F(plate_entry, space, 64, 4) \
    F(plate_entry, area, 68, 8) \
    F(plate_entry, pages, 76, 4) \
    F(plate_entry, born, 80, 4) \
    F(plate_entry, reserved, 84, 4) \
    F(pending_delete, area, 0, 8) \
    F(plate_head, table, 0, 64) \
    F(plate_head, enabled, 64, 4) \
    F(plate_head, pending, 68, 4) \
    F(plate_head, generation, 72, 4) \
    F(plate_head, reserved, 76, 52) \
    F(punit_entry, res, 0, 64) \
    F(punit_entry, first, 64, 4) \
    F(punit_entry, pages, 68, 4) \
    F(punit_entry, retired, 72, 4) \
    F(punit_entry, reserved, 76, 4) \
    F(disk_page, block, 0, 4) \
    F(disk_page, sum, 4, 4) \
    F(punit_head, table, 0, 64) \
    F(punit_head, room, 64, 4) \
    F(punit_head, high, 68, 4) \
    F(punit_head, pages, 72, 4) \
    F(punit_head, reserved, 76, 52) \
    F(vunit_entry, res, 0, 64) \
    F(vunit_entry, region, 64, 4) \
    F(vunit_entry, first, 68, 4) \
    F(vunit_entry, pages, 72, 4) \
    F(vunit_entry, ahead, 76, 4) \
    F(vunit_entry, ahead_next, 80, 4) \
    F(vunit_entry, reserved, 84, 4) \
    F(vunit_head, table, 0, 64) \
    F(vunit_head, blocks, 64, 4) \
    F(vunit_head, pages, 68, 4) \
    F(vunit_head, reserved, 72, 56) \
    F(disk_header, magic, 0, 4) \
    F(disk_header, format, 4, 4) \
    F(disk_header, signature, 8, 4) \
    F(disk_header, first, 12, 4) \
    F(disk_header, sectors, 16, 4) \
    F(disk_header, memory_pages, 20, 4) \
    F(disk_header, build, 24, 4) \
    F(disk_header, limits, 28, 32) \
    F(disk_header, reserved, 60, 448) \
    F(disk_header, crc, 508, 4) \
    F(disk_commit, magic, 0, 4) \
    F(disk_commit, generation, 4, 4) \
    F(disk_commit, build, 8, 4) \
    F(disk_commit, flag, 12, 4) \
    F(disk_commit, boots, 16, 4) \
    F(disk_commit, header_crc, 20, 4) \
    F(disk_commit, header, 24, 28) \
    F(disk_commit, reserved, 52, 456) \
    F(disk_commit, crc, 508, 4) \
    F(disk_save, magic, 0, 4) \
    F(disk_save, generation, 4, 4) \
    F(disk_save, table_pages, 8, 24) \
    F(disk_save, reserved, 32, 32) \
    F(disk_save, cpu, 64, 640) \
    F(disk_save, padding, 704, 3392)

// S(struct, bytes)
#define FORMAT_V2_STRUCTS(S) \
    S(limits, 32) \
    S(nv_root, 128) \
    S(cpu_state, 640) \
    S(nv_shutdown, 656) \
    S(nv_slot, 8192) \
    S(res, 64) \
    S(table, 64) \
    S(real_memory_entry, 80) \
    S(real_memory_head, 128) \
    S(region_entry, 80) \
    S(vspace_entry, 80) \
    S(space_entry, 96) \
    S(plate_entry, 88) \
    S(pending_delete, 8) \
    S(plate_head, 128) \
    S(punit_entry, 80) \
    S(disk_page, 8) \
    S(punit_head, 128) \
    S(vunit_entry, 88) \
    S(vunit_head, 128) \
    S(disk_header, 512) \
    S(disk_commit, 512) \
    S(disk_save, 4096)

// C(constant, value)
#define FORMAT_V2_CONSTANTS(C) \
    C(NV_FORMAT, 2u) \
    C(NV_ROOT_PA, 0x400000u) \
    C(NV_ROOT_MAGIC, 0x444e5421u) \
    C(NV_SLOT_MAGIC, 0x544c5321u) \
    C(NV_CPU_MAGIC, 0x55504321u) \
    C(TABLE_MAGIC, 0x4c425421u) \
    C(FLAG_ABNORMAL, 0x4e524e41u) \
    C(FLAG_NORMAL, 0x4d524f4eu) \
    C(GENERATION_MAX, 0x7fffffffu) \
    C(SLOT_PAGES_MAX, 1024u) \
    C(SLOT_HEADER_PAGES, 2u) \
    C(FRAME_NEXT, 0xfffffu) \
    C(FRAME_USED, 0x100000u) \
    C(FRAME_FIXED, 0x200000u) \
    C(FRAME_NEWEST, 0x400000u) \
    C(FRAME_LEAVING, 0x800000u) \
    C(VUNIT_RESIDENT, 1u) \
    C(VUNIT_COPY, 2u) \
    C(VUNIT_CHANGED, 4u) \
    C(VUNIT_LEAVING, 8u) \
    C(SPACE_WRITABLE, 1u) \
    C(SPACE_SAVE_AREA, 2u) \
    C(SPACE_BOOTSTRAP, 4u) \
    C(SPACE_UNSAVED, 8u) \
    C(SPACE_PARKED, 16u) \
    C(SPACE_POOL, 32u) \
    C(VSPACE_CACHE, 1u) \
    C(TABLE_REAL_MEMORY, 0u) \
    C(TABLE_REGION, 1u) \
    C(TABLE_VSPACE, 2u) \
    C(TABLE_VKSPACE, 3u) \
    C(TABLE_PLATE, 4u) \
    C(TABLE_PUNIT, 5u) \
    C(BOOTSTRAP_TABLES, 6u) \
    C(DISK_FORMAT, 1u) \
    C(DISK_MAGIC, 0x4b534421u) \
    C(DISK_COMMIT_MAGIC, 0x544d4321u) \
    C(DISK_SAVE_MAGIC, 0x56415321u) \
    C(DISK_COMMIT_BLOCK, 1u) \
    C(DISK_DATA_BLOCK, 3u) \
    C(DISK_TABLE_PAGES_MAX, 3072u) \
    C(DISK_SAVE_PAGES, 7u) \
    C(NAME_MAX, 48u) \
    C(RID_NONE, 0u) \
    C(RID_GENERATIONS, 4096u) \
    C(RID_INDEXES, 16384u) \
    C(KIND_NONE, 0u) \
    C(KIND_REAL_MEMORY, 1u) \
    C(KIND_REGION, 2u) \
    C(KIND_VSPACE, 3u) \
    C(KIND_VKSPACE, 4u) \
    C(KIND_VUSPACE, 5u) \
    C(KIND_PLATE, 6u) \
    C(KIND_SYSTEM, 7u) \
    C(KIND_PROCESS, 8u) \
    C(KIND_EXECUTION, 9u) \
    C(KIND_EVENT, 10u) \
    C(KIND_MESSAGE, 11u) \
    C(KIND_TIMER, 12u) \
    C(KIND_CONSOLE, 13u) \
    C(KIND_DISK, 14u) \
    C(KIND_DEVICE, 15u) \
    C(KIND_PUNIT, 16u) \
    C(KIND_VUNIT, 17u)

#define FIELD_V2(type, field, offset, bytes) \
    _Static_assert(offsetof(struct type, field) == (offset), \
                   "format 2: offset of " #type "." #field); \
    _Static_assert(sizeof(((struct type *)0)->field) == (bytes), \
                   "format 2: size of " #type "." #field);
#define STRUCT_V2(type, bytes) \
    _Static_assert(sizeof(struct type) == (bytes), \
                   "format 2: size of struct " #type);
#define CONSTANT_V2(name, value) \
    _Static_assert((name) == (value), "format 2: " #name);
// clang-format on

FORMAT_V2_FIELDS(FIELD_V2)
FORMAT_V2_STRUCTS(STRUCT_V2)
FORMAT_V2_CONSTANTS(CONSTANT_V2)

#endif

// bad.c -- argument values the kernel must refuse
#include "bad.h"

// A name may be NULL, so all pointers but that one.
static const u32 bad_pointers[] = {
    0, // must be first
    1,
    0xfff,
    EDGE_VA - 8,
    EDGE_VA + PAGE_SIZE - 4,
    EDGE_VA + PAGE_SIZE,
    0x80000000,
    0x80100000,
    0xbffffffe,
    0xc0000000,
    0xfffffff0,
    0xffffffff,
    (u32)-1 - PAGE_SIZE,
};

static const u32 bad_ids[] = {
    RID_NONE,
    1,
    0x3fff,
    0xffffffff,
    0x80000000,
    KIND_ID(KIND_REGION),
    KIND_ID(KIND_REGION) | 0x3fff,
    KIND_ID(KIND_REGION) | 4095u << 14 | 0x3fff,
    KIND_ID(KIND_VUSPACE) | 4095u << 14 | 1,
    KIND_ID(KIND_EVENT) | 4095u << 14,
    KIND_ID(KIND_PROCESS) | 4095u << 14,
    KIND_ID(KINDS) | 1u << 14,
};

static const u32 bad_sizes[] = {0,          0x40000001, 0x7fffffff,
                                0x80000000, 0xfffff001, 0xffffffff};

static const u32 bad_vas[] = {1,          0xfff,      0x00400001, 0x00400000,
                              EDGE_VA,    0x80000000, 0xbffff000, 0xc0000000,
                              0xfffff000, 0xffffffff};

static const u32 bad_flags[] = {2, 4, 8, 0x80000000, ~1u, ~0u};

static const u32 bad_kinds[] = {KINDS, KINDS + 1, 0x7fffffff, 0xffffffff};

struct bad_list
bad_values(enum badness badness)
{
    switch (badness) {
    case BAD_NAME:
        return (struct bad_list){bad_pointers + 1, ARRAY_LEN(bad_pointers) - 1};
    case BAD_IN:
    case BAD_OUT:
        return (struct bad_list){bad_pointers, ARRAY_LEN(bad_pointers)};
    case BAD_ID:
        return (struct bad_list){bad_ids, ARRAY_LEN(bad_ids)};
    case BAD_SIZE:
        return (struct bad_list){bad_sizes, ARRAY_LEN(bad_sizes)};
    case BAD_LENGTH: // 0 is a good one
        return (struct bad_list){bad_sizes + 1, ARRAY_LEN(bad_sizes) - 1};
    case BAD_VA:
        return (struct bad_list){bad_vas, ARRAY_LEN(bad_vas)};
    case BAD_FLAGS:
        return (struct bad_list){bad_flags, ARRAY_LEN(bad_flags)};
    case BAD_KIND:
        return (struct bad_list){bad_kinds, ARRAY_LEN(bad_kinds)};
    default:
        return (struct bad_list){NULL, 0};
    }
}

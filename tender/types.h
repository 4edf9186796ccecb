// types.h -- the scalar types and the few macros every layer uses
#ifndef TENDER_TYPES_H
#define TENDER_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef uintptr_t word; // a register: holds a number or a pointer

typedef u32 rid; // resource identifier, see id.h

#define PAGE_SIZE 4096u
#define PAGE_SHIFT 12
#define LINE_SIZE 64u // a cache line: the unit the fault model M2 loses

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PAGES_OF(bytes) (((bytes) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#endif

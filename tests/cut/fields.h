// fields.h -- where words of the kernel's data lie, as its compiler knows it
//
// A file of fields/ includes the kernel's source that names them and is compiled
// as that is; the section below, cut out of the object, is a part of
// build/cut/fields.bin.  A member that is gone does not compile; except.c compares
// what is named with the symbols of the kernel that is looked at.
#ifndef CUT_FIELDS_H
#define CUT_FIELDS_H

#include "tender/types.h"

struct field {
    char symbol[24]; // a variable; a static one must be the only one so named
    char member[48]; // of it, or "": all of it
    u32 offset, bytes;
    u32 whole;        // bytes of the variable
    char reason[100]; // why it is no state; "": it is only looked at
};

#define FIELD_OF(name, member_name, at, size, why)                             \
    {                                                                          \
        .symbol = #name, .member = member_name, .offset = at, .bytes = size,   \
        .whole = sizeof(name), .reason = why                                   \
    }
#define FIELD(name, part, why)                                                 \
    FIELD_OF(name, #part, __builtin_offsetof(__typeof__(name), part),          \
             sizeof(name.part), why)
#define FIELD_ALL(name, why) FIELD_OF(name, "", 0, sizeof(name), why)

#define FIELDS                                                                 \
    __attribute__((section(".fields"), used,                                   \
                   aligned(4))) static const struct field fields[]

#endif

// clock.c -- words of the clock
#include "boot/pc/clock.c"

#include "tests/cut/fields.h"

FIELDS = {
    FIELD_ALL(told_us, "a time: the last one the clock has told"),
};

// screen.c -- words of the text screen
#include "boot/pc/screen.c"

#include "tests/cut/fields.h"

FIELDS = {
    FIELD(screen, cell, "what is shown: times are in a boot's own lines"),
    FIELD(screen, top, "where it is shown: a boot's own lines scroll it"),
    FIELD(screen, origin, "where it is shown: a boot's own lines scroll it"),
    FIELD(screen, row, "where it is shown: a boot's own lines move it"),
};

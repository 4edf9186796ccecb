// ide.c -- words of the disk driver
#include "boot/pc/ide.c"

#include "tests/cut/fields.h"

FIELDS = {
    FIELD(ide, deadline, "a time: until when a request may take"),
};

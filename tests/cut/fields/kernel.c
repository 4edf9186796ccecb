// kernel.c -- words of struct kernel
#include "boot/kernel.h"

#include "tests/cut/fields.h"

FIELDS = {
    FIELD(kernel, plates.cpu.esp, ""),
    FIELD(kernel, plates.cpu.eip, ""),
    FIELD(kernel, executions.slice_us,
          "a time: when the slice of an execution began"),
    FIELD(kernel, gate.kind[KIND_DEVICE].calls[OP_CONTROL],
          "a count: a continue that is cut has called the devices already, in "
          "live memory"),
};

// kernel.c -- words of struct kernel
#include "boot/kernel.h"

#include "tests/cut/fields.h"

FIELDS = {
    FIELD(kernel, plates.cpu.esp, ""),
    FIELD(kernel, plates.cpu.eip, ""),
    FIELD(kernel, executions.slice_us,
          "a time: when the slice of an execution began"),
    FIELD(kernel, linux.boot_real_us, "a time: what the real one began with"),
    FIELD(kernel, linux.lost_us, "a time: how long the power was off"),
    FIELD(kernel, linux.restarts,
          "a count: a continue that is cut has counted itself, in live memory"),
    FIELD(kernel, linux.polls,
          "a count: as before, and has told those who poll"),
    FIELD(kernel, gate.kind[KIND_EXECUTION].calls[OP_CONTROL],
          "a count: as before, in waking them"),
    FIELD(kernel, gate.kind[KIND_DEVICE].calls[OP_CONTROL],
          "a count: a continue that is cut has called the devices already, in "
          "live memory"),
};

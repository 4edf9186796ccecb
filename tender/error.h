// error.h -- the one list of errors: code, number and sentence together
#ifndef TENDER_ERROR_H
#define TENDER_ERROR_H

// clang-format off
#define ERROR_LIST(E) \
    E(E_KIND,     -1, "there is no such resource kind") \
    E(E_OP,       -2, "this kind of resource has no such operation") \
    E(E_ID,       -3, "no resource has this id (it may have been deleted)") \
    E(E_NAME,     -4, "no resource has this name") \
    E(E_EXISTS,   -5, "a resource of this name exists already") \
    E(E_RIGHT,    -6, "neither owned nor opened by the caller") \
    E(E_KERNEL,   -7, "only the kernel may do this") \
    E(E_POINTER,  -8, "the address is not in the caller's own memory") \
    E(E_ARGUMENT, -9, "an argument is out of range") \
    E(E_MEMORY,   -10, "out of real memory") \
    E(E_TABLE,    -11, "the management table of this kind is full") \
    E(E_ADDRESS,  -12, "the virtual addresses are not free") \
    E(E_BUSY,     -13, "the resource is in use") \
    E(E_ATTACHED, -14, "the region is attached to a space already") \
    E(E_OCC_OFF,  -15, "continuous-operation control is not enabled (occ enable)") \
    E(E_OCC_ON,   -16, "continuous-operation control is enabled already") \
    E(E_FILE,     -17, "no such file on the disk") \
    E(E_FORMAT,   -18, "the file is not an i386 ELF program that can be run") \
    E(E_DISK,     -19, "the disk does not answer or reports an error") \
    E(E_NO_DISK,  -20, "there is no disk") \
    E(E_DAMAGED,  -21, "the file system on the disk is damaged") \
    E(E_TIME,     -22, "the time ran out") \
    E(E_KILLED,   -23, "the process was killed while waiting") \
    E(E_TOO_LONG, -24, "the name or message is too long") \
    E(E_CHILD,    -25, "the process is not a child of the caller") \
    E(E_LIMIT,    -26, "a limit of the caller is reached (open resources)") \
    E(E_STORE,    -27, "this plate store cannot do that") \
    E(E_PARTITION, -28, "the disk has no ext2 file system in partition 1") \
    E(E_UNITS,    -29, "the partition for permanent units is full") \
    E(E_PLATE_DISK, -30, "the plate disk does not answer or reports an error") \
    E(E_VUNITS,   -31, "the partition for virtual units is full") \
    E(E_PLATE_DAMAGED, -32, "a page on the plate disk is damaged (a checksum does not fit)") \
    E(E_PAGING,   -33, "the disk with the virtual units does not answer or reports an error") \
    E(E_NO_VUNITS, -34, "the partition for virtual units is missing, or smaller than it was") \
    E(E_INTERRUPTED, -35, "the wait was interrupted")
// clang-format on

enum error {
#define E(name, number, sentence) name = number,
    ERROR_LIST(E)
#undef E
};

// The sentence of an error number; never NULL.
const char *error_sentence(int error);

#endif

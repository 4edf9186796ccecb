// calls.c -- the table of the system calls
#include "linux/linux.h"

// A call that nobody has written yet is NULL.
#define CALL(number, name)                                                     \
    extern linux_program sys_##name __attribute__((weak));
#include "linux/calls.def"
#undef CALL

struct entry {
    linux_program *program;
    const char *name;
};

#define CALL(number, name) [number] = {sys_##name, #name},
static const struct entry table[] = {
#include "linux/calls.def"
};
#undef CALL

linux_program *
linux_program_of(u32 number)
{
    return number < ARRAY_LEN(table) ? table[number].program : NULL;
}

const char *
linux_program_name(u32 number)
{
    const char *name = number < ARRAY_LEN(table) ? table[number].name : NULL;

    return name == NULL ? "?" : name;
}

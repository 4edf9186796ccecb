// missing.c -- stand-ins for what is not written yet
#include "linux/errno.h"
#include "linux/linux.h"

__attribute__((weak)) int
linux_populate(struct linux *l)
{
    (void)l;
    return -ENOSYS;
}

__attribute__((weak)) int
proc_make(struct linux *l, struct inode **root)
{
    (void)l;
    (void)root;
    return -ENOSYS;
}

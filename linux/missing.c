// missing.c -- stand-ins for what is not written yet
#include "linux/errno.h"
#include "linux/inode.h"

__attribute__((weak)) int
proc_make(struct linux *l, struct inode **root)
{
    (void)l;
    (void)root;
    return -ENOSYS;
}

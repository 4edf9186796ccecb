// missing.c -- stand-ins for what is not written yet
#include "linux/errno.h"
#include "linux/linux.h"

__attribute__((weak)) int
task_spawn(struct linux *l, rid owner, const char *path, const char *args,
           u32 args_bytes)
{
    (void)l;
    (void)owner;
    (void)path;
    (void)args;
    (void)args_bytes;
    return -ENOSYS;
}

__attribute__((weak)) int
proc_make(struct linux *l, struct inode **root)
{
    (void)l;
    (void)root;
    return -ENOSYS;
}

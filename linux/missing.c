// missing.c -- stand-ins for what is not written yet
#include "linux/errno.h"
#include "linux/linux.h"

__attribute__((weak)) const struct file_ops pipe_ops = {0};

__attribute__((weak)) const struct file_ops *
device_ops(u32 rdev)
{
    (void)rdev;
    return NULL;
}

__attribute__((weak)) void
file_wake(struct linux *l)
{
    (void)l;
}

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

// errno.c -- the errors of the kernel, as Linux programs know them
#include "linux/errno.h"

#include "tender/error.h"

int
errno_of(int error)
{
    switch (error) {
    case E_ID:
    case E_NAME:
    case E_FILE:
        return -ENOENT;
    case E_EXISTS:
        return -EEXIST;
    case E_RIGHT:
    case E_KERNEL:
        return -EPERM;
    case E_POINTER:
        return -EFAULT;
    case E_MEMORY:
    case E_ADDRESS:
    case E_UNITS:
    case E_VUNITS:
        return -ENOMEM;
    case E_TABLE:
    case E_LIMIT:
        return -EAGAIN;
    case E_BUSY:
        return -EBUSY;
    case E_FORMAT:
        return -ENOEXEC;
    case E_NO_DISK:
        return -ENODEV;
    case E_TIME:
        return -ETIMEDOUT;
    case E_KILLED:
    case E_INTERRUPTED:
        return -ERESTART;
    case E_TOO_LONG:
        return -ENAMETOOLONG;
    case E_CHILD:
        return -ECHILD;
    case E_DISK:
    case E_DAMAGED:
    case E_PARTITION:
    case E_PLATE_DISK:
    case E_PLATE_DAMAGED:
    case E_PAGING:
    case E_NO_VUNITS:
        return -EIO;
    default:
        return error < 0 ? -EINVAL : error;
    }
}

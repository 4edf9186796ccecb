// inode.c -- who holds an inode
#include "linux/file/inode.h"

#include "tender/assert.h"

void
inode_hold(struct inode *inode)
{
    inode->refs++;
}

void
inode_drop(struct inode *inode)
{
    if (inode == NULL)
        return;
    ASSERT(inode->refs > 0);
    if (--inode->refs == 0 && inode->ops->release != NULL)
        inode->ops->release(inode);
}

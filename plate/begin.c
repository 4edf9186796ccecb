// begin.c -- what a boot stores in the root once its outcome is decided
//
// Continue: the flag stays normal until all is ready.  A cut before it turns
// abnormal continues again, for until then only drivers have been set up anew;
// a cut after it restores the last save.
//
// Restore after a clean shutdown (nv=restore): the flag turns abnormal first,
// because the state of the shutdown is overwritten from here on.
//
// A damaged newer save cannot come back, nor can a damaged commit word: the
// commit word then names the save that was restored.  A cut before that store
// decides the same way again; a cut after it finds the restored save newest.
#include "plate/begin.h"

void
begin_restoring(void)
{
    if (root_at()->flag != FLAG_ABNORMAL)
        root_set(&root_at()->flag, FLAG_ABNORMAL);
}

void
begin_running(const struct decision *decision)
{
    struct nv_root *root = root_at();

    if (decision->mend_commit) {
        root_set(&root->commit, root_word(decision->generation));
        root_set(&root->previous, 0);
    }
    if (root->flag != FLAG_ABNORMAL)
        root_set(&root->flag, FLAG_ABNORMAL);
    root_set(&root->boots, root->boots + 1);
}

// native.c -- which native calls (int 0x81) a Linux task may make
//
// The native kernel knows no users: a save, a shutdown or the end of continuous
// operation is anybody's to ask for, and so are resources and processes of one's
// own. A Linux task with the effective user id 0 may do all that, but open only
// what it owns: rights to what others own are kept with native processes
// (resources/process_rights.c), so a name of theirs gives E_ID. Others may only
// look at the state of the system, as `occ status`, `res` or `mem` do.
#include "linux/linux.h"

int
linux_may_ask(const struct linux *l, const struct call *call)
{
    const struct task *t = task_get(l, call->caller);

    if (t == NULL || t->euid == 0)
        return 1;
    if (call->target != KIND_ID(KIND_SYSTEM) || call->op != OP_CONTROL)
        return 0;
    switch (call->arg[0]) {
    case SYSTEM_STATUS:
    case SYSTEM_LIST:
    case SYSTEM_KIND:
    case SYSTEM_UPTIME:
        return 1;
    default:
        return 0;
    }
}

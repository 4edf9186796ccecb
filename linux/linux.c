// linux.c -- the kind of Linux processes, and the ways into the personality
//
// A native process makes a task (CREATE path, args, args_len) and waits for it
// (PROCESS_WAIT) as for one of its own kind. What the rest of the kernel asks of
// a process (its virtual space, kill, end) a task answers, too.
#include "linux/linux.h"

#include "linux/errno.h"
#include "tender/text.h"
#include "tender/wait.h"

#define ARGS_MAX 2048u

// --- the operations of the kind ---

static int
error_of(int err)
{
    switch (err) {
    case -ENOMEM:
        return E_MEMORY;
    case -EAGAIN:
        return E_TABLE;
    case -ENOENT:
    case -ENOTDIR:
        return E_FILE;
    case -E2BIG:
    case -ENAMETOOLONG:
        return E_TOO_LONG;
    case -EACCES:
    case -ENOEXEC:
    case -EISDIR:
        return E_FORMAT;
    case -EFAULT:
        return E_POINTER;
    case -ETXTBSY:
        return E_BUSY;
    case -EIO:
        return E_DISK;
    default:
        return err < 0 ? E_ARGUMENT : err;
    }
}

// The path and the arguments lie in a page of the pool meanwhile.
static int
create_in(struct linux *l, struct call *call, char *page)
{
    char *args = page + NAME_MAX;
    u32 bytes = (u32)call->arg[2];
    int err = call_name(l->gate, call, call->arg[0], page);

    if (err < 0)
        return err;
    if (page[0] == 0 || bytes > ARGS_MAX)
        return E_ARGUMENT;
    if (bytes == 0) {
        text_copy(args, page, NAME_MAX);
        bytes = text_length(args) + 1;
    } else {
        err = call_in(l->gate, call, args, call->arg[1], bytes);
        if (err < 0)
            return err;
        if (args[bytes - 1] != 0)
            return E_ARGUMENT;
    }
    return error_of(task_spawn(l, call->caller, page, args, bytes,
                               (call->arg[3] & PROCESS_FOREGROUND) != 0));
}

static int
create(void *state, struct call *call)
{
    struct linux *l = state;

    if (rid_kind(call->caller) == KIND_LINUX)
        return E_RIGHT; // it has fork for that
    if ((call->arg[3] & ~(word)PROCESS_FOREGROUND) != 0)
        return E_ARGUMENT;
    page_no page = pages_new_raw(&l->pages);

    if (page == 0)
        return E_MEMORY;
    int err = create_in(l, call, pages_at(&l->pages, page));

    pages_drop(&l->pages, page);
    return err;
}

// It ends on its own way out; what it leaves has no owner then.
static int
destroy(void *state, struct call *call)
{
    struct linux *l = state;
    struct task *t = task_get(l, call->target);

    if (t->leader == t->res.id && t->state == TASK_ZOMBIE &&
        task_threads(l, t->pid) == 0) {
        task_forget(t);
        return 0;
    }
    signal_process(t, SIGKILL, NULL);
    return call->caller == RID_NONE ? E_BUSY : 0;
}

// As a shell tells it: 128 + the signal.
static int
exit_code(const struct task *t)
{
    int number = t->status & 0x7f;

    return number != 0 ? 128 + number : t->status >> 8 & 0xff;
}

static int
has_ended(const struct task *t)
{
    return t->state == TASK_ZOMBIE && task_threads(t->linux, t->pid) == 0;
}

static int
wait(struct linux *l, const struct call *call)
{
    struct task *t;

    while ((t = task_get(l, call->target)) != NULL) {
        if (t->res.owner != call->caller)
            return E_CHILD;
        if (has_ended(t)) {
            int code = exit_code(t);

            task_forget(t);
            return code;
        }
        int err = wait_on(l->gate, call->target, 0);

        if (err < 0)
            return err;
    }
    return E_ID;
}

// For the kernel: it ends now if it is the current one, else on its way out.
static int
kill(struct linux *l, struct task *t, int code)
{
    if (!task_alive(t))
        return E_ID;
    if (t == task_current(l))
        task_exit(t, code);
    task_end_process(t, code);
    return 0;
}

static int
control(void *state, struct call *call)
{
    struct linux *l = state;
    struct task *t = task_get(l, call->target);

    if (call->caller != RID_NONE && call->arg[0] >= PROCESS_VSPACE)
        return E_KERNEL;
    if (t == NULL)
        return E_ID;
    switch (call->arg[0]) {
    case PROCESS_WAIT:
        return wait(l, call);
    case PROCESS_POLL:
        if (t->res.owner != call->caller)
            return E_CHILD;
        return has_ended(t) ? exit_code(t) : E_BUSY;
    case PROCESS_VSPACE:
        return t->memory == NULL ? E_ID : (int)t->memory->vspace;
    case PROCESS_EXIT:
    case PROCESS_KILL:
        if (call->caller != RID_NONE)
            return E_KERNEL;
        return kill(l, t, (int)SIGKILL);
    default:
        return E_ARGUMENT;
    }
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    static const char *const states[] = {"", "running", "stopped", "zombie"};
    const struct task *t = (const void *)res;
    const struct task *parent = task_get(state, t->parent);

    info->detail[0] = t->pid;
    info->detail[1] = parent == NULL ? 0 : parent->pid;
    info->detail[2] = t->execution;
    info->detail[3] = t->memory == NULL ? 0 : t->memory->resident;
    text_copy(info->state, states[t->state], sizeof(info->state));
    if (t->state == TASK_RUNNING && t->waiting)
        text_copy(info->state, "waiting", sizeof(info->state));
}

// --- the beginning ---

u32
linux_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct task), TASKS_MAX);
}

void
linux_init(struct linux *l, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "linux",
                       .state = l,
                       .table = memory,
                       .program = {[OP_CREATE] = create,
                                   [OP_DELETE] = destroy,
                                   [OP_CONTROL] = control},
                       .user =
                           1u << OP_DELETE | 1u << OP_CLOSE | 1u << OP_CONTROL,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .describe = describe};

    ASSERT(bytes >= linux_bytes() && (word)memory % 16 == 0);
    l->gate = gate;
    l->table = memory;
    text_copy(l->hostname, "tender", sizeof(l->hostname));
    table_init(l->table, KIND_LINUX, sizeof(struct table), sizeof(struct task),
               TASKS_MAX);
    init_make(l);
    limits_begin(&l->init);
    pages_init(&l->pages, gate, l->vs);
    heap_init(&l->heap, &l->pages);
    tty_init(&l->tty, l);
    gate_register(gate, KIND_LINUX, &row);
}

// --- time and chance ---

void
linux_set_real(struct linux *l, u64 us)
{
    u64 now = machine_now_us();

    l->boot_real_us = us > now ? us - now : 0;
}

u64
linux_real_us(const struct linux *l)
{
    return l->boot_real_us + machine_now_us();
}

// xorshift128; the clock stirs it.
u32
linux_random(struct linux *l)
{
    u32 x = l->random[3] ^ (u32)machine_now_us();
    u32 s = l->random[0] | 1;

    x ^= x << 11;
    x ^= x >> 8;
    l->random[3] = l->random[2];
    l->random[2] = l->random[1];
    l->random[1] = s;
    x ^= s ^ s >> 19;
    l->random[0] = x;
    return x * 0x9e3779b1u;
}
